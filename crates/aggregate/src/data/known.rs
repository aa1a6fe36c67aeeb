//! Known labels of tasks: gold and truth.

use std::collections::HashMap;

use anyhow::{Result, anyhow, bail};

use super::{Data, Judged, count};
use crate::names::Names;
use crate::progress::Progress;
use crate::read::{self, Request};

/// A file of labels of tasks, one a task.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) file: String,
    pub(super) tasks: Names,
    labels: Names,
    /// Task and label by the codes of this file.
    pub(super) rows: Vec<(u32, u16)>,
    /// Numeric labels in the order of the tasks' codes, where numbers were asked for.
    pub(super) values: Vec<f64>,
}

/// True labels of tasks that were judged.
#[derive(Debug)]
pub(crate) enum Truth {
    /// Task and class; a class beyond the labels is one that no worker gave.
    Classes(Vec<(usize, usize)>),
    Numbers(Vec<(usize, f64)>),
}

impl Known {
    pub(super) fn read(request: Request<'_>, progress: &Progress) -> Result<Self> {
        if request.path.as_os_str() == "-" {
            bail!("gold and truth come from files; only the judgments come from standard input");
        }
        let file = request.path.display().to_string();
        let table = read::table(request, progress)?;
        let mut seen: Vec<Option<usize>> = vec![None; table.tasks.len()];
        let (mut rows, mut values) = (Vec::new(), Vec::new());
        for (row, &task) in table.task.iter().enumerate() {
            let differs = |first: usize| {
                if request.numbers {
                    table.value[row].to_bits() != table.value[first].to_bits()
                } else {
                    table.label[row] != table.label[first]
                }
            };
            match seen[task as usize].replace(row) {
                Some(first) if differs(first) => {
                    let place = read::place(request, row).unwrap_or_default();
                    let task = table.tasks.get(task as usize);
                    return Err(anyhow!(
                        "{file}, {place}: task `{task}` has another label further up"
                    ));
                }
                Some(_) => continue,
                None => {}
            }
            rows.push((task, table.label.get(row).copied().unwrap_or(0)));
            values.extend(table.value.get(row));
        }
        Ok(Self { file, tasks: table.tasks, labels: table.labels, rows, values })
    }

    /// The class of each label of this file; labels not yet in `labels` are added there.
    pub(super) fn classes(&self, labels: &mut Vec<String>) -> Vec<u16> {
        let mut classes: HashMap<String, usize> =
            labels.iter().enumerate().map(|(class, name)| (name.clone(), class)).collect();
        let of = |code: usize| {
            let name = self.labels.get(code);
            let class = classes.get(&*name).copied().unwrap_or_else(|| {
                labels.push(name.to_string());
                classes.insert(name.into_owned(), labels.len() - 1);
                labels.len() - 1
            });
            class.min(usize::from(u16::MAX)) as u16
        };
        (0..self.labels.len()).map(of).collect()
    }

    /// The truth of the tasks that were judged.
    pub(super) fn truth(&self, data: &mut Data) -> Result<Truth> {
        let tasks = matches(&data.tasks, &self.tasks);
        let place = |task: u32| tasks[task as usize].map(|task| task as usize);
        let truth = match data.judged {
            Judged::Classes(_) => {
                let class = self.classes(&mut data.labels.clone());
                let rows = self.rows.iter();
                Truth::Classes(
                    rows.filter_map(|&(task, label)| {
                        Some((place(task)?, class[label as usize] as usize))
                    })
                    .collect(),
                )
            }
            Judged::Numbers(_) => {
                let rows = self.rows.iter().zip(&self.values);
                Truth::Numbers(
                    rows.filter_map(|(&(task, _), &value)| Some((place(task)?, value))).collect(),
                )
            }
        };
        if truth.len() == 0 {
            bail!(
                "{} and {} have no task in common; are the tasks called the same in both?",
                self.file,
                data.file
            );
        }
        self.note_unjudged(truth.len(), "truth", &mut data.notes);
        Ok(truth)
    }

    /// Notes tasks of this file that nobody judged.
    pub(super) fn note_unjudged(&self, judged: usize, what: &str, notes: &mut Vec<String>) {
        let unjudged = (self.rows.len() - judged) as u64;
        if unjudged > 0 {
            let tasks = count(unjudged, "task");
            notes.push(format!("left out: {what} of {tasks} in {} that nobody judged", self.file));
        }
    }
}

impl Truth {
    /// Number of tasks.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Classes(pairs) => pairs.len(),
            Self::Numbers(pairs) => pairs.len(),
        }
    }
}

/// The code in `own` of each name of `other`.
pub(super) fn matches(own: &Names, other: &Names) -> Vec<Option<u32>> {
    let mut places = vec![None; other.len()];
    for code in 0..own.len() {
        if let Some(found) = own.find_in(code, other) {
            places[found as usize] = Some(code as u32);
        }
    }
    places
}
