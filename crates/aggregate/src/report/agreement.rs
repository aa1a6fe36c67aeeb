//! How far workers agree with each other, before any method.

use crowdsmith_truth::Judgments;
use crowdsmith_truth::agreement::{Krippendorff, Level, Ratings, Weights, fleiss, gwet};
use crowdsmith_truth::numeric::Measurements;

use super::chart::{Plot, short, ticks};
use super::classes::votes;
use super::html::{section as card, table};
use super::percent;
use crate::data::{Judged, count};

/// Judgments that agreement is computed from; of more, those of every so many tasks.
const MOST: usize = 300_000;
const RESAMPLES: usize = 400;

/// Coefficients in a table, Krippendorff's alpha with its interval on a scale, and how united votes are.
pub(super) fn section(judged: &Judged, method: &str, wide: bool) -> String {
    let (ratings, level, name) = match judged {
        Judged::Classes(data) if method == "ordinal" => {
            (of_classes(data), Level::Ordinal, "ordinal")
        }
        Judged::Classes(data) => (of_classes(data), Level::Nominal, "nominal"),
        Judged::Numbers(data) => (of_numbers(data), Level::Interval, "interval"),
    };
    let nominal = level == Level::Nominal;
    let krippendorff = Krippendorff { level, resamples: RESAMPLES, ..Krippendorff::default() };
    let Ok(alpha) = krippendorff.fit(&ratings) else {
        let reading = "No task has two judgments, so there is nothing to compare.";
        return card("agreement", wide, "Agreement", reading, "");
    };
    let (low, high) = alpha.interval.unwrap_or((alpha.value, alpha.value));
    let mut rows = vec![
        vec![format!("Krippendorff's alpha ({name})"), format!("{:.3}", alpha.value)],
        vec!["its 95 % interval".to_owned(), format!("{low:.3} to {high:.3}")],
    ];
    if nominal {
        rows.extend(others(&ratings));
    }
    let scale = scale(alpha.value, low, high);
    let mut content =
        format!("<div class=\"pair\"><div>{scale}{}</div>", table(&["coefficient", "#"], &rows));
    if let Judged::Classes(judgments) = judged {
        content += &format!("<div>{}</div>", votes(judgments));
    }
    content += "</div>\n";
    let reading = format!(
        "How far workers agree beyond chance, whatever the truth is, from {} of tasks judged at least twice.",
        count(alpha.pairable as u64, "judgment")
    );
    card("agreement", wide, "Agreement", &reading, &content)
}

/// Alpha as a dot with its interval.
fn scale(value: f64, low: f64, high: f64) -> String {
    let range = (low.clamp(-1.0, 0.0), 1.0);
    let mut plot = Plot::new("Krippendorff's alpha with its interval", 84.0, range, (0.0, 1.0));
    plot.x_axis("0 is chance, 1 is perfect", &ticks(range), short);
    plot.line("faint", (low.max(range.0), 0.5), (high, 0.5));
    plot.dot("dot", (value.max(range.0), 0.5), 6.0, &format!("{value:.3}"));
    plot.svg()
}

/// Coefficients for labels without order.
fn others(ratings: &Ratings) -> Vec<Vec<String>> {
    let weights = Weights::Identity;
    let (Ok(fleiss), Ok(gwet)) = (fleiss(ratings, weights), gwet(ratings, weights)) else {
        return Vec::new();
    };
    vec![
        vec!["Fleiss' kappa".to_owned(), format!("{:.3}", fleiss.value)],
        vec!["Gwet's AC1".to_owned(), format!("{:.3}", gwet.value)],
        vec!["equal pairs of judgments".to_owned(), percent(fleiss.observed)],
    ]
}

fn of_classes(judgments: &Judgments) -> Ratings {
    let every = judgments.len().div_ceil(MOST).max(1);
    let units = judgments.tasks().div_ceil(every);
    let mut ratings = Ratings { units, workers: judgments.workers(), ..Ratings::default() };
    for unit in 0..units {
        for (worker, label) in judgments.task(unit * every) {
            ratings.unit.push(unit as u32);
            ratings.worker.push(worker as u32);
            ratings.value.push(label as f64);
        }
    }
    ratings
}

fn of_numbers(measurements: &Measurements) -> Ratings {
    let every = measurements.task.len().div_ceil(MOST).max(1) as u32;
    let units = measurements.tasks.div_ceil(every as usize);
    let mut ratings = Ratings { units, workers: measurements.workers, ..Ratings::default() };
    for (row, &task) in measurements.task.iter().enumerate() {
        if task.is_multiple_of(every) {
            ratings.unit.push(task / every);
            ratings.worker.push(measurements.worker[row]);
            ratings.value.push(measurements.value[row]);
        }
    }
    ratings
}
