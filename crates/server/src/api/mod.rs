//! The API under `/api/v1`: one file a resource, thin handlers over the domain's functions. The OpenAPI document is made
//! from the handlers.

mod accounts;
mod batches;
pub(crate) mod body;
mod gold;
mod invitations;
mod members;
mod page;
mod preview;
mod progress;
mod projects;
mod restrictions;
mod rules;
mod skills;
mod skips;
mod tables;
mod tasks;
mod tokens;
mod uploads;
mod work;
mod workers;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{post, put};
use tokio::sync::watch;
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::App;
use crate::caller::COOKIE;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Crowdsmith",
        description = "Turns many people's judgments into training data that can be trusted.\n\nIds are 13 characters of \
                       Crockford base32, times RFC 3339 in UTC, money a decimal string beside its currency. Errors are \
                       RFC 9457 problem details.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&Security),
    // Served by a route of its own, because a path of media may contain slashes.
    paths(projects::put_media),
    components(schemas(crate::problem::Problem)),
    security(("token" = []), ("session" = []))
)]
struct Document;

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API token"))
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let session = "A browser's session; unsafe requests also carry the header X-CSRF-Token";
        let session = ApiKey::Cookie(ApiKeyValue::with_description(COOKIE, session));
        components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    }
}

/// The largest file that tasks can show.
const LARGEST_MEDIA: usize = 100 << 20;

/// The answers to all tasks of a suite; masks are large.
const LARGEST_SUBMISSION: usize = 64 << 20;
/// The largest page that is looked at before it is stored, as a form sends it.
const LARGEST_DRAFT: usize = 16 << 20;

fn described() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(accounts::site))
        .routes(routes!(accounts::set_up))
        .routes(routes!(accounts::sign_in, accounts::sign_out))
        .routes(routes!(accounts::me))
        .routes(routes!(accounts::join))
        .routes(routes!(invitations::list, invitations::create))
        .routes(routes!(invitations::revoke))
        .routes(routes!(invitations::preview))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(members::list))
        .routes(routes!(members::change))
        .routes(routes!(projects::list))
        .routes(routes!(projects::put, projects::get))
        .routes(routes!(projects::revisions))
        .routes(routes!(preview::look))
        .routes(routes!(batches::put))
        .routes(routes!(batches::list))
        .routes(routes!(batches::get))
        .routes(routes!(batches::open))
        .routes(routes!(batches::pause))
        .routes(routes!(batches::close))
        .routes(routes!(batches::archive))
        .routes(routes!(batches::replay))
        .routes(routes!(progress::events))
        .routes(routes!(tasks::add, tasks::list))
        .routes(routes!(tasks::get))
        .routes(routes!(tasks::decide))
        .routes(routes!(skips::list))
        .routes(routes!(skips::resume))
        .routes(routes!(gold::add, gold::list))
        .routes(routes!(gold::proposals, gold::confirm))
        .routes(routes!(gold::put))
        .routes(routes!(gold::withdraw))
        .routes(routes!(gold::pause))
        .routes(routes!(gold::resume))
        .routes(routes!(gold::accept))
        .routes(routes!(gold::reject))
        .routes(routes!(tables::import_judgments, tables::judgments))
        .routes(routes!(tables::results))
        .routes(routes!(tables::workers))
        .routes(routes!(workers::exclude))
        .routes(routes!(workers::reinstate))
        .routes(routes!(rules::firings))
        .routes(routes!(skills::in_use))
        .routes(routes!(skills::holders))
        .routes(routes!(skills::list))
        .routes(routes!(skills::put, skills::remove))
        .routes(routes!(restrictions::list, restrictions::create))
        .routes(routes!(restrictions::lift))
        .routes(routes!(work::batches))
        .routes(routes!(work::batch))
        .routes(routes!(work::claim))
        .routes(routes!(work::places))
        .routes(routes!(work::assignments))
        .routes(routes!(work::submit).layer(DefaultBodyLimit::max(LARGEST_SUBMISSION)))
        .routes(routes!(uploads::upload))
        .routes(routes!(uploads::media))
        .routes(routes!(work::give_back))
        .routes(routes!(work::feedback))
        .routes(routes!(work::contest))
}

/// The API's routes, and its document as JSON. Streams of events end when `stop` turns true.
pub(crate) fn routes(stop: watch::Receiver<bool>) -> (Router<App>, String) {
    let (router, document) = described().split_for_parts();
    let document = document.to_pretty_json().unwrap_or_default();
    let upload = put(projects::put_media).layer(DefaultBodyLimit::max(LARGEST_MEDIA));
    let shown = post(preview::show).layer(DefaultBodyLimit::max(LARGEST_DRAFT));
    let router =
        router.route("/api/v1/projects/{name}/media/{*path}", upload).route("/preview", shown);
    (router.layer(axum::Extension(progress::Stop(stop))), document)
}

/// The OpenAPI document as JSON.
pub fn document() -> String {
    described().split_for_parts().1.to_pretty_json().unwrap_or_default()
}
