//! How answers came about, and in which order their options were shown: stored, listed, exported, looked at by rules.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Person, Site, address, answers, on_both_engines};

on_both_engines!(
    what_the_page_told_comes_with_the_judgment,
    wrong_records_are_refused,
    a_rule_looks_at_behavior,
    a_project_switches_the_record_and_skips_off,
);

async fn what_the_page_told_comes_with_the_judgment(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 2}), 2).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("tasks");
    let path = address(&assignment, "submit");
    let mut body = answers(&assignment, "good");
    let behavior = json!({
        "first_action_ms": 900, "active_ms": 3200, "total_ms": 4000, "focus_lost": 1, "focus_lost_ms": 600,
        "scrolls": 2, "keys": 5, "clicks": 3, "pastes": 0,
    });
    body["judgments"][0]["behavior"] = behavior.clone();
    body["judgments"][0]["order"] = json!({"mood": ["bad", "good"]});
    let first = ada.ok(Method::POST, &path, &body).await;
    let again = answers(&assignment, "good");
    assert_eq!(ada.ok(Method::POST, &path, &again).await, first, "the answers are the same");

    let listed = site.owner.get(&format!("batches/{batch}/judgments")).await["items"].clone();
    assert_eq!(
        (&listed[0]["behavior"], &listed[0]["order"]),
        (&behavior, &json!({"mood": ["bad", "good"]}))
    );
    assert_eq!((&listed[1]["behavior"], &listed[1]["order"]), (&Value::Null, &Value::Null));
    let ndjson = site.owner.download(&format!("batches/{batch}/judgments?format=ndjson")).await;
    let row: Value = serde_json::from_str(ndjson.lines().next().expect("a line")).expect("JSON");
    assert_eq!(
        (&row["page_behavior"], &row["shown_order"]),
        (&behavior, &json!({"mood": ["bad", "good"]}))
    );
    let csv = site.owner.download(&format!("batches/{batch}/judgments?format=csv")).await;
    assert!(csv.lines().next().expect("a head").ends_with(",counts,page_behavior,shown_order"));
    assert!(csv.contains("\"\"first_action_ms\"\":900"), "{csv}");
    let parquet = format!("batches/{batch}/judgments?format=parquet");
    let parquet = site.owner.send(Method::GET, &parquet, None).await;
    assert!(parquet.bytes().await.expect("a body").ends_with(b"PAR1"));
}

async fn wrong_records_are_refused(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 1}), 1).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("tasks");
    let path = address(&assignment, "submit");
    let with = |key: &str, value: Value| {
        let mut body = answers(&assignment, "good");
        body["judgments"][0][key] = value;
        body
    };
    for (body, field, told) in [
        (with("behavior", json!({"pastes": -1})), "body", "pastes"),
        (with("behavior", json!({"typed": "secret"})), "body", "unknown field `typed`"),
        (
            with("order", json!({"mood": ["good"]})),
            "judgments[0].order.mood",
            "must name each option once: good, bad",
        ),
        (with("order", json!({"mud": []})), "judgments[0].order.mud", "is no field"),
    ] {
        let (status, problem) = ada.refused(Method::POST, &path, &body).await;
        let error = &problem["errors"][0];
        assert_eq!((status, error["field"].as_str()), (422, Some(field)), "{problem}");
        assert!(error["message"].as_str().expect("a text").contains(told), "{problem}");
    }
    ada.ok(Method::POST, &path, &answers(&assignment, "good")).await;
}

async fn a_rule_looks_at_behavior(site: &Site) {
    let rule = json!({
        "collector": "behavior", "last": 3, "when": {"count": ">= 2", "active_seconds": "< 2", "pastes": ">= 1"},
        "action": {"restrict": "batch"},
    });
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 1, "rules": [rule]}), 9).await;
    let ada = site.person("worker", "ada").await;
    let work = async |worker: &Person, active_ms: i64, pastes: i64| {
        let assignment = worker.claim(&batch).await.expect("a task");
        let mut body = answers(&assignment, "good");
        body["judgments"][0]["behavior"] = json!({"active_ms": active_ms, "pastes": pastes});
        worker.ok(Method::POST, &address(&assignment, "submit"), &body).await;
    };
    work(&ada, 9000, 1).await;
    for _ in 0..2 {
        work(&ada, 1000, 1).await;
    }
    let firings =
        async || site.owner.get(&format!("batches/{batch}/firings")).await["items"].clone();
    assert_eq!(firings().await, json!([]), "3.7 seconds on average");
    work(&ada, 1500, 2).await;
    let why = "behavior: active_seconds 1.17, pastes 1.33 on average over 3 judgments, rule: count >= 2 and \
               active_seconds < 2 and pastes >= 1";
    assert_eq!(firings().await[0]["why"], why);
    assert!(ada.claim(&batch).await.is_none());
    let ben = site.person("worker", "ben").await;
    let quiet = ben.claim(&batch).await.expect("a task");
    ben.ok(Method::POST, &address(&quiet, "submit"), &answers(&quiet, "good")).await;
    assert_eq!(
        firings().await.as_array().expect("a list").len(),
        1,
        "whose page tells nothing is not judged"
    );
}

async fn a_project_switches_the_record_and_skips_off(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 1}), 0).await;
    let question = json!({
        "title": "Mood", "input": {"text": {"type": "text"}}, "page": {"behavior": false, "skip": false},
        "output": {"mood": {"type": "choice", "options": ["good", "bad"]}},
    });
    site.owner.ok(Method::PUT, "projects/mood", &question).await;
    let settings = json!({"overlap": 1, "suite_size": 1});
    site.owner.ok(Method::PUT, "projects/mood/batches/main", &settings).await;
    let rows = json!([{"task": "only", "text": "one"}]);
    site.owner.ok(Method::POST, &format!("batches/{batch}/tasks"), &rows).await;
    site.owner.ok(Method::POST, &format!("batches/{batch}/open"), &json!({})).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("a task");
    let path = address(&assignment, "submit");
    let mut told = answers(&assignment, "good");
    told["judgments"][0]["behavior"] = json!({"keys": 1});
    let skipped = json!({"judgments": [{
        "task": assignment["tasks"][0]["id"], "skip": {"kind": "skip", "reason": "unclear"},
    }]});
    for (body, field) in [(told, "judgments[0].behavior"), (skipped, "judgments[0].skip")] {
        let (status, problem) = ada.refused(Method::POST, &path, &body).await;
        assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!(field)), "{problem}");
    }
    ada.ok(Method::POST, &path, &answers(&assignment, "good")).await;
}
