//! Tasks that workers skip or report, instead of judging them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Person, Site, address, answers, on_both_engines};

on_both_engines!(
    a_skip_frees_the_slot_and_never_comes_back,
    a_skip_leaves_adaptive_overlap_right,
    a_skip_is_not_paid_and_gives_the_promise_back,
    skips_are_part_of_what_is_repeated,
    wrong_skips_name_their_fields,
    a_problem_that_many_report_pauses_its_task,
    skipped_gold_is_neither_right_nor_missed,
    nobody_passes_a_quiz_by_skipping,
    skips_in_a_row_are_watched,
);

fn skip(kind: &str, reason: &str) -> Value {
    json!({"kind": kind, "reason": reason})
}

/// Skips the tasks for which `skips` is true of their text, and answers the others with good.
fn passing_on(assignment: &Value, how: &Value, skips: impl Fn(&str) -> bool) -> Value {
    let judgment = |task: &Value| {
        if skips(task["input"]["text"].as_str().expect("a text")) {
            json!({"task": task["id"], "skip": how})
        } else {
            json!({"task": task["id"], "output": {"mood": "good"}})
        }
    };
    let tasks = assignment["tasks"].as_array().expect("tasks");
    json!({"judgments": tasks.iter().map(judgment).collect::<Vec<_>>()})
}

fn texts(assignment: &Value) -> Vec<&str> {
    let tasks = assignment["tasks"].as_array().expect("tasks");
    tasks.iter().map(|task| task["input"]["text"].as_str().expect("a text")).collect()
}

/// Claims and submits.
async fn pass_on(worker: &Person, batch: &str, how: &Value, skips: impl Fn(&str) -> bool) -> Value {
    let assignment = worker.claim(batch).await.expect("tasks");
    let body = passing_on(&assignment, how, skips);
    worker.ok(Method::POST, &address(&assignment, "submit"), &body).await
}

async fn progress(site: &Site, batch: &str) -> Value {
    site.owner.get(&format!("batches/{batch}")).await["progress"].clone()
}

async fn a_skip_frees_the_slot_and_never_comes_back(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 2}), 3).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let unclear = json!({"kind": "skip", "reason": "unclear", "comment": "which one?"});
    let submitted = pass_on(&ada, &batch, &unclear, |text| text == "text 1").await;
    assert_eq!((&submitted["judgments"], &submitted["skipped"]), (&json!(1), &json!(1)));
    let now = progress(site, &batch).await;
    assert_eq!(
        (&now["done"], &now["judgments"], &now["in_work"]),
        (&json!(1), &json!(1), &json!(0))
    );

    let next = ada.claim(&batch).await.expect("a task");
    assert_eq!(texts(&next), ["text 2"], "the skipped one does not come back");
    ada.ok(Method::POST, &address(&next, "submit"), &answers(&next, "good")).await;
    // Also not from the start of the queue, after the pause that this takes.
    site.execute("UPDATE participation SET rewound_at = 0").await;
    assert!(ada.claim(&batch).await.is_none());
    let offers = ada.get("work/batches").await;
    assert_eq!(offers["items"], json!([]), "nothing is left for who skipped it");

    assert_eq!(texts(&ben.claim(&batch).await.expect("a task")), ["text 1"]);
    let listed = site.owner.get(&format!("batches/{batch}/problems")).await["items"].clone();
    assert_eq!(listed.as_array().expect("a list").len(), 1);
    let (report, me) = (&listed[0], ada.get("me").await);
    assert_eq!(
        [
            &report["task"],
            &report["worker"],
            &report["kind"],
            &report["reason"],
            &report["comment"]
        ],
        [&json!("t1"), &me["pseudonym"], &json!("skip"), &json!("unclear"), &json!("which one?")]
    );
    let problems = site.owner.get(&format!("batches/{batch}/problems?kind=problem")).await;
    assert_eq!(problems["items"], json!([]));
    assert_eq!(
        ada.refused(Method::GET, &format!("batches/{batch}/problems"), &json!({})).await.0,
        403
    );
    let metrics = reqwest::get(format!("{}/metrics", site.url)).await.expect("metrics");
    let metrics = metrics.text().await.expect("text");
    assert!(metrics.contains("crowdsmith_skipped_total 1"), "{metrics}");
}

async fn a_skip_leaves_adaptive_overlap_right(site: &Site) {
    let settings = json!({"overlap": {"min": 2, "max": 3, "target": 0.9}, "suite_size": 2});
    let batch = site.batch(&settings, 2).await;
    for name in ["ada", "ben", "carl", "dora"] {
        let worker = site.person("worker", name).await;
        if let Some(assignment) = worker.claim(&batch).await {
            let skips = |text: &str| name < "c" && text == "text 0";
            let body = passing_on(&assignment, &skip("skip", "not_able"), skips);
            worker.ok(Method::POST, &address(&assignment, "submit"), &body).await;
        }
    }
    let tasks = site.owner.get(&format!("batches/{batch}/tasks")).await["items"].clone();
    let slots = "SELECT COUNT(*) FROM task WHERE judged + open_slots <> wanted";
    assert_eq!(site.number(slots).await, 0, "nobody holds anything: {tasks}");
    assert_eq!(tasks[0]["judgments"], 2, "by the two who did not skip it");
    assert!(tasks[1]["judgments"].as_i64().expect("a count") >= 2);
}

async fn a_skip_is_not_paid_and_gives_the_promise_back(site: &Site) {
    let settings = json!({"overlap": 1, "suite_size": 2, "price": "0.10", "budget": "0.20"});
    let batch = site.batch(&settings, 2).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let submitted = pass_on(&ada, &batch, &skip("skip", "other"), |text| text == "text 0").await;
    assert_eq!(submitted["earned"], "0.10");
    assert_eq!(site.number("SELECT committed FROM batch").await, 100_000);
    let submitted = pass_on(&ben, &batch, &skip("skip", "other"), |_| false).await;
    assert_eq!(submitted["earned"], "0.10", "the budget reaches for who takes it");
    assert_eq!(progress(site, &batch).await["spent"], "0.20");

    let all = site.owner.ok(Method::PUT, "projects/mood/batches/all", &settings).await;
    let all = all["id"].as_str().expect("an id");
    let rows = json!([{"task": "a", "text": "a"}, {"task": "b", "text": "b"}]);
    site.owner.ok(Method::POST, &format!("batches/{all}/tasks"), &rows).await;
    site.owner.ok(Method::POST, &format!("batches/{all}/open"), &json!({})).await;
    let submitted = pass_on(&ada, all, &skip("skip", "not_comfortable"), |_| true).await;
    assert_eq!(
        [&submitted["judgments"], &submitted["skipped"], &submitted["earned"]],
        [&json!(0), &json!(2), &json!("0.00")]
    );
    assert_eq!(site.number("SELECT MIN(committed) FROM batch").await, 0);
    assert!(ben.claim(all).await.is_some());
}

async fn skips_are_part_of_what_is_repeated(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 3, "price": "0.10"}), 3).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("tasks");
    let path = address(&assignment, "submit");
    let body = passing_on(&assignment, &skip("skip", "unclear"), |text| text == "text 1");
    let first = ada.ok(Method::POST, &path, &body).await;
    assert_eq!(ada.ok(Method::POST, &path, &body).await, first);
    let other = passing_on(&assignment, &skip("skip", "not_able"), |text| text == "text 1");
    let more = passing_on(&assignment, &skip("skip", "unclear"), |text| text != "text 0");
    for changed in [other, more, answers(&assignment, "good")] {
        assert_eq!(ada.refused(Method::POST, &path, &changed).await.0, 409);
    }
    assert_eq!(site.number("SELECT COUNT(*) FROM skip").await, 1);
}

async fn wrong_skips_name_their_fields(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 4}), 4).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("tasks");
    let path = address(&assignment, "submit");
    let mut body = answers(&assignment, "good");
    let mut long = skip("problem", "unclear");
    long["comment"] = "x".repeat(2001).into();
    body["judgments"][0]["skip"] = skip("skip", "unclear");
    body["judgments"][1] = json!({"task": body["judgments"][1]["task"]});
    body["judgments"][2] = json!({"task": body["judgments"][2]["task"], "skip": long});
    let (status, problem) = ada.refused(Method::POST, &path, &body).await;
    assert_eq!(status, 422);
    let told: Vec<(&str, &str)> = problem["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| (e["field"].as_str().expect("a name"), e["message"].as_str().expect("a text")))
        .collect();
    assert_eq!(
        told,
        [
            ("judgments[0]", "has `output` and `skip`; give one of them"),
            ("judgments[1]", "has neither `output` nor `skip`"),
            (
                "judgments[2].skip.reason",
                "must be one of broken_media, broken_page, wrong_data, offensive, other; not `unclear`"
            ),
            ("judgments[2].skip.comment", "must have at most 2000 characters"),
        ]
    );
    body["judgments"][0] =
        json!({"task": body["judgments"][0]["task"], "skip": skip("nap", "other")});
    let (status, problem) = ada.refused(Method::POST, &path, &body).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("body")), "{problem}");
    ada.ok(Method::POST, &path, &answers(&assignment, "good")).await;
}

async fn a_problem_that_many_report_pauses_its_task(site: &Site) {
    let settings = json!({"overlap": 3, "suite_size": 2, "pause_problems": 2});
    let batch = site.batch(&settings, 2).await;
    let broken = skip("problem", "broken_media");
    let mut workers = Vec::new();
    for name in ["ada", "ben", "carl", "dora"] {
        workers.push(site.person("worker", name).await);
    }
    pass_on(&workers[0], &batch, &broken, |text| text == "text 0").await;
    let held = workers[3].claim(&batch).await.expect("tasks");
    pass_on(&workers[1], &batch, &broken, |text| text == "text 0").await;
    let now = progress(site, &batch).await;
    let note = &now["notes"][0];
    assert_eq!(note["code"], "tasks-paused", "{now}");
    assert!(note["text"].as_str().expect("a text").starts_with("1 task is paused"), "{note}");
    let others = workers[2].claim(&batch).await;
    assert!(
        others.is_none(),
        "the paused one is handed out to nobody, the other is full: {others:?}"
    );
    // Who holds it may still answer.
    workers[3].ok(Method::POST, &address(&held, "submit"), &answers(&held, "good")).await;
    let path = format!("batches/{batch}");
    let listed = site.owner.get(&format!("{path}/problems?kind=problem")).await["items"].clone();
    assert_eq!((listed.as_array().expect("a list").len(), &listed[0]["paused"]), (2, &json!(true)));
    let task = listed[0]["task_id"].as_str().expect("an id").to_owned();
    let shown = site.owner.get(&format!("{path}/tasks/{task}")).await;
    assert!(shown["paused_at"].is_string(), "{shown}");

    site.owner.ok(Method::POST, &format!("{path}/tasks/{task}/resume"), &json!({})).await;
    assert_eq!(progress(site, &batch).await["notes"], json!([]));
    let listed = site.owner.get(&format!("{path}/problems")).await["items"].clone();
    assert!(listed[0]["settled_at"].is_string() && listed[0]["paused"] == false, "{listed}");
    pass_on(&workers[2], &batch, &broken, |text| text == "text 0").await;
    assert_eq!(progress(site, &batch).await["notes"], json!([]), "what was settled does not count");
    let again = "problems";
    let first = site.owner.get(&format!("{path}/{again}?limit=2")).await;
    let next = first["next"].as_str().expect("more");
    let rest = site.owner.get(&format!("{path}/{again}?limit=2&after={next}")).await;
    assert_eq!(rest["items"].as_array().expect("a list").len(), 1);
    let nowhere = format!("{path}/tasks/{batch}/resume");
    assert_eq!(site.owner.refused(Method::POST, &nowhere, &json!({})).await.0, 404);
}

/// A batch with gold `gold 0`, `gold 1`, .., whose answer is good.
async fn batch_with_gold(site: &Site, settings: &Value, tasks: usize, gold: usize) -> String {
    let id = site.batch(settings, 0).await;
    let rows = |name: &str, count: usize| -> Vec<Value> {
        (0..count)
            .map(|n| json!({"task": format!("{name}{n}"), "text": format!("{name} {n}")}))
            .collect()
    };
    site.owner.ok(Method::POST, &format!("batches/{id}/tasks"), &rows("text", tasks).into()).await;
    let mut known = rows("gold", gold);
    for row in &mut known {
        row["mood"] = "good".into();
    }
    site.owner.ok(Method::POST, &format!("batches/{id}/gold"), &known.into()).await;
    site.owner.ok(Method::POST, &format!("batches/{id}/open"), &json!({})).await;
    id
}

async fn skipped_gold_is_neither_right_nor_missed(site: &Site) {
    let settings =
        json!({"overlap": 2, "suite_size": 2, "gold": {"per_suite": 1}, "pause_problems": 2});
    let batch = batch_with_gold(site, &settings, 4, 1).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let is_gold = |text: &str| text.starts_with("gold");
    let assignment = ada.claim(&batch).await.expect("tasks");
    let path = address(&assignment, "submit");
    let body = passing_on(&assignment, &skip("problem", "wrong_data"), is_gold);
    let first = ada.ok(Method::POST, &path, &body).await;
    assert_eq!((&first["feedback"], &first["skipped"]), (&json!([]), &json!(1)));
    assert_eq!(ada.ok(Method::POST, &path, &body).await, first, "the same again");
    assert_eq!(site.number("SELECT CAST(SUM(gold_answers) AS BIGINT) FROM participation").await, 0);
    let next = ada.claim(&batch).await.expect("tasks");
    assert!(!texts(&next).into_iter().any(is_gold), "the gold is not seen again: {next}");
    assert_eq!(site.owner.get(&format!("batches/{batch}")).await["progress"]["golds"], 1);
    pass_on(&ben, &batch, &skip("problem", "wrong_data"), is_gold).await;
    let now = progress(site, &batch).await;
    assert_eq!(
        (&now["golds"], &now["notes"][0]["code"]),
        (&json!(0), &json!("gold-paused")),
        "{now}"
    );
}

async fn nobody_passes_a_quiz_by_skipping(site: &Site) {
    let settings = json!({
        "overlap": 1, "suite_size": 2, "gold": {"per_suite": 1}, "quiz": {"length": 2, "pass": 0.9, "tries": 3},
    });
    let batch = batch_with_gold(site, &settings, 4, 5).await;
    let ada = site.person("worker", "ada").await;
    let quiz = ada.claim(&batch).await.expect("a quiz");
    assert_eq!(quiz["quiz"], true);
    let body = passing_on(&quiz, &skip("skip", "unclear"), |_| true);
    let ended = ada.ok(Method::POST, &address(&quiz, "submit"), &body).await;
    let failed = |right: i64| json!({"right": right, "of": 2, "needed": 2, "passed": false, "tries_left": 3 - right - 1});
    assert_eq!(ended["quiz"], failed(0), "{ended}");
    assert_eq!(ada.ok(Method::POST, &address(&quiz, "submit"), &body).await, ended);
    let second = ada.claim(&batch).await.expect("another quiz");
    let first = second["tasks"][0]["input"]["text"].as_str().expect("a text");
    let body = passing_on(&second, &skip("skip", "unclear"), |text| text == first);
    let ended = ada.ok(Method::POST, &address(&second, "submit"), &body).await;
    assert_eq!(ended["quiz"], failed(1), "{ended}");
    assert_eq!(ada.ok(Method::POST, &address(&second, "submit"), &body).await["quiz"], failed(1));
}

async fn skips_in_a_row_are_watched(site: &Site) {
    let rule = json!({"collector": "skipped", "when": {"in_a_row": ">= 3"}, "action": {"restrict": "batch", "hours": 1}});
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 2, "rules": [rule]}), 12).await;
    let ada = site.person("worker", "ada").await;
    let unclear = skip("skip", "unclear");
    let firings =
        async || site.owner.get(&format!("batches/{batch}/firings")).await["items"].clone();
    pass_on(&ada, &batch, &unclear, |_| true).await;
    pass_on(&ada, &batch, &unclear, |text| !["text 2", "text 4"].contains(&text)).await;
    pass_on(&ada, &batch, &unclear, |_| true).await;
    pass_on(&ada, &batch, &skip("problem", "other"), |_| true).await;
    assert_eq!(firings().await, json!([]), "an answer ends the row, a reported problem is no skip");
    pass_on(&ada, &batch, &unclear, |_| true).await;
    let why = "skipped: 4 tasks skipped or assignments expired in a row, rule: in_a_row >= 3";
    assert_eq!(firings().await[0]["why"], why);
    assert!(ada.claim(&batch).await.is_none());
}
