//! From the judgments of a batch to results, field by field.

use std::collections::HashMap;

use crowdsmith_truth::auto::Auto;
use crowdsmith_truth::categorical::{HierarchicalDawidSkene, MajorityVote};
use crowdsmith_truth::{Columns, Duplicates, Estimator as _, Fit, Judgments};
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::{FieldResult, Method};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::project::{OutputField, OutputType, Question};

/// The judgments of a batch, as compact codes.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) tasks: IndexMap<Id, ()>,
    pub(super) workers: IndexMap<Id, ()>,
    task: Vec<u32>,
    worker: Vec<u32>,
    fields: Vec<Answers>,
    /// Outputs known beforehand, of tasks that have judgments.
    known: Vec<(u32, Map<String, Value>)>,
}

/// The answers to one field; `row` counts the judgments of the batch.
#[derive(Debug)]
enum Answers {
    /// One value each; `values` are in the question's order where it has one.
    Single {
        values: IndexMap<Value, ()>,
        codes: Vec<(u32, u16)>,
    },
    /// Several options each, as a bit for each option.
    Several {
        options: Vec<String>,
        codes: Vec<(u32, Vec<bool>)>,
    },
    Numbers(Vec<(u32, f64)>),
    Texts(Vec<(u32, String)>),
}

impl Answers {
    fn of(field: &OutputField) -> Self {
        let values = |values: Vec<Value>| Self::Single {
            values: values.into_iter().map(|value| (value, ())).collect(),
            codes: Vec::new(),
        };
        match &field.kind {
            OutputType::Choice { options } => {
                values(options.iter().map(|option| option.value.as_str().into()).collect())
            }
            OutputType::Rating { min, max, .. } => values((*min..=*max).map(Value::from).collect()),
            OutputType::Choices { options, .. } => Self::Several {
                options: options.iter().map(|option| option.value.clone()).collect(),
                codes: Vec::new(),
            },
            OutputType::Number { .. } => Self::Numbers(Vec::new()),
            OutputType::Text { .. } => Self::Texts(Vec::new()),
        }
    }

    fn add(&mut self, row: u32, answer: &Value) {
        match self {
            // An option that an earlier revision had is a value all the same.
            Self::Single { values, codes } => {
                let code = values.insert_full(answer.clone(), ()).0;
                codes.push((row, code as u16));
            }
            Self::Several { options, codes } => {
                let chosen = answer.as_array().map(Vec::as_slice).unwrap_or_default();
                codes.push((
                    row,
                    options.iter().map(|option| chosen.iter().any(|one| one == option)).collect(),
                ));
            }
            Self::Numbers(numbers) => numbers.extend(answer.as_f64().map(|number| (row, number))),
            Self::Texts(texts) => {
                texts.extend(answer.as_str().map(|text| (row, text.trim().to_owned())));
            }
        }
    }
}

impl Loaded {
    pub(super) fn new(question: &Question) -> Self {
        Self { fields: question.output.values().map(Answers::of).collect(), ..Self::default() }
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
        let row = self.task.len() as u32;
        self.task.push(self.tasks.insert_full(task, ()).0 as u32);
        self.worker.push(self.workers.insert_full(worker, ()).0 as u32);
        for (name, answers) in question.output.keys().zip(&mut self.fields) {
            if let Some(answer) = output.get(name) {
                answers.add(row, answer);
            }
        }
        Ok(())
    }

    /// Takes in what is known of a task: from gold, or from a reviewer.
    pub(super) fn know(&mut self, question: &Question, task: Id, output: &str) -> Result<()> {
        let output: Map<String, Value> = serde_json::from_str(output)
            .map_err(|error| Error::Internal(format!("a stored answer: {error}")))?;
        // A task that a reviewer decided may have no judgments.
        let task = self.tasks.insert_full(task, ()).0 as u32;
        for (name, answers) in question.output.keys().zip(&mut self.fields) {
            if let (Answers::Single { values, .. }, Some(answer)) = (answers, output.get(name)) {
                values.insert_full(answer.clone(), ());
            }
        }
        self.known.push((task, output));
        Ok(())
    }

    pub(super) fn judgments(&self) -> usize {
        self.task.len()
    }

    /// The tasks whose answer to a field is known, with its code.
    fn known_codes(&self, field: &str, code: impl Fn(&Value) -> Option<u16>) -> Vec<(u32, u16)> {
        let known =
            |(task, output): &(u32, Map<String, Value>)| Some((*task, code(output.get(field)?)?));
        self.known.iter().filter_map(known).collect()
    }

    /// Categorical judgments of the given (row, code) pairs.
    fn judgments_of(
        &self,
        classes: usize,
        codes: impl Iterator<Item = (u32, u16)> + Clone,
    ) -> Result<Judgments> {
        let rows = codes.clone().map(|(row, _)| row as usize);
        let columns = Columns {
            tasks: self.tasks.len(),
            workers: self.workers.len(),
            classes,
            task: rows.clone().map(|row| self.task[row]).collect(),
            worker: rows.map(|row| self.worker[row]).collect(),
            label: codes.map(|(_, code)| code).collect(),
        };
        Judgments::new(columns, Duplicates::Refuse).map_err(|error| statistics(&error))
    }
}

fn statistics(error: &crowdsmith_truth::Error) -> Error {
    Error::Internal(format!("aggregating: {error}"))
}

/// The results of a batch by one method.
#[derive(Debug)]
pub struct Aggregation {
    pub method: Method,
    names: Vec<String>,
    fields: Vec<Field>,
    tasks: IndexMap<Id, ()>,
    workers: IndexMap<Id, ()>,
    /// Worker codes by task: those of task `t` stand at `offsets[t]..offsets[t + 1]`.
    offsets: Vec<u32>,
    by_task: Vec<u32>,
    /// What gold or a reviewer says of a task, which judgments do not change.
    known: HashMap<u32, Map<String, Value>>,
    accuracy: Vec<Option<f64>>,
}

#[derive(Debug)]
enum Field {
    Single { values: Vec<Value>, fit: Box<Fit>, counts: Vec<u32> },
    Several { options: Vec<String>, fits: Vec<Fit>, counts: Vec<u32> },
    Number(Vec<Option<(f64, u32)>>),
    Text(Vec<Option<(String, f64, u32)>>),
}

impl Aggregation {
    /// Aggregates all fields; takes time linear in the judgments.
    pub(super) fn compute(question: &Question, loaded: Loaded, method: Method) -> Result<Self> {
        let mut accuracy = AccuracySums::new(loaded.workers.len());
        let mut fields = Vec::new();
        for (name, answers) in question.output.keys().zip(&loaded.fields) {
            fields.push(compute_field(&loaded, name, answers, method, &mut accuracy)?);
        }
        let (offsets, by_task) = group_by_task(&loaded);
        Ok(Self {
            known: loaded.known.into_iter().collect(),
            method,
            names: question.output.keys().cloned().collect(),
            fields,
            tasks: loaded.tasks,
            workers: loaded.workers,
            offsets,
            by_task,
            accuracy: accuracy.means(),
        })
    }

    /// The names of the output fields, in the question's order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The result of each field, in the order of [`Aggregation::names`]; `None` where nobody has answered.
    pub fn of_task(&self, task: Id) -> Vec<Option<FieldResult>> {
        let Some(task) = self.tasks.get_index_of(&task) else {
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
            .tasks
            .get_index_of(&task)
            .map(|task| self.offsets[task] as usize..self.offsets[task + 1] as usize);
        self.by_task[range.unwrap_or(0..0)]
            .iter()
            .filter_map(|worker| self.workers.get_index(*worker as usize))
            .map(|(id, ())| *id)
    }

    /// A worker's estimated accuracy (0 to 1) over all fields with options; `None` for who answered none.
    pub fn accuracy(&self, worker: Id) -> Option<f64> {
        self.accuracy[self.workers.get_index_of(&worker)?]
    }
}

fn group_by_task(loaded: &Loaded) -> (Vec<u32>, Vec<u32>) {
    let mut offsets = vec![0_u32; loaded.tasks.len() + 1];
    for task in &loaded.task {
        offsets[*task as usize + 1] += 1;
    }
    for task in 1..offsets.len() {
        offsets[task] += offsets[task - 1];
    }
    let mut next = offsets.clone();
    let mut by_task = vec![0; loaded.task.len()];
    for (task, worker) in loaded.task.iter().zip(&loaded.worker) {
        let place = &mut next[*task as usize];
        by_task[*place as usize] = *worker;
        *place += 1;
    }
    (offsets, by_task)
}

fn compute_field(
    loaded: &Loaded,
    name: &str,
    answers: &Answers,
    method: Method,
    accuracy: &mut AccuracySums,
) -> Result<Field> {
    let tasks = loaded.tasks.len();
    let count = |rows: &mut dyn Iterator<Item = u32>| {
        let mut counts = vec![0_u32; tasks];
        rows.for_each(|row| counts[loaded.task[row as usize] as usize] += 1);
        counts
    };
    match answers {
        Answers::Single { values, codes } => {
            let code = |value: &Value| values.get_index_of(value).map(|code| code as u16);
            let judgments = loaded
                .judgments_of(values.len(), codes.iter().copied())?
                .with_gold(&loaded.known_codes(name, code))
                .map_err(|error| statistics(&error))?;
            let fit = fit(method, &judgments)?;
            accuracy.add(&judgments, &fit);
            let counts = count(&mut codes.iter().map(|(row, _)| *row));
            Ok(Field::Single {
                values: values.keys().cloned().collect(),
                fit: Box::new(fit),
                counts,
            })
        }
        Answers::Several { options, codes } => {
            let mut fits = Vec::new();
            for option in 0..options.len() {
                let bits = codes.iter().map(|(row, chosen)| (*row, u16::from(chosen[option])));
                let has = |value: &Value| {
                    let chosen = value.as_array()?;
                    Some(u16::from(chosen.iter().any(|one| *one == options[option])))
                };
                let judgments = loaded
                    .judgments_of(2, bits)?
                    .with_gold(&loaded.known_codes(name, has))
                    .map_err(|error| statistics(&error))?;
                let option_fit = fit(method, &judgments)?;
                accuracy.add(&judgments, &option_fit);
                fits.push(option_fit);
            }
            let counts = count(&mut codes.iter().map(|(row, _)| *row));
            Ok(Field::Several { options: options.clone(), fits, counts })
        }
        Answers::Numbers(numbers) => {
            let groups = group(loaded, numbers);
            Ok(Field::Number(
                groups
                    .into_iter()
                    .map(|group| median(group).map(|(value, n)| (value, n as u32)))
                    .collect(),
            ))
        }
        Answers::Texts(texts) => {
            let groups = group(loaded, texts);
            Ok(Field::Text(groups.iter().map(|texts| most_frequent(texts)).collect()))
        }
    }
}

fn fit(method: Method, judgments: &Judgments) -> Result<Fit> {
    match method {
        Method::Auto => Auto::default().fit(judgments),
        Method::DawidSkene => HierarchicalDawidSkene::default().fit(judgments),
        Method::MajorityVote => MajorityVote::default().fit(judgments),
    }
    .map_err(|error| statistics(&error))
}

fn group<'l, T>(loaded: &'l Loaded, answers: &'l [(u32, T)]) -> Vec<Vec<&'l T>> {
    let mut groups: Vec<Vec<&T>> = (0..loaded.tasks.len()).map(|_| Vec::new()).collect();
    for (row, answer) in answers {
        groups[loaded.task[*row as usize] as usize].push(answer);
    }
    groups
}

/// The median (of an even count, the mean of the middle two) and how many numbers it rests on.
fn median(mut numbers: Vec<&f64>) -> Option<(f64, usize)> {
    numbers.sort_by(|one, two| one.total_cmp(two));
    let middle = numbers.len() / 2;
    let value = match numbers.len() {
        0 => return None,
        odd if odd % 2 == 1 => *numbers[middle],
        _ => f64::midpoint(*numbers[middle - 1], *numbers[middle]),
    };
    Some((value, numbers.len()))
}

/// The text that most workers wrote (the first among equals), its share, and how many texts there are.
fn most_frequent(texts: &[&String]) -> Option<(String, f64, u32)> {
    let mut counts: IndexMap<&String, u32> = IndexMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    let total = texts.len() as u32;
    let best = counts.iter().rev().max_by_key(|(_, count)| **count)?;
    Some(((*best.0).clone(), f64::from(*best.1) / f64::from(total), total))
}

impl Field {
    fn result(&self, task: usize) -> Option<FieldResult> {
        match self {
            Self::Single { values, fit, counts } => {
                let judgments = Some(counts[task]).filter(|count| *count > 0)?;
                let row = fit.posterior.row(task);
                let best = usize::from(fit.labels[task]);
                let probabilities =
                    values.iter().zip(row).map(|(value, p)| (text_of(value), rounded(*p).into()));
                Some(FieldResult {
                    value: values[best].clone(),
                    confidence: Some(rounded(row[best])),
                    judgments: i64::from(judgments),
                    probabilities: Some(probabilities.collect()),
                })
            }
            Self::Several { options, fits, counts } => {
                let judgments = Some(counts[task]).filter(|count| *count > 0)?;
                let chosen: Vec<f64> = fits.iter().map(|fit| fit.posterior.row(task)[1]).collect();
                let value = options
                    .iter()
                    .zip(&chosen)
                    .filter(|(_, p)| **p > 0.5)
                    .map(|(option, _)| option.as_str());
                Some(FieldResult {
                    value: value.collect(),
                    // Options are judged apart, so that all are right has the product of their probabilities.
                    confidence: Some(rounded(chosen.iter().map(|p| p.max(1.0 - p)).product())),
                    judgments: i64::from(judgments),
                    probabilities: Some(
                        options
                            .iter()
                            .zip(&chosen)
                            .map(|(option, p)| (option.clone(), rounded(*p).into()))
                            .collect(),
                    ),
                })
            }
            Self::Number(medians) => medians[task].map(|(value, judgments)| FieldResult {
                value: number(value),
                confidence: None,
                judgments: i64::from(judgments),
                probabilities: None,
            }),
            Self::Text(texts) => texts[task].as_ref().map(|(text, share, judgments)| FieldResult {
                value: text.as_str().into(),
                confidence: Some(rounded(*share)),
                judgments: i64::from(*judgments),
                probabilities: None,
            }),
        }
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

/// The mean accuracy of each worker over the fields, weighted by judgments.
struct AccuracySums {
    sums: Vec<(f64, f64)>,
}

impl AccuracySums {
    fn new(workers: usize) -> Self {
        Self { sums: vec![(0.0, 0.0); workers] }
    }

    fn add(&mut self, judgments: &Judgments, fit: &Fit) {
        let counts = judgments.judgments_per_worker();
        for ((sum, count), accuracy) in self.sums.iter_mut().zip(counts).zip(&fit.workers.accuracy)
        {
            sum.0 += accuracy.mean() * f64::from(count);
            sum.1 += f64::from(count);
        }
    }

    fn means(self) -> Vec<Option<f64>> {
        self.sums
            .into_iter()
            .map(|(sum, count)| (count > 0.0).then(|| rounded(sum / count)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn aggregation(method: Method, judgments: &[(i64, i64, Value)]) -> Aggregation {
        let question = json!({"title": "T", "input": {}, "output": {
            "mood": {"type": "choice", "options": ["good", "bad"]},
            "tags": {"type": "choices", "options": ["x", "y"], "required": false},
            "age": {"type": "number", "required": false}, "why": {"type": "text", "required": false},
        }});
        let question = Question::read(&question).expect("valid");
        let mut loaded = Loaded::new(&question);
        for (task, worker, output) in judgments {
            loaded.add(&question, Id(*task), Id(*worker), &output.to_string()).expect("valid");
        }
        Aggregation::compute(&question, loaded, method).expect("aggregates")
    }

    #[test]
    fn each_field_is_aggregated_in_its_way() {
        let results = aggregation(
            Method::MajorityVote,
            &[
                (7, 1, json!({"mood": "bad", "tags": ["x"], "age": 3, "why": "so "})),
                (7, 2, json!({"mood": "bad", "tags": ["x", "y"], "age": 4, "why": "so"})),
                (7, 3, json!({"mood": "good", "tags": ["x"], "age": 10, "why": "no"})),
                (8, 3, json!({"mood": "good"})),
            ],
        );
        let fields = results.of_task(Id(7));
        let shown: Vec<(Value, Option<f64>)> = fields
            .into_iter()
            .map(|field| field.expect("answered"))
            .map(|field| (field.value, field.confidence))
            .collect();
        assert_eq!(
            shown,
            [
                (json!("bad"), Some(0.666_667)),
                (json!(["x"]), Some(0.666_667)),
                (json!(4), None),
                (json!("so"), Some(0.666_667)),
            ]
        );
        let second = results.of_task(Id(8));
        assert_eq!(second[0].as_ref().expect("answered").value, json!("good"));
        assert!(second[1].is_none() && second[2].is_none() && second[3].is_none());
        assert!(results.of_task(Id(9)).iter().all(Option::is_none));
        assert_eq!(results.workers_of_task(Id(7)).collect::<Vec<_>>(), [Id(1), Id(2), Id(3)]);
        assert_eq!(results.workers_of_task(Id(8)).collect::<Vec<_>>(), [Id(3)]);
    }

    #[test]
    fn dawid_skene_outvotes_a_careless_pair() {
        // Workers 1..=3 agree on thirty tasks; 4 and 5 always say good. On the last task 1 and 2 face 4 and 5.
        let mut judgments = Vec::new();
        for task in 0..30 {
            let truth = if task % 2 == 0 { "good" } else { "bad" };
            judgments.extend((1..=3).map(|worker| (task, worker, json!({"mood": truth}))));
            judgments.extend((4..=5).map(|worker| (task, worker, json!({"mood": "good"}))));
        }
        judgments.extend([1, 2].map(|worker| (99, worker, json!({"mood": "bad"}))));
        judgments.extend([4, 5].map(|worker| (99, worker, json!({"mood": "good"}))));
        let results = aggregation(Method::DawidSkene, &judgments);
        let field = results.of_task(Id(99))[0].clone().expect("answered");
        assert_eq!(field.value, json!("bad"));
        assert!(results.accuracy(Id(1)) > results.accuracy(Id(4)));
    }
}
