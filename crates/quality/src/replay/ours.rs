//! The product's own policies: its worker models, its rule, and its order of what to ask next.

use crowdsmith_truth::Error;

use super::Point;
use super::session::{Session, Stopped};
use crate::models::Models;
use crate::overlap::{Decision, Evidence, Opinion, Overlap};

/// Share of the tasks that a round gives their next judgment where a policy ranks them.
const ROUND: f64 = 0.05;

/// Buys where a judgment is worth most among the tasks whose [`Models::progress`] is below the target, until none is left
/// or their judgments are used up; then goes on to the next target.
///
/// Progress takes judgments as independent. A target for the calibrated probability would buy all there is wherever
/// tasks mislead everybody.
pub(super) fn auto(mut session: Session<'_>, targets: &[f64]) -> Result<Vec<Point>, Error> {
    let mut points = Vec::with_capacity(targets.len());
    session.buy_each(1);
    let mut models = refit(&session)?;
    for &target in targets {
        loop {
            let below = |&task: &usize| models.progress(session.given(task)) < target;
            let open: Vec<usize> =
                session.tasks().filter(|&task| session.has_more(task)).filter(below).collect();
            if open.is_empty() {
                break;
            }
            let worth = |task| (models.gain(session.given(task)), task);
            let worth = open.into_iter().map(worth).collect();
            buy_best(&mut session, worth);
            models = refit(&session)?;
        }
        let posteriors = posteriors(&session, &models);
        let done: Vec<bool> = (0..posteriors.len())
            .map(|task| models.progress(session.given(task)) >= target)
            .collect();
        let sure: Vec<bool> = posteriors.iter().map(|row| top(row) >= target).collect();
        let stopped = Stopped { done: Some(&done), sure: Some(&sure) };
        points.push(session.point(target, |task| posteriors[task].clone(), stopped));
    }
    Ok(points)
}

/// Buys the next judgment of one in twenty tasks, those worth most.
pub(super) fn buy_best(session: &mut Session<'_>, worth: Vec<(f64, usize)>) {
    let round = ((session.tasks().count() as f64 * ROUND) as usize).max(1);
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
