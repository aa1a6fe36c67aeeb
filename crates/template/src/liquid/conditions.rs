//! What stands in `if`, `elsif` and `unless`.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::read::{Chain, Expression, Reader};
use super::render::{Failure, Renderer};
use super::values::{as_number, is_empty, is_true, text_of};
use crate::mistake::Wrong;

/// Comparisons joined by `and` and `or`, which Liquid reads from the right.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) first: Comparison,
    pub(crate) rest: Vec<(Join, Comparison)>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Join {
    And,
    Or,
}

#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    pub(crate) left: Chain,
    pub(crate) right: Option<(&'static str, Chain)>,
}

const SIGNS: [&str; 7] = ["==", "!=", "<>", "<=", ">=", "<", ">"];

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Condition, Wrong> {
    let first = comparison(reader)?;
    let mut rest = Vec::new();
    loop {
        let join = if reader.word("and") {
            Join::And
        } else if reader.word("or") {
            Join::Or
        } else {
            reader.finish()?;
            return Ok(Condition { first, rest });
        };
        rest.push((join, comparison(reader)?));
    }
}

fn comparison(reader: &mut Reader<'_>) -> Result<Comparison, Wrong> {
    let left = reader.chain()?;
    let sign = if reader.word("contains") { Some("contains") } else { reader.one_of(&SIGNS) };
    let right = sign.map(|sign| reader.chain().map(|right| (sign, right))).transpose()?;
    Ok(Comparison { left, right })
}

impl Condition {
    pub(super) fn holds(&self, renderer: &mut Renderer<'_>) -> Result<bool, Failure> {
        let mut held = None;
        let mut join = None;
        for (index, comparison) in self.all().enumerate().collect::<Vec<_>>().into_iter().rev() {
            held = Some(match (join, held) {
                (Some(Join::And), Some(right)) => comparison.holds(renderer)? && right,
                (Some(Join::Or), Some(right)) => comparison.holds(renderer)? || right,
                _ => comparison.holds(renderer)?,
            });
            join = index.checked_sub(1).map(|before| self.rest[before].0);
        }
        Ok(held.unwrap_or_default())
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Comparison> {
        std::iter::once(&self.first).chain(self.rest.iter().map(|(_, comparison)| comparison))
    }
}

impl Comparison {
    fn holds(&self, renderer: &mut Renderer<'_>) -> Result<bool, Failure> {
        let Some((sign, right)) = &self.right else {
            let value = renderer.chain(&self.left)?;
            return Ok(is_true(&value));
        };
        let (left_is_empty, right_is_empty) = (names_empty(&self.left), names_empty(right));
        let left: Cow<'_, Value> = renderer.chain(&self.left)?;
        let right = renderer.chain(right)?;
        let equal = match (left_is_empty, right_is_empty) {
            (false, true) => is_empty(&left),
            (true, false) => is_empty(&right),
            _ => same(&left, &right),
        };
        let ordered = |wanted: fn(Ordering) -> bool| order(&left, &right).is_some_and(wanted);
        Ok(match *sign {
            "==" => equal,
            "!=" | "<>" => !equal,
            "<" => ordered(Ordering::is_lt),
            "<=" => ordered(Ordering::is_le),
            ">" => ordered(Ordering::is_gt),
            ">=" => ordered(Ordering::is_ge),
            _ => contains(&left, &right),
        })
    }
}

fn names_empty(chain: &Chain) -> bool {
    matches!(chain.start, Expression::Empty) && chain.filters.is_empty()
}

/// 1 and 1.0 are the same.
pub(super) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.as_f64() == right.as_f64(),
        _ => left == right,
    }
}

/// Numbers by size, texts by their characters; other pairs have no order.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ => as_number(left)?.partial_cmp(&as_number(right)?),
    }
}

fn contains(left: &Value, right: &Value) -> bool {
    match left {
        Value::String(text) => !right.is_null() && text.contains(&*text_of(right)),
        Value::Array(list) => list.iter().any(|item| same(item, right)),
        Value::Object(object) => right.as_str().is_some_and(|key| object.contains_key(key)),
        _ => false,
    }
}
