//! Fits the experts and folds them into one table a worker.
//!
//! Two models that fail on different crowds: [`Shrunk`] gives every worker a confusion matrix of their own, and is best
//! where some workers are careless or see classes their own way; hierarchical Dawid-Skene with shared rows lets workers
//! differ in accuracy only, and is best where tasks mislead everybody, which own matrices would take for habits of the
//! workers. Its class prior is flattened (the square root of vote shares), as the votes of a crowd that confuses classes
//! are not the shares of the classes.

use crowdsmith_truth::categorical::{ClassPrior, HierarchicalDawidSkene, OneCoin, Rows};
use crowdsmith_truth::{Confusions, Error, Estimator as _, Fit, Judgments};

use super::calibration::Calibration;
use super::shrunk::Shrunk;
use super::{Models, Table, Worker};

/// Weight of [`Shrunk`] beside the other expert's 1.
const OWN_ROWS: f64 = 2.0;
/// Variance of what tasks add to the logit of an answer being right, as `truth::auto` has it.
const TASK_VARIANCE: f64 = 0.25;
/// Variance of the workers' accuracies in logits where no expert measures it.
const UNKNOWN_VARIANCE: f64 = 0.5;
/// Numbers in the workers' tables beyond which only the one-coin model is fitted: 64 a judgment, but never fewer than
/// the first nor more than the second.
const TABLE: [usize; 2] = [1 << 20, 1 << 25];
const TABLE_PER_JUDGMENT: usize = 64;
/// Judgments of the crowd's mean accuracy added to each worker of the one-coin model.
const SHRINKAGE: f64 = 4.0;
const ITERATIONS: usize = 40;
const TOLERANCE: f64 = 1e-5;
/// Probabilities below this count as this, so that no judgment excludes a class for good.
const FLOOR: f64 = 1e-6;

/// Fits all experts to judgments and their gold.
pub(super) fn fit(judgments: &Judgments) -> Result<Models, Error> {
    let square = judgments.classes() * judgments.classes();
    let most = (TABLE_PER_JUDGMENT * judgments.len()).clamp(TABLE[0], TABLE[1]);
    if judgments.workers().saturating_mul(square) > most {
        return one_coin(judgments);
    }
    let own = Shrunk::fit(judgments);
    let roots = normalised(shares(judgments).into_iter().map(f64::sqrt).collect());
    let shared = HierarchicalDawidSkene {
        iterations: ITERATIONS,
        tolerance: TOLERANCE,
        class_prior: ClassPrior::Fixed(roots),
        rows: Rows::Shared,
    }
    .fit(judgments)?;
    Ok(fold(judgments, &own, &shared))
}

fn one_coin(judgments: &Judgments) -> Result<Models, Error> {
    let classes = judgments.classes();
    let prior = vec![1.0 / classes as f64; classes];
    let model = OneCoin {
        iterations: ITERATIONS,
        tolerance: TOLERANCE,
        class_prior: ClassPrior::Fixed(prior),
        shrinkage: SHRINKAGE,
        ..OneCoin::default()
    };
    let fit = model.fit(judgments)?;
    let skills = fit.workers.skill.unwrap_or_default();
    let judged = judgments.judgments_per_worker();
    let total: f64 = skills.iter().zip(&judged).map(|(skill, &n)| skill * f64::from(n)).sum();
    let accuracy = total / judgments.len() as f64;
    Ok(Models {
        workers: skills.iter().map(|&skill| Worker::new(Table::coin(skill, classes))).collect(),
        dependence: dependence(UNKNOWN_VARIANCE),
        ..Models::of_crowd(classes, accuracy)
    })
}

fn dependence(variance: f64) -> f64 {
    TASK_VARIANCE / (TASK_VARIANCE + variance)
}

/// Share of each class among all judgments, one pseudo-judgment spread over the classes.
pub(super) fn shares(judgments: &Judgments) -> Vec<f64> {
    let classes = judgments.classes();
    let mut counts = vec![1.0 / classes as f64; classes];
    for &label in judgments.label_codes() {
        counts[usize::from(label)] += 1.0;
    }
    normalised(counts)
}

fn normalised(mut values: Vec<f64>) -> Vec<f64> {
    let total: f64 = values.iter().sum();
    for value in &mut values {
        *value /= total;
    }
    values
}

/// The experts' log-rows, averaged.
fn fold(judgments: &Judgments, own: &Shrunk, shared: &Fit) -> Models {
    let classes = judgments.classes();
    let square = classes * classes;
    let judged = judgments.judgments_per_worker();
    let weight = telling(judgments);
    let mean = |own: f64, shared: f64| (OWN_ROWS * own + weight * shared) / (OWN_ROWS + weight);
    let rows = shared.workers.confusions.as_ref();
    let log = |worker: usize, cell: usize| {
        rows.map_or(0.0, |rows| rows.row(worker, cell % classes)[cell / classes].max(FLOOR).ln())
    };
    let worker = |worker: usize| {
        let cell =
            |cell| mean(f64::from(own.rows[worker * square + cell]), log(worker, cell)) as f32;
        Worker::new(if judged[worker] == 0 {
            Table::Crowd
        } else {
            Table::Full((0..square).map(cell).collect())
        })
    };
    let coin = Table::coin(own.accuracy, classes);
    let pooled = pooled(rows, judgments.workers(), classes);
    let flat = |cell: usize| coin.log(cell / classes, cell % classes, classes);
    let mixed = |cell: usize| weight * pooled[cell] + (1.0 - weight) * flat(cell).exp();
    let prior = own.log_prior.iter().zip(&shared.class_prior);
    Models {
        classes,
        log_prior: prior.map(|(&own, shared)| mean(own, shared.max(FLOOR).ln())).collect(),
        crowd: Table::Full(
            (0..square).map(|cell| mean(flat(cell), pooled[cell].ln()) as f32).collect(),
        ),
        answers: Table::Full((0..square).map(|cell| mixed(cell).ln() as f32).collect()),
        workers: (0..judgments.workers()).map(worker).collect(),
        dependence: dependence(variance(shared, &judged)),
        calibration: Calibration::neutral(classes),
    }
}

/// Share of the judgments that are on gold or not alone on their task: the weight of an expert that would call a lone
/// judgment certain.
fn telling(judgments: &Judgments) -> f64 {
    let alone = (0..judgments.tasks())
        .filter(|&task| judgments.task_len(task) == 1 && judgments.gold(task).is_none());
    1.0 - alone.count() as f64 / judgments.len().max(1) as f64
}

/// Probability of each answer of the crowd given the truth, `[answer][truth]`, half a judgment a truth added.
fn pooled(rows: Option<&Confusions>, workers: usize, classes: usize) -> Vec<f64> {
    let mut pooled = vec![0.5 / classes as f64; classes * classes];
    for truth in 0..classes {
        for (worker, rows) in (0..workers).filter_map(|worker| Some((worker, rows?))) {
            let weight = rows.weight(worker, truth);
            for (answer, share) in rows.row(worker, truth).iter().enumerate() {
                pooled[answer * classes + truth] += weight * share;
            }
        }
        let total: f64 = (0..classes).map(|answer| pooled[answer * classes + truth]).sum();
        (0..classes).for_each(|answer| pooled[answer * classes + truth] /= total);
    }
    pooled
}

/// τ², the variance of the workers' accuracies in logits: E[δ²] with the curvature of each offset's posterior.
fn variance(fit: &Fit, judged: &[u32]) -> f64 {
    let (Some(offsets), Some(rows)) = (&fit.workers.skill, &fit.workers.confusions) else {
        return UNKNOWN_VARIANCE;
    };
    let judging = (0..offsets.len()).filter(|&worker| judged[worker] > 0);
    let known: Vec<(f64, f64)> =
        judging.map(|worker| (offsets[worker], information(rows, worker))).collect();
    let mut variance = 1.0;
    for _ in 0..20 {
        let square = |&(offset, bend): &(f64, f64)| offset * offset + 1.0 / (1.0 / variance + bend);
        let sum: f64 = known.iter().map(square).sum();
        variance = f64::clamp((1.0 + sum) / (1.0 + known.len() as f64), 0.05, 9.0);
    }
    variance
}

/// Σ n(c) a(c) (1 − a(c)) of a worker, the information that judgments carry about an offset in logits.
fn information(rows: &Confusions, worker: usize) -> f64 {
    let of = |truth: usize| {
        let right = rows.row(worker, truth)[truth];
        rows.weight(worker, truth) * right * (1.0 - right)
    };
    (0..rows.classes()).map(of).sum()
}
