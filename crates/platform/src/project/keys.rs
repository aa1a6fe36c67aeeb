//! Reads a table of settings strictly: every wrong or unknown key is named, and all of them at once.
//!
//! `project.toml` and the API's JSON pass through the same reader, so both get the same messages.

use serde_json::{Map, Value};

use crate::error::{Error, FieldError, Result};
use crate::money::Money;

/// Names closer than this (Jaro-Winkler, 0 to 1) are offered as "did you mean".
const CLOSE: f64 = 0.8;

/// One table at `path`; every getter marks its key as known.
pub struct Keys<'a> {
    path: String,
    table: &'a Map<String, Value>,
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl<'a> Keys<'a> {
    /// `Err` if `value` is no table.
    pub fn of(path: &str, value: &'a Value) -> Result<Self> {
        match value {
            Value::Object(table) => {
                Ok(Self { path: path.to_owned(), table, known: Vec::new(), errors: Vec::new() })
            }
            other => Err(Error::invalid(
                path,
                format!("must be a table of keys, not {}", kind_of(other)),
            )),
        }
    }

    pub fn get(&mut self, key: &'static str) -> Option<&'a Value> {
        self.known.push(key);
        self.table.get(key).filter(|value| !value.is_null())
    }

    pub fn text(&mut self, key: &'static str) -> Option<String> {
        self.typed(key, "a text", |value| value.as_str().map(str::to_owned))
    }

    pub fn number(&mut self, key: &'static str) -> Option<f64> {
        self.typed(key, "a number", |value| value.as_f64().filter(|number| number.is_finite()))
    }

    pub fn truth(&mut self, key: &'static str) -> Option<bool> {
        self.typed(key, "true or false", Value::as_bool)
    }

    pub fn money(&mut self, key: &'static str) -> Option<Money> {
        self.typed(key, "an amount as text, such as \"0.02\"", |value| {
            value.as_str().and_then(Money::parse)
        })
    }

    /// A whole number within `range`.
    pub fn count(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<i64>,
    ) -> Option<i64> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        self.typed(key, &expected, |value| value.as_i64().filter(|count| range.contains(count)))
    }

    /// A list of `least` to `most` different texts, none of them empty.
    pub fn texts(
        &mut self,
        key: &'static str,
        length: std::ops::RangeInclusive<usize>,
    ) -> Option<Vec<String>> {
        let expected = format!("a list of {} to {} different texts", length.start(), length.end());
        self.typed(key, &expected, |value| {
            let texts: Vec<String> = serde_json::from_value(value.clone()).ok()?;
            let mut seen = std::collections::HashSet::new();
            let is_new = |text: &String| !text.trim().is_empty() && seen.insert(text.clone());
            (length.contains(&texts.len()) && texts.iter().all(is_new)).then_some(texts)
        })
    }

    fn typed<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(key)?;
        let read = read(value);
        if read.is_none() {
            self.error(key, format!("must be {expected}, not {}", shown(value)));
        }
        read
    }

    /// Keeps the errors of a part below this table.
    pub fn part<T>(&mut self, read: Result<T>) -> Option<T> {
        match read {
            Ok(part) => Some(part),
            Err(Error::Invalid(errors)) => {
                self.errors.extend(errors);
                None
            }
            Err(other) => {
                self.errors.push(FieldError::new(self.path.as_str(), other.to_string()));
                None
            }
        }
    }

    pub fn error(&mut self, key: &str, message: impl Into<String>) {
        self.errors.push(FieldError::new(self.path_of(key), message));
    }

    pub fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The keys of this table, in order, for tables whose keys are free.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        self.table.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// `value` if nothing was wrong.
    pub fn finish<T>(mut self, value: impl FnOnce() -> T) -> Result<T> {
        for key in self.table.keys() {
            if !self.known.contains(&key.as_str()) {
                let message = match suggestion(key, &self.known) {
                    Some(close) => format!("unknown key; did you mean `{close}`?"),
                    None => format!("unknown key; known here are {}", self.known.join(", ")),
                };
                self.errors.push(FieldError::new(self.path_of(key), message));
            }
        }
        if self.errors.is_empty() { Ok(value()) } else { Err(Error::Invalid(self.errors)) }
    }

    /// Like [`Keys::finish`], for tables whose keys are free.
    pub fn finish_free<T>(self, value: impl FnOnce() -> T) -> Result<T> {
        if self.errors.is_empty() { Ok(value()) } else { Err(Error::Invalid(self.errors)) }
    }
}

/// The known name closest to a mistyped one.
pub fn suggestion<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    let typed = typed.to_lowercase();
    let closeness = |name: &&'k str| strsim::jaro_winkler(&typed, name);
    known
        .iter()
        .copied()
        .max_by(|one, two| closeness(one).total_cmp(&closeness(two)))
        .filter(|name| closeness(name) >= CLOSE)
}

pub fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

/// A value as shown in a message, shortened.
pub fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_close_name_is_suggested_and_a_strange_one_is_not() {
        assert_eq!(suggestion("overlapp", &["overlap", "price"]), Some("overlap"));
        assert_eq!(suggestion("Pirce", &["overlap", "price"]), Some("price"));
        assert_eq!(suggestion("xyzzy", &["overlap", "price"]), None);
    }
}
