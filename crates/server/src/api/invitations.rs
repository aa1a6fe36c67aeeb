//! Links that let people join.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use crowdsmith_platform::Id;
use crowdsmith_platform::access::{self, Invitation, InvitationPreview, NewInvitation, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Json, Path};
use super::page::Page;
use crate::App;
use crate::caller::Admin;
use crate::problem::{Answer, Problem};

#[derive(Deserialize, ToSchema)]
pub(super) struct Invite {
    role: Role,
    /// How many people the link lets in; usually 1.
    uses: Option<i64>,
    /// Usually 168, a week.
    expires_in_hours: Option<i64>,
}

/// A new invitation; only this answer holds its link.
#[derive(Serialize, ToSchema)]
pub(super) struct Invited {
    #[serde(flatten)]
    invitation: Invitation,
    token: String,
    link: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Token {
    token: String,
}

const USUAL_HOURS: i64 = 7 * 24;

/// Invitations that have not expired
#[utoipa::path(get, path = "/api/v1/invitations", tag = "access", responses((status = 200, body = Page<Invitation>)))]
pub(super) async fn list(
    State(app): State<App>,
    Admin(by): Admin,
) -> Answer<Answered<Page<Invitation>>> {
    Ok(Answered(Page::whole(access::invitations(&app.platform.db, by.workspace).await?)))
}

/// Invite people by a link
#[utoipa::path(post, path = "/api/v1/invitations", tag = "access", request_body = Invite,
    responses((status = 201, body = Invited), (status = "4XX", body = Problem)))]
pub(super) async fn create(
    State(app): State<App>,
    Admin(by): Admin,
    Json(new): Json<Invite>,
) -> Answer<(StatusCode, Answered<Invited>)> {
    let new = NewInvitation {
        role: new.role,
        uses: new.uses.unwrap_or(1),
        expires_in_hours: new.expires_in_hours.unwrap_or(USUAL_HOURS),
    };
    let (secret, invitation) = access::invite(&app.platform.db, &by, new).await?;
    let token = secret.reveal().to_owned();
    let link = format!("{}/join#{token}", app.options.public_url);
    Ok((StatusCode::CREATED, Answered(Invited { invitation, token, link })))
}

/// End an invitation
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", tag = "access", params(("id" = Id, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn revoke(
    State(app): State<App>,
    Admin(by): Admin,
    Path(id): Path<Id>,
) -> Answer<StatusCode> {
    access::revoke_invitation(&app.platform.db, by.workspace, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a link leads to, for whoever holds it
#[utoipa::path(post, path = "/api/v1/invitations/preview", tag = "access", security(()), request_body = Token,
    responses((status = 200, body = InvitationPreview), (status = 404, body = Problem)))]
pub(super) async fn preview(
    State(app): State<App>,
    Json(given): Json<Token>,
) -> Answer<Answered<InvitationPreview>> {
    Ok(Answered(access::preview_invitation(&app.platform.db, &given.token).await?))
}
