//! A synthetic crowd: five judgments a task, worker activity Zipf(1), skill Beta(6, 2), a tenth of the workers
//! answering at random, wrong answers by a Dirichlet row per worker and class, classes uniform.

use crowdsmith_truth::rng::Rng;
use crowdsmith_truth::{Columns, Duplicates, Judgments};

pub(crate) const OVERLAP: usize = 5;

/// Judgments sorted by task and the true class of each task.
pub(crate) fn crowd(
    judgments: usize,
    workers: usize,
    classes: usize,
    seed: u64,
) -> (Judgments, Vec<u16>) {
    let tasks = judgments / OVERLAP;
    let mut rng = Rng::new(seed);
    let answers = answer_table(workers, classes, &mut rng);
    let activity = Alias::zipf(workers, &mut rng);
    let mut columns = Columns { tasks, workers, classes, ..Columns::default() };
    for column in [&mut columns.task, &mut columns.worker] {
        column.reserve_exact(tasks * OVERLAP);
    }
    columns.label.reserve_exact(tasks * OVERLAP);
    let mut truth = Vec::with_capacity(tasks);
    for task in 0..tasks {
        let class = rng.below(classes);
        truth.push(class as u16);
        let start = columns.worker.len();
        while columns.worker.len() < start + OVERLAP.min(workers) {
            let worker = activity.draw(&mut rng);
            if columns.worker[start..].contains(&worker) {
                continue;
            }
            columns.task.push(task as u32);
            columns.worker.push(worker);
            let row = &answers[(worker as usize * classes + class) * classes..][..classes];
            let point = rng.uniform() as f32;
            let label = row.iter().position(|&sum| point < sum).unwrap_or(classes - 1);
            columns.label.push(label as u16);
        }
    }
    (Judgments::new(columns, Duplicates::Keep).expect("codes in range"), truth)
}

/// Cumulative answer probabilities, `[worker][truth][answer]`.
fn answer_table(workers: usize, classes: usize, rng: &mut Rng) -> Vec<f32> {
    let mut table = Vec::with_capacity(workers * classes * classes);
    for _ in 0..workers {
        let (good, bad) = (rng.gamma(6.0), rng.gamma(2.0));
        let random = rng.uniform() < 0.1;
        let skill = if random { 1.0 / classes as f64 } else { good / (good + bad) };
        for truth in 0..classes {
            let mut wrong: Vec<f64> = (0..classes).map(|_| rng.gamma(1.0)).collect();
            wrong[truth] = 0.0;
            let total: f64 = wrong.iter().sum();
            let mut sum = 0.0;
            for (answer, share) in wrong.iter().enumerate() {
                sum += if answer == truth { skill } else { (1.0 - skill) * share / total };
                table.push(sum as f32);
            }
        }
    }
    table
}

/// Draws from a discrete distribution in constant time (Walker's alias method).
struct Alias {
    keep: Vec<f64>,
    other: Vec<u32>,
}

impl Alias {
    /// Rank r has weight 1/r; ranks are given to the codes in random order.
    fn zipf(count: usize, rng: &mut Rng) -> Self {
        let mut weights: Vec<f64> = (1..=count).map(|rank| 1.0 / rank as f64).collect();
        rng.shuffle(&mut weights);
        let mean = weights.iter().sum::<f64>() / count as f64;
        let mut keep: Vec<f64> = weights.iter().map(|weight| weight / mean).collect();
        let mut other: Vec<u32> = (0..count as u32).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..count).partition(|&code| keep[code] < 1.0);
        while let (Some(poor), Some(&rich)) = (small.pop(), large.last()) {
            other[poor] = rich as u32;
            keep[rich] -= 1.0 - keep[poor];
            if keep[rich] < 1.0 {
                large.pop();
                small.push(rich);
            }
        }
        Self { keep, other }
    }

    fn draw(&self, rng: &mut Rng) -> u32 {
        let code = rng.below(self.keep.len());
        if rng.uniform() < self.keep[code] { code as u32 } else { self.other[code] }
    }
}
