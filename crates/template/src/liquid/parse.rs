//! Joins pieces to a tree.

use std::collections::HashSet;

use super::conditions::{self, Condition};
use super::read::{Chain, Expression, Reader};
use super::references::{Reference, References};
use super::scan::{Piece, PieceKind, scan};
use crate::mistake::{Wrong, suggestion};

#[derive(Debug)]
pub(crate) enum Node {
    Text(String),
    /// A value as the page shows it.
    Output(Chain),
    /// Mechanical Turk's `${column}`.
    Column(String),
    Assign(String, Chain),
    Capture(String, Vec<Node>),
    /// The first branch that holds; one without a condition always does.
    If(Vec<Branch>),
    /// `unless`: the first branch is turned round.
    Unless(Vec<Branch>),
    Case(Chain, Vec<(Vec<Expression>, Vec<Node>)>, Vec<Node>),
    For(Box<For>),
    Cycle(String, Vec<Expression>),
    /// `increment` and `decrement`: counters of their own.
    Count(String, i64),
    Break,
    Continue,
}

/// A condition and what is shown if it holds.
pub(crate) type Branch = (Option<Condition>, Vec<Node>);

#[derive(Debug)]
pub(crate) struct For {
    pub(crate) variable: String,
    pub(crate) list: Chain,
    pub(crate) reversed: bool,
    pub(crate) limit: Option<Expression>,
    pub(crate) offset: Option<Expression>,
    /// `tablerow`: its items are cells of a table.
    pub(crate) is_table: bool,
    /// Cells in a row of the table; without, all are in one.
    pub(crate) columns: Option<Expression>,
    pub(crate) body: Vec<Node>,
    pub(crate) otherwise: Vec<Node>,
}

/// A template's tree, and the variables that it names.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) nodes: Vec<Node>,
    pub(crate) references: Vec<Reference>,
}

const TAGS: [&str; 14] = [
    "assign",
    "break",
    "capture",
    "case",
    "comment",
    "continue",
    "cycle",
    "decrement",
    "echo",
    "for",
    "if",
    "increment",
    "tablerow",
    "unless",
];
/// Tags may stand in one another this deep.
const DEEPEST: usize = 50;

/// Reads a whole template.
///
/// # Errors
/// The first thing that is wrong.
pub(crate) fn parse(source: &str) -> Result<Parsed, Wrong> {
    let pieces = scan(source)?;
    let mut parser = Parser {
        pieces: pieces.into_iter(),
        own: ["forloop", "tablerowloop"].map(str::to_owned).into(),
        references: References::default(),
        open: Vec::new(),
    };
    let mut nodes = Vec::new();
    if let Some(end) = parser.nodes(&mut nodes)? {
        return Err(parser.stray(&end));
    }
    let references = parser.references.known(&parser.own);
    Ok(Parsed { nodes, references })
}

struct Parser<'s> {
    pieces: std::vec::IntoIter<Piece<'s>>,
    /// Names that the template gives a value.
    own: HashSet<String>,
    references: References,
    /// The blocks that are open: their names and places.
    open: Vec<(&'static str, usize)>,
}

/// A tag that ends or divides a block.
struct End<'s> {
    name: &'s str,
    rest: &'s str,
    rest_at: usize,
    at: usize,
}

impl<'s> Parser<'s> {
    /// Reads up to a tag that ends or divides the block it stands in, or to the end.
    fn nodes(&mut self, nodes: &mut Vec<Node>) -> Result<Option<End<'s>>, Wrong> {
        while let Some(piece) = self.pieces.next() {
            match piece.kind {
                PieceKind::Text(text) => nodes.push(Node::Text(text.to_owned())),
                PieceKind::Output(inner, at) => {
                    if !inner.trim().is_empty() {
                        nodes.push(Node::Output(self.whole_chain(inner, at)?));
                    }
                }
                PieceKind::Tag { name, rest, rest_at } => {
                    let ends = name.starts_with("end")
                        || ["else", "elsif", "elseif", "when"].contains(&name);
                    if ends {
                        return Ok(Some(End { name, rest, rest_at, at: piece.at }));
                    }
                    let tag = End { name, rest, rest_at, at: piece.at };
                    if let Some(node) = self.tag(&tag)? {
                        nodes.push(node);
                    }
                }
            }
        }
        Ok(None)
    }

    fn tag(&mut self, tag: &End<'s>) -> Result<Option<Node>, Wrong> {
        let mut reader = Reader::new(tag.rest, tag.rest_at)?;
        let node = match tag.name {
            "assign" => self.assign(&mut reader)?,
            "capture" => self.capture(&mut reader, tag.at)?,
            "if" => Node::If(self.branches("if", "endif", reader, tag.at)?),
            "unless" => Node::Unless(self.branches("unless", "endunless", reader, tag.at)?),
            "case" => self.case(&mut reader, tag.at)?,
            "for" => self.repeat(&mut reader, tag.at, "for")?,
            "tablerow" => self.repeat(&mut reader, tag.at, "tablerow")?,
            "cycle" => self.cycle(&mut reader)?,
            "increment" | "decrement" => {
                let name = reader.name("the name of a counter")?.to_owned();
                reader.finish()?;
                self.own.insert(name.clone());
                Node::Count(name, if tag.name == "increment" { 1 } else { -1 })
            }
            "echo" => Node::Output(self.whole_chain(tag.rest, tag.rest_at)?),
            "break" => Node::Break,
            "continue" => Node::Continue,
            "" => return Err(Wrong::new(tag.at, "a tag needs a name, such as `{% if … %}`")),
            "include" | "render" | "layout" | "section" => {
                let message = format!("`{}` is not possible: a template is one file", tag.name);
                return Err(Wrong::new(tag.at, message));
            }
            other => {
                let hint = suggestion(other, &TAGS)
                    .map_or(String::new(), |close| format!("; did you mean `{close}`?"));
                return Err(Wrong::new(tag.at, format!("there is no tag `{other}`{hint}")));
            }
        };
        Ok(Some(node))
    }

    fn enter(&mut self, name: &'static str, at: usize) -> Result<(), Wrong> {
        if self.open.len() == DEEPEST {
            return Err(Wrong::new(at, format!("tags stand more than {DEEPEST} deep")));
        }
        self.open.push((name, at));
        Ok(())
    }

    /// The end of the open block, or why it is not.
    fn leave(&mut self, found: Option<End<'s>>, end: &str) -> Result<(), Wrong> {
        match found {
            Some(found) if found.name == end => {
                self.open.pop();
                Ok(())
            }
            Some(other) => Err(self.stray(&other)),
            None => {
                let (name, at) = self.open.last().copied().unwrap_or_default();
                let message = format!("`{{% {name} %}}` is never closed with `{{% {end} %}}`");
                Err(Wrong::new(at, message))
            }
        }
    }

    fn stray(&self, found: &End<'_>) -> Wrong {
        let message = match self.open.last() {
            Some((open, _)) => {
                format!("`{{% {} %}}` does not fit the open `{{% {open} %}}`", found.name)
            }
            None => format!("`{{% {} %}}` stands outside of what it belongs to", found.name),
        };
        Wrong::new(found.at, message)
    }

    fn whole_chain(&mut self, text: &str, at: usize) -> Result<Chain, Wrong> {
        let mut reader = Reader::new(text, at)?;
        let chain = reader.chain()?;
        reader.finish()?;
        self.references.note(&chain);
        Ok(chain)
    }

    fn assign(&mut self, reader: &mut Reader<'_>) -> Result<Node, Wrong> {
        let name = reader.name("a name")?.to_owned();
        if !reader.sign("=") {
            return Err(reader.expected("`=`"));
        }
        let chain = reader.chain()?;
        reader.finish()?;
        self.references.note(&chain);
        self.own.insert(name.clone());
        Ok(Node::Assign(name, chain))
    }

    fn capture(&mut self, reader: &mut Reader<'_>, at: usize) -> Result<Node, Wrong> {
        let name = match reader.expression()? {
            Expression::Path(path) if path.steps.is_empty() => path.root,
            Expression::Literal(serde_json::Value::String(name)) => name,
            _ => return Err(Wrong::new(at, "`capture` takes the name of a variable")),
        };
        reader.finish()?;
        self.enter("capture", at)?;
        let mut nodes = Vec::new();
        let end = self.nodes(&mut nodes)?;
        self.leave(end, "endcapture")?;
        self.own.insert(name.clone());
        Ok(Node::Capture(name, nodes))
    }

    fn branches(
        &mut self,
        name: &'static str,
        end: &str,
        mut reader: Reader<'_>,
        at: usize,
    ) -> Result<Vec<Branch>, Wrong> {
        self.enter(name, at)?;
        let mut condition = Some(self.condition(&mut reader)?);
        let mut branches = Vec::new();
        loop {
            let mut nodes = Vec::new();
            let found = self.nodes(&mut nodes)?;
            branches.push((condition, nodes));
            condition = match found {
                Some(next) if ["elsif", "elseif"].contains(&next.name) => {
                    Some(self.condition(&mut Reader::new(next.rest, next.rest_at)?)?)
                }
                Some(next) if next.name == "else" => None,
                other => {
                    self.leave(other, end)?;
                    return Ok(branches);
                }
            };
        }
    }

    fn condition(&mut self, reader: &mut Reader<'_>) -> Result<Condition, Wrong> {
        let condition = conditions::read(reader)?;
        for comparison in condition.all() {
            self.references.note(&comparison.left);
            if let Some((_, right)) = &comparison.right {
                self.references.note(right);
            }
        }
        Ok(condition)
    }

    fn case(&mut self, reader: &mut Reader<'_>, at: usize) -> Result<Node, Wrong> {
        let chain = reader.chain()?;
        reader.finish()?;
        self.references.note(&chain);
        self.enter("case", at)?;
        let (mut whens, mut otherwise) = (Vec::new(), Vec::new());
        let mut found = self.nodes(&mut Vec::new())?;
        loop {
            let mut nodes = Vec::new();
            match found {
                Some(next) if next.name == "when" => {
                    let values = self.when(&next)?;
                    found = self.nodes(&mut nodes)?;
                    whens.push((values, nodes));
                }
                Some(next) if next.name == "else" => {
                    found = self.nodes(&mut nodes)?;
                    otherwise = nodes;
                }
                other => {
                    self.leave(other, "endcase")?;
                    return Ok(Node::Case(chain, whens, otherwise));
                }
            }
        }
    }

    fn when(&mut self, tag: &End<'_>) -> Result<Vec<Expression>, Wrong> {
        let mut reader = Reader::new(tag.rest, tag.rest_at)?;
        let mut values = vec![reader.expression()?];
        while reader.sign(",") || reader.word("or") {
            values.push(reader.expression()?);
        }
        reader.finish()?;
        self.references.note_all(&values);
        Ok(values)
    }

    fn repeat(
        &mut self,
        reader: &mut Reader<'_>,
        at: usize,
        tag: &'static str,
    ) -> Result<Node, Wrong> {
        let variable = reader.name("the name of the loop's variable")?.to_owned();
        if !reader.word("in") {
            return Err(reader.expected("`in`"));
        }
        let list = reader.chain()?;
        self.references.note(&list);
        let mut repeat = For {
            variable,
            list,
            reversed: false,
            limit: None,
            offset: None,
            is_table: tag == "tablerow",
            columns: None,
            body: Vec::new(),
            otherwise: Vec::new(),
        };
        self.loop_options(reader, &mut repeat)?;
        self.enter(tag, at)?;
        self.own.insert(repeat.variable.clone());
        let mut found = self.nodes(&mut repeat.body)?;
        if tag == "for" && found.as_ref().is_some_and(|end| end.name == "else") {
            found = self.nodes(&mut repeat.otherwise)?;
        }
        self.leave(found, if tag == "for" { "endfor" } else { "endtablerow" })?;
        Ok(Node::For(Box::new(repeat)))
    }

    fn loop_options(&mut self, reader: &mut Reader<'_>, repeat: &mut For) -> Result<(), Wrong> {
        while !reader.is_done() {
            reader.sign(",");
            let at = reader.at();
            let option = reader.name("`reversed`, `limit:` or `offset:`")?;
            if option == "reversed" {
                repeat.reversed = true;
                continue;
            }
            if !reader.sign(":") {
                return Err(reader.expected("`:`"));
            }
            let value = reader.expression()?;
            self.references.note_expression(&value);
            match option {
                "limit" => repeat.limit = Some(value),
                "offset" => repeat.offset = Some(value),
                "cols" if repeat.is_table => repeat.columns = Some(value),
                other => {
                    return Err(Wrong::new(at, format!("a loop has no option `{other}`")));
                }
            }
        }
        Ok(())
    }

    fn cycle(&mut self, reader: &mut Reader<'_>) -> Result<Node, Wrong> {
        let at = reader.at();
        let mut values = vec![reader.expression()?];
        let mut group = None;
        if reader.sign(":") {
            group = Some(format!("{:?}", values[0]));
            values = vec![reader.expression()?];
        }
        while reader.sign(",") {
            values.push(reader.expression()?);
        }
        reader.finish()?;
        self.references.note_all(&values);
        // Without a group, cycles of the same values go together.
        let group = group.unwrap_or_else(|| format!("{values:?}"));
        if group.len() > 10_000 {
            return Err(Wrong::new(at, "`cycle` has too many values"));
        }
        Ok(Node::Cycle(group, values))
    }
}
