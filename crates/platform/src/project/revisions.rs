//! Questions by revision, kept in memory: a revision never changes, so neither does what is kept.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::{Question, sql};
use crate::db::Connection;
use crate::error::Result;
use crate::id::Id;

/// Revisions kept at most; when full, all are forgotten and those in use come back.
const KEPT: usize = 10_000;

#[derive(Clone, Debug, Default)]
pub struct Revisions {
    known: Arc<RwLock<HashMap<Id, Arc<Question>>>>,
}

impl Revisions {
    pub async fn get(&self, tx: &mut Connection, revision: Id) -> Result<Arc<Question>> {
        if let Some(question) = self.known.read().expect("no panic holds this lock").get(&revision) {
            return Ok(Arc::clone(question));
        }
        let question = Arc::new(sql::question(tx, revision).await?);
        let mut known = self.known.write().expect("no panic holds this lock");
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(revision, Arc::clone(&question));
        Ok(question)
    }
}
