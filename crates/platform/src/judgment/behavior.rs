//! How a judgment came about, as the page told: times and counts, never contents. And in which order options were shown.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::error::FieldError;
use crate::project::{OutputField, OutputType, Question};

/// What the worker's page counted while it showed the task. All of it is optional.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Behavior {
    /// Milliseconds until the first key or click.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_action_ms: Option<u32>,
    /// Milliseconds with the page in front and something happening.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_ms: Option<u32>,
    /// Milliseconds from showing the task to its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_ms: Option<u32>,
    /// How often the worker looked at something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focus_lost: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub focus_lost_ms: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrolls: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clicks: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pastes: Option<u32>,
}

/// For fields whose options were shuffled: their values in the order shown.
pub type ShownOrder = IndexMap<String, Vec<String>>;

/// Whether each list holds exactly the options of its field; those of a template's element may be known to its page only.
pub(crate) fn check_order(order: &ShownOrder, question: &Question) -> Vec<FieldError> {
    let wrong = order.iter().filter_map(|(name, shown)| {
        let message = match question.output.get(name).map(options) {
            None => "is no field of this project".to_owned(),
            Some(None) => "has no options that could be shown in another order".to_owned(),
            Some(Some(options)) if options.is_empty() => return None,
            Some(Some(options)) if !is_permutation(shown, &options) => {
                format!("must name each option once: {}", options.join(", "))
            }
            Some(Some(_)) => return None,
        };
        Some(FieldError::new(name, message))
    });
    wrong.collect()
}

fn options(field: &OutputField) -> Option<Vec<&str>> {
    match &field.kind {
        OutputType::Choice { options } | OutputType::Choices { options, .. } => {
            Some(options.iter().map(|option| option.value.as_str()).collect())
        }
        _ => None,
    }
}

fn is_permutation(shown: &[String], options: &[&str]) -> bool {
    let sorted = |mut values: Vec<String>| {
        values.sort_unstable();
        values
    };
    shown.len() == options.len()
        && sorted(shown.to_vec()) == sorted(options.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_order_names_each_option_once() {
        let question = Question::read(&json!({
            "title": "T", "input": {}, "output": {
                "mood": {"type": "choice", "options": ["good", "bad"]}, "why": {"type": "text"},
            },
        }));
        let question = question.expect("valid");
        let check = |field: &str, shown: &[&str]| {
            let shown = shown.iter().map(ToString::to_string).collect();
            check_order(&ShownOrder::from([(field.to_owned(), shown)]), &question)
        };
        assert!(check("mood", &["bad", "good"]).is_empty());
        for shown in [&["good"][..], &["good", "good"], &["good", "bad", "bad"], &["good", "ugly"]]
        {
            let told = check("mood", shown);
            assert_eq!(told, [FieldError::new("mood", "must name each option once: good, bad")]);
        }
        assert!(check("why", &[])[0].message.starts_with("has no options"));
        assert!(check("mud", &[])[0].message.starts_with("is no field"));
    }
}
