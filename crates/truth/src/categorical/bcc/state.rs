//! Responsibilities of the subtypes and what follows from them.

use super::Ebcc;
use crate::categorical::common::{label_shares, normalise, vote_shares};
use crate::categorical::rows::{fill_rows, fill_wide_rows, per_worker, softmax};
use crate::error::Error;
use crate::fit::{Confusions, Convergence, Fit, Posterior, WorkerModels, accuracy_from_posterior};
use crate::judgments::{ByWorker, Judgments};
use crate::rng::Rng;
use crate::special::digamma;

/// Responsibilities `[task][class][subtype]` and what follows from them.
pub(super) struct State<'a> {
    model: &'a Ebcc,
    judgments: &'a Judgments,
    by_worker: ByWorker,
    /// Class × subtype, the length of a row of responsibilities.
    width: usize,
    responsibilities: Vec<f64>,
}

impl<'a> State<'a> {
    pub(super) fn start(model: &'a Ebcc, judgments: &'a Judgments) -> Self {
        let (classes, subtypes) = (judgments.classes(), model.subtypes);
        let width = classes * subtypes;
        let shares = vote_shares(judgments, |_| 1.0, &label_shares(judgments));
        let mut rng = Rng::new(model.seed);
        let mut responsibilities = Vec::with_capacity(shares.len() * subtypes);
        for share in shares {
            let weights: Vec<f64> = (0..subtypes).map(|_| rng.gamma(1.0)).collect();
            let total: f64 = weights.iter().sum();
            responsibilities.extend(weights.iter().map(|weight| share * weight / total));
        }
        let by_worker = judgments.by_worker();
        Self { model, judgments, by_worker, width, responsibilities }
    }

    /// Dirichlet parameters `[answer][class × subtype]` of one worker.
    fn parameters(&self, worker: usize) -> Vec<f64> {
        let (classes, width) = (self.judgments.classes(), self.width);
        let base = &self.model.base;
        let mut parameters = vec![base.off_diagonal; classes * width];
        for truth in 0..classes {
            let start = truth * width + truth * self.model.subtypes;
            parameters[start..start + self.model.subtypes].fill(base.diagonal);
        }
        for (task, answer) in self.by_worker.worker(worker) {
            let row = &self.responsibilities[task * width..][..width];
            for (sum, value) in parameters[answer * width..][..width].iter_mut().zip(row) {
                *sum += value;
            }
        }
        parameters
    }

    /// E ln πʷ, `[answer][class × subtype]`.
    fn expected_log(&self, worker: usize) -> Vec<f64> {
        let mut parameters = self.parameters(worker);
        let width = self.width;
        let mut totals = vec![0.0; width];
        for row in parameters.chunks_exact(width) {
            totals.iter_mut().zip(row).for_each(|(total, value)| *total += value);
        }
        for total in &mut totals {
            *total = digamma(*total);
        }
        for row in parameters.chunks_exact_mut(width) {
            row.iter_mut().zip(&totals).for_each(|(value, total)| *value = digamma(*value) - total);
        }
        parameters
    }

    /// Expected number of tasks of each class × subtype.
    fn sizes(&self) -> Vec<f64> {
        let mut sizes = vec![0.0; self.width];
        for row in self.responsibilities.chunks_exact(self.width.max(1)) {
            sizes.iter_mut().zip(row).for_each(|(size, value)| *size += value);
        }
        sizes
    }

    /// E ln p(c) + E ln η(c, m).
    fn expected_log_sizes(&self) -> Vec<f64> {
        let sizes = self.sizes();
        let (base, subtypes) = (&self.model.base, self.model.subtypes);
        let all: f64 = sizes.iter().map(|size| size + base.class_count / subtypes as f64).sum();
        let mut logs = Vec::with_capacity(self.width);
        for class in sizes.chunks_exact(subtypes) {
            let size: f64 = class.iter().sum();
            let class_log = digamma(size + base.class_count) - digamma(all);
            let spread = digamma(size + subtypes as f64 * self.model.subtype_count);
            logs.extend(
                class
                    .iter()
                    .map(|size| class_log + digamma(size + self.model.subtype_count) - spread),
            );
        }
        logs
    }

    /// One round; returns the largest change of a class probability.
    pub(super) fn step(&mut self) -> f64 {
        if self.width == 0 {
            return 0.0;
        }
        let tables = per_worker(self.judgments.workers(), |worker| self.expected_log(worker));
        let start = self.expected_log_sizes();
        let before = self.class_probabilities();
        let (judgments, width, subtypes) = (self.judgments, self.width, self.model.subtypes);
        let mut rows = std::mem::take(&mut self.responsibilities);
        fill_wide_rows(&mut rows, width, |task, row| {
            row.copy_from_slice(&start);
            for (worker, answer) in judgments.task(task) {
                let logs = &tables[worker][answer * width..][..width];
                row.iter_mut().zip(logs).for_each(|(value, log)| *value += log);
            }
            if let Some(gold) = judgments.gold(task) {
                for (class, part) in row.chunks_exact_mut(subtypes).enumerate() {
                    if class != gold {
                        part.fill(f64::NEG_INFINITY);
                    }
                }
            }
            softmax(row);
        });
        self.responsibilities = rows;
        let after = self.class_probabilities();
        before.iter().zip(&after).map(|(old, new)| (old - new).abs()).fold(0.0, f64::max)
    }

    fn class_probabilities(&self) -> Vec<f64> {
        self.responsibilities
            .chunks_exact(self.model.subtypes)
            .map(|part| part.iter().sum())
            .collect()
    }

    /// Posterior mean of each worker's confusions, averaged over the subtypes by their size.
    fn confusions(&self) -> Confusions {
        let (classes, subtypes, width) =
            (self.judgments.classes(), self.model.subtypes, self.width);
        let sizes: Vec<f64> =
            self.sizes().iter().map(|size| size + self.model.subtype_count).collect();
        let workers = per_worker(self.judgments.workers(), |worker| {
            let parameters = self.parameters(worker);
            let mut probability = vec![0.0; classes * classes];
            let mut weight = vec![-self.model.base.diagonal; classes];
            for cell in 0..width {
                let truth = cell / subtypes;
                let total: f64 = (0..classes).map(|answer| parameters[answer * width + cell]).sum();
                let all: f64 = sizes[truth * subtypes..][..subtypes].iter().sum();
                for answer in 0..classes {
                    let mean = parameters[answer * width + cell] / total;
                    probability[truth * classes + answer] += mean * sizes[cell] / all;
                }
                weight[truth] += total;
            }
            let prior = self.model.base.off_diagonal * (classes as f64 - 1.0);
            let repeated = (subtypes - 1) as f64 * (prior + self.model.base.diagonal) + prior;
            for weight in &mut weight {
                *weight = (*weight - repeated).max(0.0);
            }
            (probability, weight)
        });
        let (mut probability, mut weight) = (Vec::new(), Vec::new());
        for (rows, weights) in workers {
            probability.extend(rows);
            weight.extend(weights);
        }
        Confusions::new(classes, probability, weight).expect("a row of classes a worker and truth")
    }

    pub(super) fn finish(self, convergence: Convergence) -> Result<Fit, Error> {
        let classes = self.judgments.classes();
        let mut values = self.class_probabilities();
        fill_rows(self.judgments, &mut values, |_, _| 0.0);
        let posterior = Posterior::new(classes, values)?;
        let mut class_prior: Vec<f64> = self
            .sizes()
            .chunks_exact(self.model.subtypes)
            .map(|part| part.iter().sum::<f64>() + self.model.base.class_count)
            .collect();
        normalise(&mut class_prior);
        let workers = WorkerModels {
            accuracy: accuracy_from_posterior(self.judgments, &posterior),
            confusions: Some(self.confusions()),
            skill: None,
        };
        let labels = posterior.labels();
        Ok(Fit { labels, posterior, class_prior, workers, task_difficulty: None, convergence })
    }
}
