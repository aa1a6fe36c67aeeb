//! Questions by revision, kept in memory: a revision never changes, so neither does what is kept.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use super::{Question, sql};
use crate::db::{Connection, Database};
use crate::error::Result;
use crate::id::Id;

/// Revisions kept at most; when full, all are forgotten and those in use come back.
const KEPT: usize = 10_000;

/// The question of one revision, and whose it is.
#[derive(Debug)]
pub struct Pinned {
    pub project: Id,
    /// The revision's number in its project.
    pub number: i64,
    pub question: Question,
}

#[derive(Clone, Debug, Default)]
pub struct Revisions {
    known: Arc<RwLock<HashMap<Id, Arc<Pinned>>>>,
}

impl Revisions {
    /// The question of a revision, read from the database the first time.
    pub async fn get(&self, db: &Database, revision: Id) -> Result<Arc<Pinned>> {
        match self.known(revision) {
            Some(pinned) => Ok(pinned),
            None => self.load(&mut db.read().await?, revision).await,
        }
    }

    /// The same within a transaction.
    pub(crate) async fn get_in(&self, tx: &mut Connection, revision: Id) -> Result<Arc<Pinned>> {
        match self.known(revision) {
            Some(pinned) => Ok(pinned),
            None => self.load(tx, revision).await,
        }
    }

    fn known(&self, revision: Id) -> Option<Arc<Pinned>> {
        self.known.read().expect("no panic holds this lock").get(&revision).cloned()
    }

    async fn load(&self, tx: &mut Connection, revision: Id) -> Result<Arc<Pinned>> {
        let pinned = Arc::new(sql::pinned(tx, revision).await?);
        let mut known = self.known.write().expect("no panic holds this lock");
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(revision, Arc::clone(&pinned));
        Ok(pinned)
    }
}
