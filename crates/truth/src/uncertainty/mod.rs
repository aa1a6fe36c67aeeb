//! How sure an estimate is: credible intervals, and how many more judgments a task needs.

mod needed;

pub use needed::{Crowd, judgments_needed};

use crate::fit::{Beta, Confusions};
use crate::special::beta_quantile;

/// An interval that holds a probability with a given credibility, equal tails left out on both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Beta {
    /// The equal-tailed credible interval of the given level, for example 0.95; levels are clamped to [0, 1].
    ///
    /// ```
    /// use crowdsmith_truth::Beta;
    ///
    /// // Nine right and one wrong, from a uniform prior.
    /// let interval = Beta { alpha: 10.0, beta: 2.0 }.interval(0.95);
    /// assert!((interval.low - 0.587).abs() < 1e-3 && (interval.high - 0.977).abs() < 1e-3);
    /// ```
    pub fn interval(self, level: f64) -> Interval {
        let tail = 0.5 * (1.0 - level.clamp(0.0, 1.0));
        Interval {
            low: beta_quantile(self.alpha, self.beta, tail),
            high: beta_quantile(self.alpha, self.beta, 1.0 - tail),
        }
    }
}

impl Confusions {
    /// Credible intervals of one row: each answer's probability given the truth is Beta(½ + n p, ½ + n (1 − p)) with
    /// n the judgments that the row rests on.
    ///
    /// # Panics
    /// If there is no such worker or class.
    pub fn row_intervals(&self, worker: usize, truth: usize, level: f64) -> Vec<Interval> {
        let weight = self.weight(worker, truth);
        let beta = |probability: &f64| {
            let share = probability.clamp(0.0, 1.0);
            Beta { alpha: 0.5 + weight * share, beta: 0.5 + weight * (1.0 - share) }
        };
        self.row(worker, truth).iter().map(|share| beta(share).interval(level)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_shrink_with_evidence_and_hold_the_mean() {
        let confusions = Confusions::new(2, vec![0.8, 0.2, 0.3, 0.7], vec![10.0, 1000.0]).unwrap();
        let (few, many) =
            (confusions.row_intervals(0, 0, 0.95), confusions.row_intervals(0, 1, 0.95));
        assert!(few[0].low < 0.8 && few[0].high > 0.8 && few[0].high - few[0].low > 0.3);
        assert!(many[1].low < 0.7 && many[1].high > 0.7 && many[1].high - many[1].low < 0.07);
    }

    #[test]
    fn a_level_out_of_range_is_clamped() {
        let beta = Beta { alpha: 2.0, beta: 3.0 };
        let all = beta.interval(2.0);
        assert!(all.low < 1e-9 && all.high > 0.9999);
        let none = beta.interval(-1.0);
        assert!((none.high - none.low).abs() < 1e-9);
    }
}
