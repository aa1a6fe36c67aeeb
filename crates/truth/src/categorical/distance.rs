//! Methods that weight workers by how far their answers are from the consensus: BWA, PM, CATD.

use super::common::{assemble, check_posterior, label_shares, vote_shares};
use super::rows::{fill_rows, per_worker};
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit, Progress, argmax};
use crate::judgments::{ByWorker, Judgments};
use crate::special::chi_squared_quantile;

/// Bayesian weighted average: answers as indicator vectors around the truth, with a precision a worker.
///
/// The answer of w to task t is a vector of zeros with a one; it is taken as normal around z(t) with precision vʷ,
/// z(t) as normal around the class shares μ with precision `class_precision`, and vʷ ~ Gamma with `shape` and a
/// mean from the crowd's error. Alternating means:
/// vʷ = (`shape` + n) / (`shape`·σ² + Σ ½‖y − z‖²), z(t) = (λμ + Σ vʷ y) / (λ + Σ vʷ).
/// The skill of the fit is vʷ. Confidences are milder than those of multiplicative models.
///
/// Li, Rubinstein, Cohn: Truth Inference at Scale: A Bayesian Model for Adjudicating Highly Redundant Crowd
/// Annotations. WWW 2019, <https://doi.org/10.1145/3308558.3313459>.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bwa {
    /// Precision λ of the class shares, positive.
    pub class_precision: f64,
    /// Shape of the Gamma prior of a worker's precision: so many judgments of the crowd's mean error, positive.
    pub shape: f64,
    /// Most iterations.
    pub iterations: usize,
    /// Stop when no entry of z moves by more than this.
    pub tolerance: f64,
}

impl Default for Bwa {
    fn default() -> Self {
        Self { class_precision: 1.0, shape: 15.0, iterations: 500, tolerance: 1e-6 }
    }
}

impl Estimator for Bwa {
    fn name(&self) -> &'static str {
        "bwa"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        check_posterior(judgments)?;
        for (name, value) in [("class_precision", self.class_precision), ("shape", self.shape)] {
            check_parameter(name, value, value.is_finite() && value > 0.0, "a positive number")?;
        }
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let by_worker = judgments.by_worker();
        let prior = label_shares(judgments);
        let mut values = vote_shares(judgments, |_| 1.0, &prior);
        let mut weights = vec![1.0; judgments.workers()];
        let mut convergence = Convergence::default();
        while convergence.iterations < self.iterations && !convergence.converged {
            let errors = per_worker(judgments.workers(), |worker| {
                squared_error(&by_worker, worker, judgments, &values)
            });
            weights = self.precisions(&errors, &judgments.judgments_per_worker());
            let before = values.clone();
            fill_rows(judgments, &mut values, |task, row| {
                let mut total = self.class_precision;
                row.iter_mut()
                    .zip(&prior)
                    .for_each(|(value, share)| *value = self.class_precision * share);
                for (worker, label) in judgments.task(task) {
                    row[label] += weights[worker];
                    total += weights[worker];
                }
                for value in row.iter_mut() {
                    *value /= total;
                }
                0.0
            });
            let moved = before.iter().zip(&values).map(|(old, new)| (old - new).abs());
            convergence.converged = moved.fold(0.0, f64::max) <= self.tolerance;
            convergence.iterations += 1;
            progress.step();
        }
        assemble(judgments, values, prior, Some(weights), convergence)
    }
}

impl Bwa {
    fn precisions(&self, errors: &[f64], counts: &[u32]) -> Vec<f64> {
        let judged: f64 = counts.iter().map(|&count| f64::from(count)).sum();
        let mean = (errors.iter().sum::<f64>() / judged.max(1.0)).max(1e-6);
        let precision = |(&error, &count): (&f64, &u32)| {
            (self.shape + f64::from(count)) / (self.shape * mean + error)
        };
        errors.iter().zip(counts).map(precision).collect()
    }
}

/// Σ ½‖y − z‖² over a worker's judgments.
fn squared_error(
    by_worker: &ByWorker,
    worker: usize,
    judgments: &Judgments,
    values: &[f64],
) -> f64 {
    let classes = judgments.classes();
    let error = |(task, label): (usize, usize)| {
        let row = &values[task * classes..][..classes];
        let squares: f64 = row.iter().map(|value| value * value).sum();
        0.5 * (squares - 2.0 * row[label] + 1.0)
    };
    by_worker.worker(worker).map(error).sum()
}

/// PM (conflict resolution on heterogeneous data): truths and worker weights minimise the weighted errors.
///
/// wʷ = −ln(eʷ / maxᵥ eᵛ) with eʷ the worker's share of answers that differ from the current truth (half a
/// judgment added to both, so that a faultless worker's weight stays finite); the truth is the class of most
/// weight. The skill of the fit is wʷ, the posterior the share of weight.
///
/// Aydin, Yilmaz, Li, Li, Gao, Demirbas: Crowdsourcing for Multiple-Choice Question Answering. AAAI 2014; Li et
/// al.: Resolving Conflicts in Heterogeneous Data. SIGMOD 2014, <https://doi.org/10.1145/2588555.2610509>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pm {
    /// Most iterations.
    pub iterations: usize,
}

impl Default for Pm {
    fn default() -> Self {
        Self { iterations: 100 }
    }
}

impl Estimator for Pm {
    fn name(&self) -> &'static str {
        "pm"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        hard_truths(judgments, self.iterations, progress, |errors, counts| {
            let shares: Vec<f64> = errors
                .iter()
                .zip(counts)
                .map(|(error, &count)| (error + 0.5) / (f64::from(count) + 1.0))
                .collect();
            let largest = shares.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
            shares.iter().map(|share| -(share / largest).ln() + 1e-6).collect()
        })
    }
}

/// CATD: worker weights are upper confidence limits of precision, so that workers with few answers count little.
///
/// wʷ = χ²(α/2, n) / eʷ with n the worker's judgments, eʷ the number that differ from the current truth (half a
/// judgment added), and χ²(p, n) the p-quantile; the truth is the class of most weight.
///
/// Li et al.: A Confidence-Aware Approach for Truth Discovery on Long-Tail Data. VLDB 2015,
/// <https://doi.org/10.14778/2735496.2735505>.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Catd {
    /// Significance level α in (0, 1).
    pub alpha: f64,
    /// Most iterations.
    pub iterations: usize,
}

impl Default for Catd {
    fn default() -> Self {
        Self { alpha: 0.05, iterations: 100 }
    }
}

impl Estimator for Catd {
    fn name(&self) -> &'static str {
        "catd"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        let open = self.alpha > 0.0 && self.alpha < 1.0;
        check_parameter("alpha", self.alpha, open, "a number between 0 and 1")?;
        let counts = judgments.judgments_per_worker();
        let quantiles = per_worker(counts.len(), |worker| {
            chi_squared_quantile(f64::from(counts[worker].max(1)), self.alpha / 2.0)
        });
        hard_truths(judgments, self.iterations, progress, |errors, _| {
            quantiles.iter().zip(errors).map(|(quantile, error)| quantile / (error + 0.5)).collect()
        })
    }
}

/// Alternates truths (most weight) and weights (from the number of differing answers) until no truth changes.
fn hard_truths(
    judgments: &Judgments,
    iterations: usize,
    progress: &Progress,
    weights: impl Fn(&[f64], &[u32]) -> Vec<f64>,
) -> Result<Fit, Error> {
    check_posterior(judgments)?;
    let (prior, by_worker) = (label_shares(judgments), judgments.by_worker());
    let counts = judgments.judgments_per_worker();
    let classes = judgments.classes().max(1);
    let mut values = vote_shares(judgments, |_| 1.0, &prior);
    let mut truths: Vec<usize> = values.chunks_exact(classes).map(argmax).collect();
    let mut skills = vec![1.0; judgments.workers()];
    let mut convergence = Convergence::default();
    while convergence.iterations < iterations && !convergence.converged {
        let errors = per_worker(judgments.workers(), |worker| {
            by_worker.worker(worker).filter(|&(task, label)| truths[task] != label).count() as f64
        });
        skills = weights(&errors, &counts);
        values = vote_shares(judgments, |worker| skills[worker], &prior);
        let next: Vec<usize> = values.chunks_exact(classes).map(argmax).collect();
        convergence.iterations += 1;
        progress.step();
        convergence.converged = next == truths;
        truths = next;
    }
    assemble(judgments, values, prior, Some(skills), convergence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::{accuracy, judgments, simulated};

    fn all() -> Vec<Box<dyn Estimator>> {
        vec![Box::new(Bwa::default()), Box::new(Pm::default()), Box::new(Catd::default())]
    }

    #[test]
    fn good_workers_get_more_weight_and_the_truth_is_found() {
        let (data, truth) = simulated(500, 4, &[0.95, 0.9, 0.6, 0.5, 0.4], 5);
        for method in all() {
            let fit = method.fit(&data).unwrap();
            let skills = fit.workers.skill.unwrap();
            assert!(skills[0] > skills[2] && skills[1] > skills[4], "{}", method.name());
            assert!(accuracy(&fit.labels, &truth) > 0.9, "{}", method.name());
            assert!(fit.convergence.converged, "{}", method.name());
        }
    }

    #[test]
    fn odd_data_are_defined() {
        for method in all() {
            for data in [
                judgments(0, 0, 0, &[]),
                judgments(2, 2, 1, &[(0, 0, 0)]),
                judgments(1, 1, 3, &[(0, 0, 2)]),
            ] {
                let fit = method.fit(&data).unwrap();
                assert!(
                    fit.posterior.values().iter().all(|value| value.is_finite()),
                    "{}",
                    method.name()
                );
            }
        }
    }
}
