//! No bytes make a reader panic, and one table is the same in every format.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use clap::Parser;
use crowdsmith_aggregate::{Aggregate, run};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use crate::harness::Folder;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Aggregate,
}

/// Runs in this process: a panic fails the test.
fn ran(folder: &Folder, name: &str, more: &[&str]) -> anyhow::Result<()> {
    let path = folder.path(name);
    let path = path.to_str().expect("a path in UTF-8");
    run(&Arguments::parse_from([&["aggregate", path], more].concat()).options)
}

#[derive(Debug, Clone)]
enum Label {
    Missing,
    Text(String),
    Number(f64),
}

/// A table whose tasks are integers, workers texts and labels of one kind.
fn tables() -> impl Strategy<Value = Vec<(i64, String, Label)>> {
    let task = prop_oneof![0i64..20, any::<i64>()];
    let text = prop_oneof![3 => "[a-c]{1,2}", 1 => "[ -~\n]{0,6}z", 1 => "é|007|1e5|-1"];
    let missing = Just(Label::Missing);
    let texts = prop_oneof![5 => text.clone().prop_map(Label::Text), 1 => missing.clone()];
    let numbers =
        prop_oneof![5 => (-8i32..8).prop_map(|n| Label::Number(f64::from(n) / 2.0)), 1 => missing];
    let row = |label: BoxedStrategy<Label>| {
        proptest::collection::vec((task.clone(), text.clone(), label), 1..40)
    };
    prop_oneof![row(texts.boxed()), row(numbers.boxed())]
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn write_csv(folder: &Folder, rows: &[(i64, String, Label)]) {
    let mut text = String::from("task,worker,label\n");
    for (task, worker, label) in rows {
        let label = match label {
            Label::Missing => String::new(),
            Label::Text(text) => quoted(text),
            Label::Number(number) => format!("{number:?}"),
        };
        writeln!(text, "{task},{},{label}", quoted(worker)).expect("room");
    }
    folder.write("t.csv", text);
}

fn write_json(folder: &Folder, rows: &[(i64, String, Label)]) {
    let mut text = String::new();
    for (task, worker, label) in rows {
        let label = match label {
            Label::Missing => serde_json::Value::Null,
            Label::Text(text) => text.clone().into(),
            Label::Number(number) => (*number).into(),
        };
        let row = serde_json::json!({"task": task, "worker": worker, "label": label});
        writeln!(text, "{row}").expect("room");
    }
    folder.write("t.jsonl", text);
}

fn write_parquet(path: &Path, rows: &[(i64, String, Label)]) {
    let numeric = rows.iter().any(|row| matches!(row.2, Label::Number(_)));
    let label = if numeric { "optional double label" } else { "optional binary label (UTF8)" };
    let schema =
        format!("message m {{ {label}; required int64 task; required binary worker (UTF8); }}");
    let schema = Arc::new(parse_message_type(&schema).expect("a schema"));
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer =
        SerializedFileWriter::new(File::create(path).expect("a file"), schema, properties)
            .expect("a writer");
    for rows in rows.chunks(7) {
        let bytes = |text: &String| ByteArray::from(text.as_bytes().to_vec());
        let levels: Vec<i16> =
            rows.iter().map(|row| i16::from(!matches!(row.2, Label::Missing))).collect();
        let mut group = writer.next_row_group().expect("a row group");
        let mut column = group.next_column().expect("a column").expect("labels");
        if numeric {
            let values = rows
                .iter()
                .filter_map(|row| if let Label::Number(n) = row.2 { Some(n) } else { None });
            column
                .typed::<DoubleType>()
                .write_batch(&values.collect::<Vec<_>>(), Some(&levels), None)
                .expect("labels");
        } else {
            let values = rows
                .iter()
                .filter_map(|row| if let Label::Text(t) = &row.2 { Some(bytes(t)) } else { None });
            column
                .typed::<ByteArrayType>()
                .write_batch(&values.collect::<Vec<_>>(), Some(&levels), None)
                .expect("labels");
        }
        column.close().expect("labels");
        let mut column = group.next_column().expect("a column").expect("tasks");
        let tasks: Vec<i64> = rows.iter().map(|row| row.0).collect();
        column.typed::<Int64Type>().write_batch(&tasks, None, None).expect("tasks");
        column.close().expect("tasks");
        let mut column = group.next_column().expect("a column").expect("workers");
        let workers: Vec<ByteArray> = rows.iter().map(|row| bytes(&row.1)).collect();
        column.typed::<ByteArrayType>().write_batch(&workers, None, None).expect("workers");
        column.close().expect("workers");
        group.close().expect("a row group");
    }
    writer.close().expect("a file");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_table_is_the_same_in_every_format(rows in tables()) {
        let folder = Folder::new();
        write_csv(&folder, &rows);
        write_json(&folder, &rows);
        write_parquet(&folder.path("t.parquet"), &rows);
        let mut outputs = Vec::new();
        for name in ["t.csv", "t.jsonl", "t.parquet"] {
            let out = folder.path("out.csv");
            let out = out.to_str().expect("a path in UTF-8");
            let result = ran(&folder, name, &["--method", "mv", "--probabilities", out]);
            let text = result.map_or_else(
                |error| error.to_string().replace(name, "").rsplit(": ").next().unwrap_or_default().to_owned(),
                |()| folder.read("out.csv"),
            );
            outputs.push(text);
        }
        prop_assert_eq!(&outputs[0], &outputs[1]);
        prop_assert_eq!(&outputs[0], &outputs[2]);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), head in 0usize..4) {
        let folder = Folder::new();
        let heads: [&[u8]; 4] = [b"", b"task,worker,label\n", b"{\"task\":1,\"worker\":1,\"label\":1}\n{", b"PAR1"];
        for name in ["l.csv", "l.jsonl", "l.parquet"] {
            folder.write(name, [heads[head], &bytes].concat());
            drop(ran(&folder, name, &["--method", "mv"]));
        }
    }

    #[test]
    fn no_csv_like_text_makes_a_reader_panic(text in "[a1,\"\n\r{}:;\t .-]{0,80}") {
        let folder = Folder::new();
        folder.write("l.csv", format!("task,worker,label\n{text}"));
        for method in ["mv", "mean"] {
            drop(ran(&folder, "l.csv", &["--method", method]));
        }
        folder.write("h.csv", &text);
        drop(ran(&folder, "h.csv", &[]));
    }

    /// Damage in a Parquet file is an error or changes the data, and never more.
    #[test]
    fn damaged_parquet_does_not_panic(rows in tables(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let folder = Folder::new();
        let path = folder.path("t.parquet");
        write_parquet(&path, &rows);
        let mut bytes = std::fs::read(&path).expect("a file");
        *place.get_mut(&mut bytes) = byte;
        folder.write("t.parquet", bytes);
        drop(ran(&folder, "t.parquet", &["--method", "mv"]));
    }
}
