//! Contests: a worker objects to a gold task that was counted as missed; the requester corrects or withdraws the gold, or
//! says why it is right.

use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

use super::mark::{Correction, mark_in, withdraw_in};
use super::{Answers, Score, Source, score, sql};
use crate::Platform;
use crate::access::Identity;
use crate::batch::{lock_batch, not_found};
use crate::db::Database;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::task::raw;
use crate::time::Time;

/// A worker's objection, as the requester sees it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Contest {
    pub id: Id,
    pub task_id: Id,
    pub worker: String,
    #[sqlx(try_from = "String")]
    pub output: Output,
    pub reason: String,
    /// open, accepted or rejected.
    pub state: String,
    pub reply: Option<String>,
    pub created_at: Time,
}

/// What the worker had answered.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct Output(Box<RawValue>);

impl TryFrom<String> for Output {
    type Error = Error;

    fn try_from(json: String) -> Result<Self> {
        raw(json).map(Self)
    }
}

/// What becomes of a contest.
#[derive(Clone, Debug)]
pub enum Ruling {
    /// The gold was wrong: it is corrected, or without answers withdrawn.
    Accept {
        answers: Option<Answers>,
        reply: Option<String>,
    },
    Reject {
        reply: String,
    },
}

const LONGEST_REASON: usize = 2_000;

/// Files the worker's objection to a gold task.
pub async fn file(platform: &Platform, worker: &Identity, task: Id, reason: &str) -> Result<Id> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.len() > LONGEST_REASON {
        let message =
            format!("must have 1 to {LONGEST_REASON} bytes: say why your answer is right");
        return Err(Error::invalid("reason", message));
    }
    let context = Arc::new((platform.clone(), worker.member, reason));
    platform
        .db
        .write(move |tx| {
            let context = Arc::clone(&context);
            Box::pin(async move {
                let (platform, worker, reason) = &*context;
                let lost = || Error::NotFound("a missed answer of yours to that task".into());
                let past = sql::past_answer(tx, task, *worker).await?.ok_or_else(lost)?;
                if past.score != Score::Missed {
                    return Err(Error::Conflict(
                        "your answer to this task does not count as missed".into(),
                    ));
                }
                let batch = sql::batch_of(tx, task).await?.ok_or_else(lost)?;
                let terms = platform.terms.load(tx, batch).await?;
                let id = sql::insert_contest(tx, batch, task, *worker, reason, Time::now()).await?;
                score::pause_doubtful(tx, &terms, std::iter::once(task)).await?;
                Ok(id)
            })
        })
        .await
}

/// Decides on a contest. Accepting one accepts all open ones of the same task.
pub async fn rule(
    platform: &Platform,
    workspace: Id,
    batch: Id,
    contest: Id,
    ruling: Ruling,
) -> Result<()> {
    let context = Arc::new((platform.clone(), ruling));
    platform
        .db
        .write(move |tx| {
            let context = Arc::clone(&context);
            Box::pin(async move {
                let (platform, ruling) = &*context;
                lock_batch(tx, workspace, batch).await?.ok_or_else(not_found)?;
                let found = sql::contested_task(tx, batch, contest).await?;
                let (task, state) = found.ok_or_else(|| Error::NotFound("the contest".into()))?;
                if state != "open" {
                    return Err(Error::Conflict(format!("this contest is {state} already")));
                }
                let now = Time::now();
                let Ruling::Accept { answers, reply } = ruling else {
                    let Ruling::Reject { reply } = ruling else { return Ok(()) };
                    return sql::end_contests(
                        tx,
                        task,
                        Some(contest),
                        "rejected",
                        Some(reply),
                        now,
                    )
                    .await;
                };
                sql::end_contests(tx, task, None, "accepted", reply.as_deref(), now).await?;
                let terms = platform.terms.load(tx, batch).await?;
                let Some(answers) = answers else {
                    return withdraw_in(tx, platform, &terms, task).await;
                };
                let correction =
                    Correction { answers: answers.clone(), explanation: None, secret: None };
                mark_in(tx, platform, &terms, task, &correction, Source::Marked).await
            })
        })
        .await
}

/// All contests of a batch, oldest first.
pub async fn list(db: &Database, batch: Id) -> Result<Vec<Contest>> {
    sql::contests(&mut db.read().await?, batch).await
}
