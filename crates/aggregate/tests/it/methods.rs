//! Every method by name, and data at the edge.

use crate::harness::Folder;

const CLASSES: [&str; 18] = [
    "auto",
    "majority-vote",
    "wawa",
    "zero-based-skill",
    "gold-majority-vote",
    "dawid-skene",
    "hierarchical-dawid-skene",
    "one-coin",
    "zencrowd",
    "glad",
    "mace",
    "m-msr",
    "kos",
    "ibcc",
    "ebcc",
    "bwa",
    "catd",
    "pm",
];

#[test]
fn every_method_for_classes_finds_the_truth_of_a_good_crowd() {
    let folder = Folder::with_crowd(150, 2);
    let truth = folder.read("truth.csv");
    folder.write("gold.csv", truth.lines().take(31).collect::<Vec<_>>().join("\n"));
    for method in CLASSES.iter().chain(&["elice"]) {
        let json =
            folder.json(&format!("labels.csv --gold gold.csv --truth truth.csv --method {method}"));
        let accuracy = json["accuracy"].as_f64().unwrap();
        assert!(accuracy > 0.85, "{method}: {accuracy}");
    }
}

#[test]
fn data_at_the_edge_has_a_result() {
    let folder = Folder::new();
    folder.write("one.csv", "task,worker,label\n1,1,1\n");
    folder.write("alone.csv", "task,worker,label\n1,1,a\n2,1,b\n3,1,a\n");
    folder.write("unanimous.csv", "task,worker,label\n1,1,a\n1,2,a\n2,1,a\n2,2,a\n");
    folder.write("twice.csv", "task,worker,label\n1,1,a\n1,1,b\n1,1,b\n2,1,b\n");
    for name in ["one", "alone", "unanimous", "twice"] {
        for method in CLASSES {
            // Kos is for two classes, gold majority needs gold, m-msr pairs of workers.
            if ["kos", "gold-majority-vote", "m-msr"].contains(&method) {
                continue;
            }
            let arguments = format!(
                "{name}.csv --method {method} --report r.html --probabilities p.csv --workers w.csv"
            );
            folder.json(&arguments);
            for row in folder.rows("p.csv") {
                let value: f64 = row["probability"].parse().unwrap();
                assert!((0.0..=1.0).contains(&value), "{name}, {method}");
            }
            assert!(!folder.read("w.csv").contains("NaN"), "{name}, {method}");
        }
    }
}

#[test]
fn many_labels_are_a_result_or_a_clear_error() {
    use std::fmt::Write as _;
    let folder = Folder::new();
    let mut text = String::from("task,worker,label\n");
    for row in 0..70_000 {
        writeln!(text, "{row},{},{}", row % 10, f64::from(row) * 0.5).unwrap();
    }
    folder.write("l.csv", &text);
    let message = folder.error("l.csv");
    assert!(
        message.contains("more than 65534 different labels")
            && message.contains("--method gaussian"),
        "{message}"
    );
    assert_eq!(folder.json("l.csv --method gaussian")["tasks"], 70_000);
    folder.write("m.csv", text.lines().take(1001).collect::<Vec<_>>().join("\n"));
    assert_eq!(folder.json("m.csv --report r.html")["labels"], 1000);
}

#[test]
fn a_scale_keeps_its_order() {
    let folder = Folder::new();
    folder.write("l.csv", "task,worker,label\n1,a,10\n1,b,9\n1,c,10\n2,a,2\n2,b,2\n2,c,3\n");
    folder.json("l.csv --method ordinal --output o.csv --report r.html");
    assert_eq!(folder.rows("o.csv")[0]["label"], "10");
}

#[test]
fn the_list_explains_every_method() {
    let ran = Folder::new().run("--list");
    assert!(ran.succeeded && ran.stderr.is_empty());
    for method in CLASSES.iter().chain(&["ordinal", "mean", "gaussian"]) {
        assert!(ran.stdout.lines().any(|line| line.starts_with(&format!("{method} "))), "{method}");
    }
}

#[test]
fn options_without_meaning_are_said() {
    let folder = Folder::with_crowd(5, 2);
    let ran = folder.run("labels.csv --method mv --iterations 3 --seed 1");
    assert!(ran.stderr.contains("majority-vote has no use for --iterations"), "{}", ran.stderr);
    assert!(ran.stderr.contains("majority-vote has no use for --seed"), "{}", ran.stderr);
    assert_eq!(folder.json("labels.csv --method ds --iterations 2 --tolerance 0")["iterations"], 2);
}
