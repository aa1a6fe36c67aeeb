//! Errors as RFC 9457 problem details.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use crowdsmith_platform::{Error, FieldError};
use serde::Serialize;
use utoipa::ToSchema;

/// What a client is told when something is wrong (`application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// A stable name of the kind of problem.
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// The fields or lines that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    pub(crate) fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            title,
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Error::NotFound(what.to_owned()).into()
    }

    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        Error::invalid(field, message).into()
    }

    pub(crate) fn unauthorized(detail: &str) -> Self {
        Error::Unauthorized(detail.to_owned()).into()
    }

    /// The problem as a plain page, for a frame that expects one.
    pub(crate) fn as_page(&self) -> String {
        let errors = self.errors.iter().map(|error| format!("{}: {}", error.field, error.message));
        let lines: Vec<String> =
            if self.errors.is_empty() { vec![self.detail.clone()] } else { errors.collect() };
        let lines = lines.iter().map(|line| format!("<li>{}</li>", html(line)));
        format!(
            "<!doctype html><meta charset=utf-8><title>{title}</title>\
             <style>body{{font:16px/1.5 system-ui,sans-serif;margin:2rem;color:#1c2430}}h1{{font-size:1.1rem}}</style>\
             <h1>{title}</h1><ul>{}</ul>",
            lines.collect::<String>(),
            title = html(self.title),
        )
    }

    pub(crate) fn forbidden(detail: &str) -> Self {
        Error::Forbidden(detail.to_owned()).into()
    }
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::Unauthorized(_) => {
                Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Sign in first", detail)
            }
            Error::Forbidden(_) => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
            }
            Error::NotFound(_) => {
                Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
            }
            Error::Conflict(_) => {
                Self::new(StatusCode::CONFLICT, "conflict", "Not possible now", detail)
            }
            Error::Invalid(errors) => {
                let title = "The input is wrong";
                Self {
                    errors,
                    ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", title, detail)
                }
            }
            Error::TooLarge(_) => {
                let title = "The file is too large";
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", title, detail)
            }
            Error::WrongType(_) => {
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                Self::new(status, "unsupported-media-type", "This type is not taken here", detail)
            }
            Error::TooManyAttempts(seconds) => {
                let title = "Too many attempts";
                let problem =
                    Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", title, detail);
                Self { retry_after: Some(seconds), ..problem }
            }
            Error::Database(_) | Error::Internal(_) => {
                tracing::error!(error = %detail, "a request failed");
                let told = "Something went wrong on the server; its log says what.";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", told)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after.map(HeaderValue::from);
        let mut response = (status, axum::Json(self)).into_response();
        let json = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

pub(crate) type Answer<T> = Result<T, Problem>;
