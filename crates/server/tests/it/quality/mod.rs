//! The quality engine by HTTP: [`gold`] (quiz, feedback, contest), [`trust`] and [`overlap`].
//!
//! The right answer to `text 0`, `text 2`, .. and `gold 0`, `gold 2`, .. is good, to the others bad.

mod gold;
mod overlap;
mod trust;

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Person, Site, address};

fn right(text: &str) -> &'static str {
    let number: usize = text.split(' ').nth(1).expect("a number").parse().expect("a number");
    if number.is_multiple_of(2) { "good" } else { "bad" }
}

fn wrong(text: &str) -> &'static str {
    if right(text) == "good" { "bad" } else { "good" }
}

fn texts(assignment: &Value) -> Vec<&str> {
    let tasks = assignment["tasks"].as_array().expect("tasks");
    tasks.iter().map(|task| task["input"]["text"].as_str().expect("a text")).collect()
}

fn answered(assignment: &Value, answer: impl Fn(&str) -> &'static str) -> Value {
    let tasks = assignment["tasks"].as_array().expect("tasks");
    let judgment = |task: &Value| {
        let text = task["input"]["text"].as_str().expect("a text");
        json!({"task": task["id"], "output": {"mood": answer(text)}})
    };
    json!({"judgments": tasks.iter().map(judgment).collect::<Vec<_>>()})
}

async fn submit(
    worker: &Person,
    assignment: &Value,
    answer: impl Fn(&str) -> &'static str,
) -> Value {
    worker.ok(Method::POST, &address(assignment, "submit"), &answered(assignment, answer)).await
}

/// Works until there is nothing more; answers the number of judgments.
async fn work(worker: &Person, batch: &str, answer: impl Fn(&str) -> &'static str) -> i64 {
    let mut judgments = 0;
    while let Some(assignment) = worker.claim(batch).await {
        judgments +=
            submit(worker, &assignment, &answer).await["judgments"].as_i64().expect("a count");
    }
    judgments
}

/// A batch with gold `gold 0`, `gold 1`, ..; opened.
async fn batch_with_gold(site: &Site, settings: Value, tasks: usize, gold: usize) -> String {
    let id = site.batch(&settings, 0).await;
    let rows = |name: &str, count: usize| -> Vec<Value> {
        (0..count)
            .map(|n| json!({"task": format!("{name}{n}"), "text": format!("{name} {n}")}))
            .collect()
    };
    site.owner.ok(Method::POST, &format!("batches/{id}/tasks"), &rows("text", tasks).into()).await;
    let mut known = rows("gold", gold);
    for row in &mut known {
        let mood = right(row["text"].as_str().expect("a text"));
        row["mood"] = mood.into();
        row["explanation"] = format!("it is {mood}").into();
    }
    let added = site.owner.ok(Method::POST, &format!("batches/{id}/gold"), &known.into()).await;
    assert_eq!(added["added"], gold);
    site.owner.ok(Method::POST, &format!("batches/{id}/open"), &json!({})).await;
    id
}

async fn progress(site: &Site, batch: &str) -> Value {
    site.owner.get(&format!("batches/{batch}")).await["progress"].clone()
}

async fn standing(worker: &Person, batch: &str) -> Value {
    worker.get(&format!("work/batches/{batch}")).await["standing"].clone()
}

async fn workers(site: &Site, batch: &str) -> Vec<Value> {
    site.owner.get(&format!("batches/{batch}/workers")).await["items"]
        .as_array()
        .expect("items")
        .clone()
}

/// Fits the worker models anew, as the background job would.
async fn refit(site: &Site, batch: &str) {
    let id = crowdsmith_platform::Id::parse(batch).expect("an id");
    let platform = &site.platform;
    let tx = &mut platform.db.read().await.expect("a connection");
    let terms = platform.terms.load(tx, id).await.expect("terms");
    for _ in 0..100 {
        if crowdsmith_platform::decision::refit::refit(platform, &terms).await.expect("a refit") {
            return;
        }
        // The server's own job is at it.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the refit of {batch} is held");
}
