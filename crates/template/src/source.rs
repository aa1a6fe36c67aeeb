//! A template as it was read: which kind it is, its tree, its tags.

use std::ops::Range;

use crate::columns;
use crate::html::Markup;
use crate::liquid::{self, Node, Piece, PieceKind, Reference};
use crate::mistake::Wrong;

/// Which placeholders a template has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Liquid,
    /// Mechanical Turk's: `${column}` of an input, and nothing of `task.input`. Liquid's braces are text in it.
    Columns,
}

#[derive(Debug)]
pub(crate) struct Source<'s> {
    pub(crate) text: &'s str,
    pub(crate) kind: Kind,
    pub(crate) markup: Markup,
    pub(crate) nodes: Vec<Node>,
    pub(crate) references: Vec<Reference>,
    scripts: Vec<Range<usize>>,
}

impl<'s> Source<'s> {
    pub(crate) fn read(text: &'s str, inputs: &[&str]) -> Result<Self, Wrong> {
        let found = columns::find(text);
        let is_known = |column: &columns::Column<'_>| inputs.contains(&column.name);
        let has_columns = found.iter().any(is_known) && !text.contains("task.input");
        let kind = if has_columns { Kind::Columns } else { Kind::Liquid };
        let spans: Vec<Range<usize>> = found
            .iter()
            .filter(|column| has_columns && is_known(column))
            .map(|column| column.span.clone())
            .collect();
        let (pieces, parsed) = match kind {
            Kind::Columns => {
                let mut parsed = liquid::Parsed::default();
                columns::cut(text, inputs, &mut parsed.nodes);
                let piece = Piece { kind: PieceKind::Text(text), at: 0, end: text.len() };
                (vec![piece], parsed)
            }
            Kind::Liquid => (liquid::scan(text)?, liquid::parse(text)?),
        };
        let markup = Markup::read(text, &pieces, &spans);
        let scripts = scripts(&markup, text.len());
        Ok(Self { text, kind, markup, nodes: parsed.nodes, references: parsed.references, scripts })
    }

    pub(crate) fn is_in_script(&self, at: usize) -> bool {
        self.scripts.iter().any(|script| script.contains(&at))
    }
}

fn scripts(markup: &Markup, end: usize) -> Vec<Range<usize>> {
    let mut tags = markup.tags.iter();
    let mut scripts = Vec::new();
    while let Some(start) = tags.find(|tag| tag.name == "script" && !tag.is_end) {
        let close = tags.find(|tag| tag.name == "script" && tag.is_end);
        scripts.push(start.span.end..close.map_or(end, |close| close.span.start));
    }
    scripts
}
