//! Ordinal scales: classes in an order, where a near miss says more than a far one.

use crate::error::{Error, check_parameter, check_size};
use crate::fit::{
    Confusions, Convergence, Estimator, Fit, Posterior, Progress, WorkerModels,
    accuracy_from_posterior,
};
use crate::judgments::Judgments;

/// Workers who share the crowd's way of using the scale and differ in how far they stray.
///
/// With class codes in the order of the scale, `P_w(y | c) ∝ M(y | c) exp(-θ_w (y - c)²)`: `M` is the confusion
/// matrix of the whole crowd (so crowded or avoided points of the scale are learned from everybody) and `θ_w` one
/// number a worker, positive for one more precise than the crowd, negative for one less precise, drawn to 0 by a
/// normal prior. One parameter a worker makes it safe where labels are few; the order of the classes makes it
/// better than one coin. The class prior is the share of each class among the judgments and is not re-estimated:
/// doing so lets the likelihood collapse onto few classes.
///
/// Fitted by expectation-maximisation with Newton steps for θ, time per iteration linear in judgments × classes
/// plus workers × classes². The posterior's mean ([`expectations`]) is the estimate that minimises squared error.
///
/// Related: the ordinal minimax entropy model of Zhou, Liu, Platt & Meek 2014, "Aggregating Ordinal Labels from
/// Crowds by Minimax Conditional Entropy", ICML 2014, which also lets a task's features be (y - c)².
///
/// ```
/// use crowdsmith_truth::ordinal::{OrdinalWorkers, expectations};
/// use crowdsmith_truth::{Columns, Duplicates, Estimator, Judgments};
///
/// // One task of a scale of five: three workers say 4, one says 0.
/// let columns = Columns {
///     tasks: 1,
///     workers: 4,
///     classes: 5,
///     task: vec![0; 4],
///     worker: vec![0, 1, 2, 3],
///     label: vec![4, 4, 4, 0],
/// };
/// let fit = OrdinalWorkers::default().fit(&Judgments::new(columns, Duplicates::Refuse)?)?;
/// assert_eq!(fit.labels, [4]);
/// assert!(expectations(&fit.posterior)[0] > 3.0);
/// # Ok::<(), crowdsmith_truth::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OrdinalWorkers {
    /// Most iterations.
    pub iterations: usize,
    /// Stop when no posterior moves by more than this.
    pub tolerance: f64,
    /// Precision of the normal prior of θ around 0, in units of the scale's steps to the fourth; above 0.
    pub shrinkage: f64,
}

impl Default for OrdinalWorkers {
    fn default() -> Self {
        Self { iterations: 100, tolerance: 1e-5, shrinkage: 4.0 }
    }
}

/// The posterior mean of each task's class code.
pub fn expectations(posterior: &Posterior) -> Vec<f64> {
    let mean = |row: &[f64]| row.iter().enumerate().map(|(class, p)| class as f64 * p).sum();
    posterior.rows().map(mean).collect()
}

/// The middle class of each task: the lowest code with at least half of the probability at or below it.
pub fn medians(posterior: &Posterior) -> Vec<u16> {
    let median = |row: &[f64]| {
        let mut below = 0.0;
        let reaches_half = |p: &f64| {
            below += p;
            below >= 0.5 - 1e-12
        };
        row.iter().position(reaches_half).unwrap_or(0) as u16
    };
    posterior.rows().map(median).collect()
}

impl Estimator for OrdinalWorkers {
    fn name(&self) -> &'static str {
        "ordinal"
    }

    fn fit_watched(&self, judgments: &Judgments, progress: &Progress) -> Result<Fit, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        check_parameter("shrinkage", self.shrinkage, self.shrinkage > 0.0, "above 0")?;
        let (tasks, classes) = (judgments.tasks(), judgments.classes());
        check_size("posterior", &[tasks, classes], 1 << 31)?;
        check_size("confusions", &[judgments.workers(), classes, classes], 1 << 31)?;
        let mut state = State::start(judgments);
        let mut convergence = Convergence::default();
        while convergence.iterations < self.iterations && !convergence.converged {
            convergence.iterations += 1;
            progress.step();
            let counts = state.counts();
            state.update_workers(&counts, self.shrinkage);
            let (moved, log_likelihood) = state.update_posterior();
            convergence.log_likelihood = Some(log_likelihood);
            convergence.converged = moved <= self.tolerance;
        }
        state.finish(convergence)
    }
}

struct State<'a> {
    judgments: &'a Judgments,
    classes: usize,
    prior: Vec<f64>,
    posterior: Vec<f64>,
    theta: Vec<f64>,
    /// `P_w(y | c)` as `[worker][truth][answer]`.
    confusion: Vec<f64>,
}

impl<'a> State<'a> {
    fn start(judgments: &'a Judgments) -> Self {
        let (classes, workers) = (judgments.classes(), judgments.workers());
        let mut prior = vec![1.0; classes];
        for &label in judgments.label_codes() {
            prior[usize::from(label)] += 1.0;
        }
        normalize(&mut prior);
        let mut posterior = vec![0.0; judgments.tasks() * classes];
        for (task, row) in posterior.chunks_exact_mut(classes.max(1)).enumerate() {
            row.copy_from_slice(&prior);
            for (_, label) in judgments.task(task) {
                row[label] += 1.0;
            }
            normalize(row);
            set_gold(row, judgments.gold(task));
        }
        let confusion = vec![1.0 / classes.max(1) as f64; workers * classes * classes];
        Self { judgments, classes, prior, posterior, theta: vec![0.0; workers], confusion }
    }

    /// Expected number of answers, `[worker][truth][answer]`.
    fn counts(&self) -> Vec<f64> {
        let classes = self.classes;
        let mut counts = vec![0.0; self.confusion.len()];
        for (task, row) in self.posterior.chunks_exact(classes.max(1)).enumerate() {
            for (worker, label) in self.judgments.task(task) {
                let table = &mut counts[worker * classes * classes..][..classes * classes];
                for (truth, probability) in row.iter().enumerate() {
                    table[truth * classes + label] += probability;
                }
            }
        }
        counts
    }

    fn update_workers(&mut self, counts: &[f64], shrinkage: f64) {
        let cells = self.classes * self.classes;
        let pooled = pooled_confusion(counts, self.classes);
        let tables =
            counts.chunks_exact(cells.max(1)).zip(self.confusion.chunks_exact_mut(cells.max(1)));
        for ((counts, table), theta) in tables.zip(&mut self.theta) {
            // The objective is concave in θ; a few bounded Newton steps follow the slowly moving posterior.
            for _ in 0..4 {
                tilt(&pooled, *theta, self.classes, table);
                *theta += newton_step(counts, table, *theta, self.classes, shrinkage);
            }
            tilt(&pooled, *theta, self.classes, table);
        }
    }

    /// New posteriors from the confusions; the largest change and the log-likelihood.
    fn update_posterior(&mut self) -> (f64, f64) {
        let classes = self.classes;
        let logs: Vec<f64> = self.confusion.iter().map(|p| p.max(1e-300).ln()).collect();
        let prior: Vec<f64> = self.prior.iter().map(|p| p.ln()).collect();
        let (mut moved, mut log_likelihood) = (0.0f64, 0.0);
        let mut scores = vec![0.0; classes];
        for (task, row) in self.posterior.chunks_exact_mut(classes.max(1)).enumerate() {
            scores.copy_from_slice(&prior);
            for (worker, label) in self.judgments.task(task) {
                let table = &logs[worker * classes * classes..][..classes * classes];
                for (truth, score) in scores.iter_mut().enumerate() {
                    *score += table[truth * classes + label];
                }
            }
            let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = scores.iter().map(|score| (score - largest).exp()).sum();
            let gold = self.judgments.gold(task);
            log_likelihood += gold.map_or(largest + total.ln(), |gold| scores[gold]);
            for score in &mut scores {
                *score = (*score - largest).exp() / total;
            }
            set_gold(&mut scores, gold);
            for (old, new) in row.iter_mut().zip(&scores) {
                moved = moved.max((new - *old).abs());
                *old = *new;
            }
        }
        (moved, log_likelihood)
    }

    fn finish(self, convergence: Convergence) -> Result<Fit, Error> {
        let weight = self.counts();
        let weight = weight.chunks_exact(self.classes.max(1)).map(|row| row.iter().sum()).collect();
        let posterior = Posterior::new(self.classes, self.posterior)?;
        let workers = WorkerModels {
            accuracy: accuracy_from_posterior(self.judgments, &posterior),
            confusions: Some(Confusions::new(self.classes, self.confusion, weight)?),
            skill: Some(self.theta),
        };
        Ok(Fit {
            labels: posterior.labels(),
            posterior,
            class_prior: self.prior,
            workers,
            task_difficulty: None,
            convergence,
        })
    }
}

/// The confusion matrix of all workers together, each cell with one pseudo-answer.
fn pooled_confusion(counts: &[f64], classes: usize) -> Vec<f64> {
    let mut pooled = vec![1.0; classes * classes];
    for table in counts.chunks_exact((classes * classes).max(1)) {
        for (sum, count) in pooled.iter_mut().zip(table) {
            *sum += count;
        }
    }
    pooled.chunks_exact_mut(classes.max(1)).for_each(normalize);
    pooled
}

/// `M(y | c) exp(-θ (y - c)²)`, rows scaled to 1.
fn tilt(pooled: &[f64], theta: f64, classes: usize, table: &mut [f64]) {
    for truth in 0..classes {
        let row = &mut table[truth * classes..][..classes];
        let logs = (0..classes)
            .map(|answer| pooled[truth * classes + answer].ln() - theta * step(truth, answer));
        let largest = logs.clone().fold(f64::NEG_INFINITY, f64::max);
        for (cell, log) in row.iter_mut().zip(logs) {
            *cell = (log - largest).exp();
        }
        normalize(row);
    }
}

/// One Newton step of the penalised expected log-likelihood in θ, at most 1 long.
fn newton_step(counts: &[f64], table: &[f64], theta: f64, classes: usize, shrinkage: f64) -> f64 {
    let (mut slope, mut curve) = (-shrinkage * theta, shrinkage);
    for truth in 0..classes {
        let row = &table[truth * classes..][..classes];
        let seen = &counts[truth * classes..][..classes];
        let moment = |power: i32| -> f64 {
            row.iter().enumerate().map(|(answer, p)| p * step(truth, answer).powi(power)).sum()
        };
        let total: f64 = seen.iter().sum();
        let observed: f64 = seen.iter().enumerate().map(|(y, n)| n * step(truth, y)).sum();
        slope += total * moment(1) - observed;
        curve += total * (moment(2) - moment(1).powi(2)).max(0.0);
    }
    (slope / curve).clamp(-1.0, 1.0)
}

/// Squared distance on the scale.
fn step(truth: usize, answer: usize) -> f64 {
    (truth.abs_diff(answer) as f64).powi(2)
}

fn normalize(row: &mut [f64]) {
    let total: f64 = row.iter().sum();
    for value in row {
        *value /= total;
    }
}

fn set_gold(row: &mut [f64], gold: Option<usize>) {
    if let Some(gold) = gold {
        row.fill(0.0);
        row[gold] = 1.0;
    }
}

#[cfg(test)]
mod tests;
