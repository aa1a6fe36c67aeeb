//! What a file is, by its content. Runs on a thread that may block.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::print::Print;
use super::{film, picture, sound, strip};
use crate::error::{Error, Result};
use crate::hex::hex;
use crate::project::Upload;

/// A file that was looked at, from its start, as it will be stored.
pub(super) struct Examined {
    pub(super) file: File,
    pub(super) content_type: String,
    /// SHA-256 in hex.
    pub(super) hash: String,
    pub(super) print: Option<Print>,
}

/// Bytes that tell a file's type.
const HEAD: u64 = 8192;
/// A picture is read whole to be looked at.
const LARGEST_PICTURE: u64 = 100_000_000;

/// Finds a file's type and refuses what its field does not take; removes where it was taken; finds what it looks or sounds
/// like.
pub(super) fn examine(mut file: File, wanted: &Upload<'_>) -> Result<Examined> {
    let content_type = type_of(&mut file)?;
    if !wanted.allows(&content_type) {
        return Err(Error::WrongType(format!(
            "the file is {content_type} by its content, which this field does not take"
        )));
    }
    let print = match content_type.as_str() {
        "image/jpeg" | "image/png" | "image/webp" => {
            picture(&mut file, &content_type, wanted.keep_location)?
        }
        "image/heif" | "image/heic" | "image/avif" | "image/tiff" if !wanted.keep_location => {
            return Err(Error::WrongType(format!(
                "where a picture was taken cannot be removed from {content_type}; send it as JPEG, PNG or WebP"
            )));
        }
        "video/mp4" | "video/quicktime" | "video/x-m4v" | "audio/mp4" | "audio/m4a" => {
            if !wanted.keep_location {
                film::blank_metadata(&mut file).map_err(unreadable)?;
            }
            sound::print(&file)?
        }
        other if other.starts_with("audio/") || other.starts_with("video/") => sound::print(&file)?,
        _ => None,
    };
    let hash = hash_of(&mut file)?;
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    Ok(Examined { file, content_type, hash, print })
}

pub(super) fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("reading an upload: {error}"))
}

fn type_of(file: &mut File) -> Result<String> {
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut head = Vec::new();
    (&*file).take(HEAD).read_to_end(&mut head).map_err(unreadable)?;
    let found = infer::get(&head).map(|found| found.mime_type());
    Ok(match found {
        // The containers of films may hold sound only.
        Some("video/webm" | "video/x-matroska") if sound::is_all(file)? => "audio/webm".to_owned(),
        Some("video/mp4") if sound::is_all(file)? => "audio/mp4".to_owned(),
        Some("audio/x-wav") => "audio/wav".to_owned(),
        Some(known) => known.to_owned(),
        None if is_text(&head) => "text/plain; charset=utf-8".to_owned(),
        None => "application/octet-stream".to_owned(),
    })
}

/// UTF-8 without control characters; the last character may be cut.
fn is_text(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty()
        && !text.contains(|letter: char| letter.is_control() && !"\n\r\t".contains(letter))
}

/// Removes from a picture where it was taken, unless that is to be kept; answers what it looks like.
fn picture(file: &mut File, content_type: &str, keep_location: bool) -> Result<Option<Print>> {
    let size = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
    if size > LARGEST_PICTURE {
        let most = LARGEST_PICTURE / 1_000_000;
        return Err(Error::TooLarge(format!("a picture may have at most {most} MB")));
    }
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut bytes = Vec::with_capacity(size as usize);
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    let bytes = Bytes::from(bytes);
    let print = picture::print(&bytes, content_type)?;
    if !keep_location {
        let stripped = strip::location(bytes, content_type)?;
        strip::rewrite(file, &stripped).map_err(unreadable)?;
    }
    Ok(print)
}

fn hash_of(file: &mut File) -> Result<String> {
    file.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece).map_err(unreadable)? {
            0 => return Ok(hex(&hasher.finalize())),
            count => hasher.update(&piece[..count]),
        }
    }
}
