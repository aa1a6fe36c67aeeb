//! API tokens: a program's proof of who it works for, within scopes and until a date.

use serde::{Deserialize, Serialize};

use super::secret::{self, Secret};
use super::{Identity, Scope, sql};
use crate::db::Database;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::{DAY, MINUTE, Time};

/// The time of last use is kept to this precision, so that a busy token does not write at every request.
const USE_IS_NOTED_EVERY: i64 = 10 * MINUTE;
const LONGEST_DAYS: i64 = 3660;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ApiToken {
    pub id: Id,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: Time,
    pub expires_at: Time,
    pub last_used_at: Option<Time>,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewToken {
    pub name: String,
    pub scopes: Vec<Scope>,
    pub expires_in_days: i64,
}

/// Makes a token for the asking member. Its scopes may not exceed those of who asks.
pub async fn create_token(
    db: &Database,
    by: &Identity,
    new: NewToken,
) -> Result<(Secret, ApiToken)> {
    if new.name.trim().is_empty() || new.name.chars().count() > 100 {
        return Err(Error::invalid("name", "must have 1 to 100 characters"));
    }
    if new.scopes.is_empty() {
        return Err(Error::invalid("scopes", "must name at least one of work, read, write, admin"));
    }
    if !(1..=LONGEST_DAYS).contains(&new.expires_in_days) {
        return Err(Error::invalid(
            "expires_in_days",
            format!("must be between 1 and {LONGEST_DAYS}"),
        ));
    }
    for scope in &new.scopes {
        by.require(*scope)?;
    }
    let now = Time::now();
    let secret = Secret::new("cs_");
    let token = ApiToken {
        id: Id::new(),
        name: new.name.trim().to_owned(),
        scopes: new.scopes,
        created_at: now,
        expires_at: now.plus(new.expires_in_days * DAY),
        last_used_at: None,
    };
    let (member, hash, stored) = (by.member, secret.hash(), token.clone());
    db.write(move |tx| {
        let (hash, stored) = (hash.clone(), stored.clone());
        Box::pin(async move { sql::insert_token(tx, member, &hash, &stored).await })
    })
    .await?;
    Ok((secret, token))
}

pub async fn tokens(db: &Database, member: Id) -> Result<Vec<ApiToken>> {
    sql::tokens(&mut db.read().await?, member).await
}

pub async fn revoke_token(db: &Database, member: Id, token: Id) -> Result<()> {
    let gone = db
        .write(move |tx| Box::pin(async move { sql::delete_token(tx, member, token).await }))
        .await?;
    if gone { Ok(()) } else { Err(Error::NotFound("the token".into())) }
}

pub async fn identify_token(db: &Database, token: &str) -> Result<Identity> {
    let now = Time::now();
    let row = sql::token(&mut db.read().await?, &secret::hash(token), now).await?;
    let (id, last_used, identity) =
        row.ok_or_else(|| Error::Unauthorized("the token is unknown, revoked or expired".into()))?;
    if last_used.is_none_or(|last| now.since(last) > USE_IS_NOTED_EVERY) {
        db.write(move |tx| Box::pin(async move { sql::note_token_use(tx, id, now).await })).await?;
    }
    Ok(identity)
}
