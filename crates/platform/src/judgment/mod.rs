//! Judgments: workers' answers to tasks. They come by submission or by import, are never changed, and a worker has at
//! most one for a task (the database refuses a second).

mod import;
mod sql;

pub use import::{Imported, ImportedJudgment, import, read_judgments};
pub use sql::{Judgment, NewJudgment, Source, insert, of_task, page};
