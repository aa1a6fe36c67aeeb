//! From a project to results: the main job, by HTTP alone.

use reqwest::Method;
use serde_json::json;

use crate::site::{Site, address, answers, on_both_engines};

on_both_engines!(from_tasks_to_labels, a_question_is_revised, a_batch_moves_through_its_states);

async fn from_tasks_to_labels(site: &Site) {
    let batch = site
        .batch(&json!({"overlap": 2, "suite_size": 2, "price": "0.05", "budget": "1.00"}), 5)
        .await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);

    let offers = ada.get("work/batches").await;
    assert_eq!(offers["items"][0]["title"], "Mood");
    assert_eq!(offers["items"][0]["tasks_left"], 5);
    let page = ada.get(&format!("work/batches/{batch}")).await;
    assert_eq!(page["instructions_html"], "<h1>Look</h1>\n");
    assert_eq!(page["output"]["mood"]["options"][1]["value"], "bad");

    for worker in [&ada, &ben] {
        let mut judged = 0;
        while let Some(assignment) = worker.claim(&batch).await {
            let done = worker
                .ok(Method::POST, &address(&assignment, "submit"), &answers(&assignment, "bad"))
                .await;
            judged += done["judgments"].as_i64().expect("a count");
        }
        assert_eq!(judged, 5);
        let me = worker.get("me").await;
        assert_eq!(me["earned"], json!([{"amount": "0.25", "currency": "USD"}]));
    }
    let shown = site.owner.get(&format!("batches/{batch}")).await;
    let progress = &shown["progress"];
    assert_eq!(
        (&progress["done"], &progress["left"], &progress["judgments"]),
        (&json!(5), &json!(0), &json!(10))
    );
    assert_eq!(
        (&progress["spent"], &progress["workers"], &progress["in_work"]),
        (&json!("0.50"), &json!(2), &json!(0))
    );

    let results = site.owner.get(&format!("batches/{batch}/results?limit=3")).await;
    assert_eq!(results["method"], "auto");
    assert_eq!(results["items"][0]["task"], "t0");
    assert_eq!(results["items"][0]["fields"]["mood"]["value"], "bad");
    let next = results["next"].as_str().expect("a second page");
    let rest = site.owner.get(&format!("batches/{batch}/results?limit=3&after={next}")).await;
    assert_eq!(rest["items"].as_array().expect("items").len(), 2);

    let task = results["items"][0]["task_id"].as_str().expect("an id");
    let behind = site.owner.get(&format!("batches/{batch}/tasks/{task}")).await;
    let workers: Vec<&str> = behind["judgments"]
        .as_array()
        .expect("judgments")
        .iter()
        .map(|j| j["worker"].as_str().expect("a name"))
        .collect();
    assert_eq!(workers.len(), 2);
    assert!(
        workers.iter().all(|name| name.len() == 14 && name.starts_with('A')),
        "pseudonyms: {workers:?}"
    );
}

async fn a_question_is_revised(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1}), 1).await;
    let same = site.owner.get("projects/mood").await;
    let mut question = json!({"title": same["title"], "description": same["description"],
        "instructions": same["instructions"], "input": {"text": {}}, "output": same["output"]});
    let unchanged = site.owner.ok(Method::PUT, "projects/mood", &question).await;
    assert_eq!(unchanged["revision"], 1, "the same question makes no revision");
    question["title"] = "Mood?".into();
    let revised = site.owner.ok(Method::PUT, "projects/mood", &question).await;
    assert_eq!(revised["revision"], 2);
    assert_eq!(
        site.owner.get(&format!("batches/{batch}")).await["revision"],
        1,
        "a batch keeps its revision"
    );

    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("a task");
    assert_eq!(assignment["revision"], 1);
    let moved =
        site.owner.ok(Method::PUT, "projects/mood/batches/main", &json!({"overlap": 1})).await;
    assert_eq!(moved["revision"], 2, "putting the batch again moves it to the newest revision");
    ada.ok(Method::POST, &address(&assignment, "submit"), &answers(&assignment, "good")).await;
    let judgments = site.owner.get(&format!("batches/{batch}/judgments")).await;
    assert_eq!(
        judgments["items"][0]["revision"], 1,
        "a judgment remembers the revision it was made under"
    );

    question["output"]["mood"]["options"] = json!(["good", "bad", "so-so"]);
    site.owner.ok(Method::PUT, "projects/mood", &question).await;
    let (status, problem) =
        site.owner.refused(Method::PUT, "projects/mood/batches/main", &json!({"overlap": 1})).await;
    assert_eq!(status, 409);
    assert!(
        problem["detail"].as_str().expect("text").contains("output fields have changed"),
        "{problem}"
    );
}

async fn a_batch_moves_through_its_states(site: &Site) {
    let empty = site.batch(&json!({}), 0).await;
    let (status, problem) =
        site.owner.refused(Method::POST, &format!("batches/{empty}/open"), &json!({})).await;
    assert_eq!((status, problem["title"].as_str()), (409, Some("Not possible now")));

    let batch = site.batch(&json!({"overlap": 2, "suite_size": 1}), 2).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let held = ada.claim(&batch).await.expect("a task");
    site.owner.ok(Method::POST, &format!("batches/{batch}/pause"), &json!({})).await;
    assert!(ben.claim(&batch).await.is_none(), "a paused batch hands out nothing");
    ada.ok(Method::POST, &address(&held, "submit"), &answers(&held, "good")).await;
    site.owner.ok(Method::POST, &format!("batches/{batch}/open"), &json!({})).await;
    assert!(ben.claim(&batch).await.is_some());
    site.owner.ok(Method::POST, &format!("batches/{batch}/close"), &json!({})).await;
    let (status, _) =
        site.owner.refused(Method::POST, &format!("batches/{batch}/open"), &json!({})).await;
    assert_eq!(status, 409, "closing is for good");
    let (status, _) =
        site.owner.upload(&format!("batches/{batch}/tasks"), "text/csv", "text\nlate\n").await;
    assert_eq!(status, 409);
    site.owner.ok(Method::POST, &format!("batches/{batch}/archive"), &json!({})).await;
}
