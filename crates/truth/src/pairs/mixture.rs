//! Comparisons by workers of different reliability: each answer is either meant or not.

use super::bradley_terry::{Ascent, Ties};
use super::comparisons::{Comparisons, Win};
use crate::error::{Error, check_parameter};

/// Strengths of items and what was learned of the workers.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkerStrengths {
    /// One number per item, at least 0, summing to 1.
    pub scores: Vec<f64>,
    /// Probability that a worker's answer follows the strengths, 0..1; one per worker.
    pub reliability: Vec<f64>,
    /// Probability that a worker who does not look picks the left item, 0..1; ½ where the model has no such bias.
    pub left_bias: Vec<f64>,
    /// How many rounds of expectation and maximisation were made.
    pub iterations: usize,
    /// Whether the last round changed the scores by less than the tolerance.
    pub converged: bool,
}

/// `CrowdBT`: a worker says what is true with probability η, and the opposite otherwise.
///
/// `P(k says i beats j) = η_k σ_ij + (1 - η_k)(1 - σ_ij)` with `σ_ij = p_i / (p_i + p_j)` and a Beta prior on η.
/// Fitted by expectation-maximisation, the strengths by the minorise-maximise step of
/// [`BradleyTerry`](super::BradleyTerry). A worker with η below ½ is read in reverse.
///
/// Source: Chen, Bennett, Collins-Thompson & Horvitz 2013, doi:10.1145/2433396.2433420.
#[derive(Debug, Clone, PartialEq)]
pub struct CrowdBradleyTerry {
    /// Most rounds.
    pub iterations: usize,
    /// Stop when the scores change by less than this in sum of absolute differences.
    pub tolerance: f64,
    /// Comparisons of every item with a typical item that are added, half of them won; above 0 keeps scores inside.
    pub prior: f64,
    /// Beta prior of a worker's reliability: (meant, not meant) pseudo-answers, both above 0.
    pub reliability_prior: (f64, f64),
}

impl Default for CrowdBradleyTerry {
    fn default() -> Self {
        Self { iterations: 500, tolerance: 1e-8, prior: 0.1, reliability_prior: (4.0, 1.0) }
    }
}

/// Noisy Bradley-Terry: a worker either compares, or answers without looking and then favours one side.
///
/// `P(k picks left) = γ_k σ_ij + (1 - γ_k) β_k`, with the reliability γ and the side bias β of the worker. Fitted
/// by expectation-maximisation like [`CrowdBradleyTerry`].
///
/// Source: Bugakova, Fedorova, Gusev & Drutsa 2019, "Aggregation of pairwise comparisons with reduction of
/// biases", arXiv:1906.03711.
#[derive(Debug, Clone, PartialEq)]
pub struct NoisyBradleyTerry {
    /// Most rounds.
    pub iterations: usize,
    /// Stop when the scores change by less than this in sum of absolute differences.
    pub tolerance: f64,
    /// Comparisons of every item with a typical item that are added, half of them won; above 0 keeps scores inside.
    pub prior: f64,
    /// Beta prior of a worker's reliability: (looked, did not look) pseudo-answers, both above 0.
    pub reliability_prior: (f64, f64),
    /// Pseudo-answers to the left and as many to the right in the side bias; above 0.
    pub bias_prior: f64,
}

impl Default for NoisyBradleyTerry {
    fn default() -> Self {
        Self {
            iterations: 500,
            tolerance: 1e-8,
            prior: 0.1,
            reliability_prior: (4.0, 1.0),
            bias_prior: 1.0,
        }
    }
}

impl CrowdBradleyTerry {
    /// Estimates strengths and reliabilities.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a prior or tolerance that is negative.
    pub fn fit(&self, comparisons: &Comparisons) -> Result<WorkerStrengths, Error> {
        let mixture = Mixture { reliability: self.reliability_prior, bias: None };
        mixture.fit(comparisons, self.iterations, self.tolerance, self.prior)
    }
}

impl NoisyBradleyTerry {
    /// Estimates strengths, reliabilities and side biases.
    ///
    /// # Errors
    /// Columns of different length, a code out of range, a prior or tolerance that is negative.
    pub fn fit(&self, comparisons: &Comparisons) -> Result<WorkerStrengths, Error> {
        let bias = self.bias_prior;
        check_parameter("bias_prior", bias, bias > 0.0, "above 0")?;
        let mixture = Mixture { reliability: self.reliability_prior, bias: Some(bias) };
        mixture.fit(comparisons, self.iterations, self.tolerance, self.prior)
    }
}

/// The two models differ in what an answer says that was not meant: the opposite, or a side.
struct Mixture {
    reliability: (f64, f64),
    bias: Option<f64>,
}

impl Mixture {
    fn fit(
        &self,
        comparisons: &Comparisons,
        most: usize,
        tolerance: f64,
        prior: f64,
    ) -> Result<WorkerStrengths, Error> {
        comparisons.check()?;
        self.check(tolerance, prior)?;
        let wins = comparisons.wins();
        let mut ascent = Ascent::new(comparisons.items, prior, Ties::Halves);
        let (meant, other) = self.reliability;
        let mut reliability = vec![meant / (meant + other); comparisons.workers];
        let mut bias = vec![0.5; comparisons.workers];
        let (mut iterations, mut converged) = (0, comparisons.items == 0);
        while iterations < most && !converged {
            iterations += 1;
            let belief: Vec<f64> = (wins.iter())
                .map(|win| self.belief(win, &ascent.scores, &reliability, &bias))
                .collect();
            let moved = self.climb(&mut ascent, &wins, &belief);
            self.update_workers(&wins, &belief, &mut reliability, &mut bias);
            converged = moved < tolerance;
        }
        let scores = ascent.scores;
        Ok(WorkerStrengths { scores, reliability, left_bias: bias, iterations, converged })
    }

    fn check(&self, tolerance: f64, prior: f64) -> Result<(), Error> {
        check_parameter("tolerance", tolerance, tolerance >= 0.0, "at least 0")?;
        check_parameter("prior", prior, prior >= 0.0, "at least 0")?;
        let (meant, other) = self.reliability;
        check_parameter("reliability_prior", meant, meant > 0.0, "above 0")?;
        check_parameter("reliability_prior", other, other > 0.0, "above 0")
    }

    /// The probability that this answer was meant.
    fn belief(&self, win: &Win, scores: &[f64], reliability: &[f64], bias: &[f64]) -> f64 {
        let (p, q) = (scores[win.winner], scores[win.loser]);
        let wins = if p + q > 0.0 { p / (p + q) } else { 0.5 };
        let unmeant = match self.bias {
            None => 1.0 - wins,
            Some(_) if win.left_won => bias[win.worker],
            Some(_) => 1.0 - bias[win.worker],
        };
        let meant = reliability[win.worker] * wins;
        let other = (1.0 - reliability[win.worker]) * unmeant;
        if meant + other > 0.0 { meant / (meant + other) } else { 0.5 }
    }

    fn climb(&self, ascent: &mut Ascent, wins: &[Win], belief: &[f64]) -> f64 {
        let before = ascent.scores.clone();
        // A few cheap steps for one round of beliefs; each climbs, so the whole stays monotone.
        for _ in 0..5 {
            let meant = wins.iter().zip(belief).map(|(win, &belief)| (*win, win.weight * belief));
            if self.bias.is_some() {
                ascent.step(meant);
            } else {
                let reversed = wins.iter().zip(belief).map(|(win, &belief)| {
                    let (winner, loser) = (win.loser, win.winner);
                    (Win { winner, loser, ..*win }, win.weight * (1.0 - belief))
                });
                ascent.step(meant.chain(reversed));
            }
        }
        ascent.scores.iter().zip(before).map(|(new, old)| (new - old).abs()).sum()
    }

    fn update_workers(
        &self,
        wins: &[Win],
        belief: &[f64],
        reliability: &mut [f64],
        bias: &mut [f64],
    ) {
        let (prior_meant, prior_other) = self.reliability;
        let mut meant = vec![prior_meant; reliability.len()];
        let mut all = vec![prior_meant + prior_other; reliability.len()];
        let side = self.bias.unwrap_or(1.0);
        let mut left = vec![side; bias.len()];
        let mut sides = vec![2.0 * side; bias.len()];
        for (win, &belief) in wins.iter().zip(belief) {
            meant[win.worker] += win.weight * belief;
            all[win.worker] += win.weight;
            let unmeant = win.weight * (1.0 - belief);
            sides[win.worker] += unmeant;
            left[win.worker] += if win.left_won { unmeant } else { 0.0 };
        }
        for (worker, value) in reliability.iter_mut().enumerate() {
            *value = meant[worker] / all[worker];
            if self.bias.is_some() {
                bias[worker] = left[worker] / sides[worker];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Outcome;
    use super::super::bradley_terry::tests::comparisons;
    use super::*;

    /// Ten items in known order; honest workers, one who lies, one who always says left.
    fn crowd() -> Comparisons {
        let mut rows = Vec::new();
        for left in 0..10u32 {
            for right in 0..10u32 {
                if left == right {
                    continue;
                }
                let (true_answer, lie) = if left < right {
                    (Outcome::Left, Outcome::Right)
                } else {
                    (Outcome::Right, Outcome::Left)
                };
                let slip = (left * 7 + right * 3) % 11 == 0 && left.abs_diff(right) < 3;
                rows.push((0, left, right, if slip { lie } else { true_answer }));
                rows.push((1, left, right, true_answer));
                rows.push((2, left, right, lie));
                rows.push((3, left, right, Outcome::Left));
            }
        }
        comparisons(&rows)
    }

    fn is_ordered(scores: &[f64]) -> bool {
        scores.windows(2).all(|pair| pair[0] > pair[1])
    }

    #[test]
    fn crowd_bt_reads_a_liar_in_reverse() {
        let fit = CrowdBradleyTerry::default().fit(&crowd()).unwrap();
        assert!(is_ordered(&fit.scores), "{fit:?}");
        assert!(fit.reliability[1] > 0.9 && fit.reliability[2] < 0.2, "{fit:?}");
        assert!((fit.reliability[3] - 0.5).abs() < 0.1, "{fit:?}");
    }

    #[test]
    fn noisy_bt_finds_who_always_says_left() {
        let fit = NoisyBradleyTerry::default().fit(&crowd()).unwrap();
        assert!(is_ordered(&fit.scores), "{fit:?}");
        assert!(fit.reliability[1] > 0.9 && fit.reliability[3] < 0.5, "{fit:?}");
        assert!(fit.left_bias[3] > 0.9, "{fit:?}");
    }

    proptest! {
        #[test]
        fn everything_is_a_probability(
            rows in prop::collection::vec((0..4u32, 0..5u32, 0..5u32, 0..3u8), 0..30),
            prior in 0.0..1.0f64,
        ) {
            let outcomes = [Outcome::Left, Outcome::Right, Outcome::Tie];
            let rows: Vec<_> =
                rows.into_iter().map(|(w, l, r, o)| (w, l, r, outcomes[o as usize])).collect();
            let columns = comparisons(&rows);
            let crowd = CrowdBradleyTerry { iterations: 30, prior, ..CrowdBradleyTerry::default() };
            let noisy = NoisyBradleyTerry { iterations: 30, prior, ..NoisyBradleyTerry::default() };
            for fit in [crowd.fit(&columns).unwrap(), noisy.fit(&columns).unwrap()] {
                let all = fit.scores.iter().chain(&fit.reliability).chain(&fit.left_bias);
                for value in all {
                    prop_assert!((0.0..=1.0).contains(value), "{:?}", fit);
                }
            }
        }
    }
}
