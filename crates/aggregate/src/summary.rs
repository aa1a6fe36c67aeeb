//! What is said at the end: for people, and as JSON.

use std::time::Duration;

use crowdsmith_truth::Fit;
use serde_json::{Map, Value, json};

use crate::args::Aggregate;
use crate::data::{Data, count, grouped};
use crate::outcome::{Outcome, Scores};
use crate::write::confidence;

/// Where the time went.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seconds {
    pub(crate) reading: Duration,
    pub(crate) fitting: Duration,
    pub(crate) writing: Duration,
}

/// Everything there is to say.
#[derive(Debug)]
pub(crate) struct Summary<'a> {
    pub(crate) method: &'a str,
    pub(crate) data: &'a Data,
    pub(crate) outcome: &'a Outcome,
    pub(crate) scores: Option<&'a Scores>,
    pub(crate) seconds: Seconds,
}

/// Labels listed one by one in the summary.
const LISTED: usize = 6;

impl Summary<'_> {
    /// One JSON object; figures that are not defined are null.
    pub(crate) fn json(&self) -> Value {
        let convergence = self.outcome.convergence();
        let mut object = Map::new();
        let mut set = |key: &str, value: Value| drop(object.insert(key.to_owned(), value));
        set("method", json!(self.method));
        set("judgments", json!(self.data.judged.len()));
        set("tasks", json!(self.data.tasks.len()));
        set("workers", json!(self.data.workers.len()));
        set("labels", json!(self.data.labels.len()));
        set("iterations", json!(convergence.iterations));
        set("converged", json!(convergence.converged));
        set("log_likelihood", json!(convergence.log_likelihood));
        match self.scores {
            Some(Scores::Classes(scores)) => {
                set("truth_tasks", json!(scores.tasks));
                set("accuracy", json!(scores.accuracy));
                set("macro_f1", json!(scores.macro_f1));
                set("ece", json!(scores.ece));
                set("log_loss", json!(scores.log_loss));
                set("brier", json!(scores.brier));
            }
            Some(Scores::Numbers(scores)) => {
                set("truth_tasks", json!(scores.tasks));
                set("mean_absolute_error", json!(scores.mean_absolute_error));
                set("root_mean_square_error", json!(scores.root_mean_square_error));
            }
            None => {}
        }
        let Seconds { reading, fitting, writing } = self.seconds;
        set(
            "seconds",
            json!({
                "reading": reading.as_secs_f64(),
                "fitting": fitting.as_secs_f64(),
                "writing": writing.as_secs_f64(),
            }),
        );
        Value::Object(object)
    }

    /// Some lines for people.
    pub(crate) fn text(&self, options: &Aggregate) -> String {
        let Self { data, outcome, .. } = self;
        let mut text = format!(
            "{}: {} of {} by {}",
            data.file,
            count(data.judged.len() as u64, "judgment"),
            count(data.tasks.len() as u64, "task"),
            count(data.workers.len() as u64, "worker"),
        );
        if let Outcome::Classes(_) = outcome {
            text += &format!(", {}", count(data.labels.len() as u64, "label"));
        }
        text.push('\n');
        let mut line = |head: &str, rest: String| text += &format!("  {head:<11} {rest}\n");
        line("method", self.method_line());
        match outcome {
            Outcome::Classes(fit) => {
                line("labels", label_shares(data, fit));
                line("confidence", confidences(fit));
                line("workers", worker_line(data, fit));
            }
            Outcome::Numbers(fit) => {
                let (low, high) = extremes(&fit.values);
                line(
                    "values",
                    format!(
                        "{low:.4} to {high:.4}, median {:.4}",
                        quantile(fit.values.clone(), 0.5)
                    ),
                );
            }
        }
        if let Some(scores) = self.scores {
            line("truth", score_line(scores));
        }
        let Seconds { reading, fitting, writing } = self.seconds;
        line(
            "time",
            format!("reading {reading:.2?}, fitting {fitting:.2?}, writing {writing:.2?}"),
        );
        for note in &data.notes {
            line("note", note.clone());
        }
        for (what, path) in [
            ("labels", &options.output),
            ("workers", &options.workers),
            ("all labels", &options.probabilities),
            ("report", &options.report),
        ] {
            if let Some(path) = path.as_deref().filter(|path| path.as_os_str() != "-") {
                line("written", format!("{} ({what})", path.display()));
            }
        }
        text
    }

    /// The method and how its iteration ended.
    pub(crate) fn method_line(&self) -> String {
        let convergence = self.outcome.convergence();
        let mut text = self.method.to_owned();
        if convergence.iterations > 0 {
            text += &format!(", {}", count(convergence.iterations as u64, "iteration"));
            text += if convergence.converged {
                ", converged"
            } else {
                ", not converged (--iterations raises the limit)"
            };
        }
        if let Some(value) = convergence.log_likelihood {
            text += &format!(", log-likelihood {value:.2}");
        }
        text
    }
}

/// The share of each label among the tasks, the most frequent first.
fn label_shares(data: &Data, fit: &Fit) -> String {
    let mut counts = vec![0u64; data.labels.len()];
    for &label in &fit.labels {
        if let Some(count) = counts.get_mut(label as usize) {
            *count += 1;
        }
    }
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&label| std::cmp::Reverse(counts[label]));
    let share = |label: &usize| {
        format!(
            "{} {}",
            shortened(&data.labels[*label], 24),
            percent(counts[*label], fit.labels.len())
        )
    };
    let mut parts: Vec<String> = order.iter().take(LISTED).map(share).collect();
    if order.len() > LISTED {
        parts.push(format!("{} more", grouped((order.len() - LISTED) as u64)));
    }
    parts.join(", ")
}

fn confidences(fit: &Fit) -> String {
    let tasks = fit.labels.len();
    let (mut sum, mut doubtful) = (0.0, 0);
    for task in 0..tasks {
        let value = confidence(fit, task);
        sum += value;
        doubtful += u64::from(value < 0.8);
    }
    format!(
        "{:.3} in the mean; below 0.8 for {} ({})",
        sum / tasks.max(1) as f64,
        count(doubtful, "task"),
        percent(doubtful, tasks)
    )
}

fn worker_line(data: &Data, fit: &Fit) -> String {
    let accuracy: Vec<f64> = fit.workers.accuracy.iter().map(|beta| beta.mean()).collect();
    let Some(weakest) = (0..accuracy.len()).min_by(|&a, &b| accuracy[a].total_cmp(&accuracy[b]))
    else {
        return "none".to_owned();
    };
    let name = data.workers.get(weakest);
    format!(
        "accuracy {:.3} at the median, least {:.3} (worker {})",
        quantile(accuracy.clone(), 0.5),
        accuracy[weakest],
        shortened(&name, 24)
    )
}

fn score_line(scores: &Scores) -> String {
    match scores {
        Scores::Classes(scores) => format!(
            "accuracy {:.4} over {}, macro F1 {:.4}, ECE {:.4}, log-loss {:.4}, Brier {:.4}",
            scores.accuracy,
            count(scores.tasks as u64, "task"),
            scores.macro_f1,
            scores.ece,
            scores.log_loss,
            scores.brier
        ),
        Scores::Numbers(scores) => format!(
            "mean absolute error {:.4} over {}, root mean square error {:.4}",
            scores.mean_absolute_error,
            count(scores.tasks as u64, "task"),
            scores.root_mean_square_error
        ),
    }
}

/// A whole per cent where that says enough.
pub(crate) fn percent(part: u64, whole: usize) -> String {
    let share = 100.0 * part as f64 / whole.max(1) as f64;
    if share == 0.0 || share >= 9.95 { format!("{share:.0} %") } else { format!("{share:.1} %") }
}

/// A text of at most `longest` characters, without line breaks.
pub(crate) fn shortened(text: &str, longest: usize) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    if text.chars().count() <= longest {
        return text.chars().map(clean).collect();
    }
    text.chars().take(longest - 1).map(clean).chain(['…']).collect()
}

/// The value below which a share of the values lies; NaN without values.
pub(crate) fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let place = ((values.len() - 1) as f64 * share).round() as usize;
    *values.select_nth_unstable_by(place, f64::total_cmp).1
}

fn extremes(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
        (low.min(value), high.max(value))
    })
}
