//! The one error type of the domain. The server turns each kind into a status; nothing else is shown to a user.

use serde::Serialize;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A wrong field of an input, or a wrong line of a file (`line 17, column text`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not known who asks.
    #[error("{0}")]
    Unauthorized(String),
    /// Known, but not allowed.
    #[error("{0}")]
    Forbidden(String),
    #[error("{0} not found")]
    NotFound(String),
    /// The request is well formed, but the state of things forbids it.
    #[error("{0}")]
    Conflict(String),
    #[error("{}", describe(.0))]
    Invalid(Vec<FieldError>),
    /// What was sent is larger than it may be.
    #[error("{0}")]
    TooLarge(String),
    /// A file is of a type that is not taken here.
    #[error("{0}")]
    WrongType(String),
    #[error("too many attempts; try again in {0} seconds")]
    TooManyAttempts(u64),
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("{0}")]
    Internal(String),
}

fn describe(errors: &[FieldError]) -> String {
    errors
        .iter()
        .map(|error| format!("{}: {}", error.field, error.message))
        .collect::<Vec<_>>()
        .join("; ")
}

impl Error {
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// Whether running the same transaction again may succeed (deadlock or serialization failure on PostgreSQL).
    pub(crate) fn is_transient(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        matches!(error.code().as_deref(), Some("40001" | "40P01"))
    }

    /// Maps the violation of a named unique constraint to an error for the client.
    #[must_use]
    pub fn on_conflict(self, message: impl FnOnce() -> String) -> Self {
        match &self {
            Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Self::Conflict(message())
            }
            _ => self,
        }
    }
}
