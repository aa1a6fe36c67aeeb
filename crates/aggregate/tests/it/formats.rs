//! What goes in: formats, spellings, streams.

use crate::harness::Folder;

const ROWS: &str = "1,a,yes\n1,b,no\n2,a,yes\n";

#[test]
fn formats_are_told_apart_by_content_and_ending() {
    let folder = Folder::new();
    let semicolons = ROWS.replace(',', ";");
    let tabs = ROWS.replace(',', "\t");
    let carriage = ROWS.replace('\n', "\r\n");
    let json = "{\"task\":1,\"worker\":\"a\",\"label\":\"yes\",\"more\":[{}]}\n\n{\"worker\":\"b\",\"label\":\"no\",\"task\":\"1\"}\n \
                {\"task\":2,\"worker\":\"a\",\"label\":\"yes\"}";
    for (name, content) in [
        ("plain.csv", format!("task,worker,label\n{ROWS}")),
        (
            "columns.csv",
            format!("more,LABEL,worker, task \n{}", "x,yes,a,1\n,no,b,1\n\"y\nz\",yes,a,2"),
        ),
        ("mark.csv", format!("\u{feff}task,worker,label\n{ROWS}")),
        ("carriage.csv", format!("task,worker,label\r\n{carriage}")),
        ("empty-lines.csv", format!("task,worker,label\n\n{ROWS}\n\n")),
        ("semicolons", format!("task;worker;label\n{semicolons}")),
        ("tabs.tsv", format!("task\tworker\tlabel\n{tabs}")),
        ("lines.jsonl", json.to_owned()),
        ("content", json.to_owned()),
    ] {
        folder.write(name, &content);
        folder.json(&format!("{name} --probabilities {name}.out"));
        assert_eq!(folder.read(&format!("{name}.out")), folder.read("plain.csv.out"), "{name}");
    }
}

#[test]
fn standard_input_is_read() {
    let folder = Folder::new();
    let input = format!("task,worker,label\n{ROWS}");
    let ran = folder.run_with("- --json --method mv", &input);
    assert!(ran.succeeded && ran.stdout.contains("\"judgments\":3"), "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with("standard input: 3 judgments of 2 tasks by 2 workers, 2 labels")
    );
}

#[test]
fn booleans_and_numbers_are_labels() {
    let folder = Folder::new();
    folder.write(
        "l.jsonl",
        "{\"task\":1,\"worker\":1,\"label\":true}\n{\"task\":1,\"worker\":2,\"label\":false}\n",
    );
    folder.json("l.jsonl --probabilities p.csv");
    let labels: Vec<String> =
        folder.rows("p.csv").into_iter().map(|mut row| row.remove("label").unwrap()).collect();
    assert_eq!(labels, ["false", "true"]);
    folder.write("n.csv", "task,worker,label\n1,1,10\n1,2,9.0\n1,3,9\n1,4,2\n");
    folder.json("n.csv --probabilities p.csv");
    let labels: Vec<String> =
        folder.rows("p.csv").into_iter().map(|mut row| row.remove("label").unwrap()).collect();
    assert_eq!(labels, ["2", "9", "10"]);
}

/// A missing label is no judgment in every format; what is left keeps its rows.
#[test]
fn missing_labels_are_passed_over_and_said() {
    let folder = Folder::new();
    folder.write("l.csv", "task,worker,label\n1,a,yes\n,b,\n2,a,no\n");
    folder.write(
        "l.jsonl",
        "{\"task\":1,\"worker\":\"a\",\"label\":\"yes\"}\n{\"task\":1,\"worker\":\"b\",\"label\":null}\n\
         {\"task\":2,\"worker\":\"a\",\"label\":\"no\"}\n",
    );
    for name in ["l.csv", "l.jsonl"] {
        let ran = folder.run(&format!("{name} --json"));
        assert!(ran.stdout.contains("\"judgments\":2"), "{}", ran.stdout);
        assert!(ran.stderr.contains("passed over: 1 record without a label"), "{}", ran.stderr);
    }
}

/// Pieces of the file are parsed by different threads; the order is that of the file.
#[test]
fn a_file_of_many_pieces_keeps_its_order() {
    use std::fmt::Write as _;
    let folder = Folder::new();
    let mut text = String::from("task,worker,label\n");
    for task in 0..200_000 {
        writeln!(text, "\"task number {task}, of many\",worker-{},label-{}", task % 7, task % 3)
            .unwrap();
    }
    folder.write("l.csv", &text);
    let json = folder.json("l.csv --output o.csv --method mv --threads 3");
    assert_eq!(json["tasks"], 200_000);
    let ordered = folder.rows("o.csv").iter().enumerate().all(|(task, row)| {
        row["task"] == format!("task number {task}, of many")
            && row["label"] == format!("label-{}", task % 3)
    });
    assert!(ordered);
    let wrong = text.replacen("task number 199999, of many\"", "task\",again", 1);
    folder.write("l.csv", wrong);
    assert_eq!(folder.error("l.csv"), "l.csv, line 200001: the header has 3 fields, this line 4");
}
