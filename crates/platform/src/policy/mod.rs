//! Policy: the rules of a batch that decide who may work, when to ask again, when to stop.
//!
//! It is stored as its requester wrote it (the keys [`KEYS`] of a batch's settings) and read anew by the same strict reader.

mod audience;
mod overlap;
mod read;
pub(crate) mod rules;

use crowdsmith_quality::gold_plan::GoldPlan;
use indexmap::IndexMap;
use serde_json::{Map, Value};

pub use audience::Audience;
pub use overlap::{Ambiguous, Overlap};
pub use rules::Rule;

use crate::error::{Error, Result};

/// Judgments of a task where nothing else is said.
pub const DEFAULT_OVERLAP: u32 = 3;
/// The keys of a batch's settings that make its policy.
pub const KEYS: [&str; 9] = [
    "overlap",
    "ambiguous",
    "gold",
    "quiz",
    "trust",
    "rules",
    "pause_problems",
    "place",
    "audience",
];
/// Reports of a problem that pause a task where nothing else is said.
pub const DEFAULT_PAUSE_PROBLEMS: i64 = 3;

#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub overlap: Overlap,
    pub ambiguous: Ambiguous,
    pub gold: GoldTerms,
    /// Whether gold or a quiz is spoken of.
    pub expects_gold: bool,
    pub quiz: Option<QuizTerms>,
    pub trust: Option<TrustTerms>,
    pub rules: Vec<Rule>,
    /// A task that so many workers report a problem with pauses itself.
    pub pause_problems: i64,
    pub place: Option<PlaceTerms>,
    pub audience: Audience,
}

/// How near to a task's place its answer must come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaceTerms {
    /// Metres between the task's place and the worker's position, beside what the position itself may be wrong.
    pub max_distance: f64,
}

/// How gold is mixed into the work, and when it is taken out again.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldTerms {
    /// Gold tasks in each suite.
    pub per_suite: i64,
    /// Whether that becomes less as trust grows.
    pub taper: bool,
    /// What becomes of a worker who has seen all gold.
    pub used_up: UsedUp,
    /// Whether a missed gold is left unexplained, unless the gold itself says otherwise.
    pub secret: bool,
    /// A gold that more than this share of its workers misses pauses itself,
    pub pause_missed: f64,
    /// once so many have answered it;
    pub pause_after: i64,
    /// or when so many contest it.
    pub pause_contested: i64,
    pub automatic: Option<Automatic>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedUp {
    Stop,
    Continue,
}

/// Gold made from finished tasks.
#[derive(Clone, Debug, PartialEq)]
pub struct Automatic {
    /// Least confidence of the result, in (0, 1).
    pub confidence: f64,
    /// Least number of judgments.
    pub judgments: i64,
    /// Whether the requester confirms each.
    pub confirm: bool,
    /// Gold tasks of the batch, at most.
    pub most: i64,
    /// Weights of the answers among gold; evenly over all answers where absent.
    pub spread: Option<IndexMap<String, f64>>,
}

/// Gold that a worker must pass to start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuizTerms {
    pub length: i64,
    /// Least share of right answers.
    pub pass: f64,
    pub tries: i64,
    pub paid: bool,
}

/// When a worker's judgments stop counting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrustTerms {
    /// Least accuracy, in (0, 1).
    pub minimum: f64,
    pub from: TrustFrom,
    /// Gold answers before gold alone can exclude anyone.
    pub evidence: i64,
    pub pay: ExcludedPay,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrustFrom {
    Gold,
    Model,
    Both,
}

/// What becomes of what an excluded worker earned in the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExcludedPay {
    Keep,
    TakeBack,
}

impl Policy {
    /// Reads the policy's keys of a batch's settings; absent ones have their defaults.
    pub fn read(path: &str, given: &Map<String, Value>) -> Result<Self> {
        read::policy(path, given)
    }

    /// Reads what is stored.
    pub(crate) fn stored(json: &str) -> Result<Self> {
        let given: Map<String, Value> = serde_json::from_str(json)
            .map_err(|error| Error::Internal(format!("a stored policy: {error}")))?;
        Self::read("", &given)
    }

    /// How many gold tasks stand in a suite of so many tasks.
    pub(crate) fn gold_plan(&self, suite_size: i64) -> GoldPlan {
        if self.gold.taper {
            let share = self.gold.per_suite as f64 / suite_size.max(1) as f64;
            GoldPlan::Taper { share: share.min(1.0) }
        } else {
            GoldPlan::PerSuite { count: self.gold.per_suite.max(0) as u32 }
        }
    }

    /// Below which a worker is excluded; half where nobody is.
    pub(crate) fn least_trust(&self) -> f64 {
        self.trust.map_or(0.5, |trust| trust.minimum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Policy, String> {
        let Value::Object(given) = value else { panic!("a table") };
        Policy::read("batch", &given).map_err(|error| error.to_string())
    }

    #[test]
    fn without_a_word_three_judgments_are_asked_for() {
        let policy = read(json!({})).expect("valid");
        assert_eq!(policy.overlap, Overlap::fixed(3));
        assert_eq!((policy.gold.per_suite, policy.gold.used_up), (1, UsedUp::Continue));
        assert!(policy.quiz.is_none() && policy.trust.is_none() && policy.audience.is_open());
    }

    #[test]
    fn every_rule_of_overlap_is_read() {
        use crowdsmith_quality::overlap::Overlap as Rule;
        let rule =
            |overlap: Value| read(json!({ "overlap": overlap })).map(|policy| policy.overlap.rule);
        assert_eq!(rule(json!(5)), Ok(Rule::Fixed { judgments: 5 }));
        assert_eq!(
            rule(json!({"min": 1, "max": 7, "target": 0.95})),
            Ok(Rule::Adaptive { min: 1, max: 7, target: 0.95 })
        );
        assert_eq!(
            rule(json!({"rule": "confidence", "min": 2, "max": 7, "threshold": 0.7})),
            Ok(Rule::Confidence { min: 2, max: 7, threshold: 0.7 })
        );
        assert_eq!(
            rule(json!({"rule": "dynamic", "threshold": 0.9})),
            Ok(Rule::Dynamic { min: 1, max: 7, threshold: 0.9 })
        );
        assert_eq!(
            rule(json!({"rule": "matching", "matching": 2})),
            Ok(Rule::Matching { matching: 2, max: 7 })
        );
    }

    #[test]
    fn mistakes_name_the_key() {
        for (given, told) in [
            (json!({"overlap": 0}), "batch.overlap: must be a whole number from 1 to 1000"),
            (
                json!({"overlap": {"min": 5, "max": 3}}),
                "batch.overlap: at most 3 judgments are fewer",
            ),
            (
                json!({"overlap": {"rule": "adaptiv"}}),
                "batch.overlap.rule: `adaptiv` is no rule; did you mean `adaptive`?",
            ),
            (json!({"overlap": {"target": 1.5}}), "batch.overlap"),
            (json!({"overlap": {"threshold": 0.9}}), "batch.overlap.threshold: unknown key"),
            (
                json!({"gold": {"per_suit": 1}}),
                "batch.gold.per_suit: unknown key; did you mean `per_suite`?",
            ),
            (
                json!({"gold": {"used_up": "halt"}}),
                "batch.gold.used_up: must be one of stop, continue",
            ),
            (json!({"quiz": {"pass": 2}}), "batch.quiz.pass: must be a number from 0 to 1"),
            (json!({"trust": {}}), "batch.trust.minimum: is missing"),
            (
                json!({"ambiguous": "reveiw"}),
                "batch.ambiguous: must be one of list, give-up, review",
            ),
        ] {
            let found = read(given.clone()).expect_err("is wrong");
            assert!(found.starts_with(told), "{given}: {found}");
        }
    }
}
