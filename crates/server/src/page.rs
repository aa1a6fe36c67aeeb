//! `/page/ASSIGNMENT/TASK`: a task as its template shows it, by a signed link.
//!
//! What a requester wrote runs there, so the answer carries a policy under which the browser gives the page no origin: it
//! has no cookies, no storage, cannot reach the application, and loads only our elements, the project's media, and what
//! `[page] allow` names.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use crowdsmith_platform::assignment;
use crowdsmith_platform::project::{OutputType, Pinned, Question, is_web_address};
use crowdsmith_platform::{Error, Id, Result, Time};
use crowdsmith_template::Template;
use serde::Deserialize;
use serde_json::Value;

use crate::api::body::{Path, Query};
use crate::elements;
use crate::problem::{Answer, Problem};
use crate::{App, Options};

#[derive(Deserialize)]
pub(crate) struct Signed {
    expires: i64,
    signature: String,
}

/// Templates in memory at most; when full, all are forgotten and those in use come back.
const KEPT: usize = 500;

/// Templates by revision: a revision never changes.
#[derive(Debug, Default)]
pub(crate) struct Templates(RwLock<HashMap<Id, Arc<Template>>>);

impl Templates {
    fn get(&self, revision: Id, question: &Question) -> Result<Arc<Template>> {
        if let Some(known) = self.0.read().expect("no panic holds this lock").get(&revision) {
            return Ok(Arc::clone(known));
        }
        let source = question.page_source();
        let source = source.ok_or_else(|| Error::NotFound("a page of this task".into()))?;
        let template = Arc::new(read(question, &source)?);
        let mut known = self.0.write().expect("no panic holds this lock");
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert(revision, Arc::clone(&template));
        Ok(template)
    }
}

pub(crate) fn read(question: &Question, source: &str) -> Result<Template> {
    question
        .with_known(|known| Template::read(source, known, &elements::loader()))
        .map_err(|mistake| Error::invalid("template", mistake.to_string()))
}

/// The page of a task, until its assignment's deadline.
pub(crate) async fn get(
    State(app): State<App>,
    Path((assignment, task)): Path<(Id, Id)>,
    Query(signed): Query<Signed>,
    headers: HeaderMap,
) -> Answer<Response> {
    let now = Time::now();
    let platform = &app.platform;
    platform.links.check_page(assignment, task, signed.expires, &signed.signature, now)?;
    let (revision, input) = assignment::input_of(&platform.db, assignment, task).await?;
    let pinned = platform.revisions.get(&platform.db, revision).await?;
    let template = app.templates.get(revision, &pinned.question)?;
    let input = platform.links.put_into(input, &pinned, now)?;
    let input = serde_json::from_str(input.get())
        .map_err(|error| Error::Internal(format!("a stored input: {error}")))?;
    let policy = policy(&app.options, &headers, &pinned.question, &input);
    let page = render(&app, template, input, pinned).await?;
    let seconds = (signed.expires - now.micros() / crowdsmith_platform::time::SECOND).max(0);
    let cache = format!("private, max-age={seconds}");
    Ok(([(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, cache)], Html(page))
        .into_response())
}

/// The page of a question that is not stored.
pub(crate) async fn of_draft(
    app: &App,
    project: Id,
    question: Question,
    input: Value,
) -> Answer<String> {
    let source = question.page_source().ok_or_else(|| {
        Problem::invalid(
            "template",
            "is missing: the app shows these fields itself, without a page",
        )
    })?;
    let template = Arc::new(read(&question, &source)?);
    let pinned = Pinned { project, number: 0, question };
    let input = serde_json::value::to_raw_value(&input)
        .map_err(|error| Error::Internal(format!("an input: {error}")))?;
    let input = app.platform.links.put_into(input, &pinned, Time::now())?;
    let input = serde_json::from_str(input.get())
        .map_err(|error| Error::Internal(format!("an input: {error}")))?;
    render(app, template, input, Arc::new(pinned)).await
}

/// Renders on a thread where it keeps nobody waiting.
async fn render(
    app: &App,
    template: Arc<Template>,
    input: Value,
    pinned: Arc<Pinned>,
) -> Answer<String> {
    let links = app.platform.links.clone();
    let rendered = tokio::task::spawn_blocking(move || {
        template.render(&input, &|path| Some(links.grant(pinned.project, path, Time::now())))
    });
    let rendered = rendered.await.map_err(|error| Error::Internal(format!("a page: {error}")))?;
    rendered
        .map_err(|error| Problem::invalid("template", format!("cannot show this task: {error}")))
}

/// What a page may do: run the template's scripts without an origin, and load what stands here.
///
/// `'self'` means nothing to a page without an origin, so the server is named as the browser calls it.
pub(crate) fn policy(
    options: &Options,
    headers: &HeaderMap,
    question: &Question,
    input: &Value,
) -> String {
    let hosts = hosts(options, headers);
    let own = |folder: &str| hosts.iter().map(|host| format!("{host}/{folder}/")).collect();
    let (elements, media): (Vec<String>, Vec<String>) = (own("elements"), own("media"));
    let allowed = &question.page.allow;
    let of_task = addresses(question, input);
    let popups = if question.page.allows_links() {
        " allow-popups allow-popups-to-escape-sandbox"
    } else {
        ""
    };
    [
        format!("sandbox allow-scripts allow-forms{popups}"),
        "default-src 'none'".to_owned(),
        // Any script of the template runs; libraries that make theirs from texts may as well, and so may the elements, which
        // come from the shell as texts and become blobs.
        directive("script-src", &[&elements, allowed], "'unsafe-inline' 'unsafe-eval' blob:"),
        directive("style-src", &[&elements, allowed], "'unsafe-inline'"),
        directive(
            "img-src",
            &[&elements, &media, allowed, &of_task, &tiles(question)],
            "data: blob:",
        ),
        directive("media-src", &[&media, allowed, &of_task], "data: blob:"),
        directive("frame-src", &[allowed], ""),
        directive("font-src", &[&elements, allowed], "data:"),
        directive("connect-src", &[&elements, &media, &of_task], ""),
        "worker-src blob:; base-uri 'none'; form-action 'none'".to_owned(),
        directive("frame-ancestors", &[&hosts], ""),
    ]
    .join("; ")
}

fn directive(name: &str, sources: &[&Vec<String>], words: &str) -> String {
    let sources = sources.iter().flat_map(|sources| sources.iter()).map(String::as_str);
    let parts: Vec<&str> = std::iter::once(name).chain(sources).chain([words]).collect();
    parts.join(" ").trim_end().to_owned()
}

/// The origins under which this server is reached.
fn hosts(options: &Options, headers: &HeaderMap) -> Vec<String> {
    let mut hosts = vec![options.public_url.clone()];
    let scheme = options.public_url.split("://").next().unwrap_or("http");
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.filter(|host| is_host(host));
    if let Some(host) =
        host.map(|host| format!("{scheme}://{host}")).filter(|host| !hosts.contains(host))
    {
        hosts.push(host);
    }
    hosts
}

/// Where the maps of a question get their tiles from.
fn tiles(question: &Question) -> Vec<String> {
    let hosts = question.output.values().filter_map(|field| {
        let OutputType::Place(place) = &field.kind else { return None };
        let (scheme, rest) = place.tiles.as_deref()?.split_once("://")?;
        // `{s}` stands for one of several servers.
        let host = rest.split('/').next()?.replace("{s}", "*");
        is_host(host.trim_start_matches("*.")).then(|| format!("{scheme}://{host}"))
    });
    hosts.collect()
}

fn is_host(host: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    !host.is_empty() && host.bytes().all(fits)
}

/// The media of a task that lie elsewhere, as sources of a policy: without query and with its separators encoded.
fn addresses(question: &Question, input: &Value) -> Vec<String> {
    let media = question.input.iter().filter(|(_, field)| field.is_media());
    let values = media.filter_map(|(name, _)| input[name].as_str());
    let plain = |address: &str| {
        let address = address.split(['?', '#']).next().unwrap_or_default();
        let fits = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\'');
        fits.then(|| address.replace(';', "%3B").replace(',', "%2C"))
    };
    values.filter(|value| is_web_address(value)).filter_map(plain).collect()
}
