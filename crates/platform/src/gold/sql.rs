use serde_json::{Map, Value};

use super::{Answers, Gold, Order, Score, Source, State};
use crate::db::dialect::{id_list, spelt};
use crate::db::{Connection, Database, on_either, sql};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::task::{Taken, raw};
use crate::time::Time;

/// Those of the gold tasks that this worker has not judged.
pub(super) async fn unseen(tx: &mut Connection, worker: Id, tasks: &[Id]) -> Result<Vec<Taken>> {
    let text = spelt(
        tx,
        "SELECT t.id, t.input, t.place FROM task t WHERE t.id IN IDS($1)
         AND NOT EXISTS (SELECT 1 FROM judgment j WHERE j.task_id = t.id AND j.worker_id = $2)
         AND NOT EXISTS (SELECT 1 FROM skip s WHERE s.task_id = t.id AND s.worker_id = $2)",
    );
    sql!(tx, all Taken, text, id_list(tasks.iter().copied()), worker)
}

/// A gold task as it is stored.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Known {
    pub(super) task_id: Id,
    pub(super) answers: String,
    pub(super) explanation: String,
    pub(super) secret: bool,
    #[sqlx(try_from = "String")]
    pub(super) state: State,
}

/// The tasks of a batch that are gold, in any state.
pub(super) async fn known(tx: &mut Connection, batch: Id) -> Result<Vec<Known>> {
    sql!(
        tx,
        all Known,
        "SELECT g.task_id, g.answers, g.explanation, g.secret <> 0 AS secret, g.state
         FROM gold g JOIN task t ON t.id = g.task_id AND t.gold = 1 WHERE g.batch_id = $1",
        batch
    )
}

/// How many workers answered a gold task in a way that counts, how many missed it, and how many contest it.
pub(super) async fn tally(tx: &mut Connection, task: Id) -> Result<(i64, i64, i64)> {
    sql!(
        tx,
        one(i64, i64, i64),
        "SELECT COUNT(CASE WHEN gold IN ('right', 'missed') THEN 1 END), COUNT(CASE WHEN gold = 'missed' THEN 1 END),
                (SELECT COUNT(*) FROM contest c WHERE c.task_id = $1 AND c.state = 'open')
         FROM judgment WHERE task_id = $1",
        task
    )
}

#[derive(sqlx::FromRow)]
struct GoldRow {
    task_id: Id,
    name: Option<String>,
    input: String,
    answers: String,
    explanation: String,
    secret: bool,
    #[sqlx(try_from = "String")]
    state: State,
    why: Option<String>,
    #[sqlx(try_from = "String")]
    source: Source,
    seen: i64,
    missed: i64,
    contested: i64,
    created_at: Time,
}

impl TryFrom<GoldRow> for Gold {
    type Error = Error;

    fn try_from(row: GoldRow) -> Result<Self> {
        Ok(Self {
            task: row.name.unwrap_or_else(|| row.task_id.to_string()),
            task_id: row.task_id,
            input: raw(row.input)?,
            answers: Answers::stored(&row.answers)?,
            explanation: row.explanation,
            secret: row.secret,
            state: row.state,
            why: row.why,
            source: row.source,
            seen: row.seen,
            missed: row.missed,
            contested: row.contested,
            created_at: row.created_at,
        })
    }
}

macro_rules! select_gold {
    ($order:literal) => {
        concat!(
            "SELECT g.task_id, t.name, t.input, g.answers, g.explanation, g.secret <> 0 AS secret, g.state, g.why, ",
            "g.source, g.created_at, ",
            "(SELECT COUNT(*) FROM judgment j WHERE j.task_id = g.task_id AND j.gold IS NOT NULL) AS seen, ",
            "(SELECT COUNT(*) FROM judgment j WHERE j.task_id = g.task_id AND j.gold = 'missed') AS missed, ",
            "(SELECT COUNT(*) FROM contest c WHERE c.task_id = g.task_id AND c.state = 'open') AS contested ",
            "FROM gold g JOIN task t ON t.id = g.task_id WHERE g.batch_id = $1 ORDER BY ",
            $order,
            " LIMIT $2"
        )
    };
}

/// Gold of a batch, at most `limit`.
pub async fn list(db: &Database, batch: Id, order: Order, limit: i64) -> Result<Vec<Gold>> {
    let tx = &mut db.read().await?;
    let text = match order {
        Order::Newest => select_gold!("g.created_at DESC, g.task_id"),
        Order::Missed => select_gold!("missed DESC, contested DESC, g.task_id"),
        Order::Contested => select_gold!("contested DESC, missed DESC, g.task_id"),
    };
    let rows = sql!(tx, all GoldRow, text, batch, limit)?;
    rows.into_iter().map(Gold::try_from).collect()
}

/// Gold tasks of a batch by state: active, paused, withdrawn.
pub async fn counts(db: &Database, batch: Id) -> Result<(i64, i64, i64)> {
    let tx = &mut db.read().await?;
    sql!(
        tx,
        one(i64, i64, i64),
        "SELECT COUNT(CASE WHEN state = 'active' THEN 1 END), COUNT(CASE WHEN state = 'paused' THEN 1 END),
                COUNT(CASE WHEN state = 'withdrawn' THEN 1 END) FROM gold WHERE batch_id = $1",
        batch
    )
}

/// What is known of tasks beforehand, as outputs: active gold with one answer, and what reviewers decided.
pub async fn known_outputs(db: &Database, batch: Id) -> Result<Vec<(Id, String)>> {
    let tx = &mut db.read().await?;
    let gold = sql!(
        tx,
        all(Id, String),
        "SELECT task_id, answers FROM gold WHERE batch_id = $1 AND state = 'active'",
        batch
    )?;
    let mut known = crate::decision::verdicts(db, batch).await?;
    for (task, answers) in gold {
        known.push((task, Value::Object(Answers::stored(&answers)?.as_output()).to_string()));
    }
    Ok(known)
}

/// A task that is to become gold, or is.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Candidate {
    pub(super) id: Id,
    pub(super) name: Option<String>,
    pub(super) input: String,
    pub(super) gold: bool,
    pub(super) answers: Option<String>,
    pub(super) explanation: Option<String>,
    pub(super) secret: Option<bool>,
    pub(super) gold_state: Option<String>,
    pub(super) source: Option<String>,
}

macro_rules! select_candidates {
    ($condition:literal) => {
        concat!(
            "SELECT t.id, t.name, t.input, t.gold <> 0 AS gold, g.answers, g.explanation, g.secret <> 0 AS secret, ",
            "g.state AS gold_state, g.source FROM task t LEFT JOIN gold g ON g.task_id = t.id WHERE t.batch_id = $1 AND ",
            $condition
        )
    };
}

pub(super) async fn candidate(
    tx: &mut Connection,
    batch: Id,
    task: Id,
) -> Result<Option<Candidate>> {
    sql!(tx, optional Candidate, select_candidates!("t.id = $2"), batch, task)
}

/// Tasks of these names (a name list).
pub(super) async fn candidates(
    tx: &mut Connection,
    batch: Id,
    names: &str,
) -> Result<Vec<Candidate>> {
    let text = spelt(tx, select_candidates!("t.name IN NAMES($2)"));
    sql!(tx, all Candidate, text, batch, names)
}

/// A new gold task.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) task: Id,
    pub(super) answers: String,
    pub(super) explanation: String,
    pub(super) secret: bool,
}

pub(super) async fn insert(
    tx: &mut Connection,
    batch: Id,
    source: Source,
    rows: &[Row],
    now: Time,
) -> Result<()> {
    on_either!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO gold (task_id, batch_id, answers, explanation, secret, state, source, created_at) ",
        );
        query.push_values(rows, |mut row, gold| {
            row.push_bind(gold.task).push_bind(batch).push_bind(&gold.answers).push_bind(&gold.explanation);
            row.push_bind(i64::from(gold.secret)).push_bind(State::Active.word()).push_bind(source.word()).push_bind(now);
        });
        query.push(
            " ON CONFLICT (task_id) DO UPDATE SET answers = excluded.answers, explanation = excluded.explanation, \
             secret = excluded.secret, state = excluded.state, why = NULL, source = excluded.source",
        );
        query.build().execute(c).await.map(drop)
    })
    .map_err(Error::from)
}

/// New tasks that are gold from the start: in no queue, wanted by nobody.
pub(super) async fn insert_tasks(
    tx: &mut Connection,
    batch: Id,
    tasks: &[(Id, Option<&str>, &str)],
) -> Result<()> {
    on_either!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO task (id, batch_id, name, input, wanted, open_slots, place, state, gold) ",
        );
        query.push_values(tasks, |mut row, (id, name, input)| {
            row.push_bind(*id).push_bind(batch).push_bind(*name).push_bind(*input).push_bind(0_i64).push_bind(0_i64);
            row.push_bind(*id).push_bind("done").push_bind(1_i64);
        });
        query.build().execute(c).await.map(drop)
    })
    .map_err(Error::from)
}

/// Ids beside those of the batch's tasks that no task has, at random: an id must not tell gold from other tasks.
pub(super) async fn free_ids(
    tx: &mut Connection,
    batch: Id,
    seed: i64,
    count: i64,
) -> Result<Vec<Id>> {
    let rows = sql!(
        tx,
        all(Id,),
        "SELECT t.id + 1 FROM task t
         WHERE t.batch_id = $1 AND NOT EXISTS (SELECT 1 FROM task other WHERE other.id = t.id + 1)
         ORDER BY (t.id % 1000003) * $2 % 1000003 LIMIT $3",
        batch,
        seed,
        count
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Takes a task out of the queue; answers whether it was open, and by how much less is wanted.
pub(super) async fn take_out(tx: &mut Connection, task: Id) -> Result<(bool, i64)> {
    let (state, open) = sql!(
        tx,
        one(String, i64),
        "UPDATE task SET gold = 1 WHERE id = $1 RETURNING state, open_slots",
        task
    )?;
    sql!(
        tx,
        execute,
        "UPDATE task SET wanted = wanted - open_slots, open_slots = 0, state = 'done' WHERE id = $1",
        task
    )?;
    Ok((state == "open", open))
}

/// Makes a task an ordinary one again.
pub(super) async fn put_back(tx: &mut Connection, task: Id) -> Result<()> {
    sql!(tx, execute, "UPDATE task SET gold = 0 WHERE id = $1", task).map(drop)
}

pub(super) async fn correct(
    tx: &mut Connection,
    task: Id,
    answers: &str,
    explanation: &str,
    secret: bool,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE gold SET answers = $2, explanation = $3, secret = $4 WHERE task_id = $1",
        task,
        answers,
        explanation,
        i64::from(secret)
    )
    .map(drop)
}

/// Brings gold from one state into another; false if it was in neither or already there.
pub(super) async fn set_state(
    tx: &mut Connection,
    task: Id,
    from: &[State],
    to: State,
    why: Option<&str>,
) -> Result<bool> {
    for state in from {
        let rows = sql!(
            tx,
            execute,
            "UPDATE gold SET state = $3, why = $4 WHERE task_id = $1 AND state = $2",
            task,
            state.word(),
            to.word(),
            why
        )?;
        if rows > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A judgment of a gold task.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Answered {
    pub(super) id: Id,
    pub(super) worker_id: Id,
    pub(super) output: String,
    pub(super) gold: String,
    pub(super) quiz: bool,
}

pub(super) async fn answered(tx: &mut Connection, task: Id) -> Result<Vec<Answered>> {
    sql!(
        tx,
        all Answered,
        "SELECT j.id, j.worker_id, j.output, j.gold, COALESCE(a.quiz, 0) <> 0 AS quiz FROM judgment j
         LEFT JOIN assignment a ON a.id = j.assignment_id WHERE j.task_id = $1 AND j.gold IS NOT NULL ORDER BY j.id",
        task
    )
}

/// Sets how judgments (an id list) of gold count.
pub(super) async fn set_score(
    tx: &mut Connection,
    judgments: impl Iterator<Item = Id>,
    score: Option<Score>,
) -> Result<()> {
    let ids = id_list(judgments);
    if ids == "[]" {
        return Ok(());
    }
    let text = spelt(tx, "UPDATE judgment SET gold = $2 WHERE id IN IDS($1)");
    sql!(tx, execute, text, ids, score.map(Score::word)).map(drop)
}

/// A worker's answer to gold, with what is known.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Past {
    pub(super) task: Id,
    pub(super) input: String,
    pub(super) output: String,
    #[sqlx(try_from = "String")]
    pub(super) score: Score,
    pub(super) answers: String,
    pub(super) explanation: String,
    #[sqlx(try_from = "String")]
    pub(super) state: State,
    pub(super) at: Time,
    pub(super) contest: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) reply: Option<String>,
}

macro_rules! select_past {
    ($condition:literal) => {
        concat!(
            "SELECT j.task_id AS task, t.input, j.output, j.gold AS score, g.answers, g.explanation, g.state, ",
            "j.submitted_at AS at, c.state AS contest, c.reason, c.reply FROM judgment j ",
            "JOIN gold g ON g.task_id = j.task_id JOIN task t ON t.id = j.task_id ",
            "LEFT JOIN contest c ON c.task_id = j.task_id AND c.worker_id = j.worker_id ",
            "WHERE j.worker_id = $2 AND j.gold IS NOT NULL AND g.secret = 0 AND ",
            $condition
        )
    };
}

/// The worker's answers to gold of a batch that is not secret, newest first.
pub(super) async fn past(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    limit: i64,
) -> Result<Vec<Past>> {
    sql!(
        tx,
        all Past,
        select_past!("j.batch_id = $1 ORDER BY j.id DESC LIMIT $3"),
        batch,
        worker,
        limit
    )
}

/// The worker's answer to one gold task that is not secret.
pub(super) async fn past_answer(tx: &mut Connection, task: Id, worker: Id) -> Result<Option<Past>> {
    sql!(tx, optional Past, select_past!("j.task_id = $1"), task, worker)
}

/// The same for the tasks of an assignment (an id list).
pub(super) async fn past_answers(
    tx: &mut Connection,
    tasks: &str,
    worker: Id,
) -> Result<Vec<Past>> {
    let text = spelt(tx, select_past!("j.task_id IN IDS($1) ORDER BY j.id"));
    sql!(tx, all Past, text, tasks, worker)
}

pub(super) async fn insert_contest(
    tx: &mut Connection,
    batch: Id,
    task: Id,
    worker: Id,
    reason: &str,
    now: Time,
) -> Result<Id> {
    let id = Id::new();
    sql!(
        tx,
        execute,
        "INSERT INTO contest (id, batch_id, task_id, worker_id, reason, state, created_at)
         VALUES ($1, $2, $3, $4, $5, 'open', $6)",
        id,
        batch,
        task,
        worker,
        reason,
        now
    )
    .map_err(|error| error.on_conflict(|| "you contested this task already".into()))?;
    Ok(id)
}

/// The batch of a task.
pub(super) async fn batch_of(tx: &mut Connection, task: Id) -> Result<Option<Id>> {
    let row = sql!(tx, optional(Id,), "SELECT batch_id FROM task WHERE id = $1", task)?;
    Ok(row.map(|(batch,)| batch))
}

/// The task of an open contest of a batch.
pub(super) async fn contested_task(
    tx: &mut Connection,
    batch: Id,
    contest: Id,
) -> Result<Option<(Id, String)>> {
    sql!(
        tx,
        optional(Id, String),
        "SELECT task_id, state FROM contest WHERE id = $2 AND batch_id = $1",
        batch,
        contest
    )
}

/// Ends open contests: the one named, or all of a task.
pub(super) async fn end_contests(
    tx: &mut Connection,
    task: Id,
    contest: Option<Id>,
    state: &str,
    reply: Option<&str>,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE contest SET state = $3, reply = $4, decided_at = $5
         WHERE task_id = $1 AND state = 'open' AND id = COALESCE($2, id)",
        task,
        contest,
        state,
        reply,
        now
    )
    .map(drop)
}

/// Contests of a batch with the names they are shown under.
pub(super) async fn contests(
    tx: &mut Connection,
    batch: Id,
) -> Result<Vec<super::contest::Contest>> {
    sql!(
        tx,
        all super::contest::Contest,
        "SELECT c.id, c.task_id, COALESCE(m.external_name, m.pseudonym) AS worker, j.output, c.reason, c.state, c.reply,
                c.created_at
         FROM contest c JOIN member m ON m.id = c.worker_id
         JOIN judgment j ON j.task_id = c.task_id AND j.worker_id = c.worker_id
         WHERE c.batch_id = $1 ORDER BY c.id",
        batch
    )
}

/// Puts the tasks of a batch that nobody has worked on into an order that does not follow their ids.
pub(super) async fn shuffle(tx: &mut Connection, batch: Id) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE task SET place = id - id % 16384 + id % 16384 * 9377 % 16384 WHERE batch_id = $1 AND gold = 0",
        batch
    )
    .map(drop)
}

/// An output as a map.
pub(super) fn read_output(output: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(output)
        .map_err(|error| Error::Internal(format!("a stored judgment: {error}")))
}
