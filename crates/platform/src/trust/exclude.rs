//! Excluding a worker from a batch, and taking it back.

use std::sync::Arc;

use super::sql;
use crate::Platform;
use crate::assignment;
use crate::batch::{self, Terms, lock_batch, not_found};
use crate::db::Connection;
use crate::decision;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::ledger;
use crate::money::Money;
use crate::policy::ExcludedPay;
use crate::time::Time;

/// Excludes a worker: leases end, judgments stop counting and their tasks reopen, pay is what the policy says. Again
/// changes nothing. `by` is trust, rule or requester.
pub(crate) async fn exclude(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    worker: Id,
    by: &str,
    why: &str,
) -> Result<()> {
    let now = Time::now();
    let Some(earned) = sql::mark_excluded(tx, terms.batch, worker, by, why, now).await? else {
        return Ok(());
    };
    assignment::revoke(tx, terms.batch, worker, now).await?;
    recount(tx, platform, terms, worker).await?;
    let takes_back = terms.policy.trust.is_some_and(|trust| trust.pay == ExcludedPay::TakeBack);
    if takes_back && earned > Money::ZERO {
        ledger::take_back(tx, terms.batch, worker, earned, &terms.currency, now).await?;
        sql::move_pay(tx, terms.batch, worker, earned).await?;
        batch::release(tx, terms.batch, earned).await?;
    }
    Ok(())
}

/// Takes an exclusion back: judgments count again, and pay that was taken back is paid. Again changes nothing.
pub(crate) async fn reinstate(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    worker: Id,
) -> Result<()> {
    let Some(taken) = sql::unmark_excluded(tx, terms.batch, worker).await? else { return Ok(()) };
    recount(tx, platform, terms, worker).await?;
    if taken > Money::ZERO {
        ledger::pay_again(tx, terms.batch, worker, taken, &terms.currency, Time::now()).await?;
        sql::move_pay(tx, terms.batch, worker, Money(-taken.0)).await?;
        batch::count_paid(tx, terms.batch, taken).await?;
    }
    Ok(())
}

/// Brings the worker's tasks into line with what counts now.
async fn recount(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    worker: Id,
) -> Result<()> {
    let tasks = sql::judged_tasks(tx, terms.batch, worker).await?;
    let decider = terms.decider(tx, &platform.revisions).await?;
    let change = decision::decide_in_chunks(tx, terms, &decider, &tasks).await?;
    batch::settle(tx, terms.batch, change.done, change.wanted).await?;
    sql::forget_fit(tx, terms.batch).await
}

/// Excludes a worker by the requester's word. `worker` is a pseudonym or an external name.
pub async fn exclude_by_hand(
    platform: &Platform,
    workspace: Id,
    batch: Id,
    worker: &str,
    why: &str,
) -> Result<()> {
    by_hand(platform, workspace, batch, worker, Some(why.to_owned())).await
}

pub async fn reinstate_by_hand(
    platform: &Platform,
    workspace: Id,
    batch: Id,
    worker: &str,
) -> Result<()> {
    by_hand(platform, workspace, batch, worker, None).await
}

async fn by_hand(
    platform: &Platform,
    workspace: Id,
    batch: Id,
    worker: &str,
    why: Option<String>,
) -> Result<()> {
    let context = Arc::new((platform.clone(), worker.to_owned(), why));
    platform
        .db
        .write(move |tx| {
            let context = Arc::clone(&context);
            Box::pin(async move {
                let (platform, name, why) = &*context;
                lock_batch(tx, workspace, batch).await?.ok_or_else(not_found)?;
                let lost = || Error::NotFound(format!("the worker `{name}`"));
                let worker = sql::member(tx, workspace, name).await?.ok_or_else(lost)?;
                sql::ensure_place(tx, batch, worker).await?;
                let terms = platform.terms.load(tx, batch).await?;
                match why {
                    Some(why) => exclude(tx, platform, &terms, worker, "requester", why).await,
                    None => reinstate(tx, platform, &terms, worker).await,
                }
            })
        })
        .await
}
