//! Claiming: the next tasks of a batch for a worker, under a lease.

use super::{AssignedTask, Assignment, sql, stored_tasks};
use crate::access::Identity;
use crate::batch::{self, State};
use crate::db::dialect::id_list;
use crate::db::{Connection, Database};
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::task::{self, Taken};
use crate::time::{SECOND, Time};

/// Live assignments of one worker in one batch: the one worked on and the next one, fetched ahead.
const MOST_LIVE: usize = 2;
/// A worker whose queue is used up looks at it again from the start no more often than this: slots that another
/// claim held for a moment when the cursor passed are found then.
const REWIND_EVERY: i64 = 2 * SECOND;

/// The next suite for this worker; `None` when there is nothing now. A worker who holds [`MOST_LIVE`] assignments gets
/// the older of them again.
pub async fn claim(db: &Database, worker: &Identity, batch: Id) -> Result<Option<Assignment>> {
    let (workspace, worker) = (worker.workspace, worker.member);
    // A lease that is forgotten with the machine costs its worker a new claim.
    db.write_lightly(move |tx| Box::pin(claim_in(tx, workspace, worker, batch))).await
}

async fn claim_in(
    tx: &mut Connection,
    workspace: Id,
    worker: Id,
    batch: Id,
) -> Result<Option<Assignment>> {
    let participation = sql::lock_participation(tx, workspace, batch, worker).await?;
    let terms = Terms::of(&participation.terms)?;
    let now = Time::now();
    let live = if participation.leased > 0 {
        sql::live(tx, batch, worker, now).await?
    } else {
        Vec::new()
    };
    if live.len() >= MOST_LIVE {
        let oldest = live.into_iter().next().ok_or_else(batch::not_found)?;
        return sql::with_tasks(tx, oldest).await.map(Some);
    }
    if !terms.open {
        return Ok(None);
    }
    let allowed =
        terms.max_judgments.map(|most| most - participation.judgments - participation.leased);
    let count = allowed.map_or(terms.suite_size, |allowed| allowed.min(terms.suite_size));
    if count <= 0 {
        return Ok(None);
    }
    let held = id_list(live.iter().flat_map(|assignment| stored_tasks(&assignment.tasks)));
    let Some((taken, rewound_at)) =
        take(tx, batch, worker, &held, &participation, count, now).await?
    else {
        return Ok(None);
    };

    let ids: Vec<Id> = taken.iter().map(|task| task.id).collect();
    let stored = sql::Stored {
        id: Id::new(),
        batch_id: batch,
        revision_id: terms.revision_id,
        claimed_at: now,
        deadline: now.plus(terms.time_limit),
        tasks: id_list(ids.iter().copied()),
    };
    sql::insert(tx, &stored, worker, terms.price, terms.currency).await?;
    let cursor = taken.last().map_or(participation.cursor, |task| task.place);
    sql::count_claim(tx, batch, worker, cursor, rewound_at, ids.len() as i64).await?;
    let tasks = taken.into_iter().map(assigned).collect::<Result<_>>()?;
    Ok(Some(sql::assignment(&stored, tasks)))
}

/// What the batch offers.
struct Terms<'p> {
    open: bool,
    revision_id: Id,
    suite_size: i64,
    time_limit: i64,
    price: Money,
    currency: &'p str,
    max_judgments: Option<i64>,
}

impl<'p> Terms<'p> {
    /// `Err` if there is no such batch.
    fn of(stored: &'p sql::Terms) -> Result<Self> {
        let read = || {
            Some(Self {
                open: stored.state.as_deref()? == State::Open.word(),
                revision_id: stored.revision_id?,
                suite_size: stored.suite_size?,
                time_limit: stored.time_limit?,
                price: stored.price?,
                currency: stored.currency.as_deref()?,
                max_judgments: stored.max_judgments,
            })
        };
        read().ok_or_else(batch::not_found)
    }
}

/// Takes tasks behind the worker's cursor, or from the start of the queue if there are none. Answers when the queue was
/// last looked at from the start.
async fn take(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    held: &str,
    participation: &sql::Participation,
    count: i64,
    now: Time,
) -> Result<Option<(Vec<Taken>, Time)>> {
    let taken = task::take(tx, batch, worker, held, participation.cursor, count).await?;
    if !taken.is_empty() {
        return Ok(Some((taken, participation.rewound_at)));
    }
    if participation.cursor == 0 || now.since(participation.rewound_at) < REWIND_EVERY {
        return Ok(None);
    }
    let taken = task::take(tx, batch, worker, held, 0, count).await?;
    if taken.is_empty() {
        sql::count_claim(tx, batch, worker, participation.cursor, now, 0).await?;
        return Ok(None);
    }
    Ok(Some((taken, now)))
}

fn assigned(task: Taken) -> Result<AssignedTask> {
    Ok(AssignedTask { id: task.id, input: task::raw(task.input)? })
}

/// The worker's live assignments, oldest first; of one batch if named.
pub async fn live(db: &Database, worker: &Identity, batch: Option<Id>) -> Result<Vec<Assignment>> {
    let tx = &mut db.read().await?;
    let mut assignments = Vec::new();
    for stored in sql::live_of_worker(tx, worker.member, batch, Time::now()).await? {
        assignments.push(sql::with_tasks(tx, stored).await?);
    }
    Ok(assignments)
}
