//! Rates over the last few outcomes, for rules.

use serde::{Deserialize, Serialize};

/// Which outcomes of a worker a rule looks at: gold right or wrong, work accepted or not, and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// How many of the latest outcomes count; all where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<u32>,
    /// Outcomes without which there is no rate.
    #[serde(default = "one")]
    pub at_least: u32,
}

fn one() -> u32 {
    1
}

impl Window {
    /// The share of good outcomes within the window, of outcomes in their order, the latest last; `None` while there are
    /// too few.
    pub fn rate(&self, outcomes: &[bool]) -> Option<f64> {
        let first = self.last.map_or(0, |last| outcomes.len().saturating_sub(last as usize));
        let window = &outcomes[first..];
        if window.is_empty() || window.len() < self.at_least as usize {
            return None;
        }
        let good = window.iter().filter(|&&good| good).count();
        Some(good as f64 / window.len() as f64)
    }

    /// The rate as a skill of 0..=100, rounded down as Toloka does.
    pub fn skill(&self, outcomes: &[bool]) -> Option<u8> {
        // A hair is added, so that 29 of 50 is 58 and not 57.99….
        self.rate(outcomes).map(|rate| (100.0 * rate + 1e-9) as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Toloka's example: a history of ten gold answers, a rule from three answers on.
    #[test]
    fn the_skill_follows_the_last_ten_gold_answers() {
        let outcomes = [1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1].map(|outcome| outcome == 1);
        let window = Window { last: Some(10), at_least: 3 };
        let skills: Vec<Option<u8>> =
            (1..=outcomes.len()).map(|count| window.skill(&outcomes[..count])).collect();
        let expected = [66, 75, 60, 66, 71, 62, 55, 50, 50, 60].map(Some);
        assert_eq!(skills, [&[None, None][..], &expected].concat());
    }

    #[test]
    fn without_a_length_everything_counts() {
        let all = Window { last: None, at_least: 1 };
        assert_eq!(all.rate(&[]), None);
        assert_eq!(all.rate(&[true, false, false, false]), Some(0.25));
        assert_eq!(all.skill(&[[true; 29].as_slice(), &[false; 21]].concat()), Some(58));
    }
}
