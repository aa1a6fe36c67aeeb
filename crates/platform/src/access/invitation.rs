//! Invitations: links that make whoever opens them a member of the workspace with a role.

use serde::{Deserialize, Serialize};

use super::account::Checked;
use super::secret::{self, Secret};
use super::{Identity, Newcomer, Role, sql};
use crate::db::Database;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::{HOUR, Time};

#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Invitation {
    pub id: Id,
    #[sqlx(try_from = "String")]
    pub role: Role,
    pub uses: i64,
    pub used: i64,
    pub created_at: Time,
    pub expires_at: Time,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewInvitation {
    pub role: Role,
    /// How many people the link lets in.
    pub uses: i64,
    pub expires_in_hours: i64,
}

/// What a person who holds the link may know before joining.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct InvitationPreview {
    pub workspace: String,
    #[sqlx(try_from = "String")]
    pub role: Role,
    pub expires_at: Time,
}

const MOST_USES: i64 = 100_000;
const LONGEST_HOURS: i64 = 24 * 366;

pub async fn invite(
    db: &Database,
    by: &Identity,
    new: NewInvitation,
) -> Result<(Secret, Invitation)> {
    if !(1..=MOST_USES).contains(&new.uses) {
        return Err(Error::invalid("uses", format!("must be between 1 and {MOST_USES}")));
    }
    if !(1..=LONGEST_HOURS).contains(&new.expires_in_hours) {
        return Err(Error::invalid(
            "expires_in_hours",
            format!("must be between 1 and {LONGEST_HOURS}"),
        ));
    }
    let secret = Secret::new("");
    let now = Time::now();
    let invitation = Invitation {
        id: Id::new(),
        role: new.role,
        uses: new.uses,
        used: 0,
        created_at: now,
        expires_at: now.plus(new.expires_in_hours * HOUR),
    };
    let (workspace, hash, stored) = (by.workspace, secret.hash(), invitation.clone());
    db.write(move |tx| {
        let (hash, stored) = (hash.clone(), stored.clone());
        Box::pin(async move { sql::insert_invitation(tx, workspace, &hash, &stored).await })
    })
    .await?;
    Ok((secret, invitation))
}

pub async fn invitations(db: &Database, workspace: Id) -> Result<Vec<Invitation>> {
    sql::invitations(&mut db.read().await?, workspace, Time::now()).await
}

/// Ends an invitation at once; who joined by it stays.
pub async fn revoke_invitation(db: &Database, workspace: Id, invitation: Id) -> Result<()> {
    let gone = db
        .write(move |tx| {
            Box::pin(async move { sql::delete_invitation(tx, workspace, invitation).await })
        })
        .await?;
    if gone { Ok(()) } else { Err(Error::NotFound("the invitation".into())) }
}

pub async fn preview_invitation(db: &Database, token: &str) -> Result<InvitationPreview> {
    sql::invitation_preview(&mut db.read().await?, &secret::hash(token), Time::now())
        .await?
        .ok_or_else(gone)
}

/// Uses an invitation once: makes the account and its membership.
pub async fn join(db: &Database, token: &str, newcomer: Newcomer) -> Result<Id> {
    let newcomer = Checked::new(newcomer).await?;
    let hash = secret::hash(token);
    db.write(move |tx| {
        let (hash, newcomer) = (hash.clone(), newcomer.clone());
        Box::pin(async move {
            let (workspace, role) =
                sql::use_invitation(tx, &hash, Time::now()).await?.ok_or_else(gone)?;
            let account = newcomer.insert(tx).await?;
            sql::insert_member(tx, workspace, account, role).await
        })
    })
    .await
}

fn gone() -> Error {
    Error::NotFound("this invitation (it may be used up, expired or revoked)".into())
}
