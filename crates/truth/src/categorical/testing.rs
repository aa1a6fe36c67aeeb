//! Small crowds for tests.

use crate::judgments::{Columns, Duplicates, Judgments};
use crate::rng::Rng;

/// Judgments from (task, worker, label) rows.
pub(crate) fn judgments(
    tasks: usize,
    workers: usize,
    classes: usize,
    rows: &[(u32, u32, u16)],
) -> Judgments {
    let columns = Columns {
        tasks,
        workers,
        classes,
        task: rows.iter().map(|row| row.0).collect(),
        worker: rows.iter().map(|row| row.1).collect(),
        label: rows.iter().map(|row| row.2).collect(),
    };
    Judgments::new(columns, Duplicates::Refuse).unwrap()
}

/// `accuracies[w]` is how often worker w is right; every worker judges every task; wrong answers are uniform.
pub(crate) fn simulated(
    tasks: usize,
    classes: usize,
    accuracies: &[f64],
    seed: u64,
) -> (Judgments, Vec<u16>) {
    let mut rng = Rng::new(seed);
    let mut rows = Vec::new();
    let truth: Vec<u16> = (0..tasks).map(|_| rng.below(classes) as u16).collect();
    for (task, &truth) in truth.iter().enumerate() {
        for (worker, &accuracy) in accuracies.iter().enumerate() {
            let wrong = (truth as usize + 1 + rng.below(classes - 1)) % classes;
            let label = if rng.uniform() < accuracy { truth } else { wrong as u16 };
            rows.push((task as u32, worker as u32, label));
        }
    }
    (judgments(tasks, accuracies.len(), classes, &rows), truth)
}

/// Share of labels that equal the truth.
pub(crate) fn accuracy(labels: &[u16], truth: &[u16]) -> f64 {
    labels.iter().zip(truth).filter(|(label, truth)| label == truth).count() as f64
        / truth.len() as f64
}
