//! Batches: tasks released together, with price, overlap and clock.
//!
//! A batch is a draft until it opens; it can pause and open again, close for good, and be archived. Pausing and closing
//! stop new claims only: who holds a lease may finish, and is paid. The budget bounds what the batch can ever cost,
//! because it must cover every judgment wanted: tasks that it does not cover are refused.

pub mod offer;
mod progress;
mod settings;
mod sql;
mod terms;

use serde::Serialize;
use serde_json::{Map, Value};

pub use progress::{Progress, progress};
pub use settings::Settings;
pub(crate) use sql::{
    Locked, commit as commit_money, count_gold, count_paid, count_tasks, lock as lock_batch,
    release, room as money_left, settle,
};
pub use terms::{KnownTerms, Terms};

use crate::access::{Identity, stored_as_word};
use crate::db::Database;
use crate::decision;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::money::Money;
use crate::place;
use crate::policy::{self, Policy};
use crate::project::{self, Project, Question};
use crate::rule;
use crate::time::{MINUTE, Time};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = BatchState)]
pub enum State {
    Draft,
    Open,
    Paused,
    Closed,
    Archived,
}

stored_as_word!(State {
    Draft = "draft",
    Open = "open",
    Paused = "paused",
    Closed = "closed",
    Archived = "archived",
});

impl State {
    /// Whether a batch in this state may go into `next`.
    const fn may_become(self, next: Self) -> bool {
        match next {
            Self::Draft => false,
            Self::Open => matches!(self, Self::Draft | Self::Open | Self::Paused),
            Self::Paused => matches!(self, Self::Open | Self::Paused),
            Self::Closed => !matches!(self, Self::Archived),
            Self::Archived => matches!(self, Self::Draft | Self::Closed | Self::Archived),
        }
    }

    /// Whether tasks and judgments may still be added.
    pub(crate) const fn takes_tasks(self) -> bool {
        matches!(self, Self::Draft | Self::Open | Self::Paused)
    }
}

#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct Batch {
    pub id: Id,
    pub name: String,
    #[sqlx(flatten)]
    pub project: ProjectName,
    pub revision: i64,
    #[serde(skip)]
    pub revision_id: Id,
    #[sqlx(try_from = "String")]
    pub state: State,
    #[sqlx(try_from = "String")]
    #[serde(flatten)]
    pub policy: GivenPolicy,
    pub suite_size: i64,
    #[serde(rename = "time_limit_minutes", serialize_with = "as_minutes")]
    pub time_limit: i64,
    pub price: Money,
    pub currency: String,
    pub budget: Option<Money>,
    #[serde(rename = "max_judgments_per_worker")]
    pub max_judgments: Option<i64>,
    pub created_at: Time,
    pub opened_at: Option<Time>,
    #[serde(skip)]
    pub tasks: i64,
    #[serde(skip)]
    pub wanted: i64,
    /// Another after every change of what a claim needs to know.
    #[serde(skip)]
    pub version: i64,
    /// Done tasks that no submission counts.
    #[serde(skip)]
    pub settled: i64,
    /// Active gold tasks.
    #[serde(skip)]
    pub golds: i64,
    /// Money of live leases and of what was paid, in a batch with a budget.
    #[serde(skip)]
    pub committed: Money,
}

/// The policy's keys as they were given; `overlap` is a number, or a table with its rule.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct GivenPolicy {
    #[serde(skip)]
    stored: String,
    #[schema(value_type = Object)]
    pub overlap: Value,
    #[schema(value_type = Object)]
    pub ambiguous: Value,
    #[schema(value_type = Option<Object>)]
    pub gold: Value,
    #[schema(value_type = Option<Object>)]
    pub quiz: Value,
    #[schema(value_type = Option<Object>)]
    pub trust: Value,
    #[schema(value_type = Vec<Object>)]
    pub rules: Value,
    /// Reports of a problem that pause a task.
    #[schema(value_type = i64)]
    pub pause_problems: Value,
    /// How near to a task's place its answer must come from.
    #[schema(value_type = Option<Object>)]
    pub place: Value,
    #[schema(value_type = Option<Object>)]
    pub audience: Value,
}

impl TryFrom<String> for GivenPolicy {
    type Error = serde_json::Error;

    fn try_from(stored: String) -> Result<Self, serde_json::Error> {
        let mut given: Map<String, Value> = serde_json::from_str(&stored)?;
        let mut take = |key: &str, usual: Value| given.shift_remove(key).unwrap_or(usual);
        Ok(Self {
            stored,
            overlap: take("overlap", policy::DEFAULT_OVERLAP.into()),
            ambiguous: take("ambiguous", "list".into()),
            gold: take("gold", Value::Null),
            quiz: take("quiz", Value::Null),
            trust: take("trust", Value::Null),
            rules: take("rules", Value::Array(Vec::new())),
            pause_problems: take("pause_problems", policy::DEFAULT_PAUSE_PROBLEMS.into()),
            place: take("place", Value::Null),
            audience: take("audience", Value::Null),
        })
    }
}

/// The project a batch belongs to.
#[derive(Clone, Debug, Serialize, sqlx::FromRow, utoipa::ToSchema)]
pub struct ProjectName {
    #[sqlx(rename = "project_id")]
    pub id: Id,
    #[sqlx(rename = "project_name")]
    pub name: String,
    #[sqlx(rename = "project_title")]
    pub title: String,
}

impl Batch {
    /// The policy as the domain reads it.
    pub fn policy(&self) -> Result<Policy> {
        Policy::stored(&self.policy.stored)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn as_minutes<S: serde::Serializer>(micros: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(micros / MINUTE)
}

/// Creates the batch as a draft, or changes its settings and brings it to the project's newest revision.
///
/// A batch that already holds judgments keeps its revision unless the output fields are the same: judgments of
/// different questions cannot be aggregated together.
pub async fn put(
    db: &Database,
    by: &Identity,
    project: &Project,
    name: &str,
    settings: Settings,
) -> Result<Id> {
    project::check_name("name", name)?;
    check_fields(&settings.policy, &project.question)?;
    let (workspace, name, project) = (by.workspace, name.to_owned(), project.clone());
    db.write(move |tx| {
        let (name, settings, project) = (name.clone(), settings.clone(), project.clone());
        Box::pin(async move {
            let Some(batch) = sql::lock_by_name(tx, project.id, &name).await? else {
                return sql::insert(tx, workspace, &project, &name, &settings).await;
            };
            if !batch.state.takes_tasks() {
                return Err(Error::Conflict(format!("the batch `{name}` is {}; give a new batch another name", batch.state)));
            }
            refuse_new_terms(&batch, &settings)?;
            check_budget(settings.budget, settings.price, batch.wanted)?;
            if batch.revision_id != project.revision_id {
                let current = project::pinned(tx, batch.revision_id).await?;
                if batch.judged && current.question.output != project.question.output {
                    return Err(Error::Conflict(format!(
                        "the batch `{name}` holds judgments of revision {} and the output fields have changed since; \
                         give the new question's batch another name",
                        batch.revision
                    )));
                }
            }
            sql::update(tx, batch.id, project.revision_id, &settings).await?;
            Ok(batch.id)
        })
    })
    .await
}

/// A fixed overlap and the currency stay what they are once there are tasks.
fn refuse_new_terms(batch: &sql::Locked, settings: &Settings) -> Result<()> {
    let (old, new) = (&Policy::stored(&batch.policy)?.overlap, &settings.policy.overlap);
    if batch.tasks > 0 && old != new && !(old.is_dynamic() && new.is_dynamic()) {
        let message = if old.is_dynamic() {
            "depends on the judgments for the tasks that the batch holds and cannot become fixed"
                .to_owned()
        } else {
            format!("is {} for the tasks that the batch holds and cannot change", old.rule.least())
        };
        return Err(Error::invalid("overlap", message));
    }
    if batch.tasks > 0 && batch.currency != settings.currency {
        let message =
            format!("is {} for the tasks that the batch holds and cannot change", batch.currency);
        return Err(Error::invalid("currency", message));
    }
    Ok(())
}

/// The policy must name fields that are there, and something must be decidable.
fn check_fields(policy: &Policy, question: &Question) -> Result<()> {
    let overlap = &policy.overlap;
    let strange = overlap.targets.iter().flat_map(|targets| targets.keys());
    if let Some(name) = strange.into_iter().find(|name| !question.output.contains_key(*name)) {
        let known: Vec<&str> = question.output.keys().map(String::as_str).collect();
        let message =
            format!("names `{name}`, which is no output field; there are {}", known.join(", "));
        return Err(Error::invalid("overlap.target", message));
    }
    let targets = overlap.targets.iter().flat_map(|targets| targets.keys());
    if let Some(name) =
        targets.into_iter().find(|name| !decision::is_decidable(&question.output[*name]))
    {
        let word = question.output[name].kind.word();
        let message = format!(
            "names `{name}`, on which agreement cannot decide, for it is of type {word}; it must be {}",
            decision::DECIDABLE
        );
        return Err(Error::invalid("overlap.target", message));
    }
    let decides_nothing = || decision::aspects(question, overlap).is_empty();
    if overlap.is_dynamic() && decides_nothing() {
        let message = format!("by its answers needs {}", decidable(question));
        return Err(Error::invalid("overlap", message));
    }
    if policy.place.is_some() && place::field(question).is_none() {
        let message = "needs an input field of type place, which says where each task is";
        return Err(Error::invalid("place", message));
    }
    if rule::watches_agreement(policy) && decides_nothing() {
        let message = format!("on agreement need {}", decidable(question));
        return Err(Error::invalid("rules", message));
    }
    Ok(())
}

/// What must be there to be decided, and what is.
fn decidable(question: &Question) -> String {
    let fields =
        question.output.iter().map(|(name, field)| format!("{name} ({})", field.kind.word()));
    let fields: Vec<String> = fields.collect();
    format!("an output field of type {}; there are {}", decision::DECIDABLE, fields.join(", "))
}

/// Refuses a budget that does not cover `wanted` judgments.
pub(crate) fn check_budget(budget: Option<Money>, price: Money, wanted: i64) -> Result<()> {
    let cost = price
        .times(wanted)
        .ok_or_else(|| Error::invalid("price", "makes the batch cost more than can be counted"))?;
    match budget {
        Some(budget) if cost > budget => Err(Error::invalid(
            "budget",
            format!("of {budget} does not cover {wanted} judgments at {price}, which is {cost}"),
        )),
        _ => Ok(()),
    }
}

pub async fn get(db: &Database, workspace: Id, batch: Id) -> Result<Batch> {
    sql::batch(&mut db.read().await?, workspace, batch).await?.ok_or_else(not_found)
}

/// Which batches to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub project: Option<String>,
    pub state: Option<State>,
    pub after: Option<Id>,
}

/// Batches of the workspace, newest first.
pub async fn list(db: &Database, workspace: Id, filter: &Filter, limit: i64) -> Result<Vec<Batch>> {
    sql::batches(&mut db.read().await?, workspace, filter, limit).await
}

/// Opens, pauses, closes or archives.
pub async fn set_state(db: &Database, workspace: Id, batch: Id, next: State) -> Result<()> {
    db.write(move |tx| {
        Box::pin(async move {
            let current = sql::lock(tx, workspace, batch).await?.ok_or_else(not_found)?;
            if !current.state.may_become(next) {
                return Err(Error::Conflict(format!(
                    "a batch that is {} cannot become {next}",
                    current.state
                )));
            }
            if next == State::Open {
                refuse_unready(&current)?;
            }
            sql::set_state(tx, batch, next, Time::now()).await
        })
    })
    .await
}

fn refuse_unready(batch: &sql::Locked) -> Result<()> {
    if batch.tasks == 0 {
        return Err(Error::Conflict("the batch has no tasks yet; add some before it opens".into()));
    }
    match Policy::stored(&batch.policy)?.quiz {
        Some(quiz) if quiz.length > batch.golds => Err(Error::Conflict(format!(
            "the quiz asks {} gold tasks and the batch has {}; add gold before it opens",
            quiz.length, batch.golds
        ))),
        _ => Ok(()),
    }
}

pub(crate) fn not_found() -> Error {
    Error::NotFound("the batch".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_moves_forward_only() {
        use State::{Archived, Closed, Draft, Open, Paused};
        let allowed = [
            (Draft, Open),
            (Draft, Closed),
            (Draft, Archived),
            (Open, Open),
            (Open, Paused),
            (Open, Closed),
            (Paused, Open),
            (Paused, Paused),
            (Paused, Closed),
            (Closed, Closed),
            (Closed, Archived),
            (Archived, Archived),
        ];
        let all = [Draft, Open, Paused, Closed, Archived];
        for from in all {
            for to in all {
                assert_eq!(from.may_become(to), allowed.contains(&(from, to)), "{from} -> {to}");
            }
        }
    }

    #[test]
    fn a_budget_covers_every_judgment_or_is_refused() {
        assert!(check_budget(Some(Money(100)), Money(20), 5).is_ok());
        assert!(check_budget(Some(Money(100)), Money(20), 6).is_err());
        assert!(check_budget(None, Money(20), 6).is_ok());
        assert!(check_budget(None, Money(i64::MAX), 2).is_err());
    }
}
