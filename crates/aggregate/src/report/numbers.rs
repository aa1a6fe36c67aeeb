//! The sections for methods whose answers are numbers.

use crowdsmith_truth::numeric::{Measurements, NumericFit};

use super::agreement;
use super::chart::{Plot, short, ticks};
use super::classes::histogram;
use super::html::{section as card, table};
use crate::data::{Data, Truth, count, grouped};
use crate::outcome::Scores;
use crate::summary::{Summary, shortened};

const BINS: usize = 20;
/// Workers and tasks in tables and plots.
const ROWS: usize = 20;
/// Dots in a plot.
const CLOUD: usize = 3000;

pub(super) fn sections(
    summary: &Summary<'_>,
    measurements: &Measurements,
    fit: &NumericFit,
) -> String {
    let data = summary.data;
    [
        values(fit),
        match (&data.truth, summary.scores) {
            (Some(Truth::Numbers(truth)), Some(Scores::Numbers(scores))) => {
                against_truth(truth, fit, scores.root_mean_square_error)
            }
            _ => deviations(fit),
        },
        workers(data, fit),
        agreement::section(&data.judged, summary.method, false),
        tasks(data, measurements, fit),
    ]
    .concat()
}

fn values(fit: &NumericFit) -> String {
    let (range, counts) = binned(&fit.values);
    let plot = histogram("Tasks by value", "value", range, &counts, short);
    card("values", false, "Values", "The estimates of the tasks.", &plot)
}

fn deviations(fit: &NumericFit) -> String {
    let (range, counts) = binned(&fit.deviations);
    let plot = histogram("Tasks by standard error", "standard error", range, &counts, short);
    card(
        "deviations",
        false,
        "Standard errors",
        "How far the estimates may be off under the method.",
        &plot,
    )
}

fn binned(values: &[f64]) -> ((f64, f64), Vec<u64>) {
    let (low, high) = extremes(values.iter().copied());
    let mut counts = vec![0; BINS];
    for value in values {
        let share = (value - low) / (high - low).max(f64::MIN_POSITIVE);
        counts[((share * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    ((low, if high > low { high } else { low + 1.0 }), counts)
}

fn extremes(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let range = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    if range.0 <= range.1 { range } else { (0.0, 1.0) }
}

fn against_truth(truth: &[(usize, f64)], fit: &NumericFit, error: f64) -> String {
    let pairs: Vec<(f64, f64)> = truth
        .iter()
        .step_by(truth.len().div_ceil(CLOUD).max(1))
        .map(|&(task, value)| (value, fit.values[task]))
        .collect();
    let range = extremes(pairs.iter().flat_map(|&(a, b)| [a, b]));
    let mut plot = Plot::new("Estimates by true value", 290.0, range, range);
    plot.x_axis("true value", &ticks(range), short);
    plot.y_axis(&ticks(range), short);
    plot.line("ideal", (range.0, range.0), (range.1, range.1));
    for pair in pairs {
        plot.dot("cloud", pair, 3.0, "");
    }
    let reading = format!(
        "Each dot is one of {}; on the dashed line the estimate is right. Root mean square error {}.",
        count(truth.len() as u64, "task"),
        short(error)
    );
    card("calibration", false, "Estimates against truth", &reading, &plot.svg())
}

fn workers(data: &Data, fit: &NumericFit) -> String {
    let judged = data.judged.per_worker();
    let mut order: Vec<usize> = (0..judged.len()).collect();
    order.sort_by_key(|&worker| std::cmp::Reverse(judged[worker]));
    order.truncate(ROWS);
    order.sort_by(|&a, &b| fit.variance[a].total_cmp(&fit.variance[b]));
    let rows = order.len() as f64;
    let deviation = |worker: usize| fit.variance[worker].sqrt();
    let ends =
        order.iter().flat_map(|&w| [fit.bias[w] - deviation(w), fit.bias[w] + deviation(w), 0.0]);
    let range = extremes(ends);
    let mut plot = Plot::new(
        "Bias of workers, with a standard deviation each way",
        52.0 + 20.0 * rows,
        range,
        (0.0, rows),
    )
    .left(110.0);
    plot.x_axis("above or below the estimate", &ticks(range), short);
    plot.line("ideal", (0.0, 0.0), (0.0, rows));
    for (place, &worker) in order.iter().enumerate() {
        let (y, bias) = (rows - place as f64 - 0.5, fit.bias[worker]);
        let name = data.workers.get(worker);
        plot.label(y, &shortened(&name, 13));
        plot.line("faint", (bias - deviation(worker), y), (bias + deviation(worker), y));
        let hint = format!(
            "{name}: bias {}, standard deviation {}, {}",
            short(bias),
            short(deviation(worker)),
            count(u64::from(judged[worker]), "judgment")
        );
        plot.dot("dot", (bias, y), 4.0, &hint);
    }
    let reading = "How far the most active workers answer above or below the estimate (dot), and how much they scatter (a \
                   standard deviation each way); the most precise first.";
    card("workers", false, "Workers", reading, &plot.svg())
}

fn tasks(data: &Data, measurements: &Measurements, fit: &NumericFit) -> String {
    let mut spread = vec![(0.0, 0u32); measurements.tasks];
    for (&task, &value) in measurements.task.iter().zip(&measurements.value) {
        let (sum, count) = &mut spread[task as usize];
        *sum += (value - fit.values[task as usize]).abs();
        *count += 1;
    }
    let mean = |task: usize| spread[task].0 / f64::from(spread[task].1.max(1));
    let mut order: Vec<usize> = (0..measurements.tasks).collect();
    order.sort_by(|&a, &b| mean(b).total_cmp(&mean(a)).then(a.cmp(&b)));
    order.truncate(ROWS);
    let row = |&task: &usize| {
        vec![
            shortened(&data.tasks.get(task), 60),
            short(fit.values[task]),
            short(fit.deviations[task]),
            short(mean(task)),
            grouped(u64::from(spread[task].1)),
        ]
    };
    let rows: Vec<Vec<String>> = order.iter().map(row).collect();
    let heads = ["task", "#value", "#standard error", "#judgments are off by", "#judgments"];
    let reading = "The tasks whose judgments are furthest from the estimate in the mean.";
    card("tasks", true, "Hardest tasks", reading, &table(&heads, &rows))
}
