//! Looking at a task page before anything is stored: what is wrong with it, and the page itself.

use axum::Form;
use axum::Json as Answered;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Response};
use crowdsmith_platform::project::{self, OutputField, Question};
use crowdsmith_platform::{Error, Id};
use crowdsmith_template::Mistake;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::body::Json;
use crate::App;
use crate::caller::{Visitor, Writer};
use crate::page;
use crate::problem::{Answer, Problem};

/// A page to look at.
#[derive(Deserialize, ToSchema)]
pub(super) struct Draft {
    /// The keys of `project.toml`, with `template`.
    #[schema(value_type = Object)]
    question: Value,
    /// The input of the task to show.
    #[serde(default)]
    #[schema(value_type = Object)]
    input: Map<String, Value>,
    /// The project whose media the task names.
    project: Option<String>,
}

/// What is wrong with a page, and what it asks.
#[derive(Serialize, ToSchema)]
pub(super) struct Looked {
    mistakes: Vec<Told>,
    /// The output fields, declared or found in the template.
    #[schema(value_type = std::collections::HashMap<String, OutputField>)]
    fields: IndexMap<String, OutputField>,
}

/// One mistake: at a place of the template, or in a key of the question.
#[derive(Serialize, ToSchema)]
#[schema(as = PageMistake)]
struct Told {
    /// `error` or `warning`: only errors keep the question from being stored.
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    /// The element it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<String>,
    /// The key it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    message: String,
}

impl From<Mistake> for Told {
    fn from(mistake: Mistake) -> Self {
        Self {
            severity: mistake.severity.word(),
            line: Some(mistake.line),
            column: Some(mistake.column),
            element: mistake.element,
            field: None,
            message: mistake.message,
        }
    }
}

/// Look for mistakes in a question and its template
///
/// Nothing is stored. Mistakes are part of the answer, not problems.
#[utoipa::path(post, path = "/api/v1/preview", tag = "projects", request_body = Draft,
    responses((status = 200, body = Looked), (status = "4XX", body = Problem)))]
pub(super) async fn look(
    Writer(_by): Writer,
    Json(draft): Json<Draft>,
) -> Answer<Answered<Looked>> {
    match Question::read_draft(&draft.question) {
        Ok(question) => {
            let mistakes = question.mistakes().into_iter().map(Told::from).collect();
            Ok(Answered(Looked { mistakes, fields: question.output }))
        }
        Err(Error::Invalid(errors)) => {
            let told = errors.into_iter().map(|error| Told {
                severity: "error",
                line: None,
                column: None,
                element: None,
                field: Some(error.field),
                message: error.message,
            });
            Ok(Answered(Looked { mistakes: told.collect(), fields: IndexMap::new() }))
        }
        Err(other) => Err(other.into()),
    }
}

/// A form as a frame's target sends it.
#[derive(Deserialize)]
pub(crate) struct Sent {
    /// A [`Draft`] as JSON.
    document: String,
}

/// The page of a draft, for a frame: under the policy of all task pages.
pub(crate) async fn show(
    State(app): State<App>,
    Visitor(by): Visitor,
    headers: HeaderMap,
    Form(sent): Form<Sent>,
) -> Answer<Response> {
    by.require(crowdsmith_platform::access::Scope::Write)?;
    let draft: Draft = serde_json::from_str(&sent.document)
        .map_err(|error| Problem::invalid("document", error.to_string()))?;
    let project = match &draft.project {
        Some(name) => project::get(&app.platform.db, by.workspace, name).await?.id,
        None => Id(0),
    };
    let input = Value::Object(draft.input);
    let (policy, shown) = match Question::read_draft(&draft.question) {
        Ok(question) => {
            let policy = page::policy(&app.options, &headers, &question, &input);
            (Some(policy), page::of_draft(&app, project, question, input).await)
        }
        Err(error) => (None, Err(error.into())),
    };
    let policy = policy
        .unwrap_or_else(|| "sandbox; default-src 'none'; style-src 'unsafe-inline'".to_owned());
    let page = shown.unwrap_or_else(|problem: Problem| problem.as_page());
    let cache = (header::CACHE_CONTROL, "no-store".to_owned());
    Ok(([(header::CONTENT_SECURITY_POLICY, policy), cache], Html(page)).into_response())
}
