//! Reads judgments and labels from CSV, JSON lines, Parquet and Arrow into columns of codes.
//!
//! A file is cut into blocks of whole records, parsed on several threads, each block coded by itself; the blocks are
//! merged in the order of the file. So codes are given in order of first appearance, whatever the format and the
//! number of threads, and besides the columns (ten bytes a judgment) and the names only a few blocks are held.

mod arrow;
mod block;
mod chunks;
mod csv;
mod guard;
mod json;
mod label;
mod parquet;
mod pipeline;
mod source;
mod typed;

use std::path::Path;

use anyhow::{Result, anyhow, bail};

use self::block::{Block, Fault};
use self::label::Wanted;
use self::source::{Format, Source};
use crate::names::Names;
use crate::progress::Progress;

/// Most judgments: they are counted in 32 bits.
const MOST: usize = u32::MAX as usize;
/// Most distinct labels: codes have 16 bits and one means "none".
const MOST_LABELS: usize = u16::MAX as usize - 1;

/// What to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) path: &'a Path,
    /// Whether there must be a column `worker`.
    pub(crate) worker: bool,
    /// Labels as numbers and not as names.
    pub(crate) numbers: bool,
    pub(crate) threads: usize,
}

/// Columns of a file, as codes in order of first appearance.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) tasks: Names,
    pub(crate) workers: Names,
    pub(crate) labels: Names,
    pub(crate) task: Vec<u32>,
    pub(crate) worker: Vec<u32>,
    pub(crate) label: Vec<u16>,
    /// The labels where numbers were asked for; `label` is empty then.
    pub(crate) value: Vec<f64>,
    /// Records that were passed over because they have no label.
    pub(crate) missing: u64,
}

/// Reads a file, or standard input if the path is `-`.
///
/// # Errors
/// A file that cannot be read, or is wrong somewhere; the message names the file and the line or row.
pub(crate) fn table(request: Request<'_>, progress: &Progress) -> Result<Table> {
    let mut source = Source::open(request.path, request.worker)?;
    progress.start(&format!("reading {}", source.name), source.bytes);
    let wanted = Wanted { numbers: request.numbers, places: false };
    let mut merger = Merger::new(&source, request.worker, progress);
    source.run(request.threads, wanted, |block| merger.add(block))?;
    Ok(merger.table)
}

/// Finds the line or row of a judgment, counted from 0 among those with a label; `None` for standard input, which
/// cannot be read again.
pub(crate) fn place(request: Request<'_>, judgment: usize) -> Option<String> {
    let mut source =
        Source::open(request.path, request.worker).ok().filter(|source| source.again)?;
    let wanted = Wanted { numbers: request.numbers, places: true };
    let (mut seen, mut before, mut found) = (0, source.first, None);
    let unit = source.unit();
    let searched: Result<()> = source.run(request.threads, wanted, |block| {
        let block = block.map_err(|fault| anyhow!(fault.what))?;
        if let Some(&place) = block.place.get(judgment - seen) {
            found = Some(format!("{unit} {}", before + u64::from(place) + 1));
            bail!("found");
        }
        seen += block.place.len();
        before += block.length;
        Ok(())
    });
    drop(searched);
    found
}

/// Puts blocks together.
struct Merger<'a> {
    name: String,
    unit: &'static str,
    worker: bool,
    /// Lines or rows before the next block.
    before: u64,
    table: Table,
    progress: &'a Progress,
}

impl<'a> Merger<'a> {
    fn new(source: &Source, worker: bool, progress: &'a Progress) -> Self {
        let rows = source.expected_rows().min(MOST);
        let mut table = Table {
            tasks: Names::expecting(rows),
            workers: Names::expecting(0),
            labels: Names::expecting(0),
            task: Vec::new(),
            worker: Vec::new(),
            label: Vec::new(),
            value: Vec::new(),
            missing: 0,
        };
        if let Format::Parquet(_) = source.format {
            // Exact room where the rows are known; a file that lies about them is found out while reading.
            table.task.try_reserve_exact(rows).unwrap_or_default();
            table.worker.try_reserve_exact(if worker { rows } else { 0 }).unwrap_or_default();
            table.label.try_reserve_exact(rows).unwrap_or_default();
        }
        let (name, unit) = (source.name.clone(), source.unit());
        Self { name, unit, worker, before: source.first, table, progress }
    }

    fn add(&mut self, block: Result<Block, Fault>) -> Result<()> {
        let block = block.map_err(|fault| self.told(&fault))?;
        let Table { tasks, workers, labels, task, worker, label, value, missing } = &mut self.table;
        if task.len() + block.task.len() > MOST {
            bail!("{} has more than {MOST} judgments, which is the most there can be", self.name);
        }
        block.task.code_into(tasks, |code| task.push(code));
        block.worker.code_into(workers, |code| worker.push(code));
        block.label.code_into(labels, |code| label.push(code as u16));
        if labels.len() > MOST_LABELS {
            let name = &self.name;
            bail!(
                "{name} has more than {MOST_LABELS} different labels; if they are numbers, choose a method for \
                 numbers, for example --method gaussian"
            );
        }
        value.extend(block.value);
        *missing += block.missing;
        self.before += block.length;
        self.progress.advance(block.bytes);
        debug_assert!(!self.worker || self.table.worker.len() == self.table.task.len());
        Ok(())
    }

    fn told(&self, fault: &Fault) -> anyhow::Error {
        let Self { name, unit, before, .. } = self;
        match fault.place {
            Some(place) => anyhow!("{name}, {unit} {}: {}", before + place + 1, fault.what),
            None => anyhow!("{name} {}", fault.what),
        }
    }
}
