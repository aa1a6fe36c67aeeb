//! The table of judgments per task that each policy needs to reach what Dawid-Skene reaches on all data, less half a point.
//!
//! ```text
//! cargo run --release -p crowdsmith-replay --example replay-table -- FOLDER [POLICY...]
//! ```
//!
//! `FOLDER` holds one folder a data set with `labels.csv` (`task,worker,label`) and `truth.csv` (`task,label`).
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};
use crowdsmith_quality::replay::{Options, Point, Policy, Recording, judgments_to_reach, replay};
use crowdsmith_replay::read::recorded;
use rayon::prelude::*;

/// Data sets, the accuracy to reach, and the judgments per task that the knowledge gradient with Dawid-Skene shrunk to the
/// crowd needs by the reference measurement (`NaN`: it does not get there).
const SETS: [(&str, f64, f64); 10] = [
    ("rte", 0.9225, 3.9),
    ("possent", 0.9550, 6.2),
    ("dog", 0.8376, 6.4),
    ("face", 0.6354, 3.3),
    ("web", 0.8156, f64::NAN),
    ("weather_cf", 0.8150, 1.5),
    ("mozafari", 0.7070, 2.4),
    ("music_genre", 0.7636, 2.4),
    ("product_er", 0.9349, f64::NAN),
    ("labelme_features", 0.7830, 2.0),
];

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("name the folder of data sets")?;
    let named: Vec<Policy> =
        arguments.map(|name| name.parse().map_err(anyhow::Error::msg)).collect::<Result<_>>()?;
    let policies = if named.is_empty() { Policy::ALL.to_vec() } else { named };
    let sets: Vec<Recording> = SETS
        .iter()
        .map(|(name, ..)| {
            let place = Path::new(&folder).join(name);
            Ok(recorded(&place.join("labels.csv"), Some(&place.join("truth.csv")))?.recording)
        })
        .collect::<Result<_>>()?;
    print!("{:20}", "policy");
    for (name, ..) in SETS {
        print!("{name:>10.9}");
    }
    println!("     ratio  seconds");
    for policy in policies {
        let begun = Instant::now();
        let points: Vec<Vec<Point>> = sets
            .par_iter()
            .map(|set| replay(set, policy, &Options::default()))
            .collect::<Result<_, _>>()?;
        row(policy, &points, begun.elapsed().as_secs_f64());
    }
    Ok(())
}

fn row(policy: Policy, sets: &[Vec<Point>], seconds: f64) {
    print!("{:20}", policy.name());
    let (mut logs, mut count) = (0.0, 0.0);
    for (points, &(_, target, reference)) in sets.iter().zip(&SETS) {
        let of = |seed| -> Vec<Point> {
            points.iter().filter(|point| point.seed == seed).copied().collect()
        };
        let reached: Vec<f64> =
            (1000..1005).filter_map(|seed| judgments_to_reach(&of(seed), target)).collect();
        if reached.is_empty() {
            print!("{:>10}", "–");
            continue;
        }
        let mean = reached.iter().sum::<f64>() / reached.len() as f64;
        let times = if reached.len() < 5 {
            format!("{mean:.2} ({})", reached.len())
        } else {
            format!("{mean:.2}")
        };
        print!("{times:>10}");
        if reference.is_finite() {
            logs += (mean / reference).ln();
            count += 1.0;
        }
    }
    println!("  {:8.3} {seconds:8.1}", f64::exp(logs / count));
    calibration(sets);
}

/// Accuracy of the tasks that a policy stopped at targets of .9 and .95, mean over the sets.
fn calibration(sets: &[Vec<Point>]) {
    for target in [0.9, 0.95] {
        let each: Vec<Option<f64>> = sets
            .iter()
            .map(|points| {
                let stopped: Vec<f64> = points
                    .iter()
                    .filter(|point| (point.setting - target).abs() < 1e-9)
                    .filter_map(|point| point.at_target)
                    .collect();
                (!stopped.is_empty()).then(|| stopped.iter().sum::<f64>() / stopped.len() as f64)
            })
            .collect();
        let known: Vec<f64> = each.iter().copied().flatten().collect();
        if known.is_empty() {
            continue;
        }
        print!("{:20}", format!("  right at {target}"));
        for share in each {
            let share =
                share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", 100.0 * share));
            print!("{share:>10}");
        }
        println!("  {:8.3}", known.iter().sum::<f64>() / known.len() as f64);
    }
}
