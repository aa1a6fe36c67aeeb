//! The domain of Crowdsmith: one folder a concept, each with its types, its rules, and its SQL in `sql.rs`.
//!
//! A [`Platform`] is what the server works on: the database and what is kept in memory beside it.

pub mod access;
pub mod assignment;
pub mod batch;
pub mod db;
pub mod decision;
mod drawing;
pub mod error;
pub mod gold;
pub mod hex;
pub mod id;
pub mod jobs;
pub mod judgment;
pub mod ledger;
pub mod media;
pub mod money;
pub mod place;
pub mod policy;
pub mod project;
pub mod restriction;
pub mod result;
pub mod rows;
pub mod rule;
pub mod skill;
pub mod skip;
pub mod table;
pub mod task;
pub mod time;
pub mod trust;
pub mod upload;

use std::path::Path;
use std::sync::Arc;

pub use db::{Database, OpenError};
pub use error::{Error, FieldError, Result};
pub use id::Id;
pub use money::Money;
pub use time::Time;

/// One installation as one process sees it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Platform {
    pub db: Database,
    pub media: media::Store,
    pub links: media::Links,
    pub revisions: project::Revisions,
    pub aggregations: result::Aggregations,
    pub terms: batch::KnownTerms,
    pub attempts: Arc<access::Attempts>,
}

/// Why a platform could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Database(#[from] OpenError),
    #[error(transparent)]
    Other(#[from] Error),
}

impl Platform {
    /// Opens the data folder, with its embedded database or the one at `database` (`postgres://...`).
    pub async fn open(data: &Path, database: Option<&str>) -> Result<Self, StartError> {
        let db = Database::open(data, database).await?;
        let media = media::Store::local(&data.join("media"))?;
        let links = media::Links::open(&db).await?;
        Ok(Self {
            db,
            media,
            links,
            revisions: project::Revisions::default(),
            aggregations: result::Aggregations::default(),
            terms: batch::KnownTerms::default(),
            attempts: Arc::default(),
        })
    }
}
