//! The tables that come out, as CSV.

mod decimal;
mod rows;
mod whole;
mod workers;

pub(crate) use rows::{confidence, labels, probabilities};
pub(crate) use whole::Whole;
pub(crate) use workers::{LEVEL, commonest_error, workers};

/// Writes a CSV field, quoted where it must be.
pub(crate) fn field(text: &str, line: &mut Vec<u8>) {
    let special = |byte: u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !text.is_empty() && !text.bytes().any(special) {
        return line.extend_from_slice(text.as_bytes());
    }
    line.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            line.push(b'"');
        }
        line.push(byte);
    }
    line.push(b'"');
}
