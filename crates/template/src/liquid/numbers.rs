//! Filters on numbers. What is no number counts as 0; whole numbers stay whole as long as they fit.

use serde_json::Value;

use super::filters::{Given, Made};
use super::values::as_number;

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => Some(0),
    }
}

fn float(value: Option<&Value>) -> f64 {
    value.and_then(as_number).unwrap_or_default()
}

fn both(
    given: &Given<'_>,
    on_whole: fn(i64, i64) -> Option<i64>,
    on_floats: fn(f64, f64) -> f64,
) -> Value {
    let whole = whole(given.value).zip(given.argument(0).and_then(whole));
    match whole.and_then(|(left, right)| on_whole(left, right)) {
        Some(number) => number.into(),
        None => on_floats(float(Some(given.value)), float(given.argument(0))).into(),
    }
}

fn one(given: &Given<'_>, on_float: fn(f64) -> f64) -> Value {
    match whole(given.value) {
        Some(number) => number.into(),
        None => (on_float(float(Some(given.value))) as i64).into(),
    }
}

pub(super) fn abs(given: &Given<'_>) -> Value {
    match whole(given.value).and_then(i64::checked_abs) {
        Some(number) => number.into(),
        None => float(Some(given.value)).abs().into(),
    }
}

pub(super) fn at_least(given: &Given<'_>) -> Value {
    both(given, |left, right| Some(left.max(right)), f64::max)
}

pub(super) fn at_most(given: &Given<'_>) -> Value {
    both(given, |left, right| Some(left.min(right)), f64::min)
}

pub(super) fn ceil(given: &Given<'_>) -> Value {
    one(given, f64::ceil)
}

pub(super) fn floor(given: &Given<'_>) -> Value {
    one(given, f64::floor)
}

pub(super) fn round(given: &Given<'_>) -> Value {
    let digits = float(given.argument(0)) as i32;
    if digits <= 0 {
        return one(given, f64::round);
    }
    let factor = 10f64.powi(digits.min(15));
    ((float(Some(given.value)) * factor).round() / factor).into()
}

pub(super) fn plus(given: &Given<'_>) -> Value {
    both(given, i64::checked_add, |left, right| left + right)
}

pub(super) fn minus(given: &Given<'_>) -> Value {
    both(given, i64::checked_sub, |left, right| left - right)
}

pub(super) fn times(given: &Given<'_>) -> Value {
    both(given, i64::checked_mul, |left, right| left * right)
}

/// Whole numbers are divided towards minus infinity.
pub(super) fn divided_by(given: &Given<'_>) -> Made {
    if float(given.argument(0)) == 0.0 {
        return Err("divides by zero".into());
    }
    let floored = |left: i64, right: i64| {
        let quotient = left.checked_div(right)?;
        Some(quotient - i64::from(left % right != 0 && (left < 0) != (right < 0)))
    };
    Ok(both(given, floored, |left, right| left / right))
}

pub(super) fn modulo(given: &Given<'_>) -> Made {
    if float(given.argument(0)) == 0.0 {
        return Err("divides by zero".into());
    }
    let positive = |left: i64, right: i64| {
        let rest = left.checked_rem(right)?;
        Some(if rest != 0 && (rest < 0) != (right < 0) { rest + right } else { rest })
    };
    Ok(both(given, positive, |left, right| left - right * (left / right).floor()))
}
