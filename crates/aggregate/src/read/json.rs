//! JSON lines: one object a line with `task`, `worker` and `label`.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use super::block::{Block, Column, Fault};
use super::label::{Wanted, push_label, push_value};

/// Parses whole lines.
pub(super) fn parse(bytes: &[u8], worker: bool, wanted: Wanted) -> Result<Block, Fault> {
    let mut block = Block::default();
    let mut rest = bytes;
    let mut line = 0;
    while !rest.is_empty() {
        let end = memchr::memchr(b'\n', rest);
        let (text, behind) = end.map_or((rest, &[][..]), |at| (&rest[..at], &rest[at + 1..]));
        if !text.trim_ascii().is_empty() {
            push(&mut block, text, line, worker, wanted).map_err(|what| Fault::at(line, what))?;
        }
        (rest, line) = (behind, line + 1);
    }
    block.length = memchr::memchr_iter(b'\n', bytes).count() as u64;
    block.bytes = bytes.len() as u64;
    Ok(block)
}

fn push(
    block: &mut Block,
    text: &[u8],
    line: u64,
    worker: bool,
    wanted: Wanted,
) -> Result<(), String> {
    let record: Record<'_> = serde_json::from_slice(text).map_err(|error| {
        let text = error.to_string();
        // The line is told apart, and is always 1 here.
        text.split(" at line ").next().unwrap_or(&text).to_owned()
    })?;
    let missing = |name: &str| format!("there is no `{name}`");
    match record.label.ok_or_else(|| missing("label"))? {
        Scalar::Null => {
            block.missing += 1;
            return Ok(());
        }
        Scalar::Float(value) if wanted.numbers => push_value(block, value)?,
        label => {
            if !push_label(block, &label.name(), wanted)? {
                return Ok(());
            }
        }
    }
    push_name(&mut block.task, "task", &record.task.ok_or_else(|| missing("task"))?)?;
    if worker {
        push_name(&mut block.worker, "worker", &record.worker.ok_or_else(|| missing("worker"))?)?;
    }
    if wanted.places {
        block.place.push(line as u32);
    }
    Ok(())
}

fn push_name(column: &mut Column, what: &str, name: &Scalar<'_>) -> Result<(), String> {
    match name {
        Scalar::Integer(value) => column.push_number(*value),
        name => match &*name.name() {
            "" => return Err(format!("the {what} is empty")),
            name => column.push(name),
        },
    }
    Ok(())
}

/// The members of an object that are read; others are passed over, whatever they hold.
#[derive(Default)]
struct Record<'a> {
    task: Option<Scalar<'a>>,
    worker: Option<Scalar<'a>>,
    label: Option<Scalar<'a>>,
}

impl<'de> Deserialize<'de> for Record<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Record<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object with `task`, `worker` and `label`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Record<'de>, A::Error> {
                let mut record = Record::default();
                while let Some(name) = map.next_key::<Name<'_>>()? {
                    let place = match &*name.0 {
                        "task" => &mut record.task,
                        "worker" => &mut record.worker,
                        "label" => &mut record.label,
                        _ => {
                            map.next_value::<de::IgnoredAny>()?;
                            continue;
                        }
                    };
                    if place.replace(map.next_value()?).is_some() {
                        return Err(de::Error::custom(format!("`{}` is there twice", name.0)));
                    }
                }
                Ok(record)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// A member's name, borrowed where no escape stands in it.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// A name or label: anything but a list or an object.
enum Scalar<'a> {
    Null,
    Integer(i64),
    Float(f64),
    Text(Cow<'a, str>),
}

impl Scalar<'_> {
    fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Integer(value) => Cow::Owned(value.to_string()),
            Self::Float(value) => Cow::Owned(value.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Scalar<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string, a number, true, false or null")
            }

            fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Borrowed(if value { "true" } else { "false" })))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Integer(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Scalar<'de>, E> {
                Ok(i64::try_from(value)
                    .map_or_else(|_| Scalar::Text(Cow::Owned(value.to_string())), Scalar::Integer))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Float(value))
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
