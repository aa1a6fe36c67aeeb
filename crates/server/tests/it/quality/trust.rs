//! Trust: who is excluded, what becomes of their work and pay, and how that is taken back.

use reqwest::Method;
use serde_json::{Value, json};

use super::{answered, batch_with_gold, progress, right, standing, submit, work, workers, wrong};
use crate::site::{Site, address, on_both_engines};

on_both_engines!(a_spammer_is_excluded_and_the_tasks_finish, pay_can_be_taken_back_and_comes_again,);

async fn a_spammer_is_excluded_and_the_tasks_finish(site: &Site) {
    let settings = json!({
        "suite_size": 4, "overlap": 2, "price": "0.05",
        "gold": {"per_suite": 1}, "trust": {"minimum": 0.7, "from": "gold", "evidence": 4},
    });
    let batch = batch_with_gold(site, settings, 30, 12).await;
    let (ada, spam) = (site.person("worker", "ada").await, site.person("worker", "spam").await);
    let mut suites = 0;
    let mut earned = 0;
    let end = loop {
        let Some(assignment) = spam.claim(&batch).await else {
            break standing(&spam, &batch).await;
        };
        let ahead = spam.claim(&batch).await;
        let done = submit(&spam, &assignment, wrong).await;
        suites += 1;
        earned += done["judgments"].as_i64().expect("a count") * 5;
        if done["standing"]["state"] == "excluded" {
            let ahead = ahead.expect("one fetched ahead");
            let body = answered(&ahead, wrong);
            let (status, problem) =
                spam.refused(Method::POST, &address(&ahead, "submit"), &body).await;
            assert_eq!(status, 409);
            assert!(problem["detail"].as_str().expect("why").contains("of the answers were right"));
            break done["standing"].clone();
        }
        if let Some(ahead) = ahead {
            let done = submit(&spam, &ahead, wrong).await;
            suites += 1;
            earned += done["judgments"].as_i64().expect("a count") * 5;
            if done["standing"]["state"] == "excluded" {
                break done["standing"].clone();
            }
        }
    };
    assert_eq!(end["state"], "excluded", "{end}");
    assert!((4..=6).contains(&suites), "{suites} suites");
    let me = spam.get("me").await;
    assert_eq!(
        me["earned"][0]["amount"],
        format!("{}.{:02}", earned / 100, earned % 100),
        "pay is kept"
    );

    let shown = progress(site, &batch).await;
    assert_eq!((&shown["done"], &shown["excluded"]), (&json!(0), &json!(1)));
    assert_eq!(site.number("SELECT COUNT(*) FROM task WHERE gold = 0 AND judged > 0").await, 0);
    assert_eq!(
        site.number(
            "SELECT COUNT(*) FROM task WHERE gold = 0 AND (open_slots <> 2 OR wanted <> 2)"
        )
        .await,
        0,
        "all slots are free again"
    );
    let ben = site.person("worker", "ben").await;
    assert!(work(&ada, &batch, right).await >= 30);
    assert!(work(&ben, &batch, right).await >= 30);
    let shown = progress(site, &batch).await;
    assert_eq!((&shown["done"], &shown["left"]), (&json!(30), &json!(0)), "{shown}");
    let results = site.owner.get(&format!("batches/{batch}/results?limit=100")).await;
    for item in results["items"].as_array().expect("items") {
        let text = item["input"]["text"].as_str().expect("a text");
        assert_eq!(item["fields"]["mood"]["value"], right(text), "{item}");
        assert_eq!(item["judgments"], 2);
    }
    let judgments = site.owner.get(&format!("batches/{batch}/judgments?limit=1000")).await;
    let counting = |counts: bool| {
        let items = judgments["items"].as_array().expect("items");
        items.iter().filter(|judgment| judgment["counts"] == counts).count()
    };
    assert!(counting(false) >= 16, "nothing is deleted");
    let listed = workers(site, &batch).await;
    let excluded: Vec<&Value> = listed.iter().filter(|w| w["state"] == "excluded").collect();
    assert_eq!(excluded.len(), 1);
    assert!(excluded[0]["trust"]["mean"].as_f64().expect("trust") < 0.6);
}

async fn pay_can_be_taken_back_and_comes_again(site: &Site) {
    let batch = site
        .batch(
            &json!({"overlap": 1, "suite_size": 2, "price": "0.05", "budget": "1.00",
            "trust": {"minimum": 0.5, "pay": "take-back"}}),
            6,
        )
        .await;
    let ada = site.person("worker", "ada").await;
    let first = ada.claim(&batch).await.expect("a suite");
    submit(&ada, &first, right).await;
    let held = ada.claim(&batch).await.expect("a suite");
    let name = workers(site, &batch).await[0]["worker"].as_str().expect("a name").to_owned();
    let of_worker = |verb: &str| format!("batches/{batch}/workers/{name}/{verb}");
    for _ in 0..2 {
        site.owner
            .ok(Method::POST, &of_worker("exclude"), &json!({"reason": "answers too fast"}))
            .await;
        assert_eq!(ada.get("me").await["earned"], json!([]));
        assert_eq!(progress(site, &batch).await["spent"], "0.00");
    }
    let (status, problem) =
        ada.refused(Method::POST, &address(&held, "submit"), &answered(&held, right)).await;
    assert_eq!(status, 409);
    assert!(problem["detail"].as_str().expect("why").contains("answers too fast"), "{problem}");
    assert_eq!(standing(&ada, &batch).await["state"], "excluded");
    for _ in 0..2 {
        site.owner.ok(Method::POST, &of_worker("reinstate"), &json!({})).await;
        assert_eq!(ada.get("me").await["earned"][0]["amount"], "0.10");
    }
    assert_eq!(work(&ada, &batch, right).await, 4);
    let shown = progress(site, &batch).await;
    assert_eq!((&shown["done"], &shown["spent"]), (&json!(6), &json!("0.30")));
    assert_eq!(site.number("SELECT CAST(committed AS BIGINT) FROM batch").await, 300_000);
    let (status, _) = site
        .owner
        .refused(
            Method::POST,
            &format!("batches/{batch}/workers/nobody/exclude"),
            &json!({"reason": "x"}),
        )
        .await;
    assert_eq!(status, 404);
}
