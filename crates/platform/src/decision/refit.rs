//! The background refit: fits the worker models of a batch anew from all its judgments, then decides again on its tasks
//! and looks again at its workers. It reads beside the writers and writes in short transactions, so claims and submissions
//! never wait for it. One server at a time refits a batch.

use std::collections::BTreeMap;
use std::sync::Arc;

use crowdsmith_quality::models::Models;
use crowdsmith_truth::{Columns, Duplicates, Judgments};
use indexmap::IndexSet;

use super::aspect::aspects;
use super::decide::decide_in_chunks;
use super::decider::{Counted, Decider, Stored};
use super::share_out::share_out;
use super::{agreement, sql};
use crate::batch::{self, Terms};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::policy::TrustFrom;
use crate::time::{MINUTE, SECOND, Time};
use crate::{Platform, gold, rule, task, trust};

/// A refit is due when judgments have grown by a 20th,
const GROWTH: i64 = 20;
/// or by one, and that one is so old.
const PATIENCE: i64 = 3 * SECOND;
/// Refits take at most one part in so many of the time.
const REST: i64 = 10;
/// A server that does not come back loses a refit after this.
const HELD: i64 = 10 * MINUTE;
/// Rows read in one statement.
pub(super) const PAGE: i64 = 20_000;
/// Tasks written in one transaction.
const CHUNK: usize = 200;
/// A confidence that moved by less is not worth a write.
const MOVED: f64 = 0.005;

/// How far the worker models are behind the judgments, over all batches: seconds since the first judgment that they do
/// not know.
pub type Lag = f64;

/// Refits every batch that is due, one after another.
pub async fn run(platform: &Platform) -> Result<Lag> {
    let candidates = sql::candidates(&mut platform.db.read().await?).await?;
    let mut lag: Lag = 0.0;
    for candidate in candidates {
        let new = candidate.judgments - candidate.fitted;
        if new == 0 {
            continue;
        }
        let tx = &mut platform.db.read().await?;
        let terms = platform.terms.load(tx, candidate.batch).await?;
        if !is_wanted(&terms) {
            continue;
        }
        let first = sql::first_after(tx, candidate.batch, candidate.newest).await?;
        // Without a newer judgment, what counts has changed.
        let now = Time::now();
        let behind = first.map_or(PATIENCE, |first| now.since(first));
        lag = lag.max(behind as f64 / SECOND as f64);
        let rested =
            candidate.fitted_at.is_none_or(|last| now.since(last) >= REST * candidate.took);
        let grown = new * GROWTH >= candidate.fitted.max(GROWTH * GROWTH);
        if rested && (behind >= PATIENCE || grown) {
            refit(platform, &terms).await?;
        }
    }
    Ok(lag)
}

/// Whether anything in a batch depends on worker models.
fn is_wanted(terms: &Terms) -> bool {
    let by_model = terms.policy.trust.is_some_and(|trust| trust.from != TrustFrom::Gold);
    terms.policy.overlap.is_dynamic()
        || by_model
        || terms.policy.gold.automatic.is_some()
        || rule::watches_agreement(&terms.policy)
}

/// Seconds since the first judgment that a batch's worker models do not know; `None` if they know all or none is wanted.
pub async fn lag_of(platform: &Platform, batch: Id) -> Result<Option<Lag>> {
    let tx = &mut platform.db.read().await?;
    let terms = platform.terms.load(tx, batch).await?;
    if !is_wanted(&terms) {
        return Ok(None);
    }
    let newest = sql::newest(tx, batch).await?;
    let first = sql::first_after(tx, batch, newest).await?;
    Ok(first.map(|first| Time::now().since(first) as f64 / SECOND as f64))
}

/// Refits one batch now; false if another server is at it.
pub async fn refit(platform: &Platform, terms: &Terms) -> Result<bool> {
    let batch = terms.batch;
    let held = platform.db.write_lightly(move |tx| {
        let now = Time::now();
        Box::pin(sql::hold(tx, batch, now, now.plus(HELD)))
    });
    if !held.await? {
        return Ok(false);
    }
    let done = refit_held(platform, terms).await;
    platform.db.write_lightly(move |tx| Box::pin(sql::let_go(tx, batch))).await?;
    done.map(|()| true)
}

async fn refit_held(platform: &Platform, terms: &Terms) -> Result<()> {
    let started = std::time::Instant::now();
    let loaded = load(platform, terms).await?;
    let (count, newest) = (loaded.judgments.len(), loaded.newest);
    let all = loaded.all;
    let loaded = Arc::new(loaded);
    let fitting = Arc::clone(&loaded);
    let stored = tokio::task::spawn_blocking(move || fitting.fit())
        .await
        .map_err(|error| Error::Internal(format!("refitting: {error}")))??;
    let content =
        serde_json::to_string(&stored).map_err(|error| Error::Internal(error.to_string()))?;
    let batch = terms.batch;
    platform
        .db
        .write(move |tx| {
            let content = content.clone();
            Box::pin(
                async move { sql::publish(tx, batch, &content, all, newest, Time::now()).await },
            )
        })
        .await?;
    let terms = platform.terms.load(&mut platform.db.read().await?, batch).await?;
    trust::review_all(platform, &terms).await?;
    decide_all(platform, &terms, &loaded).await?;
    agreement::follow(platform, &terms, &loaded).await?;
    gold::propose::automatic(platform, &terms).await?;
    let took = started.elapsed().as_micros() as i64;
    platform.db.write_lightly(move |tx| Box::pin(sql::note_duration(tx, batch, took))).await?;
    tracing::debug!(batch = %batch, judgments = count, milliseconds = started.elapsed().as_millis(), "refitted");
    Ok(())
}

/// The judgments of a batch that count, as its aspects see them.
pub(super) struct Loaded {
    pub(super) aspects: Vec<super::aspect::Aspect>,
    pub(super) tasks: IndexSet<Id>,
    pub(super) workers: IndexSet<Id>,
    pub(super) judgments: Vec<Judgment>,
    /// Known labels of tasks, by aspect.
    pub(super) known: Vec<Vec<(u32, u16)>>,
    newest: Id,
    /// All judgments of the batch, those that do not count too.
    all: i64,
}

pub(super) struct Judgment {
    pub(super) task: u32,
    pub(super) worker: u32,
    pub(super) labels: Box<[Option<u16>]>,
}

pub(super) async fn load(platform: &Platform, terms: &Terms) -> Result<Loaded> {
    let pinned = platform.revisions.get(&platform.db, terms.revision).await?;
    let labels = Decider::new(
        aspects(&pinned.question, &terms.policy.overlap),
        Stored::default(),
        &terms.policy,
    );
    let (all, newest) = sql::count(&mut platform.db.read().await?, terms.batch).await?;
    let mut tasks = IndexSet::new();
    let mut workers = IndexSet::new();
    let mut judgments = Vec::new();
    let mut after = Id(0);
    loop {
        let tx = &mut platform.db.read().await?;
        let page = sql::judgments(tx, terms.batch, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in page {
            judgments.push(Judgment {
                task: tasks.insert_full(row.task_id).0 as u32,
                worker: workers.insert_full(row.worker_id).0 as u32,
                labels: labels.labels(&row.output)?,
            });
        }
    }
    let mut known = vec![Vec::new(); labels.aspects.len()];
    for (task, output) in gold::known_outputs(&platform.db, terms.batch).await? {
        let Some(task) = tasks.get_index_of(&task) else { continue };
        for (known, label) in known.iter_mut().zip(labels.labels(&output)?) {
            known.extend(label.map(|label| (task as u32, label)));
        }
    }
    Ok(Loaded { aspects: labels.aspects, tasks, workers, judgments, known, newest, all })
}

impl Loaded {
    fn fit(&self) -> Result<Stored> {
        let statistics = |error| Error::Internal(format!("refitting: {error}"));
        let mut models = Vec::new();
        for (index, aspect) in self.aspects.iter().enumerate() {
            let rows = || {
                self.judgments
                    .iter()
                    .filter_map(|one| Some((one.task, one.worker, one.labels[index]?)))
            };
            let columns = Columns {
                tasks: self.tasks.len(),
                workers: self.workers.len(),
                classes: aspect.classes(),
                task: rows().map(|row| row.0).collect(),
                worker: rows().map(|row| row.1).collect(),
                label: rows().map(|row| row.2).collect(),
            };
            let judgments = Judgments::new(columns, Duplicates::Refuse).map_err(statistics)?;
            let start = Models::start(aspect.classes());
            models.push(start.refit(&judgments, &self.known[index]).map_err(statistics)?);
        }
        Ok(Stored { workers: self.workers.iter().map(|id| id.0).collect(), models })
    }

    pub(super) fn by_task(
        &self,
        terms: &Terms,
        decider: &Decider,
        trusts: &BTreeMap<Id, f64>,
    ) -> Vec<Vec<Counted>> {
        let mut by_task: Vec<Vec<Counted>> = self.tasks.iter().map(|_| Vec::new()).collect();
        let usual = decider.crowd_accuracy().unwrap_or(terms.policy.least_trust());
        for one in &self.judgments {
            let worker = self.workers[one.worker as usize];
            let trust = trusts.get(&worker).copied().unwrap_or(usual);
            by_task[one.task as usize].push(Counted { worker, labels: one.labels.clone(), trust });
        }
        by_task
    }
}

/// Decides again on the tasks whose standing would change, and lines up those that ask for more by what a judgment of
/// theirs is worth.
async fn decide_all(platform: &Platform, terms: &Arc<Terms>, loaded: &Loaded) -> Result<()> {
    let decider = terms.decider(&mut platform.db.read().await?, &platform.revisions).await?;
    if !decider.is_dynamic() {
        return Ok(());
    }
    let trusts = trust::of_workers(&platform.db, terms.batch).await?;
    let by_task = loaded.by_task(terms, &decider, &trusts);
    if let Some(target) = terms.policy.overlap.shared {
        share_out(platform, terms, &decider, loaded, &by_task, target).await?;
    }
    let mut changed = Vec::new();
    let mut asking: Vec<(f64, Id)> = Vec::new();
    let mut after = Id(0);
    loop {
        let tx = &mut platform.db.read().await?;
        let page = sql::standings(tx, terms.batch, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for standing in page {
            let Some(index) = loaded.tasks.get_index_of(&standing.id) else { continue };
            let judgments = &by_task[index];
            if is_changed(&decider, &standing, judgments) {
                changed.push(standing.id);
            }
            if standing.open_slots > 0 && standing.judged >= decider.limits.least {
                asking.push((decider.gain(judgments), standing.id));
            }
        }
    }
    for chunk in changed.chunks(CHUNK) {
        write_decisions(platform, terms, &decider, chunk.to_vec(), Wish::None).await?;
    }
    asking.sort_by(|one, two| two.0.total_cmp(&one.0).then(one.1.cmp(&two.1)));
    let asking: Vec<Id> = asking.into_iter().map(|(_, task)| task).collect();
    for chunk in asking.chunks(CHUNK) {
        let chunk = Arc::new(chunk.to_vec());
        platform
            .db
            .write_lightly(move |tx| {
                let chunk = Arc::clone(&chunk);
                Box::pin(async move { sql::queue_again(tx, &chunk).await })
            })
            .await?;
    }
    task::copy_ambiguous(platform, terms).await
}

fn is_changed(decider: &Decider, standing: &sql::Standing, judgments: &[Counted]) -> bool {
    let decided = decider.decide(judgments);
    let moved = match (decided.confidence, standing.confidence) {
        (Some(new), Some(old)) => (new - old).abs() > MOVED,
        (new, old) => new.is_some() != old.is_some(),
    };
    let judged = judgments.len() as i64;
    let word = super::decide::state_word(decider, decided, standing.least, judged);
    // When an open task of a batch that shares its judgments out is done, the batch decides.
    let waits = decider.limits.shared.is_some() && (&*standing.state, word) == ("open", "done");
    let differs = word != standing.state && !waits;
    differs || moved || (word == "open" && standing.judged + standing.open_slots == 0)
}

/// What is asked for before tasks are decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    None,
    /// One more judgment of each.
    OneMore,
}

/// Decides on tasks in a transaction of its own.
pub(super) async fn write_decisions(
    platform: &Platform,
    terms: &Arc<Terms>,
    decider: &Arc<Decider>,
    tasks: Vec<Id>,
    wish: Wish,
) -> Result<()> {
    let context = Arc::new((Arc::clone(terms), Arc::clone(decider), tasks));
    platform
        .db
        .write(move |tx| {
            let context = Arc::clone(&context);
            Box::pin(async move {
                let (terms, decider, tasks) = &*context;
                if wish == Wish::OneMore {
                    sql::ask_for_one_more(tx, tasks).await?;
                }
                let change = decide_in_chunks(tx, terms, decider, tasks).await?;
                batch::settle(tx, terms.batch, change.done, change.wanted).await
            })
        })
        .await
}
