//! A part of an answer that knows where in the answer it stands, so that every mistake names its place.

use std::fmt::{self, Display, Write as _};
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::project::keys::shown;

/// The value at one place of an answer. Messages continue the field's name.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    above: Option<(&'a Part<'a>, Step<'a>)>,
    pub(super) value: &'a Value,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Place(usize),
}

impl<'a> Part<'a> {
    /// A whole answer.
    pub(super) fn of(value: &'a Value) -> Self {
        Self { above: None, value }
    }

    /// What stands under `key` of an object.
    pub(super) fn key(&'a self, key: &'a str) -> Result<Self, String> {
        let value = self.object()?.get(key).unwrap_or(&Value::Null);
        Ok(Self { above: Some((self, Step::Key(key))), value })
    }

    /// The same for what may be absent or null.
    pub(super) fn optional(&'a self, key: &'a str) -> Result<Option<Self>, String> {
        Ok(Some(self.key(key)?).filter(|part| !part.value.is_null()))
    }

    pub(super) fn object(&self) -> Result<&'a Map<String, Value>, String> {
        self.value.as_object().ok_or_else(|| self.wrong("an object"))
    }

    /// The keys of an object with their values.
    pub(super) fn entries(&'a self) -> Result<impl Iterator<Item = (&'a str, Self)>, String> {
        let entry = |(key, value): (&'a String, &'a Value)| {
            let key = key.as_str();
            (key, Self { above: Some((self, Step::Key(key))), value })
        };
        Ok(self.object()?.iter().map(entry))
    }

    /// The elements of a list.
    pub(super) fn items(&'a self) -> Result<impl ExactSizeIterator<Item = Self>, String> {
        let list = self.value.as_array().ok_or_else(|| self.wrong("a list"))?;
        let item = |(place, value)| Self { above: Some((self, Step::Place(place))), value };
        Ok(list.iter().enumerate().map(item))
    }

    /// The elements of a list whose length is limited.
    pub(super) fn counted(
        &'a self,
        min: i64,
        max: Option<i64>,
    ) -> Result<impl ExactSizeIterator<Item = Self>, String> {
        let items = self.items()?;
        let count = items.len() as i64;
        match max {
            _ if count < min => Err(format!("{self}must have at least {min} entries, not {count}")),
            Some(max) if count > max => {
                Err(format!("{self}must have at most {max} entries, not {count}"))
            }
            _ => Ok(items),
        }
    }

    pub(super) fn text(&self) -> Result<&'a str, String> {
        self.value.as_str().ok_or_else(|| self.wrong("a text"))
    }

    pub(super) fn truth(&self) -> Result<bool, String> {
        self.value.as_bool().ok_or_else(|| self.wrong("true or false"))
    }

    pub(super) fn number(&self, range: RangeInclusive<f64>) -> Result<f64, String> {
        let number = self.value.as_f64().filter(|number| range.contains(number));
        number.ok_or_else(|| match (range.start(), range.end()) {
            (low, high) if high.is_infinite() => self.wrong(format!("a number of at least {low}")),
            (low, high) => self.wrong(format!("a number from {low} to {high}")),
        })
    }

    pub(super) fn whole(&self, range: RangeInclusive<i64>) -> Result<i64, String> {
        let number = self.value.as_i64().filter(|number| range.contains(number));
        number.ok_or_else(|| match (range.start(), range.end()) {
            (low, &i64::MAX) => self.wrong(format!("a whole number of at least {low}")),
            (low, high) => self.wrong(format!("a whole number from {low} to {high}")),
        })
    }

    /// One of the known texts; any text where none are known.
    pub(super) fn one_of(&self, known: Option<&[String]>) -> Result<&'a str, String> {
        let text = self.text()?;
        match known {
            Some(known) if !known.iter().any(|one| one == text) => {
                Err(self.wrong(format!("one of {}", listed(known.iter().map(String::as_str)))))
            }
            _ => Ok(text),
        }
    }

    /// The message that this part is not what it must be.
    pub(super) fn wrong(&self, expected: impl Display) -> String {
        format!("{self}must be {expected}, not {}", shown(self.value))
    }
}

/// Where the part stands, followed by a space; nothing for a whole answer.
impl Display for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut steps = Vec::new();
        let mut part = self;
        while let Some((above, step)) = &part.above {
            steps.push(step);
            part = above;
        }
        let mut path = String::new();
        for step in steps.into_iter().rev() {
            match step {
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => write!(path, ".{key}")?,
                Step::Place(place) => write!(path, "[{place}]")?,
            }
        }
        if path.is_empty() { Ok(()) } else { write!(f, "`{path}` ") }
    }
}

/// Refuses what is no point in time (RFC 3339).
pub(super) fn check_time(part: &Part) -> Result<(), String> {
    match part.text()?.parse::<jiff::Timestamp>() {
        Ok(_) => Ok(()),
        Err(_) => Err(part.wrong("a time such as 2026-01-31T12:00:00Z")),
    }
}

/// Names in a message: the first twelve.
pub(super) fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = if names.len() > 12 { ", …" } else { "" };
    format!("{}{more}", names.take(12).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn mistakes_name_their_place() {
        let value = json!({"boxes": [{"left": 1}, {"left": -3, "label": "dgo"}], "size": null});
        let whole = Part::of(&value);
        let boxes = whole.key("boxes").expect("an object");
        let second = boxes.items().expect("a list").nth(1).expect("two");
        let left = second.key("left").expect("an object").number(0.0..=9.0);
        assert_eq!(left, Err("`boxes[1].left` must be a number from 0 to 9, not -3".into()));
        let label = second.key("label").expect("an object");
        let known = ["dog".to_owned(), "cat".to_owned()];
        assert_eq!(
            label.one_of(Some(&known)),
            Err("`boxes[1].label` must be one of dog, cat, not \"dgo\"".into())
        );
        assert!(whole.optional("size").expect("an object").is_none());
        assert_eq!(boxes.key("x").err(), Some(boxes.wrong("an object")));
        assert_eq!(Part::of(&json!(3)).text(), Err("must be a text, not 3".into()));
    }
}
