//! Results: the aggregated answer of every task with its confidence, computed by `truth` from the judgments as they are.
//!
//! Nothing is stored: results can always be computed again, by another method too, so they are never out of date with
//! the judgments. What was computed is kept in memory while the batch does not change ([`Aggregations`]).

mod aggregate;
mod cache;
mod export;
mod sql;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use aggregate::Aggregation;
pub use cache::{Aggregations, Freshness};
pub use export::{Export, export};
pub use sql::{Worker, WorkerState, workers};

/// How results are computed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Several models of the crowd, pooled and calibrated (`docs/truth.md`).
    #[default]
    Auto,
    /// Every worker has a confusion matrix, shrunk towards the crowd's; the class prior is the share of votes.
    DawidSkene,
    /// The share of votes; a tie goes to the option named first.
    MajorityVote,
}

impl Method {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::DawidSkene => "dawid-skene",
            Self::MajorityVote => "majority-vote",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Auto, Self::DawidSkene, Self::MajorityVote]
            .into_iter()
            .find(|method| method.name() == name)
    }
}

/// The version of the statistics, part of every result's provenance.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The aggregated answer to one output field of one task.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct FieldResult {
    pub value: Value,
    /// The probability that `value` is right (all of it, for `choices`); `None` for numbers.
    pub confidence: Option<f64>,
    /// Judgments that answered this field.
    pub judgments: i64,
    /// The probability of each value (`choices`: of each option); `None` for numbers and texts.
    #[schema(value_type = Option<Object>)]
    pub probabilities: Option<serde_json::Map<String, Value>>,
}
