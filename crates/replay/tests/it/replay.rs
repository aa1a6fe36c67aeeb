use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_ipc::writer::FileWriter;
use clap::Parser;
use crowdsmith_replay::crowd::{Crowd, Description};
use crowdsmith_replay::read::recorded;
use crowdsmith_replay::{Replay, replay};
use crowdsmith_truth::rng::Rng;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use tempfile::TempDir;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Replay,
}

/// A folder with `labels.csv` and `truth.csv` of a made crowd.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let description = Description {
        workers: 20,
        classes: 3,
        accuracy: 0.8,
        spread: 0.1,
        spammers: 0.1,
        difficulty: 0.5,
    };
    let mut random = Rng::new(3);
    let recording = Crowd::described(description, &mut random).unwrap().work(120, 5, &mut random);
    let (mut labels, mut truth) = ("task,worker,label\n".to_owned(), "task,label\n".to_owned());
    for (task, judgments) in recording.tasks.iter().enumerate() {
        for (worker, label) in judgments {
            labels += &format!("t{task},w{worker},c{label}\n");
        }
        truth += &format!("t{task},c{}\n", recording.truth[task].unwrap());
    }
    fs::write(folder.path().join("labels.csv"), labels).unwrap();
    fs::write(folder.path().join("truth.csv"), truth).unwrap();
    folder
}

fn options(folder: &Path, arguments: &str) -> Replay {
    let labels = folder.join("labels.csv");
    let truth = folder.join("truth.csv");
    let start = ["replay", labels.to_str().unwrap(), "--truth", truth.to_str().unwrap()];
    Arguments::parse_from(start.into_iter().chain(arguments.split_whitespace())).options
}

#[test]
fn the_report_holds_every_policy_and_needs_nothing_else() {
    let folder = folder();
    let page = folder.path().join("report.html");
    let arguments = format!("--seeds 2 --price 0.05 --report {}", page.display());
    replay::run(&options(folder.path(), &arguments)).unwrap();
    let page = fs::read_to_string(page).unwrap();
    for name in
        ["auto", "auto-gold", "fixed-majority", "confidence", "dynamic", "knowledge-gradient"]
    {
        assert!(page.contains(&format!("</span>{name}</li>")), "{name}");
    }
    assert!(!page.contains("http"), "the page asks for something elsewhere");
    assert!(page.contains("<polyline"));
}

#[test]
fn mistakes_are_named_with_file_and_line() {
    let folder = folder();
    let write = |name: &str, content: &str| fs::write(folder.path().join(name), content).unwrap();
    let message = |labels: &str, truth: &str| {
        write("a.csv", labels);
        write("b.csv", truth);
        let path = |name: &str| folder.path().join(name);
        format!("{:#}", recorded(&path("a.csv"), Some(&path("b.csv"))).unwrap_err())
    };
    let labels = "task,worker,label\n1,a,x\n2,a,y\n";
    for (labels, truth, expected) in [
        ("task,worker\n1,a\n", "task,label\n1,x\n", "there is no column `label`"),
        ("task,worker,label\n1,a,x\n1,b\n", "task,label\n1,x\n", "a.csv, line 3"),
        ("task,worker,label\n1,,x\n", "task,label\n1,x\n", "a.csv, line 2: the worker is empty"),
        ("task,worker,label\n", "task,label\n1,x\n", "holds no judgments"),
        (labels, "task,label\n1,x\n1,y\n", "b.csv, line 3: task `1` has another label further up"),
        (labels, "task,label\n9,x\n", "have no task in common"),
        ("{\"task\":1,\"worker\":2,\"label\":[1]}\n", "task,label\n1,x\n", "a.csv, line 1: "),
    ] {
        let found = message(labels, truth);
        assert!(found.contains(expected), "{found}\nexpected {expected}");
    }
}

#[test]
fn options_out_of_range_are_refused() {
    let folder = folder();
    for (arguments, expected) in [
        ("--policy best", "there is no policy `best`"),
        ("--seeds 0", "--seeds"),
        ("--gold 1", "--gold"),
        ("--target 95", "--target"),
        ("--price nan", "--price"),
    ] {
        let message = replay::run(&options(folder.path(), arguments)).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}");
    }
}

/// Writes columns of texts as Parquet.
fn write_parquet(path: &Path, names: &[&str], columns: &[Vec<&str>]) {
    let fields: Vec<String> =
        names.iter().map(|name| format!("required binary {name} (STRING);")).collect();
    let schema = parse_message_type(&format!("message rows {{ {} }}", fields.join(" "))).unwrap();
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in columns {
        let values: Vec<ByteArray> = column.iter().map(|text| ByteArray::from(*text)).collect();
        let mut writer = group.next_column().unwrap().unwrap();
        writer.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        writer.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
}

/// Writes columns of texts as an Arrow file.
fn write_arrow(path: &Path, names: &[&str], columns: &[Vec<&str>]) {
    let arrays = names.iter().zip(columns).map(|(name, column)| {
        let array: ArrayRef = Arc::new(StringArray::from(column.clone()));
        (*name, array)
    });
    let batch = RecordBatch::try_from_iter(arrays).unwrap();
    let mut writer = FileWriter::try_new(File::create(path).unwrap(), &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
}

#[test]
fn every_format_says_the_same() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    for (name, names) in
        [("labels", vec!["task", "worker", "label"]), ("truth", vec!["task", "label"])]
    {
        let csv = fs::read_to_string(at(&format!("{name}.csv"))).unwrap();
        let rows: Vec<Vec<&str>> =
            csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
        let columns: Vec<Vec<&str>> =
            (0..names.len()).map(|place| rows.iter().map(|row| row[place]).collect()).collect();
        let record = |row: &Vec<&str>| {
            let pairs =
                names.iter().zip(row).map(|(name, text)| ((*name).to_owned(), (*text).into()));
            serde_json::Value::Object(pairs.collect()).to_string()
        };
        let lines: Vec<String> = rows.iter().map(record).collect();
        fs::write(at(&format!("{name}.jsonl")), lines.join("\n")).unwrap();
        write_parquet(&at(&format!("{name}.parquet")), &names, &columns);
        write_arrow(&at(&format!("{name}.arrow")), &names, &columns);
    }
    let read = |ending: &str| {
        recorded(&at(&format!("labels.{ending}")), Some(&at(&format!("truth.{ending}")))).unwrap()
    };
    let csv = read("csv");
    assert_eq!(csv.recording.truth.iter().flatten().count(), 120);
    for ending in ["jsonl", "parquet", "arrow"] {
        assert_eq!(read(ending).recording, csv.recording, "{ending}");
    }
}

#[test]
fn a_point_has_exactly_the_promised_keys() {
    let folder = folder();
    let lines = replay::json(&options(folder.path(), "--seeds 2 --target 0.8,0.95")).unwrap();
    let lines: Vec<serde_json::Map<String, serde_json::Value>> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    for line in lines {
        let keys: Vec<&str> = line.keys().map(String::as_str).collect();
        let expected = [
            "policy",
            "setting",
            "seed",
            "judgments_per_task",
            "accuracy",
            "done_with_2",
            "done_with_4",
            "at_target",
            "gold_judgments",
        ];
        assert_eq!(keys, expected);
        assert_eq!(line["policy"], "auto");
    }
}
