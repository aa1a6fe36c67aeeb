use serde::{Deserialize, Serialize};

use super::secret::new_pseudonym;
use super::{ApiToken, Identity, Invitation, InvitationPreview, Role, Scope};
use crate::db::{Connection, Database, sql};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::Time;

pub(super) async fn put_setting(tx: &mut Connection, name: &str, value: &str) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        value
    )
    .map(drop)
}

/// Removes the setting if it has this value; answers whether it had.
pub(super) async fn take_setting(tx: &mut Connection, name: &str, value: &str) -> Result<bool> {
    Ok(sql!(tx, execute, "DELETE FROM setting WHERE name = $1 AND value = $2", name, value)? == 1)
}

pub(super) async fn first_workspace(tx: &mut Connection) -> Result<Option<(Id, String)>> {
    sql!(tx, optional(Id, String), "SELECT id, name FROM workspace ORDER BY id LIMIT 1")
}

pub(super) async fn insert_workspace(tx: &mut Connection, name: &str) -> Result<Id> {
    let id = Id::new();
    sql!(
        tx,
        execute,
        "INSERT INTO workspace (id, name, created_at) VALUES ($1, $2, $3)",
        id,
        name,
        Time::now()
    )?;
    Ok(id)
}

pub(super) async fn insert_account(
    tx: &mut Connection,
    email: &str,
    name: &str,
    password_hash: &str,
) -> Result<Id> {
    let id = Id::new();
    sql!(
        tx,
        execute,
        "INSERT INTO account (id, email, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)",
        id,
        email,
        name,
        password_hash,
        Time::now()
    )?;
    Ok(id)
}

pub(super) async fn insert_member(
    tx: &mut Connection,
    workspace: Id,
    account: Id,
    role: Role,
) -> Result<Id> {
    let id = Id::new();
    sql!(
        tx,
        execute,
        "INSERT INTO member (id, workspace_id, account_id, role, pseudonym, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        workspace,
        account,
        role.word(),
        new_pseudonym(),
        Time::now()
    )?;
    Ok(id)
}

pub(super) async fn member_to_sign_in(
    tx: &mut Connection,
    email: &str,
) -> Result<Option<(Id, String)>> {
    sql!(
        tx,
        optional(Id, String),
        "SELECT m.id, a.password_hash FROM account a JOIN member m ON m.account_id = a.id
         WHERE a.email = $1 AND m.disabled = 0 ORDER BY m.id LIMIT 1",
        email
    )
}

pub(super) async fn insert_session(
    tx: &mut Connection,
    hash: &str,
    member: Id,
    csrf: &str,
    now: Time,
    expires_at: Time,
) -> Result<()> {
    sql!(tx, execute, "DELETE FROM session WHERE expires_at <= $1", now)?;
    sql!(
        tx,
        execute,
        "INSERT INTO session (token_hash, member_id, csrf, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        hash,
        member,
        csrf,
        now,
        expires_at
    )
    .map(drop)
}

pub(super) async fn delete_session(tx: &mut Connection, hash: &str) -> Result<()> {
    sql!(tx, execute, "DELETE FROM session WHERE token_hash = $1", hash).map(drop)
}

#[derive(sqlx::FromRow)]
struct IdentityRow {
    member: Id,
    workspace: Id,
    workspace_name: String,
    #[sqlx(try_from = "String")]
    role: Role,
    name: String,
    email: String,
    pseudonym: String,
}

impl From<IdentityRow> for Identity {
    fn from(row: IdentityRow) -> Self {
        let IdentityRow { member, workspace, workspace_name, role, name, email, pseudonym } = row;
        Self {
            member,
            workspace,
            workspace_name,
            role,
            name,
            email,
            pseudonym,
            scopes: Vec::new(),
            csrf: None,
        }
    }
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    csrf: String,
    #[sqlx(flatten)]
    identity: IdentityRow,
}

pub(super) async fn session(
    tx: &mut Connection,
    hash: &str,
    now: Time,
) -> Result<Option<(String, Identity)>> {
    let row = sql!(
        tx,
        optional SessionRow,
        "SELECT s.csrf, m.id AS member, w.id AS workspace, w.name AS workspace_name, m.role, a.name, a.email, m.pseudonym
         FROM session s JOIN member m ON m.id = s.member_id JOIN account a ON a.id = m.account_id
         JOIN workspace w ON w.id = m.workspace_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND m.disabled = 0",
        hash,
        now
    )?;
    Ok(row.map(|row| (row.csrf, row.identity.into())))
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    id: Id,
    scopes: String,
    last_used_at: Option<Time>,
    #[sqlx(flatten)]
    identity: IdentityRow,
}

pub(super) async fn token(
    tx: &mut Connection,
    hash: &str,
    now: Time,
) -> Result<Option<(Id, Option<Time>, Identity)>> {
    let row = sql!(
        tx,
        optional TokenRow,
        "SELECT t.id, t.scopes, t.last_used_at, m.id AS member, w.id AS workspace, w.name AS workspace_name, m.role,
                a.name, a.email, m.pseudonym
         FROM api_token t JOIN member m ON m.id = t.member_id JOIN account a ON a.id = m.account_id
         JOIN workspace w ON w.id = m.workspace_id
         WHERE t.token_hash = $1 AND t.expires_at > $2 AND m.disabled = 0",
        hash,
        now
    )?;
    Ok(row.map(|row| {
        let scopes = scopes_from_words(&row.scopes);
        (row.id, row.last_used_at, Identity { scopes, ..row.identity.into() })
    }))
}

fn scopes_from_words(words: &str) -> Vec<Scope> {
    words.split(' ').filter_map(Scope::from_word).collect()
}

pub(super) async fn note_token_use(tx: &mut Connection, token: Id, now: Time) -> Result<()> {
    sql!(tx, execute, "UPDATE api_token SET last_used_at = $2 WHERE id = $1", token, now).map(drop)
}

pub(super) async fn insert_token(
    tx: &mut Connection,
    member: Id,
    hash: &str,
    token: &ApiToken,
) -> Result<()> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
    sql!(
        tx,
        execute,
        "INSERT INTO api_token (id, member_id, name, token_hash, scopes, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        token.id,
        member,
        &token.name,
        hash,
        scopes.join(" "),
        token.created_at,
        token.expires_at
    )
    .map(drop)
}

pub(super) async fn tokens(tx: &mut Connection, member: Id) -> Result<Vec<ApiToken>> {
    let rows = sql!(
        tx,
        all(Id, String, String, Time, Time, Option<Time>),
        "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM api_token WHERE member_id = $1 ORDER BY id",
        member
    )?;
    let token =
        |(id, name, scopes, created_at, expires_at, last_used_at): (_, _, String, _, _, _)| {
            let scopes = scopes_from_words(&scopes);
            ApiToken { id, name, scopes, created_at, expires_at, last_used_at }
        };
    Ok(rows.into_iter().map(token).collect())
}

pub(super) async fn delete_token(tx: &mut Connection, member: Id, token: Id) -> Result<bool> {
    Ok(sql!(tx, execute, "DELETE FROM api_token WHERE id = $1 AND member_id = $2", token, member)?
        == 1)
}

pub(super) async fn insert_invitation(
    tx: &mut Connection,
    workspace: Id,
    hash: &str,
    invitation: &Invitation,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO invitation (id, workspace_id, token_hash, role, uses, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        invitation.id,
        workspace,
        hash,
        invitation.role.word(),
        invitation.uses,
        invitation.created_at,
        invitation.expires_at
    )
    .map(drop)
}

pub(super) async fn invitations(
    tx: &mut Connection,
    workspace: Id,
    now: Time,
) -> Result<Vec<Invitation>> {
    sql!(
        tx,
        all Invitation,
        "SELECT id, role, uses, used, created_at, expires_at FROM invitation
         WHERE workspace_id = $1 AND expires_at > $2 ORDER BY id DESC",
        workspace,
        now
    )
}

pub(super) async fn delete_invitation(
    tx: &mut Connection,
    workspace: Id,
    invitation: Id,
) -> Result<bool> {
    Ok(sql!(
        tx,
        execute,
        "DELETE FROM invitation WHERE id = $1 AND workspace_id = $2",
        invitation,
        workspace
    )? == 1)
}

pub(super) async fn invitation_preview(
    tx: &mut Connection,
    hash: &str,
    now: Time,
) -> Result<Option<InvitationPreview>> {
    sql!(
        tx,
        optional InvitationPreview,
        "SELECT w.name AS workspace, i.role, i.expires_at FROM invitation i JOIN workspace w ON w.id = i.workspace_id
         WHERE i.token_hash = $1 AND i.expires_at > $2 AND i.used < i.uses",
        hash,
        now
    )
}

pub(super) async fn use_invitation(
    tx: &mut Connection,
    hash: &str,
    now: Time,
) -> Result<Option<(Id, Role)>> {
    let row = sql!(
        tx,
        optional (Id, String),
        "UPDATE invitation SET used = used + 1 WHERE token_hash = $1 AND expires_at > $2 AND used < uses
         RETURNING workspace_id, role",
        hash,
        now
    )?;
    row.map(|(workspace, role)| Ok((workspace, role.try_into().map_err(Error::Internal)?)))
        .transpose()
}

/// A member as the owner sees them.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Member {
    pub id: Id,
    pub name: String,
    pub email: String,
    #[sqlx(try_from = "String")]
    pub role: Role,
    pub pseudonym: String,
    #[sqlx(try_from = "i64")]
    pub disabled: Flag,
    pub created_at: Time,
}

/// A truth value stored as 0 or 1.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
#[serde(transparent)]
pub struct Flag(pub bool);

impl From<i64> for Flag {
    fn from(stored: i64) -> Self {
        Self(stored != 0)
    }
}

/// Members with an account, oldest first.
pub async fn members(
    db: &Database,
    workspace: Id,
    after: Option<Id>,
    limit: i64,
) -> Result<Vec<Member>> {
    let tx = &mut db.read().await?;
    sql!(
        tx,
        all Member,
        "SELECT m.id, a.name, a.email, m.role, m.pseudonym, m.disabled, m.created_at
         FROM member m JOIN account a ON a.id = m.account_id
         WHERE m.workspace_id = $1 AND m.id > $2 ORDER BY m.id LIMIT $3",
        workspace,
        after.unwrap_or(Id(0)),
        limit
    )
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct ChangeMember {
    pub role: Option<Role>,
    pub disabled: Option<bool>,
}

/// Changes a member's role or shuts them out. The workspace always keeps an owner.
pub async fn change_member(
    db: &Database,
    workspace: Id,
    member: Id,
    change: ChangeMember,
) -> Result<()> {
    db.write(move |tx| {
        let change = change.clone();
        Box::pin(async move {
            let changed = sql!(
                tx,
                execute,
                "UPDATE member SET role = COALESCE($3, role), disabled = COALESCE($4, disabled)
                 WHERE id = $1 AND workspace_id = $2 AND account_id IS NOT NULL",
                member,
                workspace,
                change.role.map(Role::word),
                change.disabled.map(i64::from)
            )?;
            if changed == 0 {
                return Err(Error::NotFound("the member".into()));
            }
            let owners = sql!(
                tx,
                scalar i64,
                "SELECT COUNT(*) FROM member WHERE workspace_id = $1 AND role = 'owner' AND disabled = 0",
                workspace
            )?;
            if owners == 0 {
                return Err(Error::Conflict("a workspace must keep at least one owner".into()));
            }
            Ok(())
        })
    })
    .await
}
