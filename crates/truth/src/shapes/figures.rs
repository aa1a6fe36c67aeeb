//! What can be drawn, how alike two drawings are, and what many of them amount to.

/// A drawing of one object.
pub trait Shape: Clone + Sync + Send {
    /// A coordinate that is not finite, if there is one.
    fn not_finite(&self) -> Option<f64>;

    /// How alike two drawings are: 0 for nothing in common, 1 for equal; symmetric.
    fn similarity(&self, other: &Self) -> f64;

    /// The drawing that stands for several, each with a positive weight; at least one is given.
    fn consensus(shapes: &[(&Self, f64)]) -> Self;
}

/// An upright rectangle in pixels; a negative extent is a rectangle drawn backwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Extent to the right.
    pub width: f64,
    /// Extent downwards.
    pub height: f64,
}

impl BoundingBox {
    /// The same rectangle with extents of at least 0.
    fn forwards(&self) -> Self {
        Self {
            left: self.left + self.width.min(0.0),
            top: self.top + self.height.min(0.0),
            width: self.width.abs(),
            height: self.height.abs(),
        }
    }

    fn area(&self) -> f64 {
        (self.width * self.height).abs()
    }

    fn intersection(&self, other: &Self) -> f64 {
        let overlap = |from: f64, size: f64, other_from: f64, other_size: f64| {
            ((from + size).min(other_from + other_size) - from.max(other_from)).max(0.0)
        };
        let (a, b) = (self.forwards(), other.forwards());
        overlap(a.left, a.width, b.left, b.width) * overlap(a.top, a.height, b.top, b.height)
    }
}

impl Shape for BoundingBox {
    fn not_finite(&self) -> Option<f64> {
        let all = [self.left, self.top, self.width, self.height];
        all.into_iter().find(|value| !value.is_finite())
    }

    /// Intersection over union; two boxes without area are alike if they are equal.
    fn similarity(&self, other: &Self) -> f64 {
        let both = self.intersection(other);
        let union = self.area() + other.area() - both;
        let equal = f64::from(u8::from(self.forwards() == other.forwards()));
        if union > 0.0 { (both / union).clamp(0.0, 1.0) } else { equal }
    }

    /// The weighted mean of every edge.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        let total: f64 = shapes.iter().map(|shape| shape.1).sum();
        let mean = |edge: &dyn Fn(Self) -> f64| -> f64 {
            shapes.iter().map(|(shape, weight)| weight / total * edge(shape.forwards())).sum()
        };
        Self {
            left: mean(&|shape| shape.left),
            top: mean(&|shape| shape.top),
            width: mean(&|shape| shape.width),
            height: mean(&|shape| shape.height),
        }
    }
}

/// Named points of an object in a fixed order, `None` for one that is not there or not visible.
#[derive(Debug, Clone, PartialEq)]
pub struct Keypoints(pub Vec<Option<(f64, f64)>>);

/// How far a point may be off, as a share of the object's size, before its similarity falls to e^-½.
const POINT_SPREAD: f64 = 0.1;

impl Keypoints {
    /// Width times height of the points' bounding box.
    fn extent(&self) -> f64 {
        let points = || self.0.iter().flatten();
        let span = |axis: &dyn Fn(&(f64, f64)) -> f64| {
            let low = points().map(axis).fold(f64::INFINITY, f64::min);
            let high = points().map(axis).fold(f64::NEG_INFINITY, f64::max);
            (high - low).max(0.0)
        };
        span(&|point| point.0) * span(&|point| point.1)
    }
}

impl Shape for Keypoints {
    fn not_finite(&self) -> Option<f64> {
        let mut numbers = self.0.iter().flatten().flat_map(|&(x, y)| [x, y]);
        numbers.find(|value| !value.is_finite())
    }

    /// Object keypoint similarity: the mean of `exp(-d² / (2 s² k²))` over the points that either drawing has, 0 for
    /// one that only one of them has; `s²` is the larger of the two extents, `k` a tenth.
    fn similarity(&self, other: &Self) -> f64 {
        let size = self.extent().max(other.extent()).max(1.0);
        let (mut sum, mut count) = (0.0, 0.0);
        for place in 0..self.0.len().max(other.0.len()) {
            let point = |shape: &Self| shape.0.get(place).copied().flatten();
            match (point(self), point(other)) {
                (Some(a), Some(b)) => {
                    let distance = (a.0 - b.0).powi(2) + (a.1 - b.1).powi(2);
                    sum += (-distance / (2.0 * size * POINT_SPREAD * POINT_SPREAD)).exp();
                    count += 1.0;
                }
                (None, None) => {}
                _ => count += 1.0,
            }
        }
        if count > 0.0 { sum / count } else { 1.0 }
    }

    /// The weighted mean of every point that at least half of the weight has.
    fn consensus(shapes: &[(&Self, f64)]) -> Self {
        let total: f64 = shapes.iter().map(|shape| shape.1).sum();
        let places = shapes.iter().map(|shape| shape.0.0.len()).max().unwrap_or(0);
        let point = |place: usize| {
            let (mut x, mut y, mut seen) = (0.0, 0.0, 0.0);
            for (shape, weight) in shapes {
                if let Some((px, py)) = shape.0.get(place).copied().flatten() {
                    x += weight * px;
                    y += weight * py;
                    seen += weight;
                }
            }
            (seen >= total / 2.0 && seen > 0.0).then(|| (x / seen, y / seen))
        };
        Self((0..places).map(point).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn square(left: f64, top: f64, size: f64) -> BoundingBox {
        BoundingBox { left, top, width: size, height: size }
    }

    #[test]
    fn boxes_by_hand() {
        let (a, b) = (square(0.0, 0.0, 2.0), square(1.0, 1.0, 2.0));
        assert!((a.similarity(&b) - 1.0 / 7.0).abs() < 1e-12);
        assert!(a.similarity(&square(2.0, 0.0, 2.0)).abs() < 1e-12);
        assert!((square(1.0, 1.0, 0.0).similarity(&square(1.0, 1.0, 0.0)) - 1.0).abs() < 1e-12);
        let middle = BoundingBox::consensus(&[(&a, 3.0), (&b, 1.0)]);
        assert!((middle.left - 0.25).abs() < 1e-12 && (middle.width - 2.0).abs() < 1e-12);
        assert!(BoundingBox { width: f64::NAN, ..a }.not_finite().is_some());
        let backwards = BoundingBox { left: 3.0, top: 3.0, width: -2.0, height: -2.0 };
        assert!((backwards.similarity(&b) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn keypoints_by_hand() {
        let a = Keypoints(vec![Some((0.0, 0.0)), Some((10.0, 10.0)), None]);
        let b = Keypoints(vec![Some((1.0, 0.0)), Some((10.0, 10.0)), Some((5.0, 5.0))]);
        // Size 100: one point is off by 1, one is exact, one is missing.
        let expected = ((-1.0f64 / 2.0).exp() + 1.0) / 3.0;
        assert!((a.similarity(&b) - expected).abs() < 1e-12);
        let both = Keypoints::consensus(&[(&a, 2.0), (&b, 1.0)]);
        assert_eq!(both.0[2], None);
        assert!((both.0[0].unwrap().0 - 1.0 / 3.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn box_similarity_is_symmetric_and_bounded(
            a in (-9.0..9.0f64, -9.0..9.0f64, 0.0..9.0f64),
            b in (-9.0..9.0f64, -9.0..9.0f64, 0.0..9.0f64),
        ) {
            let (a, b) = (square(a.0, a.1, a.2), square(b.0, b.1, b.2));
            prop_assert!((0.0..=1.0).contains(&a.similarity(&b)));
            prop_assert!((a.similarity(&b) - b.similarity(&a)).abs() < 1e-12);
        }
    }
}
