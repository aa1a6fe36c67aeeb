//! What workers draw and mark: read from the answers of elements, compared, and written as such answers again.
//!
//! Only `result` and `gold` use this; that an answer is well formed `project` has checked when it came in, so what cannot
//! be read here is left out.

mod curve;
mod point;
mod region;
mod stretch;
mod track;

use crowdsmith_truth::shapes::{BoundingBox, Polygon, Shape, assign};
use serde_json::{Map, Value, json};

pub(crate) use curve::{Curve, Line};
pub(crate) use point::Point;
pub(crate) use region::{Painted, Region, vote};
pub(crate) use stretch::{Segment, Stretch};
pub(crate) use track::Track;

/// A shape that an answer holds any number of.
pub(crate) trait Drawing: Shape {
    /// Reads one entry of an answer's list; `size` is the diagonal of the picture, in pixels.
    fn read(mark: &Value, size: f64) -> Option<Self>;

    /// The entry without its label.
    fn write(&self) -> Map<String, Value>;
}

/// One entry of an answer's list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Marked<D> {
    pub(crate) label: String,
    pub(crate) shape: D,
    /// What is said there (a segment that is transcribed).
    pub(crate) text: Option<String>,
}

/// The list `key` of an answer.
pub(crate) fn read_all<D: Drawing>(answer: &Value, key: &str) -> Vec<Marked<D>> {
    let size = diagonal(answer);
    let text = |mark: &Value, key: &str| mark.get(key)?.as_str().map(|text| text.trim().to_owned());
    let read = |mark: &Value| {
        Some(Marked {
            label: text(mark, "label")?,
            shape: D::read(mark, size)?,
            text: text(mark, "text"),
        })
    };
    let list = answer.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(read).collect()
}

/// The diagonal of the picture that an answer is about; 1 if it is about none.
fn diagonal(answer: &Value) -> f64 {
    let side = |key: &str| answer.get("inputImageProperties")?.get(key)?.as_f64();
    let diagonal = side("width").unwrap_or(0.0).hypot(side("height").unwrap_or(0.0));
    if diagonal > 0.0 { diagonal } else { 1.0 }
}

/// Whether two answers hold the same: every shape of one has one of the other with the same label and at least this
/// similarity.
pub(crate) fn is_same<D: Drawing>(one: &[Marked<D>], other: &[Marked<D>], similarity: f64) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let score = |own: &Marked<D>, other: &Marked<D>| {
        let alike = if own.label == other.label { own.shape.similarity(&other.shape) } else { 0.0 };
        if alike >= similarity { 1.0 + alike } else { 0.0 }
    };
    let scores: Vec<f64> =
        one.iter().flat_map(|own| other.iter().map(move |other| score(own, other))).collect();
    let assigned = assign(one.len(), other.len(), &scores);
    let matches = |(place, found): (usize, Option<usize>)| {
        found.is_some_and(|found| scores[place * other.len() + found] > 0.0)
    };
    assigned.into_iter().enumerate().all(matches)
}

impl Drawing for BoundingBox {
    fn read(mark: &Value, _: f64) -> Option<Self> {
        let number = |key: &str| mark.get(key)?.as_f64();
        Some(Self {
            left: number("left")?,
            top: number("top")?,
            width: number("width")?,
            height: number("height")?,
        })
    }

    /// Edges on whole pixels: a crowd is no more precise.
    fn write(&self) -> Map<String, Value> {
        let (left, top) = (self.left.round(), self.top.round());
        let width = (self.left + self.width).round() - left;
        let height = (self.top + self.height).round() - top;
        let mark = json!({
            "left": whole(left), "top": whole(top), "width": whole(width.max(1.0)), "height": whole(height.max(1.0)),
        });
        object(mark)
    }
}

impl Drawing for Polygon {
    fn read(mark: &Value, _: f64) -> Option<Self> {
        read_corners(mark).map(Self)
    }

    fn write(&self) -> Map<String, Value> {
        write_corners(&self.0)
    }
}

fn read_corners(mark: &Value) -> Option<Vec<(f64, f64)>> {
    let corner = |corner: &Value| Some((corner.get("x")?.as_f64()?, corner.get("y")?.as_f64()?));
    mark.get("vertices")?.as_array()?.iter().map(corner).collect()
}

fn write_corners(corners: &[(f64, f64)]) -> Map<String, Value> {
    let corner = |(x, y): &(f64, f64)| json!({"x": whole(*x), "y": whole(*y)});
    object(json!({"vertices": corners.iter().map(corner).collect::<Vec<_>>()}))
}

fn whole(pixels: f64) -> i64 {
    pixels.round() as i64
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxes(list: &[(&str, i64)]) -> Vec<Marked<BoundingBox>> {
        let mark = |(label, left): &(&str, i64)| json!({"label": label, "left": left, "top": 0, "width": 10, "height": 10});
        let answer = json!({"boundingBoxes": list.iter().map(mark).collect::<Vec<_>>()});
        read_all(&answer, "boundingBoxes")
    }

    #[test]
    fn the_same_is_the_same_in_any_order() {
        let one = boxes(&[("cat", 0), ("dog", 100)]);
        assert!(is_same(&one, &boxes(&[("dog", 101), ("cat", 2)]), 0.5));
        assert!(!is_same(&one, &boxes(&[("dog", 101), ("cat", 8)]), 0.5), "too far off");
        assert!(!is_same(&one, &boxes(&[("cat", 101), ("dog", 2)]), 0.5), "labels swapped");
        assert!(!is_same(&one, &boxes(&[("cat", 0)]), 0.5), "one is missing");
        assert!(is_same(&boxes(&[]), &boxes(&[]), 0.5));
    }

    #[test]
    fn boxes_are_written_on_whole_pixels_inside() {
        let mean = BoundingBox { left: 600.4, top: 0.5, width: 39.6, height: 479.5 };
        assert_eq!(
            Value::Object(mean.write()),
            json!({"left": 600, "top": 1, "width": 40, "height": 479})
        );
    }
}
