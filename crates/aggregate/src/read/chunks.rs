//! Cuts a text file into pieces that end where a record ends.

use std::io::Read;

use super::block::Fault;

/// Bytes of a piece; also how long a record may be at most, times [`LONGEST`].
const SIZE: usize = 4 << 20;
/// A record longer than this many pieces is taken for a quotation mark that nobody closed.
const LONGEST: usize = 16;

/// Where in a CSV file the next byte stands.
#[derive(Clone, Copy, PartialEq)]
enum State {
    FieldStart,
    Unquoted,
    Quoted,
    QuoteInQuoted,
}

/// Pieces of a file, each of whole records.
pub(super) struct Chunks<R> {
    source: R,
    /// Read, but behind the end of the last piece.
    rest: Vec<u8>,
    /// The byte between fields of a CSV file; `None` for files whose lines are records.
    delimiter: Option<u8>,
    size: usize,
    ended: bool,
}

impl<R: Read> Chunks<R> {
    /// Continues a file of which `rest` was read already.
    pub(super) fn new(source: R, rest: Vec<u8>, delimiter: Option<u8>) -> Self {
        Self { source, rest, delimiter, size: SIZE, ended: false }
    }

    #[cfg(test)]
    fn with_size(self, size: usize) -> Self {
        Self { size, ..self }
    }

    fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        let mut chunk = std::mem::take(&mut self.rest);
        let mut wanted = self.size;
        loop {
            let missing = wanted.saturating_sub(chunk.len()) as u64;
            let read = self.source.by_ref().take(missing).read_to_end(&mut chunk);
            read.map_err(|error| Fault::new(format!("cannot be read: {error}")))?;
            self.ended |= chunk.len() < wanted;
            let (end, open) = self.last_record(&chunk);
            if self.ended {
                return match open {
                    Some(line) => Err(unclosed(line)),
                    None => Ok((!chunk.is_empty()).then_some(chunk)),
                };
            }
            if end > 0 {
                self.rest = chunk.split_off(end);
                return Ok(Some(chunk));
            }
            if chunk.len() >= LONGEST * self.size {
                return Err(
                    open.map_or_else(|| Fault::at(0, "is longer than a record can be"), unclosed)
                );
            }
            wanted = 2 * chunk.len().max(self.size);
        }
    }

    /// Where the last whole record ends, and the line (from 0) of a quotation mark that is open at the end.
    fn last_record(&self, bytes: &[u8]) -> (usize, Option<u64>) {
        match self.delimiter {
            Some(delimiter) if memchr::memchr(b'"', bytes).is_some() => scan(bytes, delimiter),
            _ => (memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1), None),
        }
    }
}

/// Follows the quotation marks from the start of a record.
fn scan(bytes: &[u8], delimiter: u8) -> (usize, Option<u64>) {
    let (mut state, mut end, mut line, mut opened) = (State::FieldStart, 0, 0, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        line += u64::from(byte == b'\n');
        state = match (state, byte) {
            (State::Quoted, b'"') => State::QuoteInQuoted,
            (State::Quoted, _) | (State::QuoteInQuoted, b'"') => State::Quoted,
            (State::FieldStart, b'"') => {
                opened = line;
                State::Quoted
            }
            (_, b'\n') => {
                end = at + 1;
                State::FieldStart
            }
            (_, b'\r') => State::FieldStart,
            (_, byte) if byte == delimiter => State::FieldStart,
            _ => State::Unquoted,
        };
    }
    (end, (state == State::Quoted).then_some(opened))
}

fn unclosed(line: u64) -> Fault {
    Fault::at(line, "a quotation mark opens a field here and is never closed")
}

impl<R: Read> Iterator for Chunks<R> {
    type Item = Result<Vec<u8>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended && self.rest.is_empty() {
            return None;
        }
        let chunk = self.next_chunk().transpose();
        self.ended |= matches!(chunk, Some(Err(_)));
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str, size: usize) -> Vec<Result<String, Fault>> {
        let chunks = Chunks::new(text.as_bytes(), Vec::new(), Some(b',')).with_size(size);
        chunks.map(|chunk| chunk.map(|bytes| String::from_utf8(bytes).unwrap())).collect()
    }

    #[test]
    fn no_piece_ends_inside_quotes() {
        let text = "a,b\n\"x\ny\",\"\"\"\n\"\n5\" pipe,c\nd,e";
        for size in 1..40 {
            let pieces: Vec<String> = pieces(text, size).into_iter().map(Result::unwrap).collect();
            assert_eq!(pieces.concat(), text);
            for piece in &pieces[..pieces.len() - 1] {
                assert!(piece.ends_with('\n') && !piece.ends_with("x\n"), "{pieces:?}");
                assert!(!piece.ends_with("\"\"\"\n"), "{pieces:?}");
            }
        }
    }

    #[test]
    fn an_open_quotation_mark_is_found() {
        let found = pieces("a,b\nc,\"d\ne,f\n", 100);
        assert_eq!(found, [Err(unclosed(1))]);
        assert!(pieces(&format!("a,\"{}", "x".repeat(200)), 8).pop().unwrap().is_err());
    }
}
