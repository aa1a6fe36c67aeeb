//! A folder, files in it, and the command run there.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A folder of its own, gone at the end of the test.
pub(crate) struct Folder(tempfile::TempDir);

/// What the command said.
pub(crate) struct Ran {
    pub(crate) succeeded: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// A folder with `labels.csv` and `truth.csv` of a made crowd.
    pub(crate) fn with_crowd(tasks: usize, classes: usize) -> Self {
        let folder = Self::new();
        let (labels, truth) = crowd(tasks, classes);
        folder.write("labels.csv", csv("task,worker,label", &labels));
        folder.write("truth.csv", csv("task,label", &truth));
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).expect("a file written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file of text")
    }

    /// Names of all files.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).expect("the folder");
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.expect("an entry").file_name().into_string().expect("a name in UTF-8")
        };
        let mut names: Vec<String> = entries.map(name).collect();
        names.sort();
        names
    }

    pub(crate) fn run(&self, arguments: &str) -> Ran {
        self.run_with(arguments, "")
    }

    /// Runs with something on standard input.
    pub(crate) fn run_with(&self, arguments: &str, input: &str) -> Ran {
        let mut child = Command::new(env!("CARGO_BIN_EXE_crowdsmith-aggregate"))
            .args(arguments.split_whitespace())
            .current_dir(self.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command");
        let mut stdin = child.stdin.take().expect("its standard input");
        // A command that fails early does not read what it is given.
        drop(stdin.write_all(input.as_bytes()));
        drop(stdin);
        let Output { status, stdout, stderr } = child.wait_with_output().expect("its end");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran { succeeded: status.success(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// Runs what must succeed, with `--json`; the object.
    pub(crate) fn json(&self, arguments: &str) -> Value {
        let ran = self.run(&format!("{arguments} --json"));
        assert!(ran.succeeded, "{}", ran.stderr);
        serde_json::from_str(&ran.stdout).expect("one JSON object")
    }

    /// Runs what must fail; the message without the program's name.
    pub(crate) fn error(&self, arguments: &str) -> String {
        let ran = self.run(arguments);
        assert!(!ran.succeeded, "`{arguments}` succeeded: {}", ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        ran.stderr.trim_end().trim_start_matches("crowdsmith-aggregate: ").to_owned()
    }

    /// A CSV file as one map a row.
    pub(crate) fn rows(&self, name: &str) -> Vec<HashMap<String, String>> {
        let mut reader = csv::Reader::from_path(self.path(name)).expect("a CSV file");
        reader.deserialize().map(|row| row.expect("a row")).collect()
    }
}

/// Judgments of a made crowd, five a task, and the truth: workers are right three times in four.
pub(crate) fn crowd(tasks: usize, classes: usize) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let mut random = crowdsmith_truth::rng::Rng::new(7);
    let (mut labels, mut truth) = (Vec::new(), Vec::new());
    for task in 0..tasks {
        let class = random.below(classes);
        truth.push(vec![format!("t{task}"), format!("c{class}")]);
        for turn in 0..5 {
            let worker = (task + 3 * turn) % 17;
            let right = random.uniform() < 0.75;
            let answer = if right { class } else { random.below(classes) };
            labels.push(vec![format!("t{task}"), format!("w{worker}"), format!("c{answer}")]);
        }
    }
    (labels, truth)
}

pub(crate) fn csv(header: &str, rows: &[Vec<String>]) -> String {
    let lines = rows.iter().map(|row| row.join(","));
    std::iter::once(header.to_owned()).chain(lines).map(|line| line + "\n").collect()
}
