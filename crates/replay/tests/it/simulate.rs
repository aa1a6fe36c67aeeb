use clap::Parser;
use crowdsmith_replay::Simulate;
use crowdsmith_replay::simulate::{Forecast, forecast};

use super::replay::folder;

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Simulate,
}

fn planned(arguments: &str) -> anyhow::Result<Forecast> {
    let start = ["simulate", "--tasks", "200", "--runs", "8"];
    forecast(&Arguments::parse_from(start.into_iter().chain(arguments.split_whitespace())).options)
}

#[test]
fn fixed_overlap_costs_what_it_must() {
    let plan = planned("--policy fixed-majority --setting 3 --price 0.02 --rate 100").unwrap();
    assert!((plan.judgments.mean - 600.0).abs() < 1e-9);
    assert!((plan.cost.mean - 12.0).abs() < 1e-9);
    assert!((plan.hours.mean - 6.0).abs() < 1e-9);
    assert!(plan.accuracy.low < plan.accuracy.mean && plan.accuracy.mean < plan.accuracy.high);
}

#[test]
fn better_workers_need_fewer_judgments() {
    let good = planned("--accuracy 0.92 --spread 0.05").unwrap();
    let poor = planned("--accuracy 0.65 --spread 0.05").unwrap();
    assert!(good.judgments.mean < poor.judgments.mean);
    assert!(good.accuracy.mean > poor.accuracy.mean);
    assert_eq!(good, planned("--accuracy 0.92 --spread 0.05").unwrap());
}

#[test]
fn a_past_crowd_can_stand_for_the_next() {
    let folder = folder();
    let labels = folder.path().join("labels.csv");
    let plan = planned(&format!("--policy fixed-majority --setting 5 --like {}", labels.display()))
        .unwrap();
    assert!((0.75..0.99).contains(&plan.accuracy.mean), "{plan:?}");
    let gold = planned("--policy auto-gold --setting 0.9").unwrap();
    assert!(gold.judgments.mean > gold.judgments_per_task.mean * 180.0 + 1.0);
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    for (arguments, expected) in [
        ("--setting 3", "--setting is 3, auto expects a number between 0 and 1"),
        ("--policy fixed-majority --setting 0.5", "at least 1 judgment"),
        ("--rate 0", "--rate"),
        ("--policy none", "there is no policy `none`"),
        ("--like nowhere.csv", "nowhere.csv cannot be opened"),
    ] {
        let message = format!("{:#}", planned(arguments).unwrap_err());
        assert!(message.contains(expected), "{message}");
    }
}
