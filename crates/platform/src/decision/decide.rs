//! Brings tasks into line with their judgments: how many count, how many are wanted, and whether they are done.

use std::collections::BTreeSet;

use crowdsmith_quality::overlap::Decision;

use super::decider::{Counted, Decided, Decider};
use super::sql;
use crate::batch::Terms;
use crate::db::{Connection, Together};
use crate::error::Result;
use crate::id::Id;
use crate::task::State;

/// By how much deciding changed the tasks that are no longer open, and the judgments wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) done: i64,
    pub(crate) wanted: i64,
}

impl std::ops::AddAssign for Change {
    fn add_assign(&mut self, other: Self) {
        self.done += other.done;
        self.wanted += other.wanted;
    }
}

/// A task's new counters.
#[derive(Debug, PartialEq)]
pub(super) struct Update {
    pub(super) id: Id,
    pub(super) judged: i64,
    pub(super) wanted: i64,
    pub(super) open_slots: i64,
    pub(super) state: &'static str,
    pub(super) confidence: Option<f64>,
    pub(super) demand: f64,
    pub(super) place: i64,
}

/// Tasks looked at in one statement.
const CHUNK: usize = 100;

/// [`decide_again`] on any number of tasks.
pub(crate) async fn decide_in_chunks(
    tx: &mut Connection,
    terms: &Terms,
    decider: &Decider,
    tasks: &[Id],
) -> Result<Change> {
    // In order of their ids, so that two transactions never wait for each other.
    let tasks: BTreeSet<Id> = tasks.iter().copied().collect();
    let tasks = Vec::from_iter(tasks);
    let mut change = Change::default();
    for chunk in tasks.chunks(CHUNK) {
        let mut together = Together::default();
        change += decide_again(tx, &mut together, terms, decider, chunk, 0).await?;
        together.execute(tx).await?;
    }
    Ok(change)
}

/// Decides on tasks from the judgments that count now. `ended` leases of each were just turned into judgments. Gold, and
/// tasks that a reviewer decided on, are left as they are. What is decided is written by `together`.
pub(crate) async fn decide_again(
    tx: &mut Connection,
    together: &mut Together,
    terms: &Terms,
    decider: &Decider,
    tasks: &[Id],
    ended: i64,
) -> Result<Change> {
    let skill = terms.policy.overlap.skill.as_deref();
    let mut change = Change::default();
    let mut updates = Vec::new();
    for (row, counted) in sql::lock_with_judgments(tx, tasks, skill, decider).await? {
        let update = row.after(decider, &counted, ended);
        let closed = |open: bool| i64::from(!open);
        change.done +=
            closed(update.state == State::Open.word()) - closed(row.state == State::Open);
        change.wanted += update.wanted - row.wanted;
        updates.push(update);
    }
    sql::apply(together, &updates);
    Ok(change)
}

/// A task as it stands.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Id,
    judged: i64,
    wanted: i64,
    open_slots: i64,
    #[sqlx(try_from = "String")]
    state: State,
    place: i64,
    /// Judgments that a rule asked for; 0 if none did.
    least: i64,
}

impl Row {
    fn after(&self, decider: &Decider, counted: &[Counted], ended: i64) -> Update {
        let judged = counted.len() as i64;
        let leased = (self.wanted - self.judged - self.open_slots - ended).max(0);
        let decided = decider.decide(counted);
        let Asked { mut state, open_slots, demand } =
            asked(decider, decided, self.least, judged, leased);
        // When an open task of a batch that shares its judgments out is done, the batch decides.
        if decider.limits.shared.is_some() && state == State::Done && self.state == State::Open {
            state = State::Open;
        }
        let reopens = open_slots > 0 && self.open_slots == 0;
        Update {
            id: self.id,
            judged,
            wanted: judged + leased + open_slots,
            open_slots,
            state: state.word(),
            confidence: decided.confidence,
            demand,
            place: if reopens { Id::new().0 } else { self.place },
        }
    }
}

/// What a task asks for.
struct Asked {
    state: State,
    open_slots: i64,
    demand: f64,
}

fn asked(decider: &Decider, decided: Decided, least: i64, judged: i64, leased: i64) -> Asked {
    let mut limits = decider.limits;
    limits.least = limits.least.max(least);
    limits.most = limits.most.max(least);
    let there = judged + leased;
    let ask = |most: i64, demand: f64| Asked {
        state: State::Open,
        open_slots: (limits.least.max(judged + 1).min(most) - there).max(0),
        demand,
    };
    let end = |state| Asked { state, open_slots: 0, demand: 0.0 };
    match decided.decision {
        _ if judged < least => ask(limits.most, 0.0),
        Decision::Done => end(State::Done),
        Decision::Ask => ask(if decider.is_dynamic() { limits.most } else { limits.least }, 0.0),
        Decision::Ambiguous => match limits.stronger {
            Some((extra, trust)) if judged < limits.most + extra => ask(limits.most + extra, trust),
            _ if limits.give_up => end(State::Done),
            _ => end(State::Ambiguous),
        },
    }
}

/// The state that a task with so many judgments comes into, nobody holding it. `least` is what a rule asked for.
pub(super) fn state_word(
    decider: &Decider,
    decided: Decided,
    least: i64,
    judged: i64,
) -> &'static str {
    asked(decider, decided, least, judged, 0).state.word()
}
