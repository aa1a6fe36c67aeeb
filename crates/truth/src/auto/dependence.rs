//! How far the judgments of one task depend on each other beyond the class: the ρ of n/(1 + (n−1)ρ).

use rayon::prelude::*;

use crate::categorical::Expert;
use crate::judgments::Judgments;

/// Variance v of what tasks add to the logit of an answer being right.
const TASK_VARIANCE: f64 = 0.25;
/// Variance of the workers' accuracies where no model measures it; the middle of what crowds show.
pub(super) const UNKNOWN_VARIANCE: f64 = 0.5;
/// Share of the predictive correlation that is added.
const PREDICTED_SHARE: f64 = 0.5;
/// Values of ρ tried by prediction: 0, .05, … 1.
const GRID: usize = 21;
/// Judgments that are predicted; more would not move the result.
const SAMPLE: usize = 200_000;
/// Tasks handled together; fixed, so that sums do not depend on the number of threads.
const RUN: usize = 512;

/// v/(v + τ²) + ½ρ₀, at most 1.
pub(super) fn combined(worker_variance: f64, predicted: f64) -> f64 {
    (TASK_VARIANCE / (TASK_VARIANCE + worker_variance) + PREDICTED_SHARE * predicted).min(1.0)
}

/// ρ₀: the mean of ρ over the grid, weighted by the likelihood of each judgment predicted from the others of its task.
///
/// The prediction for a judgment (w, y) is Σ q(c) πʷ(c, y), where q comes from the other n − 1 judgments with their
/// log-likelihood multiplied by 1/(1 + (n−2)ρ), and πʷ is the worker's row with this judgment taken out.
pub(super) fn predicted(judgments: &Judgments, gold: &[u16], expert: &Expert) -> Prediction {
    if judgments.classes() < 2 || judgments.is_empty() {
        return Prediction::default();
    }
    let step = judgments.len().div_ceil(SAMPLE);
    let tasks: Vec<usize> = (0..judgments.tasks()).step_by(step).collect();
    let runs: Vec<[f64; GRID]> =
        tasks.par_chunks(RUN).map(|tasks| run(judgments, gold, expert, tasks)).collect();
    let mut sums = [0.0; GRID];
    for run in runs {
        sums.iter_mut().zip(run).for_each(|(sum, value)| *sum += value);
    }
    let best = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights = sums.map(|sum| (sum - best).exp());
    let total: f64 = weights.iter().sum();
    let rho = weights.iter().enumerate().map(|(index, weight)| rho(index) * weight / total).sum();
    let lengths = tasks.iter().map(|&task| judgments.task_len(task)).filter(|&length| length > 1);
    Prediction { rho, mean: best / lengths.sum::<usize>().max(1) as f64 }
}

/// How an expert predicts held-out judgments.
#[derive(Default)]
pub(super) struct Prediction {
    /// ρ₀.
    pub(super) rho: f64,
    /// Mean ln prediction of a judgment at the best ρ.
    pub(super) mean: f64,
}

fn rho(index: usize) -> f64 {
    index as f64 / (GRID - 1) as f64
}

/// Σ ln prediction over the judgments of some tasks, for each ρ.
fn run(judgments: &Judgments, gold: &[u16], expert: &Expert, tasks: &[usize]) -> [f64; GRID] {
    let classes = judgments.classes();
    let log_prior: Vec<f64> = expert.model.prior.iter().map(|share| share.ln()).collect();
    let mut sums = [0.0; GRID];
    let mut total = vec![0.0; classes];
    let mut without = vec![0.0; classes];
    let mut row = vec![0.0; classes];
    let mut posterior = vec![0.0; classes];
    for &task in tasks.iter().filter(|&&task| judgments.task_len(task) > 1) {
        total.fill(0.0);
        for (worker, answer) in judgments.task(task) {
            for (truth, sum) in total.iter_mut().enumerate() {
                *sum += expert.confusions.row(worker, truth)[answer].ln();
            }
        }
        expert.model.fill(judgments, gold, task, &mut posterior);
        let others = (judgments.task_len(task) - 2) as f64;
        for (worker, answer) in judgments.task(task) {
            for (truth, place) in row.iter_mut().enumerate() {
                let probability = expert.confusions.row(worker, truth)[answer];
                without[truth] = total[truth] - probability.ln();
                let weight = expert.confusions.weight(worker, truth) + expert.strength;
                let rest = (probability * weight - posterior[truth]).max(1e-3 * probability);
                *place = (rest / (weight - posterior[truth]).max(1e-9)).min(1.0);
            }
            for (index, sum) in sums.iter_mut().enumerate() {
                let power = 1.0 / (1.0 + others * rho(index));
                *sum += prediction(&log_prior, &without, power, &row).ln();
            }
        }
    }
    sums
}

/// Σ over classes of softmax(ln prior + power · log-likelihood) · row.
fn prediction(log_prior: &[f64], log_likelihood: &[f64], power: f64, row: &[f64]) -> f64 {
    let score = |class: usize| log_prior[class] + power * log_likelihood[class];
    let largest = (0..row.len()).map(score).fold(f64::NEG_INFINITY, f64::max);
    let (mut total, mut sum) = (0.0, 0.0);
    for (class, probability) in row.iter().enumerate() {
        let weight = (score(class) - largest).exp();
        total += weight;
        sum += weight * probability;
    }
    (sum / total).max(f64::MIN_POSITIVE)
}
