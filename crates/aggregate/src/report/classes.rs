//! What labels came out, and how sure they are.

use crowdsmith_truth::{Fit, Judgments};

use super::chart::{Plot, short, ticks};
use super::html::section as card;
use crate::data::{Data, count, grouped};
use crate::summary::{percent, shortened};
use crate::write::confidence as of_task;

/// Labels shown one by one.
const SHOWN: usize = 14;
const BINS: usize = 20;

pub(super) fn mean_confidence(fit: &Fit) -> f64 {
    let tasks = fit.labels.len();
    (0..tasks).map(|task| of_task(fit, task)).sum::<f64>() / tasks.max(1) as f64
}

/// Histogram of the confidence of the labels, and how often each label was given.
pub(super) fn confidence(data: &Data, fit: &Fit) -> String {
    let mut counts = [0u64; BINS];
    for task in 0..fit.labels.len() {
        counts[((of_task(fit, task) * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    let plot = histogram("Tasks by confidence", "confidence", (0.0, 1.0), &counts, |value| {
        format!("{:.0} %", 100.0 * value)
    });
    let sure: u64 = counts[19];
    let reading = format!(
        "How probable each task's label is under the method; {} of the tasks are at 95 % or more.",
        percent(sure, fit.labels.len())
    );
    card("confidence", false, "Labels and confidence", &reading, &(plot + &labels(data, fit)))
}

/// Bars over equal parts of a range.
pub(super) fn histogram(
    title: &str,
    caption: &str,
    range: (f64, f64),
    counts: &[u64],
    name: impl Fn(f64) -> String,
) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let mut plot = Plot::new(title, 250.0, range, (0.0, most));
    let whole: Vec<f64> =
        ticks((0.0, most)).into_iter().filter(|tick| tick.fract() == 0.0).collect();
    plot.y_axis(&whole, |value| grouped(value as u64));
    plot.x_axis(caption, &ticks(range), &name);
    let step = (range.1 - range.0) / counts.len().max(1) as f64;
    for (bin, &tasks) in counts.iter().enumerate().filter(|(_, tasks)| **tasks > 0) {
        let (from, to) = (range.0 + step * bin as f64, range.0 + step * (bin + 1) as f64);
        let hint = format!("{} to {}: {}", name(from), name(to), count(tasks, "task"));
        plot.bar(from, to, tasks as f64, &hint);
    }
    plot.svg()
}

/// How often each label was given to a task.
fn labels(data: &Data, fit: &Fit) -> String {
    let mut counts = vec![0u64; data.labels.len()];
    for &label in &fit.labels {
        if let Some(count) = counts.get_mut(label as usize) {
            *count += 1;
        }
    }
    let mut order: Vec<usize> = (0..counts.len()).collect();
    if order.len() > SHOWN {
        order.sort_by_key(|&label| std::cmp::Reverse(counts[label]));
        order.truncate(SHOWN);
    }
    let rows = order.len() as f64;
    let most = order.iter().map(|&label| counts[label]).max().unwrap_or(0).max(1) as f64;
    let total = fit.labels.len().max(1) as f64;
    let range = (0.0, most / total);
    let mut plot = Plot::new("Tasks by label", 56.0 + 26.0 * rows, range, (0.0, rows)).left(120.0);
    plot.x_axis("share of tasks", &ticks(range), |value| format!("{} %", short(100.0 * value)));
    for (place, &label) in order.iter().enumerate() {
        let y = rows - place as f64 - 0.5;
        let share = counts[label] as f64 / total;
        plot.label(y, &shortened(&data.labels[label], 16));
        plot.strip(y, share, &format!("{}: {}", data.labels[label], count(counts[label], "task")));
    }
    let left = data.labels.len() - order.len();
    let rest = if left > 0 {
        format!("; {} are rarer", count(left as u64, "label"))
    } else {
        String::new()
    };
    format!("<h3>Tasks given each label{rest}</h3>{}", plot.svg())
}

/// Histogram of how united the votes of the tasks are.
pub(super) fn votes(judgments: &Judgments) -> String {
    let mut counts = [0u64; 10];
    let (mut votes, mut judged) = (vec![0u32; judgments.classes()], 0);
    for task in (0..judgments.tasks()).filter(|&task| judgments.task_len(task) > 1) {
        let mut most = 0;
        for (_, label) in judgments.task(task) {
            votes[label] += 1;
            most = most.max(votes[label]);
        }
        for (_, label) in judgments.task(task) {
            votes[label] = 0;
        }
        let share = f64::from(most) / judgments.task_len(task) as f64;
        counts[((share * 10.0) as usize).min(9)] += 1;
        judged += 1;
    }
    let caption = "share of the commonest answer";
    let name = |value: f64| format!("{:.0} %", 100.0 * value);
    let plot =
        histogram("Tasks by share of the commonest answer", caption, (0.0, 1.0), &counts, name);
    format!(
        "<h3>How united the workers are, {} judged at least twice</h3>{plot}",
        count(judged, "task")
    )
}
