//! Rendering: the tree and a task's values make a page.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::filters::{Given, Work};
use super::lists::{at, size_of};
use super::parse::{Branch, For, Node};
use super::read::{Call, Chain, Expression, Path};
use super::values::{as_whole, is_true, text_of, weight};
use crate::page::{Escape, Page};

/// Steps and bytes that making one page may cost.
const MOST_WORK: usize = 32 << 20;
/// The longest page, in bytes.
pub(crate) const LONGEST_PAGE: usize = 8 << 20;
/// What one step costs, in bytes that could have been made instead.
const STEP: usize = 16;

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
    loops: Vec<(String, Cow<'d, Value>)>,
    counters: HashMap<String, i64>,
    cycles: HashMap<String, usize>,
    /// The page, and what `capture`s are making at the moment.
    pages: Vec<Page>,
    left: usize,
}

enum Flow {
    Next,
    Break,
    Continue,
}

impl<'d> Renderer<'d> {
    fn nodes(&mut self, nodes: &[Node]) -> Result<Flow, Failure> {
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

    fn page(&mut self) -> &mut Page {
        self.pages.last_mut().expect("the page itself is never taken away")
    }

    fn spend(&mut self, cost: usize, at: usize) -> Result<(), Failure> {
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

    fn repeat(&mut self, repeat: &For) -> Result<(), Failure> {
        let items = self.items(repeat)?;
        if items.is_empty() {
            return self.nodes(&repeat.otherwise).map(drop);
        }
        let length = items.len();
        let columns = self.whole(repeat.columns.as_ref(), repeat.list.at)?.unwrap_or(length).max(1);
        let columns = repeat.is_table.then_some(columns);
        self.loops.push((repeat.variable.clone(), Cow::Owned(Value::Null)));
        let place = self.loops.len() - 1;
        let info = if columns.is_some() { "tablerowloop" } else { "forloop" };
        self.loops.push((info.to_owned(), Cow::Owned(Value::Null)));
        for (index, item) in items.into_iter().enumerate() {
            self.spend(STEP, repeat.list.at)?;
            self.loops[place].1 = item;
            self.loops[place + 1].1 = Cow::Owned(loop_info(index, length));
            if let Some(columns) = columns {
                self.page().literal(&cell_start(index, columns));
            }
            let flow = self.nodes(&repeat.body)?;
            if let Some(columns) = columns {
                let row_ends = (index + 1) % columns == 0 || index + 1 == length;
                self.page().literal(if row_ends { "</td></tr>\n" } else { "</td>" });
            }
            if matches!(flow, Flow::Break) {
                break;
            }
        }
        self.loops.truncate(place);
        Ok(())
    }

    /// What a loop goes through. Ranges cost what they are long.
    fn items(&mut self, repeat: &For) -> Result<Vec<Cow<'d, Value>>, Failure> {
        let place = repeat.list.at;
        let offset = self.whole(repeat.offset.as_ref(), place)?.unwrap_or(0);
        let limit = self.whole(repeat.limit.as_ref(), place)?.unwrap_or(usize::MAX);
        let mut items: Vec<Cow<'d, Value>> = match &repeat.list.start {
            Expression::Range(from, to) if repeat.list.filters.is_empty() => {
                let (from, to) = self.range(from, to, place)?;
                (from..=to).skip(offset).take(limit).map(|n| Cow::Owned(n.into())).collect()
            }
            _ => match self.chain(&repeat.list)? {
                Cow::Borrowed(Value::Array(list)) => {
                    self.spend(list.len() * STEP, place)?;
                    list.iter().skip(offset).take(limit).map(Cow::Borrowed).collect()
                }
                Cow::Owned(Value::Array(list)) => {
                    list.into_iter().skip(offset).take(limit).map(Cow::Owned).collect()
                }
                value => match &*value {
                    Value::Object(object) => {
                        let pairs = object.iter().map(|(key, value)| json!([key, value]));
                        let pairs: Vec<_> = pairs.skip(offset).take(limit).collect();
                        self.spend(pairs.iter().map(weight).sum(), place)?;
                        pairs.into_iter().map(Cow::Owned).collect()
                    }
                    Value::String(text) if !text.is_empty() => vec![value],
                    _ => Vec::new(),
                },
            },
        };
        if repeat.reversed {
            items.reverse();
        }
        Ok(items)
    }

    fn whole(
        &mut self,
        expression: Option<&Expression>,
        place: usize,
    ) -> Result<Option<usize>, Failure> {
        let Some(expression) = expression else { return Ok(None) };
        let value = self.expression(expression, place)?;
        Ok(as_whole(&value).map(|number| number.max(0) as usize))
    }

    fn range(
        &mut self,
        from: &Expression,
        to: &Expression,
        place: usize,
    ) -> Result<(i64, i64), Failure> {
        let from = as_whole(&*self.expression(from, place)?).unwrap_or(0);
        let to = as_whole(&*self.expression(to, place)?).unwrap_or(0);
        let length = to.saturating_sub(from).saturating_add(1).max(0) as usize;
        self.spend(length.saturating_mul(4 * STEP), place)?;
        Ok((from, to))
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

/// Goes down into a value key by key.
fn walk<'v>(value: Cow<'v, Value>, keys: &[Cow<'_, Value>]) -> Cow<'v, Value> {
    keys.iter().fold(value, |value, key| match value {
        Cow::Borrowed(value) => step(value, key),
        Cow::Owned(value) => Cow::Owned(step(&value, key).into_owned()),
    })
}

/// What a value has under a key; lists and texts also know `size`, `first` and `last`.
fn step<'v>(value: &'v Value, key: &Value) -> Cow<'v, Value> {
    let found = match (value, key) {
        (Value::Object(object), key) => object.get(&*text_of(key)),
        (Value::Array(list), key) => as_whole(key).and_then(|index| {
            let index = if index < 0 { index + list.len() as i64 } else { index };
            list.get(usize::try_from(index).ok()?)
        }),
        _ => None,
    };
    if let Some(found) = found {
        return Cow::Borrowed(found);
    }
    Cow::Owned(match key.as_str() {
        Some("size") => size_of(value).into(),
        Some("first") => at(value, 0),
        Some("last") => at(value, -1),
        _ => Value::Null,
    })
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

fn loop_info(index: usize, length: usize) -> Value {
    json!({
        "index": index + 1,
        "index0": index,
        "rindex": length - index,
        "rindex0": length - index - 1,
        "first": index == 0,
        "last": index + 1 == length,
        "length": length,
    })
}

fn cell_start(index: usize, columns: usize) -> String {
    let (row, column) = (index / columns + 1, index % columns + 1);
    let start = if column == 1 { format!("<tr class=\"row{row}\">") } else { String::new() };
    format!("{start}<td class=\"col{column}\">")
}

fn too_much(at: usize) -> Failure {
    let message = "makes too large a page, or takes too many steps: look at its loops";
    Failure { at, message: message.into() }
}
