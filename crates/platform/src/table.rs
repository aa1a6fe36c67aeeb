//! Tables that leave the platform: CSV, NDJSON or Parquet, written row by row into small pieces, so that a table of any
//! length takes the same memory.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use parquet::basic::{LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use serde_json::Value;

use crate::error::{Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Ndjson,
    Parquet,
}

impl Format {
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The ending of a file of this format.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Parquet => "parquet",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Float,
    /// Any JSON value: itself in NDJSON, its text elsewhere. A JSON string is a plain text in CSV and Parquet.
    Json,
}

#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

impl Column {
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// A cell of the kind of its column.
#[derive(Clone, Debug)]
pub enum Cell {
    Null,
    Text(String),
    Integer(i64),
    Float(f64),
    Json(Value),
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl Cell {
    fn into_text(self) -> Option<String> {
        match self {
            Self::Null | Self::Json(Value::Null) => None,
            Self::Text(text) | Self::Json(Value::String(text)) => Some(text),
            Self::Integer(number) => Some(number.to_string()),
            Self::Float(number) => Some(number.to_string()),
            Self::Json(value) => Some(value.to_string()),
        }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::String(text),
            Self::Integer(number) => number.into(),
            Self::Float(number) => number.into(),
            Self::Json(value) => value,
        }
    }
}

/// Rows of one Parquet row group: what is held in memory at most.
const ROW_GROUP: usize = 20_000;

/// Writes one table. Rows go in by [`Writer::push`]; what is ready comes out by [`Writer::take`].
pub struct Writer {
    columns: Arc<[Column]>,
    sink: Sink,
}

enum Sink {
    Csv(Box<csv::Writer<Vec<u8>>>),
    Ndjson(Vec<u8>),
    Parquet { file: Box<SerializedFileWriter<Ready>>, rows: Vec<Vec<Cell>>, ready: Ready },
}

/// Bytes written and not yet taken.
#[derive(Clone, Default)]
struct Ready(Arc<Mutex<Vec<u8>>>);

impl Ready {
    fn take(&self) -> Bytes {
        std::mem::take(&mut *self.0.lock().expect("no panic holds this lock")).into()
    }
}

impl std::io::Write for Ready {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic holds this lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Writer {
    pub fn new(format: Format, columns: Vec<Column>) -> Result<Self> {
        let columns: Arc<[Column]> = columns.into();
        let sink = match format {
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(Vec::new());
                csv.write_record(columns.iter().map(|column| &column.name)).map_err(failed)?;
                Sink::Csv(Box::new(csv))
            }
            Format::Ndjson => Sink::Ndjson(Vec::new()),
            Format::Parquet => {
                let ready = Ready::default();
                let file =
                    SerializedFileWriter::new(ready.clone(), schema(&columns)?, properties())
                        .map_err(failed)?;
                Sink::Parquet { file: Box::new(file), rows: Vec::new(), ready }
            }
        };
        Ok(Self { columns, sink })
    }

    /// Adds a row with one cell for each column.
    pub fn push(&mut self, row: Vec<Cell>) -> Result<()> {
        match &mut self.sink {
            Sink::Csv(csv) => {
                let cells = row.into_iter().map(|cell| cell.into_text().unwrap_or_default());
                csv.write_record(cells).map_err(failed)
            }
            Sink::Ndjson(lines) => {
                let names = self.columns.iter().map(|column| column.name.clone());
                let object: serde_json::Map<_, _> =
                    names.zip(row.into_iter().map(Cell::into_json)).collect();
                serde_json::to_writer(&mut *lines, &object).map_err(failed)?;
                lines.push(b'\n');
                Ok(())
            }
            Sink::Parquet { file, rows, .. } => {
                rows.push(row);
                if rows.len() >= ROW_GROUP {
                    write_group(file, &self.columns, std::mem::take(rows))
                } else {
                    Ok(())
                }
            }
        }
    }

    /// What has become ready since the last time.
    pub fn take(&mut self) -> Result<Bytes> {
        match &mut self.sink {
            Sink::Csv(csv) => {
                let full = std::mem::replace(&mut **csv, csv::Writer::from_writer(Vec::new()));
                full.into_inner().map(Bytes::from).map_err(failed)
            }
            Sink::Ndjson(lines) => Ok(std::mem::take(lines).into()),
            Sink::Parquet { ready, .. } => Ok(ready.take()),
        }
    }

    /// The rest of the table.
    pub fn finish(mut self) -> Result<Bytes> {
        if let Sink::Parquet { mut file, rows, ready } = self.sink {
            if !rows.is_empty() {
                write_group(&mut file, &self.columns, rows)?;
            }
            file.close().map_err(failed)?;
            return Ok(ready.take());
        }
        self.take()
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("writing a table: {error}"))
}

fn properties() -> Arc<WriterProperties> {
    let properties =
        WriterProperties::builder().set_compression(parquet::basic::Compression::SNAPPY);
    properties
        .set_created_by(concat!("crowdsmith ", env!("CARGO_PKG_VERSION")).to_owned())
        .build()
        .into()
}

/// All columns are optional: a missing value is null.
fn schema(columns: &[Column]) -> Result<Arc<Type>> {
    let fields = columns.iter().map(|column| {
        let (physical, logical) = match column.kind {
            Kind::Text | Kind::Json => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Integer => (PhysicalType::INT64, None),
            Kind::Float => (PhysicalType::DOUBLE, None),
        };
        Type::primitive_type_builder(&column.name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
            .map_err(failed)
    });
    let fields = fields.collect::<Result<Vec<_>>>()?;
    Type::group_type_builder("rows").with_fields(fields).build().map(Arc::new).map_err(failed)
}

fn write_group(
    file: &mut SerializedFileWriter<Ready>,
    columns: &[Column],
    rows: Vec<Vec<Cell>>,
) -> Result<()> {
    let mut by_column: Vec<Vec<Cell>> =
        columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
    for row in rows {
        for (column, cell) in by_column.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    let mut group = file.next_row_group().map_err(failed)?;
    for (column, cells) in columns.iter().zip(by_column) {
        write_column(&mut group, column.kind, cells)?;
    }
    group.close().map(drop).map_err(failed)
}

fn write_column(
    group: &mut SerializedRowGroupWriter<Ready>,
    kind: Kind,
    cells: Vec<Cell>,
) -> Result<()> {
    let mut column = group
        .next_column()
        .map_err(failed)?
        .ok_or_else(|| failed("the schema has fewer columns"))?;
    match kind {
        Kind::Text | Kind::Json => {
            let (values, levels) = present(cells, |cell| {
                cell.into_text().map(|text| ByteArray::from(text.into_bytes()))
            });
            column
                .typed::<ByteArrayType>()
                .write_batch(&values, Some(&levels), None)
                .map_err(failed)?;
        }
        Kind::Integer => {
            let (values, levels) =
                present(
                    cells,
                    |cell| if let Cell::Integer(number) = cell { Some(number) } else { None },
                );
            column
                .typed::<Int64Type>()
                .write_batch(&values, Some(&levels), None)
                .map_err(failed)?;
        }
        Kind::Float => {
            let (values, levels) =
                present(
                    cells,
                    |cell| if let Cell::Float(number) = cell { Some(number) } else { None },
                );
            column
                .typed::<DoubleType>()
                .write_batch(&values, Some(&levels), None)
                .map_err(failed)?;
        }
    }
    column.close().map_err(failed)
}

/// The values that are there, and for each cell whether there is one (Parquet's definition levels).
fn present<T>(cells: Vec<Cell>, read: impl Fn(Cell) -> Option<T>) -> (Vec<T>, Vec<i16>) {
    let mut levels = Vec::with_capacity(cells.len());
    let mut values = Vec::with_capacity(cells.len());
    for cell in cells {
        let value = read(cell);
        levels.push(i16::from(value.is_some()));
        values.extend(value);
    }
    (values, levels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use serde_json::json;

    fn write(format: Format, rows: usize) -> Vec<u8> {
        let columns = [
            ("name", Kind::Text),
            ("count", Kind::Integer),
            ("share", Kind::Float),
            ("value", Kind::Json),
        ];
        let columns = columns.map(|(name, kind)| Column::new(name, kind)).to_vec();
        let mut writer = Writer::new(format, columns).expect("a writer");
        let mut bytes = Vec::new();
        for row in 0..rows {
            let count = if row % 2 == 0 { Cell::Integer(row as i64) } else { Cell::Null };
            let cells = vec![
                format!("a, \"{row}\"").into(),
                count,
                0.5.into(),
                Cell::Json(json!(["x", row])),
            ];
            writer.push(cells).expect("a row");
            bytes.extend(writer.take().expect("bytes"));
        }
        bytes.extend(writer.finish().expect("the rest"));
        bytes
    }

    #[test]
    fn csv_and_ndjson_say_the_same() {
        let csv = String::from_utf8(write(Format::Csv, 2)).expect("text");
        assert_eq!(
            csv,
            "name,count,share,value\n\"a, \"\"0\"\"\",0,0.5,\"[\"\"x\"\",0]\"\n\"a, \"\"1\"\"\",,0.5,\"[\"\"x\"\",1]\"\n"
        );
        let ndjson = String::from_utf8(write(Format::Ndjson, 2)).expect("text");
        let first = ndjson.lines().next().expect("a line");
        assert_eq!(first, r#"{"name":"a, \"0\"","count":0,"share":0.5,"value":["x",0]}"#);
    }

    #[test]
    fn parquet_reads_back_across_row_groups() {
        let rows = ROW_GROUP + 10;
        let file = SerializedFileReader::new(Bytes::from(write(Format::Parquet, rows)))
            .expect("a Parquet file");
        assert_eq!(file.metadata().num_row_groups(), 2);
        let read: Vec<String> = file
            .get_row_iter(None)
            .expect("rows")
            .map(|row| row.expect("a row").to_string())
            .collect();
        assert_eq!(read.len(), rows);
        assert_eq!(read[1], r#"{name: "a, "1"", count: null, share: 0.5, value: "["x",1]"}"#);
    }
}
