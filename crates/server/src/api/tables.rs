//! What came of a batch: judgments, results, workers; as pages for the app, as whole files for download. And the import
//! of judgments collected elsewhere.

use axum::Json as Answered;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use crowdsmith_platform::Id;
use crowdsmith_platform::batch::{self, Batch};
use crowdsmith_platform::judgment::{self, Imported, Judgment};
use crowdsmith_platform::result::{self, Export, FieldResult, Freshness, Method, VERSION, Worker};
use crowdsmith_platform::table::Format;
use crowdsmith_platform::task::{self, State as TaskState};
use futures_util::{StreamExt as _, stream};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::body::{Path, Query, read_table};
use super::page::{Page, Paging};
use super::tasks::{pinned, with_links};
use crate::App;
use crate::caller::{Reader, Writer};
use crate::problem::{Answer, Problem};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// json (a page), or the whole table as ndjson, csv or parquet.
    format: Option<String>,
    /// auto (usual), dawid-skene or majority-vote.
    method: Option<String>,
}

impl Wanted {
    /// `None` asks for a page.
    fn format(&self) -> Answer<Option<Format>> {
        match self.format.as_deref() {
            None | Some("json") => Ok(None),
            Some("csv") => Ok(Some(Format::Csv)),
            Some("ndjson") => Ok(Some(Format::Ndjson)),
            Some("parquet") => Ok(Some(Format::Parquet)),
            Some(other) => Err(Problem::invalid(
                "format",
                format!("`{other}` is no format; one of json, ndjson, csv, parquet"),
            )),
        }
    }

    fn method(&self) -> Answer<Method> {
        let name = self.method.as_deref().unwrap_or(Method::default().name());
        Method::from_name(name).ok_or_else(|| {
            Problem::invalid(
                "method",
                format!("`{name}` is no method; one of auto, dawid-skene, majority-vote"),
            )
        })
    }
}

/// The aggregated answers to one task.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskResult {
    /// The task's name, or its id.
    task: String,
    task_id: Id,
    #[schema(value_type = Object)]
    input: Box<RawValue>,
    state: TaskState,
    judgments: i64,
    wanted: i64,
    #[schema(value_type = std::collections::HashMap<String, FieldResult>)]
    fields: IndexMap<String, Option<FieldResult>>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Results {
    #[serde(flatten)]
    page: Page<TaskResult>,
    method: Method,
    version: &'static str,
}

/// A judgment and the task it is about.
#[derive(Serialize, ToSchema)]
pub(super) struct TaskJudgment {
    /// The task's name, or its id.
    task: String,
    task_id: Id,
    #[serde(flatten)]
    judgment: Judgment,
}

/// Import judgments collected elsewhere, from CSV, NDJSON or a JSON array
///
/// Columns `task`, `worker` and the output fields; where there is one field, its column may be called `label`. All are
/// imported or none; those that the batch holds already are left as they are.
#[utoipa::path(post, path = "/api/v1/batches/{id}/judgments", tag = "results", params(("id" = Id, Path)),
    request_body(content((String = "text/csv"), (String = "application/x-ndjson"), (Vec<Object> = "application/json"))),
    responses((status = 201, body = Imported), (status = "4XX", body = Problem)))]
pub(super) async fn import_judgments(
    State(app): State<App>,
    Writer(by): Writer,
    Path(id): Path<Id>,
    headers: HeaderMap,
    body: Body,
) -> Answer<(StatusCode, Answered<Imported>)> {
    let batch = batch::get(&app.platform.db, by.workspace, id).await?;
    let pinned = pinned(&app, &batch).await?;
    let read = move |format, reader: &mut dyn std::io::Read| {
        judgment::read_judgments(format, reader, &pinned.question)
    };
    let judgments = read_table(&headers, body, read).await?;
    let imported = judgment::import(&app.platform, by.workspace, id, judgments).await?;
    Ok((StatusCode::CREATED, Answered(imported)))
}

/// Judgments in the order they came
#[utoipa::path(get, path = "/api/v1/batches/{id}/judgments", tag = "results", params(("id" = Id, Path), Wanted, Paging),
    responses((status = 200, body = Page<TaskJudgment>), (status = "4XX", body = Problem)))]
pub(super) async fn judgments(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
    Query(wanted): Query<Wanted>,
    Query(paging): Query<Paging>,
) -> Answer<Response> {
    let batch = batch::get(&app.platform.db, by.workspace, id).await?;
    if let Some(format) = wanted.format()? {
        return download(&app, batch, Export::Judgments, format).await;
    }
    let judgments = judgment::page(&app.platform.db, id, paging.after, paging.limit()).await?;
    let show = |judgment: Judgment| {
        let task = judgment.task_name.clone().unwrap_or_else(|| judgment.task_id.to_string());
        TaskJudgment { task, task_id: judgment.task_id, judgment }
    };
    Ok(Answered(Page::new(judgments, paging, |judgment| judgment.id, show)).into_response())
}

/// The aggregated answer of every task, with its confidence
#[utoipa::path(get, path = "/api/v1/batches/{id}/results", tag = "results", params(("id" = Id, Path), Wanted, Paging),
    responses((status = 200, body = Results), (status = "4XX", body = Problem)))]
pub(super) async fn results(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
    Query(wanted): Query<Wanted>,
    Query(paging): Query<Paging>,
) -> Answer<Response> {
    let (platform, method) = (&app.platform, wanted.method()?);
    let batch = batch::get(&platform.db, by.workspace, id).await?;
    if let Some(format) = wanted.format()? {
        return download(&app, batch, Export::Results(method), format).await;
    }
    let pinned = pinned(&app, &batch).await?;
    let aggregation = platform
        .aggregations
        .get(&platform.db, &platform.revisions, &batch, method, Freshness::Recent)
        .await?;
    let tasks = task::list(&platform.db, id, None, paging.after, paging.limit()).await?;
    let tasks = tasks
        .into_iter()
        .map(|task| with_links(&app, &pinned, task))
        .collect::<Answer<Vec<_>>>()?;
    let show = |task: task::Task| TaskResult {
        task: task.name.unwrap_or_else(|| task.id.to_string()),
        task_id: task.id,
        input: task.input,
        state: task.state,
        judgments: task.judgments,
        wanted: task.wanted,
        fields: aggregation.names().iter().cloned().zip(aggregation.of_task(task.id)).collect(),
    };
    let page = Page::new(tasks, paging, |task| task.id, show);
    Ok(Answered(Results { page, method, version: VERSION }).into_response())
}

/// The workers of a batch, with their estimated accuracy
#[utoipa::path(get, path = "/api/v1/batches/{id}/workers", tag = "results", params(("id" = Id, Path), Wanted, Paging),
    responses((status = 200, body = Page<Worker>), (status = "4XX", body = Problem)))]
pub(super) async fn workers(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
    Query(wanted): Query<Wanted>,
    Query(paging): Query<Paging>,
) -> Answer<Response> {
    let (platform, method) = (&app.platform, wanted.method()?);
    let batch = batch::get(&platform.db, by.workspace, id).await?;
    if let Some(format) = wanted.format()? {
        return download(&app, batch, Export::Workers(method), format).await;
    }
    let aggregation = platform
        .aggregations
        .get(&platform.db, &platform.revisions, &batch, method, Freshness::Recent)
        .await?;
    let workers = result::workers(&platform.db, id, paging.after, paging.limit()).await?;
    let show = |worker: Worker| Worker { accuracy: aggregation.accuracy(worker.id), ..worker };
    Ok(Answered(Page::new(workers, paging, |worker| worker.id, show)).into_response())
}

/// A whole table as a file, streamed.
async fn download(app: &App, batch: Batch, what: Export, format: Format) -> Answer<Response> {
    let table = match what {
        Export::Results(_) => "results",
        Export::Judgments => "judgments",
        Export::Workers(_) => "workers",
    };
    let file = format!("{}-{}-{table}.{}", batch.project.name, batch.name, format.ending());
    let platform = &app.platform;
    let pieces = result::export(
        &platform.db,
        &platform.revisions,
        &platform.aggregations,
        batch,
        what,
        format,
    )
    .await?;
    let pieces = stream::unfold(pieces, |mut pieces| async move {
        let piece = pieces.recv().await?;
        Some((piece.map_err(std::io::Error::other), pieces))
    })
    // The compression layer asks once more after the end.
    .fuse();
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}
