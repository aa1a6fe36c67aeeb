//! Whether an answer is an acceptable one, for every type of field.

use crowdsmith_truth::shapes::{BoundingBox, Polygon, Shape as _};
use indexmap::IndexMap;
use serde_json::Value;

use crate::drawing::{self, Curve, Drawing, Line, Painted, Point, Region, Segment, Stretch, Track};
use crate::project::{OutputField, OutputType};

/// What two drawings of one object have in common at least.
const SHAPES: f64 = 0.5;
/// What two paintings have in common at least: outlines follow the picture, so that more can be asked.
const PAINTED: f64 = 0.7;
/// Spans begin and end at the same characters.
const EXACT: f64 = 1.0 - 1e-9;
/// Metres between two points that are the same place.
const NEAR: f64 = 100.0;

/// Compares plain answers. Texts are the same without regard to case and white space, lists without regard to order but for
/// rankings; shapes if each has one of the same label and an overlap of a half, spans to the character.
pub(super) fn is_same(field: &OutputField, accepted: &Value, given: &Value) -> bool {
    match &field.kind {
        OutputType::Ranking(_) | OutputType::Json(_) => accepted == given,
        OutputType::Boxes(_) => shapes::<BoundingBox>("boundingBoxes", SHAPES, accepted, given),
        OutputType::Polygons(_) => shapes::<Polygon>("polygons", SHAPES, accepted, given),
        OutputType::Polylines(_) => shapes::<Curve>("polylines", SHAPES, accepted, given),
        OutputType::Lines(_) => shapes::<Line>("lines", SHAPES, accepted, given),
        OutputType::Keypoints(_) => shapes::<Point>("keypoints", SHAPES, accepted, given),
        OutputType::VideoBoxes(_) => shapes::<Track>("tracks", SHAPES, accepted, given),
        OutputType::AudioSegments(_) | OutputType::VideoSegments(_) => {
            shapes::<Segment>("segments", SHAPES, accepted, given)
        }
        OutputType::Spans(_) => shapes::<Stretch>("entities", EXACT, accepted, given),
        OutputType::Relations(_) => {
            shapes::<Stretch>("entities", EXACT, accepted, given)
                && relations(accepted) == relations(given)
        }
        OutputType::Mask(_) | OutputType::Instances(_) => painted(accepted, given),
        OutputType::Likert(_) => accepted
            .as_object()
            .into_iter()
            .flatten()
            .all(|(id, place)| given.get(id) == Some(place)),
        OutputType::Pages(_) => same_set(accepted.get("pages"), given.get("pages")),
        OutputType::Place(_) | OutputType::Location(_) => {
            metres(accepted, given).is_some_and(|metres| metres <= NEAR)
        }
        _ => is_same_value(accepted, given),
    }
}

fn is_same_value(accepted: &Value, given: &Value) -> bool {
    match (accepted, given) {
        (Value::String(one), Value::String(two)) => folded(one) == folded(two),
        (Value::Number(one), Value::Number(two)) => one.as_f64() == two.as_f64(),
        (Value::Array(_), Value::Array(_)) => same_set(Some(accepted), Some(given)),
        (accepted, Value::Number(number)) => {
            let within = |(min, max)| number.as_f64().is_some_and(|own| min <= own && own <= max);
            super::answers::range(accepted).is_some_and(within)
        }
        (one, two) => one == two,
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether two lists, neither of which has anything twice, hold the same.
fn same_set(one: Option<&Value>, other: Option<&Value>) -> bool {
    let (Some(Value::Array(one)), Some(Value::Array(other))) = (one, other) else { return false };
    one.len() == other.len() && one.iter().all(|entry| other.contains(entry))
}

fn shapes<D: Drawing>(key: &str, similarity: f64, accepted: &Value, given: &Value) -> bool {
    let (accepted, given) =
        (drawing::read_all::<D>(accepted, key), drawing::read_all::<D>(given, key));
    drawing::is_same(&accepted, &given, similarity)
}

/// Relations by what they go from and to, sorted.
fn relations(answer: &Value) -> Option<Vec<String>> {
    let entities = answer.get("entities")?.as_array()?;
    let end = |relation: &Value, key: &str| {
        let entity = entities.get(relation.get(key)?.as_u64()? as usize)?;
        Some(format!(
            "{} {} {}",
            entity.get("label")?,
            entity.get("startOffset")?,
            entity.get("endOffset")?
        ))
    };
    let relation = |one: &Value| {
        Some(format!("{} {} {}", one.get("label")?, end(one, "from")?, end(one, "to")?))
    };
    let mut relations: Vec<String> =
        answer.get("relations")?.as_array()?.iter().map(relation).collect::<Option<_>>()?;
    relations.sort_unstable();
    Some(relations)
}

/// Whether each layer of one has its own in the other.
fn painted(accepted: &Value, given: &Value) -> bool {
    let (Some(accepted), Some(given)) = (Painted::read(accepted), Painted::read(given)) else {
        return false;
    };
    let by_label = |painted: Painted| {
        let mut layers: IndexMap<String, Vec<Region>> = IndexMap::new();
        for (label, region) in painted.layers.into_iter().filter(|(_, region)| !region.is_empty()) {
            layers.entry(label).or_default().push(region);
        }
        layers
    };
    let (accepted, given) = (by_label(accepted), by_label(given));
    accepted.len() == given.len()
        && accepted.iter().all(|(label, regions)| {
            given.get(label).is_some_and(|others| {
                let has_own = |region: &Region| {
                    others.iter().any(|other| region.similarity(other) >= PAINTED)
                };
                regions.len() == others.len() && regions.iter().all(has_own)
            })
        })
}

/// The distance of two places on a sphere (haversine formula).
fn metres(one: &Value, other: &Value) -> Option<f64> {
    const RADIUS: f64 = 6_371_008.8;
    let radians = |place: &Value, key: &str| Some(place.get(key)?.as_f64()?.to_radians());
    let (from, to) = (radians(one, "latitude")?, radians(other, "latitude")?);
    let (north, east) = (to - from, radians(other, "longitude")? - radians(one, "longitude")?);
    let half = (north / 2.0).sin().powi(2) + from.cos() * to.cos() * (east / 2.0).sin().powi(2);
    Some(2.0 * RADIUS * half.sqrt().min(1.0).asin())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Question;
    use serde_json::json;

    fn same(definition: &Value, accepted: &Value, given: &Value) -> bool {
        let question = json!({
            "title": "T", "output": {"f": definition},
            "input": {"i": {"type": "image"}, "t": {"type": "text"}},
        });
        let question = Question::read(&question).expect("valid");
        let field = &question.output["f"];
        for answer in [accepted, given] {
            assert_eq!(field.check(answer), Ok(()), "{answer}");
        }
        is_same(field, &field.plain(accepted), &field.plain(given))
    }

    #[test]
    fn drawings_are_the_same_when_they_overlap() {
        let definition = json!({"type": "boxes", "labels": ["cat", "dog"]});
        let boxes = |label: &str, left: i64| {
            json!({
                "boundingBoxes": [{"label": label, "left": left, "top": 0, "width": 100, "height": 100}],
                "inputImageProperties": {"width": 640, "height": 480},
            })
        };
        assert!(same(&definition, &boxes("cat", 0), &boxes("cat", 20)));
        assert!(!same(&definition, &boxes("cat", 0), &boxes("cat", 50)));
        assert!(!same(&definition, &boxes("cat", 0), &boxes("dog", 0)));
    }

    #[test]
    fn spans_and_relations_are_the_same_to_the_character() {
        let definition = json!({"type": "relations", "labels": ["P"], "relations": ["r"]});
        let answer = |first: [i64; 2], second: [i64; 2], from: i64, to: i64| {
            let span = |[start, end]: [i64; 2]| json!({"label": "P", "startOffset": start, "endOffset": end});
            json!({
                "entities": [span(first), span(second)],
                "relations": [{"label": "r", "from": from, "to": to}],
            })
        };
        let accepted = answer([0, 3], [5, 9], 0, 1);
        assert!(same(&definition, &accepted, &answer([5, 9], [0, 3], 1, 0)));
        assert!(!same(&definition, &accepted, &answer([5, 9], [0, 3], 0, 1)));
        assert!(!same(&definition, &accepted, &answer([0, 3], [5, 8], 0, 1)));
    }

    #[test]
    fn other_types_are_compared_in_their_way() {
        let ranking = json!({"type": "ranking", "items": ["a", "b"]});
        assert!(same(&ranking, &json!({"ranking": ["a", "b"]}), &json!(["a", "b"])));
        assert!(!same(&ranking, &json!(["b", "a"]), &json!(["a", "b"])));
        let place = |latitude: f64| json!({"latitude": latitude, "longitude": 13.4});
        // A thousandth of a degree of latitude is 111 metres.
        assert!(same(&json!({"type": "place"}), &place(52.5), &place(52.5008)));
        assert!(!same(&json!({"type": "place"}), &place(52.5), &place(52.501)));
        let likert = json!({"type": "likert", "statements": ["x", "y"], "scale": ["no", "yes"]});
        assert!(!same(&likert, &json!({"x": 1, "y": 1}), &json!({"x": 1, "y": 2})));
        let mask = |run: std::ops::Range<u32>| {
            let layers = vec![("sky".to_owned(), [run].into_iter().collect())];
            Painted { width: 10, height: 10, layers }.write_mask()
        };
        let definition = json!({"type": "mask", "labels": ["sky"]});
        assert!(same(&definition, &mask(0..50), &mask(0..45)));
        assert!(!same(&definition, &mask(0..50), &mask(0..30)));
    }
}
