//! The state of one replay: the order of the judgments and how many of each task are bought.

use crowdsmith_truth::rng::Rng;
use crowdsmith_truth::{Columns, Duplicates, Error, Judgments, ties};

use super::{Point, Recording};

/// A replay under way.
#[derive(Debug, Clone)]
pub(super) struct Session<'a> {
    pub(super) recording: &'a Recording,
    seed: u64,
    order: Vec<Vec<(u32, u16)>>,
    bought: Vec<usize>,
    gold: Vec<Option<u16>>,
    random: Rng,
}

impl<'a> Session<'a> {
    pub(super) fn new(recording: &'a Recording, seed: u64) -> Self {
        let mut random = Rng::new(seed);
        let mut order = recording.tasks.clone();
        for judgments in &mut order {
            random.shuffle(judgments);
        }
        let bought = vec![0; order.len()];
        let gold = vec![None; order.len()];
        Self { recording, seed, order, bought, gold, random }
    }

    /// Makes a share of the tasks with truth gold, with all their judgments.
    pub(super) fn take_gold(&mut self, share: f64) {
        let usable =
            |truth: Option<u16>| truth.filter(|&class| usize::from(class) < self.recording.classes);
        let mut known: Vec<(usize, u16)> = self
            .recording
            .truth
            .iter()
            .enumerate()
            .filter_map(|(task, &truth)| Some((task, usable(truth)?)))
            .collect();
        self.random.shuffle(&mut known);
        known.truncate((known.len() as f64 * share.clamp(0.0, 1.0)) as usize);
        for (task, truth) in known {
            self.gold[task] = Some(truth);
            self.bought[task] = self.order[task].len();
        }
    }

    pub(super) fn classes(&self) -> usize {
        self.recording.classes
    }

    /// The tasks that are not gold.
    pub(super) fn tasks(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.order.len()).filter(|&task| self.gold[task].is_none())
    }

    /// The judgments that a task has.
    pub(super) fn given(&self, task: usize) -> &[(u32, u16)] {
        &self.order[task][..self.bought[task]]
    }

    /// Whether the recording has another judgment of the task.
    pub(super) fn has_more(&self, task: usize) -> bool {
        self.bought[task] < self.order[task].len()
    }

    /// Buys the next judgment of a task, if there is one.
    pub(super) fn buy(&mut self, task: usize) -> bool {
        let more = self.has_more(task);
        self.bought[task] += usize::from(more);
        more
    }

    /// Gives every task that many judgments, or all it has.
    pub(super) fn buy_each(&mut self, judgments: usize) {
        let tasks: Vec<usize> = self.tasks().collect();
        for task in tasks {
            self.bought[task] = judgments.min(self.order[task].len());
        }
    }

    /// Most judgments that a task has.
    pub(super) fn most(&self) -> usize {
        self.order.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// Judgments bought, divided by tasks, without gold.
    pub(super) fn per_task(&self) -> f64 {
        let (judgments, tasks) =
            self.tasks().fold((0, 0), |(sum, count), task| (sum + self.bought[task], count + 1));
        judgments as f64 / f64::from(tasks.max(1))
    }

    /// What was bought, as the estimators take it.
    pub(super) fn judgments(&self) -> Result<Judgments, Error> {
        let mut columns = Columns {
            tasks: self.order.len(),
            workers: self.recording.workers,
            classes: self.classes(),
            ..Columns::default()
        };
        for task in 0..self.order.len() {
            for &(worker, label) in self.given(task) {
                columns.task.push(task as u32);
                columns.worker.push(worker);
                columns.label.push(label);
            }
        }
        Judgments::new(columns, Duplicates::Keep)
    }

    /// The gold tasks and their labels.
    pub(super) fn gold(&self) -> Vec<(u32, u16)> {
        let known = self.gold.iter().enumerate();
        known.filter_map(|(task, &label)| Some((task as u32, label?))).collect()
    }

    /// Puts tasks of equal worth in random order, then those worth most first.
    pub(super) fn rank(&mut self, mut worth: Vec<(f64, usize)>) -> Vec<usize> {
        self.random.shuffle(&mut worth);
        worth.sort_by(|one, other| other.0.total_cmp(&one.0));
        worth.into_iter().map(|(_, task)| task).collect()
    }

    /// What is reached now; `posterior(task)` decides the labels.
    pub(super) fn point(
        &self,
        setting: f64,
        posterior: impl Fn(usize) -> Vec<f64>,
        stopped: Stopped<'_>,
    ) -> Point {
        let (mut tasks, mut with_2, mut with_4) = (0.0, 0.0, 0.0);
        let (mut all, mut target) = (Share::default(), Share::default());
        for task in self.tasks() {
            let done = stopped.done.is_none_or(|done| done[task]);
            tasks += 1.0;
            with_2 += f64::from(u8::from(done && self.bought[task] <= 2));
            with_4 += f64::from(u8::from(done && self.bought[task] <= 4));
            let Some(truth) = self.recording.truth[task] else { continue };
            let row = posterior(task);
            let tied = ties(&row);
            let right =
                if tied.contains(&usize::from(truth)) { 1.0 / tied.len() as f64 } else { 0.0 };
            all.add(right);
            if stopped.sure.is_some_and(|sure| sure[task]) {
                target.add(right);
            }
        }
        let gold = self.gold.iter().zip(&self.bought).filter(|(gold, _)| gold.is_some());
        Point {
            setting,
            seed: self.seed,
            judgments_per_task: self.per_task(),
            accuracy: all.mean().unwrap_or(0.0),
            done_with_2: with_2 / f64::max(tasks, 1.0),
            done_with_4: with_4 / f64::max(tasks, 1.0),
            at_target: target.mean(),
            gold_judgments: gold.map(|(_, &bought)| bought).sum(),
        }
    }
}

/// Which tasks a policy stopped; `None` where it wants nothing of a single task.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stopped<'a> {
    /// Tasks that the policy buys no more for, as they have what it wants.
    pub(super) done: Option<&'a [bool]>,
    /// Tasks whose label the policy claims to be right with at least the probability it was given.
    pub(super) sure: Option<&'a [bool]>,
}

impl<'a> Stopped<'a> {
    /// For a policy whose rule is its claim.
    pub(super) fn both(done: &'a [bool]) -> Self {
        Self { done: Some(done), sure: Some(done) }
    }
}

#[derive(Default)]
struct Share {
    sum: f64,
    count: f64,
}

impl Share {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1.0;
    }

    fn mean(&self) -> Option<f64> {
        (self.count > 0.0).then(|| self.sum / self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_worth_most_come_first_and_equals_in_any_order() {
        let recording = Recording { classes: 2, workers: 1, tasks: vec![], truth: vec![] };
        let mut session = Session::new(&recording, 1);
        let mut firsts = [0; 3];
        for _ in 0..300 {
            let ranked = session.rank(vec![(0.1, 0), (0.5, 1), (0.5, 2)]);
            assert_eq!(ranked[2], 0);
            firsts[ranked[0]] += 1;
        }
        assert!(firsts[1] > 100 && firsts[2] > 100, "{firsts:?}");
    }
}
