//! Pictures without where they were taken: EXIF, XMP and IPTC go, the orientation stays.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};

use bytes::Bytes;
use img_parts::ImageEXIF;
use img_parts::jpeg::{Jpeg, markers};
use img_parts::png::Png;
use img_parts::webp::WebP;

use super::picture::broken;
use crate::error::Result;

/// The picture without metadata that may tell where it was taken.
pub(super) fn location(bytes: Bytes, content_type: &str) -> Result<Bytes> {
    let broken = |error: img_parts::Error| broken(content_type, &error);
    Ok(match content_type {
        "image/jpeg" => {
            let mut jpeg = Jpeg::from_bytes(without_tail(bytes)).map_err(broken)?;
            let orientation = orientation_of(&jpeg);
            // APP1 holds EXIF and XMP, APP13 IPTC; a further picture that APP2 announces has EXIF of its own.
            let tells = |marker: u8, content: &Bytes| {
                matches!(marker, markers::APP1 | markers::APP13)
                    || (marker == markers::APP2 && content.starts_with(b"MPF\0"))
            };
            jpeg.segments_mut().retain(|segment| !tells(segment.marker(), segment.contents()));
            jpeg.set_exif(orientation);
            jpeg.encoder().bytes()
        }
        "image/png" => {
            let mut png = Png::from_bytes(bytes).map_err(broken)?;
            let orientation = orientation_of(&png);
            let tells = [*b"eXIf", *b"tEXt", *b"zTXt", *b"iTXt"];
            png.chunks_mut().retain(|chunk| !tells.contains(&chunk.kind()));
            png.set_exif(orientation);
            png.encoder().bytes()
        }
        _ => {
            let mut webp = WebP::from_bytes(bytes).map_err(broken)?;
            let orientation = orientation_of(&webp);
            webp.remove_chunks_by_id(*b"XMP ");
            webp.set_exif(orientation);
            webp.encoder().bytes()
        }
    })
}

/// A JPEG without what cameras append to it: further pictures and films, each with a place of its own.
fn without_tail(bytes: Bytes) -> Bytes {
    match end_of_jpeg(&bytes) {
        Some(end) => bytes.slice(..end),
        None => bytes,
    }
}

/// Where the first picture ends: after the marker EOI (FF D9) that is in no segment. In packed data FF stands before 00
/// or before a restart marker (D0 to D7) only.
fn end_of_jpeg(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xFF)?;
        match *bytes.get(at + 1)? {
            0xD9 => return Some(at + 2),
            0xFF => at += 1,
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            _ => {
                let length = [*bytes.get(at + 2)?, *bytes.get(at + 3)?];
                at += 2 + usize::from(u16::from_be_bytes(length)).max(2);
            }
        }
    }
}

/// EXIF that says nothing but how the picture is turned; `None` if it is not.
fn orientation_of(picture: &impl ImageEXIF) -> Option<Bytes> {
    let orientation = read_orientation(&picture.exif()?)?;
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    Some(exif.into())
}

/// The tag Orientation (0x0112) of the first directory of EXIF data (TIFF), if it is from 2 to 8.
fn read_orientation(exif: &[u8]) -> Option<u8> {
    let little = exif.starts_with(b"II");
    let short = |at: usize| {
        let two = [*exif.get(at)?, *exif.get(at + 1)?];
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let (low, high) = if little { (4, 6) } else { (6, 4) };
    let directory = usize::from(short(low)?) | usize::from(short(high)?) << 16;
    let entry = |place: usize| directory.checked_add(2 + 12 * place);
    let found = (0..usize::from(short(directory)?))
        .filter_map(entry)
        .find(|at| short(*at) == Some(0x0112))?;
    u8::try_from(short(found + 8)?).ok().filter(|value| (2..=8).contains(value))
}

/// Puts other content into a file.
pub(super) fn rewrite(file: &mut File, content: &[u8]) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EXIF with an orientation and a place in it.
    fn exif(little: bool) -> Vec<u8> {
        let (mut exif, short) = if little {
            (b"II*\0\x08\0\0\0".to_vec(), u16::to_le_bytes as fn(u16) -> [u8; 2])
        } else {
            (b"MM\0*\0\0\0\x08".to_vec(), u16::to_be_bytes as fn(u16) -> [u8; 2])
        };
        exif.extend(short(1));
        exif.extend(short(0x0112));
        exif.extend(short(3));
        exif.extend(if little { [1, 0, 0, 0] } else { [0, 0, 0, 1] });
        exif.extend(short(6));
        exif.extend([0, 0, 0, 0, 0, 0]);
        exif.extend(b"52.5200N 13.4050E");
        exif
    }

    #[test]
    fn orientation_is_read_either_way_round() {
        assert_eq!(read_orientation(&exif(true)), Some(6));
        assert_eq!(read_orientation(&exif(false)), Some(6));
        for broken in [&b""[..], b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"] {
            assert_eq!(read_orientation(broken), None);
        }
    }

    #[test]
    fn a_jpeg_ends_before_its_tail() {
        let picture =
            b"\xff\xd8\xff\xe1\0\x06\xff\xd9!!\xff\xda\0\x02packed\xff\0\xff\xd3more\xff\xd9";
        let whole = [&picture[..], b"tail with 52.52"].concat();
        assert_eq!(end_of_jpeg(&whole), Some(picture.len()));
        assert_eq!(end_of_jpeg(&picture[..picture.len() - 1]), None);
    }

    #[test]
    fn a_place_is_gone_and_the_orientation_stays() {
        let webp = include_bytes!("../../tests/files/photo.webp").to_vec();
        let jpeg = include_bytes!("../../tests/files/photo.jpg").to_vec();
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, 4, 3);
        encoder.add_text_chunk("place".into(), "52.5200N".into()).expect("a text");
        let mut writer = encoder.write_header().expect("a head");
        writer.write_image_data(&[0; 12]).expect("pixels");
        writer.finish().expect("PNG");
        for (kind, bytes) in [("image/png", png), ("image/jpeg", jpeg), ("image/webp", webp)] {
            let read = |bytes: Bytes| {
                img_parts::DynImage::from_bytes(bytes).expect("a picture").expect("a known one")
            };
            let mut taken = read(bytes.into());
            taken.set_exif(Some(exif(false).into()));
            let taken = taken.encoder().bytes();
            let tells = |bytes: &[u8]| bytes.windows(5).any(|part| part == b"52.52");
            assert!(tells(&taken), "{kind}");
            let stripped = location(taken, kind).expect("a picture");
            assert!(!tells(&stripped), "{kind}");
            let kept = read(stripped.clone()).exif().expect("an orientation");
            assert_eq!((kept.len(), read_orientation(&kept)), (26, Some(6)), "{kind}");
            super::super::picture::print(&stripped, kind).expect("still a picture");
        }
    }
}
