//! What the commands print for people.

use crowdsmith_quality::replay::{Curve, Mean};

use crate::replay::Replayed;

/// Operating points of a policy that are printed; the report has all.
const SHOWN: usize = 8;

/// The table of what was replayed.
pub(crate) fn replayed(replayed: &Replayed) -> String {
    let recording = &replayed.recorded.recording;
    let judgments: usize = recording.tasks.iter().map(Vec::len).sum();
    let known = recording.truth.iter().flatten().count();
    let mut text = format!(
        "{}: {judgments} judgments of {} tasks by {} workers, {} labels; truth of {known} tasks\n",
        replayed.name,
        recording.tasks.len(),
        recording.workers,
        recording.classes
    );
    for note in &replayed.recorded.notes {
        text += &format!("{note}\n");
    }
    text += &format!(
        "\nTo reach {} (Dawid-Skene on all judgments, less half a point):\n",
        percent(replayed.goal)
    );
    for played in &replayed.policies {
        let (judgments, seeds) = played.reaches;
        let name = played.curve.policy;
        text += &if seeds == 0 {
            format!("  {name:20} never\n")
        } else {
            format!(
                "  {name:20} {judgments:6.2} judgments a task{} ({seeds} replays get there)\n",
                cost(replayed, judgments)
            )
        };
    }
    for played in &replayed.policies {
        text += &curve(replayed, &played.curve);
    }
    text
}

fn curve(replayed: &Replayed, curve: &Curve) -> String {
    let mut text = format!(
        "\n{}\n   setting  judgments/task  accuracy      ±  done ≤2  done ≤4  right at target\n",
        curve.policy
    );
    for point in thinned(curve) {
        let target = point.at_target.map_or_else(|| "–".to_owned(), percent);
        text += &format!(
            "{:>10} {:>15.2} {:>9} {:>6.1} {:>8} {:>8} {:>16}{}\n",
            point.setting,
            point.judgments_per_task,
            percent(point.accuracy),
            100.0 * point.deviation,
            percent(point.done_with_2),
            percent(point.done_with_4),
            target,
            cost(replayed, point.judgments_per_task),
        );
    }
    if let Some(gold) = curve.points.first().filter(|point| point.gold_judgments > 0.0) {
        text += &format!("   beside these {:.0} judgments on gold tasks\n", gold.gold_judgments);
    }
    text
}

/// Some of the points, evenly spread, the first and last among them; of a policy that takes targets only those.
fn thinned(curve: &Curve) -> Vec<&Mean> {
    let asked = |point: &&Mean| !curve.policy.has_targets() || point.setting <= 1.0;
    let points: Vec<&Mean> = curve.points.iter().filter(asked).collect();
    if points.len() <= SHOWN {
        return points;
    }
    let last = points.len() - 1;
    (0..SHOWN).map(|index| points[index * last / (SHOWN - 1)]).collect()
}

/// What so many judgments of each task cost, where there is a price.
pub(crate) fn cost(replayed: &Replayed, judgments_per_task: f64) -> String {
    let tasks = replayed.recorded.recording.tasks.len() as f64;
    replayed.price.map_or_else(String::new, |price| {
        format!("  cost {:.2}", price * tasks * judgments_per_task)
    })
}

/// A share as per cent with one digit.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
