use serde_json::Value;

use super::decide::{Row, Update};
use super::decider::{Counted, Decider};
use crate::db::dialect::{id_list, spelt};
use crate::db::{Connection, Database, Together, arguments, sql};
use crate::error::Result;
use crate::id::Id;
use crate::time::Time;

/// Tasks to decide on with the judgments that count, kept from others until this transaction ends; without gold and
/// without what reviewers decided.
pub(super) async fn lock_with_judgments(
    tx: &mut Connection,
    tasks: &[Id],
    skill: Option<&str>,
    decider: &Decider,
) -> Result<Vec<(Row, Vec<Counted>)>> {
    let ids = id_list(tasks.iter().copied());
    if matches!(tx, Connection::Postgres(_)) {
        // Judgments that others commit while this waits for their tasks must be seen, so they are read afterwards.
        let text = spelt(tx, "SELECT id FROM task t WHERE id IN IDS($1) ORDER BY id LOCKED(t)");
        sql!(tx, all(Id,), text, &ids)?;
    }
    let text = spelt(
        tx,
        "SELECT t.id, t.judged, t.wanted, t.open_slots, t.state, t.place, t.least,
                j.worker_id, j.output, p.trust, p.excluded_at, s.value AS skill
         FROM task t LEFT JOIN judgment j ON j.task_id = t.id
         LEFT JOIN participation p ON p.batch_id = j.batch_id AND p.worker_id = j.worker_id
         LEFT JOIN skill s ON s.worker_id = j.worker_id AND s.name = $2
         WHERE t.id IN IDS($1) AND t.gold = 0 AND NOT EXISTS (SELECT 1 FROM verdict v WHERE v.task_id = t.id)
         ORDER BY t.id, j.id",
    );
    let mut found: Vec<(Row, Vec<Counted>)> = Vec::with_capacity(tasks.len());
    for row in sql!(tx, all JudgedRow, text, &ids, skill)? {
        let judgment = row.worker_id.zip(row.output).filter(|_| row.excluded_at.is_none());
        if found.last().is_none_or(|(task, _)| task.id != row.task.id) {
            found.push((row.task, Vec::new()));
        }
        let Some((_, counted)) = found.last_mut() else { continue };
        if let Some((worker, output)) = judgment {
            let known =
                if skill.is_some() { row.skill.map(|value| value / 100.0) } else { row.trust };
            let labels = decider.labels(&output)?;
            counted.push(Counted { worker, labels, trust: known.unwrap_or(USUAL_TRUST) });
        }
    }
    Ok(found)
}

/// A worker of whom no trust is known yet.
const USUAL_TRUST: f64 = 0.8;

/// A task with one of its judgments, or with none.
#[derive(sqlx::FromRow)]
struct JudgedRow {
    #[sqlx(flatten)]
    task: Row,
    worker_id: Option<Id>,
    output: Option<String>,
    trust: Option<f64>,
    excluded_at: Option<Time>,
    skill: Option<f64>,
}

/// Tasks whose counters one statement writes at most: its text differs with their number, and is kept prepared.
const ROWS: usize = 20;

/// Writes the new counters of tasks.
pub(super) fn apply(together: &mut Together, updates: &[Update]) {
    for rows in updates.chunks(ROWS) {
        let row = |first: usize| {
            let numbers: Vec<String> =
                (first..first + 8).map(|number| format!("${number}")).collect();
            format!("({})", numbers.join(", "))
        };
        let values: Vec<String> = (0..rows.len()).map(|place| row(place * 8 + 1)).collect();
        let text = format!(
            "UPDATE task SET judged = n.column2, wanted = n.column3, open_slots = n.column4, state = n.column5,
                             confidence = n.column6, demand = n.column7, place = n.column8
             FROM (VALUES {}) n WHERE task.id = n.column1",
            values.join(", ")
        );
        let arguments = |row: &Update| {
            let Update { id, judged, wanted, open_slots, state, confidence, demand, place } = *row;
            arguments![id, judged, wanted, open_slots, state, confidence, demand, place]
        };
        together.add(text, rows.iter().flat_map(arguments));
    }
}

/// The stored worker models of a batch.
pub(super) async fn models(tx: &mut Connection, batch: Id) -> Result<String> {
    sql!(tx, scalar String, "SELECT content FROM model WHERE batch_id = $1", batch)
}

/// Stores worker models and makes them the batch's current ones.
pub(super) async fn publish(
    tx: &mut Connection,
    batch: Id,
    content: &str,
    judgments: i64,
    newest: Id,
    now: Time,
) -> Result<()> {
    let version = Id::new();
    sql!(
        tx,
        execute,
        "UPDATE model SET version = $2, content = $3, judgments = $4, newest = $5, fitted_at = $6 WHERE batch_id = $1",
        batch,
        version,
        content,
        judgments,
        newest,
        now
    )?;
    sql!(tx, execute, "UPDATE batch SET models = $2, version = $2 WHERE id = $1", batch, version)
        .map(drop)
}

/// A batch whose judgments may have outgrown its worker models.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Candidate {
    pub(super) batch: Id,
    pub(super) judgments: i64,
    pub(super) fitted: i64,
    pub(super) newest: Id,
    pub(super) fitted_at: Option<Time>,
    /// Microseconds that the last refit took.
    pub(super) took: i64,
}

/// Batches at work whose worker models matter, with the judgments they have and those that the models rest on.
pub(super) async fn candidates(tx: &mut Connection) -> Result<Vec<Candidate>> {
    sql!(
        tx,
        all Candidate,
        "SELECT b.id AS batch, CAST(COALESCE((SELECT SUM(p.judgments) FROM participation p WHERE p.batch_id = b.id), 0) AS BIGINT)
                AS judgments, COALESCE(m.judgments, 0) AS fitted, COALESCE(m.newest, 0) AS newest,
                m.fitted_at, COALESCE(m.took, 0) AS took
         FROM batch b LEFT JOIN model m ON m.batch_id = b.id WHERE b.state IN ('open', 'paused')"
    )
}

/// The newest judgment that a batch's worker models know.
pub(super) async fn newest(tx: &mut Connection, batch: Id) -> Result<Id> {
    let newest = sql!(tx, optional(Id,), "SELECT newest FROM model WHERE batch_id = $1", batch)?;
    Ok(newest.map_or(Id(0), |(newest,)| newest))
}

/// How many judgments a batch has, by its workers' counters, and the newest of them.
pub(super) async fn count(tx: &mut Connection, batch: Id) -> Result<(i64, Id)> {
    sql!(
        tx,
        one(i64, Id),
        "SELECT CAST(COALESCE(SUM(judgments), 0) AS BIGINT),
                COALESCE((SELECT MAX(id) FROM judgment WHERE batch_id = $1), 0)
         FROM participation WHERE batch_id = $1",
        batch
    )
}

/// When the first judgment came that the models do not know.
pub(super) async fn first_after(
    tx: &mut Connection,
    batch: Id,
    newest: Id,
) -> Result<Option<Time>> {
    let first = sql!(
        tx,
        optional(Time,),
        "SELECT submitted_at FROM judgment WHERE batch_id = $1 AND id > $2 ORDER BY id LIMIT 1",
        batch,
        newest
    )?;
    Ok(first.map(|(time,)| time))
}

/// Takes the refit of a batch until `until`; false if another server has it.
pub(super) async fn hold(tx: &mut Connection, batch: Id, now: Time, until: Time) -> Result<bool> {
    let rows = sql!(
        tx,
        execute,
        "INSERT INTO model (batch_id, held_until) VALUES ($1, $3)
         ON CONFLICT (batch_id) DO UPDATE SET held_until = $3 WHERE model.held_until <= $2",
        batch,
        now,
        until
    )?;
    Ok(rows > 0)
}

pub(super) async fn note_duration(tx: &mut Connection, batch: Id, took: i64) -> Result<()> {
    sql!(tx, execute, "UPDATE model SET took = $2 WHERE batch_id = $1", batch, took).map(drop)
}

pub(super) async fn let_go(tx: &mut Connection, batch: Id) -> Result<()> {
    sql!(tx, execute, "UPDATE model SET held_until = 0 WHERE batch_id = $1", batch).map(drop)
}

/// A judgment as a refit reads it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Judged {
    pub(super) id: Id,
    pub(super) task_id: Id,
    pub(super) worker_id: Id,
    pub(super) output: String,
}

/// The judgments of a batch that count, after the one given.
pub(super) async fn judgments(
    tx: &mut Connection,
    batch: Id,
    after: Id,
    limit: i64,
) -> Result<Vec<Judged>> {
    sql!(
        tx,
        all Judged,
        "SELECT j.id, j.task_id, j.worker_id, j.output FROM judgment j
         JOIN participation p ON p.batch_id = j.batch_id AND p.worker_id = j.worker_id
         WHERE j.batch_id = $1 AND j.id > $2 AND p.excluded_at IS NULL ORDER BY j.id LIMIT $3",
        batch,
        after,
        limit
    )
}

/// What reviewers decided in a batch.
pub async fn verdicts(db: &Database, batch: Id) -> Result<Vec<(Id, String)>> {
    let tx = &mut db.read().await?;
    sql!(tx, all(Id, String), "SELECT task_id, output FROM verdict WHERE batch_id = $1", batch)
}

/// Tasks as a refit compares them: what they are and ask for.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Standing {
    pub(super) id: Id,
    pub(super) state: String,
    pub(super) judged: i64,
    pub(super) wanted: i64,
    pub(super) open_slots: i64,
    pub(super) least: i64,
    pub(super) confidence: Option<f64>,
}

pub(super) async fn standings(
    tx: &mut Connection,
    batch: Id,
    after: Id,
    limit: i64,
) -> Result<Vec<Standing>> {
    sql!(
        tx,
        all Standing,
        "SELECT id, state, judged, wanted, open_slots, least, confidence FROM task
         WHERE batch_id = $1 AND id > $2 AND gold = 0 ORDER BY id LIMIT $3",
        batch,
        after,
        limit
    )
}

/// Gives open tasks new places in the queue, in the order given.
pub(super) async fn queue_again(tx: &mut Connection, tasks: &[Id]) -> Result<()> {
    let places: Vec<Value> =
        tasks.iter().map(|task| serde_json::json!({"id": task.0, "place": Id::new().0})).collect();
    let text = spelt(
        tx,
        "UPDATE task SET place = n.place
         FROM (SELECT CAST(value ->> 'id' AS BIGINT) AS id, CAST(value ->> 'place' AS BIGINT) AS place
               FROM OBJECTS($1) o) n
         WHERE task.id = n.id AND task.open_slots > 0",
    );
    sql!(tx, execute, text, Value::from(places).to_string()).map(drop)
}

/// Asks for one judgment more than each task has or waits for.
pub(super) async fn ask_for_one_more(tx: &mut Connection, tasks: &[Id]) -> Result<()> {
    let text = spelt(tx, "UPDATE task SET least = wanted + 1 WHERE id IN IDS($1) AND gold = 0");
    sql!(tx, execute, text, id_list(tasks.iter().copied())).map(drop)
}

/// Ends the open tasks of a batch that have their first judgments and wait for nothing; answers how many.
pub(super) async fn end_waiting(tx: &mut Connection, batch: Id, least: i64) -> Result<i64> {
    let rows = sql!(
        tx,
        execute,
        "UPDATE task SET state = 'done'
         WHERE batch_id = $1 AND gold = 0 AND state = 'open' AND judged >= $2 AND wanted = judged",
        batch,
        least
    )?;
    Ok(rows as i64)
}
