//! Slows down guessing: after a few wrong passwords for one account, it waits before the next try is looked at.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const FREE: u32 = 5;
const LONGEST: Duration = Duration::from_mins(15);
/// Accounts remembered at most; the oldest failures are forgotten first.
const REMEMBERED: usize = 10_000;

/// Failed sign-ins by account, of this process.
#[derive(Debug, Default)]
pub struct Attempts {
    failures: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Attempts {
    /// `Err` with the time to wait if the account has failed too often.
    pub(super) fn check(&self, account: &str) -> Result<(), Duration> {
        let failures = self.failures.lock().expect("no panic holds this lock");
        let Some((count, last)) = failures.get(account) else { return Ok(()) };
        let wait = pause(*count);
        match wait.checked_sub(last.elapsed()) {
            Some(left) if !left.is_zero() => Err(left),
            _ => Ok(()),
        }
    }

    pub(super) fn failed(&self, account: &str) {
        let mut failures = self.failures.lock().expect("no panic holds this lock");
        if failures.len() >= REMEMBERED {
            failures.retain(|_, (count, last)| last.elapsed() < pause(*count));
        }
        let entry = failures.entry(account.to_owned()).or_insert((0, Instant::now()));
        *entry = (entry.0.saturating_add(1), Instant::now());
    }

    pub(super) fn succeeded(&self, account: &str) {
        self.failures.lock().expect("no panic holds this lock").remove(account);
    }
}

/// Nothing for the first failures, then 1 s, 2 s, 4 s, ...
fn pause(failures: u32) -> Duration {
    match failures.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(extra) => Duration::from_secs(1 << extra.min(12)).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_gets_slow_and_success_forgives() {
        let attempts = Attempts::default();
        for _ in 0..FREE {
            assert!(attempts.check("a@b.c").is_ok());
            attempts.failed("a@b.c");
        }
        assert!(attempts.check("a@b.c").is_err());
        assert!(attempts.check("other@b.c").is_ok());
        attempts.succeeded("a@b.c");
        assert!(attempts.check("a@b.c").is_ok());
        assert_eq!(pause(FREE + 40), LONGEST);
    }
}
