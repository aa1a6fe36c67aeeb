//! Workers with a scale, a bias and a variance of their own.

use super::NumericFit;
use super::measurements::{Measurements, Standard};
use crate::error::{Error, check_parameter};
use crate::fit::Convergence;

/// Every worker uses the scale in their own way: `y = a_w (t - m) + m + b_w + ε`, `ε ~ N(0, σ_w²)`, with `m` the mean
/// of all judgments.
///
/// What a judgment is worth is `a_w² / σ_w²`: who always answers near the middle is precise and says little.
/// Truths, scales, biases and variances have priors whose own parameters come from the crowd: `t ~ N(μ, τ²)`,
/// `a ~ N(1, α²)`, `b ~ N(0, β²)`, and `σ_w²` starts with `pooling` judgments of the crowd's (geometric) mean
/// variance. A worker with few judgments therefore counts as an ordinary one, and nobody's variance falls to 0.
/// Fitted by expectation-maximisation over the truths, time linear in the judgments. Scale and bias of the crowd as
/// a whole cannot be seen in its judgments; they are 1 and 0 by definition, unless known values show them.
///
/// Source: the Gaussian model of Raykar et al. 2010, "Learning From Crowds", JMLR 11, with the bias of Liu, Ihler
/// & Steyvers 2013, "Scoring Workers in Crowdsourcing: How Many Control Questions are Enough?", and a scale as in
/// factor analysis.
#[derive(Debug, Clone, PartialEq)]
pub struct GaussianWorkers {
    /// Most rounds.
    pub iterations: usize,
    /// Stop when the estimates move by less than this (root mean square, in standard deviations of all judgments).
    pub tolerance: f64,
    /// How many judgments of an ordinary worker every worker's variance starts with; above 0.
    pub pooling: f64,
}

impl Default for GaussianWorkers {
    fn default() -> Self {
        Self { iterations: 300, tolerance: 1e-6, pooling: 20.0 }
    }
}

/// Parameters in standard units.
struct State {
    values: Vec<f64>,
    uncertainty: Vec<f64>,
    scale: Vec<f64>,
    bias: Vec<f64>,
    variance: Vec<f64>,
    counts: Vec<f64>,
    center: f64,
    spread: f64,
    scale_spread: f64,
    bias_spread: f64,
}

const SMALLEST: f64 = 1e-9;

/// Variance of scales and biases that one pseudo-worker brings, so that a small crowd can estimate theirs.
const FIRST_SPREAD: f64 = 0.05;

impl GaussianWorkers {
    /// Estimates values, scales, biases and variances.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a value that is not finite, a parameter out of range.
    pub fn fit(&self, measurements: &Measurements) -> Result<NumericFit, Error> {
        check_parameter("tolerance", self.tolerance, self.tolerance >= 0.0, "at least 0")?;
        check_parameter("pooling", self.pooling, self.pooling > 0.0, "above 0")?;
        let standard = measurements.standard()?;
        let mut state = State::start(&standard);
        let mut convergence = Convergence::default();
        while convergence.iterations < self.iterations && !convergence.converged {
            convergence.iterations += 1;
            let before = state.values.clone();
            state.estimate(&standard);
            state.update_bias(&standard);
            state.update_scale(&standard);
            state.update_variance(&standard, self.pooling);
            state.update_truths();
            let moves = before.iter().zip(&state.values).map(|(old, new)| (old - new).powi(2));
            let moved = moves.sum::<f64>() / before.len().max(1) as f64;
            convergence.converged = moved.sqrt() <= self.tolerance;
        }
        let deviations: Vec<f64> = state.uncertainty.iter().map(|square| square.sqrt()).collect();
        let workers = Some((state.scale.as_slice(), state.bias.as_slice()));
        Ok(standard.fit(&state.values, &deviations, workers, &state.variance, convergence))
    }
}

impl State {
    fn start(standard: &Standard) -> Self {
        let (tasks, workers) = (standard.by_task.len(), standard.workers);
        let mut counts = vec![0.0; workers];
        for row in &standard.rows {
            counts[row.worker] += 1.0;
        }
        Self {
            values: vec![0.0; tasks],
            uncertainty: vec![1.0; tasks],
            scale: vec![1.0; workers],
            bias: vec![0.0; workers],
            variance: vec![0.5; workers],
            counts,
            center: 0.0,
            spread: 0.5,
            scale_spread: FIRST_SPREAD,
            bias_spread: FIRST_SPREAD,
        }
    }

    /// The normal posterior of each truth.
    fn estimate(&mut self, standard: &Standard) {
        let mut precision = vec![1.0 / self.spread; self.values.len()];
        let mut sums = vec![self.center / self.spread; self.values.len()];
        for row in &standard.rows {
            let weight = self.scale[row.worker] / self.variance[row.worker];
            precision[row.task] += weight * self.scale[row.worker];
            sums[row.task] += weight * (row.value - self.bias[row.worker]);
        }
        for task in 0..self.values.len() {
            let known = standard.gold[task];
            self.values[task] = known.unwrap_or(sums[task] / precision[task]);
            self.uncertainty[task] = if known.is_some() { 0.0 } else { 1.0 / precision[task] };
        }
    }

    /// What the crowd as a whole adds to the truth: 0, or the most probable shift of all workers given their errors
    /// on known values. A worker's mean error of n there is N(shift, β² + σ²/n); the shift itself is N(0, 1) in standard
    /// deviations of all judgments.
    fn common_bias(&self, standard: &Standard) -> f64 {
        let mut errors = vec![(0.0, 0.0); self.bias.len()];
        for row in standard.rows.iter().filter(|row| standard.gold[row.task].is_some()) {
            let (sum, count) = &mut errors[row.worker];
            *sum += row.value - self.scale[row.worker] * self.values[row.task];
            *count += 1.0;
        }
        let (mut shift, mut precision) = (0.0, 1.0);
        for ((sum, count), variance) in errors.into_iter().zip(&self.variance) {
            if count > 0.0 {
                let weight = 1.0 / (self.bias_spread + variance / count);
                shift += weight * sum / count;
                precision += weight;
            }
        }
        shift / precision
    }

    /// By how much the crowd as a whole stretches the truth: 1, or the most probable slope of the judgments of known
    /// values around their mean (which a common bias does not touch), N(1, α²) beforehand.
    fn common_scale(&self, standard: &Standard) -> f64 {
        let [mut weights, mut truths, mut answers, mut powers, mut products] = [0.0; 5];
        for row in standard.rows.iter().filter(|row| standard.gold[row.task].is_some()) {
            let weight = 1.0 / self.variance[row.worker];
            let (truth, answer) = (self.values[row.task], row.value - self.bias[row.worker]);
            weights += weight;
            truths += weight * truth;
            answers += weight * answer;
            powers += weight * truth * truth;
            products += weight * truth * answer;
        }
        let known = f64::max(weights, f64::MIN_POSITIVE);
        let power = (powers - truths * truths / known).max(0.0);
        let product = products - truths * answers / known;
        (product + 1.0 / self.scale_spread) / (power + 1.0 / self.scale_spread)
    }

    fn update_bias(&mut self, standard: &Standard) {
        let mut sums = vec![0.0; self.bias.len()];
        for row in &standard.rows {
            sums[row.worker] += row.value - self.scale[row.worker] * self.values[row.task];
        }
        let mut squares = FIRST_SPREAD;
        let common = self.common_bias(standard);
        for (worker, bias) in self.bias.iter_mut().enumerate() {
            let precision = self.counts[worker] / self.variance[worker] + 1.0 / self.bias_spread;
            let sum = sums[worker] / self.variance[worker] + common / self.bias_spread;
            *bias = sum / precision;
            squares += (*bias - common).powi(2) + 1.0 / precision;
        }
        self.bias_spread = (squares / (self.bias.len() as f64 + 1.0)).max(SMALLEST);
        let mean = self.mean_by_judgments(&self.bias) - common;
        for bias in &mut self.bias {
            *bias -= mean;
        }
    }

    fn update_scale(&mut self, standard: &Standard) {
        let mut products = vec![0.0; self.scale.len()];
        let mut powers = vec![0.0; self.scale.len()];
        for row in &standard.rows {
            let value = self.values[row.task];
            products[row.worker] += (row.value - self.bias[row.worker]) * value;
            powers[row.worker] += value * value + self.uncertainty[row.task];
        }
        let mut squares = FIRST_SPREAD;
        let common = self.common_scale(standard).max(0.1);
        for (worker, scale) in self.scale.iter_mut().enumerate() {
            let precision = powers[worker] / self.variance[worker] + 1.0 / self.scale_spread;
            let sum = products[worker] / self.variance[worker] + common / self.scale_spread;
            *scale = sum / precision;
            squares += (*scale - common).powi(2) + 1.0 / precision;
        }
        self.scale_spread = (squares / (self.scale.len() as f64 + 1.0)).max(SMALLEST);
        let mean = self.mean_by_judgments(&self.scale);
        if mean > 0.1 {
            for scale in &mut self.scale {
                *scale *= common / mean;
            }
        }
    }

    fn update_variance(&mut self, standard: &Standard, pooling: f64) {
        let mut sums = vec![0.0; self.variance.len()];
        for row in &standard.rows {
            let scale = self.scale[row.worker];
            let error = row.value - scale * self.values[row.task] - self.bias[row.worker];
            sums[row.worker] += error * error + scale * scale * self.uncertainty[row.task];
        }
        let logs: f64 = (sums.iter().zip(&self.counts))
            .filter(|(_, count)| **count > 0.0)
            .map(|(sum, count)| (sum / count).max(SMALLEST).ln() * count)
            .sum();
        let pooled = (logs / standard.rows.len().max(1) as f64).exp();
        for (worker, variance) in self.variance.iter_mut().enumerate() {
            *variance = (sums[worker] + pooling * pooled) / (self.counts[worker] + pooling);
            *variance = variance.max(SMALLEST);
        }
    }

    fn update_truths(&mut self) {
        let tasks = self.values.len().max(1) as f64;
        self.center = self.values.iter().sum::<f64>() / tasks;
        let square = |(value, rest): (&f64, &f64)| (value - self.center).powi(2) + rest;
        let squares: f64 = self.values.iter().zip(&self.uncertainty).map(square).sum();
        self.spread = (squares / tasks).max(SMALLEST);
    }

    /// The mean over judgments of something that workers have; 0 without judgments.
    fn mean_by_judgments(&self, values: &[f64]) -> f64 {
        let total: f64 = self.counts.iter().sum();
        let sum: f64 = values.iter().zip(&self.counts).map(|(value, count)| value * count).sum();
        if total > 0.0 { sum / total } else { 0.0 }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::super::{Catd, LfcN, Mean, Median, TrimmedMean};
    use super::*;
    use crate::rng::Rng;

    /// 200 tasks, 8 workers: noise from 0.1 to 3, biases of alternating sign.
    pub(in crate::numeric) fn crowd(bias: f64) -> (Measurements, Vec<f64>) {
        let mut rng = Rng::new(5);
        let truth: Vec<f64> = (0..200).map(|_| 10.0 + 2.0 * rng.normal()).collect();
        let noise = [0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 3.0];
        let mut columns = Measurements { tasks: 200, workers: 8, ..Measurements::default() };
        for (task, truth) in truth.iter().enumerate() {
            for (worker, noise) in noise.iter().enumerate() {
                let side = if worker % 2 == 0 { bias } else { -bias };
                columns.task.push(task as u32);
                columns.worker.push(worker as u32);
                columns.value.push(truth + side + noise * rng.normal());
            }
        }
        (columns, truth)
    }

    pub(in crate::numeric) fn mean_squared_error(values: &[f64], truth: &[f64]) -> f64 {
        let squares = values.iter().zip(truth).map(|(value, truth)| (value - truth).powi(2));
        squares.sum::<f64>() / truth.len() as f64
    }

    #[test]
    fn recovers_bias_and_variance() {
        let (columns, truth) = crowd(1.0);
        let fit = GaussianWorkers::default().fit(&columns).unwrap();
        assert!(fit.convergence.converged);
        for (worker, bias) in fit.bias.iter().enumerate() {
            let expected = if worker % 2 == 0 { 1.0 } else { -1.0 };
            assert!((bias - expected).abs() < 0.5, "{:?}", fit.bias);
        }
        assert!((fit.variance[6] - 9.0).abs() < 2.0 && fit.variance[0] < 0.1, "{:?}", fit.variance);
        let ours = mean_squared_error(&fit.values, &truth);
        let plain = mean_squared_error(&LfcN::default().fit(&columns).unwrap().values, &truth);
        assert!(ours < 0.1 && ours < 0.2 * plain, "{ours} {plain}");
    }

    #[test]
    fn the_standard_errors_are_honest() {
        let (columns, truth) = crowd(0.0);
        let fit = GaussianWorkers::default().fit(&columns).unwrap();
        let inside = (0..truth.len())
            .filter(|&task| (fit.values[task] - truth[task]).abs() < 1.96 * fit.deviations[task]);
        let share = inside.count() as f64 / truth.len() as f64;
        assert!((0.85..=1.0).contains(&share), "{share}");
    }

    /// Everybody answers 5 above 1.5 times the truth, and only known values can say so.
    #[test]
    fn known_values_show_what_the_whole_crowd_gets_wrong() {
        let (mut columns, truth) = crowd(1.0);
        let center = truth.iter().sum::<f64>() / truth.len() as f64;
        for value in &mut columns.value {
            *value = 1.5 * (*value - center) + center + 5.0;
        }
        let blind = GaussianWorkers::default().fit(&columns).unwrap();
        columns.gold = (0..30).map(|task| (task, truth[task as usize])).collect();
        let fit = GaussianWorkers::default().fit(&columns).unwrap();
        let rest = |fit: &NumericFit| mean_squared_error(&fit.values[30..], &truth[30..]).sqrt();
        assert!(rest(&blind) > 4.0 && rest(&fit) < 0.5, "{} {}", rest(&blind), rest(&fit));
        for (task, value) in truth.iter().enumerate().take(30) {
            assert!((fit.values[task] - value).abs() < 1e-9 && fit.deviations[task] == 0.0);
        }
        assert!(fit.convergence.converged);
    }

    proptest! {
        #[test]
        fn every_method_stays_finite(
            rows in prop::collection::vec((0..5u32, 0..4u32, -1e307..1e307f64), 0..30),
            gold in prop::collection::vec((0..5u32, -1e307..1e307f64), 0..3),
            same: bool,
        ) {
            let columns = Measurements {
                tasks: 5,
                workers: 4,
                task: rows.iter().map(|row| row.0).collect(),
                worker: rows.iter().map(|row| row.1).collect(),
                value: rows.iter().map(|row| if same { 3.5 } else { row.2 }).collect(),
                gold: if same { Vec::new() } else { gold.clone() },
            };
            let fits = [
                Mean.fit(&columns),
                Median.fit(&columns),
                TrimmedMean::default().fit(&columns),
                LfcN::default().fit(&columns),
                Catd::default().fit(&columns),
                GaussianWorkers::default().fit(&columns),
            ];
            for fit in fits {
                let fit = fit.unwrap();
                let all = [&fit.values, &fit.deviations, &fit.bias, &fit.variance, &fit.scale];
                prop_assert!(all.into_iter().flatten().all(|value| value.is_finite()), "{:?}", fit);
                prop_assert!(!same || rows.is_empty() || (fit.values[0] - 3.5).abs() < 1e-6);
            }
        }
    }
}
