//! API tokens of the asking member.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::StatusCode;
use crowdsmith_platform::Id;
use crowdsmith_platform::access::{self, ApiToken, NewToken, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Json, Path};
use super::page::Page;
use crate::App;
use crate::caller::Caller;
use crate::problem::{Answer, Problem};

#[derive(Deserialize, ToSchema)]
pub(super) struct Create {
    name: String,
    scopes: Vec<Scope>,
    /// Usually 90.
    expires_in_days: Option<i64>,
}

/// A new token; only this answer holds its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct Created {
    #[serde(flatten)]
    described: ApiToken,
    token: String,
}

const USUAL_DAYS: i64 = 90;

/// Your tokens
#[utoipa::path(get, path = "/api/v1/tokens", tag = "access", responses((status = 200, body = Page<ApiToken>)))]
pub(super) async fn list(
    State(app): State<App>,
    Caller(by): Caller,
) -> Answer<Answered<Page<ApiToken>>> {
    Ok(Answered(Page::whole(access::tokens(&app.platform.db, by.member).await?)))
}

/// Make a token with some of your rights
#[utoipa::path(post, path = "/api/v1/tokens", tag = "access", request_body = Create,
    responses((status = 201, body = Created), (status = "4XX", body = Problem)))]
pub(super) async fn create(
    State(app): State<App>,
    Caller(by): Caller,
    Json(new): Json<Create>,
) -> Answer<(StatusCode, Answered<Created>)> {
    let expires_in_days = new.expires_in_days.unwrap_or(USUAL_DAYS);
    let new = NewToken { name: new.name, scopes: new.scopes, expires_in_days };
    let (secret, described) = access::create_token(&app.platform.db, &by, new).await?;
    let token = secret.reveal().to_owned();
    Ok((StatusCode::CREATED, Answered(Created { described, token })))
}

/// Revoke a token at once
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "access", params(("id" = Id, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub(super) async fn revoke(
    State(app): State<App>,
    Caller(by): Caller,
    Path(id): Path<Id>,
) -> Answer<StatusCode> {
    access::revoke_token(&app.platform.db, by.member, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
