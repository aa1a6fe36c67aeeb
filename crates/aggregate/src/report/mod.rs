//! The report: one HTML page that needs nothing else, for the screen, the phone and paper.

mod agreement;
mod calibration;
mod chart;
mod classes;
mod confusion;
mod html;
mod numbers;
mod tasks;
mod workers;

use self::html::{escaped, tiles};
use crate::data::{Judged, grouped};
use crate::outcome::{Outcome, Scores};
use crate::summary::Summary;

/// The whole page.
pub(crate) fn page(summary: &Summary<'_>) -> String {
    let file = std::path::Path::new(&summary.data.file);
    let name = file
        .file_name()
        .map_or(summary.data.file.clone(), |name| name.to_string_lossy().into_owned());
    let name = escaped(&name);
    let mut notes = String::new();
    for note in &summary.data.notes {
        notes += &format!("<li>{}</li>", escaped(note));
    }
    if !notes.is_empty() {
        notes = format!("<ul class=\"notes\">{notes}</ul>");
    }
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{name}: judgments aggregated</title>\n<style>\n{}</style></head><body>\n\
         <header><h1>{name}</h1><p>{}</p>{notes}</header>\n{}<main class=\"cards\">\n{}</main>\n\
         <footer>Made by crowdsmith {} with {}.</footer>\n</body></html>\n",
        include_str!("style.css"),
        escaped(&method(summary)),
        tiles(&figures(summary)),
        sections(summary),
        env!("CARGO_PKG_VERSION"),
        escaped(summary.method),
    )
}

fn method(summary: &Summary<'_>) -> String {
    format!(
        "Aggregated by {}.",
        summary.method_line().replace(" (--iterations raises the limit)", "")
    )
}

fn figures(summary: &Summary<'_>) -> Vec<(&'static str, String)> {
    let data = summary.data;
    let mut figures = vec![
        ("judgments", grouped(data.judged.len() as u64)),
        ("tasks", grouped(data.tasks.len() as u64)),
        ("workers", grouped(data.workers.len() as u64)),
        (
            "judgments a task",
            format!("{:.1}", data.judged.len() as f64 / data.tasks.len().max(1) as f64),
        ),
    ];
    if let Outcome::Classes(fit) = summary.outcome {
        figures.push(("labels", grouped(data.labels.len() as u64)));
        figures.push(("mean confidence", percent(classes::mean_confidence(fit))));
    }
    match summary.scores {
        Some(Scores::Classes(scores)) => figures.push(("accuracy", percent(scores.accuracy))),
        Some(Scores::Numbers(scores)) => {
            figures.push(("mean absolute error", chart::short(scores.mean_absolute_error)));
        }
        None => {}
    }
    figures
}

fn sections(summary: &Summary<'_>) -> String {
    let data = summary.data;
    match (summary.outcome, &data.judged) {
        (Outcome::Classes(fit), Judged::Classes(judgments)) => [
            classes::confidence(data, fit),
            match summary.scores {
                Some(Scores::Classes(scores)) => calibration::section(scores),
                _ => agreement::section(&data.judged, summary.method, false),
            },
            workers::section(data, fit),
            confusion::section(data, judgments, fit),
            match summary.scores {
                Some(_) => agreement::section(&data.judged, summary.method, true),
                None => String::new(),
            },
            tasks::section(data, judgments, fit),
        ]
        .concat(),
        (Outcome::Numbers(fit), Judged::Numbers(measurements)) => {
            numbers::sections(summary, measurements, fit)
        }
        _ => String::new(),
    }
}

/// A share as per cent with one digit.
fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
