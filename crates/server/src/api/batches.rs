//! Batches: settings and state.

use axum::Json as Answered;
use axum::extract::State;
use crowdsmith_platform::access::Identity;
use crowdsmith_platform::batch::{self, Filter, Progress, Settings};
use crowdsmith_platform::decision::replay::{self, Comparison};
use crowdsmith_platform::{Id, project};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::body::{Json, Path, Query};
use super::page::{Page, Paging};
use crate::App;
use crate::caller::{Reader, Writer};
use crate::problem::{Answer, Problem};

/// A batch and how far it has come.
#[derive(Serialize, ToSchema)]
pub(super) struct Batch {
    #[serde(flatten)]
    batch: batch::Batch,
    progress: Progress,
}

/// The settings of a batch; absent ones have their defaults.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read strictly by the domain")]
pub(super) struct BatchSettings {
    /// Judgments of each task, usually 3; or a table: `{"min", "max", "target"}` asks until the calibrated probability
    /// reaches the target, `{"rule": "confidence" | "dynamic" | "matching", ...}` goes by another rule.
    #[schema(value_type = Option<Object>)]
    overlap: Option<Value>,
    /// What becomes of tasks that stay below their target: list (usual), give-up, review, `{"stronger", "extra"}` or
    /// `{"batch"}`.
    #[schema(value_type = Option<Object>)]
    ambiguous: Option<Value>,
    /// How gold is mixed in: `per_suite`, `taper`, `used_up`, `secret`, `pause_missed`, `pause_after`, `pause_contested`,
    /// `automatic`.
    #[schema(value_type = Option<Object>)]
    gold: Option<Value>,
    /// Gold before the work: `length`, `pass`, `tries`, `paid`.
    #[schema(value_type = Option<Object>)]
    quiz: Option<Value>,
    /// When judgments stop counting: `minimum`, `from`, `evidence`, `pay`.
    #[schema(value_type = Option<Object>)]
    trust: Option<Value>,
    /// Rules: `collector`, `last`, `when`, `action`.
    #[schema(value_type = Option<Vec<Object>>)]
    rules: Option<Value>,
    /// Who may work: for each skill a comparison or several, such as `{"english": ">= 80", "banned": "does not exist"}`.
    #[schema(value_type = Option<Object>)]
    audience: Option<Value>,
    /// Tasks that a worker gets at once; usually 5.
    suite_size: Option<i64>,
    /// Usually 30.
    time_limit_minutes: Option<i64>,
    /// For each judgment, such as "0.02".
    price: Option<String>,
    /// Usually USD.
    currency: Option<String>,
    /// What the batch may cost in all.
    budget: Option<String>,
    max_judgments_per_worker: Option<i64>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Chosen {
    /// A project's name.
    project: Option<String>,
    /// draft, open, paused, closed or archived.
    state: Option<String>,
}

async fn show(app: &App, by: &Identity, id: Id) -> Answer<Answered<Batch>> {
    let batch = batch::get(&app.platform.db, by.workspace, id).await?;
    let progress = batch::progress(&app.platform, &batch).await?;
    Ok(Answered(Batch { batch, progress }))
}

/// Create a batch as a draft, or change its settings
#[utoipa::path(put, path = "/api/v1/projects/{name}/batches/{batch}", tag = "batches",
    params(("name" = String, Path), ("batch" = String, Path, description = "the batch's name")),
    request_body = BatchSettings, responses((status = 200, body = Batch), (status = "4XX", body = Problem)))]
pub(super) async fn put(
    State(app): State<App>,
    Writer(by): Writer,
    Path((project, name)): Path<(String, String)>,
    Json(settings): Json<Value>,
) -> Answer<Answered<Batch>> {
    let settings = Settings::read("", &settings)?;
    let project = project::get(&app.platform.db, by.workspace, &project).await?;
    let id = batch::put(&app.platform.db, &by, &project, &name, settings).await?;
    show(&app, &by, id).await
}

/// The workspace's batches, newest first
#[utoipa::path(get, path = "/api/v1/batches", tag = "batches", params(Chosen, Paging),
    responses((status = 200, body = Page<Batch>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Reader(by): Reader,
    Query(chosen): Query<Chosen>,
    Query(paging): Query<Paging>,
) -> Answer<Answered<Page<Batch>>> {
    let state = match chosen.state.as_deref() {
        None => None,
        Some(word) => Some(batch::State::from_word(word).ok_or_else(|| {
            Problem::invalid(
                "state",
                format!("`{word}` is no state; one of draft, open, paused, closed, archived"),
            )
        })?),
    };
    let filter = Filter { project: chosen.project, state, after: paging.after };
    let mut batches = Vec::new();
    for batch in batch::list(&app.platform.db, by.workspace, &filter, paging.limit()).await? {
        let progress = batch::progress(&app.platform, &batch).await?;
        batches.push(Batch { batch, progress });
    }
    Ok(Answered(Page::new(batches, paging, |shown| shown.batch.id, |shown| shown)))
}

/// A batch
#[utoipa::path(get, path = "/api/v1/batches/{id}", tag = "batches", params(("id" = Id, Path)),
    responses((status = 200, body = Batch), (status = 404, body = Problem)))]
pub(super) async fn get(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
) -> Answer<Answered<Batch>> {
    show(&app, &by, id).await
}

/// What other policies would have cost for this batch's judgments, judged by its own results
///
/// `curves` have the mean accuracy and judgments per task of each policy at several settings.
#[utoipa::path(get, path = "/api/v1/batches/{id}/replay", tag = "batches", params(("id" = Id, Path)),
    responses((status = 200, body = Value), (status = "4XX", body = Problem)))]
pub(super) async fn replay(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
) -> Answer<Answered<Comparison>> {
    let batch = batch::get(&app.platform.db, by.workspace, id).await?;
    Ok(Answered(replay::replay(&app.platform, &batch).await?))
}

/// Defines a handler that brings a batch into a state.
macro_rules! state_handler {
    ($name:ident, $path:literal, $state:ident, $summary:literal) => {
        #[doc = $summary]
        #[utoipa::path(post, path = $path, tag = "batches", params(("id" = Id, Path)),
                    responses((status = 200, body = Batch), (status = "4XX", body = Problem)))]
        pub(super) async fn $name(
            State(app): State<App>,
            Writer(by): Writer,
            Path(id): Path<Id>,
        ) -> Answer<Answered<Batch>> {
            batch::set_state(&app.platform.db, by.workspace, id, batch::State::$state).await?;
            show(&app, &by, id).await
        }
    };
}

state_handler!(open, "/api/v1/batches/{id}/open", Open, "Open: workers may claim");
state_handler!(
    pause,
    "/api/v1/batches/{id}/pause",
    Paused,
    "Pause: no new claims; who holds a lease may finish"
);
state_handler!(
    close,
    "/api/v1/batches/{id}/close",
    Closed,
    "Close for good; who holds a lease may finish"
);
state_handler!(
    archive,
    "/api/v1/batches/{id}/archive",
    Archived,
    "Put a closed batch out of sight"
);
