//! Fits the experts and folds them into one table a worker.

use crowdsmith_truth::categorical::{ClassPrior, HierarchicalDawidSkene, OneCoin, Rows};
use crowdsmith_truth::{Confusions, Error, Estimator as _, Fit, Judgments};

use super::calibration::Calibration;
use super::{Crowd, Models, Worker};

/// Variance of what tasks add to the logit of an answer being right, as `truth::auto` has it.
const TASK_VARIANCE: f64 = 0.25;
/// Variance of the workers' accuracies in logits where no expert measures it.
const UNKNOWN_VARIANCE: f64 = 0.5;
/// Numbers in the workers' tables beyond which only the one-coin expert is fitted.
const TABLE: usize = 1 << 24;
const SHRINKAGE: f64 = 4.0;
const ITERATIONS: usize = 40;
const TOLERANCE: f64 = 1e-5;

/// Probabilities below this count as this, so that no judgment excludes a class for good.
const FLOOR: f64 = 1e-6;

/// Fits all experts to judgments and their gold.
pub(super) fn fit(judgments: &Judgments) -> Result<Models, Error> {
    let classes = judgments.classes();
    let shares = shares(judgments);
    let roots: Vec<f64> = normalised(shares.iter().map(|share| share.sqrt()));
    let mut pool = Pool::new(judgments);
    let small = judgments.workers().saturating_mul(classes * classes) <= TABLE;
    if small {
        let hierarchical = |class_prior, rows| {
            HierarchicalDawidSkene {
                iterations: ITERATIONS,
                tolerance: TOLERANCE,
                class_prior,
                rows,
            }
            .fit(judgments)
        };
        let first = hierarchical(ClassPrior::VoteShare, Rows::Own)?;
        pool.variance = variance(&first, judgments);
        pool.add(&first, 1.0);
        pool.add(&hierarchical(ClassPrior::Fixed(roots.clone()), Rows::Own)?, 1.0);
        pool.add(&hierarchical(ClassPrior::Fixed(roots), Rows::Shared)?, 1.0);
    }
    let uniform = ClassPrior::Fixed(vec![1.0 / classes as f64; classes]);
    let one_coin = OneCoin {
        iterations: ITERATIONS,
        tolerance: TOLERANCE,
        class_prior: uniform,
        shrinkage: SHRINKAGE,
        ..OneCoin::default()
    };
    pool.add(&one_coin.fit(judgments)?, 1.0);
    Ok(pool.models())
}

/// Share of each class among all judgments, one pseudo-judgment spread over the classes.
fn shares(judgments: &Judgments) -> Vec<f64> {
    let classes = judgments.classes();
    let mut counts = vec![1.0 / classes as f64; classes];
    judgments.label_codes().iter().for_each(|&label| counts[usize::from(label)] += 1.0);
    normalised(counts.into_iter())
}

fn normalised(values: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let total: f64 = values.clone().sum();
    values.map(|value| value / total).collect()
}

/// Weighted sums of the experts' log-rows.
struct Pool {
    classes: usize,
    log_prior: Vec<f64>,
    /// `[worker][answer][truth]`.
    rows: Vec<f64>,
    /// `[answer][truth]`.
    crowd: Vec<f64>,
    /// Probabilities, `[answer][truth]`.
    answers: Vec<f64>,
    weight: f64,
    variance: f64,
    judged: Vec<u32>,
}

impl Pool {
    fn new(judgments: &Judgments) -> Self {
        let classes = judgments.classes();
        let square = classes * classes;
        Self {
            classes,
            log_prior: vec![0.0; classes],
            rows: vec![0.0; judgments.workers() * square],
            crowd: vec![0.0; square],
            answers: vec![0.0; square],
            weight: 0.0,
            variance: UNKNOWN_VARIANCE,
            judged: judgments.judgments_per_worker(),
        }
    }

    fn add(&mut self, fit: &Fit, weight: f64) {
        let (classes, square) = (self.classes, self.classes * self.classes);
        for (sum, share) in self.log_prior.iter_mut().zip(&fit.class_prior) {
            *sum += weight * share.max(FLOOR).ln();
        }
        let mut crowd = vec![1e-3 / classes as f64; square];
        for (worker, rows) in self.rows.chunks_exact_mut(square).enumerate() {
            let judged = f64::from(self.judged[worker]);
            for truth in 0..classes {
                for answer in 0..classes {
                    let (probability, count) = cell(fit, worker, truth, answer, judged);
                    rows[answer * classes + truth] += weight * probability.max(FLOOR).ln();
                    crowd[answer * classes + truth] += count * probability;
                }
            }
        }
        for truth in 0..classes {
            let total: f64 = (0..classes).map(|answer| crowd[answer * classes + truth]).sum();
            for answer in 0..classes {
                let share = crowd[answer * classes + truth] / total;
                self.crowd[answer * classes + truth] += weight * share.max(FLOOR).ln();
                self.answers[answer * classes + truth] += weight * share;
            }
        }
        self.weight += weight;
    }

    fn models(self) -> Models {
        let square = self.classes * self.classes;
        let scaled = |values: &[f64]| -> Vec<f32> {
            values.iter().map(|value| (value / self.weight) as f32).collect()
        };
        let worker = |(rows, &judged): (&[f64], &u32)| Worker {
            rows: if judged > 0 { scaled(rows) } else { Vec::new() },
            ..Worker::default()
        };
        Models {
            classes: self.classes,
            log_prior: self.log_prior.iter().map(|value| value / self.weight).collect(),
            crowd: Crowd { rows: scaled(&self.crowd), answers: scaled(&self.answers) },
            workers: self.rows.chunks_exact(square).zip(&self.judged).map(worker).collect(),
            dependence: TASK_VARIANCE / (TASK_VARIANCE + self.variance),
            calibration: Calibration::neutral(self.classes),
        }
    }
}

/// Probability of an answer of a worker given the truth, and the judgments it rests on.
fn cell(fit: &Fit, worker: usize, truth: usize, answer: usize, judged: f64) -> (f64, f64) {
    if let Some(rows) = &fit.workers.confusions {
        return (rows.row(worker, truth)[answer], rows.weight(worker, truth));
    }
    let others = fit.class_prior.len().saturating_sub(1).max(1) as f64;
    let skill = fit.workers.skill.as_ref().map_or(0.5, |skills| skills[worker]);
    (if answer == truth { skill } else { (1.0 - skill) / others }, judged)
}

/// τ², the variance of the workers' accuracies in logits: E[δ²] with the curvature of each offset's posterior.
fn variance(fit: &Fit, judgments: &Judgments) -> f64 {
    let (Some(offsets), Some(rows)) = (&fit.workers.skill, &fit.workers.confusions) else {
        return UNKNOWN_VARIANCE;
    };
    let judged = judgments.judgments_per_worker();
    let bends: Vec<f64> = (0..offsets.len()).map(|worker| bend(rows, worker)).collect();
    let mut variance = 1.0;
    for _ in 0..20 {
        let (mut sum, mut count) = (1.0, 1.0);
        for (worker, offset) in offsets.iter().enumerate().filter(|&(worker, _)| judged[worker] > 0)
        {
            sum += offset * offset + 1.0 / (1.0 / variance + bends[worker]);
            count += 1.0;
        }
        variance = f64::clamp(sum / count, 0.05, 9.0);
    }
    variance
}

/// Σ n(c) a(c) (1 − a(c)) of a worker, the information that judgments carry about an offset in logits.
fn bend(rows: &Confusions, worker: usize) -> f64 {
    let information = |truth: usize| {
        let right = rows.row(worker, truth)[truth];
        rows.weight(worker, truth) * right * (1.0 - right)
    };
    (0..rows.classes()).map(information).sum()
}
