use super::*;
use crate::categorical::testing::{accuracy, simulated};
use crate::fit::argmax;

fn stream(data: &Judgments) -> Vec<(u32, u32, u16)> {
    let rows = |task: usize| {
        data.task(task).map(move |(worker, label)| (task as u32, worker as u32, label as u16))
    };
    (0..data.tasks()).flat_map(rows).collect()
}

fn observed(classes: usize, rows: &[(u32, u32, u16)]) -> Online {
    let mut online = Online::new(classes, 0.7).unwrap();
    for &(task, worker, label) in rows {
        online.observe(task, worker, label).unwrap();
    }
    online
}

#[test]
fn after_a_refit_posteriors_are_those_of_the_fit() {
    let (data, truth) = simulated(400, 3, &[0.95, 0.85, 0.5, 0.4, 0.3], 3);
    let mut online = observed(3, &stream(&data));
    online.refit(50).unwrap();
    let labels: Vec<u16> = (0..400).map(|task| argmax(&online.posterior(task)) as u16).collect();
    assert!(accuracy(&labels, &truth) > 0.93);
    let model =
        DawidSkene { class_prior: ClassPrior::VoteShare, shrinkage: 4.0, ..DawidSkene::default() };
    let fit = model.fit(&data).unwrap();
    for task in 0..400 {
        for (online, batch) in online.posterior(task).iter().zip(fit.posterior.row(task as usize)) {
            assert!((online - batch).abs() < 0.02, "{online} {batch}");
        }
    }
    // From there a refit has little left to do.
    assert!(online.refit(50).unwrap().iterations <= 5);
}

#[test]
fn merged_states_equal_one_that_saw_all() {
    let (data, _) = simulated(30, 2, &[0.9, 0.8, 0.7], 3);
    let rows = stream(&data);
    let (first, second) = rows.split_at(40);
    let mut merged = observed(2, first);
    merged.merge(&observed(2, second)).unwrap();
    let all = observed(2, &rows);
    assert_eq!(merged.len(), all.len());
    for task in 0..30 {
        let (a, b) = (merged.posterior(task), all.posterior(task));
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12));
    }
    assert!(matches!(merged.merge(&all), Err(Error::Duplicate { .. })));
    assert_eq!(merged.len(), all.len());
}

#[test]
fn wrong_judgments_are_refused_and_change_nothing() {
    let mut online = Online::new(2, 0.7).unwrap();
    online.observe(1, 1, 1).unwrap();
    let before = online.clone();
    assert!(matches!(
        online.observe(1, 1, 0),
        Err(Error::Duplicate { row: 1, task: 1, worker: 1 })
    ));
    assert!(matches!(online.observe(2, 1, 2), Err(Error::OutOfRange { .. })));
    assert_eq!(online, before);
    assert!(Online::new(2, 1.0).is_err() && Online::new(100_000, 0.5).is_err());
}

#[test]
fn dependence_keeps_confidence_down_and_new_workers_are_like_the_crowd() {
    let rows: Vec<(u32, u32, u16)> = (0..8).map(|worker| (0, worker, 1)).collect();
    let free = observed(2, &rows).posterior(0)[1];
    let tied = observed(2, &rows).with_dependence(0.5).unwrap().posterior(0)[1];
    assert!(tied < free && tied > 0.7);
    let (data, _) = simulated(200, 2, &[0.9; 4], 3);
    let mut online = observed(2, &stream(&data));
    online.refit(20).unwrap();
    online.observe(999, 77, 1).unwrap();
    assert!((online.posterior(999)[1] - 0.9).abs() < 0.05);
    online.refit(20).unwrap();
    assert!(online.posterior(999)[1] > 0.5);
}
