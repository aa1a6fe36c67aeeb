use serde::Serialize;
use serde_json::value::RawValue;

use crate::db::{Connection, Database, on_either, sql};
use crate::error::{Error, Result};
use crate::gold::Score;
use crate::id::Id;
use crate::judgment::Behavior;
use crate::task::raw;
use crate::time::{SECOND, Time};

/// Where judgments come from; the same for all of one transaction.
#[derive(Debug)]
pub struct Source {
    pub batch: Id,
    pub revision: Id,
    /// `None` for imported ones.
    pub assignment: Option<Id>,
    /// Microseconds of work on each.
    pub duration: Option<i64>,
}

#[derive(Debug)]
pub struct NewJudgment {
    pub task: Id,
    pub worker: Id,
    /// JSON, with the fields in the question's order.
    pub output: String,
    /// How it counts, if the task is gold.
    pub gold: Option<Score>,
    /// JSON of how it came about, if the page told.
    pub behavior: Option<String>,
    /// JSON of the order in which options were shown, if they were shuffled.
    pub shown_order: Option<String>,
}

/// Stores judgments; a worker's second one for a task is an error. Answers the inputs of the tasks that are gold.
pub async fn insert(
    tx: &mut Connection,
    source: &Source,
    judgments: &[NewJudgment],
    now: Time,
) -> Result<Vec<(Id, String)>> {
    if judgments.is_empty() {
        return Ok(Vec::new());
    }
    let any_gold = judgments.iter().any(|judgment| judgment.gold.is_some());
    on_either!(tx, c => {
        let mut query = sqlx::QueryBuilder::new(
            "INSERT INTO judgment (id, batch_id, task_id, worker_id, assignment_id, revision_id, output, submitted_at, \
             duration, gold, behavior, shown_order) ",
        );
        query.push_values(judgments, |mut row, judgment| {
            row.push_bind(Id::new()).push_bind(source.batch).push_bind(judgment.task).push_bind(judgment.worker);
            row.push_bind(source.assignment).push_bind(source.revision).push_bind(&judgment.output).push_bind(now);
            row.push_bind(source.duration).push_bind(judgment.gold.map(Score::word));
            row.push_bind(&judgment.behavior).push_bind(&judgment.shown_order);
        });
        if !any_gold {
            return query.build().execute(c).await.map(|_| Vec::new()).map_err(Error::from);
        }
        query.push(
            " RETURNING task_id, CASE WHEN gold IS NOT NULL THEN (SELECT input FROM task t WHERE t.id = task_id) END",
        );
        query.build_query_as::<(Id, Option<String>)>().fetch_all(c).await
    })
    .map(|rows| rows.into_iter().filter_map(|(task, input)| Some((task, input?))).collect())
    .map_err(Error::from)
}

/// The stored outputs of one worker's judgments in a batch, by task.
pub(super) async fn outputs_of_worker(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
) -> Result<Vec<(Id, String)>> {
    sql!(
        tx,
        all(Id, String),
        "SELECT task_id, output FROM judgment WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker
    )
}

/// A judgment with the names it is shown under.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Judgment {
    pub id: Id,
    #[serde(skip)]
    pub task_id: Id,
    #[serde(skip)]
    pub task_name: Option<String>,
    /// The worker's pseudonym, or the external name of an imported one.
    pub worker: String,
    #[schema(value_type = Object)]
    pub output: Box<RawValue>,
    pub revision: i64,
    pub source: &'static str,
    pub submitted_at: Time,
    /// Seconds of work: the time of its suite, shared evenly.
    pub seconds: Option<f64>,
    /// How it counts, if the task is gold.
    pub gold: Option<Score>,
    /// Whether it counts towards results: its worker is not excluded.
    pub counts: bool,
    /// How it came about: times and counts that the page told.
    #[schema(value_type = Option<Behavior>)]
    pub behavior: Option<Box<RawValue>>,
    /// For fields whose options were shuffled: their values in the order shown.
    #[schema(value_type = Option<std::collections::HashMap<String, Vec<String>>>)]
    pub order: Option<Box<RawValue>>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id,
    task_id: Id,
    task_name: Option<String>,
    worker: String,
    output: String,
    revision: i64,
    assignment_id: Option<Id>,
    submitted_at: Time,
    duration: Option<i64>,
    gold: Option<String>,
    counts: bool,
    behavior: Option<String>,
    shown_order: Option<String>,
}

impl TryFrom<Row> for Judgment {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: row.id,
            task_id: row.task_id,
            task_name: row.task_name,
            worker: row.worker,
            output: raw(row.output)?,
            revision: row.revision,
            source: if row.assignment_id.is_some() { "app" } else { "import" },
            submitted_at: row.submitted_at,
            gold: row.gold.as_deref().and_then(Score::from_word),
            counts: row.counts,
            behavior: row.behavior.map(raw).transpose()?,
            order: row.shown_order.map(raw).transpose()?,
            seconds: row.duration.map(|micros| (micros / 1000) as f64 / (SECOND / 1000) as f64),
        })
    }
}

macro_rules! select_judgments {
    ($from:literal, $condition:literal) => {
        concat!(
            "SELECT j.id, j.task_id, t.name AS task_name, COALESCE(m.external_name, m.pseudonym) AS worker, j.output, ",
            "r.number AS revision, j.assignment_id, j.submitted_at, j.duration, j.gold, p.excluded_at IS NULL AS counts, ",
            "j.behavior, j.shown_order ",
            "FROM ",
            $from,
            " j JOIN task t ON t.id = j.task_id JOIN member m ON m.id = j.worker_id ",
            "JOIN participation p ON p.batch_id = j.batch_id AND p.worker_id = j.worker_id ",
            "JOIN revision r ON r.id = j.revision_id ",
            $condition
        )
    };
}

/// Judgments of a batch in the order they came.
pub async fn page(
    db: &Database,
    batch: Id,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Judgment>> {
    let tx = &mut db.read().await?;
    let rows = sql!(
        tx,
        all Row,
        select_judgments!(
            // The page first, then the names: whatever the planner believes, it joins only these rows.
            "(SELECT * FROM judgment WHERE batch_id = $1 AND id > $2 ORDER BY id LIMIT $3)",
            "ORDER BY j.id"
        ),
        batch,
        after.unwrap_or(Id(0)),
        limit
    )?;
    rows.into_iter().map(Judgment::try_from).collect()
}

pub async fn of_task(db: &Database, task: Id) -> Result<Vec<Judgment>> {
    let tx = &mut db.read().await?;
    let rows = sql!(tx, all Row, select_judgments!("judgment", "WHERE j.task_id = $1 ORDER BY j.id"), task)?;
    rows.into_iter().map(Judgment::try_from).collect()
}

/// The members that stand for external workers of these names, made where missing.
pub(super) async fn external_worker(
    tx: &mut Connection,
    workspace: Id,
    name: &str,
    now: Time,
) -> Result<(Id, bool)> {
    let known = sql!(
        tx,
        optional(Id,),
        "SELECT id FROM member WHERE workspace_id = $1 AND external_name = $2",
        workspace,
        name
    )?;
    if let Some((id,)) = known {
        return Ok((id, false));
    }
    let id = Id::new();
    sql!(
        tx,
        execute,
        "INSERT INTO member (id, workspace_id, external_name, role, pseudonym, created_at)
         VALUES ($1, $2, $3, 'worker', $4, $5)",
        id,
        workspace,
        name,
        crate::access::new_pseudonym(),
        now
    )?;
    Ok((id, true))
}

/// Adds imported judgments to a worker's counters.
pub(super) async fn count_imported(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    judgments: i64,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO participation (batch_id, worker_id, judgments, first_at, last_at)
         VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT (batch_id, worker_id) DO UPDATE
         SET judgments = participation.judgments + excluded.judgments,
             first_at = COALESCE(participation.first_at, excluded.first_at), last_at = excluded.last_at",
        batch,
        worker,
        judgments,
        now
    )
    .map(drop)
}
