//! Whether an answer comes from the place of its task.

use std::collections::HashMap;

use serde_json::Value;

use super::{Point, sql};
use crate::assignment::Answered;
use crate::db::Connection;
use crate::error::{FieldError, Result};
use crate::id::Id;
use crate::policy::PlaceTerms;
use crate::project::{OutputType, Question};
use crate::time::{MINUTE, Time};

/// By how much a worker's clock may be wrong.
const SKEW: i64 = 2 * MINUTE;
/// Metres of inaccuracy that are forgiven at least; beyond these and the distance that is allowed, a vague position proves
/// nothing.
const VAGUE: f64 = 100.0;

/// What is wrong with the positions (output fields of type `location`) in the answers of a submission: each must be near the
/// place of its task, and from the time of the assignment. Tasks without a place are fine from anywhere.
pub(crate) async fn check_answers(
    tx: &mut Connection,
    terms: PlaceTerms,
    (claimed_at, now): (Time, Time),
    question: &Question,
    answers: &[Answered<'_>],
) -> Result<Vec<FieldError>> {
    let is_position = |(_, field): &(&String, &crate::project::OutputField)| {
        matches!(field.kind, OutputType::Location(_))
    };
    let fields = question.output.iter().filter(is_position).map(|(name, _)| name.as_str());
    let fields: Vec<&str> = fields.collect();
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let tasks: Vec<Id> = answers.iter().map(|answer| answer.task).collect();
    let places: HashMap<Id, Point> = sql::of_tasks(tx, &tasks).await?.into_iter().collect();
    let mut errors = Vec::new();
    for answer in answers {
        for name in &fields {
            let Some(position) = answer.output.get(*name).filter(|value| !value.is_null()) else {
                continue;
            };
            let place = places.get(&answer.task).copied();
            let wrong = too_far(terms, place, position).or(wrong_time(position, claimed_at, now));
            errors.extend(wrong.map(|message| FieldError::new(answer.field(name), message)));
        }
    }
    Ok(errors)
}

fn too_far(terms: PlaceTerms, place: Option<Point>, position: &Value) -> Option<String> {
    let (place, here) = (place?, Point::of(position)?);
    let distance = place.distance(here);
    let accuracy = position.get("accuracy").and_then(Value::as_f64).unwrap_or_default();
    let most = terms.max_distance + accuracy.clamp(0.0, terms.max_distance.max(VAGUE));
    (distance > most).then(|| {
        format!(
            "is {distance:.0} m from the task's place; go within {} m of it (this position is known to {accuracy:.0} m)",
            terms.max_distance
        )
    })
}

fn wrong_time(position: &Value, claimed_at: Time, now: Time) -> Option<String> {
    let at: Time = serde_json::from_value(position.get("at")?.clone()).ok()?;
    if at < claimed_at.plus(-SKEW) {
        Some(format!("was found at {at}, before you took this task; find where you are once more"))
    } else if at > now.plus(SKEW) {
        Some(format!("was found at {at}, which is later than now; set your device's clock"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_position_may_be_off_by_distance_and_accuracy() {
        let terms = PlaceTerms { max_distance: 50.0 };
        let place = Point::new(52.5, 13.4);
        // A degree of latitude is 111.195 km.
        let north = |metres: f64, accuracy: f64| {
            let latitude = 52.5 + metres / 111_195.0;
            too_far(
                terms,
                place,
                &json!({"latitude": latitude, "longitude": 13.4, "accuracy": accuracy}),
            )
        };
        assert_eq!(north(49.0, 0.0), None);
        assert_eq!(north(69.0, 20.0), None);
        assert!(north(52.0, 0.0).is_some_and(|told| told.starts_with("is 52 m from")));
        assert!(north(72.0, 20.0).is_some());
        assert!(north(200.0, 5_000.0).is_some(), "a vague position proves nothing");
        assert_eq!(too_far(terms, None, &json!({"latitude": 0, "longitude": 0})), None);
    }

    #[test]
    fn a_position_is_from_the_time_of_the_assignment() {
        let (claimed, now) = (Time::from_micros(600 * MINUTE), Time::from_micros(610 * MINUTE));
        let at = |minute: i64| {
            let at = Time::from_micros(minute * MINUTE).to_string();
            wrong_time(&json!({"at": at}), claimed, now)
        };
        assert_eq!((at(598), at(605), at(612)), (None, None, None));
        assert!(at(597).is_some_and(|told| told.contains("before you took")));
        assert!(at(613).is_some_and(|told| told.contains("later than now")));
    }
}
