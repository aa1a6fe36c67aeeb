//! Polylines and straight lines.

use crowdsmith_truth::shapes::Shape;
use serde_json::{Map, Value};

use super::{Drawing, read_corners, write_corners};

/// Mean distance of two curves, as a share of the picture's diagonal, at which their similarity has fallen to e^-½.
const SPREAD: f64 = 0.02;
/// Places along a curve at which it is compared.
const PLACES: usize = 33;

/// A line of any number of corners; its direction means nothing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Curve {
    corners: Vec<(f64, f64)>,
    /// Points at equal distances along it.
    places: Vec<(f64, f64)>,
    /// The picture's diagonal.
    size: f64,
}

impl Curve {
    fn new(corners: Vec<(f64, f64)>, size: f64) -> Self {
        Self { places: along(&corners), corners, size }
    }
}

/// `PLACES` points at equal distances from the first corner to the last.
fn along(corners: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let lengths: Vec<f64> = corners.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
    let total: f64 = lengths.iter().sum();
    let place = |place: usize| {
        let mut left = total * place as f64 / (PLACES - 1) as f64;
        for (pair, length) in corners.windows(2).zip(&lengths) {
            if left <= *length && *length > 0.0 {
                return between(pair[0], pair[1], left / length);
            }
            left -= length;
        }
        corners[corners.len() - 1]
    };
    (0..PLACES).map(place).collect()
}

fn distance(one: (f64, f64), other: (f64, f64)) -> f64 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

fn between(one: (f64, f64), other: (f64, f64), share: f64) -> (f64, f64) {
    (one.0 + (other.0 - one.0) * share, one.1 + (other.1 - one.1) * share)
}

impl Shape for Curve {
    fn not_finite(&self) -> Option<f64> {
        self.corners.iter().flat_map(|&(x, y)| [x, y]).find(|value| !value.is_finite())
    }

    /// `exp(-d² / (2 s² k²))` of the mean distance between points at equal shares of the length, in the better of the two
    /// directions; `s` is the picture's diagonal and `k` 0.02.
    fn similarity(&self, other: &Self) -> f64 {
        let mean = |others: &mut dyn Iterator<Item = &(f64, f64)>| -> f64 {
            self.places.iter().zip(others).map(|(own, other)| distance(*own, *other)).sum::<f64>()
                / PLACES as f64
        };
        let apart = mean(&mut other.places.iter()).min(mean(&mut other.places.iter().rev()));
        let off = apart / (SPREAD * self.size);
        (-off * off / 2.0).exp()
    }

    /// The curve with the largest weighted similarity to all: corners of different curves do not correspond.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        let support = |shape: &Self| -> f64 {
            shapes.iter().map(|(other, weight)| weight * shape.similarity(other)).sum()
        };
        let best = shapes.iter().rev().max_by(|one, two| support(one.0).total_cmp(&support(two.0)));
        best.unwrap_or(&shapes[0]).0.clone()
    }
}

impl Drawing for Curve {
    fn read(mark: &Value, size: f64) -> Option<Self> {
        read_corners(mark)
            .filter(|corners| corners.len() > 1)
            .map(|corners| Self::new(corners, size))
    }

    fn write(&self) -> Map<String, Value> {
        write_corners(&self.corners)
    }
}

/// A straight line between two ends, which do correspond.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line(Curve);

impl Shape for Line {
    fn not_finite(&self) -> Option<f64> {
        self.0.not_finite()
    }

    fn similarity(&self, other: &Self) -> f64 {
        self.0.similarity(&other.0)
    }

    /// The weighted mean of both ends, each line in the direction that is nearer to the first.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        let total: f64 = shapes.iter().map(|(_, weight)| weight).sum();
        let first = &shapes[0].0.0;
        let mut ends = [(0.0, 0.0); 2];
        for (line, weight) in shapes {
            let own = [line.0.corners[0], line.0.corners[1]];
            let apart = |ends: [(f64, f64); 2]| {
                distance(ends[0], first.corners[0]) + distance(ends[1], first.corners[1])
            };
            let turned = [own[1], own[0]];
            let nearer = if apart(turned) < apart(own) { turned } else { own };
            for (end, own) in ends.iter_mut().zip(nearer) {
                *end = (end.0 + own.0 * weight / total, end.1 + own.1 * weight / total);
            }
        }
        Self(Curve::new(ends.to_vec(), first.size))
    }
}

impl Drawing for Line {
    fn read(mark: &Value, size: f64) -> Option<Self> {
        Curve::read(mark, size).filter(|curve| curve.corners.len() == 2).map(Self)
    }

    fn write(&self) -> Map<String, Value> {
        self.0.write()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(corners: &[(f64, f64)]) -> Curve {
        Curve::new(corners.to_vec(), 1000.0)
    }

    #[test]
    fn direction_and_corners_do_not_matter() {
        let one = curve(&[(0.0, 0.0), (100.0, 0.0)]);
        let other = curve(&[(100.0, 0.0), (40.0, 0.0), (0.0, 0.0)]);
        assert!((one.similarity(&other) - 1.0).abs() < 1e-9);
        // 20 pixels of 1000 are one spread.
        let beside = curve(&[(0.0, 20.0), (100.0, 20.0)]);
        assert!((one.similarity(&beside) - (-0.5_f64).exp()).abs() < 1e-9);
    }

    #[test]
    fn lines_meet_in_the_middle() {
        let line = |ends: &[(f64, f64)]| Line(curve(ends));
        let (one, two) = (line(&[(0.0, 0.0), (10.0, 0.0)]), line(&[(10.0, 2.0), (0.0, 2.0)]));
        let middle = Line::consensus(&[(&one, 1.0), (&two, 1.0)]);
        assert_eq!(middle.0.corners, [(0.0, 1.0), (10.0, 1.0)]);
    }
}
