//! Measures the estimators for numbers, ordinal scales and texts on a folder of data sets.
//!
//! `cargo run --release -p crowdsmith-truth --example other_answers FOLDER` with one sub-folder a set, each holding
//! `labels.csv` (task, worker, label) and `truth.csv` (task, label).
#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::collections::HashMap;
use std::path::Path;

use crowdsmith_truth::categorical::{DawidSkene, MajorityVote};
use crowdsmith_truth::numeric::{
    Catd, GaussianWorkers, LfcN, Mean, Measurements, Median, TrimmedMean,
};
use crowdsmith_truth::ordinal::{OrdinalWorkers, expectations};
use crowdsmith_truth::text::{Medoid, Rover, SequenceRasa, TextFit, Texts, edit};
use crowdsmith_truth::{Columns, Duplicates, Error, Estimator, Interner, Judgments};

fn main() {
    let folder = std::env::args().nth(1).expect("the folder of the data sets");
    for set in ["emotion_numeric", "wordsim"] {
        let Some((labels, truth)) = read(Path::new(&folder), set) else { continue };
        numbers(set, &labels, &truth).expect("clean data");
    }
    for set in ["web", "s_rel", "anesthesia"] {
        let Some((labels, truth)) = read(Path::new(&folder), set) else { continue };
        scales(set, &labels, &truth).expect("clean data");
    }
    if let Some((labels, truth)) = read(Path::new(&folder), "crowdwsa_t1") {
        texts("crowdwsa_t1", &labels, &truth).expect("clean data");
    }
}

/// Lower case, letters and digits only: what the error rate of transcriptions is usually measured on.
fn words(text: &str) -> Vec<String> {
    let clean =
        |letter: char| if letter.is_alphanumeric() || letter == '\'' { letter } else { ' ' };
    let text: String = text.to_lowercase().chars().map(clean).collect();
    text.split_whitespace().map(str::to_owned).collect()
}

fn texts(set: &str, labels: &[Vec<String>], truth: &Truth) -> Result<(), Error> {
    let (mut tasks, mut workers) = (Interner::<String>::default(), Interner::<String>::default());
    let mut columns = Texts::default();
    for row in labels {
        columns.task.push(tasks.code(row[0].as_str()));
        columns.worker.push(workers.code(row[1].as_str()));
        columns.tokens.push(words(&row[2]));
    }
    columns.tasks = tasks.names().len();
    columns.workers = workers.names().len();
    let chosen = |fit: TextFit| -> Vec<Vec<String>> {
        let text = |row: Option<usize>| row.map_or(Vec::new(), |row| columns.tokens[row].clone());
        fit.chosen.into_iter().map(text).collect()
    };
    let methods = [
        ("rover", Rover::default().fit(&columns)?),
        ("medoid", chosen(Medoid.fit(&columns)?)),
        ("sequence-rasa", chosen(SequenceRasa::default().fit(&columns)?)),
    ];
    for (method, texts) in methods {
        let (mut errors, mut words_in_truth) = (0, 0);
        for (name, text) in tasks.names().iter().zip(&texts) {
            let Some(reference) = truth.get(name).map(|text| words(text)) else { continue };
            errors += edit::distance(&reference, text);
            words_in_truth += reference.len();
        }
        let rate = errors as f64 / words_in_truth as f64;
        println!("{set:16} {method:14} word error rate {rate:.3}");
    }
    Ok(())
}

type Truth = HashMap<String, String>;

fn scales(set: &str, labels: &[Vec<String>], truth: &Truth) -> Result<(), Error> {
    let (mut tasks, mut workers) = (Interner::<String>::default(), Interner::<String>::default());
    let mut columns = Columns::default();
    for row in labels {
        columns.task.push(tasks.code(row[0].as_str()));
        columns.worker.push(workers.code(row[1].as_str()));
        columns.label.push(row[2].parse().expect("a class code"));
    }
    columns.tasks = tasks.names().len();
    columns.workers = workers.names().len();
    columns.classes = columns.label.iter().max().map_or(0, |&label| usize::from(label) + 1);
    let known: Vec<(usize, f64)> = (tasks.names().iter().enumerate())
        .filter_map(|(task, name)| Some((task, truth.get(name)?.parse().ok()?)))
        .collect();
    let judgments = Judgments::new(columns, Duplicates::Keep)?;
    let methods: [&dyn Estimator; 3] =
        [&MajorityVote::default(), &DawidSkene::default(), &OrdinalWorkers::default()];
    for method in methods {
        let fit = method.fit(&judgments)?;
        let errors = |values: Vec<f64>| -> Vec<f64> {
            known.iter().map(|&(task, class)| (values[task] - class).abs()).collect()
        };
        let labels = errors(fit.labels.iter().map(|&label| f64::from(label)).collect());
        let means = errors(expectations(&fit.posterior));
        let count = known.len().max(1) as f64;
        let right = labels.iter().filter(|error| **error < 0.5).count() as f64 / count;
        let (label, mean) = (labels.iter().sum::<f64>() / count, means.iter().sum::<f64>() / count);
        let iterations = fit.convergence.iterations;
        println!(
            "{set:16} {:14} accuracy {right:.4}  MAE of label {label:.4}, of mean {mean:.4}  ({iterations} iterations)",
            method.name()
        );
    }
    Ok(())
}

fn numbers(
    set: &str,
    labels: &[Vec<String>],
    truth: &HashMap<String, String>,
) -> Result<(), Error> {
    let (mut tasks, mut workers) = (Interner::<String>::default(), Interner::<String>::default());
    let mut columns = Measurements::default();
    for row in labels {
        columns.task.push(tasks.code(row[0].as_str()));
        columns.worker.push(workers.code(row[1].as_str()));
        columns.value.push(row[2].parse().expect("a number"));
    }
    columns.tasks = tasks.names().len();
    columns.workers = workers.names().len();
    let known: Vec<(usize, f64)> = (tasks.names().iter().enumerate())
        .filter_map(|(task, name)| Some((task, truth.get(name)?.parse().ok()?)))
        .collect();
    let fits = [
        ("mean", Mean.fit(&columns)?),
        ("median", Median.fit(&columns)?),
        ("trimmed", TrimmedMean::default().fit(&columns)?),
        ("lfc_n", LfcN::default().fit(&columns)?),
        ("catd", Catd::default().fit(&columns)?),
        ("gaussian", GaussianWorkers::default().fit(&columns)?),
    ];
    for (method, fit) in fits {
        let errors: Vec<f64> =
            known.iter().map(|&(task, value)| fit.values[task] - value).collect();
        let count = errors.len() as f64;
        let absolute = errors.iter().map(|error| error.abs()).sum::<f64>() / count;
        let square = (errors.iter().map(|error| error * error).sum::<f64>() / count).sqrt();
        println!("{set:16} {method:10} MAE {absolute:7.3}  RMSE {square:7.3}");
    }
    Ok(())
}

/// The rows of `labels.csv` and the truth by task; `None` if the set is not in the folder.
fn read(folder: &Path, set: &str) -> Option<(Vec<Vec<String>>, Truth)> {
    let open = |name: &str| std::fs::read_to_string(folder.join(set).join(name)).ok();
    let labels = csv(&open("labels.csv")?);
    let truth = csv(&open("truth.csv")?).into_iter().map(|mut row| {
        let label = row.pop().expect("two columns");
        (row.pop().expect("two columns"), label)
    });
    Some((labels, truth.collect()))
}

/// The records after the header; quotes as in RFC 4180.
fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                field.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            _ => field.push(letter),
        }
    }
    if !field.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows.drain(..rows.len().min(1));
    rows
}
