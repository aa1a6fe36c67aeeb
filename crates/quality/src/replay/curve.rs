//! Points of one policy put together over the seeds.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Point, Policy};

/// Accuracy against judgments of one policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curve {
    /// The policy.
    pub policy: Policy,
    /// Means over the seeds, by ascending setting.
    pub points: Vec<Mean>,
}

/// The mean of the points of one setting.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mean {
    /// The policy's setting.
    pub setting: f64,
    /// Judgments per task.
    pub judgments_per_task: f64,
    /// Share of right labels.
    pub accuracy: f64,
    /// Standard deviation of the accuracy over the seeds.
    pub deviation: f64,
    /// Share of tasks done with at most 2 judgments.
    pub done_with_2: f64,
    /// Share of tasks done with at most 4 judgments.
    pub done_with_4: f64,
    /// Accuracy among the tasks stopped at the target.
    pub at_target: Option<f64>,
    /// Judgments on gold tasks.
    pub gold_judgments: f64,
}

impl Curve {
    /// The curve of the points of all seeds.
    pub fn new(policy: Policy, points: &[Point]) -> Self {
        let mut settings: BTreeMap<u64, Vec<&Point>> = BTreeMap::new();
        for point in points {
            // Settings are positive, so that their bits are in their order.
            settings.entry(point.setting.to_bits()).or_default().push(point);
        }
        Self { policy, points: settings.values().map(|points| mean(points)).collect() }
    }
}

fn mean(points: &[&Point]) -> Mean {
    let count = points.len() as f64;
    let of =
        |value: fn(&Point) -> f64| points.iter().map(|point| value(point)).sum::<f64>() / count;
    let accuracy = of(|point| point.accuracy);
    let squares = of(|point| point.accuracy * point.accuracy);
    let stopped: Vec<f64> = points.iter().filter_map(|point| point.at_target).collect();
    Mean {
        setting: points[0].setting,
        judgments_per_task: of(|point| point.judgments_per_task),
        accuracy,
        deviation: (squares - accuracy * accuracy).max(0.0).sqrt(),
        done_with_2: of(|point| point.done_with_2),
        done_with_4: of(|point| point.done_with_4),
        at_target: (!stopped.is_empty())
            .then(|| stopped.iter().sum::<f64>() / stopped.len() as f64),
        gold_judgments: of(|point| point.gold_judgments as f64),
    }
}

/// Judgments per task at which one seed's points first reach an accuracy, between two points on the straight line
/// between them; `None` if they never do.
pub fn judgments_to_reach(points: &[Point], accuracy: f64) -> Option<f64> {
    let mut places: Vec<(f64, f64)> =
        points.iter().map(|point| (point.judgments_per_task, point.accuracy)).collect();
    places.sort_by(|one, other| one.0.total_cmp(&other.0));
    let reached = places.iter().position(|place| place.1 >= accuracy)?;
    let (there, right) = places[reached];
    let Some(&(before, wrong)) = reached.checked_sub(1).and_then(|index| places.get(index)) else {
        return Some(there);
    };
    Some(before + (accuracy - wrong) / (right - wrong) * (there - before))
}
