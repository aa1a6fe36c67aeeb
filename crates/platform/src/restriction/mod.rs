//! Restrictions: a worker gets no more work in a batch, a project or the whole workspace, for a time or for good.
//!
//! A claim looks for them; what a worker holds may be finished. They come from rules or by hand, and are lifted, never
//! deleted.

mod sql;

use serde::{Deserialize, Serialize};

use crate::access::{Identity, stored_as_word};
use crate::batch;
use crate::db::Database;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::policy::rules::MOST_HOURS;
use crate::project;
use crate::time::{HOUR, Time};
use crate::trust;

pub(crate) use sql::{New, insert, lift_of};

/// How far a restriction reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = RestrictionScope)]
pub enum Scope {
    Batch,
    Project,
    Workspace,
}

stored_as_word!(Scope { Batch = "batch", Project = "project", Workspace = "workspace" });

#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Restriction {
    pub id: Id,
    /// Pseudonym, or the external name of an imported worker.
    pub worker: String,
    #[sqlx(try_from = "String")]
    pub scope: Scope,
    /// Where the scope is a batch.
    pub batch: Option<Id>,
    /// The project's name, where the scope is a project.
    pub project: Option<String>,
    pub why: String,
    /// For good where absent.
    pub until: Option<Time>,
    /// rule or requester.
    pub source: String,
    pub created_at: Time,
    pub lifted_at: Option<Time>,
}

/// A restriction to be made by hand.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[schema(as = NewRestriction)]
pub struct ByHand {
    /// Pseudonym or external name.
    pub worker: String,
    pub scope: Scope,
    /// The batch, where the scope is one.
    pub batch: Option<Id>,
    /// The project's name, where the scope is one.
    pub project: Option<String>,
    /// For good where absent.
    pub hours: Option<f64>,
    /// Shown to the worker.
    pub why: String,
}

const LONGEST_WHY: usize = 500;

/// When a restriction of so many hours ends.
pub(crate) fn end(now: Time, hours: Option<f64>) -> Option<Time> {
    hours.map(|hours| now.plus((hours * HOUR as f64) as i64))
}

/// Restricts a worker by the requester's word.
pub async fn restrict(db: &Database, by: &Identity, given: ByHand) -> Result<Id> {
    let why = given.why.trim().trim_end_matches('.').to_owned();
    if why.is_empty() || why.len() > LONGEST_WHY {
        let message = format!("must have 1 to {LONGEST_WHY} bytes; the worker reads it");
        return Err(Error::invalid("why", message));
    }
    if given.hours.is_some_and(|hours| !(hours > 0.0 && hours <= MOST_HOURS)) {
        return Err(Error::invalid("hours", format!("must be above 0 and at most {MOST_HOURS}")));
    }
    let scope_id = scope_id(db, by.workspace, &given).await?;
    let (workspace, name, scope, hours) = (by.workspace, given.worker, given.scope, given.hours);
    db.write(move |tx| {
        let (name, why) = (name.clone(), why.clone());
        Box::pin(async move {
            let worker = trust::member(tx, workspace, &name).await?;
            let worker = worker.ok_or_else(|| Error::NotFound(format!("the worker `{name}`")))?;
            let now = Time::now();
            let until = end(now, hours);
            let new = New { workspace, worker, scope, scope_id, why: &why, until, firing: None };
            insert(tx, &new, now).await
        })
    })
    .await
}

/// What the scope names; it must name nothing else.
async fn scope_id(db: &Database, workspace: Id, given: &ByHand) -> Result<Id> {
    let belongs = |key: &str, scope: Scope, is_there: bool| {
        if is_there == (given.scope == scope) {
            return Ok(());
        }
        let message = format!("belongs to the scope {scope} and must be there with it only");
        Err(Error::invalid(key, message))
    };
    belongs("batch", Scope::Batch, given.batch.is_some())?;
    belongs("project", Scope::Project, given.project.is_some())?;
    match (given.batch, &given.project) {
        (Some(id), _) => batch::get(db, workspace, id).await.map(|batch| batch.id),
        (_, Some(name)) => project::get(db, workspace, name).await.map(|project| project.id),
        (None, None) => Ok(workspace),
    }
}

/// Restrictions of the workspace, lifted ones too, newest first; of one worker if named.
pub async fn list(
    db: &Database,
    workspace: Id,
    worker: Option<&str>,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<Restriction>> {
    let tx = &mut db.read().await?;
    sql::page(tx, workspace, worker, before.unwrap_or(Id(i64::MAX)), limit).await
}

/// Lifts a restriction. Again changes nothing.
pub async fn lift(db: &Database, workspace: Id, restriction: Id) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let known = sql::lift(tx, workspace, restriction, Time::now()).await?;
            if known { Ok(()) } else { Err(Error::NotFound("the restriction".into())) }
        })
    })
    .await
}
