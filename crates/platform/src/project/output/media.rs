//! What a worker records or sends in: `audio`, `video`, `photo`, `file`. The answer names a media that is stored already.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::part::Part;
use crate::project::keys::Keys;

/// Megabytes.
const LARGEST: i64 = 500;
const DEFAULT_LARGEST: i64 = 50;
const LONGEST_SECONDS: i64 = 24 * 3600;
const MOST_TYPES: usize = 50;

/// Something to send in. Value: `{"media": ID, "type": "audio/webm", "size": bytes, "duration": seconds}`; of a `file`
/// also the id alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Media {
    /// Megabytes, up to 500.
    pub max_size: i64,
    /// Whether where a picture was taken stays in it.
    pub keep_location: bool,
    /// Seconds of a recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_duration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_duration: Option<i64>,
    /// Where it comes from.
    pub source: MediaSource,
    /// Content types that a `file` may have, such as `application/pdf` or `image/*`; any where empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MediaSource {
    #[default]
    Any,
    /// Made on the page.
    Record,
    /// Chosen from the worker's files.
    Upload,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    Audio,
    Video,
    Photo,
    File,
}

/// What may be sent in for a field.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'f> {
    pub kind: MediaKind,
    /// Bytes.
    pub max_size: u64,
    /// Whether where a picture was taken stays in it.
    pub keep_location: bool,
    types: &'f [String],
}

impl Upload<'_> {
    /// Whether content of this type may be sent in. Sound comes in the containers of films too.
    pub fn allows(&self, content_type: &str) -> bool {
        let family = content_type.split('/').next().unwrap_or_default();
        match self.kind {
            MediaKind::Photo => family == "image",
            MediaKind::Video => family == "video",
            MediaKind::Audio => {
                family == "audio"
                    || ["video/webm", "video/mp4", "video/ogg"].contains(&content_type)
            }
            MediaKind::File => {
                let fits = |pattern: &String| match pattern.strip_suffix("/*") {
                    Some(of) => of == family,
                    None => pattern == content_type,
                };
                self.types.is_empty() || self.types.iter().any(fits)
            }
        }
    }
}

impl Media {
    pub(super) fn read(keys: &mut Keys, kind: MediaKind) -> Self {
        let mut media = Self {
            max_size: keys.count("max_size", 1..=LARGEST).unwrap_or(DEFAULT_LARGEST),
            ..Self::default()
        };
        if matches!(kind, MediaKind::Audio | MediaKind::Video) {
            let min = keys.count("min_duration", 0..=LONGEST_SECONDS);
            media.min_duration = min;
            media.max_duration =
                keys.count("max_duration", min.unwrap_or(0).max(1)..=LONGEST_SECONDS);
        }
        if matches!(kind, MediaKind::Photo | MediaKind::File) {
            media.keep_location = keys.truth("keep_location").unwrap_or(false);
        }
        if kind == MediaKind::File {
            media.types = read_types(keys);
        } else {
            media.source = read_source(keys);
        }
        media
    }

    pub(super) fn upload(&self, kind: MediaKind) -> Upload<'_> {
        let Self { max_size, keep_location, types, .. } = self;
        let bytes = max_size.unsigned_abs() * 1_000_000;
        Upload { kind, max_size: bytes, keep_location: *keep_location, types }
    }

    pub(super) fn check(&self, kind: MediaKind, value: &Value) -> Result<(), String> {
        let whole = Part::of(value);
        if kind == MediaKind::File && value.is_string() {
            return check_name(&whole);
        }
        check_name(&whole.key("media")?)?;
        let content_type = whole.key("type")?;
        if !self.upload(kind).allows(content_type.text()?) {
            return Err(content_type.wrong(kind.described()));
        }
        whole.key("size")?.whole(0..=i64::MAX)?;
        let Some(duration) = whole.optional("duration")? else { return Ok(()) };
        // A recorder stops a little early or late.
        let least = self.min_duration.map_or(0.0, |seconds| seconds as f64 - 1.0).max(0.0);
        let most = self.max_duration.map_or(f64::INFINITY, |seconds| seconds as f64 + 1.0);
        duration.number(least..=most).map(drop)
    }
}

impl Default for Media {
    fn default() -> Self {
        Self {
            max_size: DEFAULT_LARGEST,
            keep_location: false,
            min_duration: None,
            max_duration: None,
            source: MediaSource::Any,
            types: Vec::new(),
        }
    }
}

impl MediaKind {
    const fn described(self) -> &'static str {
        match self {
            Self::Audio => "the type of a sound, such as audio/webm",
            Self::Video => "the type of a film, such as video/mp4",
            Self::Photo => "the type of a picture, such as image/jpeg",
            Self::File => "a type that this field takes",
        }
    }
}

/// The media that an answer names.
pub(super) fn media_of(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("media")?.as_str())
}

fn check_name(media: &Part) -> Result<(), String> {
    match media.value.as_str() {
        Some(name) if !name.is_empty() => Ok(()),
        _ => Err(media.wrong("the name of a stored media")),
    }
}

fn read_types(keys: &mut Keys) -> Vec<String> {
    let types = keys.texts("types", 1..=MOST_TYPES).unwrap_or_default();
    if let Some(strange) = types.iter().find(|one| one.split('/').count() != 2) {
        keys.error(
            "types",
            format!("`{strange}` is no content type such as `application/pdf` or `image/*`"),
        );
    }
    types
}

fn read_source(keys: &mut Keys) -> MediaSource {
    match keys.text("source").as_deref() {
        None | Some("any") => MediaSource::Any,
        Some("record") => MediaSource::Record,
        Some("upload") => MediaSource::Upload,
        Some(other) => {
            keys.error("source", format!("must be any, record or upload, not `{other}`"));
            MediaSource::Any
        }
    }
}
