//! Fitted models that tell the posterior of any task again, so that nobody need hold those of all tasks.

use rayon::prelude::*;

use super::dawid_skene::{kernel, with_lanes};
use super::rightness::{self, Cell};
use crate::judgments::Judgments;

/// A class prior and what an answer of a worker says about the class.
pub(crate) struct FittedModel {
    pub(crate) prior: Vec<f64>,
    answers: Answers,
}

enum Answers {
    /// Probability of each answer, `[worker][answer][truth]`.
    Confusions(Vec<f32>),
    /// `[worker][answer]`.
    Rightness(Vec<Cell>),
}

impl FittedModel {
    /// From probabilities `[worker][answer][truth]`.
    pub(super) fn of_confusions(prior: Vec<f64>, table: Vec<f32>) -> Self {
        Self { prior, answers: Answers::Confusions(table) }
    }

    /// From cells `[worker][answer]`.
    pub(super) fn of_rightness(prior: Vec<f64>, cells: Vec<Cell>) -> Self {
        Self { prior, answers: Answers::Rightness(cells) }
    }

    /// Writes the posteriors of consecutive tasks, of which `first` is the first, into whole rows.
    ///
    /// `gold` is [`Judgments::gold_codes`], or empty to leave gold out.
    pub(crate) fn fill(
        &self,
        judgments: &Judgments,
        gold: &[u16],
        first: usize,
        values: &mut [f64],
    ) {
        let prior = &self.prior;
        with_lanes!(judgments.classes(), Lane => match &self.answers {
            Answers::Confusions(table) => {
                kernel::Posteriors::<Lane>::new(judgments, gold, prior, Some(table)).fill(first, values);
            }
            Answers::Rightness(cells) => {
                rightness::Posteriors { judgments, gold, prior, cells }.fill::<Lane>(first, values);
            }
        });
    }

    /// The posterior of every task, row-major.
    pub(crate) fn all(&self, judgments: &Judgments, gold: &[u16]) -> Vec<f64> {
        let mut values = vec![0.0; judgments.tasks() * judgments.classes()];
        fill_runs(judgments, &mut values, |first, run| self.fill(judgments, gold, first, run));
        values
    }
}

/// Calls `fill(first task, rows)` for runs of consecutive tasks, in parallel.
pub(crate) fn fill_runs(
    judgments: &Judgments,
    values: &mut [f64],
    fill: impl Fn(usize, &mut [f64]) + Sync,
) {
    const ROWS: usize = 4096;
    let runs = values.par_chunks_mut(ROWS * judgments.classes().max(1)).enumerate();
    runs.for_each(|(run, values)| fill(run * ROWS, values));
}
