//! Projects, their revisions and their media.

use axum::Json as Answered;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use crowdsmith_platform::media::{self, Media};
use crowdsmith_platform::project::{self, Put, Question, Revision};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::{Json, Path, Query};
use super::page::{Page, Paging};
use crate::App;
use crate::caller::{Reader, Writer};
use crate::problem::{Answer, Problem};

/// A project with the newest revision of its question.
#[derive(Serialize, ToSchema)]
pub(super) struct Project {
    #[serde(flatten)]
    project: project::Project,
    /// The instructions, safe to show.
    instructions_html: String,
}

impl From<project::Project> for Project {
    fn from(project: project::Project) -> Self {
        Self {
            instructions_html: project::instructions_html(&project.question.instructions),
            project,
        }
    }
}

/// The workspace's projects
///
/// Templates are large and left out; a project's own address has its template.
#[utoipa::path(get, path = "/api/v1/projects", tag = "projects", params(Paging),
    responses((status = 200, body = Page<Project>)))]
pub(super) async fn list(
    State(app): State<App>,
    Reader(by): Reader,
    Query(paging): Query<Paging>,
) -> Answer<Answered<Page<Project>>> {
    let mut projects =
        project::list(&app.platform.db, by.workspace, paging.after, paging.limit()).await?;
    for project in &mut projects {
        project.question.template = None;
    }
    Ok(Answered(Page::new(projects, paging, |project| project.id, Project::from)))
}

/// Create a project, or revise its question
///
/// The body has the keys of `project.toml`: title, description, instructions (Markdown), input, output, page, and
/// template (HTML), which may take the place of output. A question that differs from the newest revision makes a new one.
#[utoipa::path(put, path = "/api/v1/projects/{name}", tag = "projects", params(("name" = String, Path)),
    request_body = Question,
    responses((status = 201, body = Project), (status = 200, body = Project), (status = "4XX", body = Problem)))]
pub(super) async fn put(
    State(app): State<App>,
    Writer(by): Writer,
    Path(name): Path<String>,
    Json(question): Json<Value>,
) -> Answer<(StatusCode, Answered<Project>)> {
    let question = Question::read(&question)?;
    let (project, done) = project::put(&app.platform.db, &by, &name, question).await?;
    let status = if done == Put::Created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Answered(project.into())))
}

/// A project
#[utoipa::path(get, path = "/api/v1/projects/{name}", tag = "projects", params(("name" = String, Path)),
    responses((status = 200, body = Project), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(app): State<App>,
    Reader(by): Reader,
    Path(name): Path<String>,
) -> Answer<Answered<Project>> {
    Ok(Answered(project::get(&app.platform.db, by.workspace, &name).await?.into()))
}

/// The revisions of a project, newest first
#[utoipa::path(get, path = "/api/v1/projects/{name}/revisions", tag = "projects", params(("name" = String, Path)),
    responses((status = 200, body = Page<Revision>), (status = 404, body = Problem)))]
pub(super) async fn revisions(
    State(app): State<App>,
    Reader(by): Reader,
    Path(name): Path<String>,
) -> Answer<Answered<Page<Revision>>> {
    let project = project::get(&app.platform.db, by.workspace, &name).await?;
    Ok(Answered(Page::whole(project::revisions(&app.platform.db, project.id).await?)))
}

/// Upload a file that tasks show
///
/// Media fields of tasks name it by its path.
#[utoipa::path(put, path = "/api/v1/projects/{name}/media/{path}", tag = "projects",
    params(("name" = String, Path), ("path" = String, Path, description = "may contain slashes")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = Media), (status = "4XX", body = Problem)))]
pub(super) async fn put_media(
    State(app): State<App>,
    Writer(by): Writer,
    Path((name, path)): Path<(String, String)>,
    content: Bytes,
) -> Answer<(StatusCode, Answered<Media>)> {
    let project = project::get(&app.platform.db, by.workspace, &name).await?;
    let media =
        media::put(&app.platform.db, &app.platform.media, project.id, &path, content).await?;
    Ok((StatusCode::CREATED, Answered(media)))
}
