//! How much gold a worker gets, and where in a suite it stands.

use crowdsmith_truth::rng::Rng;
use serde::{Deserialize, Serialize};

use crate::trust::Trust;

/// Share of the first gold frequency that a fully trusted worker still gets.
const FLOOR: f64 = 0.2;
/// Observations after which the frequency has halved for a worker who is clearly above the minimum.
const HALF: f64 = 10.0;

/// How many gold tasks stand in a suite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "plan", rename_all = "snake_case", deny_unknown_fields)]
pub enum GoldPlan {
    /// The same number in every suite.
    PerSuite {
        /// Gold tasks of each suite.
        count: u32,
    },
    /// A share of the tasks that tapers as trust grows.
    Taper {
        /// Share of gold among the tasks of a newcomer, in (0, 1].
        share: f64,
    },
}

impl GoldPlan {
    /// Gold tasks of the next suite, at most all of its `tasks`.
    ///
    /// A tapering share s becomes s · max(1/5, (1 − g) + g · 10/(10 + n)) with n the observations behind the trust and
    /// g the probability-like distance of its lower bound above the minimum, so that a worker near the minimum keeps
    /// being looked at. Fractions are carried from suite to suite: `suites` are those the worker has had.
    pub fn count(self, tasks: usize, suites: u32, trust: Trust, minimum: f64) -> usize {
        match self {
            Self::PerSuite { count } => (count as usize).min(tasks),
            Self::Taper { share } => {
                let each = share.clamp(0.0, 1.0) * tapered(trust, minimum) * tasks as f64;
                let until = |suites: u32| (each * f64::from(suites) + 0.5).floor();
                let due = (until(suites + 1) - until(suites)) as usize;
                // Nobody starts without gold.
                due.max(usize::from(suites == 0 && share > 0.0)).min(tasks)
            }
        }
    }
}

fn tapered(trust: Trust, minimum: f64) -> f64 {
    let room = (1.0 - minimum).max(1e-6);
    let above = ((trust.lower_bound(0.9) - minimum) / room).clamp(0.0, 1.0).sqrt();
    let worn = HALF / (HALF + trust.evidence());
    ((1.0 - above) + above * worn).max(FLOOR)
}

/// Places of `gold` gold tasks among `tasks` places of a suite, ascending; every choice of places is equally likely, and
/// only who knows the seed can tell which.
pub fn places(seed: u64, tasks: usize, gold: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..tasks).collect();
    Rng::new(seed).shuffle(&mut places);
    places.truncate(gold);
    places.sort_unstable();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gold_tapers_with_trust_and_not_for_the_doubtful() {
        let plan = GoldPlan::Taper { share: 0.25 };
        let total = |trust: Trust| -> usize {
            (0..20).map(|suites| plan.count(10, suites, trust, 0.7)).sum()
        };
        let newcomer = Trust::of_crowd(0.8);
        assert_eq!(total(newcomer), 50);
        assert!((10..25).contains(&total(newcomer.with_gold(58, 2))));
        assert!(total(newcomer.with_gold(45, 15)) > 35);
        assert_eq!(GoldPlan::PerSuite { count: 3 }.count(2, 7, newcomer, 0.7), 2);
    }

    #[test]
    fn the_first_suite_has_gold() {
        let plan = GoldPlan::Taper { share: 0.01 };
        assert_eq!(plan.count(5, 0, Trust::of_crowd(0.8), 0.7), 1);
        assert_eq!(GoldPlan::Taper { share: 0.0 }.count(5, 0, Trust::of_crowd(0.8), 0.7), 0);
    }

    #[test]
    fn places_are_spread_evenly_and_repeatable() {
        let mut seen = [0; 6];
        for seed in 0..6000 {
            let places = places(seed, 6, 2);
            assert_eq!(places.len(), 2);
            for place in places {
                seen[place] += 1;
            }
        }
        assert!(seen.iter().all(|count| (1850..2150).contains(count)), "{seen:?}");
        assert_eq!(places(3, 6, 2), places(3, 6, 2));
        assert_eq!(places(3, 2, 5), [0, 1]);
    }
}
