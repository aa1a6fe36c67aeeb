use serde::Serialize;

use super::{Pinned, Project, Question};
use crate::db::{Connection, Database, sql};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::Time;

#[derive(sqlx::FromRow)]
struct ProjectRow {
    id: Id,
    name: String,
    revision: i64,
    revision_id: Id,
    question: String,
    created_at: Time,
}

impl TryFrom<ProjectRow> for Project {
    type Error = Error;

    fn try_from(row: ProjectRow) -> Result<Self> {
        let ProjectRow { id, name, revision, revision_id, question, created_at } = row;
        Ok(Self { id, name, revision, revision_id, created_at, question: read_stored(&question)? })
    }
}

fn read_stored(question: &str) -> Result<Question> {
    serde_json::from_str(question)
        .map_err(|error| Error::Internal(format!("a stored question: {error}")))
}

fn to_stored(question: &Question) -> Result<String> {
    serde_json::to_string(question)
        .map_err(|error| Error::Internal(format!("storing a question: {error}")))
}

#[derive(sqlx::FromRow)]
pub(super) struct LockedProject {
    pub(super) id: Id,
    pub(super) revision_id: Id,
}

/// Finds the project and keeps other transactions from changing it until this one ends.
pub(super) async fn lock_project(
    tx: &mut Connection,
    workspace: Id,
    name: &str,
) -> Result<Option<LockedProject>> {
    sql!(
        tx,
        optional LockedProject,
        "UPDATE project SET name = name WHERE workspace_id = $1 AND name = $2 RETURNING id, revision_id",
        workspace,
        name
    )
}

pub(super) async fn insert_project(
    tx: &mut Connection,
    workspace: Id,
    name: &str,
    question: &Question,
) -> Result<()> {
    let (project, now) = (Id::new(), Time::now());
    sql!(
        tx,
        execute,
        "INSERT INTO project (id, workspace_id, name, revision_id, created_at) VALUES ($1, $2, $3, 0, $4)",
        project,
        workspace,
        name,
        now
    )
    .map_err(|error| error.on_conflict(|| format!("the project `{name}` was created at the same moment; try again")))?;
    add_revision(tx, project, question).await
}

pub(super) async fn add_revision(
    tx: &mut Connection,
    project: Id,
    question: &Question,
) -> Result<()> {
    let revision = Id::new();
    sql!(
        tx,
        execute,
        "INSERT INTO revision (id, project_id, number, title, description, question, created_at)
         SELECT $1, $2, COALESCE(MAX(number), 0) + 1, $3, $4, $5, $6 FROM revision WHERE project_id = $2",
        revision,
        project,
        &question.title,
        &question.description,
        to_stored(question)?,
        Time::now()
    )?;
    sql!(tx, execute, "UPDATE project SET revision_id = $2 WHERE id = $1", project, revision)
        .map(drop)
}

pub(super) async fn project(
    tx: &mut Connection,
    workspace: Id,
    name: &str,
) -> Result<Option<Project>> {
    let row = sql!(
        tx,
        optional ProjectRow,
        "SELECT p.id, p.name, r.number AS revision, p.revision_id, r.question, p.created_at
         FROM project p JOIN revision r ON r.id = p.revision_id WHERE p.workspace_id = $1 AND p.name = $2",
        workspace,
        name
    )?;
    row.map(Project::try_from).transpose()
}

pub(super) async fn projects(
    tx: &mut Connection,
    workspace: Id,
    after: Id,
    limit: i64,
) -> Result<Vec<Project>> {
    let rows = sql!(
        tx,
        all ProjectRow,
        "SELECT p.id, p.name, r.number AS revision, p.revision_id, r.question, p.created_at
         FROM project p JOIN revision r ON r.id = p.revision_id
         WHERE p.workspace_id = $1 AND p.id > $2 ORDER BY p.id LIMIT $3",
        workspace,
        after,
        limit
    )?;
    rows.into_iter().map(Project::try_from).collect()
}

/// What a revision holds.
pub(crate) async fn pinned(tx: &mut Connection, revision: Id) -> Result<Pinned> {
    let (project, number, question) = sql!(
        tx,
        one(Id, i64, String),
        "SELECT project_id, number, question FROM revision WHERE id = $1",
        revision
    )?;
    Ok(Pinned { project, number, question: read_stored(&question)? })
}

#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Revision {
    #[serde(rename = "revision")]
    pub number: i64,
    pub title: String,
    pub created_at: Time,
}

/// The revisions of a project, newest first.
pub async fn revisions(db: &Database, project: Id) -> Result<Vec<Revision>> {
    let tx = &mut db.read().await?;
    sql!(
        tx,
        all Revision,
        "SELECT number, title, created_at FROM revision WHERE project_id = $1 ORDER BY number DESC",
        project
    )
}
