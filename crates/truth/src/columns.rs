//! Columns of numbers given by workers, checked alike wherever they come in.

use crate::error::Error;

/// Codes of one kind: what they stand for, the codes, and how many there may be.
pub(crate) type Codes<'a> = (&'static str, &'a [u32], usize);

/// Refuses columns of different length, codes out of range and values that are not finite; names the first row.
pub(crate) fn check_numbers(codes: [Codes<'_>; 2], value: &[f64]) -> Result<(), Error> {
    let expected = codes[0].1.len();
    for (column, found) in [(codes[1].0, codes[1].1.len()), ("value", value.len())] {
        if found != expected {
            return Err(Error::ColumnLength { column, expected, found });
        }
    }
    for row in 0..expected {
        for (column, codes, count) in codes {
            check_code(row, column, codes[row], count)?;
        }
        check_finite(row, "value", value[row])?;
    }
    Ok(())
}

/// Refuses a code that is not below `count`.
pub(crate) fn check_code(
    row: usize,
    column: &'static str,
    code: u32,
    count: usize,
) -> Result<(), Error> {
    let code = u64::from(code);
    if code < count as u64 { Ok(()) } else { Err(Error::OutOfRange { row, column, code, count }) }
}

/// Refuses NaN and infinities.
pub(crate) fn check_finite(row: usize, column: &'static str, value: f64) -> Result<(), Error> {
    if value.is_finite() { Ok(()) } else { Err(Error::NotFinite { row, column, value }) }
}
