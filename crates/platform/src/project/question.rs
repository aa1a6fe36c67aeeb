//! The question of a project: what is shown, what is asked, how it is explained. Its revisions never change.

use crowdsmith_template::Severity;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::input::InputField;
use super::keys::Keys;
use super::output::OutputField;
use super::page::PageSettings;
use crate::error::{Error, FieldError, Result};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Question {
    pub title: String,
    pub description: String,
    /// Markdown.
    pub instructions: String,
    #[schema(value_type = std::collections::HashMap<String, InputField>)]
    pub input: IndexMap<String, InputField>,
    #[schema(value_type = std::collections::HashMap<String, OutputField>)]
    pub output: IndexMap<String, OutputField>,
    /// The HTML of the task page; without it, the page is made from the fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    #[serde(default, skip_serializing_if = "PageSettings::is_default")]
    pub page: PageSettings,
}

/// Column names that exports and imports use themselves.
const RESERVED: [&str; 14] = [
    "task",
    "task_id",
    "worker",
    "judgments",
    "workers",
    "method",
    "version",
    "revision",
    "source",
    "submitted_at",
    "seconds",
    "page_behavior",
    "shown_order",
    "other_answers",
];
const LONGEST_NAME: usize = 63;
/// The answer to one task, as JSON.
const LARGEST_OUTPUT: usize = 8 << 20;

impl Question {
    /// Reads the question's keys of `project.toml` or of the API.
    pub fn read(value: &Value) -> Result<Self> {
        let question = Self::read_draft(value)?;
        question.check_template()?;
        Ok(question)
    }

    /// The same, with whatever template.
    pub fn read_draft(value: &Value) -> Result<Self> {
        let mut keys = Keys::of("", value)?;
        let title = keys.text("title").filter(|title| !title.trim().is_empty());
        if title.is_none() {
            keys.error("title", "is missing");
        }
        let description = keys.text("description").unwrap_or_default();
        let instructions = keys.text("instructions").unwrap_or_default();
        let template = keys.text("template");
        let page = keys.get("page").map(PageSettings::read);
        let page = page.and_then(|page| keys.part(page)).unwrap_or_default();
        let input = read_fields(&mut keys, "input", check_input_name, InputField::read);
        let output = match (&template, keys.get("output")) {
            // The template says what is asked.
            (Some(_), None) => None,
            _ => read_fields(&mut keys, "output", check_name, OutputField::read),
        };
        if output.as_ref().is_some_and(IndexMap::is_empty) {
            keys.error("output", "must have at least one field");
        }
        if let (Some(input), Some(output)) = (&input, &output) {
            check_inputs(&mut keys, input, output, template.is_some());
        }
        let is_inferred = output.is_none();
        let mut question = keys.finish(|| Self {
            title: title.unwrap_or_default(),
            description,
            instructions,
            input: input.unwrap_or_default(),
            output: output.unwrap_or_default(),
            template,
            page,
        })?;
        if is_inferred {
            question.output = question.inferred_output();
        }
        Ok(question)
    }

    /// Refuses a template with mistakes, and one that cannot give the answers that are required.
    fn check_template(&self) -> Result<()> {
        let Some(template) = &self.template else { return Ok(()) };
        if template.len() > crowdsmith_template::LARGEST {
            let message = format!("is larger than {} KiB", crowdsmith_template::LARGEST >> 10);
            return Err(Error::invalid("template", message));
        }
        let mistakes = self.mistakes();
        let errors = mistakes.iter().filter(|mistake| mistake.severity == Severity::Error);
        let errors: Vec<FieldError> =
            errors.map(|mistake| FieldError::new("template", mistake.to_string())).collect();
        if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
    }

    /// Checks one task's input.
    pub fn check_input(&self, input: &Map<String, Value>) -> Vec<FieldError> {
        let known = self.input.iter().filter_map(|(name, field)| {
            let message = match input.get(name) {
                None | Some(Value::Null) if field.required => "is missing".to_owned(),
                None | Some(Value::Null) => return None,
                Some(value) => field.check(value).err()?,
            };
            Some(FieldError::new(name, message))
        });
        known.chain(unknown_fields(input, self.input.keys())).collect()
    }

    /// Whether an output's key is a part of a flattened answer, such as `mood.label`.
    fn is_part(&self, key: &str) -> bool {
        let is_of = |name: &String| {
            key.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        self.output.keys().any(is_of)
    }

    /// Checks one judgment's output. An optional field may be absent or null.
    pub fn check_output(&self, output: &Map<String, Value>) -> Vec<FieldError> {
        let known = self.output.iter().filter_map(|(name, field)| {
            let message = match field.answer(name, output) {
                None if field.required => "is required".to_owned(),
                None => return None,
                Some(value) => field.check(&value).err()?,
            };
            Some(FieldError::new(name, message))
        });
        // A template may ask more than it declares.
        let unknown = self.template.is_none().then(|| unknown_fields(output, self.output.keys()));
        let strangers = unknown.into_iter().flatten().filter(|error| !self.is_part(&error.field));
        known.chain(strangers).chain(self.too_large(output)).collect()
    }

    /// What an output has beside the fields.
    pub(crate) fn other_answers(&self, output: &Map<String, Value>) -> Map<String, Value> {
        let is_other = |key: &String| !self.output.contains_key(key) && !self.is_part(key);
        let others = output.iter().filter(|(key, _)| is_other(key));
        others.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// Masks are large; the other answers that a page of its own gives are bounded by what is left.
    fn too_large(&self, output: &Map<String, Value>) -> Option<FieldError> {
        let is_large =
            || serde_json::to_string(output).is_ok_and(|text| text.len() > LARGEST_OUTPUT);
        (self.is_framed() && is_large()).then(|| {
            let megabytes = LARGEST_OUTPUT >> 20;
            FieldError::new("output", format!("is larger than {megabytes} MiB"))
        })
    }
}

impl Question {
    /// Whether [`Question::check_on`] has anything to check, so that inputs need not be read for nothing.
    pub fn is_checked_on_input(&self) -> bool {
        self.output.values().any(OutputField::is_checked_on_input)
    }

    /// Checks what only the task's input can tell about a valid output.
    pub fn check_on(
        &self,
        input: &Map<String, Value>,
        output: &Map<String, Value>,
    ) -> Vec<FieldError> {
        let wrong = |(name, field): (&String, &OutputField)| {
            let value = field.answer(name, output)?;
            let message = field.check_on(&self.input, input, &value).err()?;
            Some(FieldError::new(name, message))
        };
        self.output.iter().filter_map(wrong).collect()
    }
}

/// Output fields must name input fields that are there, and without a template have all that a page for them needs.
fn check_inputs(
    keys: &mut Keys,
    input: &IndexMap<String, InputField>,
    output: &IndexMap<String, OutputField>,
    has_template: bool,
) {
    for (name, field) in output {
        let strange = field.named_inputs().find(|(_, named)| !input.contains_key(*named));
        if let Some((key, named)) = strange {
            let known: Vec<&str> = input.keys().map(String::as_str).collect();
            let message = format!("`{named}` is no input field; there are {}", known.join(", "));
            keys.error(&format!("output.{name}.{key}"), message);
        } else if let Some(missing) = field.missing_for_page(input).filter(|_| !has_template) {
            keys.error(&format!("output.{name}"), missing);
        }
    }
}

fn unknown_fields<'a>(
    given: &'a Map<String, Value>,
    known: indexmap::map::Keys<'a, String, impl Sized>,
) -> impl Iterator<Item = FieldError> {
    let known: Vec<&str> = known.map(String::as_str).collect();
    given
        .keys()
        .filter(|name| !known.contains(&name.as_str()))
        .cloned()
        .collect::<Vec<_>>()
        .into_iter()
        .map(move |name| {
            let message = match super::keys::suggestion(&name, &known) {
                Some(close) => format!("is no field of this project; did you mean `{close}`?"),
                None => format!("is no field of this project; it has {}", known.join(", ")),
            };
            FieldError::new(name, message)
        })
}

fn read_fields<T>(
    keys: &mut Keys,
    key: &'static str,
    check: fn(&str, &str) -> Result<()>,
    read: impl Fn(&str, &str, &Value) -> Result<T>,
) -> Option<IndexMap<String, T>> {
    let table = keys.get(key);
    let Some(table) = table else {
        keys.error(key, "is missing");
        return None;
    };
    let fields = Keys::of(key, table).and_then(|fields| read_entries(fields, check, &read));
    keys.part(fields)
}

fn read_entries<T>(
    mut fields: Keys,
    check: fn(&str, &str) -> Result<()>,
    read: &impl Fn(&str, &str, &Value) -> Result<T>,
) -> Result<IndexMap<String, T>> {
    let mut entries = IndexMap::new();
    for (name, definition) in fields.entries() {
        let path = fields.path_of(name);
        let field = check(&path, name).and_then(|()| read(&path, name, definition));
        if let Some(field) = fields.part(field) {
            entries.insert(name.to_owned(), field);
        }
    }
    fields.finish_free(|| entries)
}

/// Exports have no inputs, so any word is free but the column of task files with the tasks' own names.
fn check_input_name(path: &str, name: &str) -> Result<()> {
    check_characters(path, name)?;
    if name == "task" {
        let message = "`task` is the column with the tasks' own names; choose another name";
        return Err(Error::invalid(path, message));
    }
    Ok(())
}

pub(super) fn check_name(path: &str, name: &str) -> Result<()> {
    check_characters(path, name)?;
    if RESERVED.contains(&name) {
        let message = format!("`{name}` is a column of the exports; choose another name");
        return Err(Error::invalid(path, message));
    }
    Ok(())
}

fn check_characters(path: &str, name: &str) -> Result<()> {
    let plain = |character: char| character.is_alphanumeric() || "_-".contains(character);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(plain) {
        let message =
            format!("a field's name has 1 to {LONGEST_NAME} letters, digits, `_` and `-`");
        return Err(Error::invalid(path, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn question() -> Question {
        let value = json!({
            "title": "Mood", "input": {"text": {}},
            "output": {"mood": {"type": "choice", "options": ["good", "bad"]}, "why": {"type": "text", "required": false}},
        });
        Question::read(&value).expect("valid")
    }

    #[test]
    fn a_question_survives_its_json() {
        let json = serde_json::to_string(&question()).expect("serializes");
        assert_eq!(serde_json::from_str::<Question>(&json).expect("reads back"), question());
    }

    #[test]
    fn wrong_outputs_are_named() {
        let check = |output: Value| {
            let Value::Object(output) = output else { panic!("a table") };
            question()
                .check_output(&output)
                .into_iter()
                .map(|e| format!("{} {}", e.field, e.message))
                .collect::<Vec<_>>()
        };
        assert!(check(json!({"mood": "good"})).is_empty());
        assert!(check(json!({"mood": "good", "why": null})).is_empty());
        assert_eq!(check(json!({})), ["mood is required"]);
        assert_eq!(
            check(json!({"mood": "ok", "moood": 1})),
            [
                "mood must be one of good, bad; not \"ok\"",
                "moood is no field of this project; did you mean `mood`?"
            ]
        );
    }

    #[test]
    fn a_template_says_what_is_asked_and_may_ask_more() {
        let value = json!({
            "title": "T", "input": {"text": {}},
            "template": "<crowd-form>{{ task.input.text }}<crowd-classifier name=\"mood\" categories=\"['a', 'b']\">\
                         </crowd-classifier>{% if task.input.text %}<crowd-classifier name=\"more\" categories=\"['c']\">\
                         </crowd-classifier>{% endif %}{% for i in (1..2) %}<crowd-input name=\"words\"></crowd-input>\
                         {% endfor %}<crowd-input name=\"method\"></crowd-input></crowd-form>",
        });
        let question = Question::read(&value).expect("valid");
        assert_eq!(question.output.keys().collect::<Vec<_>>(), ["mood", "more", "words"]);
        assert!(question.output["mood"].required && !question.output["more"].required);
        assert_eq!(question.output["words"].kind.word(), "json");
        assert_eq!(
            question.mistakes().iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "line 1, column 283: <crowd-input>: the answer `method` is stored, but it is no field: `method` is a column \
              of the exports; choose another name"
            ]
        );
        let check = |output: Value| {
            let errors = question.check_output(output.as_object().expect("a table"));
            errors
                .into_iter()
                .map(|error| format!("{} {}", error.field, error.message))
                .collect::<Vec<_>>()
        };
        assert!(
            check(json!({"mood": {"label": "a"}, "words": ["x", "y"], "method": "z", "else": 1}))
                .is_empty()
        );
        assert_eq!(check(json!({"mood": {"label": "c"}})), ["mood must be one of a, b; not \"c\""]);
        assert_eq!(check(json!({"label": "z"})), ["mood is required"]);
        let large = json!({"mood": {"label": "a"}, "else": "x".repeat(9 << 20)});
        assert_eq!(check(large), ["output is larger than 8 MiB"]);
    }

    #[test]
    fn untouched_controls_are_no_answer() {
        let value = json!({
            "title": "T", "input": {},
            "template": "<crowd-form><crowd-radio-button name=in value=yes></crowd-radio-button>\
                         <input type=radio name=colour value=red required><input type=radio name=colour value=blue>\
                         <input type=number name=age><select name=kind><option>a</option></select></crowd-form>",
        });
        let question = Question::read(&value).expect("valid");
        let check = |output: Value| {
            let errors = question.check_output(output.as_object().expect("a table"));
            errors
                .into_iter()
                .map(|error| format!("{} {}", error.field, error.message))
                .collect::<Vec<_>>()
        };
        let untouched = json!({"in": {"yes": false}, "colour": {"red": false, "blue": true}, "age": "", "kind": ""});
        assert!(check(untouched).is_empty());
        let missing = json!({"in": {"yes": true}, "colour": {"red": false, "blue": false}, "age": "7", "kind": "a"});
        assert_eq!(check(missing), ["colour is required"]);
    }

    #[test]
    fn scripts_may_change_what_a_template_asks() {
        let value = json!({
            "title": "T", "input": {},
            "template": "<crowd-form><crowd-bounding-box id=a name=boxes labels=\"['x']\"></crowd-bounding-box>\
                         <crowd-classifier name=mood categories=\"['a']\"></crowd-classifier></crowd-form>\
                         <script>a.labels = a.labels.concat(['y'])</script>",
        });
        let question = Question::read(&value).expect("valid");
        let boxes = json!({
            "boundingBoxes": [{"label": "y", "left": 1, "top": 1, "width": 1, "height": 1}],
            "inputImageProperties": {"width": 9, "height": 9},
        });
        let output = json!({"boxes": boxes});
        assert_eq!(question.check_output(output.as_object().expect("a table")), []);
        let wrong = json!({"boxes": {"boundingBoxes": 1}});
        assert_eq!(question.check_output(wrong.as_object().expect("a table")).len(), 1);
    }

    #[test]
    fn reserved_and_strange_names_are_refused() {
        let read = |input: Value, output: Value| {
            Question::read(&json!({"title": "T", "input": input, "output": output}))
        };
        for name in ["task", "worker", "method", "a b", ""] {
            let outcome = read(json!({}), json!({name: {"type": "text"}}));
            assert!(matches!(outcome, Err(Error::Invalid(_))), "{name}");
        }
        // Names that classifiers have in many templates.
        for name in ["label", "confidence", "state"] {
            let outcome = read(json!({}), json!({name: {"type": "text"}}));
            assert!(outcome.is_ok(), "{name}");
        }
        for name in ["task", "a b", ""] {
            let outcome = read(json!({name: {}}), json!({"mood": {"type": "text"}}));
            assert!(matches!(outcome, Err(Error::Invalid(_))), "{name}");
        }
        // What Ground Truth's manifests call their objects.
        for name in ["source", "label", "task_id", "worker"] {
            let outcome = read(json!({name: {}}), json!({"mood": {"type": "text"}}));
            assert!(outcome.is_ok(), "{name}");
        }
    }
}
