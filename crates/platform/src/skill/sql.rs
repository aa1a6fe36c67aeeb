use std::collections::BTreeMap;

use super::{Holder, InUse, Skill};
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

/// The skills that workers of a workspace have, by name.
pub(super) async fn in_use(tx: &mut Connection, workspace: Id) -> Result<Vec<InUse>> {
    sql!(
        tx,
        all InUse,
        "SELECT name, COUNT(*) AS workers, MIN(value) AS lowest, MAX(value) AS highest FROM skill
         WHERE workspace_id = $1 GROUP BY name ORDER BY name",
        workspace
    )
}

/// Workers who have a skill, in the order they joined.
pub(super) async fn holders(
    tx: &mut Connection,
    workspace: Id,
    name: &str,
    after: Id,
    limit: i64,
) -> Result<Vec<Holder>> {
    sql!(
        tx,
        all Holder,
        "SELECT m.id, COALESCE(m.external_name, m.pseudonym) AS worker, s.value, s.source, s.updated_at
         FROM skill s JOIN member m ON m.id = s.worker_id
         WHERE s.workspace_id = $1 AND s.name = $2 AND m.id > $3 ORDER BY m.id LIMIT $4",
        workspace,
        name,
        after,
        limit
    )
}

/// The values of all skills of a worker, by name.
pub(crate) async fn values_of(tx: &mut Connection, worker: Id) -> Result<BTreeMap<String, f64>> {
    let text = "SELECT name, value FROM skill WHERE worker_id = $1";
    Ok(sql!(tx, all(String, f64), text, worker)?.into_iter().collect())
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
