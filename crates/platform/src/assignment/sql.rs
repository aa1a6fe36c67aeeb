use super::{AssignedTask, Assignment, State, stored_tasks};
use crate::batch::Terms;
use crate::db::dialect::spelt;
use crate::db::{Argument, Connection, Together, arguments, sql};
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::task;
use crate::time::Time;
use crate::trust::{Counters, Place};

/// What a claim needs to know of a worker's work on a batch.
#[derive(sqlx::FromRow)]
pub(super) struct Participation {
    pub(super) cursor: i64,
    pub(super) rewound_at: Time,
    pub(super) leased: i64,
    pub(super) judgments: i64,
    pub(super) suites: i64,
    pub(super) quiz: String,
    pub(super) gold_right: i64,
    pub(super) gold_answers: i64,
    pub(super) trust: Option<f64>,
    pub(super) excluded: bool,
    pub(super) restricted: bool,
    /// The batch's version; `None` if the workspace has no such batch.
    pub(super) version: Option<i64>,
}

/// Makes or finds the row, and keeps the worker's other claims on this batch waiting until this one ends.
pub(super) async fn lock_participation(
    tx: &mut Connection,
    workspace: Id,
    batch: Id,
    worker: Id,
    now: Time,
) -> Result<Participation> {
    sql!(
        tx,
        one Participation,
        "INSERT INTO participation (batch_id, worker_id) VALUES ($1, $2)
         ON CONFLICT (batch_id, worker_id) DO UPDATE SET cursor = participation.cursor
         RETURNING cursor, rewound_at, leased, judgments, suites, quiz, gold_right, gold_answers, trust,
             excluded_at IS NOT NULL AS excluded,
             EXISTS (SELECT 1 FROM restriction r WHERE r.worker_id = $2 AND r.lifted_at IS NULL
                     AND (r.until IS NULL OR r.until > $4)
                     AND r.scope_id IN ($1, $3, (SELECT project_id FROM batch WHERE id = $1))) AS restricted,
             (SELECT version FROM batch WHERE id = $1 AND workspace_id = $3) AS version",
        batch,
        worker,
        workspace,
        now
    )
}

pub(super) fn count_claim(
    together: &mut Together,
    batch: Id,
    worker: Id,
    cursor: i64,
    rewound_at: Time,
    leased: i64,
) {
    together.add(
        "UPDATE participation SET cursor = $3, rewound_at = $4, leased = leased + $5,
                                  suites = suites + CASE WHEN $5 > 0 THEN 1 ELSE 0 END
         WHERE batch_id = $1 AND worker_id = $2",
        arguments![batch, worker, cursor, rewound_at, leased],
    );
}

pub(super) async fn count_freed(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    tasks: i64,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE participation SET leased = leased - $3 WHERE batch_id = $1 AND worker_id = $2",
        batch,
        worker,
        tasks
    )
    .map(drop)
}

/// What a submission adds to a worker's counters.
pub(super) struct Work {
    pub(super) judgments: i64,
    pub(super) leased: i64,
    pub(super) completed: i64,
    pub(super) earned: Money,
    pub(super) worked: i64,
    pub(super) gold_right: i64,
    pub(super) gold_answers: i64,
    /// By how much more is wanted.
    pub(super) raised: i64,
    pub(super) skipped: i64,
}

/// Adds a submission to a worker's counters: `$1` to `$12`.
macro_rules! count_work {
    ($returning:literal) => {
        concat!(
            "UPDATE participation SET judgments = judgments + $3, leased = leased - $4, completed = completed + $5, ",
            "earned = earned + $6, worked = worked + $7, first_at = COALESCE(first_at, $8), last_at = $8, ",
            "gold_right = gold_right + $9, gold_answers = gold_answers + $10, raised = raised + $11, ",
            "skipped = skipped + $12 ",
            "WHERE batch_id = $1 AND worker_id = $2",
            $returning
        )
    };
}

impl Work {
    fn arguments(&self, batch: Id, worker: Id, now: Time) -> [Argument; 12] {
        let Self { judgments, leased, completed, earned, worked, gold_right, .. } = *self;
        let Self { gold_answers, raised, skipped, .. } = *self;
        arguments![
            batch,
            worker,
            judgments,
            leased,
            completed,
            earned,
            worked,
            now,
            gold_right,
            gold_answers,
            raised,
            skipped
        ]
    }
}

/// Adds to a worker's counters, after what is in `together`.
pub(super) async fn count_submission(
    tx: &mut Connection,
    mut together: Together,
    terms: &Terms,
    worker: Id,
    work: &Work,
    now: Time,
) -> Result<()> {
    together.add(count_work!(""), work.arguments(terms.batch, worker, now));
    together.execute(tx).await
}

/// What trust and the worker's standing rest on after a submission.
#[derive(sqlx::FromRow)]
pub(super) struct CountedGold {
    #[sqlx(flatten)]
    pub(super) counters: Counters,
    #[sqlx(flatten)]
    pub(super) place: Place,
    pub(super) restricted: bool,
}

/// The same with gold among the answers.
pub(super) async fn count_gold_submission(
    tx: &mut Connection,
    mut together: Together,
    terms: &Terms,
    worker: Id,
    work: &Work,
    now: Time,
) -> Result<CountedGold> {
    let text = count_work!(
        " RETURNING worker_id, gold_right, gold_answers, excluded_by, excluded_why, trust, trust_low, quiz, quiz_tries,
             EXISTS (SELECT 1 FROM restriction r WHERE r.worker_id = $2 AND r.lifted_at IS NULL
                     AND (r.until IS NULL OR r.until > $8) AND r.scope_id IN ($1, $13, $14)) AS restricted,
             CAST(COALESCE((SELECT SUM(o.gold_right) FROM participation o JOIN batch b ON b.id = o.batch_id
                 WHERE o.worker_id = $2 AND b.project_id = $13 AND o.batch_id <> $1), 0) AS BIGINT) AS earlier_right,
             CAST(COALESCE((SELECT SUM(o.gold_answers) FROM participation o JOIN batch b ON b.id = o.batch_id
                 WHERE o.worker_id = $2 AND b.project_id = $13 AND o.batch_id <> $1), 0) AS BIGINT) AS earlier_answers"
    );
    let more = arguments![terms.project, terms.workspace];
    together.add(text, work.arguments(terms.batch, worker, now).into_iter().chain(more));
    together.one(tx).await
}

/// A lease as stored; `tasks` is an id list.
#[derive(sqlx::FromRow)]
pub(super) struct Stored {
    pub(super) id: Id,
    pub(super) batch_id: Id,
    pub(super) revision_id: Id,
    pub(super) claimed_at: Time,
    pub(super) deadline: Time,
    pub(super) tasks: String,
    pub(super) quiz: bool,
}

pub(super) fn insert(
    together: &mut Together,
    lease: &Stored,
    worker: Id,
    price: Money,
    currency: &str,
) {
    let Stored { id, batch_id, revision_id, claimed_at, deadline, ref tasks, quiz } = *lease;
    together.add(
        "INSERT INTO assignment (id, batch_id, worker_id, revision_id, state, tasks, price, currency, claimed_at, deadline,
                                 quiz)
         VALUES ($1, $2, $3, $4, 'leased', $5, $6, $7, $8, $9, $10)",
        arguments![
            id, batch_id, worker, revision_id, tasks.as_str(), price, currency, claimed_at, deadline, i64::from(quiz)
        ],
    );
}

/// The worker's leases on a batch, oldest first.
pub(super) async fn live(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    now: Time,
) -> Result<Vec<Stored>> {
    sql!(
        tx,
        all Stored,
        "SELECT id, batch_id, revision_id, claimed_at, deadline, tasks, quiz <> 0 AS quiz FROM assignment
         WHERE worker_id = $1 AND batch_id = $2 AND state = 'leased' AND deadline > $3 ORDER BY id",
        worker,
        batch,
        now
    )
}

pub(super) async fn live_of_worker(
    tx: &mut Connection,
    worker: Id,
    batch: Option<Id>,
    now: Time,
) -> Result<Vec<Stored>> {
    sql!(
        tx,
        all Stored,
        "SELECT id, batch_id, revision_id, claimed_at, deadline, tasks, quiz <> 0 AS quiz FROM assignment
         WHERE worker_id = $1 AND state = 'leased' AND deadline > $2 AND batch_id = COALESCE($3, batch_id) ORDER BY id",
        worker,
        now,
        batch
    )
}

/// The inputs of tasks (an id list), in any order.
pub(super) async fn inputs(tx: &mut Connection, tasks: &str) -> Result<Vec<(Id, String)>> {
    let text = spelt(tx, "SELECT id, input FROM task WHERE id IN IDS($1)");
    sql!(tx, all(Id, String), text, tasks)
}

/// Adds the inputs of its tasks to a lease.
pub(super) async fn with_tasks(tx: &mut Connection, lease: Stored) -> Result<Assignment> {
    let mut inputs = inputs(tx, &lease.tasks).await?;
    let order = stored_tasks(&lease.tasks);
    inputs.sort_by_key(|(id, _)| order.iter().position(|task| task == id));
    let assigned = |(id, input)| Ok(AssignedTask { id, input: task::raw(input)?, page: None });
    let tasks = inputs.into_iter().map(assigned).collect::<Result<_>>()?;
    Ok(assignment(&lease, tasks))
}

pub(super) fn assignment(lease: &Stored, tasks: Vec<AssignedTask>) -> Assignment {
    let Stored { id, batch_id, revision_id, claimed_at, deadline, quiz, .. } = *lease;
    Assignment { id, batch: batch_id, revision_id, claimed_at, deadline, quiz, tasks }
}

/// A lease that was live until this transaction ended it.
#[derive(sqlx::FromRow)]
pub(super) struct Lease {
    pub(super) batch_id: Id,
    pub(super) worker_id: Id,
    pub(super) revision_id: Id,
    pub(super) tasks: String,
    pub(super) price: Money,
    pub(super) currency: String,
    pub(super) claimed_at: Time,
    pub(super) quiz: bool,
    /// When the worker last submitted in this batch.
    pub(super) last_at: Option<Time>,
    /// The batch's version.
    pub(super) version: i64,
}

/// Ends the worker's lease if it is live; of several transactions that try, one succeeds.
pub(super) async fn end_lease(
    tx: &mut Connection,
    assignment: Id,
    worker: Id,
    state: State,
    answer_hash: Option<&str>,
    now: Time,
) -> Result<Option<Lease>> {
    sql!(
        tx,
        optional Lease,
        "UPDATE assignment SET state = $3, answer_hash = $4, ended_at = $5
         WHERE id = $1 AND worker_id = $2 AND state = 'leased' AND deadline > $5
         RETURNING batch_id, worker_id, revision_id, tasks, price, currency, claimed_at, quiz <> 0 AS quiz,
             (SELECT version FROM batch b WHERE b.id = assignment.batch_id) AS version,
             (SELECT last_at FROM participation p WHERE p.batch_id = assignment.batch_id AND p.worker_id = $2) AS last_at",
        assignment,
        worker,
        state.word(),
        answer_hash,
        now
    )
}

/// Ends up to `count` leases whose deadline has passed.
pub(super) async fn expire(tx: &mut Connection, now: Time, count: i64) -> Result<Vec<Lease>> {
    let text = spelt(
        tx,
        "WITH overdue AS MATERIALIZED (
             SELECT a.id FROM assignment a WHERE a.state = 'leased' AND a.deadline <= $1
             ORDER BY a.deadline LIMIT $2 SKIP_LOCKED(a)
         )
         UPDATE assignment SET state = 'expired', ended_at = $1 WHERE id IN (SELECT id FROM overdue)
         RETURNING batch_id, worker_id, revision_id, tasks, price, currency, claimed_at, quiz <> 0 AS quiz,
                   ended_at AS last_at, (SELECT version FROM batch b WHERE b.id = assignment.batch_id) AS version",
    );
    sql!(tx, all Lease, text, now, count)
}

/// Ends all live leases of a worker on a batch.
pub(super) async fn revoke(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    now: Time,
) -> Result<Vec<Lease>> {
    sql!(
        tx,
        all Lease,
        "UPDATE assignment SET state = 'revoked', ended_at = $3
         WHERE worker_id = $2 AND batch_id = $1 AND state = 'leased'
         RETURNING batch_id, worker_id, revision_id, tasks, price, currency, claimed_at, quiz <> 0 AS quiz,
                   ended_at AS last_at, CAST(0 AS BIGINT) AS version",
        batch,
        worker,
        now
    )
}

/// An assignment that takes no submission any more.
#[derive(sqlx::FromRow)]
pub(super) struct Ended {
    pub(super) batch_id: Id,
    #[sqlx(try_from = "String")]
    pub(super) state: State,
    pub(super) answer_hash: Option<String>,
    pub(super) tasks: String,
    pub(super) price: Money,
    pub(super) currency: String,
    pub(super) deadline: Time,
    pub(super) quiz: bool,
    /// Why the worker is excluded from the batch.
    pub(super) excluded_why: Option<String>,
}

pub(super) async fn ended(
    tx: &mut Connection,
    assignment: Id,
    worker: Id,
) -> Result<Option<Ended>> {
    sql!(
        tx,
        optional Ended,
        "SELECT batch_id, state, answer_hash, tasks, price, currency, deadline, quiz <> 0 AS quiz,
                (SELECT excluded_why FROM participation p WHERE p.batch_id = assignment.batch_id AND p.worker_id = $2)
                AS excluded_why
         FROM assignment WHERE id = $1 AND worker_id = $2",
        assignment,
        worker
    )
}

/// The revision an assignment is answered under, and a task's input.
pub(super) async fn input_of(
    tx: &mut Connection,
    assignment: Id,
    task: Id,
) -> Result<Option<(Id, String)>> {
    sql!(
        tx,
        optional(Id, String),
        "SELECT a.revision_id, t.input FROM assignment a JOIN task t ON t.batch_id = a.batch_id
         WHERE a.id = $1 AND t.id = $2",
        assignment,
        task
    )
}
