//! Gold: tasks whose answer is known. They look like any other task, stand in no queue, and are mixed into suites; a
//! worker sees each once. What a worker answers to them is the ground of trust.
//!
//! - [`add`] imports gold, [`mark`] makes a task gold or corrects one, [`propose`] makes it from finished tasks;
//! - [`serve`] picks gold for a suite, [`score`] compares answers when a suite is submitted;
//! - [`contest`] lets workers object and requesters decide; a corrected or withdrawn gold forgives all who missed it.

mod answers;
pub mod contest;
mod known;
mod mark;
pub mod propose;
mod same;
pub(crate) mod score;
pub(crate) mod serve;
mod sql;
mod upload;

use serde::Serialize;
use serde_json::value::RawValue;

pub use answers::Answers;
pub(crate) use known::KnownGold;
pub use mark::{Correction, mark, pause, resume, withdraw};
pub use score::{Feedback, OwnContest, own as own_feedback};
pub use sql::{counts, known_outputs, list};
pub use upload::{NewGold, add, read_gold};

use crate::access::stored_as_word;
use crate::id::Id;
use crate::time::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = GoldState)]
pub enum State {
    Active,
    /// Handed out no more, until somebody looks at it.
    Paused,
    /// No gold any more; what was answered to it is forgiven.
    Withdrawn,
}

stored_as_word!(State { Active = "active", Paused = "paused", Withdrawn = "withdrawn" });

/// How a task became gold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = GoldSource)]
pub enum Source {
    Import,
    Marked,
    Automatic,
}

stored_as_word!(Source { Import = "import", Marked = "marked", Automatic = "automatic" });

/// How an answer to gold counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = GoldScore)]
pub enum Score {
    Right,
    Missed,
    /// The gold was wrong or is no gold any more: it counts neither way.
    Forgiven,
}

stored_as_word!(Score { Right = "right", Missed = "missed", Forgiven = "forgiven" });

/// A gold task, as its requester sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Gold {
    /// The task's name, or its id.
    pub task: String,
    pub task_id: Id,
    #[schema(value_type = Object)]
    pub input: Box<RawValue>,
    pub answers: Answers,
    pub explanation: String,
    /// Whether a worker who misses it is not told.
    pub secret: bool,
    pub state: State,
    /// Why it is paused or withdrawn.
    pub why: Option<String>,
    pub source: Source,
    /// Workers who answered it.
    pub seen: i64,
    pub missed: i64,
    /// Open contests.
    pub contested: i64,
    pub created_at: Time,
}

/// In which order gold is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Newest,
    Missed,
    Contested,
}

impl Order {
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "newest" => Some(Self::Newest),
            "missed" => Some(Self::Missed),
            "contested" => Some(Self::Contested),
            _ => None,
        }
    }
}
