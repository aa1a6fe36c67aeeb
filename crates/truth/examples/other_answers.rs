//! Measures the estimators for numbers, ordinal scales, texts, boxes and spans on a folder of data sets.
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
use crowdsmith_truth::shapes::{BoundingBox, Drawings, ObjectConsensus};
use crowdsmith_truth::spans::{
    Annotation, BayesianSequences, BioScheme, HmmCrowd, NO_TAG, Sequences, span_agreement, span_f1,
};
use crowdsmith_truth::text::{Medoid, Rover, SequenceRasa, TextFit, Texts, edit};
use crowdsmith_truth::{Columns, Duplicates, Error, Estimator, Interner, Judgments, argmax};

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
    if let Some((labels, _)) = read(Path::new(&folder), "pedestrians_177") {
        boxes("pedestrians_177", &labels).expect("clean data");
    }
    if let Some((labels, truth)) = read(Path::new(&folder), "ner_val") {
        spans("ner_val", &labels, &truth).expect("clean data");
    }
}

/// Lower case, letters and digits only: what the error rate of transcriptions is usually measured on.
fn words(text: &str) -> Vec<String> {
    let clean = |letter: char| if letter.is_alphanumeric() { letter } else { ' ' };
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

/// Boxes as `[[x, y, width, height], ...]` with the centre first.
fn boxes(set: &str, labels: &[Vec<String>]) -> Result<(), Error> {
    let (mut tasks, mut workers) = (Interner::<String>::default(), Interner::<String>::default());
    let mut drawings = Drawings::default();
    for row in labels {
        let task = tasks.code(row[0].as_str());
        let worker = workers.code(row[1].as_str());
        drawings.looked.push((task, worker));
        let numbers: Vec<f64> = (row[2].split(|letter: char| "[], ".contains(letter)))
            .filter_map(|number| number.parse().ok())
            .collect();
        for numbers in numbers.chunks_exact(4) {
            let (width, height) = (numbers[2], numbers[3]);
            let (left, top) = (numbers[0] - width / 2.0, numbers[1] - height / 2.0);
            drawings.task.push(task);
            drawings.worker.push(worker);
            drawings.label.push(0);
            drawings.shape.push(BoundingBox { left, top, width, height });
        }
    }
    drawings.tasks = tasks.names().len();
    drawings.workers = workers.names().len();
    let fit = ObjectConsensus::default().fit(&drawings)?;
    let probability = fit.objects.iter().map(|object| object.probability).sum::<f64>();
    let (found, drawn) = (fit.objects.len(), drawings.task.len());
    let mean = probability / found as f64;
    println!(
        "{set:16} {drawn} boxes by {} workers are {found} objects, mean probability {mean:.3}",
        drawings.workers
    );
    Ok(())
}

/// Token tags; a task is `document:token`.
fn spans(set: &str, labels: &[Vec<String>], truth: &Truth) -> Result<(), Error> {
    let (mut documents, mut workers) =
        (Interner::<String>::default(), Interner::<String>::default());
    let mut tags = Interner::<String>::default();
    let place = |task: &str| -> (String, usize) {
        let (document, token) = task.rsplit_once(':').expect("document:token");
        (document.to_owned(), token.parse().expect("a token number"))
    };
    let mut rows = Vec::new();
    let mut lengths: Vec<usize> = Vec::new();
    for row in labels {
        let (document, token) = place(&row[0]);
        let document = documents.code(document.as_str());
        lengths.resize(lengths.len().max(document as usize + 1), 0);
        let length = &mut lengths[document as usize];
        *length = token.max(*length - usize::from(*length > 0)) + 1;
        rows.push((
            document,
            workers.code(row[1].as_str()),
            token,
            tags.code(row[2].as_str()) as u16,
        ));
    }
    let mut known = vec![Vec::new(); lengths.len()];
    for (document, length) in lengths.iter().enumerate() {
        known[document] = vec![0; *length];
        for (token, tag) in known[document].iter_mut().enumerate() {
            let name = format!("{}:{token}", documents.names()[document]);
            *tag = truth.get(&name).map_or(0, |label| tags.code(label.as_str()) as u16);
        }
    }
    let mut annotations: Vec<Annotation> = Vec::new();
    rows.sort_unstable();
    for same in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let mut said = vec![NO_TAG; lengths[same[0].0 as usize]];
        for &(_, _, token, tag) in same {
            said[token] = tag;
        }
        annotations.push(Annotation { document: same[0].0, worker: same[0].1, tags: said });
    }
    let scheme = BioScheme::new(tags.names());
    let sequences = Sequences {
        tags: tags.names().len(),
        workers: workers.names().len(),
        lengths,
        annotations,
        allowed: Some(scheme.allowed()),
    };
    let (agreement, pairs) = span_agreement(&scheme, &sequences);
    println!("{set:16} agreement of {pairs} pairs of workers: F1 {agreement:.3}");
    let fits = [
        ("majority", HmmCrowd { iterations: 0, ..HmmCrowd::default() }.fit(&sequences)?),
        ("hmm-crowd", HmmCrowd::default().fit(&sequences)?),
        ("bsc-seq", BayesianSequences::default().fit(&sequences)?),
    ];
    for (method, mut fit) in fits {
        if method == "majority" {
            let width = sequences.tags;
            fit.tags = (fit.posterior.iter())
                .map(|rows| rows.chunks_exact(width).map(|row| argmax(row) as u16).collect())
                .collect();
        }
        let score = span_f1(&scheme, &known, &fit.tags);
        let iterations = fit.convergence.iterations;
        println!(
            "{set:16} {method:14} precision {:.3} recall {:.3} F1 {:.3} ({iterations} iterations)",
            score.precision, score.recall, score.f1
        );
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
        if known.is_empty() {
            let sure = fit.posterior.rows().map(|row| row[argmax(row)]).sum::<f64>();
            let mean = sure / judgments.tasks() as f64;
            println!(
                "{set:16} {:14} no truth; mean probability of the label {mean:.3}",
                method.name()
            );
            continue;
        }
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
