//! A file or standard input, and what format it has.

use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};

use super::block::{Block, Fault};
use super::chunks::Chunks;
use super::label::Wanted;
use super::{arrow, csv, json, parquet, pipeline};

/// Bytes read to see what a file is; a CSV header must lie within them.
const HEAD: u64 = 1 << 16;
/// Bytes that a judgment has at least, in a text file as they are written by programs.
const SHORTEST: u64 = 8;

/// Input that was opened and looked at.
pub(super) struct Source {
    /// How messages call it.
    pub(super) name: String,
    pub(super) format: Format,
    /// Size of the file, if it is one.
    pub(super) bytes: Option<u64>,
    /// Whether it can be opened again.
    pub(super) again: bool,
    /// Lines before the first record.
    pub(super) first: u64,
    path: PathBuf,
    worker: bool,
    head: Vec<u8>,
    rest: Box<dyn Read + Send>,
}

/// What a file holds.
pub(super) enum Format {
    Csv(csv::Layout),
    Json,
    Parquet(Box<parquet::Layout>),
    Arrow(arrow::Layout),
}

impl Source {
    /// Opens a file, or standard input if the path is `-`, and sees from its first bytes what it is.
    pub(super) fn open(path: &Path, worker: bool) -> Result<Self> {
        let standard = path.as_os_str() == "-";
        let name = if standard { "standard input".to_owned() } else { path.display().to_string() };
        let (mut rest, bytes): (Box<dyn Read + Send>, _) = if standard {
            if std::io::stdin().is_terminal() {
                bail!(
                    "standard input is a terminal; name a file, or feed judgments in: ... | crowdsmith aggregate -"
                );
            }
            (Box::new(std::io::stdin()), None)
        } else {
            let file =
                File::open(path).map_err(|error| anyhow!("{name} cannot be opened: {error}"))?;
            let about = file.metadata()?;
            if about.is_dir() {
                bail!("{name} is a folder; name a file of judgments");
            }
            (Box::new(file), about.is_file().then_some(about.len()))
        };
        let mut head = Vec::new();
        rest.by_ref()
            .take(HEAD)
            .read_to_end(&mut head)
            .map_err(|error| anyhow!("{name} cannot be read: {error}"))?;
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        let mut source = Self {
            again: bytes.is_some(),
            format: Format::Json,
            first: 0,
            path: path.to_owned(),
            name,
            bytes,
            worker,
            head,
            rest,
        };
        source.look()?;
        Ok(source)
    }

    /// Finds the format, takes the header off.
    fn look(&mut self) -> Result<()> {
        let name = &self.name;
        let ending = self.path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        let is =
            |wanted: &[&str]| wanted.iter().any(|end| ending.as_deref() == Some((*end).as_ref()));
        if self.head.starts_with(b"PAR1") || is(&["parquet", "pq"]) {
            if self.bytes.is_none() {
                bail!("Parquet is read from its end, so it cannot come from {name}; name a file");
            }
            let file = File::open(&self.path)?;
            let layout = parquet::Layout::of(&file, self.worker);
            let layout = layout.map_err(|fault| anyhow!("{name}: {}", fault.what))?;
            self.format = Format::Parquet(Box::new(layout));
            return Ok(());
        }
        if self.head.starts_with(b"ARROW1") {
            if self.bytes.is_none() {
                bail!(
                    "Arrow files are read from their end, so they cannot come from {name}; name a file"
                );
            }
            let layout = arrow::Layout::of(File::open(&self.path)?, self.worker);
            self.format = Format::Arrow(layout.map_err(|fault| anyhow!("{name}: {}", fault.what))?);
            return Ok(());
        }
        if self.head.starts_with(b"FEA1") || self.head.starts_with(b"\xff\xff\xff\xff") {
            bail!(
                "{name} is a stream of Arrow or Feather version 1; write an Arrow file (Feather version 2)"
            );
        }
        if is(&["arrow", "feather", "ipc"]) {
            bail!("{name} is no Arrow file: it does not begin like one");
        }
        if self.head.starts_with(b"\x1f\x8b") || self.head.starts_with(b"\x28\xb5\x2f\xfd") {
            bail!("{name} is compressed; unpack it on the way: zcat FILE | crowdsmith aggregate -");
        }
        if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = self.head[..] {
            bail!("{name} is UTF-16; convert it: iconv -f utf-16 -t utf-8");
        }
        match self.head.trim_ascii_start().first() {
            Some(b'[') => bail!(
                "{name} holds one JSON list; write one object a line, for example: jq -c '.[]' FILE"
            ),
            Some(b'{') => return Ok(()),
            _ if is(&["jsonl", "ndjson"]) => return Ok(()),
            None => bail!(
                "{name} is empty; it must start with a line that names task, worker and label"
            ),
            Some(_) => {}
        }
        self.take_header()
    }

    fn take_header(&mut self) -> Result<()> {
        let end = memchr::memchr(b'\n', &self.head).map_or(self.head.len(), |at| at + 1);
        let told = |fault: Fault| anyhow!("{}, line 1: {}", self.name, fault.what);
        let header = std::str::from_utf8(&self.head[..end]).map_err(|_| {
            told(Fault::new("is not UTF-8; convert the file, for example with iconv"))
        })?;
        self.format = Format::Csv(csv::Layout::of(header.trim_end(), self.worker).map_err(told)?);
        self.head.drain(..end);
        self.first = 1;
        Ok(())
    }

    /// What the places in this format are.
    pub(super) fn unit(&self) -> &'static str {
        if let Format::Parquet(_) | Format::Arrow(_) = self.format { "row" } else { "line" }
    }

    /// About how many judgments there are, at most.
    pub(super) fn expected_rows(&self) -> usize {
        match &self.format {
            Format::Parquet(layout) => layout.rows() as usize,
            _ => (self.bytes.unwrap_or(0) / SHORTEST) as usize,
        }
    }

    /// Parses everything, handing the blocks on in order.
    pub(super) fn run(
        &mut self,
        threads: usize,
        wanted: Wanted,
        merge: impl FnMut(Result<Block, Fault>) -> Result<()>,
    ) -> Result<()> {
        let (path, worker) = (&self.path, self.worker);
        let head = std::mem::take(&mut self.head);
        let merge = std::cell::RefCell::new(merge);
        let merge = |block: Result<Block, Fault>| (merge.borrow_mut())(block);
        match &self.format {
            Format::Parquet(layout) => {
                let groups = (0..layout.row_groups()).map(Ok);
                let parse =
                    |group, emit: pipeline::Emit<'_>| layout.parse(path, group, wanted, emit);
                pipeline::run(threads, groups, parse, merge)
            }
            Format::Arrow(layout) => {
                let parse =
                    |batches, emit: pipeline::Emit<'_>| layout.parse(path, batches, wanted, emit);
                pipeline::run(threads, layout.parts().map(Ok), parse, merge)
            }
            Format::Csv(layout) => {
                let chunks = Chunks::new(&mut self.rest, head, Some(layout.delimiter));
                let parse = |chunk: Vec<u8>, emit: pipeline::Emit<'_>| {
                    emit(layout.parse(&chunk, wanted)?);
                    Ok(())
                };
                pipeline::run(threads, chunks, parse, merge)
            }
            Format::Json => {
                let chunks = Chunks::new(&mut self.rest, head, None);
                let parse = |chunk: Vec<u8>, emit: pipeline::Emit<'_>| {
                    emit(json::parse(&chunk, worker, wanted)?);
                    Ok(())
                };
                pipeline::run(threads, chunks, parse, merge)
            }
        }
    }
}
