//! Accounts and the sessions of browsers: the first owner, signing in, signing up, signing out.

use serde::Serialize;

use super::secret::{self, Secret};
use super::{Attempts, Identity, Role, Scope, password, sql};
use crate::db::Database;
use crate::error::{Error, FieldError, Result};
use crate::id::Id;
use crate::time::{DAY, Time};

const SESSION_LASTS: i64 = 30 * DAY;

/// What somebody who comes to a workspace says of themselves.
#[derive(Clone, Debug)]
pub struct Newcomer {
    pub email: String,
    pub name: String,
    pub password: String,
}

/// What anybody may know of this installation.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Site {
    pub workspace: Option<String>,
    pub setup_required: bool,
}

pub async fn site(db: &Database) -> Result<Site> {
    let workspace = sql::first_workspace(&mut db.read().await?).await?;
    Ok(Site { setup_required: workspace.is_none(), workspace: workspace.map(|(_, name)| name) })
}

/// Makes the secret of the one-time set-up link, replacing an earlier one; `None` once there is an owner.
pub async fn new_setup_secret(db: &Database) -> Result<Option<Secret>> {
    if sql::first_workspace(&mut db.read().await?).await?.is_some() {
        return Ok(None);
    }
    let secret = Secret::new("");
    let hash = secret.hash();
    db.write(move |tx| {
        let hash = hash.clone();
        Box::pin(async move { sql::put_setting(tx, "setup_link", &hash).await })
    })
    .await?;
    Ok(Some(secret))
}

/// Uses up the set-up link: makes the first workspace and its owner.
pub async fn set_up(db: &Database, link: &str, workspace: &str, owner: Newcomer) -> Result<Id> {
    let workspace = checked_name("workspace", workspace)?;
    let owner = Checked::new(owner).await?;
    let link = secret::hash(link);
    db.write(move |tx| {
        let (workspace, owner, link) = (workspace.clone(), owner.clone(), link.clone());
        Box::pin(async move {
            if !sql::take_setting(tx, "setup_link", &link).await? {
                let reason = "this set-up link is used up or was replaced by a newer one";
                return Err(Error::Forbidden(reason.into()));
            }
            let workspace = sql::insert_workspace(tx, &workspace).await?;
            let account = owner.insert(tx).await?;
            sql::insert_member(tx, workspace, account, Role::Owner).await
        })
    })
    .await
}

/// Makes an account and a worker of the only workspace, where sign-up is open.
pub async fn sign_up(db: &Database, newcomer: Newcomer) -> Result<Id> {
    let newcomer = Checked::new(newcomer).await?;
    db.write(move |tx| {
        let newcomer = newcomer.clone();
        Box::pin(async move {
            let (workspace, _) = sql::first_workspace(tx)
                .await?
                .ok_or_else(|| Error::Conflict("this installation is not set up yet".into()))?;
            let account = newcomer.insert(tx).await?;
            sql::insert_member(tx, workspace, account, Role::Worker).await
        })
    })
    .await
}

/// Checks an e-mail address and password; answers the member to open a session for.
pub async fn sign_in(
    db: &Database,
    attempts: &Attempts,
    email: &str,
    password: &str,
) -> Result<Id> {
    let email = email.trim().to_lowercase();
    attempts.check(&email).map_err(|wait| Error::TooManyAttempts(wait.as_secs() + 1))?;
    let known = sql::member_to_sign_in(&mut db.read().await?, &email).await?;
    let (member, hash) = known.unzip();
    let right = password::verify(password, hash).await?;
    let Some(member) = member.filter(|_| right) else {
        attempts.failed(&email);
        return Err(Error::Unauthorized("the e-mail address or the password is wrong".into()));
    };
    attempts.succeeded(&email);
    Ok(member)
}

/// Opens a session for a member; the secret goes into the browser's cookie.
pub async fn start_session(db: &Database, member: Id) -> Result<(Secret, Identity)> {
    let (session, csrf) = (Secret::new(""), Secret::new(""));
    let hash = session.hash();
    db.write(move |tx| {
        let (hash, csrf) = (hash.clone(), csrf.clone());
        Box::pin(async move {
            let now = Time::now();
            sql::insert_session(tx, &hash, member, csrf.reveal(), now, now.plus(SESSION_LASTS))
                .await
        })
    })
    .await?;
    let identity = identify_session(db, session.reveal()).await?;
    Ok((session, identity))
}

pub async fn identify_session(db: &Database, session: &str) -> Result<Identity> {
    let row = sql::session(&mut db.read().await?, &secret::hash(session), Time::now()).await?;
    let row =
        row.ok_or_else(|| Error::Unauthorized("the session has ended; sign in again".into()))?;
    let (csrf, identity) = row;
    Ok(Identity { csrf: Some(csrf), scopes: Scope::ALL.to_vec(), ..identity })
}

pub async fn end_session(db: &Database, session: &str) -> Result<()> {
    let hash = secret::hash(session);
    db.write(move |tx| {
        let hash = hash.clone();
        Box::pin(async move { sql::delete_session(tx, &hash).await })
    })
    .await
}

/// A newcomer whose words were checked and whose password is hashed.
#[derive(Clone)]
pub(super) struct Checked {
    email: String,
    name: String,
    password_hash: String,
}

impl Checked {
    pub(super) async fn new(newcomer: Newcomer) -> Result<Self> {
        let email = newcomer.email.trim().to_lowercase();
        let plausible = email.len() <= 254
            && email
                .split_once('@')
                .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
            && !email.contains(char::is_whitespace);
        if !plausible {
            return Err(Error::invalid("email", "is not an e-mail address"));
        }
        let name = checked_name("name", &newcomer.name)?;
        Ok(Self { email, name, password_hash: password::hash(&newcomer.password).await? })
    }

    pub(super) async fn insert(&self, tx: &mut crate::db::Connection) -> Result<Id> {
        sql::insert_account(tx, &self.email, &self.name, &self.password_hash).await.map_err(
            |error| {
                error.on_conflict(|| {
                    "an account with this e-mail address exists; sign in instead".into()
                })
            },
        )
    }
}

fn checked_name(field: &str, name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::Invalid(vec![FieldError::new(field, "must have 1 to 100 characters")]));
    }
    Ok(name.to_owned())
}
