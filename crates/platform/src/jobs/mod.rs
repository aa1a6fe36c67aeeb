//! What runs in the background of every server. Each job takes row locks or leases, so that several servers on one
//! database share the work and nothing is done twice.

use std::time::Duration;

use tokio::sync::watch;

use crate::decision::refit;
use crate::{Platform, assignment, upload};

/// How often most jobs look whether there is something to do: a lease ends at most this long after its deadline.
const EVERY: Duration = Duration::from_secs(1);

/// What the jobs tell of themselves.
pub trait Report: Clone + Send + Sync + 'static {
    fn expired(&self, leases: usize);
    /// Seconds since the first judgment that worker models do not know.
    fn refitted(&self, lag: refit::Lag);
}

/// Runs the jobs until `stop` says so.
pub async fn run(platform: Platform, stop: watch::Receiver<bool>, report: impl Report) {
    let leases = expire(platform.clone(), stop.clone(), report.clone());
    let uploads = sweep_uploads(platform.clone(), stop.clone());
    tokio::join!(leases, uploads, refit_models(platform, stop, report));
}

/// How often uploads that nobody will ask for are removed.
const SWEEP_EVERY: Duration = Duration::from_mins(1);

async fn sweep_uploads(platform: Platform, mut stop: watch::Receiver<bool>) {
    while wait(&mut stop, SWEEP_EVERY).await {
        match upload::sweep(&platform).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "uploads that no answer names were removed"),
            Err(error) => {
                tracing::error!(%error, "unused uploads could not be removed; trying again");
            }
        }
    }
}

async fn expire(platform: Platform, mut stop: watch::Receiver<bool>, report: impl Report) {
    while wait(&mut stop, EVERY).await {
        match assignment::expire(&platform).await {
            Ok(count) => report.expired(count),
            Err(error) => tracing::error!(%error, "leases could not be expired; trying again"),
        }
    }
}

async fn refit_models(platform: Platform, mut stop: watch::Receiver<bool>, report: impl Report) {
    while wait(&mut stop, EVERY).await {
        match refit::run(&platform).await {
            Ok(lag) => report.refitted(lag),
            Err(error) => {
                tracing::error!(%error, "worker models could not be refitted; trying again");
            }
        }
    }
}

/// Waits for the next turn; false if there is none.
async fn wait(stop: &mut watch::Receiver<bool>, every: Duration) -> bool {
    tokio::select! {
        () = tokio::time::sleep(every) => true,
        _ = stop.changed() => false,
    }
}
