//! Aggregations kept in memory while their batch does not change.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::aggregate::{Aggregation, Loaded};
use super::{Method, sql};
use crate::batch::Batch;
use crate::db::Database;
use crate::error::{Error, Result};
use crate::gold;
use crate::id::Id;
use crate::project::Revisions;

/// How old an aggregation may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// All judgments count that were committed before.
    Current,
    /// A page that is looked at while judgments pour in need not be computed anew at every look.
    Recent,
}

const RECENT: Duration = Duration::from_secs(5);
/// Aggregations kept at most.
const KEPT: usize = 16;

type Key = (Id, Method);

#[derive(Clone, Debug)]
struct Kept {
    judgments: i64,
    /// What else the results rest on.
    grounds: (i64, i64, i64),
    revision: Id,
    at: Instant,
    aggregation: Arc<Aggregation>,
}

/// Cheap to clone; all clones are the same store.
#[derive(Clone, Debug, Default)]
pub struct Aggregations {
    kept: Arc<std::sync::Mutex<HashMap<Key, Kept>>>,
    /// One computation at a time: two exports of a large batch do not compute the same side by side.
    computing: Arc<Mutex<()>>,
}

impl Aggregations {
    pub async fn get(
        &self,
        db: &Database,
        revisions: &Revisions,
        batch: &Batch,
        method: Method,
        freshness: Freshness,
    ) -> Result<Arc<Aggregation>> {
        let computing = self.computing.lock().await;
        let tx = &mut db.read().await?;
        let judgments = sql::count_judgments(tx, batch.id).await?;
        let grounds = sql::grounds(tx, batch.id).await?;
        let key = (batch.id, method);
        if let Some(kept) = self.kept(&key, judgments, grounds, batch.revision_id, freshness) {
            return Ok(kept);
        }
        let started = Instant::now();
        let pinned = revisions.get(db, batch.revision_id).await?;
        let mut loaded = Loaded::new(&pinned.question);
        sql::load(db, batch.id, |task, worker, output| {
            loaded.add(&pinned.question, task, worker, output)
        })
        .await?;
        for (task, output) in gold::known_outputs(db, batch.id).await? {
            loaded.know(&pinned.question, task, &output)?;
        }
        let count = loaded.judgments();
        let aggregation = tokio::task::spawn_blocking(move || {
            Aggregation::compute(&pinned.question, loaded, method)
        })
        .await
        .map_err(|error| Error::Internal(format!("aggregating: {error}")))??;
        let aggregation = Arc::new(aggregation);
        let kept = Kept {
            judgments,
            grounds,
            revision: batch.revision_id,
            at: Instant::now(),
            aggregation: Arc::clone(&aggregation),
        };
        self.keep(key, kept);
        drop(computing);
        tracing::debug!(batch = %batch.id, judgments = count, milliseconds = started.elapsed().as_millis(), "aggregated");
        Ok(aggregation)
    }

    fn kept(
        &self,
        key: &Key,
        judgments: i64,
        grounds: (i64, i64, i64),
        revision: Id,
        freshness: Freshness,
    ) -> Option<Arc<Aggregation>> {
        let kept = self.kept.lock().expect("no panic holds this lock");
        let kept = kept.get(key).filter(|kept| kept.revision == revision)?;
        let recent = freshness == Freshness::Recent && kept.at.elapsed() < RECENT;
        let current = kept.judgments == judgments && kept.grounds == grounds;
        (current || recent).then(|| Arc::clone(&kept.aggregation))
    }

    fn keep(&self, key: Key, aggregation: Kept) {
        let mut kept = self.kept.lock().expect("no panic holds this lock");
        if kept.len() >= KEPT
            && let Some(oldest) = kept.iter().min_by_key(|(_, kept)| kept.at).map(|(key, _)| *key)
        {
            kept.remove(&oldest);
        }
        kept.insert(key, aggregation);
    }
}
