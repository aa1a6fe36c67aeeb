//! The audience of a batch: who gets its tasks, by skills; and the skills themselves.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Person, Site, address, answers, on_both_engines};

on_both_engines!(
    tasks_go_to_those_who_have_the_skills,
    every_comparator_is_asked_at_the_claim,
    what_a_worker_holds_may_be_finished,
    skills_are_listed_with_who_has_them,
    a_wrong_audience_is_refused,
);

async fn pseudonym(person: &Person) -> String {
    person.get("me").await["pseudonym"].as_str().expect("a name").to_owned()
}

async fn grant(site: &Site, person: &Person, skill: &str, value: f64) {
    let path = format!("workers/{}/skills/{skill}", pseudonym(person).await);
    site.owner.ok(Method::PUT, &path, &json!({"value": value})).await;
}

async fn take_away(site: &Site, person: &Person, skill: &str) {
    let path = format!("workers/{}/skills/{skill}", pseudonym(person).await);
    site.owner.ok(Method::DELETE, &path, &json!({})).await;
}

async fn offers(person: &Person) -> Vec<Value> {
    person.get("work/batches").await["items"].as_array().expect("items").clone()
}

async fn tasks_go_to_those_who_have_the_skills(site: &Site) {
    let settings = json!({"suite_size": 2, "audience": {"english": ">= 80"}});
    let batch = site.batch(&settings, 6).await;
    let ada = site.person("worker", "ada").await;
    let told = |person: Person, batch: String| async move {
        let shown = person.get(&format!("work/batches/{batch}")).await;
        let listed = offers(&person).await;
        assert_eq!(listed[0]["why_not"], shown["why_not"], "the list says the same");
        (shown["standing"]["state"].clone(), shown["why_not"].clone())
    };
    let asks = "This work asks for the skill `english` to be at least 80;";
    assert!(ada.claim(&batch).await.is_none());
    let (state, why) = told(ada.clone(), batch.clone()).await;
    assert_eq!(
        (state, why),
        (json!("outside-audience"), json!(format!("{asks} you do not have it yet.")))
    );

    grant(site, &ada, "english", 70.0).await;
    assert!(ada.claim(&batch).await.is_none());
    let (_, why) = told(ada.clone(), batch.clone()).await;
    assert_eq!(why, format!("{asks} yours is 70."));
    let standing = ada.get(&format!("work/batches/{batch}")).await["standing"].clone();
    assert_eq!(standing["text"], why, "{standing}");

    grant(site, &ada, "english", 80.0).await;
    let (state, why) = told(ada.clone(), batch.clone()).await;
    assert_eq!((state, why), (json!("ready"), Value::Null));
    assert!(ada.claim(&batch).await.is_some());

    // Opened to all by a change of the settings.
    let ben = site.person("worker", "ben").await;
    assert!(ben.claim(&batch).await.is_none());
    site.owner.ok(Method::PUT, "projects/mood/batches/main", &json!({"suite_size": 2})).await;
    assert!(ben.claim(&batch).await.is_some());
}

async fn every_comparator_is_asked_at_the_claim(site: &Site) {
    let batch = site.batch(&json!({"suite_size": 1, "overlap": 1}), 40).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    grant(site, &ada, "level", 3.0).await;
    for (wanted, with_three, without) in [
        ("< 3", false, false),
        ("<= 3", true, false),
        ("> 3", false, false),
        (">= 3", true, false),
        ("= 3", true, false),
        ("!= 3", false, false),
        ("in 1, 3", true, false),
        ("not in 1, 3", false, false),
        ("not in 1, 2", true, false),
        ("exists", true, false),
        ("does not exist", false, true),
    ] {
        let settings = json!({"suite_size": 1, "overlap": 1, "audience": {"level": wanted}});
        site.owner.ok(Method::PUT, "projects/mood/batches/main", &settings).await;
        for (person, expected) in [(&ada, with_three), (&ben, without)] {
            let claimed = person.claim(&batch).await;
            assert_eq!(claimed.is_some(), expected, "level {wanted}");
            if let Some(assignment) = claimed {
                person.ok(Method::POST, &address(&assignment, "return"), &json!({})).await;
            }
        }
    }
}

async fn what_a_worker_holds_may_be_finished(site: &Site) {
    let settings = json!({"suite_size": 2, "audience": {"english": [">= 50", "< 90"], "spam": "does not exist"}});
    let batch = site.batch(&settings, 6).await;
    let ada = site.person("worker", "ada").await;
    grant(site, &ada, "english", 50.0).await;
    let held = ada.claim(&batch).await.expect("a suite");
    grant(site, &ada, "spam", 1.0).await;
    assert!(ada.claim(&batch).await.is_none(), "no more tasks");
    let submitted = ada.ok(Method::POST, &address(&held, "submit"), &answers(&held, "good")).await;
    assert_eq!(submitted["judgments"], 2);
    let standing = ada.get(&format!("work/batches/{batch}")).await["standing"].clone();
    assert_eq!(standing["text"], "This work is not for those who have the skill `spam`.");
    take_away(site, &ada, "spam").await;
    assert!(ada.claim(&batch).await.is_some());
}

async fn skills_are_listed_with_who_has_them(site: &Site) {
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    assert_eq!(site.owner.get("skills").await["items"], json!([]));
    grant(site, &ada, "english", 70.0).await;
    grant(site, &ben, "english", 90.5).await;
    grant(site, &ben, "german", 0.0).await;
    let expected = json!([
        {"name": "english", "workers": 2, "lowest": 70.0, "highest": 90.5},
        {"name": "german", "workers": 1, "lowest": 0.0, "highest": 0.0},
    ]);
    assert_eq!(site.owner.get("skills").await["items"], expected);
    let first = site.owner.get("skills/english?limit=1").await;
    assert_eq!(first["items"][0]["worker"], pseudonym(&ada).await);
    assert_eq!(
        (&first["items"][0]["value"], &first["items"][0]["source"]),
        (&json!(70.0), &json!("requester"))
    );
    let after = first["next"].as_str().expect("another page");
    let second = site.owner.get(&format!("skills/english?limit=5&after={after}")).await;
    assert_eq!(second["items"][0]["worker"], pseudonym(&ben).await);
    assert_eq!(second["items"].as_array().map(Vec::len), Some(1));
    take_away(site, &ben, "german").await;
    assert_eq!(site.owner.get("skills").await["items"].as_array().map(Vec::len), Some(1));
}

async fn a_wrong_audience_is_refused(site: &Site) {
    site.batch(&json!({}), 1).await;
    let path = "projects/mood/batches/main";
    let given = json!({"audience": {"english": "at least 80", "Big": "exists"}});
    let (status, problem) = site.owner.refused(Method::PUT, path, &given).await;
    assert_eq!(status, 422);
    let errors = problem["errors"].as_array().expect("errors");
    let fields: Vec<&Value> = errors.iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["audience.english", "audience.Big"], "{problem}");
}
