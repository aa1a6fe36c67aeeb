//! What gold teaches about the pool: weights, temperature, class biases.

use super::experts::Experts;
use super::pool::{SPREAD, log, power};
use crate::categorical::softmax;
use crate::judgments::Judgments;
use crate::optimize::{Limits, minimise};

/// Standard deviations of the normal priors around the pool without gold.
const TEMPERATURE: f64 = 0.4;
const EXPONENT: f64 = 0.3;
const WEIGHT: f64 = 1.0;
const BIAS: f64 = 0.7;

/// Gold tasks looked at, evenly spread; more would not move a handful of numbers.
const SAMPLE: usize = 20_000;

/// How the experts are pooled.
pub(super) struct Calibration {
    /// Weight of each expert; they sum to 1.
    pub(super) weights: Vec<f64>,
    /// Added to the log-score of each class.
    pub(super) biases: Vec<f64>,
    temperature: f64,
    exponent: f64,
    typical: f64,
}

impl Calibration {
    /// The given weights, no correction.
    pub(super) fn neutral(weights: Vec<f64>, classes: usize) -> Self {
        Self { weights, biases: vec![0.0; classes], temperature: 0.0, exponent: 0.0, typical: 1.0 }
    }

    /// What the log-scores of a task with so many judgments are multiplied by.
    pub(super) fn scale(&self, judged: usize) -> f64 {
        let relative = (judged.max(1) as f64 / self.typical).ln();
        (self.temperature + self.exponent * relative).exp()
    }

    /// Maximum a posteriori of −Σ ln p(gold), from experts that were fitted without gold.
    pub(super) fn from_gold(judgments: &Judgments, experts: &Experts) -> Self {
        let cases = Cases::new(judgments, experts);
        let count = cases.experts + 2 + cases.classes;
        let limits = Limits { iterations: 200, gradient: 1e-6 };
        let (point, _) =
            minimise(vec![0.0; count], limits, |point, gradient| cases.loss(point, gradient));
        let weights = cases.weights(&point);
        Self {
            weights,
            biases: point[2 + cases.experts..].to_vec(),
            temperature: point[0],
            exponent: point[1],
            typical: cases.typical,
        }
    }
}

/// The gold tasks: tempered log-posteriors `[case][expert][class]`.
struct Cases {
    experts: usize,
    /// ln of the experts' weights without gold.
    log_weights: Vec<f64>,
    classes: usize,
    logs: Vec<f64>,
    gold: Vec<usize>,
    /// ln(judgments / typical judgments) of each case.
    relative: Vec<f64>,
    typical: f64,
}

impl Cases {
    fn new(judgments: &Judgments, experts: &Experts) -> Self {
        let (weights, rho) = (&experts.weights, experts.dependence());
        let experts = &experts.models;
        let classes = judgments.classes();
        let tasks = (0..judgments.tasks()).filter(|&task| judgments.task_len(task) > 0);
        let known: Vec<(usize, usize)> =
            tasks.filter_map(|task| Some((task, judgments.gold(task)?))).collect();
        let step = known.len().div_ceil(SAMPLE).max(1);
        let known: Vec<(usize, usize)> = known.into_iter().step_by(step).collect();
        let lengths = known.iter().map(|&(task, _)| (judgments.task_len(task) as f64).ln());
        let typical = (lengths.sum::<f64>() / known.len().max(1) as f64).exp();
        let mut cases = Self {
            experts: experts.len(),
            log_weights: weights.iter().map(|weight| weight.max(1e-12).ln()).collect(),
            classes,
            logs: Vec::new(),
            gold: Vec::new(),
            relative: Vec::new(),
            typical,
        };
        let mut row = vec![0.0; classes];
        for (task, gold) in known {
            let power = power(judgments.task_len(task), rho);
            for expert in experts {
                expert.fill(judgments, &[], task, &mut row);
                cases.logs.extend(row.iter().map(|&value| power * log(value)));
            }
            cases.gold.push(gold);
            cases.relative.push((judgments.task_len(task) as f64 / typical).ln());
        }
        cases
    }

    /// The experts' weights: those without gold, moved by the weight logits.
    fn weights(&self, point: &[f64]) -> Vec<f64> {
        let logits = &point[2..2 + self.experts];
        let mut weights: Vec<f64> =
            logits.iter().zip(&self.log_weights).map(|(a, b)| a + b).collect();
        softmax(&mut weights);
        weights
    }

    /// −ln posterior density at (temperature, exponent, weight logits, biases), with its gradient.
    fn loss(&self, point: &[f64], gradient: &mut [f64]) -> f64 {
        let (experts, classes) = (self.experts, self.classes);
        let deviation = |index: usize| match index {
            0 => TEMPERATURE,
            1 => EXPONENT,
            index if index < 2 + experts => WEIGHT,
            _ => BIAS,
        };
        let mut loss = 0.0;
        for (index, (slope, value)) in gradient.iter_mut().zip(point).enumerate() {
            *slope = value / deviation(index).powi(2);
            loss += 0.5 * value * *slope;
        }
        let weights = self.weights(point);
        let biases = &point[2 + experts..];
        let mut row = vec![0.0; classes];
        let mut pooled = vec![0.0; classes];
        for (case, (&gold, relative)) in self.gold.iter().zip(&self.relative).enumerate() {
            let logs = &self.logs[case * experts * classes..][..experts * classes];
            let scale = (point[0] + point[1] * relative).exp();
            for class in 0..classes {
                pooled[class] = (0..experts)
                    .map(|expert| weights[expert] * logs[expert * classes + class])
                    .sum();
                row[class] = scale * pooled[class] + biases[class];
            }
            softmax(&mut row);
            let probability = (1.0 - SPREAD) * row[gold] + SPREAD / classes as f64;
            loss -= probability.ln();
            // d loss / d score of a class, through the spread and the softmax.
            let outer = (1.0 - SPREAD) * row[gold] / probability;
            for class in 0..classes {
                let slope = outer * (row[class] - f64::from(u8::from(class == gold)));
                gradient[0] += slope * scale * pooled[class];
                gradient[1] += slope * scale * pooled[class] * relative;
                gradient[2 + experts + class] += slope;
                for expert in 0..experts {
                    let change = weights[expert] * (logs[expert * classes + class] - pooled[class]);
                    gradient[2 + expert] += slope * scale * change;
                }
            }
        }
        loss
    }
}
