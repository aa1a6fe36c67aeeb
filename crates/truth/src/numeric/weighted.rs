//! Weighted means whose weights come from the workers' errors.

use super::NumericFit;
use super::average::median;
use super::measurements::{Measurements, Standard};
use crate::error::{Error, check_parameter};
use crate::fit::Convergence;
use crate::special::chi_squared_quantile;

/// Smallest mean squared error of a worker, in units of the variance of all judgments: who was never wrong so far
/// has a large weight, not an infinite one.
const SMALLEST_ERROR: f64 = 1e-8;

/// `LFC_N`: the truth is the mean weighted by each worker's precision, which is the inverse of their mean squared
/// error; both are repeated until they agree.
///
/// The maximum-likelihood fit of `y = t + ε`, `ε ~ N(0, σ_w²)`, without bias and without priors. Source: Raykar et
/// al. 2010, "Learning From Crowds", JMLR 11, section on regression.
#[derive(Debug, Clone, PartialEq)]
pub struct LfcN {
    /// Most rounds.
    pub iterations: usize,
    /// Stop when the estimates move by less than this (root mean square, in standard deviations of all judgments).
    pub tolerance: f64,
}

/// Confidence-aware truth discovery: a worker's weight is the lower end of a confidence interval of their
/// precision, `χ²(α/2, n_w) / Σ (y - t)²`, so that few judgments earn little weight.
///
/// Starts from the medians. Source: Li et al. 2014, doi:10.14778/2735496.2735505.
#[derive(Debug, Clone, PartialEq)]
pub struct Catd {
    /// Most rounds.
    pub iterations: usize,
    /// Stop when the estimates move by less than this (root mean square, in standard deviations of all judgments).
    pub tolerance: f64,
    /// Significance α of the interval, inside 0..1.
    pub significance: f64,
}

impl Default for LfcN {
    fn default() -> Self {
        Self { iterations: 100, tolerance: 1e-6 }
    }
}

impl Default for Catd {
    fn default() -> Self {
        Self { iterations: 100, tolerance: 1e-6, significance: 0.05 }
    }
}

impl LfcN {
    /// Estimates values and precisions.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a value that is not finite, a negative tolerance.
    pub fn fit(&self, measurements: &Measurements) -> Result<NumericFit, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let standard = measurements.standard()?;
        let weigh = |errors: &[f64]| errors.iter().map(|error| 1.0 / error).collect();
        Ok(iterate(&standard, self.iterations, self.tolerance, weigh))
    }
}

impl Catd {
    /// Estimates values and weights.
    ///
    /// # Errors
    /// As [`LfcN::fit`], and a significance that is not inside 0..1.
    pub fn fit(&self, measurements: &Measurements) -> Result<NumericFit, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let inside = self.significance > 0.0 && self.significance < 1.0;
        check_parameter("significance", self.significance, inside, "inside 0..1")?;
        let standard = measurements.standard()?;
        let mut counts = vec![0.0; standard.workers];
        for row in &standard.rows {
            counts[row.worker] += 1.0;
        }
        let shrunk = |count: f64| {
            let quantile = || chi_squared_quantile(count, self.significance / 2.0) / count;
            if count > 0.0 { quantile().max(1e-12) } else { 1.0 }
        };
        let shrinkage: Vec<f64> = counts.into_iter().map(shrunk).collect();
        let weigh = |errors: &[f64]| {
            shrinkage.iter().zip(errors).map(|(shrinkage, error)| shrinkage / error).collect()
        };
        Ok(iterate(&standard, self.iterations, self.tolerance, weigh))
    }
}

/// Weights from errors and values from weights, from the medians until the values stay.
fn iterate(
    standard: &Standard,
    most: usize,
    tolerance: f64,
    weigh: impl Fn(&[f64]) -> Vec<f64>,
) -> NumericFit {
    let mut values: Vec<f64> = standard.by_task.iter().map(|values| start(values)).collect();
    standard.keep_gold(&mut values);
    let mut convergence = Convergence::default();
    let mut precision = vec![0.0; values.len()];
    while convergence.iterations < most && !convergence.converged {
        convergence.iterations += 1;
        let mut errors = standard.errors(&values);
        for error in &mut errors {
            *error = error.max(SMALLEST_ERROR);
        }
        let weights = weigh(&errors);
        let mut sums = vec![0.0; values.len()];
        precision.fill(0.0);
        for row in &standard.rows {
            sums[row.task] += weights[row.worker] * row.value;
            precision[row.task] += weights[row.worker];
        }
        let mut moved = 0.0;
        let judged = sums.iter().zip(&precision).zip(&standard.gold);
        for (value, ((sum, weight), gold)) in values.iter_mut().zip(judged) {
            let next = gold.unwrap_or(if *weight > 0.0 { sum / weight } else { 0.0 });
            moved += (next - *value).powi(2) / precision.len() as f64;
            *value = next;
        }
        convergence.converged = moved.sqrt() <= tolerance;
    }
    let deviation = |weight: &f64| if *weight > 0.0 { weight.sqrt().recip() } else { 1.0 };
    let deviations: Vec<f64> = precision.iter().map(deviation).collect();
    let variance = standard.errors(&values);
    standard.fit(&values, &deviations, None, &variance, convergence)
}

fn start(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    if sorted.is_empty() { 0.0 } else { median(&sorted) }
}

#[cfg(test)]
mod tests {
    use super::super::gaussian::tests::{crowd, mean_squared_error};
    use super::super::{Mean, TrimmedMean};
    use super::*;

    #[test]
    fn weights_beat_the_plain_mean() {
        let (columns, truth) = crowd(0.0);
        let plain = mean_squared_error(&Mean.fit(&columns).unwrap().values, &truth);
        let trimmed =
            mean_squared_error(&TrimmedMean::default().fit(&columns).unwrap().values, &truth);
        for fit in [LfcN::default().fit(&columns).unwrap(), Catd::default().fit(&columns).unwrap()]
        {
            let weighted = mean_squared_error(&fit.values, &truth);
            assert!(weighted < 0.3 * plain && weighted < trimmed, "{weighted} {plain} {trimmed}");
            assert!(fit.convergence.converged);
            assert!((fit.variance[6] - 9.0).abs() < 2.0, "{:?}", fit.variance);
        }
    }

    /// Three of five workers copy each other's errors and outvote the others; enough known values turn it.
    #[test]
    fn known_values_show_who_is_wrong() {
        let mut rng = crate::rng::Rng::new(3);
        let truth: Vec<f64> = (0..100).map(|_| rng.normal()).collect();
        let mut columns = Measurements { tasks: 100, workers: 5, ..Measurements::default() };
        for (task, truth) in truth.iter().enumerate() {
            let shared = 2.0 * rng.normal();
            for worker in 0..5 {
                columns.task.push(task as u32);
                columns.worker.push(worker);
                let error = if worker < 3 { shared } else { 0.3 * rng.normal() };
                columns.value.push(truth + error);
            }
        }
        for fit in [LfcN::default().fit(&columns).unwrap(), Catd::default().fit(&columns).unwrap()]
        {
            assert!(mean_squared_error(&fit.values, &truth) > 2.0);
        }
        columns.gold = (0..70).map(|task| (task, truth[task as usize])).collect();
        for fit in [LfcN::default().fit(&columns).unwrap(), Catd::default().fit(&columns).unwrap()]
        {
            assert!((fit.values[7] - truth[7]).abs() < 1e-9);
            let rest = mean_squared_error(&fit.values[70..], &truth[70..]);
            assert!(rest < 0.2, "{rest}");
        }
        let plain = Mean.fit(&columns).unwrap();
        assert!(
            (plain.values[7] - truth[7]).abs() < 1e-9 && (plain.values[80] - truth[80]).abs() > 0.0
        );
    }

    #[test]
    fn catd_trusts_many_judgments_more_than_few() {
        // Two workers with the same errors, one with four times the judgments: the weights differ by the quantiles.
        let ratio =
            chi_squared_quantile(20.0, 0.025) / 20.0 / (chi_squared_quantile(5.0, 0.025) / 5.0);
        assert!(ratio > 2.5);
    }

    #[test]
    fn what_is_too_large_for_a_number_is_the_largest_one() {
        // Few judgments that differ by 2e307: the standard error is ten times that.
        let columns = Measurements {
            tasks: 1,
            workers: 2,
            task: vec![0, 0],
            worker: vec![0, 1],
            value: vec![-1e307, 1e307],
            gold: Vec::new(),
        };
        let fit = Catd::default().fit(&columns).unwrap();
        assert!((fit.deviations[0] / f64::MAX - 1.0).abs() < 1e-12, "{fit:?}");
    }
}
