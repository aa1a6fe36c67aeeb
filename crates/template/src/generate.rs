//! The template of a page for which nobody wrote one: what a task brings along, then one element for each question.

use crate::page::escaped;

/// An input as the page shows it.
#[derive(Clone, Debug)]
pub struct Shown<'q> {
    pub name: &'q str,
    pub label: &'q str,
    pub kind: ShownAs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownAs {
    Text,
    Image,
    Audio,
    Video,
    Link,
    /// Anything else, as JSON.
    Data,
}

/// A question: an element, or several that share its name.
#[derive(Clone, Debug)]
pub struct Asked<'q> {
    pub name: &'q str,
    pub label: &'q str,
    pub help: Option<&'q str>,
    pub required: bool,
    pub element: &'static str,
    pub attributes: Vec<(&'static str, Attribute<'q>)>,
    pub inside: Inside<'q>,
}

#[derive(Clone, Debug)]
pub enum Attribute<'q> {
    Text(String),
    /// What the task has in this input field.
    Input(&'q str),
    /// The same as JSON.
    InputJson(&'q str),
    /// A switch.
    On,
}

/// What stands in a question's element.
#[derive(Clone, Debug)]
pub enum Inside<'q> {
    Nothing,
    /// A text.
    Text(String),
    /// One element an option, with its value and its label; the element of the question stands around them, if any.
    Options(&'static str, Vec<(String, String)>),
    /// The two sides of a comparison.
    Sides(Shown<'q>, Shown<'q>),
}

const STYLE: &str = "<style>
.inputs { display: grid; gap: 1rem; margin: 0 0 1.5rem; }
.inputs figure { margin: 0; }
.inputs figcaption { font-size: .875rem; opacity: .75; margin: 0 0 .25rem; }
.inputs p, .side { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
.inputs img, .inputs video, .side img, .side video { display: block; max-width: 100%; max-height: 70vh; border-radius: 6px; }
.inputs audio, .side audio { width: 100%; }
.question { margin: 0 0 1.5rem; padding: 0; border: 0; min-width: 0; }
.question > .label { display: block; font-weight: 600; margin: 0 0 .5rem; padding: 0; }
.question > .help { opacity: .75; margin: -.25rem 0 .5rem; }
.options { display: grid; gap: .25rem; }
</style>";

/// Elements that show a heading of their own.
const WITH_HEADER: [&str; 14] = [
    "crowd-bounding-box",
    "crowd-polygon",
    "crowd-polyline",
    "crowd-line",
    "crowd-keypoint",
    "crowd-semantic-segmentation",
    "crowd-instance-segmentation",
    "crowd-video-bounding-box",
    "crowd-relation-annotation",
    "crowd-entity-annotation",
    "crowd-comparison",
    "crowd-ranking",
    "crowd-audio-segments",
    "crowd-video-segments",
];

/// One form with the inputs and the questions; instructions are the shell's affair.
pub fn generate(shown: &[Shown<'_>], asked: &[Asked<'_>]) -> String {
    let mut page = format!("{STYLE}\n<crowd-form>\n");
    if !shown.is_empty() {
        page += "<div class=\"inputs\">\n";
        for input in shown {
            let (value, content) = (value(input.name), content(input));
            let label = literal(input.label);
            page += &format!(
                "{{% if {value} != nil %}}<figure><figcaption>{label}</figcaption>{content}</figure>{{% endif %}}\n"
            );
        }
        page += "</div>\n";
    }
    let questions: String = asked.iter().map(question).collect();
    page + &questions + "</crowd-form>\n"
}

fn question(asked: &Asked<'_>) -> String {
    let (name, label) = (literal(asked.name), literal(asked.label));
    let help =
        asked.help.map_or(String::new(), |help| format!("<p class=\"help\">{}</p>", literal(help)));
    let required = if asked.required { " required" } else { "" };
    let attributes: String = asked.attributes.iter().map(attribute).collect();
    let element = asked.element;
    if let Inside::Options(option, options) = &asked.inside {
        let options = options.iter().map(|(value, label)| {
            let (value, label) = (literal(value), literal(label));
            format!("<{option} name=\"{name}\" value=\"{value}\">{label}</{option}>\n")
        });
        let options: String = options.collect();
        return format!(
            "<fieldset class=\"question\"><legend class=\"label\">{label}</legend>{help}\
             <{element} class=\"options\"{required}{attributes}>\n{options}</{element}></fieldset>\n"
        );
    }
    let inside = match &asked.inside {
        Inside::Text(text) => literal(text),
        Inside::Sides(first, second) => {
            let side = |shown| format!("<div class=\"side\">{}</div>", content(shown));
            format!(
                "<first-option>{}</first-option><second-option>{}</second-option>",
                side(first),
                side(second)
            )
        }
        Inside::Nothing | Inside::Options(..) => String::new(),
    };
    if WITH_HEADER.contains(&element) {
        return format!(
            "<div class=\"question\">{help}<{element} name=\"{name}\" header=\"{label}\"{required}{attributes}>{inside}</{element}></div>\n"
        );
    }
    format!(
        "<div class=\"question\" role=\"group\" aria-label=\"{label}\"><span class=\"label\">{label}</span>{help}\
         <{element} name=\"{name}\" aria-label=\"{label}\"{required}{attributes}>{inside}</{element}></div>\n"
    )
}

fn attribute((name, value): &(&'static str, Attribute<'_>)) -> String {
    match value {
        Attribute::Text(text) => format!(" {name}=\"{}\"", literal(text)),
        Attribute::Input(input) => format!(" {name}=\"{{{{ {} }}}}\"", self::value(input)),
        Attribute::InputJson(input) => {
            format!(" {name}=\"{{{{ {} | to_json }}}}\"", self::value(input))
        }
        Attribute::On => format!(" {name}"),
    }
}

/// An input's value in Liquid. Names of inputs have no quotes.
fn value(name: &str) -> String {
    format!("task.input['{name}']")
}

fn content(shown: &Shown<'_>) -> String {
    let (value, label) = (value(shown.name), literal(shown.label));
    match shown.kind {
        ShownAs::Text => format!("<p>{{{{ {value} }}}}</p>"),
        ShownAs::Image => format!("<img src=\"{{{{ {value} }}}}\" alt=\"{label}\">"),
        ShownAs::Audio => format!("<audio src=\"{{{{ {value} }}}}\" controls></audio>"),
        ShownAs::Video => format!("<video src=\"{{{{ {value} }}}}\" controls playsinline></video>"),
        ShownAs::Link => format!(
            "<a href=\"{{{{ {value} }}}}\" target=\"_blank\" rel=\"noopener noreferrer\">{{{{ {value} }}}}</a>"
        ),
        ShownAs::Data => format!("<p>{{{{ {value} | to_json }}}}</p>"),
    }
}

/// A text as HTML in which no placeholder begins.
fn literal(text: &str) -> String {
    escaped(text, false).replace('{', "&#123;").replace('$', "&#36;")
}
