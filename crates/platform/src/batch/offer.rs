//! Batches as workers see them: what they pay, how long they take, how much is left.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{not_found, sql};
use crate::db::Database;
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::policy::Policy;
use crate::skill;
use crate::time::{MINUTE, SECOND};

/// An open batch, for one worker.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Offer {
    pub id: Id,
    pub title: String,
    pub description: String,
    /// For each task.
    pub price: Money,
    pub currency: String,
    pub suite_size: i64,
    pub time_limit_minutes: i64,
    /// What a task has taken so far, on average over all workers.
    pub seconds_per_task: Option<f64>,
    /// Tasks that this worker may still find, at most.
    pub tasks_left: i64,
    /// Tasks this worker has judged.
    pub judged: i64,
    pub earned: Money,
    /// Why this worker gets no tasks here: the batch asks for other skills.
    pub why_not: Option<String>,
}

/// What is stored, and sums over the batch's workers.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    id: Id,
    pub(super) revision_id: Id,
    title: String,
    description: String,
    price: Money,
    currency: String,
    suite_size: i64,
    time_limit: i64,
    max_judgments: Option<i64>,
    tasks: i64,
    completed: i64,
    judgments: i64,
    worked: i64,
    judged: i64,
    skipped: i64,
    earned: Money,
    /// Whether this worker is excluded, or has not passed the quiz.
    barred: i64,
    policy: String,
}

impl Row {
    /// The offer to a worker with these skills.
    fn to(self, skills: &BTreeMap<String, f64>) -> Result<Offer> {
        let row = self;
        let own_limit = row.max_judgments.map_or(i64::MAX, |most| most - row.judged);
        let tasks_left = (row.tasks - row.completed)
            .min(row.tasks - row.judged - row.skipped)
            .min(own_limit)
            .max(0);
        let seconds = || (row.worked / row.judgments) as f64 / SECOND as f64;
        Ok(Offer {
            id: row.id,
            title: row.title,
            description: row.description,
            price: row.price,
            currency: row.currency,
            suite_size: row.suite_size,
            time_limit_minutes: row.time_limit / MINUTE,
            seconds_per_task: (row.judgments > 0 && row.worked > 0)
                .then(|| (seconds() * 10.0).round() / 10.0),
            tasks_left,
            judged: row.judged,
            earned: row.earned,
            why_not: Policy::stored(&row.policy)?.audience.why_not(skills),
        })
    }
}

/// Open batches in which this worker may still find tasks, newest first; after them those that ask for other skills.
pub async fn list(db: &Database, workspace: Id, worker: Id) -> Result<Vec<Offer>> {
    let tx = &mut db.read().await?;
    let rows = sql::offers(tx, workspace, worker).await?;
    let skills = skill::values_of(tx, worker).await?;
    let open = rows.into_iter().filter(|row| row.barred == 0).map(|row| row.to(&skills));
    let mut offers = open.collect::<Result<Vec<Offer>>>()?;
    offers.retain(|offer| offer.tasks_left > 0);
    offers.sort_by_key(|offer| offer.why_not.is_some());
    Ok(offers)
}

/// One batch, open or not, and the revision of its question.
pub async fn get(db: &Database, workspace: Id, worker: Id, batch: Id) -> Result<(Offer, Id)> {
    let tx = &mut db.read().await?;
    let row = sql::offer(tx, workspace, worker, batch).await?.ok_or_else(not_found)?;
    let revision = row.revision_id;
    Ok((row.to(&skill::values_of(tx, worker).await?)?, revision))
}
