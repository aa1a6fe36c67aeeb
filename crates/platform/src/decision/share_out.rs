//! The rule `auto`: a batch buys judgments where they are worth most, until every task is as sure as its target or has all
//! the judgments it may get.
//!
//! Every task gets its first judgments. Then each refit gives some tasks another, those of the highest
//! [`rank`]; between refits the others wait. A replay of the policy `auto` buys by the same rank.

use std::sync::Arc;

use crowdsmith_quality::share_out::{rank, round};

use super::decider::{Counted, Decider};
use super::refit::{Loaded, Wish, write_decisions};
use super::sql::{self, Standing};
use crate::Platform;
use crate::batch::{self, Terms};
use crate::error::Result;
use crate::id::Id;

/// Tasks written in one transaction.
const CHUNK: usize = 200;

/// What a batch is worth asking for.
#[derive(Debug)]
struct Standings {
    target: f64,
    tasks: usize,
    /// Tasks that were given another judgment and wait for it.
    asked: usize,
    /// Tasks below the target that could get another judgment, with their rank.
    candidates: Vec<(f64, Id)>,
}

impl Standings {
    fn add(&mut self, decider: &Decider, standing: &Standing, judgments: &[Counted]) {
        self.tasks += 1;
        let sureness = decider.sureness(judgments);
        let waits = standing.wanted > standing.judged;
        if standing.judged < decider.limits.least || (standing.least > 0 && waits) {
            self.asked += usize::from(standing.least > 0);
        } else if !waits && standing.judged < decider.limits.most && sureness < self.target {
            self.candidates.push((rank(sureness, decider.gain(judgments)), standing.id));
        }
    }

    /// The tasks that get another judgment now; none once all have reached the target.
    fn chosen(mut self) -> Vec<Id> {
        let round = round(self.tasks).saturating_sub(self.asked);
        self.candidates.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(&two.1)));
        self.candidates.into_iter().take(round).map(|(_, task)| task).collect()
    }
}

/// Gives tasks of a batch another judgment, or ends those that wait when all have reached the target.
pub(super) async fn share_out(
    platform: &Platform,
    terms: &Arc<Terms>,
    decider: &Arc<Decider>,
    loaded: &Loaded,
    by_task: &[Vec<Counted>],
    target: f64,
) -> Result<()> {
    let mut standings = Standings { target, tasks: 0, asked: 0, candidates: Vec::new() };
    let mut after = Id(0);
    loop {
        let tx = &mut platform.db.read().await?;
        let page = sql::standings(tx, terms.batch, after, super::refit::PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for standing in &page {
            let known = loaded.tasks.get_index_of(&standing.id).map(|index| &by_task[index]);
            standings.add(decider, standing, known.map_or(&[], Vec::as_slice));
        }
    }
    let waiting = standings.asked;
    let chosen = standings.chosen();
    if chosen.is_empty() && waiting == 0 {
        return end(platform, terms, decider.limits.least).await;
    }
    for chunk in chosen.chunks(CHUNK) {
        write_decisions(platform, terms, decider, chunk.to_vec(), Wish::OneMore).await?;
    }
    Ok(())
}

/// Ends the tasks that have their first judgments and are asked for no more.
async fn end(platform: &Platform, terms: &Terms, least: i64) -> Result<()> {
    let batch = terms.batch;
    platform
        .db
        .write(move |tx| {
            Box::pin(async move {
                let ended = sql::end_waiting(tx, batch, least).await?;
                batch::settle(tx, batch, ended, 0).await
            })
        })
        .await
}
