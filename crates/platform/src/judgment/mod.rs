//! Judgments: workers' answers to tasks. They come by submission or by import, are never changed, and a worker has at
//! most one for a task (the database refuses a second).

mod behavior;
mod import;
mod sql;

pub(crate) use behavior::check_order;
pub use behavior::{Behavior, ShownOrder};
pub use import::{Imported, ImportedJudgment, import, read_judgments};
pub use sql::{Judgment, NewJudgment, Source, insert, of_task, page};

use crate::error::{Error, Result};

/// What a page told, as JSON to store.
pub(crate) fn stored(told: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(told)
        .map_err(|error| Error::Internal(format!("storing a judgment: {error}")))
}
