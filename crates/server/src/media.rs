//! `/media/PROJECT/PATH`: files by signed links.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use crowdsmith_platform::{Id, Time, media};
use serde::Deserialize;

use crate::App;
use crate::api::body::{Path, Query};
use crate::problem::Answer;

#[derive(Deserialize)]
pub(crate) struct Signed {
    expires: i64,
    signature: String,
}

/// The file behind a link. Whatever a requester uploaded runs nothing: an own policy sandboxes it.
pub(crate) async fn get(
    State(app): State<App>,
    Path((project, path)): Path<(Id, String)>,
    Query(signed): Query<Signed>,
) -> Answer<impl IntoResponse> {
    app.platform.links.check(project, &path, signed.expires, &signed.signature, Time::now())?;
    let (content_type, content) =
        media::get(&app.platform.db, &app.platform.media, project, &path).await?;
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
        ),
    ];
    Ok((headers, content))
}
