//! Labels: names of classes, or numbers.

use super::block::Block;

/// What is wanted of a file besides its names.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted {
    /// Labels as numbers and not as names.
    pub(super) numbers: bool,
    /// The place of every judgment in the file.
    pub(super) places: bool,
}

/// Takes a label; false if there is none. Fails where a number is wanted and this is none.
pub(super) fn push_label(block: &mut Block, label: &str, wanted: Wanted) -> Result<bool, String> {
    if label.is_empty() {
        block.missing += 1;
        return Ok(false);
    }
    if wanted.numbers {
        let value = label.trim().parse().ok();
        push_value(block, value.ok_or_else(|| format!("label `{label}` is not a number"))?)?;
    } else {
        block.label.push(shortest(label));
    }
    Ok(true)
}

/// Takes a numeric label.
pub(super) fn push_value(block: &mut Block, value: f64) -> Result<(), String> {
    if value.is_finite() {
        block.value.push(value);
        Ok(())
    } else {
        Err(format!("label `{value}` is not a finite number"))
    }
}

/// `1` for `1.0`: the same label, written by a program that turned a column with gaps into floating-point numbers.
fn shortest(label: &str) -> &str {
    match label.strip_suffix(".0") {
        Some(number) if matches!(crate::names::Key::of(number), crate::names::Key::Number(_)) => {
            number
        }
        _ => label,
    }
}
