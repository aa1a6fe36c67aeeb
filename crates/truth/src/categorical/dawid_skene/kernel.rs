//! The two loops that a fit spends its time in, over contiguous runs of tasks.
//!
//! A run of tasks is read once an iteration: the posterior of a task is the product of one row of the confusion
//! table a judgment, and is added at once to the counts of the same rows, so that no posterior is stored between
//! iterations. Products stay in the range of f64 by rescaling, so that neither a logarithm nor an exponential is
//! taken per judgment. Tables are f32 (half the memory traffic), sums are f64.

use std::ops::Range;

use rayon::prelude::*;

use super::tables::Tables;
use crate::categorical::fitted::fill_runs;
use crate::judgments::{Judgments, NO_LABEL};

/// The classes of one task: an array where the number of classes is known to the compiler, else a vector.
pub(in crate::categorical) trait Lanes:
    AsRef<[f64]> + AsMut<[f64]> + Clone + Send + Sync
{
    fn zeros(classes: usize) -> Self;
}

impl<const K: usize> Lanes for [f64; K] {
    fn zeros(_classes: usize) -> Self {
        [0.0; K]
    }
}

impl Lanes for Vec<f64> {
    fn zeros(classes: usize) -> Self {
        vec![0.0; classes]
    }
}

/// Every so many factors a product is divided by its largest entry: 16 factors of 1e-16 are far above the smallest f64.
const RESCALE_EVERY: usize = 16;

/// The posterior of tasks under given confusions, or their vote shares where there are none yet.
pub(in crate::categorical) struct Posteriors<'a, A> {
    judgments: &'a Judgments,
    gold: &'a [u16],
    prior: A,
    table: Option<&'a [f32]>,
}

impl<'a, A: Lanes> Posteriors<'a, A> {
    /// `gold` is [`Judgments::gold_codes`], or empty to leave gold out.
    pub(in crate::categorical) fn new(
        judgments: &'a Judgments,
        gold: &'a [u16],
        prior: &[f64],
        table: Option<&'a [f32]>,
    ) -> Self {
        let mut lanes = A::zeros(judgments.classes());
        lanes.as_mut().copy_from_slice(prior);
        Self { judgments, gold, prior: lanes, table }
    }

    /// Writes the posterior of a task and returns the likelihood of its judgments as (factor, exponent of e).
    #[inline]
    fn write(&self, task: usize, row: &mut A) -> (f64, f64) {
        let offsets = self.judgments.offsets();
        let range = offsets[task] as usize..offsets[task + 1] as usize;
        let likelihood = match self.table {
            Some(table) => self.product(range, table, row),
            None => self.shares(range, row),
        };
        if let Some(&gold) = self.gold.get(task)
            && gold != NO_LABEL
        {
            let row = row.as_mut();
            row.fill(0.0);
            row[gold as usize] = 1.0;
        }
        likelihood
    }

    #[inline]
    fn product(&self, range: Range<usize>, table: &[f32], row: &mut A) -> (f64, f64) {
        let workers = &self.judgments.worker_codes()[range.clone()];
        let labels = &self.judgments.label_codes()[range];
        let mut exponent = 0.0;
        let mut product = self.prior.clone();
        let classes = product.as_ref().len();
        for (index, (&worker, &label)) in workers.iter().zip(labels).enumerate() {
            let start = (worker as usize * classes + label as usize) * classes;
            let factors = &table[start..start + classes];
            for (value, &factor) in product.as_mut().iter_mut().zip(factors) {
                *value *= f64::from(factor);
            }
            if index % RESCALE_EVERY == RESCALE_EVERY - 1 {
                let largest = product.as_ref().iter().copied().fold(f64::MIN_POSITIVE, f64::max);
                product.as_mut().iter_mut().for_each(|value| *value /= largest);
                exponent += largest.ln();
            }
        }
        let total: f64 = product.as_ref().iter().sum::<f64>().max(f64::MIN_POSITIVE);
        let scale = 1.0 / total;
        for (value, product) in row.as_mut().iter_mut().zip(product.as_ref()) {
            *value = product * scale;
        }
        (total, exponent)
    }

    #[inline]
    fn shares(&self, range: Range<usize>, row: &mut A) -> (f64, f64) {
        let labels = &self.judgments.label_codes()[range];
        if labels.is_empty() {
            row.as_mut().copy_from_slice(self.prior.as_ref());
            return (1.0, 0.0);
        }
        row.as_mut().fill(0.0);
        let share = 1.0 / labels.len() as f64;
        for &label in labels {
            row.as_mut()[label as usize] += share;
        }
        (1.0, 0.0)
    }

    /// Adds the posteriors of a run of tasks to its counts.
    pub(in crate::categorical) fn add_run(
        &self,
        tasks: Range<usize>,
        counts: &mut [f64],
    ) -> RunSums {
        let classes = self.prior.as_ref().len();
        let (offsets, workers) = (self.judgments.offsets(), self.judgments.worker_codes());
        let labels = self.judgments.label_codes();
        let mut row = A::zeros(classes);
        let mut class_sums = A::zeros(classes);
        let (mut log_likelihood, mut likelihood) = (0.0, 1.0f64);
        for task in tasks {
            let (factor, exponent) = self.write(task, &mut row);
            // One logarithm for many tasks: multiply as long as the product is representable.
            let next = likelihood * factor;
            if next < 1e-290 {
                log_likelihood += likelihood.ln();
                likelihood = factor;
            } else {
                likelihood = next;
            }
            log_likelihood += exponent;
            for (sum, value) in class_sums.as_mut().iter_mut().zip(row.as_ref()) {
                *sum += value;
            }
            let range = offsets[task] as usize..offsets[task + 1] as usize;
            for (&worker, &label) in workers[range.clone()].iter().zip(&labels[range]) {
                let start = (worker as usize * classes + label as usize) * classes;
                let counts = &mut counts[start..start + classes];
                for (count, value) in counts.iter_mut().zip(row.as_ref()) {
                    *count += value;
                }
            }
        }
        RunSums {
            class_sums: class_sums.as_ref().to_vec(),
            log_likelihood: log_likelihood + likelihood.ln(),
        }
    }

    /// Writes the posteriors of consecutive tasks, of which `first` is the first, into whole rows.
    pub(in crate::categorical) fn fill(&self, first: usize, values: &mut [f64]) {
        let classes = self.prior.as_ref().len();
        let mut row = A::zeros(classes);
        for (index, place) in values.chunks_exact_mut(classes.max(1)).enumerate() {
            self.write(first + index, &mut row);
            place.copy_from_slice(row.as_ref());
        }
    }

    /// The posteriors of all tasks, row-major.
    pub(in crate::categorical) fn all(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.judgments.tasks() * self.prior.as_ref().len()];
        fill_runs(self.judgments, &mut values, |first, run| self.fill(first, run));
        values
    }
}

/// What a run of tasks adds up to beside its counts.
pub(in crate::categorical) struct RunSums {
    pub(in crate::categorical) class_sums: Vec<f64>,
    pub(in crate::categorical) log_likelihood: f64,
}

/// How the tasks are divided into runs: by the data alone, so that sums are the same on any number of threads.
///
/// Each run has its own table of counts; more runs than eight judgments a table entry would cost more in adding
/// tables up than they gain.
pub(in crate::categorical) fn runs(judgments: &Judgments) -> Vec<Range<usize>> {
    const SMALLEST: usize = 20_000;
    const MOST: usize = 32;
    let judged = judgments.len();
    let table = judgments.workers() * judgments.classes() * judgments.classes();
    let parallel = (judged / (8 * table.max(1))).clamp(2, MOST);
    let count = parallel.min(judged / SMALLEST).max(1);
    let offsets = judgments.offsets();
    let start = |run: usize| {
        let target = (judged as u64 * run as u64 / count as u64) as u32;
        offsets.partition_point(|&offset| offset < target).min(judgments.tasks())
    };
    let mut starts: Vec<usize> = (0..count).map(start).collect();
    starts.push(judgments.tasks());
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// One pass over all tasks: counts into `tables`, class sums and log-likelihood returned.
pub(in crate::categorical) fn pass<A: Lanes>(
    posteriors: &Posteriors<A>,
    runs: &[Range<usize>],
    tables: &mut Tables,
) -> RunSums {
    let parts: Vec<RunSums> = runs
        .par_iter()
        .zip(tables.runs_mut().par_iter_mut())
        .map(|(run, counts)| {
            counts.fill(0.0);
            posteriors.add_run(run.clone(), counts)
        })
        .collect();
    let class_sums = vec![0.0; posteriors.prior.as_ref().len()];
    let mut sums = RunSums { class_sums, log_likelihood: 0.0 };
    for part in parts {
        sums.log_likelihood += part.log_likelihood;
        for (sum, value) in sums.class_sums.iter_mut().zip(part.class_sums) {
            *sum += value;
        }
    }
    sums
}
