//! Parquet: row groups, column by column, in stretches of a bounded number of rows.

mod values;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{ConvertedType, Type};
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::ColumnDescPtr;

use self::values::Source;
use super::block::Fault;
use super::csv::missing_column;
use super::guard::guarded;
use super::label::Wanted;
use super::pipeline::Emit;
use super::typed::Columns;

/// Rows of a block.
const ROWS: usize = 1 << 18;

/// What the end of the file says of it, and which columns are read.
pub(super) struct Layout {
    metadata: ParquetMetaData,
    task: usize,
    worker: Option<usize>,
    label: usize,
}

impl Layout {
    pub(super) fn of(file: &File, worker: bool) -> Result<Self, Fault> {
        let metadata = guarded("Parquet", || {
            ParquetMetaDataReader::new().parse_and_finish(file).map_err(|error| damaged(&error))
        })?;
        let columns = metadata.file_metadata().schema_descr().columns();
        let names = || columns.iter().map(|column| column.name());
        let place = |wanted: &str| {
            let place = columns
                .iter()
                .position(|column| {
                    column.path().parts().len() == 1 && column.name().eq_ignore_ascii_case(wanted)
                })
                .ok_or_else(|| Fault::new(missing_column(wanted, names())))?;
            check_type(wanted, &columns[place])?;
            Ok(place)
        };
        let (task, label) = (place("task")?, place("label")?);
        let worker = if worker { Some(place("worker")?) } else { None };
        Ok(Self { metadata, task, worker, label })
    }

    /// Number of rows, as far as the file can be believed.
    pub(super) fn rows(&self) -> u64 {
        self.metadata.file_metadata().num_rows().max(0) as u64
    }

    pub(super) fn row_groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Reads one row group; what a damaged file makes the decoder do is told, whatever it is.
    pub(super) fn parse(
        &self,
        path: &Path,
        group: usize,
        wanted: Wanted,
        emit: Emit<'_>,
    ) -> Result<(), Fault> {
        guarded("Parquet", || self.parse_group(path, group, wanted, emit))
    }

    fn parse_group(
        &self,
        path: &Path,
        group: usize,
        wanted: Wanted,
        emit: Emit<'_>,
    ) -> Result<(), Fault> {
        // A file of its own: the reader seeks, and threads must not move each other's place.
        let file =
            File::open(path).map_err(|error| Fault::new(format!("cannot be read: {error}")))?;
        let file = Arc::new(file);
        let open = |column: usize| Source::open(&file, &self.metadata, group, column);
        let (task, label) = (open(self.task)?, open(self.label)?);
        let mut columns = Columns { task, worker: self.worker.map(open).transpose()?, label };
        let rows = self.metadata.row_group(group).num_rows().max(0) as usize;
        let bytes = self.metadata.row_group(group).compressed_size().max(0) as u64;
        let mut start = 0;
        while start < rows {
            let length = ROWS.min(rows - start);
            let mut block = columns.block(length, wanted)?;
            block.bytes = bytes * length as u64 / rows as u64;
            start += length;
            if !emit(block) {
                break;
            }
        }
        Ok(())
    }
}

fn check_type(name: &str, column: &ColumnDescPtr) -> Result<(), Fault> {
    let decimal = column.converted_type() == ConvertedType::DECIMAL;
    let known = matches!(
        column.physical_type(),
        Type::BOOLEAN | Type::INT32 | Type::INT64 | Type::FLOAT | Type::DOUBLE | Type::BYTE_ARRAY
    );
    if known && !decimal && column.max_rep_level() == 0 {
        return Ok(());
    }
    let found = if decimal { "decimal".to_owned() } else { column.physical_type().to_string() };
    Err(Fault::new(format!(
        "column `{name}` holds {found}; it must hold texts, integers, numbers or booleans"
    )))
}

fn damaged(error: &parquet::errors::ParquetError) -> Fault {
    Fault::new(format!("is no Parquet file that can be read: {error}"))
}
