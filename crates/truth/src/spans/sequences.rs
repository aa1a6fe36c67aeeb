//! Tagged documents as input.

use crate::error::{Error, check_size};

/// Marks a token that a worker did not tag.
pub const NO_TAG: u16 = u16::MAX;

/// One worker's tags of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// Code of the document.
    pub document: u32,
    /// Code of the worker.
    pub worker: u32,
    /// A tag code for each token, [`NO_TAG`] where the worker left it open.
    pub tags: Vec<u16>,
}

/// Documents and what workers said of them; all codes are dense integers from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sequences {
    /// Number of tags; codes are `0..tags`.
    pub tags: usize,
    /// Number of workers; codes are `0..workers`.
    pub workers: usize,
    /// Number of tokens of each document.
    pub lengths: Vec<usize>,
    /// The annotations, in any order.
    pub annotations: Vec<Annotation>,
    /// Which tag may follow which, `[before][after]` row-major; `None` if any may.
    pub allowed: Option<Vec<bool>>,
}

impl Sequences {
    /// Refuses codes out of range, annotations of the wrong length and a table of the wrong size; the error counts
    /// annotations as rows.
    pub(super) fn check(&self) -> Result<(), Error> {
        check_size("worker tables", &[self.workers, self.tags, self.tags, self.tags], 1 << 30)?;
        check_size("posterior", &[self.lengths.iter().sum(), self.tags], 1 << 31)?;
        for (row, annotation) in self.annotations.iter().enumerate() {
            let codes = [
                ("document", annotation.document, self.lengths.len()),
                ("worker", annotation.worker, self.workers),
            ];
            for (column, code, count) in codes {
                if code as usize >= count {
                    return Err(Error::OutOfRange { row, column, code: u64::from(code), count });
                }
            }
            let expected = self.lengths[annotation.document as usize];
            if annotation.tags.len() != expected {
                let found = annotation.tags.len();
                return Err(Error::Shape { what: "tags of an annotation", expected, found });
            }
            let unknown = |tag: &&u16| **tag != NO_TAG && usize::from(**tag) >= self.tags;
            if let Some(&tag) = annotation.tags.iter().find(unknown) {
                let (code, count) = (u64::from(tag), self.tags);
                return Err(Error::OutOfRange { row, column: "tag", code, count });
            }
        }
        match &self.allowed {
            Some(allowed) if allowed.len() != self.tags * self.tags => {
                let (expected, found) = (self.tags * self.tags, allowed.len());
                Err(Error::Shape { what: "allowed", expected, found })
            }
            _ => Ok(()),
        }
    }

    /// The annotations of each document.
    pub(super) fn by_document(&self) -> Vec<Vec<&Annotation>> {
        let mut documents = vec![Vec::new(); self.lengths.len()];
        for annotation in &self.annotations {
            documents[annotation.document as usize].push(annotation);
        }
        documents
    }
}
