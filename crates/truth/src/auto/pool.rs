//! Averages the experts' tempered log-posteriors.

use super::calibrate::Calibration;
use super::experts::Experts;
use crate::categorical::{fill_runs, set_certain, softmax};
use crate::judgments::Judgments;

/// Share of the probability that is spread over all classes.
pub(super) const SPREAD: f64 = 0.02;
/// Probabilities below this count as this, so that no expert has a veto.
const VETO: f64 = 1e-12;

/// 1/(1 + (n−1)ρ): what a judgment counts among n of the same task.
pub(super) fn power(judged: usize, rho: f64) -> f64 {
    1.0 / (1.0 + judged.saturating_sub(1) as f64 * rho)
}

/// The pooled posterior of all tasks, from the experts' posteriors of a few tasks at a time.
pub(super) fn pool(
    judgments: &Judgments,
    experts: &Experts,
    calibration: &Calibration,
) -> Vec<f64> {
    let (gold, classes, rho) = (judgments.gold_codes(), judgments.classes(), experts.dependence());
    let mut values = vec![0.0; judgments.tasks() * classes];
    fill_runs(judgments, &mut values, |first, values| {
        let mut posteriors = vec![0.0; values.len()];
        for (model, weight) in experts.models.iter().zip(&calibration.weights) {
            model.fill(judgments, gold, first, &mut posteriors);
            for (sum, &probability) in values.iter_mut().zip(&posteriors) {
                *sum += weight * log(probability);
            }
        }
        for (index, row) in values.chunks_exact_mut(classes.max(1)).enumerate() {
            let task = first + index;
            if let Some(gold) = judgments.gold(task) {
                set_certain(row, gold);
                continue;
            }
            let judged = judgments.task_len(task);
            let scale = power(judged, rho) * calibration.scale(judged);
            for (value, bias) in row.iter_mut().zip(&calibration.biases) {
                *value = scale * *value + bias;
            }
            softmax(row);
            spread(row);
        }
    });
    values
}

/// ln of a probability that is not allowed to veto.
pub(super) fn log(probability: f64) -> f64 {
    probability.max(VETO).ln()
}

fn spread(row: &mut [f64]) {
    let share = SPREAD / row.len() as f64;
    for value in row.iter_mut() {
        *value = (1.0 - SPREAD) * *value + share;
    }
}
