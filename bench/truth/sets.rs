//! Data sets as folders of `labels.csv` and `truth.csv`.

use std::fs;
use std::io;
use std::path::Path;

use crowdsmith_truth::calibration::Evaluation;
use crowdsmith_truth::rng::Rng;
use crowdsmith_truth::{Columns, Duplicates, Estimator, Interner, Judgments};

/// How the kinds in `meta.json` begin that have classes.
const CATEGORICAL: [&str; 4] = ["binary", "multiclass", "ordinal", "categorical"];

pub(crate) struct Set {
    pub(crate) name: String,
    judgments: Judgments,
    truth: Vec<(usize, usize)>,
}

impl Set {
    /// All categorical sets of a folder that have truth, by name; or those named.
    pub(crate) fn read_all(
        folder: &Path,
        wanted: Option<&[String]>,
    ) -> Result<Vec<Self>, Box<dyn std::error::Error>> {
        let mut sets = Vec::new();
        let mut paths: Vec<_> =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let chosen = match wanted {
                Some(wanted) => wanted.contains(&name),
                None => is_categorical(&path),
            };
            if chosen && path.join("truth.csv").exists() {
                let set = Self::read(name, &path)?;
                sets.extend((!set.truth.is_empty()).then_some(set));
            }
        }
        Ok(sets)
    }

    fn read(name: String, path: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let (mut tasks, mut workers, mut labels) =
            <(Interner<String>, Interner<String>, Interner<String>)>::default();
        let text = fs::read_to_string(path.join("labels.csv"))?;
        let rows: Vec<Vec<&str>> =
            text.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let mut names: Vec<&str> = rows.iter().filter_map(|row| row.get(2).copied()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            labels.code(name);
        }
        let mut columns = Columns::default();
        for row in &rows {
            let [task, worker, label] = row[..] else {
                return Err(format!("{name}: {row:?}").into());
            };
            columns.task.push(tasks.code(task));
            columns.worker.push(workers.code(worker));
            columns.label.push(u16::try_from(labels.code(label))?);
        }
        columns.tasks = tasks.names().len();
        columns.workers = workers.names().len();
        columns.classes = labels.names().len();
        let mut truth = Vec::new();
        for line in fs::read_to_string(path.join("truth.csv"))?.lines().skip(1) {
            let Some((task, label)) = line.split_once(',') else { continue };
            let unknown = labels.names().len();
            if let Some(task) = tasks.find(task) {
                truth.push((
                    task as usize,
                    labels.find(label).map_or(unknown, |code| code as usize),
                ));
            }
        }
        Ok(Self { name, judgments: Judgments::new(columns, Duplicates::Keep)?, truth })
    }

    pub(crate) fn score(&self, method: &dyn Estimator) -> Option<Evaluation> {
        Some(Evaluation::new(&method.fit(&self.judgments).ok()?.posterior, &self.truth))
    }

    /// With a tenth of the truth as gold, scored on the rest; the mean over seeds.
    pub(crate) fn score_with_gold(
        &self,
        method: &dyn Estimator,
        seeds: std::ops::Range<u64>,
    ) -> Option<Evaluation> {
        let count = seeds.end - seeds.start;
        let mut mean: Option<Evaluation> = None;
        for seed in seeds {
            let mut order = self.truth.clone();
            Rng::new(seed).shuffle(&mut order);
            let (gold, rest) = order.split_at(order.len() / 10);
            let known: Vec<(u32, u16)> = gold
                .iter()
                .filter(|&&(_, class)| class < self.judgments.classes())
                .map(|&(task, class)| (task as u32, class as u16))
                .collect();
            let judgments = self.judgments.clone().with_gold(&known).ok()?;
            let scores = Evaluation::new(&method.fit(&judgments).ok()?.posterior, rest);
            let part = 1.0 / count as f64;
            let sum = mean.get_or_insert(Evaluation {
                accuracy: 0.0,
                ece: 0.0,
                log_loss: 0.0,
                ..scores.clone()
            });
            sum.accuracy += scores.accuracy * part;
            sum.ece += scores.ece * part;
            sum.log_loss += scores.log_loss * part;
        }
        mean
    }
}

fn is_categorical(path: &Path) -> bool {
    let meta = fs::read_to_string(path.join("meta.json")).unwrap_or_default();
    let kind = meta
        .split("\"kind\"")
        .nth(1)
        .and_then(|rest| rest.split('"').nth(1))
        .unwrap_or("categorical");
    CATEGORICAL.iter().any(|start| kind.starts_with(start))
}
