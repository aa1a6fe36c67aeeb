//! Tables in: tasks and imported judgments.

use reqwest::Method;
use serde_json::json;

use crate::site::{Site, on_both_engines};

on_both_engines!(
    tasks_come_in_three_formats,
    a_wrong_line_keeps_everything_out,
    pushing_again_adds_nothing,
    a_hundred_thousand_tasks_take_seconds,
    judgments_are_imported_once,
    a_budget_must_cover_the_tasks,
);

async fn tasks_come_in_three_formats(site: &Site) {
    let batch = site.batch(&json!({}), 0).await;
    let path = format!("batches/{batch}/tasks");
    for (content_type, content) in [
        ("text/csv", "task,text\na,\"one, two\"\n"),
        ("application/x-ndjson", "{\"task\":\"b\",\"text\":\"x\"}\n{\"text\":\"nameless\"}\n"),
        ("application/json", "[{\"task\":\"c\",\"text\":\"y\"}]"),
    ] {
        let (status, answer) = site.owner.upload(&path, content_type, content).await;
        assert_eq!(status, 201, "{answer}");
    }
    let tasks = site.owner.get(&path).await;
    let shown: Vec<(&str, &str)> = tasks["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|task| {
            (task["name"].as_str().unwrap_or("-"), task["input"]["text"].as_str().expect("text"))
        })
        .collect();
    assert_eq!(shown, [("a", "one, two"), ("b", "x"), ("-", "nameless"), ("c", "y")]);
    let (status, problem) = site.owner.upload(&path, "text/plain", "x").await;
    assert_eq!((status, problem["type"].as_str()), (415, Some("unsupported-media-type")));
}

async fn a_wrong_line_keeps_everything_out(site: &Site) {
    let batch = site.batch(&json!({}), 0).await;
    let path = format!("batches/{batch}/tasks");
    let (status, problem) = site.owner.upload(&path, "text/csv", "task,text\na,x\nb,\na,y\n").await;
    assert_eq!(status, 422);
    assert_eq!(
        problem["errors"],
        json!([
            {"field": "line 3, column text", "message": "is missing"},
            {"field": "line 4, column task", "message": "`a` stands there twice"},
        ])
    );
    assert_eq!(site.owner.get(&path).await["items"], json!([]), "nothing of the file is kept");
    site.owner.upload(&path, "text/csv", "task,text\na,x\n").await;
    let (status, problem) = site.owner.upload(&path, "text/csv", "task,text\nb,x\na,other\n").await;
    assert_eq!(status, 422);
    assert!(
        problem["detail"].as_str().expect("text").contains("task `a` with another input"),
        "{problem}"
    );
    assert_eq!(site.owner.get(&path).await["items"].as_array().expect("items").len(), 1);
}

async fn pushing_again_adds_nothing(site: &Site) {
    let batch = site.batch(&json!({}), 0).await;
    let path = format!("batches/{batch}/tasks");
    let csv = "task,text\na,x\nb,y\n";
    assert_eq!(
        site.owner.upload(&path, "text/csv", csv).await.1,
        json!({"added": 2, "unchanged": 0})
    );
    assert_eq!(
        site.owner.upload(&path, "text/csv", csv).await.1,
        json!({"added": 0, "unchanged": 2})
    );

    let send = async |key: &str, body: &'static str| {
        let request = reqwest::Client::new()
            .post(format!("{}/api/v1/{path}", site.url))
            .bearer_auth(site.owner.token());
        let request =
            request.header("content-type", "text/csv").header("idempotency-key", key).body(body);
        let response = request.send().await.expect("an answer");
        (response.status().as_u16(), response.json::<serde_json::Value>().await.expect("JSON"))
    };
    for _ in 0..2 {
        assert_eq!(send("k", "text\nnameless\n").await, (201, json!({"added": 1, "unchanged": 0})));
    }
    assert_eq!(send("k", "text\nother\n").await.0, 409, "the same key for other tasks");
    assert_eq!(site.owner.get(&path).await["items"].as_array().expect("items").len(), 3);
}

async fn a_hundred_thousand_tasks_take_seconds(site: &Site) {
    let batch = site.batch(&json!({}), 0).await;
    let mut csv = String::from("task,text\n");
    for number in 0..100_000 {
        csv += &format!("t{number},a sentence of some length with the number {number}\n");
    }
    let started = std::time::Instant::now();
    let (status, answer) =
        site.owner.upload(&format!("batches/{batch}/tasks"), "text/csv", &csv).await;
    assert_eq!((status, answer), (201, json!({"added": 100_000, "unchanged": 0})));
    let seconds = started.elapsed().as_secs();
    assert!(seconds < 60, "{seconds} s for an unoptimised build");
}

async fn judgments_are_imported_once(site: &Site) {
    let batch = site.batch(&json!({"overlap": 2}), 3).await;
    let path = format!("batches/{batch}/judgments");
    let csv = "task,worker,label\nt0,w1,good\nt0,w2,good\nt0,w3,bad\nt1,w1,bad\n";
    let (status, answer) = site.owner.upload(&path, "text/csv", csv).await;
    assert_eq!((status, answer), (201, json!({"added": 4, "unchanged": 0, "workers": 3})));
    let again = site.owner.upload(&path, "text/csv", csv).await;
    assert_eq!(again.1, json!({"added": 0, "unchanged": 4, "workers": 0}));
    let progress = site.owner.get(&format!("batches/{batch}")).await["progress"].clone();
    assert_eq!(
        (&progress["judgments"], &progress["done"], &progress["wanted"]),
        (&json!(4), &json!(1), &json!(7))
    );

    for (csv, told) in [
        ("task,worker,label\nt9,w1,good\n", "line 2, column task: the batch has no task `t9`"),
        (
            "task,worker,label\nt2,w1,good\nt2,w2,fine\n",
            "line 3, column label: must be one of good, bad",
        ),
        ("task,worker,label\nt0,w1,bad\n", "line 2: the batch holds another answer of `w1`"),
        (
            "task,worker,label\nt2,w1,bad\nt2,w1,bad\n",
            "line 3, column worker: the worker `w1` judged the task `t2` already",
        ),
    ] {
        let (status, problem) = site.owner.upload(&path, "text/csv", csv).await;
        assert_eq!(status, 422);
        assert!(problem["detail"].as_str().expect("text").starts_with(told), "{problem}");
    }
    assert_eq!(site.owner.get(&path).await["items"].as_array().expect("items").len(), 4);

    let exported = site.owner.download(&format!("{path}?format=csv")).await;
    let mut reader = csv::Reader::from_reader(exported.as_bytes());
    assert_eq!(
        reader.headers().expect("a head").iter().take(4).collect::<Vec<_>>(),
        ["task", "task_id", "worker", "mood"]
    );
    let mut rows: Vec<String> = reader
        .records()
        .map(|row| row.expect("a row"))
        .map(|row| format!("{},{},{}", &row[0], &row[2], &row[3]))
        .collect();
    rows.sort();
    assert_eq!(rows, ["t0,w1,good", "t0,w2,good", "t0,w3,bad", "t1,w1,bad"]);

    let ada = site.person("worker", "ada").await;
    let claimed = ada.claim(&batch).await.expect("tasks");
    assert_eq!(claimed["tasks"].as_array().expect("tasks").len(), 2, "t0 has all it wants");
}

async fn a_budget_must_cover_the_tasks(site: &Site) {
    let batch = site.batch(&json!({"overlap": 3, "price": "0.10", "budget": "1.00"}), 0).await;
    let path = format!("batches/{batch}/tasks");
    let (status, problem) = site.owner.upload(&path, "text/csv", "text\na\nb\nc\nd\n").await;
    assert_eq!(status, 422);
    assert_eq!(
        problem["errors"][0]["message"],
        "of 1.00 does not cover 12 judgments at 0.10, which is 1.20"
    );
    assert_eq!(site.owner.upload(&path, "text/csv", "text\na\nb\nc\n").await.0, 201);
    let dearer = json!({"overlap": 3, "price": "0.20", "budget": "1.00"});
    assert_eq!(site.owner.refused(Method::PUT, "projects/mood/batches/main", &dearer).await.0, 422);
}
