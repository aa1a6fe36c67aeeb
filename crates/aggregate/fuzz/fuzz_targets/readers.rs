//! No bytes make a reader panic, hang or ask for memory without bound: the first byte chooses the ending of the file
//! and the kind of method, the rest is the file.

#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::Parser;
use crowdsmith_aggregate::{Aggregate, run};
use libfuzzer_sys::fuzz_target;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Aggregate,
}

const ENDINGS: [&str; 4] = ["csv", "jsonl", "parquet", "arrow"];

static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder for the inputs");
    // Kept for the life of the process; the system clears its temporary folder.
    folder.keep()
});

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else { return };
    let path = FOLDER.join(format!("input.{}", ENDINGS[usize::from(choice % 4)]));
    std::fs::write(&path, bytes).expect("the input written");
    let path = path.to_str().expect("a path in UTF-8");
    let method = if choice / 4 % 2 == 0 { "majority-vote" } else { "mean" };
    let arguments = ["aggregate", path, "--method", method, "--threads", "1"];
    // What is wrong with a file is told; that is no failure here.
    drop(run(&Arguments::parse_from(arguments).options));
});
