//! Gold, quiz, feedback, contest.

use reqwest::Method;
use serde_json::{Value, json};

use super::{batch_with_gold, progress, right, standing, submit, texts, work, workers, wrong};
use crate::site::{Site, on_both_engines};

on_both_engines!(
    gold_looks_like_any_other_task,
    a_quiz_is_failed_and_passed,
    a_quiz_without_unseen_gold_says_so,
    wrong_gold_is_contested_corrected_and_forgiven,
    gold_that_many_miss_pauses_itself,
    used_up_gold_stops_a_worker_kindly,
    secret_gold_tells_nothing,
    finished_tasks_are_proposed_as_gold,
    wrong_gold_files_are_refused_whole,
);

async fn gold_looks_like_any_other_task(site: &Site) {
    let batch =
        batch_with_gold(site, json!({"suite_size": 5, "gold": {"per_suite": 2}}), 40, 6).await;
    let ada = site.person("worker", "ada").await;
    let (mut places, mut seen) = (Vec::new(), Vec::new());
    let (mut ordinary, mut known) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let assignment = ada.claim(&batch).await.expect("a suite");
        assert_eq!(assignment["quiz"], false);
        for (place, task) in assignment["tasks"].as_array().expect("tasks").iter().enumerate() {
            let keys: Vec<&String> = task.as_object().expect("a task").keys().collect();
            assert_eq!(keys, ["id", "input"], "nothing tells gold");
            let id = task["id"].as_str().expect("an id").to_owned();
            if task["input"]["text"].as_str().expect("a text").starts_with("gold") {
                places.push(place);
                seen.push(task["input"].clone());
                known.push(id);
            } else {
                ordinary.push(id);
            }
        }
        submit(&ada, &assignment, right).await;
    }
    assert_eq!(known.len(), 6, "two in each suite");
    seen.sort_by_key(Value::to_string);
    seen.dedup();
    assert_eq!(seen.len(), 6, "each once");
    let listed = site.owner.get(&format!("batches/{batch}/tasks?limit=100")).await;
    let listed = listed["items"].as_array().expect("items");
    assert_eq!(listed.len(), 40, "gold is no ordinary task");
    let (first, last) = (listed[0]["id"].as_str(), listed[39]["id"].as_str());
    let outside = known.iter().filter(|id| Some(id.as_str()) < first || Some(id.as_str()) > last);
    assert!(outside.count() <= 1, "ids of gold lie among the others: {known:?} {listed:?}");
    assert!(
        ordinary.windows(2).any(|two| two[0] > two[1]),
        "tasks are not handed out in the order of ids"
    );
    let progress = progress(site, &batch).await;
    assert_eq!((&progress["tasks"], &progress["golds"]), (&json!(40), &json!(6)));
}

async fn a_quiz_is_failed_and_passed(site: &Site) {
    let settings = json!({
        "suite_size": 2, "overlap": 1, "price": "0.10", "gold": {"per_suite": 0},
        "quiz": {"length": 3, "pass": 0.6, "tries": 2},
    });
    let id = site.batch(&settings, 0).await;
    site.owner
        .ok(
            Method::POST,
            &format!("batches/{id}/tasks"),
            &json!([{"text": "text 0"}, {"text": "text 1"}]),
        )
        .await;
    let (status, problem) =
        site.owner.refused(Method::POST, &format!("batches/{id}/open"), &json!({})).await;
    assert_eq!(status, 409);
    assert_eq!(
        problem["detail"],
        "the quiz asks 3 gold tasks and the batch has 0; add gold before it opens"
    );
    let csv = "text,mood\ngold 0,good\ngold 1,bad\ngold 2,good|bad\ngold 3,bad\ngold 4,good\ngold 5,bad\n";
    let (status, _) = site.owner.upload(&format!("batches/{id}/gold"), "text/csv", csv).await;
    assert_eq!(status, 201);
    site.owner.ok(Method::POST, &format!("batches/{id}/open"), &json!({})).await;

    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    assert_eq!(standing(&ada, &id).await["state"], "quiz");
    let quiz = ada.claim(&id).await.expect("a quiz");
    assert_eq!((&quiz["quiz"], quiz["tasks"].as_array().map(Vec::len)), (&json!(true), Some(3)));
    assert_eq!(ada.claim(&id).await.expect("the same")["id"], quiz["id"]);
    let done =
        submit(&ada, &quiz, |text| if text == "gold 2" { "good" } else { wrong(text) }).await;
    let at_most_one = done["quiz"]["right"].as_i64().expect("a count");
    assert!(at_most_one <= 1, "{done}");
    assert_eq!(done["quiz"]["passed"], false);
    assert_eq!((&done["quiz"]["needed"], &done["quiz"]["tries_left"]), (&json!(2), &json!(1)));
    assert_eq!(done["earned"], "0.00", "an unpaid quiz");
    assert_eq!(done["feedback"].as_array().map(Vec::len), Some(3));
    let again =
        submit(&ada, &quiz, |text| if text == "gold 2" { "good" } else { wrong(text) }).await;
    assert_eq!(again["quiz"], done["quiz"], "asking again is answered the same");

    let second = ada.claim(&id).await.expect("another try");
    assert!(texts(&second).iter().all(|text| !texts(&quiz).contains(text)), "each gold once");
    let passed = submit(&ada, &second, right).await;
    assert_eq!(passed["quiz"]["passed"], true);
    assert_eq!(passed["standing"]["state"], "ready");
    assert_eq!(work(&ada, &id, right).await, 2);

    for _ in 0..2 {
        let quiz = ben.claim(&id).await.expect("a quiz");
        submit(&ben, &quiz, |_| "bad").await;
        if standing(&ben, &id).await["state"] == "ready" {
            return; // All six known answers allow this draw; then there is nothing to fail.
        }
    }
    assert!(ben.claim(&id).await.is_none());
    let told = standing(&ben, &id).await;
    assert_eq!(told["state"], "failed", "{told}");
    assert!(told["text"].as_str().expect("words").contains("Thank you"));
}

async fn a_quiz_without_unseen_gold_says_so(site: &Site) {
    let settings = json!({
        "suite_size": 2, "gold": {"per_suite": 0}, "quiz": {"length": 3, "pass": 1, "tries": 5},
    });
    let batch = batch_with_gold(site, settings, 4, 3).await;
    let ada = site.person("worker", "ada").await;
    let quiz = ada.claim(&batch).await.expect("a quiz");
    assert_eq!(standing(&ada, &batch).await["state"], "quiz", "it is held, not used up");
    let failed = submit(&ada, &quiz, wrong).await;
    assert_eq!(failed["quiz"]["tries_left"], 4);
    assert_eq!(failed["standing"]["state"], "quiz-used-up", "{failed}");
    assert!(ada.claim(&batch).await.is_none());
    let told = standing(&ada, &batch).await;
    assert_eq!(told, failed["standing"]);
    assert!(told["text"].as_str().expect("words").contains("seen all tasks"), "{told}");
    let notes = progress(site, &batch).await["notes"].clone();
    assert_eq!(notes.as_array().map(Vec::len), Some(1), "{notes}");
    assert_eq!(notes[0]["code"], "quiz-used-up");
    let why = "1 worker has seen all gold: the quiz has nothing left for them; add gold so that they can take it";
    assert_eq!(notes[0]["text"], why);
    let more = json!([{"text": "gold 8", "mood": "good"}]);
    site.owner.ok(Method::POST, &format!("batches/{batch}/gold"), &more).await;
    assert_eq!(standing(&ada, &batch).await["state"], "quiz");
    assert_eq!(progress(site, &batch).await["notes"], json!([]));
    let quiz = ada.claim(&batch).await.expect("another try");
    assert_eq!(submit(&ada, &quiz, right).await["quiz"]["passed"], true);
}

async fn wrong_gold_is_contested_corrected_and_forgiven(site: &Site) {
    // Every known answer is wrong: whoever answers well misses all of them.
    let settings = json!({
        "suite_size": 3, "overlap": 2, "price": "0.05",
        "gold": {"per_suite": 1, "pause_missed": 1.0, "pause_contested": 9},
        "trust": {"minimum": 0.6, "from": "gold", "evidence": 3, "pay": "take-back"},
    });
    let id = site.batch(&settings, 0).await;
    let tasks: Vec<Value> = (0..20).map(|n| json!({"text": format!("text {n}")})).collect();
    site.owner.ok(Method::POST, &format!("batches/{id}/tasks"), &tasks.into()).await;
    let gold: Vec<Value> = (0..6)
        .map(|n| {
            let text = format!("gold {n}");
            json!({"text": text, "mood": wrong(&text), "explanation": "as the handbook says"})
        })
        .collect();
    site.owner.ok(Method::POST, &format!("batches/{id}/gold"), &gold.into()).await;
    site.owner.ok(Method::POST, &format!("batches/{id}/open"), &json!({})).await;

    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    for worker in [&ada, &ben] {
        work(worker, &id, right).await;
        assert_eq!(standing(worker, &id).await["state"], "excluded");
        assert_eq!(worker.get("me").await["earned"], json!([]));
        let own = worker.get(&format!("work/batches/{id}/feedback")).await;
        let missed = own["items"].as_array().expect("items");
        assert!(missed.len() >= 3);
        for miss in missed {
            assert_eq!(
                (&miss["right"], &miss["may_contest"]),
                (&json!(false), &json!(true)),
                "{miss}"
            );
            assert_eq!(miss["explanation"], "as the handbook says");
            let task = miss["task"].as_str().expect("an id");
            let path = format!("work/tasks/{task}/contest");
            worker.ok(Method::POST, &path, &json!({"reason": "look at the number"})).await;
            let (status, _) =
                worker.refused(Method::POST, &path, &json!({"reason": "again"})).await;
            assert_eq!(status, 409);
        }
    }
    let listed = site.owner.get(&format!("batches/{id}/gold?sort=contested")).await;
    let items = listed["items"].as_array().expect("items").clone();
    assert!(items[0]["contested"].as_i64() >= items[5]["contested"].as_i64());
    let first = &items[0]["contests"][0];
    assert_eq!((&first["reason"], &first["state"]), (&json!("look at the number"), &json!("open")));

    let accept = |contest: &Value, answers: Value| {
        let path =
            format!("batches/{id}/contests/{}/accept", contest["id"].as_str().expect("an id"));
        let owner = site.owner.clone();
        async move {
            let body = json!({"answers": answers, "reply": "you are right"});
            owner.send(Method::POST, &path, Some(&body)).await.status().as_u16()
        }
    };
    for gold in &items {
        let Some(contest) = gold["contests"].get(0) else { continue };
        let text = gold["input"]["text"].as_str().expect("a text");
        assert_eq!(accept(contest, json!({"mood": [right(text)]})).await, 204);
        assert_eq!(accept(contest, json!({"mood": [right(text)]})).await, 409, "decided already");
    }
    for worker in [&ada, &ben] {
        let told = standing(worker, &id).await;
        assert_eq!(told["state"], "ready", "{told}");
        let own = worker.get(&format!("work/batches/{id}/feedback")).await;
        for one in own["items"].as_array().expect("items") {
            assert_eq!(
                (&one["right"], &one["contest"]["state"]),
                (&json!(true), &json!("accepted"))
            );
            assert_eq!(one["contest"]["reply"], "you are right");
        }
        let earned =
            worker.get("me").await["earned"][0]["amount"].as_str().expect("pay").to_owned();
        assert!(earned.parse::<f64>().expect("a number") >= 0.45, "{earned}");
        work(worker, &id, right).await;
    }
    let shown = progress(site, &id).await;
    assert_eq!((&shown["done"], &shown["excluded"]), (&json!(20), &json!(0)), "{shown}");
    // What was paid, taken back and paid again adds up to what was judged.
    let paid = site
        .number(
            "SELECT CAST(SUM(CASE WHEN t.debit = b.id THEN t.amount ELSE -t.amount END) AS BIGINT) FROM transfer t, batch b",
        )
        .await;
    let judged = site.number("SELECT COUNT(*) FROM judgment").await;
    assert_eq!(paid, judged * 50_000);
}

async fn gold_that_many_miss_pauses_itself(site: &Site) {
    let settings = json!({"suite_size": 2, "overlap": 9, "gold": {"per_suite": 1, "pause_after": 3, "pause_missed": 0.5}});
    let batch = batch_with_gold(site, settings, 4, 1).await;
    for name in ["a", "b", "c"] {
        let worker = site.person("worker", name).await;
        work(&worker, &batch, wrong).await;
    }
    let gold = site.owner.get(&format!("batches/{batch}/gold")).await["items"][0].clone();
    assert_eq!(gold["state"], "paused");
    assert_eq!(gold["why"], "3 of 3 workers missed it; look whether it is right");
    let shown = progress(site, &batch).await;
    assert_eq!(shown["notes"][0]["code"], "gold-paused", "{shown}");
    let task = gold["task_id"].as_str().expect("an id");
    let verb = |verb: &str| format!("batches/{batch}/gold/{task}/{verb}");
    site.owner.ok(Method::POST, &verb("resume"), &json!({})).await;
    site.owner.ok(Method::POST, &verb("resume"), &json!({})).await;
    assert_eq!(progress(site, &batch).await["golds"], 1);
    site.owner.ok(Method::POST, &verb("withdraw"), &json!({})).await;
    let (status, _) = site.owner.refused(Method::POST, &verb("resume"), &json!({})).await;
    assert_eq!(status, 409);
    assert_eq!(progress(site, &batch).await["golds"], 0);
}

async fn used_up_gold_stops_a_worker_kindly(site: &Site) {
    let settings =
        json!({"suite_size": 3, "overlap": 1, "gold": {"per_suite": 1, "used_up": "stop"}});
    let batch = batch_with_gold(site, settings, 20, 2).await;
    let ada = site.person("worker", "ada").await;
    assert_eq!(work(&ada, &batch, right).await, 6);
    let told = standing(&ada, &batch).await;
    assert_eq!(told["state"], "gold-used-up", "{told}");
    let shown = progress(site, &batch).await;
    assert_eq!(shown["notes"][0]["code"], "gold-used-up");
    let more = json!([{"text": "gold 8", "mood": "good"}]);
    site.owner.ok(Method::POST, &format!("batches/{batch}/gold"), &more).await;
    assert_eq!(work(&ada, &batch, right).await, 3, "more gold, more work");
}

async fn secret_gold_tells_nothing(site: &Site) {
    let settings = json!({"suite_size": 3, "gold": {"per_suite": 1, "secret": true}});
    let batch = batch_with_gold(site, settings, 9, 3).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("a suite");
    assert_eq!(submit(&ada, &assignment, wrong).await["feedback"], json!([]));
    assert_eq!(ada.get(&format!("work/batches/{batch}/feedback")).await["items"], json!([]));
    let known = texts(&assignment).iter().position(|text| text.starts_with("gold")).expect("gold");
    let task = assignment["tasks"][known]["id"].as_str().expect("an id");
    let path = format!("work/tasks/{task}/contest");
    let (status, _) = ada.refused(Method::POST, &path, &json!({"reason": "because"})).await;
    assert_eq!(status, 404, "what is secret cannot be asked about");
    assert_eq!(workers(site, &batch).await[0]["gold_answers"], 1);
}

async fn finished_tasks_are_proposed_as_gold(site: &Site) {
    let settings = json!({
        "suite_size": 10, "overlap": 4,
        "gold": {"automatic": {"confidence": 0.9, "judgments": 4, "most": 6}},
    });
    let batch = site.batch(&settings, 12).await;
    for name in ["a", "b", "c", "d"] {
        work(&site.person("worker", name).await, &batch, right).await;
    }
    let proposals = site.owner.get(&format!("batches/{batch}/gold/proposals")).await;
    let items = proposals["items"].as_array().expect("items").clone();
    assert_eq!(items.len(), 6, "{proposals}");
    let good = items.iter().filter(|item| item["answers"]["mood"][0] == "good").count();
    assert_eq!(good, 3, "spread over the answers");
    let tasks: Vec<&Value> = items.iter().take(2).map(|item| &item["task_id"]).collect();
    let path = format!("batches/{batch}/gold/proposals");
    let made = site.owner.ok(Method::POST, &path, &json!({"tasks": tasks})).await;
    assert_eq!(made["added"], 2);
    let (status, _) = site.owner.refused(Method::POST, &path, &json!({"tasks": tasks})).await;
    assert_eq!(status, 422, "they are gold now");
    let shown = progress(site, &batch).await;
    assert_eq!(
        (&shown["tasks"], &shown["done"], &shown["golds"]),
        (&json!(10), &json!(10), &json!(2))
    );
    let task = tasks[0].as_str().expect("an id");
    site.owner.ok(Method::POST, &format!("batches/{batch}/gold/{task}/withdraw"), &json!({})).await;
    let shown = progress(site, &batch).await;
    assert_eq!(
        (&shown["tasks"], &shown["done"], &shown["golds"]),
        (&json!(11), &json!(11), &json!(1))
    );
}

async fn wrong_gold_files_are_refused_whole(site: &Site) {
    let batch = site.batch(&json!({}), 2).await;
    let path = format!("batches/{batch}/gold");
    for (csv, told) in [
        ("text,mood\ngold 0,good\ngold 1,great\n", "line 3, column mood: must be one of good, bad"),
        ("text\ngold 0\n", "line 2: has no answer; one of mood must be there"),
        ("task,mood\nt9,good\n", "line 2, column task: the batch has no task `t9`"),
        (
            "task,text,mood\nt0,other,good\n",
            "line 2, column task: the batch holds the task `t0` with another input",
        ),
        (
            "text,mood,colour\ngold 0,good,red\n",
            "line 2, column colour: is no field of this project",
        ),
        ("text,mood,secret\ngold 0,good,perhaps\n", "line 2, column secret: must be true or false"),
    ] {
        let (status, problem) = site.owner.upload(&path, "text/csv", csv).await;
        assert_eq!(status, 422, "{csv}");
        let detail = problem["detail"].as_str().expect("text");
        assert!(detail.contains(told), "{csv}: {detail}");
    }
    assert_eq!(site.owner.get(&path).await["items"], json!([]));
    let (_, added) = site.owner.upload(&path, "text/csv", "task,label\nt0,good\n").await;
    assert_eq!(added, json!({"added": 1, "unchanged": 0}));
    let (_, again) = site.owner.upload(&path, "text/csv", "task,mood\nt0,good\n").await;
    assert_eq!(again, json!({"added": 0, "unchanged": 1}));
    let (status, _) = site.owner.upload(&path, "text/csv", "task,mood\nt0,bad\n").await;
    assert_eq!(status, 422);
    assert_eq!(progress(site, &batch).await["tasks"], 1);
}
