//! Answers that are numbers: `number`, `rating`.

use std::borrow::Cow;

use serde_json::Value;

use super::OutputType;
use super::choices::chosen;
use crate::project::keys::{Keys, shown};

pub(super) fn read_number(keys: &mut Keys) -> OutputType {
    let (min, max) = (keys.number("min"), keys.number("max"));
    if let (Some(low), Some(high)) = (min, max)
        && low > high
    {
        keys.error("max", "must not be below `min`");
    }
    OutputType::Number {
        min,
        max,
        integer: keys.truth("integer").unwrap_or(false),
        unit: keys.text("unit"),
    }
}

pub(super) fn read_rating(keys: &mut Keys) -> OutputType {
    let min = keys.count("min", -100..=100).unwrap_or(1);
    let max = keys.count("max", min + 1..=min + 100).unwrap_or(5.max(min + 1));
    OutputType::Rating { min, max, low: keys.text("low"), high: keys.text("high") }
}

pub(super) fn check_number(
    min: Option<f64>,
    max: Option<f64>,
    integer: bool,
    value: &Value,
) -> Result<(), String> {
    let number = value.as_f64().ok_or_else(|| format!("must be a number, not {}", shown(value)))?;
    if !number.is_finite() {
        return Err("must be a finite number".into());
    }
    if integer && number.fract() != 0.0 {
        return Err(format!("must be a whole number, not {}", shown(value)));
    }
    match (min, max) {
        (Some(min), _) if number < min => {
            Err(format!("must be at least {min}, not {}", shown(value)))
        }
        (_, Some(max)) if number > max => {
            Err(format!("must be at most {max}, not {}", shown(value)))
        }
        _ => Ok(()),
    }
}

pub(super) fn check_rating(min: i64, max: i64, value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(stars) if (min..=max).contains(&stars) => Ok(()),
        _ => Err(format!("must be a whole number from {min} to {max}, not {}", shown(value))),
    }
}

/// The number in `3`, `"3"`, or a classifier's or radio button's `"3"`.
pub(super) fn plain_number(value: &Value) -> Cow<'_, Value> {
    let number = chosen(value).and_then(|text| serde_json::from_str::<Value>(text.trim()).ok());
    match number.filter(Value::is_number) {
        Some(number) => Cow::Owned(number),
        None => Cow::Borrowed(value),
    }
}
