//! One clear message for everything that can be wrong.

use crate::harness::Folder;

/// Names and contents.
type Files = &'static [(&'static str, &'static str)];

/// Files, arguments, and the whole message.
#[test]
fn every_mistake_has_its_message() {
    let cases: &[(Files, &str, &str)] = &[
        (&[], "none.csv", "none.csv cannot be opened: No such file or directory (os error 2)"),
        (&[], ".", ". is a folder; name a file of judgments"),
        (
            &[("l.csv", "")],
            "l.csv",
            "l.csv is empty; it must start with a line that names task, worker and label",
        ),
        (&[("l.csv", "task,worker,label\n")], "l.csv", "l.csv holds no judgments"),
        (&[("l.csv", "task,worker,label\n1,1,\n")], "l.csv", "l.csv holds no judgments"),
        (
            &[("l.csv", "task,label\n")],
            "l.csv",
            "l.csv, line 1: there is no column `worker`; the columns are `task`, `label`",
        ),
        (
            &[("l.csv", "task,worker,label,task\n")],
            "l.csv",
            "l.csv, line 1: the header names `task` twice",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,a\n\n1,2\n")],
            "l.csv",
            "l.csv, line 4: the header has 3 fields, this line 2",
        ),
        (
            &[("l.csv", "task,worker,label\n\"1\n\",1,a\n1,2\n")],
            "l.csv",
            "l.csv, line 4: the header has 3 fields, this line 2",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,a\n,2,a\n")],
            "l.csv",
            "l.csv, line 3: the task is empty",
        ),
        (&[("l.csv", "task,worker,label\n1,,a\n")], "l.csv", "l.csv, line 2: the worker is empty"),
        (
            &[("l.csv", "task,worker,label\n1,1,a\n2,\"1,a\n")],
            "l.csv",
            "l.csv, line 3: a quotation mark opens a field here and is never closed",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,NaN\n")],
            "l.csv --method mean",
            "l.csv, line 2: label `NaN` is not a finite number",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,good\n")],
            "l.csv --method mean",
            "l.csv, line 2: label `good` is not a number",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,good\n")],
            "l.csv --method ordinal",
            "ordinal needs labels that are numbers, so that they have an order; l.csv has the label `good`",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,a\n2,1,a\n\n1,1,b\n")],
            "l.csv --duplicates refuse",
            "l.csv, line 5: worker `1` judged task `1` before; take one judgment out, or count both with \
             --duplicates keep",
        ),
        (
            &[("l.jsonl", "{\"task\":1,\"worker\":2,\"label\":3}\n{\"task\":1,\"worker\":2}\n")],
            "l.jsonl",
            "l.jsonl, line 2: there is no `label`",
        ),
        (
            &[("l.jsonl", "{\"task\":1,\"worker\":2,\"label\":[3]}\n")],
            "l.jsonl",
            "l.jsonl, line 1: invalid type: sequence, expected a string, a number, true, false or null",
        ),
        (
            &[("l.jsonl", "{\"task\":1,\"worker\":2,\"label\":3,\"label\":4}\n")],
            "l.jsonl",
            "l.jsonl, line 1: `label` is there twice",
        ),
        (
            &[("l.jsonl", "{\"task\":null,\"worker\":2,\"label\":3}\n")],
            "l.jsonl",
            "l.jsonl, line 1: the task is empty",
        ),
        (&[("l.jsonl", "\n\n{\"task\":")], "l.jsonl", "l.jsonl, line 3: EOF while parsing a value"),
        (
            &[("l.json", " [{}]")],
            "l.json",
            "l.json holds one JSON list; write one object a line, for example: jq -c '.[]' FILE",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,a\n"), ("g.csv", "task,label\n1,a\n1,b\n")],
            "l.csv --gold g.csv",
            "g.csv, line 3: task `1` has another label further up",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,a\n"), ("t.csv", "task,label\nx,a\n")],
            "l.csv --truth t.csv",
            "t.csv and l.csv have no task in common; are the tasks called the same in both?",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,a\n")],
            "l.csv --truth -",
            "gold and truth come from files; only the judgments come from standard input",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,1\n"), ("g.csv", "task,label\n1,much\n")],
            "l.csv --method mean --gold g.csv",
            "g.csv, line 2: label `much` is not a number",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,1\n")],
            "l.csv --method mean --probabilities p",
            "mean answers with numbers, which have no --probabilities",
        ),
        (
            &[("l.csv", "task,worker,label\n1,1,1\n")],
            "l.csv --method elice",
            "elice needs gold labels on judged tasks (--gold names a file of known labels)",
        ),
        (
            &[],
            "l.csv --method dawid-sken",
            "there is no method `dawid-sken`; did you mean `dawid-skene`? --list explains all",
        ),
        (&[], "l.csv --iterations 0", "--iterations must be at least 1"),
        (&[], "l.csv --tolerance NaN", "--tolerance must be a number of at least 0"),
        (&[], "l.csv --threads 0", "--threads must be at least 1"),
        (&[], "l.csv --output o --workers o", "o is named for two outputs; give each its own file"),
        (
            &[],
            "l.csv --output l.csv",
            "l.csv is read and would be overwritten; choose another name for the output",
        ),
        (
            &[],
            "l.csv --output - --json",
            "--json needs standard output for itself; give the table a file",
        ),
    ];
    for (files, arguments, message) in cases {
        let folder = Folder::new();
        for (name, content) in *files {
            folder.write(name, content);
        }
        assert_eq!(folder.error(arguments), *message, "{arguments}");
        assert_eq!(folder.files().len(), files.len(), "{arguments}");
    }
}

#[test]
fn bytes_that_are_no_text_are_told() {
    let folder = Folder::new();
    for (name, content, message) in [
        (
            "l.csv",
            &b"task,worker,label\n1,1,a\n1,2,\xff\n"[..],
            "l.csv, line 3: is not UTF-8; convert the file, for example with iconv",
        ),
        (
            "h.csv",
            &b"task,worker,label\xff\n"[..],
            "h.csv, line 1: is not UTF-8; convert the file, for example with iconv",
        ),
        (
            "l.gz",
            &b"\x1f\x8b\x08"[..],
            "l.gz is compressed; unpack it on the way: zcat FILE | crowdsmith aggregate -",
        ),
        (
            "l16.csv",
            &b"\xff\xfet\0a\0"[..],
            "l16.csv is UTF-16; convert it: iconv -f utf-16 -t utf-8",
        ),
    ] {
        folder.write(name, content);
        assert_eq!(folder.error(name), message);
    }
    folder.write("l.parquet", "PAR1 and nothing behind it");
    let message = folder.error("l.parquet");
    assert!(message.starts_with("l.parquet: is no Parquet file that can be read"), "{message}");
}
