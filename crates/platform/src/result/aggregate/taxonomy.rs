//! One node of a tree: a choice among the nodes that were named, then rolled up to the deepest one that is sure enough.

use std::collections::HashMap;

use serde_json::Value;

use super::choices::{Single, SingleFit};
use super::crowd::Context;
use super::{Answers, Field, FieldResult, rounded};
use crate::error::Result;
use crate::project::{Node, Taxonomy};

/// A node is sure enough when it and all below it have this much of the probability.
const SURE: f64 = 0.8;

/// Less probable nodes are left out: there may be thousands.
const LEAST: f64 = 1e-6;

/// The confidence is the probability that the right node is the result or lies below it.
#[derive(Debug)]
pub(super) struct Nodes {
    answers: Single,
    /// Names from the root, by id.
    paths: HashMap<String, Vec<String>>,
    ids: HashMap<Vec<String>, String>,
}

impl Nodes {
    pub(super) fn of(taxonomy: &Taxonomy) -> Self {
        let nodes = taxonomy.nodes.as_deref().unwrap_or_default();
        let path = |node: &Node| (node.id.clone(), node.path.clone());
        let id = |node: &Node| (node.path.clone(), node.id.clone());
        Self {
            answers: Single::default(),
            paths: nodes.iter().map(path).collect(),
            ids: nodes.iter().map(id).collect(),
        }
    }

    fn result(&self, fit: &SingleFit, task: usize) -> Option<FieldResult> {
        let judgments = Some(fit.counts[task]).filter(|count| *count > 0)?;
        let posterior = fit.fit.posterior.row(task);
        let nodes = || {
            let nodes = fit.values.iter().filter_map(Value::as_str).zip(posterior);
            nodes.filter(|(_, probability)| **probability >= LEAST)
        };
        let mut of_path: HashMap<&[String], f64> = HashMap::new();
        for (id, probability) in nodes() {
            let path = self.paths.get(id).map(Vec::as_slice).unwrap_or_default();
            for depth in 1..=path.len() {
                *of_path.entry(&path[..depth]).or_default() += probability;
            }
        }
        // More than a half is left to one branch only, so there is one deepest node at most.
        let deepest = (of_path.iter())
            .filter(|(_, probability)| **probability >= SURE)
            .max_by_key(|(path, _)| path.len());
        let rolled_up =
            deepest.and_then(|(path, sure)| Some((self.ids.get(*path)?.as_str().into(), *sure)));
        let best = usize::from(fit.fit.labels[task]);
        let (value, sure) =
            rolled_up.unwrap_or_else(|| (fit.values[best].clone(), posterior[best]));
        let probability =
            |(id, probability): (&str, &f64)| (id.to_owned(), rounded(*probability).into());
        Some(FieldResult {
            value,
            confidence: Some(rounded(sure.min(1.0))),
            judgments: i64::from(judgments),
            probabilities: Some(nodes().map(probability).collect()),
        })
    }
}

impl Answers for Nodes {
    fn add(&mut self, row: u32, answer: &Value) {
        self.answers.add(row, answer);
    }

    fn know(&mut self, answer: &Value) {
        self.answers.know(answer);
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let fit = self.answers.fit(context)?;
        let tasks = 0..context.crowd.tasks();
        Ok(Field::Results(tasks.map(|task| self.result(&fit, task)).collect()))
    }
}
