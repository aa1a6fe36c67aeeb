//! Skips: tasks that a worker passed on instead of judging them, and why.
//!
//! - A skip is part of a submission. It frees the task's slot and is not paid; the worker never gets the task again.
//! - A *problem* says that something is wrong with the task itself. A task (or gold) that as many workers report as the
//!   batch's policy says pauses: it is handed out to nobody until the requester has looked at it.

mod sql;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub(crate) use sql::count_of_assignment;

use crate::Platform;
use crate::access::stored_as_word;
use crate::batch::{Terms, lock_batch, not_found};
use crate::db::{Connection, Database};
use crate::error::{Error, FieldError, Result};
use crate::gold;
use crate::id::Id;
use crate::task;
use crate::time::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SkipKind)]
pub enum Kind {
    /// The worker cannot or does not want to judge the task.
    Skip,
    /// Something is wrong with the task.
    Problem,
}

stored_as_word!(Kind { Skip = "skip", Problem = "problem" });

impl Kind {
    const fn reasons(self) -> &'static [&'static str] {
        match self {
            Self::Skip => &["unclear", "not_able", "not_comfortable", "other"],
            Self::Problem => &["broken_media", "broken_page", "wrong_data", "offensive", "other"],
        }
    }
}

/// Why a worker passes on a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    pub kind: Kind,
    /// For skip: `unclear`, `not_able`, `not_comfortable`, `other`; for problem: `broken_media`, `broken_page`, `wrong_data`,
    /// `offensive`, `other`.
    pub reason: String,
    pub comment: Option<String>,
}

const LONGEST_COMMENT: usize = 2000;

impl Skip {
    /// What is wrong with it, by field.
    pub(crate) fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let reasons = self.kind.reasons();
        if !reasons.contains(&self.reason.as_str()) {
            let message = format!("must be one of {}; not `{}`", reasons.join(", "), self.reason);
            errors.push(FieldError::new("reason", message));
        }
        if self.comment.as_ref().is_some_and(|text| text.chars().count() > LONGEST_COMMENT) {
            let message = format!("must have at most {LONGEST_COMMENT} characters");
            errors.push(FieldError::new("comment", message));
        }
        errors
    }
}

/// Who skips, and where.
pub(crate) struct By {
    pub(crate) worker: Id,
    pub(crate) assignment: Id,
}

/// Keeps what a submission skipped, and pauses the tasks that too many have reported. The tasks' slots are free already,
/// so that this transaction holds their rows.
pub(crate) async fn record(
    tx: &mut Connection,
    terms: &Terms,
    by: &By,
    skips: &[(Id, &Skip)],
    now: Time,
) -> Result<()> {
    for (task, skip) in skips {
        sql::insert(tx, terms.batch, *task, by, skip, now).await?;
    }
    let reported = skips.iter().filter(|(_, skip)| skip.kind == Kind::Problem);
    for task in reported.map(|(task, _)| *task).collect::<BTreeSet<Id>>() {
        pause_reported(tx, terms, task, now).await?;
    }
    Ok(())
}

async fn pause_reported(tx: &mut Connection, terms: &Terms, task: Id, now: Time) -> Result<()> {
    let is_gold = task::lock(tx, task).await?;
    let reports = sql::open_problems(tx, task).await?;
    if reports < terms.policy.pause_problems {
        return Ok(());
    }
    tracing::info!(batch = %terms.batch, %task, reports, "a task pauses, because workers report a problem with it");
    if is_gold {
        let why = format!("{reports} workers report a problem with it; look whether it is right");
        gold::score::pause(tx, terms, task, &why).await
    } else {
        task::pause(tx, task, now).await
    }
}

/// A skip as the requester sees it.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Report {
    pub id: Id,
    /// The task's name, or its id.
    #[sqlx(skip)]
    pub task: String,
    pub task_id: Id,
    #[serde(skip)]
    task_name: Option<String>,
    /// Pseudonym of the worker.
    pub worker: String,
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub reason: String,
    pub comment: Option<String>,
    pub at: Time,
    /// When the requester had looked at it.
    pub settled_at: Option<Time>,
    /// Whether the task is handed out to nobody because of its problems.
    pub paused: bool,
}

/// What workers of a batch skipped, newest first; of one kind if named.
pub async fn list(
    db: &Database,
    batch: Id,
    kind: Option<Kind>,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<Report>> {
    let tx = &mut db.read().await?;
    let rows = sql::reports(tx, batch, kind, before.unwrap_or(Id(i64::MAX)), limit).await?;
    let named = rows.into_iter().map(|mut report| {
        report.task = report.task_name.take().unwrap_or_else(|| report.task_id.to_string());
        report
    });
    Ok(named.collect())
}

/// The requester has looked at a task's problems: they are settled, and the task is handed out again. Again changes
/// nothing.
pub async fn resume(platform: &Platform, workspace: Id, batch: Id, task: Id) -> Result<()> {
    platform
        .db
        .write(move |tx| {
            Box::pin(async move {
                lock_batch(tx, workspace, batch).await?.ok_or_else(not_found)?;
                if !task::resume(tx, batch, task).await? {
                    return Err(Error::NotFound("the task".into()));
                }
                sql::settle(tx, task, Time::now()).await
            })
        })
        .await
}
