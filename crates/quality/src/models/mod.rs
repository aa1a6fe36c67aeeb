//! What is known about the workers of one categorical field of one batch, and what follows for a task.
//!
//! A refit ([`Models::refit`]) fits two experts to all judgments and folds them into one table a worker: the pool
//! averages log-posteriors, so the average of the experts' log-rows serves as well as the experts. A task's posterior is
//! then one addition a judgment, and the same whether the judgments came before the refit or after it.

mod calibration;
mod experts;
mod gain;
mod shrunk;
#[cfg(test)]
mod tests;

use crowdsmith_truth::{Beta, Error, Judgments, MAX_CLASSES};
use serde::{Deserialize, Serialize};

use self::calibration::Calibration;
pub(crate) use self::calibration::softmax;
pub(crate) use self::shrunk::Shrunk;

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
    /// What a judgment of a worker without table says.
    crowd: Table,
    /// How the crowd answers: ln of probabilities that sum to 1 over the answers to a truth.
    answers: Table,
    /// By worker code.
    workers: Vec<Worker>,
    /// ρ: n judgments of a task are worth n/(1 + (n−1)ρ) independent ones.
    dependence: f64,
    calibration: Calibration,
}

/// ln π(truth, answer).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Table {
    /// As the crowd's.
    Crowd,
    /// One number where the answer is right, one where it is wrong.
    Coin { right: f32, wrong: f32 },
    /// `[answer][truth]`.
    Full(Vec<f32>),
}

impl Table {
    /// A worker who is right with some probability and else answers evenly.
    fn coin(accuracy: f64, classes: usize) -> Self {
        let others = classes.saturating_sub(1).max(1) as f64;
        let accuracy = if classes == 1 { 1.0 } else { accuracy.clamp(1e-6, 1.0 - 1e-6) };
        Self::Coin {
            right: accuracy.ln() as f32,
            wrong: ((1.0 - accuracy) / others).max(1e-6).ln() as f32,
        }
    }

    fn log(&self, answer: usize, truth: usize, classes: usize) -> f64 {
        f64::from(match self {
            Self::Crowd => 0.0,
            Self::Coin { right, wrong } => *if answer == truth { right } else { wrong },
            Self::Full(rows) => rows[answer * classes + truth],
        })
    }

    /// Adds ln π(·, answer) to a score a class.
    fn add(&self, answer: usize, scores: &mut [f64]) {
        let classes = scores.len();
        for (truth, score) in scores.iter_mut().enumerate() {
            *score += self.log(answer, truth, classes);
        }
    }
}

/// One worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Worker {
    table: Table,
    /// Expected number of right judgments.
    right: f32,
    /// Number of judgments.
    judged: f32,
}

impl Worker {
    fn new(table: Table) -> Self {
        Self { table, right: 0.0, judged: 0.0 }
    }
}

impl Models {
    /// What is assumed before any judgment: answers equally likely, the crowd right in 7 of 10 cases.
    ///
    /// # Panics
    /// If there are no classes or more than [`MAX_CLASSES`].
    pub fn start(classes: usize) -> Self {
        assert!((1..=MAX_CLASSES).contains(&classes), "{classes} classes");
        Self::of_crowd(classes, FIRST_ACCURACY)
    }

    /// No worker known, the crowd right with the given probability.
    fn of_crowd(classes: usize, accuracy: f64) -> Self {
        Self {
            classes,
            log_prior: vec![-(classes as f64).ln(); classes],
            crowd: Table::coin(accuracy, classes),
            answers: Table::coin(accuracy, classes),
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
        let mut scores = self.plain_score(judgments);
        let power = 1.0 / (1.0 + judgments.len().saturating_sub(1) as f64 * self.dependence);
        for score in &mut scores {
            *score *= power;
        }
        scores
    }

    /// Log-score of each class as if judgments did not depend on each other.
    fn plain_score(&self, judgments: &[(u32, u16)]) -> Vec<f64> {
        let mut scores = self.log_prior.clone();
        for &(worker, label) in judgments {
            let table = match self.workers.get(worker as usize) {
                Some(Worker { table: Table::Crowd, .. }) | None => &self.crowd,
                Some(known) => &known.table,
            };
            table.add(usize::from(label), &mut scores);
        }
        scores
    }

    /// Probability of the leading answer as if judgments did not depend on each other: surer than
    /// [`Models::posterior`], and rising with judgments even where the crowd errs together. It says how far a batch is,
    /// not how right it is.
    ///
    /// # Panics
    /// If a label is not smaller than the number of classes.
    pub fn progress(&self, judgments: &[(u32, u16)]) -> f64 {
        let mut row = self.plain_score(judgments);
        self.calibration.shift(&mut row);
        row.into_iter().fold(0.0, f64::max)
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
