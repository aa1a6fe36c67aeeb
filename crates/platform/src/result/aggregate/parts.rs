//! Answers of several parts, each a choice of its own: the statements of a survey, the pages of a document.
//!
//! The confidence is the probability that all parts are right, the product of theirs; `probabilities` has that of each.

use std::collections::HashMap;

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value, json};

use super::crowd::{Context, Scale};
use super::{Answers, Field, FieldResult, rounded};
use crate::error::Result;

/// Places on a scale, by statement; each statement has a model of its own, for it is answered differently from others.
#[derive(Debug, Default)]
pub(super) struct Statements {
    /// The answers (row, place from 0) to each.
    by_id: IndexMap<String, Vec<(u32, u16)>>,
    rows: Vec<u32>,
}

impl Answers for Statements {
    fn add(&mut self, row: u32, answer: &Value) {
        self.rows.push(row);
        for (id, place) in answer.as_object().into_iter().flatten() {
            let place = place.as_u64().filter(|place| (1..=1000).contains(place));
            if let Some(place) = place {
                self.by_id.entry(id.clone()).or_default().push((row, place as u16 - 1));
            }
        }
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let counts = context.crowd.counts(self.rows.iter().copied());
        let mut results: Vec<Parts> = counts.into_iter().map(Parts::of).collect();
        for (id, codes) in &self.by_id {
            let known: Vec<(u32, u16)> = (context.known.iter())
                .filter_map(|(task, value)| Some((*task, value.get(id)?.as_u64()? as u16 - 1)))
                .collect();
            let most = codes.iter().chain(&known).map(|(_, place)| *place).max().unwrap_or(0);
            let fit = context.fit(
                usize::from(most) + 1,
                Scale::Ordinal,
                codes.iter().copied(),
                &known,
            )?;
            let answered = context.crowd.counts(codes.iter().map(|(row, _)| *row));
            for (task, parts) in
                results.iter_mut().enumerate().filter(|(task, _)| answered[*task] > 0)
            {
                let place = fit.labels[task];
                let probability = fit.posterior.row(task)[usize::from(place)];
                parts.add(id.clone(), (place + 1).into(), probability);
            }
        }
        Ok(Field::Results(results.into_iter().map(|parts| parts.result(Value::Object)).collect()))
    }
}

/// The parts of one task's result.
struct Parts {
    values: Map<String, Value>,
    probabilities: Map<String, Value>,
    confidence: f64,
    judgments: u32,
}

impl Parts {
    fn of(judgments: u32) -> Self {
        Self { values: Map::new(), probabilities: Map::new(), confidence: 1.0, judgments }
    }

    fn add(&mut self, part: String, value: Value, probability: f64) {
        self.probabilities.insert(part.clone(), rounded(probability).into());
        self.values.insert(part, value);
        self.confidence *= probability;
    }

    fn result(self, value: impl FnOnce(Map<String, Value>) -> Value) -> Option<FieldResult> {
        (self.judgments > 0).then(|| FieldResult {
            confidence: (!self.values.is_empty()).then(|| rounded(self.confidence)),
            value: value(self.values),
            judgments: i64::from(self.judgments),
            probabilities: Some(self.probabilities),
        })
    }
}

/// A label for each page; all pages of all documents are one question.
#[derive(Debug, Default)]
pub(super) struct Pages {
    labels: IndexSet<String>,
    /// (row, page, label)
    codes: Vec<(u32, i64, u16)>,
    /// How many pages the document has, by row.
    counts: Vec<(u32, i64)>,
}

impl Pages {
    /// The pages and labels of an answer.
    fn read(&mut self, answer: &Value) -> Vec<(i64, u16)> {
        let mut page = |page: &Value| {
            let label = self.labels.insert_full(page.get("label")?.as_str()?.to_owned()).0;
            Some((page.get("page")?.as_i64()?, u16::try_from(label).ok()?))
        };
        let pages = answer.get("pages").and_then(Value::as_array);
        pages.into_iter().flatten().filter_map(&mut page).collect()
    }
}

impl Answers for Pages {
    fn add(&mut self, row: u32, answer: &Value) {
        let pages = self.read(answer);
        self.codes.extend(pages.into_iter().map(|(page, label)| (row, page, label)));
        let count = answer.get("pageCount").and_then(Value::as_i64);
        self.counts.push((row, count.unwrap_or_default()));
    }

    fn know(&mut self, answer: &Value) {
        self.read(answer);
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let crowd = context.crowd;
        // A page of a task is a task of this question.
        let mut pages: IndexSet<(u32, i64)> = IndexSet::new();
        let mut rows: HashMap<(u32, u32), u16> = HashMap::new();
        for (row, page, label) in &self.codes {
            let page = pages.insert_full((crowd.task(*row), *page)).0 as u32;
            rows.insert((page, crowd.worker(*row)), *label);
        }
        let mut rows: Vec<(u32, u32, u16)> =
            rows.into_iter().map(|((page, worker), label)| (page, worker, label)).collect();
        rows.sort_unstable();
        let classes = self.labels.len();
        let fit = context.fit_tasks(pages.len(), classes, Scale::Nominal, rows.into_iter(), &[])?;
        let counts = crowd.counts(self.counts.iter().map(|(row, _)| *row));
        let mut results: Vec<Parts> = counts.into_iter().map(Parts::of).collect();
        let mut in_order: Vec<(u32, i64, usize)> =
            pages.iter().enumerate().map(|(place, (task, page))| (*task, *page, place)).collect();
        in_order.sort_unstable();
        for (task, page, place) in in_order {
            let label = usize::from(fit.labels[place]);
            let probability = fit.posterior.row(place)[label];
            results[task as usize].add(
                page.to_string(),
                self.labels[label].as_str().into(),
                probability,
            );
        }
        let page_counts = crowd.by_task(&self.counts);
        let written = results.into_iter().zip(page_counts).map(|(parts, counts)| {
            let count = counts.into_iter().max().copied().unwrap_or_default();
            parts.result(|labels| write_pages(count, &labels))
        });
        Ok(Field::Results(written.collect()))
    }
}

fn write_pages(count: i64, labels: &Map<String, Value>) -> Value {
    let page = |(page, label): (&String, &Value)| json!({"page": page.parse::<i64>().unwrap_or_default(), "label": label});
    json!({"pageCount": count, "pages": labels.iter().map(page).collect::<Vec<_>>()})
}
