//! Output fields: what a worker is asked, and which answers are valid.
//!
//! An answer is kept as the page submitted it, and each element of task pages has its own JSON. Everything that reads
//! answers does so through [`OutputField::plain_of`], which gives one form for all pages that could have asked.

mod choices;
mod infer;
mod marks;
mod masks;
mod media;
mod numbers;
mod part;
mod places;
mod ranks;
mod scales;
mod segments;
mod shapes;
mod spans;
mod taxonomy;
#[cfg(test)]
mod tests;
mod texts;

use std::borrow::Cow;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use choices::Choice;
pub use infer::{FoundField, infer};
pub use marks::{Labels, Marks};
pub use media::{Media, MediaKind, MediaSource, Upload};
pub use places::{Location, Place};
pub use ranks::{Comparison, Ranking};
pub use scales::{Likert, Statement};
pub use segments::Segments;
pub use spans::Relations;
pub use taxonomy::{Node, Taxonomy};
pub use texts::{Consent, Json};

use super::input::{InputField, InputType};
use super::keys::{Keys, suggestion};
use crate::error::Result;

/// A question of the task page. `label` is what the worker reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OutputField {
    #[serde(flatten)]
    pub kind: OutputType,
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    pub required: bool,
}

/// What is asked. The JSON of each answer is that of the element that asks it (`web/elements/README.md`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OutputType {
    /// Exactly one of the options: `"x"`, `{"label": "x"}` or `{"x": true, "y": false}`; plain: `"x"`. Without options
    /// (only where a template has them for each task) any text.
    Choice {
        options: Vec<Choice>,
    },
    /// Between `min` and `max` of the options: `["x"]`, `{"labels": ["x"]}` or `{"x": true, "y": false}`; plain: `["x"]`.
    Choices {
        options: Vec<Choice>,
        min: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    /// `3.5` or `"3.5"`; plain: `3.5`.
    Number {
        #[serde(skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
        integer: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// A whole number from `min` to `max`; `low` and `high` say what the ends mean.
    Rating {
        min: i64,
        max: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        low: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        high: Option<String>,
    },
    /// Lengths count Unicode characters.
    Text {
        #[serde(skip_serializing_if = "Option::is_none")]
        min_length: Option<i64>,
        max_length: i64,
        multiline: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        placeholder: Option<String>,
    },
    /// `{"boundingBoxes": [{"label", "left", "top", "width", "height"}], "inputImageProperties": {"width", "height"}}`
    Boxes(Marks),
    /// `{"polygons": [{"label", "vertices": [{"x", "y"}]}], "inputImageProperties"}`, three corners or more.
    Polygons(Marks),
    /// `{"polylines": [{"label", "vertices": [{"x", "y"}]}], "inputImageProperties"}`, two corners or more.
    Polylines(Marks),
    /// `{"lines": [{"label", "vertices": [{"x", "y"}]}], "inputImageProperties"}`, two ends each.
    Lines(Marks),
    /// `{"keypoints": [{"label", "x", "y"}], "inputImageProperties"}`
    Keypoints(Marks),
    /// `{"labelMappings": {LABEL: {"color": "#1f77b4"}}, "labeledImage": {"pngImageData": base64}, "inputImageProperties"}`
    Mask(Labels),
    /// `{"instances": [{"label", "color"}], "labeledImage": {"pngImageData": base64}, "inputImageProperties"}`
    Instances(Marks),
    /// `{"entities": [{"label", "startOffset", "endOffset"}]}`
    Spans(Marks),
    Relations(Relations),
    Ranking(Ranking),
    Comparison(Comparison),
    Taxonomy(Taxonomy),
    Likert(Likert),
    Consent(Consent),
    Json(Json),
    Audio(Media),
    Video(Media),
    Photo(Media),
    File(Media),
    AudioSegments(Segments),
    VideoSegments(Segments),
    /// `{"tracks": [{"id", "label", "frames": [{"time", "left", "top", "width", "height", "key"}]}], "inputImageProperties"}`
    VideoBoxes(Marks),
    Place(Place),
    Location(Location),
    /// `{"pageCount": 3, "pages": [{"page": 1, "label"}]}`
    Pages(Labels),
}

const TYPES: [&str; 30] = [
    "choice",
    "choices",
    "number",
    "rating",
    "text",
    "boxes",
    "polygons",
    "polylines",
    "lines",
    "keypoints",
    "mask",
    "instances",
    "spans",
    "relations",
    "ranking",
    "comparison",
    "taxonomy",
    "likert",
    "consent",
    "json",
    "audio",
    "video",
    "photo",
    "file",
    "audio_segments",
    "video_segments",
    "video_boxes",
    "place",
    "location",
    "pages",
];

impl OutputField {
    /// Reads one `[output.NAME]` table.
    pub(super) fn read(path: &str, name: &str, value: &Value) -> Result<Self> {
        let mut keys = Keys::of(path, value)?;
        let label = keys.text("label").unwrap_or_else(|| name.to_owned());
        let help = keys.text("help");
        let required = keys.truth("required").unwrap_or(true);
        match keys.text("type").as_deref() {
            Some(word) if TYPES.contains(&word) => {
                let kind = OutputType::read(&mut keys, word, required);
                keys.finish(|| Self {
                    kind: kind.expect("a missing kind recorded an error"),
                    label,
                    help,
                    required,
                })
            }
            Some(other) => {
                keys.error("type", unknown_type(other, &TYPES));
                keys.finish_free(|| unreachable!("an error was recorded"))
            }
            None => {
                keys.error("type", format!("is missing; one of {}", TYPES.join(", ")));
                keys.finish_free(|| unreachable!("an error was recorded"))
            }
        }
    }

    /// Whether `value` is a valid answer in any of its forms; the message continues the field's name.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let plain = &*self.plain(value);
        match &self.kind {
            OutputType::Choice { options } => choices::check_option(options, plain),
            OutputType::Choices { options, min, max } => {
                choices::check_choices(options, *min, *max, plain)
            }
            OutputType::Number { min, max, integer, .. } => {
                numbers::check_number(*min, *max, *integer, plain)
            }
            OutputType::Rating { min, max, .. } => numbers::check_rating(*min, *max, plain),
            OutputType::Text { min_length, max_length, .. } => {
                let least = min_length.unwrap_or(i64::from(self.required));
                texts::check_text(least, *max_length, plain)
            }
            OutputType::Boxes(marks) => shapes::check_boxes(marks, value),
            OutputType::Polygons(marks) => shapes::check_corners(marks, "polygons", 3, None, value),
            OutputType::Polylines(marks) => {
                shapes::check_corners(marks, "polylines", 2, None, value)
            }
            OutputType::Lines(marks) => shapes::check_corners(marks, "lines", 2, Some(2), value),
            OutputType::Keypoints(marks) => shapes::check_keypoints(marks, value),
            OutputType::VideoBoxes(marks) => shapes::check_tracks(marks, value),
            OutputType::Mask(labels) => masks::check_mask(labels, value),
            OutputType::Instances(marks) => masks::check_instances(marks, value),
            OutputType::Spans(marks) => spans::check_spans(marks, value),
            OutputType::Relations(relations) => relations.check(value),
            OutputType::Ranking(ranking) => ranking.check(plain),
            OutputType::Comparison(comparison) => comparison.check(plain),
            OutputType::Taxonomy(taxonomy) => taxonomy.check(self.required, plain),
            OutputType::Likert(likert) => likert.check(self.required, value),
            OutputType::Consent(consent) => consent.check(self.required, value),
            OutputType::Json(json) => json.check(value),
            OutputType::Audio(media) => media.check(MediaKind::Audio, value),
            OutputType::Video(media) => media.check(MediaKind::Video, value),
            OutputType::Photo(media) => media.check(MediaKind::Photo, value),
            OutputType::File(media) => media.check(MediaKind::File, value),
            OutputType::AudioSegments(segments) | OutputType::VideoSegments(segments) => {
                segments.check(value)
            }
            OutputType::Place(_) => places::check_place(value),
            OutputType::Location(location) => location.check(value),
            OutputType::Pages(labels) => segments::check_pages(labels, self.required, value),
        }
    }

    /// Checks what only the task's input can tell: that spans end within their text, that a ranking has the task's items.
    /// `fields` are the question's input fields; the answer is valid by [`OutputField::check`].
    pub fn check_on(
        &self,
        fields: &IndexMap<String, InputField>,
        input: &Map<String, Value>,
        value: &Value,
    ) -> Result<(), String> {
        let Some(subject) = self.subject(fields).and_then(|name| input.get(name)) else {
            return Ok(());
        };
        match &self.kind {
            OutputType::Spans(_) | OutputType::Relations(_) => {
                subject.as_str().map_or(Ok(()), |text| spans::check_within(text, value))
            }
            OutputType::Ranking(_) => {
                let Ok(items) = serde_json::from_value::<Vec<String>>(subject.clone()) else {
                    return Ok(());
                };
                ranks::check_permutation(Some(&items), &self.plain(value))
            }
            _ => Ok(()),
        }
    }

    /// Whether [`OutputField::check_on`] has anything to check, so that inputs need not be read for nothing.
    pub fn is_checked_on_input(&self) -> bool {
        match &self.kind {
            OutputType::Spans(_) | OutputType::Relations(_) => true,
            OutputType::Ranking(ranking) => ranking.on.is_some(),
            _ => false,
        }
    }

    /// The answer in the one form that everything reads; what is not understood stays as it is.
    pub fn plain<'v>(&self, value: &'v Value) -> Cow<'v, Value> {
        match &self.kind {
            OutputType::Choice { .. } => match choices::chosen(value) {
                Some(_) if value.is_string() => Cow::Borrowed(value),
                Some(chosen) => Cow::Owned(chosen.into()),
                None => Cow::Borrowed(value),
            },
            OutputType::Choices { options, .. } => choices::plain_list(options, value),
            OutputType::Number { .. } | OutputType::Rating { .. } => numbers::plain_number(value),
            OutputType::Ranking(_) => ranks::plain_ranking(value),
            OutputType::Comparison(_) => ranks::plain_comparison(value),
            OutputType::Taxonomy(_) => Taxonomy::plain(value),
            OutputType::Consent(_) => texts::plain_consent(value),
            _ => Cow::Borrowed(value),
        }
    }

    /// The answer of an output to this field, which has the name `name`; `None` if there is none. An output of
    /// `answer-format="flatten-objects"` has keys such as `mood.label` instead of an object.
    pub fn answer<'o>(&self, name: &str, output: &'o Map<String, Value>) -> Option<Cow<'o, Value>> {
        let answer = match output.get(name) {
            Some(value) => Cow::Borrowed(value),
            None => Cow::Owned(self.unflatten(name, output)?),
        };
        (!self.is_nothing(&answer)).then_some(answer)
    }

    /// What controls submit that were not touched: radio buttons that are all off, empty texts for numbers.
    fn is_nothing(&self, value: &Value) -> bool {
        match (&self.kind, value) {
            (_, Value::Null) => true,
            (OutputType::Choice { .. }, Value::Object(buttons)) => {
                !buttons.is_empty() && buttons.values().all(|on| *on == Value::Bool(false))
            }
            (OutputType::Choice { options }, Value::String(text)) => {
                text.is_empty() && options.iter().all(|option| !option.value.is_empty())
            }
            (
                OutputType::Number { .. } | OutputType::Rating { .. } | OutputType::File(_),
                Value::String(text),
            ) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The plain form of [`OutputField::answer`].
    pub fn plain_of<'o>(
        &self,
        name: &str,
        output: &'o Map<String, Value>,
    ) -> Option<Cow<'o, Value>> {
        Some(match self.answer(name, output)? {
            Cow::Borrowed(value) => self.plain(value),
            Cow::Owned(value) => Cow::Owned(self.plain(&value).into_owned()),
        })
    }

    fn unflatten(&self, name: &str, output: &Map<String, Value>) -> Option<Value> {
        // The keys of these are names that people chose, and may have dots.
        let is_flat = matches!(
            self.kind,
            OutputType::Choice { .. }
                | OutputType::Choices { .. }
                | OutputType::Number { .. }
                | OutputType::Rating { .. }
                | OutputType::Likert(_)
        );
        let mut whole = Map::new();
        for (key, value) in output {
            let Some(rest) = key.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) else {
                continue;
            };
            let mut place = &mut whole;
            let mut rest = rest;
            while let Some((first, below)) = rest.split_once('.').filter(|_| !is_flat) {
                let entry = place.entry(first).or_insert_with(|| Value::Object(Map::new()));
                let Value::Object(table) = entry else { return None };
                (place, rest) = (table, below);
            }
            place.insert(rest.to_owned(), value.clone());
        }
        (!whole.is_empty()).then_some(Value::Object(whole))
    }

    /// Reads an answer written as text (a CSV cell). An empty cell is no answer; answers of more than a value are JSON.
    pub fn parse(&self, cell: &str) -> Result<Option<Value>, String> {
        if cell.is_empty() {
            return Ok(None);
        }
        let is_json = cell.starts_with(['{', '[']);
        let json = || serde_json::from_str(cell).map_err(|error| format!("is not JSON: {error}"));
        let value = match &self.kind {
            OutputType::Choice { .. } | OutputType::Text { .. } | OutputType::Comparison(_) => {
                Value::from(cell)
            }
            OutputType::Choices { .. } | OutputType::Ranking(_) if !is_json => choices::split(cell),
            OutputType::Taxonomy(taxonomy) if !is_json && taxonomy.multiple => choices::split(cell),
            OutputType::Taxonomy(_) | OutputType::File(_) if !is_json => Value::from(cell),
            OutputType::Number { .. } | OutputType::Rating { .. } => {
                serde_json::from_str(cell.trim())
                    .map_err(|_| format!("`{cell}` is not a number"))?
            }
            OutputType::Place(_) if !is_json => places::parse_place(cell)
                .ok_or_else(|| format!("`{cell}` is no place such as \"52.52, 13.40\""))?,
            _ => json()?,
        };
        self.check(&value).map(|()| Some(value))
    }

    /// What may be uploaded for this field; `None` if it takes no media.
    pub fn upload(&self) -> Option<Upload<'_>> {
        let (media, kind) = match &self.kind {
            OutputType::Audio(media) => (media, MediaKind::Audio),
            OutputType::Video(media) => (media, MediaKind::Video),
            OutputType::Photo(media) => (media, MediaKind::Photo),
            OutputType::File(media) => (media, MediaKind::File),
            _ => return None,
        };
        Some(media.upload(kind))
    }

    /// The name of the media in an answer; `None` if the field takes none.
    pub fn media<'v>(&self, value: &'v Value) -> Option<&'v str> {
        self.upload().and_then(|_| media::media_of(value))
    }

    /// The input fields that this one names.
    pub fn named_inputs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let (on, first, second) = match &self.kind {
            OutputType::Ranking(Ranking { on, .. }) => (on.as_deref(), None, None),
            OutputType::Comparison(Comparison { first, second, .. }) => {
                (None, first.as_deref(), second.as_deref())
            }
            kind => (kind.labels().and_then(|labels| labels.on.as_deref()), None, None),
        };
        let named = [("on", on), ("first", first), ("second", second)];
        named.into_iter().filter_map(|(key, name)| Some((key, name?)))
    }

    /// The input field that the answer is about: the one named by `on`, or the first of a fitting type.
    pub fn subject<'s>(&'s self, fields: &'s IndexMap<String, InputField>) -> Option<&'s str> {
        if let Some((_, named)) = self.named_inputs().find(|(key, _)| *key == "on") {
            return Some(named);
        }
        let fitting = self.kind.fitting_input()?;
        fields
            .iter()
            .find(|(_, field)| fitting.contains(&field.kind))
            .map(|(name, _)| name.as_str())
    }

    /// Why no page can be made for this field; a template may have what is missing for each task.
    pub fn missing_for_page(&self, fields: &IndexMap<String, InputField>) -> Option<String> {
        let needs = |key: &str| Some(format!("needs `{key}` where there is no template.html"));
        match &self.kind {
            OutputType::Choice { options } | OutputType::Choices { options, .. }
                if options.is_empty() =>
            {
                return needs("options");
            }
            OutputType::Ranking(ranking) if ranking.items.is_none() && ranking.on.is_none() => {
                return needs("items");
            }
            OutputType::Comparison(Comparison { first, second, .. })
                if first.is_none() || second.is_none() =>
            {
                return needs(if first.is_none() { "first" } else { "second" });
            }
            OutputType::Taxonomy(taxonomy) if taxonomy.nodes.is_none() => return needs("nodes"),
            OutputType::Likert(likert) if likert.statements.is_none() => {
                return needs("statements");
            }
            OutputType::Likert(likert) if likert.scale.is_none() => return needs("scale"),
            OutputType::Relations(relations) if relations.relations.is_none() => {
                return needs("relations");
            }
            kind if kind.labels().is_some_and(|labels| labels.labels.is_none()) => {
                return needs("labels");
            }
            _ => {}
        }
        let is_about = self.kind.fitting_input().is_some();
        (is_about && self.subject(fields).is_none()).then(|| {
            format!("needs an input field that it is about, of type {}", self.kind.fitting_words())
        })
    }
}

impl OutputType {
    /// Reads the keys of the type `word`, one of [`TYPES`]; `None` if an error was recorded.
    fn read(keys: &mut Keys, word: &str, required: bool) -> Option<Self> {
        Some(match word {
            "choice" => Self::Choice { options: choices::read_options(keys)? },
            "choices" => choices::read_choices(keys, required)?,
            "number" => numbers::read_number(keys),
            "rating" => numbers::read_rating(keys),
            "text" => texts::read_text(keys),
            "boxes" => Self::Boxes(Marks::read(keys)),
            "polygons" => Self::Polygons(Marks::read(keys)),
            "polylines" => Self::Polylines(Marks::read(keys)),
            "lines" => Self::Lines(Marks::read(keys)),
            "keypoints" => Self::Keypoints(Marks::read(keys)),
            "mask" => Self::Mask(Labels::read(keys)),
            "instances" => Self::Instances(Marks::read(keys)),
            "spans" => Self::Spans(Marks::read(keys)),
            "relations" => Self::Relations(Relations::read(keys)),
            "ranking" => Self::Ranking(Ranking::read(keys)),
            "comparison" => Self::Comparison(Comparison::read(keys)),
            "taxonomy" => Self::Taxonomy(Taxonomy::read(keys)),
            "likert" => Self::Likert(Likert::read(keys)),
            "consent" => Self::Consent(Consent::read(keys)),
            "json" => Self::Json(Json::read(keys)),
            "audio" => Self::Audio(Media::read(keys, MediaKind::Audio)),
            "video" => Self::Video(Media::read(keys, MediaKind::Video)),
            "photo" => Self::Photo(Media::read(keys, MediaKind::Photo)),
            "file" => Self::File(Media::read(keys, MediaKind::File)),
            "audio_segments" => Self::AudioSegments(Segments::read(keys)),
            "video_segments" => Self::VideoSegments(Segments::read(keys)),
            "video_boxes" => Self::VideoBoxes(Marks::read(keys)),
            "place" => Self::Place(Place::read(keys)),
            "location" => Self::Location(Location::read(keys)),
            "pages" => Self::Pages(Labels::read(keys)),
            _ => unreachable!("the word is one of TYPES"),
        })
    }

    /// The type's word in `project.toml`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Choice { .. } => "choice",
            Self::Choices { .. } => "choices",
            Self::Number { .. } => "number",
            Self::Rating { .. } => "rating",
            Self::Text { .. } => "text",
            Self::Boxes(_) => "boxes",
            Self::Polygons(_) => "polygons",
            Self::Polylines(_) => "polylines",
            Self::Lines(_) => "lines",
            Self::Keypoints(_) => "keypoints",
            Self::Mask(_) => "mask",
            Self::Instances(_) => "instances",
            Self::Spans(_) => "spans",
            Self::Relations(_) => "relations",
            Self::Ranking(_) => "ranking",
            Self::Comparison(_) => "comparison",
            Self::Taxonomy(_) => "taxonomy",
            Self::Likert(_) => "likert",
            Self::Consent(_) => "consent",
            Self::Json(_) => "json",
            Self::Audio(_) => "audio",
            Self::Video(_) => "video",
            Self::Photo(_) => "photo",
            Self::File(_) => "file",
            Self::AudioSegments(_) => "audio_segments",
            Self::VideoSegments(_) => "video_segments",
            Self::VideoBoxes(_) => "video_boxes",
            Self::Place(_) => "place",
            Self::Location(_) => "location",
            Self::Pages(_) => "pages",
        }
    }

    /// Whether the app's own form can ask it; a page is made for all others.
    pub fn is_classic(&self) -> bool {
        matches!(
            self,
            Self::Choice { .. }
                | Self::Choices { .. }
                | Self::Number { .. }
                | Self::Rating { .. }
                | Self::Text { .. }
        )
    }

    /// The labels of what is marked.
    pub fn labels(&self) -> Option<&Labels> {
        match self {
            Self::Boxes(marks)
            | Self::Polygons(marks)
            | Self::Polylines(marks)
            | Self::Lines(marks)
            | Self::Keypoints(marks)
            | Self::Instances(marks)
            | Self::Spans(marks)
            | Self::VideoBoxes(marks) => Some(&marks.labels),
            Self::Relations(relations) => Some(&relations.marks.labels),
            Self::AudioSegments(segments) | Self::VideoSegments(segments) => {
                Some(&segments.marks.labels)
            }
            Self::Mask(labels) | Self::Pages(labels) => Some(labels),
            _ => None,
        }
    }

    /// The types of the input field that such an answer can be about.
    fn fitting_input(&self) -> Option<&'static [InputType]> {
        match self {
            Self::Boxes(_)
            | Self::Polygons(_)
            | Self::Polylines(_)
            | Self::Lines(_)
            | Self::Keypoints(_)
            | Self::Mask(_)
            | Self::Instances(_) => Some(&[InputType::Image]),
            Self::Spans(_) | Self::Relations(_) => Some(&[InputType::Text]),
            Self::AudioSegments(_) => Some(&[InputType::Audio]),
            Self::VideoSegments(_) | Self::VideoBoxes(_) => Some(&[InputType::Video]),
            Self::Pages(_) => Some(&[InputType::Url]),
            _ => None,
        }
    }

    fn fitting_words(&self) -> &'static str {
        match self.fitting_input() {
            Some([InputType::Image]) => "image",
            Some([InputType::Audio]) => "audio",
            Some([InputType::Video]) => "video",
            Some([InputType::Url]) => "url",
            _ => "text",
        }
    }
}

pub(super) fn unknown_type(typed: &str, known: &[&str]) -> String {
    match suggestion(typed, known) {
        Some(close) => format!("`{typed}` is no type; did you mean `{close}`?"),
        None => format!("`{typed}` is no type; one of {}", known.join(", ")),
    }
}
