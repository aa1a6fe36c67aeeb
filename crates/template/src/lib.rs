//! Templates of task pages: HTML with Liquid as in Ground Truth, or with Mechanical Turk's `${column}`, and Crowd HTML
//! Elements.
//!
//! A template is read once and rendered for each task. Values of a task stay values: wherever they stand in the page, in
//! text, in an attribute or in a script, they cannot become markup or code, unless the template says `skip_autoescape`.
//! Rendering is bounded in time, memory and length, whatever the template.
//!
//! ```
//! use crowdsmith_template::{Known, Template};
//!
//! let known = Known { inputs: &["text"], ..Known::default() };
//! let source = "<crowd-form><p>{{ task.input.text }}</p><crowd-input name='answer'></crowd-input></crowd-form>";
//! let loader = "<script src=\"/elements/crowd-html-elements.js\"></script>";
//! let template = Template::read(source, &known, loader).unwrap();
//! let input = serde_json::json!({"text": "1 < 2"});
//! let page = template.render(&input, &|_| None).unwrap();
//! assert!(page.contains("<p>1 &lt; 2</p>"));
//! ```

mod columns;
mod elements;
mod envelope;
mod fields;
mod generate;
mod html;
mod lint;
mod liquid;
mod loader;
mod loose;
mod mistake;
mod page;
mod script;
mod source;

use serde_json::{Value, json};

pub use fields::{FoundField, OPEN};
pub use generate::{Asked, Attribute, Inside, Shown, ShownAs, generate};
pub use loose::parse as parse_loosely;
pub use mistake::{Mistake, Severity};

use liquid::{Data, Node};
use source::Source;

/// The largest template, in bytes.
pub const LARGEST: usize = 512 << 10;

/// What a project says beside its template.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'k> {
    /// The names of its input fields.
    pub inputs: &'k [&'k str],
    /// Origins that its pages may load files from.
    pub allow: &'k [&'k str],
    /// Whether links of its pages may open windows.
    pub links: bool,
}

/// A template that can be rendered.
#[derive(Debug)]
pub struct Template {
    nodes: Vec<Node>,
    /// Where its lines end, in bytes.
    line_ends: Vec<usize>,
}

/// Why a template could not be rendered with these values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct RenderError {
    /// From 1.
    pub line: usize,
    pub message: String,
}

/// All that can be told of a template without a task.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on one another")]
pub struct Examination {
    /// By their places.
    pub mistakes: Vec<Mistake>,
    pub fields: Vec<FoundField>,
    /// Whether it has scripts of its own, which may make fields and elements.
    pub has_scripts: bool,
    /// Whether those scripts seem to change which labels or categories there are.
    pub has_scripted_labels: bool,
    /// Whether names of fields have placeholders.
    pub has_open_names: bool,
    /// Whether it asks where the worker is.
    pub has_location: bool,
}

/// Looks for mistakes and for what the template asks.
pub fn examine(text: &str, known: &Known<'_>) -> Examination {
    let text = &*envelope::open(text);
    let source = match Source::read(text, known.inputs) {
        Ok(source) => source,
        Err(wrong) => {
            return Examination { mistakes: vec![wrong.mistake(text)], ..Examination::default() };
        }
    };
    let has = |wanted: &dyn Fn(&html::Tag) -> bool| source.markup.starts().any(wanted);
    Examination {
        mistakes: lint::lint(&source, known),
        fields: fields::fields(text, &source.markup),
        has_scripts: has(&|tag| tag.name == "script" && !loader::loads_elements(tag)),
        has_scripted_labels: source.markup.scripts.iter().any(|script| {
            [".labels", ".categories", "setAttribute"].iter().any(|word| script.contains(word))
        }),
        has_open_names: has(&|tag| tag.attribute("name").is_some_and(|name| name.is_dynamic)),
        has_location: has(&|tag| tag.name == "crowd-location"),
    }
}

impl Examination {
    /// Whether pages may ask what `fields` does not tell.
    pub fn may_have_more_fields(&self) -> bool {
        self.has_scripts || self.has_open_names
    }
}

impl Template {
    /// Reads a template. `loader` is what brings the elements to its pages: HTML on one line, without anything that could
    /// be a placeholder.
    ///
    /// # Errors
    /// The first mistake of its Liquid. What [`examine`] tells besides does not keep a page from being shown.
    pub fn read(text: &str, known: &Known<'_>, loader: &str) -> Result<Self, Mistake> {
        let text = &*envelope::open(text);
        let wrong = |wrong: mistake::Wrong| wrong.mistake(text);
        let source = Source::read(text, known.inputs).map_err(wrong)?;
        let rewritten = loader::rewritten(text, &source.markup, loader);
        let read = Source::read(&rewritten, known.inputs).map_err(wrong)?;
        let line_ends = rewritten.match_indices('\n').map(|(at, _)| at).collect();
        Ok(Self { nodes: read.nodes, line_ends })
    }

    /// The page of one task. `grant` gives the link that opens a file, or `None` to leave its name as it is.
    pub fn render(
        &self,
        input: &Value,
        grant: &dyn Fn(&str) -> Option<String>,
    ) -> Result<String, RenderError> {
        let values = json!({"task": {"input": input}});
        liquid::render(&self.nodes, &Data { values: &values, grant }).map_err(|failure| {
            let line = self.line_ends.partition_point(|end| *end < failure.at) + 1;
            RenderError { line, message: failure.message }
        })
    }
}
