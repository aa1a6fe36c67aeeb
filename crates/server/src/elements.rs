//! `/elements/…`: the elements of task pages, embedded in the binary. Pages without an origin load them, so any origin may.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use crowdsmith_platform::hex::hex;
use rust_embed::RustEmbed;

use crate::api::body::Path;
use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "../../web/elements/dist"]
#[exclude = ".vite/*"]
#[allow_missing = true]
struct Files;

/// Where task pages find them.
const BASE: &str = "/elements";
const LOADER: &str = "crowd-html-elements.js";
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Long enough for the pages of a suite, short enough for an update.
const SOON: &str = "public, max-age=300";

/// The script that loads the elements: in the page itself, which spares a request. The build sees to it that it is one line
/// without anything that a template's reader takes for a placeholder.
pub(crate) fn loader() -> String {
    let file = Files::get(LOADER).map(|file| file.data);
    match file.as_deref().map(str::from_utf8) {
        Some(Ok(script)) => format!("<script data-elements=\"{BASE}/\">{script}</script>"),
        _ => format!("<script src=\"{BASE}/{LOADER}\"></script>"),
    }
}

pub(crate) async fn get(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = Files::get(&path) else {
        return Problem::not_found(&format!("{BASE}/{path}")).into_response();
    };
    let tag = format!("\"{}\"", hex(&file.metadata.sha256_hash()[..8]));
    let is_hashed = path.starts_with("chunks/") || path.starts_with("assets/");
    let common = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, if is_hashed { FOREVER } else { SOON }.to_owned()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin".to_owned()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let content_type = match path.rsplit_once('.') {
        Some((_, "js" | "mjs")) => "text/javascript; charset=utf-8".to_owned(),
        _ => file.metadata.mimetype().to_owned(),
    };
    (common, [(header::CONTENT_TYPE, content_type)], file.data.clone()).into_response()
}
