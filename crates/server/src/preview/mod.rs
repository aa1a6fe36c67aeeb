//! `crowdsmith preview`: a folder's page in a browser, on this machine only, without a server or a database.
//!
//! The folder is read again whenever one of its files changed; the browser asks for that twice a second.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use crowdsmith_platform::Result;
use crowdsmith_platform::media::{address_of, is_path, own_path, type_of};
use crowdsmith_platform::project::{self, Question};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::sync::watch;

use crate::api::body::{Path, Query};
use crate::media::{OPEN, Wanted, wanted};
use crate::problem::{Answer, Problem};
use crate::serve::{Listening, ServeError};
use crate::{Options, elements, page};

/// A folder as it is now.
#[derive(Clone, Debug)]
pub struct Preview {
    pub name: String,
    /// `None` when it cannot be read.
    pub question: Option<Question>,
    pub tasks: Vec<Map<String, Value>>,
    /// What is wrong with it.
    pub mistakes: Vec<PreviewMistake>,
}

#[derive(Clone, Debug, Serialize)]
pub struct PreviewMistake {
    /// `error` or `warning`.
    pub severity: &'static str,
    pub file: String,
    pub message: String,
}

/// How a folder is read; both are called from a thread that may block.
pub struct Source {
    /// Where its media lie.
    pub folder: PathBuf,
    pub read: Box<dyn Fn() -> Preview + Send + Sync>,
    /// Another text whenever something changed.
    pub version: Box<dyn Fn() -> String + Send + Sync>,
}

struct Desk {
    source: Source,
    options: Options,
    /// What was read last, under its version.
    known: Mutex<(String, Arc<Preview>)>,
}

impl Listening {
    /// Shows a folder until `stop` turns true.
    pub async fn preview(
        self,
        source: Source,
        public_url: String,
        mut stop: watch::Receiver<bool>,
    ) -> Result<(), ServeError> {
        let version = (source.version)();
        let known = Mutex::new((version, Arc::new((source.read)())));
        let options = Options { public_url, open_signup: false };
        let desk = Arc::new(Desk { source, options, known });
        let routes = Router::new()
            .route("/", get(async || document()))
            .route("/tokens.css", get(async || file("text/css", TOKENS)))
            .route("/preview.css", get(async || file("text/css", include_str!("preview.css"))))
            .route("/preview.js", get(async || file("text/javascript", include_str!("preview.js"))))
            .route("/state", get(state))
            .route("/task/{number}", get(task))
            .route("/media/{*path}", get(media))
            .route("/elements/{*path}", get(elements::get))
            .with_state(desk);
        axum::serve(self.listener, routes)
            .with_graceful_shutdown(async move {
                // An error means that the sender is gone, which ends the preview as well.
                drop(stop.wait_for(|stop| *stop).await);
            })
            .await
            .map_err(ServeError::Serve)
    }
}

/// The look of the app.
const TOKENS: &str = include_str!("../../../../web/app/src/styles/tokens.css");

/// The desk's own page runs nothing but its own script.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; \
                      base-uri 'none'; frame-ancestors 'none'";

fn document() -> Response {
    let policy = [(header::CONTENT_SECURITY_POLICY, POLICY)];
    (policy, Html(include_str!("preview.html"))).into_response()
}

fn file(content_type: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")], text)
        .into_response()
}

impl Desk {
    /// The folder as it is now, and its version.
    fn current(&self) -> (String, Arc<Preview>) {
        let version = (self.source.version)();
        let mut known = self.known.lock().expect("no panic holds this lock");
        if known.0 != version {
            *known = (version, Arc::new((self.source.read)()));
        }
        known.clone()
    }
}

async fn current(desk: &Arc<Desk>) -> Answer<(String, Arc<Preview>)> {
    let desk = Arc::clone(desk);
    let read = tokio::task::spawn_blocking(move || desk.current()).await;
    read.map_err(|error| {
        crowdsmith_platform::Error::Internal(format!("reading the folder: {error}")).into()
    })
}

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    version: String,
}

async fn state(State(desk): State<Arc<Desk>>, Query(since): Query<Since>) -> Answer<Response> {
    let (version, preview) = current(&desk).await?;
    if version == since.version {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let question = preview.question.as_ref();
    let tasks: Vec<Value> = preview.tasks.iter().map(|input| json!(summary(input))).collect();
    let told = json!({
        "version": version,
        "name": preview.name,
        "title": question.map(|question| &question.title),
        "instructions": question.map(|question| project::instructions_html(&question.instructions)),
        "page": question.map(Question::shown_page),
        "mistakes": preview.mistakes,
        "tasks": tasks,
    });
    Ok(Json(told).into_response())
}

/// The first words of a task, to tell it from the others.
fn summary(input: &Map<String, Value>) -> String {
    const LONGEST: usize = 60;
    let text =
        input.values().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let text =
        text.collect::<Vec<_>>().join(" · ").split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

/// One task's page, under the policy that workers' browsers get.
async fn task(
    State(desk): State<Arc<Desk>>,
    Path(number): Path<usize>,
    headers: HeaderMap,
) -> Answer<Response> {
    let (_, preview) = current(&desk).await?;
    let Some(question) = &preview.question else {
        return Err(Problem::not_found("a page of this folder"));
    };
    let mut input = preview.tasks.get(number).cloned().unwrap_or_default();
    for (name, _) in question.input.iter().filter(|(_, field)| field.is_media()) {
        if let Some(Value::String(path)) = input.get_mut(name) {
            *path = address(path);
        }
    }
    let input = Value::Object(input);
    let policy = page::policy(&desk.options, &headers, question, &input);
    let page = render(question.clone(), input).await.unwrap_or_else(|problem| problem.as_page());
    let cache = (header::CACHE_CONTROL, "no-store".to_owned());
    Ok(([(header::CONTENT_SECURITY_POLICY, policy), cache], Html(page)).into_response())
}

async fn render(question: Question, input: Value) -> Answer<String> {
    let rendered = tokio::task::spawn_blocking(move || {
        let template = page::read(&question, &question.any_page_source())?;
        template.render(&input, &|path| Some(address(path))).map_err(|error| {
            Problem::invalid("template", format!("cannot show this task: {error}"))
        })
    });
    rendered
        .await
        .map_err(|error| crowdsmith_platform::Error::Internal(format!("a page: {error}")))?
}

/// Where this preview serves a file that a task or a template names.
fn address(file: &str) -> String {
    let path = own_path(file);
    path.map_or_else(|| file.to_owned(), |path| format!("/media/{}", address_of(path)))
}

async fn media(
    State(desk): State<Arc<Desk>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Answer<Response> {
    let not_found = || Problem::not_found(&format!("the file {path}"));
    let content_type = type_of(&path).filter(|_| is_path(&path)).ok_or_else(not_found)?;
    let content = tokio::fs::read(desk.source.folder.join(&path)).await.map_err(|_| not_found())?;
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let part = match range.map(|range| wanted(range, content.len() as u64)) {
        Some(Wanted::Part(Range { start, end })) => Some(start as usize..end as usize),
        _ => None,
    };
    let types = [(header::CONTENT_TYPE, content_type), (header::CACHE_CONTROL, "no-cache")];
    match part {
        None => Ok((OPEN, types, content).into_response()),
        Some(part) => {
            let range = format!("bytes {}-{}/{}", part.start, part.end - 1, content.len());
            let range = [(header::CONTENT_RANGE, range)];
            Ok((StatusCode::PARTIAL_CONTENT, OPEN, types, range, content[part].to_vec())
                .into_response())
        }
    }
}
