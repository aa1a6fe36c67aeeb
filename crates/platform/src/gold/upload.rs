//! Importing gold: a file is read and checked whole, then stored in one transaction or not at all.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use super::sql::{self, Candidate, Row as GoldRow};
use super::{Answers, Source, answers};
use crate::batch::{self, Locked, lock_batch, not_found};
use crate::db::dialect::name_list;
use crate::db::{Connection, Database};
use crate::error::{Error, FieldError, Result};
use crate::id::Id;
use crate::policy::Policy;
use crate::project::Question;
use crate::rows::{self, Cell, Format, Row};
use crate::task::{Added, read_input, read_name};
use crate::time::Time;

/// A gold task read from a file.
#[derive(Clone, Debug)]
pub struct NewGold {
    place: String,
    name: Option<String>,
    /// `None` if the row names a task that the batch should hold and gives no input.
    input: Option<String>,
    answers: Answers,
    explanation: String,
    /// `None`: as the policy says.
    secret: Option<bool>,
}

/// Rows in one statement.
const CHUNK: usize = 500;

/// Reads gold for `question`. `media` are the paths of the project's uploaded files.
pub fn read_gold(
    format: Format,
    reader: impl Read,
    question: &Question,
    media: &HashSet<String>,
) -> Result<Vec<NewGold>> {
    let mut gold: Vec<NewGold> = Vec::new();
    let mut names = HashSet::new();
    rows::read(format, reader, |row| {
        let one = read_row(row, question, media)?;
        if let Some(name) = &one.name
            && !names.insert(name.clone())
        {
            return Err(vec![row.error("task", format!("`{name}` stands there twice"))]);
        }
        gold.push(one);
        Ok(())
    })?;
    if gold.is_empty() { Err(Error::invalid("gold", "the file holds none")) } else { Ok(gold) }
}

fn read_row(
    row: &Row,
    question: &Question,
    media: &HashSet<String>,
) -> Result<NewGold, Vec<FieldError>> {
    let mut errors = Vec::new();
    let name = read_name(row, question).unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    let has_input = question.input.keys().any(|field| row.get(field).is_some());
    let input = if name.is_some() && !has_input {
        None
    } else {
        read_input(row, question, media, &mut errors)
    };
    let answers = read_answers(row, question, &mut errors);
    let explanation = match row.get("explanation") {
        Some(Cell::Text(text)) => text.to_owned(),
        Some(Cell::Json(value)) => value.as_str().unwrap_or_default().to_owned(),
        None => String::new(),
    };
    let secret = read_secret(row, &mut errors);
    refuse_strangers(row, question, &mut errors);
    if errors.is_empty() {
        Ok(NewGold { place: row.place.clone(), name, input, answers, explanation, secret })
    } else {
        Err(errors)
    }
}

/// The column that holds a field's answers: its name, or `answer.NAME` where an input field has that name.
fn answer_column(row: &Row, question: &Question, field: &str) -> String {
    let prefixed = format!("answer.{field}");
    if question.input.contains_key(field) || row.get(&prefixed).is_some() {
        return prefixed;
    }
    let by_label = question.output.len() == 1 && row.get(field).is_none();
    if by_label && !question.input.contains_key("label") {
        "label".to_owned()
    } else {
        field.to_owned()
    }
}

fn read_answers(row: &Row, question: &Question, errors: &mut Vec<FieldError>) -> Answers {
    let mut read = IndexMap::new();
    for (name, field) in &question.output {
        let column = answer_column(row, question, name);
        let accepted = match row.get(&column) {
            None => continue,
            Some(Cell::Text(cell)) => answers::parse(field, cell),
            Some(Cell::Json(value)) => answers::accepted(field, value),
        };
        match accepted {
            Ok(accepted) => drop(read.insert(name.clone(), accepted)),
            Err(message) => errors.push(row.error(&column, message)),
        }
    }
    if read.is_empty() && errors.is_empty() {
        let fields: Vec<&str> = question.output.keys().map(String::as_str).collect();
        let message = format!("has no answer; one of {} must be there", fields.join(", "));
        errors.push(FieldError::new(row.place.clone(), message));
    }
    Answers(read)
}

fn read_secret(row: &Row, errors: &mut Vec<FieldError>) -> Option<bool> {
    let secret = match row.get("secret")? {
        Cell::Text("true" | "1" | "yes") | Cell::Json(Value::Bool(true)) => Some(true),
        Cell::Text("false" | "0" | "no") | Cell::Json(Value::Bool(false)) => Some(false),
        _ => None,
    };
    if secret.is_none() {
        errors.push(row.error("secret", "must be true or false"));
    }
    secret
}

fn refuse_strangers(row: &Row, question: &Question, errors: &mut Vec<FieldError>) {
    for column in row.columns() {
        let field = column.strip_prefix("answer.").unwrap_or(column);
        let known = question.input.contains_key(column)
            || question.output.contains_key(field)
            || ["task", "label", "explanation", "secret"].contains(&column);
        if !known {
            let known = question.input.keys().chain(question.output.keys()).map(String::as_str);
            let known: Vec<&str> = known.chain(["task", "explanation", "secret"]).collect();
            let message = format!("is no field of this project; known are {}", known.join(", "));
            errors.push(row.error(column, message));
        }
    }
}

/// Stores gold. A row that names a task of the batch makes that task gold; the same gold again changes nothing.
pub async fn add(db: &Database, workspace: Id, batch: Id, gold: Vec<NewGold>) -> Result<Added> {
    let gold = Arc::new(gold);
    db.write(move |tx| {
        let gold = Arc::clone(&gold);
        Box::pin(async move { add_in(tx, workspace, batch, &gold).await })
    })
    .await
}

async fn add_in(tx: &mut Connection, workspace: Id, batch: Id, gold: &[NewGold]) -> Result<Added> {
    let locked = lock_batch(tx, workspace, batch).await?.ok_or_else(not_found)?;
    if !locked.state.takes_tasks() {
        let message = format!("the batch is {} and takes no more gold", locked.state);
        return Err(Error::Conflict(message));
    }
    let policy = Policy::stored(&locked.policy)?;
    if locked.golds == 0 && !locked.judged {
        sql::shuffle(tx, batch).await?;
    }
    let mut added = 0;
    for chunk in gold.chunks(CHUNK) {
        added += add_chunk(tx, &locked, &policy, chunk).await?;
    }
    batch::count_gold(tx, batch, added).await?;
    Ok(Added { added, unchanged: gold.len() as i64 - added })
}

async fn add_chunk(
    tx: &mut Connection,
    batch: &Locked,
    policy: &Policy,
    chunk: &[NewGold],
) -> Result<i64> {
    let names = name_list(chunk.iter().filter_map(|gold| gold.name.as_deref()));
    let held = sql::candidates(tx, batch.id, &names).await?;
    let held: HashMap<&str, &Candidate> =
        held.iter().filter_map(|task| Some((task.name.as_deref()?, task))).collect();
    let mut ids = sql::free_ids(tx, batch.id, order()?, chunk.len() as i64).await?.into_iter();
    let mut tasks = Vec::new();
    let mut imported = Vec::new();
    let mut marked = Vec::new();
    for gold in chunk {
        let known = gold.name.as_deref().and_then(|name| held.get(name).copied());
        let row = |task: Id| -> Result<GoldRow> {
            Ok(GoldRow {
                task,
                answers: to_json(&gold.answers)?,
                explanation: gold.explanation.clone(),
                secret: gold.secret.unwrap_or(policy.gold.secret),
            })
        };
        match known {
            Some(task) if is_unchanged(task, gold)? => {}
            Some(task) => {
                super::mark::out_of_queue(tx, batch.id, task.id).await?;
                marked.push(row(task.id)?);
            }
            None => {
                let input = gold.input.as_deref().ok_or_else(|| lost(gold))?;
                let id = ids.next().unwrap_or_default();
                tasks.push((id, gold.name.as_deref(), input));
                imported.push(row(id)?);
            }
        }
    }
    let now = Time::now();
    if !tasks.is_empty() {
        sql::insert_tasks(tx, batch.id, &tasks).await?;
        sql::insert(tx, batch.id, Source::Import, &imported, now).await?;
    }
    if !marked.is_empty() {
        sql::insert(tx, batch.id, Source::Marked, &marked, now).await?;
    }
    Ok((imported.len() + marked.len()) as i64)
}

/// Whether the task is this gold already; an error if it is something else.
fn is_unchanged(task: &Candidate, gold: &NewGold) -> Result<bool> {
    let refuse =
        |message: String| Err(Error::invalid(format!("{}, column task", gold.place), message));
    let name = task.name.as_deref().unwrap_or_default();
    if gold.input.as_ref().is_some_and(|input| *input != task.input) {
        return refuse(format!("the batch holds the task `{name}` with another input"));
    }
    if !task.gold {
        return Ok(false);
    }
    let stored = task.answers.as_deref().unwrap_or_default();
    if Answers::stored(stored)? == gold.answers {
        return Ok(true);
    }
    refuse(format!("`{name}` is gold with other answers; correct it where it is listed"))
}

fn lost(gold: &NewGold) -> Error {
    let name = gold.name.as_deref().unwrap_or_default();
    let message =
        format!("the batch has no task `{name}`, and the row gives no input for a new one");
    Error::invalid(format!("{}, column task", gold.place), message)
}

pub(super) fn to_json(answers: &Answers) -> Result<String> {
    serde_json::to_string(answers).map_err(|error| Error::Internal(error.to_string()))
}

/// An odd number at random.
fn order() -> Result<i64> {
    Ok((super::serve::random()? % 499_979) as i64 * 2 + 1)
}
