//! Pictures painted over: `mask` (a label for each pixel), `instances` (an object for each pixel).
//!
//! The PNG is looked through, not unpacked: that would let a small file cost much. What cannot be unpacked after all is
//! left out of the results.

use std::collections::HashSet;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::marks::{Labels, Marks};
use super::part::Part;

/// Objects that a picture can hold, one colour each.
const MOST_INSTANCES: i64 = 255;
/// Pixels of a mask at most, so that aggregating it stays bounded.
const MOST_PIXELS: i64 = 64_000_000;

pub(super) fn check_mask(labels: &Labels, value: &Value) -> Result<(), String> {
    let whole = Part::of(value);
    let mappings = whole.key("labelMappings")?;
    let mut colours = HashSet::new();
    for (label, mapping) in mappings.entries()? {
        let known = labels.labels.as_ref().is_none_or(|known| known.iter().any(|one| one == label));
        if !known {
            return Err(format!("{mapping}is no label of this field"));
        }
        check_colour(&mapping.key("color")?, &mut colours)?;
    }
    check_picture(&whole)
}

pub(super) fn check_instances(marks: &Marks, value: &Value) -> Result<(), String> {
    let whole = Part::of(value);
    let list = whole.key("instances")?;
    let most = marks.max.map_or(MOST_INSTANCES, |max| max.min(MOST_INSTANCES));
    let mut colours = HashSet::new();
    for instance in list.counted(marks.min, Some(most))? {
        marks.labels.check(&instance.key("label")?)?;
        check_colour(&instance.key("color")?, &mut colours)?;
    }
    check_picture(&whole)
}

fn check_colour(color: &Part, seen: &mut HashSet<String>) -> Result<(), String> {
    let text = color.text()?;
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(color.wrong("a colour such as #1f77b4"));
    }
    if !seen.insert(text.to_ascii_lowercase()) {
        return Err(color.wrong("a colour that nothing else has"));
    }
    Ok(())
}

fn check_picture(whole: &Part) -> Result<(), String> {
    let properties = whole.key("inputImageProperties")?;
    let side = |key| properties.key(key)?.whole(1..=MOST_PIXELS);
    let (width, height) = (side("width")?, side("height")?);
    if width * height > MOST_PIXELS {
        return Err(format!("{properties}is of more than {MOST_PIXELS} pixels"));
    }
    let image = whole.key("labeledImage")?;
    let data = image.key("pngImageData")?;
    let bytes = BASE64_STANDARD.decode(data.text()?);
    let size = bytes.ok().and_then(|bytes| png_size(&bytes));
    match size {
        None => Err(data.wrong("a whole PNG file in base64")),
        Some(size) if size != (width, height) => Err(format!(
            "{data}must be {width} wide and {height} high as the picture, not {} and {}",
            size.0, size.1
        )),
        Some(_) => Ok(()),
    }
}

/// Width and height of a PNG file (ISO/IEC 15948) whose chunks are all there.
fn png_size(bytes: &[u8]) -> Option<(i64, i64)> {
    let mut rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let mut size = None;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        rest = after.get(4..)?;
        match (kind, size) {
            (b"IHDR", None) => {
                let number = |at| Some(u32::from_be_bytes(*data.get(at..)?.first_chunk()?));
                size = Some((i64::from(number(0)?), i64::from(number(4)?)));
            }
            (_, None) => return None,
            (b"IEND", size) => return size,
            _ => {}
        }
    }
}
