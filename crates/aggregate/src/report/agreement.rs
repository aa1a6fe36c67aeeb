//! How far workers agree with each other, before any method.

use crowdsmith_truth::Judgments;
use crowdsmith_truth::agreement::{Krippendorff, Level, Ratings, Weights, fleiss, gwet};

use super::chart::{Plot, short, ticks};
use super::html::{section as card, table};
use crate::data::{Judged, count};

/// Judgments that agreement is computed from; of more, those of every so many tasks.
const MOST: usize = 300_000;
const RESAMPLES: usize = 400;

/// Coefficients in a table, Krippendorff's alpha with its interval on a scale.
pub(super) fn section(judged: &Judged, method: &str) -> String {
    let (ratings, level) = match judged {
        Judged::Classes(judgments) => (
            of_classes(judgments),
            if method == "ordinal" { Level::Ordinal } else { Level::Nominal },
        ),
        Judged::Numbers(measurements) => {
            let every = measurements.task.len().div_ceil(MOST).max(1) as u32;
            let rows = (0..measurements.task.len())
                .filter(|&row| measurements.task[row].is_multiple_of(every));
            let mut ratings = Ratings {
                units: measurements.tasks,
                workers: measurements.workers,
                ..Ratings::default()
            };
            for row in rows {
                ratings.unit.push(measurements.task[row]);
                ratings.worker.push(measurements.worker[row]);
                ratings.value.push(measurements.value[row]);
            }
            (ratings, Level::Interval)
        }
    };
    let name = match level {
        Level::Ordinal => "ordinal",
        Level::Interval => "interval",
        _ => "nominal",
    };
    let nominal = level == Level::Nominal;
    let krippendorff = Krippendorff { level, resamples: RESAMPLES, ..Krippendorff::default() };
    let Ok(alpha) = krippendorff.fit(&ratings) else {
        let reading = "No task has two judgments, so there is nothing to compare.";
        return card("agreement", false, "Agreement", reading, "");
    };
    let (low, high) = alpha.interval.unwrap_or((alpha.value, alpha.value));
    let mut rows = vec![
        vec![format!("Krippendorff's alpha ({name})"), format!("{:.3}", alpha.value)],
        vec!["  its 95 % interval".to_owned(), format!("{low:.3} to {high:.3}")],
    ];
    if nominal {
        let weights = Weights::Identity;
        if let (Ok(fleiss), Ok(gwet)) = (fleiss(&ratings, weights), gwet(&ratings, weights)) {
            rows.push(vec!["Fleiss' kappa".to_owned(), format!("{:.3}", fleiss.value)]);
            rows.push(vec!["Gwet's AC1".to_owned(), format!("{:.3}", gwet.value)]);
            rows.push(vec!["equal pairs of judgments".to_owned(), super::percent(fleiss.observed)]);
        }
    }
    let range = (low.clamp(-1.0, 0.0), 1.0);
    let mut plot = Plot::new("Krippendorff's alpha with its interval", 84.0, range, (0.0, 1.0));
    plot.x_axis("0 is chance, 1 is perfect", &ticks(range), short);
    plot.line("faint", (low.max(range.0), 0.5), (high, 0.5));
    plot.dot("dot", (alpha.value.max(range.0), 0.5), 6.0, &format!("{:.3}", alpha.value));
    let reading = format!(
        "How far workers agree beyond chance, whatever the truth is, from {} of tasks judged at least twice.",
        count(alpha.pairable as u64, "judgment")
    );
    card(
        "agreement",
        false,
        "Agreement",
        &reading,
        &(plot.svg() + &table(&["coefficient", "#"], &rows)),
    )
}

fn of_classes(judgments: &Judgments) -> Ratings {
    let every = judgments.len().div_ceil(MOST).max(1);
    let mut ratings =
        Ratings { units: judgments.tasks(), workers: judgments.workers(), ..Ratings::default() };
    for task in (0..judgments.tasks()).step_by(every) {
        for (worker, label) in judgments.task(task) {
            ratings.unit.push(task as u32);
            ratings.worker.push(worker as u32);
            ratings.value.push(label as f64);
        }
    }
    ratings
}
