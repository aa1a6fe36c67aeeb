//! Tasks that stay doubtful: decided by a reviewer, or copied into another batch.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::sql::{self, Copied};
use super::{NewTask, State};
use crate::Platform;
use crate::access::Identity;
use crate::batch::{self, Terms, lock_batch, not_found};
use crate::error::{Error, FieldError, Result};
use crate::id::Id;
use crate::policy::Ambiguous;
use crate::time::Time;

/// A reviewer's answer ends a task, whatever its judgments say.
pub async fn decide_by_hand(
    platform: &Platform,
    by: &Identity,
    batch: Id,
    task: Id,
    output: &Map<String, Value>,
) -> Result<()> {
    let revision = batch::get(&platform.db, by.workspace, batch).await?.revision_id;
    let pinned = platform.revisions.get(&platform.db, revision).await?;
    let wrong: Vec<FieldError> = pinned
        .question
        .check_output(output)
        .into_iter()
        .map(|error| FieldError::new(format!("output.{}", error.field), error.message))
        .collect();
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    let (workspace, member) = (by.workspace, by.member);
    let output = Arc::new(Value::Object(output.clone()).to_string());
    platform
        .db
        .write(move |tx| {
            let output = Arc::clone(&output);
            Box::pin(async move {
                lock_batch(tx, workspace, batch).await?.ok_or_else(not_found)?;
                let lost = || Error::NotFound("the task".into());
                let (state, slots) = sql::end(tx, batch, task).await?.ok_or_else(lost)?;
                sql::insert_verdict(tx, batch, task, &output, member, Time::now()).await?;
                let done = i64::from(state == State::Open.word());
                batch::settle(tx, batch, done, -slots).await
            })
        })
        .await
}

/// Copies ambiguous tasks into the batch that the policy names, under the names they have (their ids, if none).
pub(crate) async fn copy_ambiguous(platform: &Platform, terms: &Terms) -> Result<()> {
    let Ambiguous::Batch(name) = &terms.policy.ambiguous else { return Ok(()) };
    let tx = &mut platform.db.read().await?;
    let Some(target) = sql::batch_of_name(tx, terms.project, name).await? else {
        tracing::warn!(batch = %terms.batch, %name, "ambiguous tasks have nowhere to go: the project has no such batch");
        return Ok(());
    };
    let tasks: Vec<NewTask> = sql::not_copied(tx, terms.batch, target)
        .await?
        .into_iter()
        .map(Copied::into_task)
        .collect();
    if tasks.is_empty() {
        return Ok(());
    }
    match super::add(&platform.db, terms.workspace, target, tasks, None).await {
        Ok(added) => {
            tracing::info!(batch = %terms.batch, to = %target, tasks = added.added, "ambiguous tasks copied");
            Ok(())
        }
        // A closed batch or one without budget is its requester's matter, not the refit's.
        Err(error @ (Error::Conflict(_) | Error::Invalid(_))) => {
            tracing::warn!(batch = %terms.batch, to = %target, %error, "ambiguous tasks could not be copied");
            Ok(())
        }
        Err(error) => Err(error),
    }
}
