//! Uploads: files that workers record or choose as part of an answer.
//!
//! - A file arrives as a stream into a file without a name, never whole in memory, and is refused when it is larger than
//!   its field allows. Its type is found from its content; a type that the field does not take is refused.
//! - Where it was taken is removed from it, unless the field says otherwise.
//! - What it looks or sounds like is compared with what others of the batch have submitted.
//! - An answer can only name what its worker uploaded for that very task and field. What no answer names is removed after
//!   the assignment has ended.

mod content;
mod film;
mod picture;
mod print;
mod receive;
mod sound;
mod sql;
mod strip;
mod sweep;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

pub use receive::{Place, receive};
pub use sweep::sweep;

use crate::Platform;
use crate::assignment::Answered;
use crate::db::Connection;
use crate::error::{Error, FieldError, Result};
use crate::id::Id;
use crate::media::File;
use crate::project::Question;
use crate::time::Time;

/// A file that was uploaded.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Uploaded {
    /// The name by which an answer mentions it.
    pub media: Id,
    /// Where it can be seen for a while.
    pub url: String,
    #[serde(rename = "type")]
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// Submitted files of other tasks or workers of the batch that look or sound the same.
    pub duplicates: i64,
}

/// Who answers, and where.
#[derive(Clone, Copy)]
pub(crate) struct Answering {
    pub(crate) batch: Id,
    pub(crate) assignment: Id,
    pub(crate) now: Time,
}

/// Marks what the answers of a submission name as used. Answers what is wrong: names that are not the worker's uploads for
/// that task and field.
pub(crate) async fn use_named(
    tx: &mut Connection,
    by: Answering,
    question: &Question,
    answers: &[Answered<'_>],
) -> Result<Vec<FieldError>> {
    let mut named = BTreeMap::new();
    let mut errors = Vec::new();
    for answer in answers {
        for (name, media) in media_of(question, answer.output) {
            let at = answer.field(name);
            match Id::parse(&media) {
                Some(id) => drop(named.insert(id, (at, answer.task, name))),
                None => errors.push(not_uploaded(at, &media)),
            }
        }
    }
    if named.is_empty() {
        return Ok(errors);
    }
    let there = sql::of_assignment(tx, by.assignment).await?;
    for (id, (at, task, field)) in named {
        match there.iter().find(|one| one.id == id && one.task_id == task && one.field == field) {
            Some(found) => {
                let duplicates = print::count_alike(tx, by.batch, &found.known()).await?;
                sql::set_used(tx, id, duplicates, by.now).await?;
            }
            None => errors.push(not_uploaded(at, &id.to_string())),
        }
    }
    Ok(errors)
}

/// The fields of an output that name a media, and what they name; in a flattened output, too.
fn media_of<'a>(
    question: &'a Question,
    output: &'a Map<String, Value>,
) -> impl Iterator<Item = (&'a str, String)> {
    question.output.iter().filter_map(|(name, field)| {
        let value = field.answer(name, output)?;
        Some((name.as_str(), field.media(&value)?.to_owned()))
    })
}

fn not_uploaded(at: String, media: &str) -> FieldError {
    FieldError::new(
        at,
        format!("names the media `{media}`, which you did not upload for this field"),
    )
}

/// The signed address of an upload, for a reader of its workspace.
pub async fn link(platform: &Platform, workspace: Id, media: Id) -> Result<String> {
    let tx = &mut platform.db.read().await?;
    let found = sql::get(tx, media).await?.filter(|found| found.workspace_id == workspace);
    found.ok_or_else(|| Error::NotFound("the media".into()))?;
    Ok(platform.links.upload(media, Time::now()))
}

/// An upload, to be read.
pub async fn find(platform: &Platform, media: Id) -> Result<File> {
    let found = sql::get(&mut platform.db.read().await?, media).await?;
    let found = found.ok_or_else(|| Error::NotFound("the media".into()))?;
    let bytes = found.bytes.unsigned_abs();
    Ok(File { content_type: found.content_type, bytes, object: found.object })
}
