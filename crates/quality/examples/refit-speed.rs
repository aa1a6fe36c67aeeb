//! How long a refit of the worker models and a posterior take.
//!
//! ```text
//! RAYON_NUM_THREADS=1 cargo run --release -p crowdsmith-quality --example refit-speed -- [JUDGMENTS [CLASSES]]
//! ```
//!
//! Five judgments a task; workers are one in a hundred tasks, the n-th does 1/n of what the first does; accuracies
//! Beta(6, 2), one worker in ten answers at random.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::time::Instant;

use crowdsmith_quality::models::Models;
use crowdsmith_truth::rng::Rng;
use crowdsmith_truth::{Columns, Duplicates, Judgments};

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().skip(1);
    let judgments: usize = numbers.next().map_or(Ok(1_000_000), |number| number.parse())?;
    let classes: usize = numbers.next().map_or(Ok(4), |number| number.parse())?;
    let data = crowd(judgments / 5, classes)?;
    let begun = Instant::now();
    let models = Models::start(classes).refit(&data, &[])?;
    println!(
        "refit of {} judgments, {classes} classes: {:.2} s",
        data.len(),
        begun.elapsed().as_secs_f64()
    );
    let tasks: Vec<Vec<(u32, u16)>> = (0..data.tasks().min(10_000))
        .map(|task| data.task(task).map(|(worker, label)| (worker as u32, label as u16)).collect())
        .collect();
    let begun = Instant::now();
    let sum: f64 = tasks.iter().map(|given| models.posterior(given)[0]).sum();
    let each = begun.elapsed().as_secs_f64() / tasks.len() as f64;
    println!("posterior of a task: {:.2} µs (mean {:.3})", 1e6 * each, sum / tasks.len() as f64);
    let begun = Instant::now();
    let sum: f64 = tasks.iter().map(|given| models.gain(given)).sum();
    let each = begun.elapsed().as_secs_f64() / tasks.len() as f64;
    println!("worth of a judgment: {:.2} µs (mean {:.4})", 1e6 * each, sum / tasks.len() as f64);
    Ok(())
}

fn crowd(tasks: usize, classes: usize) -> Result<Judgments, crowdsmith_truth::Error> {
    let mut random = Rng::new(1);
    let workers = (tasks / 100).max(5);
    let skill = |random: &mut Rng| {
        if random.uniform() < 0.1 {
            return 1.0 / classes as f64;
        }
        let right = random.gamma(6.0);
        right / (right + random.gamma(2.0))
    };
    let skills: Vec<f64> = (0..workers).map(|_| skill(&mut random)).collect();
    let mut columns = Columns { tasks, workers, classes, ..Columns::default() };
    for task in 0..tasks {
        let truth = random.below(classes);
        for _ in 0..5 {
            // The inverse of the distribution function of 1/n, up to rounding.
            let worker = ((workers as f64).powf(random.uniform()) as usize - 1).min(workers - 1);
            let wrong = (truth + 1 + random.below(classes.max(2) - 1)) % classes;
            columns.task.push(task as u32);
            columns.worker.push(worker as u32);
            columns
                .label
                .push(if random.uniform() < skills[worker] { truth } else { wrong } as u16);
        }
    }
    Judgments::new(columns, Duplicates::Keep)
}
