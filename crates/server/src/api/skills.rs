//! Skills of workers.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use crowdsmith_platform::skill::{self, Holder, InUse, Skill};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Json, Path, Query};
use super::page::{Page, Paging};
use crate::App;
use crate::caller::{Reader, Writer};
use crate::problem::{Answer, Problem};

#[derive(Deserialize, ToSchema)]
pub(super) struct SkillValue {
    /// 0 to 100.
    value: f64,
}

/// The skills that workers have
#[utoipa::path(get, path = "/api/v1/skills", tag = "workers", responses((status = 200, body = Page<InUse>)))]
pub(super) async fn in_use(
    State(app): State<App>,
    Reader(by): Reader,
) -> Answer<Answered<Page<InUse>>> {
    Ok(Answered(Page::whole(skill::in_use(&app.platform.db, by.workspace).await?)))
}

/// The workers who have a skill
#[utoipa::path(get, path = "/api/v1/skills/{name}", tag = "workers", params(("name" = String, Path), Paging),
    responses((status = 200, body = Page<Holder>)))]
pub(super) async fn holders(
    State(app): State<App>,
    Reader(by): Reader,
    Path(name): Path<String>,
    Query(paging): Query<Paging>,
) -> Answer<Answered<Page<Holder>>> {
    let (db, limit) = (&app.platform.db, paging.limit());
    let found = skill::holders(db, by.workspace, &name, paging.after, limit).await?;
    Ok(Answered(Page::new(found, paging, |holder| holder.id, |holder| holder)))
}

/// The skills of a worker
#[utoipa::path(get, path = "/api/v1/workers/{worker}/skills", tag = "workers",
    params(("worker" = String, Path, description = "pseudonym, or name of an imported worker")),
    responses((status = 200, body = Page<Skill>), (status = 404, body = Problem)))]
pub(super) async fn list(
    State(app): State<App>,
    Reader(by): Reader,
    Path(worker): Path<String>,
) -> Answer<Answered<Page<Skill>>> {
    Ok(Answered(Page::whole(skill::list(&app.platform.db, by.workspace, &worker).await?)))
}

/// Set a skill of a worker
#[utoipa::path(put, path = "/api/v1/workers/{worker}/skills/{name}", tag = "workers",
    params(("worker" = String, Path), ("name" = String, Path)), request_body = SkillValue,
    responses((status = 200, body = Skill), (status = "4XX", body = Problem)))]
pub(super) async fn put(
    State(app): State<App>,
    Writer(by): Writer,
    Path((worker, name)): Path<(String, String)>,
    Json(given): Json<SkillValue>,
) -> Answer<Answered<Skill>> {
    let db = &app.platform.db;
    Ok(Answered(skill::set_by_hand(db, by.workspace, &worker, &name, given.value).await?))
}

/// Take a skill away from a worker
#[utoipa::path(delete, path = "/api/v1/workers/{worker}/skills/{name}", tag = "workers",
    params(("worker" = String, Path), ("name" = String, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn remove(
    State(app): State<App>,
    Writer(by): Writer,
    Path((worker, name)): Path<(String, String)>,
) -> Answer<StatusCode> {
    skill::remove(&app.platform.db, by.workspace, &worker, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
