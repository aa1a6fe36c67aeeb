//! Filters on lists. What is no list counts as a list of itself, and nothing as the empty list.

use std::cmp::Ordering;
use std::collections::HashSet;

use serde_json::{Number, Value};

use super::conditions::{order, same};
use super::filters::{Given, Made};
use super::values::{as_number, as_whole, is_true, text_of};

fn items(value: &Value) -> &[Value] {
    match value {
        Value::Null => &[],
        Value::Array(list) => list,
        other => std::slice::from_ref(other),
    }
}

/// The item at a place, counted from the end if negative.
pub(super) fn at(value: &Value, index: i64) -> Value {
    let Value::Array(list) = value else { return Value::Null };
    let index = if index < 0 { index + list.len() as i64 } else { index };
    usize::try_from(index).ok().and_then(|index| list.get(index)).cloned().unwrap_or_default()
}

pub(super) fn size(given: &Given<'_>) -> Value {
    size_of(given.value).into()
}

pub(super) fn size_of(value: &Value) -> usize {
    match value {
        Value::String(text) => text.chars().count(),
        Value::Array(list) => list.len(),
        Value::Object(object) => object.len(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    }
}

/// A part of a list or of a text.
pub(super) fn slice(given: &Given<'_>) -> Value {
    let from = given.argument(0).and_then(as_whole).unwrap_or_default();
    let count = given.argument(1).and_then(as_whole).unwrap_or(1).max(0) as usize;
    let start = |length: usize| {
        let from = if from < 0 { from.saturating_add(length as i64) } else { from };
        usize::try_from(from).unwrap_or(length)
    };
    match given.value {
        Value::Array(list) => list.iter().skip(start(list.len())).take(count).cloned().collect(),
        other => {
            let text = text_of(other);
            let start = start(text.chars().count());
            text.chars().skip(start).take(count).collect::<String>().into()
        }
    }
}

pub(super) fn join(given: &Given<'_>) -> Made {
    let separator = given.argument(0).map_or(" ".into(), text_of);
    let list = items(given.value);
    given.has_room(list.len().saturating_mul(separator.len()))?;
    let texts: Vec<_> = list.iter().map(text_of).collect();
    Ok(texts.join(&separator).into())
}

pub(super) fn reverse(given: &Given<'_>) -> Value {
    items(given.value).iter().rev().cloned().collect()
}

/// What of an item is compared: itself, or what it has under the key.
fn key<'v>(item: &'v Value, given: &Given<'_>) -> &'v Value {
    match given.argument(0) {
        None => item,
        Some(key) => item.get(&*text_of(key)).unwrap_or(&Value::Null),
    }
}

fn sorted(given: &Given<'_>, compare: impl Fn(&Value, &Value) -> Ordering) -> Value {
    let mut list = items(given.value).to_vec();
    list.sort_by(|left, right| compare(key(left, given), key(right, given)));
    list.into()
}

/// Numbers before texts before the rest, nothing last: any list has one order.
pub(super) fn sort(given: &Given<'_>) -> Value {
    let rank = |value: &Value| match value {
        Value::Number(_) => 0,
        Value::String(_) => 1,
        Value::Null => 3,
        _ => 2,
    };
    sorted(given, |left, right| {
        rank(left).cmp(&rank(right)).then_with(|| {
            if rank(left) < 2 { order(left, right) } else { None }.unwrap_or(Ordering::Equal)
        })
    })
}

pub(super) fn sort_natural(given: &Given<'_>) -> Value {
    sorted(given, |left, right| text_of(left).to_lowercase().cmp(&text_of(right).to_lowercase()))
}

pub(super) fn unique(given: &Given<'_>) -> Value {
    let mut seen = HashSet::new();
    let is_new = |item: &&Value| seen.insert(key(item, given).to_string());
    items(given.value).iter().filter(is_new).cloned().collect()
}

pub(super) fn map(given: &Given<'_>) -> Value {
    items(given.value).iter().map(|item| key(item, given)).cloned().collect()
}

fn is_wanted(item: &Value, given: &Given<'_>) -> bool {
    let found = key(item, given);
    given.argument(1).map_or_else(|| is_true(found), |wanted| same(found, wanted))
}

pub(super) fn select(given: &Given<'_>) -> Value {
    items(given.value).iter().filter(|item| is_wanted(item, given)).cloned().collect()
}

pub(super) fn find(given: &Given<'_>) -> Value {
    let found = items(given.value).iter().find(|item| is_wanted(item, given));
    found.cloned().unwrap_or_default()
}

pub(super) fn compact(given: &Given<'_>) -> Value {
    let there = |item: &&Value| !key(item, given).is_null();
    items(given.value).iter().filter(there).cloned().collect()
}

pub(super) fn concat(given: &Given<'_>) -> Value {
    let more = given.argument(0).map(items).unwrap_or_default();
    items(given.value).iter().chain(more).cloned().collect()
}

pub(super) fn sum(given: &Given<'_>) -> Value {
    let numbers = items(given.value).iter().filter_map(|item| as_number(key(item, given)));
    let total: f64 = numbers.sum();
    let whole = (total.fract() == 0.0 && total.abs() < 9e15).then_some(total as i64);
    whole.map_or_else(|| Number::from_f64(total).into(), Value::from)
}
