//! How a question is shown: by a template of its own, or by the page that is made from its fields.

use crowdsmith_template::{Examination, Mistake, Severity};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::keys::{Keys, shown};
use super::output::{FoundField, OutputField, infer};
use super::question::{Question, check_name};
use crate::error::{Error, Result};

/// What `[page]` says; what it does not say has a default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PageSettings {
    /// Origins from which a template may load scripts, styles, fonts, pictures, sounds and frames, such as
    /// `https://code.jquery.com` or `https://*.example.org`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
    /// Whether times and counts of activity are recorded with judgments; usually they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behavior: Option<bool>,
    /// Whether each worker sees the options in an order of their own; usually not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shuffle: Option<bool>,
    /// Whether workers may skip a task or report a problem with it; usually they may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<bool>,
    /// Whether a key that answers the only question also goes on to the next task; usually it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submit_on_choice: Option<bool>,
    /// Whether links of a template may open windows; usually not, because an address can carry away what the page knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub links: Option<bool>,
}

/// A question's page as the shell that shows it needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "switches that do not depend on one another")]
pub struct ShownPage {
    /// Whether tasks are shown in a frame, at their `page`; else the shell shows the fields itself.
    pub frame: bool,
    pub behavior: bool,
    pub shuffle: bool,
    pub skip: bool,
    pub submit_on_choice: bool,
    /// Whether the frame may open windows (`allow-popups allow-popups-to-escape-sandbox`).
    pub links: bool,
    /// Whether the page asks where the worker is (`allow="geolocation"`).
    pub geolocation: bool,
}

impl PageSettings {
    /// Reads the table `[page]`.
    pub(super) fn read(value: &Value) -> Result<Self> {
        let mut keys = Keys::of("page", value)?;
        let allow = match keys.get("allow") {
            None => Vec::new(),
            Some(Value::Array(list)) => {
                list.iter().filter_map(|origin| read_origin(&mut keys, origin)).collect()
            }
            Some(other) => {
                keys.error("allow", format!("must be a list of origins, not {}", shown(other)));
                Vec::new()
            }
        };
        let [behavior, shuffle, skip, submit_on_choice, links] =
            ["behavior", "shuffle", "skip", "submit_on_choice", "links"].map(|key| keys.truth(key));
        keys.finish(|| Self { allow, behavior, shuffle, skip, submit_on_choice, links })
    }

    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    pub fn records_behavior(&self) -> bool {
        self.behavior.unwrap_or(true)
    }

    pub fn allows_skips(&self) -> bool {
        self.skip.unwrap_or(true)
    }

    pub fn allows_links(&self) -> bool {
        self.links.unwrap_or(false)
    }
}

/// An origin that can stand in a content security policy.
fn read_origin(keys: &mut Keys, origin: &Value) -> Option<String> {
    let plain = |text: &str| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        let host = rest.strip_prefix("*.").unwrap_or(rest);
        let fits = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
        (!host.is_empty() && host.chars().all(fits)).then(|| text.to_ascii_lowercase())
    };
    let read = origin.as_str().map(|text| text.trim_end_matches('/')).and_then(plain);
    if read.is_none() {
        let message =
            format!("must have origins such as https://example.org, not {}", shown(origin));
        keys.error("allow", message);
    }
    read
}

/// Attributes that say which answers there are.
const LABELS: [&str; 6] = ["categories", "items", "labels", "nodes", "options", "statements"];

impl Question {
    /// The template of its page, its own or a generated one; `None` if the shell shows its fields itself.
    pub fn page_source(&self) -> Option<String> {
        let generated = || self.is_framed().then(|| self.generated_template());
        self.template.clone().or_else(generated)
    }

    /// Whether its tasks are shown in a frame.
    pub fn is_framed(&self) -> bool {
        self.template.is_some() || self.output.values().any(|field| !field.kind.is_classic())
    }

    /// The same, with a generated template where the shell would show the fields.
    pub fn any_page_source(&self) -> String {
        self.page_source().unwrap_or_else(|| self.generated_template())
    }

    pub fn shown_page(&self) -> ShownPage {
        let source = self.page_source();
        let page = &self.page;
        ShownPage {
            frame: source.is_some(),
            behavior: page.records_behavior(),
            shuffle: page.shuffle.unwrap_or(false),
            skip: page.allows_skips(),
            submit_on_choice: page.submit_on_choice.unwrap_or(true),
            links: page.allows_links(),
            geolocation: source.is_some_and(|source| self.examine(&source).has_location),
        }
    }

    /// What is wrong with its template: what keeps it from being used, and what is perhaps not meant.
    pub fn mistakes(&self) -> Vec<Mistake> {
        let Some(template) = &self.template else { return Vec::new() };
        let found = self.examine(template);
        let has_errors = found.mistakes.iter().any(|mistake| mistake.severity == Severity::Error);
        let mut mistakes = found.mistakes.clone();
        mistakes.extend(found.fields.iter().filter_map(unnamed));
        if !has_errors && !found.may_have_more_fields() {
            mistakes.extend(self.unasked(&found));
        }
        mistakes
    }

    /// The output fields that its template asks for. Where scripts are at work, what is written need not be what is
    /// asked: then the page alone says what is required, and labels that scripts change are open.
    pub(super) fn inferred_output(&self) -> IndexMap<String, OutputField> {
        let Some(template) = &self.template else { return IndexMap::new() };
        let examined = self.examine(template);
        let (has_scripts, opens) = (examined.has_scripts, examined.has_scripted_labels);
        let named = examined
            .fields
            .into_iter()
            .filter(|field| check_name(&field.name, &field.name).is_ok());
        let fields: Vec<FoundField> = named
            .map(|mut field| {
                field.attributes.retain(|name, _| !opens || !LABELS.contains(&name.as_str()));
                FoundField {
                    // Several answers under one name are a list.
                    element: if field.is_list() { String::new() } else { field.element },
                    name: field.name,
                    attributes: field.attributes,
                    required: field.required && !has_scripts,
                    optional: field.optional || has_scripts,
                }
            })
            .collect();
        infer(&fields)
    }

    /// Answers that are required and that no element gives.
    fn unasked(&self, found: &Examination) -> impl Iterator<Item = Mistake> {
        let asks = |name: &str| found.fields.iter().any(|field| field.name == name);
        let missing = self.output.iter().filter(move |(name, field)| field.required && !asks(name));
        missing.map(|(name, _)| Mistake {
            severity: Severity::Error,
            line: 1,
            column: 1,
            element: None,
            message: format!("no element has name=\"{name}\", which `[output.{name}]` requires"),
        })
    }

    /// What can be told of a template for this question.
    pub fn examine(&self, template: &str) -> Examination {
        self.with_known(|known| crowdsmith_template::examine(template, known))
    }

    /// Lends what a template may know of this question.
    pub fn with_known<T>(&self, work: impl FnOnce(&crowdsmith_template::Known<'_>) -> T) -> T {
        let inputs: Vec<&str> = self.input.keys().map(String::as_str).collect();
        let allow: Vec<&str> = self.page.allow.iter().map(String::as_str).collect();
        let links = self.page.allows_links();
        work(&crowdsmith_template::Known { inputs: &inputs, allow: &allow, links })
    }
}

/// An answer that is stored but cannot be a field.
fn unnamed(field: &crowdsmith_template::FoundField) -> Option<Mistake> {
    let Err(Error::Invalid(errors)) = check_name(&field.name, &field.name) else { return None };
    let why = errors.first().map_or("", |error| error.message.as_str());
    Some(Mistake {
        severity: Severity::Warning,
        line: field.line,
        column: field.column,
        element: Some(field.element.clone()),
        message: format!("the answer `{}` is stored, but it is no field: {why}", field.name),
    })
}
