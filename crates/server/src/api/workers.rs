//! Workers of a batch: excluding and reinstating by hand.

use axum::extract::State;
use axum::http::StatusCode;
use crowdsmith_platform::{Id, trust};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Json, Path};
use crate::App;
use crate::caller::Writer;
use crate::problem::{Answer, Problem};

#[derive(Deserialize, ToSchema)]
pub(super) struct Reason {
    /// What the worker is told.
    reason: String,
}

/// Exclude a worker from a batch
///
/// Judgments stop counting and their tasks reopen; leases end; pay is what the batch's policy says. Nothing is deleted.
#[utoipa::path(post, path = "/api/v1/batches/{id}/workers/{worker}/exclude", tag = "workers",
    params(("id" = Id, Path), ("worker" = String, Path, description = "pseudonym, or name of an imported worker")),
    request_body = Reason, responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn exclude(
    State(app): State<App>,
    Writer(by): Writer,
    Path((id, worker)): Path<(Id, String)>,
    Json(why): Json<Reason>,
) -> Answer<StatusCode> {
    trust::exclude_by_hand(&app.platform, by.workspace, id, &worker, &why.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take an exclusion back: judgments count again, and pay that was taken back is paid
#[utoipa::path(post, path = "/api/v1/batches/{id}/workers/{worker}/reinstate", tag = "workers",
    params(("id" = Id, Path), ("worker" = String, Path)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn reinstate(
    State(app): State<App>,
    Writer(by): Writer,
    Path((id, worker)): Path<(Id, String)>,
) -> Answer<StatusCode> {
    trust::reinstate_by_hand(&app.platform, by.workspace, id, &worker).await?;
    Ok(StatusCode::NO_CONTENT)
}
