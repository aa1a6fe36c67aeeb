use proptest::prelude::*;

use super::*;
use crate::judgments::{Columns, Duplicates};
use crate::rng::Rng;

/// Five levels, 300 tasks, eight workers whose answers stray by a rounded normal of growing width.
fn crowd() -> (Judgments, Vec<u16>) {
    let mut rng = Rng::new(11);
    let widths = [0.3, 0.4, 0.5, 0.8, 1.2, 1.8, 2.5, 2.5];
    let truth: Vec<u16> = (0..300).map(|_| rng.below(5) as u16).collect();
    let mut columns = Columns { tasks: 300, workers: 8, classes: 5, ..Columns::default() };
    for (task, &class) in truth.iter().enumerate() {
        for (worker, width) in widths.iter().enumerate() {
            let answer = (f64::from(class) + width * rng.normal()).round().clamp(0.0, 4.0);
            columns.task.push(task as u32);
            columns.worker.push(worker as u32);
            columns.label.push(answer as u16);
        }
    }
    (Judgments::new(columns, Duplicates::Refuse).unwrap(), truth)
}

fn mean_absolute_error(values: &[f64], truth: &[u16]) -> f64 {
    let errors = values.iter().zip(truth).map(|(value, &class)| (value - f64::from(class)).abs());
    errors.sum::<f64>() / truth.len() as f64
}

#[test]
fn precise_workers_get_a_larger_theta_and_decide() {
    let (judgments, truth) = crowd();
    let fit = OrdinalWorkers::default().fit(&judgments).unwrap();
    let theta = fit.workers.skill.as_ref().unwrap();
    assert!(theta[0] > theta[3] && theta[3] > theta[5] && theta[5] < 0.0, "{theta:?}");
    let expected = expectations(&fit.posterior);
    let votes: Vec<f64> = (0..judgments.tasks())
        .map(|task| judgments.task(task).map(|(_, label)| label as f64).sum::<f64>() / 8.0)
        .collect();
    let (ours, mean) =
        (mean_absolute_error(&expected, &truth), mean_absolute_error(&votes, &truth));
    assert!(ours < 0.25 * mean, "{ours} {mean}");
    assert!(fit.convergence.converged);
}

#[test]
fn rows_of_a_confusion_sum_to_one_and_gold_is_kept() {
    let (judgments, _) = crowd();
    let fit = OrdinalWorkers::default().fit(&judgments.with_gold(&[(7, 2)]).unwrap()).unwrap();
    let confusions = fit.workers.confusions.unwrap();
    for worker in 0..8 {
        for truth in 0..5 {
            assert!((confusions.row(worker, truth).iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
    assert_eq!(fit.labels[7], 2);
    assert!((fit.posterior.row(7)[2] - 1.0).abs() < 1e-12);
}

#[test]
fn the_likelihood_climbs() {
    let (judgments, _) = crowd();
    let at = |iterations| {
        let model = OrdinalWorkers { iterations, tolerance: 0.0, ..OrdinalWorkers::default() };
        model.fit(&judgments).unwrap().convergence.log_likelihood.unwrap()
    };
    assert!(at(2) <= at(5) + 1e-9 && at(5) <= at(20) + 1e-9);
}

#[test]
fn medians_and_expectations_by_hand() {
    let posterior = Posterior::new(3, vec![0.2, 0.3, 0.5, 0.6, 0.4, 0.0]).unwrap();
    assert_eq!(medians(&posterior), [1, 0]);
    let means = expectations(&posterior);
    assert!((means[0] - 1.3).abs() < 1e-12 && (means[1] - 0.4).abs() < 1e-12);
}

proptest! {
    #[test]
    fn posteriors_are_distributions(
        rows in prop::collection::vec((0..6u32, 0..4u32, 0..4u16), 0..40),
        shrinkage in 0.01..50.0f64,
    ) {
        let columns = Columns {
            tasks: 7,
            workers: 5,
            classes: 4,
            task: rows.iter().map(|row| row.0).collect(),
            worker: rows.iter().map(|row| row.1).collect(),
            label: rows.iter().map(|row| row.2).collect(),
        };
        let judgments = Judgments::new(columns, Duplicates::Keep).unwrap();
        let fit = OrdinalWorkers { shrinkage, ..OrdinalWorkers::default() }.fit(&judgments).unwrap();
        for row in fit.posterior.rows() {
            prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
        prop_assert!(fit.workers.skill.unwrap().iter().all(|theta| theta.is_finite()));
    }
}
