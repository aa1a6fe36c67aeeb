//! Submitting: a worker's answers to all tasks of an assignment, stored with all their effects in one transaction.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::answer::{Answer, Answered, Given, Submission, check_on, hash_of, stored_output};
use super::{State, sql, stored_tasks};
use crate::Platform;
use crate::access::Identity;
use crate::batch::{self, Terms};
use crate::db::dialect::id_list;
use crate::db::{Connection, Together};
use crate::decision::{self, Change};
use crate::error::{Error, Result};
use crate::gold::score::{Feedback, Fresh};
use crate::gold::{self, KnownGold, Score};
use crate::id::Id;
use crate::judgment::{self, NewJudgment};
use crate::ledger;
use crate::money::Money;
use crate::place;
use crate::project::Question;
use crate::rule;
use crate::skip;
use crate::task;
use crate::time::Time;
use crate::trust::{self, Place, QuizOutcome, Standing};
use crate::upload;

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
    /// Tasks that were skipped.
    pub skipped: i64,
    #[serde(skip)]
    pub problems: i64,
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
    platform
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
        .await
}

struct Submitting<'p> {
    platform: &'p Platform,
    worker: Id,
    assignment: Id,
    now: Time,
}

/// The gold among the tasks of a submission.
struct GoldAnswers {
    known: Arc<KnownGold>,
    scores: HashMap<Id, Score>,
    /// How many were skipped.
    skipped: i64,
}

impl GoldAnswers {
    async fn of(
        tx: &mut Connection,
        terms: &Terms,
        question: &Question,
        given: &Given<'_>,
    ) -> Result<Self> {
        let known = terms.known_gold(tx).await?;
        let mut scores = HashMap::new();
        for answer in &given.answered {
            if let Some(score) = known.score(question, answer.task, answer.output) {
                scores.insert(answer.task, score);
            }
        }
        let skipped = given.skipped.iter().filter(|(task, _)| known.contains(*task)).count();
        Ok(Self { known, scores, skipped: skipped as i64 })
    }

    fn is_empty(&self) -> bool {
        self.scores.is_empty() && self.skipped == 0
    }

    /// What the worker is told about the gold among judgments that were just stored; `inputs` are those of the gold.
    fn feedback(
        &self,
        judgments: &[NewJudgment],
        inputs: Vec<(Id, String)>,
        at: Time,
    ) -> Result<Vec<Feedback>> {
        let mut inputs: HashMap<Id, String> = inputs.into_iter().collect();
        let mut feedback = Vec::with_capacity(inputs.len());
        for judgment in judgments {
            let Some((score, input)) = judgment.gold.zip(inputs.remove(&judgment.task)) else {
                continue;
            };
            let fresh = Fresh { task: judgment.task, input, output: &judgment.output, score, at };
            feedback.extend(Feedback::at_once(&self.known, fresh)?);
        }
        Ok(feedback)
    }

    fn count(&self, score: Score) -> i64 {
        self.scores.values().filter(|one| **one == score).count() as i64
    }

    fn missed(&self) -> Vec<Id> {
        let missed = self.scores.iter().filter(|(_, score)| **score == Score::Missed);
        missed.map(|(task, _)| *task).collect()
    }
}

/// What answers to gold brought about.
#[derive(Default)]
struct Followed {
    quiz: Option<QuizOutcome>,
    /// The worker's place, where it is known without looking again.
    place: Option<Place>,
}

impl Submitting<'_> {
    async fn run(
        &self,
        tx: &mut Connection,
        lease: sql::Lease,
        answers: &[Answer],
    ) -> Result<Submitted> {
        let Self { platform, worker, assignment, now } = *self;
        let terms = platform.terms.get(tx, lease.batch_id, lease.version).await?;
        let tasks = stored_tasks(&lease.tasks);
        let pinned = platform.revisions.get_in(tx, lease.revision_id).await?;
        let given = Given::read(answers, &tasks, &pinned.question)?;
        if pinned.question.is_checked_on_input() {
            check_on(answers, &sql::inputs(tx, &lease.tasks).await?, &pinned.question)?;
        }
        self.check_things(tx, &terms, &lease, &pinned.question, &given).await?;
        let gold = GoldAnswers::of(tx, &terms, &pinned.question, &given).await?;

        let started = lease.last_at.map_or(lease.claimed_at, |last| last.max(lease.claimed_at));
        let took = now.since(started).max(0) / tasks.len().max(1) as i64;
        let count = given.answered.len() as i64;
        let source = judgment::Source {
            batch: lease.batch_id,
            revision: lease.revision_id,
            assignment: Some(assignment),
            duration: Some(took),
        };
        let judgments = self.judgments(&given, &gold, &pinned.question)?;
        let inputs = judgment::insert(tx, &source, &judgments, now).await?;
        let feedback = gold.feedback(&judgments, inputs, now)?;
        let earned = total(lease.price, count)?;
        let mut together = Together::default();
        let (batch, currency) = (lease.batch_id, &lease.currency);
        ledger::pay(&mut together, batch, worker, earned, currency, assignment, now);
        // Others wait for these rows until the commit, so they come late.
        let change = self.count_judged(tx, &mut together, &terms, &given, &gold).await?;
        self.skip(tx, &terms, &lease, &given).await?;
        let work = sql::Work {
            judgments: count,
            leased: tasks.len() as i64,
            completed: change.done,
            earned,
            worked: took * count,
            gold_right: gold.count(Score::Right),
            gold_answers: gold.count(Score::Right) + gold.count(Score::Missed),
            raised: change.wanted,
            skipped: given.skipped.len() as i64,
        };
        let Followed { quiz, place } = if gold.is_empty() {
            sql::count_submission(tx, together, &terms, worker, &work, now).await?;
            Followed::default()
        } else {
            let counted =
                sql::count_gold_submission(tx, together, &terms, worker, &work, now).await?;
            self.follow_gold(tx, &terms, counted, lease.quiz, &gold).await?
        };
        let event = rule::Event::Submitted { gold: !gold.scores.is_empty(), answered: count > 0 };
        rule::follow(tx, platform, &terms, worker, event).await?;
        let standing = match place {
            Some(place) if terms.policy.rules.is_empty() => {
                Some(trust::tell(tx, &terms, worker, &place, None).await?)
            }
            _ if !gold.is_empty() || !terms.policy.rules.is_empty() => {
                Some(trust::standing(tx, &terms, worker).await?)
            }
            _ => None,
        };
        Ok(Submitted {
            assignment,
            batch: lease.batch_id,
            revision: lease.revision_id,
            judgments: count,
            skipped: work.skipped,
            problems: given.problems(),
            earned,
            currency: lease.currency,
            feedback,
            quiz,
            standing,
        })
    }

    /// Checks what answers say of things outside of them: files that were uploaded, and where the worker is.
    async fn check_things(
        &self,
        tx: &mut Connection,
        terms: &Terms,
        lease: &sql::Lease,
        question: &Question,
        given: &Given<'_>,
    ) -> Result<()> {
        let mut errors = Vec::new();
        if question.output.values().any(|field| field.upload().is_some()) {
            let by = upload::Answering {
                batch: lease.batch_id,
                assignment: self.assignment,
                now: self.now,
            };
            errors = upload::use_named(tx, by, question, &given.answered).await?;
        }
        if let Some(terms) = terms.policy.place {
            let between = (lease.claimed_at, self.now);
            errors
                .extend(place::check_answers(tx, terms, between, question, &given.answered).await?);
        }
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    fn judgments(
        &self,
        given: &Given<'_>,
        gold: &GoldAnswers,
        question: &Question,
    ) -> Result<Vec<NewJudgment>> {
        let judgment = |answer: &Answered<'_>| {
            Ok(NewJudgment {
                task: answer.task,
                worker: self.worker,
                output: stored_output(answer.output, question),
                gold: gold.scores.get(&answer.task).copied(),
                behavior: answer.behavior.map(judgment::stored).transpose()?,
                shown_order: answer.order.map(judgment::stored).transpose()?,
            })
        };
        given.answered.iter().map(judgment).collect()
    }

    /// Frees what was skipped, with the money promised for it.
    async fn skip(
        &self,
        tx: &mut Connection,
        terms: &Terms,
        lease: &sql::Lease,
        given: &Given<'_>,
    ) -> Result<()> {
        if given.skipped.is_empty() {
            return Ok(());
        }
        let tasks: Vec<Id> = given.skipped.iter().map(|(task, _)| *task).collect();
        task::give_back(tx, &tasks).await?;
        let promised = total(lease.price, tasks.len() as i64)?;
        if promised > Money::ZERO {
            batch::release(tx, lease.batch_id, promised).await?;
        }
        let by = skip::By { worker: self.worker, assignment: self.assignment };
        skip::record(tx, terms, &by, &given.skipped, self.now).await
    }

    /// Turns the leased slots of all answered tasks but gold into judgments, and decides on them.
    async fn count_judged(
        &self,
        tx: &mut Connection,
        together: &mut Together,
        terms: &Terms,
        given: &Given<'_>,
        gold: &GoldAnswers,
    ) -> Result<Change> {
        let answered = given.answered.iter().map(|answer| answer.task);
        let ordinary: Vec<Id> = answered.filter(|task| !gold.scores.contains_key(task)).collect();
        if ordinary.is_empty() {
            return Ok(Change::default());
        }
        if !terms.policy.overlap.is_dynamic() {
            let done = task::count_judged(tx, &id_list(ordinary)).await?;
            return Ok(Change { done, wanted: 0 });
        }
        let decider = terms.decider(tx, &self.platform.revisions).await?;
        decision::decide_again(tx, together, terms, &decider, &ordinary, 1).await
    }

    /// What answers to gold bring about: doubtful gold pauses, a quiz ends, trust is looked at again.
    async fn follow_gold(
        &self,
        tx: &mut Connection,
        terms: &Terms,
        counted: sql::CountedGold,
        was_quiz: bool,
        gold: &GoldAnswers,
    ) -> Result<Followed> {
        let sql::CountedGold { counters, place, restricted } = counted;
        let (right, missed) = (gold.count(Score::Right), gold.count(Score::Missed));
        if right + missed == 0 && !was_quiz {
            return Ok(Followed::default());
        }
        gold::score::pause_doubtful(tx, terms, gold.missed().into_iter()).await?;
        let quiz = if was_quiz {
            let of = right + missed + gold.skipped;
            trust::end_quiz(tx, terms, self.worker, right, of).await?
        } else {
            None
        };
        let reviewed = trust::review_counted(tx, self.platform, terms, &counters).await?;
        let is_known = !was_quiz && !restricted && !reviewed.excluded;
        let place = is_known.then_some(Place { trust: reviewed.trust, ..place });
        Ok(Followed { quiz, place })
    }

    /// Why an assignment takes no submission: it is a repetition (answered as the first time), or an error says why.
    async fn explain(&self, tx: &mut Connection, hash: &str) -> Result<Submitted> {
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

    async fn repeat(&self, tx: &mut Connection, ended: sql::Ended) -> Result<Submitted> {
        let tasks = stored_tasks(&ended.tasks);
        let (batch, worker, assignment) = (ended.batch_id, self.worker, self.assignment);
        let skipped = skip::count_of_assignment(tx, batch, worker, assignment).await?;
        let judgments = tasks.len() as i64 - skipped;
        let terms = self.platform.terms.load(tx, batch).await?;
        let quiz = if ended.quiz {
            trust::quiz_outcome(tx, &terms, worker, assignment).await?
        } else {
            None
        };
        let gold = terms.known_gold(tx).await?;
        let follows =
            tasks.iter().any(|task| gold.contains(*task)) || !terms.policy.rules.is_empty();
        let (feedback, standing) = if follows {
            let feedback = gold::score::feedback(tx, &ended.tasks, worker).await?;
            (feedback, Some(trust::standing(tx, &terms, worker).await?))
        } else {
            (Vec::new(), None)
        };
        Ok(Submitted {
            assignment,
            batch,
            revision: terms.revision,
            judgments,
            skipped,
            problems: 0,
            earned: ended.price.times(judgments).unwrap_or_default(),
            currency: ended.currency,
            feedback,
            quiz,
            standing,
        })
    }
}

/// What so many judgments cost.
fn total(price: Money, judgments: i64) -> Result<Money> {
    price.times(judgments).ok_or_else(|| Error::Internal("the pay cannot be counted".into()))
}
