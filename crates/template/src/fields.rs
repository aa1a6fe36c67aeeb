//! The answers that a template gives, as far as it is written what they are.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::elements::{self, Gives};
use crate::html::{Attribute, HOLE, Markup, Tag};

/// One element that gives an answer under a name that is written out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundField {
    /// The key in the output.
    pub name: String,
    /// Its tag: `crowd-classifier`, `input`, `select`, `textarea`.
    pub element: String,
    /// By names in lower case. What is only known task by task is [`OPEN`]; a `select` has its values as JSON in
    /// `options`.
    pub attributes: IndexMap<String, String>,
    /// Whether no page can be submitted without it.
    pub required: bool,
    /// Whether some pages are without it.
    pub optional: bool,
    /// Whether a loop makes several of it.
    pub repeated: bool,
    pub line: usize,
    pub column: usize,
}

impl FoundField {
    /// Whether its answers become a list: a loop makes several, and they are not boxes or buttons of one question.
    pub fn is_list(&self) -> bool {
        let ticks = ["radio", "checkbox"];
        let is_tick = elements::shares_names(&self.element)
            || self.attributes.get("type").is_some_and(|kind| ticks.contains(&kind.as_str()));
        self.repeated && !is_tick
    }
}

/// Stands for an attribute's value with placeholders.
pub const OPEN: &str = "{{ }}";

pub(crate) fn fields(source: &str, markup: &Markup) -> Vec<FoundField> {
    let mut options: BTreeMap<usize, Vec<Option<String>>> = BTreeMap::new();
    let mut select = None;
    let mut groups: BTreeMap<usize, &str> = BTreeMap::new();
    let mut group = None;
    for (index, tag) in markup.tags.iter().enumerate() {
        match (&*tag.name, tag.is_end) {
            ("select", false) => select = Some(index),
            ("select", true) => select = None,
            ("crowd-radio-group", is_end) => group = tag.fixed("name").filter(|_| !is_end),
            ("crowd-radio-button", false) => drop(group.map(|name| groups.insert(index, name))),
            ("option", false) => {
                if let Some(select) = select {
                    options.entry(select).or_default().push(option(markup, index, tag));
                }
            }
            _ => {}
        }
    }
    let tags = markup.tags.iter().enumerate().filter(|(_, tag)| !tag.is_end);
    tags.filter_map(|(index, tag)| {
        let mut field = field(source, tag, groups.get(&index).copied())?;
        if let Some(options) = options.remove(&index) {
            let known: Option<Vec<String>> = options.into_iter().collect();
            let known = known.and_then(|known| serde_json::to_string(&known).ok());
            field.attributes.insert("options".into(), known.unwrap_or_else(|| OPEN.to_owned()));
        }
        Some(field)
    })
    .collect()
}

/// The value that choosing an option gives; `None` if it is only known task by task.
fn option(markup: &Markup, index: usize, tag: &Tag) -> Option<String> {
    if tag.is_repeated() {
        return None;
    }
    let text = || {
        let text = markup.option_texts.iter().find(|(of, _)| *of == index);
        text.map_or("", |(_, text)| text.trim())
    };
    match tag.attribute("value") {
        Some(value) if value.is_dynamic => None,
        Some(value) => Some(value.value.clone()),
        None => Some(text().to_owned()).filter(|text| !text.contains(HOLE)),
    }
}

/// `group` is the name of the radio buttons around it, by which those without a name go.
fn field(source: &str, tag: &Tag, group: Option<&str>) -> Option<FoundField> {
    let always = match elements::gives(&tag.name) {
        Some(Gives::Nothing) => return None,
        Some(gives) => gives == Gives::Always,
        None if is_control(tag) => false,
        None => return None,
    };
    let name = match tag.attribute("name") {
        Some(name) if name.is_dynamic => return None,
        Some(name) if !name.value.is_empty() => name.value.clone(),
        _ => group.filter(|group| !group.is_empty()).or(elements::own_key(&tag.name))?.to_owned(),
    };
    let (line, column) = crate::mistake::place(source, tag.span.start);
    let value = |attribute: &Attribute| {
        if attribute.is_dynamic { OPEN.to_owned() } else { attribute.value.clone() }
    };
    Some(FoundField {
        name,
        element: tag.name.clone(),
        attributes: tag
            .attributes
            .iter()
            .map(|attribute| (attribute.name.clone(), value(attribute)))
            .collect(),
        required: (always || tag.is_on("required")) && !tag.is_conditional() && !tag.is_repeated(),
        optional: tag.is_conditional() || tag.is_repeated(),
        repeated: tag.is_repeated(),
        line,
        column,
    })
}

/// A control of HTML that takes part in a form.
pub(crate) fn is_control(tag: &Tag) -> bool {
    let buttons = ["submit", "button", "reset", "image"];
    match &*tag.name {
        "input" => !is_of_type(tag, &buttons),
        "select" | "textarea" => true,
        _ => false,
    }
}

/// A button of HTML that submits the form around it.
pub(crate) fn is_submit_button(tag: &Tag) -> bool {
    match &*tag.name {
        "input" => is_of_type(tag, &["submit", "image"]),
        "button" => !is_of_type(tag, &["button", "reset"]),
        _ => false,
    }
}

fn is_of_type(tag: &Tag, kinds: &[&str]) -> bool {
    tag.fixed("type").is_some_and(|kind| kinds.contains(&kind.to_ascii_lowercase().as_str()))
}
