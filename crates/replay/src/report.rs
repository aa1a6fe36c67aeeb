//! The report: one HTML page that needs nothing else.

use crowdsmith_quality::replay::Mean;

use crate::chart::{self, Line, escaped};
use crate::replay::{Played, Replayed};
use crate::text::percent;

/// The page.
pub(crate) fn page(replayed: &Replayed) -> String {
    let name = escaped(&replayed.name);
    let recording = &replayed.recorded.recording;
    let judgments: usize = recording.tasks.iter().map(Vec::len).sum();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{name}: policies replayed</title>\n<style>\n{}</style></head><body>\n\
         <header><h1>{name}</h1><p>{judgments} judgments of {} tasks by {} workers, played back under {} policies.</p>\
         </header>\n<main>{}{}{}</main>\n<footer>Made by crowdsmith {}.</footer>\n</body></html>\n",
        include_str!("style.css"),
        recording.tasks.len(),
        recording.workers,
        replayed.policies.len(),
        curves(replayed),
        reached(replayed),
        points(replayed),
        env!("CARGO_PKG_VERSION"),
    )
}

fn section(heading: &str, reading: &str, content: &str) -> String {
    format!("<section><h2>{heading}</h2><p>{reading}</p>\n{content}</section>\n")
}

fn curves(replayed: &Replayed) -> String {
    let line = |played: &Played| Line {
        name: played.curve.policy.to_string(),
        places: places(&played.curve.points),
    };
    let lines: Vec<Line> = replayed.policies.iter().map(line).collect();
    let reading = format!(
        "Up and to the left is better: more right labels for fewer judgments. The dashed line is {}, what Dawid-Skene \
         reaches on all judgments less half a point.",
        percent(replayed.goal)
    );
    let plot = chart::lines("accuracy against judgments per task", &lines, replayed.goal);
    section("Accuracy and judgments", &reading, &plot)
}

/// By ascending judgments: a target may stop before or after a budget.
fn places(points: &[Mean]) -> Vec<(f64, f64)> {
    let mut places: Vec<(f64, f64)> =
        points.iter().map(|point| (point.judgments_per_task, point.accuracy)).collect();
    places.sort_by(|one, other| one.0.total_cmp(&other.0));
    places
}

fn reached(replayed: &Replayed) -> String {
    let row = |played: &Played| {
        let (judgments, seeds) = played.reaches;
        let name = played.curve.policy.to_string();
        if seeds == 0 {
            return vec![name, "never".to_owned(), String::new(), "0".to_owned()];
        }
        let tasks = replayed.recorded.recording.tasks.len() as f64;
        let cost = replayed
            .price
            .map_or_else(String::new, |price| format!("{:.2}", price * tasks * judgments));
        vec![name, format!("{judgments:.2}"), cost, seeds.to_string()]
    };
    let rows: Vec<Vec<String>> = replayed.policies.iter().map(row).collect();
    let heads = ["policy", "judgments per task", "cost", "replays that get there"];
    section(
        "What the same quality costs",
        "Judgments until the dashed line is reached.",
        &table(&heads, &rows),
    )
}

fn points(replayed: &Replayed) -> String {
    let heads = [
        "setting",
        "judgments per task",
        "accuracy",
        "±",
        "done with 2",
        "done with 4",
        "right at target",
    ];
    let row = |point: &Mean| {
        vec![
            point.setting.to_string(),
            format!("{:.2}", point.judgments_per_task),
            percent(point.accuracy),
            format!("{:.1}", 100.0 * point.deviation),
            percent(point.done_with_2),
            percent(point.done_with_4),
            point.at_target.map_or_else(|| "–".to_owned(), percent),
        ]
    };
    let details = |played: &Played| {
        let rows: Vec<Vec<String>> = played.curve.points.iter().map(row).collect();
        format!(
            "<details><summary>{}</summary>{}</details>\n",
            played.curve.policy,
            table(&heads, &rows)
        )
    };
    let content: String = replayed.policies.iter().map(details).collect();
    let reading =
        "Means over the replays. Settings of auto above 1 are budgets in judgments per task.";
    section("Every operating point", reading, &content)
}

fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let line = |tag: &str, cells: &[&str]| {
        let mut text = String::from("<tr>");
        for cell in cells {
            text += &format!("<{tag}>{}</{tag}>", escaped(cell));
        }
        text + "</tr>\n"
    };
    let mut body = String::new();
    for row in rows {
        body += &line("td", &row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    format!(
        "<div class=\"scroll\"><table><thead>{}</thead><tbody>\n{body}</tbody></table></div>\n",
        line("th", heads)
    )
}
