use crowdsmith_truth::rng::Rng;

use super::{Options, Point, Policy, Recording, compare, judgments_to_reach, replay};

/// `each` judgments of every task by different workers; one in `spammers` workers answers at random, the others are right
/// with the given probability.
fn crowd(tasks: usize, classes: usize, each: usize, accuracy: f64, spammers: usize) -> Recording {
    let mut random = Rng::new(11);
    let workers = 40;
    let mut recording = Recording { classes, workers, tasks: Vec::new(), truth: Vec::new() };
    for _ in 0..tasks {
        let truth = random.below(classes);
        let mut judges: Vec<usize> = (0..workers).collect();
        random.shuffle(&mut judges);
        let judge = |&worker: &usize| {
            let skill = if worker % spammers == 0 { 1.0 / classes as f64 } else { accuracy };
            let wrong = (truth + 1 + random.below(classes - 1)) % classes;
            (worker as u32, if random.uniform() < skill { truth } else { wrong } as u16)
        };
        recording.tasks.push(judges[..each].iter().map(judge).collect());
        recording.truth.push(Some(truth as u16));
    }
    recording
}

fn options(seeds: u64, settings: &[f64]) -> Options {
    Options { seeds: (0..seeds).collect(), gold: 0.2, settings: Some(settings.to_vec()) }
}

/// About half of the units were done with 2 judgments and three quarters with 4 or fewer at a confidence of 0.7.
#[test]
fn crowdflowers_published_effect_is_reproduced_by_its_rule() {
    let recording = crowd(1000, 4, 10, 0.72, 41);
    let points = replay(&recording, Policy::Confidence, &options(3, &[0.7])).unwrap();
    for point in points {
        assert!((0.45..0.6).contains(&point.done_with_2), "{point:?}");
        assert!((0.68..0.82).contains(&point.done_with_4), "{point:?}");
    }
}

#[test]
fn fixed_overlap_buys_what_it_says_and_what_there_is() {
    let mut recording = crowd(100, 2, 3, 0.8, 41);
    recording.tasks[0].truncate(1);
    let points = replay(&recording, Policy::FixedMajority, &options(1, &[1.0, 2.0, 9.0])).unwrap();
    let bought: Vec<f64> = points.iter().map(|point| point.judgments_per_task).collect();
    assert_eq!(bought, [1.0, 1.99, 2.98]);
    assert!((points[1].done_with_2 - 0.99).abs() < 1e-12);
    // Two votes of a task are right, tied or wrong: .8² + .8 · .2 in the mean.
    assert!((points[1].accuracy - 0.8).abs() < 0.1, "{points:?}");
}

#[test]
fn gold_is_counted_beside_and_not_scored() {
    let recording = crowd(100, 2, 4, 0.8, 41);
    let points = replay(&recording, Policy::AutoGold, &options(1, &[0.6, 1.0])).unwrap();
    assert!(points.iter().all(|point| point.gold_judgments == 20 * 4));
    assert!((points[1].judgments_per_task - 4.0).abs() < 1e-12);
    // Shares of 80 tasks, not of 100.
    let eightieths = 80.0 * points[1].accuracy * 4.0;
    assert!((eightieths - eightieths.round()).abs() < 1e-9);
    let without = replay(&recording, Policy::Auto, &options(1, &[0.6])).unwrap();
    assert_eq!(without[0].gold_judgments, 0);
}

/// What is below the target has all its judgments, what is above is left alone.
#[test]
fn auto_stops_tasks_at_the_target() {
    let recording = crowd(100, 2, 4, 0.75, 5);
    let points = replay(&recording, Policy::Auto, &options(1, &[0.8, 1.0])).unwrap();
    assert!(points[0].judgments_per_task < points[1].judgments_per_task, "{points:?}");
    assert!(points[0].done_with_2 > 0.2 && points[0].done_with_4 < 0.99, "{points:?}");
    assert!((points[1].judgments_per_task - 4.0).abs() < 1e-12 && points[1].done_with_4 < 0.01);
}

#[test]
fn a_budget_stops_auto_where_it_is_used_up() {
    let recording = crowd(100, 2, 4, 0.75, 5);
    let points = replay(&recording, Policy::Auto, &options(1, &[1.0, 2.5, 9.0])).unwrap();
    let found: Vec<(f64, f64)> =
        points.iter().map(|point| (point.setting, point.judgments_per_task)).collect();
    assert_eq!(found, [(2.5, 2.5), (1.0, 4.0), (9.0, 4.0)]);
    // The budget is a reason to stop, the target was not met.
    assert!(points[0].done_with_4 > 0.99 && points[1].done_with_4 < 0.01, "{points:?}");
}

#[test]
fn auto_looks_at_a_batch_every_tenth_of_a_judgment() {
    let recording = crowd(200, 3, 9, 0.7, 5);
    let options = Options { seeds: vec![1], ..Options::default() };
    let points = replay(&recording, Policy::Auto, &options).unwrap();
    let gaps = points.windows(2).map(|two| two[1].judgments_per_task - two[0].judgments_per_task);
    // A budget can be passed by a round, which is a twentieth of a judgment.
    assert!(gaps.clone().all(|gap| gap < 0.151), "{:?}", gaps.collect::<Vec<_>>());
}

#[test]
fn the_same_seed_gives_the_same_points_under_every_policy() {
    let recording = crowd(60, 3, 4, 0.7, 5);
    for policy in Policy::ALL {
        let settings = if policy.has_targets() { [0.7, 0.9] } else { [1.0, 3.0] };
        let options = options(2, &settings);
        let points = replay(&recording, policy, &options).unwrap();
        assert_eq!(points.len(), 4, "{policy}");
        assert_eq!(points, replay(&recording, policy, &options).unwrap(), "{policy}");
        assert!(points[0].judgments_per_task <= points[1].judgments_per_task, "{policy}");
        assert!(points.iter().all(|point| point.judgments_per_task <= 4.0), "{policy}");
        assert_eq!(policy.name().parse(), Ok(policy));
    }
}

#[test]
fn ours_reaches_with_fewer_judgments_what_fixed_overlap_reaches() {
    let recording = crowd(400, 2, 9, 0.85, 3);
    let goal = 0.93;
    let needed = |policy: Policy| -> f64 {
        let options = Options { seeds: (0..2).collect(), ..Options::default() };
        let points = replay(&recording, policy, &options).unwrap();
        let each = points.chunk_by(|one, other| one.seed == other.seed);
        each.map(|points| judgments_to_reach(points, goal).unwrap_or(9.0)).sum::<f64>() / 2.0
    };
    let (ours, fixed) = (needed(Policy::Auto), needed(Policy::FixedDawidSkene));
    assert!(ours < 0.75 * fixed, "{ours} against {fixed}");
}

#[test]
fn curves_are_means_over_the_seeds() {
    let recording = crowd(50, 2, 3, 0.8, 41);
    let options = options(3, &[1.0, 2.0]);
    let points = replay(&recording, Policy::FixedMajority, &options).unwrap();
    let curve = compare(&recording, &[Policy::FixedMajority], &options).unwrap().remove(0);
    let first: Vec<&Point> = points.iter().filter(|point| point.setting < 1.5).collect();
    let mean = first.iter().map(|point| point.accuracy).sum::<f64>() / 3.0;
    assert!((curve.points[0].accuracy - mean).abs() < 1e-12);
    assert_eq!(curve.points.len(), 2);
    let text = serde_json::to_string(&curve).unwrap();
    assert!(text.starts_with(r#"{"policy":"fixed-majority","points":[{"setting":1.0,"#), "{text}");
}

#[test]
fn judgments_to_reach_lie_between_two_points() {
    let point = |judgments_per_task: f64, accuracy: f64| Point {
        setting: judgments_per_task,
        seed: 0,
        judgments_per_task,
        accuracy,
        done_with_2: 0.0,
        done_with_4: 0.0,
        at_target: None,
        gold_judgments: 0,
    };
    let points = [point(4.0, 0.9), point(1.0, 0.7), point(2.0, 0.8)];
    let between = judgments_to_reach(&points, 0.85).unwrap();
    assert!((between - 3.0).abs() < 1e-9, "{between}");
    assert_eq!(judgments_to_reach(&points, 0.6), Some(1.0));
    assert_eq!(judgments_to_reach(&points, 0.95), None);
}
