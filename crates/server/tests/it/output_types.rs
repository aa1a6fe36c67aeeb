//! Answers of task page elements: checked, kept as they were submitted, read in one form, aggregated.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Person, Site, address, on_both_engines};

on_both_engines!(
    drawings_are_checked_kept_and_aggregated,
    elements_answer_the_classic_questions_too,
    spans_and_rankings_are_of_their_task,
    questions_of_pages_are_refused_with_reasons,
    gold_compares_drawings
);

/// A batch of a project with this question.
async fn batch_of(site: &Site, name: &str, question: Value, settings: Value) -> String {
    site.owner.ok(Method::PUT, &format!("projects/{name}"), &question).await;
    let path = format!("projects/{name}/batches/main");
    let batch = site.owner.ok(Method::PUT, &path, &settings).await;
    batch["id"].as_str().expect("an id").to_owned()
}

async fn add_tasks(site: &Site, batch: &str, tasks: &[Value]) {
    let lines: Vec<String> = tasks.iter().map(Value::to_string).collect();
    let lines = lines.join("\n");
    let path = format!("batches/{batch}/tasks");
    let (status, body) = site.owner.upload(&path, "application/x-ndjson", &lines).await;
    assert_eq!(status, 201, "{body}");
    site.owner.ok(Method::POST, &format!("batches/{batch}/open"), &json!({})).await;
}

/// The body that answers every task of an assignment with `output`.
fn body(assignment: &Value, output: &Value) -> Value {
    let tasks = assignment["tasks"].as_array().expect("tasks").iter();
    let judgments: Vec<Value> =
        tasks.map(|task| json!({"task": task["id"], "output": output})).collect();
    json!({"judgments": judgments})
}

async fn answer(worker: &Person, batch: &str, output: &Value) {
    let assignment = worker.claim(batch).await.expect("a task");
    worker.ok(Method::POST, &address(&assignment, "submit"), &body(&assignment, output)).await;
}

fn boxes(left: i64, label: &str) -> Value {
    json!({"cats": {
        "boundingBoxes": [{"height": 50, "label": label, "left": left, "top": 10, "width": 50}],
        "inputImageProperties": {"height": 100, "width": 200},
    }})
}

fn drawing_question() -> Value {
    json!({
        "title": "Cats", "input": {"picture": {"type": "image"}},
        "output": {"cats": {"type": "boxes", "labels": ["cat", "dog"]}},
    })
}

async fn drawings_are_checked_kept_and_aggregated(site: &Site) {
    let batch = batch_of(site, "cats", drawing_question(), json!({"overlap": 3})).await;
    add_tasks(site, &batch, &[json!({"picture": "https://example.org/1.jpg"})]).await;
    for (name, left) in [("ada", 100), ("ben", 102), ("cem", 104)] {
        let worker = site.person("worker", name).await;
        let assignment = worker.claim(&batch).await.expect("a task");
        let path = address(&assignment, "submit");
        for (wrong, told) in [
            (boxes(160, "cat"), "lies outside of the picture, which is 200 wide and 100 high"),
            (boxes(10, "cow"), "must be one of cat, dog, not \"cow\""),
            (json!({"cats": "none"}), "must be an object"),
            (json!({}), "is required"),
        ] {
            let (status, problem) =
                worker.refused(Method::POST, &path, &body(&assignment, &wrong)).await;
            assert_eq!(
                (status, &problem["errors"][0]["field"]),
                (422, &json!("judgments[0].output.cats"))
            );
            let message = problem["errors"][0]["message"].as_str().expect("a message");
            assert!(message.contains(told), "{message}");
        }
        worker.ok(Method::POST, &path, &body(&assignment, &boxes(left, "cat"))).await;
    }
    let results = site.owner.get(&format!("batches/{batch}/results")).await;
    let result = &results["items"][0]["fields"]["cats"];
    let found = &result["value"]["boundingBoxes"];
    assert_eq!((&found[0]["left"], &found[0]["label"]), (&json!(102), &json!("cat")), "{result}");
    assert!(result["confidence"].as_f64().is_some_and(|sure| sure > 0.8 && sure < 1.0), "{result}");

    let judgments = site.owner.download(&format!("batches/{batch}/judgments?format=ndjson")).await;
    let kept: Value =
        serde_json::from_str(judgments.lines().next().expect("a line")).expect("JSON");
    assert_eq!(kept["cats"], boxes(100, "cat")["cats"]);
    let csv = site.owner.download(&format!("batches/{batch}/results?format=csv")).await;
    assert!(csv.contains("\"\"boundingBoxes\"\":[{"), "{csv}");
    let parquet = format!("batches/{batch}/results?format=parquet");
    assert_eq!(site.owner.send(Method::GET, &parquet, None).await.status(), 200);
}

async fn elements_answer_the_classic_questions_too(site: &Site) {
    let question = json!({
        "title": "Mood", "input": {"text": {}},
        "output": {
            "mood": {"type": "choice", "options": ["good", "bad"]},
            "tags": {"type": "choices", "options": ["a", "b"], "min": 0},
            "stars": {"type": "rating"},
        },
    });
    let batch = batch_of(site, "moods", question, json!({"overlap": 3})).await;
    add_tasks(site, &batch, &[json!({"text": "x"})]).await;
    let outputs = [
        json!({"mood": {"label": "good"}, "tags": {"labels": ["a"]}, "stars": "4"}),
        json!({"mood": {"good": true, "bad": false}, "tags": {"a": true, "b": false}, "stars": 4}),
        // answer-format="flatten-objects"
        json!({"mood.label": "good", "tags.labels": ["a"], "stars": 4}),
    ];
    for (name, output) in ["ada", "ben", "cem"].into_iter().zip(&outputs) {
        answer(&site.person("worker", name).await, &batch, output).await;
    }
    let results = site.owner.get(&format!("batches/{batch}/results?method=majority-vote")).await;
    let fields = &results["items"][0]["fields"];
    for (name, value) in [("mood", json!("good")), ("tags", json!(["a"])), ("stars", json!(4))] {
        assert_eq!(
            (&fields[name]["value"], &fields[name]["confidence"]),
            (&value, &json!(1.0)),
            "{name}"
        );
        assert_eq!(fields[name]["judgments"], 3);
    }
    let csv = site.owner.download(&format!("batches/{batch}/judgments?format=csv")).await;
    assert_eq!(csv.matches(",good,\"[\"\"a\"\"]\",4,").count(), 3, "{csv}");
    let kept = site.owner.download(&format!("batches/{batch}/judgments?format=ndjson")).await;
    let moods: Vec<Value> = kept
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["mood"].clone())
        .collect();
    assert_eq!(
        moods,
        [json!({"label": "good"}), json!({"good": true, "bad": false}), json!({"label": "good"})]
    );
}

async fn spans_and_rankings_are_of_their_task(site: &Site) {
    let question = json!({
        "title": "Spans", "input": {"text": {}, "answers": {"type": "json"}},
        "output": {
            "names": {"type": "spans", "labels": ["PER"]},
            "order": {"type": "ranking", "on": "answers"},
        },
    });
    let batch = batch_of(site, "spans", question, json!({"overlap": 2})).await;
    add_tasks(site, &batch, &[json!({"text": "Zoë sang", "answers": ["x", "y"]})]).await;
    let output = |end: i64, order: Value| {
        let span = json!({"label": "PER", "startOffset": 0, "endOffset": end});
        json!({"names": {"entities": [span]}, "order": order})
    };
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("a task");
    let path = address(&assignment, "submit");
    for (wrong, field, told) in [
        (output(9, json!(["x", "y"])), "names", "must be at most 8, the length of the text, not 9"),
        (output(3, json!(["x", "z"])), "order", "must be one of x, y, not \"z\""),
        (output(3, json!(["x"])), "order", "`y` is missing"),
    ] {
        let (status, problem) = ada.refused(Method::POST, &path, &body(&assignment, &wrong)).await;
        let error = &problem["errors"][0];
        assert_eq!(
            (status, &error["field"]),
            (422, &json!(format!("judgments[0].output.{field}")))
        );
        assert!(
            error["message"].as_str().is_some_and(|message| message.contains(told)),
            "{problem}"
        );
    }
    let right = output(3, json!({"ranking": ["y", "x"]}));
    ada.ok(Method::POST, &path, &body(&assignment, &right)).await;
    answer(&site.person("worker", "ben").await, &batch, &output(8, json!(["y", "x"]))).await;
    let results = site.owner.get(&format!("batches/{batch}/results")).await;
    let fields = &results["items"][0]["fields"];
    assert_eq!(fields["order"]["value"], json!(["y", "x"]));
    assert_eq!(fields["names"]["judgments"], 2);
    assert_eq!(fields["names"]["value"]["entities"][0]["label"], "PER");
}

async fn questions_of_pages_are_refused_with_reasons(site: &Site) {
    let refused = async |output: Value| {
        let question = json!({"title": "T", "input": {"text": {}}, "output": {"f": output}});
        let (status, problem) = site.owner.refused(Method::PUT, "projects/wrong", &question).await;
        assert_eq!(status, 422);
        let error = &problem["errors"][0];
        format!(
            "{}: {}",
            error["field"].as_str().expect("a field"),
            error["message"].as_str().expect("a message")
        )
    };
    for (output, told) in [
        (json!({"type": "boxs"}), "output.f.type: `boxs` is no type; did you mean `boxes`?"),
        (
            json!({"type": "boxes", "labels": ["a"]}),
            "output.f: needs an input field that it is about, of type image",
        ),
        (json!({"type": "spans"}), "output.f: needs `labels` where there is no template.html"),
        (
            json!({"type": "spans", "labels": ["a"], "on": "txt"}),
            "output.f.on: `txt` is no input field; there are text",
        ),
    ] {
        assert_eq!(refused(output).await, told);
    }
    let question = json!({
        "title": "T", "input": {"text": {}},
        "output": {"f": {"type": "spans", "labels": ["a"]}, "g": {"type": "consent"}},
    });
    site.owner.ok(Method::PUT, "projects/spans", &question).await;
    let adaptive = json!({"overlap": {"rule": "adaptive", "min": 2, "max": 5, "target": 0.9}});
    let (status, problem) =
        site.owner.refused(Method::PUT, "projects/spans/batches/main", &adaptive).await;
    assert_eq!(status, 422);
    let message = problem["errors"][0]["message"].as_str().expect("a message");
    assert!(message.contains("f (spans)"), "{message}");
}

async fn gold_compares_drawings(site: &Site) {
    let settings = json!({"overlap": 2, "suite_size": 2, "gold": {"per_suite": 1}});
    let batch = batch_of(site, "cats", drawing_question(), settings).await;
    let pictures: Vec<Value> =
        (0..3).map(|task| json!({"picture": format!("https://example.org/{task}.jpg")})).collect();
    add_tasks(site, &batch, &pictures).await;
    let gold =
        json!({"picture": "https://example.org/g.jpg", "answer.cats": boxes(100, "cat")["cats"]});
    let path = format!("batches/{batch}/gold");
    let (status, problem) =
        site.owner.upload(&path, "application/x-ndjson", &format!("{gold}\n")).await;
    assert_eq!(status, 201, "{problem}");
    let mut right = 0;
    for (name, left) in [("ada", 105), ("ben", 10)] {
        let worker = site.person("worker", name).await;
        while let Some(assignment) = worker.claim(&batch).await {
            let path = address(&assignment, "submit");
            let done =
                worker.ok(Method::POST, &path, &body(&assignment, &boxes(left, "cat"))).await;
            for feedback in done["feedback"].as_array().expect("a list") {
                assert_eq!(feedback["right"], left == 105, "{feedback}");
                right += 1;
            }
        }
    }
    assert!(right >= 1, "somebody met the gold");
}
