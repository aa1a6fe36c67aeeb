//! The rule `auto`: a batch shares its judgments out among its tasks, until all of them reach its target.
//!
//! How sure a task is means [`Models::progress`](crate::models::Models::progress) here; what one more judgment is worth,
//! [`Models::gain`](crate::models::Models::gain).

/// One in so many tasks gets another judgment before the models are fitted again.
const SHARE: usize = 20;
/// Tasks whose doubt differs by less than a power of ten so many times are alike.
const STAGES: f64 = 4.0;
/// Doubt below this does not matter.
const LEAST_DOUBT: f64 = 1e-6;

/// How many of so many tasks get another judgment at a time.
pub fn round(tasks: usize) -> usize {
    (tasks / SHARE).max(1)
}

/// Which task gets the next judgment: the one with the highest rank.
///
/// Tasks in most doubt come first; among those in about the same doubt the one where a judgment is expected to gain most.
/// By gain alone, tasks that would need several judgments would be left to the end.
///
/// # Example: doubt goes before gain
/// ```
/// use crowdsmith_quality::share_out::rank;
///
/// assert!(rank(0.6, 0.01) > rank(0.9, 0.05));
/// assert!(rank(0.9, 0.05) > rank(0.91, 0.02));
/// ```
pub fn rank(sureness: f64, gain: f64) -> f64 {
    let doubt = (1.0 - sureness).max(LEAST_DOUBT);
    // A share below 1 of the gain, so that it never outweighs a stage.
    (STAGES * doubt.log10()).floor() + gain / (1.0 + gain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_task_in_twenty_gets_another_judgment_and_at_least_one() {
        for (tasks, expected) in [(1, 1), (39, 1), (40, 2), (1000, 50)] {
            assert_eq!(round(tasks), expected, "{tasks} tasks");
        }
    }

    #[test]
    fn no_gain_outweighs_doubt_and_certainty_has_a_rank() {
        assert!(rank(0.5, 0.0) > rank(0.99, 4.0));
        assert!(rank(1.0, 0.1) > rank(1.0, 0.0));
        assert!(rank(1.0, 0.0).is_finite());
    }
}
