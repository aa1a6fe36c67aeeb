//! Many workers at once: what a task gets, what workers earn, and that all counters say what the rows say.

use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;

use crate::site::{Site, address, answers, on_both_engines};

on_both_engines!(many_workers_never_overfill_a_task);

const TASKS: usize = 60;
const OVERLAP: i64 = 3;
const WORKERS: usize = 8;

async fn many_workers_never_overfill_a_task(site: &Site) {
    let batch =
        site.batch(&json!({"overlap": OVERLAP, "suite_size": 4, "price": "0.01"}), TASKS).await;
    let mut crowd = JoinSet::new();
    for number in 0..WORKERS {
        let worker = site.person("worker", &format!("w{number}")).await;
        let batch = batch.clone();
        crowd.spawn(async move {
            let (mut judged, mut in_vain, mut turn) = (0, 0, number);
            while in_vain < 12 {
                let Some(assignment) = worker.claim(&batch).await else {
                    in_vain += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
                    continue;
                };
                in_vain = 0;
                turn += 1;
                if turn % 5 == 0 {
                    worker.ok(Method::POST, &address(&assignment, "return"), &json!({})).await;
                    continue;
                }
                let body = answers(&assignment, if turn % 2 == 0 { "good" } else { "bad" });
                let path = address(&assignment, "submit");
                let (one, two) = tokio::join!(
                    worker.ok(Method::POST, &path, &body),
                    worker.ok(Method::POST, &path, &body)
                );
                assert_eq!(one, two, "the same submission at the same moment");
                judged += one["judgments"].as_i64().expect("a count");
            }
            judged
        });
    }
    let judged: i64 = crowd.join_all().await.into_iter().sum();
    let wanted = TASKS as i64 * OVERLAP;
    assert_eq!(judged, wanted);

    let ndjson = site.owner.download(&format!("batches/{batch}/judgments?format=ndjson")).await;
    let mut pairs: Vec<(String, String)> = ndjson
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|row| {
            (
                row["task"].as_str().expect("a task").to_owned(),
                row["worker"].as_str().expect("a worker").to_owned(),
            )
        })
        .collect();
    pairs.sort();
    assert_eq!(pairs.len() as i64, wanted);
    let all = pairs.len();
    pairs.dedup();
    assert_eq!(pairs.len(), all, "nobody judged a task twice");
    let results = site.owner.download(&format!("batches/{batch}/results?format=ndjson")).await;
    assert!(results.lines().all(|line| line.contains("\"judgments\":3,")), "three judgments each");

    let progress = site.owner.get(&format!("batches/{batch}")).await["progress"].clone();
    assert_eq!(
        (&progress["judgments"], &progress["done"], &progress["in_work"], &progress["spent"]),
        (&json!(wanted), &json!(TASKS), &json!(0), &json!("1.80"))
    );
    let paid = site.number("SELECT CAST(SUM(amount) AS BIGINT) FROM transfer").await;
    assert_eq!(paid, 1_800_000, "the ledger holds what the counters say");
    let wrong = "SELECT COUNT(*) FROM task t WHERE t.open_slots <> 0 OR t.judged <> t.wanted
                 OR t.judged <> (SELECT COUNT(*) FROM judgment j WHERE j.task_id = t.id)";
    assert_eq!(site.number(wrong).await, 0, "each task's counters are those of its rows");
}
