//! What is known about the workers of one categorical field of one batch, and what follows for a task.
//!
//! A refit ([`Models::refit`]) fits the experts of [`truth`](crowdsmith_truth::auto) to all judgments and folds them
//! into one table: the pool averages log-posteriors, so the average of the experts' log-rows serves as well as the
//! experts. A task's posterior is then one addition a judgment, and the same whether the judgments came before the
//! refit or after it.

mod calibration;
mod experts;
mod gain;
#[cfg(test)]
mod tests;

use crowdsmith_truth::{Beta, Error, Judgments, MAX_CLASSES};
use serde::{Deserialize, Serialize};

use self::calibration::Calibration;
pub(crate) use self::calibration::softmax;

/// Accuracy of the crowd before anything is known.
const FIRST_ACCURACY: f64 = 0.7;
/// Share of the probability that is spread over all classes: no answer is ever certain.
const SPREAD: f64 = 0.02;

/// Worker models, class prior, dependence and calibration; small enough to be stored with a batch.
///
/// # Example: posteriors before and after a refit
/// ```
/// use crowdsmith_quality::models::Models;
/// use crowdsmith_truth::{Columns, Duplicates, Judgments};
///
/// let models = Models::start(2);
/// assert_eq!(models.posterior(&[]), [0.5, 0.5]);
/// let judgments = Judgments::new(
///     Columns {
///         tasks: 3,
///         workers: 3,
///         classes: 2,
///         task: vec![0, 0, 0, 1, 1, 1, 2, 2, 2],
///         worker: vec![0, 1, 2, 0, 1, 2, 0, 1, 2],
///         label: vec![0, 0, 1, 1, 1, 0, 0, 0, 0],
///     },
///     Duplicates::Refuse,
/// )?;
/// let models = models.refit(&judgments, &[])?;
/// // Workers 0 and 1 always agree, so that worker 2 is worth less.
/// assert!(models.posterior(&[(0, 1)])[1] > models.posterior(&[(2, 1)])[1]);
/// # Ok::<(), crowdsmith_truth::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Models {
    classes: usize,
    /// ln of the class prior.
    log_prior: Vec<f64>,
    /// A worker without rows of their own.
    crowd: Crowd,
    /// By worker code.
    workers: Vec<Worker>,
    /// ρ: n judgments of a task are worth n/(1 + (n−1)ρ) independent ones.
    dependence: f64,
    calibration: Calibration,
}

/// How the crowd answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Crowd {
    /// ln π(truth, answer) as it counts in a posterior, `[answer][truth]`.
    rows: Vec<f32>,
    /// Probability of an answer given the truth, `[answer][truth]`.
    answers: Vec<f32>,
}

/// One worker.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Worker {
    /// ln π(truth, answer), `[answer][truth]`; empty for a worker who is like the crowd.
    rows: Vec<f32>,
    /// Expected number of right judgments.
    right: f32,
    /// Number of judgments.
    judged: f32,
}

impl Models {
    /// What is assumed before any judgment: answers equally likely, the crowd right in 7 of 10 cases.
    ///
    /// # Panics
    /// If there are no classes or more than [`MAX_CLASSES`].
    pub fn start(classes: usize) -> Self {
        assert!((1..=MAX_CLASSES).contains(&classes), "{classes} classes");
        let others = classes.saturating_sub(1).max(1) as f32;
        let accuracy = if classes == 1 { 1.0 } else { FIRST_ACCURACY as f32 };
        let mut answers = vec![(1.0 - accuracy) / others; classes * classes];
        (0..classes).for_each(|class| answers[class * classes + class] = accuracy);
        let rows = answers.iter().map(|share| share.ln()).collect();
        Self {
            classes,
            log_prior: vec![-(classes as f64).ln(); classes],
            crowd: Crowd { rows, answers },
            workers: Vec::new(),
            dependence: 0.2,
            calibration: Calibration::neutral(classes),
        }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The models that all judgments give, with `gold` as (task, label) pairs.
    ///
    /// It depends on judgments and gold alone and not on the models before, so that any server comes to the same. Time
    /// is linear in judgments × classes: a few dozen passes.
    ///
    /// # Errors
    /// Judgments of another number of classes, gold that names unknown tasks or labels, tables that would be absurdly
    /// large.
    pub fn refit(&self, judgments: &Judgments, gold: &[(u32, u16)]) -> Result<Self, Error> {
        if judgments.classes() != self.classes {
            let (expected, found) = (self.classes, judgments.classes());
            return Err(Error::Shape { what: "classes of the judgments", expected, found });
        }
        if judgments.is_empty() {
            return Ok(Self::start(self.classes));
        }
        let informed = judgments.clone().with_gold(gold)?;
        let mut models = experts::fit(&informed)?;
        if !gold.is_empty() {
            let blind = experts::fit(&judgments.clone().with_gold(&[])?)?;
            models.calibration = Calibration::from_gold(&blind, &informed);
        }
        models.count(&informed);
        Ok(models)
    }

    /// Calibrated probability of each class of a task, from its judgments as (worker, label).
    ///
    /// A worker who was not there at the last refit is like the crowd. Takes time linear in judgments × classes.
    ///
    /// # Panics
    /// If a label is not smaller than the number of classes.
    pub fn posterior(&self, judgments: &[(u32, u16)]) -> Vec<f64> {
        let mut row = self.score(judgments);
        self.calibration.apply(judgments.len(), &mut row);
        row
    }

    /// Log-score of each class: prior and judgments, tempered for the dependence between them.
    fn score(&self, judgments: &[(u32, u16)]) -> Vec<f64> {
        let mut sums = self.log_prior.clone();
        for &(worker, label) in judgments {
            let rows = self.rows(worker);
            let row = &rows[usize::from(label) * self.classes..][..self.classes];
            sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += f64::from(value));
        }
        let power = self.power(judgments.len());
        for sum in &mut sums {
            *sum *= power;
        }
        sums
    }

    fn power(&self, judged: usize) -> f64 {
        1.0 / (1.0 + judged.saturating_sub(1) as f64 * self.dependence)
    }

    fn rows(&self, worker: u32) -> &[f32] {
        match self.workers.get(worker as usize) {
            Some(known) if !known.rows.is_empty() => &known.rows,
            _ => &self.crowd.rows,
        }
    }

    /// The worth of one more judgment on a task, from 0 on: how much it is expected to raise the probability that the
    /// task's label is right.
    ///
    /// # Panics
    /// If a label is not smaller than the number of classes.
    pub fn gain(&self, judgments: &[(u32, u16)]) -> f64 {
        gain::gain(self, judgments)
    }

    /// Accuracy of a worker over all their judgments, from a uniform prior; `None` for one without judgments.
    pub fn worker_accuracy(&self, worker: u32) -> Option<Beta> {
        let known = self.workers.get(worker as usize).filter(|known| known.judged > 0.0)?;
        let (right, judged) = (f64::from(known.right), f64::from(known.judged));
        Some(Beta { alpha: 1.0 + right, beta: 1.0 + (judged - right).max(0.0) })
    }

    /// Share of all judgments that are right, in [0, 1]; what a newcomer is expected to reach.
    pub fn crowd_accuracy(&self) -> f64 {
        let sum =
            |of: fn(&Worker) -> f32| -> f64 { self.workers.iter().map(|w| f64::from(of(w))).sum() };
        (PRIOR_JUDGMENTS * FIRST_ACCURACY + sum(|worker| worker.right))
            / (PRIOR_JUDGMENTS + sum(|worker| worker.judged))
    }

    /// Counts the right judgments of every worker under the posterior of all tasks.
    fn count(&mut self, judgments: &Judgments) {
        let mut given = Vec::new();
        for task in 0..judgments.tasks() {
            given.clear();
            given.extend(judgments.task(task).map(|(worker, label)| (worker as u32, label as u16)));
            let posterior = match judgments.gold(task) {
                Some(gold) => {
                    (0..self.classes).map(|class| f64::from(u8::from(class == gold))).collect()
                }
                None => self.posterior(&given),
            };
            for &(worker, label) in &given {
                let known = &mut self.workers[worker as usize];
                known.right += posterior[usize::from(label)] as f32;
                known.judged += 1.0;
            }
        }
    }
}

/// Judgments that [`FIRST_ACCURACY`] counts as.
const PRIOR_JUDGMENTS: f64 = 4.0;
