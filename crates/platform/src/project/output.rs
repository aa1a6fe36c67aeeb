//! Output fields: what a worker is asked, and which answers are valid.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::keys::{Keys, shown, suggestion};
use crate::error::{Error, Result};

/// A question of the task page. `label` is what the worker reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OutputField {
    #[serde(flatten)]
    pub kind: OutputType,
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    pub required: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum OutputType {
    /// Exactly one of the options.
    Choice { options: Vec<Choice> },
    /// Between `min` and `max` of the options.
    Choices {
        options: Vec<Choice>,
        min: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    Number {
        #[serde(skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
        integer: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// A whole number from `min` to `max`; `low` and `high` say what the ends mean.
    Rating {
        min: i64,
        max: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        low: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        high: Option<String>,
    },
    /// Lengths count Unicode characters.
    Text {
        #[serde(skip_serializing_if = "Option::is_none")]
        min_length: Option<i64>,
        max_length: i64,
        multiline: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        placeholder: Option<String>,
    },
}

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

const TYPES: [&str; 5] = ["choice", "choices", "number", "rating", "text"];
const MOST_OPTIONS: usize = 1000;
const LONGEST_TEXT: i64 = 100_000;
const DEFAULT_LONGEST_TEXT: i64 = 10_000;

impl OutputField {
    /// Reads one `[output.NAME]` table.
    pub(super) fn read(path: &str, name: &str, value: &Value) -> Result<Self> {
        let mut keys = Keys::of(path, value)?;
        let label = keys.text("label").unwrap_or_else(|| name.to_owned());
        let help = keys.text("help");
        let required = keys.truth("required").unwrap_or(true);
        let kind = keys.text("type");
        let kind = match kind.as_deref() {
            Some("choice") => read_options(&mut keys).map(|options| OutputType::Choice { options }),
            Some("choices") => read_choices(&mut keys, required),
            Some("number") => Some(read_number(&mut keys)),
            Some("rating") => Some(read_rating(&mut keys)),
            Some("text") => Some(read_text(&mut keys)),
            Some(other) => {
                keys.error("type", unknown_type(other, &TYPES));
                return keys.finish_free(|| unreachable!("an error was recorded"));
            }
            None => {
                keys.error("type", format!("is missing; one of {}", TYPES.join(", ")));
                return keys.finish_free(|| unreachable!("an error was recorded"));
            }
        };
        let Some(kind) = kind else {
            return keys.finish(|| unreachable!("a missing kind recorded an error"));
        };
        keys.finish(|| Self { kind, label, help, required })
    }

    /// Whether `value` is a valid answer; the message continues the field's name.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        match &self.kind {
            OutputType::Choice { options } => check_option(options, value),
            OutputType::Choices { options, min, max } => check_choices(options, *min, *max, value),
            OutputType::Number { min, max, integer, .. } => {
                check_number(*min, *max, *integer, value)
            }
            OutputType::Rating { min, max, .. } => match value.as_i64() {
                Some(stars) if (*min..=*max).contains(&stars) => Ok(()),
                _ => {
                    Err(format!("must be a whole number from {min} to {max}, not {}", shown(value)))
                }
            },
            OutputType::Text { min_length, max_length, .. } => {
                check_text(min_length.unwrap_or(i64::from(self.required)), *max_length, value)
            }
        }
    }

    /// Reads an answer written as text (a CSV cell). An empty cell is no answer.
    pub fn parse(&self, cell: &str) -> Result<Option<Value>, String> {
        if cell.is_empty() {
            return Ok(None);
        }
        let value = match &self.kind {
            OutputType::Choice { .. } | OutputType::Text { .. } => Value::from(cell),
            OutputType::Choices { .. } if cell.starts_with('[') => serde_json::from_str(cell)
                .map_err(|error| format!("is not a JSON list: {error}"))?,
            OutputType::Choices { .. } => cell.split('|').map(str::trim).collect(),
            OutputType::Number { .. } | OutputType::Rating { .. } => {
                serde_json::from_str(cell.trim())
                    .map_err(|_| format!("`{cell}` is not a number"))?
            }
        };
        self.check(&value).map(|()| Some(value))
    }
}

pub(super) fn unknown_type(typed: &str, known: &[&str]) -> String {
    match suggestion(typed, known) {
        Some(close) => format!("`{typed}` is no type; did you mean `{close}`?"),
        None => format!("`{typed}` is no type; one of {}", known.join(", ")),
    }
}

fn read_options(keys: &mut Keys) -> Option<Vec<Choice>> {
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
    let plain = |value: String| Choice { label: value.clone(), value, help: None, key: None };
    match option {
        Value::String(value) if value.is_empty() => Err(Error::invalid(path, "must not be empty")),
        Value::String(value) => Ok(plain(value.clone())),
        Value::Number(number) => Ok(plain(number.to_string())),
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

fn read_choices(keys: &mut Keys, required: bool) -> Option<OutputType> {
    let options = read_options(keys);
    let most = options.as_ref().map_or(1, Vec::len) as i64;
    let min = keys.count("min", 0..=most).unwrap_or(i64::from(required));
    let max = keys.count("max", min.max(1)..=most);
    options.map(|options| OutputType::Choices { options, min, max })
}

fn read_number(keys: &mut Keys) -> OutputType {
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

fn read_rating(keys: &mut Keys) -> OutputType {
    let min = keys.count("min", -100..=100).unwrap_or(1);
    let max = keys.count("max", min + 1..=min + 100).unwrap_or(5.max(min + 1));
    OutputType::Rating { min, max, low: keys.text("low"), high: keys.text("high") }
}

fn read_text(keys: &mut Keys) -> OutputType {
    let max_length = keys.count("max_length", 1..=LONGEST_TEXT).unwrap_or(DEFAULT_LONGEST_TEXT);
    OutputType::Text {
        min_length: keys.count("min_length", 0..=max_length),
        max_length,
        multiline: keys.truth("multiline").unwrap_or(false),
        placeholder: keys.text("placeholder"),
    }
}

fn check_option(options: &[Choice], value: &Value) -> Result<(), String> {
    let known = |text: &str| options.iter().any(|option| option.value == text);
    match value.as_str() {
        Some(text) if known(text) => Ok(()),
        _ => {
            let values: Vec<&str> =
                options.iter().map(|option| option.value.as_str()).take(12).collect();
            let more = if options.len() > values.len() { ", …" } else { "" };
            Err(format!("must be one of {}{more}; not {}", values.join(", "), shown(value)))
        }
    }
}

fn check_choices(
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

fn check_number(
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

fn check_text(min_length: i64, max_length: i64, value: &Value) -> Result<(), String> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(definition: &Value) -> OutputField {
        OutputField::read("output.f", "f", definition).expect("a valid field")
    }

    #[test]
    fn each_type_takes_its_answers_and_refuses_others() {
        let check = |definition: Value, good: Value, bad: Value| {
            let field = field(&definition);
            assert_eq!(field.check(&good), Ok(()), "{field:?} takes {good}");
            assert!(field.check(&bad).is_err(), "{field:?} refuses {bad}");
        };
        let options = json!(["a", "b"]);
        check(json!({"type": "choice", "options": options}), json!("a"), json!("c"));
        check(json!({"type": "choice", "options": [1, 2]}), json!("1"), json!(1));
        check(json!({"type": "choices", "options": options}), json!(["b"]), json!([]));
        check(
            json!({"type": "choices", "options": options, "min": 0}),
            json!([]),
            json!(["a", "a"]),
        );
        check(
            json!({"type": "choices", "options": options, "max": 1}),
            json!(["b"]),
            json!(["a", "b"]),
        );
        check(json!({"type": "number", "min": 0}), json!(0.5), json!(-1));
        check(json!({"type": "number", "integer": true}), json!(3), json!(3.5));
        check(json!({"type": "rating"}), json!(5), json!(6));
        check(json!({"type": "rating", "max": 7}), json!(7), json!("7"));
        check(json!({"type": "text", "max_length": 3}), json!("äöü"), json!("abcd"));
        check(json!({"type": "text"}), json!("x"), json!("  "));
    }

    #[test]
    fn mistakes_in_a_field_are_named_all_at_once() {
        let definition = json!({"type": "choice", "optoins": ["a"], "label": 3});
        let Err(Error::Invalid(errors)) = OutputField::read("output.f", "f", &definition) else {
            panic!("refused")
        };
        let told: Vec<String> =
            errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect();
        assert_eq!(
            told,
            [
                "output.f.label: must be a text, not 3",
                "output.f.options: must be a list of the possible answers",
                "output.f.optoins: unknown key; did you mean `options`?",
            ]
        );
    }

    #[test]
    fn answers_are_read_from_cells() {
        let several = field(&json!({"type": "choices", "options": ["a", "b"]}));
        assert_eq!(several.parse("a|b"), Ok(Some(json!(["a", "b"]))));
        assert_eq!(several.parse("[\"a\"]"), Ok(Some(json!(["a"]))));
        assert_eq!(several.parse(""), Ok(None));
        assert_eq!(field(&json!({"type": "rating"})).parse("4"), Ok(Some(json!(4))));
        assert!(field(&json!({"type": "number"})).parse("NaN").is_err());
    }
}
