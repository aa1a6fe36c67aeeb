//! Restrictions: who gets no more work, where, and until when.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use crowdsmith_platform::Id;
use crowdsmith_platform::restriction::{self, ByHand, Restriction};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Json, Path, Query};
use super::page::{Page, Paging};
use crate::App;
use crate::caller::{Reader, Writer};
use crate::problem::{Answer, Problem};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfWorker {
    /// Pseudonym, or name of an imported worker.
    worker: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Restricted {
    id: Id,
}

/// Restrictions, lifted ones too; newest first
#[utoipa::path(get, path = "/api/v1/restrictions", tag = "workers", params(OfWorker, Paging),
    responses((status = 200, body = Page<Restriction>)))]
pub(super) async fn list(
    State(app): State<App>,
    Reader(by): Reader,
    Query(of): Query<OfWorker>,
    Query(paging): Query<Paging>,
) -> Answer<Answered<Page<Restriction>>> {
    let (db, worker) = (&app.platform.db, of.worker.as_deref());
    let found = restriction::list(db, by.workspace, worker, paging.after, paging.limit()).await?;
    Ok(Answered(Page::new(found, paging, |restriction| restriction.id, |restriction| restriction)))
}

/// Give a worker no more work in a batch, a project or the workspace
///
/// What the worker holds may be finished.
#[utoipa::path(post, path = "/api/v1/restrictions", tag = "workers", request_body = ByHand,
    responses((status = 201, body = Restricted), (status = "4XX", body = Problem)))]
pub(super) async fn create(
    State(app): State<App>,
    Writer(by): Writer,
    Json(given): Json<ByHand>,
) -> Answer<(StatusCode, Answered<Restricted>)> {
    let id = restriction::restrict(&app.platform.db, &by, given).await?;
    Ok((StatusCode::CREATED, Answered(Restricted { id })))
}

/// Lift a restriction; its record stays
#[utoipa::path(delete, path = "/api/v1/restrictions/{id}", tag = "workers", params(("id" = Id, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn lift(
    State(app): State<App>,
    Writer(by): Writer,
    Path(id): Path<Id>,
) -> Answer<StatusCode> {
    restriction::lift(&app.platform.db, by.workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
