//! A stretch of a file as it was parsed: columns coded by themselves, so that any thread can parse any block.

use crate::names::{Key, Names, Texts};

/// Judgments of one block.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) task: Column,
    /// Empty where the file has no such column, as files of gold labels.
    pub(super) worker: Column,
    pub(super) label: Column,
    /// The labels as numbers, in place of `label`, where numbers are wanted.
    pub(super) value: Vec<f64>,
    /// The line or row of each judgment within the block, from 0.
    pub(super) place: Vec<u32>,
    /// Records without a label, which are no judgments.
    pub(super) missing: u64,
    /// Lines or rows of the block.
    pub(super) length: u64,
    /// Bytes of the file that the block took.
    pub(super) bytes: u64,
}

/// What is wrong with the input, and where.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    /// Line or row within the block, from 0; `None` where the fault is not in one place.
    pub(super) place: Option<u64>,
    pub(super) what: String,
}

impl Fault {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { place: None, what: what.into() }
    }

    pub(super) fn at(place: u64, what: impl Into<String>) -> Self {
        Self { place: Some(place), what: what.into() }
    }
}

/// Names of one column of a block: numbers as they are, texts as codes of the block's own dictionary.
#[derive(Debug)]
pub(super) enum Column {
    Numbers(Vec<i64>),
    Texts { codes: Vec<u32>, names: Texts },
}

impl Default for Column {
    fn default() -> Self {
        Self::Numbers(Vec::new())
    }
}

impl Column {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Texts { codes, .. } => codes.len(),
        }
    }

    pub(super) fn push_number(&mut self, value: i64) {
        match self {
            Self::Numbers(values) => values.push(value),
            Self::Texts { codes, names } => codes.push(names.code(&value.to_string())),
        }
    }

    pub(super) fn push(&mut self, name: &str) {
        if let Self::Numbers(values) = self {
            match Key::of(name) {
                Key::Number(value) => return values.push(value),
                Key::Text(_) => *self = Self::as_texts(values),
            }
        }
        if let Self::Texts { codes, names } = self {
            // Files are mostly sorted by task, so the name is often that of the row before.
            let last = codes.last().copied().filter(|&last| names.get(last as usize) == name);
            codes.push(last.unwrap_or_else(|| names.code(name)));
        }
    }

    fn as_texts(values: &[i64]) -> Self {
        let mut names = Texts::default();
        let codes = values.iter().map(|value| names.code(&value.to_string())).collect();
        Self::Texts { codes, names }
    }

    /// Hands the code of every row to `push`, new names being added to `names`.
    pub(super) fn code_into(&self, names: &mut Names, push: impl FnMut(u32)) {
        match self {
            Self::Numbers(values) => {
                let mut last = None;
                let code = |&value: &i64| match last {
                    Some((seen, code)) if seen == value => code,
                    _ => {
                        let code = names.number(value);
                        last = Some((value, code));
                        code
                    }
                };
                values.iter().map(code).for_each(push);
            }
            Self::Texts { codes, names: own } => {
                let texts = names.texts();
                let global: Vec<u32> =
                    (0..own.len()).map(|code| texts.code(own.get(code))).collect();
                codes.iter().map(|&code| global[code as usize]).for_each(push);
            }
        }
    }
}
