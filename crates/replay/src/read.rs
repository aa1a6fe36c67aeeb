//! Reads recorded judgments and truth from CSV or JSON lines.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use crowdsmith_quality::replay::Recording;
use serde_json::{Map, Value};

/// A recording and the names behind its codes.
#[derive(Debug)]
pub struct Recorded {
    /// The judgments, and the truth where it was given.
    pub recording: Recording,
    /// Names of the labels by code; numbers in their order, else texts in theirs.
    pub labels: Vec<String>,
    /// What the user should know about the input.
    pub notes: Vec<String>,
}

/// Reads a file of judgments (`task`, `worker`, `label`) and one of true labels (`task`, `label`).
///
/// A record without a label is no judgment; a second judgment of a worker on a task counts as one more.
///
/// # Errors
/// A file that cannot be read or is wrong: the message names the file and the line.
pub fn recorded(judgments: &Path, truth: Option<&Path>) -> Result<Recorded> {
    let rows = rows(judgments, &["task", "worker", "label"])?;
    ensure!(!rows.is_empty(), "{} holds no judgments", judgments.display());
    let labels = ordered(rows.iter().map(|row| &row.fields[2]));
    ensure!(
        labels.len() < usize::from(u16::MAX),
        "{} has {} different labels; a replay takes choices, not numbers or texts",
        judgments.display(),
        labels.len()
    );
    let codes: HashMap<&str, u16> =
        labels.iter().enumerate().map(|(code, name)| (name.as_str(), code as u16)).collect();
    let (mut task_codes, mut worker_codes) = (HashMap::new(), HashMap::new());
    let mut tasks: Vec<Vec<(u32, u16)>> = Vec::new();
    for row in &rows {
        let task = code(&mut task_codes, &row.fields[0]) as usize;
        tasks.resize_with(tasks.len().max(task + 1), Vec::new);
        let worker = code(&mut worker_codes, &row.fields[1]);
        tasks[task].push((worker, codes[row.fields[2].as_str()]));
    }
    let mut recording = Recording {
        classes: labels.len(),
        workers: worker_codes.len(),
        truth: vec![None; tasks.len()],
        tasks,
    };
    let mut notes = Vec::new();
    if let Some(path) = truth {
        let unjudged = read_truth(path, &task_codes, &codes, &mut recording)?;
        if unjudged > 0 {
            notes.push(format!("left out: truth of {unjudged} tasks that nobody judged"));
        }
        ensure!(
            recording.truth.iter().any(Option::is_some),
            "{} and {} have no task in common; are the tasks called the same in both?",
            path.display(),
            judgments.display()
        );
    }
    Ok(Recorded { recording, labels, notes })
}

/// Adds the truth of judged tasks; answers with the number of others.
fn read_truth(
    path: &Path,
    tasks: &HashMap<String, u32>,
    labels: &HashMap<&str, u16>,
    recording: &mut Recording,
) -> Result<usize> {
    let mut unjudged = 0;
    for row in rows(path, &["task", "label"])? {
        let Some(&task) = tasks.get(&row.fields[0]) else {
            unjudged += 1;
            continue;
        };
        let class = labels.get(row.fields[1].as_str()).copied().unwrap_or(u16::MAX);
        let place = &mut recording.truth[task as usize];
        if place.is_some_and(|before| before != class) {
            let (file, line) = (path.display(), row.line);
            bail!("{file}, line {line}: task `{}` has another label further up", row.fields[0]);
        }
        *place = Some(class);
    }
    Ok(unjudged)
}

fn code(codes: &mut HashMap<String, u32>, name: &str) -> u32 {
    if let Some(&code) = codes.get(name) {
        return code;
    }
    let code = codes.len() as u32;
    codes.insert(name.to_owned(), code);
    code
}

fn ordered<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = names.cloned().collect();
    names.sort();
    names.dedup();
    if names.iter().all(|name| name.parse::<f64>().is_ok_and(f64::is_finite)) {
        let number = |name: &String| name.parse::<f64>().unwrap_or_default();
        names.sort_by(|one, other| number(one).total_cmp(&number(other)));
    }
    names
}

/// The wanted fields of a record, the label last.
struct Row {
    line: u64,
    fields: Vec<String>,
}

/// Reads the wanted columns; records without a label are passed over.
fn rows(path: &Path, columns: &[&str]) -> Result<Vec<Row>> {
    let name = path.display();
    let content = fs::read_to_string(path).with_context(|| format!("{name} cannot be read"))?;
    let json = content.trim_start().starts_with('{');
    let rows = if json { json_rows(&content, columns) } else { csv_rows(&content, columns) };
    let rows = rows.with_context(|| name.to_string())?;
    for row in &rows {
        for (field, column) in row.fields.iter().zip(columns).take(columns.len() - 1) {
            ensure!(!field.is_empty(), "{name}, line {}: `{column}` is empty", row.line);
        }
    }
    Ok(rows
        .into_iter()
        .filter(|row| row.fields.last().is_some_and(|label| !label.is_empty()))
        .collect())
}

fn csv_rows(content: &str, columns: &[&str]) -> Result<Vec<Row>> {
    let head = content.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b',']
        .into_iter()
        .find(|&mark| head.contains(char::from(mark)))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(content.as_bytes());
    let heads = reader.headers().context("line 1 is no header")?.clone();
    let place = |column: &&str| {
        heads.iter().position(|head| head.trim_start_matches('\u{feff}') == *column).with_context(
            || {
                format!(
                    "line 1: there is no column `{column}`; the columns are {}",
                    heads.iter().collect::<Vec<_>>().join(", ")
                )
            },
        )
    };
    let places: Vec<usize> = columns.iter().map(place).collect::<Result<_>>()?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| match error.position() {
            Some(place) => anyhow::anyhow!("line {}: {error}", place.line()),
            None => anyhow::anyhow!("{error}"),
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(Row {
            line,
            fields: places.iter().map(|&place| record[place].to_owned()).collect(),
        });
    }
    Ok(rows)
}

fn json_rows(content: &str, columns: &[&str]) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (index, text) in content.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let line = index as u64 + 1;
        let record: Map<String, Value> =
            serde_json::from_str(text).with_context(|| format!("line {line} is no JSON object"))?;
        let field = |column: &&str| match record.get(*column) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) => Ok(number.to_string()),
            Some(Value::Bool(flag)) => Ok(flag.to_string()),
            None | Some(Value::Null) => Ok(String::new()),
            Some(_) => bail!("line {line}: `{column}` is neither a text nor a number"),
        };
        rows.push(Row { line, fields: columns.iter().map(field).collect::<Result<_>>()? });
    }
    Ok(rows)
}
