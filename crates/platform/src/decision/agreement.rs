//! Whether workers agree with the results of done tasks, for the rules that ask.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;

use super::decider::Decider;
use super::refit::{Judgment, Loaded, PAGE};
use super::sql;
use crate::batch::Terms;
use crate::error::Result;
use crate::id::Id;
use crate::task::State;
use crate::{Platform, rule};

/// Looks at the rules on agreement, if there are any, with the judgments that a refit has loaded.
pub(super) async fn follow(platform: &Platform, terms: &Terms, loaded: &Loaded) -> Result<()> {
    if !rule::watches_agreement(&terms.policy) {
        return Ok(());
    }
    let decider = terms.decider(&mut platform.db.read().await?, &platform.revisions).await?;
    let done = done_tasks(platform, terms, loaded).await?;
    let agreements = agreements(terms, &decider, loaded, &done);
    rule::follow_agreement(platform, terms, agreements).await
}

/// The codes of tasks that ask for no more judgments.
async fn done_tasks(platform: &Platform, terms: &Terms, loaded: &Loaded) -> Result<HashSet<u32>> {
    let mut done = HashSet::new();
    let mut after = Id(0);
    loop {
        let tx = &mut platform.db.read().await?;
        let page = sql::standings(tx, terms.batch, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(done) };
        after = last.id;
        let is_done = |standing: &&sql::Standing| standing.state == State::Done.word();
        let codes =
            page.iter().filter(is_done).filter_map(|one| loaded.tasks.get_index_of(&one.id));
        done.extend(codes.map(|code| code as u32));
    }
}

/// For each worker whether judgments of done tasks agree with the results, in the order of the judgments.
fn agreements(
    terms: &Terms,
    decider: &Decider,
    loaded: &Loaded,
    done: &HashSet<u32>,
) -> BTreeMap<Id, Vec<bool>> {
    let results = results(terms, decider, loaded, done);
    let mut agreements: BTreeMap<Id, Vec<bool>> = BTreeMap::new();
    for judgment in &loaded.judgments {
        let agrees = results.get(&judgment.task).and_then(|result| agrees(judgment, result));
        if let Some(agrees) = agrees {
            let worker = loaded.workers[judgment.worker as usize];
            agreements.entry(worker).or_default().push(agrees);
        }
    }
    agreements
}

/// What done tasks came out as: what a reviewer decided, or else the leading label of the posterior.
fn results(
    terms: &Terms,
    decider: &Decider,
    loaded: &Loaded,
    done: &HashSet<u32>,
) -> IndexMap<u32, Box<[Option<u16>]>> {
    let by_task = loaded.by_task(terms, decider, &BTreeMap::new());
    let mut results: IndexMap<u32, Box<[Option<u16>]>> =
        done.iter().map(|task| (*task, decider.leading(&by_task[*task as usize]))).collect();
    for (aspect, known) in loaded.known.iter().enumerate() {
        for (task, label) in known {
            if let Some(result) = results.get_mut(task) {
                result[aspect] = Some(*label);
            }
        }
    }
    results
}

/// Whether every answer of a judgment is the result's; `None` if it has none that could be compared.
fn agrees(judgment: &Judgment, result: &[Option<u16>]) -> Option<bool> {
    let compared =
        judgment.labels.iter().zip(result).filter_map(|(own, result)| Some((*own)? == (*result)?));
    compared.reduce(|all, one| all && one)
}
