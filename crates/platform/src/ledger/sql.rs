use serde::Serialize;

use crate::db::{Connection, Database, Together, arguments, sql};
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::time::Time;

/// Pays a worker for an assignment. An unpaid batch makes no transfers.
pub(crate) fn pay(
    together: &mut Together,
    batch: Id,
    worker: Id,
    amount: Money,
    currency: &str,
    assignment: Id,
    now: Time,
) {
    if amount == Money::ZERO {
        return;
    }
    together.add(
        "INSERT INTO transfer (id, debit, credit, amount, currency, reason, assignment_id, created_at)
         VALUES ($1, $2, $3, $4, $5, 'judgments', $6, $7)",
        arguments![Id::new(), batch, worker, amount, currency, assignment, now],
    );
}

/// Moves what an excluded worker earned in a batch back to it.
pub async fn take_back(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    amount: Money,
    currency: &str,
    now: Time,
) -> Result<()> {
    transfer(tx, worker, batch, amount, currency, "taken back", now).await
}

/// Pays a reinstated worker what was taken back.
pub async fn pay_again(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    amount: Money,
    currency: &str,
    now: Time,
) -> Result<()> {
    transfer(tx, batch, worker, amount, currency, "reinstated", now).await
}

async fn transfer(
    tx: &mut Connection,
    debit: Id,
    credit: Id,
    amount: Money,
    currency: &str,
    reason: &str,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO transfer (id, debit, credit, amount, currency, reason, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        Id::new(),
        debit,
        credit,
        amount,
        currency,
        reason,
        now
    )
    .map(drop)
}

/// A sum in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Earned {
    pub amount: Money,
    pub currency: String,
}

/// What a worker has earned in all, by currency.
pub async fn earned(db: &Database, worker: Id) -> Result<Vec<Earned>> {
    let tx = &mut db.read().await?;
    sql!(
        tx,
        all Earned,
        "SELECT CAST(SUM(p.earned) AS BIGINT) AS amount, b.currency FROM participation p
         JOIN batch b ON b.id = p.batch_id WHERE p.worker_id = $1 AND p.earned > 0 GROUP BY b.currency ORDER BY b.currency",
        worker
    )
}
