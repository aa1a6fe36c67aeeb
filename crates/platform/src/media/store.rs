//! The object store: a folder of this machine.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, WriteMultipart};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::io::ReaderStream;

use super::File;
use crate::error::{Error, Result};

/// Where files lie. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    /// Where what arrives is kept until it was looked at.
    scratch: Arc<Path>,
    /// Looking at a file may take hundreds of megabytes, so that only some are looked at at once.
    turns: Arc<Semaphore>,
}

const LOOKED_AT_ONCE: usize = 2;
/// Bytes handed on at a time.
const PIECE: usize = 1 << 20;
/// Pieces that may be on their way to the store.
const UNDER_WAY: usize = 4;

impl Store {
    /// Files in a folder of this machine, made if missing.
    pub fn local(folder: &Path) -> Result<Self> {
        let failed = |error: &dyn std::fmt::Display| {
            Error::Internal(format!("the media folder {}: {error}", folder.display()))
        };
        std::fs::create_dir_all(folder).map_err(|error| failed(&error))?;
        let objects = LocalFileSystem::new_with_prefix(folder).map_err(|error| failed(&error))?;
        let turns = Arc::new(Semaphore::new(LOOKED_AT_ONCE));
        Ok(Self { objects: Arc::new(objects), scratch: Arc::from(folder), turns })
    }

    /// A file without a name: it is gone when nobody has it open.
    pub(crate) fn scratch(&self) -> std::io::Result<std::fs::File> {
        tempfile::tempfile_in(&self.scratch)
    }

    /// Waits until a file may be looked at; the permit is held while that is done.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>> {
        self.turns.acquire().await.map_err(|error| Error::Internal(error.to_string()))
    }

    pub(super) async fn put(&self, object: &str, content: Bytes) -> Result<()> {
        let stored = self.objects.put(&object.into(), content.into()).await;
        stored.map(drop).map_err(|error| storing(object, &error))
    }

    /// Stores a file, read from where it stands; answers its size. It is never whole in memory.
    pub(crate) async fn put_file(&self, object: &str, file: std::fs::File) -> Result<u64> {
        let upload = self.objects.put_multipart(&object.into()).await;
        let mut write = WriteMultipart::new(upload.map_err(|error| storing(object, &error))?);
        let mut pieces = ReaderStream::with_capacity(tokio::fs::File::from_std(file), PIECE);
        let mut size = 0;
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| storing(object, &error))?;
            size += piece.len() as u64;
            write.wait_for_capacity(UNDER_WAY).await.map_err(|error| storing(object, &error))?;
            write.put(piece);
        }
        write.finish().await.map_err(|error| storing(object, &error))?;
        Ok(size)
    }

    /// Removes an object; one that is gone already is fine.
    pub(crate) async fn remove(&self, object: &str) -> Result<()> {
        match self.objects.delete(&object.into()).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::Internal(format!("removing {object}: {error}"))),
        }
    }

    /// The bytes of a file in a range, as they come from the store.
    pub async fn read(
        &self,
        file: &File,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>> {
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let got = self.objects.get_opts(&file.object.as_str().into(), options).await;
        let got =
            got.map_err(|error| Error::Internal(format!("reading {}: {error}", file.object)))?;
        Ok(got.into_stream())
    }
}

fn storing(object: &str, error: &dyn std::fmt::Display) -> Error {
    Error::Internal(format!("storing {object}: {error}"))
}
