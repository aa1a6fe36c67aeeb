//! The values of one column of a row group, whatever its type.

use std::fs::File;
use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescPtr;

use super::damaged;
use crate::read::block::Fault;
use crate::read::typed::{self, Value};

/// One column of a row group.
pub(super) struct Source {
    reader: ColumnReader,
    /// Whether 32- or 64-bit integers have no sign.
    unsigned: bool,
    definition: i16,
}

impl Source {
    pub(super) fn open(
        file: &Arc<File>,
        metadata: &ParquetMetaData,
        group: usize,
        column: usize,
    ) -> Result<Self, Fault> {
        let group = metadata.row_group(group);
        let rows = group.num_rows().max(0) as usize;
        let chunk = group.column(column);
        let pages = SerializedPageReader::new(Arc::clone(file), chunk, rows, None);
        let pages = pages.map_err(|error| damaged(&error))?;
        let description = chunk.column_descr_ptr();
        let (definition, unsigned) = (description.max_def_level(), is_unsigned(&description));
        Ok(Self { reader: get_column_reader(description, Box::new(pages)), unsigned, definition })
    }
}

impl typed::Source for Source {
    fn read(
        &mut self,
        rows: usize,
        take: impl FnMut(u64, Value<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let (definition, unsigned) = (self.definition, self.unsigned);
        match &mut self.reader {
            ColumnReader::BoolColumnReader(reader) => {
                each(reader, rows, definition, take, |&value| Ok(Value::boolean(value)))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                each(reader, rows, definition, take, |&value| {
                    let signed = i64::from(value);
                    Ok(Value::Integer(if unsigned {
                        i64::from(value.cast_unsigned())
                    } else {
                        signed
                    }))
                })
            }
            ColumnReader::Int64ColumnReader(reader) => {
                each(reader, rows, definition, take, |&value| {
                    if unsigned {
                        Value::unsigned(value.cast_unsigned())
                    } else {
                        Ok(Value::Integer(value))
                    }
                })
            }
            ColumnReader::FloatColumnReader(reader) => {
                each(reader, rows, definition, take, |&value| Ok(Value::float(f64::from(value))))
            }
            ColumnReader::DoubleColumnReader(reader) => {
                each(reader, rows, definition, take, |&value| Ok(Value::float(value)))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                each(reader, rows, definition, take, |value: &ByteArray| {
                    let text = std::str::from_utf8(value.data());
                    text.map(Value::Text).map_err(|_| "is not UTF-8".to_owned())
                })
            }
            _ => Err(Fault::new("has a column of a type that is not read")),
        }
    }
}

fn each<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    definition: i16,
    mut take: impl FnMut(u64, Value<'_>) -> Result<(), Fault>,
    value: impl for<'a> Fn(&'a T::T) -> Result<Value<'a>, String>,
) -> Result<(), Fault> {
    let (mut levels, mut values) = (Vec::new(), Vec::with_capacity(rows));
    let mut found = 0;
    while found < rows {
        let optional = (definition > 0).then_some(&mut levels);
        let read = reader.read_records(rows - found, optional, None, &mut values);
        match read.map_err(|error| damaged(&error))?.0 {
            0 => return Err(Fault::new("is damaged: a column ends before the others")),
            records => found += records,
        }
    }
    let mut next = values.iter();
    for row in 0..rows {
        let present = definition == 0 || levels.get(row).is_some_and(|&level| level == definition);
        let value = match present.then(|| next.next()).flatten() {
            Some(found) => value(found).map_err(|what| Fault::at(row as u64, what))?,
            None => Value::Missing,
        };
        take(row as u64, value)?;
    }
    Ok(())
}

fn is_unsigned(column: &ColumnDescPtr) -> bool {
    match column.logical_type_ref() {
        Some(LogicalType::Integer(integer)) => !integer.is_signed,
        _ => matches!(
            column.converted_type(),
            ConvertedType::UINT_8
                | ConvertedType::UINT_16
                | ConvertedType::UINT_32
                | ConvertedType::UINT_64
        ),
    }
}
