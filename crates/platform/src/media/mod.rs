//! Media: the pictures, sounds and films that tasks show. Files lie in an object store under the hash of their content;
//! workers reach them by links that are signed and expire.

mod link;
mod sql;
mod store;

use std::collections::HashSet;

use bytes::Bytes;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub use link::{Links, address_of, own_path};
pub use store::Store;

use crate::db::Database;
use crate::error::{Error, Result};
use crate::hex::hex;
use crate::id::Id;
use crate::project::Question;

/// An uploaded file.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Media {
    pub path: String,
    pub bytes: i64,
    #[serde(rename = "type")]
    pub content_type: String,
}

/// Endings of the files that task pages can show, and their types.
const TYPES: [(&str, &str); 22] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("bmp", "image/bmp"),
    ("svg", "image/svg+xml"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("m4a", "audio/mp4"),
    ("flac", "audio/flac"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("ogv", "video/ogg"),
    ("mov", "video/quicktime"),
    ("pdf", "application/pdf"),
    ("txt", "text/plain; charset=utf-8"),
    ("json", "application/json"),
];

/// Stores a file of a project; a path that exists gets the new content.
pub async fn put(
    db: &Database,
    store: &Store,
    project: Id,
    path: &str,
    content: Bytes,
) -> Result<Media> {
    if !is_path(path) {
        return Err(Error::invalid("path", "must be a plain relative path"));
    }
    let content_type = type_of(path).ok_or_else(|| {
        Error::invalid(
            "path",
            "has an ending that task pages cannot show; known are png, jpg, mp3, mp4 and alike",
        )
    })?;
    let media = Media {
        path: path.to_owned(),
        bytes: content.len() as i64,
        content_type: content_type.to_owned(),
    };
    let hash = hex(&Sha256::digest(&content));
    let object = format!("{}/{hash}", &hash[..2]);
    store.put(&object, content).await?;
    let row = media.clone();
    db.write(move |tx| {
        let (row, object) = (row.clone(), object.clone());
        Box::pin(async move { sql::put(tx, project, &row, &object).await })
    })
    .await?;
    Ok(media)
}

/// A stored file, to be read as a whole or in part.
#[derive(Clone, Debug)]
pub struct File {
    pub content_type: String,
    pub bytes: u64,
    pub(crate) object: String,
}

pub async fn find(db: &Database, project: Id, path: &str) -> Result<File> {
    let found = sql::get(&mut db.read().await?, project, path).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("the file {path}")))?;
    let (object, content_type, bytes) = found;
    Ok(File { content_type, bytes: bytes.unsigned_abs(), object })
}

/// The paths of a project's files; read only if the question has fields that name some.
pub async fn paths(db: &Database, project: Id, question: &Question) -> Result<HashSet<String>> {
    if question.input.values().any(crate::project::InputField::is_media) {
        sql::paths(&mut db.read().await?, project).await
    } else {
        Ok(HashSet::new())
    }
}

/// A relative path without tricks: no `..`, no backslash, no drive or scheme.
pub fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 500
        && !text.contains(['\\', ':', '?', '#', '%'])
        && !text.contains(char::is_control)
        && text.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
}

/// The type of a file by its ending.
pub fn type_of(path: &str) -> Option<&'static str> {
    let ending = path.rsplit_once('.')?.1.to_ascii_lowercase();
    TYPES.iter().find(|(known, _)| *known == ending).map(|(_, content_type)| *content_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_folder() {
        for good in ["a.png", "pictures/cat one.jpg", "ä/ö.wav"] {
            assert!(is_path(good), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "a/../b.png",
            "..",
            "a//b",
            "c:\\x",
            "data:text/html,x",
            "a\0b",
            "a?b.png",
        ] {
            assert!(!is_path(bad), "{bad}");
        }
        assert_eq!(type_of("x/y.PNG"), Some("image/png"));
        assert_eq!(type_of("x.html"), None);
    }
}
