//! CSV: the header, and blocks of records.

use super::block::{Block, Column, Fault};
use super::label::{Wanted, push_label};

/// Which fields of a record are read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    fields: usize,
    task: usize,
    worker: Option<usize>,
    label: usize,
}

impl Layout {
    /// Finds the columns in the first line; the delimiter is a comma, tab or semicolon, whichever the line has most.
    pub(super) fn of(header: &str, worker: bool) -> Result<Self, Fault> {
        let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
        let delimiter = *[b';', b'\t', b','].iter().max_by_key(|d| count(d)).unwrap_or(&b',');
        let mut names = csv::StringRecord::new();
        reader(header.as_bytes(), delimiter)
            .read_record(&mut names)
            .map_err(|error| Fault::at(0, error.to_string()))?;
        let place = |wanted: &str| {
            let mut places =
                (0..names.len()).filter(|&at| names[at].trim().eq_ignore_ascii_case(wanted));
            let first = places.next();
            match places.next() {
                Some(_) => Err(Fault::at(0, format!("the header names `{wanted}` twice"))),
                None => first.ok_or_else(|| Fault::at(0, missing_column(wanted, names.iter()))),
            }
        };
        Ok(Self {
            delimiter,
            fields: names.len(),
            task: place("task")?,
            worker: if worker { Some(place("worker")?) } else { None },
            label: place("label")?,
        })
    }

    /// Parses whole records.
    pub(super) fn parse(&self, bytes: &[u8], wanted: Wanted) -> Result<Block, Fault> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = memchr::memchr_iter(b'\n', &bytes[..error.valid_up_to()]).count();
            Fault::at(line as u64, "is not UTF-8; convert the file, for example with iconv")
        })?;
        let mut block = if plain(bytes) {
            self.parse_plain(text, wanted)?
        } else {
            self.parse_quoted(bytes, wanted)?
        };
        block.length = memchr::memchr_iter(b'\n', bytes).count() as u64;
        block.bytes = bytes.len() as u64;
        Ok(block)
    }

    /// Records without quotation marks are lines cut at the delimiter.
    fn parse_plain(&self, text: &str, wanted: Wanted) -> Result<Block, Fault> {
        let mut block = Block::default();
        let mut fields = vec![""; self.fields];
        for (line, record) in Lines(text).enumerate() {
            if record.is_empty() {
                continue;
            }
            let (mut count, mut start) = (0, 0);
            for (at, byte) in record.bytes().enumerate() {
                if byte == self.delimiter {
                    if let Some(field) = fields.get_mut(count) {
                        *field = &record[start..at];
                    }
                    (count, start) = (count + 1, at + 1);
                }
            }
            if let Some(field) = fields.get_mut(count) {
                *field = &record[start..];
            }
            self.push(&mut block, line as u64, count + 1, |at| fields[at], wanted)?;
        }
        Ok(block)
    }

    fn parse_quoted(&self, bytes: &[u8], wanted: Wanted) -> Result<Block, Fault> {
        let mut block = Block::default();
        let mut reader = reader(bytes, self.delimiter);
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => return Ok(block),
                Err(error) => return Err(Fault::new(error.to_string())),
            }
            let line = record.position().map_or(0, |position| line_of(bytes, position));
            self.push(&mut block, line, record.len(), |at| &record[at], wanted)?;
        }
    }

    fn push<'a>(
        &self,
        block: &mut Block,
        line: u64,
        found: usize,
        field: impl Fn(usize) -> &'a str,
        wanted: Wanted,
    ) -> Result<(), Fault> {
        if found != self.fields {
            let expected = self.fields;
            return Err(Fault::at(
                line,
                format!("the header has {expected} fields, this line {found}"),
            ));
        }
        if !push_label(block, field(self.label), wanted).map_err(|what| Fault::at(line, what))? {
            return Ok(());
        }
        push_name(&mut block.task, "task", field(self.task), line)?;
        if let Some(worker) = self.worker {
            push_name(&mut block.worker, "worker", field(worker), line)?;
        }
        if wanted.places {
            block.place.push(line as u32);
        }
        Ok(())
    }
}

/// The line on which a record starts; the reader's position is before the empty lines that it passes over.
fn line_of(bytes: &[u8], position: &csv::Position) -> u64 {
    let behind = &bytes[(position.byte() as usize).min(bytes.len())..];
    let empty = behind.iter().take_while(|byte| matches!(byte, b'\n' | b'\r'));
    position.line() - 1 + empty.filter(|&&byte| byte == b'\n').count() as u64
}

fn push_name(column: &mut Column, what: &str, name: &str, line: u64) -> Result<(), Fault> {
    if name.is_empty() {
        return Err(Fault::at(line, format!("the {what} is empty")));
    }
    column.push(name);
    Ok(())
}

/// What to say where a column is missing.
pub(super) fn missing_column<'a>(wanted: &str, found: impl Iterator<Item = &'a str>) -> String {
    let found: Vec<String> = found.map(|name| format!("`{name}`")).collect();
    format!("there is no column `{wanted}`; the columns are {}", found.join(", "))
}

/// Whether lines are records: no quotation marks, and no carriage return but before a line feed.
fn plain(bytes: &[u8]) -> bool {
    memchr::memchr(b'"', bytes).is_none()
        && memchr::memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'))
}

fn reader(bytes: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(bytes)
}

/// Lines without their ends, found by `memchr`.
struct Lines<'a>(&'a str);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.0.as_bytes());
        let (line, rest) = end.map_or((self.0, ""), |at| (&self.0[..at], &self.0[at + 1..]));
        self.0 = rest;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a block holds, as text, to compare two ways of parsing.
    fn told(block: Result<Block, Fault>) -> String {
        let block = match block {
            Ok(block) => block,
            Err(fault) => return format!("{fault:?}"),
        };
        let mut names = crate::names::Names::expecting(0);
        let mut told = format!("{} missing, places {:?}:", block.missing, block.place);
        for column in [&block.task, &block.worker, &block.label] {
            let mut codes = Vec::new();
            column.code_into(&mut names, |code| codes.push(code));
            for &code in &codes {
                told += &format!(" {}", names.get(code as usize));
            }
        }
        told
    }

    proptest! {
        #[test]
        fn both_ways_of_parsing_agree(text in "([a1é,]|,,|\n|\r\n| ){0,40}") {
            let layout = Layout::of("task,worker,label", true).unwrap();
            let wanted = Wanted { numbers: false, places: true };
            prop_assume!(plain(text.as_bytes()));
            prop_assert_eq!(
                told(layout.parse_plain(&text, wanted)),
                told(layout.parse_quoted(text.as_bytes(), wanted))
            );
        }
    }

    #[test]
    fn the_delimiter_is_seen_from_the_header() {
        for (header, delimiter) in [("task;worker;label", b';'), ("label\ttask\tworker", b'\t')] {
            assert_eq!(Layout::of(header, true).unwrap().delimiter, delimiter);
        }
    }
}
