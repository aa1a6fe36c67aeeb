//! What workers do: see the work there is, claim, submit, return.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use crowdsmith_platform::access::Identity;
use crowdsmith_platform::assignment::{self, Assignment, Submission, Submitted};
use crowdsmith_platform::batch::offer::{self, Offer};
use crowdsmith_platform::gold::{self, Feedback};
use crowdsmith_platform::place::{self, NearTask, Point};
use crowdsmith_platform::project::{self, InputField, OutputField, Pinned, ShownPage};
use crowdsmith_platform::trust::{self, Standing};
use crowdsmith_platform::{Id, Time};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::{Json, Path, Query, read_json};
use super::page::Page;
use crate::App;
use crate::caller::Worker;
use crate::problem::{Answer, Problem};

/// A batch as its task page needs it.
#[derive(Serialize, ToSchema)]
pub(super) struct OfferedBatch {
    #[serde(flatten)]
    offer: Offer,
    /// Where you stand in this batch.
    standing: Standing,
    /// Safe to show.
    instructions_html: String,
    #[schema(value_type = std::collections::HashMap<String, InputField>)]
    input: IndexMap<String, InputField>,
    #[schema(value_type = std::collections::HashMap<String, OutputField>)]
    output: IndexMap<String, OutputField>,
    page: ShownPage,
    /// Your live assignments here, to go on with after a reload.
    assignments: Vec<ShownAssignment>,
}

/// A live assignment; `revision` is the one its tasks are answered under.
#[derive(Serialize, ToSchema)]
pub(super) struct ShownAssignment {
    #[serde(flatten)]
    assignment: Assignment,
    revision: i64,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Claimed {
    assignment: ShownAssignment,
}

#[derive(Serialize, ToSchema)]
struct EndedAssignment {
    id: Id,
    state: assignment::State,
}

#[derive(Serialize, ToSchema)]
pub(super) struct SubmittedAssignment {
    assignment: EndedAssignment,
    #[serde(flatten)]
    submitted: Submitted,
}

/// Answers to known tasks told at once.
const MOST_FEEDBACK: i64 = 200;

#[derive(Deserialize, ToSchema)]
pub(super) struct Objection {
    reason: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Contested {
    id: Id,
    state: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(super) struct ReturnedAssignment {
    assignment: EndedAssignment,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfBatch {
    batch: Option<Id>,
}

/// The work there is for you
#[utoipa::path(get, path = "/api/v1/work/batches", tag = "work", responses((status = 200, body = Page<Offer>)))]
pub(super) async fn batches(
    State(app): State<App>,
    Worker(by): Worker,
) -> Answer<Answered<Page<Offer>>> {
    Ok(Answered(Page::whole(offer::list(&app.platform.db, by.workspace, by.member).await?)))
}

/// A batch as its task page needs it
#[utoipa::path(get, path = "/api/v1/work/batches/{batch}", tag = "work", params(("batch" = Id, Path)),
    responses((status = 200, body = OfferedBatch), (status = 404, body = Problem)))]
pub(super) async fn batch(
    State(app): State<App>,
    Worker(by): Worker,
    Path(batch): Path<Id>,
) -> Answer<Answered<OfferedBatch>> {
    let assignments = live(&app, &by, Some(batch)).await?;
    let db = &app.platform.db;
    let (offer, revision) = offer::get(db, by.workspace, by.member, batch).await?;
    let pinned = app.platform.revisions.get(db, revision).await?;
    let question = &pinned.question;
    let tx = &mut db.read().await?;
    let terms = app.platform.terms.load(tx, batch).await?;
    let standing = trust::standing(tx, &terms, by.member).await?;
    Ok(Answered(OfferedBatch {
        offer,
        standing,
        instructions_html: project::instructions_html(&question.instructions),
        input: question.input.clone(),
        output: question.output.clone(),
        page: question.shown_page(),
        assignments,
    }))
}

async fn show(app: &App, mut assignment: Assignment) -> Answer<ShownAssignment> {
    let pinned = app.platform.revisions.get(&app.platform.db, assignment.revision_id).await?;
    let now = Time::now();
    let is_framed = pinned.question.is_framed();
    for task in &mut assignment.tasks {
        let links = &app.platform.links;
        task.page = is_framed.then(|| links.page_link(assignment.id, task.id, assignment.deadline));
        let input = std::mem::take(&mut task.input);
        task.input = links.put_into(input, &pinned, now)?;
    }
    Ok(ShownAssignment { assignment, revision: pinned.number })
}

async fn live(app: &App, by: &Identity, batch: Option<Id>) -> Answer<Vec<ShownAssignment>> {
    let mut shown = Vec::new();
    for assignment in assignment::live(&app.platform.db, by, batch).await? {
        shown.push(show(app, assignment).await?);
    }
    Ok(shown)
}

/// What a claim asks for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WantedTask {
    /// This one task, such as one of those around you; without it, whatever comes next.
    task: Option<Id>,
}

/// Get the next tasks of a batch, under a lease
///
/// 204 when there is nothing for you now. A worker holds at most two live assignments of a batch; a further claim
/// answers with the older of them. With a body that names a task, that task is reserved for you; 409 when it is not open
/// to you.
#[utoipa::path(post, path = "/api/v1/work/batches/{batch}/claim", tag = "work", params(("batch" = Id, Path)),
    request_body = Option<WantedTask>,
    responses((status = 200, body = Claimed), (status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn claim(
    State(app): State<App>,
    Worker(by): Worker,
    Path(batch): Path<Id>,
    body: Bytes,
) -> Answer<Response> {
    let wanted = if body.is_empty() { WantedTask::default() } else { read_json(&body)? };
    let Some(assignment) = assignment::claim(&app.platform, &by, batch, wanted.task).await? else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    app.metrics.claims.inc();
    Ok(Answered(Claimed { assignment: show(&app, assignment).await? }).into_response())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Near {
    /// Degrees of WGS 84, -90 to 90.
    latitude: f64,
    /// -180 to 180.
    longitude: f64,
    /// Tasks on the page: 1 to 1000, usually 50.
    limit: Option<i64>,
}

/// The tasks of a batch around a point that are open to you, the nearest first
#[utoipa::path(get, path = "/api/v1/work/batches/{batch}/places", tag = "work", params(("batch" = Id, Path), Near),
    responses((status = 200, body = Page<NearTask>), (status = "4XX", body = Problem)))]
pub(super) async fn places(
    State(app): State<App>,
    Worker(by): Worker,
    Path(batch): Path<Id>,
    Query(near): Query<Near>,
) -> Answer<Answered<Page<NearTask>>> {
    let wrong =
        || Problem::invalid("latitude", "and `longitude` must be a point on the earth, in degrees");
    let from = Point::new(near.latitude, near.longitude).ok_or_else(wrong)?;
    let limit = near.limit.unwrap_or(50).clamp(1, 1000);
    Ok(Answered(Page::whole(place::nearest(&app.platform, &by, batch, from, limit).await?)))
}

/// Your live assignments, to go on after a reload
#[utoipa::path(get, path = "/api/v1/work/assignments", tag = "work", params(OfBatch),
    responses((status = 200, body = Page<ShownAssignment>)))]
pub(super) async fn assignments(
    State(app): State<App>,
    Worker(by): Worker,
    Query(of): Query<OfBatch>,
) -> Answer<Answered<Page<ShownAssignment>>> {
    Ok(Answered(Page::whole(live(&app, &by, of.batch).await?)))
}

/// Submit an answer or a skip for each task of an assignment
///
/// A task that is skipped goes to others, is not paid, and never comes to you again. /// The same answers again are answered the same and change nothing; other answers, or answers after the deadline or a
/// return, are refused with 409.
#[utoipa::path(post, path = "/api/v1/work/assignments/{id}/submit", tag = "work", params(("id" = Id, Path)),
    request_body = Submission, responses((status = 200, body = SubmittedAssignment), (status = "4XX", body = Problem)))]
pub(super) async fn submit(
    State(app): State<App>,
    Worker(by): Worker,
    Path(id): Path<Id>,
    Json(submission): Json<Submission>,
) -> Answer<Answered<SubmittedAssignment>> {
    let platform = &app.platform;
    let mut submitted = assignment::submit(platform, &by, id, submission).await?;
    if !submitted.feedback.is_empty() {
        let pinned = platform.revisions.get(&platform.db, submitted.revision).await?;
        put_links(&app, &pinned, &mut submitted.feedback)?;
    }
    app.metrics.judgments.inc_by(submitted.judgments.unsigned_abs());
    app.metrics.skipped.inc_by(submitted.skipped.unsigned_abs());
    app.metrics.problems.inc_by(submitted.problems.unsigned_abs());
    let assignment = EndedAssignment { id, state: assignment::State::Submitted };
    Ok(Answered(SubmittedAssignment { assignment, submitted }))
}

/// How your answers to known tasks of a batch were judged, newest first
#[utoipa::path(get, path = "/api/v1/work/batches/{batch}/feedback", tag = "work", params(("batch" = Id, Path)),
    responses((status = 200, body = Page<Feedback>), (status = 404, body = Problem)))]
pub(super) async fn feedback(
    State(app): State<App>,
    Worker(by): Worker,
    Path(batch): Path<Id>,
) -> Answer<Answered<Page<Feedback>>> {
    let db = &app.platform.db;
    let (_, revision) = offer::get(db, by.workspace, by.member, batch).await?;
    let pinned = app.platform.revisions.get(db, revision).await?;
    let mut feedback = gold::own_feedback(db, batch, by.member, MOST_FEEDBACK).await?;
    put_links(&app, &pinned, &mut feedback)?;
    Ok(Answered(Page::whole(feedback)))
}

/// Links in place of the paths of media.
fn put_links(app: &App, pinned: &Pinned, feedback: &mut [Feedback]) -> Answer<()> {
    for one in feedback {
        let input = std::mem::take(&mut one.input);
        one.input = app.platform.links.put_into(input, pinned, Time::now())?;
    }
    Ok(())
}

/// Contest: say why your answer to a known task is right
#[utoipa::path(post, path = "/api/v1/work/tasks/{task}/contest", tag = "work", params(("task" = Id, Path)),
    request_body = Objection, responses((status = 201, body = Contested), (status = "4XX", body = Problem)))]
pub(super) async fn contest(
    State(app): State<App>,
    Worker(by): Worker,
    Path(task): Path<Id>,
    Json(objection): Json<Objection>,
) -> Answer<(StatusCode, Answered<Contested>)> {
    let id = gold::contest::file(&app.platform, &by, task, &objection.reason).await?;
    Ok((StatusCode::CREATED, Answered(Contested { id, state: "open" })))
}

/// Return an assignment: its tasks go to others
#[utoipa::path(post, path = "/api/v1/work/assignments/{id}/return", tag = "work", params(("id" = Id, Path)),
    responses((status = 200, body = ReturnedAssignment), (status = "4XX", body = Problem)))]
pub(super) async fn give_back(
    State(app): State<App>,
    Worker(by): Worker,
    Path(id): Path<Id>,
) -> Answer<Answered<ReturnedAssignment>> {
    assignment::give_back(&app.platform, &by, id).await?;
    let assignment = EndedAssignment { id, state: assignment::State::Returned };
    Ok(Answered(ReturnedAssignment { assignment }))
}
