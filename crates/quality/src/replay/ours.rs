//! The product's own policies: its worker models, its rule, and its order of what to ask next.

use crowdsmith_truth::Error;

use super::Point;
use super::session::{Session, Stopped};
use crate::models::Models;
use crate::overlap::{Decision, Evidence, Opinion, Overlap};
use crate::share_out::{self, Sureness};

/// Buys where a judgment is worth most until the mean of the tasks' [`Models::progress`] reaches the target or there are
/// no more judgments; then goes on to the next target.
///
/// Progress takes judgments as independent. A target for the calibrated probability would buy all there is wherever
/// tasks mislead everybody.
pub(super) fn auto(mut session: Session<'_>, targets: &[f64]) -> Result<Vec<Point>, Error> {
    let mut points = Vec::with_capacity(targets.len());
    session.buy_each(1);
    let mut models = refit(&session)?;
    for &target in targets {
        let reached = loop {
            if sureness(&session, &models).reaches(target) {
                break true;
            }
            let open = session.tasks().filter(|&task| session.has_more(task));
            let worth: Vec<(f64, usize)> =
                open.map(|task| (models.gain(session.given(task)), task)).collect();
            if worth.is_empty() {
                break false;
            }
            buy_best(&mut session, worth);
            models = refit(&session)?;
        };
        let posteriors = posteriors(&session, &models);
        let sure: Vec<bool> = posteriors.iter().map(|row| top(row) >= target).collect();
        // The batch stops as a whole.
        let done = vec![reached; posteriors.len()];
        let stopped = Stopped { done: Some(&done), sure: Some(&sure) };
        points.push(session.point(target, |task| posteriors[task].clone(), stopped));
    }
    Ok(points)
}

fn sureness(session: &Session<'_>, models: &Models) -> Sureness {
    let mut sureness = Sureness::default();
    session.tasks().for_each(|task| sureness.add(models.progress(session.given(task))));
    sureness
}

/// Buys the next judgment of the tasks worth most, as many as a round has.
pub(super) fn buy_best(session: &mut Session<'_>, worth: Vec<(f64, usize)>) {
    let round = share_out::round(session.tasks().count());
    for task in session.rank(worth).into_iter().take(round) {
        session.buy(task);
    }
}

/// Every task until [`Overlap::Adaptive`] says that it is done.
pub(super) fn adaptive(mut session: Session<'_>, target: f64) -> Result<Point, Error> {
    let rule = Overlap::Adaptive { min: 1, max: session.most() as u32, target };
    let mut open: Vec<usize> = session.tasks().collect();
    loop {
        let bought = open.iter().filter(|&&task| session.buy(task)).count();
        let models = refit(&session)?;
        let posteriors = posteriors(&session, &models);
        let done: Vec<bool> = posteriors
            .iter()
            .enumerate()
            .map(|(task, posterior)| {
                let given = session.given(task).iter();
                // The rule goes by the posterior and looks at the number of judgments only.
                let judgments: Vec<Opinion> =
                    given.map(|&(_, label)| Opinion { label, trust: 1.0 }).collect();
                rule.decide(&Evidence { posterior, judgments: &judgments }) == Decision::Done
            })
            .collect();
        if bought == 0 {
            let label = |task: usize| posteriors[task].clone();
            return Ok(session.point(target, label, Stopped::both(&done)));
        }
        open = session.tasks().filter(|&task| !done[task]).collect();
    }
}

fn refit(session: &Session<'_>) -> Result<Models, Error> {
    Models::start(session.classes()).refit(&session.judgments()?, &session.gold())
}

fn posteriors(session: &Session<'_>, models: &Models) -> Vec<Vec<f64>> {
    let tasks = 0..session.recording.tasks.len();
    tasks.map(|task| models.posterior(session.given(task))).collect()
}

pub(super) fn top(row: &[f64]) -> f64 {
    row.iter().copied().fold(0.0, f64::max)
}
