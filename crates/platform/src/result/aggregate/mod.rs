//! From the judgments of a batch to results, field by field.
//!
//! Each family of output types collects its answers in the smallest form that it can be aggregated from ([`Answers`]),
//! and says what its confidence means where it computes it.

mod choices;
mod crowd;
mod listed;
mod objects;
mod painted;
mod parts;
mod places;
mod ranks;
mod relations;
mod spans;
mod taxonomy;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt::Debug;

use crowdsmith_truth::shapes::{BoundingBox, Polygon};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use self::crowd::{AccuracySums, Context, Crowd};
use super::{FieldResult, Method};
use crate::drawing::{Curve, Line, Point, Segment, Track};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::project::{OutputField, OutputType, Question};

/// The answers to one field; `row` counts the judgments of the batch.
trait Answers: Debug + Send {
    /// Takes in a plain answer.
    fn add(&mut self, row: u32, answer: &Value);

    /// Takes in a value that is known to be right for some task, which nobody may have answered.
    fn know(&mut self, _answer: &Value) {}

    fn aggregate(&self, context: &mut Context) -> Result<Field>;
}

fn answers_to(field: &OutputField) -> Box<dyn Answers> {
    match &field.kind {
        OutputType::Choice { options } => {
            Box::new(choices::Single::of(options.iter().map(|option| option.value.as_str().into())))
        }
        OutputType::Rating { min, max, .. } => {
            Box::new(choices::Single::of((*min..=*max).map(Value::from)))
        }
        OutputType::Comparison(comparison) => {
            Box::new(choices::Single::of(comparison.sides().iter().copied().map(Value::from)))
        }
        OutputType::Consent(_) => {
            Box::new(choices::Single::of([true, false].into_iter().map(Value::from)))
        }
        OutputType::Choices { options, .. } => {
            Box::new(choices::Several::of(options.iter().map(|option| option.value.clone())))
        }
        OutputType::Taxonomy(taxonomy) if taxonomy.multiple => {
            Box::new(choices::Several::of(std::iter::empty()))
        }
        OutputType::Taxonomy(taxonomy) => Box::new(taxonomy::Nodes::of(taxonomy)),
        OutputType::Number { .. } => Box::new(listed::Numbers::default()),
        OutputType::Text { .. } | OutputType::Json(_) | OutputType::File(_) => {
            Box::new(listed::Same::default())
        }
        OutputType::Audio(_) | OutputType::Video(_) | OutputType::Photo(_) => {
            Box::new(listed::All::default())
        }
        OutputType::Boxes(_) => Box::new(objects::Objects::<BoundingBox>::new("boundingBoxes")),
        OutputType::Polygons(_) => Box::new(objects::Objects::<Polygon>::new("polygons")),
        OutputType::Polylines(_) => Box::new(objects::Objects::<Curve>::new("polylines")),
        OutputType::Lines(_) => Box::new(objects::Objects::<Line>::new("lines")),
        OutputType::Keypoints(_) => Box::new(objects::Objects::<Point>::new("keypoints")),
        OutputType::VideoBoxes(_) => Box::new(objects::Objects::<Track>::new("tracks")),
        OutputType::AudioSegments(_) | OutputType::VideoSegments(_) => {
            Box::new(objects::Objects::<Segment>::new("segments"))
        }
        OutputType::Mask(_) => Box::new(painted::Masks::default()),
        OutputType::Instances(_) => Box::new(painted::Instances::default()),
        OutputType::Spans(_) => Box::new(spans::Spans::default()),
        OutputType::Relations(_) => Box::new(relations::Relations::default()),
        OutputType::Ranking(_) => Box::new(ranks::Rankings::default()),
        OutputType::Likert(_) => Box::new(parts::Statements::default()),
        OutputType::Pages(_) => Box::new(parts::Pages::default()),
        OutputType::Place(_) | OutputType::Location(_) => Box::new(places::Places::default()),
    }
}

/// The judgments of a batch, in compact form.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    crowd: Crowd,
    fields: Vec<Box<dyn Answers>>,
    /// Plain outputs known beforehand, by task.
    known: Vec<(u32, Map<String, Value>)>,
}

impl Loaded {
    pub(super) fn new(question: &Question) -> Self {
        Self { fields: question.output.values().map(answers_to).collect(), ..Self::default() }
    }

    pub(super) fn add(
        &mut self,
        question: &Question,
        task: Id,
        worker: Id,
        output: &str,
    ) -> Result<()> {
        let output: Map<String, Value> = serde_json::from_str(output)
            .map_err(|error| Error::Internal(format!("a stored judgment: {error}")))?;
        let row = self.crowd.add(task, worker);
        for ((name, field), answers) in question.output.iter().zip(&mut self.fields) {
            if let Some(answer) = field.plain_of(name, &output) {
                answers.add(row, &answer);
            }
        }
        Ok(())
    }

    /// Takes in what is known of a task: from gold, or from a reviewer.
    pub(super) fn know(&mut self, question: &Question, task: Id, output: &str) -> Result<()> {
        let output: Map<String, Value> = serde_json::from_str(output)
            .map_err(|error| Error::Internal(format!("a stored answer: {error}")))?;
        let mut known = Map::new();
        for ((name, field), answers) in question.output.iter().zip(&mut self.fields) {
            if let Some(answer) = field.plain_of(name, &output) {
                answers.know(&answer);
                known.insert(name.clone(), answer.into_owned());
            }
        }
        // A task that a reviewer decided may have no judgments.
        self.known.push((self.crowd.task_code(task), known));
        Ok(())
    }

    pub(super) fn judgments(&self) -> usize {
        self.crowd.rows()
    }
}

/// The results of a batch by one method.
#[derive(Debug)]
pub struct Aggregation {
    pub method: Method,
    names: Vec<String>,
    fields: Vec<Field>,
    crowd: Crowd,
    /// Worker codes by task: those of task `t` stand at `offsets[t]..offsets[t + 1]`.
    offsets: Vec<u32>,
    by_task: Vec<u32>,
    /// What gold or a reviewer says of a task, which judgments do not change.
    known: HashMap<u32, Map<String, Value>>,
    accuracy: Vec<Option<f64>>,
}

/// The results of one field, by task.
#[derive(Debug)]
enum Field {
    Single(choices::SingleFit),
    Several(choices::SeveralFit),
    Results(Vec<Option<FieldResult>>),
}

impl Field {
    fn result(&self, task: usize) -> Option<FieldResult> {
        match self {
            Self::Single(fit) => fit.result(task),
            Self::Several(fit) => fit.result(task),
            Self::Results(results) => results.get(task)?.clone(),
        }
    }
}

impl Aggregation {
    /// Aggregates all fields.
    pub(super) fn compute(question: &Question, loaded: Loaded, method: Method) -> Result<Self> {
        let Loaded { crowd, fields: answers, known } = loaded;
        let mut accuracy = AccuracySums::new(crowd.workers());
        let mut fields = Vec::new();
        for (name, answers) in question.output.keys().zip(answers) {
            let value = |(task, output): &'_ (u32, Map<String, Value>)| {
                Some((*task, output.get(name)?.clone()))
            };
            let known = known.iter().filter_map(value).collect();
            let mut context = Context { crowd: &crowd, known, method, accuracy: &mut accuracy };
            fields.push(answers.aggregate(&mut context)?);
        }
        let (offsets, by_task) = crowd.workers_by_task();
        Ok(Self {
            method,
            names: question.output.keys().cloned().collect(),
            fields,
            crowd,
            offsets,
            by_task,
            known: known.into_iter().collect(),
            accuracy: accuracy.means(),
        })
    }

    /// The names of the output fields, in the question's order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The result of each field, in the order of [`Aggregation::names`]; `None` where nobody has answered.
    pub fn of_task(&self, task: Id) -> Vec<Option<FieldResult>> {
        let Some(task) = self.crowd.tasks.get_index_of(&task) else {
            return vec![None; self.fields.len()];
        };
        let known = self.known.get(&(task as u32));
        let of_field = |(name, field): (&String, &Field)| {
            let result = field.result(task);
            match known.and_then(|known| known.get(name)) {
                Some(value) => Some(FieldResult {
                    value: value.clone(),
                    confidence: Some(1.0),
                    judgments: result.map_or(0, |result| result.judgments),
                    probabilities: None,
                }),
                None => result,
            }
        };
        self.names.iter().zip(&self.fields).map(of_field).collect()
    }

    /// Who judged a task.
    pub fn workers_of_task(&self, task: Id) -> impl Iterator<Item = Id> + '_ {
        let range = self
            .crowd
            .tasks
            .get_index_of(&task)
            .map(|task| self.offsets[task] as usize..self.offsets[task + 1] as usize);
        self.by_task[range.unwrap_or(0..0)]
            .iter()
            .filter_map(|worker| self.crowd.workers.get_index(*worker as usize))
            .copied()
    }

    /// A worker's estimated accuracy (0 to 1) over all fields with options; `None` for who answered none.
    pub fn accuracy(&self, worker: Id) -> Option<f64> {
        self.accuracy[self.crowd.workers.get_index_of(&worker)?]
    }
}

/// Whole numbers stay whole in JSON.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() < 9e15 { (value as i64).into() } else { value.into() }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Six decimal places: more would claim a precision that no crowd has.
fn rounded(probability: f64) -> f64 {
    (probability * 1e6).round() / 1e6
}

/// The answer that most gave (the first among equals), its share, and how many answers there are.
fn most_frequent<T: std::hash::Hash + Eq + Clone>(answers: &[&T]) -> Option<(T, f64, usize)> {
    let mut counts: IndexMap<&T, usize> = IndexMap::new();
    for answer in answers {
        *counts.entry(answer).or_default() += 1;
    }
    let (best, count) = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
    Some((best.clone(), count as f64 / answers.len() as f64, answers.len()))
}
