//! Skills: named values from 0 to 100 that a workspace keeps of a worker, set by rules or by hand.

mod sql;

use serde::Serialize;

use crate::db::{Connection, Database};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::project::check_name;
use crate::time::Time;
use crate::trust;

pub(crate) use sql::{set, value, values, values_of};

#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Skill {
    pub name: String,
    /// 0 to 100.
    pub value: f64,
    /// rule or requester.
    pub source: String,
    pub updated_at: Time,
}

/// A skill that some workers have.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = SkillInUse)]
pub struct InUse {
    pub name: String,
    pub workers: i64,
    pub lowest: f64,
    pub highest: f64,
}

/// A worker who has a skill.
#[derive(Clone, Debug, PartialEq, Serialize, sqlx::FromRow, utoipa::ToSchema)]
#[schema(as = SkillHolder)]
pub struct Holder {
    #[serde(skip)]
    pub id: Id,
    /// Pseudonym, or the external name of an imported worker.
    pub worker: String,
    /// 0 to 100.
    pub value: f64,
    /// rule or requester.
    pub source: String,
    pub updated_at: Time,
}

/// The skills that workers of a workspace have, by name.
pub async fn in_use(db: &Database, workspace: Id) -> Result<Vec<InUse>> {
    sql::in_use(&mut db.read().await?, workspace).await
}

/// Workers who have a skill.
pub async fn holders(
    db: &Database,
    workspace: Id,
    name: &str,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Holder>> {
    sql::holders(&mut db.read().await?, workspace, name, after.unwrap_or(Id(0)), limit).await
}

/// The skills of a worker (pseudonym or external name), by name.
pub async fn list(db: &Database, workspace: Id, worker: &str) -> Result<Vec<Skill>> {
    let tx = &mut db.read().await?;
    let worker = find(tx, workspace, worker).await?;
    sql::of_worker(tx, worker).await
}

/// Sets a skill by the requester's word.
pub async fn set_by_hand(
    db: &Database,
    workspace: Id,
    worker: &str,
    name: &str,
    value: f64,
) -> Result<Skill> {
    check_name("name", name)?;
    if !(0.0..=100.0).contains(&value) {
        return Err(Error::invalid(
            "value",
            format!("must be a number from 0 to 100, not {value}"),
        ));
    }
    let (worker, name) = (worker.to_owned(), name.to_owned());
    db.write(move |tx| {
        let (worker, name) = (worker.clone(), name.clone());
        Box::pin(async move {
            let worker = find(tx, workspace, &worker).await?;
            let now = Time::now();
            sql::set(tx, workspace, worker, &name, value, "requester", now).await?;
            Ok(Skill { name, value, source: "requester".to_owned(), updated_at: now })
        })
    })
    .await
}

/// Takes a skill away from a worker.
pub async fn remove(db: &Database, workspace: Id, worker: &str, name: &str) -> Result<()> {
    let (worker, name) = (worker.to_owned(), name.to_owned());
    db.write(move |tx| {
        let (worker, name) = (worker.clone(), name.clone());
        Box::pin(async move {
            let id = find(tx, workspace, &worker).await?;
            let missing =
                || Error::NotFound(format!("the skill `{name}` of the worker `{worker}`"));
            if sql::remove(tx, id, &name).await? { Ok(()) } else { Err(missing()) }
        })
    })
    .await
}

async fn find(tx: &mut Connection, workspace: Id, worker: &str) -> Result<Id> {
    let found = trust::member(tx, workspace, worker).await?;
    found.ok_or_else(|| Error::NotFound(format!("the worker `{worker}`")))
}
