//! Rules: *collector → conditions → action*. A collector watches something of a worker in a batch (answers to gold, speed,
//! returned assignments, ..); when all conditions on it hold, an action follows (a restriction, a skill, ..).
//!
//! - A rule is looked at in the very transaction that changes what it watches: a submission, a return, an expiry, gold
//!   that turned out wrong. Agreement with results is looked at after each refit. Batches without rules pay nothing.
//! - It acts once for each worker, and again only after its conditions were false in between. A skill that follows the
//!   collector's rate is set whenever it differs while the conditions hold; a limit on income acts again when the
//!   restriction it made has ended.
//! - Whatever acts leaves a [`Firing`] that says why.

mod act;
mod behavior;
mod measure;
mod sql;

use std::collections::BTreeMap;

use serde::Serialize;

use measure::Measure;
use sql::Met;

use crate::Platform;
use crate::batch::Terms;
use crate::db::{Connection, Database};
use crate::error::Result;
use crate::id::Id;
use crate::policy::rules::{Action, Collector, SkillValue};
use crate::policy::{Policy, Rule};
use crate::skill;
use crate::time::Time;

/// A rule that acted on a worker.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Firing {
    pub id: Id,
    /// Pseudonym, or the external name of an imported worker.
    pub worker: String,
    /// The rule's place among the batch's rules at that time, from 0.
    pub rule: i64,
    pub collector: String,
    /// What was collected, and the rule's conditions.
    pub why: String,
    /// What was done.
    pub action: String,
    pub at: Time,
}

/// Firings of a batch, newest first.
pub async fn firings(
    db: &Database,
    batch: Id,
    before: Option<Id>,
    limit: i64,
) -> Result<Vec<Firing>> {
    sql::firings(&mut db.read().await?, batch, before.unwrap_or(Id(i64::MAX)), limit).await
}

/// What may have changed what rules watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    Submitted {
        /// Whether there was gold among the tasks.
        gold: bool,
        /// Whether any task was answered, and not all skipped.
        answered: bool,
    },
    Returned,
    Expired,
    /// Gold turned out wrong.
    Forgiven,
    /// Results were computed anew.
    Refitted,
}

impl Event {
    fn concerns(self, collector: Collector) -> bool {
        match self {
            Self::Submitted { gold, .. } => {
                collector != Collector::Agreement && (gold || collector != Collector::Gold)
            }
            Self::Returned | Self::Expired => {
                matches!(collector, Collector::Skipped | Collector::Returned)
            }
            Self::Forgiven => collector == Collector::Gold,
            Self::Refitted => collector == Collector::Agreement,
        }
    }
}

/// A worker of whom rules are looked at.
struct Case<'a> {
    platform: &'a Platform,
    terms: &'a Terms,
    worker: Id,
    event: Event,
    now: Time,
}

/// Looks at the rules that an event concerns.
pub(crate) async fn follow(
    tx: &mut Connection,
    platform: &Platform,
    terms: &Terms,
    worker: Id,
    event: Event,
) -> Result<()> {
    if !terms.policy.rules.iter().any(|rule| event.concerns(rule.collector)) {
        return Ok(());
    }
    Case { platform, terms, worker, event, now: Time::now() }.run(tx, None).await
}

impl Case<'_> {
    /// `known` is what the collector saw, where that is known already.
    async fn run(&self, tx: &mut Connection, known: Option<&Measure>) -> Result<()> {
        let met = sql::met(tx, self.terms.batch, self.worker).await?;
        let mut seen: Vec<(&Rule, Measure)> = Vec::new();
        for (place, rule) in self.terms.policy.rules.iter().enumerate() {
            if !self.event.concerns(rule.collector) {
                continue;
            }
            let is_same =
                |other: &Rule| (other.collector, other.last) == (rule.collector, rule.last);
            let earlier = seen.iter().find(|(other, _)| is_same(other));
            let measure = match (known, earlier) {
                (Some(known), _) => known.window(rule.last),
                (None, Some((_, measure))) => measure.clone(),
                (None, None) => measure::collect(tx, self, rule).await?,
            };
            self.consider(tx, place, rule, &measure, met.get(&rule.mark)).await?;
            seen.push((rule, measure));
        }
        Ok(())
    }

    async fn consider(
        &self,
        tx: &mut Connection,
        place: usize,
        rule: &Rule,
        measure: &Measure,
        met: Option<&Met>,
    ) -> Result<()> {
        match (measure.meets(rule), met) {
            (false, None) => Ok(()),
            (false, Some(met)) => self.end(tx, rule, met).await,
            (true, Some(met)) if !met.may_act_again(rule, self.now) => match followed(rule) {
                Some(name) => self.follow_rate(tx, place, rule, measure, name).await,
                None => Ok(()),
            },
            (true, met) => {
                let (firing, before) = (Id::new(), met.map_or(Id(0), |met| met.firing));
                let (batch, worker) = (self.terms.batch, self.worker);
                // Another transaction may have been faster.
                if sql::set_met(tx, batch, worker, rule.mark, firing, before).await? {
                    self.act(tx, place, rule, measure, firing).await?;
                }
                Ok(())
            }
        }
    }

    /// The conditions do not hold any more. Where that is because gold was wrong, what the rule did is taken back.
    async fn end(&self, tx: &mut Connection, rule: &Rule, met: &Met) -> Result<()> {
        let (batch, worker) = (self.terms.batch, self.worker);
        sql::forget_met(tx, batch, worker, rule.mark).await?;
        if self.event == Event::Forgiven {
            act::undo(tx, self, rule, met.firing).await
        } else {
            Ok(())
        }
    }

    async fn follow_rate(
        &self,
        tx: &mut Connection,
        place: usize,
        rule: &Rule,
        measure: &Measure,
        name: &str,
    ) -> Result<()> {
        let is_set = skill::value(tx, self.worker, name).await?;
        if is_set == measure.skill() {
            Ok(())
        } else {
            self.act(tx, place, rule, measure, Id::new()).await
        }
    }

    async fn act(
        &self,
        tx: &mut Connection,
        place: usize,
        rule: &Rule,
        measure: &Measure,
        firing: Id,
    ) -> Result<()> {
        let why = measure.why(rule, &self.terms.currency);
        let action = act::carry_out(tx, self, rule, measure, firing, &why).await?;
        let (batch, collector) = (self.terms.batch, rule.collector.name());
        tracing::info!(%batch, worker = %self.worker, rule = place, %why, %action, "a rule acted");
        let fired = sql::Fired { id: firing, batch, worker: self.worker, place, collector };
        sql::insert_firing(tx, &fired, &why, &action, self.now).await
    }
}

/// The skill that follows the collector's rate.
fn followed(rule: &Rule) -> Option<&str> {
    match &rule.action {
        Action::Skill { name, value: SkillValue::Rate } => Some(name),
        _ => None,
    }
}

/// Whether any rule watches the agreement with results.
pub(crate) fn watches_agreement(policy: &Policy) -> bool {
    policy.rules.iter().any(|rule| rule.collector == Collector::Agreement)
}

/// Looks at the rules on agreement. `agreements` says for each worker whether judgments agree with the results of their
/// tasks, in the order of the judgments.
pub(crate) async fn follow_agreement(
    platform: &Platform,
    terms: &Terms,
    agreements: BTreeMap<Id, Vec<bool>>,
) -> Result<()> {
    let batch = terms.batch;
    let met = sql::met_of_batch(&mut platform.db.read().await?, batch).await?;
    let skills = skill::values(&mut platform.db.read().await?, batch).await?;
    for (worker, agreement) in agreements {
        let measure = Measure::Outcomes(agreement);
        let changes = |rule: &&Rule| {
            let measure = measure.window(rule.last);
            let holds = measure.meets(rule);
            let set = |name: &str| skills.get(&(worker, name.to_owned())).copied();
            holds != met.contains(&(worker, rule.mark))
                || (holds && followed(rule).is_some_and(|name| set(name) != measure.skill()))
        };
        let mut rules = terms.policy.rules.iter();
        if !rules.any(|rule| Event::Refitted.concerns(rule.collector) && changes(&rule)) {
            continue;
        }
        let context = std::sync::Arc::new((platform.clone(), measure));
        platform
            .db
            .write(move |tx| {
                let context = std::sync::Arc::clone(&context);
                Box::pin(async move {
                    let (platform, measure) = &*context;
                    let terms = platform.terms.load(tx, batch).await?;
                    let (event, now) = (Event::Refitted, Time::now());
                    let case = Case { platform, terms: &terms, worker, event, now };
                    case.run(tx, Some(measure)).await
                })
            })
            .await?;
    }
    Ok(())
}
