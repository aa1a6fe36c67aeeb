use std::collections::BTreeMap;

use super::Counters;
use super::standing::Place;
use crate::batch::Terms;
use crate::db::{Connection, sql};
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::time::Time;

macro_rules! select_counters {
    ($condition:literal) => {
        concat!(
            "SELECT p.worker_id, p.gold_right, p.gold_answers, p.excluded_by, p.trust, p.trust_low, ",
            "CAST(COALESCE((SELECT SUM(o.gold_right) FROM participation o JOIN batch b ON b.id = o.batch_id ",
            "WHERE o.worker_id = p.worker_id AND b.project_id = $2 AND o.batch_id <> $1), 0) AS BIGINT) AS earlier_right, ",
            "CAST(COALESCE((SELECT SUM(o.gold_answers) FROM participation o JOIN batch b ON b.id = o.batch_id ",
            "WHERE o.worker_id = p.worker_id AND b.project_id = $2 AND o.batch_id <> $1), 0) AS BIGINT) AS earlier_answers ",
            "FROM participation p WHERE p.batch_id = $1 AND ",
            $condition
        )
    };
}

pub(super) async fn counters_of(
    tx: &mut Connection,
    batch: Id,
    project: Id,
    worker: Id,
) -> Result<Counters> {
    sql!(tx, one Counters, select_counters!("p.worker_id = $3"), batch, project, worker)
}

/// The counters of all who judged in a batch.
pub(super) async fn counters(tx: &mut Connection, batch: Id, project: Id) -> Result<Vec<Counters>> {
    sql!(
        tx,
        all Counters,
        select_counters!("p.judgments > 0 ORDER BY p.worker_id"),
        batch,
        project
    )
}

pub(super) async fn set_trust(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    mean: f64,
    low: f64,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE participation SET trust = $3, trust_low = $4 WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker,
        mean,
        low
    )
    .map(drop)
}

pub(super) async fn trusts(tx: &mut Connection, batch: Id) -> Result<BTreeMap<Id, f64>> {
    let rows = sql!(
        tx,
        all(Id, f64),
        "SELECT worker_id, trust FROM participation WHERE batch_id = $1 AND trust IS NOT NULL",
        batch
    )?;
    Ok(rows.into_iter().collect())
}

/// Counts a worker's answers to gold anew from the judgments.
pub(crate) async fn recount_gold(tx: &mut Connection, batch: Id, worker: Id) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE participation SET
             gold_right = (SELECT COUNT(*) FROM judgment j WHERE j.batch_id = $1 AND j.worker_id = $2 AND j.gold = 'right'),
             gold_answers = (SELECT COUNT(*) FROM judgment j WHERE j.batch_id = $1 AND j.worker_id = $2
                             AND j.gold IN ('right', 'missed'))
         WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker
    )
    .map(drop)
}

/// Counts one try of the quiz; answers how many there were.
pub(super) async fn count_try(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    passed: bool,
    tries: i64,
) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "UPDATE participation SET quiz_tries = quiz_tries + 1,
             quiz = CASE WHEN $3 = 1 THEN 'passed' WHEN quiz_tries + 1 >= $4 THEN 'failed' ELSE 'none' END
         WHERE batch_id = $1 AND worker_id = $2 RETURNING quiz_tries",
        batch,
        worker,
        i64::from(passed),
        tries
    )
}

/// Right answers and answers that count of a quiz, and how many tries there were.
pub(super) async fn quiz_answers(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    assignment: Id,
) -> Result<(i64, i64, i64)> {
    sql!(
        tx,
        one(i64, i64, i64),
        "SELECT COUNT(CASE WHEN j.gold = 'right' THEN 1 END), COUNT(CASE WHEN j.gold IN ('right', 'missed') THEN 1 END),
                (SELECT quiz_tries FROM participation WHERE batch_id = $1 AND worker_id = $2)
         FROM judgment j WHERE j.batch_id = $1 AND j.worker_id = $2 AND j.assignment_id = $3",
        batch,
        worker,
        assignment
    )
}

/// Gives a try back to who did not pass a quiz with wrong gold in it.
pub(crate) async fn forgive_quiz(tx: &mut Connection, terms: &Terms, worker: Id) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE participation SET quiz = 'none', quiz_tries = quiz_tries - 1
         WHERE batch_id = $1 AND worker_id = $2 AND quiz <> 'passed' AND quiz_tries > 0",
        terms.batch,
        worker
    )
    .map(drop)
}

/// Marks a worker as excluded; `None` if that is so already, or trust would do it to one whom a rule accepted; else what
/// the worker has earned in the batch.
pub(super) async fn mark_excluded(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    by: &str,
    why: &str,
    now: Time,
) -> Result<Option<Money>> {
    let earned = sql!(
        tx,
        optional(Money,),
        "UPDATE participation SET excluded_at = $5, excluded_by = $3, excluded_why = $4
         WHERE batch_id = $1 AND worker_id = $2 AND excluded_at IS NULL AND ($3 <> 'trust' OR accepted = 0)
         RETURNING earned",
        batch,
        worker,
        by,
        why,
        now
    )?;
    Ok(earned.map(|(earned,)| earned))
}

/// Marks a worker as excluded no more; `None` if that is so already, else the pay that was taken back.
pub(super) async fn unmark_excluded(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
) -> Result<Option<Money>> {
    let taken = sql!(
        tx,
        optional(Money,),
        "UPDATE participation SET excluded_at = NULL, excluded_by = NULL, excluded_why = NULL
         WHERE batch_id = $1 AND worker_id = $2 AND excluded_at IS NOT NULL RETURNING taken_back",
        batch,
        worker
    )?;
    Ok(taken.map(|(taken,)| taken))
}

/// Moves pay between what a worker has earned and what was taken back; negative brings it back.
pub(super) async fn move_pay(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    amount: Money,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE participation SET earned = earned - $3, taken_back = taken_back + $3
         WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker,
        amount
    )
    .map(drop)
}

/// The tasks, gold aside, that a worker has judged in a batch.
pub(super) async fn judged_tasks(tx: &mut Connection, batch: Id, worker: Id) -> Result<Vec<Id>> {
    let rows = sql!(
        tx,
        all(Id,),
        "SELECT task_id FROM judgment WHERE batch_id = $1 AND worker_id = $2 AND gold IS NULL ORDER BY task_id",
        batch,
        worker
    )?;
    Ok(rows.into_iter().map(|(task,)| task).collect())
}

/// The batch's worker models rest on judgments that do not count any more, or leave some out that do.
pub(super) async fn forget_fit(tx: &mut Connection, batch: Id) -> Result<()> {
    sql!(tx, execute, "UPDATE model SET judgments = -1 WHERE batch_id = $1", batch).map(drop)
}

pub(super) async fn place(tx: &mut Connection, batch: Id, worker: Id) -> Result<Option<Place>> {
    sql!(
        tx,
        optional Place,
        "SELECT quiz, quiz_tries, gold_answers, trust,
                CASE WHEN excluded_at IS NULL THEN NULL ELSE excluded_why END AS excluded_why
         FROM participation WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker
    )
}

/// Why the worker may not claim here for now, and until when, if a restriction says so.
pub(super) async fn restriction(
    tx: &mut Connection,
    terms: &Terms,
    worker: Id,
    now: Time,
) -> Result<Option<(String, Option<Time>)>> {
    sql!(
        tx,
        optional(String, Option<Time>),
        "SELECT why, until FROM restriction
         WHERE worker_id = $1 AND scope_id IN ($2, $3, $4) AND lifted_at IS NULL AND (until IS NULL OR until > $5)
         ORDER BY until IS NOT NULL, until DESC LIMIT 1",
        worker,
        terms.batch,
        terms.project,
        terms.workspace,
        now
    )
}

/// The member of a workspace under this pseudonym or external name.
pub(crate) async fn member(tx: &mut Connection, workspace: Id, name: &str) -> Result<Option<Id>> {
    let row = sql!(
        tx,
        optional(Id,),
        "SELECT id FROM member WHERE workspace_id = $1 AND (pseudonym = $2 OR external_name = $2)",
        workspace,
        name
    )?;
    Ok(row.map(|(id,)| id))
}

/// Makes sure that a worker has a place in a batch.
pub(super) async fn ensure_place(tx: &mut Connection, batch: Id, worker: Id) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO participation (batch_id, worker_id) VALUES ($1, $2) ON CONFLICT (batch_id, worker_id) DO NOTHING",
        batch,
        worker
    )
    .map(drop)
}
