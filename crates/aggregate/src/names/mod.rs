//! Names of tasks, workers and labels, and the dense codes that stand for them.
//!
//! A name that is an integer in its shortest form is kept as a number: eight bytes, and found through a table
//! instead of a hash. One name that is none turns all names of its column into texts. Codes are given in order of
//! first appearance and never change.

mod numbers;
#[cfg(test)]
mod tests;
mod texts;

use std::borrow::Cow;
use std::io::Write as _;

use crate::write::field;

pub(crate) use numbers::Numbers;
pub(crate) use texts::Texts;

/// A name as it is looked up: `7` and `"7"` are one name, `07` is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    Number(i64),
    Text(&'a str),
}

impl<'a> Key<'a> {
    /// The number that a text spells in its shortest form, else the text.
    pub(crate) fn of(text: &'a str) -> Self {
        integer(text.as_bytes()).map_or(Self::Text(text), Self::Number)
    }
}

/// The integer that the bytes spell, if nothing shorter spells it too (no sign `+`, no leading zero, no `-0`).
fn integer(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    match digits {
        [b'0'] if !negative => return Some(0),
        [b'1'..=b'9', ..] if digits.len() <= 19 => {}
        _ => return None,
    }
    // Eighteen digits always fit; more are rare and go the slow way.
    if digits.len() > 18 {
        return std::str::from_utf8(bytes).ok()?.parse().ok();
    }
    let mut value: i64 = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

/// The names of one column by code.
#[derive(Debug)]
pub(crate) enum Names {
    Numbers(Numbers),
    Texts(Texts),
}

impl Names {
    /// No names yet; about `rows` are going to be looked up.
    pub(crate) fn expecting(rows: usize) -> Self {
        Self::Numbers(Numbers::expecting(rows))
    }

    /// Number of names.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
        }
    }

    /// The code of a number, a new one if it was not seen before.
    pub(crate) fn number(&mut self, value: i64) -> u32 {
        match self {
            Self::Numbers(numbers) => numbers.code(value),
            Self::Texts(texts) => texts.code(&value.to_string()),
        }
    }

    /// The code of a name seen before.
    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        match (self, Key::of(name)) {
            (Self::Numbers(numbers), Key::Number(value)) => numbers.find(value),
            (Self::Numbers(_), Key::Text(_)) => None,
            (Self::Texts(texts), _) => texts.find(name),
        }
    }

    /// The code in `other` of the name behind a code.
    pub(crate) fn find_in(&self, code: usize, other: &Self) -> Option<u32> {
        match (self, other) {
            (Self::Numbers(own), Self::Numbers(other)) => other.find(own.get(code)),
            (own, other) => other.find(&own.get(code)),
        }
    }

    /// Writes the name behind a code.
    pub(crate) fn write(&self, code: usize, line: &mut Vec<u8>) {
        match self {
            Self::Numbers(numbers) => write!(line, "{}", numbers.get(code)).unwrap_or(()),
            Self::Texts(texts) => field(texts.get(code), line),
        }
    }

    /// The name behind a code.
    ///
    /// # Panics
    /// If there is no such code.
    pub(crate) fn get(&self, code: usize) -> Cow<'_, str> {
        match self {
            Self::Numbers(numbers) => numbers.get(code).to_string().into(),
            Self::Texts(texts) => texts.get(code).into(),
        }
    }

    /// Frees what only finding codes needs; [`Names::find`] and new codes are no longer possible.
    pub(crate) fn forget_codes(&mut self) {
        match self {
            Self::Numbers(numbers) => numbers.forget_codes(),
            Self::Texts(texts) => texts.forget_codes(),
        }
    }

    /// The names as texts, turned into them first if they are numbers.
    pub(crate) fn texts(&mut self) -> &mut Texts {
        if let Self::Numbers(numbers) = self {
            let mut texts = Texts::default();
            for code in 0..numbers.len() {
                texts.code(&numbers.get(code).to_string());
            }
            *self = Self::Texts(texts);
        }
        match self {
            Self::Texts(texts) => texts,
            Self::Numbers(_) => unreachable!("numbers have just been turned into texts"),
        }
    }
}
