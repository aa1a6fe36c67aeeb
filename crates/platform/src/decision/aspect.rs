//! What can be decided about a task: one label for each choice, rating, comparison and statement of a survey, and for the
//! node of a small taxonomy; yes or no for each option of `choices`, and for each node where there may be several.

use std::sync::Arc;

use crowdsmith_quality::overlap::Overlap as Rule;
use serde_json::{Map, Value};

use crate::policy::Overlap;
use crate::project::{OutputField, OutputType, Question, Statement};

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
    /// The place, from 1, of the answer to this statement on a scale of so many.
    Statement(String, usize),
}

/// A larger taxonomy has too many nodes for the tables of the worker models.
const MOST_NODES: usize = 60;

/// The types of field that can be decided, as a message says them.
pub(crate) const DECIDABLE: &str =
    "choice, choices, rating, comparison, likert, or taxonomy of at most 60 nodes";

/// Whether answers to a field are the same or not, so that agreement can decide on them.
pub(crate) fn is_decidable(field: &OutputField) -> bool {
    !kinds(field).is_empty()
}

/// The aspects that a batch's overlap is about, in the question's order.
pub(crate) fn aspects(question: &Question, overlap: &Overlap) -> Vec<Aspect> {
    let mut aspects = Vec::new();
    for (name, field) in &question.output {
        let Some(rule) = overlap.rule_of(name) else { continue };
        let output = Arc::new(field.clone());
        aspects.extend(kinds(field).into_iter().map(|kind| Aspect {
            field: name.clone(),
            output: Arc::clone(&output),
            kind,
            rule,
        }));
    }
    aspects
}

/// What there is to decide about a field. Options that each task has by itself are unknown beforehand.
fn kinds(field: &OutputField) -> Vec<Kind> {
    let values = |values: Vec<Value>| match values.len() {
        0 => Vec::new(),
        _ => vec![Kind::Value(values)],
    };
    match &field.kind {
        OutputType::Choice { options } => {
            values(options.iter().map(|option| option.value.as_str().into()).collect())
        }
        OutputType::Rating { min, max, .. } => values((*min..=*max).map(Value::from).collect()),
        OutputType::Comparison(comparison) => {
            values(comparison.sides().iter().copied().map(Value::from).collect())
        }
        OutputType::Choices { options, .. } => {
            options.iter().map(|option| Kind::Option(option.value.clone())).collect()
        }
        OutputType::Taxonomy(taxonomy) => {
            let nodes = taxonomy.nodes.as_deref().unwrap_or_default();
            let ids = nodes.iter().map(|node| &node.id).filter(|_| nodes.len() <= MOST_NODES);
            if taxonomy.multiple {
                ids.cloned().map(Kind::Option).collect()
            } else {
                values(ids.map(|id| id.as_str().into()).collect())
            }
        }
        OutputType::Likert(likert) => {
            let statements = likert.statements.iter().flatten();
            let points = likert.scale.as_ref().map_or(0, Vec::len);
            let statement = |one: &Statement| Kind::Statement(one.id.clone(), points);
            statements.filter(|_| points > 0).map(statement).collect()
        }
        _ => Vec::new(),
    }
}

impl Aspect {
    pub(super) fn classes(&self) -> usize {
        match &self.kind {
            Kind::Value(values) => values.len(),
            Kind::Option(_) => 2,
            Kind::Statement(_, points) => *points,
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
            Kind::Statement(id, points) => {
                let place = value.get(id)?.as_u64()?.checked_sub(1)? as usize;
                (place < *points).then_some(place as u16)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_are_decided_part_by_part() {
        let nodes: Vec<String> = (0..61).map(|node| format!("n{node}")).collect();
        let question = json!({
            "title": "T", "input": {"t": {}},
            "output": {
                "better": {"type": "comparison", "first": "t", "second": "t"},
                "survey": {"type": "likert", "statements": ["x", "y"], "scale": ["no", "so", "yes"]},
                "kind": {"type": "taxonomy", "nodes": ["A > B", "C"]},
                "large": {"type": "taxonomy", "nodes": nodes},
                "names": {"type": "spans", "labels": ["PER"]},
            },
        });
        let question = Question::read(&question).expect("valid");
        let overlap = Overlap::fixed(3);
        let aspects = aspects(&question, &overlap);
        let classes: Vec<(&str, usize)> =
            aspects.iter().map(|aspect| (aspect.field.as_str(), aspect.classes())).collect();
        assert_eq!(classes, [("better", 3), ("survey", 3), ("survey", 3), ("kind", 3)]);
        let output = json!({
            "better": {"choice": "tie"}, "survey": {"y": 3}, "kind": {"id": "C", "path": ["C"]},
        });
        let Value::Object(output) = output else { panic!("a table") };
        let labels: Vec<Option<u16>> = aspects.iter().map(|aspect| aspect.label(&output)).collect();
        assert_eq!(labels, [Some(2), None, Some(2), Some(2)]);
        assert!(
            !is_decidable(&question.output["names"]) && !is_decidable(&question.output["large"])
        );
    }
}
