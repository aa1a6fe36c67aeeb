use serde::Serialize;

use crate::db::{Connection, Database, sql};
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::time::Time;

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

/// Hands every judgment of a batch (task, worker, output) to `take`.
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
            "SELECT id, task_id, worker_id, output FROM judgment WHERE batch_id = $1 AND id > $2 ORDER BY id LIMIT $3",
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
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Worker {
    #[serde(skip)]
    pub id: Id,
    /// Pseudonym, or the external name of an imported worker.
    pub worker: String,
    pub judgments: i64,
    /// Estimated accuracy (0 to 1).
    #[sqlx(skip)]
    pub accuracy: Option<f64>,
    pub earned: Money,
    pub currency: String,
    pub first: Option<Time>,
    pub last: Option<Time>,
    pub source: String,
}

/// Workers of a batch who gave judgments, in the order they joined the workspace.
pub async fn workers(
    db: &Database,
    batch: Id,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Worker>> {
    let tx = &mut db.read().await?;
    sql!(
        tx,
        all Worker,
        "SELECT m.id, COALESCE(m.external_name, m.pseudonym) AS worker, p.judgments, p.earned, b.currency,
                p.first_at AS first, p.last_at AS last,
                CASE WHEN m.account_id IS NULL THEN 'import' ELSE 'app' END AS source
         FROM participation p JOIN member m ON m.id = p.worker_id JOIN batch b ON b.id = p.batch_id
         WHERE p.batch_id = $1 AND p.judgments > 0 AND m.id > $2 ORDER BY m.id LIMIT $3",
        batch,
        after.unwrap_or(Id(0)),
        limit
    )
}
