//! Posteriors that follow every judgment as it comes.
//!
//! [`Online`] keeps, for each task, the sum of its judgments' log-likelihoods under the current worker models: a
//! judgment costs one addition a class and the posterior one exponential a class. Worker models change only when they
//! are fitted anew ([`Online::refit`], from the current ones) or replaced ([`Online::adopt`]). States over different
//! judgments can be merged.

mod models;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use self::models::Models;
use crate::categorical::{ClassPrior, DawidSkene, KnownConfusions, softmax};
use crate::error::{Error, check_parameter};
use crate::fit::{Convergence, Estimator, Fit};
use crate::judgments::{Columns, Duplicates, Judgments};

/// Tasks, their judgments and their posteriors under current worker models.
///
/// # Example: two judgments
/// ```
/// use crowdsmith_truth::online::Online;
///
/// let mut online = Online::new(2, 0.8)?;
/// online.observe(7, 0, 1)?;
/// assert!((online.posterior(7)[1] - 0.8).abs() < 1e-9);
/// online.observe(7, 1, 0)?;
/// assert!((online.posterior(7)[1] - 0.5).abs() < 1e-9);
/// # Ok::<(), crowdsmith_truth::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Online {
    models: Models,
    dependence: f64,
    tasks: BTreeMap<u32, TaskState>,
    judgments: usize,
}

/// One task's judgments and Σ ln π(c, y) for each class c.
#[derive(Debug, Clone, PartialEq)]
struct TaskState {
    judgments: Vec<(u32, u16)>,
    log_likelihood: Vec<f64>,
}

impl Online {
    /// An empty state in which every worker is right with the given probability, in (0, 1).
    ///
    /// # Errors
    /// Too many classes, or an accuracy out of range.
    pub fn new(classes: usize, accuracy: f64) -> Result<Self, Error> {
        let models = Models::uniform(classes, accuracy)?;
        Ok(Self { models, dependence: 0.0, tasks: BTreeMap::new(), judgments: 0 })
    }

    /// Counts n judgments of a task as n/(1 + (n−1)ρ) with the given ρ in [0, 1]; 0 takes them as independent.
    ///
    /// # Errors
    /// A ρ out of range.
    pub fn with_dependence(mut self, rho: f64) -> Result<Self, Error> {
        check_parameter("dependence", rho, (0.0..=1.0).contains(&rho), "a number in [0, 1]")?;
        self.dependence = rho;
        Ok(self)
    }

    /// Number of judgments.
    pub fn len(&self) -> usize {
        self.judgments
    }

    /// Whether there is no judgment yet.
    pub fn is_empty(&self) -> bool {
        self.judgments == 0
    }

    /// Takes in one judgment, in time linear in the classes and the judgments of its task.
    ///
    /// Task and worker codes may be new; a worker without model is like the crowd.
    ///
    /// # Errors
    /// A label out of range, or a worker who judged the task before; the state is then unchanged. The row of the
    /// error is the number of judgments so far.
    pub fn observe(&mut self, task: u32, worker: u32, label: u16) -> Result<(), Error> {
        let (row, count) = (self.judgments, self.models.classes());
        if usize::from(label) >= count {
            return Err(Error::OutOfRange { row, column: "label", code: u64::from(label), count });
        }
        let state = self.tasks.entry(task).or_insert_with(|| TaskState::new(count));
        if state.judgments.iter().any(|&(other, _)| other == worker) {
            return Err(Error::Duplicate { row, task, worker });
        }
        state.judgments.push((worker, label));
        self.models.add(worker, label, &mut state.log_likelihood);
        self.judgments += 1;
        Ok(())
    }

    /// Probability of each class of a task; the class prior for one without judgments.
    pub fn posterior(&self, task: u32) -> Vec<f64> {
        let mut row = self.models.log_prior().to_vec();
        if let Some(state) = self.tasks.get(&task) {
            let power = 1.0 / (1.0 + (state.judgments.len() as f64 - 1.0) * self.dependence);
            for (value, likelihood) in row.iter_mut().zip(&state.log_likelihood) {
                *value += power * likelihood;
            }
        }
        softmax(&mut row);
        row
    }

    /// Takes in all judgments of another state; its worker models are left behind.
    ///
    /// # Errors
    /// Another number of classes, or a judgment that both have; this state is then unchanged.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let (expected, found) = (self.models.classes(), other.models.classes());
        if expected != found {
            return Err(Error::Shape { what: "classes of the other state", expected, found });
        }
        let mut merged = self.clone();
        for (&task, state) in &other.tasks {
            for &(worker, label) in &state.judgments {
                merged.observe(task, worker, label)?;
            }
        }
        *self = merged;
        Ok(())
    }

    /// Fits the worker models anew, starting from the current ones, with at most so many iterations.
    ///
    /// The model is Dawid-Skene shrunk to the crowd by four judgments a row, with vote shares as class prior.
    ///
    /// # Errors
    /// Tables that would be absurdly large.
    pub fn refit(&mut self, iterations: usize) -> Result<Convergence, Error> {
        let judgments = self.judgments()?;
        let known = self.models.counts(judgments.workers());
        let model = DawidSkene {
            iterations,
            class_prior: ClassPrior::VoteShare,
            shrinkage: 4.0,
            known: known.map(KnownConfusions::Assign),
            ..DawidSkene::default()
        };
        let fit = model.fit(&judgments)?;
        self.adopt(&fit)?;
        Ok(fit.convergence)
    }

    /// Takes over worker models and class prior of a fit whose worker codes are those of this state.
    ///
    /// # Errors
    /// A fit of another number of classes.
    pub fn adopt(&mut self, fit: &Fit) -> Result<(), Error> {
        let (expected, found) = (self.models.classes(), fit.class_prior.len());
        if expected != found {
            return Err(Error::Shape { what: "classes of the fit", expected, found });
        }
        self.models = Models::from_fit(fit);
        for state in self.tasks.values_mut() {
            state.log_likelihood.fill(0.0);
            for &(worker, label) in &state.judgments {
                self.models.add(worker, label, &mut state.log_likelihood);
            }
        }
        Ok(())
    }

    /// All judgments as columns, for any estimator; tasks are numbered in ascending order of their codes.
    ///
    /// # Errors
    /// More judgments than can be indexed.
    pub fn judgments(&self) -> Result<Judgments, Error> {
        let mut columns = Columns {
            tasks: self.tasks.len(),
            classes: self.models.classes(),
            ..Columns::default()
        };
        for (index, state) in self.tasks.values().enumerate() {
            for &(worker, label) in &state.judgments {
                columns.task.push(index as u32);
                columns.worker.push(worker);
                columns.label.push(label);
                columns.workers = columns.workers.max(worker as usize + 1);
            }
        }
        Judgments::new(columns, Duplicates::Refuse)
    }
}

impl TaskState {
    fn new(classes: usize) -> Self {
        Self { judgments: Vec::new(), log_likelihood: vec![0.0; classes] }
    }
}
