use super::*;
use crate::judgments::{Columns, Duplicates};

/// Five good workers and one who answers the opposite, two classes.
fn crowd(tasks: usize) -> Judgments {
    let mut columns = Columns { tasks, workers: 6, classes: 2, ..Columns::default() };
    for task in 0..tasks {
        for worker in 0..6 {
            let slip = (task / 2 + worker) % 6 == 0;
            let truth = (task % 2) as u16;
            let wrong = (worker == 5) != slip;
            columns.task.push(task as u32);
            columns.worker.push(worker as u32);
            columns.label.push(if wrong { 1 - truth } else { truth });
        }
    }
    Judgments::new(columns, Duplicates::Refuse).unwrap()
}

#[test]
fn an_adversary_is_found_out_and_used() {
    let fit = DawidSkene::default().fit(&crowd(60)).unwrap();
    assert!(fit.labels.iter().enumerate().all(|(task, &label)| label == (task % 2) as u16));
    let confusions = fit.workers.confusions.unwrap();
    assert!(confusions.row(5, 0)[1] > 0.7 && confusions.row(0, 0)[0] > 0.7);
    assert!((confusions.weight(0, 0) - 30.0).abs() < 0.5);
    assert!(fit.convergence.converged);
}

/// One step by hand: tasks {0: A A B, 1: B}, workers 0, 1, 2 and 2.
#[test]
fn one_iteration_matches_the_formulas() {
    let columns = Columns {
        tasks: 2,
        workers: 3,
        classes: 2,
        task: vec![0, 0, 0, 1],
        worker: vec![0, 1, 2, 2],
        label: vec![0, 0, 1, 1],
    };
    let judgments = Judgments::new(columns, Duplicates::Refuse).unwrap();
    let start = DawidSkene { iterations: 0, ..DawidSkene::default() }.fit(&judgments).unwrap();
    assert_eq!(start.posterior.values(), [2.0 / 3.0, 1.0 / 3.0, 0.0, 1.0]);
    assert!((start.class_prior[0] - 1.0 / 3.0).abs() < 1e-12);
    // Each worker gave one label only, so every answer has probability 1 and the prior is the posterior.
    let step = DawidSkene { iterations: 1, ..DawidSkene::default() }.fit(&judgments).unwrap();
    assert!((step.posterior.row(0)[0] - 1.0 / 3.0).abs() < 1e-7);
    assert!((step.posterior.row(1)[1] - 2.0 / 3.0).abs() < 1e-7);
}

#[test]
fn many_judgments_a_task_do_not_underflow() {
    let workers = 4000;
    let columns = Columns {
        tasks: 2,
        workers,
        classes: 3,
        task: (0..2 * workers as u32).map(|row| row % 2).collect(),
        worker: (0..2 * workers as u32).map(|row| row / 2).collect(),
        label: (0..2 * workers).map(|row| (row % 3) as u16).collect(),
    };
    let judgments = Judgments::new(columns, Duplicates::Refuse).unwrap();
    let fit = DawidSkene::default().fit(&judgments).unwrap();
    assert!(fit.posterior.values().iter().all(|value| value.is_finite()));
    assert!(fit.posterior.rows().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-9));
}

#[test]
fn the_log_likelihood_never_falls() {
    let judgments = crowd(40);
    let mut last = f64::NEG_INFINITY;
    for iterations in 1..12 {
        let model = DawidSkene { iterations, tolerance: 0.0, ..DawidSkene::default() };
        let reached = model.fit(&judgments).unwrap().convergence.log_likelihood.unwrap();
        assert!(reached >= last - 1e-4, "{reached} after {last}");
        last = reached;
    }
}

#[test]
fn threads_do_not_change_the_result() {
    let judgments = crowd(12_000);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| DawidSkene::default().fit(&judgments).unwrap())
    };
    assert!(runs(&judgments).len() > 1);
    assert_eq!(on(1), on(3));
}

#[test]
fn gold_is_certain_and_teaches() {
    let gold: Vec<(u32, u16)> = (0..20).map(|task| (task, 1 - (task % 2) as u16)).collect();
    let judgments = crowd(20).with_gold(&gold).unwrap();
    let fit = DawidSkene::default().fit(&judgments).unwrap();
    assert_eq!(fit.posterior.row(3), [1.0, 0.0]);
    assert!(fit.workers.confusions.unwrap().row(0, 0)[0] < 0.3);
}

#[test]
fn known_confusions_decide_where_votes_are_even() {
    let columns = Columns {
        tasks: 1,
        workers: 2,
        classes: 2,
        task: vec![0, 0],
        worker: vec![0, 1],
        label: vec![0, 1],
    };
    let judgments = Judgments::new(columns, Duplicates::Refuse).unwrap();
    let known = vec![1.0, 1.0, 1.0, 1.0, 9.0, 1.0, 1.0, 9.0];
    for known in [KnownConfusions::Assign(known.clone()), KnownConfusions::Add(known)] {
        let model = DawidSkene { known: Some(known), iterations: 1, ..DawidSkene::default() };
        assert_eq!(model.fit(&judgments).unwrap().labels, [1]);
    }
}

#[test]
fn tables_of_the_wrong_shape_and_bad_parameters_are_refused() {
    let judgments = crowd(2);
    let refused = |model: DawidSkene| model.fit(&judgments).unwrap_err();
    let base = DawidSkene::default;
    refused(DawidSkene { tolerance: f64::NAN, ..base() });
    refused(DawidSkene { shrinkage: -1.0, ..base() });
    refused(DawidSkene { class_prior: ClassPrior::Fixed(vec![1.0]), ..base() });
    refused(DawidSkene { known: Some(KnownConfusions::Add(vec![1.0])), ..base() });
}
