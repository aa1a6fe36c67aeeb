//! Claims, submissions, returns and deadlines.

use crowdsmith_platform::assignment;
use reqwest::Method;
use serde_json::json;

use crate::site::{Site, address, answers, on_both_engines};

on_both_engines!(
    a_submission_counts_once,
    wrong_answers_name_their_fields,
    a_worker_holds_two_assignments_at_most,
    returned_and_expired_tasks_go_to_others,
    one_worker_has_a_limit,
);

async fn a_submission_counts_once(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 3, "price": "0.10"}), 3).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let assignment = ada.claim(&batch).await.expect("tasks");
    let path = address(&assignment, "submit");
    let body = answers(&assignment, "good");
    let (status, _) = ben.refused(Method::POST, &path, &body).await;
    assert_eq!(status, 404, "somebody else's assignment");
    let first = ada.ok(Method::POST, &path, &body).await;
    assert_eq!((&first["judgments"], &first["earned"]), (&json!(3), &json!("0.30")));
    let mut reordered = body.clone();
    reordered["judgments"].as_array_mut().expect("a list").reverse();
    for again in [&body, &reordered] {
        assert_eq!(ada.ok(Method::POST, &path, again).await, first, "the same answers again");
    }
    let (status, problem) = ada.refused(Method::POST, &path, &answers(&assignment, "bad")).await;
    assert_eq!(status, 409, "{problem}");
    assert_eq!(site.owner.get(&format!("batches/{batch}")).await["progress"]["judgments"], 3);
    assert_eq!(ada.get("me").await["earned"], json!([{"amount": "0.30", "currency": "USD"}]));
}

async fn wrong_answers_name_their_fields(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 2}), 2).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("tasks");
    let path = address(&assignment, "submit");
    let mut body = answers(&assignment, "good");
    body["judgments"][1]["output"] = json!({"mood": "so-so", "moood": "x"});
    let (status, problem) = ada.refused(Method::POST, &path, &body).await;
    assert_eq!(status, 422);
    let fields: Vec<&str> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| e["field"].as_str().expect("a name"))
        .collect();
    assert_eq!(fields, ["judgments[1].output.mood", "judgments[1].output.moood"]);
    let mut short = answers(&assignment, "good");
    short["judgments"].as_array_mut().expect("a list").pop();
    assert_eq!(
        ada.refused(Method::POST, &path, &short).await.0,
        422,
        "every task must be answered"
    );
    let mut twice = answers(&assignment, "good");
    twice["judgments"][1]["task"] = twice["judgments"][0]["task"].clone();
    assert_eq!(ada.refused(Method::POST, &path, &twice).await.0, 422, "each task once");
    let (status, problem) = ada.refused(Method::POST, &path, &json!({"judgments": 3})).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("body")));
    ada.ok(Method::POST, &path, &answers(&assignment, "good")).await;
}

async fn a_worker_holds_two_assignments_at_most(site: &Site) {
    let batch = site.batch(&json!({"overlap": 3, "suite_size": 2}), 6).await;
    let ada = site.person("worker", "ada").await;
    let first = ada.claim(&batch).await.expect("tasks");
    let second = ada.claim(&batch).await.expect("tasks");
    assert_ne!(first["id"], second["id"]);
    assert_eq!(
        ada.claim(&batch).await.expect("tasks"),
        first,
        "a third claim answers with the oldest"
    );
    let live = ada.get(&format!("work/assignments?batch={batch}")).await;
    assert_eq!(live["items"], json!([first, second]));
    let offered = ada.get(&format!("work/batches/{batch}")).await;
    assert_eq!(offered["assignments"], live["items"]);
    let tasks =
        |assignment: &serde_json::Value| assignment["tasks"].as_array().expect("tasks").clone();
    assert!(
        tasks(&first).iter().all(|task| !tasks(&second).contains(task)),
        "never the same task twice"
    );
}

async fn returned_and_expired_tasks_go_to_others(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 1}), 2).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let returned = ada.claim(&batch).await.expect("a task");
    let expired = ada.claim(&batch).await.expect("a task");
    assert!(ben.claim(&batch).await.is_none(), "all slots are taken");
    for _ in 0..2 {
        let done = ada.ok(Method::POST, &address(&returned, "return"), &json!({})).await;
        assert_eq!(done["assignment"]["state"], "returned");
    }
    let (status, problem) =
        ada.refused(Method::POST, &address(&returned, "submit"), &answers(&returned, "good")).await;
    assert_eq!(status, 409);
    assert!(problem["detail"].as_str().expect("text").contains("was returned"));
    let freed = ben.claim(&batch).await.expect("the returned task");
    assert_eq!(freed["tasks"], returned["tasks"]);

    // As if the time had gone by.
    site.number("UPDATE assignment SET deadline = 1 WHERE state = 'leased' RETURNING deadline")
        .await;
    assignment::expire(&site.platform).await.expect("expires");
    let (status, problem) =
        ada.refused(Method::POST, &address(&expired, "submit"), &answers(&expired, "good")).await;
    assert_eq!(status, 409);
    assert!(problem["detail"].as_str().expect("text").contains("deadline"));
    let progress = site.owner.get(&format!("batches/{batch}")).await["progress"].clone();
    assert_eq!((&progress["in_work"], &progress["judgments"]), (&json!(0), &json!(0)));
    let again = ben.claim(&batch).await.expect("a freed task");
    ben.ok(Method::POST, &address(&again, "submit"), &answers(&again, "good")).await;
}

async fn one_worker_has_a_limit(site: &Site) {
    let batch = site
        .batch(&json!({"overlap": 1, "suite_size": 2, "max_judgments_per_worker": 3}), 10)
        .await;
    let ada = site.person("worker", "ada").await;
    let (first, second) =
        (ada.claim(&batch).await.expect("tasks"), ada.claim(&batch).await.expect("tasks"));
    assert_eq!(second["tasks"].as_array().expect("tasks").len(), 1, "two held, one more allowed");
    for held in [&first, &second] {
        ada.ok(Method::POST, &address(held, "submit"), &answers(held, "good")).await;
    }
    assert!(ada.claim(&batch).await.is_none());
}
