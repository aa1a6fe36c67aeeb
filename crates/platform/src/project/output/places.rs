//! Answers that are on the earth: `place`, pointed at on a map, and `location`, where the worker stands.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::part::{Part, check_time};
use crate::project::keys::Keys;

/// A point on a map. Value: `{"latitude": 52.52, "longitude": 13.4, "label": "…"}`, degrees of WGS 84.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Place {
    /// The address of the map's tiles, with `{z}`, `{x}` and `{y}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tiles: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// Where the map opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoom: Option<i64>,
}

/// Where the worker stands. Value: `{"latitude", "longitude", "accuracy": metres, "at": "2026-01-31T12:00:00Z"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Location {
    /// Metres by which the position may be off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_accuracy: Option<f64>,
}

impl Place {
    pub(super) fn read(keys: &mut Keys) -> Self {
        let place = Self {
            tiles: keys.text("tiles"),
            attribution: keys.text("attribution"),
            latitude: keys.number("latitude"),
            longitude: keys.number("longitude"),
            zoom: keys.count("zoom", 0..=22),
        };
        if place.latitude.is_some_and(|degrees| degrees.abs() > 90.0) {
            keys.error("latitude", "must be from -90 to 90");
        }
        if place.longitude.is_some_and(|degrees| degrees.abs() > 180.0) {
            keys.error("longitude", "must be from -180 to 180");
        }
        place
    }
}

impl Location {
    pub(super) fn read(keys: &mut Keys) -> Self {
        let max_accuracy = keys.number("max_accuracy");
        if max_accuracy.is_some_and(|metres| metres <= 0.0) {
            keys.error("max_accuracy", "must be above 0");
        }
        Self { max_accuracy }
    }

    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        check_place(value)?;
        let whole = Part::of(value);
        whole.key("accuracy")?.number(0.0..=self.max_accuracy.unwrap_or(f64::INFINITY))?;
        check_time(&whole.key("at")?)
    }
}

pub(super) fn check_place(value: &Value) -> Result<(), String> {
    let whole = Part::of(value);
    whole.key("latitude")?.number(-90.0..=90.0)?;
    whole.key("longitude")?.number(-180.0..=180.0)?;
    whole.optional("label")?.map_or(Ok(()), |label| label.text().map(drop))
}

/// Reads `"52.52, 13.40"`.
pub(super) fn parse_place(cell: &str) -> Option<Value> {
    let (latitude, longitude) = cell.split_once(',')?;
    let degrees = |text: &str| text.trim().parse::<f64>().ok();
    Some(json!({"latitude": degrees(latitude)?, "longitude": degrees(longitude)?}))
}
