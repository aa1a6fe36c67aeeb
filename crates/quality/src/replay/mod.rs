//! What a policy would have bought: recorded judgments played back under it.
//!
//! The judgments of each task arrive in a seeded random order. Tasks are open in parallel: a round gives open tasks their
//! next judgment, then the worker models are fitted again and all tasks are decided on anew. A policy can only buy
//! judgments that exist. Accuracy is over the tasks with truth, a tie counts 1/(number tied). A policy that uses gold
//! takes a share of the tasks with truth as gold, with all their judgments, and is scored on the rest.

mod baselines;
mod curve;
mod ours;
mod policy;
mod session;
#[cfg(test)]
mod tests;

use crowdsmith_truth::Error;
use rayon::prelude::*;
use serde::Serialize;

pub use self::curve::{Curve, Mean, judgments_to_reach};
pub use self::policy::Policy;

use self::session::Session;

/// Recorded judgments and what is known of the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// Number of classes that judgments use.
    pub classes: usize,
    /// Number of workers.
    pub workers: usize,
    /// The judgments of each task as (worker, label) codes.
    pub tasks: Vec<Vec<(u32, u16)>>,
    /// The true class of each task where it is known; one beyond the classes was never answered.
    pub truth: Vec<Option<u16>>,
}

/// What a policy reached with one setting and seed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The policy's setting: a target, threshold, number or budget of judgments.
    pub setting: f64,
    /// Seed of the order of the judgments.
    pub seed: u64,
    /// Judgments bought, divided by tasks; gold is left out of both.
    pub judgments_per_task: f64,
    /// Share of the tasks with truth whose label is right.
    pub accuracy: f64,
    /// Share of the tasks that are done with at most 2 judgments.
    pub done_with_2: f64,
    /// Share of the tasks that are done with at most 4 judgments.
    pub done_with_4: f64,
    /// Accuracy among the tasks whose label the policy claims to be right with the probability that it was given (`auto`:
    /// by its calibrated posterior); for rules without a probability, among the tasks that are done. Absent where a policy
    /// wants nothing of a single task, or no task with truth had it.
    pub at_target: Option<f64>,
    /// Judgments on gold tasks.
    pub gold_judgments: usize,
}

/// How a replay is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Seeds of the order of the judgments, one replay each.
    pub seeds: Vec<u64>,
    /// Share of the tasks with truth that are gold for policies that use gold.
    pub gold: f64,
    /// Settings in place of the policy's own.
    pub settings: Option<Vec<f64>>,
}

impl Default for Options {
    /// Five seeds from 1000, a tenth gold.
    fn default() -> Self {
        Self { seeds: (1000..1005).collect(), gold: 0.1, settings: None }
    }
}

/// The points of a policy: for each seed, one a setting.
///
/// # Errors
/// Judgments that cannot be fitted (too many, labels out of range).
pub fn replay(
    recording: &Recording,
    policy: Policy,
    options: &Options,
) -> Result<Vec<Point>, Error> {
    let points: Result<Vec<Vec<Point>>, Error> = options
        .seeds
        .par_iter()
        .map(|&seed| policy.run(Session::new(recording, seed), options))
        .collect();
    Ok(points?.concat())
}

/// What each policy would have cost: the question a finished batch answers about itself.
///
/// The truth of the recording may be the batch's own results; then accuracy is agreement with them.
///
/// # Errors
/// As [`replay`].
pub fn compare(
    recording: &Recording,
    policies: &[Policy],
    options: &Options,
) -> Result<Vec<Curve>, Error> {
    let curve = |&policy: &Policy| Ok(Curve::new(policy, &replay(recording, policy, options)?));
    policies.iter().map(curve).collect()
}
