//! Assignments: one worker's lease on a suite of tasks, with a deadline. Claim and submit are the two hot transactions.
//!
//! What holds, on either engine and under any concurrency:
//! - a task never has more live leases plus judgments than it wants (a counter that the database keeps from going below
//!   zero), and a worker never judges one task twice (a unique constraint);
//! - a submission's effects (judgments, counters, pay) are one transaction; repeating it changes nothing;
//! - the terms (price, revision) of an assignment are those of its claim;
//! - a lease that ends without judgments (returned, expired) keeps its record and frees its slots; a task that is skipped
//!   frees its slot in the submission.

mod answer;
mod claim;
mod end;
mod sql;
mod submit;

use std::collections::HashSet;

use serde::Serialize;
use serde_json::value::RawValue;

pub(crate) use answer::Answered;
pub use answer::{Answer, Submission};
pub use claim::{claim, input_of, live};
pub(crate) use end::revoke;
pub use end::{expire, give_back};
pub use submit::{Submitted, submit};

use crate::access::stored_as_word;
use crate::id::Id;
use crate::time::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = AssignmentState)]
pub enum State {
    Leased,
    Submitted,
    Returned,
    Expired,
    /// Ended because its worker was excluded.
    Revoked,
}

stored_as_word!(State {
    Leased = "leased",
    Submitted = "submitted",
    Returned = "returned",
    Expired = "expired",
    Revoked = "revoked",
});

/// A live lease, as its worker gets it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Assignment {
    pub id: Id,
    pub batch: Id,
    #[serde(skip)]
    pub revision_id: Id,
    pub claimed_at: Time,
    pub deadline: Time,
    /// Whether this is the quiz that comes before the work.
    pub quiz: bool,
    pub tasks: Vec<AssignedTask>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AssignedTask {
    pub id: Id,
    #[schema(value_type = Object)]
    pub input: Box<RawValue>,
    /// Where the task's page is, for a question that is shown in a frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// The task ids stored with an assignment.
fn stored_tasks(json: &str) -> Vec<Id> {
    let ids: Vec<i64> = serde_json::from_str(json).unwrap_or_default();
    ids.into_iter().map(Id).collect()
}

/// Whether two lists name the same tasks, each once.
fn same_tasks(given: impl ExactSizeIterator<Item = Id>, held: &[Id]) -> bool {
    let count = given.len();
    let given: HashSet<Id> = given.collect();
    given.len() == count && count == held.len() && held.iter().all(|task| given.contains(task))
}
