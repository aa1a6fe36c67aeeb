//! What can be decided about a task: one label for each choice and rating, yes or no for each option of `choices`.

use std::sync::Arc;

use crowdsmith_quality::overlap::Overlap as Rule;
use serde_json::{Map, Value};

use crate::policy::Overlap;
use crate::project::{OutputField, OutputType, Question};

#[derive(Debug)]
pub(crate) struct Aspect {
    pub(super) field: String,
    output: Arc<OutputField>,
    kind: Kind,
    pub(super) rule: Rule,
}

#[derive(Debug)]
enum Kind {
    Value(Vec<Value>),
    /// Whether this option is among those chosen.
    Option(String),
}

/// The aspects that a batch's overlap is about, in the question's order.
pub(crate) fn aspects(question: &Question, overlap: &Overlap) -> Vec<Aspect> {
    let mut aspects = Vec::new();
    for (name, field) in &question.output {
        let Some(rule) = overlap.rule_of(name) else { continue };
        let output = Arc::new(field.clone());
        let mut add = |kind| {
            aspects.push(Aspect { field: name.clone(), output: Arc::clone(&output), kind, rule });
        };
        match &field.kind {
            // Options that each task has by itself are unknown beforehand.
            OutputType::Choice { options } if !options.is_empty() => {
                add(Kind::Value(
                    options.iter().map(|option| option.value.as_str().into()).collect(),
                ));
            }
            OutputType::Rating { min, max, .. } => {
                add(Kind::Value((*min..=*max).map(Value::from).collect()));
            }
            OutputType::Choices { options, .. } => {
                for option in options {
                    add(Kind::Option(option.value.clone()));
                }
            }
            _ => {}
        }
    }
    aspects
}

impl Aspect {
    pub(super) fn classes(&self) -> usize {
        match &self.kind {
            Kind::Value(values) => values.len(),
            Kind::Option(_) => 2,
        }
    }

    /// What an output says about it; `None` if nothing, or a value that the question no longer has.
    pub(super) fn label(&self, output: &Map<String, Value>) -> Option<u16> {
        let value = self.output.plain_of(&self.field, output)?;
        match &self.kind {
            Kind::Value(values) => {
                values.iter().position(|known| *known == *value).map(|label| label as u16)
            }
            Kind::Option(option) => {
                Some(u16::from(value.as_array()?.iter().any(|chosen| chosen == option)))
            }
        }
    }
}
