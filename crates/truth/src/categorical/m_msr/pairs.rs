//! How often each pair of workers agrees.

use crate::judgments::Judgments;

/// The agreement C of all pairs; NaN never occurs, pairs without common task are marked.
pub(super) struct Agreement {
    workers: usize,
    tasks: usize,
    /// C, row-major; the value without common tasks, −1/(K−1), where `common` is 0.
    value: Vec<f64>,
    common: Vec<u32>,
}

impl Agreement {
    pub(super) fn new(judgments: &Judgments) -> Self {
        let (workers, others) = (judgments.workers(), judgments.classes() as f64 - 1.0);
        let mut common = vec![0u32; workers * workers];
        let mut equal = vec![0u32; workers * workers];
        for task in 0..judgments.tasks() {
            for (first, label) in judgments.task(task) {
                for (second, other) in judgments.task(task) {
                    if first != second {
                        common[first * workers + second] += 1;
                        equal[first * workers + second] += u32::from(label == other);
                    }
                }
            }
        }
        let scale = (others + 1.0) / others;
        let value = common
            .iter()
            .zip(&equal)
            .map(|(&common, &equal)| {
                scale * f64::from(equal) / f64::from(common.max(1)) - 1.0 / others
            })
            .collect();
        Self { workers, tasks: judgments.tasks(), value, common }
    }

    pub(super) fn workers(&self) -> usize {
        self.workers
    }

    pub(super) fn tasks(&self) -> usize {
        self.tasks
    }

    /// C of a worker with all workers.
    pub(super) fn row(&self, worker: usize) -> &[f64] {
        &self.value[worker * self.workers..][..self.workers]
    }

    /// Whether two workers have a task in common.
    pub(super) fn shares(&self, first: usize, second: usize) -> bool {
        self.common[first * self.workers + second] > 0
    }

    fn partners(&self, worker: usize) -> impl Iterator<Item = usize> + '_ {
        let row = &self.common[worker * self.workers..][..self.workers];
        row.iter().enumerate().filter(|(_, common)| **common > 0).map(|(other, _)| other)
    }

    /// The fewest workers that any worker shares a task with.
    pub(super) fn fewest_partners(&self) -> usize {
        (0..self.workers).map(|worker| self.partners(worker).count()).min().unwrap_or(0)
    }

    /// Mean of |C| / size over the partners without the `trim` largest and smallest, or only those beyond `current`
    /// where fewer lie beyond it; `current` where nothing is left.
    pub(super) fn trimmed_mean(
        &self,
        worker: usize,
        sizes: &[f64],
        current: f64,
        trim: usize,
        fallback: f64,
    ) -> f64 {
        let row = self.row(worker);
        let mut ratios: Vec<f64> =
            self.partners(worker).map(|other| row[other].abs() / sizes[other].max(1e-12)).collect();
        ratios.sort_by(f64::total_cmp);
        let below = ratios.iter().filter(|&&ratio| ratio < current).count().min(trim);
        ratios.drain(..below);
        let above = ratios.iter().filter(|&&ratio| ratio > current).count().min(trim);
        ratios.truncate(ratios.len() - above);
        match ratios[..] {
            [] => current,
            [0.0] => fallback,
            _ => ratios.iter().sum::<f64>() / ratios.len() as f64,
        }
    }
}
