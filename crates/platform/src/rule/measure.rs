//! What a collector sees of a worker, and what the conditions make of it.

use crowdsmith_quality::window::Window;

use super::{Case, Event, behavior, sql};
use crate::db::Connection;
use crate::error::Result;
use crate::judgment::Behavior;
use crate::money::Money;
use crate::policy::Rule;
use crate::policy::rules::{Collector, Metric};
use crate::time::{DAY, SECOND};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Measure {
    /// One for each thing counted, the latest last. True is what the rate counts: right, fast, agreeing, ..
    Outcomes(Vec<bool>),
    Count(i64),
    Income(Money),
    /// Latest last.
    Behavior(Vec<Behavior>),
}

const MICROS: f64 = 1e6;
/// Everything that is there is looked at; the window was applied before.
const ALL: Window = Window { last: None, at_least: 1 };

impl Measure {
    /// So many outcomes of either kind, in no order.
    fn of_counts(good: i64, all: i64) -> Self {
        let outcomes = (0..all).map(|place| place < good);
        Self::Outcomes(outcomes.collect())
    }

    /// The last so many outcomes.
    pub(super) fn window(&self, last: Option<u32>) -> Self {
        match (self, last) {
            (Self::Outcomes(outcomes), Some(last)) => {
                let first = outcomes.len().saturating_sub(last as usize);
                Self::Outcomes(outcomes[first..].to_vec())
            }
            (Self::Behavior(told), Some(last)) => {
                Self::Behavior(told[told.len().saturating_sub(last as usize)..].to_vec())
            }
            (other, _) => other.clone(),
        }
    }

    /// `None` where there is no such number, as the rate of nothing.
    fn value(&self, metric: Metric) -> Option<f64> {
        let (good, all) = match self {
            Self::Income(amount) => return Some(amount.0 as f64 / MICROS),
            Self::Count(count) => return Some(*count as f64),
            Self::Behavior(told) => return behavior::mean(told, metric),
            Self::Outcomes(outcomes) => {
                (outcomes.iter().filter(|good| **good).count(), outcomes.len())
            }
        };
        match metric {
            Metric::Rate => self.rate(),
            Metric::Right | Metric::Fast | Metric::Duplicates => Some(good as f64),
            Metric::Missed => Some((all - good) as f64),
            _ => Some(all as f64),
        }
    }

    /// 0 to 100.
    fn rate(&self) -> Option<f64> {
        let Self::Outcomes(outcomes) = self else { return None };
        ALL.rate(outcomes).map(|rate| 100.0 * rate)
    }

    /// The rate as a skill.
    pub(super) fn skill(&self) -> Option<f64> {
        let Self::Outcomes(outcomes) = self else { return None };
        ALL.skill(outcomes).map(f64::from)
    }

    pub(super) fn meets(&self, rule: &Rule) -> bool {
        rule.when.iter().all(|condition| {
            let value = self.value(condition.metric);
            value.is_some_and(|value| condition.comparator.holds(value, condition.number))
        })
    }

    /// A sentence such as `gold: 2 of the last 10 right (20 %), rule: rate < 60`.
    pub(super) fn why(&self, rule: &Rule, currency: &str) -> String {
        let conditions: Vec<String> = rule.when.iter().map(ToString::to_string).collect();
        let seen = match self {
            Self::Outcomes(outcomes) => {
                let good = outcomes.iter().filter(|good| **good).count();
                let last = if rule.last.is_some() { "the last " } else { "" };
                let percent = (self.rate().unwrap_or_default() * 10.0).round() / 10.0;
                format!(
                    "{good} of {last}{} {} ({percent} %)",
                    outcomes.len(),
                    good_word(rule.collector)
                )
            }
            Self::Count(count) => format!("{count} {}", counted_word(rule.collector)),
            Self::Income(amount) => format!("{amount} {currency} in the last 24 hours"),
            Self::Behavior(told) => behavior::seen(told, rule),
        };
        format!("{}: {seen}, rule: {}", rule.collector.name(), conditions.join(" and "))
    }
}

fn good_word(collector: Collector) -> String {
    match collector {
        Collector::Speed { faster_than } => format!("submissions took less than {faster_than} s"),
        Collector::Agreement => "judgments agree with the results".to_owned(),
        Collector::Acceptance { .. } => "judgments count".to_owned(),
        Collector::Duplicates => "uploads look or sound like earlier ones".to_owned(),
        _ => "right".to_owned(),
    }
}

const fn counted_word(collector: Collector) -> &'static str {
    match collector {
        Collector::Skipped => "tasks skipped or assignments expired in a row",
        Collector::Returned => "assignments returned in a row",
        _ => "judgments",
    }
}

/// Looks at what a rule watches.
pub(super) async fn collect(tx: &mut Connection, case: &Case<'_>, rule: &Rule) -> Result<Measure> {
    let (batch, worker) = (case.terms.batch, case.worker);
    Ok(match (rule.collector, rule.last) {
        (Collector::Gold, Some(last)) => in_order(sql::last_gold(tx, batch, worker, last).await?),
        (Collector::Gold, None) => {
            let (right, all) = sql::gold(tx, batch, worker).await?;
            Measure::of_counts(right, all)
        }
        (Collector::Acceptance { of }, Some(last)) => {
            in_order(sql::last_accepted(tx, case.terms, worker, of, last).await?)
        }
        (Collector::Acceptance { of }, None) => {
            let (accepted, all) = sql::accepted(tx, case.terms, worker, of).await?;
            Measure::of_counts(accepted, all)
        }
        (Collector::Speed { faster_than }, last) => {
            let least = (faster_than * SECOND as f64) as i64;
            let took = sql::last_durations(tx, batch, worker, last).await?;
            in_order(took.into_iter().map(|took| took < least).collect())
        }
        (Collector::Skipped | Collector::Returned, _) => {
            Measure::Count(in_a_row(tx, case, rule).await?)
        }
        (Collector::Answers, _) => Measure::Count(sql::answers(tx, batch, worker).await?),
        (Collector::Income, _) => {
            let since = case.now.plus(-DAY);
            Measure::Income(sql::income(tx, worker, &case.terms.currency, since).await?)
        }
        (Collector::Behavior, last) => {
            let mut told = sql::last_behavior(tx, batch, worker, last).await?;
            told.reverse();
            Measure::Behavior(told)
        }
        (Collector::Duplicates, last) => {
            in_order(sql::last_duplicates(tx, batch, worker, last).await?)
        }
        // Known after a refit only, and looked at then.
        (Collector::Agreement, _) => Measure::Outcomes(Vec::new()),
    })
}

/// Rows come latest first.
fn in_order(mut outcomes: Vec<bool>) -> Measure {
    outcomes.reverse();
    Measure::Outcomes(outcomes)
}

/// How often what the rule watches for happened since the worker last did something else.
async fn in_a_row(tx: &mut Connection, case: &Case<'_>, rule: &Rule) -> Result<i64> {
    let (batch, worker) = (case.terms.batch, case.worker);
    match (rule.collector, case.event) {
        (Collector::Skipped, Event::Expired | Event::Submitted { answered: false, .. }) => {
            sql::skipped_in_a_row(tx, batch, worker).await
        }
        (Collector::Returned, Event::Returned) => sql::returned_in_a_row(tx, batch, worker).await,
        _ => Ok(0),
    }
}
