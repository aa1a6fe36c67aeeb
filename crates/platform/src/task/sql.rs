use super::{NewTask, State, Task, raw};
use crate::db::dialect::{id_list, name_list, spelt};
use crate::db::{Connection, on_either, sql};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::Time;

#[derive(sqlx::FromRow)]
struct TaskRow {
    id: Id,
    name: Option<String>,
    input: String,
    judged: i64,
    wanted: i64,
}

impl TryFrom<TaskRow> for Task {
    type Error = Error;

    fn try_from(row: TaskRow) -> Result<Self> {
        let TaskRow { id, name, input, judged, wanted } = row;
        Ok(Self {
            id,
            name,
            input: raw(input)?,
            state: State::of(judged, wanted),
            judgments: judged,
            wanted,
        })
    }
}

pub(super) async fn tasks(
    tx: &mut Connection,
    batch: Id,
    after: Id,
    limit: i64,
) -> Result<Vec<Task>> {
    let rows = sql!(
        tx,
        all TaskRow,
        "SELECT id, name, input, judged, wanted FROM task WHERE batch_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        batch,
        after,
        limit
    )?;
    rows.into_iter().map(Task::try_from).collect()
}

pub(super) async fn task(tx: &mut Connection, batch: Id, task: Id) -> Result<Option<Task>> {
    let row = sql!(
        tx,
        optional TaskRow,
        "SELECT id, name, input, judged, wanted FROM task WHERE id = $1 AND batch_id = $2",
        task,
        batch
    )?;
    row.map(Task::try_from).transpose()
}

/// Inserts tasks at the end of the batch's queue.
pub(super) async fn insert(
    tx: &mut Connection,
    batch: Id,
    overlap: i64,
    tasks: &[&NewTask],
) -> Result<()> {
    on_either!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO task (id, batch_id, name, input, wanted, open_slots, place) ",
        );
        query.push_values(tasks, |mut row, task| {
            let id = Id::new();
            row.push_bind(id).push_bind(batch).push_bind(&task.name).push_bind(&task.input);
            row.push_bind(overlap).push_bind(overlap).push_bind(id);
        });
        query.build().execute(c).await.map(drop)
    })
    .map_err(Error::from)
}

/// Name and stored input of those tasks that the batch holds already.
pub(super) async fn inputs_by_name(
    tx: &mut Connection,
    batch: Id,
    tasks: &[NewTask],
) -> Result<Vec<(String, String)>> {
    let names = name_list(tasks.iter().filter_map(|task| task.name.as_deref()));
    let text = spelt(tx, "SELECT name, input FROM task WHERE batch_id = $1 AND name IN NAMES($2)");
    sql!(tx, all(String, String), text, batch, names)
}

/// Ids of named tasks; those that the batch does not hold are absent.
pub(crate) async fn ids_by_name(
    tx: &mut Connection,
    batch: Id,
    names: &[&str],
) -> Result<Vec<(String, Id)>> {
    let text = spelt(tx, "SELECT name, id FROM task WHERE batch_id = $1 AND name IN NAMES($2)");
    sql!(tx, all(String, Id), text, batch, name_list(names.iter().copied()))
}

/// Which of these ids are tasks of the batch.
pub(crate) async fn known_ids(
    tx: &mut Connection,
    batch: Id,
    ids: impl Iterator<Item = Id>,
) -> Result<Vec<Id>> {
    let ids = id_list(ids);
    if ids == "[]" {
        return Ok(Vec::new());
    }
    let text = spelt(tx, "SELECT id FROM task WHERE batch_id = $1 AND id IN IDS($2)");
    let rows = sql!(tx, all(Id,), text, batch, ids)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A task taken for a worker.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Taken {
    pub(crate) id: Id,
    pub(crate) input: String,
    pub(crate) place: i64,
}

/// Takes a slot of each of up to `count` tasks behind `cursor`, in the order of the queue, that the worker has not
/// judged and does not hold (`held` is an id list). On PostgreSQL it passes over rows that another claim is taking.
pub(crate) async fn take(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    held: &str,
    cursor: i64,
    count: i64,
) -> Result<Vec<Taken>> {
    let text = spelt(
        tx,
        "WITH picked AS MATERIALIZED (
             SELECT t.id FROM task t
             WHERE t.batch_id = $1 AND t.open_slots > 0 AND t.place > $2 AND t.id NOT IN IDS($3)
               AND NOT EXISTS (SELECT 1 FROM judgment j WHERE j.task_id = t.id AND j.worker_id = $4)
             ORDER BY t.place LIMIT $5 SKIP_LOCKED(t)
         )
         UPDATE task SET open_slots = open_slots - 1 WHERE id IN (SELECT id FROM picked)
         RETURNING id, input, place",
    );
    let mut taken = sql!(tx, all Taken, text, batch, cursor, held, worker, count)?;
    taken.sort_by_key(|task| task.place);
    Ok(taken)
}

/// Frees a slot of each task and sends it to the back of the queue, in front of no worker's cursor.
pub(crate) async fn give_back(tx: &mut Connection, tasks: &[Id]) -> Result<()> {
    let in_order = std::collections::BTreeSet::from_iter(tasks);
    for task in in_order {
        sql!(
            tx,
            execute,
            "UPDATE task SET open_slots = open_slots + 1, place = $2 WHERE id = $1",
            *task,
            Id::new()
        )?;
    }
    Ok(())
}

/// Turns a leased slot of each task (an id list) into a judgment; answers how many tasks are done by that.
pub(crate) async fn count_judged(tx: &mut Connection, tasks: &str) -> Result<i64> {
    let text = spelt(
        tx,
        "UPDATE task SET judged = judged + 1
         WHERE id IN (SELECT id FROM task t WHERE id IN IDS($1) ORDER BY id LOCKED(t)) RETURNING judged, wanted",
    );
    let counts = sql!(tx, all(i64, i64), text, tasks)?;
    Ok(counts.iter().filter(|(judged, wanted)| judged == wanted).count() as i64)
}

/// Counts imported judgments of one task: they take free slots first and raise what is wanted beyond them. Answers
/// whether the task is done by that, and by how much `wanted` grew.
pub(crate) async fn count_imported(
    tx: &mut Connection,
    task: Id,
    judgments: i64,
) -> Result<(bool, i64)> {
    let (before, wanted, open) = sql!(
        tx,
        one(i64, i64, i64),
        "UPDATE task SET judged = judged WHERE id = $1 RETURNING judged, wanted, open_slots",
        task
    )?;
    let raised = (judgments - open).max(0);
    sql!(
        tx,
        execute,
        "UPDATE task SET judged = judged + $2, open_slots = open_slots - $3, wanted = wanted + $4 WHERE id = $1",
        task,
        judgments,
        judgments.min(open),
        raised
    )?;
    let done = |judged, wanted| State::of(judged, wanted) == State::Done;
    Ok((done(before + judgments, wanted + raised) && !done(before, wanted), raised))
}

pub(super) async fn earlier_answer(
    tx: &mut Connection,
    scope: Id,
    token: &str,
) -> Result<Option<(String, String)>> {
    sql!(
        tx,
        optional(String, String),
        "SELECT request_hash, answer FROM idempotency WHERE scope_id = $1 AND token = $2",
        scope,
        token
    )
}

pub(super) async fn remember_answer(
    tx: &mut Connection,
    scope: Id,
    token: &str,
    hash: &str,
    answer: &str,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO idempotency (scope_id, token, request_hash, answer, created_at) VALUES ($1, $2, $3, $4, $5)",
        scope,
        token,
        hash,
        answer,
        Time::now()
    )
    .map(drop)
}
