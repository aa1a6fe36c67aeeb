//! Dawid-Skene whose workers are shrunk to one accuracy of the whole crowd.
//!
//! Each row of a worker's confusion matrix starts from [`STRENGTH`] judgments of a worker who is right as often as the
//! crowd and errs evenly; the class prior is the share of votes and is not estimated, so that it cannot collapse. Where
//! judgments are few this loses least of what full confusion matrices win where they are many.
//!
//! A single judgment agrees with itself: it says nothing of how accurate the crowd is. So the crowd's accuracy comes from
//! tasks with several judgments or gold; left to itself, the iteration would call every lone judgment certain.

use crowdsmith_truth::Judgments;

use super::{FIRST_ACCURACY, softmax};

/// Judgments of the crowd added to each row.
const STRENGTH: f64 = 4.0;
/// Judgments of [`FIRST_ACCURACY`] added to those that the crowd's accuracy is estimated from.
const FIRST: f64 = 4.0;
const ITERATIONS: usize = 50;
/// Change of the log-likelihood of a judgment at which the iteration stops.
const TOLERANCE: f64 = 1e-6;
const FLOOR: f64 = 1e-6;

/// A fitted model.
pub(crate) struct Shrunk {
    /// ln of the class prior.
    pub(crate) log_prior: Vec<f64>,
    /// ln π(truth, answer), `[worker][answer][truth]`.
    pub(crate) rows: Vec<f32>,
    /// Accuracy of the crowd.
    pub(crate) accuracy: f64,
    /// Posterior of each task, row-major; gold tasks certain.
    pub(crate) posterior: Vec<f32>,
}

impl Shrunk {
    /// Fits by expectation maximisation from the shares of votes.
    pub(crate) fn fit(judgments: &Judgments) -> Self {
        let classes = judgments.classes();
        let square = classes * classes;
        let mut model = Self {
            log_prior: super::experts::shares(judgments).into_iter().map(f64::ln).collect(),
            rows: vec![0.0; judgments.workers() * square],
            accuracy: FIRST_ACCURACY,
            posterior: vec![0.0; judgments.tasks() * classes],
        };
        model.vote(judgments);
        let mut counts = vec![0.0; model.rows.len()];
        let mut last = f64::NEG_INFINITY;
        for _ in 0..ITERATIONS {
            model.accuracy = model.count(judgments, &mut counts);
            model.maximise(&counts, classes);
            let each = model.expect(judgments) / judgments.len().max(1) as f64;
            if (each - last).abs() < TOLERANCE {
                break;
            }
            last = each;
        }
        model
    }

    /// Posteriors from votes alone.
    fn vote(&mut self, judgments: &Judgments) {
        let classes = judgments.classes();
        for (task, row) in self.posterior.chunks_exact_mut(classes).enumerate() {
            if let Some(gold) = judgments.gold(task) {
                row[gold] = 1.0;
                continue;
            }
            let judged = judgments.task_len(task);
            let sure = if judged == 1 { FIRST_ACCURACY as f32 } else { 1.0 };
            row.fill((1.0 - sure) / classes as f32);
            judgments.task(task).for_each(|(_, label)| row[label] += sure / judged as f32);
        }
    }

    /// Expected counts `[worker][answer][truth]`; answers with the accuracy of the crowd.
    fn count(&self, judgments: &Judgments, counts: &mut [f64]) -> f64 {
        let classes = judgments.classes();
        let (mut right, mut total) = (FIRST * FIRST_ACCURACY, FIRST);
        counts.fill(0.0);
        for (task, row) in self.posterior.chunks_exact(classes).enumerate() {
            let telling = judgments.task_len(task) > 1 || judgments.gold(task).is_some();
            for (worker, label) in judgments.task(task) {
                let cells = &mut counts[(worker * classes + label) * classes..][..classes];
                cells.iter_mut().zip(row).for_each(|(cell, &value)| *cell += f64::from(value));
                if telling {
                    right += f64::from(row[label]);
                    total += 1.0;
                }
            }
        }
        right / total
    }

    fn maximise(&mut self, counts: &[f64], classes: usize) {
        let square = classes * classes;
        let others = classes.saturating_sub(1).max(1) as f64;
        let wrong = (1.0 - self.accuracy) / others;
        for (rows, counts) in self.rows.chunks_exact_mut(square).zip(counts.chunks_exact(square)) {
            for truth in 0..classes {
                let judged: f64 = (0..classes).map(|answer| counts[answer * classes + truth]).sum();
                for answer in 0..classes {
                    let crowd = if answer == truth { self.accuracy } else { wrong };
                    let cell = answer * classes + truth;
                    let share = (counts[cell] + STRENGTH * crowd) / (judged + STRENGTH);
                    rows[cell] = share.max(FLOOR).ln() as f32;
                }
            }
        }
    }

    /// New posteriors; answers with the log-likelihood of the judgments.
    fn expect(&mut self, judgments: &Judgments) -> f64 {
        let classes = judgments.classes();
        let mut sum = 0.0;
        let mut scores = vec![0.0; classes];
        for (task, row) in self.posterior.chunks_exact_mut(classes).enumerate() {
            if judgments.gold(task).is_some() {
                continue;
            }
            scores.copy_from_slice(&self.log_prior);
            for (worker, label) in judgments.task(task) {
                let rows = &self.rows[(worker * classes + label) * classes..][..classes];
                scores.iter_mut().zip(rows).for_each(|(score, &value)| *score += f64::from(value));
            }
            sum += softmax(&mut scores);
            row.iter_mut().zip(&scores).for_each(|(place, &value)| *place = value as f32);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crowdsmith_truth::{Columns, Duplicates};

    #[test]
    fn without_disagreement_the_prior_of_the_crowd_decides() {
        let columns = Columns {
            tasks: 2,
            workers: 2,
            classes: 2,
            task: vec![0, 0, 1, 1],
            worker: vec![0, 1, 0, 1],
            label: vec![0, 0, 1, 1],
        };
        let judgments = Judgments::new(columns, Duplicates::Refuse).unwrap();
        let model = Shrunk::fit(&judgments);
        assert!(model.accuracy > 0.8);
        assert!(model.posterior[0] > 0.9 && model.posterior[3] > 0.9);
        // One judgment a truth and four of the crowd: the row of worker 0 for truth 0.
        let expected = (1.0 + 4.0 * model.accuracy) / 5.0;
        assert!((f64::from(model.rows[0].exp()) - expected).abs() < 0.05);
    }

    #[test]
    fn gold_overrules_votes() {
        let columns = Columns {
            tasks: 1,
            workers: 1,
            classes: 2,
            task: vec![0],
            worker: vec![0],
            label: vec![0],
        };
        let judgments =
            Judgments::new(columns, Duplicates::Refuse).unwrap().with_gold(&[(0, 1)]).unwrap();
        let model = Shrunk::fit(&judgments);
        assert_eq!(model.posterior, [0.0, 1.0]);
        assert!((model.accuracy - 2.8 / 5.0).abs() < 1e-9);
    }
}
