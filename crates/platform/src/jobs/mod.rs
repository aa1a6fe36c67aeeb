//! What runs in the background of every server. Each job takes row locks, so that several servers on one database share
//! the work and nothing is done twice.

use std::time::Duration;

use tokio::sync::watch;

use crate::{Platform, assignment};

/// How often leases are looked at: a lease ends at most this long after its deadline.
const EXPIRE_EVERY: Duration = Duration::from_secs(1);

/// Runs the jobs until `stop` says so. `expired` is told how many leases ended.
pub async fn run(
    platform: Platform,
    mut stop: watch::Receiver<bool>,
    expired: impl Fn(usize) + Send,
) {
    let mut tick = tokio::time::interval(EXPIRE_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = tick.tick() => match assignment::expire(&platform.db).await {
                Ok(count) => expired(count),
                Err(error) => tracing::error!(%error, "leases could not be expired; trying again"),
            },
            _ = stop.changed() => return,
        }
    }
}
