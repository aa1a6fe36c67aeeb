//! What comes out: tables, figures, the report.

use crate::harness::{Folder, crowd, csv};

#[test]
fn labels_probabilities_and_workers_fit_together() {
    let folder = Folder::with_crowd(200, 3);
    let json = folder
        .json("labels.csv --output o.csv --probabilities p.csv --workers w.csv --truth truth.csv");
    let (labels, workers) = (folder.rows("o.csv"), folder.rows("w.csv"));
    let probabilities = folder.rows("p.csv");
    assert_eq!((labels.len(), workers.len(), probabilities.len()), (200, 17, 600));
    for (row, of_task) in labels.iter().zip(probabilities.chunks(3)) {
        let value = |at: usize| of_task[at]["probability"].parse::<f64>().unwrap();
        assert!((value(0) + value(1) + value(2) - 1.0).abs() < 1e-8);
        let best = (0..3).max_by(|&a, &b| value(a).total_cmp(&value(b))).unwrap();
        assert_eq!(row["label"], of_task[best]["label"]);
        assert_eq!(row["confidence"], of_task[best]["probability"]);
        assert_eq!((&row["task"], &*row["judgments"]), (&of_task[0]["task"], "5"));
    }
    let judged: u32 = workers.iter().map(|row| row["judgments"].parse::<u32>().unwrap()).sum();
    assert_eq!(judged, 1000);
    for row in &workers {
        let value = |name: &str| row[name].parse::<f64>().unwrap();
        assert!(
            value("accuracy_low") < value("accuracy") && value("accuracy") < value("accuracy_high")
        );
    }
    assert!(json["accuracy"].as_f64().unwrap() > 0.85, "{json}");
}

/// The keys that others rely on.
#[test]
fn the_json_object_has_its_keys() {
    let folder = Folder::with_crowd(50, 2);
    let json = folder.json("labels.csv --method dawid-skene --truth truth.csv");
    for key in ["judgments", "tasks", "workers", "labels", "iterations"] {
        assert!(json[key].is_u64(), "{key}: {json}");
    }
    for key in ["log_likelihood", "accuracy", "macro_f1", "ece", "log_loss", "brier"] {
        assert!(json[key].is_f64(), "{key}: {json}");
    }
    for key in ["reading", "fitting", "writing"] {
        assert!(json["seconds"][key].is_f64(), "{key}: {json}");
    }
    assert_eq!(
        (json["method"].as_str(), json["converged"].is_boolean()),
        (Some("dawid-skene"), true)
    );
    let plain = folder.json("labels.csv --method mv");
    assert!(plain.get("accuracy").is_none() && plain["log_likelihood"].is_null(), "{plain}");
}

/// Scores by hand: one task right with 2 of 3 votes, one tied, one whose true label nobody gave.
#[test]
fn scores_are_those_of_a_calculation_by_hand() {
    let folder = Folder::new();
    folder.write("l.csv", "task,worker,label\nx,1,a\nx,2,a\nx,3,b\ny,1,a\ny,2,b\nz,1,b\n");
    folder.write("t.csv", "task,label\nx,a\ny,b\nz,c\nunjudged,a\n");
    let json = folder.json("l.csv --method majority-vote --truth t.csv");
    let close = |key: &str, expected: f64| {
        let found = json[key].as_f64().unwrap();
        assert!((found - expected).abs() < 1e-12, "{key} is {found}, expected {expected}");
    };
    close("accuracy", 1.5 / 3.0);
    close("log_loss", -((2.0f64 / 3.0).ln() + 0.5f64.ln() + 1e-3f64.ln()) / 3.0);
    close("brier", (2.0 / 9.0 + 0.5 + 2.0) / 3.0);
    close("ece", (1.0 / 3.0 + 0.0 + 1.0) / 3.0);
    assert_eq!(json["truth_tasks"], 3);
    let ran = folder.run("l.csv --method majority-vote --truth t.csv");
    assert!(
        ran.stderr.contains("left out: truth of 1 task in t.csv that nobody judged"),
        "{}",
        ran.stderr
    );
}

#[test]
fn threads_do_not_change_the_output() {
    let (labels, truth) = crowd(3000, 4);
    let folder = Folder::new();
    folder.write("l.csv", csv("task,worker,label", &labels));
    folder.write("g.csv", csv("task,label", &truth[..300]));
    for method in ["auto", "dawid-skene", "mace", "ebcc"] {
        let run = |threads: usize, to: &str| {
            let rest = format!("l.csv --gold g.csv --seed 5 --method {method} --threads {threads}");
            folder.json(&format!("{rest} --probabilities {to} --workers w{to}"))
        };
        let (one, two) = (run(1, "1.csv"), run(2, "2.csv"));
        assert_eq!(one["iterations"], two["iterations"]);
        for (a, b) in [("1.csv", "2.csv"), ("w1.csv", "w2.csv")] {
            for (one, two) in folder.rows(a).iter().zip(folder.rows(b)) {
                for (key, value) in one {
                    let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
                    let apart = (number(value) - number(&two[key])).abs();
                    assert!(apart <= 1.01e-9, "{method}, {key}: {value} and {}", two[key]);
                }
            }
        }
    }
}

#[test]
fn awkward_names_are_quoted() {
    let folder = Folder::new();
    folder.write("l.csv", "task,worker,label\n\"a,\"\"b\"\"\nc\",w,\"x,y\"\n");
    folder.json("l.csv --output o.csv --probabilities p.csv --workers w.csv");
    assert_eq!(folder.rows("o.csv")[0]["task"], "a,\"b\"\nc");
    assert_eq!(folder.rows("p.csv")[0]["label"], "x,y");
}

#[test]
fn a_failure_leaves_no_file_and_changes_none() {
    let folder = Folder::with_crowd(20, 2);
    folder.write("o.csv", "before");
    let message =
        folder.error("labels.csv --method mv --output o.csv --workers no/such/folder/w.csv");
    assert!(message.starts_with("no/such/folder/w.csv cannot be written"), "{message}");
    assert_eq!(folder.read("o.csv"), "before");
    assert_eq!(folder.files(), ["labels.csv", "o.csv", "truth.csv"]);
}

#[test]
fn standard_output_and_devices_can_be_written_to() {
    let folder = Folder::with_crowd(3, 2);
    let ran = folder.run("labels.csv --output - --workers /dev/null");
    assert!(ran.stdout.starts_with("task,label,confidence,judgments\nt0,"), "{}", ran.stdout);
    assert!(std::fs::metadata("/dev/null").is_ok_and(|about| !about.is_file()));
}

#[test]
fn gold_is_certain_and_may_name_new_labels() {
    let folder = Folder::new();
    folder.write("l.csv", "task,worker,label\n1,a,yes\n1,b,yes\n2,a,no\n2,b,yes\n");
    folder.write("g.csv", "task,label\n1,no\n2,maybe\n3,yes\n");
    let ran = folder.run("l.csv --gold g.csv --output o.csv");
    assert!(ran.stderr.contains("1 label that no worker gave: `maybe`"), "{}", ran.stderr);
    assert!(ran.stderr.contains("left out: gold of 1 task in g.csv"), "{}", ran.stderr);
    let rows = folder.rows("o.csv");
    assert_eq!((&*rows[0]["label"], &*rows[0]["confidence"]), ("no", "1"));
    assert_eq!((&*rows[1]["label"], &*rows[1]["confidence"]), ("maybe", "1"));
}

/// Worker c is right wherever the value is known, a and b are 10 too high; what is not known follows c.
#[test]
fn known_numbers_tell_who_is_wrong() {
    use std::fmt::Write as _;
    let folder = Folder::new();
    let (mut labels, mut truth) = ("task,worker,label\n".to_owned(), "task,label\n".to_owned());
    for task in 0..60 {
        let value = f64::from(task * 7 % 31);
        writeln!(labels, "{task},a,{}\n{task},b,{}\n{task},c,{value}", value + 10.0, value + 10.5)
            .unwrap();
        writeln!(truth, "{task},{value}").unwrap();
    }
    folder.write("l.csv", &labels);
    folder.write("t.csv", &truth);
    folder.write("g.csv", truth.lines().take(21).collect::<Vec<_>>().join("\n") + "\n99,1");
    let error = |more: &str| -> f64 {
        let json = folder.json(&format!("l.csv --method gaussian --truth t.csv {more}"));
        json["mean_absolute_error"].as_f64().expect("an error")
    };
    assert!(error("") > 5.0 && error("--gold g.csv") < 0.5, "{}", error("--gold g.csv"));
    let ran = folder.run("l.csv --method median --gold g.csv --truth t.csv --output o.csv");
    assert!(ran.stderr.contains("left out: gold of 1 task in g.csv"), "{}", ran.stderr);
    assert!(ran.stderr.contains("scores include 20 tasks that the method knows"), "{}", ran.stderr);
    let rows = folder.rows("o.csv");
    assert_eq!((&*rows[1]["label"], &*rows[30]["label"]), ("7", "34"));
}

#[test]
fn gold_among_the_truth_is_said() {
    let folder = Folder::with_crowd(30, 2);
    let ran = folder.run("labels.csv --gold truth.csv --truth truth.csv --json");
    assert!(
        ran.stderr.contains("scores include 30 tasks that the method knows from gold"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.contains("\"accuracy\":1.0"), "{}", ran.stdout);
}

#[test]
fn the_report_is_one_page_that_needs_nothing_else() {
    let folder = Folder::with_crowd(120, 3);
    folder.write(
        "names.csv",
        "task,worker,label\n<script>alert(1)</script>,\"w&\",a<b\nt,w2,a<b\nt,\"w&\",c\n",
    );
    for arguments in [
        "labels.csv --truth truth.csv --report r.html",
        "labels.csv --report r.html --method mv",
        "names.csv --report r.html",
        "names.csv --report r.html --method glad",
    ] {
        folder.json(arguments);
        let page = folder.read("r.html");
        assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
        for outside in
            ["<script", "src=", "href=\"http", "url(", "@import", "NaN", ">inf<", "\"inf\"", "-inf"]
        {
            assert!(!page.contains(outside), "{arguments}: {outside}");
        }
        assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    }
    folder.json("labels.csv --truth truth.csv --report r.html");
    assert!(folder.read("r.html").contains("id=\"calibration\""));
}

#[test]
fn numbers_have_a_report_too() {
    let folder = Folder::new();
    folder.write("l.csv", "task,worker,label\n1,a,2.5\n1,b,3\n2,a,-7\n2,b,-6.5\n3,a,0\n3,b,1\n");
    folder.write("t.csv", "task,label\n1,2.75\n2,-7\n");
    let json = folder
        .json("l.csv --method mean --truth t.csv --output o.csv --workers w.csv --report r.html");
    assert!((json["mean_absolute_error"].as_f64().unwrap() - 0.125).abs() < 1e-12, "{json}");
    assert_eq!((&*folder.rows("o.csv")[0]["label"], folder.rows("w.csv").len()), ("2.75", 2));
    assert!(folder.read("r.html").contains("<svg"));
}
