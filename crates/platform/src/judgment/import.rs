//! Importing judgments collected elsewhere: `task,worker` and the output fields (or `label` where there is one field).
//! They aggregate like any other; their workers keep the names they had.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::sql::{self, NewJudgment, Source};
use crate::Platform;
use crate::batch::{self, lock_batch, not_found};
use crate::db::{Connection, MANY_ROWS};
use crate::decision;
use crate::error::{Error, FieldError, Result};
use crate::id::Id;
use crate::project::Question;
use crate::rows::{self, Cell, Format, Row};
use crate::task;
use crate::time::Time;

/// A judgment read from a file.
#[derive(Clone, Debug)]
pub struct ImportedJudgment {
    place: String,
    task: String,
    worker: String,
    output: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Imported {
    pub added: i64,
    /// Judgments that the batch already held.
    pub unchanged: i64,
    /// Workers seen for the first time.
    pub workers: i64,
}

const LONGEST_NAME: usize = 200;

/// Reads judgments of `question`; the same worker on the same task twice is an error.
pub fn read_judgments(
    format: Format,
    reader: impl Read,
    question: &Question,
) -> Result<Vec<ImportedJudgment>> {
    let mut judgments: Vec<ImportedJudgment> = Vec::new();
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    rows::read(format, reader, |row| {
        let judgment = read_judgment(row, question)?;
        let pair = (judgment.task.clone(), judgment.worker.clone());
        if let Some(earlier) = seen.insert(pair, judgments.len()) {
            let message = format!(
                "the worker `{}` judged the task `{}` already ({})",
                judgment.worker, judgment.task, judgments[earlier].place
            );
            return Err(vec![row.error("worker", message)]);
        }
        judgments.push(judgment);
        Ok(())
    })?;
    if judgments.is_empty() {
        Err(Error::invalid("judgments", "the file holds none"))
    } else {
        Ok(judgments)
    }
}

fn read_judgment(row: &Row, question: &Question) -> Result<ImportedJudgment, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut name = |column: &str| match row.name(column) {
        Ok(Some(name)) if name.len() <= LONGEST_NAME => name,
        Ok(Some(_)) => {
            errors.push(row.error(column, format!("is longer than {LONGEST_NAME} bytes")));
            String::new()
        }
        Ok(None) => {
            errors.push(row.error(column, "is missing"));
            String::new()
        }
        Err(error) => {
            errors.push(error);
            String::new()
        }
    };
    let (task, worker) = (name("task"), name("worker"));
    let only_field = question.output.len() == 1;
    let mut output = Map::new();
    for (field_name, field) in &question.output {
        let column =
            if only_field && row.get(field_name).is_none() { "label" } else { field_name.as_str() };
        let value = match row.get(column) {
            None => Ok(None),
            Some(Cell::Text(text)) => field.parse(text),
            Some(Cell::Json(value)) => field.check(value).map(|()| Some(value.clone())),
        };
        match value {
            Ok(Some(value)) => drop(output.insert(field_name.clone(), value)),
            Ok(None) if field.required => errors.push(row.error(column, "is missing")),
            Ok(None) => {}
            Err(message) => errors.push(row.error(column, message)),
        }
    }
    if errors.is_empty() {
        let output = Value::Object(output).to_string();
        Ok(ImportedJudgment { place: row.place.clone(), task, worker, output })
    } else {
        Err(errors)
    }
}

/// Stores the judgments in one transaction. Those that the batch holds with the same answer are left as they are; with
/// another answer, or for a task that the batch does not hold, the whole import is refused.
pub async fn import(
    platform: &Platform,
    workspace: Id,
    batch: Id,
    judgments: Vec<ImportedJudgment>,
) -> Result<Imported> {
    let many = judgments.len() >= MANY_ROWS;
    let context = Arc::new((platform.clone(), judgments));
    let imported = platform.db.write(move |tx| {
        let context = Arc::clone(&context);
        Box::pin(async move {
            let (platform, judgments) = &*context;
            import_in(tx, platform, workspace, batch, judgments).await
        })
    });
    let imported = imported.await?;
    if many {
        platform.db.refresh_statistics().await?;
    }
    Ok(imported)
}

async fn import_in(
    tx: &mut Connection,
    platform: &Platform,
    workspace: Id,
    batch: Id,
    judgments: &[ImportedJudgment],
) -> Result<Imported> {
    let locked = lock_batch(tx, workspace, batch).await?.ok_or_else(not_found)?;
    if !locked.state.takes_tasks() {
        return Err(Error::Conflict(format!(
            "the batch is {} and takes no more judgments",
            locked.state
        )));
    }
    let tasks = find_tasks(tx, batch, judgments).await?;
    let now = Time::now();
    let mut imported = Imported::default();
    let mut judged: BTreeSet<Id> = BTreeSet::new();
    for (worker_name, of_worker) in by_worker(judgments) {
        let (worker, is_new) = sql::external_worker(tx, workspace, worker_name, now).await?;
        imported.workers += i64::from(is_new);
        let stored: HashMap<Id, String> = if is_new {
            HashMap::new()
        } else {
            sql::outputs_of_worker(tx, batch, worker).await?.into_iter().collect()
        };
        let mut new = Vec::new();
        for judgment in of_worker {
            let task = tasks[&judgment.task];
            match stored.get(&task) {
                Some(output) if *output == judgment.output => imported.unchanged += 1,
                Some(_) => {
                    let message =
                        format!("the batch holds another answer of `{worker_name}` to this task");
                    return Err(Error::invalid(judgment.place.as_str(), message));
                }
                None => {
                    judged.insert(task);
                    new.push(NewJudgment {
                        task,
                        worker,
                        output: judgment.output.clone(),
                        gold: None,
                        behavior: None,
                        shown_order: None,
                    });
                }
            }
        }
        insert_chunks(tx, batch, locked.revision_id, &new, now).await?;
        imported.added += new.len() as i64;
        sql::count_imported(tx, batch, worker, new.len() as i64, now).await?;
    }
    let terms = platform.terms.load(tx, batch).await?;
    let decider = terms.decider(tx, &platform.revisions).await?;
    let change = decision::decide_in_chunks(tx, &terms, &decider, &Vec::from_iter(judged)).await?;
    batch::settle(tx, batch, change.done, change.wanted).await?;
    Ok(imported)
}

fn by_worker(judgments: &[ImportedJudgment]) -> BTreeMap<&str, Vec<&ImportedJudgment>> {
    let mut groups: BTreeMap<&str, Vec<&ImportedJudgment>> = BTreeMap::new();
    for judgment in judgments {
        groups.entry(&judgment.worker).or_default().push(judgment);
    }
    groups
}

/// Names or ids looked up in one statement.
const CHUNK: usize = 500;

/// The ids of all tasks named; a task may also be named by its id.
async fn find_tasks(
    tx: &mut Connection,
    batch: Id,
    judgments: &[ImportedJudgment],
) -> Result<HashMap<String, Id>> {
    let mut names: Vec<&str> = judgments.iter().map(|judgment| judgment.task.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let mut found = HashMap::new();
    for chunk in names.chunks(CHUNK) {
        found.extend(task::ids_by_name(tx, batch, chunk).await?);
        let ids = chunk.iter().filter_map(|name| Id::parse(name));
        found.extend(
            task::known_ids(tx, batch, ids).await?.into_iter().map(|id| (id.to_string(), id)),
        );
    }
    match judgments.iter().find(|judgment| !found.contains_key(&judgment.task)) {
        Some(lost) => {
            let message = format!("the batch has no task `{}`", lost.task);
            Err(Error::invalid(format!("{}, column task", lost.place), message))
        }
        None => Ok(found),
    }
}

async fn insert_chunks(
    tx: &mut Connection,
    batch: Id,
    revision: Id,
    judgments: &[NewJudgment],
    now: Time,
) -> Result<()> {
    let source = Source { batch, revision, assignment: None, duration: None };
    for chunk in judgments.chunks(CHUNK) {
        sql::insert(tx, &source, chunk, now).await?;
    }
    Ok(())
}
