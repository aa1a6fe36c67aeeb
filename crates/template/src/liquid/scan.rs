//! Cuts a source into text, `{{ outputs }}` and `{% tags %}`.

use crate::mistake::Wrong;

/// One part of a source; `at` is where it begins, in bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece<'s> {
    pub(crate) kind: PieceKind<'s>,
    pub(crate) at: usize,
    /// Where the next one begins.
    pub(crate) end: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PieceKind<'s> {
    Text(&'s str),
    /// What stands between the braces, and where it begins.
    Output(&'s str, usize),
    Tag {
        name: &'s str,
        rest: &'s str,
        rest_at: usize,
    },
}

/// Quoted braces are looked for this far behind the first closing ones.
const LONGEST_QUOTING: usize = 4096;

/// # Errors
/// A `{{`, `{%`, `raw` or `comment` that is never closed.
pub(crate) fn scan(source: &str) -> Result<Vec<Piece<'_>>, Wrong> {
    let mut scanner = Scanner { source, at: 0, pieces: Vec::new(), trim_next: false };
    while scanner.at < source.len() {
        scanner.step()?;
    }
    Ok(scanner.pieces)
}

struct Scanner<'s> {
    source: &'s str,
    at: usize,
    pieces: Vec<Piece<'s>>,
    /// The piece before ended with `-}}` or `-%}`: white space goes.
    trim_next: bool,
}

impl Scanner<'_> {
    fn step(&mut self) -> Result<(), Wrong> {
        let rest = &self.source[self.at..];
        let Some(start) = opening(rest) else {
            self.text(self.source.len(), false);
            return Ok(());
        };
        let open = self.at + start;
        let trims = self.source[open + 2..].starts_with('-');
        self.text(open, trims);
        self.braces(open)
    }

    /// The text up to `end`.
    fn text(&mut self, end: usize, trim_end: bool) {
        let (mut from, mut to) = (self.at, end);
        if std::mem::take(&mut self.trim_next) {
            let text = &self.source[from..to];
            from += text.len() - text.trim_start().len();
        }
        if trim_end {
            to = from + self.source[from..to].trim_end().len();
        }
        if from < to {
            let kind = PieceKind::Text(&self.source[from..to]);
            self.pieces.push(Piece { kind, at: from, end });
        }
        self.at = end;
    }

    /// What begins with `{{` or `{%` at `open`.
    fn braces(&mut self, open: usize) -> Result<(), Wrong> {
        let is_output = self.source[open..].starts_with("{{");
        let (left, right) = if is_output { ("{{", "}}") } else { ("{%", "%}") };
        let close = closing(self.source, open + 2, right)
            .ok_or_else(|| Wrong::new(open, format!("`{left}` is never closed with `{right}`")))?;
        let inner = &self.source[open + 2..close];
        self.trim_next = inner.len() > 1 && inner.ends_with('-');
        let inner_at = open + 2 + usize::from(inner.starts_with('-'));
        let inner = inner.strip_prefix('-').unwrap_or(inner);
        let inner = inner.strip_suffix('-').unwrap_or(inner);
        self.at = close + 2;
        if is_output {
            let kind = PieceKind::Output(inner, inner_at);
            self.pieces.push(Piece { kind, at: open, end: self.at });
            return Ok(());
        }
        let (name, rest) = split_name(inner);
        match name {
            "raw" => self.raw(open),
            "comment" => self.skip_to("endcomment", open, "comment").map(drop),
            _ if name.starts_with('#') => Ok(()),
            _ => {
                let rest_at = inner_at + (rest.as_ptr() as usize - inner.as_ptr() as usize);
                let kind = PieceKind::Tag { name, rest, rest_at };
                self.pieces.push(Piece { kind, at: open, end: self.at });
                Ok(())
            }
        }
    }

    fn raw(&mut self, open: usize) -> Result<(), Wrong> {
        let from = self.at;
        let to = self.skip_to("endraw", open, "raw")?;
        if from < to {
            let kind = PieceKind::Text(&self.source[from..to]);
            self.pieces.push(Piece { kind, at: from, end: to });
        }
        Ok(())
    }

    /// Goes behind the tag `end`; answers where that began.
    fn skip_to(&mut self, end: &str, open: usize, name: &str) -> Result<usize, Wrong> {
        let mut from = self.at;
        while let Some(found) = self.source[from..].find("{%") {
            let start = from + found;
            let inner = self.source[start + 2..].trim_start_matches('-').trim_start();
            if let Some(rest) = inner.strip_prefix(end)
                && let Some(rest) = rest.trim_start().trim_start_matches('-').strip_prefix("%}")
            {
                self.at = self.source.len() - rest.len();
                return Ok(start);
            }
            from = start + 2;
        }
        Err(Wrong::new(open, format!("`{{% {name} %}}` is never closed with `{{% {end} %}}`")))
    }
}

fn opening(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let start = from + text[from..].find('{')?;
        match text.as_bytes().get(start + 1) {
            Some(b'{' | b'%') => return Some(start),
            _ => from = start + 1,
        }
    }
}

/// The closing braces behind `from`; those in quotes do not count when there are others soon behind them.
fn closing(source: &str, from: usize, close: &str) -> Option<usize> {
    let first = from + source[from..].find(close)?;
    let bytes = source.as_bytes();
    let mut quote = None;
    for at in from..bytes.len().min(first + LONGEST_QUOTING) {
        match (quote, bytes[at]) {
            (Some(open), byte) if byte == open => quote = None,
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (None, _) if bytes[at..].starts_with(close.as_bytes()) => return Some(at),
            _ => {}
        }
    }
    Some(first)
}

fn split_name(inner: &str) -> (&str, &str) {
    let inner = inner.trim_start();
    let end = inner.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '#'));
    inner.split_at(end.unwrap_or(inner.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(source: &str) -> Vec<String> {
        let shown = |piece: Piece<'_>| match piece.kind {
            PieceKind::Text(text) => format!("'{text}'"),
            PieceKind::Output(inner, _) => format!("out {}", inner.trim()),
            PieceKind::Tag { name, rest, .. } => format!("{name}({})", rest.trim()),
        };
        scan(source).expect("closed").into_iter().map(shown).collect()
    }

    #[test]
    fn pieces_are_cut_at_their_braces() {
        assert_eq!(shown("a{{ b }}c{% if d %}"), ["'a'", "out b", "'c'", "if(d)"]);
        assert_eq!(shown("a {{- b -}} c {%- d -%} e"), ["'a'", "out b", "'c'", "d()", "'e'"]);
        assert_eq!(shown("{{ 'a }} b' }}"), ["out 'a }} b'"]);
        assert_eq!(shown("{{ don't }} x"), ["out don't", "' x'"]);
        assert_eq!(shown("{ {x} {"), ["'{ {x} {'"]);
        assert_eq!(shown("{% raw %}{{ x }}{%- endraw -%}y"), ["'{{ x }}'", "'y'"]);
        assert_eq!(shown("a{% comment %}{{ x {% y %}{% endcomment %}b{% # no %}"), ["'a'", "'b'"]);
    }

    #[test]
    fn what_is_never_closed_is_told_with_its_place() {
        for (source, at, part) in
            [("ab{{ x }", 2, "`{{`"), ("{% if", 0, "`{%`"), ("a{% raw %}{{", 1, "endraw")]
        {
            let wrong = scan(source).expect_err("open");
            assert_eq!(wrong.at, at);
            assert!(wrong.message.contains(part), "{}", wrong.message);
        }
    }
}
