//! `/media/PROJECT/PATH` and `/media/UPLOAD`: files by signed links.

use std::ops::Range;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use crowdsmith_platform::{Id, Time, media, upload};
use serde::Deserialize;

use crate::App;
use crate::api::body::{Path, Query};
use crate::problem::Answer;

#[derive(Deserialize)]
pub(crate) struct Signed {
    expires: i64,
    signature: String,
}

/// The file of a project behind a link.
pub(crate) async fn get(
    State(app): State<App>,
    Path((project, path)): Path<(Id, String)>,
    Query(signed): Query<Signed>,
    headers: HeaderMap,
) -> Answer<Response> {
    app.platform.links.check(project, &path, signed.expires, &signed.signature, Time::now())?;
    let file = media::find(&app.platform.db, project, &path).await?;
    send(&app, file, &headers).await
}

/// What a worker uploaded, behind a link.
pub(crate) async fn uploaded(
    State(app): State<App>,
    Path(upload): Path<Id>,
    Query(signed): Query<Signed>,
    headers: HeaderMap,
) -> Answer<Response> {
    app.platform.links.check(upload, "", signed.expires, &signed.signature, Time::now())?;
    let file = upload::find(&app.platform, upload).await?;
    send(&app, file, &headers).await
}

/// A file, or the part of it that the browser jumps to. Whatever somebody uploaded runs nothing: an own policy sandboxes
/// it. Task pages have no origin and read it like any other.
async fn send(app: &App, file: media::File, headers: &HeaderMap) -> Answer<Response> {
    let wanted = match headers.get(header::RANGE).and_then(|range| range.to_str().ok()) {
        Some(range) => wanted(range, file.bytes),
        None => Wanted::All,
    };
    let (status, range) = match wanted {
        Wanted::All => (StatusCode::OK, 0..file.bytes),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Beyond => (StatusCode::RANGE_NOT_SATISFIABLE, 0..0),
    };
    let length = range.end - range.start;
    let content_range = match status {
        StatusCode::PARTIAL_CONTENT => {
            Some(format!("bytes {}-{}/{}", range.start, range.end - 1, file.bytes))
        }
        StatusCode::RANGE_NOT_SATISFIABLE => Some(format!("bytes */{}", file.bytes)),
        _ => None,
    };
    let content = Body::from_stream(app.platform.media.read(&file, range).await?);
    let known = [
        (header::CONTENT_TYPE, file.content_type),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox".to_owned(),
        ),
    ];
    let content_range = content_range.map(|range| [(header::CONTENT_RANGE, range)]);
    Ok((status, known, OPEN, content_range, content).into_response())
}

/// Readable by pages without an origin, from any byte on.
pub(crate) const OPEN: [(HeaderName, &str); 4] = [
    (header::ACCEPT_RANGES, "bytes"),
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "accept-ranges, content-length, content-range"),
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
];

/// What a browser asks before it reads a part for a page without an origin.
pub(crate) async fn preflight() -> impl IntoResponse {
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("range")),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400")),
    ];
    (StatusCode::NO_CONTENT, OPEN, allowed)
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    All,
    Part(Range<u64>),
    Beyond,
}

/// Reads a `Range` header (RFC 9110, 14.2). Several ranges, other units and what cannot be read get the whole file.
pub(crate) fn wanted(header: &str, length: u64) -> Wanted {
    let Some((first, last)) = header.strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Wanted::All;
    };
    let (first, last) = (first.trim(), last.trim());
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(length),
        (Ok(first), Err(_)) if last.is_empty() => first..length,
        (Err(_), Ok(count)) if first.is_empty() => length.saturating_sub(count)..length,
        _ => return Wanted::All,
    };
    if range.is_empty() { Wanted::Beyond } else { Wanted::Part(range) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_browsers_send_them() {
        for (header, range) in [
            ("bytes=0-", Wanted::Part(0..10)),
            ("bytes=2-4", Wanted::Part(2..5)),
            ("bytes=2-400", Wanted::Part(2..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-30", Wanted::Part(0..10)),
            ("bytes=10-", Wanted::Beyond),
            ("bytes=-0", Wanted::Beyond),
            ("bytes=4-2", Wanted::All),
            ("bytes=0-1,4-5", Wanted::All),
            ("items=0-1", Wanted::All),
            ("bytes=x-", Wanted::All),
        ] {
            assert_eq!(wanted(header, 10), range, "{header}");
        }
    }
}
