//! What every categorical estimator answers with.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::Error;
use crate::judgments::Judgments;

/// An estimator of the true labels: hyper-parameters in, [`Fit`] out.
///
/// The same judgments and hyper-parameters give the same fit (to 1e-9) on any number of threads.
pub trait Estimator {
    /// The name under which the method is known, in lower case with dashes.
    fn name(&self) -> &'static str;

    /// Estimates the truth of every task.
    ///
    /// Data without judgments, tasks or workers gives an empty or prior-only fit, never a NaN.
    ///
    /// # Errors
    /// A hyper-parameter out of range, or a table that would be absurdly large.
    fn fit(&self, judgments: &Judgments) -> Result<Fit, Error> {
        self.fit_watched(judgments, &Progress::default())
    }

    /// The same, counting its iterations in `progress` for another thread to see.
    ///
    /// # Errors
    /// As [`Estimator::fit`].
    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error>;
}

/// How far a fit is: the iterations made so far, of all models and starts together.
#[derive(Debug, Default)]
pub struct Progress {
    iterations: AtomicUsize,
}

impl Progress {
    /// Iterations made so far; 0 throughout for a method in closed form.
    pub fn iterations(&self) -> usize {
        self.iterations.load(Ordering::Relaxed)
    }

    /// One more iteration is made.
    pub fn step(&self) {
        self.iterations.fetch_add(1, Ordering::Relaxed);
    }
}

/// Truth, worker models and how the fit went.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Probability of each class for each task. Gold tasks are certain; tasks without judgments have the prior.
    pub posterior: Posterior,
    /// The most probable class of each task; a tie goes to the lowest code (see [`Posterior::ties`]).
    /// Empty where there are no classes.
    pub labels: Vec<u16>,
    /// Probability of each class before any judgment is seen.
    pub class_prior: Vec<f64>,
    /// What is known about each worker.
    pub workers: WorkerModels,
    /// Difficulty of each task, larger is harder, for the methods that model it.
    pub task_difficulty: Option<Vec<f64>>,
    /// How the iteration ended.
    pub convergence: Convergence,
}

/// How an iteration ended.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Convergence {
    /// Iterations made; 0 for a method in closed form.
    pub iterations: usize,
    /// Whether the change fell below the tolerance before the iterations ran out.
    pub converged: bool,
    /// Log-likelihood (natural log) of all judgments under the model, or what the method maximises in its place;
    /// `None` for a method without a likelihood.
    pub log_likelihood: Option<f64>,
}

impl Convergence {
    /// The report of a method in closed form.
    pub const CLOSED_FORM: Self = Self { iterations: 0, converged: true, log_likelihood: None };
}

/// A table of class probabilities, one row a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    classes: usize,
    values: Vec<f64>,
}

impl Posterior {
    /// Takes over row-major values, `classes` a row.
    ///
    /// # Errors
    /// [`Error::Shape`] if the values do not fill whole rows.
    pub fn new(classes: usize, values: Vec<f64>) -> Result<Self, Error> {
        let rows = values.len().checked_div(classes).unwrap_or(0);
        if rows * classes == values.len() {
            Ok(Self { classes, values })
        } else {
            let expected = rows * classes;
            Err(Error::Shape { what: "posterior", expected, found: values.len() })
        }
    }

    /// Number of classes, the length of a row.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Number of rows.
    pub fn tasks(&self) -> usize {
        self.values.len().checked_div(self.classes).unwrap_or(0)
    }

    /// Class probabilities of one task; they sum to 1.
    ///
    /// # Panics
    /// If there is no such task.
    pub fn row(&self, task: usize) -> &[f64] {
        &self.values[task * self.classes..][..self.classes]
    }

    /// All rows, by ascending task.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> + '_ {
        self.values.chunks_exact(self.classes.max(1))
    }

    /// All values, row-major.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// All values, row-major, for changing in place.
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// The most probable class of each row, the lowest code among equals.
    pub fn labels(&self) -> Vec<u16> {
        self.rows().map(|row| argmax(row) as u16).collect()
    }

    /// The classes that share the highest probability of a task (to a relative 1e-9); one where there is no tie.
    pub fn ties(&self, task: usize) -> Vec<usize> {
        ties(self.row(task))
    }
}

/// The index of the largest value, the first among equals; 0 for an empty slice.
pub fn argmax(row: &[f64]) -> usize {
    let mut best = 0;
    for (index, &value) in row.iter().enumerate() {
        if value > row[best] {
            best = index;
        }
    }
    best
}

/// The indices of all values that equal the largest to a relative 1e-9.
pub fn ties(row: &[f64]) -> Vec<usize> {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (0..row.len()).filter(|&class| row[class] >= largest - largest.abs() * 1e-9).collect()
}

/// What is known about the workers after a fit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorkerModels {
    /// Probability that a judgment of the worker is right, as a Beta distribution.
    pub accuracy: Vec<Beta>,
    /// Confusion matrices, for the methods that have them.
    pub confusions: Option<Confusions>,
    /// The method's own score of each worker (skill, weight, ability, reputation), where it differs from accuracy.
    pub skill: Option<Vec<f64>>,
}

/// A Beta distribution: what is believed about a probability after `alpha - 1` successes and `beta - 1` failures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    /// Pseudo-count of successes, positive.
    pub alpha: f64,
    /// Pseudo-count of failures, positive.
    pub beta: f64,
}

impl Beta {
    /// α / (α + β).
    pub fn mean(self) -> f64 {
        self.alpha / (self.alpha + self.beta)
    }

    /// Standard deviation, √(αβ / ((α+β)²(α+β+1))).
    pub fn deviation(self) -> f64 {
        let total = self.alpha + self.beta;
        (self.alpha * self.beta / (total + 1.0)).sqrt() / total
    }
}

/// One confusion matrix a worker: the probability of each answer given the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Confusions {
    classes: usize,
    probability: Vec<f64>,
    weight: Vec<f64>,
}

impl Confusions {
    /// Takes over probabilities `[worker][truth][answer]` and how many judgments each row rests on
    /// (`[worker][truth]`, expected counts).
    ///
    /// # Errors
    /// [`Error::Shape`] if the two do not belong together.
    pub fn new(classes: usize, probability: Vec<f64>, weight: Vec<f64>) -> Result<Self, Error> {
        let expected = weight.len() * classes;
        if probability.len() == expected {
            Ok(Self { classes, probability, weight })
        } else {
            Err(Error::Shape { what: "confusions", expected, found: probability.len() })
        }
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Number of workers.
    pub fn workers(&self) -> usize {
        self.weight.len().checked_div(self.classes).unwrap_or(0)
    }

    /// Probability of each answer of a worker when the truth is `truth`; sums to 1.
    pub fn row(&self, worker: usize, truth: usize) -> &[f64] {
        &self.probability[(worker * self.classes + truth) * self.classes..][..self.classes]
    }

    /// How many judgments (expected count) the row rests on.
    pub fn weight(&self, worker: usize, truth: usize) -> f64 {
        self.weight[worker * self.classes + truth]
    }

    /// All probabilities, `[worker][truth][answer]`.
    pub fn values(&self) -> &[f64] {
        &self.probability
    }
}

/// The accuracy of each worker from the posterior: Beta(1 + expected right, 1 + expected wrong) judgments.
pub(crate) fn accuracy_from_posterior(judgments: &Judgments, posterior: &Posterior) -> Vec<Beta> {
    let mut right = vec![0.0; judgments.workers()];
    let mut total = vec![0u32; judgments.workers()];
    for (task, row) in posterior.rows().enumerate() {
        for (worker, label) in judgments.task(task) {
            right[worker] += row[label];
            total[worker] += 1;
        }
    }
    let beta = |(right, total): (f64, u32)| Beta {
        alpha: 1.0 + right,
        beta: 1.0 + (f64::from(total) - right).max(0.0),
    };
    right.into_iter().zip(total).map(beta).collect()
}
