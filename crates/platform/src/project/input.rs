//! Input fields: what each task brings along for the worker to see.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::keys::{Keys, shown};
use super::output::unknown_type;
use crate::error::Result;
use crate::place::Point;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct InputField {
    #[serde(rename = "type")]
    pub kind: InputType,
    pub label: String,
    pub required: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InputType {
    Text,
    Number,
    /// A path of the project's media, or an http(s) URL; so are `Audio` and `Video`.
    Image,
    Audio,
    Video,
    Url,
    Json,
    /// Where the task is: `{"latitude", "longitude", "label"?}`, in degrees of WGS 84; in CSV `52.52, 13.40`.
    Place,
}

const TYPES: [&str; 8] = ["text", "number", "image", "audio", "video", "url", "json", "place"];

impl InputField {
    /// Reads one `[input.NAME]` table.
    pub(super) fn read(path: &str, name: &str, value: &Value) -> Result<Self> {
        let mut keys = Keys::of(path, value)?;
        let label = keys.text("label").unwrap_or_else(|| name.to_owned());
        let required = keys.truth("required").unwrap_or(true);
        let kind = match keys.get("type") {
            None => Some(InputType::Text),
            Some(kind) => serde_json::from_value(kind.clone()).ok().or_else(|| {
                keys.error("type", unknown_type(kind.as_str().unwrap_or(&shown(kind)), &TYPES));
                None
            }),
        };
        keys.finish(|| Self { kind: kind.unwrap_or(InputType::Text), label, required })
    }

    /// Whether `value` is valid; the message continues the field's name.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        match (self.kind, value) {
            (InputType::Number, Value::Number(_))
            | (InputType::Json, _)
            | (InputType::Text, Value::String(_)) => Ok(()),
            (InputType::Url, Value::String(url)) if is_web_address(url) => Ok(()),
            (InputType::Image | InputType::Audio | InputType::Video, Value::String(path))
                if is_media(path) =>
            {
                Ok(())
            }
            (InputType::Place, value) => check_place(value),
            (InputType::Number, _) => Err(format!("must be a number, not {}", shown(value))),
            (InputType::Text, _) => Err(format!("must be a text, not {}", shown(value))),
            (InputType::Url, _) => Err(format!("must be an http(s) address, not {}", shown(value))),
            _ => Err(format!(
                "must be a path below the project's folder or an http(s) address, not {}",
                shown(value)
            )),
        }
    }

    /// Reads a CSV cell. An empty cell is no value.
    pub fn parse(&self, cell: &str) -> Result<Option<Value>, String> {
        if cell.is_empty() {
            return Ok(None);
        }
        let value = match self.kind {
            InputType::Number => serde_json::from_str(cell.trim())
                .map_err(|_| format!("`{cell}` is not a number"))?,
            InputType::Place => read_place(cell)?,
            InputType::Json => {
                serde_json::from_str(cell).map_err(|error| format!("is not JSON: {error}"))?
            }
            _ => Value::from(cell),
        };
        self.check(&value).map(|()| Some(value))
    }

    pub fn is_media(&self) -> bool {
        matches!(self.kind, InputType::Image | InputType::Audio | InputType::Video)
    }
}

/// An absolute http(s) address with a host.
pub fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && !text.contains(char::is_whitespace)
}

fn is_media(text: &str) -> bool {
    is_web_address(text) || crate::media::is_path(text)
}

fn check_place(value: &Value) -> Result<(), String> {
    let known = |key: &String| ["latitude", "longitude", "label"].contains(&key.as_str());
    let is_place = value.as_object().is_some_and(|table| {
        table.keys().all(known) && table.get("label").is_none_or(Value::is_string)
    });
    if is_place && Point::of(value).is_some() {
        return Ok(());
    }
    Err(format!(
        "must be a place such as {{\"latitude\": 52.52, \"longitude\": 13.4}}, in degrees, with an optional `label`; \
         not {}",
        shown(value)
    ))
}

/// Reads `52.52, 13.40`, or a place as JSON.
fn read_place(cell: &str) -> Result<Value, String> {
    if cell.trim_start().starts_with('{') {
        return serde_json::from_str(cell).map_err(|error| format!("is not JSON: {error}"));
    }
    let degrees = |text: &str| text.trim().parse::<f64>().ok();
    let point = cell
        .split_once(',')
        .and_then(|(latitude, longitude)| Point::new(degrees(latitude)?, degrees(longitude)?));
    let wrong =
        || format!("must be latitude and longitude in degrees, such as 52.52, 13.40; not `{cell}`");
    let point = point.ok_or_else(wrong)?;
    Ok(serde_json::json!({"latitude": point.latitude, "longitude": point.longitude}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_is_read_from_a_cell_and_from_json() {
        let field = InputField::read("input.where", "where", &json!({"type": "place"}));
        let field = field.expect("valid");
        let place = json!({"latitude": 52.52, "longitude": -13.4});
        assert_eq!(field.parse("52.52, -13.40"), Ok(Some(place.clone())));
        let named = json!({"latitude": 52.52, "longitude": 13.4, "label": "Café"});
        assert_eq!(field.parse(&named.to_string()), Ok(Some(named.clone())));
        assert_eq!(field.check(&named), Ok(()));
        for cell in
            ["52.52", "91, 0", "0, 181", "north, west", "NaN, 0", "{\"latitude\": 1}", "1, 2, 3"]
        {
            assert!(field.parse(cell).is_err(), "{cell}");
        }
        assert!(field.check(&json!({"latitude": 1, "longitude": 2, "lable": "x"})).is_err());
        assert!(field.check(&json!("52.52, 13.4")).is_err());
    }
}
