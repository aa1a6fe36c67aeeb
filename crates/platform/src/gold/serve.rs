//! Gold for a suite: as much as the policy asks for, at places that nobody can foretell.

use crowdsmith_quality::gold_plan::places;

use super::sql;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::task::Taken;

/// Up to `count` gold tasks that the worker has not seen; `held` is an id list of tasks at hand.
pub(crate) async fn take(
    tx: &mut Connection,
    batch: Id,
    worker: Id,
    held: &str,
    count: i64,
) -> Result<Vec<Taken>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    sql::unseen(tx, batch, worker, held, order_of(worker), count).await
}

/// Every worker meets the gold in another order.
fn order_of(worker: Id) -> i64 {
    (worker.0 % 499_979) * 2 + 1
}

/// Puts gold among the other tasks.
pub(crate) fn mix(ordinary: Vec<Taken>, gold: Vec<Taken>) -> Result<Vec<Taken>> {
    let count = ordinary.len() + gold.len();
    let places = places(random()?, count, gold.len());
    let (mut ordinary, mut gold) = (ordinary.into_iter(), gold.into_iter());
    let next = |place| if places.contains(&place) { gold.next() } else { ordinary.next() };
    Ok((0..count).filter_map(next).collect())
}

pub(crate) fn random() -> Result<u64> {
    getrandom::u64().map_err(|error| Error::Internal(format!("no random numbers: {error}")))
}
