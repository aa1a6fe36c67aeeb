//! Leases that end without judgments: returned by their worker, or expired.

use super::{State, sql, stored_tasks};
use crate::Platform;
use crate::access::Identity;
use crate::batch;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::money::Money;
use crate::rule::{self, Event};
use crate::task;
use crate::time::Time;

/// Returns a live assignment: its tasks go to others. Returning it again changes nothing.
pub async fn give_back(platform: &Platform, worker: &Identity, assignment: Id) -> Result<()> {
    let worker = worker.member;
    let context = platform.clone();
    platform
        .db
        .write(move |tx| {
            let platform = context.clone();
            Box::pin(async move {
                if let Some(lease) =
                    sql::end_lease(tx, assignment, worker, State::Returned, None, Time::now())
                        .await?
                {
                    free(tx, &lease).await?;
                    return follow_rules(tx, &platform, &lease, Event::Returned).await;
                }
                match sql::ended(tx, assignment, worker).await? {
                    None => Err(Error::NotFound("the assignment".into())),
                    Some(ended) if ended.state == State::Submitted => {
                        Err(Error::Conflict("this assignment was already submitted".into()))
                    }
                    Some(_) => Ok(()),
                }
            })
        })
        .await
}

/// Leases ended in one transaction.
const AT_ONCE: i64 = 100;

/// Ends leases whose deadline has passed; answers how many. Any number of servers may do so at once.
pub async fn expire(platform: &Platform) -> Result<usize> {
    let mut ended = 0;
    loop {
        let context = platform.clone();
        let count = platform
            .db
            .write(move |tx| {
                let platform = context.clone();
                Box::pin(async move { expire_some(tx, &platform).await })
            })
            .await?;
        ended += count;
        if count < AT_ONCE as usize {
            return Ok(ended);
        }
    }
}

async fn expire_some(tx: &mut Connection, platform: &Platform) -> Result<usize> {
    let expired = sql::expire(tx, Time::now(), AT_ONCE).await?;
    for lease in &expired {
        free(tx, lease).await?;
        follow_rules(tx, platform, lease, Event::Expired).await?;
    }
    Ok(expired.len())
}

async fn follow_rules(
    tx: &mut Connection,
    platform: &Platform,
    lease: &sql::Lease,
    event: Event,
) -> Result<()> {
    let terms = platform.terms.get(tx, lease.batch_id, lease.version).await?;
    rule::follow(tx, platform, &terms, lease.worker_id, event).await
}

/// Ends all live leases of a worker on a batch.
pub(crate) async fn revoke(tx: &mut Connection, batch: Id, worker: Id, now: Time) -> Result<()> {
    for lease in sql::revoke(tx, batch, worker, now).await? {
        free(tx, &lease).await?;
    }
    Ok(())
}

/// Frees what a lease held: its tasks' slots, and the money promised to it.
async fn free(tx: &mut Connection, lease: &sql::Lease) -> Result<()> {
    let tasks = stored_tasks(&lease.tasks);
    let count = tasks.len() as i64;
    task::give_back(tx, &tasks).await?;
    sql::count_freed(tx, lease.batch_id, lease.worker_id, count).await?;
    let promised = lease.price.times(count).unwrap_or_default();
    if promised > Money::ZERO { batch::release(tx, lease.batch_id, promised).await } else { Ok(()) }
}
