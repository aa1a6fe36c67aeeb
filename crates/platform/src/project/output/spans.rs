//! Marked stretches of a text: `spans`, `relations` between them. Offsets count Unicode characters; the end is exclusive.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::marks::{MOST_MARKS, Marks};
use super::part::Part;
use crate::project::keys::Keys;

const MOST_KINDS: usize = 200;

/// Marked stretches of a text, and relations from one to another.
/// Value: `{"entities": […], "relations": [{"label", "from", "to"}]}`; `from` and `to` are places in `entities`, from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Relations {
    #[serde(flatten)]
    pub marks: Marks,
    /// The kinds of relation; where absent, each task's template has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relations: Option<Vec<String>>,
}

impl Relations {
    pub(super) fn read(keys: &mut Keys) -> Self {
        Self { marks: Marks::read(keys), relations: keys.texts("relations", 1..=MOST_KINDS) }
    }

    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        check_spans(&self.marks, value)?;
        let whole = Part::of(value);
        let spans = whole.key("entities")?.items()?.len() as i64;
        let list = whole.key("relations")?;
        for relation in list.counted(0, Some(MOST_MARKS))? {
            relation.key("label")?.one_of(self.relations.as_deref())?;
            let from = relation.key("from")?.whole(0..=spans - 1)?;
            if from == relation.key("to")?.whole(0..=spans - 1)? {
                return Err(format!("{relation}goes from an entity to itself"));
            }
        }
        Ok(())
    }
}

pub(super) fn check_spans(marks: &Marks, value: &Value) -> Result<(), String> {
    marks.check(&Part::of(value), "entities", |span| {
        let start = span.key("startOffset")?.whole(0..=i64::MAX)?;
        let end = span.key("endOffset")?;
        if end.whole(0..=i64::MAX)? > start {
            return Ok(());
        }
        Err(end.wrong(format!("above `startOffset`, which is {start}")))
    })
}

/// Refuses spans that end after the text that they are on.
pub(super) fn check_within(text: &str, value: &Value) -> Result<(), String> {
    let length = text.chars().count() as i64;
    let whole = Part::of(value);
    let list = whole.key("entities")?;
    for span in list.items()? {
        let end = span.key("endOffset")?;
        if end.whole(0..=i64::MAX)? > length {
            return Err(end.wrong(format!("at most {length}, the length of the text")));
        }
    }
    Ok(())
}
