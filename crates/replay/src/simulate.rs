//! `crowdsmith simulate`.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;
use crowdsmith_quality::replay::{Options, Point, Policy, replay};
use crowdsmith_truth::rng::Rng;
use rayon::prelude::*;
use serde::Serialize;

use crate::crowd::{Crowd, Description};
use crate::read::recorded;
use crate::say;

/// Plan a batch before a cent is spent: expected accuracy, judgments, cost and duration
///
/// A crowd of made-up workers, described by a few numbers or like one that worked before, judges the tasks under a
/// policy, many times over. The policies are those of `crowdsmith replay`, decided by the code the server decides with.
/// Each figure comes with the interval that holds 90 % of the runs.
#[derive(Debug, Clone, Args)]
#[group(id = "planned")]
pub struct Simulate {
    /// Tasks of the batch
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub tasks: usize,

    /// How judgments are bought; `crowdsmith replay --help` explains the policies
    #[arg(long, value_name = "POLICY", default_value = "auto")]
    pub policy: String,

    /// The policy's setting: target, threshold, or number of judgments [default: 0.95, or 3 judgments]
    #[arg(long, value_name = "X")]
    pub setting: Option<f64>,

    /// Most judgments of a task
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub max: usize,

    /// Share of gold, for policies that use gold
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    pub gold: f64,

    /// Judgments (CSV, JSON lines, Parquet or Arrow) of a crowd like the one expected, in place of the numbers below
    #[arg(long, value_name = "LABELS")]
    pub like: Option<PathBuf>,

    /// Workers; the n-th does 1/n of what the first does
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub workers: usize,

    /// Labels to choose from
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub classes: usize,

    /// Mean accuracy of workers who try
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub accuracy: f64,

    /// Standard deviation of their accuracies
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    pub spread: f64,

    /// Share of workers who answer at random
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub spammers: f64,

    /// How tasks differ: standard deviation of what a task adds to the logit of a right answer
    #[arg(long, value_name = "X", default_value_t = 0.5)]
    pub difficulty: f64,

    /// Judgments an hour, of all workers together
    #[arg(long, value_name = "N", default_value_t = 200.0)]
    pub rate: f64,

    /// Price of a judgment
    #[arg(long, value_name = "PRICE", default_value_t = 0.0)]
    pub price: f64,

    /// Times the batch is simulated
    #[arg(long, value_name = "N", default_value_t = 40)]
    pub runs: usize,

    /// Seed; the same seed gives the same figures
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,

    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What is to be expected.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// The policy and its setting.
    pub policy: Policy,
    /// Target, threshold, or number of judgments.
    pub setting: f64,
    /// Tasks, gold among them.
    pub tasks: usize,
    /// Share of right labels.
    pub accuracy: Figure,
    /// All judgments, gold included.
    pub judgments: Figure,
    /// Judgments of a task that is not gold.
    pub judgments_per_task: Figure,
    /// Price of all judgments.
    pub cost: Figure,
    /// Hours of work.
    pub hours: Figure,
}

/// A mean and the interval that holds 90 % of the runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// Mean over the runs.
    pub mean: f64,
    /// 5 % of the runs are below.
    pub low: f64,
    /// 5 % of the runs are above.
    pub high: f64,
}

/// Runs `crowdsmith simulate`.
///
/// # Errors
/// An unknown policy, a number out of range, a file that cannot be read or is wrong.
pub fn run(options: &Simulate) -> Result<()> {
    let forecast = forecast(options)?;
    say(&if options.json {
        serde_json::to_string(&forecast)? + "\n"
    } else {
        text(options, &forecast)
    });
    Ok(())
}

/// What is to be expected of a batch.
///
/// # Errors
/// As [`run`].
pub fn forecast(options: &Simulate) -> Result<Forecast> {
    let policy: Policy = options.policy.parse().map_err(|error: String| anyhow::anyhow!(error))?;
    let setting = options.setting.unwrap_or(if policy.has_targets() { 0.95 } else { 3.0 });
    check(options, policy, setting)?;
    let recorded = options.like.as_deref().map(|path| recorded(path, None)).transpose()?;
    let run = |number: usize| -> Result<(Point, f64)> {
        let mut random = Rng::new(options.seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
        let crowd = match &recorded {
            Some(recorded) => Crowd::like(&recorded.recording, options.difficulty)?,
            None => Crowd::described(description(options), &mut random)?,
        };
        let recording = crowd.work(options.tasks, options.max, &mut random);
        let settings = Options {
            seeds: vec![number as u64],
            gold: options.gold,
            settings: Some(vec![setting]),
        };
        let point = replay(&recording, policy, &settings)?[0];
        let gold =
            if policy.uses_gold() { (options.tasks as f64 * options.gold).floor() } else { 0.0 };
        let judgments =
            point.judgments_per_task * (options.tasks as f64 - gold) + point.gold_judgments as f64;
        Ok((point, judgments))
    };
    let runs: Vec<(Point, f64)> =
        (0..options.runs).into_par_iter().map(run).collect::<Result<_>>()?;
    let figure = |of: &dyn Fn(&(Point, f64)) -> f64| Figure::new(runs.iter().map(of).collect());
    Ok(Forecast {
        policy,
        setting,
        tasks: options.tasks,
        accuracy: figure(&|run| run.0.accuracy),
        judgments: figure(&|run| run.1.round()),
        judgments_per_task: figure(&|run| run.0.judgments_per_task),
        cost: figure(&|run| run.1 * options.price),
        hours: figure(&|run| run.1 / options.rate),
    })
}

fn check(options: &Simulate, policy: Policy, setting: f64) -> Result<()> {
    ensure!(options.tasks > 0, "--tasks must be at least 1");
    ensure!(options.max > 0, "--max must be at least 1");
    ensure!(options.runs > 0, "--runs must be at least 1");
    ensure!(options.rate > 0.0, "--rate must be above 0");
    ensure!(options.price.is_finite() && options.price >= 0.0, "--price must be at least 0");
    ensure!((0.0..1.0).contains(&options.gold), "--gold must be a share in [0, 1)");
    let (valid, expected) = if policy.has_targets() {
        (setting > 0.0 && setting <= 1.0, "a number between 0 and 1")
    } else {
        (setting >= 1.0, "at least 1 judgment")
    };
    ensure!(valid, "--setting is {setting}, {policy} expects {expected}");
    Ok(())
}

fn description(options: &Simulate) -> Description {
    Description {
        workers: options.workers,
        classes: options.classes,
        accuracy: options.accuracy,
        spread: options.spread,
        spammers: options.spammers,
        difficulty: options.difficulty,
    }
}

impl Figure {
    fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
        Self {
            mean: values.iter().sum::<f64>() / values.len() as f64,
            low: at(0.05),
            high: at(0.95),
        }
    }
}

fn text(options: &Simulate, forecast: &Forecast) -> String {
    let line = |name: &str, figure: Figure, scale: f64, digits: usize, unit: &str| {
        let Figure { mean, low, high } = figure;
        format!(
            "{name:20} {:>10.digits$}{unit}   ({:.digits$} to {:.digits$})\n",
            scale * mean,
            scale * low,
            scale * high
        )
    };
    let mut text = format!(
        "{} tasks under {} at {}, {} runs; in brackets what holds 90 % of them\n\n",
        forecast.tasks, forecast.policy, forecast.setting, options.runs
    );
    text += &line("right labels", forecast.accuracy, 100.0, 1, " %");
    text += &line("judgments", forecast.judgments, 1.0, 0, "");
    text += &line("judgments per task", forecast.judgments_per_task, 1.0, 2, "");
    if options.price > 0.0 {
        text += &line("cost", forecast.cost, 1.0, 2, "");
    }
    text + &line("hours", forecast.hours, 1.0, 1, "")
}
