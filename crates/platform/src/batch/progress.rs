//! How far a batch has come, from the counters of its workers: no count over tasks or judgments of a large batch.

use serde::Serialize;

use super::{Batch, State, sql};
use crate::db::Database;
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::policy::UsedUp;
use crate::time::{MINUTE, Time};
use crate::{Platform, decision, gold, task};

#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Progress {
    pub state: State,
    pub tasks: i64,
    /// Tasks that ask for no more judgments.
    pub done: i64,
    /// Done tasks that stayed below their target.
    pub ambiguous: i64,
    /// Active gold tasks.
    pub golds: i64,
    /// Workers whose judgments do not count.
    pub excluded: i64,
    /// Seconds since the first judgment that the worker models do not know; `null` if they know all.
    pub refit_lag_seconds: Option<f64>,
    /// What the requester should know.
    pub notes: Vec<Note>,
    /// Unfinished tasks that workers hold right now.
    pub in_work: i64,
    pub left: i64,
    /// All judgments, those on gold and those of excluded workers too.
    pub judgments: i64,
    /// Judgments that count towards `wanted`.
    pub counted: i64,
    pub wanted: i64,
    pub workers: i64,
    /// Judgments a minute, over the last minutes.
    pub per_minute: f64,
    pub expected_finish: Option<Time>,
    pub spent: Money,
    pub currency: String,
}

/// Something that the requester should know.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Note {
    /// gold-paused, tasks-paused, gold-used-up, quiz-used-up, no-gold or budget-used-up.
    pub code: &'static str,
    pub text: String,
}

/// The pace is that of the last `PACE_MINUTES`.
const PACE_MINUTES: i64 = 3;

pub async fn progress(platform: &Platform, batch: &Batch) -> Result<Progress> {
    let db = &platform.db;
    let ambiguous = task::count_ambiguous(db, batch.id).await?;
    let refit_lag_seconds = decision::refit::lag_of(platform, batch.id).await?;
    let notes = notes(db, batch).await?;
    let tx = &mut db.read().await?;
    let sums = sql::sums(tx, batch.id).await?;
    let now = Time::now();
    let since = now.plus(-PACE_MINUTES * MINUTE);
    let recent = sql::judgments_since(tx, batch.id, Id::at(since)).await?;
    let started = batch.opened_at.map_or(since, |opened| opened.max(since));
    let minutes = (now.since(started) as f64 / MINUTE as f64).max(1.0 / 6.0);
    let per_minute = recent as f64 / minutes;
    let wanted = batch.wanted + sums.raised;
    let missing = (wanted - sums.counted).max(0);
    let expected_finish = (per_minute > 0.0 && missing > 0)
        .then(|| now.plus((missing as f64 / per_minute * MINUTE as f64) as i64));
    let done = sums.completed + batch.settled;
    let left = batch.tasks - done;
    Ok(Progress {
        state: batch.state,
        tasks: batch.tasks,
        done,
        ambiguous,
        golds: batch.golds,
        excluded: sums.excluded,
        refit_lag_seconds,
        notes,
        // Several workers may hold the same task.
        in_work: sums.leased.min(left),
        left,
        judgments: sums.judgments,
        counted: sums.counted,
        wanted,
        workers: sums.workers,
        per_minute: (per_minute * 10.0).round() / 10.0,
        expected_finish,
        spent: sums.earned,
        currency: batch.currency.clone(),
    })
}

async fn notes(db: &Database, batch: &Batch) -> Result<Vec<Note>> {
    let mut notes = Vec::new();
    let mut note = |code, text| notes.push(Note { code, text });
    let (_, paused, _) = gold::counts(db, batch.id).await?;
    if paused > 0 {
        let tasks =
            if paused == 1 { "1 gold task is".into() } else { format!("{paused} gold tasks are") };
        note("gold-paused", format!("{tasks} paused: look whether the answers are right"));
    }
    let paused = task::count_paused(db, batch.id).await?;
    if paused > 0 {
        let tasks = if paused == 1 { "1 task is".into() } else { format!("{paused} tasks are") };
        note(
            "tasks-paused",
            format!("{tasks} paused: workers report a problem; look at it and let them go on"),
        );
    }
    let tx = &mut db.read().await?;
    let policy = batch.policy()?;
    if policy.expects_gold && batch.golds == 0 {
        let then = if policy.quiz.is_some() { ", so nobody can take the quiz" } else { "" };
        note(
            "no-gold",
            format!("the policy speaks of gold, and there is none that is active{then}"),
        );
    } else if batch.golds > 0 {
        let (without_quiz, passed) = sql::seen_all_gold(tx, batch.id, batch.golds).await?;
        let (waiting, working) = match policy.quiz {
            Some(_) => (without_quiz, passed),
            None => (0, without_quiz + passed),
        };
        let workers = |count: i64| match count {
            1 => "1 worker has".to_owned(),
            count => format!("{count} workers have"),
        };
        if working > 0 {
            let then = match policy.gold.used_up {
                UsedUp::Stop => "they are not given more work; add gold to go on",
                UsedUp::Continue => "they go on without",
            };
            note("gold-used-up", format!("{} seen all gold: {then}", workers(working)));
        }
        if waiting > 0 {
            let then = "the quiz has nothing left for them; add gold so that they can take it";
            note("quiz-used-up", format!("{} seen all gold: {then}", workers(waiting)));
        }
    }
    let used_up = batch.budget.is_some_and(|budget| {
        batch.price > Money::ZERO && budget.0 - batch.committed.0 < batch.price.0
    });
    if used_up && batch.state == State::Open {
        note(
            "budget-used-up",
            "the budget is used up or promised; no more tasks are handed out".into(),
        );
    }
    Ok(notes)
}
