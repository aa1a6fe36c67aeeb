//! Answers by choosing: `choice`, `choices`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::OutputType;
use super::part::listed;
use crate::error::{Error, Result};
use crate::project::keys::{Keys, shown};

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Choice {
    pub value: String,
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The key that chooses this option, beside its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

const MOST_OPTIONS: usize = 1000;

impl Choice {
    /// An option that is shown as what it is.
    pub(super) fn plain(value: String) -> Self {
        Self { label: value.clone(), value, help: None, key: None }
    }
}

pub(super) fn read_options(keys: &mut Keys) -> Option<Vec<Choice>> {
    let Some(Value::Array(list)) = keys.get("options") else {
        keys.error("options", "must be a list of the possible answers");
        return None;
    };
    if list.is_empty() || list.len() > MOST_OPTIONS {
        keys.error("options", format!("must have 1 to {MOST_OPTIONS} entries, not {}", list.len()));
        return None;
    }
    let path = keys.path_of("options");
    let read: Vec<_> = list
        .iter()
        .enumerate()
        .filter_map(|(index, option)| keys.part(read_option(&format!("{path}[{index}]"), option)))
        .collect();
    for (index, option) in read.iter().enumerate() {
        if read[..index].iter().any(|earlier| earlier.value == option.value) {
            keys.error("options", format!("`{}` stands there twice", option.value));
        }
        if option.key.is_some() && read[..index].iter().any(|earlier| earlier.key == option.key) {
            keys.error(
                "options",
                format!("the key of `{}` is already another option's", option.value),
            );
        }
    }
    Some(read)
}

fn read_option(path: &str, option: &Value) -> Result<Choice> {
    match option {
        Value::String(value) if value.is_empty() => Err(Error::invalid(path, "must not be empty")),
        Value::String(value) => Ok(Choice::plain(value.clone())),
        Value::Number(number) => Ok(Choice::plain(number.to_string())),
        Value::Object(_) => {
            let mut keys = Keys::of(path, option)?;
            let value = keys.text("value").filter(|value| !value.is_empty());
            if value.is_none() {
                keys.error("value", "is missing");
            }
            let label = keys.text("label").or_else(|| value.clone());
            let help = keys.text("help");
            let key = keys.text("key");
            if key.as_ref().is_some_and(|key| key.chars().count() != 1 || key.trim().is_empty()) {
                keys.error("key", "must be one character");
            }
            keys.finish(|| Choice {
                value: value.unwrap_or_default(),
                label: label.unwrap_or_default(),
                help,
                key,
            })
        }
        _ => Err(Error::invalid(
            path,
            format!("must be a text or a table with `value`, not {}", shown(option)),
        )),
    }
}

pub(super) fn read_choices(keys: &mut Keys, required: bool) -> Option<OutputType> {
    let options = read_options(keys);
    let most = options.as_ref().map_or(1, Vec::len) as i64;
    let min = keys.count("min", 0..=most).unwrap_or(i64::from(required));
    let max = keys.count("max", min.max(1)..=most);
    options.map(|options| OutputType::Choices { options, min, max })
}

/// Where no options are known (a template gives each task its own) any text will do.
pub(super) fn check_option(options: &[Choice], value: &Value) -> Result<(), String> {
    let known =
        |text: &str| options.is_empty() || options.iter().any(|option| option.value == text);
    match value.as_str() {
        Some(text) if known(text) => Ok(()),
        _ if options.is_empty() => Err(format!("must be a text, not {}", shown(value))),
        _ => {
            let values = listed(options.iter().map(|option| option.value.as_str()));
            Err(format!("must be one of {values}; not {}", shown(value)))
        }
    }
}

pub(super) fn check_choices(
    options: &[Choice],
    min: i64,
    max: Option<i64>,
    value: &Value,
) -> Result<(), String> {
    let Some(chosen) = value.as_array() else {
        return Err(format!("must be a list, not {}", shown(value)));
    };
    for (index, one) in chosen.iter().enumerate() {
        check_option(options, one)?;
        if chosen[..index].contains(one) {
            return Err(format!("names {} twice", shown(one)));
        }
    }
    let count = chosen.len() as i64;
    match max {
        _ if count < min => Err(format!("must have at least {min} of the options, not {count}")),
        Some(max) if count > max => {
            Err(format!("must have at most {max} of the options, not {count}"))
        }
        _ => Ok(()),
    }
}

/// The one text chosen in `"x"`, `{"label": "x"}` of a classifier, or `{"x": true, "y": false}` of radio buttons.
pub(super) fn chosen(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(object) => match object.get("label") {
            Some(Value::String(label)) => Some(label),
            _ => match ticked(value)?.as_slice() {
                [one] => Some(one),
                _ => None,
            },
        },
        _ => None,
    }
}

/// What is on in `{"x": true, "y": false}`.
fn ticked(value: &Value) -> Option<Vec<&str>> {
    let object = value.as_object()?;
    object.values().all(Value::is_boolean).then(|| {
        let ticked = object.iter().filter(|(_, on)| **on == Value::Bool(true));
        ticked.map(|(key, _)| key.as_str()).collect()
    })
}

/// The list chosen in `["x"]`, `{"labels": ["x"]}`, `{"x": true, "y": false}` or, of a plain form, `"x|y"`.
pub(super) fn plain_list<'v>(options: &[Choice], value: &'v Value) -> Cow<'v, Value> {
    match value {
        Value::Object(object) => match object.get("labels") {
            Some(labels @ Value::Array(_)) => Cow::Borrowed(labels),
            _ => ticked(value).map_or(Cow::Borrowed(value), |ticked| Cow::Owned(ticked.into())),
        },
        Value::String(text) if options.iter().any(|option| option.value == *text) => {
            Cow::Owned(Value::from(vec![text.as_str()]))
        }
        Value::String(text) => Cow::Owned(split(text)),
        _ => Cow::Borrowed(value),
    }
}

/// `"x|y"` as a list.
pub(super) fn split(text: &str) -> Value {
    text.split('|').map(str::trim).collect()
}
