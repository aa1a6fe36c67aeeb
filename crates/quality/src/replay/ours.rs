//! The product's own policies: its worker models, its rule, and its order of what to ask next.

use crowdsmith_truth::Error;

use super::Point;
use super::session::{Session, Stopped};
use crate::models::Models;
use crate::overlap::{Decision, Evidence, Opinion, Overlap};
use crate::share_out;

/// Buys as a batch with the rule `auto` does ([`share_out`]), and looks at each setting when the batch would stop: a setting
/// of at most 1 is a target, met when no task with more judgments has less [`Models::progress`]; one above is a budget in
/// judgments per task. What is never met is looked at when there are no more judgments.
///
/// Progress takes judgments as independent. A target for the calibrated probability would buy all there is wherever
/// tasks mislead everybody.
pub(super) fn auto(mut session: Session<'_>, settings: Vec<f64>) -> Result<Vec<Point>, Error> {
    let mut points = Vec::with_capacity(settings.len());
    let mut left = settings;
    session.buy_each(1);
    loop {
        let state = State::fit(&session)?;
        let stops = |&setting: &f64| state.meets(&session, setting);
        let (now, later): (Vec<f64>, Vec<f64>) = left.into_iter().partition(stops);
        points.extend(now.into_iter().map(|setting| state.point(&session, setting)));
        if later.is_empty() {
            return Ok(points);
        }
        let next = later.iter().copied().find(|&setting| !is_budget(setting));
        left = later;
        let worth = state.open(&session, next).map(|task| (state.rank(&session, task), task));
        let worth = worth.collect();
        buy_best(&mut session, worth);
    }
}

/// What the judgments bought so far say.
struct State {
    models: Models,
    progress: Vec<f64>,
    posteriors: Vec<Vec<f64>>,
}

impl State {
    fn fit(session: &Session<'_>) -> Result<Self, Error> {
        let models = refit(session)?;
        let tasks = 0..session.recording.tasks.len();
        let progress = tasks.map(|task| models.progress(session.given(task))).collect();
        let posteriors = posteriors(session, &models);
        Ok(Self { models, progress, posteriors })
    }

    /// The tasks with more judgments that are below a target.
    fn open<'s>(
        &'s self,
        session: &'s Session<'_>,
        target: Option<f64>,
    ) -> impl Iterator<Item = usize> + 's {
        let below = move |task: &usize| target.is_none_or(|target| self.progress[*task] < target);
        session.tasks().filter(|&task| session.has_more(task)).filter(below)
    }

    fn rank(&self, session: &Session<'_>, task: usize) -> f64 {
        share_out::rank(self.progress[task], self.models.gain(session.given(task)))
    }

    fn meets(&self, session: &Session<'_>, setting: f64) -> bool {
        let target = (!is_budget(setting)).then_some(setting);
        let used_up = is_budget(setting) && session.per_task() + 1e-9 >= setting;
        used_up || self.open(session, target).next().is_none()
    }

    /// With a target it claims labels by their calibrated probability.
    fn point(&self, session: &Session<'_>, setting: f64) -> Point {
        let label = |task: usize| self.posteriors[task].clone();
        if is_budget(setting) {
            return session.point(setting, label, Stopped::default());
        }
        let done: Vec<bool> = self.progress.iter().map(|&sure| sure >= setting).collect();
        let sure: Vec<bool> = self.posteriors.iter().map(|row| top(row) >= setting).collect();
        session.point(setting, label, Stopped { done: Some(&done), sure: Some(&sure) })
    }
}

/// Whether a setting of `auto` is a number of judgments per task; else it is a target.
fn is_budget(setting: f64) -> bool {
    setting > 1.0
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
