//! Judgments sorted by worker.

use super::Judgments;

/// The judgments of [`Judgments`] sorted by worker, within a worker by task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByWorker {
    offsets: Vec<u32>,
    task: Vec<u32>,
    label: Vec<u16>,
}

impl ByWorker {
    pub(super) fn new(judgments: &Judgments) -> Self {
        let mut offsets = vec![0u32; judgments.workers() + 1];
        for &worker in judgments.worker_codes() {
            offsets[worker as usize + 1] += 1;
        }
        for index in 0..judgments.workers() {
            offsets[index + 1] += offsets[index];
        }
        let mut next = offsets.clone();
        let mut tasks = vec![0; judgments.len()];
        let mut labels = vec![0; judgments.len()];
        for task in 0..judgments.tasks() {
            for (worker, label) in judgments.task(task) {
                let place = next[worker] as usize;
                next[worker] += 1;
                tasks[place] = task as u32;
                labels[place] = label as u16;
            }
        }
        Self { offsets, task: tasks, label: labels }
    }

    /// The judgments of one worker as (task, label) codes, by ascending task.
    ///
    /// # Panics
    /// If `worker` is not a worker code of the judgments.
    pub fn worker(
        &self,
        worker: usize,
    ) -> impl ExactSizeIterator<Item = (usize, usize)> + Clone + '_ {
        let range = self.offsets[worker] as usize..self.offsets[worker + 1] as usize;
        let tasks = self.task[range.clone()].iter();
        tasks.zip(&self.label[range]).map(|(&task, &label)| (task as usize, label as usize))
    }
}
