//! KOS: message passing for two classes.

use super::common::{assemble, check_posterior, label_shares};
use super::rows::fill_rows;
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit, Progress};
use crate::judgments::Judgments;

/// Karger, Oh and Shah's message passing between tasks and workers, for exactly two classes.
///
/// With answers Aʷᵗ = ±1: xᵗ→ʷ = Σ over v ≠ w of Aᵛᵗ yᵛ→ᵗ and yʷ→ᵗ = Σ over s ≠ t of Aʷˢ xˢ→ʷ; the label is the
/// sign of Σ Aʷᵗ yʷ→ᵗ. Messages are scaled to unit mean square in each round, which changes no sign and keeps them
/// finite, and start at 1 unless `start` is given, so that the first round is the majority vote.
///
/// The method is made for workers of equal load. With sums a few busy workers drown the rest and real data come out at
/// chance, so a worker's messages are means over the other tasks. A given `start` asks for the published form, with
/// sums.
///
/// The posterior is the logistic function of the score over its mean square root, a ranking and not a probability.
///
/// Karger, Oh, Shah: Budget-Optimal Task Allocation for Reliable Crowdsourcing Systems. Operations Research 62(1),
/// 2014, <https://doi.org/10.1287/opre.2013.1235>.
#[derive(Debug, Clone, PartialEq)]
pub struct Kos {
    /// Rounds of messages.
    pub iterations: usize,
    /// First messages of the workers, one a judgment, in the order of [`Judgments`] (by task); messages are then sums.
    pub start: Option<Vec<f64>>,
}

impl Default for Kos {
    fn default() -> Self {
        Self { iterations: 10, start: None }
    }
}

impl Estimator for Kos {
    fn name(&self) -> &'static str {
        "kos"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        let found = judgments.classes();
        if found != 2 {
            return Err(Error::Classes { method: self.name(), expected: "exactly two", found });
        }
        check_posterior(judgments)?;
        let mut messages = self.messages(judgments)?;
        let signs: Vec<f64> = judgments
            .label_codes()
            .iter()
            .map(|&label| if label == 0 { 1.0 } else { -1.0 })
            .collect();
        let counts = judgments.judgments_per_worker();
        let mut worker_sums = vec![0.0; judgments.workers()];
        for _ in 0..self.iterations {
            progress.step();
            exclude_own_by_task(judgments, &signs, &mut messages);
            worker_sums.fill(0.0);
            for ((&worker, sign), message) in
                judgments.worker_codes().iter().zip(&signs).zip(&messages)
            {
                worker_sums[worker as usize] += sign * message;
            }
            for ((&worker, sign), message) in
                judgments.worker_codes().iter().zip(&signs).zip(&mut messages)
            {
                *message = worker_sums[worker as usize] - sign * *message;
            }
            if self.start.is_none() {
                for (&worker, message) in judgments.worker_codes().iter().zip(&mut messages) {
                    *message /= f64::from(counts[worker as usize].max(2) - 1);
                }
            }
            if !rescale(&mut messages) {
                break;
            }
        }
        let scores = task_sums(judgments, &signs, &messages);
        let scale = mean_square(&scores).sqrt().max(f64::MIN_POSITIVE);
        let mut values = vec![0.0; judgments.tasks() * 2];
        fill_rows(judgments, &mut values, |task, row| {
            row[0] = 1.0 / (1.0 + (-scores[task] / scale).exp());
            row[1] = 1.0 - row[0];
            0.0
        });
        let convergence =
            Convergence { iterations: self.iterations, converged: true, log_likelihood: None };
        assemble(judgments, values, label_shares(judgments), Some(worker_sums), convergence)
    }
}

impl Kos {
    fn messages(&self, judgments: &Judgments) -> Result<Vec<f64>, Error> {
        let Some(start) = &self.start else { return Ok(vec![1.0; judgments.len()]) };
        if start.len() != judgments.len() {
            let (expected, found) = (judgments.len(), start.len());
            return Err(Error::Shape { what: "start", expected, found });
        }
        for &value in start {
            check_parameter("start", value, value.is_finite(), "finite numbers")?;
        }
        Ok(start.clone())
    }
}

/// Σ sign · message of each task.
fn task_sums(judgments: &Judgments, signs: &[f64], messages: &[f64]) -> Vec<f64> {
    let sum = |range: &[u32]| {
        let range = range[0] as usize..range[1] as usize;
        signs[range.clone()]
            .iter()
            .zip(&messages[range])
            .map(|(sign, message)| sign * message)
            .sum()
    };
    judgments.offsets().windows(2).map(sum).collect()
}

/// Replaces each message by the task's sum without it.
fn exclude_own_by_task(judgments: &Judgments, signs: &[f64], messages: &mut [f64]) {
    let sums = task_sums(judgments, signs, messages);
    for (range, sum) in judgments.offsets().windows(2).zip(sums) {
        for place in range[0] as usize..range[1] as usize {
            messages[place] = sum - signs[place] * messages[place];
        }
    }
}

/// Scales to unit mean square; false if all messages died out (no task has two judgments).
fn rescale(messages: &mut [f64]) -> bool {
    let scale = mean_square(messages).sqrt();
    if scale > 0.0 {
        for message in messages {
            *message /= scale;
        }
        true
    } else {
        messages.fill(1.0);
        false
    }
}

fn mean_square(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::categorical::testing::{accuracy, judgments, simulated};

    #[test]
    fn the_truth_is_found_in_its_own_model() {
        let (data, truth) = simulated(400, 2, &[0.95, 0.9, 0.6, 0.5, 0.5, 0.5], 3);
        let fit = Kos::default().fit(&data).unwrap();
        assert!(accuracy(&fit.labels, &truth) > 0.9);
        let skills = fit.workers.skill.unwrap();
        assert!(skills[0] > skills[2] && skills[2] > skills[4].min(skills[5]));
    }

    #[test]
    fn many_rounds_stay_finite_and_other_classes_are_refused() {
        let (data, _) = simulated(50, 2, &[0.9; 20], 3);
        let fit = Kos { iterations: 5000, ..Kos::default() }.fit(&data).unwrap();
        assert!(fit.posterior.values().iter().all(|value| value.is_finite()));
        assert!(matches!(
            Kos::default().fit(&judgments(1, 1, 3, &[])),
            Err(Error::Classes { found: 3, .. })
        ));
        assert!(Kos { start: Some(vec![1.0]), ..Kos::default() }.fit(&data).is_err());
        assert_eq!(Kos::default().fit(&judgments(1, 1, 2, &[(0, 0, 1)])).unwrap().labels, [1]);
    }
}
