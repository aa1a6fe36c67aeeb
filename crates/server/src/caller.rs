//! Who calls: a program with a bearer token, or a browser with a session cookie (and, for unsafe requests, the session's
//! CSRF token in a header).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use crowdsmith_platform::access::{self, Identity, Scope};

use crate::App;
use crate::problem::Problem;

pub(crate) const COOKIE: &str = "crowdsmith_session";
const CSRF_HEADER: &str = "x-csrf-token";

/// Any member.
pub(crate) struct Caller(pub(crate) Identity);

/// Defines an extractor for callers with a scope.
macro_rules! caller_with_scope {
    ($($(#[$doc:meta])* $name:ident = $scope:ident),+ $(,)?) => {$(
        $(#[$doc])*
        pub(crate) struct $name(pub(crate) Identity);

        impl FromRequestParts<App> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                let identity = identify(parts, app).await?;
                identity.require(Scope::$scope)?;
                Ok(Self(identity))
            }
        }
    )+};
}

caller_with_scope!(
    /// A worker who works.
    Worker = Work,
    /// A member who may look at projects, batches and results.
    Reader = Read,
    /// A member who may decide on doubtful tasks.
    Reviewer = Review,
    /// A member who may change them.
    Writer = Write,
    /// A member who may change who has access.
    Admin = Admin,
);

/// Any member, for what changes nothing: a form in a frame cannot send the header that keeps other sites out.
pub(crate) struct Visitor(pub(crate) Identity);

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        recognise(parts, app).await.map(Self)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        identify(parts, app).await.map(Self)
    }
}

async fn recognise(parts: &Parts, app: &App) -> Result<Identity, Problem> {
    let db = &app.platform.db;
    if let Some(token) = bearer(&parts.headers)? {
        return Ok(access::identify_token(db, token).await?);
    }
    let session = session_cookie(&parts.headers)
        .ok_or_else(|| Problem::unauthorized("send `Authorization: Bearer TOKEN`, or sign in"))?;
    Ok(access::identify_session(db, session).await?)
}

async fn identify(parts: &Parts, app: &App) -> Result<Identity, Problem> {
    let identity = recognise(parts, app).await?;
    if let Some(csrf) = &identity.csrf
        && !parts.method.is_safe()
    {
        let given = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
        if given != Some(csrf) {
            return Err(Problem::forbidden(
                "the header X-CSRF-Token does not match this session; reload the page",
            ));
        }
    }
    Ok(identity)
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let token = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
    token
        .map(|token| Some(token.trim()))
        .ok_or_else(|| Problem::unauthorized("Authorization must be `Bearer TOKEN`"))
}

pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })
}
