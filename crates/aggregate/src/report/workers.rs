//! How good the workers are.

use crowdsmith_truth::Fit;
use crowdsmith_truth::diagnosis::{Pair, close_pairs, spammer_scores};

use super::chart::{Plot, short, ticks};
use super::html::{section as card, table};
use super::percent;
use crate::data::{Data, Judged, count, grouped};
use crate::summary::shortened;
use crate::write::{LEVEL, commonest_error};

/// Workers with an interval of their own in the plot.
const SHOWN: usize = 16;
/// Dots in the plot of all workers.
const CLOUD: usize = 3000;
/// Rows of the table.
const ROWS: usize = 10;
/// Pairs of workers are compared only in data of at most so many judgments: the time is quadratic in a task's.
const PAIRS: usize = 2_000_000;

/// Accuracy with intervals, accuracy by activity, and who needs a look.
pub(super) fn section(data: &Data, fit: &Fit) -> String {
    let judged = data.judged.per_worker();
    let mut busiest: Vec<usize> = (0..judged.len()).collect();
    busiest.sort_by_key(|&worker| std::cmp::Reverse(judged[worker]));
    let mut content = String::from("<div class=\"pair\"><div>");
    content += &format!(
        "<h3>{}, 95 % credible intervals</h3>",
        if judged.len() > SHOWN { "The most active" } else { "Accuracy of each" }
    );
    content += &intervals(data, fit, &judged, &busiest[..busiest.len().min(SHOWN)]);
    content += "</div><div><h3>Accuracy by number of judgments</h3>";
    content += &cloud(data, fit, &judged, &busiest);
    content += "</div></div>\n";
    content += &weakest(data, fit, &judged);
    content += &pairs(data, fit);
    let reading = "The probability that a judgment of the worker is right, as far as the judgments of all workers tell.";
    card("workers", true, "Workers", reading, &content)
}

fn intervals(data: &Data, fit: &Fit, judged: &[u32], workers: &[usize]) -> String {
    let mut order = workers.to_vec();
    let mean = |worker: usize| fit.workers.accuracy[worker].mean();
    order.sort_by(|&a, &b| mean(b).total_cmp(&mean(a)));
    let rows = order.len() as f64;
    let mut plot = Plot::new(
        "Accuracy of workers with intervals",
        rows_high(order.len()),
        (0.0, 1.0),
        (0.0, rows),
    )
    .left(110.0);
    plot.x_axis("accuracy", &ticks((0.0, 1.0)), |value| format!("{:.0} %", 100.0 * value));
    for (place, &worker) in order.iter().enumerate() {
        let y = rows - place as f64 - 0.5;
        let interval = fit.workers.accuracy[worker].interval(LEVEL);
        let name = data.workers.get(worker);
        plot.label(y, &shortened(&name, 13));
        plot.line("faint", (interval.low, y), (interval.high, y));
        let hint = format!(
            "{name}: {} ({} to {}), {}",
            percent(mean(worker)),
            percent(interval.low),
            percent(interval.high),
            count(u64::from(judged[worker]), "judgment")
        );
        plot.dot("dot", (mean(worker), y), 4.0, &hint);
    }
    plot.svg()
}

/// Height of a plot with a row a worker.
fn rows_high(rows: usize) -> f64 {
    52.0 + 20.0 * rows as f64
}

/// All workers, or evenly chosen ones of very many, by judgments on a logarithmic axis.
fn cloud(data: &Data, fit: &Fit, judged: &[u32], busiest: &[usize]) -> String {
    let most = f64::from(busiest.first().map_or(1, |&worker| judged[worker])).max(2.0);
    let top = most.log10();
    let height = rows_high(busiest.len().min(SHOWN)).max(250.0);
    let mut plot = Plot::new("Accuracy of workers by judgments", height, (0.0, top), (0.0, 1.0));
    let decades: Vec<f64> = (0..=top as i32).map(f64::from).collect();
    let name = |decade: f64| grouped(10f64.powf(decade).round() as u64);
    plot.x_axis("judgments", &decades, name);
    plot.y_axis(&ticks((0.0, 1.0)), |value| format!("{:.0} %", 100.0 * value));
    for &worker in busiest.iter().step_by(busiest.len().div_ceil(CLOUD).max(1)) {
        let accuracy = fit.workers.accuracy[worker].mean();
        let hint = if busiest.len() <= 500 {
            data.workers.get(worker).into_owned()
        } else {
            String::new()
        };
        plot.dot("cloud", (f64::from(judged[worker].max(1)).log10(), accuracy), 3.0, &hint);
    }
    plot.svg()
}

/// Those whose interval ends lowest: little doubt that they are weak.
fn weakest(data: &Data, fit: &Fit, judged: &[u32]) -> String {
    let confusions = fit.workers.confusions.as_ref().filter(|confusions| confusions.classes() > 1);
    let informative = confusions.map(spammer_scores);
    // The quantile is only worth its time for those who can be among the weakest.
    let mut order: Vec<usize> = (0..judged.len()).collect();
    let rough = |worker: usize| {
        let beta = fit.workers.accuracy[worker];
        beta.mean() + 2.0 * beta.deviation()
    };
    order.sort_by(|&a, &b| rough(a).total_cmp(&rough(b)));
    order.truncate(ROWS);
    let mut heads = vec!["worker", "#judgments", "#accuracy", "#at most"];
    if confusions.is_some() {
        heads.extend(["#informative", "commonest error"]);
    }
    let row = |&worker: &usize| {
        let beta = fit.workers.accuracy[worker];
        let mut row = vec![
            shortened(&data.workers.get(worker), 30),
            grouped(u64::from(judged[worker])),
            percent(beta.mean()),
            percent(beta.interval(LEVEL).high),
        ];
        if let (Some(confusions), Some(scores)) = (confusions, &informative) {
            let (truth, answer) = commonest_error(confusions, worker);
            let name = |class: usize| shortened(&data.labels[class], 16);
            row.push(short(scores[worker]));
            row.push(format!("{} for {}", name(answer), name(truth)));
        }
        row
    };
    let rows: Vec<Vec<String>> = order.iter().map(row).collect();
    format!("<h3>Who may need a look</h3>{}", table(&heads, &rows))
}

/// Pairs who agree too well and give the same answers against the result: either alone is what good workers do.
fn pairs(data: &Data, fit: &Fit) -> String {
    let Judged::Classes(judgments) = &data.judged else { return String::new() };
    if judgments.len() > PAIRS || judgments.classes() < 2 {
        return String::new();
    }
    let Ok(pairs) = close_pairs(judgments, fit, 10, 5.0) else { return String::new() };
    let by_worker = judgments.by_worker();
    let against = |pair: &Pair| {
        let mut theirs = by_worker.worker(pair.second as usize).peekable();
        let mut count = 0;
        for (task, label) in by_worker.worker(pair.first as usize) {
            while theirs.next_if(|other| other.0 < task).is_some() {}
            let same = theirs.peek() == Some(&(task, label));
            count += u32::from(same && usize::from(fit.labels[task]) != label);
        }
        count
    };
    let row = |pair: &Pair| {
        let against = against(pair);
        (against >= 5 && against * 5 >= pair.common).then(|| {
            vec![
                shortened(&data.workers.get(pair.first as usize), 30),
                shortened(&data.workers.get(pair.second as usize), 30),
                grouped(u64::from(pair.common)),
                grouped(u64::from(pair.equal)),
                format!("{:.1}", pair.expected),
                grouped(u64::from(against)),
            ]
        })
    };
    let rows: Vec<Vec<String>> = pairs.iter().filter_map(row).take(ROWS).collect();
    if rows.is_empty() {
        return String::new();
    }
    let heads = [
        "worker",
        "and worker",
        "#tasks of both",
        "#equal answers",
        "#expected",
        "#equal against the result",
    ];
    format!("<h3>Pairs who may not work independently</h3>{}", table(&heads, &rows))
}
