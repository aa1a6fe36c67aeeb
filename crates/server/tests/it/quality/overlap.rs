//! Adaptive overlap: when a task has enough judgments, and what becomes of those that stay doubtful.

use reqwest::Method;
use serde_json::json;

use super::{batch_with_gold, progress, refit, right, work, workers, wrong};
use crate::site::{Site, on_both_engines};

on_both_engines!(
    a_target_is_met_with_fewer_judgments,
    auto_buys_where_judgments_are_worth_most,
    what_auto_leaves_in_doubt_is_listed,
    doubtful_tasks_are_listed_and_decided,
    stronger_workers_get_the_doubtful_tasks,
    matching_answers_end_a_task,
    a_budget_holds_with_adaptive_overlap_and_gold,
    a_refit_learns_who_is_worth_less,
);

async fn a_target_is_met_with_fewer_judgments(site: &Site) {
    let settings = json!({"suite_size": 5, "overlap": {"min": 2, "max": 5, "target": 0.9}});
    let batch = site.batch(&settings, 40).await;
    let mut judgments = 0;
    for round in 0..8 {
        let worker = site.person("worker", &format!("w{round}")).await;
        judgments += work(&worker, &batch, right).await;
        if progress(site, &batch).await["left"] == 0 {
            break;
        }
        refit(site, &batch).await;
    }
    let shown = progress(site, &batch).await;
    assert_eq!((&shown["done"], &shown["ambiguous"]), (&json!(40), &json!(0)), "{shown}");
    assert!((80..=140).contains(&judgments), "{judgments} judgments where five each are 200");
    assert_eq!(
        site.number("SELECT COUNT(*) FROM task WHERE open_slots <> 0 OR wanted <> judged").await,
        0
    );
    let tasks = site.owner.get(&format!("batches/{batch}/tasks?state=done&limit=100")).await;
    for task in tasks["items"].as_array().expect("items") {
        assert!(task["confidence"].as_f64().expect("a confidence") >= 0.9, "{task}");
    }
}

async fn auto_buys_where_judgments_are_worth_most(site: &Site) {
    let settings =
        json!({"suite_size": 10, "overlap": {"rule": "auto", "min": 2, "max": 6, "target": 0.985}});
    let batch = site.batch(&settings, 40).await;
    // On every fourth text the crowd is divided; on the others it is of one mind.
    let opinion = |worker: usize| {
        move |text: &str| {
            let number: usize = text[5..].parse().expect("a number");
            let divided = number.is_multiple_of(4);
            if divided && (worker + number / 4).is_multiple_of(2) {
                wrong(text)
            } else {
                right(text)
            }
        }
    };
    let mut crowd = Vec::new();
    for number in 0..10 {
        crowd.push(site.person("worker", &format!("w{number}")).await);
    }
    let mut judgments = 0;
    for (number, worker) in (0..10).zip(&crowd).cycle().take(40) {
        judgments += work(worker, &batch, opinion(number)).await;
        refit(site, &batch).await;
        if progress(site, &batch).await["left"] == 0 {
            break;
        }
    }
    let shown = progress(site, &batch).await;
    assert_eq!((&shown["left"], &shown["done"]), (&json!(0), &json!(40)), "{shown}");
    assert!((81..=200).contains(&judgments), "{judgments} judgments");
    let tasks = site.owner.get(&format!("batches/{batch}/tasks?limit=100")).await;
    let mean = |divided: bool| {
        let tasks = tasks["items"].as_array().expect("items").iter();
        let counts: Vec<f64> = tasks
            .enumerate()
            .filter(|(n, _)| n.is_multiple_of(4) == divided)
            .map(|(_, task)| task["judgments"].as_f64().expect("a count"))
            .collect();
        counts.iter().sum::<f64>() / counts.len() as f64
    };
    let (where_divided, elsewhere) = (mean(true), mean(false));
    assert!(
        where_divided > elsewhere + 0.3,
        "{where_divided} where divided, {elsewhere} elsewhere"
    );
}

async fn what_auto_leaves_in_doubt_is_listed(site: &Site) {
    let settings =
        json!({"suite_size": 10, "overlap": {"rule": "auto", "min": 2, "max": 2, "target": 0.9}});
    let batch = site.batch(&settings, 10).await;
    let other = |text: &str| if text.ends_with('3') { wrong(text) } else { right(text) };
    work(&site.person("worker", "a").await, &batch, right).await;
    work(&site.person("worker", "b").await, &batch, other).await;
    refit(site, &batch).await;
    let shown = progress(site, &batch).await;
    assert_eq!(
        (&shown["left"], &shown["done"], &shown["ambiguous"]),
        (&json!(0), &json!(10), &json!(1)),
        "{shown}"
    );
    let doubtful = site.owner.get(&format!("batches/{batch}/tasks?state=ambiguous")).await;
    assert_eq!(doubtful["items"].as_array().map(Vec::len), Some(1), "{doubtful}");
}

async fn doubtful_tasks_are_listed_and_decided(site: &Site) {
    let settings =
        json!({"suite_size": 5, "overlap": {"rule": "matching", "matching": 3, "max": 3}});
    let batch = site.batch(&settings, 2).await;
    for (name, mood) in [("a", "good"), ("b", "bad"), ("c", "good")] {
        let worker = site.person("worker", name).await;
        work(&worker, &batch, |_| mood).await;
    }
    let shown = progress(site, &batch).await;
    assert_eq!((&shown["ambiguous"], &shown["left"]), (&json!(2), &json!(0)));
    let doubtful = site.owner.get(&format!("batches/{batch}/tasks?state=ambiguous")).await;
    let task = doubtful["items"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("batches/{batch}/tasks/{task}/decide");
    let rita = site.person("reviewer", "rita").await;
    let (status, problem) =
        rita.refused(Method::POST, &path, &json!({"output": {"mood": "great"}})).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("output.mood")));
    rita.ok(Method::POST, &path, &json!({"output": {"mood": "bad"}})).await;
    assert_eq!(progress(site, &batch).await["ambiguous"], 1);
    let results = site.owner.get(&format!("batches/{batch}/results")).await;
    let decided =
        results["items"].as_array().expect("items").iter().find(|item| item["task_id"] == *task);
    let mood = &decided.expect("the task")["fields"]["mood"];
    assert_eq!((&mood["value"], &mood["confidence"]), (&json!("bad"), &json!(1.0)));
    let ada = site.person("worker", "ada").await;
    let (status, _) = ada.refused(Method::POST, &path, &json!({"output": {"mood": "bad"}})).await;
    assert_eq!(status, 403);
}

async fn stronger_workers_get_the_doubtful_tasks(site: &Site) {
    let settings = json!({
        "suite_size": 4, "overlap": {"rule": "matching", "matching": 2, "max": 2},
        "ambiguous": {"stronger": 0.85, "extra": 1}, "gold": {"per_suite": 1},
    });
    let batch = batch_with_gold(site, settings, 3, 12).await;
    let strong = site.person("worker", "strong").await;
    for (name, mood) in [("a", "good"), ("b", "bad")] {
        work(&site.person("worker", name).await, &batch, |_| mood).await;
    }
    assert!(strong.claim(&batch).await.is_none(), "nothing is known of this worker yet");
    site.number("SELECT COUNT(*) FROM task WHERE demand > 0").await;
    let shown = progress(site, &batch).await;
    assert_eq!((&shown["left"], &shown["ambiguous"]), (&json!(3), &json!(0)), "{shown}");
    // Trust comes from gold in other batches of the project, or from this one; here it is set by hand of the test.
    site.execute("UPDATE participation SET trust = 0.95 WHERE judgments = 0").await;
    assert!(work(&strong, &batch, right).await >= 3);
    let shown = progress(site, &batch).await;
    assert_eq!((&shown["left"], &shown["done"]), (&json!(0), &json!(3)), "{shown}");
}

async fn matching_answers_end_a_task(site: &Site) {
    let batch = site
        .batch(
            &json!({"suite_size": 5, "overlap": {"rule": "matching", "matching": 2, "max": 5}}),
            5,
        )
        .await;
    for (name, answer) in [("a", "good"), ("b", "good"), ("c", "good")] {
        work(&site.person("worker", name).await, &batch, |_| answer).await;
    }
    let shown = progress(site, &batch).await;
    assert_eq!(
        (&shown["done"], &shown["judgments"], &shown["wanted"]),
        (&json!(5), &json!(10), &json!(10))
    );
}

async fn a_budget_holds_with_adaptive_overlap_and_gold(site: &Site) {
    let settings = json!({
        "suite_size": 4, "overlap": {"min": 1, "max": 7, "target": 0.99}, "price": "0.10", "budget": "2.30",
        "gold": {"per_suite": 1},
    });
    let batch = batch_with_gold(site, settings, 10, 20).await;
    for n in 0..4 {
        let worker = site.person("worker", &format!("w{n}")).await;
        work(&worker, &batch, right).await;
    }
    let shown = progress(site, &batch).await;
    let spent: f64 = shown["spent"].as_str().expect("money").parse().expect("a number");
    assert!((2.25..=2.30001).contains(&spent), "{spent}: all of the budget and no more");
    assert!(
        shown["notes"]
            .as_array()
            .expect("notes")
            .iter()
            .any(|note| note["code"] == "budget-used-up")
    );
    assert_eq!(site.number("SELECT CAST(committed AS BIGINT) FROM batch").await, 2_300_000);
}

async fn a_refit_learns_who_is_worth_less(site: &Site) {
    let settings = json!({"suite_size": 10, "overlap": {"min": 3, "max": 6, "target": 0.97}});
    let batch = site.batch(&settings, 60).await;
    for name in ["a", "b"] {
        work(&site.person("worker", name).await, &batch, right).await;
    }
    let coin = |text: &str| {
        if text.len().is_multiple_of(2) || text.ends_with(['1', '2', '7']) { "good" } else { "bad" }
    };
    work(&site.person("worker", "coin").await, &batch, coin).await;
    refit(site, &batch).await;
    let listed = workers(site, &batch).await;
    let mut trust: Vec<f64> =
        listed.iter().map(|w| w["trust"]["mean"].as_f64().expect("trust")).collect();
    trust.sort_by(f64::total_cmp);
    assert!(trust[0] + 0.1 < trust[1], "{trust:?}");
    assert_eq!(site.number("SELECT COUNT(*) FROM model WHERE judgments = 180").await, 1);
    let lag = &progress(site, &batch).await["refit_lag_seconds"];
    assert!(lag.is_null(), "{lag}");
    let metrics = reqwest::get(format!("{}/metrics", site.url)).await.expect("an answer");
    let metrics = metrics.text().await.expect("text");
    assert!(metrics.contains("crowdsmith_refit_lag_seconds"), "{metrics}");
}
