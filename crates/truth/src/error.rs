//! What can be wrong with the input of an estimator.

/// Why judgments were refused or a fit was not possible.
///
/// Rows are counted from 0 in the order in which they were given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Columns that belong together differ in length.
    #[error("column `{column}` has {found} rows where `task` has {expected}")]
    ColumnLength { column: &'static str, expected: usize, found: usize },
    /// A code is not smaller than the number of codes declared for its column.
    #[error("row {row}: {column} code {code} is out of range, there are {count}")]
    OutOfRange { row: usize, column: &'static str, code: u64, count: usize },
    /// A worker judged the same task twice.
    #[error(
        "row {row}: worker {worker} already judged task {task}; keep one judgment of each worker on a task"
    )]
    Duplicate { row: usize, task: u32, worker: u32 },
    /// There are more rows than 32-bit offsets can address.
    #[error("{rows} judgments are more than this build can index (at most {limit})")]
    TooManyJudgments { rows: usize, limit: usize },
    /// There are more classes than 16-bit codes can name.
    #[error("{classes} classes are more than a categorical estimator takes (at most {limit})")]
    TooManyClasses { classes: usize, limit: usize },
    /// A dense table that the estimator needs would be absurdly large.
    #[error(
        "{what} would need {entries} numbers (at most {limit}); use a method with fewer parameters or fewer classes"
    )]
    TooLarge { what: &'static str, entries: u128, limit: u128 },
    /// A hyper-parameter is outside its range.
    #[error("parameter `{name}` is {value}, expected {expected}")]
    Parameter { name: &'static str, value: f64, expected: &'static str },
    /// A table given as prior knowledge has the wrong number of entries.
    #[error("`{what}` has {found} entries, expected {expected}")]
    Shape { what: &'static str, expected: usize, found: usize },
    /// A number in the input is NaN or infinite.
    #[error("row {row}: {column} is {value}, expected a finite number")]
    NotFinite { row: usize, column: &'static str, value: f64 },
    /// The method is defined for another number of classes.
    #[error("{method} needs {expected} classes, there are {found}")]
    Classes { method: &'static str, expected: &'static str, found: usize },
    /// The method needs something that the judgments do not carry.
    #[error("{method} needs {what}")]
    Missing { method: &'static str, what: &'static str },
}

/// Refuses a hyper-parameter for which `valid` is false (NaN never is).
///
/// # Errors
/// [`Error::Parameter`] naming the parameter and what was expected.
pub fn check_parameter(
    name: &'static str,
    value: f64,
    valid: bool,
    expected: &'static str,
) -> Result<(), Error> {
    if valid && !value.is_nan() { Ok(()) } else { Err(Error::Parameter { name, value, expected }) }
}

/// Refuses a table of more than `limit` entries, before memory is asked for.
///
/// # Errors
/// [`Error::TooLarge`] naming the table.
pub fn check_size(what: &'static str, dimensions: &[usize], limit: u128) -> Result<(), Error> {
    let entries = dimensions.iter().map(|&d| d as u128).product();
    if entries > limit { Err(Error::TooLarge { what, entries, limit }) } else { Ok(()) }
}
