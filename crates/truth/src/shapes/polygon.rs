//! Polygons and the area that two of them share.

use super::figures::Shape;
use crate::fit::argmax;

/// A polygon as its corners in order, in pixels; not closed explicitly; with fewer than three it has no area. Where it crosses
/// itself the even-odd rule says what is inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon(pub Vec<(f64, f64)>);

/// Two corners next to each other.
type Edge = ((f64, f64), (f64, f64));

impl Polygon {
    /// Area inside by the even-odd rule, in square pixels.
    pub fn area(&self) -> f64 {
        let edges: Vec<Edge> = self.edges().collect();
        let mut crossings = Vec::new();
        let mut inside = |middle| {
            self.cross(middle, &mut crossings);
            length(&crossings)
        };
        slabs(&edges).map(|(height, middle)| height * inside(middle)).sum()
    }

    /// Area that lies in both.
    ///
    /// Exact: between two neighbouring heights at which an edge starts, ends or crosses another, every width is a
    /// linear function of the height, so its middle says it all. Time (corners of both)³ in the worst case.
    pub fn intersection(&self, other: &Self) -> f64 {
        if self.is_apart(other) {
            return 0.0;
        }
        let edges: Vec<Edge> = self.edges().chain(other.edges()).collect();
        let (mut own, mut others) = (Vec::new(), Vec::new());
        let mut inside = |middle| {
            self.cross(middle, &mut own);
            other.cross(middle, &mut others);
            shared(&own, &others)
        };
        slabs(&edges).map(|(height, middle)| height * inside(middle)).sum()
    }

    /// Intersection over union, 0..=1; two polygons without area are alike if they are equal.
    pub fn intersection_over_union(&self, other: &Self) -> f64 {
        if self == other {
            return 1.0;
        }
        let both = self.intersection(other);
        if both <= 0.0 {
            return 0.0;
        }
        (both / (self.area() + other.area() - both)).clamp(0.0, 1.0)
    }

    /// Whether the rectangles around both have no area in common, which is quick to see.
    fn is_apart(&self, other: &Self) -> bool {
        let ends = |polygon: &Self, axis: fn(&(f64, f64)) -> f64| {
            let places = || polygon.0.iter().map(axis);
            (places().fold(f64::INFINITY, f64::min), places().fold(f64::NEG_INFINITY, f64::max))
        };
        let apart = |axis: fn(&(f64, f64)) -> f64| {
            let (own, others) = (ends(self, axis), ends(other, axis));
            own.1 <= others.0 || others.1 <= own.0
        };
        apart(|corner| corner.0) || apart(|corner| corner.1)
    }

    fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        let next = self.0.iter().skip(1).chain(self.0.first());
        self.0.iter().copied().zip(next.copied())
    }

    /// Where the line at a height crosses edges, from left to right.
    fn cross(&self, y: f64, crossings: &mut Vec<f64>) {
        let cross = |((ax, ay), (bx, by)): ((f64, f64), (f64, f64))| {
            ((ay <= y) != (by <= y)).then(|| ax + (y - ay) / (by - ay) * (bx - ax))
        };
        crossings.clear();
        crossings.extend(self.edges().filter_map(cross));
        crossings.sort_unstable_by(f64::total_cmp);
    }
}

impl Shape for Polygon {
    fn not_finite(&self) -> Option<f64> {
        self.0.iter().flat_map(|&(x, y)| [x, y]).find(|value| !value.is_finite())
    }

    fn similarity(&self, other: &Self) -> f64 {
        self.intersection_over_union(other)
    }

    /// The polygon with the largest weighted similarity to all: corners of different polygons do not correspond.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        // Each is like itself, and any two are compared once.
        let mut support: Vec<f64> = shapes.iter().map(|(_, weight)| *weight).collect();
        for (index, (shape, weight)) in shapes.iter().enumerate() {
            for (place, (other, others)) in shapes[..index].iter().enumerate() {
                let similarity = shape.similarity(other);
                support[index] += others * similarity;
                support[place] += weight * similarity;
            }
        }
        shapes[argmax(&support)].0.clone()
    }
}

/// Horizontal slabs in which no edges start, end or cross: their height and middle.
fn slabs(edges: &[Edge]) -> impl Iterator<Item = (f64, f64)> {
    let mut heights: Vec<f64> = edges.iter().map(|edge| edge.0.1).collect();
    for (index, first) in edges.iter().enumerate() {
        heights.extend(edges[..index].iter().filter_map(|second| crossing(*first, *second)));
    }
    heights.sort_unstable_by(f64::total_cmp);
    heights.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let lower = heights.clone();
    lower
        .into_iter()
        .zip(heights.into_iter().skip(1))
        .map(|(from, to)| (to - from, f64::midpoint(from, to)))
}

/// The height at which two edges cross, if they do between their ends.
fn crossing((a, b): Edge, (c, d): Edge) -> Option<f64> {
    // Most pairs are far from each other, which costs no division to see.
    let apart = |a: f64, b: f64, c: f64, d: f64| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if apart(a.1, b.1, c.1, d.1) || apart(a.0, b.0, c.0, d.0) {
        return None;
    }
    let (along, other) = ((b.0 - a.0, b.1 - a.1), (d.0 - c.0, d.1 - c.1));
    let area = along.0 * other.1 - along.1 * other.0;
    let start = (c.0 - a.0, c.1 - a.1);
    let share = (start.0 * other.1 - start.1 * other.0) / area;
    let other_share = (start.0 * along.1 - start.1 * along.0) / area;
    let inside = |share: f64| (0.0..=1.0).contains(&share);
    (inside(share) && inside(other_share)).then_some(a.1 + share * along.1)
}

/// Total length of the intervals between crossings 0 and 1, 2 and 3, ...
fn length(crossings: &[f64]) -> f64 {
    crossings.chunks_exact(2).map(|pair| pair[1] - pair[0]).sum()
}

fn shared(left: &[f64], right: &[f64]) -> f64 {
    let mut total = 0.0;
    for a in left.chunks_exact(2) {
        for b in right.chunks_exact(2) {
            total += (a[1].min(b[1]) - a[0].max(b[0])).max(0.0);
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Polygon {
        Polygon(vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side)])
    }

    #[test]
    fn areas_by_hand() {
        let triangle = Polygon(vec![(0.0, 0.0), (4.0, 0.0), (0.0, 3.0)]);
        assert!((triangle.area() - 6.0).abs() < 1e-12);
        assert!((square(0.0, 0.0, 2.0).intersection(&square(1.0, 1.0, 2.0)) - 1.0).abs() < 1e-12);
        // A diamond inside a square shares its whole area; corners cut off leave an octagon.
        let diamond = Polygon(vec![(1.0, -0.5), (2.5, 1.0), (1.0, 2.5), (-0.5, 1.0)]);
        assert!((diamond.intersection(&square(0.0, 0.0, 2.0)) - 3.5).abs() < 1e-12);
        // An L has a notch that a square fills.
        let l =
            Polygon(vec![(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0)]);
        assert!((l.area() - 3.0).abs() < 1e-12);
        assert!(l.intersection(&square(1.0, 1.0, 1.0)).abs() < 1e-12);
        // A bow tie is two triangles.
        let bow = Polygon(vec![(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)]);
        assert!((bow.area() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn the_consensus_is_the_polygon_in_the_middle() {
        let shapes = [square(0.0, 0.0, 10.0), square(1.0, 0.0, 10.0), square(2.0, 0.0, 10.0)];
        let weighted: Vec<_> = shapes.iter().map(|shape| (shape, 1.0)).collect();
        assert_eq!(Polygon::consensus(&weighted), shapes[1]);
    }

    proptest! {
        #[test]
        fn similarity_is_symmetric_and_between_zero_and_one(
            a in prop::collection::vec((-5..5i8, -5..5i8), 3..7),
            b in prop::collection::vec((-5..5i8, -5..5i8), 3..7),
        ) {
            let polygon = |corners: Vec<(i8, i8)>| {
                Polygon(corners.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).collect())
            };
            let (a, b) = (polygon(a), polygon(b));
            let similarity = a.similarity(&b);
            prop_assert!((0.0..=1.0).contains(&similarity));
            prop_assert!((similarity - b.similarity(&a)).abs() < 1e-9);
            prop_assert!((a.similarity(&a) - 1.0).abs() < 1e-9);
            prop_assert!(a.intersection(&b) <= a.area().min(b.area()) + 1e-9);
        }
    }
}
