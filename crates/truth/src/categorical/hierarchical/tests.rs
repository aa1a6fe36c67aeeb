use super::*;
use crate::categorical::testing::{accuracy, judgments, simulated};

#[test]
fn offsets_order_the_workers_and_the_truth_is_found() {
    let accuracies = [0.95, 0.85, 0.7, 0.5, 0.3];
    let (data, truth) = simulated(1500, 3, &accuracies, 11);
    for rows in [Rows::Own, Rows::Shared] {
        let model = HierarchicalDawidSkene { rows, ..HierarchicalDawidSkene::default() };
        let fit = model.fit(&data).unwrap();
        assert!(accuracy(&fit.labels, &truth) > 0.93);
        let skills = fit.workers.skill.unwrap();
        assert!(skills.windows(2).all(|pair| pair[0] > pair[1]), "{skills:?}");
        let confusions = fit.workers.confusions.unwrap();
        for (worker, accuracy) in accuracies.into_iter().enumerate() {
            let mean = (0..3).map(|truth| confusions.row(worker, truth)[truth]).sum::<f64>() / 3.0;
            assert!((mean - accuracy).abs() < 0.05, "{mean} for {accuracy}");
        }
    }
}

#[test]
fn a_worker_of_one_judgment_is_like_the_crowd() {
    let (data, _) = simulated(200, 2, &[0.9; 5], 4);
    let mut rows: Vec<(u32, u32, u16)> = Vec::new();
    for task in 0..data.tasks() {
        rows.extend(
            data.task(task).map(|(worker, label)| (task as u32, worker as u32, label as u16)),
        );
    }
    rows.push((0, 5, 0));
    let fit = HierarchicalDawidSkene::default().fit(&judgments(200, 6, 2, &rows)).unwrap();
    let confusions = fit.workers.confusions.unwrap();
    assert!((confusions.row(5, 1)[1] - 0.9).abs() < 0.05);
}

#[test]
fn odd_data_are_defined() {
    for data in [
        judgments(0, 0, 0, &[]),
        judgments(3, 2, 1, &[(0, 0, 0), (1, 1, 0)]),
        judgments(2, 3, 40, &[(0, 0, 39), (0, 1, 3)]),
    ] {
        let fit = HierarchicalDawidSkene::default().fit(&data).unwrap();
        assert!(fit.posterior.values().iter().all(|value| value.is_finite()));
        assert!(fit.posterior.rows().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-9));
    }
}
