use super::{NewTask, State, Task, raw};
use crate::db::dialect::{id_list, name_list, spelt};
use crate::db::{Connection, on_either, sql};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::place::{self, Point};
use crate::time::Time;

#[derive(sqlx::FromRow)]
struct TaskRow {
    id: Id,
    name: Option<String>,
    input: String,
    judged: i64,
    wanted: i64,
    #[sqlx(try_from = "String")]
    state: State,
    confidence: Option<f64>,
    paused_at: Option<Time>,
}

impl TryFrom<TaskRow> for Task {
    type Error = Error;

    fn try_from(row: TaskRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            name: row.name,
            input: raw(row.input)?,
            state: row.state,
            judgments: row.judged,
            wanted: row.wanted,
            confidence: row.confidence,
            paused_at: row.paused_at,
        })
    }
}

pub(super) async fn tasks(
    tx: &mut Connection,
    batch: Id,
    state: Option<State>,
    after: Id,
    limit: i64,
) -> Result<Vec<Task>> {
    let all = "SELECT id, name, input, judged, wanted, state, confidence, paused_at FROM task
               WHERE batch_id = $1 AND id > $2 AND gold = 0 ORDER BY id LIMIT $3";
    let of_state = "SELECT id, name, input, judged, wanted, state, confidence, paused_at FROM task
                    WHERE batch_id = $1 AND id > $2 AND gold = 0 AND state = $4 ORDER BY id LIMIT $3";
    let rows = match state {
        None => sql!(tx, all TaskRow, all, batch, after, limit),
        Some(state) => sql!(tx, all TaskRow, of_state, batch, after, limit, state.word()),
    }?;
    rows.into_iter().map(Task::try_from).collect()
}

pub(super) async fn task(tx: &mut Connection, batch: Id, task: Id) -> Result<Option<Task>> {
    let row = sql!(
        tx,
        optional TaskRow,
        "SELECT id, name, input, judged, wanted, state, confidence, paused_at FROM task WHERE id = $1 AND batch_id = $2",
        task,
        batch
    )?;
    row.map(Task::try_from).transpose()
}

pub(super) async fn count_ambiguous(tx: &mut Connection, batch: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "SELECT COUNT(*) FROM task WHERE batch_id = $1 AND state = 'ambiguous' AND gold = 0",
        batch
    )
}

/// Inserts tasks at the end of the batch's queue; `shuffled`, those added together stand there in another order than
/// that of their ids. Some ids in between are left free at random: they are gold's (`gold::add`).
pub(super) async fn insert(
    tx: &mut Connection,
    batch: Id,
    overlap: i64,
    shuffled: bool,
    tasks: &[&NewTask],
) -> Result<()> {
    let mut coins = Coins::default();
    let mut ids = Vec::with_capacity(tasks.len());
    for _ in tasks {
        if coins.flip()? {
            Id::new();
        }
        ids.push(Id::new());
    }
    on_either!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO task (id, batch_id, name, input, wanted, open_slots, place) ",
        );
        query.push_values(tasks.iter().zip(&ids), |mut row, (task, id)| {
            row.push_bind(*id).push_bind(batch).push_bind(&task.name).push_bind(&task.input);
            row.push_bind(overlap).push_bind(overlap).push_bind(if shuffled { shuffle(id.0) } else { id.0 });
        });
        query.build().execute(c).await.map(drop)
    })
    .map_err(Error::from)?;
    let located = tasks.iter().zip(&ids).filter_map(|(task, id)| Some((*id, task.place?)));
    place::insert(tx, batch, &located.collect::<Vec<_>>()).await
}

/// Another place within the block of 16,384 ids that the id stands in; no two ids get the same. The factor is about the
/// golden section of the block: along the queue ids go up and down, however few were added together.
const fn shuffle(id: i64) -> i64 {
    id - id % 16384 + id % 16384 * 6253 % 16384
}

/// Random bits, 64 at a time.
#[derive(Default)]
struct Coins {
    bits: u64,
    left: u32,
}

impl Coins {
    fn flip(&mut self) -> Result<bool> {
        if self.left == 0 {
            self.bits = getrandom::u64()
                .map_err(|error| Error::Internal(format!("no random numbers: {error}")))?;
            self.left = u64::BITS;
        }
        self.left -= 1;
        let coin = self.bits & 1 == 1;
        self.bits >>= 1;
        Ok(coin)
    }
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
/// judged, skipped or hold (`held` is an id list), that are not paused, and that demand no more than the worker's trust. On
/// PostgreSQL it passes over rows that another claim is taking.
pub(crate) async fn take(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    held: &str,
    cursor: i64,
    trust: f64,
    count: i64,
) -> Result<Vec<Taken>> {
    let text = spelt(
        tx,
        "WITH picked AS MATERIALIZED (
             SELECT t.id FROM task t
             WHERE t.batch_id = $1 AND t.open_slots > 0 AND t.place > $2 AND t.id NOT IN IDS($3)
               AND t.demand <= $6
               AND t.paused_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM judgment j WHERE j.task_id = t.id AND j.worker_id = $4)
               AND NOT EXISTS (SELECT 1 FROM skip s WHERE s.task_id = t.id AND s.worker_id = $4)
             ORDER BY t.place LIMIT $5 SKIP_LOCKED(t)
         )
         UPDATE task SET open_slots = open_slots - 1 WHERE id IN (SELECT id FROM picked)
         RETURNING id, input, place",
    );
    let mut taken = sql!(tx, all Taken, text, batch, cursor, held, worker, count, trust)?;
    taken.sort_by_key(|task| task.place);
    Ok(taken)
}

/// Takes a slot of one task, under the same conditions; `None` if they do not hold.
pub(crate) async fn take_one(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    task: Id,
    trust: f64,
) -> Result<Option<Taken>> {
    sql!(
        tx,
        optional Taken,
        "UPDATE task SET open_slots = open_slots - 1
         WHERE id = $1 AND batch_id = $2 AND open_slots > 0 AND gold = 0 AND paused_at IS NULL AND demand <= $4
           AND NOT EXISTS (SELECT 1 FROM judgment j WHERE j.task_id = $1 AND j.worker_id = $3)
           AND NOT EXISTS (SELECT 1 FROM skip s WHERE s.task_id = $1 AND s.worker_id = $3)
         RETURNING id, input, place",
        task,
        batch,
        worker,
        trust
    )
}

/// Frees a slot of each task and sends it to the back of the queue, in front of no worker's cursor. A task that was
/// decided meanwhile wants one judgment less; gold has no slots.
pub(crate) async fn give_back(tx: &mut Connection, tasks: &[Id]) -> Result<()> {
    let in_order = std::collections::BTreeSet::from_iter(tasks);
    for task in in_order {
        sql!(
            tx,
            execute,
            "UPDATE task SET open_slots = open_slots + CASE WHEN state = 'open' THEN 1 ELSE 0 END,
                             wanted = wanted - CASE WHEN state = 'open' THEN 0 ELSE 1 END, place = $2
             WHERE id = $1 AND gold = 0",
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
        "UPDATE task SET judged = judged + 1, state = CASE WHEN judged + 1 >= wanted THEN 'done' ELSE state END
         WHERE id IN (SELECT id FROM task t WHERE id IN IDS($1) ORDER BY id LOCKED(t)) RETURNING judged, wanted",
    );
    let counts = sql!(tx, all(i64, i64), text, tasks)?;
    Ok(counts.iter().filter(|(judged, wanted)| judged == wanted).count() as i64)
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

/// Ends a task for good; answers the state it had and the slots it had open.
pub(super) async fn end(tx: &mut Connection, batch: Id, task: Id) -> Result<Option<(String, i64)>> {
    let found = sql!(
        tx,
        optional(String, i64),
        "UPDATE task SET name = name WHERE id = $2 AND batch_id = $1 AND gold = 0 RETURNING state, open_slots",
        batch,
        task
    )?;
    sql!(
        tx,
        execute,
        "UPDATE task SET state = 'done', wanted = wanted - open_slots, open_slots = 0, paused_at = NULL WHERE id = $2 AND batch_id = $1",
        batch,
        task
    )?;
    Ok(found)
}

/// Keeps what a reviewer decided; deciding again replaces it.
pub(super) async fn insert_verdict(
    tx: &mut Connection,
    batch: Id,
    task: Id,
    output: &str,
    member: Id,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO verdict (task_id, batch_id, output, member_id, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (task_id) DO UPDATE SET output = excluded.output, member_id = excluded.member_id,
             created_at = excluded.created_at",
        task,
        batch,
        output,
        member,
        now
    )
    .map(drop)
}

pub(super) async fn batch_of_name(
    tx: &mut Connection,
    project: Id,
    name: &str,
) -> Result<Option<Id>> {
    let row = sql!(
        tx,
        optional(Id,),
        "SELECT id FROM batch WHERE project_id = $1 AND name = $2",
        project,
        name
    )?;
    Ok(row.map(|(id,)| id))
}

/// A task that goes to another batch.
pub(super) struct Copied {
    name: String,
    input: String,
    place: Option<Point>,
}

impl Copied {
    pub(super) fn into_task(self) -> NewTask {
        NewTask { name: Some(self.name), input: self.input, place: self.place }
    }
}

/// Ambiguous tasks of a batch that another one does not hold yet.
pub(super) async fn not_copied(tx: &mut Connection, batch: Id, to: Id) -> Result<Vec<Copied>> {
    let rows = sql!(
        tx,
        all(Id, Option<String>, String, Option<f64>, Option<f64>),
        "SELECT t.id, t.name, t.input, p.latitude, p.longitude
         FROM task t LEFT JOIN task_place p ON p.task_id = t.id
         WHERE t.batch_id = $1 AND t.state = 'ambiguous' AND t.gold = 0 ORDER BY t.id",
        batch
    )?;
    let named = rows.into_iter().map(|(id, name, input, latitude, longitude)| {
        let place = latitude.zip(longitude).and_then(|(north, east)| Point::new(north, east));
        Copied { name: name.unwrap_or_else(|| id.to_string()), input, place }
    });
    let named: Vec<Copied> = named.collect();
    let names = name_list(named.iter().map(|task| task.name.as_str()));
    let text = spelt(tx, "SELECT name FROM task WHERE batch_id = $1 AND name IN NAMES($2)");
    let held = sql!(tx, all(String,), text, to, names)?;
    let held: std::collections::HashSet<String> = held.into_iter().map(|(name,)| name).collect();
    Ok(named.into_iter().filter(|task| !held.contains(&task.name)).collect())
}

/// Keeps others from changing a task until this transaction ends; answers whether it is gold.
pub(crate) async fn lock(tx: &mut Connection, task: Id) -> Result<bool> {
    sql!(tx, scalar bool, "UPDATE task SET name = name WHERE id = $1 RETURNING gold = 1", task)
}

/// Hands a task out to nobody from now on.
pub(crate) async fn pause(tx: &mut Connection, task: Id, now: Time) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE task SET paused_at = COALESCE(paused_at, $2) WHERE id = $1",
        task,
        now
    )
    .map(drop)
}

/// Hands a task out again, from the back of the queue; false if the batch has no such task.
pub(crate) async fn resume(tx: &mut Connection, batch: Id, task: Id) -> Result<bool> {
    let rows = sql!(
        tx,
        execute,
        "UPDATE task SET place = CASE WHEN paused_at IS NULL THEN place ELSE $3 END, paused_at = NULL
         WHERE id = $2 AND batch_id = $1",
        batch,
        task,
        Id::new()
    )?;
    Ok(rows > 0)
}

/// Tasks of a batch that are handed out to nobody.
pub(super) async fn count_paused(tx: &mut Connection, batch: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "SELECT COUNT(*) FROM task WHERE batch_id = $1 AND paused_at IS NOT NULL",
        batch
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_goes_up_and_down() {
        for count in 10..500 {
            let mut ids: Vec<i64> = (0..count).map(|number| 5 * 16384 + number).collect();
            ids.sort_by_key(|&id| shuffle(id));
            let in_order = |five: &[i64]| five.is_sorted() || five.is_sorted_by(|a, b| a > b);
            assert!(!ids.windows(5).any(in_order), "of {count} ids");
        }
    }

    #[test]
    fn no_two_ids_get_the_same_place() {
        let places: std::collections::BTreeSet<i64> = (0..16384).map(shuffle).collect();
        assert_eq!((places.len(), places.first(), places.last()), (16384, Some(&0), Some(&16383)));
    }
}
