//! Stretches on one axis: of a text, in characters, or of a sound or film, in seconds.

use crowdsmith_truth::shapes::Shape;
use serde_json::{Map, Value, json};

use super::{Drawing, object};

/// From `start` to `end`, the end exclusive; in an answer `startOffset` and `endOffset`, whole characters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stretch {
    pub(crate) start: f64,
    pub(crate) end: f64,
}

impl Shape for Stretch {
    fn not_finite(&self) -> Option<f64> {
        [self.start, self.end].into_iter().find(|value| !value.is_finite())
    }

    /// Intersection over union.
    fn similarity(&self, other: &Self) -> f64 {
        let both = (self.end.min(other.end) - self.start.max(other.start)).max(0.0);
        let union = (self.end - self.start) + (other.end - other.start) - both;
        if union > 0.0 {
            (both / union).clamp(0.0, 1.0)
        } else {
            f64::from(u8::from(self == other))
        }
    }

    /// The weighted median of both ends: an end that somebody chose, not one in the middle of a word.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        let median = |end: &dyn Fn(&Self) -> f64| {
            let mut ends: Vec<(f64, f64)> =
                shapes.iter().map(|(shape, weight)| (end(shape), *weight)).collect();
            ends.sort_by(|one, two| one.0.total_cmp(&two.0));
            let half = ends.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
            let mut below = 0.0;
            let reaches_half = |(_, weight): &&(f64, f64)| {
                below += weight;
                below >= half - 1e-9
            };
            ends.iter().find(reaches_half).map_or(0.0, |(end, _)| *end)
        };
        Self { start: median(&|shape| shape.start), end: median(&|shape| shape.end) }
    }
}

impl Drawing for Stretch {
    fn read(mark: &Value, _: f64) -> Option<Self> {
        let number = |key: &str| mark.get(key)?.as_f64();
        Some(Self { start: number("startOffset")?, end: number("endOffset")? })
    }

    fn write(&self) -> Map<String, Value> {
        object(json!({"startOffset": self.start as i64, "endOffset": self.end as i64}))
    }
}

/// The same in seconds; in an answer `start` and `end`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Segment(Stretch);

impl Shape for Segment {
    fn not_finite(&self) -> Option<f64> {
        self.0.not_finite()
    }

    fn similarity(&self, other: &Self) -> f64 {
        self.0.similarity(&other.0)
    }

    /// The weighted mean of both ends.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        let total: f64 = shapes.iter().map(|(_, weight)| weight).sum();
        let mean = |end: &dyn Fn(&Self) -> f64| {
            shapes.iter().map(|(shape, weight)| end(shape) * weight / total).sum()
        };
        Self(Stretch { start: mean(&|shape| shape.0.start), end: mean(&|shape| shape.0.end) })
    }
}

impl Drawing for Segment {
    fn read(mark: &Value, _: f64) -> Option<Self> {
        let number = |key: &str| mark.get(key)?.as_f64();
        Some(Self(Stretch { start: number("start")?, end: number("end")? }))
    }

    /// To the millisecond.
    fn write(&self) -> Map<String, Value> {
        let seconds = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
        object(json!({"start": seconds(self.0.start), "end": seconds(self.0.end)}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_by_hand() {
        let stretch = |start, end| Stretch { start, end };
        let (one, two, three) = (stretch(0.0, 4.0), stretch(2.0, 6.0), stretch(0.0, 6.0));
        assert!((one.similarity(&two) - 2.0 / 6.0).abs() < 1e-12);
        assert!(one.similarity(&stretch(4.0, 6.0)).abs() < 1e-12);
        let both = Stretch::consensus(&[(&one, 1.0), (&two, 1.0), (&three, 1.0)]);
        assert_eq!(both, stretch(0.0, 6.0));
        let mean = Segment::consensus(&[(&Segment(one), 3.0), (&Segment(two), 1.0)]);
        assert_eq!(mean, Segment(stretch(0.5, 4.5)));
    }
}
