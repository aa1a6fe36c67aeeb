//! The maximisation step: pooled confusions, accuracy offsets, own rows.

use rayon::prelude::*;

use super::Rows;
use crate::fit::Confusions;
use crate::special::ln_gamma;

/// Workers handled together; fixed, so that sums do not depend on the number of threads.
const BLOCK: usize = 256;
/// Strengths s tried for the workers' own rows.
const STRENGTHS: [f64; 9] = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];
/// Workers looked at for the strength; more would not change it.
const SAMPLE: usize = 2000;
/// Newton steps of an offset in each iteration, from where the last iteration left it.
const STEPS: usize = 4;

/// The estimates of all levels but the rows themselves.
pub(super) struct Levels {
    classes: usize,
    rows: Rows,
    pub(super) offsets: Vec<f64>,
    pub(super) variance: f64,
    pub(super) strength: f64,
    /// logit P(c | c) of the crowd.
    rates: Vec<f64>,
    /// P(answer | truth, answer is wrong) of the crowd, `[answer][truth]`.
    wrong: Vec<f64>,
    updates: u32,
}

impl Levels {
    pub(super) fn new(workers: usize, classes: usize, rows: Rows) -> Self {
        Self {
            classes,
            rows,
            offsets: vec![0.0; workers],
            variance: 1.0,
            strength: 8.0,
            rates: Vec::new(),
            wrong: Vec::new(),
            updates: 0,
        }
    }

    /// New estimates from expected counts `[worker][answer][truth]`, and the table of probabilities they give.
    pub(super) fn update(&mut self, counts: &[f64], table: &mut [f32]) {
        if counts.is_empty() {
            return;
        }
        self.pool(counts);
        self.update_offsets(counts);
        // The strength settles within a few iterations; later ones look at it now and then.
        if self.rows == Rows::Own && (self.updates < 6 || self.updates.is_multiple_of(8)) {
            self.update_strength(counts);
        }
        self.updates += 1;
        let square = self.classes * self.classes;
        let blocks = table.par_chunks_mut(BLOCK * square).enumerate();
        blocks.for_each(|(block, table)| {
            for (index, table) in table.chunks_exact_mut(square).enumerate() {
                let worker = block * BLOCK + index;
                self.rows(worker, &counts[worker * square..][..square], |cell, value| {
                    table[cell] = value as f32;
                });
            }
        });
    }

    /// The crowd's confusions, half a judgment a truth added so that no answer is impossible.
    fn pool(&mut self, counts: &[f64]) {
        let (classes, square) = (self.classes, self.classes * self.classes);
        let blocks: Vec<Vec<f64>> = counts
            .par_chunks(BLOCK * square)
            .map(|block| {
                let mut sums = vec![0.0; square];
                for worker in block.chunks_exact(square) {
                    sums.iter_mut().zip(worker).for_each(|(sum, count)| *sum += count);
                }
                sums
            })
            .collect();
        let mut pooled = vec![0.5 / classes as f64; square];
        for block in blocks {
            pooled.iter_mut().zip(block).for_each(|(sum, count)| *sum += count);
        }
        self.rates = vec![0.0; classes];
        for truth in 0..classes {
            let total: f64 = (0..classes).map(|answer| pooled[answer * classes + truth]).sum();
            let right = (pooled[truth * classes + truth] / total).clamp(1e-4, 1.0 - 1e-4);
            self.rates[truth] = (right / (1.0 - right)).ln();
            pooled[truth * classes + truth] = 0.0;
            let wrong: f64 = (0..classes).map(|answer| pooled[answer * classes + truth]).sum();
            (0..classes).for_each(|answer| pooled[answer * classes + truth] /= wrong.max(1e-12));
        }
        self.wrong = pooled;
    }

    /// Maximum a posteriori offset of every worker, then their variance.
    fn update_offsets(&mut self, counts: &[f64]) {
        let square = self.classes * self.classes;
        let offsets = std::mem::take(&mut self.offsets);
        let found: Vec<(f64, Option<f64>)> = offsets
            .par_iter()
            .zip(counts.par_chunks_exact(square))
            .with_min_len(BLOCK)
            .map(|(&offset, counts)| self.offset(offset, counts))
            .collect();
        let (mut sum, mut judging) = (1.0, 1.0);
        for (offset, spread) in
            found.iter().filter_map(|(offset, spread)| spread.map(|spread| (offset, spread)))
        {
            sum += offset * offset + spread;
            judging += 1.0;
        }
        self.variance = (sum / judging).clamp(0.05, 9.0);
        self.offsets = found.into_iter().map(|(offset, _)| offset).collect();
    }

    /// Newton's method on Σ n(c) ln-likelihood of right answers − δ²/2τ²; the second value is the inverse curvature,
    /// `None` for a worker without judgments.
    fn offset(&self, mut offset: f64, counts: &[f64]) -> (f64, Option<f64>) {
        let classes = self.classes;
        let judged: Vec<f64> = (0..classes)
            .map(|truth| (0..classes).map(|answer| counts[answer * classes + truth]).sum())
            .collect();
        if judged.iter().sum::<f64>() <= 0.0 {
            return (0.0, None);
        }
        let right: f64 = (0..classes).map(|truth| counts[truth * classes + truth]).sum();
        let mut curvature = 1.0;
        for _ in 0..STEPS {
            let (mut slope, mut bend) = (right - offset / self.variance, 1.0 / self.variance);
            for (rate, judged) in self.rates.iter().zip(&judged) {
                let accuracy = logistic(rate + offset);
                slope -= judged * accuracy;
                bend += judged * accuracy * (1.0 - accuracy);
            }
            offset += (slope / bend).clamp(-1.0, 1.0);
            curvature = bend;
        }
        (offset, Some(1.0 / curvature))
    }

    /// The strength of most Dirichlet-multinomial evidence Σ ln Γ(N + sπ₀) − ln Γ(sπ₀) − ln Γ(n + s) + ln Γ(s).
    fn update_strength(&mut self, counts: &[f64]) {
        let (classes, square) = (self.classes, self.classes * self.classes);
        let step = self.offsets.len().div_ceil(SAMPLE);
        let evidence = |strength: &f64| -> f64 {
            let strength = *strength;
            let mut sum = 0.0;
            for worker in (0..self.offsets.len()).step_by(step) {
                let counts = &counts[worker * square..][..square];
                for truth in 0..classes {
                    let mut judged = 0.0;
                    let right = logistic(self.rates[truth] + self.offsets[worker]);
                    for answer in 0..classes {
                        let count = counts[answer * classes + truth];
                        if count > 1e-9 {
                            let prior = strength * self.shape(answer, truth, right);
                            sum += ln_gamma(count + prior) - ln_gamma(prior);
                            judged += count;
                        }
                    }
                    if judged > 0.0 {
                        sum += ln_gamma(strength) - ln_gamma(strength + judged);
                    }
                }
            }
            sum
        };
        let found: Vec<f64> = STRENGTHS.par_iter().map(evidence).collect();
        self.strength = STRENGTHS[crate::fit::argmax(&found)];
    }

    /// π₀ʷ(truth, answer) of a worker who is right with probability `right`.
    fn shape(&self, answer: usize, truth: usize, right: f64) -> f64 {
        let value = if answer == truth {
            right
        } else {
            (1.0 - right) * self.wrong[answer * self.classes + truth]
        };
        value.clamp(1e-6, 1.0)
    }

    /// Calls `write(cell, probability)` for the rows of a worker, cells `[answer][truth]`.
    fn rows(&self, worker: usize, counts: &[f64], mut write: impl FnMut(usize, f64)) {
        let classes = self.classes;
        for truth in 0..classes {
            let right = logistic(self.rates[truth] + self.offsets[worker]);
            let judged: f64 = (0..classes).map(|answer| counts[answer * classes + truth]).sum();
            for answer in 0..classes {
                let cell = answer * classes + truth;
                let shape = self.shape(answer, truth, right);
                let own = (counts[cell] + self.strength * shape) / (judged + self.strength);
                write(cell, if self.rows == Rows::Own { own } else { shape });
            }
        }
    }

    /// The rows as the answer of a fit, each summing to 1.
    pub(super) fn confusions(&self, counts: &[f64]) -> Confusions {
        let (classes, square) = (self.classes, self.classes * self.classes);
        let mut probability = vec![0.0; counts.len()];
        let mut weight = vec![0.0; counts.len().checked_div(classes).unwrap_or(0)];
        for worker in 0..self.offsets.len().min(counts.len()) {
            let counts = &counts[worker * square..][..square];
            let rows = &mut probability[worker * square..][..square];
            self.rows(worker, counts, |cell, value| {
                rows[cell % classes * classes + cell / classes] = value;
            });
            rows.chunks_exact_mut(classes).for_each(super::normalise);
            for (cell, count) in counts.iter().enumerate() {
                weight[worker * classes + cell % classes] += count;
            }
        }
        Confusions::new(classes, probability, weight).expect("a row of classes a worker and truth")
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
