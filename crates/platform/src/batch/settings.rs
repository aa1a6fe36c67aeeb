//! The settings of a batch, as the `[batch]` table of `project.toml` and the API have them.

use serde_json::{Map, Value};

use crate::error::Result;
use crate::money::Money;
use crate::policy::{self, Policy};
use crate::project::keys::Keys;
use crate::time::MINUTE;

#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    pub policy: Policy,
    /// The policy's keys as they were given, as JSON.
    pub policy_given: String,
    /// Tasks that a worker gets at once, at most.
    pub suite_size: i64,
    /// Microseconds from claim to deadline.
    pub time_limit: i64,
    /// For each judgment.
    pub price: Money,
    /// ISO 4217, or any three capitals.
    pub currency: String,
    /// What the batch may cost in all.
    pub budget: Option<Money>,
    /// Judgments that one worker may give in this batch.
    pub max_judgments: Option<i64>,
}

const DEFAULT_SUITE_SIZE: i64 = 5;
const DEFAULT_MINUTES: i64 = 30;
const WEEK_IN_MINUTES: i64 = 7 * 24 * 60;

impl Settings {
    /// Reads the settings; absent ones have their defaults. `name` is read by whoever reads the folder.
    pub fn read(path: &str, value: &Value) -> Result<Self> {
        let mut keys = Keys::of(path, value)?;
        let given: Map<String, Value> = policy::KEYS
            .into_iter()
            .filter_map(|key| Some((key.to_owned(), keys.get(key)?.clone())))
            .collect();
        let policy = keys.part(Policy::read(path, &given));
        let suite_size = keys.count("suite_size", 1..=100).unwrap_or(DEFAULT_SUITE_SIZE);
        let minutes =
            keys.count("time_limit_minutes", 1..=WEEK_IN_MINUTES).unwrap_or(DEFAULT_MINUTES);
        let price = keys.money("price").unwrap_or_default();
        let currency = keys.text("currency").unwrap_or_else(|| "USD".into());
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            keys.error("currency", "must be three capitals, such as USD");
        }
        let budget = keys.money("budget");
        let max_judgments = keys.count("max_judgments_per_worker", 1..=i64::from(i32::MAX));
        let policy_given = Value::Object(given).to_string();
        let Some(policy) = policy else {
            return keys.finish(|| unreachable!("a wrong policy recorded an error"));
        };
        keys.finish(|| Self {
            policy,
            policy_given,
            suite_size,
            time_limit: minutes * MINUTE,
            price,
            currency,
            budget,
            max_judgments,
        })
    }

    /// Judgments that every task asks for at first.
    pub(crate) fn least_overlap(&self) -> i64 {
        i64::from(self.policy.overlap.rule.least())
    }
}
