//! Key points: one pixel each.

use crowdsmith_truth::shapes::Shape;
use serde_json::{Map, Value, json};

use super::{Drawing, object, whole};

/// How far off a point may be, as a share of the picture's diagonal, before its similarity falls to e^-½.
const SPREAD: f64 = 0.02;

/// A point with a name; points of different names have nothing in common, however near.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    label: String,
    x: f64,
    y: f64,
    /// The picture's diagonal.
    size: f64,
}

impl Shape for Point {
    fn not_finite(&self) -> Option<f64> {
        [self.x, self.y].into_iter().find(|value| !value.is_finite())
    }

    /// `exp(-d² / (2 s² k²))` as in object keypoint similarity, with the picture's diagonal for `s` and 0.02 for `k`.
    fn similarity(&self, other: &Self) -> f64 {
        if self.label != other.label {
            return 0.0;
        }
        let off = (self.x - other.x).hypot(self.y - other.y) / (SPREAD * self.size);
        (-off * off / 2.0).exp()
    }

    /// The weighted mean.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        let total: f64 = shapes.iter().map(|(_, weight)| weight).sum();
        let mean = |axis: &dyn Fn(&Self) -> f64| {
            shapes.iter().map(|(point, weight)| axis(point) * weight / total).sum()
        };
        Self { x: mean(&|point| point.x), y: mean(&|point| point.y), ..shapes[0].0.clone() }
    }
}

impl Drawing for Point {
    fn read(mark: &Value, size: f64) -> Option<Self> {
        let label = mark.get("label")?.as_str()?.to_owned();
        Some(Self { label, x: mark.get("x")?.as_f64()?, y: mark.get("y")?.as_f64()?, size })
    }

    fn write(&self) -> Map<String, Value> {
        object(json!({"x": whole(self.x), "y": whole(self.y)}))
    }
}
