//! Reads what stands inside of braces: values, variables, ranges and filters.

use serde_json::Value;

use super::filters::{self, Filter};
use crate::mistake::Wrong;

/// A value that can be worked out.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    Literal(Value),
    /// `empty` and `blank`, which only mean something when compared.
    Empty,
    Path(Path),
    Range(Box<Expression>, Box<Expression>),
}

/// `root.key[expression]`; `at` is where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) root: String,
    pub(crate) steps: Vec<Expression>,
    pub(crate) at: usize,
}

/// A value and what is done to it, in order.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) start: Expression,
    pub(crate) filters: Vec<Call>,
    pub(crate) at: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) filter: &'static Filter,
    pub(crate) arguments: Vec<Expression>,
    pub(crate) named: Vec<(String, Expression)>,
    pub(crate) at: usize,
}

/// `a[b[c]]` may be this deep.
const DEEPEST: usize = 20;
/// Filters of one value at most.
const MOST_FILTERS: usize = 50;

#[derive(Clone, Debug, PartialEq)]
enum Token<'s> {
    Word(&'s str),
    Number(&'s str),
    Quoted(&'s str),
    Sign(&'static str),
}

/// Longer signs stand before their beginnings.
const SIGNS: [&str; 17] =
    ["..", "==", "!=", "<>", "<=", ">=", "<", ">", ".", "[", "]", "(", ")", "|", ":", ",", "="];

/// Reads one text from its start to its end.
pub(super) struct Reader<'s> {
    tokens: Vec<(Token<'s>, usize)>,
    next: usize,
    end: usize,
    depth: usize,
}

impl<'s> Reader<'s> {
    /// `at` is the place of `text` in the template.
    pub(super) fn new(text: &'s str, at: usize) -> Result<Self, Wrong> {
        let mut tokens = Vec::new();
        let mut rest = text;
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                break;
            }
            let place = at + text.len() - rest.len();
            let (token, length) = token(rest, place)?;
            tokens.push((token, place));
            rest = &rest[length..];
        }
        Ok(Self { tokens, next: 0, end: at + text.trim_end().len(), depth: 0 })
    }

    fn peek(&self) -> Option<&Token<'s>> {
        self.tokens.get(self.next).map(|(token, _)| token)
    }

    /// Where the next token stands.
    pub(super) fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(_, at)| *at)
    }

    pub(super) fn is_done(&self) -> bool {
        self.next == self.tokens.len()
    }

    /// Takes this sign if it is next.
    pub(super) fn sign(&mut self, sign: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.next += usize::from(is_next);
        is_next
    }

    /// Takes one of these signs.
    pub(super) fn one_of(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        signs.iter().copied().find(|sign| self.sign(sign))
    }

    /// Takes this word if it is next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Word(next)) if *next == word);
        self.next += usize::from(is_next);
        is_next
    }

    pub(super) fn name(&mut self, what: &str) -> Result<&'s str, Wrong> {
        match self.peek() {
            Some(Token::Word(name)) => {
                let name = *name;
                self.next += 1;
                Ok(name)
            }
            _ => Err(self.expected(what)),
        }
    }

    pub(super) fn expected(&self, what: &str) -> Wrong {
        let found = match self.peek() {
            None => "nothing follows".to_owned(),
            Some(Token::Word(text) | Token::Number(text) | Token::Quoted(text)) => {
                format!("`{text}` stands there")
            }
            Some(Token::Sign(sign)) => format!("`{sign}` stands there"),
        };
        Wrong::new(self.at(), format!("{what} is expected here, but {found}"))
    }

    /// Refuses what is left over.
    pub(super) fn finish(&self) -> Result<(), Wrong> {
        if self.is_done() { Ok(()) } else { Err(self.expected("the end")) }
    }

    pub(super) fn chain(&mut self) -> Result<Chain, Wrong> {
        let at = self.at();
        let start = self.expression()?;
        let mut filters = Vec::new();
        while self.sign("|") {
            if filters.len() == MOST_FILTERS {
                return Err(Wrong::new(self.at(), format!("more than {MOST_FILTERS} filters")));
            }
            filters.push(self.call()?);
        }
        Ok(Chain { start, filters, at })
    }

    fn call(&mut self) -> Result<Call, Wrong> {
        let at = self.at();
        let name = self.name("the name of a filter")?;
        let filter = filters::find(name, at)?;
        let mut call = Call { filter, arguments: Vec::new(), named: Vec::new(), at };
        if self.sign(":") {
            self.arguments(&mut call)?;
        }
        let count = call.arguments.len();
        if !filter.arguments.contains(&count) {
            let wanted = match (filter.arguments.start(), filter.arguments.end()) {
                (least, most) if least == most => least.to_string(),
                (least, most) => format!("{least} to {most}"),
            };
            let message = format!("the filter `{name}` takes {wanted} arguments, not {count}");
            return Err(Wrong::new(at, message));
        }
        Ok(call)
    }

    fn arguments(&mut self, call: &mut Call) -> Result<(), Wrong> {
        loop {
            let named = match (self.peek(), self.tokens.get(self.next + 1)) {
                (Some(Token::Word(name)), Some((Token::Sign(":"), _))) => Some(*name),
                _ => None,
            };
            match named {
                Some(name) => {
                    self.next += 2;
                    let value = self.expression()?;
                    call.named.push((name.to_owned(), value));
                }
                None => call.arguments.push(self.expression()?),
            }
            if !self.sign(",") {
                return Ok(());
            }
        }
    }

    pub(super) fn expression(&mut self) -> Result<Expression, Wrong> {
        if self.depth == DEEPEST {
            return Err(Wrong::new(self.at(), format!("brackets more than {DEEPEST} deep")));
        }
        self.depth += 1;
        let read = self.one_expression();
        self.depth -= 1;
        read
    }

    fn one_expression(&mut self) -> Result<Expression, Wrong> {
        let at = self.at();
        if self.sign("(") {
            return self.range();
        }
        let Some(token) = self.peek().cloned() else { return Err(self.expected("a value")) };
        let literal = match token {
            Token::Quoted(text) => Expression::Literal(text.into()),
            Token::Number(text) => Expression::Literal(number(text)),
            Token::Word("true") => Expression::Literal(true.into()),
            Token::Word("false") => Expression::Literal(false.into()),
            Token::Word("nil" | "null") => Expression::Literal(Value::Null),
            Token::Word("empty" | "blank") => Expression::Empty,
            Token::Word(root) => {
                self.next += 1;
                let root = root.to_owned();
                return Ok(Expression::Path(Path { root, steps: self.steps()?, at }));
            }
            Token::Sign(_) => return Err(self.expected("a value")),
        };
        self.next += 1;
        Ok(literal)
    }

    fn range(&mut self) -> Result<Expression, Wrong> {
        let from = self.expression()?;
        if !self.sign("..") {
            return Err(self.expected("`..` of a range"));
        }
        let to = self.expression()?;
        if !self.sign(")") {
            return Err(self.expected("`)`"));
        }
        Ok(Expression::Range(Box::new(from), Box::new(to)))
    }

    fn steps(&mut self) -> Result<Vec<Expression>, Wrong> {
        let mut steps = Vec::new();
        loop {
            if self.sign(".") {
                let key = match self.peek() {
                    Some(Token::Word(key) | Token::Number(key)) => *key,
                    _ => return Err(self.expected("a key")),
                };
                self.next += 1;
                steps.push(Expression::Literal(key.into()));
            } else if self.sign("[") {
                steps.push(self.expression()?);
                if !self.sign("]") {
                    return Err(self.expected("`]`"));
                }
            } else {
                return Ok(steps);
            }
        }
    }
}

/// The token at the start of `text`, and its length.
fn token(text: &str, at: usize) -> Result<(Token<'_>, usize), Wrong> {
    let first = text.chars().next().unwrap_or_default();
    if first == '"' || first == '\'' {
        let length = text[1..].find(first);
        let length = length.ok_or_else(|| Wrong::new(at, "this quote is never closed"))?;
        return Ok((Token::Quoted(&text[1..=length]), length + 2));
    }
    if first.is_ascii_digit() || first == '-' && text[1..].starts_with(|c: char| c.is_ascii_digit())
    {
        let length = number_length(text);
        return Ok((Token::Number(&text[..length]), length));
    }
    if first.is_alphabetic() || first == '_' {
        let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let length = text.find(|c| !part(c)).unwrap_or(text.len());
        let length = length + usize::from(text[length..].starts_with('?'));
        return Ok((Token::Word(&text[..length]), length));
    }
    let sign = SIGNS.into_iter().find(|sign| text.starts_with(sign));
    match sign {
        Some(sign) => Ok((Token::Sign(sign), sign.len())),
        None => Err(Wrong::new(at, format!("`{first}` has no meaning here"))),
    }
}

/// Digits, and a fraction unless a second dot makes it a range.
fn number_length(text: &str) -> usize {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let sign = usize::from(text.starts_with('-'));
    let whole = sign + digits(&text[sign..]);
    match text[whole..].strip_prefix('.') {
        Some(rest) if digits(rest) > 0 => whole + 1 + digits(rest),
        _ => whole,
    }
}

fn number(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| text.parse::<f64>().unwrap_or_default().into(), Value::from)
}
