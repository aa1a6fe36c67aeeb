//! Columns whose values have types, as Parquet and Arrow have them, on their way into a block.

use super::block::{Block, Column, Fault};
use super::label::{Wanted, push_label, push_value};

/// A value as it is handed over.
pub(super) enum Value<'a> {
    Missing,
    Integer(i64),
    Float(f64),
    Text(&'a str),
}

impl Value<'_> {
    /// A number; whole ones are names like integers: `1.0` is the label `1`.
    pub(super) fn float(value: f64) -> Self {
        let whole = value.trunc().to_bits() == value.to_bits() && value.abs() < 9e15;
        if whole { Self::Integer(value as i64) } else { Self::Float(value) }
    }

    /// A number without a sign.
    pub(super) fn unsigned(value: u64) -> Result<Self, String> {
        let signed = i64::try_from(value);
        signed.map(Self::Integer).map_err(|_| format!("{value} is larger than 2^63 - 1"))
    }

    pub(super) fn boolean(value: bool) -> Self {
        Self::Text(if value { "true" } else { "false" })
    }
}

/// A column that hands over its values in order.
pub(super) trait Source {
    /// Hands the next `rows` rows to `take`, counted from 0.
    fn read(
        &mut self,
        rows: usize,
        take: impl FnMut(u64, Value<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault>;
}

/// The columns that are read.
pub(super) struct Columns<S> {
    pub(super) task: S,
    /// None where the file has no such column, as files of gold labels.
    pub(super) worker: Option<S>,
    pub(super) label: S,
}

impl<S: Source> Columns<S> {
    /// The next `rows` rows as a block; within a block rows count from 0.
    pub(super) fn block(&mut self, rows: usize, wanted: Wanted) -> Result<Block, Fault> {
        let mut block = Block { length: rows as u64, ..Block::default() };
        let kept = read_labels(&mut self.label, &mut block, rows, wanted)?;
        read_names(&mut self.task, &mut block.task, rows, &kept, "task")?;
        if let Some(worker) = &mut self.worker {
            read_names(worker, &mut block.worker, rows, &kept, "worker")?;
        }
        if wanted.places {
            block.place = (0..rows).filter(|&row| kept[row]).map(|row| row as u32).collect();
        }
        Ok(block)
    }
}

/// Reads labels; which rows have one.
fn read_labels(
    source: &mut impl Source,
    block: &mut Block,
    rows: usize,
    wanted: Wanted,
) -> Result<Vec<bool>, Fault> {
    let mut kept = Vec::with_capacity(rows);
    source.read(rows, |row, value| {
        let result = match value {
            Value::Missing => push_label(block, "", wanted),
            Value::Integer(value) if wanted.numbers => {
                push_value(block, value as f64).map(|()| true)
            }
            Value::Float(value) if wanted.numbers => push_value(block, value).map(|()| true),
            Value::Float(value) if value.is_nan() => {
                Err("the label is NaN; write a missing label as null".to_owned())
            }
            Value::Integer(value) => {
                block.label.push_number(value);
                Ok(true)
            }
            Value::Float(value) => push_label(block, &value.to_string(), wanted),
            Value::Text(text) => push_label(block, text, wanted),
        };
        kept.push(result.map_err(|what| Fault::at(row, what))?);
        Ok(())
    })?;
    Ok(kept)
}

/// Reads the names of the rows that have a label.
fn read_names(
    source: &mut impl Source,
    column: &mut Column,
    rows: usize,
    kept: &[bool],
    what: &str,
) -> Result<(), Fault> {
    source.read(rows, |row, value| {
        if !kept[row as usize] {
            return Ok(());
        }
        match value {
            Value::Integer(value) => column.push_number(value),
            Value::Text(text) if !text.is_empty() => column.push(text),
            Value::Float(value) if !value.is_nan() => column.push(&value.to_string()),
            _ => return Err(Fault::at(row, format!("the {what} is empty"))),
        }
        Ok(())
    })
}
