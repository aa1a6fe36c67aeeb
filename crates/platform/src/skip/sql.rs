use super::{By, Kind, Report, Skip};
use crate::db::{Connection, sql};
use crate::error::Result;
use crate::id::Id;
use crate::time::Time;

pub(super) async fn insert(
    tx: &mut Connection,
    batch: Id,
    task: Id,
    by: &By,
    skip: &Skip,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO skip (id, batch_id, task_id, worker_id, assignment_id, kind, reason, comment, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        Id::new(),
        batch,
        task,
        by.worker,
        by.assignment,
        skip.kind.word(),
        &skip.reason,
        skip.comment.as_deref(),
        now
    )
    .map(drop)
}

/// Problems of a task that nobody has looked at yet.
pub(super) async fn open_problems(tx: &mut Connection, task: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "SELECT COUNT(*) FROM skip WHERE task_id = $1 AND kind = 'problem' AND settled_at IS NULL",
        task
    )
}

/// Marks what was said of a task as looked at.
pub(super) async fn settle(tx: &mut Connection, task: Id, now: Time) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE skip SET settled_at = $2 WHERE task_id = $1 AND settled_at IS NULL",
        task,
        now
    )
    .map(drop)
}

/// How many tasks of a worker's assignment were skipped.
pub(crate) async fn count_of_assignment(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    assignment: Id,
) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "SELECT COUNT(*) FROM skip WHERE batch_id = $1 AND worker_id = $2 AND assignment_id = $3",
        batch,
        worker,
        assignment
    )
}

pub(super) async fn reports(
    tx: &mut Connection,
    batch: Id,
    kind: Option<Kind>,
    before: Id,
    limit: i64,
) -> Result<Vec<Report>> {
    sql!(
        tx,
        all Report,
        "SELECT s.id, s.task_id, t.name AS task_name, COALESCE(m.external_name, m.pseudonym) AS worker, s.kind, s.reason,
                s.comment, s.created_at AS at, s.settled_at, t.paused_at IS NOT NULL AS paused
         FROM skip s JOIN task t ON t.id = s.task_id JOIN member m ON m.id = s.worker_id
         WHERE s.batch_id = $1 AND s.id < $2 AND s.kind = COALESCE($3, s.kind) ORDER BY s.id DESC LIMIT $4",
        batch,
        before,
        kind.map(Kind::word),
        limit
    )
}
