//! The acceptable answers to a gold task.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::same::is_same;
use crate::error::{Error, FieldError, Result};
use crate::project::{OutputField, OutputType, Question};

/// For each field that is known, its acceptable answers. A number may be a range, as `{"min": 3, "max": 5}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = std::collections::HashMap<String, Vec<Object>>)]
pub struct Answers(pub IndexMap<String, Vec<Value>>);

impl Answers {
    /// Reads the `answers` of a request: for each field an answer, or a list of them.
    pub fn read(question: &Question, given: &Map<String, Value>) -> Result<Self> {
        let mut answers = IndexMap::new();
        let mut errors = Vec::new();
        for (name, value) in given {
            let place = format!("answers.{name}");
            let Some(field) = question.output.get(name) else {
                let known: Vec<&str> = question.output.keys().map(String::as_str).collect();
                let message = format!("is no field of this project; it has {}", known.join(", "));
                errors.push(FieldError::new(place, message));
                continue;
            };
            match accepted(field, value) {
                Ok(accepted) => drop(answers.insert(name.clone(), accepted)),
                Err(message) => errors.push(FieldError::new(place, message)),
            }
        }
        if given.is_empty() {
            errors.push(FieldError::new("answers", "must name at least one field"));
        }
        if errors.is_empty() { Ok(Self(answers)) } else { Err(Error::Invalid(errors)) }
    }

    pub(super) fn stored(json: &str) -> Result<Self> {
        serde_json::from_str(json)
            .map_err(|error| Error::Internal(format!("stored gold answers: {error}")))
    }

    /// Whether an output gives an acceptable answer to every field that is known.
    pub(crate) fn accept(&self, question: &Question, output: &Map<String, Value>) -> bool {
        self.0.iter().all(|(name, accepted)| {
            let field = question.output.get(name);
            let given = field.and_then(|field| Some((field, field.plain_of(name, output)?)));
            given.is_some_and(|(field, given)| {
                accepted.iter().any(|one| is_same(field, one, &given))
            })
        })
    }

    /// The answers as an output, of those fields that have only one.
    pub(super) fn as_output(&self) -> Map<String, Value> {
        let only = |(field, accepted): (&String, &Vec<Value>)| match accepted.as_slice() {
            [one] if range(one).is_none() => Some((field.clone(), one.clone())),
            _ => None,
        };
        self.0.iter().filter_map(only).collect()
    }
}

/// Reads one answer or a list of them, in their plain form. Where an answer is a list itself, several are a list of lists.
pub(super) fn accepted(field: &OutputField, value: &Value) -> Result<Vec<Value>, String> {
    let several = match (&field.kind, value) {
        (OutputType::Json(_), _) => false,
        (_, Value::Array(list)) if is_list(field) => list.iter().any(|one| !one.is_string()),
        (_, value) => value.is_array(),
    };
    let list = match value {
        Value::Array(list) if several => list.clone(),
        one => vec![one.clone()],
    };
    if list.is_empty() {
        return Err("must have at least one acceptable answer".into());
    }
    list.iter().map(|one| check(field, one)).collect()
}

/// Whether an answer to the field is a list in its plain form.
fn is_list(field: &OutputField) -> bool {
    match &field.kind {
        OutputType::Choices { .. } | OutputType::Ranking(_) => true,
        OutputType::Taxonomy(taxonomy) => taxonomy.multiple,
        _ => false,
    }
}

/// The plain form of an acceptable answer.
fn check(field: &OutputField, value: &Value) -> Result<Value, String> {
    let is_number = matches!(field.kind, OutputType::Number { .. } | OutputType::Rating { .. });
    match range(value).filter(|_| is_number) {
        Some((min, max)) if min <= max => Ok(value.clone()),
        None if !is_number || !value.is_object() => {
            field.check(value).map(|()| field.plain(value).into_owned())
        }
        _ => {
            Err("must be an answer, or for a number a range such as {\"min\": 3, \"max\": 5}"
                .into())
        }
    }
}

/// The bounds of `{"min": 3, "max": 5}`.
pub(super) fn range(value: &Value) -> Option<(f64, f64)> {
    let range = value.as_object().filter(|range| range.len() == 2)?;
    Some((range.get("min")?.as_f64()?, range.get("max")?.as_f64()?))
}

/// Reads a CSV cell: several answers stand with `|` between them, a range of numbers as `3..5`.
pub(super) fn parse(field: &OutputField, cell: &str) -> Result<Vec<Value>, String> {
    let one = |text: &str| -> Result<Value, String> {
        let range =
            text.split_once("..").filter(|_| matches!(field.kind, OutputType::Number { .. }));
        if let Some((min, max)) = range {
            let bound = |text: &str| {
                text.trim().parse::<f64>().map_err(|_| format!("`{text}` is not a number"))
            };
            return Ok(serde_json::json!({"min": bound(min)?, "max": bound(max)?}));
        }
        field.parse(text.trim())?.ok_or_else(|| "must not be empty".to_owned())
    };
    let has_several = match &field.kind {
        OutputType::Taxonomy(taxonomy) => !taxonomy.multiple,
        kind => kind.is_classic() || matches!(kind, OutputType::Comparison(_)),
    };
    // Elsewhere `|` stands between the parts of one answer, or in JSON.
    let list = if has_several && !matches!(field.kind, OutputType::Choices { .. }) {
        cell.split('|').map(one).collect::<Result<Vec<Value>, String>>()?
    } else if cell.starts_with('[') {
        let json = serde_json::from_str(cell).map_err(|error| format!("is not JSON: {error}"))?;
        return accepted(field, &json);
    } else {
        vec![one(cell)?]
    };
    accepted(field, &Value::Array(list))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn question() -> Question {
        Question::read(&json!({
            "title": "T", "input": {},
            "output": {
                "mood": {"type": "choice", "options": ["good", "bad", "so-so"]},
                "tags": {"type": "choices", "options": ["a", "b", "c"]},
                "count": {"type": "number"},
                "name": {"type": "text"},
            },
        }))
        .expect("valid")
    }

    fn accepts(answers: Value, output: Value) -> bool {
        let (Value::Object(answers), Value::Object(output)) = (answers, output) else {
            panic!("tables")
        };
        Answers::read(&question(), &answers).expect("valid").accept(&question(), &output)
    }

    #[test]
    fn any_acceptable_answer_of_every_known_field_is_right() {
        assert!(accepts(json!({"mood": ["good", "so-so"]}), json!({"mood": "so-so", "count": 9})));
        assert!(!accepts(json!({"mood": ["good", "so-so"]}), json!({"mood": "bad"})));
        assert!(!accepts(json!({"mood": "good", "count": 2}), json!({"mood": "good"})));
        assert!(accepts(json!({"count": 2}), json!({"count": 2.0})));
        assert!(accepts(json!({"count": {"min": 1, "max": 3}}), json!({"count": 3})));
        assert!(!accepts(json!({"count": {"min": 1, "max": 3}}), json!({"count": 3.5})));
        assert!(accepts(json!({"name": "Ada  Lovelace"}), json!({"name": " ada lovelace "})));
        assert!(accepts(json!({"tags": ["a", "b"]}), json!({"tags": ["b", "a"]})));
        assert!(!accepts(json!({"tags": ["a", "b"]}), json!({"tags": ["a"]})));
        assert!(accepts(json!({"tags": [["a"], ["b"]]}), json!({"tags": ["b"]})));
    }

    #[test]
    fn cells_hold_several_answers_and_ranges() {
        let parse = |field: &str, cell: &str| parse(&question().output[field], cell);
        assert_eq!(parse("mood", "good| bad"), Ok(vec![json!("good"), json!("bad")]));
        assert_eq!(parse("count", "3..5"), Ok(vec![json!({"min": 3.0, "max": 5.0})]));
        assert_eq!(parse("tags", "a|c"), Ok(vec![json!(["a", "c"])]));
        assert!(parse("mood", "great").unwrap_err().contains("must be one of good, bad, so-so"));
    }

    #[test]
    fn answers_that_no_worker_could_give_are_refused() {
        for (given, told) in [
            (json!({"mood": "great"}), "answers.mood: must be one of"),
            (json!({"moood": "good"}), "answers.moood: is no field"),
            (json!({"mood": []}), "answers.mood: must have at least one"),
            (
                json!({"count": {"min": 3}}),
                "answers.count: must be an answer, or for a number a range",
            ),
            (json!({}), "answers: must name at least one field"),
        ] {
            let Value::Object(map) = &given else { panic!("a table") };
            let error = Answers::read(&question(), map).expect_err("is wrong").to_string();
            assert!(error.starts_with(told), "{given}: {error}");
        }
    }
}
