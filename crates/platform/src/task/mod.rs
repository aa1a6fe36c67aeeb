//! Tasks: what there is to judge. A task belongs to one batch, may have a name in the requester's own words, and counts
//! its free slots: `open_slots = wanted - judged - leased`, which the database keeps from going below zero.

mod sql;
mod upload;

use serde::Serialize;
use serde_json::value::RawValue;

pub(crate) use sql::{
    Taken, count_imported, count_judged, give_back, ids_by_name, known_ids, take,
};
pub use upload::{Added, NewTask, add, read_tasks};

use crate::db::Database;
use crate::error::{Error, Result};
use crate::id::Id;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Task {
    pub id: Id,
    pub name: Option<String>,
    #[schema(value_type = Object)]
    pub input: Box<RawValue>,
    pub state: State,
    pub judgments: i64,
    pub wanted: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = TaskState)]
pub enum State {
    Open,
    Done,
}

impl State {
    pub(crate) fn of(judged: i64, wanted: i64) -> Self {
        if judged >= wanted { Self::Done } else { Self::Open }
    }
}

/// Tasks of a batch in the order they were added.
pub async fn list(db: &Database, batch: Id, after: Option<Id>, limit: i64) -> Result<Vec<Task>> {
    sql::tasks(&mut db.read().await?, batch, after.unwrap_or(Id(0)), limit).await
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
