//! The gold of a batch as it is kept in memory, for claims that hand it out and submissions that compare it.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Answers, Score, State, sql};
use crate::db::Connection;
use crate::error::Result;
use crate::id::Id;
use crate::project::Question;

#[derive(Debug)]
pub(crate) struct KnownGold {
    by_task: HashMap<Id, Known>,
    /// Those that are handed out, in an order that has nothing to do with their ids.
    active: Vec<Id>,
}

#[derive(Debug)]
pub(super) struct Known {
    pub(super) answers: Answers,
    pub(super) explanation: String,
    pub(super) secret: bool,
    state: State,
}

impl KnownGold {
    pub(crate) async fn load(tx: &mut Connection, batch: Id) -> Result<Self> {
        let mut by_task = HashMap::new();
        for row in sql::known(tx, batch).await? {
            let sql::Known { task_id, answers, explanation, secret, state } = row;
            let answers = Answers::stored(&answers)?;
            by_task.insert(task_id, Known { answers, explanation, secret, state });
        }
        let is_active = |(_, known): &(&Id, &Known)| known.state == State::Active;
        let mut active: Vec<Id> = by_task.iter().filter(is_active).map(|(task, _)| *task).collect();
        active.sort_by_key(|task| (scattered(*task), *task));
        Ok(Self { by_task, active })
    }

    /// How an answer to a task counts; `None` if the task is no gold.
    pub(crate) fn score(
        &self,
        question: &Question,
        task: Id,
        output: &Map<String, Value>,
    ) -> Option<Score> {
        let known = self.by_task.get(&task)?;
        Some(match known.state {
            State::Active if known.answers.accept(question, output) => Score::Right,
            State::Active => Score::Missed,
            State::Paused | State::Withdrawn => Score::Forgiven,
        })
    }

    pub(crate) fn contains(&self, task: Id) -> bool {
        self.by_task.contains_key(&task)
    }

    /// What its worker is told about a gold task; `None` if it is secret or no gold.
    pub(super) fn told(&self, task: Id) -> Option<&Known> {
        self.by_task.get(&task).filter(|known| !known.secret)
    }

    /// Active gold in the order in which this worker meets it, from the place on where the worker has come with so many
    /// answers.
    pub(super) fn in_order_of(&self, worker: Id, answered: i64) -> impl Iterator<Item = Id> + '_ {
        let count = self.active.len();
        let start = scattered(worker) as usize % count.max(1) + answered.max(0) as usize;
        (0..count).map(move |place| self.active[(start + place) % count])
    }

    pub(super) fn active(&self) -> usize {
        self.active.len()
    }
}

/// A number that has no order in common with the id (the finaliser of `SplitMix64`).
const fn scattered(id: Id) -> u64 {
    let mut bits = id.0.cast_unsigned().wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
