//! The tasks that the method is least sure of.

use crowdsmith_truth::uncertainty::{Crowd, judgments_needed};
use crowdsmith_truth::{Fit, Judgments};

use super::html::{section as card, table};
use super::percent;
use crate::data::Data;
use crate::summary::{quantile, shortened};
use crate::write::confidence;

/// Rows of the table.
const ROWS: usize = 20;
/// Labels of a task that are named.
const NAMED: usize = 4;
/// Probability that the last column is about.
const TARGET: f64 = 0.95;

/// A table of the hardest tasks: votes, probabilities, judgments that are missing.
pub(super) fn section(data: &Data, judgments: &Judgments, fit: &Fit) -> String {
    let mut order: Vec<u32> = (0..fit.labels.len() as u32).collect();
    let sure = |&task: &u32| confidence(fit, task as usize);
    if order.len() > ROWS {
        order.select_nth_unstable_by(ROWS - 1, |a, b| sure(a).total_cmp(&sure(b)).then(a.cmp(b)));
        order.truncate(ROWS);
    }
    order.sort_by(|a, b| sure(a).total_cmp(&sure(b)).then(a.cmp(b)));
    let accuracies: Vec<f64> = fit.workers.accuracy.iter().map(|beta| beta.mean()).collect();
    let crowd = Crowd { accuracy: quantile(accuracies, 0.5).clamp(0.01, 0.99), dependence: 0.0 };
    let mut heads = vec!["task", "~votes", "~probabilities", "#more for 95 %"];
    if fit.task_difficulty.is_some() {
        heads.push("#difficulty");
    }
    let row = |&task: &u32| {
        let task = task as usize;
        let row = fit.posterior.row(task);
        let needed = judgments_needed(row, judgments.task_len(task), TARGET, crowd).ok().flatten();
        let mut cells = vec![
            shortened(&data.tasks.get(task), 60),
            votes(data, judgments, task),
            named(data, row.iter().copied().enumerate().collect(), percent),
            needed.map_or_else(|| "–".to_owned(), |number| format!("{:.0}", number.ceil())),
        ];
        if let Some(difficulty) = &fit.task_difficulty {
            cells.push(format!("{:.2}", difficulty[task]));
        }
        cells
    };
    let rows: Vec<Vec<String>> = order.iter().map(row).collect();
    let reading = "The tasks whose label is least certain, and about how many more judgments of an ordinary worker would \
                   bring it to 95 %.";
    card("tasks", true, "Hardest tasks", reading, &table(&heads, &rows))
}

fn votes(data: &Data, judgments: &Judgments, task: usize) -> String {
    let mut counts: Vec<(usize, f64)> = Vec::new();
    for (_, label) in judgments.task(task) {
        match counts.iter_mut().find(|(class, _)| *class == label) {
            Some((_, count)) => *count += 1.0,
            None => counts.push((label, 1.0)),
        }
    }
    named(data, counts, |count| format!("{count:.0}"))
}

/// `cat: 3, dog: 2`, the largest first; a line breaks only behind a comma.
fn named(data: &Data, mut values: Vec<(usize, f64)>, write: impl Fn(f64) -> String) -> String {
    values.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let more = values.len() > NAMED;
    values.truncate(NAMED);
    let part = |&(class, value): &(usize, f64)| {
        format!("{}: {}", shortened(&data.labels[class], 20), write(value)).replace(' ', "\u{a0}")
    };
    let parts: Vec<String> = values.iter().map(part).collect();
    parts.join(", ") + if more { ", …" } else { "" }
}
