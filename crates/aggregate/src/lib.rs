#![doc = include_str!("../README.md")]
#![expect(
    clippy::format_push_string,
    reason = "texts for people are put together from short parts"
)]

mod args;
mod data;
mod methods;
mod names;
mod outcome;
mod progress;
mod read;
mod recorded;
mod report;
mod summary;
mod write;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

pub use args::{Aggregate, Duplicates};
pub use recorded::{Recorded, recorded};

use data::{Data, Files};
use methods::{Method, Tuning};
use outcome::{Outcome, Scores};
use progress::Progress;
use summary::{Seconds, Summary};
use write::Whole;

/// Runs `crowdsmith aggregate`.
///
/// # Errors
/// An unknown method or a setting out of range, input that cannot be read or is wrong, output that cannot be
/// written: one message that says what is wrong with which file or option. No output file is changed then.
pub fn run(options: &Aggregate) -> Result<()> {
    if options.list {
        say(std::io::stdout(), &methods::list());
        return Ok(());
    }
    let judgments =
        options.file.as_deref().context("name the file of judgments, or - for standard input")?;
    let method = Method::find(&options.method)?;
    let threads = check(options, method)?;
    let tuning =
        Tuning { iterations: options.iterations, tolerance: options.tolerance, seed: options.seed };
    let progress = Progress::new();
    let begun = Instant::now();
    let files = Files {
        judgments,
        gold: options.gold.as_deref(),
        truth: options.truth.as_deref(),
        duplicates: options.duplicates,
    };
    let mut data = Data::read(files, method, threads, &progress)?;
    let reading = begun.elapsed();
    for ignored in method.ignores(tuning) {
        data.notes.push(format!("{} has no use for {ignored}", method.name));
    }
    let iterations = progress.start_fit(method.name);
    let begun = Instant::now();
    let outcome = Outcome::fit(&data, method, tuning, threads, &iterations)?;
    let scores = Scores::new(&data, &outcome);
    let fitting = begun.elapsed();
    progress.start("writing", None);
    let begun = Instant::now();
    let seconds = Seconds { reading, fitting, writing: begun.elapsed() };
    let mut summary = Summary {
        method: method.name,
        data: &data,
        outcome: &outcome,
        scores: scores.as_ref(),
        seconds,
    };
    write_files(options, &summary)?;
    summary.seconds.writing = begun.elapsed();
    progress.clear();
    say(std::io::stderr(), &summary.text(options));
    if options.json {
        say(std::io::stdout(), &format!("{}\n", summary.json()));
    }
    Ok(())
}

/// Writes to a stream that may have been closed by then: `--list | head` is no failure.
fn say(mut stream: impl std::io::Write, text: &str) {
    drop(stream.write_all(text.as_bytes()).and_then(|()| stream.flush()));
}

/// Refuses options that cannot be meant; answers with the number of threads.
fn check(options: &Aggregate, method: &Method) -> Result<usize> {
    if options.probabilities.is_some() && method.takes_numbers() {
        bail!("{} answers with numbers, which have no --probabilities", method.name);
    }
    if options.iterations == Some(0) {
        bail!("--iterations must be at least 1");
    }
    if options.tolerance.is_some_and(|tolerance| !(tolerance.is_finite() && tolerance >= 0.0)) {
        bail!("--tolerance must be a number of at least 0");
    }
    if options.threads == Some(0) {
        bail!("--threads must be at least 1");
    }
    let inputs = [&options.file, &options.gold, &options.truth];
    let outputs = [&options.output, &options.workers, &options.probabilities, &options.report];
    for (index, output) in outputs.iter().enumerate() {
        let Some(output) = output else { continue };
        let name = output.display();
        if outputs[..index].contains(&&Some(output.clone())) {
            bail!("{name} is named for two outputs; give each its own file");
        }
        if output.as_os_str() == "-" {
            if options.json {
                bail!("--json needs standard output for itself; give the table a file");
            }
        } else if inputs.into_iter().flatten().any(|input| same_file(input, output)) {
            bail!("{name} is read and would be overwritten; choose another name for the output");
        }
    }
    let processors = || std::thread::available_parallelism().map_or(1, usize::from);
    Ok(options.threads.unwrap_or_else(processors).min(1024))
}

fn same_file(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other && one.is_file())
}

/// Writes all files that were asked for, then puts them in place together.
fn write_files(options: &Aggregate, summary: &Summary<'_>) -> Result<()> {
    let Summary { data, outcome, .. } = summary;
    let mut files = Vec::new();
    let mut add = |path: &Option<PathBuf>, write: &dyn Fn(&mut Whole) -> std::io::Result<()>| {
        let Some(path) = path else { return Ok(()) };
        let mut file = Whole::create(path)?;
        write(&mut file).with_context(|| format!("{} cannot be written", path.display()))?;
        file.finish()?;
        files.push(file);
        anyhow::Ok(())
    };
    add(&options.output, &|file| write::labels(data, outcome, file))?;
    add(&options.workers, &|file| write::workers(data, outcome, file))?;
    if let Outcome::Classes(fit) = outcome {
        add(&options.probabilities, &|file| write::probabilities(data, fit, file))?;
    }
    add(&options.report, &|file| file.write_all(report::page(summary).as_bytes()))?;
    files.into_iter().try_for_each(Whole::keep)
}
