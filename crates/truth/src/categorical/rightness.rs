//! Expectation steps of models that ask only whether an answer is right.
//!
//! The likelihood of an answer y of worker w is `base` for every class but y, and `gain · base` for y. Then the
//! posterior is a product of gains, and all that a maximisation step needs is Σ q(t, y) for each (worker, answer).

use std::ops::Range;

use rayon::prelude::*;

use super::dawid_skene::kernel::Lanes;
use super::dawid_skene::with_lanes;
use super::fitted::fill_runs;
use crate::judgments::{Judgments, NO_LABEL};

/// How likely an answer (of a worker and class) is where it is wrong, and by how much more where it is right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// p(y | c = y) / p(y | c ≠ y), between 1e-12 and 1e12.
    pub(super) gain: f64,
    /// ln p(y | c ≠ y).
    pub(super) log_base: f64,
}

impl Cell {
    /// From the probability of the answer where it is right and where not.
    pub(super) fn new(right: f64, wrong: f64) -> Self {
        let wrong = wrong.max(1e-300);
        Self { gain: (right / wrong).clamp(1e-12, 1e12), log_base: wrong.ln() }
    }
}

/// What one pass over the judgments adds up to.
pub(super) struct Sums {
    /// Σ q(t, y) for each `[worker][answer]`.
    pub(super) rightness: Vec<f64>,
    /// Σ q(t, c) for each class.
    pub(super) classes: Vec<f64>,
    /// Log-likelihood of the judgments.
    pub(super) log_likelihood: f64,
}

/// The model's posteriors, task by task.
pub(super) struct Posteriors<'a> {
    pub(super) judgments: &'a Judgments,
    /// [`Judgments::gold_codes`], or empty to leave gold out.
    pub(super) gold: &'a [u16],
    pub(super) prior: &'a [f64],
    /// `[worker][answer]`.
    pub(super) cells: &'a [Cell],
}

impl Posteriors<'_> {
    /// The sums over all tasks, in an order fixed by the data.
    pub(super) fn sums(&self) -> Sums {
        with_lanes!(self.judgments.classes(), Lane => self.sums_lanes::<Lane>())
    }

    /// The posterior of every task, row-major.
    pub(super) fn all(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.judgments.tasks() * self.judgments.classes()];
        with_lanes!(self.judgments.classes(), Lane => {
            fill_runs(self.judgments, &mut values, |first, run| self.fill::<Lane>(first, run));
        });
        values
    }

    fn sums_lanes<A: Lanes>(&self) -> Sums {
        let runs = self.runs();
        let parts: Vec<Sums> = runs.into_par_iter().map(|run| self.run::<A>(run)).collect();
        let mut parts = parts.into_iter();
        let mut total = parts.next().expect("there is at least one run");
        for part in parts {
            add(&mut total.rightness, &part.rightness);
            add(&mut total.classes, &part.classes);
            total.log_likelihood += part.log_likelihood;
        }
        total
    }

    fn run<A: Lanes>(&self, tasks: Range<usize>) -> Sums {
        let classes = self.judgments.classes();
        let mut sums = Sums {
            rightness: vec![0.0; self.cells.len()],
            classes: vec![0.0; classes],
            log_likelihood: 0.0,
        };
        let mut row = A::zeros(classes);
        for task in tasks {
            sums.log_likelihood += self.write(task, &mut row);
            add(&mut sums.classes, row.as_ref());
            for (worker, answer) in self.judgments.task(task) {
                sums.rightness[worker * classes + answer] += row.as_ref()[answer];
            }
        }
        sums
    }

    /// Writes the posteriors of consecutive tasks, of which `first` is the first, into whole rows.
    pub(super) fn fill<A: Lanes>(&self, first: usize, values: &mut [f64]) {
        let classes = self.judgments.classes();
        let mut row = A::zeros(classes);
        for (index, place) in values.chunks_exact_mut(classes.max(1)).enumerate() {
            self.write(first + index, &mut row);
            place.copy_from_slice(row.as_ref());
        }
    }

    /// Writes the posterior of a task; returns the log-likelihood of its judgments.
    #[inline]
    fn write<A: Lanes>(&self, task: usize, row: &mut A) -> f64 {
        let row = row.as_mut();
        let classes = row.len();
        row.copy_from_slice(self.prior);
        let mut log_likelihood = 0.0;
        for (index, (worker, answer)) in self.judgments.task(task).enumerate() {
            let cell = self.cells[worker * classes + answer];
            row[answer] *= cell.gain;
            log_likelihood += cell.log_base;
            // Eight gains of 1e±12 and a prior are far from the limits of f64.
            if index % 8 == 7 {
                let largest = row.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
                for value in row.iter_mut() {
                    *value /= largest;
                }
                log_likelihood += largest.ln();
            }
        }
        let total = row.iter().sum::<f64>().max(f64::MIN_POSITIVE);
        for value in row.iter_mut() {
            *value /= total;
        }
        if let Some(&gold) = self.gold.get(task)
            && gold != NO_LABEL
        {
            row.fill(0.0);
            row[gold as usize] = 1.0;
        }
        log_likelihood + total.ln()
    }

    /// Runs of tasks of about equal numbers of judgments, not more than pay for their tables.
    fn runs(&self) -> Vec<Range<usize>> {
        let judged = self.judgments.len();
        let count =
            (judged / (4 * self.cells.len().max(1))).clamp(2, 32).min(judged / 20_000).max(1);
        let offsets = self.judgments.offsets();
        let start = |run: usize| {
            let target = (judged as u64 * run as u64 / count as u64) as u32;
            if run == count {
                self.judgments.tasks()
            } else {
                offsets.partition_point(|&offset| offset < target)
            }
        };
        (0..count).map(|run| start(run)..start(run + 1)).collect()
    }
}

fn add(sums: &mut [f64], values: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}
