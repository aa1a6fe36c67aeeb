//! Statements answered on one scale: `likert`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::part::Part;
use crate::error::{Error, Result};
use crate::project::keys::{Keys, shown};

const MOST_STATEMENTS: usize = 200;
const MOST_POINTS: usize = 20;

/// Statements answered on one scale. Value: `{"STATEMENT'S ID": place on the scale, from 1}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Likert {
    /// Where absent, each task's template has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Vec<Statement>>,
    /// The answers from one end to the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<Vec<String>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Statement {
    /// The text itself where no other is given.
    pub id: String,
    pub text: String,
}

impl Likert {
    pub(super) fn read(keys: &mut Keys) -> Self {
        let statements = read_statements(keys);
        Self { statements, scale: keys.texts("scale", 2..=MOST_POINTS) }
    }

    pub(super) fn check(&self, required: bool, value: &Value) -> Result<(), String> {
        let whole = Part::of(value);
        let points = self.scale.as_ref().map_or(MOST_POINTS, Vec::len) as i64;
        for (id, place) in whole.entries()? {
            if self.statements.as_ref().is_some_and(|known| known.iter().all(|one| one.id != id)) {
                return Err(format!("{place}is no statement of this field"));
            }
            place.whole(1..=points)?;
        }
        let missing = self.statements.iter().flatten().find(|one| value.get(&one.id).is_none());
        match missing {
            Some(missing) if required => Err(format!("must answer `{}` too", missing.text)),
            _ => Ok(()),
        }
    }
}

fn read_statements(keys: &mut Keys) -> Option<Vec<Statement>> {
    let list = keys.get("statements")?;
    let list = list.as_array().filter(|list| (1..=MOST_STATEMENTS).contains(&list.len()));
    let Some(list) = list else {
        keys.error("statements", format!("must be a list of 1 to {MOST_STATEMENTS} statements"));
        return None;
    };
    let path = keys.path_of("statements");
    let mut read: Vec<Statement> = Vec::new();
    for (place, statement) in list.iter().enumerate() {
        let statement = keys.part(read_statement(&format!("{path}[{place}]"), statement));
        let Some(statement) = statement else { continue };
        if read.iter().any(|earlier| earlier.id == statement.id) {
            keys.error("statements", format!("`{}` stands there twice", statement.id));
        }
        read.push(statement);
    }
    Some(read)
}

fn read_statement(path: &str, value: &Value) -> Result<Statement> {
    match value {
        Value::String(text) if !text.trim().is_empty() => {
            Ok(Statement { id: text.clone(), text: text.clone() })
        }
        Value::Object(_) => {
            let mut keys = Keys::of(path, value)?;
            let text = keys.text("text").filter(|text| !text.trim().is_empty());
            if text.is_none() {
                keys.error("text", "is missing");
            }
            let id = keys.text("id").filter(|id| !id.is_empty()).or_else(|| text.clone());
            keys.finish(|| Statement { id: id.unwrap_or_default(), text: text.unwrap_or_default() })
        }
        _ => Err(Error::invalid(
            path,
            format!("must be a text or a table with `text` and `id`, not {}", shown(value)),
        )),
    }
}
