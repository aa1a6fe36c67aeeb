//! The first owner, signing in and out, joining.

use axum::Json as Answered;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use crowdsmith_platform::access::{self, Identity, Newcomer, Role, Secret};
use crowdsmith_platform::{Id, ledger};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Json;
use crate::App;
use crate::caller::{COOKIE, Caller, session_cookie};
use crate::problem::{Answer, Problem};

/// What anybody may know of this installation.
#[derive(Serialize, ToSchema)]
pub(super) struct Site {
    workspace: Option<String>,
    /// Nobody owns it yet: the set-up link in the server's log makes the owner.
    setup_required: bool,
    /// Anybody may join as a worker.
    open_signup: bool,
    version: &'static str,
}

#[derive(Serialize, ToSchema)]
struct Workspace {
    id: Id,
    name: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    id: Id,
    name: String,
    email: String,
    role: Role,
    workspace: Workspace,
    /// How requesters of this workspace see this worker.
    pseudonym: String,
    /// To be sent as X-CSRF-Token with unsafe requests of this session.
    csrf: Option<String>,
    earned: Vec<ledger::Earned>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct SetUp {
    /// The part of the set-up link after `#`.
    token: String,
    workspace: String,
    email: String,
    name: String,
    /// 10 characters or more.
    password: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct SignIn {
    email: String,
    password: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Join {
    /// The part of the invitation link after `#`; absent where sign-up is open.
    token: Option<String>,
    email: String,
    name: String,
    /// 10 characters or more.
    password: String,
}

/// What anybody may know of this installation
#[utoipa::path(get, path = "/api/v1/site", tag = "accounts", security(()), responses((status = 200, body = Site)))]
pub(super) async fn site(State(app): State<App>) -> Answer<Answered<Site>> {
    let access::Site { workspace, setup_required } = access::site(&app.platform.db).await?;
    let open_signup = app.options.open_signup && !setup_required;
    Ok(Answered(Site {
        workspace,
        setup_required,
        open_signup,
        version: env!("CARGO_PKG_VERSION"),
    }))
}

/// Make the owner and the workspace by the one-time set-up link
#[utoipa::path(post, path = "/api/v1/setup", tag = "accounts", security(()), request_body = SetUp,
    responses((status = 201, body = Me), (status = "4XX", body = Problem)))]
pub(super) async fn set_up(State(app): State<App>, Json(new): Json<SetUp>) -> Answer<SignedIn> {
    let owner = Newcomer { email: new.email, name: new.name, password: new.password };
    let member = access::set_up(&app.platform.db, &new.token, &new.workspace, owner).await?;
    signed_in(&app, StatusCode::CREATED, member).await
}

/// Sign in with a password; the session is in the cookie
#[utoipa::path(post, path = "/api/v1/session", tag = "accounts", security(()), request_body = SignIn,
    responses((status = 200, body = Me), (status = "4XX", body = Problem)))]
pub(super) async fn sign_in(State(app): State<App>, Json(who): Json<SignIn>) -> Answer<SignedIn> {
    let platform = &app.platform;
    let member =
        access::sign_in(&platform.db, &platform.attempts, &who.email, &who.password).await?;
    signed_in(&app, StatusCode::OK, member).await
}

/// Sign out
#[utoipa::path(delete, path = "/api/v1/session", tag = "accounts", responses((status = 204)))]
pub(super) async fn sign_out(
    State(app): State<App>,
    _: Caller,
    headers: HeaderMap,
) -> Answer<(StatusCode, [(HeaderName, String); 1])> {
    if let Some(session) = session_cookie(&headers) {
        access::end_session(&app.platform.db, session).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(&app, "", 0))]))
}

/// Who is signed in
#[utoipa::path(get, path = "/api/v1/me", tag = "accounts", responses((status = 200, body = Me), (status = 401, body = Problem)))]
pub(super) async fn me(State(app): State<App>, Caller(identity): Caller) -> Answer<Answered<Me>> {
    me_of(&app, identity).await.map(Answered)
}

/// Join a workspace by invitation, or where sign-up is open
#[utoipa::path(post, path = "/api/v1/join", tag = "accounts", security(()), request_body = Join,
    responses((status = 201, body = Me), (status = "4XX", body = Problem)))]
pub(super) async fn join(State(app): State<App>, Json(new): Json<Join>) -> Answer<SignedIn> {
    let newcomer = Newcomer { email: new.email, name: new.name, password: new.password };
    let member = match new.token {
        Some(token) => access::join(&app.platform.db, &token, newcomer).await?,
        None if app.options.open_signup => access::sign_up(&app.platform.db, newcomer).await?,
        None => {
            return Err(Problem::forbidden(
                "joining takes an invitation link; ask who runs this workspace",
            ));
        }
    };
    signed_in(&app, StatusCode::CREATED, member).await
}

type SignedIn = (StatusCode, [(HeaderName, String); 1], Answered<Me>);

const SESSION_SECONDS: i64 = 30 * 24 * 3600;

async fn signed_in(app: &App, status: StatusCode, member: Id) -> Answer<SignedIn> {
    let (session, identity): (Secret, Identity) =
        access::start_session(&app.platform.db, member).await?;
    let cookie = cookie(app, session.reveal(), SESSION_SECONDS);
    Ok((status, [(header::SET_COOKIE, cookie)], Answered(me_of(app, identity).await?)))
}

fn cookie(app: &App, session: &str, seconds: i64) -> String {
    let secure = if app.options.public_url.starts_with("https://") { "; Secure" } else { "" };
    format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

async fn me_of(app: &App, identity: Identity) -> Answer<Me> {
    let earned = ledger::earned(&app.platform.db, identity.member).await?;
    let Identity { member, workspace, workspace_name, role, name, email, pseudonym, csrf, .. } =
        identity;
    let workspace = Workspace { id: workspace, name: workspace_name };
    Ok(Me { id: member, name, email, role, workspace, pseudonym, csrf, earned })
}
