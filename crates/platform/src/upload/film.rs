//! Films in the ISO base media format (MP4, MOV): where they were taken stands in boxes of metadata.

use std::io::{Read, Result, Seek, SeekFrom, Write};

/// Boxes in which programs write where and with what a film was taken: `udta` (with `©xyz`, `loci`), `meta` (with
/// `com.apple.quicktime.location.ISO6709`), `uuid` (XMP).
const METADATA: [&[u8; 4]; 3] = [b"udta", b"meta", b"uuid"];
/// Boxes that may hold such boxes.
const CONTAINERS: [&[u8; 4]; 2] = [b"moov", b"trak"];

/// Blanks the metadata of a film in its place: the boxes become `free`, filled with zeros.
pub(super) fn blank_metadata(file: &mut (impl Read + Write + Seek)) -> Result<()> {
    let end = file.seek(SeekFrom::End(0))?;
    blank_between(file, 0, end)
}

fn blank_between(file: &mut (impl Read + Write + Seek), start: u64, end: u64) -> Result<()> {
    let mut at = start;
    while let Some(found) = read_box(file, at, end)? {
        if METADATA.contains(&&found.kind) {
            blank(file, &found)?;
        } else if CONTAINERS.contains(&&found.kind) {
            blank_between(file, found.content, found.end)?;
        }
        at = found.end;
    }
    Ok(())
}

struct Found {
    kind: [u8; 4],
    /// Where its kind stands.
    kind_at: u64,
    content: u64,
    end: u64,
}

/// The box at a place; `None` where there is none, or one that does not fit.
fn read_box(file: &mut (impl Read + Seek), at: u64, end: u64) -> Result<Option<Found>> {
    if at + 8 > end {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(at))?;
    let mut head = [0; 8];
    file.read_exact(&mut head)?;
    let [size, kind] = [[head[0], head[1], head[2], head[3]], [head[4], head[5], head[6], head[7]]];
    let (content, size) = match u32::from_be_bytes(size) {
        0 => (at + 8, end - at),
        1 if at + 16 <= end => {
            let mut long = [0; 8];
            file.read_exact(&mut long)?;
            (at + 16, u64::from_be_bytes(long))
        }
        short => (at + 8, u64::from(short)),
    };
    let box_end = at.saturating_add(size);
    let fits = box_end <= end && content <= box_end;
    Ok(fits.then_some(Found { kind, kind_at: at + 4, content, end: box_end }))
}

fn blank(file: &mut (impl Write + Seek), found: &Found) -> Result<()> {
    file.seek(SeekFrom::Start(found.kind_at))?;
    file.write_all(b"free")?;
    file.seek(SeekFrom::Start(found.content))?;
    let zeros = [0; 4096];
    let mut left = found.end - found.content;
    while left > 0 {
        let some = left.min(zeros.len() as u64);
        file.write_all(&zeros[..some as usize])?;
        left -= some;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
        let mut whole = (content.len() as u32 + 8).to_be_bytes().to_vec();
        whole.extend(kind);
        whole.extend(content);
        whole
    }

    #[test]
    fn the_place_of_a_film_is_gone_and_nothing_moves() {
        let place = boxed(*b"\xa9xyz", b"\x00\x12\x15\xc7+52.5200+013.4050/");
        let track =
            boxed(*b"trak", &[boxed(*b"tkhd", b"track"), boxed(*b"meta", b"+52.52")].concat());
        let movie = [boxed(*b"mvhd", b"head"), track, boxed(*b"udta", &place)].concat();
        let film =
            [boxed(*b"ftyp", b"isom"), boxed(*b"moov", &movie), boxed(*b"mdat", b"udta!")].concat();
        let mut file = Cursor::new(film.clone());
        blank_metadata(&mut file).expect("a film");
        let after = file.into_inner();
        assert_eq!(after.len(), film.len());
        let has = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
        assert!(has(&film, b"+52.5200") && !has(&after, b"+52.5200") && !has(&after, b"+52.52"));
        for kept in [&b"track"[..], b"head", b"udta!"] {
            assert!(has(&after, kept));
        }
    }

    #[test]
    fn broken_boxes_end_the_walk() {
        for broken in [
            &b"\x00\x00\x00\x04moov"[..],
            b"\xff\xff\xff\xffmoov",
            b"\x00\x00\x00\x01moov\xff",
            b"moo",
        ] {
            let mut file = Cursor::new(broken.to_vec());
            blank_metadata(&mut file).expect("nothing to do");
            assert_eq!(file.into_inner(), broken);
        }
    }
}
