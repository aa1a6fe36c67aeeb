//! Averages the experts' tempered log-posteriors.

use super::calibrate::Calibration;
use crate::categorical::{fill_rows, softmax};
use crate::judgments::Judgments;

/// Share of the probability that is spread over all classes.
pub(super) const SPREAD: f64 = 0.02;
/// Probabilities below this count as this, so that no expert has a veto.
const VETO: f64 = 1e-12;

/// 1/(1 + (n−1)ρ): what a judgment counts among n of the same task.
pub(super) fn power(judged: usize, rho: f64) -> f64 {
    1.0 / (1.0 + judged.saturating_sub(1) as f64 * rho)
}

/// The pooled posterior of all tasks; takes over the memory of the first expert.
pub(super) fn pool(
    judgments: &Judgments,
    experts: &mut Vec<Vec<f64>>,
    rho: f64,
    calibration: &Calibration,
) -> Vec<f64> {
    let classes = judgments.classes();
    let mut values = experts.swap_remove(0);
    let (first, rest) = (calibration.weights[0], &*experts);
    // The first expert gave its place to the last.
    let order: Vec<usize> =
        (0..rest.len()).map(|index| if index == 0 { rest.len() } else { index }).collect();
    fill_rows(judgments, &mut values, |task, row| {
        let judged = judgments.task_len(task);
        let scale = power(judged, rho) * calibration.scale(judged);
        for (class, value) in row.iter_mut().enumerate() {
            let mut sum = first * log(*value);
            for (expert, &place) in rest.iter().zip(&order) {
                sum += calibration.weights[place] * log(expert[task * classes + class]);
            }
            *value = scale * sum + calibration.biases[class];
        }
        softmax(row);
        spread(row);
        0.0
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
