//! Whole tables of a batch for download: results, judgments, workers, with their provenance.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use super::{Aggregation, Aggregations, Freshness, Method, VERSION, sql};
use crate::batch::Batch;
use crate::db::Database;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::project::{OutputField, OutputType, Question, Revisions};
use crate::table::{Cell, Column, Format, Kind, Writer};
use crate::{judgment, task};

/// What to export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    Results(Method),
    Judgments,
    Workers(Method),
}

/// Rows read at a time.
const PAGE: i64 = 5_000;

/// Starts an export; its pieces come from the channel. The first thing that goes wrong before any row is an error here,
/// a later one the last message of the channel.
pub async fn export(
    db: &Database,
    revisions: &Revisions,
    aggregations: &Aggregations,
    batch: Batch,
    export: Export,
    format: Format,
) -> Result<mpsc::Receiver<Result<Bytes>>> {
    let pinned = revisions.get(db, batch.revision_id).await?;
    let aggregation = match export {
        Export::Results(method) | Export::Workers(method) => {
            Some(aggregations.get(db, revisions, &batch, method, Freshness::Current).await?)
        }
        Export::Judgments => None,
    };
    let columns = match export {
        Export::Results(_) => result_columns(&pinned.question),
        Export::Judgments => judgment_columns(&pinned.question),
        Export::Workers(_) => worker_columns(),
    };
    let (pieces, receiver) = mpsc::channel(2);
    let mut table = Table { writer: Writer::new(format, columns)?, pieces };
    let db = db.clone();
    tokio::spawn(async move {
        let done = match (export, aggregation) {
            (Export::Results(_), Some(aggregation)) => {
                write_results(&db, &batch, &pinned.question, &aggregation, &mut table).await
            }
            (Export::Workers(_), Some(aggregation)) => {
                write_workers(&db, &batch, &aggregation, &mut table).await
            }
            _ => write_judgments(&db, &batch, &pinned.question, format, &mut table).await,
        };
        let Table { writer, pieces } = table;
        let last = match done {
            Ok(()) => writer.finish(),
            Err(error) => Err(error),
        };
        if let Err(error) = &last {
            tracing::error!(%error, batch = %batch.id, "an export failed");
        }
        // The client may have gone away.
        drop(pieces.send(last).await);
    });
    Ok(receiver)
}

struct Table {
    writer: Writer,
    pieces: mpsc::Sender<Result<Bytes>>,
}

impl Table {
    /// Sends what is ready; ends the export if nobody receives any more.
    async fn flush(&mut self) -> Result<()> {
        let ready = self.writer.take()?;
        if ready.is_empty() {
            return Ok(());
        }
        let gone = |_| Error::Internal("the client went away".into());
        self.pieces.send(Ok(ready)).await.map_err(gone)
    }
}

/// The kind of a field's column.
fn kind_of(field: &OutputField) -> Kind {
    match field.kind {
        OutputType::Choice { .. } | OutputType::Text { .. } | OutputType::Comparison(_) => {
            Kind::Text
        }
        OutputType::Number { .. } => Kind::Float,
        OutputType::Rating { .. } => Kind::Integer,
        _ => Kind::Json,
    }
}

/// A field's value as a cell of its column.
fn cell_of(kind: Kind, value: Value) -> Cell {
    match (kind, value) {
        (_, Value::Null) => Cell::Null,
        (Kind::Float, value) => value.as_f64().into(),
        (Kind::Integer, value) => value.as_i64().into(),
        (Kind::Text, Value::String(text)) => Cell::Text(text),
        (Kind::Text, value) => Cell::Text(value.to_string()),
        (Kind::Json, value) => Cell::Json(value),
    }
}

fn result_columns(question: &Question) -> Vec<Column> {
    let mut columns = vec![Column::new("task", Kind::Text), Column::new("task_id", Kind::Text)];
    for (name, field) in &question.output {
        columns.push(Column::new(name, kind_of(field)));
        columns.push(Column::new(format!("{name}_confidence"), Kind::Float));
    }
    columns.extend([
        Column::new("judgments", Kind::Integer),
        Column::new("workers", Kind::Json),
        Column::new("method", Kind::Text),
        Column::new("version", Kind::Text),
    ]);
    columns
}

async fn write_results(
    db: &Database,
    batch: &Batch,
    question: &Question,
    aggregation: &Aggregation,
    table: &mut Table,
) -> Result<()> {
    let names = worker_names(db, batch.id).await?;
    let kinds: Vec<Kind> = question.output.values().map(kind_of).collect();
    let mut after = None;
    loop {
        let tasks = task::list(db, batch.id, None, after, PAGE).await?;
        let Some(last) = tasks.last() else { return Ok(()) };
        after = Some(last.id);
        for task in tasks {
            table.writer.push(result_row(task, &kinds, aggregation, &names))?;
        }
        table.flush().await?;
    }
}

/// The names that workers are shown under.
type WorkerNames = HashMap<Id, String>;

fn result_row(
    task: task::Task,
    kinds: &[Kind],
    aggregation: &Aggregation,
    names: &WorkerNames,
) -> Vec<Cell> {
    let id = task.id.to_string();
    let mut row = vec![Cell::Text(task.name.unwrap_or_else(|| id.clone())), Cell::Text(id)];
    for (kind, result) in kinds.iter().zip(aggregation.of_task(task.id)) {
        let (value, confidence) =
            result.map_or((Value::Null, None), |result| (result.value, result.confidence));
        row.extend([cell_of(*kind, value), confidence.into()]);
    }
    let workers: Value = aggregation
        .workers_of_task(task.id)
        .map(|worker| names.get(&worker).cloned().unwrap_or_default())
        .collect();
    row.extend([
        Cell::Integer(task.judgments),
        Cell::Json(workers),
        aggregation.method.name().into(),
        VERSION.into(),
    ]);
    row
}

async fn worker_names(db: &Database, batch: Id) -> Result<WorkerNames> {
    let mut names = WorkerNames::new();
    let mut after = None;
    loop {
        let page = sql::workers(db, batch, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(names) };
        after = Some(last.id);
        names.extend(page.into_iter().map(|worker| (worker.id, worker.worker)));
    }
}

fn judgment_columns(question: &Question) -> Vec<Column> {
    let head = ["task", "task_id", "worker"].map(|name| Column::new(name, Kind::Text));
    let fields = question.output.iter().map(|(name, field)| Column::new(name, kind_of(field)));
    let tail = [
        Column::new("revision", Kind::Integer),
        Column::new("source", Kind::Text),
        Column::new("submitted_at", Kind::Text),
        Column::new("seconds", Kind::Float),
        Column::new("gold", Kind::Text),
        Column::new("counts", Kind::Json),
        Column::new("page_behavior", Kind::Json),
        Column::new("shown_order", Kind::Json),
    ];
    // A template may ask more than the fields.
    let others = question.template.is_some().then(|| Column::new("other_answers", Kind::Json));
    head.into_iter().chain(fields).chain(tail).chain(others).collect()
}

async fn write_judgments(
    db: &Database,
    batch: &Batch,
    question: &Question,
    format: Format,
    table: &mut Table,
) -> Result<()> {
    let mut after = None;
    loop {
        let judgments = judgment::page(db, batch.id, after, PAGE).await?;
        let Some(last) = judgments.last() else { return Ok(()) };
        after = Some(last.id);
        for judgment in judgments {
            table.writer.push(judgment_row(judgment, question, format)?)?;
        }
        table.flush().await?;
    }
}

/// NDJSON has the answers as they were submitted, the flat tables their plain form.
fn judgment_row(
    judgment: judgment::Judgment,
    question: &Question,
    format: Format,
) -> Result<Vec<Cell>> {
    let output: Map<String, Value> = serde_json::from_str(judgment.output.get())
        .map_err(|error| Error::Internal(format!("a stored judgment: {error}")))?;
    let id = judgment.task_id.to_string();
    let mut row = vec![
        Cell::Text(judgment.task_name.unwrap_or_else(|| id.clone())),
        Cell::Text(id),
        Cell::Text(judgment.worker),
    ];
    for (name, field) in &question.output {
        row.push(match format {
            Format::Ndjson => {
                field.answer(name, &output).map(|given| Cell::Json(given.into_owned())).into()
            }
            _ => cell_of(
                kind_of(field),
                field.plain_of(name, &output).unwrap_or_default().into_owned(),
            ),
        });
    }
    row.extend([
        Cell::Integer(judgment.revision),
        judgment.source.into(),
        Cell::Text(judgment.submitted_at.to_string()),
        judgment.seconds.into(),
        judgment.gold.map(|score| score.word().to_owned()).into(),
        Cell::Json(judgment.counts.into()),
        told_cell(judgment.behavior)?,
        told_cell(judgment.order)?,
    ]);
    if question.template.is_some() {
        let others = question.other_answers(&output);
        row.push((!others.is_empty()).then(|| Cell::Json(others.into())).into());
    }
    Ok(row)
}

/// What the page told with a judgment.
fn told_cell(told: Option<Box<RawValue>>) -> Result<Cell> {
    let Some(told) = told else { return Ok(Cell::Null) };
    serde_json::from_str(told.get())
        .map(Cell::Json)
        .map_err(|error| Error::Internal(format!("a stored judgment: {error}")))
}

fn worker_columns() -> Vec<Column> {
    [
        ("worker", Kind::Text),
        ("judgments", Kind::Integer),
        ("accuracy", Kind::Float),
        ("earned", Kind::Text),
        ("currency", Kind::Text),
        ("first", Kind::Text),
        ("last", Kind::Text),
        ("source", Kind::Text),
        ("state", Kind::Text),
        ("gold_answers", Kind::Integer),
        ("gold_right", Kind::Integer),
        ("trust", Kind::Float),
        ("trust_low", Kind::Float),
    ]
    .map(|(name, kind)| Column::new(name, kind))
    .to_vec()
}

async fn write_workers(
    db: &Database,
    batch: &Batch,
    aggregation: &Aggregation,
    table: &mut Table,
) -> Result<()> {
    let mut after = None;
    loop {
        let workers = sql::workers(db, batch.id, after, PAGE).await?;
        let Some(last) = workers.last() else { return Ok(()) };
        after = Some(last.id);
        for worker in workers {
            table.writer.push(vec![
                Cell::Text(worker.worker),
                Cell::Integer(worker.judgments),
                aggregation.accuracy(worker.id).into(),
                Cell::Text(worker.earned.to_string()),
                Cell::Text(worker.currency),
                worker.first.map(|time| time.to_string()).into(),
                worker.last.map(|time| time.to_string()).into(),
                Cell::Text(worker.source),
                worker.state.word().into(),
                Cell::Integer(worker.gold_answers),
                Cell::Integer(worker.gold_right),
                worker.trust.map(|trust| trust.mean).into(),
                worker.trust.map(|trust| trust.low).into(),
            ])?;
        }
        table.flush().await?;
    }
}
