//! What is wrong with a template, and where.

use serde::Serialize;

/// One thing that is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mistake {
    pub severity: Severity,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The element it is about, such as `crowd-classifier`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// A sentence without its place.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Such a template is refused.
    Error,
    /// The page works, but perhaps not as it was meant.
    Warning,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if let Some(element) = &self.element {
            write!(f, "<{element}>: ")?;
        }
        f.write_str(&self.message)
    }
}

/// A mistake with its place in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) at: usize,
    pub(crate) message: String,
}

impl Wrong {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    pub(crate) fn mistake(self, source: &str) -> Mistake {
        let (line, column) = place(source, self.at);
        Mistake { severity: Severity::Error, line, column, element: None, message: self.message }
    }
}

/// Line and column of a byte, both from 1; columns count characters.
pub(crate) fn place(source: &str, at: usize) -> (usize, usize) {
    let before = &source[..source.floor_char_boundary(at)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Names closer than this (Jaro-Winkler, 0 to 1) are offered as "did you mean".
const CLOSE: f64 = 0.8;

/// The known name closest to a mistyped one; short ones may differ by one slip.
pub(crate) fn suggestion<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    let typed = typed.to_lowercase();
    let closeness = |name: &str| {
        let name = name.to_lowercase();
        let is_slip = name.len() > 2 && strsim::osa_distance(&typed, &name) == 1;
        strsim::jaro_winkler(&typed, &name).max(if is_slip { CLOSE } else { 0.0 })
    };
    let best = known.iter().copied().max_by(|a, b| closeness(a).total_cmp(&closeness(b)))?;
    (closeness(best) >= CLOSE).then_some(best)
}
