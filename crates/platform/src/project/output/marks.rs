//! What marked parts of something have in common: labels, how many there may be, and what they are on.

use serde::{Deserialize, Serialize};

use super::part::Part;
use crate::project::keys::Keys;

const MOST_LABELS: usize = 1000;
/// Marks of one answer at most.
pub(super) const MOST_MARKS: i64 = 10_000;

/// Any number of labelled marks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Marks {
    #[serde(flatten)]
    pub labels: Labels,
    /// Fewest marks of an answer.
    pub min: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
}

/// What something may be called, and what it is on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Labels {
    /// Where absent, each task's template says which labels there are, and any is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<Vec<String>>,
    /// The input field with the picture, text, sound, film or document; by default the first of a fitting type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

impl Labels {
    pub(super) fn read(keys: &mut Keys) -> Self {
        Self { labels: keys.texts("labels", 1..=MOST_LABELS), on: keys.text("on") }
    }

    pub(super) fn check<'a>(&self, label: &Part<'a>) -> Result<&'a str, String> {
        label.one_of(self.labels.as_deref())
    }
}

impl Marks {
    pub(super) fn read(keys: &mut Keys) -> Self {
        let labels = Labels::read(keys);
        let min = keys.count("min", 0..=MOST_MARKS).unwrap_or(0);
        Self { labels, min, max: keys.count("max", min.max(1)..=MOST_MARKS) }
    }

    /// Checks the list `key` of an answer: its length, and each of its marks.
    pub(super) fn check<'a>(
        &self,
        whole: &'a Part<'a>,
        key: &'a str,
        check: impl Fn(&Part) -> Result<(), String>,
    ) -> Result<(), String> {
        let list = whole.key(key)?;
        for mark in list.counted(self.min, self.max.or(Some(MOST_MARKS)))? {
            self.labels.check(&mark.key("label")?)?;
            check(&mark)?;
        }
        Ok(())
    }
}
