//! Averages that treat all workers alike. A known value stands for its task and tells the workers' errors, no more.

use super::NumericFit;
use super::measurements::{Measurements, Standard};
use crate::error::{Error, check_parameter};
use crate::fit::Convergence;

/// The arithmetic mean of a task's judgments.
///
/// ```
/// use crowdsmith_truth::numeric::{Mean, Measurements};
///
/// let measurements = Measurements {
///     tasks: 1,
///     workers: 3,
///     task: vec![0, 0, 0],
///     worker: vec![0, 1, 2],
///     value: vec![2.0, 3.0, 7.0],
///     gold: vec![],
/// };
/// assert!((Mean.fit(&measurements)?.values[0] - 4.0).abs() < 1e-12);
/// # Ok::<(), crowdsmith_truth::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mean;

/// The median of a task's judgments; the middle of the two central ones if their number is even.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Median;

/// The mean of what is left after the smallest and largest judgments of a task are cut off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrimmedMean {
    /// Share cut off at each end, 0..½; rounded down to whole judgments.
    pub trim: f64,
}

impl Default for TrimmedMean {
    fn default() -> Self {
        Self { trim: 0.2 }
    }
}

impl Mean {
    /// Averages every task.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a value that is not finite.
    pub fn fit(&self, measurements: &Measurements) -> Result<NumericFit, Error> {
        Ok(by_task(&measurements.standard()?, mean))
    }
}

impl Median {
    /// Takes the middle of every task.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a value that is not finite.
    pub fn fit(&self, measurements: &Measurements) -> Result<NumericFit, Error> {
        Ok(by_task(&measurements.standard()?, median))
    }
}

impl TrimmedMean {
    /// Averages what is left of every task.
    ///
    /// # Errors
    /// As [`Mean::fit`], and `trim` outside 0..½.
    pub fn fit(&self, measurements: &Measurements) -> Result<NumericFit, Error> {
        check_parameter("trim", self.trim, (0.0..0.5).contains(&self.trim), "in 0..0.5")?;
        Ok(by_task(&measurements.standard()?, |values| {
            let cut = (self.trim * values.len() as f64) as usize;
            mean(&values[cut..values.len() - cut])
        }))
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Of sorted values.
pub(super) fn median(values: &[f64]) -> f64 {
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}

/// `center` gets the sorted judgments of a task, at least one.
fn by_task(standard: &Standard, center: impl Fn(&[f64]) -> f64) -> NumericFit {
    let mut values = Vec::with_capacity(standard.by_task.len());
    for judgments in &standard.by_task {
        let mut sorted = judgments.clone();
        sorted.sort_by(f64::total_cmp);
        values.push(if sorted.is_empty() { 0.0 } else { center(&sorted) });
    }
    standard.keep_gold(&mut values);
    let variance = standard.errors(&values);
    let pooled = mean_error(standard, &values);
    let error = |judgments: &Vec<f64>| (pooled / judgments.len().max(1) as f64).sqrt();
    let deviations: Vec<f64> = standard.by_task.iter().map(error).collect();
    standard.fit(&values, &deviations, None, &variance, Convergence::CLOSED_FORM)
}

/// Squared error of one judgment, corrected for the tasks' values being estimated from the same judgments.
fn mean_error(standard: &Standard, values: &[f64]) -> f64 {
    let sum: f64 = standard.rows.iter().map(|row| (row.value - values[row.task]).powi(2)).sum();
    let judged = standard.by_task.iter().filter(|judgments| !judgments.is_empty()).count();
    let freedom = standard.rows.len().saturating_sub(judged);
    // Without two judgments anywhere nothing is known but the spread of all, which is 1.
    if freedom > 0 { sum / freedom as f64 } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measurements() -> Measurements {
        Measurements {
            tasks: 3,
            workers: 5,
            task: vec![0, 0, 0, 0, 0, 1, 1],
            worker: vec![0, 1, 2, 3, 4, 0, 1],
            value: vec![1.0, 2.0, 3.0, 4.0, 100.0, 10.0, 20.0],
            gold: Vec::new(),
        }
    }

    #[test]
    fn averages_by_hand() {
        let columns = measurements();
        let mean_fit = Mean.fit(&columns).unwrap();
        assert!((mean_fit.values[0] - 22.0).abs() < 1e-9);
        assert!((mean_fit.values[1] - 15.0).abs() < 1e-9);
        assert!((mean_fit.values[2] - 20.0).abs() < 1e-9); // the mean of all judgments
        assert!((Median.fit(&columns).unwrap().values[0] - 3.0).abs() < 1e-9);
        assert!((Median.fit(&columns).unwrap().values[1] - 15.0).abs() < 1e-9);
        let trimmed = TrimmedMean { trim: 0.2 }.fit(&columns).unwrap();
        assert!((trimmed.values[0] - 3.0).abs() < 1e-9);
    }

    #[test]
    fn the_standard_error_is_the_textbook_one() {
        let columns = Measurements {
            tasks: 1,
            workers: 4,
            task: vec![0; 4],
            worker: vec![0, 1, 2, 3],
            value: vec![1.0, 2.0, 3.0, 6.0],
            gold: Vec::new(),
        };
        let fit = Mean.fit(&columns).unwrap();
        let expected = (14.0f64 / 3.0 / 4.0).sqrt();
        assert!((fit.deviations[0] - expected).abs() < 1e-9, "{fit:?}");
    }

    #[test]
    fn names_the_row_that_is_not_a_number() {
        let mut columns = measurements();
        columns.value[4] = f64::INFINITY;
        let error = Median.fit(&columns).unwrap_err();
        assert_eq!(error.to_string(), "row 4: value is inf, expected a finite number");
        assert!(TrimmedMean { trim: 0.5 }.fit(&measurements()).is_err());
    }
}
