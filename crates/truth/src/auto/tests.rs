use super::*;
use crate::calibration::Evaluation;
use crate::categorical::testing::{accuracy, judgments, simulated};

/// Real crowds err together, so the prior on dependence leaves some doubt about one that does not.
#[test]
fn independent_workers_are_mostly_believed() {
    let (data, truth) = simulated(1000, 4, &[0.9, 0.8, 0.75, 0.6, 0.3, 0.3], 2);
    let fit = Auto::default().fit(&data).unwrap();
    let truth: Vec<(usize, usize)> =
        truth.iter().map(|&label| label as usize).enumerate().collect();
    let scores = Evaluation::new(&fit.posterior, &truth);
    assert!(scores.accuracy > 0.93 && scores.ece < 0.12, "{scores:?}");
}

/// A third of the tasks mislead the whole crowd: without gold nobody can know, with some gold Auto does.
#[test]
fn gold_corrects_confidence_where_the_crowd_errs_together() {
    let (data, believed) = simulated(800, 2, &[0.85; 5], 9);
    let truth =
        |task: usize| if task.is_multiple_of(3) { 1 - believed[task] } else { believed[task] };
    let gold: Vec<(u32, u16)> = (0..80).map(|task| (task, truth(task as usize))).collect();
    let rest: Vec<(usize, usize)> = (80..800).map(|task| (task, truth(task) as usize)).collect();
    let blind = Evaluation::new(&Auto::default().fit(&data).unwrap().posterior, &rest);
    let fit = Auto::default().fit(&data.with_gold(&gold).unwrap()).unwrap();
    let taught = Evaluation::new(&fit.posterior, &rest);
    assert!(taught.ece < 0.08 && blind.ece > 0.15, "{} after {}", taught.ece, blind.ece);
    assert_eq!(fit.posterior.row(3)[truth(3) as usize].to_bits(), 1f64.to_bits());
}

#[test]
fn threads_do_not_change_the_result() {
    let (data, truth) = simulated(7000, 3, &[0.9, 0.8, 0.7, 0.6, 0.5, 0.8, 0.9], 6);
    let gold: Vec<(u32, u16)> = (0..50).map(|task| (task, truth[task as usize])).collect();
    let data = data.with_gold(&gold).unwrap();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Auto::default().fit(&data).unwrap())
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn odd_data_are_defined() {
    let cases = [
        judgments(0, 0, 0, &[]),
        judgments(2, 0, 3, &[]),
        judgments(2, 1, 1, &[(0, 0, 0)]),
        judgments(1, 1, 2, &[(0, 0, 1)]),
        judgments(3, 2, 2, &[(0, 0, 1), (0, 1, 0)]).with_gold(&[(0, 0), (2, 1)]).unwrap(),
        judgments(2, 2, 60_000, &[(0, 0, 59_999), (1, 1, 3)]),
    ];
    for data in cases {
        let fit = Auto::default().fit(&data).unwrap();
        assert!(fit.posterior.values().iter().all(|value| value.is_finite()));
        assert_eq!(fit.labels.len(), data.tasks());
    }
}

#[test]
fn the_label_follows_the_votes_of_a_simple_crowd() {
    let (data, truth) = simulated(100, 2, &[0.9; 3], 8);
    assert!(accuracy(&Auto::default().fit(&data).unwrap().labels, &truth) > 0.9);
}

/// Four rare classes and two judgments a task: a flattened class prior would make every other label a rare one.
#[test]
fn rare_classes_do_not_crowd_out_the_common_one() {
    let mut rng = crate::rng::Rng::new(5);
    let accuracies: Vec<f64> =
        (0..40).map(|worker| 0.65 + 0.3 * f64::from(worker) / 40.0).collect();
    let (mut rows, mut truth) = (Vec::new(), Vec::new());
    for task in 0..800u32 {
        let class = if rng.uniform() < 0.2 { 1 + rng.below(4) } else { 0 };
        truth.push(class as u16);
        let first = rng.below(40);
        for worker in [first, (first + 1 + rng.below(39)) % 40] {
            let right = rng.uniform() < accuracies[worker];
            let label = if right { class } else { (class + 1 + rng.below(4)) % 5 };
            rows.push((task, worker as u32, label as u16));
        }
    }
    let data = judgments(800, 40, 5, &rows);
    let fit = Auto::default().fit(&data).unwrap();
    assert!(accuracy(&fit.labels, &truth) > 0.82, "{}", accuracy(&fit.labels, &truth));
}

/// The pool reads the experts a few tasks at a time; the formula written out over whole posteriors says the same.
#[test]
fn the_pool_is_the_weighted_mean_of_tempered_logs() {
    let (data, truth) = simulated(9000, 3, &[0.9, 0.8, 0.7, 0.6, 0.5], 3);
    let gold: Vec<(u32, u16)> = (0..40).map(|task| (task, truth[task as usize])).collect();
    for data in [data.clone(), data.with_gold(&gold).unwrap()] {
        let gold = data.gold_codes();
        let auto = Auto::default();
        let experts = Experts::fit(&auto, &data, gold, &Progress::default()).unwrap();
        let weights = vec![0.1, 0.2, 0.3, 0.4];
        let calibration = Calibration::neutral(weights.clone(), data.classes());
        let pooled = pool::pool(&data, &experts, &calibration);
        let whole: Vec<Vec<f64>> =
            experts.models.iter().map(|model| model.all(&data, gold)).collect();
        for task in (0..data.tasks()).filter(|&task| data.gold(task).is_none()) {
            let power = pool::power(data.task_len(task), experts.dependence());
            let score = |class: usize| -> f64 {
                let logs = whole.iter().map(|values| values[task * 3 + class].max(1e-12).ln());
                logs.zip(&weights).map(|(log, weight)| weight * power * log).sum()
            };
            let total: f64 = (0..3).map(|class| score(class).exp()).sum();
            for class in 0..3 {
                let expected = 0.98 * score(class).exp() / total + 0.02 / 3.0;
                let found = pooled[task * 3 + class];
                assert!((found - expected).abs() < 1e-9, "task {task}: {found} for {expected}");
            }
        }
        for (task, &label) in gold.iter().enumerate().take(40) {
            assert_eq!(pooled[task * 3 + usize::from(label)].to_bits(), 1f64.to_bits());
        }
    }
}

#[test]
fn progress_counts_the_iterations_of_all_experts() {
    let (data, _) = simulated(300, 2, &[0.9, 0.8, 0.7], 1);
    let progress = Progress::default();
    let fit = Auto { iterations: 3, tolerance: 0.0 }.fit_watched(&data, &progress).unwrap();
    assert_eq!((fit.convergence.iterations, progress.iterations()), (3, 4 * 3));
}
