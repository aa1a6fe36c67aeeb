//! Arrow files (IPC, also called Feather): batch by batch.

mod lengths;

use std::fmt::Display;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_ipc::reader::FileReader;
use arrow_schema::{ArrowError, DataType};

use crate::read::block::Fault;
use crate::read::csv::missing_column;
use crate::read::guard::guarded;
use crate::read::label::Wanted;
use crate::read::pipeline::Emit;
use crate::read::typed::{Columns, Source, Value};

/// Batches that a thread reads after opening the file once.
const BATCHES: usize = 16;

/// What the end of the file says of it, and which columns are read.
pub(super) struct Layout {
    batches: usize,
    bytes: u64,
    task: usize,
    worker: Option<usize>,
    label: usize,
}

impl Layout {
    pub(super) fn of(mut file: File, worker: bool) -> Result<Self, Fault> {
        let bytes = file.metadata().map_or(0, |about| about.len());
        let reader = guarded("Arrow", || {
            lengths::check(&mut file, bytes)?;
            FileReader::try_new(file, None).map_err(|error| damaged(&error))
        })?;
        let fields = reader.schema().fields().clone();
        let names = || fields.iter().map(|field| field.name().as_str());
        let place = |wanted: &str| {
            let place = names()
                .position(|name| name.eq_ignore_ascii_case(wanted))
                .ok_or_else(|| Fault::new(missing_column(wanted, names())))?;
            check_type(wanted, fields[place].data_type())?;
            Ok(place)
        };
        let (task, label) = (place("task")?, place("label")?);
        let worker = if worker { Some(place("worker")?) } else { None };
        Ok(Self { batches: reader.num_batches(), bytes, task, worker, label })
    }

    /// The stretches of batches that are read one by one.
    pub(super) fn parts(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let batches = self.batches;
        (0..batches).step_by(BATCHES).map(move |first| first..(first + BATCHES).min(batches))
    }

    /// Reads some batches; what a damaged file makes the decoder do is told, whatever it is.
    pub(super) fn parse(
        &self,
        path: &Path,
        batches: Range<usize>,
        wanted: Wanted,
        emit: Emit<'_>,
    ) -> Result<(), Fault> {
        guarded("Arrow", || self.parse_batches(path, batches, wanted, emit))
    }

    fn parse_batches(
        &self,
        path: &Path,
        batches: Range<usize>,
        wanted: Wanted,
        emit: Emit<'_>,
    ) -> Result<(), Fault> {
        let file =
            File::open(path).map_err(|error| Fault::new(format!("cannot be read: {error}")))?;
        let mut columns = vec![self.task, self.label];
        columns.extend(self.worker);
        columns.sort_unstable();
        columns.dedup();
        let place = |column: usize| columns.binary_search(&column).unwrap_or_default();
        let (task, label, worker) = (place(self.task), place(self.label), self.worker.map(place));
        let told = |error: ArrowError| damaged(&error);
        let mut reader = FileReader::try_new(file, Some(columns.clone())).map_err(told)?;
        reader.set_index(batches.start).map_err(told)?;
        for batch in reader.take(batches.len()) {
            let batch = batch.map_err(told)?;
            let whole = |column: usize| Whole(batch.column(column).clone());
            let mut columns =
                Columns { task: whole(task), worker: worker.map(whole), label: whole(label) };
            let rows = batch.num_rows();
            let mut block = columns.block(rows, wanted)?;
            block.bytes = self.bytes / self.batches.max(1) as u64;
            if !emit(block) {
                break;
            }
        }
        Ok(())
    }
}

/// A column of a batch; all of it is read at once.
struct Whole(ArrayRef);

impl Source for Whole {
    fn read(
        &mut self,
        rows: usize,
        take: impl FnMut(u64, Value<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        debug_assert_eq!(rows, self.0.len(), "a batch is one block");
        each(&self.0, &mut { take })
    }
}

/// Takes a value and its row.
type Take<'a> = &'a mut dyn FnMut(u64, Value<'_>) -> Result<(), Fault>;

fn each(array: &dyn Array, take: Take<'_>) -> Result<(), Fault> {
    /// Hands over every value of an array of a known type.
    macro_rules! values {
        ($array:expr, $value:expr) => {{
            let array = $array;
            for row in 0..array.len() {
                let value =
                    if array.is_null(row) { Ok(Value::Missing) } else { $value(array.value(row)) };
                take(row as u64, value.map_err(|what: String| Fault::at(row as u64, what))?)?;
            }
            Ok(())
        }};
    }
    match array.data_type() {
        DataType::Boolean => values!(array.as_boolean(), |value| Ok(Value::boolean(value))),
        DataType::Int8 => {
            values!(array.as_primitive::<Int8Type>(), |v: i8| Ok(Value::Integer(v.into())))
        }
        DataType::Int16 => {
            values!(array.as_primitive::<Int16Type>(), |v: i16| Ok(Value::Integer(v.into())))
        }
        DataType::Int32 => {
            values!(array.as_primitive::<Int32Type>(), |v: i32| Ok(Value::Integer(v.into())))
        }
        DataType::Int64 => values!(array.as_primitive::<Int64Type>(), |v| Ok(Value::Integer(v))),
        DataType::UInt8 => {
            values!(array.as_primitive::<UInt8Type>(), |v: u8| Ok(Value::Integer(v.into())))
        }
        DataType::UInt16 => {
            values!(array.as_primitive::<UInt16Type>(), |v: u16| Ok(Value::Integer(v.into())))
        }
        DataType::UInt32 => {
            values!(array.as_primitive::<UInt32Type>(), |v: u32| Ok(Value::Integer(v.into())))
        }
        DataType::UInt64 => values!(array.as_primitive::<UInt64Type>(), Value::unsigned),
        DataType::Float32 => {
            values!(array.as_primitive::<Float32Type>(), |v: f32| Ok(Value::float(v.into())))
        }
        DataType::Float64 => values!(array.as_primitive::<Float64Type>(), |v| Ok(Value::float(v))),
        DataType::Utf8 => values!(array.as_string::<i32>(), |text| Ok(Value::Text(text))),
        DataType::LargeUtf8 => values!(array.as_string::<i64>(), |text| Ok(Value::Text(text))),
        DataType::Utf8View => values!(array.as_string_view(), |text| Ok(Value::Text(text))),
        DataType::Null => (0..array.len() as u64).try_for_each(|row| take(row, Value::Missing)),
        DataType::Dictionary(_, _) => dictionary(array, take),
        _ => Err(Fault::new("has a column of a type that is not read")),
    }
}

/// Values by their codes in a dictionary of texts.
fn dictionary(array: &dyn Array, take: Take<'_>) -> Result<(), Fault> {
    let coded = array.as_any_dictionary();
    let mut names: Vec<Option<String>> = Vec::with_capacity(coded.values().len());
    each(coded.values(), &mut |_, value| {
        names.push(match value {
            Value::Missing => None,
            Value::Integer(value) => Some(value.to_string()),
            Value::Float(value) => Some(value.to_string()),
            Value::Text(text) => Some(text.to_owned()),
        });
        Ok(())
    })?;
    // Without names every code is that of a missing value.
    let keys = if names.is_empty() { vec![0; array.len()] } else { coded.normalized_keys() };
    for (row, key) in keys.into_iter().enumerate() {
        let name =
            if array.is_null(row) { None } else { names.get(key).and_then(Option::as_deref) };
        take(row as u64, name.map_or(Value::Missing, Value::Text))?;
    }
    Ok(())
}

fn check_type(name: &str, found: &DataType) -> Result<(), Fault> {
    let inner = if let DataType::Dictionary(_, value) = found { value } else { found };
    let known = inner.is_integer()
        || matches!(inner, DataType::Float32 | DataType::Float64 | DataType::Boolean)
        || matches!(
            inner,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null
        );
    if known {
        return Ok(());
    }
    Err(Fault::new(format!(
        "column `{name}` holds {found}; it must hold texts, integers, numbers or booleans"
    )))
}

fn damaged(error: &impl Display) -> Fault {
    Fault::new(format!("is no Arrow file that can be read: {error}"))
}
