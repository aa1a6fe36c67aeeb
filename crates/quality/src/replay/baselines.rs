//! The published policies that ours is compared with.

use crowdsmith_truth::categorical::{DawidSkene, MajorityVote, OneCoin};
use crowdsmith_truth::{Error, Estimator};

use super::Point;
use super::ours::{buy_best, top};
use super::policy::Policy;
use super::session::{Session, Stopped};
use crate::models::Shrunk;
use crate::overlap::{Decision, Evidence, Opinion, Overlap};

/// Least judgments of a task where a rule looks at single tasks.
const LEAST: u32 = 2;
/// Judgments of the crowd's mean agreement added to a worker's.
const AGREEMENT_PRIOR: f64 = 4.0;

/// One point a setting.
pub(super) fn run(
    policy: Policy,
    session: &Session<'_>,
    settings: &[f64],
) -> Result<Vec<Point>, Error> {
    let estimator: &dyn Estimator = match policy {
        Policy::FixedDawidSkene => &DawidSkene::default(),
        Policy::FixedOneCoin => &OneCoin::default(),
        _ => &MajorityVote::default(),
    };
    let each = |&setting: &f64| {
        let session = session.clone();
        let max = session.most() as u32;
        match policy {
            Policy::Confidence => trusted(
                session,
                setting,
                Overlap::Confidence { min: LEAST, max, threshold: setting },
            ),
            Policy::Dynamic => {
                trusted(session, setting, Overlap::Dynamic { min: LEAST, max, threshold: setting })
            }
            Policy::Matching => {
                trusted(session, setting, Overlap::Matching { matching: setting as u32, max })
            }
            Policy::Posterior => posterior(session, setting),
            _ => fixed(session, setting, estimator),
        }
    };
    match policy {
        Policy::KnowledgeGradient => gradient(session.clone(), settings, false),
        Policy::OptimisticGradient => gradient(session.clone(), settings, true),
        _ => settings.iter().map(each).collect(),
    }
}

fn fixed(
    mut session: Session<'_>,
    judgments: f64,
    estimator: &dyn Estimator,
) -> Result<Point, Error> {
    session.buy_each(judgments as usize);
    let fit = estimator.fit(&session.judgments()?)?;
    let wanted: Vec<bool> = (0..session.recording.tasks.len())
        .map(|task| session.given(task).len() >= judgments as usize)
        .collect();
    Ok(session.point(judgments, |task| fit.posterior.row(task).to_vec(), Stopped::both(&wanted)))
}

/// A rule of [`Overlap`] whose trust is a worker's agreement with the leading answers, as a recording has no gold of its
/// own; labels are weighted votes, or plain ones for matching judgments.
fn trusted(mut session: Session<'_>, setting: f64, rule: Overlap) -> Result<Point, Error> {
    let classes = session.classes();
    let mut open: Vec<usize> = session.tasks().collect();
    let mut trust = vec![1.0; session.recording.workers];
    loop {
        let bought = open.iter().filter(|&&task| session.buy(task)).count();
        if !matches!(rule, Overlap::Matching { .. }) {
            trust = agreement(&session, &trust);
        }
        let uniform = vec![1.0 / classes as f64; classes];
        let tasks = 0..session.recording.tasks.len();
        let done: Vec<bool> = tasks
            .map(|task| {
                let judgments: Vec<Opinion> = opinions(&session, &trust, task);
                let evidence = Evidence { posterior: &uniform, judgments: &judgments };
                rule.decide(&evidence) == Decision::Done
            })
            .collect();
        if bought == 0 {
            let label = |task| rule.scores(&uniform, &opinions(&session, &trust, task));
            return Ok(session.point(setting, label, Stopped::both(&done)));
        }
        open = session.tasks().filter(|&task| !done[task]).collect();
    }
}

fn opinions(session: &Session<'_>, trust: &[f64], task: usize) -> Vec<Opinion> {
    let given = session.given(task).iter();
    given.map(|&(worker, label)| Opinion { label, trust: trust[worker as usize] }).collect()
}

/// Share of each worker's judgments that agree with the answer of most trust, with the crowd's mean as prior.
fn agreement(session: &Session<'_>, trust: &[f64]) -> Vec<f64> {
    let (mut agreed, mut judged) = (vec![0.0; trust.len()], vec![0.0; trust.len()]);
    for task in 0..session.recording.tasks.len() {
        let mut votes = vec![0.0; session.classes()];
        for opinion in opinions(session, trust, task) {
            votes[usize::from(opinion.label)] += opinion.trust;
        }
        let most = top(&votes);
        for &(worker, label) in session.given(task) {
            agreed[worker as usize] += f64::from(u8::from(votes[usize::from(label)] >= most));
            judged[worker as usize] += 1.0;
        }
    }
    let mean = agreed.iter().sum::<f64>() / f64::max(judged.iter().sum(), 1.0);
    let share = |(agreed, judged)| (agreed + AGREEMENT_PRIOR * mean) / (judged + AGREEMENT_PRIOR);
    agreed.into_iter().zip(judged).map(share).collect()
}

fn posterior(mut session: Session<'_>, threshold: f64) -> Result<Point, Error> {
    let classes = session.classes();
    let mut open: Vec<usize> = session.tasks().collect();
    loop {
        let bought = open.iter().filter(|&&task| session.buy(task)).count();
        let fit = Shrunk::fit(&session.judgments()?);
        let row = |task: usize| -> Vec<f64> {
            fit.posterior[task * classes..][..classes].iter().copied().map(f64::from).collect()
        };
        let enough = |task: usize| session.given(task).len() >= LEAST as usize;
        let done: Vec<bool> = (0..session.recording.tasks.len())
            .map(|task| enough(task) && top(&row(task)) >= threshold)
            .collect();
        if bought == 0 {
            return Ok(session.point(threshold, row, Stopped::both(&done)));
        }
        open = session.tasks().filter(|&task| !done[task]).collect();
    }
}

/// Knowledge gradient: the expected rise of the top probability by one judgment of a worker like the crowd. Optimistic:
/// the rise by the answer that raises it most. Doubt breaks ties.
///
/// Chen, Lin, Zhou: Optimistic Knowledge Gradient Policy for Optimal Budget Allocation in Crowdsourcing. ICML 2013,
/// <https://proceedings.mlr.press/v28/chen13f.html>.
fn gradient(
    mut session: Session<'_>,
    budgets: &[f64],
    optimistic: bool,
) -> Result<Vec<Point>, Error> {
    let classes = session.classes();
    let mut points = Vec::with_capacity(budgets.len());
    let mut left = budgets.iter().copied().peekable();
    session.buy_each(1);
    loop {
        let fit = Shrunk::fit(&session.judgments()?);
        let row = |task: usize| -> Vec<f64> {
            fit.posterior[task * classes..][..classes].iter().copied().map(f64::from).collect()
        };
        let open: Vec<usize> = session.tasks().filter(|&task| session.has_more(task)).collect();
        let spent = session.per_task() + 1e-9;
        while let Some(budget) = left.next_if(|&budget| spent >= budget || open.is_empty()) {
            points.push(session.point(budget, row, Stopped::default()));
        }
        if left.peek().is_none() {
            return Ok(points);
        }
        let worth =
            open.iter().map(|&task| (rise(&row(task), fit.accuracy, optimistic), task)).collect();
        buy_best(&mut session, worth);
    }
}

fn rise(row: &[f64], accuracy: f64, optimistic: bool) -> f64 {
    let wrong = (1.0 - accuracy) / row.len().saturating_sub(1).max(1) as f64;
    let now = top(row);
    let (mut expected, mut best): (f64, f64) = (0.0, 0.0);
    for answer in 0..row.len() {
        let chance = |truth: usize| if truth == answer { accuracy } else { wrong };
        let joint: Vec<f64> =
            row.iter().enumerate().map(|(truth, value)| value * chance(truth)).collect();
        expected += top(&joint);
        best = best.max(top(&joint) / joint.iter().sum::<f64>().max(1e-12));
    }
    let rise = if optimistic { best } else { expected } - now;
    rise + 1e-6 * (1.0 - now)
}
