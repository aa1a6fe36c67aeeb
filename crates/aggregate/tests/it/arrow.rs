//! Arrow files of all makes that programs write.

use std::fs::File;
use std::sync::Arc;

use arrow_array::types::Int8Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, LargeStringArray, NullArray,
    RecordBatch, StringArray, StringViewArray, UInt64Array,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};

use crate::harness::Folder;

fn batch(task: ArrayRef, worker: ArrayRef, label: ArrayRef) -> RecordBatch {
    let other: ArrayRef = Arc::new(BooleanArray::from(vec![true; task.len()]));
    let columns = [("worker", worker), ("more", other), ("Label", label), ("task", task)];
    let columns = columns.map(|(name, column)| (name, column, true));
    RecordBatch::try_from_iter_with_nullable(columns).expect("columns of one length")
}

fn write(folder: &Folder, name: &str, packed: Option<CompressionType>, batches: &[RecordBatch]) {
    let options = IpcWriteOptions::default().try_with_compression(packed).expect("an option");
    let file = File::create(folder.path(name)).expect("a file");
    let schema = batches[0].schema();
    let mut writer = FileWriter::try_new_with_options(file, &schema, options).expect("a writer");
    for batch in batches {
        writer.write(batch).expect("a batch");
    }
    writer.finish().expect("the end");
}

const TASKS: [i64; 4] = [1, 1, 2, 2];
const WORKERS: [&str; 4] = ["a", "b", "a", "c"];
const LABELS: [Option<&str>; 4] = [Some("yes"), Some("no"), Some("yes"), None];

fn plain() -> RecordBatch {
    batch(
        Arc::new(Int64Array::from(TASKS.to_vec())),
        Arc::new(StringArray::from(WORKERS.to_vec())),
        Arc::new(StringArray::from(LABELS.to_vec())),
    )
}

#[test]
fn every_type_is_read() {
    let folder = Folder::new();
    folder.write("plain.csv", "task,worker,label\n1,a,yes\n1,b,no\n2,a,yes\n2,c,\n");
    folder.json("plain.csv --method mv --probabilities expected.csv");
    let coded: DictionaryArray<Int8Type> = LABELS.into_iter().collect();
    let (unsigned, doubles) = (TASKS.map(|task| task as u64), TASKS.map(|task| task as f64));
    let workers = || Arc::new(StringArray::from(WORKERS.to_vec()));
    let labels = || Arc::new(StringArray::from(LABELS.to_vec()));
    let batches = [
        plain(),
        batch(
            Arc::new(UInt64Array::from(unsigned.to_vec())),
            Arc::new(LargeStringArray::from(WORKERS.to_vec())),
            Arc::new(coded),
        ),
        batch(
            Arc::new(Float64Array::from(doubles.to_vec())),
            Arc::new(StringViewArray::from(WORKERS.to_vec())),
            Arc::new(LargeStringArray::from(LABELS.to_vec())),
        ),
        batch(Arc::new(StringArray::from(vec!["1", "1", "2", "2"])), workers(), labels()),
    ];
    for (number, batch) in batches.into_iter().enumerate() {
        for packed in [None, Some(CompressionType::ZSTD), Some(CompressionType::LZ4_FRAME)] {
            let name = if number % 2 == 0 { "l.arrow" } else { "l" };
            write(&folder, name, packed, std::slice::from_ref(&batch));
            let json = folder.json(&format!("{name} --method mv --probabilities found.csv"));
            assert_eq!(folder.read("found.csv"), folder.read("expected.csv"), "{number}");
            assert_eq!(json["judgments"], 3);
        }
    }
}

#[test]
fn booleans_and_numbers_are_labels() {
    let folder = Folder::new();
    let names = || Arc::new(StringArray::from(vec!["1", "2"]));
    let booleans = Arc::new(BooleanArray::from(vec![true, false]));
    write(&folder, "l.feather", None, &[batch(names(), names(), booleans)]);
    folder.json("l.feather --method mv --probabilities p.csv");
    assert!(folder.read("p.csv").starts_with("task,label,probability\n1,false,0"));
    let numbers = Arc::new(Float64Array::from(vec![1.5, 2.0]));
    write(&folder, "n.feather", None, &[batch(names(), names(), numbers)]);
    folder.json("n.feather --method mean --output o.csv");
    assert!(folder.read("o.csv").contains("\n1,1.5,"), "{}", folder.read("o.csv"));
}

/// More batches than a thread reads at once; their order and the row of a fault are those of the file.
#[test]
fn many_batches_keep_their_order() {
    let folder = Folder::new();
    let batches: Vec<RecordBatch> = (0..50i64)
        .map(|number| {
            batch(
                Arc::new(Int64Array::from(vec![number + 100; 4])),
                Arc::new(StringArray::from(vec!["a", "b", "c", "d"])),
                Arc::new(StringArray::from(LABELS.to_vec())),
            )
        })
        .collect();
    write(&folder, "l.arrow", None, &batches);
    let json = folder.json("l.arrow --method mv --output o.csv --threads 3");
    assert_eq!((&json["tasks"], &json["judgments"]), (&50.into(), &150.into()));
    let ordered = folder
        .rows("o.csv")
        .iter()
        .enumerate()
        .all(|(n, row)| row["task"] == format!("{}", n + 100));
    assert!(ordered);
    let mut wrong = batches;
    wrong[40] = batch(
        Arc::new(Int64Array::from(vec![Some(1), Some(2), None, Some(3)])),
        Arc::new(StringArray::from(WORKERS.to_vec())),
        Arc::new(StringArray::from(LABELS.to_vec())),
    );
    write(&folder, "l.arrow", None, &wrong);
    assert_eq!(folder.error("l.arrow"), "l.arrow, row 163: the task is empty");
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = Folder::new();
    write(&folder, "whole.arrow", None, &[plain()]);
    let bytes = std::fs::read(folder.path("whole.arrow")).expect("the file");
    folder.write("half.arrow", &bytes[..bytes.len() / 2]);
    let message = folder.error("half.arrow");
    assert!(message.starts_with("half.arrow: is no Arrow file that can be read"), "{message}");
    folder.write("stream.arrow", b"\xff\xff\xff\xff\0\0\0\0");
    assert!(folder.error("stream.arrow").contains("write an Arrow file (Feather version 2)"));
    folder.write("text.feather", "task,worker,label\n1,a,x\n");
    assert_eq!(
        folder.error("text.feather"),
        "text.feather is no Arrow file: it does not begin like one"
    );
    let lists = NullArray::new(4);
    let columns: [(&str, ArrayRef); 2] =
        [("task", Arc::new(lists.clone())), ("label", Arc::new(lists))];
    write(&folder, "less.arrow", None, &[RecordBatch::try_from_iter(columns).expect("columns")]);
    let message = folder.error("less.arrow");
    assert!(message.contains("worker"), "{message}");
    let ran = folder.run_with("-", &String::from_utf8_lossy(b"ARROW1\0\0"));
    assert!(ran.stderr.contains("so they cannot come from standard input"), "{}", ran.stderr);
}

/// Damage anywhere in a small file is an error or changes the data, and never more.
#[test]
fn a_damaged_file_does_not_end_the_program() {
    let folder = Folder::new();
    write(&folder, "whole.arrow", None, &[plain()]);
    let whole = std::fs::read(folder.path("whole.arrow")).expect("the file");
    for place in (6..whole.len()).step_by(11) {
        let mut bytes = whole.clone();
        bytes[place] = bytes[place].wrapping_add(101);
        folder.write("l.arrow", bytes);
        let ran = folder.run("l.arrow --method mv --json");
        let told = ran.stderr.starts_with("crowdsmith-aggregate: l.arrow");
        assert!(ran.succeeded || told, "byte {place}: {}", ran.stderr);
    }
}

/// The decoder asks for as much memory as a packed buffer claims to need; it must not be asked for too much.
#[test]
fn a_packed_buffer_that_claims_too_much_is_told() {
    let folder = Folder::new();
    let column = || -> ArrayRef { Arc::new(Int64Array::from(vec![7; 1000])) };
    for packing in [CompressionType::LZ4_FRAME, CompressionType::ZSTD] {
        write(&folder, "whole.arrow", Some(packing), &[batch(column(), column(), column())]);
        let mut bytes = std::fs::read(folder.path("whole.arrow")).expect("the file");
        assert!(folder.run("whole.arrow --method mv --json").succeeded);
        let length = 8000_i64.to_le_bytes();
        let place = bytes.windows(8).position(|window| window == length).expect("a packed buffer");
        bytes[place..place + 8].copy_from_slice(&(1_i64 << 60).to_le_bytes());
        folder.write("l.arrow", bytes);
        let message = folder.error("l.arrow");
        assert!(message.starts_with("l.arrow: is no Arrow file that can be read"), "{message}");
        assert!(message.contains("cannot hold 1152921504606846976"), "{message}");
    }
}
