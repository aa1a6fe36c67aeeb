//! The objective of GLAD's maximisation step.

use rayon::prelude::*;

use crate::judgments::Judgments;

/// Tasks or workers handled together; fixed, so that sums do not depend on the number of threads.
const RUN: usize = 1024;

/// Judgments and priors, with the order of the judgments by worker.
pub(super) struct Model<'a> {
    pub(super) judgments: &'a Judgments,
    pub(super) class_prior: Vec<f64>,
    ability_prior: Vec<f64>,
    ease_prior: Vec<f64>,
    /// Where each worker's judgments are in task order.
    places: Vec<u32>,
    starts: Vec<u32>,
}

impl<'a> Model<'a> {
    pub(super) fn new(
        judgments: &'a Judgments,
        class_prior: Vec<f64>,
        ability_prior: Vec<f64>,
        ease_prior: Vec<f64>,
    ) -> Self {
        let mut starts = vec![0u32; judgments.workers() + 1];
        for &worker in judgments.worker_codes() {
            starts[worker as usize + 1] += 1;
        }
        for worker in 0..judgments.workers() {
            starts[worker + 1] += starts[worker];
        }
        let mut next = starts.clone();
        let mut places = vec![0u32; judgments.len()];
        for (place, &worker) in judgments.worker_codes().iter().enumerate() {
            places[next[worker as usize] as usize] = place as u32;
            next[worker as usize] += 1;
        }
        Self { judgments, class_prior, ability_prior, ease_prior, places, starts }
    }

    /// q(t, y) of each judgment, in task order.
    pub(super) fn rightness(&self, values: &[f64]) -> Vec<f64> {
        let classes = self.judgments.classes();
        let mut rightness = Vec::with_capacity(self.judgments.len());
        for (task, row) in values.chunks_exact(classes.max(1)).enumerate() {
            rightness.extend(self.judgments.task(task).map(|(_, label)| row[label]));
        }
        rightness
    }

    /// −Q at (abilities, eases), and its gradient.
    pub(super) fn loss(&self, rightness: &[f64], point: &[f64], gradient: &mut [f64]) -> f64 {
        let workers = self.judgments.workers();
        let (ability, ease) = point.split_at(workers);
        let (ability_slope, ease_slope) = gradient.split_at_mut(workers);
        let others = (self.judgments.classes().saturating_sub(1).max(1) as f64).ln();
        let offsets = self.judgments.offsets();
        let mut pulls = vec![0.0; rightness.len()];
        let runs =
            split_by(&mut pulls, offsets).into_par_iter().zip(ease_slope.par_chunks_mut(RUN));
        let sums: Vec<f64> = runs
            .enumerate()
            .map(|(run, (pulls, ease_slope))| {
                let start = offsets[run * RUN] as usize;
                let mut sum = 0.0;
                for (index, slope) in ease_slope.iter_mut().enumerate() {
                    let task = run * RUN + index;
                    let scale = ease[task].exp();
                    let shift = ease[task] - self.ease_prior[task];
                    *slope = shift;
                    sum += normal_loss(shift);
                    for place in offsets[task] as usize..offsets[task + 1] as usize {
                        let worker = self.judgments.worker_codes()[place] as usize;
                        let logit = ability[worker] * scale;
                        let right = rightness[place];
                        let plus = softplus(logit);
                        // ln σ = x − softplus(x), ln(1 − σ) = −softplus(x).
                        sum += plus - right * logit + (1.0 - right) * others;
                        let pull = (right - (logit - plus).exp()) * scale;
                        pulls[place - start] = pull;
                        *slope -= pull * ability[worker];
                    }
                }
                sum
            })
            .collect();
        ability_slope.par_iter_mut().with_min_len(16).enumerate().for_each(|(worker, slope)| {
            let places =
                &self.places[self.starts[worker] as usize..self.starts[worker + 1] as usize];
            let pull: f64 = places.iter().map(|&place| pulls[place as usize]).sum();
            *slope = ability[worker] - self.ability_prior[worker] - pull;
        });
        let prior: f64 = ability
            .iter()
            .zip(&self.ability_prior)
            .map(|(value, mean)| normal_loss(value - mean))
            .sum();
        sums.into_iter().sum::<f64>() + prior
    }
}

/// Splits judgments at every [`RUN`]-th task.
fn split_by<'a>(mut rest: &'a mut [f64], offsets: &[u32]) -> Vec<&'a mut [f64]> {
    let tasks = offsets.len() - 1;
    let mut parts = Vec::with_capacity(tasks.div_ceil(RUN));
    let mut done = 0;
    for start in (0..tasks).step_by(RUN) {
        let end = offsets[(start + RUN).min(tasks)] as usize;
        let (part, after) = rest.split_at_mut(end - done);
        parts.push(part);
        rest = after;
        done = end;
    }
    parts
}

/// −ln of the standard normal density.
fn normal_loss(x: f64) -> f64 {
    0.5 * x * x + 0.5 * (2.0 * std::f64::consts::PI).ln()
}

/// ln(1 + eˣ) without overflow.
pub(super) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}
