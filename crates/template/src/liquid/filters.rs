//! The filters there are, and what each takes.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde_json::Value;

use super::{dates, lists, numbers, texts, values};
use crate::mistake::{Wrong, suggestion};

#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) name: &'static str,
    /// How many arguments it takes.
    pub(crate) arguments: RangeInclusive<usize>,
    pub(crate) work: Work,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// Always works.
    Turn(fn(&Given<'_>) -> Value),
    /// May refuse.
    Make(fn(&Given<'_>) -> Made),
    /// A link that opens a file.
    Link,
    /// The value as it is, marked as HTML.
    Raw,
    /// HTML of a text. With `once`, what is HTML already stays.
    Escape { once: bool },
}

/// What a filter works on.
pub(crate) struct Given<'v> {
    pub(super) value: &'v Value,
    pub(super) arguments: &'v [Cow<'v, Value>],
    /// `default: x, allow_false: true`
    pub(super) allow_false: bool,
    /// What it makes may have this many bytes at most.
    pub(super) room: usize,
}

/// What a filter makes, or why it cannot.
pub(crate) type Made = Result<Value, String>;

impl Given<'_> {
    pub(super) fn text(&self) -> Cow<'_, str> {
        values::text_of(self.value)
    }

    pub(super) fn argument(&self, index: usize) -> Option<&Value> {
        self.arguments.get(index).map(Cow::as_ref)
    }

    /// An argument as text, empty if it is not there.
    pub(super) fn text_of(&self, index: usize) -> Cow<'_, str> {
        self.argument(index).map_or(Cow::Borrowed(""), values::text_of)
    }

    /// Refuses what would be too large before it is made.
    pub(super) fn has_room(&self, bytes: usize) -> Result<(), String> {
        if bytes <= self.room { Ok(()) } else { Err("makes more text than a page may have".into()) }
    }
}

const fn makes(
    name: &'static str,
    least: usize,
    most: usize,
    make: fn(&Given<'_>) -> Made,
) -> Filter {
    Filter { name, arguments: least..=most, work: Work::Make(make) }
}

const fn turns(
    name: &'static str,
    least: usize,
    most: usize,
    turn: fn(&Given<'_>) -> Value,
) -> Filter {
    Filter { name, arguments: least..=most, work: Work::Turn(turn) }
}

static FILTERS: &[Filter] = &[
    Filter { name: "grant_read_access", arguments: 0..=0, work: Work::Link },
    Filter { name: "skip_autoescape", arguments: 0..=0, work: Work::Raw },
    Filter { name: "raw", arguments: 0..=0, work: Work::Raw },
    Filter { name: "escape", arguments: 0..=0, work: Work::Escape { once: false } },
    Filter { name: "escape_once", arguments: 0..=0, work: Work::Escape { once: true } },
    turns("to_json", 0, 0, |given| values::json(given.value).into()),
    turns("json", 0, 0, |given| values::json(given.value).into()),
    turns("default", 1, 1, default),
    turns("size", 0, 0, lists::size),
    turns("abs", 0, 0, numbers::abs),
    turns("at_least", 1, 1, numbers::at_least),
    turns("at_most", 1, 1, numbers::at_most),
    turns("ceil", 0, 0, numbers::ceil),
    turns("floor", 0, 0, numbers::floor),
    turns("round", 0, 1, numbers::round),
    turns("plus", 1, 1, numbers::plus),
    turns("minus", 1, 1, numbers::minus),
    turns("times", 1, 1, numbers::times),
    makes("divided_by", 1, 1, numbers::divided_by),
    makes("modulo", 1, 1, numbers::modulo),
    turns("append", 1, 1, texts::append),
    turns("prepend", 1, 1, texts::prepend),
    turns("capitalize", 0, 0, texts::capitalize),
    turns("downcase", 0, 0, |given| given.text().to_lowercase().into()),
    turns("upcase", 0, 0, |given| given.text().to_uppercase().into()),
    turns("strip", 0, 0, |given| given.text().trim().into()),
    turns("lstrip", 0, 0, |given| given.text().trim_start().into()),
    turns("rstrip", 0, 0, |given| given.text().trim_end().into()),
    turns("strip_html", 0, 0, texts::strip_html),
    turns("strip_newlines", 0, 0, |given| given.text().replace(['\r', '\n'], "").into()),
    turns("newline_to_br", 0, 0, texts::newline_to_br),
    makes("replace", 1, 2, texts::replace),
    turns("replace_first", 1, 2, texts::replace_first),
    turns("replace_last", 1, 2, texts::replace_last),
    makes("remove", 1, 1, texts::replace),
    turns("remove_first", 1, 1, texts::replace_first),
    turns("remove_last", 1, 1, texts::replace_last),
    makes("split", 1, 1, texts::split),
    turns("truncate", 0, 2, texts::truncate),
    turns("truncatewords", 0, 2, texts::truncate_words),
    turns("url_encode", 0, 0, texts::url_encode),
    turns("url_decode", 0, 0, texts::url_decode),
    turns("date", 1, 1, dates::date),
    turns("slice", 1, 2, lists::slice),
    makes("join", 0, 1, lists::join),
    turns("first", 0, 0, |given| lists::at(given.value, 0)),
    turns("last", 0, 0, |given| lists::at(given.value, -1)),
    turns("reverse", 0, 0, lists::reverse),
    turns("sort", 0, 1, lists::sort),
    turns("sort_natural", 0, 1, lists::sort_natural),
    turns("uniq", 0, 1, lists::unique),
    turns("map", 1, 1, lists::map),
    turns("where", 1, 2, lists::select),
    turns("compact", 0, 1, lists::compact),
    turns("concat", 1, 1, lists::concat),
    turns("sum", 0, 1, lists::sum),
    turns("find", 1, 2, lists::find),
];

/// The filter of this name, or an error that names the closest one.
pub(super) fn find(name: &str, at: usize) -> Result<&'static Filter, Wrong> {
    FILTERS.iter().find(|filter| filter.name == name).ok_or_else(|| {
        let names: Vec<&str> = FILTERS.iter().map(|filter| filter.name).collect();
        let hint = suggestion(name, &names)
            .map_or(String::new(), |close| format!("; did you mean `{close}`?"));
        Wrong::new(at, format!("there is no filter `{name}`{hint}"))
    })
}

fn default(given: &Given<'_>) -> Value {
    let missing = match given.value {
        Value::Bool(false) => !given.allow_false,
        Value::Bool(true) | Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
        other => values::is_empty(other),
    };
    let value = if missing { given.argument(0) } else { Some(given.value) };
    value.cloned().unwrap_or_default()
}
