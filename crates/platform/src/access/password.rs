//! Passwords, by argon2id with the crate's default cost (19 MiB, two passes).

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, PasswordHash};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

pub(super) const SHORTEST: usize = 10;
const LONGEST: usize = 1000;
/// Hashings at a time: each takes a core and 19 MiB.
static HASHING: Semaphore = Semaphore::const_new(2);

/// A hash that no password has; checked when the account is unknown, so that both refusals take the same time.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

pub(super) async fn hash(password: &str) -> Result<String> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Err(Error::invalid(
            "password",
            format!("must have {SHORTEST} to {LONGEST} characters"),
        ));
    }
    let password = password.to_owned();
    on_blocking_thread(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| Error::Internal(format!("hashing a password: {error}")))
    })
    .await?
}

/// Whether `password` is the one behind `hash`; a missing hash takes as long and is never right.
pub(super) async fn verify(password: &str, hash: Option<String>) -> Result<bool> {
    let password = password.to_owned();
    on_blocking_thread(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
            && known
    })
    .await
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let permit = HASHING.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    let done = tokio::task::spawn_blocking(work).await;
    drop(permit);
    done.map_err(|error| Error::Internal(format!("hashing a password: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_only_its_own_hash() {
        let stored = hash("correct horse").await.expect("long enough");
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse", Some(stored.clone())).await.expect("runs"));
        assert!(!verify("Correct horse", Some(stored)).await.expect("runs"));
        assert!(!verify("correct horse", None).await.expect("runs"));
        assert!(matches!(hash("short").await, Err(Error::Invalid(_))));
    }
}
