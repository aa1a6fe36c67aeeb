//! What workers skipped, and tasks that paused because of it.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use crowdsmith_platform::skip::{self, Kind, Report};
use crowdsmith_platform::{Id, batch};
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::{Path, Query};
use super::page::{Page, Paging};
use crate::App;
use crate::caller::{Reader, Writer};
use crate::problem::{Answer, Problem};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfKind {
    /// skip or problem; both where absent.
    kind: Option<String>,
}

impl OfKind {
    fn kind(&self) -> Answer<Option<Kind>> {
        let Some(word) = self.kind.as_deref() else { return Ok(None) };
        Kind::from_word(word).map(Some).ok_or_else(|| {
            Problem::invalid("kind", format!("`{word}` is no kind; one of skip, problem"))
        })
    }
}

/// Tasks that workers skipped or reported a problem with, newest first
#[utoipa::path(get, path = "/api/v1/batches/{id}/problems", tag = "tasks", params(("id" = Id, Path), OfKind, Paging),
    responses((status = 200, body = Page<Report>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
    Query(of): Query<OfKind>,
    Query(paging): Query<Paging>,
) -> Answer<Answered<Page<Report>>> {
    let db = &app.platform.db;
    batch::get(db, by.workspace, id).await?;
    let reports = skip::list(db, id, of.kind()?, paging.after, paging.limit()).await?;
    Ok(Answered(Page::new(reports, paging, |report| report.id, |report| report)))
}

/// Settle what workers said of a task: if it was paused, it is handed out again
#[utoipa::path(post, path = "/api/v1/batches/{id}/tasks/{task}/resume", tag = "tasks",
    params(("id" = Id, Path), ("task" = Id, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn resume(
    State(app): State<App>,
    Writer(by): Writer,
    Path((id, task)): Path<(Id, Id)>,
) -> Answer<StatusCode> {
    skip::resume(&app.platform, by.workspace, id, task).await?;
    Ok(StatusCode::NO_CONTENT)
}
