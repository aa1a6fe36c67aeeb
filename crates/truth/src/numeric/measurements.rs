//! Numeric judgments as columns.

use super::NumericFit;
use crate::columns::{check_code, check_finite, check_numbers};
use crate::error::Error;
use crate::fit::Convergence;

/// Numeric judgments; task and worker codes are dense integers from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measurements {
    /// Number of tasks; codes are `0..tasks`.
    pub tasks: usize,
    /// Number of workers; codes are `0..workers`.
    pub workers: usize,
    /// Task of each judgment.
    pub task: Vec<u32>,
    /// Worker of each judgment.
    pub worker: Vec<u32>,
    /// The number that was answered; finite.
    pub value: Vec<f64>,
    /// Known values as (task, finite number); a later pair replaces an earlier one of the same task. The task keeps
    /// this value, and its judgments tell what is wrong with the workers.
    pub gold: Vec<(u32, f64)>,
}

/// One judgment with its codes as indices.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub task: usize,
    pub worker: usize,
    pub value: f64,
}

/// Judgments moved and scaled so that their mean is 0 and their variance 1: no sum of squares overflows, and
/// tolerances mean the same in every unit.
pub(super) struct Standard {
    pub rows: Vec<Row>,
    pub by_task: Vec<Vec<f64>>,
    pub workers: usize,
    /// The known value of each task.
    pub gold: Vec<Option<f64>>,
    mean: f64,
    scale: f64,
}

impl Measurements {
    /// Checks the columns and standardises them.
    pub(super) fn standard(&self) -> Result<Standard, Error> {
        self.check()?;
        let known = self.gold.iter().map(|(_, value)| value);
        let largest = (self.value.iter().chain(known))
            .fold(0.0f64, |largest, value| largest.max(value.abs()));
        let unit = if largest > 0.0 { largest } else { 1.0 };
        let count = self.value.len().max(1) as f64;
        let mean = self.value.iter().map(|value| value / unit).sum::<f64>() / count;
        let square: f64 = self.value.iter().map(|value| (value / unit - mean).powi(2)).sum();
        let deviation = (square / count).sqrt();
        let deviation = if deviation > 1e-12 { deviation } else { 1.0 };
        let mut rows = Vec::with_capacity(self.value.len());
        let mut by_task = vec![Vec::new(); self.tasks];
        for ((&task, &worker), &value) in self.task.iter().zip(&self.worker).zip(&self.value) {
            let (task, worker) = (task as usize, worker as usize);
            let value = (value / unit - mean) / deviation;
            rows.push(Row { task, worker, value });
            by_task[task].push(value);
        }
        let mut gold = vec![None; self.tasks];
        for &(task, value) in &self.gold {
            gold[task as usize] = Some((value / unit - mean) / deviation);
        }
        let (mean, scale) = (mean * unit, deviation * unit);
        Ok(Standard { rows, by_task, workers: self.workers, gold, mean, scale })
    }

    fn check(&self) -> Result<(), Error> {
        let codes = [("task", &*self.task, self.tasks), ("worker", &*self.worker, self.workers)];
        check_numbers(codes, &self.value)?;
        for (row, &(task, value)) in self.gold.iter().enumerate() {
            check_code(row, "gold task", task, self.tasks)?;
            check_finite(row, "gold value", value)?;
        }
        Ok(())
    }
}

impl Standard {
    /// Puts the known values in their places.
    pub(super) fn keep_gold(&self, values: &mut [f64]) {
        for (value, gold) in values.iter_mut().zip(&self.gold) {
            *value = gold.unwrap_or(*value);
        }
    }

    /// Mean squared error of each worker around the estimates, and of all together for one without judgments.
    pub(super) fn errors(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.workers];
        let mut counts = vec![0.0; self.workers];
        for row in &self.rows {
            sums[row.worker] += (row.value - values[row.task]).powi(2);
            counts[row.worker] += 1.0;
        }
        let pooled = sums.iter().sum::<f64>() / (self.rows.len().max(1) as f64);
        let mean = |(sum, count): (&f64, &f64)| if *count > 0.0 { sum / count } else { pooled };
        sums.iter().zip(&counts).map(mean).collect()
    }

    /// Back to the unit of the input; every column is given in standard units.
    pub(super) fn fit(
        &self,
        values: &[f64],
        deviations: &[f64],
        scale_and_bias: Option<(&[f64], &[f64])>,
        variance: &[f64],
        convergence: Convergence,
    ) -> NumericFit {
        let even = (vec![1.0; self.workers], vec![0.0; self.workers]);
        let (scale, bias) = scale_and_bias.unwrap_or((&even.0, &even.1));
        // What a huge scale would push beyond the largest number stands at it.
        let bounded = |value: f64| value.clamp(f64::MIN, f64::MAX);
        let scaled = |column: &[f64]| -> Vec<f64> {
            column.iter().map(|value| bounded(value * self.scale)).collect()
        };
        let square = |value: &f64| bounded(value * self.scale * self.scale);
        NumericFit {
            values: values.iter().map(|value| bounded(value * self.scale + self.mean)).collect(),
            deviations: (scaled(deviations).into_iter().zip(&self.gold))
                .map(|(deviation, gold)| if gold.is_some() { 0.0 } else { deviation })
                .collect(),
            scale: scale.to_vec(),
            bias: scaled(bias),
            variance: variance.iter().map(square).collect(),
            convergence,
        }
    }
}
