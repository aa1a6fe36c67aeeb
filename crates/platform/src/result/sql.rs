use serde::Serialize;

use crate::access::stored_as_word;
use crate::db::{Connection, Database, sql};
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::time::Time;
use crate::trust::Shown;

/// Judgments of a batch, from its workers' counters.
pub(super) async fn count_judgments(tx: &mut Connection, batch: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "SELECT CAST(COALESCE(SUM(judgments), 0) AS BIGINT) FROM participation WHERE batch_id = $1",
        batch
    )
}

/// Judgments read in one statement.
const PAGE: i64 = 20_000;

/// What the results of a batch rest on, as a mark that differs when anything else does: which workers count, and what
/// gold and reviewers say.
pub(super) async fn grounds(tx: &mut Connection, batch: Id) -> Result<(i64, i64, i64)> {
    sql!(
        tx,
        one(i64, i64, i64),
        "SELECT CAST(COALESCE(SUM(excluded_at), 0) AS BIGINT), (SELECT COUNT(*) FROM verdict WHERE batch_id = $1),
                (SELECT version FROM batch WHERE id = $1)
         FROM participation WHERE batch_id = $1",
        batch
    )
}

/// Hands every judgment of a batch that counts (task, worker, output) to `take`.
pub(super) async fn load(
    db: &Database,
    batch: Id,
    mut take: impl FnMut(Id, Id, &str) -> Result<()> + Send,
) -> Result<()> {
    let mut after = Id(0);
    loop {
        let tx = &mut db.read().await?;
        let rows = sql!(
            tx,
            all(Id, Id, Id, String),
            "SELECT j.id, j.task_id, j.worker_id, j.output FROM judgment j
             JOIN participation p ON p.batch_id = j.batch_id AND p.worker_id = j.worker_id
             WHERE j.batch_id = $1 AND j.id > $2 AND p.excluded_at IS NULL ORDER BY j.id LIMIT $3",
            batch,
            after,
            PAGE
        )?;
        let Some((last, ..)) = rows.last() else { return Ok(()) };
        after = *last;
        for (_, task, worker, output) in &rows {
            take(*task, *worker, output)?;
        }
    }
}

/// A worker of a batch, as the requester sees them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Worker {
    #[serde(skip)]
    pub id: Id,
    /// Pseudonym, or the external name of an imported worker.
    pub worker: String,
    pub judgments: i64,
    /// Estimated accuracy (0 to 1).
    pub accuracy: Option<f64>,
    pub earned: Money,
    pub currency: String,
    pub first: Option<Time>,
    pub last: Option<Time>,
    pub source: String,
    pub state: WorkerState,
    /// Why the worker is excluded or restricted.
    pub why: Option<String>,
    /// Answers to gold that count, and how many of them were right.
    pub gold_answers: i64,
    pub gold_right: i64,
    /// What is believed about the worker's accuracy, from gold and the worker models.
    pub trust: Option<Shown>,
}

/// Where a worker stands in a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WorkerState {
    Working,
    /// The quiz waits.
    Quiz,
    /// The quiz was not passed.
    Failed,
    Restricted,
    Excluded,
}

stored_as_word!(WorkerState {
    Working = "working",
    Quiz = "quiz",
    Failed = "failed",
    Restricted = "restricted",
    Excluded = "excluded",
});

#[derive(sqlx::FromRow)]
struct WorkerRow {
    id: Id,
    worker: String,
    judgments: i64,
    earned: Money,
    currency: String,
    first: Option<Time>,
    last: Option<Time>,
    source: String,
    #[sqlx(try_from = "String")]
    state: WorkerState,
    why: Option<String>,
    gold_answers: i64,
    gold_right: i64,
    trust: Option<f64>,
    trust_low: Option<f64>,
}

impl From<WorkerRow> for Worker {
    fn from(row: WorkerRow) -> Self {
        Self {
            id: row.id,
            worker: row.worker,
            judgments: row.judgments,
            accuracy: None,
            earned: row.earned,
            currency: row.currency,
            first: row.first,
            last: row.last,
            source: row.source,
            state: row.state,
            why: row.why,
            gold_answers: row.gold_answers,
            gold_right: row.gold_right,
            trust: Shown::of(row.trust, row.trust_low),
        }
    }
}

/// Workers of a batch who gave judgments, in the order they joined the workspace.
pub async fn workers(
    db: &Database,
    batch: Id,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Worker>> {
    let tx = &mut db.read().await?;
    let rows = sql!(
        tx,
        all WorkerRow,
        "SELECT m.id, COALESCE(m.external_name, m.pseudonym) AS worker, p.judgments, p.earned, b.currency,
                p.first_at AS first, p.last_at AS last,
                CASE WHEN m.account_id IS NULL THEN 'import' ELSE 'app' END AS source,
                CASE WHEN p.excluded_at IS NOT NULL THEN 'excluded' WHEN r.why IS NOT NULL THEN 'restricted'
                     WHEN p.quiz = 'failed' THEN 'failed' WHEN p.quiz = 'none' AND p.quiz_tries > 0 THEN 'quiz'
                     ELSE 'working' END AS state,
                CASE WHEN p.excluded_at IS NOT NULL THEN p.excluded_why ELSE r.why END AS why,
                p.gold_answers, p.gold_right, p.trust, p.trust_low
         FROM participation p JOIN member m ON m.id = p.worker_id JOIN batch b ON b.id = p.batch_id
         LEFT JOIN restriction r ON r.id = (
             SELECT MAX(o.id) FROM restriction o
             WHERE o.worker_id = p.worker_id AND o.scope_id IN (b.id, b.project_id, b.workspace_id)
               AND o.lifted_at IS NULL AND (o.until IS NULL OR o.until > $4))
         WHERE p.batch_id = $1 AND (p.judgments > 0 OR p.excluded_at IS NOT NULL) AND m.id > $2 ORDER BY m.id LIMIT $3",
        batch,
        after.unwrap_or(Id(0)),
        limit,
        Time::now()
    )?;
    Ok(rows.into_iter().map(Worker::from).collect())
}
