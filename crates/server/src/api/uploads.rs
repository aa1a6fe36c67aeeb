//! Files that workers upload as part of an answer.

use axum::Json as Answered;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Redirect;
use crowdsmith_platform::Id;
use crowdsmith_platform::upload::{self, Place, Uploaded};
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::{Path, Query};
use crate::App;
use crate::caller::{Reader, Worker};
use crate::problem::{Answer, Problem};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct For {
    task: Id,
    /// An output field of type photo, audio, video or file.
    field: String,
}

/// Upload a file for a field of a task that you hold
///
/// The body is the file. Its type is found from its content. Where a picture or film was taken is removed from it, unless
/// the field says otherwise. The answer names the file by `media`; what no answer names is removed.
#[utoipa::path(post, path = "/api/v1/work/assignments/{id}/media", tag = "work", params(("id" = Id, Path), For),
    request_body(content((Vec<u8> = "application/octet-stream"))),
    responses((status = 201, body = Uploaded), (status = "4XX", body = Problem)))]
pub(super) async fn upload(
    State(app): State<App>,
    Worker(by): Worker,
    Path(assignment): Path<Id>,
    Query(For { task, field }): Query<For>,
    headers: HeaderMap,
    body: Body,
) -> Answer<(StatusCode, Answered<Uploaded>)> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length = length.and_then(|length| length.parse().ok());
    let body = body.into_data_stream().map_err(std::io::Error::other);
    let place = Place { assignment, task, field };
    let uploaded = upload::receive(&app.platform, &by, place, length, body).await?;
    Ok((StatusCode::CREATED, Answered(uploaded)))
}

/// What a worker uploaded, by the name in an answer: a redirect to a link that expires
#[utoipa::path(get, path = "/api/v1/media/{id}", tag = "results", params(("id" = Id, Path)),
    responses((status = 307), (status = "4XX", body = Problem)))]
pub(super) async fn media(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
) -> Answer<Redirect> {
    Ok(Redirect::temporary(&upload::link(&app.platform, by.workspace, id).await?))
}
