//! `crowdsmith replay`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow, ensure};
use clap::Args;
use crowdsmith_quality::replay::{Curve, Options, Point, Policy, judgments_to_reach, replay};
use serde::Serialize;

use crate::read::{Recorded, recorded};
use crate::{report, say, text};

/// First seed of the order of the judgments.
const FIRST_SEED: u64 = 1000;
/// How far below fixed overlap with Dawid-Skene on all judgments the accuracy to reach lies.
const ALLOWANCE: f64 = 0.005;

/// Play recorded judgments back under a policy: what would it have bought, and how right would it have been?
///
/// The judgments of a task arrive in random order. Tasks are open in parallel: a round gives open tasks their next
/// judgment, then worker models are fitted again and tasks decided on anew, by the code the server decides with. A policy
/// can only buy judgments that exist. Accuracy is over the tasks with truth; a tie counts 1/(number tied).
///
/// `done_with_2` and `done_with_4` are the shares of tasks that the policy's rule stopped with at most so many judgments.
/// `at_target` is the accuracy among the tasks that, in the end, have what the target promises: for `auto` and `adaptive` a
/// calibrated probability of at least the target, for other rules whatever stops them; null where a policy wants nothing
/// of single tasks. `auto` stops tasks by their probability as if judgments were independent, which rises even where a
/// crowd errs together, but claims only what is calibrated. `judgments_per_task` leaves gold out; `gold_judgments` counts
/// the judgments on gold tasks.
///
/// Without --target, `auto` is looked at for targets from .5 to 1 and, as a batch also stops when its budget is used up,
/// for budgets a tenth of a judgment per task apart: a `setting` above 1.
#[derive(Debug, Clone, Args)]
pub struct Replay {
    /// The judgments: CSV, JSON lines, Parquet or Arrow with `task`, `worker`, `label`
    #[arg(value_name = "LABELS")]
    pub labels: PathBuf,

    /// True labels with `task`, `label`, in any of these formats
    #[arg(long, value_name = "FILE")]
    pub truth: PathBuf,

    /// A policy, or `all`; may be repeated [default: all, with --json auto]
    ///
    /// auto                 where judgments are worth most, until each label's sureness, judgments
    ///                      taken as independent, is --target (the rule `auto` of a batch)
    /// adaptive             each task until its calibrated probability is --target
    /// auto-gold, adaptive-gold   the same with a share of the tasks as gold
    /// fixed-majority, fixed-dawid-skene, fixed-one-coin   the same number for every task
    /// confidence           share of trust
    /// dynamic              probability under skills, as Toloka had it
    /// matching             until so many agree
    /// posterior            probability under Dawid-Skene shrunk to the crowd
    /// optimistic-gradient, knowledge-gradient   by expected gain, for every budget
    #[arg(long = "policy", value_name = "POLICY", verbatim_doc_comment)]
    pub policies: Vec<String>,

    /// Replays, each with another order of the judgments
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub seeds: u64,

    /// Targets or thresholds between 0 and 1, separated by commas, in place of the policies' own
    #[arg(long, value_name = "P", value_delimiter = ',')]
    pub target: Vec<f64>,

    /// Share of the tasks with truth that are gold, for policies that use gold
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    pub gold: f64,

    /// Price of a judgment, to say what a policy costs
    #[arg(long, value_name = "PRICE")]
    pub price: Option<f64>,

    /// Print one JSON object for each seed and operating point
    #[arg(long)]
    pub json: bool,

    /// Write a page with the curves
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
}

/// A point as `--json` prints it.
#[derive(Serialize)]
struct Line {
    policy: Policy,
    #[serde(flatten)]
    point: Point,
}

/// Everything that text and report are made from.
pub(crate) struct Replayed {
    /// Name of the file of judgments.
    pub(crate) name: String,
    pub(crate) recorded: Recorded,
    pub(crate) price: Option<f64>,
    /// Accuracy that the policies are asked for: Dawid-Skene on all judgments, less half a point.
    pub(crate) goal: f64,
    pub(crate) policies: Vec<Played>,
}

/// One policy's replays.
pub(crate) struct Played {
    pub(crate) curve: Curve,
    /// Mean judgments per task to the goal, and how many seeds reach it.
    pub(crate) reaches: (f64, usize),
}

/// Runs `crowdsmith replay`.
///
/// # Errors
/// An unknown policy, an option out of range, input that cannot be read or is wrong (the message names file and line), or
/// a report that cannot be written.
pub fn run(options: &Replay) -> Result<()> {
    if options.json && options.report.is_none() {
        say(&json(options)?);
        return Ok(());
    }
    check(options)?;
    let policies = policies(&options.policies, &Policy::ALL)?;
    let recorded = recorded(&options.labels, Some(&options.truth))?;
    let mut replayed = Replayed {
        name: options.labels.display().to_string(),
        goal: goal(&recorded)?,
        recorded,
        price: options.price,
        policies: Vec::new(),
    };
    for policy in policies {
        let points = replay(&replayed.recorded.recording, policy, &settings(options, policy))?;
        if options.json {
            say(&lines(policy, &points)?);
        }
        replayed.policies.push(Played {
            reaches: reaches(&points, replayed.goal),
            curve: Curve::new(policy, &points),
        });
    }
    if !options.json {
        say(&text::replayed(&replayed));
    }
    if let Some(path) = &options.report {
        fs::write(path, report::page(&replayed))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// What `--json` prints: one object a line for each seed and operating point.
///
/// # Errors
/// As [`run`].
pub fn json(options: &Replay) -> Result<String> {
    check(options)?;
    let policies = policies(&options.policies, &[Policy::Auto])?;
    let recording = recorded(&options.labels, Some(&options.truth))?.recording;
    let of =
        |&policy: &Policy| lines(policy, &replay(&recording, policy, &settings(options, policy))?);
    policies.iter().map(of).collect()
}

fn policies(names: &[String], otherwise: &[Policy]) -> Result<Vec<Policy>> {
    if names.is_empty() {
        return Ok(otherwise.to_vec());
    }
    if names.iter().any(|name| name == "all") {
        return Ok(Policy::ALL.to_vec());
    }
    names.iter().map(|name| name.parse().map_err(|error: String| anyhow!(error))).collect()
}

fn check(options: &Replay) -> Result<()> {
    ensure!(options.seeds > 0, "--seeds must be at least 1");
    ensure!(
        (0.0..1.0).contains(&options.gold),
        "--gold is {}, expected a share in [0, 1)",
        options.gold
    );
    for target in &options.target {
        ensure!(
            *target > 0.0 && *target <= 1.0,
            "--target is {target}, expected numbers between 0 and 1"
        );
    }
    ensure!(
        options.price.is_none_or(|price| price.is_finite() && price >= 0.0),
        "--price must be a number of at least 0"
    );
    Ok(())
}

fn settings(options: &Replay, policy: Policy) -> Options {
    Options {
        seeds: (FIRST_SEED..FIRST_SEED + options.seeds).collect(),
        gold: options.gold,
        settings: (policy.has_targets() && !options.target.is_empty())
            .then(|| options.target.clone()),
    }
}

/// What Dawid-Skene reaches on all judgments, less half a point.
fn goal(recorded: &Recorded) -> Result<f64> {
    let most = recorded.recording.tasks.iter().map(Vec::len).max().unwrap_or(0);
    let options = Options { seeds: vec![FIRST_SEED], gold: 0.0, settings: Some(vec![most as f64]) };
    let points = replay(&recorded.recording, Policy::FixedDawidSkene, &options)?;
    Ok(points.first().map_or(0.0, |point| point.accuracy) - ALLOWANCE)
}

fn reaches(points: &[Point], goal: f64) -> (f64, usize) {
    let by_seed = points.chunk_by(|one, other| one.seed == other.seed);
    let reached: Vec<f64> = by_seed.filter_map(|points| judgments_to_reach(points, goal)).collect();
    (reached.iter().sum::<f64>() / reached.len().max(1) as f64, reached.len())
}

fn lines(policy: Policy, points: &[Point]) -> Result<String> {
    let line = |point: &Point| Ok(serde_json::to_string(&Line { policy, point: *point })? + "\n");
    points.iter().map(line).collect()
}
