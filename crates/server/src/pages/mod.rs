//! The web app, embedded in the binary. Addresses that are no file belong to the app's own router.

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use crowdsmith_platform::hex::hex;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "../../web/app/dist"]
#[allow_missing = true]
struct Files;

/// Nothing but the app's own files runs; pictures and sounds of tasks may come from elsewhere.
const POLICY: &str = "default-src 'self'; img-src 'self' https: http: data: blob:; media-src 'self' https: http: blob:; \
                      object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const FOREVER: &str = "public, max-age=31536000, immutable";

const NOT_BUILT: &str =
    "The web app is not part of this build. Build it first: `make build`, then start again.";

pub(crate) async fn get(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if !method.is_safe() {
        return Problem::not_found(&format!("{method} /{path}")).into_response();
    }
    let path = if path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    if let Some(file) = Files::get(&path) {
        return answer(&path, &file, &headers);
    }
    let is_file =
        ["api/", "assets/", "api-docs/", "media/"].iter().any(|folder| path.starts_with(folder));
    if is_file {
        return Problem::not_found(&format!("/{path}")).into_response();
    }
    match Files::get("index.html") {
        Some(index) => answer("index.html", &index, &headers),
        None => (StatusCode::SERVICE_UNAVAILABLE, NOT_BUILT).into_response(),
    }
}

fn answer(path: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let tag = hex(&file.metadata.sha256_hash()[..8]);
    let tag = format!("\"{tag}\"");
    let cache = if path.starts_with("assets/") { FOREVER } else { "no-cache" };
    let common = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let content_type = [(header::CONTENT_TYPE, file.metadata.mimetype().to_owned())];
    (common, content_type, file.data.clone()).into_response()
}

pub(crate) async fn api_docs() -> Redirect {
    Redirect::temporary("/api-docs/")
}
