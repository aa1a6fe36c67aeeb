//! Answers that are written: `text`, `json`; and `consent`, which is given to a text.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::OutputType;
use super::part::Part;
use crate::project::keys::{Keys, shown};

const LONGEST_TEXT: i64 = 100_000;
const DEFAULT_LONGEST_TEXT: i64 = 10_000;
/// Keys that a JSON answer may have to have.
const MOST_KEYS: usize = 100;

/// Any JSON. Value: the JSON itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Json {
    /// Keys that the answer, an object, must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
}

/// Agreement to a text. Value: `{"agreed": true, "version": "2", "at": "2026-01-31T12:00:00Z"}`; plain: `true`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Consent {
    /// What is agreed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The text's version, which the answer repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

pub(super) fn read_text(keys: &mut Keys) -> OutputType {
    let max_length = keys.count("max_length", 1..=LONGEST_TEXT).unwrap_or(DEFAULT_LONGEST_TEXT);
    OutputType::Text {
        min_length: keys.count("min_length", 0..=max_length),
        max_length,
        multiline: keys.truth("multiline").unwrap_or(false),
        placeholder: keys.text("placeholder"),
    }
}

/// A text without limits of its own.
pub(super) fn any_text(multiline: bool) -> OutputType {
    OutputType::Text { min_length: None, max_length: LONGEST_TEXT, multiline, placeholder: None }
}

pub(super) fn check_text(min_length: i64, max_length: i64, value: &Value) -> Result<(), String> {
    let text = value.as_str().ok_or_else(|| format!("must be a text, not {}", shown(value)))?;
    let length = text.trim().chars().count() as i64;
    if length < min_length {
        return Err(format!("must have at least {min_length} characters, not {length}"));
    }
    if length > max_length {
        return Err(format!("must have at most {max_length} characters, not {length}"));
    }
    Ok(())
}

impl Json {
    pub(super) fn read(keys: &mut Keys) -> Self {
        Self { keys: keys.texts("keys", 0..=MOST_KEYS).unwrap_or_default() }
    }

    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        let whole = Part::of(value);
        for key in &self.keys {
            if whole.optional(key)?.is_none() {
                return Err(format!("must have the key `{key}`"));
            }
        }
        Ok(())
    }
}

impl Consent {
    pub(super) fn read(keys: &mut Keys) -> Self {
        Self { text: keys.text("text"), version: keys.text("version") }
    }

    pub(super) fn check(&self, required: bool, value: &Value) -> Result<(), String> {
        let whole = Part::of(value);
        let agreed = match value {
            Value::Bool(agreed) => *agreed,
            _ => whole.key("agreed")?.truth()?,
        };
        if required && !agreed {
            return Err("must be agreed to".into());
        }
        if !value.is_object() {
            return Ok(());
        }
        if let (Some(version), Some(given)) = (&self.version, whole.optional("version")?)
            && given.text()? != version
        {
            return Err(given.wrong(format!("`{version}`, the version of the text")));
        }
        if let Some(at) = whole.optional("at")? {
            super::part::check_time(&at)?;
        }
        Ok(())
    }
}

/// Whether somebody agreed.
pub(super) fn plain_consent(value: &Value) -> Cow<'_, Value> {
    match value.get("agreed") {
        Some(agreed @ Value::Bool(_)) => Cow::Borrowed(agreed),
        _ => Cow::Borrowed(value),
    }
}
