//! Tasks: what there is to judge. A task belongs to one batch, may have a name in the requester's own words, and counts
//! its free slots: `open_slots = wanted - judged - leased`, which the database keeps from going below zero.

mod ambiguous;
mod sql;
mod upload;

use serde::Serialize;
use serde_json::value::RawValue;

pub(crate) use ambiguous::copy_ambiguous;
pub use ambiguous::decide_by_hand;
pub(crate) use sql::{
    Taken, count_judged, give_back, ids_by_name, known_ids, lock, pause, resume, take, take_one,
};
pub use upload::{Added, NewTask, add, read_tasks};
pub(crate) use upload::{read_input, read_name};

use crate::access::stored_as_word;
use crate::db::Database;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::Time;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Task {
    pub id: Id,
    pub name: Option<String>,
    #[schema(value_type = Object)]
    pub input: Box<RawValue>,
    pub state: State,
    /// Judgments that count.
    pub judgments: i64,
    pub wanted: i64,
    /// How sure the least sure decided field is; `None` where the overlap is fixed.
    pub confidence: Option<f64>,
    /// Since when it is handed out to nobody, because workers reported a problem with it.
    pub paused_at: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = TaskState)]
pub enum State {
    Open,
    Done,
    /// It has as many judgments as it may get, below its target.
    Ambiguous,
}

stored_as_word!(State { Open = "open", Done = "done", Ambiguous = "ambiguous" });

/// Tasks of a batch in the order they were added, without gold; of one state if named.
pub async fn list(
    db: &Database,
    batch: Id,
    state: Option<State>,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Task>> {
    sql::tasks(&mut db.read().await?, batch, state, after.unwrap_or(Id(0)), limit).await
}

/// Ambiguous tasks of a batch.
pub async fn count_ambiguous(db: &Database, batch: Id) -> Result<i64> {
    sql::count_ambiguous(&mut db.read().await?, batch).await
}

/// Tasks of a batch that are handed out to nobody.
pub async fn count_paused(db: &Database, batch: Id) -> Result<i64> {
    sql::count_paused(&mut db.read().await?, batch).await
}

pub async fn get(db: &Database, batch: Id, task: Id) -> Result<Task> {
    sql::task(&mut db.read().await?, batch, task)
        .await?
        .ok_or_else(|| Error::NotFound("the task".into()))
}

/// Stored JSON as it is, without reading it again.
pub(crate) fn raw(json: String) -> Result<Box<RawValue>> {
    RawValue::from_string(json).map_err(|error| Error::Internal(format!("stored JSON: {error}")))
}
