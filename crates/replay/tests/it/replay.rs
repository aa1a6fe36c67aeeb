use std::fs;
use std::path::Path;

use clap::Parser;
use crowdsmith_replay::crowd::{Crowd, Description};
use crowdsmith_replay::read::recorded;
use crowdsmith_replay::{Replay, replay};
use crowdsmith_truth::rng::Rng;
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
        ("task,worker\n1,a\n", "task,label\n1,x\n", "a.csv: line 1: there is no column `label`"),
        ("task,worker,label\n1,a,x\n1,b\n", "task,label\n1,x\n", "a.csv: line 3"),
        ("task,worker,label\n1,,x\n", "task,label\n1,x\n", "a.csv, line 2: `worker` is empty"),
        ("task,worker,label\n", "task,label\n1,x\n", "holds no judgments"),
        (labels, "task,label\n1,x\n1,y\n", "b.csv, line 3: task `1` has another label further up"),
        (labels, "task,label\n9,x\n", "have no task in common"),
        (
            "{\"task\":1,\"worker\":2,\"label\":[1]}\n",
            "task,label\n1,x\n",
            "a.csv: line 1: `label` is neither",
        ),
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

#[test]
fn json_lines_and_csv_say_the_same() {
    let folder = folder();
    let csv = fs::read_to_string(folder.path().join("labels.csv")).unwrap();
    let record = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        format!(
            "{{\"task\":\"{}\",\"worker\":\"{}\",\"label\":\"{}\"}}\n",
            fields[0], fields[1], fields[2]
        )
    };
    fs::write(
        folder.path().join("labels.jsonl"),
        csv.lines().skip(1).map(record).collect::<String>(),
    )
    .unwrap();
    let truth = folder.path().join("truth.csv");
    let read = |name: &str| recorded(&folder.path().join(name), Some(&truth)).unwrap();
    assert_eq!(read("labels.csv").recording, read("labels.jsonl").recording);
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
