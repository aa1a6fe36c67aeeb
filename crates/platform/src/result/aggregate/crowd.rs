//! Who judged what, and fitting the models of `truth` to it.

use crowdsmith_truth::auto::Auto;
use crowdsmith_truth::categorical::{ClassPrior, HierarchicalDawidSkene, MajorityVote, OneCoin};
use crowdsmith_truth::ordinal::OrdinalWorkers;
use crowdsmith_truth::{Columns, Duplicates, Estimator as _, Fit, Judgments};
use indexmap::IndexSet;
use serde_json::Value;

use super::rounded;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::result::Method;

/// The task and the worker of each judgment ("row"), as codes.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    pub(super) tasks: IndexSet<Id>,
    pub(super) workers: IndexSet<Id>,
    task: Vec<u32>,
    worker: Vec<u32>,
}

impl Crowd {
    /// Adds a judgment, and says its row.
    pub(super) fn add(&mut self, task: Id, worker: Id) -> u32 {
        let task = self.task_code(task);
        self.task.push(task);
        self.worker.push(self.workers.insert_full(worker).0 as u32);
        self.task.len() as u32 - 1
    }

    pub(super) fn task_code(&mut self, task: Id) -> u32 {
        self.tasks.insert_full(task).0 as u32
    }

    pub(super) fn rows(&self) -> usize {
        self.task.len()
    }

    pub(super) fn tasks(&self) -> usize {
        self.tasks.len()
    }

    pub(super) fn workers(&self) -> usize {
        self.workers.len()
    }

    pub(super) fn task(&self, row: u32) -> u32 {
        self.task[row as usize]
    }

    pub(super) fn worker(&self, row: u32) -> u32 {
        self.worker[row as usize]
    }

    /// Answers by task, in the order in which they came.
    pub(super) fn by_task<'a, T>(&self, answers: &'a [(u32, T)]) -> Vec<Vec<&'a T>> {
        let mut groups: Vec<Vec<&T>> = (0..self.tasks()).map(|_| Vec::new()).collect();
        for (row, answer) in answers {
            groups[self.task(*row) as usize].push(answer);
        }
        groups
    }

    /// How many of these rows each task has.
    pub(super) fn counts(&self, rows: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut counts = vec![0; self.tasks()];
        for row in rows {
            counts[self.task(row) as usize] += 1;
        }
        counts
    }

    /// The codes of the workers of each task, one after the other, and where those of each task begin.
    pub(super) fn workers_by_task(&self) -> (Vec<u32>, Vec<u32>) {
        let mut offsets = vec![0_u32; self.tasks() + 1];
        for task in &self.task {
            offsets[*task as usize + 1] += 1;
        }
        for task in 1..offsets.len() {
            offsets[task] += offsets[task - 1];
        }
        let mut next = offsets.clone();
        let mut by_task = vec![0; self.task.len()];
        for (task, worker) in self.task.iter().zip(&self.worker) {
            let place = &mut next[*task as usize];
            by_task[*place as usize] = *worker;
            *place += 1;
        }
        (offsets, by_task)
    }
}

/// What the classes of a question have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    Nominal,
    /// They are in an order.
    Ordinal,
}

/// What aggregating one field rests on, beside its answers.
pub(super) struct Context<'c> {
    pub(super) crowd: &'c Crowd,
    /// Values that are right, by task.
    pub(super) known: Vec<(u32, Value)>,
    pub(super) method: Method,
    pub(super) accuracy: &'c mut AccuracySums,
}

/// With more classes than this, workers have one accuracy each instead of a confusion matrix: nobody answers often enough
/// for the square of so many numbers.
const MOST_CONFUSED: usize = 60;

impl Context<'_> {
    /// Fits a question to answers given as (row, class), with one task for each of the batch's.
    pub(super) fn fit(
        &mut self,
        classes: usize,
        scale: Scale,
        codes: impl Iterator<Item = (u32, u16)>,
        known: &[(u32, u16)],
    ) -> Result<Fit> {
        let crowd = self.crowd;
        let rows = codes.map(|(row, class)| (crowd.task(row), crowd.worker(row), class));
        self.fit_tasks(crowd.tasks(), classes, scale, rows, known)
    }

    /// The same with tasks of its own, given as (task, worker, class).
    pub(super) fn fit_tasks(
        &mut self,
        tasks: usize,
        classes: usize,
        scale: Scale,
        rows: impl Iterator<Item = (u32, u32, u16)>,
        known: &[(u32, u16)],
    ) -> Result<Fit> {
        let mut columns =
            Columns { tasks, workers: self.crowd.workers(), classes, ..Columns::default() };
        for (task, worker, label) in rows {
            columns.task.push(task);
            columns.worker.push(worker);
            columns.label.push(label);
        }
        let judgments = Judgments::new(columns, Duplicates::Refuse)
            .and_then(|judgments| judgments.with_gold(known))
            .map_err(|error| statistics(&error))?;
        let fit = match (self.method, scale) {
            (Method::MajorityVote, _) => MajorityVote::default().fit(&judgments),
            (_, Scale::Ordinal) => OrdinalWorkers::default().fit(&judgments),
            _ if classes > MOST_CONFUSED => one_coin().fit(&judgments),
            (Method::Auto, _) => Auto::default().fit(&judgments),
            (Method::DawidSkene, _) => HierarchicalDawidSkene::default().fit(&judgments),
        };
        let fit = fit.map_err(|error| statistics(&error))?;
        self.accuracy.add(&judgments, &fit);
        Ok(fit)
    }
}

fn one_coin() -> OneCoin {
    OneCoin { class_prior: ClassPrior::VoteShare, shrinkage: 4.0, ..OneCoin::default() }
}

pub(super) fn statistics(error: &crowdsmith_truth::Error) -> Error {
    Error::Internal(format!("aggregating: {error}"))
}

/// The mean accuracy of each worker over the fields, weighted by judgments.
pub(super) struct AccuracySums {
    sums: Vec<(f64, f64)>,
}

impl AccuracySums {
    pub(super) fn new(workers: usize) -> Self {
        Self { sums: vec![(0.0, 0.0); workers] }
    }

    fn add(&mut self, judgments: &Judgments, fit: &Fit) {
        let counts = judgments.judgments_per_worker();
        for ((sum, count), accuracy) in self.sums.iter_mut().zip(counts).zip(&fit.workers.accuracy)
        {
            sum.0 += accuracy.mean() * f64::from(count);
            sum.1 += f64::from(count);
        }
    }

    pub(super) fn means(self) -> Vec<Option<f64>> {
        self.sums
            .into_iter()
            .map(|(sum, count)| (count > 0.0).then(|| rounded(sum / count)))
            .collect()
    }
}
