//! Ratings as columns and grouped by unit.

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
        let expected = self.unit.len();
        for (column, found) in [("worker", self.worker.len()), ("value", self.value.len())] {
            if found != expected {
                return Err(Error::ColumnLength { column, expected, found });
            }
        }
        for row in 0..expected {
            let codes =
                [("unit", self.unit[row], self.units), ("worker", self.worker[row], self.workers)];
            for (column, code, count) in codes {
                if code as usize >= count {
                    let code = u64::from(code);
                    return Err(Error::OutOfRange { row, column, code, count });
                }
            }
            let value = self.value[row];
            if !value.is_finite() {
                return Err(Error::NotFinite { row, column: "value", value });
            }
        }
        Ok(())
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
