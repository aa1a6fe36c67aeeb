//! Reads tables that people send (CSV, NDJSON, a JSON array) row by row, so that every mistake can name its line.

use std::io::{BufRead as _, BufReader, Read};

use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::error::{Error, FieldError, Result};
use crate::project::keys::shown;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Ndjson,
    Json,
}

impl Format {
    /// The format that a `Content-Type` names.
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        match content_type.split(';').next().unwrap_or_default().trim() {
            "text/csv" => Some(Self::Csv),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => {
                Some(Self::Ndjson)
            }
            "application/json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// One row, and where it stands (`line 17`, or `item 3` of a JSON array).
#[derive(Debug)]
pub struct Row<'a> {
    pub place: String,
    cells: Cells<'a>,
}

#[derive(Debug)]
enum Cells<'a> {
    Text { columns: &'a csv::StringRecord, cells: &'a csv::StringRecord },
    Json(Map<String, Value>),
}

/// The value of one column.
#[derive(Debug)]
pub enum Cell<'a> {
    Text(&'a str),
    Json(&'a Value),
}

impl Row<'_> {
    /// `None` if the row lacks the column, or its cell is empty or null.
    pub fn get(&self, column: &str) -> Option<Cell<'_>> {
        match &self.cells {
            Cells::Text { columns, cells } => {
                let index = columns.iter().position(|name| name == column)?;
                cells.get(index).filter(|text| !text.is_empty()).map(Cell::Text)
            }
            Cells::Json(object) => {
                object.get(column).filter(|value| !value.is_null()).map(Cell::Json)
            }
        }
    }

    /// The column as a name: a text, or a number's digits.
    pub fn name(&self, column: &str) -> Result<Option<String>, FieldError> {
        match self.get(column) {
            None => Ok(None),
            Some(Cell::Text(text)) => Ok(Some(text.to_owned())),
            Some(Cell::Json(Value::String(text))) => {
                Ok(Some(text.clone()).filter(|text| !text.is_empty()))
            }
            Some(Cell::Json(Value::Number(number))) => Ok(Some(number.to_string())),
            Some(Cell::Json(other)) => {
                Err(self.error(column, format!("must be a text, not {}", shown(other))))
            }
        }
    }

    pub fn columns(&self) -> Vec<&str> {
        match &self.cells {
            Cells::Text { columns, .. } => columns.iter().collect(),
            Cells::Json(object) => object.keys().map(String::as_str).collect(),
        }
    }

    /// An error of this row that names the column.
    pub fn error(&self, column: &str, message: impl Into<String>) -> FieldError {
        FieldError::new(format!("{}, column {column}", self.place), message)
    }
}

/// Errors told at most; the rest of the file is not read.
const MOST_ERRORS: usize = 20;

/// Hands every row to `take`. All that `take` finds wrong is collected; a file that cannot be read further ends it.
pub fn read(
    format: Format,
    reader: impl Read,
    mut take: impl FnMut(&Row) -> Result<(), Vec<FieldError>>,
) -> Result<()> {
    let mut errors = Vec::new();
    let mut collect = |row: &Row| {
        if let Err(found) = take(row) {
            errors.extend(found);
        }
        errors.len() < MOST_ERRORS
    };
    let end = match format {
        Format::Csv => read_csv(reader, &mut collect),
        Format::Ndjson => read_ndjson(reader, &mut collect),
        Format::Json => read_json(reader, &mut collect),
    };
    errors.extend(end.err());
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// Each reader stops when this answers false.
type Take<'a> = dyn FnMut(&Row) -> bool + 'a;

fn read_csv(reader: impl Read, take: &mut Take) -> Result<(), FieldError> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(false).from_reader(without_byte_order_mark(reader));
    let columns = reader.headers().map_err(|error| csv_error(&error))?.clone();
    for (index, name) in columns.iter().enumerate() {
        if columns.iter().take(index).any(|earlier| earlier == name) {
            return Err(FieldError::new(
                "line 1",
                format!("the column `{name}` stands there twice"),
            ));
        }
    }
    let mut cells = csv::StringRecord::new();
    while reader.read_record(&mut cells).map_err(|error| csv_error(&error))? {
        let line = cells.position().map_or(0, csv::Position::line);
        let row = Row {
            place: format!("line {line}"),
            cells: Cells::Text { columns: &columns, cells: &cells },
        };
        if !take(&row) {
            return Ok(());
        }
    }
    Ok(())
}

fn csv_error(error: &csv::Error) -> FieldError {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} cells, but the first line names {expected_len} columns")
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        csv::ErrorKind::Io(error) => format!("cannot be read: {error}"),
        _ => error.to_string(),
    };
    FieldError::new(format!("line {line}"), message)
}

fn read_ndjson(reader: impl Read, take: &mut Take) -> Result<(), FieldError> {
    for (index, line) in BufReader::new(without_byte_order_mark(reader)).split(b'\n').enumerate() {
        let place = format!("line {}", index + 1);
        let line =
            line.map_err(|error| FieldError::new(&place, format!("cannot be read: {error}")))?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let value: Value = serde_json::from_slice(&line)
            .map_err(|error| FieldError::new(&place, format!("is not JSON: {error}")))?;
        if !take(&json_row(place, value)?) {
            return Ok(());
        }
    }
    Ok(())
}

fn json_row(place: String, value: Value) -> Result<Row<'static>, FieldError> {
    match value {
        Value::Object(object) => Ok(Row { place, cells: Cells::Json(object) }),
        other => Err(FieldError::new(
            place,
            format!("must be an object with the columns as keys, not {}", shown(&other)),
        )),
    }
}

fn read_json(reader: impl Read, take: &mut Take) -> Result<(), FieldError> {
    let mut items = Items { take, count: 0, error: None };
    let mut json =
        serde_json::Deserializer::from_reader(BufReader::new(without_byte_order_mark(reader)));
    let read = (&mut items).deserialize(&mut json).and_then(|()| json.end());
    match (items.error, read) {
        (Some(Stop::Error(error)), _) => Err(error),
        (Some(Stop::Enough), _) | (None, Ok(())) => Ok(()),
        (None, Err(error)) => Err(FieldError::new(
            format!("line {}", error.line()),
            format!("is not a JSON array: {error}"),
        )),
    }
}

/// Takes the items of a JSON array one by one.
struct Items<'t, 'a> {
    take: &'t mut Take<'a>,
    count: usize,
    error: Option<Stop>,
}

enum Stop {
    Enough,
    Error(FieldError),
}

impl<'de> DeserializeSeed<'de> for &mut Items<'_, '_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for &mut Items<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(value) = items.next_element::<Value>()? {
            self.count += 1;
            self.error = match json_row(format!("item {}", self.count), value) {
                Ok(row) if (self.take)(&row) => continue,
                Ok(_) => Some(Stop::Enough),
                Err(error) => Some(Stop::Error(error)),
            };
            return Err(serde::de::Error::custom("stopped"));
        }
        Ok(())
    }
}

fn without_byte_order_mark(reader: impl Read) -> impl Read {
    let mut reader = BufReader::new(reader);
    if reader.fill_buf().is_ok_and(|start| start.starts_with(b"\xef\xbb\xbf")) {
        reader.consume(3);
    }
    reader
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_all(format: Format, text: &[u8]) -> Result<Vec<String>, String> {
        let mut rows = Vec::new();
        read(format, text, |row| {
            let column =
                |name| row.name(name).map_err(|error| vec![error]).map(Option::unwrap_or_default);
            rows.push(format!("{} {}={}", row.place, column("a")?, column("b")?));
            Ok(())
        })
        .map(|()| rows)
        .map_err(|error| error.to_string())
    }

    #[test]
    fn three_formats_give_the_same_rows() {
        let expected = |place: &str, first: usize| {
            Ok(vec![format!("{place} {first} 1=x"), format!("{place} {} 2=", first + 1)])
        };
        assert_eq!(read_all(Format::Csv, b"\xef\xbb\xbfa,b\n1,x\n2,\n"), expected("line", 2));
        assert_eq!(
            read_all(Format::Ndjson, b"{\"a\":1,\"b\":\"x\"}\n{\"a\":\"2\"}\n\n"),
            expected("line", 1)
        );
        assert_eq!(
            read_all(Format::Json, b"[{\"a\":1,\"b\":\"x\"},{\"a\":\"2\",\"b\":null}]"),
            expected("item", 1)
        );
    }

    #[test]
    fn a_mistake_names_its_line() {
        let told = |format, text: &str| read_all(format, text.as_bytes()).expect_err("is wrong");
        assert_eq!(
            told(Format::Csv, "a,b\n1,2\n3\n"),
            "line 3: has 1 cells, but the first line names 2 columns"
        );
        assert_eq!(told(Format::Csv, "a,a\n1,2\n"), "line 1: the column `a` stands there twice");
        assert!(told(Format::Ndjson, "{}\n{oops\n").starts_with("line 2: is not JSON"));
        assert_eq!(
            told(Format::Ndjson, "{}\n[1]\n"),
            "line 2: must be an object with the columns as keys, not [1]"
        );
        assert_eq!(
            told(Format::Json, "[{},\n7]"),
            "item 2: must be an object with the columns as keys, not 7"
        );
        assert!(told(Format::Json, "[{},\n{]").starts_with("line 2: is not a JSON array"));
        assert_eq!(
            told(Format::Ndjson, "{\"a\":[1]}"),
            "line 1, column a: must be a text, not [1]"
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), csv_like in "[a,b\"\n1{}\\[\\]:]{0,80}") {
            for format in [Format::Csv, Format::Ndjson, Format::Json] {
                drop(read_all(format, &bytes));
                drop(read_all(format, csv_like.as_bytes()));
            }
        }
    }
}
