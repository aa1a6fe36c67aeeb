//! Answers out of a list: one of them, or several.

use crowdsmith_truth::Fit;
use indexmap::IndexSet;
use serde_json::Value;

use super::crowd::{Context, Scale};
use super::{Answers, Field, FieldResult, rounded, text_of};
use crate::error::Result;

/// One value each. The confidence is the probability that the value is right, as the method sees it.
#[derive(Debug, Default)]
pub(super) struct Single {
    /// In the question's order where it has one; a value of an earlier revision comes after them.
    values: IndexSet<Value>,
    codes: Vec<(u32, u16)>,
}

#[derive(Debug)]
pub(super) struct SingleFit {
    pub(super) values: Vec<Value>,
    pub(super) fit: Box<Fit>,
    pub(super) counts: Vec<u32>,
}

impl Single {
    pub(super) fn of(values: impl Iterator<Item = Value>) -> Self {
        Self { values: values.collect(), codes: Vec::new() }
    }

    /// The code of a value, which may be new; `None` once there are more than codes.
    fn code(&mut self, value: &Value) -> Option<u16> {
        u16::try_from(self.values.insert_full(value.clone()).0).ok()
    }

    pub(super) fn fit(&self, context: &mut Context) -> Result<SingleFit> {
        let known = (context.known.iter())
            .filter_map(|(task, value)| Some((*task, self.values.get_index_of(value)? as u16)))
            .collect::<Vec<_>>();
        let codes = self.codes.iter().copied();
        let fit = context.fit(self.values.len(), Scale::Nominal, codes, &known)?;
        Ok(SingleFit {
            values: self.values.iter().cloned().collect(),
            fit: Box::new(fit),
            counts: context.crowd.counts(self.codes.iter().map(|(row, _)| *row)),
        })
    }
}

impl Answers for Single {
    fn add(&mut self, row: u32, answer: &Value) {
        if let Some(code) = self.code(answer) {
            self.codes.push((row, code));
        }
    }

    fn know(&mut self, answer: &Value) {
        self.code(answer);
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        self.fit(context).map(Field::Single)
    }
}

impl SingleFit {
    pub(super) fn result(&self, task: usize) -> Option<FieldResult> {
        let judgments = Some(self.counts[task]).filter(|count| *count > 0)?;
        let row = self.fit.posterior.row(task);
        let best = usize::from(self.fit.labels[task]);
        let probabilities =
            self.values.iter().zip(row).map(|(value, p)| (text_of(value), rounded(*p).into()));
        Some(FieldResult {
            value: self.values[best].clone(),
            confidence: Some(rounded(row[best])),
            judgments: i64::from(judgments),
            probabilities: Some(probabilities.collect()),
        })
    }
}

/// Several options each, every one judged by itself. The confidence is the probability that all of them are right: the
/// product of theirs, as if they did not depend on each other.
#[derive(Debug, Default)]
pub(super) struct Several {
    options: IndexSet<String>,
    codes: Vec<(u32, Vec<u16>)>,
}

#[derive(Debug)]
pub(super) struct SeveralFit {
    options: Vec<String>,
    fits: Vec<Fit>,
    counts: Vec<u32>,
}

impl Several {
    pub(super) fn of(options: impl Iterator<Item = String>) -> Self {
        Self { options: options.collect(), codes: Vec::new() }
    }
}

fn texts(answer: &Value) -> impl Iterator<Item = &str> {
    answer.as_array().into_iter().flatten().filter_map(Value::as_str)
}

impl Answers for Several {
    fn add(&mut self, row: u32, answer: &Value) {
        let mut code = |text: &str| u16::try_from(self.options.insert_full(text.to_owned()).0).ok();
        let chosen = texts(answer).filter_map(&mut code).collect();
        self.codes.push((row, chosen));
    }

    fn know(&mut self, answer: &Value) {
        self.options.extend(texts(answer).map(str::to_owned));
    }

    fn aggregate(&self, context: &mut Context) -> Result<Field> {
        let mut fits = Vec::new();
        for (code, option) in self.options.iter().enumerate() {
            let is_chosen = |(row, chosen): &(u32, Vec<u16>)| {
                (*row, u16::from(chosen.contains(&(code as u16))))
            };
            let known: Vec<(u32, u16)> = (context.known.iter())
                .map(|(task, value)| (*task, u16::from(texts(value).any(|one| one == option))))
                .collect();
            let codes = self.codes.iter().map(is_chosen);
            fits.push(context.fit(2, Scale::Nominal, codes, &known)?);
        }
        Ok(Field::Several(SeveralFit {
            options: self.options.iter().cloned().collect(),
            fits,
            counts: context.crowd.counts(self.codes.iter().map(|(row, _)| *row)),
        }))
    }
}

impl SeveralFit {
    pub(super) fn result(&self, task: usize) -> Option<FieldResult> {
        let judgments = Some(self.counts[task]).filter(|count| *count > 0)?;
        let chosen: Vec<f64> = self.fits.iter().map(|fit| fit.posterior.row(task)[1]).collect();
        let options = || self.options.iter().zip(&chosen);
        let value = options().filter(|(_, p)| **p > 0.5).map(|(option, _)| option.as_str());
        Some(FieldResult {
            value: value.collect(),
            confidence: Some(rounded(chosen.iter().map(|p| p.max(1.0 - p)).product())),
            judgments: i64::from(judgments),
            probabilities: Some(
                options().map(|(option, p)| (option.clone(), rounded(*p).into())).collect(),
            ),
        })
    }
}
