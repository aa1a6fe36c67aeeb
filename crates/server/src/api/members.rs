//! Members of the workspace.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use crowdsmith_platform::Id;
use crowdsmith_platform::access::{self, ChangeMember, Member};

use super::body::{Json, Path, Query};
use super::page::{Page, Paging};
use crate::App;
use crate::caller::Admin;
use crate::problem::{Answer, Problem};

/// Members with an account
#[utoipa::path(get, path = "/api/v1/members", tag = "access", params(Paging),
    responses((status = 200, body = Page<Member>)))]
pub(super) async fn list(
    State(app): State<App>,
    Admin(by): Admin,
    Query(paging): Query<Paging>,
) -> Answer<Answered<Page<Member>>> {
    let members =
        access::members(&app.platform.db, by.workspace, paging.after, paging.limit()).await?;
    Ok(Answered(Page::new(members, paging, |member| member.id, |member| member)))
}

/// Change a member's role, or shut them out
#[utoipa::path(patch, path = "/api/v1/members/{id}", tag = "access", params(("id" = Id, Path)), request_body = ChangeMember,
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn change(
    State(app): State<App>,
    Admin(by): Admin,
    Path(id): Path<Id>,
    Json(change): Json<ChangeMember>,
) -> Answer<StatusCode> {
    access::change_member(&app.platform.db, by.workspace, id, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
