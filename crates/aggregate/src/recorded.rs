//! Recorded judgments for who replays them: the same readers and notes, without a method.

use std::path::Path;

use anyhow::Result;
use crowdsmith_truth::Judgments;

use crate::args::Duplicates;
use crate::data::{Data, Files, Judged, Truth};
use crate::methods::Method;
use crate::progress::Progress;

/// Judgments, and what was true where that is known. Labels are in their order: numbers as numbers, else as texts.
#[derive(Debug)]
pub struct Recorded {
    pub judgments: Judgments,
    /// Names of the labels by code.
    pub labels: Vec<String>,
    /// Tasks with their true labels by code; one beyond `labels` was given by no worker.
    pub truth: Vec<(usize, usize)>,
    /// What the user should know about the input.
    pub notes: Vec<String>,
}

/// Reads judgments (`task`, `worker`, `label`) and true labels (`task`, `label`) from CSV, JSON lines, Parquet or Arrow.
///
/// A record without a label is no judgment; a second judgment of a worker on a task counts as one more.
///
/// # Errors
/// A file that cannot be read or is wrong: the message names the file and the line or row.
pub fn recorded(judgments: &Path, truth: Option<&Path>) -> Result<Recorded> {
    let progress = Progress::new();
    let method = Method::find("majority-vote")?;
    let files = Files { judgments, gold: None, truth, duplicates: Duplicates::Keep };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let data = Data::read(files, method, threads, &progress)?;
    progress.clear();
    let Judged::Classes(judgments) = data.judged else {
        unreachable!("majority vote takes no numbers")
    };
    let truth = match data.truth {
        Some(Truth::Classes(pairs)) => pairs,
        Some(Truth::Numbers(_)) | None => Vec::new(),
    };
    Ok(Recorded { judgments, labels: data.labels, truth, notes: data.notes })
}
