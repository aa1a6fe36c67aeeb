//! Submitting: a worker's answers to all tasks of an assignment, stored with all their effects in one transaction.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{State, hash_of, same_tasks, sql, stored_tasks};
use crate::Platform;
use crate::access::Identity;
use crate::batch::Terms;
use crate::db::Connection;
use crate::db::dialect::id_list;
use crate::decision::{self, Change};
use crate::error::{Error, FieldError, Result};
use crate::gold::score::Feedback;
use crate::gold::{self, Score};
use crate::id::Id;
use crate::judgment::{self, NewJudgment};
use crate::ledger;
use crate::money::Money;
use crate::project::Question;
use crate::rule;
use crate::task;
use crate::time::Time;
use crate::trust::{self, Counters, QuizOutcome, Standing};

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
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Submitted {
    #[serde(skip)]
    pub assignment: Id,
    #[serde(skip)]
    pub batch: Id,
    #[serde(skip)]
    pub revision: Id,
    pub judgments: i64,
    pub earned: Money,
    pub currency: String,
    /// What the worker is told about gold among the tasks.
    pub feedback: Vec<Feedback>,
    /// How a quiz ended.
    pub quiz: Option<QuizOutcome>,
    /// Where the worker stands now; `null` where this submission could not change it.
    pub standing: Option<Standing>,
}

/// Stores the judgments of a live assignment with all their effects, and pays for them. The same answers again are
/// answered the same.
pub async fn submit(
    platform: &Platform,
    worker: &Identity,
    assignment: Id,
    submission: Submission,
) -> Result<Submitted> {
    let hash = hash_of(&submission.judgments);
    let worker = worker.member;
    let context = Arc::new((platform.clone(), submission.judgments, hash));
    let (mut submitted, followed) = platform
        .db
        .write(move |tx| {
            let context = Arc::clone(&context);
            Box::pin(async move {
                let (platform, answers, hash) = &*context;
                let submitting = Submitting { platform, worker, assignment, now: Time::now() };
                let now = submitting.now;
                match sql::end_lease(tx, assignment, worker, State::Submitted, Some(hash), now)
                    .await?
                {
                    Some(lease) => submitting.run(tx, lease, answers).await,
                    None => submitting.explain(tx, hash).await,
                }
            })
        })
        .await?;
    if let Some((tasks, terms)) = followed {
        let tx = &mut platform.db.read().await?;
        submitted.feedback = gold::score::feedback(tx, &tasks, worker).await?;
        submitted.standing = Some(trust::standing(tx, &terms, worker).await?);
    }
    Ok(submitted)
}

/// What a submission did; if that may change where the worker stands, with its tasks (an id list) and the batch's terms.
type Outcome = (Submitted, Option<(String, Arc<Terms>)>);

struct Submitting<'p> {
    platform: &'p Platform,
    worker: Id,
    assignment: Id,
    now: Time,
}

/// The gold among the answers of a submission.
#[derive(Default)]
struct GoldAnswers {
    scores: HashMap<Id, Score>,
}

impl GoldAnswers {
    async fn of(
        tx: &mut Connection,
        terms: &Terms,
        question: &Question,
        answers: &[Answer],
    ) -> Result<Self> {
        let known = terms.known_gold(tx).await?;
        let mut scores = HashMap::new();
        for answer in answers {
            if let Some(score) = known.score(question, answer.task, &answer.output) {
                scores.insert(answer.task, score);
            }
        }
        Ok(Self { scores })
    }

    fn count(&self, score: Score) -> i64 {
        self.scores.values().filter(|one| **one == score).count() as i64
    }

    fn missed(&self) -> Vec<Id> {
        let missed = self.scores.iter().filter(|(_, score)| **score == Score::Missed);
        missed.map(|(task, _)| *task).collect()
    }
}

impl Submitting<'_> {
    async fn run(
        &self,
        tx: &mut Connection,
        lease: sql::Lease,
        answers: &[Answer],
    ) -> Result<Outcome> {
        let Self { platform, worker, assignment, now } = *self;
        let terms = platform.terms.get(tx, lease.batch_id, lease.version).await?;
        let tasks = stored_tasks(&lease.tasks);
        let pinned = platform.revisions.get_in(tx, lease.revision_id).await?;
        check(answers, &tasks, &pinned.question)?;
        let gold = GoldAnswers::of(tx, &terms, &pinned.question, answers).await?;

        let started = lease.last_at.map_or(lease.claimed_at, |last| last.max(lease.claimed_at));
        let worked = now.since(started).max(0);
        let count = answers.len() as i64;
        let judgments: Vec<NewJudgment> = answers
            .iter()
            .map(|answer| NewJudgment {
                task: answer.task,
                worker,
                output: stored_output(answer, &pinned.question),
                gold: gold.scores.get(&answer.task).copied(),
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
        let change = self.count_judged(tx, &terms, &tasks, &gold).await?;
        let work = sql::Work {
            judgments: count,
            leased: count,
            completed: change.done,
            earned,
            worked,
            gold_right: gold.count(Score::Right),
            gold_answers: gold.count(Score::Right) + gold.count(Score::Missed),
            raised: change.wanted,
        };
        let quiz = if gold.scores.is_empty() {
            sql::count_submission(tx, &terms, worker, &work, now).await?;
            None
        } else {
            let counters = sql::count_gold_submission(tx, &terms, worker, &work, now).await?;
            self.follow_gold(tx, &terms, &counters, lease.quiz, &gold).await?
        };
        let event = rule::Event::Submitted { gold: !gold.scores.is_empty() };
        rule::follow(tx, platform, &terms, worker, event).await?;
        let submitted = Submitted {
            assignment,
            batch: lease.batch_id,
            revision: lease.revision_id,
            judgments: count,
            earned,
            currency: lease.currency,
            feedback: Vec::new(),
            quiz,
            standing: None,
        };
        let follows = !gold.scores.is_empty() || !terms.policy.rules.is_empty();
        Ok((submitted, follows.then_some((lease.tasks, terms))))
    }

    /// Turns the leased slots of all tasks but gold into judgments, and decides on them.
    async fn count_judged(
        &self,
        tx: &mut Connection,
        terms: &Terms,
        tasks: &[Id],
        gold: &GoldAnswers,
    ) -> Result<Change> {
        let is_ordinary = |task: &&Id| !gold.scores.contains_key(task);
        let ordinary: Vec<Id> = tasks.iter().filter(is_ordinary).copied().collect();
        if ordinary.is_empty() {
            return Ok(Change::default());
        }
        if !terms.policy.overlap.is_dynamic() {
            let done = task::count_judged(tx, &id_list(ordinary)).await?;
            return Ok(Change { done, wanted: 0 });
        }
        let decider = terms.decider(tx, &self.platform.revisions).await?;
        decision::decide_again(tx, terms, &decider, &ordinary, 1).await
    }

    /// What answers to gold bring about: doubtful gold pauses, a quiz ends, trust is looked at again.
    async fn follow_gold(
        &self,
        tx: &mut Connection,
        terms: &Terms,
        counters: &Counters,
        was_quiz: bool,
        gold: &GoldAnswers,
    ) -> Result<Option<QuizOutcome>> {
        let (right, missed) = (gold.count(Score::Right), gold.count(Score::Missed));
        if right + missed == 0 && !was_quiz {
            return Ok(None);
        }
        gold::score::pause_doubtful(tx, terms, gold.missed().into_iter()).await?;
        let quiz = if was_quiz {
            trust::end_quiz(tx, terms, self.worker, right, right + missed).await?
        } else {
            None
        };
        trust::review_counted(tx, self.platform, terms, counters).await?;
        Ok(quiz)
    }

    /// Why an assignment takes no submission: it is a repetition (answered as the first time), or an error says why.
    async fn explain(&self, tx: &mut Connection, hash: &str) -> Result<Outcome> {
        let Some(ended) = sql::ended(tx, self.assignment, self.worker).await? else {
            return Err(Error::NotFound("the assignment".into()));
        };
        let refusal = match ended.state {
            State::Submitted if ended.answer_hash.as_deref() == Some(hash) => {
                return self.repeat(tx, ended).await;
            }
            State::Submitted => {
                "this assignment was already submitted with other answers".to_owned()
            }
            State::Returned => "this assignment was returned; its tasks went to others".to_owned(),
            State::Revoked => format!(
                "you cannot go on with this batch: {}; its tasks go to others",
                ended.excluded_why.unwrap_or_else(|| "the assignment was taken back".into())
            ),
            State::Leased | State::Expired => {
                format!(
                    "the deadline of this assignment passed at {}; its tasks go to others",
                    ended.deadline
                )
            }
        };
        Err(Error::Conflict(refusal))
    }

    async fn repeat(&self, tx: &mut Connection, ended: sql::Ended) -> Result<Outcome> {
        let tasks = stored_tasks(&ended.tasks);
        let judgments = tasks.len() as i64;
        let terms = self.platform.terms.load(tx, ended.batch_id).await?;
        let quiz = if ended.quiz {
            trust::quiz_outcome(tx, &terms, self.worker, self.assignment).await?
        } else {
            None
        };
        let submitted = Submitted {
            assignment: self.assignment,
            batch: ended.batch_id,
            revision: terms.revision,
            judgments,
            earned: ended.price.times(judgments).unwrap_or_default(),
            currency: ended.currency,
            feedback: Vec::new(),
            quiz,
            standing: None,
        };
        let gold = terms.known_gold(tx).await?;
        let follows =
            tasks.iter().any(|task| gold.contains(*task)) || !terms.policy.rules.is_empty();
        Ok((submitted, follows.then_some((ended.tasks, terms))))
    }
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

/// The output as JSON, with the fields in the question's order, and what else was submitted (parts of flattened answers)
/// after them.
fn stored_output(answer: &Answer, question: &Question) -> String {
    let fields = question.output.keys().filter_map(|name| answer.output.get_key_value(name));
    let others = answer.output.iter().filter(|(name, _)| !question.output.contains_key(*name));
    let given = fields.chain(others).filter(|(_, value)| !value.is_null());
    let given: Map<String, Value> =
        given.map(|(name, value)| (name.clone(), value.clone())).collect();
    Value::Object(given).to_string()
}
