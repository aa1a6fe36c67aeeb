use super::{Batch, Filter, Settings, State, offer};
use crate::db::{Connection, sql};
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::project::Project;
use crate::time::Time;

/// Never used before, so that what is kept in memory under a version that was undone is never taken for another.
fn new_version() -> i64 {
    Id::new().0
}

/// A batch that no other transaction changes until this one ends.
#[derive(sqlx::FromRow)]
pub(crate) struct Locked {
    pub(crate) id: Id,
    pub(crate) revision_id: Id,
    pub(crate) revision: i64,
    #[sqlx(try_from = "String")]
    pub(crate) state: State,
    pub(crate) overlap: i64,
    pub(crate) policy: String,
    pub(crate) golds: i64,
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
            "overlap, policy, golds, price, currency, budget, tasks, wanted, ",
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
                            currency, budget, max_judgments, created_at, policy)
         VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        id,
        project.id,
        workspace,
        project.revision_id,
        name,
        settings.least_overlap(),
        settings.suite_size,
        settings.time_limit,
        settings.price,
        &settings.currency,
        settings.budget,
        settings.max_judgments,
        Time::now(),
        &settings.policy_given
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
                          budget = $8, max_judgments = $9, policy = $10, version = $11,
                          committed = CASE WHEN budget IS NOT NULL THEN committed ELSE COALESCE(
                              (SELECT CAST(SUM(p.earned + p.leased * $6) AS BIGINT) FROM participation p
                               WHERE p.batch_id = $1), 0) END
         WHERE id = $1",
        batch,
        revision,
        settings.least_overlap(),
        settings.suite_size,
        settings.time_limit,
        settings.price,
        &settings.currency,
        settings.budget,
        settings.max_judgments,
        &settings.policy_given,
        new_version()
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
        "UPDATE batch SET state = $2, version = $4, opened_at = CASE WHEN $2 = 'open' THEN COALESCE(opened_at, $3) ELSE opened_at END
         WHERE id = $1",
        batch,
        state.word(),
        now,
        new_version()
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

/// Adds to the count of active gold tasks.
pub(crate) async fn count_gold(tx: &mut Connection, batch: Id, golds: i64) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE batch SET golds = golds + $2, version = $3 WHERE id = $1",
        batch,
        golds,
        new_version()
    )
    .map(drop)
}

/// Adds to the done tasks, and to the judgments wanted, that no submission counts.
pub(crate) async fn settle(tx: &mut Connection, batch: Id, done: i64, wanted: i64) -> Result<()> {
    if (done, wanted) == (0, 0) {
        return Ok(());
    }
    sql!(
        tx,
        execute,
        "UPDATE batch SET settled = settled + $2, wanted = wanted + $3 WHERE id = $1",
        batch,
        done,
        wanted
    )
    .map(drop)
}

/// What is left of a budget; keeps other claims from committing money until this transaction ends.
pub(crate) async fn room(tx: &mut Connection, batch: Id) -> Result<Money> {
    sql!(
        tx,
        scalar Money,
        "UPDATE batch SET committed = committed WHERE id = $1 RETURNING budget - committed",
        batch
    )
}

/// Promises money to a lease; false, and nothing is promised, if the budget does not cover it.
pub(crate) async fn commit(tx: &mut Connection, batch: Id, amount: Money) -> Result<bool> {
    let rows = sql!(
        tx,
        execute,
        "UPDATE batch SET committed = committed + $2 WHERE id = $1 AND committed + $2 <= budget",
        batch,
        amount
    )?;
    Ok(rows > 0)
}

/// Counts money that is paid, whatever the budget says.
pub(crate) async fn count_paid(tx: &mut Connection, batch: Id, amount: Money) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE batch SET committed = committed + $2 WHERE id = $1 AND budget IS NOT NULL",
        batch,
        amount
    )
    .map(drop)
}

/// Takes back the promise of leases that ended without judgments, in a batch with a budget.
pub(crate) async fn release(tx: &mut Connection, batch: Id, amount: Money) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE batch SET committed = committed - $2 WHERE id = $1 AND budget IS NOT NULL",
        batch,
        amount
    )
    .map(drop)
}

/// What a claim or a submission must know of a batch.
#[derive(sqlx::FromRow)]
pub(super) struct TermsRow {
    pub(super) project_id: Id,
    pub(super) workspace_id: Id,
    pub(super) revision_id: Id,
    pub(super) version: i64,
    #[sqlx(try_from = "String")]
    pub(super) state: State,
    pub(super) policy: String,
    pub(super) suite_size: i64,
    pub(super) time_limit: i64,
    pub(super) price: Money,
    pub(super) currency: String,
    pub(super) budget: Option<Money>,
    pub(super) max_judgments: Option<i64>,
    pub(super) golds: i64,
    pub(super) models: i64,
}

pub(super) async fn terms(tx: &mut Connection, batch: Id) -> Result<Option<TermsRow>> {
    sql!(
        tx,
        optional TermsRow,
        "SELECT project_id, workspace_id, revision_id, version, state, policy, suite_size, time_limit, price, currency,
                budget, max_judgments, golds, models
         FROM batch WHERE id = $1",
        batch
    )
}

/// The columns of [`Batch`], for every statement that answers some.
macro_rules! select_batches {
    ($condition:literal) => {
        concat!(
            "SELECT b.id, b.name, b.project_id, p.name AS project_name, ",
            "r.number AS revision, b.revision_id, b.state, b.policy, b.suite_size, b.time_limit, b.price, b.currency, ",
            "b.budget, b.max_judgments, b.created_at, b.opened_at, b.tasks, b.wanted, b.version, b.settled, ",
            "b.golds, b.committed, r.title AS project_title ",
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
    pub(super) counted: i64,
    pub(super) completed: i64,
    pub(super) earned: Money,
    pub(super) workers: i64,
    pub(super) raised: i64,
    pub(super) excluded: i64,
}

pub(super) async fn sums(tx: &mut Connection, batch: Id) -> Result<Sums> {
    sql!(
        tx,
        one Sums,
        "SELECT CAST(COALESCE(SUM(leased), 0) AS BIGINT) AS leased,
                CAST(COALESCE(SUM(judgments), 0) AS BIGINT) AS judgments,
                CAST(COALESCE(SUM(CASE WHEN excluded_at IS NULL THEN judgments - gold_answers END), 0) AS BIGINT) AS counted,
                CAST(COALESCE(SUM(completed), 0) AS BIGINT) AS completed,
                CAST(COALESCE(SUM(earned), 0) AS BIGINT) AS earned,
                COUNT(CASE WHEN judgments > 0 THEN 1 END) AS workers,
                CAST(COALESCE(SUM(raised), 0) AS BIGINT) AS raised,
                COUNT(excluded_at) AS excluded
         FROM participation WHERE batch_id = $1",
        batch
    )
}

/// Workers who have answered at least so many gold tasks: those who have passed no quiz, and those who have.
pub(super) async fn seen_all_gold(
    tx: &mut Connection,
    batch: Id,
    golds: i64,
) -> Result<(i64, i64)> {
    sql!(
        tx,
        one(i64, i64),
        "SELECT COUNT(CASE WHEN quiz = 'none' THEN 1 END), COUNT(CASE WHEN quiz = 'passed' THEN 1 END)
         FROM participation WHERE batch_id = $1 AND gold_answers >= $2 AND excluded_at IS NULL",
        batch,
        golds
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
            "b.max_judgments, b.tasks, b.policy, CAST(COALESCE(SUM(p.completed), 0) AS BIGINT) AS completed, ",
            "CAST(COALESCE(SUM(CASE WHEN p.worked > 0 THEN p.judgments END), 0) AS BIGINT) AS judgments, ",
            "CAST(COALESCE(SUM(p.worked), 0) AS BIGINT) AS worked, ",
            "COUNT(CASE WHEN p.worker_id = $2 AND (p.excluded_at IS NOT NULL OR p.quiz = 'failed') THEN 1 END) AS barred, ",
            "CAST(COALESCE(SUM(CASE WHEN p.worker_id = $2 THEN p.judgments END), 0) AS BIGINT) AS judged, ",
            "CAST(COALESCE(SUM(CASE WHEN p.worker_id = $2 THEN p.skipped END), 0) AS BIGINT) AS skipped, ",
            "CAST(COALESCE(SUM(CASE WHEN p.worker_id = $2 THEN p.earned END), 0) AS BIGINT) AS earned ",
            "FROM batch b JOIN revision r ON r.id = b.revision_id LEFT JOIN participation p ON p.batch_id = b.id ",
            "WHERE b.workspace_id = $1 AND ",
            $condition,
            " GROUP BY b.id, b.revision_id, r.title, r.description, b.price, b.currency, b.suite_size, b.time_limit, ",
            "b.max_judgments, b.tasks, b.policy ORDER BY b.id DESC"
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
