//! What rules do.

use super::measure::Measure;
use super::{Case, sql};
use crate::batch;
use crate::db::Connection;
use crate::decision;
use crate::error::Result;
use crate::id::Id;
use crate::money::Money;
use crate::policy::Rule;
use crate::policy::rules::{Action, SkillValue};
use crate::restriction::{self, New, Scope};
use crate::{skill, trust};

/// A task gets no more judgments than this by rules.
const MOST_JUDGMENTS: i64 = 1000;

/// Does what the rule says; answers what was done, in words.
pub(super) async fn carry_out(
    tx: &mut Connection,
    case: &Case<'_>,
    rule: &Rule,
    measure: &Measure,
    firing: Id,
    why: &str,
) -> Result<String> {
    let (platform, terms, worker) = (case.platform, case.terms, case.worker);
    match &rule.action {
        Action::Restrict { scope, hours } => restrict(tx, case, *scope, *hours, firing, why).await,
        Action::Skill { name, value } => {
            let value = match value {
                SkillValue::Number(number) => Some(*number),
                SkillValue::Rate => measure.skill(),
            };
            let Some(value) = value else {
                return Ok(format!("skill {name} stays, there is no rate"));
            };
            skill::set(tx, terms.workspace, worker, name, value, "rule", case.now).await?;
            Ok(format!("skill {name} = {value}"))
        }
        Action::Accept => {
            sql::set_accepted(tx, terms.batch, worker).await?;
            let by = sql::excluded_by(tx, terms.batch, worker).await?;
            if by.is_some_and(|by| by != "requester") {
                trust::reinstate(tx, platform, terms, worker).await?;
            }
            Ok("assignments accepted".to_owned())
        }
        Action::Reject => {
            trust::exclude(tx, platform, terms, worker, "rule", why).await?;
            Ok("assignments rejected".to_owned())
        }
        Action::Overlap(more) => raise(tx, case, *more).await,
        Action::Flag(note) => Ok(format!("flagged: {note}")),
    }
}

async fn restrict(
    tx: &mut Connection,
    case: &Case<'_>,
    scope: Scope,
    hours: Option<f64>,
    firing: Id,
    why: &str,
) -> Result<String> {
    let scope_id = match scope {
        Scope::Batch => case.terms.batch,
        Scope::Project => case.terms.project,
        Scope::Workspace => case.terms.workspace,
    };
    let until = restriction::end(case.now, hours);
    let (workspace, worker) = (case.terms.workspace, case.worker);
    let new = New { workspace, worker, scope, scope_id, why, until, firing: Some(firing) };
    restriction::insert(tx, &new, case.now).await?;
    let how_long = hours.map_or("for good".to_owned(), |hours| format!("for {hours} hours"));
    Ok(format!("no more work in this {scope} {how_long}"))
}

/// Asks for more judgments of the tasks that the worker judged, as far as the budget reaches.
async fn raise(tx: &mut Connection, case: &Case<'_>, more: i64) -> Result<String> {
    let (terms, platform) = (case.terms, case.platform);
    let mut tasks = sql::judged_tasks(tx, terms.batch, case.worker).await?;
    let judged = tasks.len();
    if let Some(budget) = terms.budget.filter(|_| terms.price > Money::ZERO) {
        let room = budget.0 / terms.price.0 - sql::wanted(tx, terms.batch).await?;
        tasks.truncate((room / more).max(0) as usize);
    }
    sql::raise(tx, &tasks, more, MOST_JUDGMENTS).await?;
    let decider = terms.decider(tx, &platform.revisions).await?;
    let change = decision::decide_in_chunks(tx, terms, &decider, &tasks).await?;
    batch::settle(tx, terms.batch, change.done, change.wanted).await?;
    let raised = tasks.len();
    let covered = if raised < judged {
        format!(" of {judged}; the budget does not cover the others")
    } else {
        String::new()
    };
    Ok(format!("{more} more judgments for each of {raised} tasks{covered}"))
}

/// Takes back what a rule did to a worker, because the gold that it went by was wrong.
pub(super) async fn undo(
    tx: &mut Connection,
    case: &Case<'_>,
    rule: &Rule,
    firing: Id,
) -> Result<()> {
    let (terms, worker) = (case.terms, case.worker);
    match &rule.action {
        Action::Restrict { .. } => restriction::lift_of(tx, worker, firing, case.now).await,
        Action::Reject => {
            let by = sql::excluded_by(tx, terms.batch, worker).await?;
            if by.as_deref() == Some("rule") {
                trust::reinstate(tx, case.platform, terms, worker).await?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
