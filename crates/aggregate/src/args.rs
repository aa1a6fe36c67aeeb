//! The command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Aggregate judgments from a file: labels in, truth and worker quality out
///
/// Reads columns `task`, `worker` and `label` from CSV, JSON lines, Parquet or Arrow (told apart by ending and content;
/// other columns are passed over). A record without a label is no judgment.
#[derive(Debug, Clone, Args)]
pub struct Aggregate {
    /// The judgments; `-` reads CSV or JSON lines from standard input
    #[arg(value_name = "FILE", required_unless_present = "list")]
    pub file: Option<PathBuf>,

    /// How to aggregate; --list explains the choices
    #[arg(long, value_name = "METHOD", default_value = "auto")]
    pub method: String,

    /// Tasks whose answer is known (columns `task`, `label`): the method learns from them
    #[arg(long, value_name = "FILE")]
    pub gold: Option<PathBuf>,

    /// True labels (columns `task`, `label`) that the method does not see: scores the result
    #[arg(long, value_name = "FILE")]
    pub truth: Option<PathBuf>,

    /// Write `task,label,confidence,judgments` as CSV; `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write each worker's judgments, accuracy with a 95 % credible interval, and typical error as CSV
    #[arg(long, value_name = "FILE")]
    pub workers: Option<PathBuf>,

    /// Write `task,label,probability` for every label of every task as CSV
    #[arg(long, value_name = "FILE")]
    pub probabilities: Option<PathBuf>,

    /// Write a page with plots: confidence, calibration, workers, confusion, agreement, hardest tasks
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,

    /// Most iterations, in place of the method's own choice
    #[arg(long, value_name = "N")]
    pub iterations: Option<usize>,

    /// Change at which the iteration stops, in place of the method's own choice
    #[arg(long, value_name = "X")]
    pub tolerance: Option<f64>,

    /// Seed of methods that draw random numbers
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,

    /// Threads to use; the result is the same with any number [default: one per processor]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,

    /// What to do where a worker judged a task more than once
    #[arg(long, value_enum, default_value_t = Duplicates::Keep)]
    pub duplicates: Duplicates,

    /// Print one JSON object with the figures to standard output
    #[arg(long)]
    pub json: bool,

    /// Explain the methods in a table, and end
    #[arg(long)]
    pub list: bool,
}

/// What a second judgment of one worker on one task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Duplicates {
    /// One more judgment
    Keep,
    /// A mistake in the file
    Refuse,
}
