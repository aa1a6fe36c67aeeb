//! Counts of (worker, answer, truth) and the confusion probabilities made from them.
//!
//! Both are laid out `[worker][answer][truth]`: the row that a judgment needs is contiguous.

use rayon::prelude::*;

use super::KnownConfusions;
use crate::fit::Confusions;

/// Counts and probabilities below this are raised to it, so that no answer is ever impossible.
pub(in crate::categorical) const FLOOR: f64 = 1e-10;

/// Counts of each run of tasks, added up in the order of the runs.
pub(in crate::categorical) struct Tables {
    classes: usize,
    runs: Vec<Vec<f64>>,
}

impl Tables {
    pub(in crate::categorical) fn new(workers: usize, classes: usize, runs: usize) -> Self {
        let size = workers * classes * classes;
        Self { classes, runs: (0..runs).map(|_| vec![0.0; size]).collect() }
    }

    pub(in crate::categorical) fn runs_mut(&mut self) -> &mut [Vec<f64>] {
        &mut self.runs
    }

    fn block(&self) -> usize {
        let square = self.classes * self.classes;
        square * (65_536 / square.max(1)).max(1)
    }

    /// Adds the counts of all runs into the first.
    pub(in crate::categorical) fn merge(&mut self) {
        let block = self.block().max(1);
        let Some((total, rest)) = self.runs.split_first_mut() else { return };
        total.par_chunks_mut(block).enumerate().for_each(|(index, total)| {
            for run in rest.iter() {
                for (sum, count) in total.iter_mut().zip(&run[index * block..]) {
                    *sum += count;
                }
            }
        });
    }

    /// The merged counts.
    pub(in crate::categorical) fn counts(&self) -> &[f64] {
        &self.runs[0]
    }

    /// Adds known counts `[worker][truth][answer]`, or puts them in place of the counts.
    pub(in crate::categorical) fn apply(&mut self, known: &KnownConfusions) {
        let (classes, square) = (self.classes, self.classes * self.classes);
        let (KnownConfusions::Add(table) | KnownConfusions::Assign(table)) = known;
        for (worker, counts) in self.runs[0].chunks_exact_mut(square.max(1)).enumerate() {
            for truth in 0..classes {
                for answer in 0..classes {
                    let value = table[worker * square + truth * classes + answer];
                    let count = &mut counts[answer * classes + truth];
                    *count = match known {
                        KnownConfusions::Add(_) => *count + value,
                        KnownConfusions::Assign(_) => value,
                    };
                }
            }
        }
    }

    /// Turns merged counts into the probability of each answer given the truth; `pseudo[answer][truth]` is added
    /// to every worker's counts. Without pseudo-counts an answer that a worker never gave has no probability.
    pub(in crate::categorical) fn probabilities(&self, pseudo: Option<&[f64]>, table: &mut [f32]) {
        let (classes, square, block) = (self.classes, self.classes * self.classes, self.block());
        let parts = table.par_chunks_mut(block.max(1)).zip(self.counts().par_chunks(block.max(1)));
        parts.for_each(|(table, counts)| {
            let mut columns = vec![0.0; classes];
            let workers = table.chunks_exact_mut(square).zip(counts.chunks_exact(square));
            for (table, counts) in workers {
                worker_table(counts, pseudo, &mut columns, |index, value| {
                    table[index] = value as f32;
                });
            }
        });
    }

    /// The same probabilities for the answer of the fit, `[worker][truth][answer]` in f64.
    pub(in crate::categorical) fn confusions(&self, pseudo: Option<&[f64]>) -> Confusions {
        let (classes, square) = (self.classes, self.classes * self.classes);
        let mut probability = vec![0.0; self.counts().len()];
        let mut weight = vec![0.0; self.counts().len().checked_div(classes).unwrap_or(0)];
        let mut columns = vec![0.0; classes];
        let workers = probability
            .chunks_exact_mut(square.max(1))
            .zip(weight.chunks_exact_mut(classes.max(1)));
        for ((probability, weight), counts) in
            workers.zip(self.counts().chunks_exact(square.max(1)))
        {
            worker_table(counts, pseudo, &mut columns, |index, value| {
                probability[index % classes * classes + index / classes] = value;
            });
            for (index, count) in counts.iter().enumerate() {
                weight[index % classes] += count;
            }
        }
        Confusions::new(classes, probability, weight)
            .expect("one row of classes a worker and truth")
    }

    /// Σ counts · ln probability, and Σ counts of each truth.
    pub(in crate::categorical) fn expected_log(&self, table: &[f32]) -> (f64, Vec<f64>) {
        let mut truths = vec![0.0; self.classes];
        let mut sum = 0.0;
        for (index, (&count, &probability)) in self.counts().iter().zip(table).enumerate() {
            if count > 0.0 {
                sum += count * f64::from(probability).ln();
                truths[index % self.classes] += count;
            }
        }
        (sum, truths)
    }
}

/// Calls `write(index, probability)` for one worker's table; `columns` is scratch space.
fn worker_table(
    counts: &[f64],
    pseudo: Option<&[f64]>,
    columns: &mut [f64],
    mut write: impl FnMut(usize, f64),
) {
    let classes = columns.len();
    columns.fill(0.0);
    let observed =
        |answer: usize| counts[answer * classes..][..classes].iter().any(|&count| count > 0.0);
    let value = |index: usize| match pseudo {
        Some(pseudo) => counts[index] + pseudo[index],
        None => counts[index].max(FLOOR),
    };
    for answer in (0..classes).filter(|&answer| pseudo.is_some() || observed(answer)) {
        for (truth, column) in columns.iter_mut().enumerate() {
            *column += value(answer * classes + truth);
        }
    }
    let judged = columns[0] > 0.0;
    for column in columns.iter_mut() {
        *column = 1.0 / *column;
    }
    for answer in 0..classes {
        let known = pseudo.is_some() || observed(answer);
        for (truth, column) in columns.iter().enumerate() {
            let index = answer * classes + truth;
            let unknown = if judged { 0.0 } else { 1.0 / classes as f64 };
            write(index, if known { value(index) * column } else { unknown });
        }
    }
}
