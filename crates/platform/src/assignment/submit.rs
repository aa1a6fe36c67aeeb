//! Submitting: a worker's answers to all tasks of an assignment, stored with all their effects in one transaction.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{State, hash_of, same_tasks, sql, stored_tasks};
use crate::access::Identity;
use crate::db::{Connection, Database};
use crate::error::{Error, FieldError, Result};
use crate::id::Id;
use crate::judgment::{self, NewJudgment};
use crate::ledger;
use crate::money::Money;
use crate::project::{Question, Revisions};
use crate::task;
use crate::time::Time;

/// The answers to an assignment.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct Submission {
    pub judgments: Vec<Answer>,
}

/// The answer to one task.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct Answer {
    pub task: Id,
    #[schema(value_type = Object)]
    pub output: Map<String, Value>,
}

/// What a submission did, when it was first made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Submitted {
    #[serde(skip)]
    pub assignment: Id,
    #[serde(skip)]
    pub batch: Id,
    pub judgments: i64,
    pub earned: Money,
    pub currency: String,
}

/// Stores the judgments of a live assignment and pays for them. The same answers again are answered the same.
pub async fn submit(
    db: &Database,
    revisions: &Revisions,
    worker: &Identity,
    assignment: Id,
    submission: Submission,
) -> Result<Submitted> {
    let worker = worker.member;
    let hash = hash_of(&submission.judgments);
    let context = Arc::new((submission.judgments, hash, revisions.clone()));
    db.write(move |tx| {
        let context = Arc::clone(&context);
        Box::pin(async move {
            let (answers, hash, revisions) = &*context;
            submit_in(tx, revisions, worker, assignment, answers, hash).await
        })
    })
    .await
}

async fn submit_in(
    tx: &mut Connection,
    revisions: &Revisions,
    worker: Id,
    assignment: Id,
    answers: &[Answer],
    hash: &str,
) -> Result<Submitted> {
    let now = Time::now();
    let Some(lease) =
        sql::end_lease(tx, assignment, worker, State::Submitted, Some(hash), now).await?
    else {
        return explain(tx, assignment, worker, hash).await;
    };
    let tasks = stored_tasks(&lease.tasks);
    let pinned = revisions.get_in(tx, lease.revision_id).await?;
    check(answers, &tasks, &pinned.question)?;

    let started = lease.last_at.map_or(lease.claimed_at, |last| last.max(lease.claimed_at));
    let worked = now.since(started).max(0);
    let count = answers.len() as i64;
    let judgments: Vec<NewJudgment> = answers
        .iter()
        .map(|answer| NewJudgment {
            task: answer.task,
            worker,
            output: stored_output(answer, &pinned.question),
        })
        .collect();
    let source = judgment::Source {
        batch: lease.batch_id,
        revision: lease.revision_id,
        assignment: Some(assignment),
        duration: Some(worked / count.max(1)),
    };
    judgment::insert(tx, &source, &judgments, now).await?;
    let earned = lease
        .price
        .times(count)
        .ok_or_else(|| Error::Internal("the pay cannot be counted".into()))?;
    ledger::pay(tx, lease.batch_id, worker, earned, &lease.currency, assignment, now).await?;
    // Others wait for these rows until the commit, so they come late.
    let completed = task::count_judged(tx, &lease.tasks).await?;
    let work = sql::Work { judgments: count, leased: count, completed, earned, worked };
    sql::count_submission(tx, lease.batch_id, worker, &work, now).await?;
    Ok(Submitted {
        assignment,
        batch: lease.batch_id,
        judgments: count,
        earned,
        currency: lease.currency,
    })
}

/// The answers must name the lease's tasks, each once, and be valid.
fn check(answers: &[Answer], tasks: &[Id], question: &Question) -> Result<()> {
    if !same_tasks(answers.iter().map(|answer| answer.task), tasks) {
        let names: Vec<String> = tasks.iter().map(Id::to_string).collect();
        let message = format!("must answer each task of the assignment once: {}", names.join(", "));
        return Err(Error::invalid("judgments", message));
    }
    let errors: Vec<FieldError> = answers
        .iter()
        .enumerate()
        .flat_map(|(index, answer)| {
            question.check_output(&answer.output).into_iter().map(move |error| {
                FieldError::new(format!("judgments[{index}].output.{}", error.field), error.message)
            })
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// The output as JSON, with the fields in the question's order.
fn stored_output(answer: &Answer, question: &Question) -> String {
    let given = question.output.keys().filter_map(|name| {
        let value = answer.output.get(name).filter(|value| !value.is_null())?;
        Some((name.clone(), value.clone()))
    });
    Value::Object(given.collect()).to_string()
}

/// Why an assignment takes no submission: it is a repetition (answered as the first time), or an error says why.
async fn explain(tx: &mut Connection, assignment: Id, worker: Id, hash: &str) -> Result<Submitted> {
    let ended = sql::ended(tx, assignment, worker).await?;
    let Some(ended) = ended else { return Err(Error::NotFound("the assignment".into())) };
    let refusal = match ended.state {
        State::Submitted if ended.answer_hash.as_deref() == Some(hash) => {
            let judgments = stored_tasks(&ended.tasks).len() as i64;
            let earned = ended.price.times(judgments).unwrap_or_default();
            return Ok(Submitted {
                assignment,
                batch: ended.batch_id,
                judgments,
                earned,
                currency: ended.currency,
            });
        }
        State::Submitted => "this assignment was already submitted with other answers".to_owned(),
        State::Returned => "this assignment was returned; its tasks went to others".to_owned(),
        State::Leased | State::Expired => {
            format!(
                "the deadline of this assignment passed at {}; its tasks go to others",
                ended.deadline
            )
        }
    };
    Err(Error::Conflict(refusal))
}
