use crowdsmith_truth::rng::Rng;
use crowdsmith_truth::{Columns, Duplicates, Judgments};

use super::Models;

/// Tasks with five judgments each of workers with the given accuracies, in turn, and their truth.
fn crowd(tasks: usize, classes: usize, accuracies: &[f64], seed: u64) -> (Judgments, Vec<u16>) {
    let mut random = Rng::new(seed);
    let mut columns = Columns { tasks, classes, workers: accuracies.len(), ..Columns::default() };
    let truth: Vec<u16> = (0..tasks).map(|_| random.below(classes) as u16).collect();
    for (task, &class) in truth.iter().enumerate() {
        let mut order: Vec<usize> = (0..accuracies.len()).collect();
        random.shuffle(&mut order);
        for &worker in &order[..5] {
            let right = random.uniform() < accuracies[worker];
            let other = (usize::from(class) + 1 + random.below(classes - 1)) % classes;
            columns.task.push(task as u32);
            columns.worker.push(worker as u32);
            columns.label.push(if right { class } else { other as u16 });
        }
    }
    (Judgments::new(columns, Duplicates::Refuse).unwrap(), truth)
}

fn given(judgments: &Judgments, task: usize) -> Vec<(u32, u16)> {
    judgments.task(task).map(|(worker, label)| (worker as u32, label as u16)).collect()
}

const ACCURACIES: [f64; 8] = [0.95, 0.9, 0.85, 0.8, 0.75, 0.6, 0.4, 0.33];

#[test]
fn a_refit_finds_the_workers_and_the_truth() {
    let (judgments, truth) = crowd(1500, 3, &ACCURACIES, 1);
    let models = Models::start(3).refit(&judgments, &[]).unwrap();
    for (worker, accuracy) in ACCURACIES.iter().enumerate() {
        let found = models.worker_accuracy(worker as u32).unwrap().mean();
        assert!((found - accuracy).abs() < 0.05, "{found} for {accuracy}");
    }
    let right = (0..truth.len())
        .filter(|&task| {
            crowdsmith_truth::argmax(&models.posterior(&given(&judgments, task)))
                == usize::from(truth[task])
        })
        .count();
    assert!(right as f64 > 0.93 * truth.len() as f64, "{right}");
    assert_eq!(models.worker_accuracy(99), None);
}

#[test]
fn the_same_judgments_give_the_same_models_whatever_was_before() {
    let (judgments, _) = crowd(300, 3, &ACCURACIES, 2);
    let (other, _) = crowd(300, 3, &[0.5; 5], 3);
    let models = Models::start(3).refit(&judgments, &[]).unwrap();
    let detour = Models::start(3).refit(&other, &[]).unwrap().refit(&judgments, &[]).unwrap();
    assert_eq!(models, detour);
}

#[test]
fn stored_models_decide_as_before() {
    let (judgments, _) = crowd(200, 3, &ACCURACIES, 4);
    let models = Models::start(3).refit(&judgments, &[(0, 1)]).unwrap();
    let text = serde_json::to_string(&models).unwrap();
    let again: Models = serde_json::from_str(&text).unwrap();
    for (found, expected) in
        again.posterior(&[(0, 1), (5, 2)]).iter().zip(models.posterior(&[(0, 1), (5, 2)]))
    {
        assert!((found - expected).abs() < 1e-12);
    }
}

#[test]
fn gold_mends_a_crowd_that_errs_together() {
    // Half of the tasks of class 1 look like class 0 to everybody.
    let (mut columns, mut truth) =
        (Columns { tasks: 400, workers: 6, classes: 2, ..Columns::default() }, Vec::new());
    let mut random = Rng::new(5);
    for task in 0..400 {
        let class = u16::from(task % 2 == 0);
        let seen = if task % 4 == 0 { 0 } else { class };
        truth.push(class);
        for worker in 0..6 {
            columns.task.push(task);
            columns.worker.push(worker);
            columns.label.push(if random.uniform() < 0.85 { seen } else { 1 - seen });
        }
    }
    let judgments = Judgments::new(columns, Duplicates::Refuse).unwrap();
    let gold: Vec<(u32, u16)> = (0..100).map(|task| (task, truth[task as usize])).collect();
    let sure = |models: &Models| -> f64 {
        let tops = (100..400).map(|task| models.posterior(&given(&judgments, task)));
        tops.map(|row| row.into_iter().fold(0.0, f64::max)).sum::<f64>() / 300.0
    };
    let blind = Models::start(2).refit(&judgments, &[]).unwrap();
    let informed = Models::start(2).refit(&judgments, &gold).unwrap();
    assert!(sure(&blind) > 0.82, "{}", sure(&blind));
    assert!(
        (sure(&informed) - 0.75).abs() < 0.5 * (sure(&blind) - 0.75).abs() + 0.05,
        "{}",
        sure(&informed)
    );
}

#[test]
fn a_split_task_gains_more_than_a_unanimous_one() {
    let (judgments, _) = crowd(300, 3, &ACCURACIES, 6);
    let models = Models::start(3).refit(&judgments, &[]).unwrap();
    let unanimous = models.gain(&[(0, 1), (1, 1), (2, 1)]);
    let split = models.gain(&[(0, 1), (1, 2)]);
    assert!(unanimous >= 0.0);
    assert!(split > 3.0 * unanimous, "{split}, {unanimous}");
    assert!(models.gain(&[]) > split);
}

#[test]
fn nothing_known_is_defined() {
    let models = Models::start(4);
    assert_eq!(models.posterior(&[]), [0.25; 4]);
    assert!((models.crowd_accuracy() - 0.7).abs() < 1e-12);
    let nothing =
        Judgments::new(Columns { tasks: 2, classes: 4, ..Columns::default() }, Duplicates::Refuse)
            .unwrap();
    assert_eq!(models.refit(&nothing, &[]).unwrap(), models);
    assert!(models.refit(&crowd(2, 3, &[0.9; 5], 1).0, &[]).is_err());
    assert_eq!(Models::start(1).posterior(&[]), [1.0]);
}

#[test]
fn judgments_that_stand_alone_are_not_taken_for_certain() {
    let mut columns = Columns { tasks: 300, workers: 20, classes: 2, ..Columns::default() };
    let mut random = Rng::new(8);
    for task in 0..300 {
        columns.task.push(task);
        columns.worker.push(random.below(20) as u32);
        columns.label.push(random.below(2) as u16);
    }
    let judgments = Judgments::new(columns, Duplicates::Refuse).unwrap();
    let models = Models::start(2).refit(&judgments, &[]).unwrap();
    for task in 0..300 {
        let progress = models.progress(&given(&judgments, task));
        assert!((0.5..0.85).contains(&progress), "{progress}");
    }
    assert!((models.crowd_accuracy() - 0.7).abs() < 0.05);
}
