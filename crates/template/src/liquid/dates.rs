//! The filter `date`, in UTC.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::{Timestamp, Zoned, tz::TimeZone};
use serde_json::Value;

use super::filters::Given;
use super::values::as_whole;

/// Formats as `strftime` does; what is no time stays as it is.
pub(super) fn date(given: &Given<'_>) -> Value {
    let format = given.text_of(0);
    let formatted = read(given.value).and_then(|time| strtime::format(&*format, &time).ok());
    formatted.map_or_else(|| given.value.clone(), Value::from)
}

fn read(value: &Value) -> Option<Zoned> {
    let utc = |time: Timestamp| time.to_zoned(TimeZone::UTC);
    let text = match value {
        Value::String(text) => text.trim(),
        other => return as_whole(other).and_then(|at| Timestamp::from_second(at).ok()).map(utc),
    };
    if ["now", "today"].contains(&text) {
        return Some(utc(Timestamp::now()));
    }
    let seconds = || Timestamp::from_second(text.parse().ok()?).ok().map(utc);
    let full = || text.parse::<Timestamp>().ok().map(utc);
    let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    let day = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok();
    seconds().or_else(full).or_else(civil).or_else(day)
}
