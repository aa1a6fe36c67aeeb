use super::{Restriction, Scope};
use crate::db::{Connection, sql};
use crate::error::Result;
use crate::id::Id;
use crate::time::Time;

/// A restriction to be made.
pub(crate) struct New<'a> {
    pub(crate) workspace: Id,
    pub(crate) worker: Id,
    pub(crate) scope: Scope,
    pub(crate) scope_id: Id,
    pub(crate) why: &'a str,
    pub(crate) until: Option<Time>,
    /// The firing that it comes from.
    pub(crate) firing: Option<Id>,
}

pub(crate) async fn insert(tx: &mut Connection, new: &New<'_>, now: Time) -> Result<Id> {
    let id = Id::new();
    sql!(
        tx,
        execute,
        "INSERT INTO restriction (id, workspace_id, worker_id, scope, scope_id, why, until, firing_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        id,
        new.workspace,
        new.worker,
        new.scope.word(),
        new.scope_id,
        new.why,
        new.until,
        new.firing,
        now
    )?;
    Ok(id)
}

pub(super) async fn page(
    tx: &mut Connection,
    workspace: Id,
    worker: Option<&str>,
    before: Id,
    limit: i64,
) -> Result<Vec<Restriction>> {
    sql!(
        tx,
        all Restriction,
        "SELECT r.id, COALESCE(m.external_name, m.pseudonym) AS worker, r.scope, r.why, r.until, r.created_at, r.lifted_at,
                CASE WHEN r.scope = 'batch' THEN r.scope_id END AS batch,
                (SELECT p.name FROM project p WHERE p.id = r.scope_id AND r.scope = 'project') AS project,
                CASE WHEN r.firing_id IS NULL THEN 'requester' ELSE 'rule' END AS source
         FROM restriction r JOIN member m ON m.id = r.worker_id
         WHERE r.workspace_id = $1 AND r.id < $3 AND ($2 IS NULL OR m.pseudonym = $2 OR m.external_name = $2)
         ORDER BY r.id DESC LIMIT $4",
        workspace,
        worker,
        before,
        limit
    )
}

/// Lifts a restriction; false if the workspace has none of that id.
pub(super) async fn lift(
    tx: &mut Connection,
    workspace: Id,
    restriction: Id,
    now: Time,
) -> Result<bool> {
    let rows = sql!(
        tx,
        execute,
        "UPDATE restriction SET lifted_at = COALESCE(lifted_at, $3) WHERE id = $2 AND workspace_id = $1",
        workspace,
        restriction,
        now
    )?;
    Ok(rows > 0)
}

/// Lifts what a firing restricted.
pub(crate) async fn lift_of(tx: &mut Connection, worker: Id, firing: Id, now: Time) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE restriction SET lifted_at = $3 WHERE worker_id = $1 AND firing_id = $2 AND lifted_at IS NULL",
        worker,
        firing,
        now
    )
    .map(drop)
}
