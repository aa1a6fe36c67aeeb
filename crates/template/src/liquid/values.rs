//! How Liquid sees JSON values.

use std::borrow::Cow;

use serde_json::Value;

use super::lists::{at, size_of};

/// Everything but nothing and `false` is true.
pub(super) fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The value as it is written on the page: nothing as nothing, lists and objects as JSON, which attributes of elements
/// read.
pub(super) fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// A number, or a text that is one.
pub(super) fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

pub(super) fn as_whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|n| n as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// JSON that can stand in a script: no `<` ends the script early.
pub(super) fn json(value: &Value) -> String {
    let text = value.to_string();
    text.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// What a value costs to make: about its bytes in memory.
pub(super) fn weight(value: &Value) -> usize {
    const OWN: usize = 32;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => OWN,
        Value::String(text) => OWN + text.len(),
        Value::Array(list) => OWN + list.iter().map(weight).sum::<usize>(),
        Value::Object(object) => {
            OWN + object.iter().map(|(key, value)| OWN + key.len() + weight(value)).sum::<usize>()
        }
    }
}

/// Goes down into a value key by key.
pub(super) fn walk<'v>(value: Cow<'v, Value>, keys: &[Cow<'_, Value>]) -> Cow<'v, Value> {
    keys.iter().fold(value, |value, key| match value {
        Cow::Borrowed(value) => step(value, key),
        Cow::Owned(value) => Cow::Owned(step(&value, key).into_owned()),
    })
}

/// What a value has under a key; lists and texts also know `size`, `first` and `last`.
fn step<'v>(value: &'v Value, key: &Value) -> Cow<'v, Value> {
    let found = match (value, key) {
        (Value::Object(object), key) => object.get(&*text_of(key)),
        (Value::Array(list), key) => as_whole(key).and_then(|index| {
            let index = if index < 0 { index + list.len() as i64 } else { index };
            list.get(usize::try_from(index).ok()?)
        }),
        _ => None,
    };
    if let Some(found) = found {
        return Cow::Borrowed(found);
    }
    Cow::Owned(match key.as_str() {
        Some("size") => size_of(value).into(),
        Some("first") => at(value, 0),
        Some("last") => at(value, -1),
        _ => Value::Null,
    })
}
