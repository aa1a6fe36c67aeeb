//! Whether confidences are honest, where the truth is known.

use crowdsmith_truth::Beta;
use crowdsmith_truth::calibration::Evaluation;

use super::chart::{Plot, ticks};
use super::html::{section as card, table};
use super::percent;
use crate::data::grouped;
use crate::write::LEVEL;

/// Reliability diagram and scores.
pub(super) fn section(scores: &Evaluation) -> String {
    let lowest =
        scores.curve.iter().filter(|bin| bin.tasks > 0).map(|bin| bin.confidence.min(bin.accuracy));
    let low = (lowest.fold(0.5, f64::min) * 5.0).floor() / 5.0;
    let range = (low, 1.0);
    let mut plot = Plot::new("Share of right labels by confidence", 290.0, range, range);
    let name = |value: f64| format!("{:.0} %", 100.0 * value);
    plot.x_axis("confidence", &ticks(range), name);
    plot.y_axis(&ticks(range), name);
    plot.line("ideal", (low, low), (1.0, 1.0));
    let bins: Vec<_> = scores.curve.iter().filter(|bin| bin.tasks > 0).collect();
    plot.path(&bins.iter().map(|bin| (bin.confidence, bin.accuracy)).collect::<Vec<_>>());
    let largest = bins.iter().map(|bin| bin.tasks).max().unwrap_or(1) as f64;
    for bin in bins {
        let right = bin.accuracy * bin.tasks as f64;
        let interval =
            Beta { alpha: 1.0 + right, beta: 1.0 + bin.tasks as f64 - right }.interval(LEVEL);
        let x = bin.confidence;
        plot.line("faint", (x, interval.low.max(low)), (x, interval.high));
        let hint = format!(
            "{} tasks with confidence {}: {} right",
            grouped(bin.tasks as u64),
            percent(x),
            percent(bin.accuracy)
        );
        plot.dot(
            "dot",
            (x, bin.accuracy),
            (3.0 + 5.0 * (bin.tasks as f64 / largest).sqrt()).round(),
            &hint,
        );
    }
    let figures = [
        ("accuracy", percent(scores.accuracy)),
        ("macro F1", percent(scores.macro_f1)),
        ("expected calibration error", format!("{:.3}", scores.ece)),
        ("log-loss", format!("{:.3}", scores.log_loss)),
        ("Brier score", format!("{:.3}", scores.brier)),
    ];
    let rows: Vec<Vec<String>> =
        figures.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    let caption = format!("over {} tasks with known truth", grouped(scores.tasks as u64));
    let reading = "Of the tasks with a given confidence, how many labels are right, with 95 % intervals. On the dashed line \
                   confidence is honest; below it the method is too sure. Larger dots are more tasks.";
    let content = plot.svg() + &table(&[&caption, "#"], &rows);
    card("calibration", false, "Calibration", reading, &content)
}
