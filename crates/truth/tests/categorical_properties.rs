//! What every categorical estimator holds on any judgments: no panic, no NaN, rows that sum to 1, the same twice.

use crowdsmith_truth::auto::Auto;
use crowdsmith_truth::categorical::{
    Bwa, Catd, DawidSkene, Ebcc, Elice, Glad, GoldMajorityVote, HierarchicalDawidSkene, Ibcc, Kos,
    MMsr, Mace, MajorityVote, OneCoin, Pm, Rows, Wawa, ZenCrowd, ZeroBasedSkill,
};
use crowdsmith_truth::{Columns, Duplicates, Estimator, Judgments};
use proptest::prelude::*;

fn estimators() -> Vec<Box<dyn Estimator>> {
    vec![
        Box::new(Auto::default()),
        Box::new(MajorityVote::default()),
        Box::new(Wawa),
        Box::new(GoldMajorityVote),
        Box::new(ZeroBasedSkill { iterations: 5, ..ZeroBasedSkill::default() }),
        Box::new(OneCoin::default()),
        Box::new(ZenCrowd::default()),
        Box::new(DawidSkene::default()),
        Box::new(HierarchicalDawidSkene::default()),
        Box::new(HierarchicalDawidSkene {
            rows: Rows::Shared,
            ..HierarchicalDawidSkene::default()
        }),
        Box::new(Ibcc { iterations: 20, ..Ibcc::default() }),
        Box::new(Ebcc { subtypes: 2, ..Ebcc::default() }),
        Box::new(Bwa::default()),
        Box::new(Pm::default()),
        Box::new(Catd::default()),
        Box::new(Glad { iterations: 5, ..Glad::default() }),
        Box::new(Mace { restarts: 2, iterations: 5, ..Mace::default() }),
        Box::new(Kos::default()),
        Box::new(MMsr { iterations: 20, ..MMsr::default() }),
        Box::new(Elice::default()),
    ]
}

/// Judgments of up to 5 tasks, 4 workers and 4 classes, any of which may be missing, duplicates kept, gold or not.
fn any_judgments() -> impl Strategy<Value = Judgments> {
    (0..6u32, 0..5u32, 0..5u16).prop_flat_map(|(tasks, workers, classes)| {
        let most = if tasks * workers * u32::from(classes) == 0 { 0 } else { 24 };
        let row = (0..tasks.max(1), 0..workers.max(1), 0..classes.max(1));
        let known = if tasks * u32::from(classes) == 0 { 0 } else { 3 };
        let gold = (0..tasks.max(1), 0..classes.max(1));
        (prop::collection::vec(row, 0..=most as usize), prop::collection::vec(gold, 0..=known))
            .prop_map(move |(rows, gold)| {
                let columns = Columns {
                    tasks: tasks as usize,
                    workers: workers as usize,
                    classes: classes as usize,
                    task: rows.iter().map(|row| row.0).collect(),
                    worker: rows.iter().map(|row| row.1).collect(),
                    label: rows.iter().map(|row| row.2).collect(),
                };
                Judgments::new(columns, Duplicates::Keep).unwrap().with_gold(&gold).unwrap()
            })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_judgments_give_probabilities_or_an_error(judgments in any_judgments()) {
        for method in estimators() {
            let Ok(fit) = method.fit(&judgments) else { continue };
            let name = method.name();
            let tasks = if judgments.classes() > 0 { judgments.tasks() } else { 0 };
            prop_assert_eq!(fit.labels.len(), tasks, "{}", name);
            for row in fit.posterior.rows() {
                prop_assert!(row.iter().all(|value| (0.0..=1.0 + 1e-9).contains(value)), "{} {:?}", name, row);
                prop_assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{} {:?}", name, row);
            }
            for (task, row) in fit.posterior.rows().enumerate() {
                if let Some(gold) = judgments.gold(task) {
                    prop_assert!((row[gold] - 1.0).abs() < 1e-9, "{} {:?}", name, row);
                }
            }
            let beta = |beta: &crowdsmith_truth::Beta| beta.alpha > 0.0 && beta.beta > 0.0 && beta.mean().is_finite();
            prop_assert!(fit.workers.accuracy.iter().all(beta), "{}", name);
            prop_assert!(fit.workers.skill.iter().flatten().all(|skill| skill.is_finite()), "{}", name);
            if let Some(confusions) = &fit.workers.confusions {
                prop_assert!(confusions.values().iter().all(|value| value.is_finite()), "{}", name);
            }
            prop_assert!(fit.convergence.log_likelihood.is_none_or(f64::is_finite), "{}", name);
            prop_assert_eq!(&method.fit(&judgments).unwrap(), &fit, "{}", name);
        }
    }

    #[test]
    fn the_order_of_the_tasks_does_not_matter(judgments in any_judgments()) {
        let tasks = judgments.tasks();
        let mut columns =
            Columns { tasks, workers: judgments.workers(), classes: judgments.classes(), ..Columns::default() };
        for task in 0..tasks {
            for (worker, label) in judgments.task(task) {
                columns.task.push((tasks - 1 - task) as u32);
                columns.worker.push(worker as u32);
                columns.label.push(label as u16);
            }
        }
        let mirrored = Judgments::new(columns, Duplicates::Keep).unwrap();
        let plain = judgments.with_gold(&[]).unwrap();
        for method in [Box::new(Auto::default()) as Box<dyn Estimator>, Box::new(DawidSkene::default())] {
            let (a, b) = (method.fit(&plain).unwrap(), method.fit(&mirrored).unwrap());
            for task in 0..tasks {
                for (x, y) in a.posterior.row(task).iter().zip(b.posterior.row(tasks - 1 - task)) {
                    prop_assert!((x - y).abs() < 1e-3, "{}: {} {}", method.name(), x, y);
                }
            }
        }
    }
}

#[test]
fn a_worker_who_judges_twice_is_refused_with_the_row() {
    let columns = Columns {
        tasks: 1,
        workers: 1,
        classes: 2,
        task: vec![0, 0],
        worker: vec![0, 0],
        label: vec![0, 1],
    };
    let error = Judgments::new(columns, Duplicates::Refuse).unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 1: worker 0 already judged task 0; keep one judgment of each worker on a task"
    );
}
