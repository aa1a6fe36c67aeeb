//! Mechanical Turk's placeholders: `${column}`.

use std::ops::Range;

use crate::liquid::Node;

/// A placeholder, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column<'s> {
    pub(crate) name: &'s str,
    pub(crate) span: Range<usize>,
}

/// Every `${name}`; scripts write the same for something else, so a name need not be a column.
pub(crate) fn find(source: &str) -> Vec<Column<'_>> {
    let mut columns = Vec::new();
    let mut from = 0;
    while let Some(found) = source[from..].find("${") {
        let start = from + found;
        from = start + 2;
        let rest = &source[from..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "_-".contains(c))).unwrap_or(0);
        if end > 0 && rest[end..].starts_with('}') {
            from += end + 1;
            columns.push(Column { name: &rest[..end], span: start..from });
        }
    }
    columns
}

/// Cuts a text at the placeholders of known columns.
pub(crate) fn cut(text: &str, known: &[&str], nodes: &mut Vec<Node>) {
    let mut done = 0;
    for column in find(text) {
        if !known.contains(&column.name) {
            continue;
        }
        if done < column.span.start {
            nodes.push(Node::Text(text[done..column.span.start].to_owned()));
        }
        nodes.push(Node::Column(column.name.to_owned()));
        done = column.span.end;
    }
    if done < text.len() {
        nodes.push(Node::Text(text[done..].to_owned()));
    }
}
