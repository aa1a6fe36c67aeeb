//! The public API as the command line uses it.

use anyhow::{Context as _, Result, anyhow, bail};
use reqwest::{Body, Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::args::Server;

#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    server: String,
    token: Option<String>,
}

#[derive(Deserialize)]
struct Problem {
    title: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    errors: Vec<FieldError>,
}

#[derive(Deserialize)]
struct FieldError {
    field: String,
    message: String,
}

impl Client {
    pub(crate) fn new(options: &Server) -> Result<Self> {
        Self::at(&options.server, Some(options.token.clone()))
    }

    pub(crate) fn at(server: &str, token: Option<String>) -> Result<Self> {
        let server = server.trim_end_matches('/').to_owned();
        if !server.starts_with("http://") && !server.starts_with("https://") {
            bail!("the server's address must start with http:// or https://, not `{server}`");
        }
        let agent = concat!("crowdsmith/", env!("CARGO_PKG_VERSION"));
        Ok(Self { http: reqwest::Client::builder().user_agent(agent).build()?, server, token })
    }

    /// The same server under another token.
    pub(crate) fn with_token(&self, token: String) -> Self {
        Self { token: Some(token), ..self.clone() }
    }

    /// The same server without a token.
    pub(crate) fn anonymous(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1/{path}", self.server));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends; an answer that is no success is an error with what the server said.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response> {
        let response = request
            .send()
            .await
            .with_context(|| format!("the server at {} does not answer", self.server))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let text = response.text().await.unwrap_or_default();
        Err(explain(status, &text))
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        read(self.send(self.request(Method::GET, path)).await?).await
    }

    pub(crate) async fn send_json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<T> {
        read(self.send(self.request(method, path).json(body)).await?).await
    }

    /// Sends a file's content.
    pub(crate) async fn upload<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        headers: &[(&str, String)],
        content: impl Into<Body>,
    ) -> Result<T> {
        let mut request =
            self.request(method, path).header("content-type", content_type).body(content);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        read(self.send(request).await?).await
    }

    /// The id of a batch given as id or as `PROJECT/BATCH`.
    pub(crate) async fn batch_id(&self, batch: &str) -> Result<String> {
        let Some((project, name)) = batch.split_once('/') else { return Ok(batch.to_owned()) };
        let batches: Value = self.get(&format!("batches?project={project}&limit=1000")).await?;
        let batches = batches["items"].as_array().cloned().unwrap_or_default();
        let found = batches
            .iter()
            .find(|found| found["name"] == name)
            .and_then(|found| found["id"].as_str());
        found.map(str::to_owned).ok_or_else(|| {
            let names: Vec<&str> =
                batches.iter().filter_map(|batch| batch["name"].as_str()).collect();
            match names.as_slice() {
                [] => anyhow!("there is no project `{project}` with batches on this server"),
                names => anyhow!(
                    "the project `{project}` has no batch `{name}`; it has {}",
                    names.join(", ")
                ),
            }
        })
    }

    /// Opens, pauses, closes or archives a batch.
    pub(crate) async fn set_state(&self, batch: &str, verb: &str) -> Result<Value> {
        self.send_json(Method::POST, &format!("batches/{batch}/{verb}"), &json!({})).await
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T> {
    response.json().await.context("the server's answer is not what this version understands")
}

/// One line for each thing the server found wrong.
fn explain(status: StatusCode, text: &str) -> anyhow::Error {
    match serde_json::from_str::<Problem>(text) {
        Ok(problem) if !problem.errors.is_empty() => {
            let lines: Vec<String> = problem
                .errors
                .iter()
                .map(|error| format!("  {}: {}", error.field, error.message))
                .collect();
            anyhow!("{}:\n{}", problem.title, lines.join("\n"))
        }
        Ok(problem) => anyhow!("{}: {}", problem.title, problem.detail),
        Err(_) => {
            anyhow!("the server answered {status}: {}", text.chars().take(200).collect::<String>())
        }
    }
}

/// The `Content-Type` of a table, by the ending of its file.
pub(crate) fn table_type(path: &std::path::Path) -> Result<&'static str> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("csv") => Ok("text/csv"),
        Some("jsonl" | "ndjson") => Ok("application/x-ndjson"),
        Some("json") => Ok("application/json"),
        _ => bail!("{}: the name must end in .csv, .jsonl, .ndjson or .json", path.display()),
    }
}
