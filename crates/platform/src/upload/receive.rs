//! Taking in a file: stream, look at, store.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::io::AsyncWriteExt as _;

use super::content::{self, Examined};
use super::print::{self, Known};
use super::{Uploaded, sql};
use crate::Platform;
use crate::access::Identity;
use crate::error::{Error, Result};
use crate::id::Id;
use crate::project::{OutputField, Pinned};
use crate::time::Time;

/// Files uploaded for one task, those that were replaced by better ones too.
const MOST_FOR_A_TASK: i64 = 20;

/// What a file is uploaded for.
#[derive(Clone, Debug)]
pub struct Place {
    pub assignment: Id,
    pub task: Id,
    pub field: String,
}

/// Takes in a file for a field of a task that the worker holds. `length` is what the sender says that is to come.
pub async fn receive(
    platform: &Platform,
    worker: &Identity,
    place: Place,
    length: Option<u64>,
    body: impl Stream<Item = std::io::Result<Bytes>> + Send,
) -> Result<Uploaded> {
    let (slot, pinned) = find_slot(platform, worker.member, &place).await?;
    let largest = wanted(&pinned, &place.field)?.max_size;
    if length.is_some_and(|length| length > largest) {
        return Err(too_large(largest));
    }
    let file = spool(platform, largest, body).await?;
    let looked_at = {
        let (pinned, field) = (pinned, place.field.clone());
        // Pictures and sounds are unpacked a few at a time.
        let _turn = platform.media.turn().await?;
        let look = move || content::examine(file, &wanted(&pinned, &field)?);
        tokio::task::spawn_blocking(look).await.map_err(|error| not_looked_at(&error))??
    };
    store(platform, worker, &place, slot.batch_id, looked_at).await
}

/// Readers of files meet what nobody has thought of.
fn not_looked_at(error: &tokio::task::JoinError) -> Error {
    tracing::warn!(%error, "an upload could not be looked at");
    Error::WrongType("the file cannot be read; send it in another format".into())
}

/// What may be uploaded for a field.
fn wanted<'p>(pinned: &'p Pinned, field: &str) -> Result<crate::project::Upload<'p>> {
    let upload = pinned.question.output.get(field).and_then(OutputField::upload);
    let message = "must be an output field of type photo, audio, video or file";
    upload.ok_or_else(|| Error::invalid("field", message))
}

async fn find_slot(
    platform: &Platform,
    worker: Id,
    place: &Place,
) -> Result<(sql::Slot, std::sync::Arc<Pinned>)> {
    let tx = &mut platform.db.read().await?;
    let slot = sql::slot(tx, place.assignment, worker, Time::now()).await?;
    let slot = slot.ok_or_else(|| {
        Error::Conflict("this assignment is not yours any more; its tasks go to others".into())
    })?;
    if !slot.holds(place.task) {
        return Err(Error::invalid("task", "is no task of this assignment"));
    }
    let pinned = platform.revisions.get_in(tx, slot.revision_id).await?;
    let uploaded = sql::count_for_task(tx, place.assignment, place.task).await?;
    if uploaded >= MOST_FOR_A_TASK {
        let message =
            format!("{uploaded} files were uploaded for this task; that is as many as it takes");
        return Err(Error::Conflict(message));
    }
    Ok((slot, pinned))
}

fn too_large(largest: u64) -> Error {
    Error::TooLarge(format!(
        "the file is larger than the {} MB that this field takes",
        largest / 1_000_000
    ))
}

/// Writes a stream into a file that is gone once nobody has it open.
async fn spool(
    platform: &Platform,
    largest: u64,
    body: impl Stream<Item = std::io::Result<Bytes>> + Send,
) -> Result<File> {
    let failed = |error| Error::Internal(format!("receiving an upload: {error}"));
    let mut file = tokio::fs::File::from_std(platform.media.scratch().map_err(failed)?);
    let mut body = std::pin::pin!(body);
    let mut size = 0;
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(|error| Error::invalid("body", format!("broke off: {error}")))?;
        size += piece.len() as u64;
        if size > largest {
            return Err(too_large(largest));
        }
        file.write_all(&piece).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    if size == 0 {
        return Err(Error::invalid("body", "is empty; send the file as the body"));
    }
    let mut file = file.into_std().await;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    Ok(file)
}

async fn store(
    platform: &Platform,
    worker: &Identity,
    place: &Place,
    batch: Id,
    content: Examined,
) -> Result<Uploaded> {
    let media = Id::new();
    let object = format!("uploads/{media}");
    let size = platform.media.put_file(&object, content.file).await? as i64;
    let row = sql::New {
        id: media,
        workspace: worker.workspace,
        batch,
        worker: worker.member,
        place: place.clone(),
        object: object.clone(),
        content_type: content.content_type.clone(),
        bytes: size,
        hash: content.hash,
        print: content.print,
    };
    let row = std::sync::Arc::new(row);
    let written = platform.db.write(move |tx| {
        let row = std::sync::Arc::clone(&row);
        Box::pin(async move {
            let known = Known {
                worker: row.worker,
                task: row.place.task,
                hash: &row.hash,
                print: row.print.as_ref(),
            };
            let duplicates = print::count_alike(tx, row.batch, &known).await?;
            sql::insert(tx, &row, duplicates, Time::now()).await?;
            sql::insert_parts(tx, row.batch, row.id, &known.parts()).await?;
            Ok(duplicates)
        })
    });
    match written.await {
        Ok(duplicates) => Ok(Uploaded {
            media,
            url: platform.links.upload(media, Time::now()),
            content_type: content.content_type,
            size,
            duplicates,
        }),
        Err(error) => {
            platform.media.remove(&object).await?;
            Err(error)
        }
    }
}
