//! Points on the earth: their geometric median.

use serde_json::{Value, json};

use super::crowd::Context;
use super::{Answers, Field, FieldResult};
use crate::error::Result;

/// The point with the smallest sum of distances to all, found by Weiszfeld's iteration (1937; in English
/// doi:10.1007/s10479-008-0352-z) on a plane that touches the earth there: half of the points may be anywhere without
/// moving it far. Without a confidence.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<(u32, [f64; 2])>);

impl Answers for Places {
    fn add(&mut self, row: u32, answer: &Value) {
        let degrees = |key: &str| answer.get(key)?.as_f64();
        if let (Some(latitude), Some(longitude)) = (degrees("latitude"), degrees("longitude")) {
            self.0.push((row, [latitude, longitude]));
        }
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let result = |points: Vec<&[f64; 2]>| {
            let [latitude, longitude] = geometric_median(&points)?;
            let degrees = |degrees: f64| (degrees * 1e6).round() / 1e6;
            Some(FieldResult {
                value: json!({"latitude": degrees(latitude), "longitude": degrees(longitude)}),
                confidence: None,
                judgments: points.len() as i64,
                probabilities: None,
            })
        };
        let groups = context.crowd.by_task(&self.0);
        Ok(Field::Results(groups.into_iter().map(result).collect()))
    }
}

const ROUNDS: usize = 200;
/// Degrees; some 10 cm.
const NEAR: f64 = 1e-6;

fn geometric_median(points: &[&[f64; 2]]) -> Option<[f64; 2]> {
    let [origin_latitude, origin_longitude] = **points.first()?;
    let narrow = origin_latitude.to_radians().cos().max(1e-6);
    // Degrees north and east of the first point, across the line of dates where that is shorter.
    let plane: Vec<[f64; 2]> = points
        .iter()
        .map(|[latitude, longitude]| {
            let east = (longitude - origin_longitude + 540.0).rem_euclid(360.0) - 180.0;
            [latitude - origin_latitude, east * narrow]
        })
        .collect();
    let count = plane.len() as f64;
    let mut median = [0, 1].map(|axis| plane.iter().map(|point| point[axis]).sum::<f64>() / count);
    for _ in 0..ROUNDS {
        let weights: Vec<f64> =
            plane.iter().map(|point| 1.0 / distance(*point, median).max(NEAR / 10.0)).collect();
        let total: f64 = weights.iter().sum();
        let mean = |axis: usize| {
            plane.iter().zip(&weights).map(|(point, weight)| point[axis] * weight / total).sum()
        };
        let next = [mean(0), mean(1)];
        let moved = distance(next, median);
        median = next;
        if moved < NEAR / 10.0 {
            break;
        }
    }
    let longitude = origin_longitude + median[1] / narrow;
    Some([origin_latitude + median[0], (longitude + 540.0).rem_euclid(360.0) - 180.0])
}

fn distance(one: [f64; 2], other: [f64; 2]) -> f64 {
    (one[0] - other[0]).hypot(one[1] - other[1])
}
