//! Worker models in the form that an update needs.

use crate::error::{Error, check_parameter, check_size};
use crate::fit::Fit;
use crate::judgments::MAX_CLASSES;

/// Probabilities below this count as this, so that no judgment excludes a class for good.
const FLOOR: f64 = 1e-6;

/// ln π(truth, answer) of each worker and of the crowd.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Models {
    classes: usize,
    log_prior: Vec<f64>,
    /// `[worker][answer][truth]`.
    workers: Vec<f64>,
    /// Expected counts `[worker][truth][answer]` that the models rest on; empty for the first models.
    counts: Vec<f64>,
    /// `[answer][truth]`, for workers without model.
    crowd: Vec<f64>,
}

impl Models {
    /// No worker known, the crowd right with the given probability.
    pub(super) fn uniform(classes: usize, accuracy: f64) -> Result<Self, Error> {
        check_parameter(
            "accuracy",
            accuracy,
            accuracy > 0.0 && accuracy < 1.0,
            "a number between 0 and 1",
        )?;
        if classes > MAX_CLASSES {
            return Err(Error::TooManyClasses { classes, limit: MAX_CLASSES });
        }
        check_size("the crowd's confusion matrix", &[classes, classes], 1 << 26)?;
        let others = classes.saturating_sub(1).max(1) as f64;
        let wrong = ((1.0 - accuracy) / others).ln();
        let mut crowd = vec![wrong; classes * classes];
        for class in 0..classes {
            crowd[class * classes + class] = accuracy.ln();
        }
        let log_prior = vec![-(classes.max(1) as f64).ln(); classes];
        Ok(Self { classes, log_prior, workers: Vec::new(), counts: Vec::new(), crowd })
    }

    /// The models of a fit: its confusion matrices, or its accuracies spread evenly over wrong answers.
    pub(super) fn from_fit(fit: &Fit) -> Self {
        let classes = fit.class_prior.len();
        let square = classes * classes;
        let count = fit.workers.accuracy.len();
        let mut counts = vec![0.0; count * square];
        let mut workers = vec![0.0; count * square];
        let mut crowd = vec![1.0 / classes.max(1) as f64; square];
        let others = classes.saturating_sub(1).max(1) as f64;
        for worker in 0..count {
            let beta = fit.workers.accuracy[worker];
            for truth in 0..classes {
                for answer in 0..classes {
                    let (probability, weight) = match &fit.workers.confusions {
                        Some(confusions) => (
                            confusions.row(worker, truth)[answer],
                            confusions.weight(worker, truth),
                        ),
                        None if answer == truth => (beta.mean(), beta.alpha + beta.beta - 2.0),
                        None => ((1.0 - beta.mean()) / others, beta.alpha + beta.beta - 2.0),
                    };
                    workers[worker * square + answer * classes + truth] =
                        probability.max(FLOOR).ln();
                    counts[worker * square + truth * classes + answer] = probability * weight;
                    crowd[answer * classes + truth] += probability * weight;
                }
            }
        }
        for truth in 0..classes {
            let total: f64 = (0..classes).map(|answer| crowd[answer * classes + truth]).sum();
            for answer in 0..classes {
                let place = &mut crowd[answer * classes + truth];
                *place = (*place / total).max(FLOOR).ln();
            }
        }
        let log_prior = fit.class_prior.iter().map(|share| share.max(FLOOR).ln()).collect();
        Self { classes, log_prior, workers, counts, crowd }
    }

    pub(super) fn classes(&self) -> usize {
        self.classes
    }

    pub(super) fn log_prior(&self) -> &[f64] {
        &self.log_prior
    }

    /// Adds ln π(·, answer) of a worker.
    pub(super) fn add(&self, worker: u32, answer: u16, sums: &mut [f64]) {
        let square = self.classes * self.classes;
        let table = self.workers.get(worker as usize * square..).filter(|rest| !rest.is_empty());
        let start = usize::from(answer) * self.classes;
        let row = &table.unwrap_or(&self.crowd)[start..start + self.classes];
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += value;
        }
    }

    /// Expected counts for so many workers, those without model with one judgment a truth like the crowd's; `None`
    /// before the first fit.
    pub(super) fn counts(&self, workers: usize) -> Option<Vec<f64>> {
        if self.counts.is_empty() {
            return None;
        }
        let square = self.classes * self.classes;
        let mut counts = self.counts.clone();
        counts.truncate(workers * square);
        while counts.len() < workers * square {
            for truth in 0..self.classes {
                counts.extend(
                    (0..self.classes).map(|answer| self.crowd[answer * self.classes + truth].exp()),
                );
            }
        }
        Some(counts)
    }
}
