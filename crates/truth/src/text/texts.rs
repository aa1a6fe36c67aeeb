//! Texts as columns.

use crate::error::Error;

/// Texts by task and worker, cut into tokens; task and worker codes are dense integers from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// Number of tasks; codes are `0..tasks`.
    pub tasks: usize,
    /// Number of workers; codes are `0..workers`.
    pub workers: usize,
    /// Task of each text.
    pub task: Vec<u32>,
    /// Worker of each text.
    pub worker: Vec<u32>,
    /// The words (or letters) of each text; none for an empty text.
    pub tokens: Vec<Vec<String>>,
}

impl Texts {
    /// The rows of each task.
    pub(super) fn by_task(&self) -> Result<Vec<Vec<usize>>, Error> {
        let expected = self.task.len();
        if self.tokens.len() != expected {
            return Err(Error::ColumnLength {
                column: "tokens",
                expected,
                found: self.tokens.len(),
            });
        }
        rows_by_task(self.tasks, self.workers, &self.task, &self.worker)
    }
}

/// Checks the codes and groups the rows by task.
pub(super) fn rows_by_task(
    tasks: usize,
    workers: usize,
    task: &[u32],
    worker: &[u32],
) -> Result<Vec<Vec<usize>>, Error> {
    let expected = task.len();
    if worker.len() != expected {
        return Err(Error::ColumnLength { column: "worker", expected, found: worker.len() });
    }
    let mut rows = vec![Vec::new(); tasks];
    for (row, (&task, &worker)) in task.iter().zip(worker).enumerate() {
        for (column, code, count) in [("task", task, tasks), ("worker", worker, workers)] {
            if code as usize >= count {
                return Err(Error::OutOfRange { row, column, code: u64::from(code), count });
            }
        }
        rows[task as usize].push(row);
    }
    Ok(rows)
}
