//! Ratings as columns and grouped by unit.

use crate::columns::check_numbers;
use crate::error::Error;

/// Ratings of units by workers; unit and worker codes are dense integers from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ratings {
    /// Number of units; codes are `0..units`.
    pub units: usize,
    /// Number of workers; codes are `0..workers`.
    pub workers: usize,
    /// Unit of each rating.
    pub unit: Vec<u32>,
    /// Worker of each rating.
    pub worker: Vec<u32>,
    /// The rating: a number, or a code where only equality matters. A missing rating is a row left out.
    pub value: Vec<f64>,
}

impl Ratings {
    /// Refuses columns of different length, codes out of range and values that are not finite.
    pub(super) fn check(&self) -> Result<(), Error> {
        let codes = [("unit", &*self.unit, self.units), ("worker", &*self.worker, self.workers)];
        check_numbers(codes, &self.value)
    }

    /// The distinct values in ascending order, and the ratings of each unit as indices into them.
    pub(super) fn coded(&self) -> (Vec<f64>, Vec<Vec<usize>>) {
        let distinct = distinct(self.value.clone());
        let mut units = vec![Vec::new(); self.units];
        for (&unit, value) in self.unit.iter().zip(&self.value) {
            let code = distinct.partition_point(|other| other < value);
            units[unit as usize].push(code);
        }
        (distinct, units)
    }
}

/// The distinct values in ascending order; 0 and -0 are one value.
pub(super) fn distinct(mut values: Vec<f64>) -> Vec<f64> {
    for value in &mut values {
        *value += 0.0;
    }
    values.sort_by(f64::total_cmp);
    values.dedup_by(|a, b| a.total_cmp(b).is_eq());
    values
}
