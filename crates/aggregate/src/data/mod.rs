//! What is aggregated: judgments in the form of the estimators, the names behind the codes, gold and truth.

mod known;
mod order;

use std::collections::HashSet;
use std::path::Path;

use anyhow::{Result, anyhow, bail};
use crowdsmith_truth::numeric::Measurements;
use crowdsmith_truth::{Columns, Duplicates as Repeats, Error, Judgments};

use crate::args::Duplicates;
use crate::methods::{Answers, Method};
use crate::names::Names;
use crate::progress::Progress;
use crate::read::{self, Request, Table};

pub(crate) use known::Truth;
use known::{Known, matches};

/// What is to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Files<'a> {
    pub(crate) judgments: &'a Path,
    pub(crate) gold: Option<&'a Path>,
    pub(crate) truth: Option<&'a Path>,
    pub(crate) duplicates: Duplicates,
}

/// Everything that was read.
#[derive(Debug)]
pub(crate) struct Data {
    /// How messages call the file of judgments.
    pub(crate) file: String,
    pub(crate) tasks: Names,
    pub(crate) workers: Names,
    /// Names of the classes by code, in their order; empty for numbers.
    pub(crate) labels: Vec<String>,
    pub(crate) judged: Judged,
    pub(crate) truth: Option<Truth>,
    /// What the user should know about the input.
    pub(crate) notes: Vec<String>,
}

/// Judgments of one kind.
#[derive(Debug)]
pub(crate) enum Judged {
    Classes(Judgments),
    Numbers(Measurements),
}

impl Judged {
    /// Number of judgments.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Classes(judgments) => judgments.len(),
            Self::Numbers(measurements) => measurements.value.len(),
        }
    }

    /// How many judgments each worker made.
    pub(crate) fn per_worker(&self) -> Vec<u32> {
        match self {
            Self::Classes(judgments) => judgments.judgments_per_worker(),
            Self::Numbers(measurements) => counts(&measurements.worker, measurements.workers),
        }
    }

    /// How many judgments each task has.
    pub(crate) fn per_task(&self) -> Vec<u32> {
        match self {
            Self::Classes(judgments) => {
                judgments.offsets().windows(2).map(|pair| pair[1] - pair[0]).collect()
            }
            Self::Numbers(measurements) => counts(&measurements.task, measurements.tasks),
        }
    }
}

fn counts(codes: &[u32], count: usize) -> Vec<u32> {
    let mut counts = vec![0; count];
    for &code in codes {
        counts[code as usize] += 1;
    }
    counts
}

impl Data {
    /// Reads the judgments, gold and truth.
    ///
    /// # Errors
    /// Input that cannot be read, is wrong, or does not suit the method; the message names the file and the place.
    pub(crate) fn read(
        files: Files<'_>,
        method: &Method,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self> {
        let path = files.judgments;
        let request = Request { path, worker: true, numbers: method.takes_numbers(), threads };
        let mut table = read::table(request, progress)?;
        let file = if path.as_os_str() == "-" {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        if table.task.is_empty() {
            bail!("{file} holds no judgments");
        }
        let labelled =
            |path: &Path| Known::read(Request { path, worker: false, ..request }, progress);
        let gold = files.gold.map(labelled).transpose()?;
        let truth = files.truth.map(labelled).transpose()?;
        let mut notes = Vec::new();
        if table.missing > 0 {
            notes.push(format!("passed over: {} without a label", count(table.missing, "record")));
        }
        table.tasks.forget_codes();
        table.workers.forget_codes();
        let labels = order::sort(&mut table);
        let mut data = Self {
            file,
            tasks: std::mem::replace(&mut table.tasks, Names::expecting(0)),
            workers: std::mem::replace(&mut table.workers, Names::expecting(0)),
            labels,
            judged: Judged::Numbers(Measurements::default()),
            truth: None,
            notes,
        };
        if method.answers == Answers::Scale {
            data.check_scale(method)?;
        }
        if method.takes_numbers() {
            let gold = gold.map(|gold| data.known_values(&gold)).unwrap_or_default();
            data.judged = Judged::Numbers(data.measurements(table, gold));
        } else {
            let gold = gold.map(|gold| data.gold(&gold));
            let judgments = data.judgments(table, files.duplicates, request)?;
            let judgments = match gold {
                Some(gold) => judgments.with_gold(&gold)?,
                None => judgments,
            };
            data.judged = Judged::Classes(judgments);
        }
        data.truth = truth.map(|truth| truth.truth(&mut data)).transpose()?;
        data.note_gold_in_truth();
        Ok(data)
    }

    /// Gold tasks are right by definition and flatter the scores.
    fn note_gold_in_truth(&mut self) {
        let shared = match (&self.judged, &self.truth) {
            (Judged::Classes(judgments), Some(Truth::Classes(truth))) => {
                truth.iter().filter(|pair| judgments.gold(pair.0).is_some()).count()
            }
            (Judged::Numbers(measurements), Some(Truth::Numbers(truth))) => {
                let known: HashSet<u32> = measurements.gold.iter().map(|pair| pair.0).collect();
                truth.iter().filter(|pair| known.contains(&(pair.0 as u32))).count()
            }
            _ => 0,
        };
        if shared > 0 {
            let tasks = count(shared as u64, "task");
            self.notes.push(format!("scores include {tasks} that the method knows from gold"));
        }
    }

    fn check_scale(&self, method: &Method) -> Result<()> {
        let wrong = self.labels.iter().find(|label| label.parse::<f64>().is_err());
        wrong.map_or(Ok(()), |label| {
            let name = method.name;
            Err(anyhow!(
                "{name} needs labels that are numbers, so that they have an order; {} has the label `{label}`",
                self.file
            ))
        })
    }

    fn measurements(&self, table: Table, gold: Vec<(u32, f64)>) -> Measurements {
        Measurements {
            tasks: self.tasks.len(),
            workers: self.workers.len(),
            task: table.task,
            worker: table.worker,
            value: table.value,
            gold,
        }
    }

    fn judgments(
        &mut self,
        table: Table,
        duplicates: Duplicates,
        request: Request<'_>,
    ) -> Result<Judgments> {
        let columns = Columns {
            tasks: self.tasks.len(),
            workers: self.workers.len(),
            classes: self.labels.len(),
            task: table.task,
            worker: table.worker,
            label: table.label,
        };
        let repeats = match duplicates {
            Duplicates::Keep => Repeats::Keep,
            Duplicates::Refuse => Repeats::Refuse,
        };
        let judgments = Judgments::new(columns, repeats).map_err(|error| match error {
            Error::Duplicate { row, task, worker } => {
                let place = read::place(request, row).unwrap_or_else(|| format!("judgment {}", row + 1));
                let (task, worker) = (self.tasks.get(task as usize), self.workers.get(worker as usize));
                anyhow!(
                    "{}, {place}: worker `{worker}` judged task `{task}` before; take one judgment out, or count \
                     both with --duplicates keep",
                    self.file
                )
            }
            other => anyhow!("{}: {other}", self.file),
        })?;
        let repeated = repeated(&judgments);
        if repeated > 0 {
            self.notes.push(format!(
                "{} of a task by a worker who judged it before; each counts",
                count(repeated, "judgment")
            ));
        }
        Ok(judgments)
    }

    /// Gold as codes; labels that no worker gave become classes.
    fn gold(&mut self, gold: &Known) -> Vec<(u32, u16)> {
        let known = self.labels.len();
        let class = gold.classes(&mut self.labels);
        if self.labels.len() > known {
            self.notes.push(format!(
                "{} names {} that no worker gave: {}",
                gold.file,
                count((self.labels.len() - known) as u64, "label"),
                self.labels[known..]
                    .iter()
                    .take(5)
                    .map(|l| format!("`{l}`"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ));
        }
        let tasks = matches(&self.tasks, &gold.tasks);
        let pairs: Vec<(u32, u16)> = gold
            .rows
            .iter()
            .filter_map(|&(task, label)| Some((tasks[task as usize]?, class[label as usize])))
            .collect();
        gold.note_unjudged(pairs.len(), "gold", &mut self.notes);
        pairs
    }

    /// Known numbers of tasks that were judged.
    fn known_values(&mut self, gold: &Known) -> Vec<(u32, f64)> {
        let tasks = matches(&self.tasks, &gold.tasks);
        let pairs: Vec<(u32, f64)> = gold
            .rows
            .iter()
            .zip(&gold.values)
            .filter_map(|(&(task, _), &value)| Some((tasks[task as usize]?, value)))
            .collect();
        gold.note_unjudged(pairs.len(), "gold", &mut self.notes);
        pairs
    }
}

/// Judgments by a worker who judged the same task before.
fn repeated(judgments: &Judgments) -> u64 {
    let mut last = vec![u32::MAX; judgments.workers()];
    let mut repeated = 0;
    for task in 0..judgments.tasks() {
        for (worker, _) in judgments.task(task) {
            repeated += u64::from(last[worker] == task as u32);
            last[worker] = task as u32;
        }
    }
    repeated
}

/// `1 record`, `2,000 records`.
pub(crate) fn count(number: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
