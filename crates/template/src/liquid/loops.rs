//! `for` and `tablerow`.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::parse::For;
use super::read::Expression;
use super::render::{Failure, Flow, Renderer, STEP};
use super::values::{as_whole, weight};

impl<'d> Renderer<'d> {
    pub(super) fn repeat(&mut self, repeat: &For) -> Result<(), Failure> {
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

    pub(super) fn range(
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
