//! Answers by comparing: `ranking`, `comparison`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::part::Part;
use crate::project::keys::Keys;

const MOST_ITEMS: usize = 100;

/// Things put in order. Value: `{"ranking": ["best", …, "worst"]}`, or the list alone, which is its plain form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Ranking {
    /// What is put in order; where absent, each task has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<String>>,
    /// The input field (of type `json`, a list of texts) with each task's own items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

/// Which of two is better. Value: `{"choice": "first" | "second" | "tie"}`, or the text alone, which is its plain form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Comparison {
    /// The input field with the first of the two, and with the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<String>,
    /// Whether neither may be the better one.
    pub tie: bool,
}

impl Ranking {
    pub(super) fn read(keys: &mut Keys) -> Self {
        let (items, on) = (keys.texts("items", 2..=MOST_ITEMS), keys.text("on"));
        if items.is_some() && on.is_some() {
            keys.error(
                "on",
                "names what each task has, while `items` are the same for all; drop one",
            );
        }
        Self { items, on }
    }

    pub(super) fn check(&self, plain: &Value) -> Result<(), String> {
        check_permutation(self.items.as_deref(), plain)
    }
}

/// Refuses a ranking that does not have every item once; where none are known, one that has an item twice.
pub(super) fn check_permutation(items: Option<&[String]>, plain: &Value) -> Result<(), String> {
    let whole = Part::of(plain);
    let mut ranked: Vec<&str> = Vec::new();
    for item in whole.counted(1, Some(MOST_ITEMS as i64))? {
        let text = item.one_of(items)?;
        if ranked.contains(&text) {
            return Err(format!("ranks `{text}` twice"));
        }
        ranked.push(text);
    }
    match items.unwrap_or_default().iter().find(|item| !ranked.contains(&item.as_str())) {
        Some(missing) => Err(format!("must rank every item; `{missing}` is missing")),
        None => Ok(()),
    }
}

impl Comparison {
    pub(super) fn read(keys: &mut Keys) -> Self {
        Self {
            first: keys.text("first"),
            second: keys.text("second"),
            tie: keys.truth("tie").unwrap_or(true),
        }
    }

    /// What may be answered.
    pub fn sides(&self) -> &'static [&'static str] {
        if self.tie { &["first", "second", "tie"] } else { &["first", "second"] }
    }

    pub(super) fn check(&self, plain: &Value) -> Result<(), String> {
        let whole = Part::of(plain);
        match plain.as_str() {
            Some(side) if self.sides().contains(&side) => Ok(()),
            _ => Err(whole.wrong(format!("one of {}", self.sides().join(", ")))),
        }
    }
}

pub(super) fn plain_ranking(value: &Value) -> Cow<'_, Value> {
    Cow::Borrowed(value.get("ranking").unwrap_or(value))
}

pub(super) fn plain_comparison(value: &Value) -> Cow<'_, Value> {
    Cow::Borrowed(value.get("choice").unwrap_or(value))
}
