//! The domain of Crowdsmith: one folder a concept, each with its types, its rules, and its SQL in `sql.rs`.

pub mod access;
pub mod assignment;
pub mod batch;
pub mod db;
pub mod error;
pub mod id;
pub mod judgment;
pub mod ledger;
pub mod media;
pub mod money;
pub mod project;
pub mod rows;
pub mod task;
pub mod time;

pub use db::Database;
pub use error::{Error, FieldError, Result};
pub use id::Id;
pub use money::Money;
pub use time::Time;
