//! What a worker gives for the tasks of an assignment: an answer or a skip for each, checked against the question.

use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::same_tasks;
use crate::error::{Error, FieldError, Result};
use crate::hex::hex;
use crate::id::Id;
use crate::judgment::{Behavior, ShownOrder, check_order};
use crate::project::Question;
use crate::skip::{Kind, Skip};

/// What a worker gives for an assignment.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct Submission {
    pub judgments: Vec<Answer>,
}

/// What a worker gives for one task: `output` or `skip`.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct Answer {
    pub task: Id,
    #[schema(value_type = Option<Object>)]
    pub output: Option<Map<String, Value>>,
    pub skip: Option<Skip>,
    /// How the answer came about.
    pub behavior: Option<Behavior>,
    /// For fields whose options were shuffled: their values in the order shown.
    #[schema(value_type = Option<std::collections::HashMap<String, Vec<String>>>)]
    pub order: Option<ShownOrder>,
}

/// A valid answer to a task.
#[derive(Debug)]
pub(crate) struct Answered<'a> {
    /// Its place in the submission.
    place: usize,
    pub(crate) task: Id,
    pub(crate) output: &'a Map<String, Value>,
    pub(super) behavior: Option<&'a Behavior>,
    pub(super) order: Option<&'a ShownOrder>,
}

impl Answered<'_> {
    /// A field of its output, as errors name it.
    pub(crate) fn field(&self, name: &str) -> String {
        format!("judgments[{}].output.{name}", self.place)
    }
}

/// A valid submission.
#[derive(Debug, Default)]
pub(super) struct Given<'a> {
    pub(super) answered: Vec<Answered<'a>>,
    pub(super) skipped: Vec<(Id, &'a Skip)>,
}

impl<'a> Given<'a> {
    /// The submission must name the lease's tasks, each once, and be valid.
    pub(super) fn read(answers: &'a [Answer], tasks: &[Id], question: &Question) -> Result<Self> {
        if !same_tasks(answers.iter().map(|answer| answer.task), tasks) {
            let names: Vec<String> = tasks.iter().map(Id::to_string).collect();
            let message =
                format!("must answer each task of the assignment once: {}", names.join(", "));
            return Err(Error::invalid("judgments", message));
        }
        let mut given = Self::default();
        let mut errors = Vec::new();
        for (place, answer) in answers.iter().enumerate() {
            let wrong = given.add(place, answer, question);
            let at = format!("judgments[{place}]");
            errors.extend(wrong.into_iter().map(|error| FieldError {
                field: if error.field.is_empty() {
                    at.clone()
                } else {
                    format!("{at}.{}", error.field)
                },
                message: error.message,
            }));
        }
        if errors.is_empty() { Ok(given) } else { Err(Error::Invalid(errors)) }
    }

    /// Tasks that were reported.
    pub(super) fn problems(&self) -> i64 {
        let reported = self.skipped.iter().filter(|(_, skip)| skip.kind == Kind::Problem);
        reported.count() as i64
    }

    /// Adds what was given for one task; answers what is wrong with it.
    fn add(&mut self, place: usize, answer: &'a Answer, question: &Question) -> Vec<FieldError> {
        let below = |table: &str, errors: Vec<FieldError>| {
            let below = |error: FieldError| {
                FieldError::new(format!("{table}.{}", error.field), error.message)
            };
            errors.into_iter().map(below).collect::<Vec<_>>()
        };
        match (&answer.output, &answer.skip) {
            (Some(output), None) => {
                let (behavior, order) = (answer.behavior.as_ref(), answer.order.as_ref());
                self.answered.push(Answered { place, task: answer.task, output, behavior, order });
                let mut errors = below("output", question.check_output(output));
                errors.extend(below(
                    "order",
                    order.map_or_else(Vec::new, |order| check_order(order, question)),
                ));
                if behavior.is_some() && !question.page.records_behavior() {
                    let message = "is not recorded in this project; leave it out";
                    errors.push(FieldError::new("behavior", message));
                }
                errors
            }
            (None, Some(_)) if !question.page.allows_skips() => {
                vec![FieldError::new(
                    "skip",
                    "is not possible in this project; answer the task, or return the assignment",
                )]
            }
            (None, Some(skip)) => {
                self.skipped.push((answer.task, skip));
                below("skip", skip.check())
            }
            (Some(_), Some(_)) => {
                vec![FieldError::new("", "has `output` and `skip`; give one of them")]
            }
            (None, None) => vec![FieldError::new("", "has neither `output` nor `skip`")],
        }
    }
}

/// Checks valid answers against the inputs of their tasks.
pub(super) fn check_on(
    answers: &[Answer],
    inputs: &[(Id, String)],
    question: &Question,
) -> Result<()> {
    let mut errors = Vec::new();
    for (place, answer) in answers.iter().enumerate() {
        let input = inputs.iter().find(|(task, _)| *task == answer.task);
        let (Some((_, input)), Some(output)) = (input, &answer.output) else { continue };
        let input: Map<String, Value> = serde_json::from_str(input)
            .map_err(|error| Error::Internal(format!("a stored input: {error}")))?;
        errors.extend(question.check_on(&input, output).into_iter().map(|error| {
            FieldError::new(format!("judgments[{place}].output.{}", error.field), error.message)
        }));
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// The output as JSON, with the fields in the question's order, and what else was submitted (parts of flattened answers)
/// after them.
pub(super) fn stored_output(output: &Map<String, Value>, question: &Question) -> String {
    let fields = question.output.keys().filter_map(|name| output.get_key_value(name));
    let others = output.iter().filter(|(name, _)| !question.output.contains_key(*name));
    let given = fields.chain(others).filter(|(_, value)| !value.is_null());
    let given: Map<String, Value> =
        given.map(|(name, value)| (name.clone(), value.clone())).collect();
    Value::Object(given).to_string()
}

/// SHA-256 of a submission, the same for the same answers and skips in any order of tasks and keys. How answers came
/// about is not part of it.
pub(super) fn hash_of(answers: &[Answer]) -> String {
    let mut sorted: Vec<&Answer> = answers.iter().collect();
    sorted.sort_by_key(|answer| answer.task);
    let mut hasher = Sha256::new();
    for answer in sorted {
        hasher.update(answer.task.0.to_le_bytes());
        let output = answer.output.iter().flatten();
        let mut fields: Vec<(&String, &Value)> =
            output.filter(|(_, value)| !value.is_null()).collect();
        fields.sort_by_key(|(name, _)| *name);
        hasher.update(serde_json::to_string(&fields).unwrap_or_default());
        if let Some(skip) = &answer.skip {
            hasher.update(serde_json::to_string(skip).unwrap_or_default());
        }
    }
    hex(&hasher.finalize())
}
