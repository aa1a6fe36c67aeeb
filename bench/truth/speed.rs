//! Speed of the estimators on a synthetic crowd.
//!
//! `cargo run --release -p crowdsmith-truth --example truth-speed -- [--judgments N] [--workers N] [--classes K]
//! [--iterations N] [--seed S] [--methods a,b] [--write FILE]`; `bench/truth_speed.py` runs it beside crowd-kit.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod crowd;
mod options;

use std::fmt::Write as _;
use std::time::Instant;

use crowdsmith_truth::auto::Auto;
use crowdsmith_truth::categorical::{DawidSkene, Glad, Mace, MajorityVote};
use crowdsmith_truth::online::Online;
use crowdsmith_truth::{Estimator, Judgments};

use options::Options;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::read();
    let judgments = options.number("--judgments", 1_000_000)?;
    let workers =
        options.number("--workers", (judgments / crowd::OVERLAP / 100).max(crowd::OVERLAP))?;
    let classes = options.number("--classes", 4)?;
    let iterations = options.number("--iterations", 20)?;
    let methods = options.get("--methods").unwrap_or("majority-vote,dawid-skene");

    let start = Instant::now();
    let (data, truth) =
        crowd::crowd(judgments, workers, classes, options.number("--seed", 1)? as u64);
    println!(
        "crowd: {} judgments, {} tasks, {workers} workers, {classes} classes, made in {:.1} s",
        data.len(),
        data.tasks(),
        start.elapsed().as_secs_f64()
    );
    if let Some(path) = options.get("--write") {
        std::fs::write(path, csv(&data))?;
    }
    for method in estimators(iterations)
        .iter()
        .filter(|method| methods.split(',').any(|name| name == method.name()))
    {
        let start = Instant::now();
        let fit = method.fit(&data)?;
        let seconds = start.elapsed().as_secs_f64();
        let passes = fit.convergence.iterations.max(1);
        let right = fit.labels.iter().zip(&truth).filter(|(label, truth)| label == truth).count();
        println!(
            "{:<14} {seconds:>8.3} s  {passes:>3} iterations  {:>7.1} M judgment-iterations/s  accuracy {:.4}",
            method.name(),
            data.len() as f64 * passes as f64 / seconds / 1e6,
            right as f64 / truth.len() as f64
        );
    }
    online(&data)?;
    Ok(())
}

/// Time of one judgment, and of one posterior, under current worker models; at most a million of each.
fn online(data: &Judgments) -> Result<(), crowdsmith_truth::Error> {
    let mut online = Online::new(data.classes(), 0.8)?;
    let tasks = data.tasks().min(1_000_000 / crowd::OVERLAP);
    let start = Instant::now();
    for task in 0..tasks {
        for (worker, label) in data.task(task) {
            online.observe(task as u32, worker as u32, label as u16)?;
        }
    }
    let observed = start.elapsed().as_secs_f64() / online.len().max(1) as f64;
    let start = Instant::now();
    let sum: f64 = (0..tasks).map(|task| online.posterior(task as u32)[0]).sum();
    let asked = start.elapsed().as_secs_f64() / tasks.max(1) as f64;
    println!(
        "online: {:.2} µs a judgment, {:.2} µs a posterior (mean {:.3})",
        observed * 1e6,
        asked * 1e6,
        sum / tasks as f64
    );
    Ok(())
}

fn estimators(iterations: usize) -> Vec<Box<dyn Estimator>> {
    vec![
        Box::new(MajorityVote::default()),
        // No tolerance reaches this, so that every iteration is made.
        Box::new(DawidSkene { iterations, tolerance: 0.0, ..DawidSkene::default() }),
        Box::new(Glad { iterations, tolerance: 0.0, ..Glad::default() }),
        Box::new(Mace { iterations, restarts: 1, ..Mace::default() }),
        Box::new(Auto::default()),
    ]
}

fn csv(data: &Judgments) -> String {
    let mut text = String::from("task,worker,label\n");
    for task in 0..data.tasks() {
        for (worker, label) in data.task(task) {
            let _ = writeln!(text, "t{task},w{worker},{label}");
        }
    }
    text
}
