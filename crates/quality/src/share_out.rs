//! The rule `auto`: one target for a whole batch, which shares its judgments out among its tasks.

/// One in so many tasks gets another judgment before the models are fitted again.
const SHARE: usize = 20;

/// How sure the answers of a batch are, task by task added up.
///
/// # Example: a batch of two tasks
/// ```
/// use crowdsmith_quality::share_out::Sureness;
///
/// let mut batch = Sureness::default();
/// batch.add(1.0);
/// batch.add(0.75);
/// assert!(batch.reaches(0.875) && !batch.reaches(0.9));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sureness {
    tasks: usize,
    sum: f64,
}

impl Sureness {
    /// Adds a task by its [`Models::progress`](crate::models::Models::progress).
    pub fn add(&mut self, progress: f64) {
        self.tasks += 1;
        self.sum += progress;
    }

    /// Whether the mean over the tasks is at least the target; without tasks there is nothing to ask for.
    pub fn reaches(&self, target: f64) -> bool {
        self.sum >= target * self.tasks as f64
    }

    /// How many tasks get another judgment at a time.
    pub fn round(&self) -> usize {
        round(self.tasks)
    }
}

/// How many of so many tasks get another judgment at a time.
pub(crate) fn round(tasks: usize) -> usize {
    (tasks / SHARE).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_decides_and_an_empty_batch_wants_nothing() {
        let mut batch = Sureness::default();
        assert!(batch.reaches(1.0));
        for progress in [1.0, 1.0, 0.25] {
            batch.add(progress);
        }
        assert!(batch.reaches(0.75));
        assert!(!batch.reaches(0.76));
    }

    #[test]
    fn one_task_in_twenty_gets_another_judgment_and_at_least_one() {
        for (tasks, expected) in [(1, 1), (39, 1), (40, 2), (1000, 50)] {
            assert_eq!(round(tasks), expected, "{tasks} tasks");
        }
    }
}
