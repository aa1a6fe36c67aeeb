//! Claiming: the next tasks of a batch for a worker, under a lease.

use std::sync::Arc;

use crowdsmith_quality::trust::Trust;
use serde_json::value::RawValue;

use super::{AssignedTask, Assignment, sql, stored_tasks};
use crate::Platform;
use crate::access::Identity;
use crate::batch::{self, Terms};
use crate::db::dialect::id_list;
use crate::db::{Connection, Database, Together};
use crate::error::{Error, Result};
use crate::gold;
use crate::id::Id;
use crate::money::Money;
use crate::policy::UsedUp;
use crate::task::{self, Taken};
use crate::time::{SECOND, Time};
use crate::trust;

/// Live assignments of one worker in one batch: the one worked on and the next one, fetched ahead.
const MOST_LIVE: usize = 2;
/// A worker whose queue is used up looks at it again from the start no more often than this: slots that another
/// claim held for a moment when the cursor passed are found then.
const REWIND_EVERY: i64 = 2 * SECOND;

/// The next suite for this worker; `None` when there is nothing now. A worker who holds [`MOST_LIVE`] assignments, or a
/// quiz, gets the older of them again. With `wanted`, the assignment is this one task; that it is not open to the worker is an
/// error.
pub async fn claim(
    platform: &Platform,
    worker: &Identity,
    batch: Id,
    wanted: Option<Id>,
) -> Result<Option<Assignment>> {
    let context = Arc::new((platform.terms.clone(), worker.workspace, worker.member));
    // A lease that is forgotten with the machine costs its worker a new claim.
    platform
        .db
        .write_lightly(move |tx| {
            let context = Arc::clone(&context);
            Box::pin(async move {
                let (known, workspace, worker) = &*context;
                let claim = Claim {
                    workspace: *workspace,
                    worker: *worker,
                    batch,
                    wanted,
                    now: Time::now(),
                };
                claim.run(tx, known).await
            })
        })
        .await
}

struct Claim {
    workspace: Id,
    worker: Id,
    batch: Id,
    /// The one task that the worker asks for.
    wanted: Option<Id>,
    now: Time,
}

/// What a claim found for its worker.
struct Found {
    tasks: Vec<Taken>,
    quiz: bool,
    cursor: i64,
    rewound_at: Time,
}

impl Claim {
    async fn run(
        &self,
        tx: &mut Connection,
        known: &batch::KnownTerms,
    ) -> Result<Option<Assignment>> {
        let Self { workspace, worker, batch, wanted, now } = *self;
        let place = sql::lock_participation(tx, workspace, batch, worker, now).await?;
        let version = place.version.ok_or_else(batch::not_found)?;
        let terms = known.get(tx, batch, version).await?;
        let mut live =
            if place.leased > 0 { sql::live(tx, batch, worker, now).await? } else { Vec::new() };
        let quiz_held = live.first().is_some_and(|lease| lease.quiz);
        if let Some(held) = self.held_already(&live) {
            return sql::with_tasks(tx, live.swap_remove(held)).await.map(Some);
        }
        if live.len() >= MOST_LIVE && wanted.is_some() && !quiz_held {
            let message = format!(
                "you hold {MOST_LIVE} assignments of this batch already; submit or return one before you take this task"
            );
            return Err(Error::Conflict(message));
        }
        if live.len() >= MOST_LIVE || quiz_held {
            let oldest = live.into_iter().next().ok_or_else(batch::not_found)?;
            return sql::with_tasks(tx, oldest).await.map(Some);
        }
        let may_work = !place.excluded && !place.restricted && place.quiz != "failed";
        if !terms.open || !may_work {
            return Ok(None);
        }
        if trust::outside_audience(tx, &terms.policy.audience, worker).await?.is_some() {
            return Ok(None);
        }
        let held: Vec<Id> = live.iter().flat_map(|lease| stored_tasks(&lease.tasks)).collect();
        let found = match terms.policy.quiz {
            Some(quiz) if place.quiz == "none" => {
                if !live.is_empty() {
                    return Ok(None);
                }
                self.quiz(tx, &terms, &place, quiz.length).await?
            }
            _ => match wanted {
                Some(task) => Some(self.reserve(tx, &terms, &place, task).await?),
                None => self.suite(tx, &terms, &place, &held).await?,
            },
        };
        match found {
            Some(found) if !found.tasks.is_empty() => self.lease(tx, &terms, found).await,
            _ => Ok(None),
        }
    }

    /// Gold that the worker has not seen, and nothing else.
    async fn quiz(
        &self,
        tx: &mut Connection,
        terms: &Terms,
        place: &sql::Participation,
        length: i64,
    ) -> Result<Option<Found>> {
        let answered = place.gold_answers;
        let tasks = gold::serve::take(tx, terms, self.worker, &[], answered, length).await?;
        let (cursor, rewound_at) = (place.cursor, place.rewound_at);
        Ok(Some(Found { tasks, quiz: true, cursor, rewound_at }))
    }

    /// Which of the worker's leases has the task that is asked for.
    fn held_already(&self, live: &[sql::Stored]) -> Option<usize> {
        let wanted = self.wanted?;
        live.iter().position(|lease| stored_tasks(&lease.tasks).contains(&wanted))
    }

    /// The one task that is asked for.
    async fn reserve(
        &self,
        tx: &mut Connection,
        terms: &Terms,
        place: &sql::Participation,
        task: Id,
    ) -> Result<Found> {
        let trust = place.trust.unwrap_or_default();
        let is_allowed =
            terms.max_judgments.is_none_or(|most| place.judgments + place.leased < most);
        let taken = if is_allowed {
            task::take_one(tx, self.batch, self.worker, task, trust).await?
        } else {
            None
        };
        let taken = taken.ok_or_else(|| {
            Error::Conflict(format!("the task {task} is not open to you; others may have taken it"))
        })?;
        let (cursor, rewound_at) = (place.cursor, place.rewound_at);
        Ok(Found { tasks: vec![taken], quiz: false, cursor, rewound_at })
    }

    /// Ordinary tasks with gold among them.
    async fn suite(
        &self,
        tx: &mut Connection,
        terms: &Terms,
        place: &sql::Participation,
        held: &[Id],
    ) -> Result<Option<Found>> {
        let allowed = terms.max_judgments.map(|most| most - place.judgments - place.leased);
        let size = allowed.map_or(terms.suite_size, |allowed| allowed.min(terms.suite_size));
        if size <= 0 {
            return Ok(None);
        }
        let wanted_gold = if terms.golds > 0 { gold_wanted(terms, place, size)? } else { 0 };
        let answered = place.gold_answers;
        let gold = gold::serve::take(tx, terms, self.worker, held, answered, wanted_gold).await?;
        if gold.is_empty() && wanted_gold > 0 && terms.policy.gold.used_up == UsedUp::Stop {
            return Ok(None);
        }
        let ordinary = size - gold.len() as i64;
        if ordinary == 0 {
            let (cursor, rewound_at) = (place.cursor, place.rewound_at);
            return Ok(Some(Found { tasks: gold, quiz: false, cursor, rewound_at }));
        }
        let Some((tasks, rewound_at)) =
            self.take(tx, place, &id_list(held.iter().copied()), ordinary).await?
        else {
            return Ok(None);
        };
        let cursor = tasks.last().map_or(place.cursor, |task| task.place);
        Ok(Some(Found { tasks: gold::serve::mix(tasks, gold)?, quiz: false, cursor, rewound_at }))
    }

    /// Takes tasks behind the worker's cursor, or from the start of the queue if there are none. Answers when the queue
    /// was last looked at from the start.
    async fn take(
        &self,
        tx: &mut Connection,
        place: &sql::Participation,
        held: &str,
        count: i64,
    ) -> Result<Option<(Vec<Taken>, Time)>> {
        let Self { worker, batch, now, .. } = *self;
        let trust = place.trust.unwrap_or_default();
        let taken = task::take(tx, batch, worker, held, place.cursor, trust, count).await?;
        if !taken.is_empty() {
            return Ok(Some((taken, place.rewound_at)));
        }
        if place.cursor == 0 || now.since(place.rewound_at) < REWIND_EVERY {
            return Ok(None);
        }
        let taken = task::take(tx, batch, worker, held, 0, trust, count).await?;
        if taken.is_empty() {
            let mut together = Together::default();
            sql::count_claim(&mut together, batch, worker, place.cursor, now, 0);
            together.execute(tx).await?;
            return Ok(None);
        }
        Ok(Some((taken, now)))
    }

    /// Leases what was found, as far as the budget allows.
    async fn lease(
        &self,
        tx: &mut Connection,
        terms: &Terms,
        mut found: Found,
    ) -> Result<Option<Assignment>> {
        let Self { worker, batch, now, .. } = *self;
        let unpaid = found.quiz && !terms.policy.quiz.is_some_and(|quiz| quiz.paid);
        let price = if unpaid { Money::ZERO } else { terms.price };
        if terms.budget.is_some() && price > Money::ZERO {
            self.promise(tx, price, &mut found.tasks).await?;
        }
        if found.tasks.is_empty() {
            return Ok(None);
        }
        let count = found.tasks.len() as i64;
        let stored = sql::Stored {
            id: Id::new(),
            batch_id: batch,
            revision_id: terms.revision,
            claimed_at: now,
            deadline: now.plus(terms.time_limit),
            tasks: id_list(found.tasks.iter().map(|task| task.id)),
            quiz: found.quiz,
        };
        let mut together = Together::default();
        sql::insert(&mut together, &stored, worker, price, &terms.currency);
        let (cursor, rewound_at) = (found.cursor, found.rewound_at);
        sql::count_claim(&mut together, batch, worker, cursor, rewound_at, count);
        together.execute(tx).await?;
        let tasks = found.tasks.into_iter().map(assigned).collect::<Result<_>>()?;
        Ok(Some(sql::assignment(&stored, tasks)))
    }

    /// Promises the price of these tasks out of the batch's budget. Tasks that it does not cover are given back.
    async fn promise(
        &self,
        tx: &mut Connection,
        price: Money,
        tasks: &mut Vec<Taken>,
    ) -> Result<()> {
        let total = |count: usize| price.times(count as i64).unwrap_or(Money(i64::MAX));
        if batch::commit_money(tx, self.batch, total(tasks.len())).await? {
            return Ok(());
        }
        let left = batch::money_left(tx, self.batch).await?;
        let covered = (left.0 / price.0).max(0) as usize;
        let surplus: Vec<Id> =
            tasks.drain(covered.min(tasks.len())..).map(|task| task.id).collect();
        task::give_back(tx, &surplus).await?;
        batch::commit_money(tx, self.batch, total(tasks.len())).await.map(drop)
    }
}

/// Of suites that have room for one task only, this many hold no gold for each that does.
const BARE_SUITES: u64 = 3;

/// How many gold tasks the worker's next suite should have; one place at least is another task's.
fn gold_wanted(terms: &Terms, place: &sql::Participation, size: i64) -> Result<i64> {
    if size == 1 {
        let is_turn = gold::serve::random()? % (BARE_SUITES + 1) == 0;
        return Ok(i64::from(is_turn && terms.policy.gold.per_suite > 0));
    }
    let (right, answers) = (place.gold_right as u32, place.gold_answers as u32);
    let trust = Trust::of_crowd(0.8).with_gold(right, answers - right);
    let plan = terms.policy.gold_plan(terms.suite_size);
    let wanted = plan.count(size as usize, place.suites as u32, trust, terms.policy.least_trust());
    Ok((wanted as i64).min(size - 1))
}

fn assigned(task: Taken) -> Result<AssignedTask> {
    Ok(AssignedTask { id: task.id, input: task::raw(task.input)?, page: None })
}

/// A task's input, and the revision that its assignment is answered under.
pub async fn input_of(db: &Database, assignment: Id, task: Id) -> Result<(Id, Box<RawValue>)> {
    let found = sql::input_of(&mut db.read().await?, assignment, task).await?;
    let (revision, input) = found.ok_or_else(|| Error::NotFound("this task".into()))?;
    Ok((revision, task::raw(input)?))
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
