//! Adding tasks: a file is read and checked whole, then stored in one transaction or not at all.

use std::collections::HashSet;
use std::io::Read;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::sql;
use crate::batch::{check_budget, count_tasks, lock_batch, not_found};
use crate::db::{Connection, Database, MANY_ROWS};
use crate::error::{Error, FieldError, Result};
use crate::hex::hex;
use crate::id::Id;
use crate::place::{self, Point};
use crate::policy::Policy;
use crate::project::{Question, is_web_address};
use crate::rows::{self, Cell, Format, Row};

/// A task read from a file.
#[derive(Clone, Debug)]
pub struct NewTask {
    pub name: Option<String>,
    /// JSON, with the fields in the question's order.
    pub input: String,
    /// Where it is, if its question asks for that.
    pub place: Option<Point>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Added {
    pub added: i64,
    /// Tasks that the batch already held under the same name with the same input.
    pub unchanged: i64,
}

const LONGEST_NAME: usize = 200;

/// Reads tasks of `question`. `media` are the paths of the project's uploaded files.
pub fn read_tasks(
    format: Format,
    reader: impl Read,
    question: &Question,
    media: &HashSet<String>,
) -> Result<Vec<NewTask>> {
    let mut tasks = Vec::new();
    let mut names = HashSet::new();
    rows::read(format, reader, |row| {
        let task = read_task(row, question, media)?;
        if let Some(name) = &task.name
            && !names.insert(name.clone())
        {
            return Err(vec![row.error("task", format!("`{name}` stands there twice"))]);
        }
        tasks.push(task);
        Ok(())
    })?;
    if tasks.is_empty() { Err(Error::invalid("tasks", "the file holds none")) } else { Ok(tasks) }
}

fn read_task(
    row: &Row,
    question: &Question,
    media: &HashSet<String>,
) -> Result<NewTask, Vec<FieldError>> {
    let mut errors = Vec::new();
    let input = read_input(row, question, media, &mut errors);
    let named_by_us = !question.input.contains_key("task");
    for column in row.columns() {
        let known = question.input.contains_key(column) || (column == "task" && named_by_us);
        if !known {
            let known: Vec<&str> =
                question.input.keys().map(String::as_str).chain(["task"]).collect();
            errors.push(row.error(
                column,
                format!("is no input field of this project; known are {}", known.join(", ")),
            ));
        }
    }
    let name = read_name(row, question).unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    match input {
        Some(input) if errors.is_empty() => {
            let place = place::field(question).and_then(|field| place::of_input(&input, field));
            Ok(NewTask { name, input, place })
        }
        _ => Err(errors),
    }
}

/// The task's name in the requester's own words.
pub(crate) fn read_name(row: &Row, question: &Question) -> Result<Option<String>, FieldError> {
    if question.input.contains_key("task") {
        return Ok(None);
    }
    match row.name("task")? {
        Some(name) if name.len() > LONGEST_NAME => {
            Err(row.error("task", format!("is longer than {LONGEST_NAME} bytes")))
        }
        name => Ok(name),
    }
}

/// The input of a row as JSON; `None` if something is wrong with it.
pub(crate) fn read_input(
    row: &Row,
    question: &Question,
    media: &HashSet<String>,
    errors: &mut Vec<FieldError>,
) -> Option<String> {
    let mut input = Map::new();
    let before = errors.len();
    for (name, field) in &question.input {
        let value = match row.get(name) {
            None => Ok(None),
            Some(Cell::Text(text)) => field.parse(text),
            Some(Cell::Json(value)) => field.check(value).map(|()| Some(value.clone())),
        };
        let checked = value.and_then(|value| match value {
            None if field.required => Err("is missing".to_owned()),
            Some(Value::String(path))
                if field.is_media() && !is_web_address(&path) && !media.contains(&path) =>
            {
                Err(format!("there is no file `{path}` among the project's media"))
            }
            value => Ok(value),
        });
        match checked {
            Ok(Some(value)) => drop(input.insert(name.clone(), value)),
            Ok(None) => {}
            Err(message) => errors.push(row.error(name, message)),
        }
    }
    (errors.len() == before).then(|| Value::Object(input).to_string())
}

/// Stores the tasks. A named task that the batch already holds with the same input is left as it is, with another input
/// refused. With `token`, asking again for the same is answered as the first time and changes nothing.
pub async fn add(
    db: &Database,
    workspace: Id,
    batch: Id,
    tasks: Vec<NewTask>,
    token: Option<String>,
) -> Result<Added> {
    let tasks = std::sync::Arc::new(tasks);
    let hash = hash_of(&tasks);
    let many = tasks.len() >= MANY_ROWS;
    let added = db.write(move |tx| {
        let (tasks, token, hash) = (std::sync::Arc::clone(&tasks), token.clone(), hash.clone());
        Box::pin(async move {
            let Some(token) = token else { return add_tasks(tx, workspace, batch, &tasks).await };
            match sql::earlier_answer(tx, batch, &token).await? {
                Some((earlier, answer)) if earlier == hash => serde_json::from_str(&answer)
                    .map_err(|error| Error::Internal(format!("a stored answer: {error}"))),
                Some(_) => {
                    Err(Error::Conflict("this Idempotency-Key was used for other tasks".into()))
                }
                None => {
                    let added = add_tasks(tx, workspace, batch, &tasks).await?;
                    let answer = serde_json::to_string(&added)
                        .map_err(|error| Error::Internal(error.to_string()))?;
                    sql::remember_answer(tx, batch, &token, &hash, &answer).await?;
                    Ok(added)
                }
            }
        })
    });
    let added = added.await?;
    if many {
        db.refresh_statistics().await?;
    }
    Ok(added)
}

fn hash_of(tasks: &[NewTask]) -> String {
    let mut hasher = Sha256::new();
    for task in tasks {
        for part in [task.name.as_deref().unwrap_or_default(), &task.input] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    hex(&hasher.finalize())
}

/// Tasks in one statement.
const CHUNK: usize = 500;

async fn add_tasks(
    tx: &mut Connection,
    workspace: Id,
    batch: Id,
    tasks: &[NewTask],
) -> Result<Added> {
    let locked = lock_batch(tx, workspace, batch).await?.ok_or_else(not_found)?;
    if !locked.state.takes_tasks() {
        return Err(Error::Conflict(format!(
            "the batch is {} and takes no more tasks",
            locked.state
        )));
    }
    let mut added = 0;
    let shuffled = locked.golds > 0 || Policy::stored(&locked.policy)?.expects_gold;
    for chunk in tasks.chunks(CHUNK) {
        let known = if locked.tasks > 0 {
            sql::inputs_by_name(tx, batch, chunk).await?
        } else {
            Vec::new()
        };
        refuse_changed(chunk, &known)?;
        let is_new =
            |task: &&NewTask| !known.iter().any(|(name, _)| Some(name) == task.name.as_ref());
        let new: Vec<&NewTask> = chunk.iter().filter(is_new).collect();
        if !new.is_empty() {
            sql::insert(tx, batch, locked.overlap, shuffled, &new).await?;
        }
        added += new.len() as i64;
    }
    let wanted = added * locked.overlap;
    check_budget(locked.budget, locked.price, locked.wanted + wanted)?;
    count_tasks(tx, batch, added, wanted).await?;
    Ok(Added { added, unchanged: tasks.len() as i64 - added })
}

fn refuse_changed(chunk: &[NewTask], known: &[(String, String)]) -> Result<()> {
    for (name, input) in known {
        if chunk.iter().any(|task| task.name.as_ref() == Some(name) && task.input != *input) {
            let message = format!(
                "the batch holds the task `{name}` with another input; name the new one differently"
            );
            return Err(Error::invalid("task", message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn question() -> Question {
        let value = json!({
            "title": "T", "input": {"text": {}, "picture": {"type": "image", "required": false}},
            "output": {"mood": {"type": "text"}},
        });
        Question::read(&value).expect("valid")
    }

    fn read(csv: &str) -> Result<Vec<NewTask>> {
        read_tasks(Format::Csv, csv.as_bytes(), &question(), &HashSet::from(["a.png".to_owned()]))
    }

    #[test]
    fn tasks_keep_the_order_of_the_question() {
        let tasks = read("picture,task,text\na.png,t1,hello\n,t2,there\n").expect("valid");
        assert_eq!(tasks[0].input, r#"{"text":"hello","picture":"a.png"}"#);
        assert_eq!(tasks[1].input, r#"{"text":"there"}"#);
        assert_eq!(tasks[1].name.as_deref(), Some("t2"));
    }

    #[test]
    fn mistakes_name_line_and_column() {
        let told = |csv: &str| read(csv).expect_err("is wrong").to_string();
        assert_eq!(told("text\nx\n\"\"\n"), "line 3, column text: is missing");
        assert_eq!(told("text,task\nx,1\ny,1\n"), "line 3, column task: `1` stands there twice");
        assert!(
            told("text,picture\nx,b.png\n")
                .starts_with("line 2, column picture: there is no file `b.png`")
        );
        assert!(told("text,colour\nx,red\n").contains("line 2, column colour: is no input field"));
        assert_eq!(told("text\n"), "tasks: the file holds none");
    }
}
