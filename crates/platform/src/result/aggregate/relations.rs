//! Relations between spans: spans are matched as shapes on a line, relations by vote over those that mean the same spans.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::crowd::Context;
use super::objects::{Objects, by_task, is_there, sureness};
use super::{Answers, Field, FieldResult, rounded};
use crate::drawing::Stretch;
use crate::error::Result;

/// A relation is in the result if more than half of the workers drew it between spans that are. The confidence is that of
/// the spans times the share of workers who agree on each relation.
#[derive(Debug)]
pub(super) struct Relations {
    spans: Objects<Stretch>,
    rows: Vec<u32>,
    drawn: Vec<Relation>,
}

#[derive(Debug)]
struct Relation {
    row: u32,
    label: String,
    /// Among the spans of all answers.
    from: usize,
    to: usize,
}

impl Default for Relations {
    fn default() -> Self {
        Self { spans: Objects::new("entities"), rows: Vec::new(), drawn: Vec::new() }
    }
}

/// The label of a relation with the objects it goes from and to.
type Between<'r> = (&'r str, usize, usize);

impl Answers for Relations {
    fn add(&mut self, row: u32, answer: &Value) {
        let first = self.spans.marks();
        self.spans.add(row, answer);
        let spans = self.spans.marks() - first;
        self.rows.push(row);
        for relation in answer.get("relations").and_then(Value::as_array).into_iter().flatten() {
            let place = |key: &str| {
                let place = relation.get(key)?.as_u64()? as usize;
                (place < spans).then_some(first + place)
            };
            let label = relation.get("label").and_then(Value::as_str);
            if let (Some(label), Some(from), Some(to)) = (label, place("from"), place("to")) {
                self.drawn.push(Relation { row, label: label.to_owned(), from, to });
            }
        }
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let fit = self.spans.fit(context)?;
        let crowd = context.crowd;
        let mut votes: Vec<BTreeMap<Between, BTreeSet<u32>>> = vec![BTreeMap::new(); crowd.tasks()];
        for Relation { row, label, from, to } in &self.drawn {
            let between = (label.as_str(), fit.object_of[*from], fit.object_of[*to]);
            let voters = votes[crowd.task(*row) as usize].entry(between).or_default();
            voters.insert(crowd.worker(*row));
        }
        let counts = crowd.counts(self.rows.iter().copied());
        let objects = by_task(&fit.objects, crowd.tasks());
        let mut results = Vec::with_capacity(crowd.tasks());
        let mut first_of_task = 0;
        for ((objects, votes), judgments) in objects.into_iter().zip(votes).zip(counts) {
            // The objects of a task follow each other; `place_of` counts those in the result.
            let mut place_of = BTreeMap::new();
            let mut entities = Vec::new();
            for (place, object) in objects.iter().enumerate().filter(|(_, object)| is_there(object))
            {
                place_of.insert(first_of_task + place, entities.len());
                entities.push(self.spans.entry(object));
            }
            first_of_task += objects.len();
            let mut confidence: f64 = objects.iter().map(|object| sureness(object)).product();
            let mut relations = Vec::new();
            for ((label, from, to), voters) in votes {
                let share = voters.len() as f64 / f64::from(judgments);
                confidence *= share.max(1.0 - share);
                if let (Some(from), Some(to), true) =
                    (place_of.get(&from), place_of.get(&to), share > 0.5)
                {
                    let share = rounded(share);
                    relations.push(
                        json!({"label": label, "from": from, "to": to, "probability": share}),
                    );
                }
            }
            results.push((judgments > 0).then(|| FieldResult {
                value: json!({"entities": entities, "relations": relations}),
                confidence: (!objects.is_empty()).then(|| rounded(confidence)),
                judgments: i64::from(judgments),
                probabilities: None,
            }));
        }
        Ok(Field::Results(results))
    }
}
