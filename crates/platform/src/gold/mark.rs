//! Making a task gold, correcting gold, taking it out; and forgiving those who missed what was wrong.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::sql::{self, Answered, Candidate, Row, read_output};
use super::upload::to_json;
use super::{Answers, Score, Source, State};
use crate::batch::{self, Terms, count_tasks, lock_batch, not_found};
use crate::db::Connection;
use crate::decision;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::Time;
use crate::{Platform, rule, trust};

/// What gold should be. What is `None` stays as it is.
#[derive(Clone, Debug)]
pub struct Correction {
    pub answers: Answers,
    pub explanation: Option<String>,
    pub secret: Option<bool>,
}

/// Makes a task gold, or corrects gold: then those who missed it are forgiven, and those whose answer is right now have
/// it counted as right.
pub async fn mark(
    platform: &Platform,
    workspace: Id,
    batch: Id,
    task: Id,
    correction: Correction,
) -> Result<()> {
    change(platform, workspace, batch, task, Wish::Mark(correction)).await
}

/// Takes gold out for good; those who missed it are forgiven.
pub async fn withdraw(platform: &Platform, workspace: Id, batch: Id, task: Id) -> Result<()> {
    change(platform, workspace, batch, task, Wish::Withdraw).await
}

pub async fn pause(platform: &Platform, workspace: Id, batch: Id, task: Id) -> Result<()> {
    change(platform, workspace, batch, task, Wish::Pause).await
}

pub async fn resume(platform: &Platform, workspace: Id, batch: Id, task: Id) -> Result<()> {
    change(platform, workspace, batch, task, Wish::Resume).await
}

#[derive(Clone, Debug)]
enum Wish {
    Mark(Correction),
    Withdraw,
    Pause,
    Resume,
}

async fn change(platform: &Platform, workspace: Id, batch: Id, task: Id, wish: Wish) -> Result<()> {
    let context = Arc::new((platform.clone(), wish));
    platform
        .db
        .write(move |tx| {
            let context = Arc::clone(&context);
            Box::pin(async move {
                let (platform, wish) = &*context;
                lock_batch(tx, workspace, batch).await?.ok_or_else(not_found)?;
                let terms = platform.terms.load(tx, batch).await?;
                match wish {
                    Wish::Mark(correction) => {
                        mark_in(tx, platform, &terms, task, correction, Source::Marked).await
                    }
                    Wish::Withdraw => withdraw_in(tx, platform, &terms, task).await,
                    Wish::Pause => pause_in(tx, batch, task).await,
                    Wish::Resume => resume_in(tx, batch, task).await,
                }
            })
        })
        .await
}

fn not_gold() -> Error {
    Error::NotFound("gold of that id in this batch".into())
}

async fn find(tx: &mut Connection, batch: Id, task: Id) -> Result<Candidate> {
    sql::candidate(tx, batch, task).await?.ok_or_else(|| Error::NotFound("the task".into()))
}

pub(super) async fn mark_in(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    task: Id,
    correction: &Correction,
    source: Source,
) -> Result<()> {
    let found = find(tx, terms.batch, task).await?;
    let answers = to_json(&correction.answers)?;
    if found.gold && found.gold_state.as_deref() != Some(State::Withdrawn.word()) {
        let explanation = correction.explanation.clone().or(found.explanation).unwrap_or_default();
        let secret = correction.secret.or(found.secret).unwrap_or(terms.policy.gold.secret);
        sql::correct(tx, task, &answers, &explanation, secret).await?;
        // A new version of the batch, for those who keep its gold in memory.
        batch::count_gold(tx, terms.batch, 0).await?;
        if found.answers.as_deref() != Some(answers.as_str()) {
            forgive(tx, platform, terms, task, Some(&correction.answers)).await?;
            // Whoever corrected it has looked at it.
            if sql::set_state(tx, task, &[State::Paused], State::Active, None).await? {
                batch::count_gold(tx, terms.batch, 1).await?;
            }
        }
        return Ok(());
    }
    if !found.gold {
        out_of_queue(tx, terms.batch, task).await?;
    }
    let row = Row {
        task,
        answers,
        explanation: correction.explanation.clone().unwrap_or_default(),
        secret: correction.secret.unwrap_or(terms.policy.gold.secret),
    };
    sql::insert(tx, terms.batch, source, &[row], Time::now()).await?;
    batch::count_gold(tx, terms.batch, 1).await
}

/// An ordinary task stops being asked and counted as one.
pub(super) async fn out_of_queue(tx: &mut Connection, batch: Id, task: Id) -> Result<()> {
    let (open, slots) = sql::take_out(tx, task).await?;
    count_tasks(tx, batch, -1, -slots).await?;
    batch::settle(tx, batch, if open { 0 } else { -1 }, 0).await
}

pub(super) async fn withdraw_in(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    task: Id,
) -> Result<()> {
    let found = find(tx, terms.batch, task).await?;
    let was_active = found.gold_state.as_deref() == Some(State::Active.word());
    if !sql::set_state(tx, task, &[State::Active, State::Paused], State::Withdrawn, None).await? {
        return if found.gold_state.is_some() { Ok(()) } else { Err(not_gold()) };
    }
    batch::count_gold(tx, terms.batch, -i64::from(was_active)).await?;
    forgive(tx, platform, terms, task, None).await?;
    if found.source.as_deref() != Some(Source::Import.word()) {
        back_into_queue(tx, platform, terms, task).await?;
    }
    Ok(())
}

/// What was an ordinary task before becomes one again, with the judgments it has.
async fn back_into_queue(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    task: Id,
) -> Result<()> {
    sql::put_back(tx, task).await?;
    let decider = terms.decider(tx, &platform.revisions).await?;
    let change = decision::decide_in_chunks(tx, terms, &decider, &[task]).await?;
    count_tasks(tx, terms.batch, 1, change.wanted).await?;
    // It was taken out as done.
    batch::settle(tx, terms.batch, change.done + 1, 0).await
}

async fn pause_in(tx: &mut Connection, batch: Id, task: Id) -> Result<()> {
    let why = Some("paused by hand");
    if sql::set_state(tx, task, &[State::Active], State::Paused, why).await? {
        return batch::count_gold(tx, batch, -1).await;
    }
    refuse_unless(tx, batch, task, State::Paused).await
}

async fn resume_in(tx: &mut Connection, batch: Id, task: Id) -> Result<()> {
    if sql::set_state(tx, task, &[State::Paused], State::Active, None).await? {
        return batch::count_gold(tx, batch, 1).await;
    }
    refuse_unless(tx, batch, task, State::Active).await
}

/// Asking again for what is so already is fine.
async fn refuse_unless(tx: &mut Connection, batch: Id, task: Id, state: State) -> Result<()> {
    match find(tx, batch, task).await?.gold_state {
        Some(found) if found == state.word() => Ok(()),
        Some(found) => {
            Err(Error::Conflict(format!("this gold is {found} and cannot become {state}")))
        }
        None => Err(not_gold()),
    }
}

/// After gold turned out wrong: answers that are right by the corrected ones count as right, all others count neither
/// way. Everyone concerned has their trust, their exclusion and their quiz looked at again.
pub(super) async fn forgive(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    task: Id,
    corrected: Option<&Answers>,
) -> Result<()> {
    let answered = sql::answered(tx, task).await?;
    let pinned = platform.revisions.get_in(tx, terms.revision).await?;
    let (mut right, mut forgiven) = (Vec::new(), Vec::new());
    for one in &answered {
        let is_right = match corrected {
            Some(answers) => answers.accept(&pinned.question, &read_output(&one.output)?),
            None => false,
        };
        if is_right { &mut right } else { &mut forgiven }.push(one.id);
    }
    sql::set_score(tx, right.into_iter(), Some(Score::Right)).await?;
    sql::set_score(tx, forgiven.into_iter(), Some(Score::Forgiven)).await?;
    let workers: BTreeSet<Id> = answered.iter().map(|one| one.worker_id).collect();
    let failed_by_it: BTreeSet<Id> =
        answered.iter().filter(|one| missed_in_quiz(one)).map(|one| one.worker_id).collect();
    for worker in workers {
        trust::recount_gold(tx, terms.batch, worker).await?;
        if failed_by_it.contains(&worker) {
            trust::forgive_quiz(tx, terms, worker).await?;
        }
        trust::review(tx, platform, terms, worker).await?;
        rule::follow(tx, platform, terms, worker, rule::Event::Forgiven).await?;
    }
    Ok(())
}

fn missed_in_quiz(one: &Answered) -> bool {
    one.quiz && one.gold == Score::Missed.word()
}
