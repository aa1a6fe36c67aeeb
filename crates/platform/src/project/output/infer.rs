//! Output fields from what a template asks, for projects that declare none.

use indexmap::IndexMap;
use serde_json::Value;

use super::choices::Choice;
use super::{
    Comparison, Consent, Json, Labels, Likert, Location, Marks, Media, OutputField, OutputType,
    Place, Ranking, Relations, Segments, Statement, Taxonomy, taxonomy, texts,
};

/// An element or control of a template that gives an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundField {
    /// The key in the output.
    pub name: String,
    /// The tag, in lower case, such as `crowd-classifier` or `input`.
    pub element: String,
    /// As the template has them, with names in lower case; what each task has of its own begins with `{{`.
    pub attributes: IndexMap<String, String>,
    pub required: bool,
    /// Whether some pages are without it.
    pub optional: bool,
}

/// The fields of a template, in the order of their first element. Buttons and boxes to tick that share a name are one
/// field. Labels that the template has for each task are left open.
pub fn infer(found: &[FoundField]) -> IndexMap<String, OutputField> {
    let mut by_name: IndexMap<&str, Vec<&FoundField>> = IndexMap::new();
    for one in found {
        by_name.entry(&one.name).or_default().push(one);
    }
    let field = |(name, elements): (&str, Vec<&FoundField>)| {
        let kind = kind_of(&elements);
        let required =
            elements.iter().any(|one| one.required) || always_answers(&kind, elements[0]);
        let label = elements[0].literal("header").or_else(|| elements[0].literal("label"));
        let label = label.map_or_else(|| name.to_owned(), str::to_owned);
        (name.to_owned(), OutputField { kind, label, help: None, required })
    };
    by_name.into_iter().map(field).collect()
}

/// Elements that let nobody pass without an answer.
fn always_answers(kind: &OutputType, element: &FoundField) -> bool {
    let always = element.element.contains("classifier") || matches!(kind, OutputType::Consent(_));
    always && !element.optional
}

fn kind_of(elements: &[&FoundField]) -> OutputType {
    let first = elements[0];
    match first.element.as_str() {
        "crowd-checkbox" | "crowd-toggle-button" => ticks(elements),
        "crowd-radio-button" => OutputType::Choice { options: values(elements) },
        "input" => match first.literal("type") {
            Some("checkbox") => ticks(elements),
            Some("radio") => OutputType::Choice { options: values(elements) },
            Some("number" | "range") => first.number(),
            Some("file") => OutputType::File(Media::default()),
            _ => texts::any_text(false),
        },
        _ if elements.len() > 1 => OutputType::Json(Json { keys: Vec::new() }),
        _ => first.kind(),
    }
}

/// Boxes to tick: any of their values.
fn ticks(elements: &[&FoundField]) -> OutputType {
    let all_required = elements.iter().all(|one| one.required);
    let min = if all_required { elements.len() as i64 } else { 0 };
    OutputType::Choices { options: values(elements), min, max: None }
}

/// The values of buttons or boxes; open if the template has them for each task.
fn values(elements: &[&FoundField]) -> Vec<Choice> {
    let value = |one: &&FoundField| match one.attributes.get("value") {
        None => Some("on".to_owned()),
        Some(_) => one.literal("value").map(str::to_owned),
    };
    let values: Option<Vec<String>> = elements.iter().map(value).collect();
    options(values)
}

fn options(names: Option<Vec<String>>) -> Vec<Choice> {
    names.unwrap_or_default().into_iter().map(Choice::plain).collect()
}

impl FoundField {
    fn kind(&self) -> OutputType {
        match self.element.as_str() {
            "crowd-classifier" | "crowd-image-classifier" => {
                OutputType::Choice { options: options(self.names("categories")) }
            }
            "crowd-classifier-multi-select" | "crowd-image-classifier-multi-select" => {
                // Whoever chooses the exclusion category chooses nothing.
                let min = i64::from(!self.attributes.contains_key("exclusion-category"));
                OutputType::Choices { options: options(self.names("categories")), min, max: None }
            }
            "crowd-bounding-box" => OutputType::Boxes(self.marks()),
            "crowd-polygon" => OutputType::Polygons(self.marks()),
            "crowd-polyline" => OutputType::Polylines(self.marks()),
            "crowd-line" => OutputType::Lines(self.marks()),
            "crowd-keypoint" => OutputType::Keypoints(self.marks()),
            "crowd-semantic-segmentation" => OutputType::Mask(self.labels()),
            "crowd-instance-segmentation" => OutputType::Instances(self.marks()),
            "crowd-video-bounding-box" => OutputType::VideoBoxes(self.marks()),
            "crowd-entity-annotation" => OutputType::Spans(self.marks()),
            "crowd-relation-annotation" => {
                let relations = self.names("relations");
                OutputType::Relations(Relations { marks: self.marks(), relations })
            }
            "crowd-slider" => self.number(),
            "crowd-rating" => self.rating(),
            "crowd-ranking" => {
                OutputType::Ranking(Ranking { items: self.names("items"), on: None })
            }
            "crowd-comparison" => OutputType::Comparison(Comparison {
                first: None,
                second: None,
                tie: !self.is_on("no-tie"),
            }),
            "crowd-consent" => OutputType::Consent(Consent {
                text: self.literal("text").map(str::to_owned),
                version: self.literal("version").map(str::to_owned),
            }),
            "crowd-likert" => OutputType::Likert(self.likert()),
            "crowd-taxonomy" => OutputType::Taxonomy(Taxonomy {
                nodes: self.loose("nodes").and_then(|tree| taxonomy::read_tree(&tree).ok()),
                multiple: self.is_on("multiple"),
                leaves_only: self.is_on("leaves-only"),
            }),
            "crowd-audio-recording" => OutputType::Audio(self.media()),
            "crowd-video-recording" => OutputType::Video(self.media()),
            "crowd-photo" => OutputType::Photo(self.media()),
            "crowd-audio-segments" => OutputType::AudioSegments(self.segments()),
            "crowd-video-segments" => OutputType::VideoSegments(self.segments()),
            "crowd-pdf" => OutputType::Pages(self.labels()),
            "crowd-map" => OutputType::Place(Place::default()),
            "crowd-location" => OutputType::Location(Location {
                max_accuracy: self.parsed("max-accuracy").filter(|metres| *metres > 0.0),
            }),
            "crowd-input" if self.literal("type") == Some("file") => OutputType::File(self.media()),
            "crowd-input" if self.literal("type") == Some("number") => self.number(),
            "crowd-input" | "button" => texts::any_text(false),
            "crowd-text-area" | "textarea" => texts::any_text(true),
            "select" if self.is_on("multiple") => {
                OutputType::Choices { options: options(self.names("options")), min: 0, max: None }
            }
            "select" => OutputType::Choice { options: options(self.names("options")) },
            "crowd-json" => OutputType::Json(Json { keys: self.names("keys").unwrap_or_default() }),
            _ => OutputType::Json(Json { keys: Vec::new() }),
        }
    }

    fn number(&self) -> OutputType {
        // Without bounds of its own a slider has these.
        let bound = |name: &str, usual: f64| {
            let is_slider = self.element == "crowd-slider" && !self.attributes.contains_key(name);
            self.parsed(name).or(is_slider.then_some(usual))
        };
        let (min, max) = (bound("min", 0.0), bound("max", 100.0));
        OutputType::Number { min, max, integer: false, unit: None }
    }

    fn rating(&self) -> OutputType {
        let max = self.parsed("max").map_or(5, |max| max as i64).clamp(2, 100);
        let labels = self.names("labels").unwrap_or_default();
        let (low, high) = (labels.first().cloned(), labels.last().cloned());
        OutputType::Rating { min: 1, max, low, high }
    }

    fn labels(&self) -> Labels {
        Labels { labels: self.names("labels"), on: None }
    }

    /// `required` on a tool wants one mark at least.
    fn marks(&self) -> Marks {
        Marks { labels: self.labels(), min: i64::from(self.required), max: None }
    }

    fn segments(&self) -> Segments {
        Segments { marks: self.marks(), transcribe: self.is_on("transcribe") }
    }

    fn media(&self) -> Media {
        let usual = Media::default();
        Media {
            max_size: self
                .parsed("max-size")
                .map_or(usual.max_size, |size| size as i64)
                .clamp(1, 500),
            min_duration: self.parsed("min-duration").map(|seconds| seconds as i64),
            max_duration: self.parsed("max-duration").map(|seconds| seconds.ceil() as i64),
            ..usual
        }
    }

    fn likert(&self) -> Likert {
        let statement = |one: &Value| {
            let text =
                one.get("text").or_else(|| one.get("id")).unwrap_or(one).as_str()?.to_owned();
            let id =
                one.get("id").and_then(Value::as_str).map_or_else(|| text.clone(), str::to_owned);
            Some(Statement { id, text })
        };
        let statements = self.loose("statements");
        let statements = statements.as_ref().and_then(Value::as_array);
        Likert {
            statements: statements.and_then(|list| list.iter().map(statement).collect()),
            scale: self.names("scale").filter(|scale| scale.len() > 1),
        }
    }

    /// An attribute that is the same for all tasks.
    fn literal(&self, name: &str) -> Option<&str> {
        let value = self.attributes.get(name)?.as_str();
        let is_open = value.starts_with("{{");
        (!is_open && !value.is_empty()).then_some(value)
    }

    fn parsed(&self, name: &str) -> Option<f64> {
        self.literal(name)?.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn is_on(&self, name: &str) -> bool {
        self.attributes.get(name).is_some_and(|value| value != "false")
    }

    /// An attribute that holds JSON, read as loosely as the elements do; what they cannot read leaves the field open.
    fn loose(&self, name: &str) -> Option<Value> {
        crowdsmith_template::parse_loosely(self.literal(name)?)
    }

    /// Different names in a list of texts, or of `{label}`, `{name}` or `{text}`.
    fn names(&self, attribute: &str) -> Option<Vec<String>> {
        let name = |one: &Value| match one {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Object(table) => {
                let name = ["label", "name", "text"].iter().find_map(|key| table.get(*key));
                Some(name?.as_str()?.to_owned())
            }
            _ => None,
        };
        let list = self.loose(attribute)?;
        let names: indexmap::IndexSet<String> =
            list.as_array()?.iter().map(name).collect::<Option<_>>()?;
        (!names.is_empty()).then(|| names.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, element: &str, attributes: &[(&str, &str)]) -> FoundField {
        let attribute = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        FoundField {
            name: name.to_owned(),
            element: element.to_owned(),
            attributes: attributes.iter().map(attribute).collect(),
            required: attributes.iter().any(|(name, _)| *name == "required"),
            optional: false,
        }
    }

    fn one(element: &str, attributes: &[(&str, &str)]) -> OutputField {
        infer(&[found("f", element, attributes)]).swap_remove("f").expect("the field")
    }

    #[test]
    fn elements_become_fields() {
        let mood =
            one("crowd-classifier", &[("categories", "['good', 'bad',]"), ("header", "Mood?")]);
        assert!(mood.required && mood.label == "Mood?");
        assert_eq!(mood.check(&serde_json::json!({"label": "good"})), Ok(()));
        assert!(mood.check(&serde_json::json!({"label": "so"})).is_err());
        let boxes = one("crowd-bounding-box", &[("labels", "[{label: 'cat'}]"), ("required", "")]);
        let OutputType::Boxes(marks) = &boxes.kind else { panic!("boxes, not {boxes:?}") };
        assert_eq!((marks.labels.labels.as_deref(), marks.min), (Some(&["cat".to_owned()][..]), 1));
        for (element, word) in [
            ("crowd-image-classifier-multi-select", "choices"),
            ("crowd-polygon", "polygons"),
            ("crowd-semantic-segmentation", "mask"),
            ("crowd-instance-segmentation", "instances"),
            ("crowd-entity-annotation", "spans"),
            ("crowd-relation-annotation", "relations"),
            ("crowd-slider", "number"),
            ("crowd-rating", "rating"),
            ("crowd-comparison", "comparison"),
            ("crowd-taxonomy", "taxonomy"),
            ("crowd-photo", "photo"),
            ("crowd-location", "location"),
            ("crowd-pdf", "pages"),
            ("crowd-input", "text"),
            ("textarea", "text"),
            ("crowd-text-ranking", "json"),
            ("x-own", "json"),
        ] {
            assert_eq!(one(element, &[]).kind.word(), word, "{element}");
        }
    }

    #[test]
    fn what_each_task_has_is_left_open() {
        let mood = one(
            "crowd-classifier",
            &[("categories", "{{ task.input.labels | to_json | escape }}")],
        );
        assert_eq!(mood.kind, OutputType::Choice { options: Vec::new() });
        assert_eq!(mood.check(&serde_json::json!({"label": "anything"})), Ok(()));
        let spans = one("crowd-entity-annotation", &[("labels", "{{ labels }}")]);
        assert_eq!(spans.kind, OutputType::Spans(Marks::default()));
    }

    #[test]
    fn buttons_and_boxes_of_one_name_are_one_field() {
        let fields = infer(&[
            found("colour", "crowd-radio-button", &[("value", "red")]),
            found("kinds", "crowd-checkbox", &[("value", "a")]),
            found("colour", "crowd-radio-button", &[("value", "blue")]),
            found("kinds", "crowd-checkbox", &[]),
        ]);
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["colour", "kinds"]);
        let plain = |name: &str, value: Value| {
            assert_eq!(fields[name].check(&value), Ok(()));
            fields[name].plain(&value).into_owned()
        };
        assert_eq!(plain("colour", serde_json::json!({"red": false, "blue": true})), "blue");
        assert_eq!(
            plain("kinds", serde_json::json!({"a": true, "on": true})),
            serde_json::json!(["a", "on"])
        );
        assert!(!fields["kinds"].required);
    }
}
