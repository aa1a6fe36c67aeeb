//! What an Arrow file says its packed buffers hold. The decoder asks for that much memory at once, and the program
//! would end where there is not as much; so no claim is passed on to it that cannot be true.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use arrow_ipc::reader::read_footer_length;
use arrow_ipc::{Block, root_as_footer, root_as_message};

use super::damaged;
use crate::read::block::Fault;

/// Most bytes that a packed byte stands for: zstd has blocks of 128 KiB that take 4 bytes (RFC 8878, 3.1.1.2), and
/// LZ4 needs a byte for 255.
const EXPANSION: u64 = 1 << 15;
/// Bytes before a packed buffer that say how long it is unpacked.
const PREFIX: i64 = 8;
/// Bytes at the end of the file: the length of what precedes them, and `ARROW1`.
const END: i64 = 10;

/// Looks at the lengths of all packed buffers of a file of so many bytes.
///
/// # Errors
/// A file whose parts do not lie within it or are no Arrow, or a buffer that claims to hold more than it can.
pub(super) fn check(file: &mut File, bytes: u64) -> Result<(), Fault> {
    let mut parts = Parts { file, bytes };
    let end = parts.bytes as i64 - END;
    let tail = parts.read(end, END)?.try_into().unwrap_or_default();
    let length = read_footer_length(tail).map_err(|error| damaged(&error))? as i64;
    let footer = parts.read(end - length, length)?;
    let footer = root_as_footer(&footer).map_err(|error| damaged(&error))?;
    let blocks = [footer.dictionaries(), footer.recordBatches()];
    blocks.into_iter().flatten().flatten().try_for_each(|block| parts.check(block))
}

/// Whether a buffer of so many bytes can hold what it claims, and memory could too.
fn possible(packed: u64, claimed: u64) -> bool {
    claimed <= packed.saturating_mul(EXPANSION)
        && usize::try_from(claimed)
            .is_ok_and(|claimed| Vec::<u8>::new().try_reserve_exact(claimed).is_ok())
}

struct Parts<'a> {
    file: &'a mut File,
    bytes: u64,
}

impl Parts<'_> {
    fn read(&mut self, start: i64, length: i64) -> Result<Vec<u8>, Fault> {
        let within = |end: &i64| start >= 0 && length >= 0 && *end as u64 <= self.bytes;
        start
            .checked_add(length)
            .filter(within)
            .ok_or_else(|| damaged(&"a part lies outside of the file"))?;
        let mut part = vec![0; length as usize];
        let read = self.file.seek(SeekFrom::Start(start as u64));
        read.and_then(|_| self.file.read_exact(&mut part)).map_err(|error| damaged(&error))?;
        Ok(part)
    }

    fn check(&mut self, block: &Block) -> Result<(), Fault> {
        let head = i64::from(block.metaDataLength());
        let message = self.read(block.offset(), head)?;
        // Four bytes of length, since version 0.15 after four bytes that mark a message.
        let skip = if message.starts_with(&[0xff; 4]) { 8 } else { 4 };
        let message = root_as_message(message.get(skip..).unwrap_or_default());
        let message = message.map_err(|error| damaged(&error))?;
        let dictionary = || message.header_as_dictionary_batch().and_then(|batch| batch.data());
        let Some(batch) = message.header_as_record_batch().or_else(dictionary) else {
            return Ok(());
        };
        if batch.compression().is_none() {
            return Ok(());
        }
        let body = block.offset().saturating_add(head);
        for buffer in batch.buffers().into_iter().flatten() {
            // Empty buffers have no prefix.
            if buffer.length() >= PREFIX {
                self.check_buffer(body.saturating_add(buffer.offset()), buffer.length())?;
            }
        }
        Ok(())
    }

    fn check_buffer(&mut self, start: i64, length: i64) -> Result<(), Fault> {
        let prefix = self.read(start, PREFIX)?.try_into().unwrap_or_default();
        // Less than nothing marks a buffer that is not packed.
        let claimed = i64::from_le_bytes(prefix).max(0) as u64;
        if possible((length as u64).min(self.bytes), claimed) {
            return Ok(());
        }
        Err(damaged(&format!("{length} packed bytes cannot hold {claimed}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_bounded_by_the_packed_bytes_and_by_memory() {
        assert!(possible(100, 100));
        assert!(possible(4, 1 << 17));
        assert!(!possible(4, (1 << 17) + 1));
        assert!(!possible(1 << 47, 1 << 61), "no memory is as large");
    }
}
