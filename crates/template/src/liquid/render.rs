//! Rendering: the tree and a task's values make a page.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::filters::{Given, Work};
use super::parse::{Branch, Node};
use super::read::{Call, Chain, Expression, Path};
use super::values::{is_true, text_of, walk, weight};
use crate::page::{Escape, Page};

/// Steps and bytes that making one page may cost.
const MOST_WORK: usize = 32 << 20;
/// The longest page, in bytes.
pub(crate) const LONGEST_PAGE: usize = 8 << 20;
/// What one step costs, in bytes that could have been made instead.
pub(super) const STEP: usize = 16;

/// Why and where rendering ended.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// What a page is made from.
pub(crate) struct Data<'d> {
    /// `{"task": {"input": …}}`
    pub(crate) values: &'d Value,
    /// A link that opens a file, given its path or address.
    pub(crate) grant: &'d dyn Fn(&str) -> Option<String>,
}

pub(crate) fn render(nodes: &[Node], data: &Data<'_>) -> Result<String, Failure> {
    let mut renderer = Renderer {
        data,
        variables: HashMap::new(),
        captured: HashSet::new(),
        loops: Vec::new(),
        counters: HashMap::new(),
        cycles: HashMap::new(),
        pages: vec![Page::default()],
        left: MOST_WORK,
    };
    renderer.nodes(nodes)?;
    Ok(renderer.pages.swap_remove(0).text)
}

pub(super) struct Renderer<'d> {
    data: &'d Data<'d>,
    /// What `assign` and `capture` made.
    variables: HashMap<String, Value>,
    /// Which of them `capture` made: HTML, with the values in it escaped.
    captured: HashSet<String>,
    /// The variables of loops, the innermost last.
    pub(super) loops: Vec<(String, Cow<'d, Value>)>,
    counters: HashMap<String, i64>,
    cycles: HashMap<String, usize>,
    /// The page, and what `capture`s are making at the moment.
    pages: Vec<Page>,
    left: usize,
}

pub(super) enum Flow {
    Next,
    Break,
    Continue,
}

impl<'d> Renderer<'d> {
    pub(super) fn nodes(&mut self, nodes: &[Node]) -> Result<Flow, Failure> {
        for node in nodes {
            match self.node(node)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn node(&mut self, node: &Node) -> Result<Flow, Failure> {
        self.spend(STEP, 0)?;
        match node {
            Node::Text(text) => self.page().literal(text),
            Node::Output(chain) => self.output(chain)?,
            Node::Column(name) => self.column(name)?,
            Node::Assign(name, chain) => {
                let value = self.chain(chain)?.into_owned();
                self.spend(weight(&value), chain.at)?;
                self.captured.remove(name);
                self.variables.insert(name.clone(), value);
            }
            Node::Capture(name, nodes) => return self.capture(name, nodes),
            Node::If(branches) => return self.branches(branches, false),
            Node::Unless(branches) => return self.branches(branches, true),
            Node::Case(chain, whens, otherwise) => return self.case(chain, whens, otherwise),
            Node::For(repeat) => self.repeat(repeat)?,
            Node::Cycle(group, values) => self.cycle(group, values)?,
            Node::Count(name, step) => self.count(name, *step),
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        if self.page().text.len() > LONGEST_PAGE {
            return Err(too_much(0));
        }
        Ok(Flow::Next)
    }

    pub(super) fn page(&mut self) -> &mut Page {
        self.pages.last_mut().expect("the page itself is never taken away")
    }

    pub(super) fn spend(&mut self, cost: usize, at: usize) -> Result<(), Failure> {
        self.left = self.left.checked_sub(cost).ok_or_else(|| too_much(at))?;
        Ok(())
    }

    fn output(&mut self, chain: &Chain) -> Result<(), Failure> {
        let value = self.chain(chain)?;
        let text = text_of(&value);
        self.spend(text.len() * 2, chain.at)?;
        let is_captured =
            matches!(&chain.start, Expression::Path(path) if self.captured.contains(&path.root));
        self.page().value(&text, escape_of(chain, is_captured));
        Ok(())
    }

    /// A column is inserted as it is: what looks like Liquid in it is text.
    fn column(&mut self, name: &str) -> Result<(), Failure> {
        let value = &self.data.values["task"]["input"][name];
        let text = text_of(value);
        self.spend(text.len() * 2, 0)?;
        self.page().value(&text, Escape::Column);
        Ok(())
    }

    /// Values in what is captured are escaped here; on the page it is escaped once more, as Ground Truth does, but not
    /// what is escaped already.
    fn capture(&mut self, name: &str, nodes: &[Node]) -> Result<Flow, Failure> {
        self.pages.push(Page::default());
        let flow = self.nodes(nodes)?;
        let made = self.pages.pop().expect("pushed above").text;
        self.spend(made.len(), 0)?;
        self.variables.insert(name.to_owned(), made.into());
        self.captured.insert(name.to_owned());
        Ok(flow)
    }

    fn branches(&mut self, branches: &[Branch], turned: bool) -> Result<Flow, Failure> {
        for (index, (condition, nodes)) in branches.iter().enumerate() {
            let holds = match condition {
                None => true,
                Some(condition) => condition.holds(self)? != (turned && index == 0),
            };
            if holds {
                return self.nodes(nodes);
            }
        }
        Ok(Flow::Next)
    }

    fn case(
        &mut self,
        chain: &Chain,
        whens: &[(Vec<Expression>, Vec<Node>)],
        otherwise: &[Node],
    ) -> Result<Flow, Failure> {
        let value = self.chain(chain)?;
        for (values, nodes) in whens {
            for wanted in values {
                let wanted = self.expression(wanted, chain.at)?;
                if super::conditions::same(&value, &wanted) {
                    return self.nodes(nodes);
                }
            }
        }
        self.nodes(otherwise)
    }

    fn cycle(&mut self, group: &str, values: &[Expression]) -> Result<(), Failure> {
        let turn = self.cycles.entry(group.to_owned()).or_default();
        let index = *turn % values.len();
        *turn += 1;
        let value = self.expression(&values[index], 0)?;
        self.page().value(&text_of(&value), Escape::Html);
        Ok(())
    }

    fn count(&mut self, name: &str, step: i64) {
        let counter = self.counters.entry(name.to_owned()).or_default();
        // `decrement` tells the number after the step, `increment` the one before.
        let told = if step < 0 { *counter + step } else { *counter };
        *counter += step;
        self.page().literal(&told.to_string());
    }

    pub(super) fn chain(&mut self, chain: &Chain) -> Result<Cow<'d, Value>, Failure> {
        let mut value = self.expression(&chain.start, chain.at)?;
        for call in &chain.filters {
            value = self.call(value, call)?;
        }
        Ok(value)
    }

    fn call(&mut self, value: Cow<'d, Value>, call: &Call) -> Result<Cow<'d, Value>, Failure> {
        let made = match call.filter.work {
            Work::Raw => return Ok(value),
            Work::Escape { once } => crate::page::escaped(&text_of(&value), once).into(),
            Work::Link => match value.as_str() {
                // A path that was captured is HTML.
                Some(path) => {
                    let path = path.replace("&amp;", "&");
                    (self.data.grant)(&path).unwrap_or(path).into()
                }
                None => return Ok(value),
            },
            Work::Turn(_) | Work::Make(_) => self.made(&value, call)?,
        };
        self.spend(weight(&made), call.at)?;
        Ok(Cow::Owned(made))
    }

    /// What a filter makes of a value and its arguments.
    fn made(&mut self, value: &Value, call: &Call) -> Result<Value, Failure> {
        let mut arguments = Vec::new();
        for argument in &call.arguments {
            arguments.push(self.expression(argument, call.at)?);
        }
        let mut allow_false = false;
        for (name, argument) in &call.named {
            allow_false |= name == "allow_false" && is_true(&*self.expression(argument, call.at)?);
        }
        let read: usize = arguments.iter().map(|argument| weight(argument)).sum();
        self.spend(STEP + weight(value) + read, call.at)?;
        let room = self.left.min(LONGEST_PAGE);
        let given = Given { value, arguments: &arguments, allow_false, room };
        match call.filter.work {
            Work::Turn(turn) => Ok(turn(&given)),
            Work::Make(make) => make(&given).map_err(|why| {
                let message = format!("the filter `{}` {why}", call.filter.name);
                Failure { at: call.at, message }
            }),
            Work::Raw | Work::Link | Work::Escape { .. } => Ok(value.clone()),
        }
    }

    pub(super) fn expression(
        &mut self,
        expression: &Expression,
        place: usize,
    ) -> Result<Cow<'d, Value>, Failure> {
        match expression {
            Expression::Literal(value) => {
                self.spend(weight(value), place)?;
                Ok(Cow::Owned(value.clone()))
            }
            Expression::Empty => Ok(Cow::Owned("".into())),
            Expression::Path(path) => self.look_up(path),
            Expression::Range(from, to) => {
                let (from, to) = self.range(from, to, place)?;
                Ok(Cow::Owned((from..=to).collect()))
            }
        }
    }

    /// The value of a variable; nothing if there is none, as in Ground Truth.
    fn look_up(&mut self, path: &Path) -> Result<Cow<'d, Value>, Failure> {
        let mut keys = Vec::new();
        for step in &path.steps {
            keys.push(self.expression(step, path.at)?);
        }
        let of_loop = self.loops.iter().rev().find(|(name, _)| *name == path.root);
        let found = match (of_loop, self.variables.get(&path.root)) {
            (Some((_, Cow::Borrowed(value))), _) => walk(Cow::Borrowed(*value), &keys),
            (Some((_, Cow::Owned(value))), _) | (None, Some(value)) => {
                Cow::Owned(walk(Cow::Borrowed(value), &keys).into_owned())
            }
            (None, None) => match self.counters.get(&path.root) {
                Some(count) => Cow::Owned((*count).into()),
                None => match self.data.values.get(&path.root) {
                    Some(value) => walk(Cow::Borrowed(value), &keys),
                    None => Cow::Owned(Value::Null),
                },
            },
        };
        if let Cow::Owned(value) = &found {
            let cost = weight(value);
            self.spend(cost, path.at)?;
        }
        Ok(found)
    }
}

/// How the last of a chain's filters wants its text on the page.
fn escape_of(chain: &Chain, is_captured: bool) -> Escape {
    let works = || chain.filters.iter().map(|call| call.filter.work);
    if works().any(|work| matches!(work, Work::Raw)) {
        Escape::Raw
    } else if matches!(works().next_back(), Some(Work::Escape { .. })) {
        Escape::Done
    } else if is_captured {
        Escape::Once
    } else {
        Escape::Html
    }
}

fn too_much(at: usize) -> Failure {
    let message = "makes too large a page, or takes too many steps: look at its loops";
    Failure { at, message: message.into() }
}
