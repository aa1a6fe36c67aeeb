//! How far a batch has come, from the counters of its workers: no count over tasks or judgments of a large batch.

use serde::Serialize;

use super::{Batch, State, sql};
use crate::db::Database;
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::time::{MINUTE, Time};

#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Progress {
    pub state: State,
    pub tasks: i64,
    /// Tasks that have all judgments they want.
    pub done: i64,
    /// Unfinished tasks that workers hold right now.
    pub in_work: i64,
    pub left: i64,
    pub judgments: i64,
    pub wanted: i64,
    pub workers: i64,
    /// Judgments a minute, over the last minutes.
    pub per_minute: f64,
    pub expected_finish: Option<Time>,
    pub spent: Money,
    pub currency: String,
}

/// The pace is that of the last `PACE_MINUTES`.
const PACE_MINUTES: i64 = 3;

pub async fn progress(db: &Database, batch: &Batch) -> Result<Progress> {
    let tx = &mut db.read().await?;
    let sums = sql::sums(tx, batch.id).await?;
    let now = Time::now();
    let since = now.plus(-PACE_MINUTES * MINUTE);
    let recent = sql::judgments_since(tx, batch.id, Id::at(since)).await?;
    let started = batch.opened_at.map_or(since, |opened| opened.max(since));
    let minutes = (now.since(started) as f64 / MINUTE as f64).max(1.0 / 6.0);
    let per_minute = recent as f64 / minutes;
    let missing = (batch.wanted - sums.judgments).max(0);
    let expected_finish = (per_minute > 0.0 && missing > 0)
        .then(|| now.plus((missing as f64 / per_minute * MINUTE as f64) as i64));
    let left = batch.tasks - sums.completed;
    Ok(Progress {
        state: batch.state,
        tasks: batch.tasks,
        done: sums.completed,
        // Several workers may hold the same task.
        in_work: sums.leased.min(left),
        left,
        judgments: sums.judgments,
        wanted: batch.wanted,
        workers: sums.workers,
        per_minute: (per_minute * 10.0).round() / 10.0,
        expected_finish,
        spent: sums.earned,
        currency: batch.currency.clone(),
    })
}
