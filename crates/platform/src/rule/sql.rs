use std::collections::{BTreeMap, BTreeSet};

use super::Firing;
use crate::batch::Terms;
use crate::db::dialect::{id_list, spelt};
use crate::db::{Connection, sql};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::judgment::Behavior;
use crate::money::Money;
use crate::policy::Rule;
use crate::policy::rules::Collector;
use crate::restriction::Scope;
use crate::time::Time;

/// A rule whose conditions held when it was last looked at.
pub(super) struct Met {
    pub(super) firing: Id,
    /// When the restriction that it made ends.
    until: Option<Time>,
}

impl Met {
    /// Income is a limit, not a fault: it acts again once its restriction has ended.
    pub(super) fn may_act_again(&self, rule: &Rule, now: Time) -> bool {
        rule.collector == Collector::Income && self.until.is_some_and(|until| until <= now)
    }
}

/// The rules that are met for a worker, by their mark.
pub(super) async fn met(tx: &mut Connection, batch: Id, worker: Id) -> Result<BTreeMap<i64, Met>> {
    let rows = sql!(
        tx,
        all(i64, Id, Option<Time>),
        "SELECT m.mark, m.firing_id, r.until FROM rule_met m
         LEFT JOIN restriction r ON r.worker_id = m.worker_id AND r.firing_id = m.firing_id
         WHERE m.batch_id = $1 AND m.worker_id = $2",
        batch,
        worker
    )?;
    Ok(rows.into_iter().map(|(mark, firing, until)| (mark, Met { firing, until })).collect())
}

/// The rules (by their mark) that are met for the workers of a batch.
pub(super) async fn met_of_batch(tx: &mut Connection, batch: Id) -> Result<BTreeSet<(Id, i64)>> {
    let rows =
        sql!(tx, all(Id, i64), "SELECT worker_id, mark FROM rule_met WHERE batch_id = $1", batch)?;
    Ok(rows.into_iter().collect())
}

/// Marks a rule as met by a new firing; false if another transaction did so since the firing `before` (0 for none) was
/// read.
pub(super) async fn set_met(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    mark: i64,
    firing: Id,
    before: Id,
) -> Result<bool> {
    let rows = sql!(
        tx,
        execute,
        "INSERT INTO rule_met (batch_id, worker_id, mark, firing_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (batch_id, worker_id, mark) DO UPDATE SET firing_id = excluded.firing_id
         WHERE rule_met.firing_id = $5",
        batch,
        worker,
        mark,
        firing,
        before
    )?;
    Ok(rows > 0)
}

pub(super) async fn forget_met(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    mark: i64,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "DELETE FROM rule_met WHERE batch_id = $1 AND worker_id = $2 AND mark = $3",
        batch,
        worker,
        mark
    )
    .map(drop)
}

/// A rule at its place that acts on a worker.
pub(super) struct Fired {
    pub(super) id: Id,
    pub(super) batch: Id,
    pub(super) worker: Id,
    pub(super) place: usize,
    pub(super) collector: &'static str,
}

pub(super) async fn insert_firing(
    tx: &mut Connection,
    fired: &Fired,
    why: &str,
    action: &str,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO firing (id, batch_id, worker_id, rule, collector, why, action, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        fired.id,
        fired.batch,
        fired.worker,
        fired.place as i64,
        fired.collector,
        why,
        action,
        now
    )
    .map(drop)
}

pub(super) async fn firings(
    tx: &mut Connection,
    batch: Id,
    before: Id,
    limit: i64,
) -> Result<Vec<Firing>> {
    sql!(
        tx,
        all Firing,
        "SELECT f.id, COALESCE(m.external_name, m.pseudonym) AS worker, f.rule, f.collector, f.why, f.action,
                f.created_at AS at
         FROM firing f JOIN member m ON m.id = f.worker_id
         WHERE f.batch_id = $1 AND f.id < $2 ORDER BY f.id DESC LIMIT $3",
        batch,
        before,
        limit
    )
}

/// Right answers to gold, and all that count.
pub(super) async fn gold(tx: &mut Connection, batch: Id, worker: Id) -> Result<(i64, i64)> {
    sql!(
        tx,
        one(i64, i64),
        "SELECT gold_right, gold_answers FROM participation WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker
    )
}

/// Whether the last answers to gold that count were right, latest first.
pub(super) async fn last_gold(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    last: u32,
) -> Result<Vec<bool>> {
    let rows = sql!(
        tx,
        all(bool,),
        "SELECT gold = 'right' FROM judgment
         WHERE batch_id = $1 AND worker_id = $2 AND gold IN ('right', 'missed') ORDER BY id DESC LIMIT $3",
        batch,
        worker,
        i64::from(last)
    )?;
    Ok(rows.into_iter().map(|(right,)| right).collect())
}

/// How long the last submissions took, in microseconds, latest first. An assignment has at most 100 tasks.
pub(super) async fn last_durations(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    last: Option<u32>,
) -> Result<Vec<i64>> {
    let last = last.map_or(i64::from(u32::MAX), i64::from);
    let rows = sql!(
        tx,
        all(i64,),
        "SELECT CAST(SUM(j.duration) AS BIGINT)
         FROM (SELECT id, assignment_id, duration FROM judgment
               WHERE batch_id = $1 AND worker_id = $2 AND assignment_id IS NOT NULL ORDER BY id DESC LIMIT $3) j
         GROUP BY j.assignment_id ORDER BY MAX(j.id) DESC LIMIT $4",
        batch,
        worker,
        last * 100,
        last
    )?;
    Ok(rows.into_iter().map(|(took,)| took).collect())
}

/// Judgments of a worker in a project or workspace that count, and all.
pub(super) async fn accepted(
    tx: &mut Connection,
    terms: &Terms,
    worker: Id,
    of: Scope,
) -> Result<(i64, i64)> {
    sql!(
        tx,
        one(i64, i64),
        "SELECT CAST(COALESCE(SUM(CASE WHEN p.excluded_at IS NULL THEN p.judgments END), 0) AS BIGINT),
                CAST(COALESCE(SUM(p.judgments), 0) AS BIGINT)
         FROM participation p JOIN batch b ON b.id = p.batch_id
         WHERE p.worker_id = $1 AND b.workspace_id = $2 AND b.project_id = COALESCE($3, b.project_id)",
        worker,
        terms.workspace,
        Some(terms.project).filter(|_| of == Scope::Project)
    )
}

/// Whether the last judgments of a worker in a project or workspace count, latest first.
pub(super) async fn last_accepted(
    tx: &mut Connection,
    terms: &Terms,
    worker: Id,
    of: Scope,
    last: u32,
) -> Result<Vec<bool>> {
    let rows = sql!(
        tx,
        all(bool,),
        "SELECT p.excluded_at IS NULL
         FROM participation p JOIN batch b ON b.id = p.batch_id
         JOIN judgment j ON j.batch_id = p.batch_id AND j.worker_id = p.worker_id
         WHERE p.worker_id = $1 AND b.workspace_id = $2 AND b.project_id = COALESCE($3, b.project_id)
         ORDER BY j.id DESC LIMIT $4",
        worker,
        terms.workspace,
        Some(terms.project).filter(|_| of == Scope::Project),
        i64::from(last)
    )?;
    Ok(rows.into_iter().map(|(accepted,)| accepted).collect())
}

/// Assignments that were returned after all that ended otherwise by the worker's doing.
pub(super) async fn returned_in_a_row(tx: &mut Connection, batch: Id, worker: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "SELECT COUNT(*) FROM assignment WHERE worker_id = $2 AND batch_id = $1 AND state = 'returned'
             AND ended_at > COALESCE((SELECT MAX(o.ended_at) FROM assignment o WHERE o.worker_id = $2 AND o.batch_id = $1
                                      AND o.state IN ('submitted', 'expired')), 0)",
        batch,
        worker
    )
}

/// Tasks that were skipped and assignments that expired after the worker's last judgment or return. Reported problems do
/// not count and end nothing.
pub(super) async fn skipped_in_a_row(tx: &mut Connection, batch: Id, worker: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "WITH since AS (SELECT COALESCE(MAX(at), 0) AS at FROM (
             SELECT submitted_at AS at FROM judgment
             WHERE batch_id = $1 AND worker_id = $2 AND id = (SELECT MAX(id) FROM judgment WHERE batch_id = $1 AND worker_id = $2)
             UNION ALL
             SELECT ended_at FROM assignment WHERE batch_id = $1 AND worker_id = $2 AND state = 'returned') ends)
         SELECT (SELECT COUNT(*) FROM assignment a WHERE a.batch_id = $1 AND a.worker_id = $2 AND a.state = 'expired'
                     AND a.ended_at > (SELECT at FROM since))
              + (SELECT COUNT(*) FROM skip s WHERE s.batch_id = $1 AND s.worker_id = $2 AND s.kind = 'skip'
                     AND s.created_at > (SELECT at FROM since))",
        batch,
        worker
    )
}

/// Judgments of a worker that are looked at where a rule does not say how many.
const USUAL_WINDOW: u32 = 100;

/// How a worker's last judgments came about, latest first; those whose page told nothing are left out.
pub(super) async fn last_behavior(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    last: Option<u32>,
) -> Result<Vec<Behavior>> {
    let rows = sql!(
        tx,
        all(String,),
        "SELECT behavior FROM judgment WHERE batch_id = $1 AND worker_id = $2 AND behavior IS NOT NULL
         ORDER BY id DESC LIMIT $3",
        batch,
        worker,
        i64::from(last.unwrap_or(USUAL_WINDOW))
    )?;
    let stored = |error| Error::Internal(format!("a stored behaviour: {error}"));
    rows.into_iter().map(|(json,)| serde_json::from_str(&json).map_err(stored)).collect()
}

/// Whether the last files that a worker's answers named look or sound like earlier ones of the batch, latest first.
pub(super) async fn last_duplicates(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    last: Option<u32>,
) -> Result<Vec<bool>> {
    let rows = sql!(
        tx,
        all(bool,),
        "SELECT duplicates > 0 FROM upload WHERE batch_id = $1 AND worker_id = $2 AND used_at IS NOT NULL
         ORDER BY id DESC LIMIT $3",
        batch,
        worker,
        last.map_or(i64::MAX, i64::from)
    )?;
    Ok(rows.into_iter().map(|(duplicate,)| duplicate).collect())
}

/// Judgments of a worker in a batch.
pub(super) async fn answers(tx: &mut Connection, batch: Id, worker: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "SELECT judgments FROM participation WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker
    )
}

/// What a worker earned since then; what was taken back and paid again counts once.
pub(super) async fn income(
    tx: &mut Connection,
    worker: Id,
    currency: &str,
    since: Time,
) -> Result<Money> {
    sql!(
        tx,
        scalar Money,
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM transfer
         WHERE credit = $1 AND id >= $2 AND currency = $3 AND reason <> 'reinstated'",
        worker,
        Id::at(since),
        currency
    )
}

/// Who excluded the worker from the batch: trust, rule or requester.
pub(super) async fn excluded_by(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
) -> Result<Option<String>> {
    sql!(
        tx,
        scalar Option<String>,
        "SELECT excluded_by FROM participation WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker
    )
}

pub(super) async fn set_accepted(tx: &mut Connection, batch: Id, worker: Id) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE participation SET accepted = 1 WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker
    )
    .map(drop)
}

/// The tasks of a batch that a worker judged, but gold and those that a reviewer decided.
pub(super) async fn judged_tasks(tx: &mut Connection, batch: Id, worker: Id) -> Result<Vec<Id>> {
    let rows = sql!(
        tx,
        all(Id,),
        "SELECT j.task_id FROM judgment j JOIN task t ON t.id = j.task_id
         WHERE j.batch_id = $1 AND j.worker_id = $2 AND t.gold = 0
             AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.task_id = j.task_id)
         ORDER BY j.task_id",
        batch,
        worker
    )?;
    Ok(rows.into_iter().map(|(task,)| task).collect())
}

/// Judgments that a batch wants in all. Keeps others from raising the batch until this transaction ends.
pub(super) async fn wanted(tx: &mut Connection, batch: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "UPDATE batch SET wanted = wanted WHERE id = $1
         RETURNING wanted + CAST(COALESCE((SELECT SUM(p.raised) FROM participation p WHERE p.batch_id = $1), 0) AS BIGINT)",
        batch
    )
}

/// Lets tasks want `more` judgments than now, at most `most`.
pub(super) async fn raise(tx: &mut Connection, tasks: &[Id], more: i64, most: i64) -> Result<()> {
    let text = spelt(
        tx,
        "UPDATE task SET least = CASE WHEN wanted + $2 < $3 THEN wanted + $2 ELSE $3 END
         WHERE id IN (SELECT id FROM task t WHERE id IN IDS($1) ORDER BY id LOCKED(t))",
    );
    sql!(tx, execute, text, id_list(tasks.iter().copied()), more, most).map(drop)
}
