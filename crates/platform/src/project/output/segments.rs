//! Stretches of a sound or film: `audio_segments`, `video_segments`; and labelled `pages` of a document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::marks::{Labels, Marks};
use super::part::Part;
use crate::project::keys::Keys;

/// Seconds by which a segment may end after the media, whose length players round.
const ROUNDING: f64 = 0.01;
const MOST_PAGES: i64 = 100_000;

/// Labelled stretches of a sound or film.
/// Value: `{"duration": 12.5, "segments": [{"start": 0.2, "end": 1.5, "label": "…", "text": "…"}]}`, in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Segments {
    #[serde(flatten)]
    pub marks: Marks,
    /// Whether each segment has a text, too.
    pub transcribe: bool,
}

impl Segments {
    pub(super) fn read(keys: &mut Keys) -> Self {
        Self { marks: Marks::read(keys), transcribe: keys.truth("transcribe").unwrap_or(false) }
    }

    pub(super) fn check(&self, value: &Value) -> Result<(), String> {
        let whole = Part::of(value);
        let duration = whole.key("duration")?.number(0.0..=f64::INFINITY)?;
        self.marks.check(&whole, "segments", |segment| {
            let start = segment.key("start")?.number(0.0..=f64::INFINITY)?;
            let end = segment.key("end")?;
            let seconds = end.number(0.0..=duration + ROUNDING)?;
            if seconds <= start {
                return Err(end.wrong(format!("after `start`, which is {start}")));
            }
            segment.optional("text")?.map_or(Ok(()), |text| text.text().map(drop))
        })
    }
}

/// A required answer labels every page.
pub(super) fn check_pages(labels: &Labels, required: bool, value: &Value) -> Result<(), String> {
    let whole = Part::of(value);
    let count = whole.key("pageCount")?.whole(1..=MOST_PAGES)?;
    let list = whole.key("pages")?;
    let pages = list.counted(if required { count } else { 0 }, Some(count))?;
    let mut seen = vec![false; count as usize];
    for page in pages {
        labels.check(&page.key("label")?)?;
        let number = page.key("page")?;
        let place = number.whole(1..=count)? as usize - 1;
        if std::mem::replace(&mut seen[place], true) {
            return Err(number.wrong("a page that has no label yet"));
        }
    }
    Ok(())
}
