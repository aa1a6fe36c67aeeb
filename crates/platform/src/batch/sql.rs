use super::{Batch, Filter, Settings, State, offer};
use crate::db::{Connection, sql};
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::project::Project;
use crate::time::Time;

/// A batch that no other transaction changes until this one ends.
#[derive(sqlx::FromRow)]
pub(crate) struct Locked {
    pub(crate) id: Id,
    pub(crate) revision_id: Id,
    pub(crate) revision: i64,
    #[sqlx(try_from = "String")]
    pub(crate) state: State,
    pub(crate) overlap: i64,
    pub(crate) price: Money,
    pub(crate) currency: String,
    pub(crate) budget: Option<Money>,
    pub(crate) tasks: i64,
    pub(crate) wanted: i64,
    pub(crate) judged: bool,
}

/// Touches a batch, which keeps others from changing it, and answers it as [`Locked`].
macro_rules! lock_batch {
    ($condition:literal) => {
        concat!(
            "UPDATE batch SET name = name ",
            $condition,
            " RETURNING id, revision_id, (SELECT number FROM revision WHERE id = revision_id) AS revision, state, ",
            "overlap, price, currency, budget, tasks, wanted, ",
            "EXISTS (SELECT 1 FROM judgment WHERE batch_id = batch.id) AS judged"
        )
    };
}

pub(super) async fn lock_by_name(
    tx: &mut Connection,
    project: Id,
    name: &str,
) -> Result<Option<Locked>> {
    sql!(tx, optional Locked, lock_batch!("WHERE project_id = $1 AND name = $2"), project, name)
}

pub(crate) async fn lock(tx: &mut Connection, workspace: Id, batch: Id) -> Result<Option<Locked>> {
    sql!(tx, optional Locked, lock_batch!("WHERE id = $1 AND workspace_id = $2"), batch, workspace)
}

pub(super) async fn insert(
    tx: &mut Connection,
    workspace: Id,
    project: &Project,
    name: &str,
    settings: &Settings,
) -> Result<Id> {
    let id = Id::new();
    sql!(
        tx,
        execute,
        "INSERT INTO batch (id, project_id, workspace_id, revision_id, name, state, overlap, suite_size, time_limit, price,
                            currency, budget, max_judgments, created_at)
         VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $12, $13)",
        id,
        project.id,
        workspace,
        project.revision_id,
        name,
        settings.overlap,
        settings.suite_size,
        settings.time_limit,
        settings.price,
        &settings.currency,
        settings.budget,
        settings.max_judgments,
        Time::now()
    )
    .map_err(|error| error.on_conflict(|| format!("the batch `{name}` was created at the same moment; try again")))?;
    Ok(id)
}

pub(super) async fn update(
    tx: &mut Connection,
    batch: Id,
    revision: Id,
    settings: &Settings,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE batch SET revision_id = $2, overlap = $3, suite_size = $4, time_limit = $5, price = $6, currency = $7,
                          budget = $8, max_judgments = $9
         WHERE id = $1",
        batch,
        revision,
        settings.overlap,
        settings.suite_size,
        settings.time_limit,
        settings.price,
        &settings.currency,
        settings.budget,
        settings.max_judgments
    )
    .map(drop)
}

pub(super) async fn set_state(
    tx: &mut Connection,
    batch: Id,
    state: State,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE batch SET state = $2, opened_at = CASE WHEN $2 = 'open' THEN COALESCE(opened_at, $3) ELSE opened_at END
         WHERE id = $1",
        batch,
        state.word(),
        now
    )
    .map(drop)
}

/// Adds to the counts of tasks and of judgments wanted.
pub(crate) async fn count_tasks(
    tx: &mut Connection,
    batch: Id,
    tasks: i64,
    wanted: i64,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE batch SET tasks = tasks + $2, wanted = wanted + $3 WHERE id = $1",
        batch,
        tasks,
        wanted
    )
    .map(drop)
}

/// The columns of [`Batch`], for every statement that answers some.
macro_rules! select_batches {
    ($condition:literal) => {
        concat!(
            "SELECT b.id, b.name, b.project_id, p.name AS project_name, ",
            "r.number AS revision, b.revision_id, b.state, b.overlap, b.suite_size, b.time_limit, b.price, b.currency, ",
            "b.budget, b.max_judgments, b.created_at, b.opened_at, b.tasks, b.wanted, r.title AS project_title ",
            "FROM batch b JOIN project p ON p.id = b.project_id JOIN revision r ON r.id = b.revision_id ",
            $condition
        )
    };
}

pub(super) async fn batch(tx: &mut Connection, workspace: Id, batch: Id) -> Result<Option<Batch>> {
    sql!(tx, optional Batch, select_batches!("WHERE b.id = $1 AND b.workspace_id = $2"), batch, workspace)
}

pub(super) async fn batches(
    tx: &mut Connection,
    workspace: Id,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Batch>> {
    sql!(
        tx,
        all Batch,
        select_batches!(
            "WHERE b.workspace_id = $1 AND ($2 IS NULL OR p.name = $2) AND ($3 IS NULL OR b.state = $3) AND b.id < $4
             ORDER BY b.id DESC LIMIT $5"
        ),
        workspace,
        filter.project.as_deref(),
        filter.state.map(State::word),
        filter.after.unwrap_or(Id(i64::MAX)),
        limit
    )
}

/// Sums over the workers of a batch.
#[derive(sqlx::FromRow)]
pub(super) struct Sums {
    pub(super) leased: i64,
    pub(super) judgments: i64,
    pub(super) completed: i64,
    pub(super) earned: Money,
    pub(super) workers: i64,
}

pub(super) async fn sums(tx: &mut Connection, batch: Id) -> Result<Sums> {
    sql!(
        tx,
        one Sums,
        "SELECT CAST(COALESCE(SUM(leased), 0) AS BIGINT) AS leased,
                CAST(COALESCE(SUM(judgments), 0) AS BIGINT) AS judgments,
                CAST(COALESCE(SUM(completed), 0) AS BIGINT) AS completed,
                CAST(COALESCE(SUM(earned), 0) AS BIGINT) AS earned,
                COUNT(CASE WHEN judgments > 0 THEN 1 END) AS workers
         FROM participation WHERE batch_id = $1",
        batch
    )
}

pub(super) async fn judgments_since(tx: &mut Connection, batch: Id, first: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "SELECT COUNT(*) FROM judgment WHERE batch_id = $1 AND id >= $2 AND assignment_id IS NOT NULL",
        batch,
        first
    )
}

/// The columns of an offer; `judgments` and `worked` count submissions only, not what was imported.
macro_rules! select_offers {
    ($condition:literal) => {
        concat!(
            "SELECT b.id, b.revision_id, r.title, r.description, b.price, b.currency, b.suite_size, b.time_limit, ",
            "b.max_judgments, b.tasks, CAST(COALESCE(SUM(p.completed), 0) AS BIGINT) AS completed, ",
            "CAST(COALESCE(SUM(CASE WHEN p.worked > 0 THEN p.judgments END), 0) AS BIGINT) AS judgments, ",
            "CAST(COALESCE(SUM(p.worked), 0) AS BIGINT) AS worked, ",
            "CAST(COALESCE(SUM(CASE WHEN p.worker_id = $2 THEN p.judgments END), 0) AS BIGINT) AS judged, ",
            "CAST(COALESCE(SUM(CASE WHEN p.worker_id = $2 THEN p.earned END), 0) AS BIGINT) AS earned ",
            "FROM batch b JOIN revision r ON r.id = b.revision_id LEFT JOIN participation p ON p.batch_id = b.id ",
            "WHERE b.workspace_id = $1 AND ",
            $condition,
            " GROUP BY b.id, b.revision_id, r.title, r.description, b.price, b.currency, b.suite_size, b.time_limit, ",
            "b.max_judgments, b.tasks ORDER BY b.id DESC"
        )
    };
}

pub(super) async fn offers(
    tx: &mut Connection,
    workspace: Id,
    worker: Id,
) -> Result<Vec<offer::Row>> {
    sql!(tx, all offer::Row, select_offers!("b.state = 'open'"), workspace, worker)
}

pub(super) async fn offer(
    tx: &mut Connection,
    workspace: Id,
    worker: Id,
    batch: Id,
) -> Result<Option<offer::Row>> {
    sql!(tx, optional offer::Row, select_offers!("b.id = $3"), workspace, worker, batch)
}
