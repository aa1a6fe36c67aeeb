//! What a worker's answers to gold are worth, and what the worker is told.

use serde::Serialize;
use serde_json::value::RawValue;

use super::sql::{self, Past};
use super::{Answers, KnownGold, Score, State};
use crate::batch::{self, Terms};
use crate::db::{Connection, Database};
use crate::error::Result;
use crate::id::Id;
use crate::task::raw;
use crate::time::Time;

/// What a worker is told about an answer to gold.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Feedback {
    pub task: Id,
    #[schema(value_type = Object)]
    pub input: Box<RawValue>,
    #[schema(value_type = Object)]
    pub output: Box<RawValue>,
    pub right: bool,
    /// Counts neither way, because the gold was wrong.
    pub forgiven: bool,
    pub answers: Answers,
    pub explanation: String,
    pub at: Time,
    pub contest: Option<OwnContest>,
    pub may_contest: bool,
}

/// A contest, as the worker who made it sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct OwnContest {
    /// open, accepted or rejected.
    pub state: String,
    pub reason: String,
    pub reply: Option<String>,
}

/// An answer to gold that was just stored.
pub(crate) struct Fresh<'a> {
    pub(crate) task: Id,
    /// The task's input and the worker's output, as JSON.
    pub(crate) input: String,
    pub(crate) output: &'a str,
    pub(crate) score: Score,
    pub(crate) at: Time,
}

impl Feedback {
    /// What the worker is told about an answer at once; `None` if the gold is secret.
    pub(crate) fn at_once(gold: &KnownGold, fresh: Fresh<'_>) -> Result<Option<Self>> {
        let Some(known) = gold.told(fresh.task) else { return Ok(None) };
        Ok(Some(Self {
            task: fresh.task,
            input: raw(fresh.input)?,
            output: raw(fresh.output.to_owned())?,
            right: fresh.score == Score::Right,
            forgiven: fresh.score == Score::Forgiven,
            answers: known.answers.clone(),
            explanation: known.explanation.clone(),
            at: fresh.at,
            contest: None,
            may_contest: fresh.score == Score::Missed,
        }))
    }
}

impl TryFrom<Past> for Feedback {
    type Error = crate::Error;

    fn try_from(past: Past) -> Result<Self> {
        let may_contest = past.score == Score::Missed && past.contest.is_none();
        let contest = past.contest.map(|state| OwnContest {
            state,
            reason: past.reason.unwrap_or_default(),
            reply: past.reply,
        });
        Ok(Self {
            task: past.task,
            input: raw(past.input)?,
            output: raw(past.output)?,
            right: past.score == Score::Right,
            forgiven: past.score == Score::Forgiven || past.state == State::Withdrawn,
            answers: Answers::stored(&past.answers)?,
            explanation: past.explanation,
            at: past.at,
            contest,
            may_contest,
        })
    }
}

/// Pauses gold that too many miss or contest; the tasks were just missed or contested.
pub(crate) async fn pause_doubtful(
    tx: &mut Connection,
    terms: &Terms,
    tasks: impl Iterator<Item = Id>,
) -> Result<()> {
    let limits = &terms.policy.gold;
    for task in tasks {
        let (answered, missed, contested) = sql::tally(tx, task).await?;
        let share = missed as f64 / answered.max(1) as f64;
        let why = if answered >= limits.pause_after && share > limits.pause_missed {
            format!("{missed} of {answered} workers missed it; look whether it is right")
        } else if contested >= limits.pause_contested {
            format!("{contested} workers contest it; look whether it is right")
        } else {
            continue;
        };
        pause(tx, terms, task, &why).await?;
    }
    Ok(())
}

/// Pauses active gold.
pub(crate) async fn pause(tx: &mut Connection, terms: &Terms, task: Id, why: &str) -> Result<()> {
    if sql::set_state(tx, task, &[State::Active], State::Paused, Some(why)).await? {
        batch::count_gold(tx, terms.batch, -1).await?;
    }
    Ok(())
}

/// What the worker is told about the gold among these tasks (an id list).
pub(crate) async fn feedback(
    tx: &mut Connection,
    tasks: &str,
    worker: Id,
) -> Result<Vec<Feedback>> {
    sql::past_answers(tx, tasks, worker).await?.into_iter().map(Feedback::try_from).collect()
}

/// The worker's answers to gold of a batch, newest first.
pub async fn own(db: &Database, batch: Id, worker: Id, limit: i64) -> Result<Vec<Feedback>> {
    let past = sql::past(&mut db.read().await?, batch, worker, limit).await?;
    past.into_iter().map(Feedback::try_from).collect()
}
