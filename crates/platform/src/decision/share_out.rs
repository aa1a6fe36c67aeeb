//! The rule `auto`: a batch buys judgments where they are worth most, until the mean over its tasks of how sure their
//! answers are reaches the target.
//!
//! Every task gets its first judgments. Then each refit gives one in twenty tasks another, those where it is expected to
//! improve most; between refits the others wait. Sureness is [`Models::progress`](crowdsmith_quality::models::Models::progress),
//! the measure that a replay of the policy `auto` stops by.

use std::sync::Arc;

use super::decider::{Counted, Decider};
use super::refit::{Loaded, Wish, write_decisions};
use super::sql::{self, Standing};
use crate::Platform;
use crate::batch::{self, Terms};
use crate::error::Result;
use crate::id::Id;

/// One in so many tasks gets another judgment at a time.
const SHARE: usize = 20;
/// Tasks written in one transaction.
const CHUNK: usize = 200;

/// What a batch is worth asking for.
#[derive(Debug, Default)]
struct Standings {
    tasks: usize,
    sureness: f64,
    /// Tasks that were given another judgment and wait for it.
    asked: usize,
    /// Tasks that could get another judgment, with what it is worth.
    candidates: Vec<(f64, Id)>,
}

impl Standings {
    fn add(&mut self, decider: &Decider, standing: &Standing, judgments: &[Counted]) {
        self.tasks += 1;
        self.sureness += decider.sureness(judgments);
        let waits = standing.wanted > standing.judged;
        if standing.judged < decider.limits.least || (standing.least > 0 && waits) {
            self.asked += usize::from(standing.least > 0);
        } else if !waits && standing.judged < decider.limits.most {
            self.candidates.push((decider.gain(judgments), standing.id));
        }
    }

    /// The tasks that get another judgment now; none once the target is reached.
    fn chosen(mut self, target: f64) -> Vec<Id> {
        if self.tasks == 0 || self.sureness / self.tasks as f64 >= target {
            return Vec::new();
        }
        let round = (self.tasks / SHARE).max(1).saturating_sub(self.asked);
        self.candidates.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(&two.1)));
        self.candidates.into_iter().take(round).map(|(_, task)| task).collect()
    }
}

/// Gives tasks of a batch another judgment, or ends those that wait when the target is reached.
pub(super) async fn share_out(
    platform: &Platform,
    terms: &Arc<Terms>,
    decider: &Arc<Decider>,
    loaded: &Loaded,
    by_task: &[Vec<Counted>],
    target: f64,
) -> Result<()> {
    let mut standings = Standings::default();
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
    let chosen = standings.chosen(target);
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
