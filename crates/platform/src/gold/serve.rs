//! Gold for a suite: as much as the policy asks for, at places that nobody can foretell.

use std::collections::HashMap;

use crowdsmith_quality::gold_plan::places;

use super::sql;
use crate::batch::Terms;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::task::Taken;

/// Gold tasks looked up beyond those wanted, in case that the worker has seen or holds some.
const SPARE: usize = 8;

/// Up to `count` gold tasks that the worker has not seen and does not hold; `answered` is how many gold tasks the worker
/// has answered.
pub(crate) async fn take(
    tx: &mut Connection,
    terms: &Terms,
    worker: Id,
    held: &[Id],
    answered: i64,
    count: i64,
) -> Result<Vec<Taken>> {
    if count <= 0 {
        return Ok(Vec::new());
    }
    let (gold, count) = (terms.known_gold(tx).await?, count as usize);
    let order = || gold.in_order_of(worker, answered).filter(|task| !held.contains(task));
    let near: Vec<Id> = order().take(count + SPARE).collect();
    let mut taken = in_order(sql::unseen(tx, worker, &near).await?, &near, count);
    if taken.len() < count && gold.active() > near.len() {
        let all: Vec<Id> = order().collect();
        taken = in_order(sql::unseen(tx, worker, &all).await?, &all, count);
    }
    Ok(taken)
}

/// Whether there is active gold that the worker, who has answered so much of it, has not seen.
pub(crate) async fn has_unseen(
    tx: &mut Connection,
    terms: &Terms,
    worker: Id,
    answered: i64,
) -> Result<bool> {
    Ok(!take(tx, terms, worker, &[], answered, 1).await?.is_empty())
}

/// The first tasks found, in the order of the worker.
fn in_order(found: Vec<Taken>, order: &[Id], count: usize) -> Vec<Taken> {
    let mut found: HashMap<Id, Taken> = found.into_iter().map(|task| (task.id, task)).collect();
    order.iter().filter_map(|task| found.remove(task)).take(count).collect()
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
