//! Judgments as compact columns: who (worker) said what (label) about which task.
//!
//! Codes are dense integers from 0; names live outside (see [`Interner`]). Judgments are kept sorted by task
//! (compressed sparse rows), six bytes each; [`ByWorker`] is the same data sorted by worker, built when a method
//! asks for it. Gold labels are part of the data: a task whose answer is known keeps it whatever workers say.

mod by_worker;
mod interner;
#[cfg(test)]
mod tests;

pub use by_worker::ByWorker;
pub use interner::Interner;

use crate::error::Error;

/// Marks a task without gold label in [`Judgments::gold_codes`].
pub const NO_LABEL: u16 = u16::MAX;

/// Most classes a categorical estimator takes: label codes are 16 bits wide and one code means "none".
pub const MAX_CLASSES: usize = u16::MAX as usize;

/// Judgments as they come: three columns of equal length and how many codes each column may use.
///
/// The counts may be larger than what occurs (a task without judgments is a task all the same).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Number of tasks; task codes are `0..tasks`.
    pub tasks: usize,
    /// Number of workers; worker codes are `0..workers`.
    pub workers: usize,
    /// Number of classes; label codes are `0..classes`.
    pub classes: usize,
    /// Task code of each judgment.
    pub task: Vec<u32>,
    /// Worker code of each judgment.
    pub worker: Vec<u32>,
    /// Label code of each judgment.
    pub label: Vec<u16>,
}

/// What to do when a worker judged one task more than once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// Refuse the input and name the row.
    #[default]
    Refuse,
    /// Count every judgment as if it came from another occasion.
    Keep,
}

/// Categorical judgments, sorted by task; the input of every categorical estimator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgments {
    workers: usize,
    classes: usize,
    offsets: Vec<u32>,
    worker: Vec<u32>,
    label: Vec<u16>,
    gold: Vec<u16>,
}

impl Judgments {
    /// Checks the columns and sorts them by task, in time linear in judgments + tasks + workers.
    ///
    /// Columns already sorted by task are taken over without a copy. Within a task the order of rows is kept.
    ///
    /// # Errors
    /// A column of another length, a code out of range, too many classes, or (with [`Duplicates::Refuse`]) a
    /// worker who judged a task twice; each names the first offending row.
    pub fn new(columns: Columns, duplicates: Duplicates) -> Result<Self, Error> {
        check_columns(&columns)?;
        let Columns { tasks, workers, classes, task, worker, label } = columns;
        let offsets = offsets_of(tasks, &task);
        if duplicates == Duplicates::Refuse
            && let Some(row) = first_duplicate(&offsets, workers, &task, &worker)
        {
            return Err(Error::Duplicate { row, task: task[row], worker: worker[row] });
        }
        let (worker, label) = if task.is_sorted() {
            (worker, label)
        } else {
            sort_by_task(&offsets, &task, &worker, &label)
        };
        Ok(Self { workers, classes, offsets, worker, label, gold: Vec::new() })
    }

    /// Adds gold labels as (task, label) pairs; a later pair replaces an earlier one of the same task.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] naming the pair whose task or label is unknown.
    pub fn with_gold(mut self, gold: &[(u32, u16)]) -> Result<Self, Error> {
        let mut codes = vec![NO_LABEL; self.tasks()];
        for (row, &(task, label)) in gold.iter().enumerate() {
            check_code(row, "gold task", u64::from(task), codes.len())?;
            check_code(row, "gold label", u64::from(label), self.classes)?;
            codes[task as usize] = label;
        }
        self.gold = if gold.is_empty() { Vec::new() } else { codes };
        Ok(self)
    }

    /// Number of tasks, with or without judgments.
    pub fn tasks(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of workers, with or without judgments.
    pub fn workers(&self) -> usize {
        self.workers
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Number of judgments.
    pub fn len(&self) -> usize {
        self.worker.len()
    }

    /// Whether there is no judgment at all.
    pub fn is_empty(&self) -> bool {
        self.worker.is_empty()
    }

    /// The judgments of one task as (worker, label) codes, in input order.
    ///
    /// # Panics
    /// If `task` is not smaller than [`Judgments::tasks`].
    pub fn task(&self, task: usize) -> impl ExactSizeIterator<Item = (usize, usize)> + Clone + '_ {
        let range = self.range(task);
        let workers = self.worker[range.clone()].iter();
        workers.zip(&self.label[range]).map(|(&worker, &label)| (worker as usize, label as usize))
    }

    /// How many judgments a task has.
    pub fn task_len(&self, task: usize) -> usize {
        self.range(task).len()
    }

    /// The gold label of a task.
    pub fn gold(&self, task: usize) -> Option<usize> {
        self.gold.get(task).filter(|&&label| label != NO_LABEL).map(|&label| label as usize)
    }

    /// Whether any task has a gold label.
    pub fn has_gold(&self) -> bool {
        !self.gold.is_empty()
    }

    /// Gold label code of every task, [`NO_LABEL`] where there is none; empty if there is no gold at all.
    pub fn gold_codes(&self) -> &[u16] {
        &self.gold
    }

    /// Where the judgments of each task start in [`Judgments::worker_codes`]; one more entry than tasks.
    pub fn offsets(&self) -> &[u32] {
        &self.offsets
    }

    /// Worker codes sorted by task.
    pub fn worker_codes(&self) -> &[u32] {
        &self.worker
    }

    /// Label codes sorted by task.
    pub fn label_codes(&self) -> &[u16] {
        &self.label
    }

    /// How many judgments each worker made.
    pub fn judgments_per_worker(&self) -> Vec<u32> {
        let mut counts = vec![0; self.workers];
        for &worker in &self.worker {
            counts[worker as usize] += 1;
        }
        counts
    }

    /// The same judgments sorted by worker.
    pub fn by_worker(&self) -> ByWorker {
        ByWorker::new(self)
    }

    fn range(&self, task: usize) -> std::ops::Range<usize> {
        self.offsets[task] as usize..self.offsets[task + 1] as usize
    }
}

fn check_columns(columns: &Columns) -> Result<(), Error> {
    let Columns { tasks, workers, classes, task, worker, label } = columns;
    let limit = u32::MAX as usize;
    if task.len() > limit {
        return Err(Error::TooManyJudgments { rows: task.len(), limit });
    }
    if *classes > MAX_CLASSES {
        return Err(Error::TooManyClasses { classes: *classes, limit: MAX_CLASSES });
    }
    for (column, found) in [("worker", worker.len()), ("label", label.len())] {
        if found != task.len() {
            return Err(Error::ColumnLength { column, expected: task.len(), found });
        }
    }
    for (row, ((&task, &worker), &label)) in task.iter().zip(worker).zip(label).enumerate() {
        check_code(row, "task", u64::from(task), *tasks)?;
        check_code(row, "worker", u64::from(worker), *workers)?;
        check_code(row, "label", u64::from(label), *classes)?;
    }
    Ok(())
}

fn check_code(row: usize, column: &'static str, code: u64, count: usize) -> Result<(), Error> {
    if code < count as u64 { Ok(()) } else { Err(Error::OutOfRange { row, column, code, count }) }
}

fn offsets_of(tasks: usize, task: &[u32]) -> Vec<u32> {
    let mut offsets = vec![0u32; tasks + 1];
    for &task in task {
        offsets[task as usize + 1] += 1;
    }
    for index in 0..tasks {
        offsets[index + 1] += offsets[index];
    }
    offsets
}

fn sort_by_task(
    offsets: &[u32],
    task: &[u32],
    worker: &[u32],
    label: &[u16],
) -> (Vec<u32>, Vec<u16>) {
    let mut next = offsets.to_vec();
    let (mut workers, mut labels) = (vec![0; worker.len()], vec![0; label.len()]);
    for ((&task, &worker), &label) in task.iter().zip(worker).zip(label) {
        let place = next[task as usize] as usize;
        next[task as usize] += 1;
        workers[place] = worker;
        labels[place] = label;
    }
    (workers, labels)
}

/// The first row whose (task, worker) pair was seen in an earlier row.
fn first_duplicate(offsets: &[u32], workers: usize, task: &[u32], worker: &[u32]) -> Option<usize> {
    if task.is_sorted() {
        return first_repeat(0..task.len(), workers, task, worker);
    }
    let mut next = offsets[..offsets.len() - 1].to_vec();
    let mut rows = vec![0u32; task.len()];
    for (row, &task) in task.iter().enumerate() {
        rows[next[task as usize] as usize] = row as u32;
        next[task as usize] += 1;
    }
    drop(next);
    first_repeat(rows.into_iter().map(|row| row as usize), workers, task, worker)
}

/// The lowest of the rows, given by ascending task, whose worker was seen before in its task.
fn first_repeat(
    rows: impl Iterator<Item = usize>,
    workers: usize,
    task: &[u32],
    worker: &[u32],
) -> Option<usize> {
    let mut last_task = vec![u32::MAX; workers];
    let repeated = |&row: &usize| {
        std::mem::replace(&mut last_task[worker[row] as usize], task[row]) == task[row]
    };
    rows.filter(repeated).min()
}
