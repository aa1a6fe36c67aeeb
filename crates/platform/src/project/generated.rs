//! The page of a question without a template: what the task brings along, then one element for each output field.

use std::collections::HashSet;

use crowdsmith_template::Attribute::{Input, InputJson, On};
use crowdsmith_template::{Asked, Attribute, Inside, Shown, ShownAs, generate};
use serde_json::json;

use super::input::{InputField, InputType};
use super::output::{
    Choice, Comparison, Labels, Media, MediaKind, MediaSource, OutputField, OutputType, Place,
};
use super::question::Question;

impl Question {
    /// A template made from the fields. Inputs that an element shows itself are not shown twice.
    pub fn generated_template(&self) -> String {
        let taken: HashSet<&str> =
            self.output.values().flat_map(|field| self.shown_by(field)).collect();
        let shown: Vec<Shown<'_>> = self
            .input
            .iter()
            .filter(|(name, _)| !taken.contains(name.as_str()))
            .map(|(name, field)| show(name, field))
            .collect();
        let asked: Vec<Asked<'_>> =
            self.output.iter().map(|(name, field)| self.ask(name, field)).collect();
        generate(&shown, &asked)
    }

    /// The inputs that a field's element shows.
    fn shown_by<'q>(&'q self, field: &'q OutputField) -> impl Iterator<Item = &'q str> {
        let named = field.named_inputs().map(|(_, name)| name);
        named.chain(field.subject(&self.input))
    }

    fn ask<'q>(&'q self, name: &'q str, field: &'q OutputField) -> Asked<'q> {
        let subject = field.subject(&self.input);
        let (element, attributes, inside) = match &field.kind {
            OutputType::Comparison(comparison) => self.compare(comparison),
            kind => element(kind, subject),
        };
        Asked {
            name,
            label: &field.label,
            help: field.help.as_deref(),
            required: field.required,
            element,
            attributes,
            inside,
        }
    }

    fn compare<'q>(&'q self, comparison: &'q Comparison) -> Element<'q> {
        let side = |name: &'q Option<String>| {
            let (name, field) = self.input.get_key_value(name.as_deref()?)?;
            Some(show(name, field))
        };
        let sides = side(&comparison.first).zip(side(&comparison.second));
        let inside = sides.map_or(Inside::Nothing, |(first, second)| Inside::Sides(first, second));
        let attributes = if comparison.tie { Vec::new() } else { vec![("no-tie", On)] };
        ("crowd-comparison", attributes, inside)
    }
}

fn show<'q>(name: &'q str, field: &'q InputField) -> Shown<'q> {
    let kind = match field.kind {
        InputType::Text | InputType::Number => ShownAs::Text,
        InputType::Image => ShownAs::Image,
        InputType::Audio => ShownAs::Audio,
        InputType::Video => ShownAs::Video,
        InputType::Url => ShownAs::Link,
        InputType::Json | InputType::Place => ShownAs::Data,
    };
    Shown { name, label: &field.label, kind }
}

/// An element with its attributes and what stands in it.
type Element<'q> = (&'static str, Attributes<'q>, Inside<'q>);
type Attributes<'q> = Vec<(&'static str, Attribute<'q>)>;

fn text<T: ToString + ?Sized>(text: &T) -> Attribute<'static> {
    Attribute::Text(text.to_string())
}

/// The element that asks for an answer about the input `subject`.
fn element<'q>(kind: &'q OutputType, subject: Option<&'q str>) -> Element<'q> {
    let alone = |element, attributes| (element, attributes, Inside::Nothing);
    let tool = |element, on, labels| alone(element, marking(on, subject, labels));
    match kind {
        OutputType::Choice { options } => {
            ("crowd-radio-group", Vec::new(), choices("crowd-radio-button", options))
        }
        OutputType::Choices { options, .. } => {
            ("div", Vec::new(), choices("crowd-checkbox", options))
        }
        OutputType::Number { min, max, .. } => {
            let mut attributes = vec![("type", text("number"))];
            add(&mut attributes, "min", min.as_ref());
            add(&mut attributes, "max", max.as_ref());
            alone("crowd-input", attributes)
        }
        OutputType::Rating { min: 1, max, low, high } => alone(
            "crowd-rating",
            vec![("max", text(max)), ("labels", scale(*max, low.as_ref(), high.as_ref()))],
        ),
        OutputType::Rating { min, max, .. } => {
            alone("crowd-slider", vec![("min", text(min)), ("max", text(max)), ("editable", On)])
        }
        OutputType::Text { max_length, multiline, placeholder, .. } => {
            let mut attributes = vec![("max-length", text(max_length))];
            add(&mut attributes, "placeholder", placeholder.as_ref());
            alone(if *multiline { "crowd-text-area" } else { "crowd-input" }, attributes)
        }
        OutputType::Boxes(marks) => tool("crowd-bounding-box", "src", &marks.labels),
        OutputType::Polygons(marks) => tool("crowd-polygon", "src", &marks.labels),
        OutputType::Polylines(marks) => tool("crowd-polyline", "src", &marks.labels),
        OutputType::Lines(marks) => tool("crowd-line", "src", &marks.labels),
        OutputType::Keypoints(marks) => tool("crowd-keypoint", "src", &marks.labels),
        OutputType::Instances(marks) => tool("crowd-instance-segmentation", "src", &marks.labels),
        OutputType::VideoBoxes(marks) => tool("crowd-video-bounding-box", "src", &marks.labels),
        OutputType::Mask(labels) => tool("crowd-semantic-segmentation", "src", labels),
        OutputType::Pages(labels) => tool("crowd-pdf", "src", labels),
        OutputType::Spans(marks) => tool("crowd-entity-annotation", "text", &marks.labels),
        OutputType::Relations(relations) => {
            let mut attributes = marking("text", subject, &relations.marks.labels);
            attributes.push(("relations", text(&json!(relations.relations))));
            alone("crowd-relation-annotation", attributes)
        }
        OutputType::AudioSegments(segments) | OutputType::VideoSegments(segments) => {
            let is_audio = matches!(kind, OutputType::AudioSegments(_));
            let mut attributes = marking("src", subject, &segments.marks.labels);
            attributes.extend(segments.transcribe.then_some(("transcribe", On)));
            alone(
                if is_audio { "crowd-audio-segments" } else { "crowd-video-segments" },
                attributes,
            )
        }
        OutputType::Ranking(ranking) => {
            let items = match &ranking.on {
                Some(input) => InputJson(input),
                None => text(&json!(ranking.items)),
            };
            alone("crowd-ranking", vec![("items", items)])
        }
        OutputType::Taxonomy(taxonomy) => {
            let mut attributes = vec![("nodes", text(&taxonomy.tree()))];
            attributes.extend(taxonomy.multiple.then_some(("multiple", On)));
            attributes.extend(taxonomy.leaves_only.then_some(("leaves-only", On)));
            alone("crowd-taxonomy", attributes)
        }
        OutputType::Likert(likert) => {
            let statements = text(&json!(likert.statements));
            alone(
                "crowd-likert",
                vec![("statements", statements), ("scale", text(&json!(likert.scale)))],
            )
        }
        OutputType::Consent(consent) => {
            let mut attributes = Vec::new();
            add(&mut attributes, "version", consent.version.as_ref());
            let inside = consent.text.clone().map_or(Inside::Nothing, Inside::Text);
            ("crowd-consent", attributes, inside)
        }
        OutputType::Json(wanted) if wanted.keys.is_empty() => alone("crowd-json", Vec::new()),
        OutputType::Json(wanted) => alone("crowd-json", vec![("keys", text(&json!(wanted.keys)))]),
        OutputType::Audio(media) => {
            alone("crowd-audio-recording", sending(media, MediaKind::Audio))
        }
        OutputType::Video(media) => {
            alone("crowd-video-recording", sending(media, MediaKind::Video))
        }
        OutputType::Photo(media) => alone("crowd-photo", sending(media, MediaKind::Photo)),
        OutputType::File(_) => alone("crowd-input", vec![("type", text("file"))]),
        OutputType::Place(place) => alone("crowd-map", map(place)),
        OutputType::Location(location) => {
            let mut attributes = Vec::new();
            add(&mut attributes, "max-accuracy", location.max_accuracy.as_ref());
            alone("crowd-location", attributes)
        }
        OutputType::Comparison(_) => unreachable!("its sides are asked for with the inputs"),
    }
}

fn add(attributes: &mut Attributes<'_>, name: &'static str, value: Option<&impl ToString>) {
    attributes.extend(value.map(|value| (name, text(value))));
}

fn choices(element: &'static str, options: &[Choice]) -> Inside<'static> {
    let pairs = options.iter().map(|option| (option.value.clone(), option.label.clone()));
    Inside::Options(element, pairs.collect())
}

/// What is marked on, and the labels.
fn marking<'q>(on: &'static str, subject: Option<&'q str>, labels: &Labels) -> Attributes<'q> {
    let mut attributes: Attributes<'q> =
        subject.map(|name| (on, Input(name))).into_iter().collect();
    attributes.extend(labels.labels.as_ref().map(|labels| ("labels", text(&json!(labels)))));
    attributes
}

/// The ends of a scale; what is between them has no words.
fn scale(max: i64, low: Option<&String>, high: Option<&String>) -> Attribute<'static> {
    let word = |step: i64| match step {
        1 => low.cloned(),
        last if last == max => high.cloned(),
        _ => None,
    };
    let words: Vec<String> =
        (1..=max).map(|step| word(step).unwrap_or_else(|| step.to_string())).collect();
    text(&json!(words))
}

fn sending(media: &Media, kind: MediaKind) -> Attributes<'static> {
    let mut attributes = vec![("max-size", text(&media.max_size))];
    if kind != MediaKind::Photo {
        add(&mut attributes, "min-duration", media.min_duration.as_ref());
        add(&mut attributes, "max-duration", media.max_duration.as_ref());
    }
    match media.source {
        MediaSource::Any => {}
        MediaSource::Record => attributes.push(("no-upload", On)),
        MediaSource::Upload => attributes.push(("no-capture", On)),
    }
    attributes
}

fn map(place: &Place) -> Attributes<'static> {
    let mut attributes = Vec::new();
    add(&mut attributes, "tiles", place.tiles.as_ref());
    add(&mut attributes, "attribution", place.attribution.as_ref());
    add(&mut attributes, "latitude", place.latitude.as_ref());
    add(&mut attributes, "longitude", place.longitude.as_ref());
    add(&mut attributes, "zoom", place.zoom.as_ref());
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// A question with every type, as short as it can be said.
    fn question() -> Question {
        let labels = json!(["a", "it's \"b\" {{ x }}"]);
        let marks = |kind: &str| json!({"type": kind, "labels": labels});
        let value = json!({
            "title": "T",
            "input": {
                "text": {}, "picture": {"type": "image"}, "sound": {"type": "audio"}, "film": {"type": "video"},
                "document": {"type": "url"}, "items": {"type": "json"}, "left": {}, "right": {}, "more": {},
            },
            "output": {
                "choice": {"type": "choice", "options": [{"value": "x", "label": "An x"}, "y"]},
                "choices": {"type": "choices", "options": ["x", "y"]},
                "number": {"type": "number", "min": 0.5}, "stars": {"type": "rating", "low": "bad", "high": "good"},
                "scale": {"type": "rating", "min": -3, "max": 3}, "words": {"type": "text", "multiline": true},
                "boxes": marks("boxes"), "polygons": marks("polygons"), "polylines": marks("polylines"),
                "lines": marks("lines"), "keypoints": marks("keypoints"), "mask": marks("mask"),
                "instances": marks("instances"), "spans": {"type": "spans", "labels": labels, "on": "text"},
                "relations": {"type": "relations", "labels": labels, "relations": ["r"], "on": "text"},
                "ranking": {"type": "ranking", "on": "items"},
                "comparison": {"type": "comparison", "first": "left", "second": "right", "tie": false},
                "taxonomy": {"type": "taxonomy", "nodes": ["A > B", "C"]},
                "likert": {"type": "likert", "statements": ["s"], "scale": ["no", "yes"]},
                "consent": {"type": "consent", "text": "I <agree>", "version": "2"},
                "json": {"type": "json", "keys": ["k"]}, "audio": {"type": "audio", "max_duration": 30, "source": "record"},
                "video": {"type": "video"}, "photo": {"type": "photo", "source": "upload"}, "file": {"type": "file"},
                "audio_segments": {"type": "audio_segments", "labels": labels, "transcribe": true},
                "video_segments": marks("video_segments"), "video_boxes": marks("video_boxes"),
                "place": {"type": "place", "zoom": 4}, "location": {"type": "location", "max_accuracy": 50},
                "pages": marks("pages"),
            },
        });
        Question::read(&value).expect("a question of every type")
    }

    #[test]
    fn the_generated_page_asks_every_field_and_has_no_mistakes() {
        let question = question();
        let page = question.page_source().expect("a page");
        let found = question.examine(&page);
        // Ours joins the form; Amazon's does not.
        let mistakes = found.mistakes.iter().filter_map(|mistake| mistake.element.as_deref());
        assert_eq!(mistakes.collect::<Vec<_>>(), ["crowd-entity-annotation"], "{page}");
        let asked: HashSet<&str> = found.fields.iter().map(|field| field.name.as_str()).collect();
        let wanted: HashSet<&str> = question.output.keys().map(String::as_str).collect();
        assert_eq!(asked, wanted);
        assert!(found.has_location);
        for part in [
            "<crowd-radio-button name=\"choice\" value=\"x\">An x</crowd-radio-button>",
            "<crowd-bounding-box name=\"boxes\" header=\"boxes\" required src=\"{{ task.input['picture'] }}\" labels=\"[&quot;a&quot;,",
            "&#123;&#123; x }}",
            "items=\"{{ task.input['items'] | to_json }}\"",
            "<first-option><div class=\"side\"><p>{{ task.input['left'] }}</p></div></first-option>",
            "no-tie",
            "I &lt;agree&gt;",
            "<crowd-audio-recording name=\"audio\" aria-label=\"audio\" required max-size=\"50\" max-duration=\"30\" no-upload>",
            "<figcaption>more</figcaption>",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(!page.contains("<figcaption>left"), "a side of the comparison stands there once");
    }

    /// What the page asks is what the fields take: its elements are found to be of the fields' own types.
    #[test]
    fn generated_elements_are_those_of_the_fields() {
        let question = question();
        let template = Question { template: question.page_source(), ..question.clone() };
        let inferred = template.inferred_output();
        for (name, field) in &question.output {
            let of_page = &inferred[name];
            let is_slider = name == "scale";
            assert!(
                of_page.kind.word() == field.kind.word() || is_slider,
                "{name}: {} became {}",
                field.kind.word(),
                of_page.kind.word()
            );
        }
        assert_eq!(inferred["taxonomy"].kind, question.output["taxonomy"].kind);
        let labels: Value = json!(inferred["boxes"].kind);
        assert_eq!(labels["labels"], json!(["a", "it's \"b\" {{ x }}"]));
    }

    #[test]
    fn classic_fields_need_no_page() {
        let value = json!({"title": "T", "input": {"text": {}}, "output": {"f": {"type": "text"}}});
        let question = Question::read(&value).expect("valid");
        assert_eq!(question.page_source(), None);
        assert!(!question.shown_page().frame);
        assert!(question.any_page_source().contains("<crowd-input name=\"f\""));
    }
}
