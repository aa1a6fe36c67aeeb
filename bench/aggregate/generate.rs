//! Writes synthetic judgments for measuring `crowdsmith aggregate`:
//! `generate-judgments FILE.csv|FILE.parquet JUDGMENTS [CLASSES] [names]`.
//!
//! Five judgments a task, sorted by task; workers one per cent of the tasks, their activity Zipf(1); accuracy
//! Beta(6, 2), a tenth of the workers answering at random; seed 1. With `names`, tasks and workers are texts
//! (`task-17`, `worker-4`) instead of integers. A million rows a row group.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use crowdsmith_truth::rng::Rng;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

const OVERLAP: usize = 5;
const ROW_GROUP: usize = 1_000_000;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("the file to write")?;
    let judgments: usize = arguments.next().context("how many judgments")?.parse()?;
    let classes: usize = arguments.next().map_or(Ok(4), |text| text.parse())?;
    let names = arguments.next().is_some();
    let mut crowd = Crowd::new(judgments / OVERLAP, classes);
    match path.rsplit('.').next() {
        Some("csv") => write_csv(&mut crowd, &path, names),
        Some("parquet") => write_parquet(&mut crowd, &path, names),
        _ => bail!("the file must end in .csv or .parquet"),
    }
}

/// Judgments one after the other.
struct Crowd {
    tasks: usize,
    classes: usize,
    accuracy: Vec<f64>,
    /// ln of the number of workers, for drawing ranks with probability about 1/rank.
    span: f64,
    rng: Rng,
    task: usize,
    truth: usize,
    seen: Vec<usize>,
}

impl Crowd {
    fn new(tasks: usize, classes: usize) -> Self {
        let mut rng = Rng::new(1);
        let workers = (tasks / 100).max(OVERLAP);
        let accuracy = (0..workers).map(|_| {
            let (good, bad) = (rng.gamma(6.0), rng.gamma(2.0));
            if rng.uniform() < 0.1 { 1.0 / classes as f64 } else { good / (good + bad) }
        });
        let accuracy: Vec<f64> = accuracy.collect();
        let span = (workers as f64).ln();
        Self { tasks, classes, accuracy, span, rng, task: 0, truth: 0, seen: Vec::new() }
    }
}

impl Iterator for Crowd {
    type Item = (usize, usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        if self.seen.len() == OVERLAP {
            self.seen.clear();
            self.task += 1;
        }
        if self.task == self.tasks {
            return None;
        }
        if self.seen.is_empty() {
            self.truth = self.rng.below(self.classes);
        }
        let worker = loop {
            let rank = (self.rng.uniform() * self.span).exp() as usize - 1;
            let worker = rank.min(self.accuracy.len() - 1);
            if !self.seen.contains(&worker) {
                break worker;
            }
        };
        self.seen.push(worker);
        let right = self.rng.uniform() < self.accuracy[worker];
        let wrong = (self.truth + 1 + self.rng.below(self.classes.max(2) - 1)) % self.classes;
        Some((self.task, worker, if right { self.truth } else { wrong }))
    }
}

fn write_csv(crowd: &mut Crowd, path: &str, names: bool) -> Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    writeln!(file, "task,worker,label")?;
    for (task, worker, label) in crowd {
        if names {
            writeln!(file, "task-{task},worker-{worker},class-{label}")?;
        } else {
            writeln!(file, "{task},{worker},{label}")?;
        }
    }
    Ok(file.flush()?)
}

fn write_parquet(crowd: &mut Crowd, path: &str, names: bool) -> Result<()> {
    let schema = if names {
        "message m { required binary task (UTF8); required binary worker (UTF8); required binary label (UTF8); }"
    } else {
        "message m { required int64 task; required int64 worker; required int32 label; }"
    };
    let schema = Arc::new(parse_message_type(schema)?);
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(File::create(path)?, schema, Arc::new(properties))?;
    loop {
        let rows: Vec<_> = crowd.by_ref().take(ROW_GROUP).collect();
        if rows.is_empty() {
            break;
        }
        let mut group = writer.next_row_group()?;
        let column = |pick: fn(&(usize, usize, usize)) -> usize| rows.iter().map(pick);
        let columns = [column(|row| row.0), column(|row| row.1), column(|row| row.2)];
        for (column, (what, values)) in ["task", "worker", "class"].iter().zip(columns).enumerate()
        {
            if names {
                let texts =
                    values.map(|value| ByteArray::from(format!("{what}-{value}").into_bytes()));
                write_column::<ByteArrayType>(&mut group, &texts.collect::<Vec<_>>())?;
            } else if column == 2 {
                write_column::<Int32Type>(
                    &mut group,
                    &values.map(|value| value as i32).collect::<Vec<_>>(),
                )?;
            } else {
                write_column::<Int64Type>(
                    &mut group,
                    &values.map(|value| value as i64).collect::<Vec<_>>(),
                )?;
            }
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, File>,
    values: &[T::T],
) -> Result<()> {
    let mut column = group.next_column()?.context("a column of the schema")?;
    column.typed::<T>().write_batch(values, None, None)?;
    Ok(column.close()?)
}
