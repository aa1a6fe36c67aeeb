//! Makes a score a probability, and learns from gold how.

use crowdsmith_truth::Judgments;
use serde::{Deserialize, Serialize};

use super::{Models, SPREAD};

/// Standard deviations of the normal priors around no correction, as `truth::auto` has them.
const TEMPERATURE: f64 = 0.4;
const EXPONENT: f64 = 0.3;
const BIAS: f64 = 0.7;
/// Gold tasks looked at; more would not move a handful of numbers.
const SAMPLE: usize = 5_000;
const STEPS: usize = 200;

/// softmax(scale · score + biases), then spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Calibration {
    /// ln of the scale at the typical number of judgments.
    temperature: f64,
    /// How ln of the scale grows with ln of the number of judgments.
    exponent: f64,
    /// The typical number of judgments.
    typical: f64,
    biases: Vec<f64>,
}

/// A gold task: its score, ln(judgments / typical), its label.
struct Case {
    score: Vec<f64>,
    relative: f64,
    gold: usize,
}

impl Calibration {
    pub(super) fn neutral(classes: usize) -> Self {
        Self { temperature: 0.0, exponent: 0.0, typical: 1.0, biases: vec![0.0; classes] }
    }

    /// Turns log-scores that are not tempered into probabilities, with what gold says of the classes.
    pub(super) fn shift(&self, row: &mut [f64]) {
        for (value, bias) in row.iter_mut().zip(&self.biases) {
            *value += bias;
        }
        softmax(row);
    }

    /// Turns log-scores into calibrated probabilities.
    pub(super) fn apply(&self, judged: usize, row: &mut [f64]) {
        let scale = self.scale(judged);
        for (value, bias) in row.iter_mut().zip(&self.biases) {
            *value = scale * *value + bias;
        }
        softmax(row);
        let share = SPREAD / row.len() as f64;
        for value in row {
            *value = (1.0 - SPREAD) * *value + share;
        }
    }

    /// What the log-scores of a task with so many judgments are multiplied by.
    fn scale(&self, judged: usize) -> f64 {
        let relative = (judged.max(1) as f64 / self.typical).ln();
        (self.temperature + self.exponent * relative).exp()
    }

    /// Maximum a posteriori of −Σ ln p(gold) over the gold tasks, as models see them that do not know the gold.
    pub(super) fn from_gold(blind: &Models, judgments: &Judgments) -> Self {
        let classes = judgments.classes();
        let known: Vec<usize> = (0..judgments.tasks())
            .filter(|&task| judgments.gold(task).is_some() && judgments.task_len(task) > 0)
            .collect();
        let step = known.len().div_ceil(SAMPLE).max(1);
        let logs = known.iter().map(|&task| (judgments.task_len(task) as f64).ln());
        let typical = (logs.sum::<f64>() / known.len().max(1) as f64).exp();
        let case = |&task: &usize| {
            let given: Vec<(u32, u16)> =
                judgments.task(task).map(|(worker, label)| (worker as u32, label as u16)).collect();
            Some(Case {
                score: blind.score(&given),
                relative: (given.len() as f64 / typical).ln(),
                gold: judgments.gold(task)?,
            })
        };
        let cases: Vec<Case> = known.iter().step_by(step).filter_map(case).collect();
        let point = minimise(vec![0.0; 2 + classes], |point| loss(&cases, point));
        Self { temperature: point[0], exponent: point[1], typical, biases: point[2..].to_vec() }
    }
}

/// −ln posterior density at (temperature, exponent, biases), with its gradient.
fn loss(cases: &[Case], point: &[f64]) -> (f64, Vec<f64>) {
    let deviation = |index: usize| [TEMPERATURE, EXPONENT].get(index).copied().unwrap_or(BIAS);
    let mut gradient: Vec<f64> =
        point.iter().enumerate().map(|(index, value)| value / deviation(index).powi(2)).collect();
    let mut loss: f64 = gradient.iter().zip(point).map(|(slope, value)| 0.5 * slope * value).sum();
    for case in cases {
        let scale = (point[0] + point[1] * case.relative).exp();
        let mut row: Vec<f64> =
            case.score.iter().zip(&point[2..]).map(|(score, bias)| scale * score + bias).collect();
        softmax(&mut row);
        let probability = (1.0 - SPREAD) * row[case.gold] + SPREAD / row.len() as f64;
        loss -= probability.ln();
        let outer = (1.0 - SPREAD) * row[case.gold] / probability;
        for (class, value) in row.iter().enumerate() {
            let slope = outer * (value - f64::from(u8::from(class == case.gold)));
            gradient[0] += slope * scale * case.score[class];
            gradient[1] += slope * scale * case.score[class] * case.relative;
            gradient[2 + class] += slope;
        }
    }
    (loss, gradient)
}

/// Gradient descent whose step doubles on success and halves until the loss falls.
fn minimise(mut point: Vec<f64>, loss: impl Fn(&[f64]) -> (f64, Vec<f64>)) -> Vec<f64> {
    let (mut value, mut gradient) = loss(&point);
    let mut step = 0.01;
    for _ in 0..STEPS {
        let square: f64 = gradient.iter().map(|slope| slope * slope).sum();
        if square < 1e-12 || step < 1e-12 {
            break;
        }
        let next: Vec<f64> =
            point.iter().zip(&gradient).map(|(at, slope)| at - step * slope).collect();
        let (next_value, next_gradient) = loss(&next);
        if next_value <= value - 0.3 * step * square {
            (point, value, gradient) = (next, next_value, next_gradient);
            step *= 2.0;
        } else {
            step *= 0.5;
        }
    }
    point
}

/// Turns log-scores into probabilities; answers with ln Σ exp.
pub(crate) fn softmax(row: &mut [f64]) -> f64 {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    for value in row.iter_mut() {
        *value = (*value - largest).exp();
    }
    let total: f64 = row.iter().sum();
    for value in row {
        *value /= total;
    }
    largest + total.ln()
}
