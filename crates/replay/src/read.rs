//! Reads recorded judgments and truth, with the readers of `crowdsmith aggregate`.

use std::path::Path;

use anyhow::Result;
use crowdsmith_aggregate::recorded as read;
use crowdsmith_quality::replay::Recording;

/// A recording and the names behind its codes.
#[derive(Debug)]
pub struct Recorded {
    /// The judgments, and the truth where it was given.
    pub recording: Recording,
    /// Names of the labels by code; numbers in their order, else texts in theirs.
    pub labels: Vec<String>,
    /// What the user should know about the input.
    pub notes: Vec<String>,
}

/// Reads a file of judgments (`task`, `worker`, `label`) and one of true labels (`task`, `label`).
///
/// A record without a label is no judgment; a second judgment of a worker on a task counts as one more.
///
/// # Errors
/// A file that cannot be read or is wrong: the message names the file and the line or row.
pub fn recorded(judgments: &Path, truth: Option<&Path>) -> Result<Recorded> {
    let read = read(judgments, truth)?;
    let classes = read.labels.len();
    let judged = &read.judgments;
    let of_task = |task: usize| {
        judged.task(task).map(|(worker, label)| (worker as u32, label as u16)).collect()
    };
    let tasks: Vec<Vec<(u32, u16)>> = (0..judged.tasks()).map(of_task).collect();
    let mut known = vec![None; tasks.len()];
    for (task, class) in read.truth {
        // A true label that no worker gave is no class of the replay.
        known[task] = Some(if class < classes { class as u16 } else { u16::MAX });
    }
    let recording = Recording { classes, workers: judged.workers(), truth: known, tasks };
    Ok(Recorded { recording, labels: read.labels, notes: read.notes })
}
