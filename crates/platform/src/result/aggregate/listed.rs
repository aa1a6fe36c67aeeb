//! Answers that are not modelled: numbers, texts, JSON, media.

use serde_json::Value;

use super::crowd::Context;
use super::{Answers, Field, FieldResult, most_frequent, number, rounded};
use crate::error::Result;

/// Numbers: their median (of an even count, the mean of the middle two), without a confidence.
#[derive(Debug, Default)]
pub(super) struct Numbers(Vec<(u32, f64)>);

impl Answers for Numbers {
    fn add(&mut self, row: u32, answer: &Value) {
        self.0.extend(answer.as_f64().map(|number| (row, number)));
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let result = |numbers: Vec<&f64>| {
            Some(FieldResult {
                judgments: numbers.len() as i64,
                value: number(median(numbers)?),
                confidence: None,
                probabilities: None,
            })
        };
        let groups = context.crowd.by_task(&self.0);
        Ok(Field::Results(groups.into_iter().map(result).collect()))
    }
}

fn median(mut numbers: Vec<&f64>) -> Option<f64> {
    numbers.sort_by(|one, two| one.total_cmp(two));
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(*numbers[middle]),
        _ => Some(f64::midpoint(*numbers[middle - 1], *numbers[middle])),
    }
}

/// Answers that are the same or not, white space around texts aside: the most frequent one (the first among equals). The
/// confidence is its share of the answers.
#[derive(Debug, Default)]
pub(super) struct Same(Vec<(u32, Value)>);

impl Answers for Same {
    fn add(&mut self, row: u32, answer: &Value) {
        let trimmed = answer.as_str().map(|text| text.trim().into());
        self.0.push((row, trimmed.unwrap_or_else(|| answer.clone())));
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let result = |answers: &Vec<&Value>| {
            most_frequent(answers).map(|(value, share, count)| FieldResult {
                value,
                confidence: Some(rounded(share)),
                judgments: count as i64,
                probabilities: None,
            })
        };
        let groups = context.crowd.by_task(&self.0);
        Ok(Field::Results(groups.iter().map(result).collect()))
    }
}

/// What everybody makes for themselves: the list of all answers, without a confidence.
#[derive(Debug, Default)]
pub(super) struct All(Vec<(u32, Value)>);

impl Answers for All {
    fn add(&mut self, row: u32, answer: &Value) {
        self.0.push((row, answer.clone()));
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let result = |answers: Vec<&Value>| {
            (!answers.is_empty()).then(|| FieldResult {
                judgments: answers.len() as i64,
                value: answers.into_iter().cloned().collect(),
                confidence: None,
                probabilities: None,
            })
        };
        let groups = context.crowd.by_task(&self.0);
        Ok(Field::Results(groups.into_iter().map(result).collect()))
    }
}
