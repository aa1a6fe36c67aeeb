//! Shapes: which drawings of different workers mean the same object, what it looks like, and whether it is there.

use crowdsmith_truth::shapes::{Drawings, Object, ObjectConsensus, ObjectFit};
use indexmap::IndexSet;
use serde_json::{Map, Value};

use super::crowd::{Context, Crowd, statistics};
use super::{Answers, Field, FieldResult, most_frequent, rounded};
use crate::drawing::{Drawing, Marked, read_all};
use crate::error::Result;
use crate::result::Method;

/// An object is in the result if it is more probably there than not; each entry has its `probability` (that it is there)
/// and `agreement` (mean similarity of its drawings to it). The confidence is the probability that all is right: that the
/// objects in the result are there under their labels and those left out are not, as if they did not depend on each other;
/// none where nobody drew anything.
///
/// By majority vote the probability is the share of workers who drew it.
#[derive(Debug)]
pub(super) struct Objects<D> {
    /// The key of an answer's list.
    key: &'static str,
    labels: IndexSet<String>,
    /// What else stands in each answer (the picture's size, the media's length).
    answers: Vec<(u32, Map<String, Value>)>,
    marks: Vec<Mark<D>>,
}

#[derive(Debug)]
struct Mark<D> {
    row: u32,
    label: u32,
    shape: D,
    text: Option<String>,
}

impl<D: Drawing + std::fmt::Debug> Objects<D> {
    pub(super) fn new(key: &'static str) -> Self {
        Self { key, labels: IndexSet::new(), answers: Vec::new(), marks: Vec::new() }
    }

    pub(super) fn drawings(&self, crowd: &Crowd) -> Drawings<D> {
        let looked = self.answers.iter().map(|(row, _)| (crowd.task(*row), crowd.worker(*row)));
        let rows = || self.marks.iter().map(|mark| mark.row);
        Drawings {
            tasks: crowd.tasks(),
            workers: crowd.workers(),
            looked: looked.collect(),
            task: rows().map(|row| crowd.task(row)).collect(),
            worker: rows().map(|row| crowd.worker(row)).collect(),
            label: self.marks.iter().map(|mark| mark.label).collect(),
            shape: self.marks.iter().map(|mark| mark.shape.clone()).collect(),
        }
    }

    pub(super) fn fit(&self, context: &Context) -> Result<ObjectFit<D>> {
        let mut fit = ObjectConsensus::default()
            .fit(&self.drawings(context.crowd))
            .map_err(|error| statistics(&error))?;
        if context.method == Method::MajorityVote {
            let looked = self.judgments(context.crowd);
            for object in &mut fit.objects {
                object.probability =
                    object.drawings.len() as f64 / f64::from(looked[object.task as usize]);
            }
        }
        Ok(fit)
    }

    /// How many drawings there are.
    pub(super) fn marks(&self) -> usize {
        self.marks.len()
    }

    /// How many workers looked at each task.
    pub(super) fn judgments(&self, crowd: &Crowd) -> Vec<u32> {
        crowd.counts(self.answers.iter().map(|(row, _)| *row))
    }

    /// An object as an entry of an answer.
    pub(super) fn entry(&self, object: &Object<D>) -> Map<String, Value> {
        let mut entry = Map::new();
        let label = self.labels.get_index(object.label as usize).map_or("", String::as_str);
        entry.insert("label".into(), label.into());
        entry.extend(object.shape.write());
        let texts: Vec<&String> =
            object.drawings.iter().filter_map(|row| self.marks[*row].text.as_ref()).collect();
        if let Some((text, ..)) = most_frequent(&texts) {
            entry.insert("text".into(), text.into());
        }
        entry.insert("probability".into(), rounded(object.probability).into());
        entry.insert("agreement".into(), rounded(object.agreement).into());
        entry
    }

    /// The result of one task with these objects, those left out among them.
    fn result(
        &self,
        about: &Map<String, Value>,
        objects: &[&Object<D>],
        judgments: u32,
    ) -> FieldResult {
        let mut entries: Vec<Value> = Vec::new();
        for object in objects.iter().filter(|object| is_there(object)) {
            let mut entry = self.entry(object);
            if self.key == "tracks" {
                entry.shift_insert(0, "id".into(), (entries.len() + 1).into());
            }
            entries.push(Value::Object(entry));
        }
        let mut value = about.clone();
        value.insert(self.key.into(), entries.into());
        FieldResult {
            value: Value::Object(value),
            confidence: (!objects.is_empty())
                .then(|| rounded(objects.iter().map(|object| sureness(object)).product())),
            judgments: i64::from(judgments),
            probabilities: None,
        }
    }
}

pub(super) fn is_there<S>(object: &Object<S>) -> bool {
    object.probability > 0.5
}

/// The probability that what the result says of an object is right.
pub(super) fn sureness<S>(object: &Object<S>) -> f64 {
    if is_there(object) {
        object.probability * object.label_share
    } else {
        1.0 - object.probability
    }
}

/// The objects of each task.
pub(super) fn by_task<S>(objects: &[Object<S>], tasks: usize) -> Vec<Vec<&Object<S>>> {
    let mut groups: Vec<Vec<&Object<S>>> = (0..tasks).map(|_| Vec::new()).collect();
    for object in objects {
        groups[object.task as usize].push(object);
    }
    groups
}

impl<D: Drawing + std::fmt::Debug> Answers for Objects<D> {
    fn add(&mut self, row: u32, answer: &Value) {
        for Marked { label, text, shape } in read_all(answer, self.key) {
            let label = self.labels.insert_full(label).0 as u32;
            self.marks.push(Mark { row, label, shape, text });
        }
        let others = answer.as_object().into_iter().flatten();
        let others =
            others.filter(|(key, _)| ![self.key, "initialValueModified"].contains(&key.as_str()));
        let about = others.map(|(key, value)| (key.clone(), value.clone())).collect();
        self.answers.push((row, about));
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let fit = self.fit(context)?;
        let crowd = context.crowd;
        let objects = by_task(&fit.objects, crowd.tasks());
        let about = crowd.by_task(&self.answers);
        let result = |(about, objects): (&Vec<&Map<String, Value>>, &Vec<&Object<D>>)| {
            Some(self.result(about.first()?, objects, about.len() as u32))
        };
        Ok(Field::Results(about.iter().zip(&objects).map(result).collect()))
    }
}
