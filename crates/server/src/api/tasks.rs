//! Tasks of a batch.

use std::collections::HashSet;
use std::io::Read;

use axum::Json as Answered;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use crowdsmith_platform::access::Identity;
use crowdsmith_platform::batch::{self, Batch};
use crowdsmith_platform::judgment::{self, Judgment};
use crowdsmith_platform::project::{Pinned, Question};
use crowdsmith_platform::rows::Format;
use crowdsmith_platform::task::{self, Added, Task};
use crowdsmith_platform::{Error, Id, Time, media};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::body::{Json, Path, Query, read_table};
use super::page::{Page, Paging};
use crate::App;
use crate::caller::{Reader, Reviewer, Writer};
use crate::problem::{Answer, Problem};

/// A task with the judgments behind its result.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskWithJudgments {
    #[serde(flatten)]
    task: Task,
    judgments: Vec<Judgment>,
}

/// The question of a batch's revision.
pub(super) async fn pinned(app: &App, batch: &Batch) -> Answer<std::sync::Arc<Pinned>> {
    Ok(app.platform.revisions.get(&app.platform.db, batch.revision_id).await?)
}

/// Links in place of the paths of media.
pub(super) fn with_links(app: &App, pinned: &Pinned, task: Task) -> Answer<Task> {
    Ok(Task { input: app.platform.links.put_into(task.input, pinned, Time::now())?, ..task })
}

/// Reads rows with the columns of a question, which may name some media.
type ReadTable<T> = fn(Format, &mut dyn Read, &Question, &HashSet<String>) -> Result<T, Error>;

/// Reads a table of a batch, with the columns of its question; it may name media of the project.
pub(super) async fn read_of_batch<T: Send + 'static>(
    app: &App,
    by: &Identity,
    batch: Id,
    headers: &HeaderMap,
    body: Body,
    read: ReadTable<T>,
) -> Answer<T> {
    let db = &app.platform.db;
    let batch = batch::get(db, by.workspace, batch).await?;
    let pinned = pinned(app, &batch).await?;
    let paths = media::paths(db, pinned.project, &pinned.question).await?;
    read_table(headers, body, move |format, reader| read(format, reader, &pinned.question, &paths))
        .await
}

/// Add tasks from CSV, NDJSON or a JSON array
///
/// One column for each input field; an optional column `task` names the task, uniquely in the batch. All tasks are added
/// or none; an error names its line. Tasks that the batch holds already under the same name are left as they are.
#[utoipa::path(post, path = "/api/v1/batches/{id}/tasks", tag = "tasks",
    params(("id" = Id, Path), ("Idempotency-Key" = Option<String>, Header, description = "asking again with the same key and tasks changes nothing")),
    request_body(content((String = "text/csv"), (String = "application/x-ndjson"), (Vec<Object> = "application/json"))),
    responses((status = 201, body = Added), (status = "4XX", body = Problem)))]
pub(super) async fn add(
    State(app): State<App>,
    Writer(by): Writer,
    Path(id): Path<Id>,
    headers: HeaderMap,
    body: Body,
) -> Answer<(StatusCode, Answered<Added>)> {
    let tasks = read_of_batch(&app, &by, id, &headers, body, |format, table, question, media| {
        task::read_tasks(format, table, question, media)
    })
    .await?;
    let token = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let added = task::add(&app.platform.db, by.workspace, id, tasks, token).await?;
    Ok((StatusCode::CREATED, Answered(added)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfState {
    /// open, done or ambiguous.
    state: Option<String>,
}

impl OfState {
    fn state(&self) -> Answer<Option<task::State>> {
        let Some(word) = self.state.as_deref() else { return Ok(None) };
        task::State::from_word(word).map(Some).ok_or_else(|| {
            Problem::invalid("state", format!("`{word}` is no state; one of open, done, ambiguous"))
        })
    }
}

/// A reviewer's answer to a task.
#[derive(Deserialize, ToSchema)]
pub(super) struct Verdict {
    #[schema(value_type = Object)]
    output: Map<String, Value>,
}

/// Tasks in the order they were added, without gold
#[utoipa::path(get, path = "/api/v1/batches/{id}/tasks", tag = "tasks", params(("id" = Id, Path), OfState, Paging),
    responses((status = 200, body = Page<Task>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
    Query(of): Query<OfState>,
    Query(paging): Query<Paging>,
) -> Answer<Answered<Page<Task>>> {
    let batch = batch::get(&app.platform.db, by.workspace, id).await?;
    let pinned = pinned(&app, &batch).await?;
    let tasks = task::list(&app.platform.db, id, of.state()?, paging.after, paging.limit()).await?;
    let tasks = tasks
        .into_iter()
        .map(|task| with_links(&app, &pinned, task))
        .collect::<Answer<Vec<_>>>()?;
    Ok(Answered(Page::new(tasks, paging, |task| task.id, |task| task)))
}

/// A task and the judgments it got
#[utoipa::path(get, path = "/api/v1/batches/{id}/tasks/{task}", tag = "tasks",
    params(("id" = Id, Path), ("task" = Id, Path)),
    responses((status = 200, body = TaskWithJudgments), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(app): State<App>,
    Reader(by): Reader,
    Path((id, task)): Path<(Id, Id)>,
) -> Answer<Answered<TaskWithJudgments>> {
    let db = &app.platform.db;
    let batch = batch::get(db, by.workspace, id).await?;
    let pinned = pinned(&app, &batch).await?;
    let task = with_links(&app, &pinned, task::get(db, id, task).await?)?;
    let judgments = judgment::of_task(db, task.id).await?;
    Ok(Answered(TaskWithJudgments { task, judgments }))
}

/// Decide on a task as a reviewer: it is done with this answer, whatever its judgments say
#[utoipa::path(post, path = "/api/v1/batches/{id}/tasks/{task}/decide", tag = "tasks",
    params(("id" = Id, Path), ("task" = Id, Path)), request_body = Verdict,
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn decide(
    State(app): State<App>,
    Reviewer(by): Reviewer,
    Path((id, task)): Path<(Id, Id)>,
    Json(verdict): Json<Verdict>,
) -> Answer<StatusCode> {
    task::decide_by_hand(&app.platform, &by, id, task, &verdict.output).await?;
    Ok(StatusCode::NO_CONTENT)
}
