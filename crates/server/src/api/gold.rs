//! Gold of a batch: importing, listing, correcting; proposals; contests.

use axum::Json as Answered;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use crowdsmith_platform::batch;
use crowdsmith_platform::gold::contest::{self, Contest, Ruling};
use crowdsmith_platform::gold::propose::{self, Proposal};
use crowdsmith_platform::gold::{self, Answers, Correction, Gold, Order};
use crowdsmith_platform::task::Added;
use crowdsmith_platform::{Id, Time};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::body::{Json, Path, Query};
use super::page::Page;
use super::tasks::{pinned, read_of_batch};
use crate::App;
use crate::caller::{Reader, Writer};
use crate::problem::{Answer, Problem};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// newest (usual), missed or contested.
    sort: Option<String>,
    /// Items at most: 1 to 1000, usually 200.
    limit: Option<i64>,
}

impl Listing {
    fn order(&self) -> Answer<Order> {
        let name = self.sort.as_deref().unwrap_or("newest");
        Order::from_name(name).ok_or_else(|| {
            Problem::invalid(
                "sort",
                format!("`{name}` is no order; one of newest, missed, contested"),
            )
        })
    }
}

/// A gold task and the objections to it.
#[derive(Serialize, ToSchema)]
pub(super) struct GoldWithContests {
    #[serde(flatten)]
    gold: Gold,
    contests: Vec<Contest>,
}

/// What a gold task should be.
#[derive(Deserialize, ToSchema)]
pub(super) struct WantedGold {
    /// For each field that is known: an acceptable answer, or a list of them.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    explanation: Option<String>,
    /// Whether a worker who misses it is not told.
    secret: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Confirmed {
    /// Ids of proposed tasks.
    tasks: Vec<Id>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Made {
    added: i64,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Acceptance {
    /// The corrected answers; without them the gold is withdrawn.
    #[schema(value_type = Option<Object>)]
    answers: Option<Map<String, Value>>,
    reply: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Rejection {
    /// Why the gold is right.
    reply: String,
}

/// Import gold, from CSV, NDJSON or a JSON array
///
/// One column for each input field and for each output field that is known: its acceptable answers, several with `|`
/// between them (in JSON a list); where the project has one output field, the column may be called `label`, and where an
/// input field has the same name, `answer.NAME`. Optional: `task`, `explanation`, `secret`. A row that names a task of
/// the batch makes that task gold. All are imported or none.
#[utoipa::path(post, path = "/api/v1/batches/{id}/gold", tag = "gold", params(("id" = Id, Path)),
    request_body(content((String = "text/csv"), (String = "application/x-ndjson"), (Vec<Object> = "application/json"))),
    responses((status = 201, body = Added), (status = "4XX", body = Problem)))]
pub(super) async fn add(
    State(app): State<App>,
    Writer(by): Writer,
    Path(id): Path<Id>,
    headers: HeaderMap,
    body: Body,
) -> Answer<(StatusCode, Answered<Added>)> {
    let gold = read_of_batch(&app, &by, id, &headers, body, |format, table, question, media| {
        gold::read_gold(format, table, question, media)
    })
    .await?;
    let added = gold::add(&app.platform.db, by.workspace, id, gold).await?;
    Ok((StatusCode::CREATED, Answered(added)))
}

/// Gold of a batch, with the objections to it
#[utoipa::path(get, path = "/api/v1/batches/{id}/gold", tag = "gold", params(("id" = Id, Path), Listing),
    responses((status = 200, body = Page<GoldWithContests>), (status = "4XX", body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
    Query(listing): Query<Listing>,
) -> Answer<Answered<Page<GoldWithContests>>> {
    let db = &app.platform.db;
    let batch = batch::get(db, by.workspace, id).await?;
    let pinned = pinned(&app, &batch).await?;
    let limit = listing.limit.unwrap_or(200).clamp(1, 1000);
    let mut contests = contest::list(db, id).await?;
    let mut shown = Vec::new();
    for mut gold in gold::list(db, id, listing.order()?, limit).await? {
        gold.input = app.platform.links.put_into(gold.input, &pinned, Time::now())?;
        let own = |contest: &mut Contest| contest.task_id == gold.task_id;
        let contests = contests.extract_if(.., own).collect();
        shown.push(GoldWithContests { gold, contests });
    }
    Ok(Answered(Page::whole(shown)))
}

/// Make a task gold, or correct gold
///
/// When the answers of gold are corrected, everyone who missed it is forgiven.
#[utoipa::path(put, path = "/api/v1/batches/{id}/gold/{task}", tag = "gold",
    params(("id" = Id, Path), ("task" = Id, Path)), request_body = WantedGold,
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn put(
    State(app): State<App>,
    Writer(by): Writer,
    Path((id, task)): Path<(Id, Id)>,
    Json(wanted): Json<WantedGold>,
) -> Answer<StatusCode> {
    let batch = batch::get(&app.platform.db, by.workspace, id).await?;
    let answers = Answers::read(&pinned(&app, &batch).await?.question, &wanted.answers)?;
    let WantedGold { explanation, secret, .. } = wanted;
    let correction = Correction { answers, explanation, secret };
    gold::mark(&app.platform, by.workspace, id, task, correction).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Defines a handler that changes the state of gold.
macro_rules! state_handler {
    ($name:ident, $path:literal, $summary:literal) => {
        #[doc = $summary]
        #[utoipa::path(post, path = $path, tag = "gold", params(("id" = Id, Path), ("task" = Id, Path)),
                    responses((status = 204), (status = "4XX", body = Problem)))]
        pub(super) async fn $name(
            State(app): State<App>,
            Writer(by): Writer,
            Path((id, task)): Path<(Id, Id)>,
        ) -> Answer<StatusCode> {
            gold::$name(&app.platform, by.workspace, id, task).await?;
            Ok(StatusCode::NO_CONTENT)
        }
    };
}

state_handler!(
    withdraw,
    "/api/v1/batches/{id}/gold/{task}/withdraw",
    "Withdraw gold: it is handed out no more, and everyone who missed it is forgiven"
);
state_handler!(
    pause,
    "/api/v1/batches/{id}/gold/{task}/pause",
    "Pause gold: it is handed out no more for now"
);
state_handler!(resume, "/api/v1/batches/{id}/gold/{task}/resume", "Hand paused gold out again");

/// Finished tasks that could be gold
#[utoipa::path(get, path = "/api/v1/batches/{id}/gold/proposals", tag = "gold", params(("id" = Id, Path)),
    responses((status = 200, body = Page<Proposal>), (status = 404, body = Problem)))]
pub(super) async fn proposals(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
) -> Answer<Answered<Page<Proposal>>> {
    let batch = batch::get(&app.platform.db, by.workspace, id).await?;
    let pinned = pinned(&app, &batch).await?;
    let mut proposals = propose::proposals(&app.platform, &batch).await?;
    for proposal in &mut proposals {
        let input = std::mem::take(&mut proposal.input);
        proposal.input = app.platform.links.put_into(input, &pinned, Time::now())?;
    }
    Ok(Answered(Page::whole(proposals)))
}

/// Make proposed tasks gold
#[utoipa::path(post, path = "/api/v1/batches/{id}/gold/proposals", tag = "gold", params(("id" = Id, Path)),
    request_body = Confirmed, responses((status = 201, body = Made), (status = "4XX", body = Problem)))]
pub(super) async fn confirm(
    State(app): State<App>,
    Writer(by): Writer,
    Path(id): Path<Id>,
    Json(confirmed): Json<Confirmed>,
) -> Answer<(StatusCode, Answered<Made>)> {
    let added = propose::confirm(&app.platform, by.workspace, id, &confirmed.tasks).await?;
    Ok((StatusCode::CREATED, Answered(Made { added })))
}

/// Accept a contest: the gold is corrected or withdrawn
///
/// All open contests of the same gold are accepted with it. Everyone who missed it is forgiven, their trust is looked at
/// again, and who was excluded for it is reinstated and paid.
#[utoipa::path(post, path = "/api/v1/batches/{id}/contests/{contest}/accept", tag = "gold",
    params(("id" = Id, Path), ("contest" = Id, Path)), request_body = Acceptance,
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn accept(
    State(app): State<App>,
    Writer(by): Writer,
    Path((id, contest)): Path<(Id, Id)>,
    Json(acceptance): Json<Acceptance>,
) -> Answer<StatusCode> {
    let batch = batch::get(&app.platform.db, by.workspace, id).await?;
    let question = &pinned(&app, &batch).await?.question;
    let answers =
        acceptance.answers.map(|answers| Answers::read(question, &answers)).transpose()?;
    let ruling = Ruling::Accept { answers, reply: acceptance.reply };
    contest::rule(&app.platform, by.workspace, id, contest, ruling).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reject a contest, with a reason
#[utoipa::path(post, path = "/api/v1/batches/{id}/contests/{contest}/reject", tag = "gold",
    params(("id" = Id, Path), ("contest" = Id, Path)), request_body = Rejection,
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn reject(
    State(app): State<App>,
    Writer(by): Writer,
    Path((id, contest)): Path<(Id, Id)>,
    Json(rejection): Json<Rejection>,
) -> Answer<StatusCode> {
    let ruling = Ruling::Reject { reply: rejection.reply };
    contest::rule(&app.platform, by.workspace, id, contest, ruling).await?;
    Ok(StatusCode::NO_CONTENT)
}
