use std::collections::BTreeMap;

use super::Skill;
use crate::db::{Connection, sql};
use crate::error::Result;
use crate::id::Id;
use crate::time::Time;

pub(super) async fn of_worker(tx: &mut Connection, worker: Id) -> Result<Vec<Skill>> {
    sql!(
        tx,
        all Skill,
        "SELECT name, value, source, updated_at FROM skill WHERE worker_id = $1 ORDER BY name",
        worker
    )
}

pub(crate) async fn value(tx: &mut Connection, worker: Id, name: &str) -> Result<Option<f64>> {
    let row = sql!(
        tx,
        optional(f64,),
        "SELECT value FROM skill WHERE worker_id = $1 AND name = $2",
        worker,
        name
    )?;
    Ok(row.map(|(value,)| value))
}

/// The skills of all workers of a batch, by worker and name.
pub(crate) async fn values(tx: &mut Connection, batch: Id) -> Result<BTreeMap<(Id, String), f64>> {
    let rows = sql!(
        tx,
        all(Id, String, f64),
        "SELECT s.worker_id, s.name, s.value FROM participation p JOIN skill s ON s.worker_id = p.worker_id
         WHERE p.batch_id = $1",
        batch
    )?;
    Ok(rows.into_iter().map(|(worker, name, value)| ((worker, name), value)).collect())
}

/// Sets a skill; `source` is rule or requester.
pub(crate) async fn set(
    tx: &mut Connection,
    workspace: Id,
    worker: Id,
    name: &str,
    value: f64,
    source: &str,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO skill (workspace_id, worker_id, name, value, source, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (worker_id, name) DO UPDATE SET value = excluded.value, source = excluded.source,
             updated_at = excluded.updated_at",
        workspace,
        worker,
        name,
        value,
        source,
        now
    )
    .map(drop)
}

/// Removes a skill; false if there is none of that name.
pub(super) async fn remove(tx: &mut Connection, worker: Id, name: &str) -> Result<bool> {
    let rows =
        sql!(tx, execute, "DELETE FROM skill WHERE worker_id = $1 AND name = $2", worker, name)?;
    Ok(rows > 0)
}
