//! What claims and submissions must know of a batch, kept in memory: every change of it gives it a new version.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::{State, not_found, sql};
use crate::db::Connection;
use crate::decision::Decider;
use crate::error::Result;
use crate::gold::{self, KnownGold};
use crate::id::Id;
use crate::money::Money;
use crate::policy::Policy;
use crate::project::Revisions;

/// Batches kept at most; when full, all are forgotten and those in use come back.
const KEPT: usize = 10_000;

#[derive(Debug)]
pub struct Terms {
    pub batch: Id,
    pub project: Id,
    pub workspace: Id,
    pub revision: Id,
    pub version: i64,
    pub open: bool,
    pub policy: Policy,
    pub suite_size: i64,
    /// Microseconds from claim to deadline.
    pub time_limit: i64,
    pub price: Money,
    pub currency: String,
    pub budget: Option<Money>,
    pub max_judgments: Option<i64>,
    /// Active gold tasks.
    pub golds: i64,
    /// Version of the worker models; 0 before the first.
    pub models: i64,
    decider: OnceLock<Arc<Decider>>,
    gold: OnceLock<Arc<KnownGold>>,
}

/// Cheap to clone; all clones are the same store.
#[derive(Clone, Debug, Default)]
pub struct KnownTerms {
    known: Arc<RwLock<HashMap<Id, Arc<Terms>>>>,
}

impl KnownTerms {
    /// The terms of a batch, whose version was just read.
    pub(crate) async fn get(
        &self,
        tx: &mut Connection,
        batch: Id,
        version: i64,
    ) -> Result<Arc<Terms>> {
        match self.kept(batch, version) {
            Some(terms) => Ok(terms),
            None => self.load(tx, batch).await,
        }
    }

    fn kept(&self, batch: Id, version: i64) -> Option<Arc<Terms>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&batch).cloned();
        known.filter(|terms| terms.version == version)
    }

    /// The terms as they are now.
    pub async fn load(&self, tx: &mut Connection, batch: Id) -> Result<Arc<Terms>> {
        let row = sql::terms(tx, batch).await?.ok_or_else(not_found)?;
        // What was loaded with the terms of this version (worker models, gold) is kept.
        if let Some(terms) = self.kept(batch, row.version) {
            return Ok(terms);
        }
        let terms = Arc::new(Terms::read(batch, row)?);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(batch, Arc::clone(&terms));
        Ok(terms)
    }
}

impl Terms {
    fn read(batch: Id, row: sql::TermsRow) -> Result<Self> {
        Ok(Self {
            batch,
            project: row.project_id,
            workspace: row.workspace_id,
            revision: row.revision_id,
            version: row.version,
            open: row.state == State::Open,
            policy: Policy::stored(&row.policy)?,
            suite_size: row.suite_size,
            time_limit: row.time_limit,
            price: row.price,
            currency: row.currency,
            budget: row.budget,
            max_judgments: row.max_judgments,
            golds: row.golds,
            models: row.models,
            decider: OnceLock::new(),
            gold: OnceLock::new(),
        })
    }

    /// The gold of this batch.
    pub(crate) async fn known_gold(&self, tx: &mut Connection) -> Result<Arc<KnownGold>> {
        if let Some(known) = self.gold.get() {
            return Ok(Arc::clone(known));
        }
        let loaded = Arc::new(gold::KnownGold::load(tx, self.batch).await?);
        Ok(Arc::clone(self.gold.get_or_init(|| loaded)))
    }

    /// What decides on the tasks of this batch, with its worker models.
    pub(crate) async fn decider(
        &self,
        tx: &mut Connection,
        revisions: &Revisions,
    ) -> Result<Arc<Decider>> {
        if let Some(known) = self.decider.get() {
            return Ok(Arc::clone(known));
        }
        let loaded = Arc::new(Decider::load(tx, revisions, self).await?);
        // Whoever was first at the same moment has loaded the same.
        Ok(Arc::clone(self.decider.get_or_init(|| loaded)))
    }
}
