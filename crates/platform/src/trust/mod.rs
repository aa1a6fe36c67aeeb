//! Trust: what is believed about a worker's accuracy on a batch, from gold, from the worker models, or both; earlier
//! batches of the project are where it starts from.
//!
//! A worker whose trust is below the batch's minimum, with enough evidence, is excluded: judgments stop counting, tasks
//! reopen, leases end, and pay is what the policy says. Nothing is deleted, and [`reinstate`] brings all of it back.

mod exclude;
mod sql;
mod standing;

use std::collections::BTreeMap;

use crowdsmith_quality::trust::Trust;
use serde::Serialize;

pub(crate) use exclude::{exclude, reinstate};
pub use exclude::{exclude_by_hand, reinstate_by_hand};
pub(crate) use sql::{forgive_quiz, member, recount_gold};
pub(crate) use standing::outside_audience;
pub(crate) use standing::{Place, tell};
pub use standing::{Standing, StandingState, standing};

use crate::Platform;
use crate::batch::Terms;
use crate::db::{Connection, Database};
use crate::decision::Decider;
use crate::error::Result;
use crate::id::Id;
use crate::policy::{QuizTerms, TrustFrom};
use crate::skip;

/// A newcomer's accuracy before anything is known of worker or crowd.
const NEWCOMER: f64 = 0.8;
/// Observations that earlier batches of the project count as, at most.
const CARRIED_OVER: f64 = 10.0;
/// Probability that a worker is better than the lower bound shown.
const SURE: f64 = 0.9;
/// A trust that moved by less is not worth a write.
const MOVED: f64 = 0.01;
/// Judgments besides gold before worker models alone can exclude anyone.
const ENOUGH_JUDGMENTS: f64 = 20.0;

/// What is shown of a worker's trust.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Shown {
    /// Expected accuracy, 0 to 1.
    pub mean: f64,
    /// The accuracy that the worker exceeds with a probability of 90 %.
    pub low: f64,
}

impl Shown {
    pub(crate) fn of(mean: Option<f64>, low: Option<f64>) -> Option<Self> {
        mean.zip(low).map(|(mean, low)| Self { mean: rounded(mean), low: rounded(low) })
    }
}

fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

/// A worker's counters in a batch, and gold answered in other batches of its project.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Counters {
    pub(crate) worker_id: Id,
    gold_right: i64,
    gold_answers: i64,
    earlier_right: i64,
    earlier_answers: i64,
    excluded_by: Option<String>,
    trust: Option<f64>,
    trust_low: Option<f64>,
}

impl Counters {
    /// Whether the trust that is stored is another.
    fn differ_from(&self, trust: Trust) -> bool {
        let moved = |old: Option<f64>, new: f64| old.is_none_or(|old| (old - new).abs() > MOVED);
        moved(self.trust, trust.mean()) || moved(self.trust_low, trust.lower_bound(SURE))
    }
}

/// Trust as the batch's policy wants it, and whether it is below the minimum with enough evidence.
fn assess(terms: &Terms, decider: &Decider, counters: &Counters) -> (Trust, bool) {
    let from = terms.policy.trust.map_or(TrustFrom::Both, |trust| trust.from);
    let start = Trust::of_crowd(decider.crowd_accuracy().unwrap_or(NEWCOMER));
    let (right, answers) = (counters.gold_right as u32, counters.gold_answers as u32);
    let mut trust = if counters.earlier_answers > 0 {
        let (right, answers) = (counters.earlier_right as u32, counters.earlier_answers as u32);
        Trust::carried_over(start.with_gold(right, answers - right), CARRIED_OVER)
    } else {
        start
    };
    if from != TrustFrom::Model {
        trust = trust.with_gold(right, answers - right);
    }
    let mut judged = 0.0;
    if from != TrustFrom::Gold
        && let Some(mut accuracy) = decider.accuracy(counters.worker_id)
    {
        // The models saw the gold as well.
        accuracy.alpha = (accuracy.alpha - f64::from(right)).max(1.0);
        accuracy.beta = (accuracy.beta - f64::from(answers - right)).max(1.0);
        judged = accuracy.alpha + accuracy.beta - 2.0;
        trust = trust.with_model(accuracy);
    }
    let terms = terms.policy.trust;
    let below = terms.is_some_and(|terms| {
        let by_gold = from != TrustFrom::Model && counters.gold_answers >= terms.evidence;
        let by_model = from != TrustFrom::Gold && judged >= ENOUGH_JUDGMENTS;
        (by_gold || by_model) && trust.below(terms.minimum)
    });
    (trust, below)
}

fn why(trust: Trust, terms: &Terms) -> String {
    let percent = |share: f64| (share * 100.0).round();
    let minimum = terms.policy.trust.map_or(0.0, |trust| trust.minimum);
    format!(
        "about {} % of the answers were right, and this batch needs {} %",
        percent(trust.mean()),
        percent(minimum)
    )
}

/// Looks again at a worker's trust: excludes who fell below the minimum, reinstates who was excluded for that and is not
/// below it any more.
pub(crate) async fn review(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    worker: Id,
) -> Result<()> {
    let counters = sql::counters_of(tx, terms.batch, terms.project, worker).await?;
    review_counted(tx, platform, terms, &counters).await.map(drop)
}

/// What looking again at a worker's trust came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reviewed {
    /// The trust that is stored.
    pub(crate) trust: Option<f64>,
    /// Whether the worker is, or was until now, excluded.
    pub(crate) excluded: bool,
}

/// The same for a worker whose counters are known.
pub(crate) async fn review_counted(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    counters: &Counters,
) -> Result<Reviewed> {
    let worker = counters.worker_id;
    let decider = terms.decider(tx, &platform.revisions).await?;
    let (trust, below) = assess(terms, &decider, counters);
    let mut stored = counters.trust;
    if below || counters.differ_from(trust) {
        sql::set_trust(tx, terms.batch, worker, trust.mean(), trust.lower_bound(SURE)).await?;
        stored = Some(trust.mean());
    }
    match (&counters.excluded_by, below) {
        (None, true) => {
            exclude(tx, platform, terms, worker, "trust", &why(trust, terms)).await?;
        }
        (Some(by), false) if by == "trust" => reinstate(tx, platform, terms, worker).await?,
        _ => {}
    }
    Ok(Reviewed { trust: stored, excluded: below || counters.excluded_by.is_some() })
}

/// Looks again at all workers of a batch, after a refit.
pub(crate) async fn review_all(platform: &Platform, terms: &Terms) -> Result<()> {
    let tx = &mut platform.db.read().await?;
    let decider = terms.decider(tx, &platform.revisions).await?;
    let mut moved = Vec::new();
    for counters in sql::counters(tx, terms.batch, terms.project).await? {
        let (trust, below) = assess(terms, &decider, &counters);
        let excluded = counters.excluded_by.as_deref();
        if counters.differ_from(trust)
            || (below && excluded.is_none())
            || (!below && excluded == Some("trust"))
        {
            moved.push(counters.worker_id);
        }
    }
    let batch = terms.batch;
    for worker in moved {
        let platform_of = platform.clone();
        platform
            .db
            .write(move |tx| {
                let platform = platform_of.clone();
                Box::pin(async move {
                    let terms = platform.terms.load(tx, batch).await?;
                    review(tx, &platform, &terms, worker).await
                })
            })
            .await?;
    }
    Ok(())
}

/// The trust of each worker of a batch that is known.
pub(crate) async fn of_workers(db: &Database, batch: Id) -> Result<BTreeMap<Id, f64>> {
    sql::trusts(&mut db.read().await?, batch).await
}

/// The outcome of a quiz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct QuizOutcome {
    pub right: i64,
    pub of: i64,
    /// Right answers that it takes.
    pub needed: i64,
    pub passed: bool,
    pub tries_left: i64,
}

/// Counts a quiz that was just submitted. What was skipped of it is part of `of`: nobody passes by skipping.
pub(crate) async fn end_quiz(
    tx: &mut Connection,
    terms: &Terms,
    worker: Id,
    right: i64,
    of: i64,
) -> Result<Option<QuizOutcome>> {
    let Some(quiz) = terms.policy.quiz else { return Ok(None) };
    let needed = needed(quiz, of);
    let passed = right >= needed;
    let tries = sql::count_try(tx, terms.batch, worker, passed, quiz.tries).await?;
    Ok(Some(QuizOutcome { right, of, needed, passed, tries_left: (quiz.tries - tries).max(0) }))
}

/// The outcome of a quiz that was submitted before, as its answers count now.
pub(crate) async fn quiz_outcome(
    tx: &mut Connection,
    terms: &Terms,
    worker: Id,
    assignment: Id,
) -> Result<Option<QuizOutcome>> {
    let Some(quiz) = terms.policy.quiz else { return Ok(None) };
    let (right, answered, tries) = sql::quiz_answers(tx, terms.batch, worker, assignment).await?;
    let of = answered + skip::count_of_assignment(tx, terms.batch, worker, assignment).await?;
    let needed = needed(quiz, of);
    let tries_left = (quiz.tries - tries).max(0);
    Ok(Some(QuizOutcome { right, of, needed, passed: right >= needed, tries_left }))
}

/// Right answers that it takes to pass a quiz of so many.
fn needed(quiz: QuizTerms, of: i64) -> i64 {
    // A hair less, so that 0.8 of 5 is 4 and not 5.
    (quiz.pass * of as f64 - 1e-9).ceil() as i64
}
