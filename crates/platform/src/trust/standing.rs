//! Where a worker stands in a batch, in words for the worker.

use serde::Serialize;

use super::sql;
use crate::batch::Terms;
use crate::db::Connection;
use crate::error::Result;
use crate::gold;
use crate::id::Id;
use crate::policy::{Audience, UsedUp};
use crate::skill;
use crate::time::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StandingState {
    Ready,
    /// A quiz comes first.
    Quiz,
    /// The quiz was not passed.
    Failed,
    Excluded,
    Restricted,
    GoldUsedUp,
    /// The batch asks for skills that the worker does not have.
    OutsideAudience,
    /// A quiz comes first, and there is no gold for it that the worker has not seen.
    QuizUsedUp,
}

#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Standing {
    pub state: StandingState,
    /// One sentence; empty where there is nothing to say.
    pub text: String,
    pub trust: Option<OwnTrust>,
    pub quiz: Option<OwnQuiz>,
}

/// A worker's own trust.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct OwnTrust {
    /// Expected share of right answers, in per cent.
    pub percent: i64,
    /// Answers to known tasks that it rests on.
    pub answers: i64,
    pub words: String,
}

/// The quiz that waits for the worker.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct OwnQuiz {
    pub length: i64,
    /// Share of right answers that it takes.
    pub pass: f64,
    pub tries_left: i64,
    pub paid: bool,
}

/// A worker's place in a batch, as far as it says where the worker stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Place {
    pub(crate) quiz: String,
    pub(crate) quiz_tries: i64,
    pub(crate) gold_answers: i64,
    pub(crate) trust: Option<f64>,
    /// Present if the worker is excluded.
    pub(crate) excluded_why: Option<String>,
}

impl Default for Place {
    fn default() -> Self {
        let quiz = "none".to_owned();
        Self { quiz, quiz_tries: 0, gold_answers: 0, trust: None, excluded_why: None }
    }
}

/// Where a worker stands in a batch.
pub async fn standing(tx: &mut Connection, terms: &Terms, worker: Id) -> Result<Standing> {
    let place = sql::place(tx, terms.batch, worker).await?.unwrap_or_default();
    let restriction = sql::restriction(tx, terms, worker, Time::now()).await?;
    tell(tx, terms, worker, &place, restriction).await
}

/// The same for a worker whose place is known.
pub(crate) async fn tell(
    tx: &mut Connection,
    terms: &Terms,
    worker: Id,
    place: &Place,
    restriction: Option<(String, Option<Time>)>,
) -> Result<Standing> {
    let quiz = place.quiz.as_str();
    let quiz_waits = terms.policy.quiz.filter(|_| quiz == "none");
    let stops = terms.golds > 0 && terms.policy.gold.used_up == UsedUp::Stop;
    let gold_left = (quiz_waits.is_none() && !stops)
        || gold::serve::has_unseen(tx, terms, worker, place.gold_answers).await?;
    let outside = outside_audience(tx, &terms.policy.audience, worker).await?;
    let excluded = place.excluded_why.as_deref();
    let (state, text) = match (excluded, restriction, quiz, outside, quiz_waits) {
        (Some(why), ..) => (
            StandingState::Excluded,
            format!(
                "You cannot go on with this batch: {why}. Tasks that you think were judged wrongly can be contested."
            ),
        ),
        (_, Some((why, until)), ..) => (StandingState::Restricted, restricted(&why, until)),
        (_, _, "failed", ..) => (
            StandingState::Failed,
            "The quiz was not passed, so this batch is not open to you. Thank you for trying."
                .into(),
        ),
        (_, _, _, Some(why), _) => (StandingState::OutsideAudience, why),
        (.., Some(_)) if !gold_left => (
            StandingState::QuizUsedUp,
            "A quiz comes first, and you have seen all tasks that there are for it. You can take it when more are added."
                .into(),
        ),
        (.., Some(quiz)) => (
            StandingState::Quiz,
            format!(
                "A quiz of {} tasks comes first; {} % must be right.",
                quiz.length,
                (quiz.pass * 100.0).round()
            ),
        ),
        _ if !gold_left => (
            StandingState::GoldUsedUp,
            "You have done all the work of this batch that can be checked. Thank you!".into(),
        ),
        _ => (StandingState::Ready, String::new()),
    };
    Ok(Standing {
        state,
        text,
        trust: own_trust(terms, place),
        quiz: quiz_waits.map(|quiz| OwnQuiz {
            length: quiz.length,
            pass: quiz.pass,
            tries_left: (quiz.tries - place.quiz_tries).max(0),
            paid: quiz.paid,
        }),
    })
}

/// Why a worker does not belong to an audience, in a sentence.
pub(crate) async fn outside_audience(
    tx: &mut Connection,
    audience: &Audience,
    worker: Id,
) -> Result<Option<String>> {
    if audience.is_open() {
        return Ok(None);
    }
    Ok(audience.why_not(&skill::values_of(tx, worker).await?))
}

fn restricted(why: &str, until: Option<Time>) -> String {
    match until {
        Some(until) => format!("You can go on here after {until}: {why}."),
        None => format!("You cannot work here: {why}."),
    }
}

/// Answers to known tasks before a worker is told how good they are.
const FEWEST_ANSWERS: i64 = 3;

fn own_trust(terms: &Terms, place: &Place) -> Option<OwnTrust> {
    let told = place.gold_answers >= FEWEST_ANSWERS && place.excluded_why.is_none();
    let trust = place.trust.filter(|_| told)?;
    let minimum = terms.policy.trust.map(|trust| trust.minimum);
    let words = match minimum {
        _ if trust >= 0.95 => "excellent",
        Some(minimum) if trust < minimum => "below what this batch needs",
        Some(minimum) if trust < minimum + 0.05 => "just enough for this batch",
        _ if trust >= 0.85 => "very good",
        _ => "good",
    };
    Some(OwnTrust {
        percent: (trust * 100.0).round() as i64,
        answers: place.gold_answers,
        words: words.to_owned(),
    })
}
