//! Who may do what: accounts, members of a workspace with a role, sessions of browsers, API tokens of programs,
//! invitations.
//!
//! Secrets (session and API tokens, invitation and set-up links) are 256 random bits, shown once and stored as their
//! SHA-256; passwords are stored with argon2id. An [`Identity`] is made here only, from a secret that proves it.

mod account;
mod attempts;
mod invitation;
mod password;
mod secret;
mod sql;
mod token;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::id::Id;

pub use account::{
    Newcomer, Site, end_session, identify_session, new_setup_secret, set_up, sign_in, sign_up,
    site, start_session,
};
pub use attempts::Attempts;
pub use invitation::{
    Invitation, InvitationPreview, NewInvitation, invitations, invite, join, preview_invitation,
    revoke_invitation,
};
pub use secret::Secret;
pub(crate) use secret::new_pseudonym;
pub use sql::{ChangeMember, Member, change_member, members};
pub use token::{ApiToken, NewToken, create_token, identify_token, revoke_token, tokens};

/// What a member may do; each role includes those below it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Worker,
    Reviewer,
    Requester,
    Owner,
}

/// What an API token may be used for, within its member's role.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Claim and submit as this worker.
    Work,
    /// Read projects, batches, tasks, judgments and results.
    Read,
    /// Decide on tasks that stay doubtful.
    Review,
    /// Create and change projects, batches and tasks.
    Write,
    /// Members, invitations.
    Admin,
}

/// Both enums are stored as the words they have in JSON.
macro_rules! stored_as_word {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(word: String) -> Result<Self, String> {
                Self::from_word(&word).ok_or_else(|| format!("`{word}` is no {}", stringify!($name)))
            }
        }
    };
}
pub(crate) use stored_as_word;

stored_as_word!(Role { Worker = "worker", Reviewer = "reviewer", Requester = "requester", Owner = "owner" });
stored_as_word!(Scope { Work = "work", Read = "read", Review = "review", Write = "write", Admin = "admin" });

impl Scope {
    pub const ALL: [Self; 5] = [Self::Work, Self::Read, Self::Review, Self::Write, Self::Admin];

    /// The role that this scope takes.
    const fn least_role(self) -> Role {
        match self {
            Self::Work => Role::Worker,
            Self::Read | Self::Review => Role::Reviewer,
            Self::Write => Role::Requester,
            Self::Admin => Role::Owner,
        }
    }
}

/// A member of a workspace who has proved to be one.
#[derive(Clone, Debug)]
pub struct Identity {
    pub member: Id,
    pub workspace: Id,
    pub workspace_name: String,
    pub role: Role,
    pub name: String,
    pub email: String,
    pub pseudonym: String,
    pub scopes: Vec<Scope>,
    /// Present if this is a browser's session: unsafe requests must carry it.
    pub csrf: Option<String>,
}

impl Identity {
    /// Refuses unless role and token allow `scope`.
    pub fn require(&self, scope: Scope) -> Result<()> {
        let least = scope.least_role();
        if self.role < least {
            return Err(Error::Forbidden(format!(
                "this takes the role {least}; yours is {}",
                self.role
            )));
        }
        if !self.scopes.contains(&scope) {
            return Err(Error::Forbidden(format!("this token lacks the scope {scope}")));
        }
        Ok(())
    }
}
