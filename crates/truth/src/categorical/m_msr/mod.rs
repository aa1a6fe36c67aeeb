//! M-MSR: worker abilities from a robust rank-one completion of their pairwise agreement.

mod opposed;
mod pairs;
mod signs;

use self::pairs::Agreement;
use super::common::{assemble, check_posterior, label_shares};
use crate::error::{Error, check_parameter, check_size};
use crate::fit::{Convergence, Estimator, Fit, Progress};
use crate::judgments::Judgments;
use crate::rng::Rng;

/// Matrix mean-subsequence-reduced: rank-one completion of worker agreement that tolerates corrupt workers.
///
/// For two workers with common tasks C = K/(K−1) · (share of equal answers) − 1/(K−1) has the expectation sᵛsʷ, with s
/// the ability from −1/(K−1) to 1. |s| is found by alternating trimmed means of |Cᵛʷ|/|sʷ| that leave out the F
/// largest and smallest values, signs by splitting the graph of negative agreements. A vote weighs
/// ln((K−1) p/(1−p)) with p = s(K−1)/K + 1/K the probability of being right; that weight is the skill of the fit.
///
/// Takes memory and time quadratic in the workers (at most 8,192).
///
/// Ma, Olshevsky: Adversarial Crowdsourcing Through Robust Rank-One Matrix Completion. Neural Information Processing Systems, 2020,
/// <https://doi.org/10.48550/arXiv.2010.12181>.
#[derive(Debug, Clone, PartialEq)]
pub struct MMsr {
    /// Most iterations.
    pub iterations: usize,
    /// Stop when the completed matrix moves by less than this (Frobenius norm).
    pub tolerance: f64,
    /// Seed of the random start.
    pub seed: u64,
    /// Absolute abilities to start from, the same for rows and columns, in place of random ones.
    pub start: Option<Vec<f64>>,
    /// Which pairs of workers decide the signs of the abilities.
    pub signs: SignPairs,
}

/// The pairs of workers that decide who answers against the rest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SignPairs {
    /// Those with tasks in common: nothing is known about the others.
    #[default]
    Sharing,
    /// All: a pair without a common task counts as opposed, as in the authors' program (and crowd-kit). Where few
    /// workers meet this turns honest ones round.
    All,
}

impl Default for MMsr {
    fn default() -> Self {
        Self {
            iterations: 10_000,
            tolerance: 1e-10,
            seed: 0,
            start: None,
            signs: SignPairs::Sharing,
        }
    }
}

/// Most workers whose pairs are held in memory, squared.
const PAIR_LIMIT: u128 = 1 << 26;

impl Estimator for MMsr {
    fn name(&self) -> &'static str {
        "m-msr"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        check_posterior(judgments)?;
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        let (workers, classes) = (judgments.workers(), judgments.classes());
        check_size("the agreement of all pairs of workers", &[workers, workers], PAIR_LIMIT)?;
        let prior = label_shares(judgments);
        if classes < 2 || workers == 0 {
            let values = super::common::vote_shares(judgments, |_| 1.0, &prior);
            return assemble(
                judgments,
                values,
                prior,
                Some(vec![1.0; workers]),
                Convergence::CLOSED_FORM,
            );
        }
        let agreement = Agreement::new(judgments);
        let (sizes, convergence) = self.complete(&agreement, progress)?;
        let tasks = (judgments.tasks().max(2) as f64).sqrt().recip();
        let (low, high) = (-1.0 / (classes as f64 - 1.0) + tasks, 1.0 - tasks);
        let signs = match self.signs {
            SignPairs::Sharing => signs::signs(&agreement),
            SignPairs::All => opposed::signs(&agreement),
        };
        let others = classes as f64 - 1.0;
        let skills: Vec<f64> = sizes
            .iter()
            .zip(signs)
            .map(|(size, sign)| {
                let ability = (size * sign).min(high).max(low);
                let right = ability * others / classes as f64 + 1.0 / classes as f64;
                let right = right.clamp(1e-12, 1.0 - 1e-12);
                (right * others / (1.0 - right)).ln()
            })
            .collect();
        let values = weighted(judgments, &skills, &prior);
        assemble(judgments, values, prior, Some(skills), convergence)
    }
}

impl MMsr {
    /// |s| of every worker.
    fn complete(
        &self,
        agreement: &Agreement,
        progress: &Progress,
    ) -> Result<(Vec<f64>, Convergence), Error> {
        let workers = agreement.workers();
        let mut rows = self.start(workers)?;
        let mut columns = rows.clone();
        let trim = agreement.fewest_partners() / 2;
        let trim = trim.saturating_sub(1);
        let fallback = 1.0 / (agreement.tasks().max(1) as f64).sqrt();
        let mut convergence = Convergence::default();
        while convergence.iterations < self.iterations && !convergence.converged {
            let (old_rows, old_columns) = (rows.clone(), columns.clone());
            for (worker, place) in columns.iter_mut().enumerate() {
                *place = agreement.trimmed_mean(worker, &rows, *place, trim, fallback);
            }
            for (worker, place) in rows.iter_mut().enumerate() {
                *place = agreement.trimmed_mean(worker, &columns, *place, trim, fallback);
            }
            convergence.iterations += 1;
            progress.step();
            convergence.converged =
                distance(&rows, &columns, &old_rows, &old_columns) < self.tolerance;
        }
        let scale =
            (norm(&rows) / norm(&columns).max(f64::MIN_POSITIVE)).sqrt().max(f64::MIN_POSITIVE);
        Ok((rows.into_iter().map(|row| row / scale).collect(), convergence))
    }

    fn start(&self, workers: usize) -> Result<Vec<f64>, Error> {
        let Some(start) = &self.start else {
            let mut rng = Rng::new(self.seed);
            return Ok((0..workers).map(|_| 0.05 + 0.95 * rng.uniform()).collect());
        };
        if start.len() != workers {
            return Err(Error::Shape { what: "start", expected: workers, found: start.len() });
        }
        for &value in start {
            check_parameter("start", value, value.is_finite() && value > 0.0, "positive numbers")?;
        }
        Ok(start.clone())
    }
}

/// ‖u vᵀ − u′ v′ᵀ‖ without the matrices: ‖u‖²‖v‖² − 2 (u·u′)(v·v′) + ‖u′‖²‖v′‖².
fn distance(u: &[f64], v: &[f64], old_u: &[f64], old_v: &[f64]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let change_u: Vec<f64> = u.iter().zip(old_u).map(|(new, old)| new - old).collect();
    let change_v: Vec<f64> = v.iter().zip(old_v).map(|(new, old)| new - old).collect();
    // u vᵀ − u′ v′ᵀ = Δu vᵀ + u′ Δvᵀ, which keeps small differences exact.
    let square = dot(&change_u, &change_u) * dot(v, v)
        + 2.0 * dot(&change_u, old_u) * dot(v, &change_v)
        + dot(old_u, old_u) * dot(&change_v, &change_v);
    square.max(0.0).sqrt()
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// Shares of weight; weights may be negative, so shares are of the weight above the least class of the task.
fn weighted(judgments: &Judgments, skills: &[f64], prior: &[f64]) -> Vec<f64> {
    let mut values = vec![0.0; judgments.tasks() * judgments.classes()];
    super::rows::fill_rows(judgments, &mut values, |task, row| {
        for (worker, label) in judgments.task(task) {
            row[label] += skills[worker];
        }
        if judgments.task_len(task) == 0 {
            row.copy_from_slice(prior);
        }
        let least = row.iter().copied().fold(0.0, f64::min);
        for value in row.iter_mut() {
            *value -= least;
        }
        super::common::normalise(row);
        0.0
    });
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::{accuracy, judgments, simulated};

    #[test]
    fn abilities_and_an_adversary_are_found() {
        let accuracies = [0.95, 0.9, 0.85, 0.8, 0.7, 0.2];
        let (data, truth) = simulated(3000, 2, &accuracies, 7);
        let fit = MMsr::default().fit(&data).unwrap();
        assert!(fit.convergence.converged && accuracy(&fit.labels, &truth) > 0.95);
        for (skill, accuracy) in fit.workers.skill.unwrap().iter().zip(accuracies) {
            let right = 1.0 / (1.0 + (-skill).exp());
            assert!((right - accuracy).abs() < 0.03, "{right} for {accuracy}");
        }
    }

    #[test]
    fn odd_data_are_defined() {
        for data in [
            judgments(0, 0, 0, &[]),
            judgments(2, 1, 1, &[(0, 0, 0)]),
            judgments(2, 2, 2, &[(0, 0, 0), (1, 1, 1)]),
            judgments(1, 3, 3, &[(0, 0, 0), (0, 1, 0), (0, 2, 1)]),
        ] {
            let fit = MMsr::default().fit(&data).unwrap();
            assert!(fit.posterior.values().iter().all(|value| value.is_finite()));
            assert!(fit.workers.skill.unwrap().iter().all(|value| value.is_finite()));
        }
    }
}
