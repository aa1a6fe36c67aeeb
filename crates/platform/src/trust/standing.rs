//! Where a worker stands in a batch, in words for the worker.

use serde::Serialize;

use super::sql;
use crate::batch::Terms;
use crate::db::Connection;
use crate::error::Result;
use crate::id::Id;
use crate::policy::UsedUp;
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

/// Where a worker stands in a batch.
pub async fn standing(tx: &mut Connection, terms: &Terms, worker: Id) -> Result<Standing> {
    let place = sql::place(tx, terms.batch, worker).await?;
    let restriction = sql::restriction(tx, terms, worker, Time::now()).await?;
    let gold_left = match terms.policy.gold.used_up {
        UsedUp::Stop if terms.golds > 0 => sql::gold_left(tx, terms.batch, worker).await?,
        _ => 1,
    };
    let quiz = place.as_ref().map_or("none", |place| place.quiz.as_str());
    let quiz_waits = terms.policy.quiz.filter(|_| quiz == "none");
    let excluded = place.as_ref().and_then(|place| place.excluded_why.as_deref());
    let (state, text) = match (excluded, restriction, quiz, quiz_waits) {
        (Some(why), ..) => (
            StandingState::Excluded,
            format!(
                "You cannot go on with this batch: {why}. Tasks that you think were judged wrongly can be contested."
            ),
        ),
        (_, Some((why, until)), ..) => (StandingState::Restricted, restricted(&why, until)),
        (_, _, "failed", _) => (
            StandingState::Failed,
            "The quiz was not passed, so this batch is not open to you. Thank you for trying."
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
        _ if gold_left == 0 => (
            StandingState::GoldUsedUp,
            "You have done all the work of this batch that can be checked. Thank you!".into(),
        ),
        _ => (StandingState::Ready, String::new()),
    };
    let tries = place.as_ref().map_or(0, |place| place.quiz_tries);
    Ok(Standing {
        state,
        text,
        trust: place.as_ref().and_then(|place| own_trust(terms, place)),
        quiz: quiz_waits.map(|quiz| OwnQuiz {
            length: quiz.length,
            pass: quiz.pass,
            tries_left: (quiz.tries - tries).max(0),
            paid: quiz.paid,
        }),
    })
}

fn restricted(why: &str, until: Option<Time>) -> String {
    match until {
        Some(until) => format!("You can go on here after {until}: {why}."),
        None => format!("You cannot work here: {why}."),
    }
}

/// Answers to known tasks before a worker is told how good they are.
const FEWEST_ANSWERS: i64 = 3;

fn own_trust(terms: &Terms, place: &sql::Place) -> Option<OwnTrust> {
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
