//! What requests bring, with problems for what is wrong: addresses, queries, small bodies as JSON, tables of any length
//! as a stream.

use std::io::Read;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use crowdsmith_platform::Error;
use crowdsmith_platform::rows::Format;
use futures_util::TryStreamExt as _;
use serde::de::DeserializeOwned;
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::problem::{Answer, Problem};

/// The variable parts of the address; an id that is none names nothing.
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|path| Self(path.0)).map_err(|_| Problem::not_found(parts.uri.path()))
    }
}

/// The query of the address.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|query| Self(query.0))
            .map_err(|rejection| Problem::invalid("query", rejection.body_text()))
    }
}

/// A JSON body; what is wrong with it is told as a problem.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        use axum::http::StatusCode;
        match axum::Json::<T>::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => {
                let detail = rejection.body_text();
                Err(match rejection.status() {
                    StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                        let detail = "send the body as JSON with `Content-Type: application/json`";
                        Problem::new(
                            rejection.status(),
                            "unsupported-media-type",
                            "Not JSON",
                            detail,
                        )
                    }
                    StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                        rejection.status(),
                        "too-large",
                        "The body is too large",
                        detail,
                    ),
                    _ => Problem::invalid(
                        "body",
                        detail.split_once(": ").map_or(detail.clone(), |(_, why)| why.to_owned()),
                    ),
                })
            }
        }
    }
}

/// Reads a small body that may be absent, and is not.
pub(crate) fn read_json<T: DeserializeOwned>(body: &[u8]) -> Answer<T> {
    serde_json::from_slice(body).map_err(|error| Problem::invalid("body", error.to_string()))
}

/// Uploads beyond this many bytes are refused.
const LARGEST: u64 = 2 << 30;

/// Reads a table on a thread of its own while it arrives; `read` gets its format and a blocking reader.
pub(crate) async fn read_table<T: Send + 'static>(
    headers: &HeaderMap,
    body: Body,
    read: impl FnOnce(Format, &mut dyn Read) -> Result<T, Error> + Send + 'static,
) -> Answer<T> {
    let content_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let format = Format::of_content_type(content_type).ok_or_else(|| {
        let detail = format!(
            "`{content_type}` is not read here; send text/csv, application/x-ndjson, or application/json with an array"
        );
        let status = axum::http::StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Problem::new(status, "unsupported-media-type", "Unknown format", detail)
    })?;
    let stream = body.into_data_stream().map_err(std::io::Error::other);
    let reader = SyncIoBridge::new(StreamReader::new(stream));
    let read = tokio::task::spawn_blocking(move || {
        let mut limited = reader.take(LARGEST + 1);
        let read = read(format, &mut limited);
        if limited.limit() == 0 {
            Err(Error::invalid("body", format!("is longer than {LARGEST} bytes")))
        } else {
            read
        }
    });
    Ok(read.await.map_err(|error| Error::Internal(format!("reading a table: {error}")))??)
}
