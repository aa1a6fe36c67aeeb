//! How far a worker can be trusted.

use crowdsmith_truth::Beta;
use crowdsmith_truth::special::{beta_i, beta_quantile};
use serde::{Deserialize, Serialize};

/// Judgments that a prior of the crowd counts as.
const PRIOR: f64 = 4.0;
/// What a judgment on a task without known answer counts beside one on gold: its rightness is itself estimated, partly
/// from that judgment.
const INFERRED: f64 = 0.5;
/// Observations without which nobody is below a minimum.
const ENOUGH: f64 = 3.0;
/// Probability of being below the minimum from which on a worker is.
const CREDIBLE: f64 = 0.9;

/// What is believed about a worker's accuracy: a Beta distribution that grows with gold and with judgments.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    alpha: f64,
    beta: f64,
    /// Observations beyond the prior; an inferred one counts half.
    evidence: f64,
}

impl Trust {
    /// A worker of whom nothing is known: like a crowd of the given mean accuracy in (0, 1).
    pub fn of_crowd(accuracy: f64) -> Self {
        let accuracy = accuracy.clamp(0.01, 0.99);
        Self { alpha: PRIOR * accuracy, beta: PRIOR * (1.0 - accuracy), evidence: 0.0 }
    }

    /// A worker known from earlier batches: what was believed then, as if it came from at most `most` observations.
    pub fn carried_over(earlier: Self, most: f64) -> Self {
        let total = earlier.alpha + earlier.beta;
        let scale = (most.max(1.0) / total).min(1.0);
        Self { alpha: earlier.alpha * scale, beta: earlier.beta * scale, evidence: 0.0 }
    }

    /// With so many gold tasks answered right and wrong.
    #[must_use]
    pub fn with_gold(self, right: u32, wrong: u32) -> Self {
        self.with(f64::from(right), f64::from(wrong))
    }

    /// With the worker's accuracy as the worker models see it
    /// ([`Models::worker_accuracy`](crate::models::Models::worker_accuracy)); a judgment counts half.
    #[must_use]
    pub fn with_model(self, accuracy: Beta) -> Self {
        let right = (accuracy.alpha - 1.0).max(0.0);
        let wrong = (accuracy.beta - 1.0).max(0.0);
        self.with(INFERRED * right, INFERRED * wrong)
    }

    fn with(self, right: f64, wrong: f64) -> Self {
        Self {
            alpha: self.alpha + right,
            beta: self.beta + wrong,
            evidence: self.evidence + right + wrong,
        }
    }

    /// Expected accuracy, in (0, 1).
    pub fn mean(self) -> f64 {
        self.posterior().mean()
    }

    /// The accuracy that the worker exceeds with the given probability, for example 0.9.
    pub fn lower_bound(self, probability: f64) -> f64 {
        beta_quantile(self.alpha, self.beta, 1.0 - probability.clamp(0.0, 1.0))
    }

    /// The whole distribution.
    pub fn posterior(self) -> Beta {
        Beta { alpha: self.alpha, beta: self.beta }
    }

    /// Observations beyond the prior: gold answered, and half of the other judgments that the models looked at.
    pub fn evidence(self) -> f64 {
        self.evidence
    }

    /// Whether the worker is below a minimum accuracy, with enough evidence: at least three observations and a
    /// probability of 90 %.
    pub fn below(self, minimum: f64) -> bool {
        self.evidence >= ENOUGH && beta_i(self.alpha, self.beta, minimum) >= CREDIBLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_below_the_minimum_without_evidence() {
        let newcomer = Trust::of_crowd(0.6);
        assert!(!newcomer.below(0.9));
        assert!(!newcomer.with_gold(0, 2).below(0.7));
        assert!(newcomer.with_gold(0, 4).below(0.7));
        assert!(!newcomer.with_gold(7, 3).below(0.7));
        assert!(newcomer.with_gold(70, 130).below(0.7));
    }

    #[test]
    fn the_lower_bound_rises_with_evidence() {
        let few = Trust::of_crowd(0.8).with_gold(8, 2);
        let many = Trust::of_crowd(0.8).with_gold(80, 20);
        assert!(few.lower_bound(0.9) < many.lower_bound(0.9));
        assert!(many.lower_bound(0.9) < many.mean());
        assert!((many.mean() - 0.8).abs() < 1e-12);
    }

    #[test]
    fn inferred_judgments_count_half_and_earlier_trust_is_capped() {
        let seen = Trust::of_crowd(0.7).with_model(Beta { alpha: 9.0, beta: 3.0 });
        assert!((seen.evidence() - 5.0).abs() < 1e-12);
        let carried = Trust::carried_over(seen.with_gold(90, 10), 10.0);
        let total = carried.posterior().alpha + carried.posterior().beta;
        assert!((total - 10.0).abs() < 1e-9);
        assert!(carried.evidence().abs() < 1e-12);
        assert!((carried.mean() - seen.with_gold(90, 10).mean()).abs() < 1e-12);
    }
}
