//! Rules by HTTP: collector, conditions, action; the record of what they did; skills and restrictions by hand.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Person, Site, address, answers, on_both_engines};

on_both_engines!(
    a_skill_follows_the_last_ten_gold_answers,
    a_rule_acts_once_until_its_conditions_were_false,
    fast_submissions_restrict_in_the_whole_workspace,
    assignments_returned_or_expired_in_a_row_restrict,
    rejected_assignments_reopen_their_tasks_and_are_forgiven_with_wrong_gold,
    an_accepted_worker_is_safe_from_trust,
    more_judgments_are_asked_for_as_far_as_the_budget_reaches,
    answers_income_and_acceptance_are_counted,
    who_disagrees_with_the_results_is_flagged,
    skills_are_set_by_hand,
    restrictions_are_made_and_lifted_by_hand,
    wrong_rules_are_refused_with_their_place,
);

/// A batch with gold `g0, g1, ..`, whose answer is good.
async fn batch_with_gold(site: &Site, settings: &Value, tasks: usize, gold: usize) -> String {
    let id = site.batch(settings, tasks).await;
    let rows: Vec<Value> = (0..gold)
        .map(|n| json!({"task": format!("g{n}"), "text": format!("gold {n}"), "mood": "good"}))
        .collect();
    site.owner.ok(Method::POST, &format!("batches/{id}/gold"), &Value::from(rows)).await;
    id
}

/// Claims and submits, giving `to_gold` where gold is asked and good elsewhere.
async fn work_once(worker: &Person, batch: &str, to_gold: &str) -> Value {
    let assignment = worker.claim(batch).await.expect("tasks");
    let tasks = assignment["tasks"].as_array().expect("tasks");
    let judgment = |task: &Value| {
        let is_gold = task["input"]["text"].as_str().expect("a text").starts_with("gold");
        let mood = if is_gold { to_gold } else { "good" };
        json!({"task": task["id"], "output": {"mood": mood}})
    };
    let body = json!({"judgments": tasks.iter().map(judgment).collect::<Vec<_>>()});
    worker.ok(Method::POST, &address(&assignment, "submit"), &body).await
}

/// Submits one suite, all answers alike.
async fn submit_all(worker: &Person, batch: &str, mood: &str) {
    let assignment = worker.claim(batch).await.expect("tasks");
    worker.ok(Method::POST, &address(&assignment, "submit"), &answers(&assignment, mood)).await;
}

async fn firings(site: &Site, batch: &str) -> Vec<Value> {
    let page = site.owner.get(&format!("batches/{batch}/firings?limit=1000")).await;
    page["items"].as_array().expect("a list").clone()
}

async fn whys(site: &Site, batch: &str) -> Vec<String> {
    let text = |firing: Value| firing["why"].as_str().expect("a text").to_owned();
    firings(site, batch).await.into_iter().map(text).collect()
}

async fn pseudonym(worker: &Person) -> String {
    worker.get("me").await["pseudonym"].as_str().expect("a pseudonym").to_owned()
}

async fn skill(site: &Site, worker: &str) -> Option<f64> {
    let skills = site.owner.get(&format!("workers/{worker}/skills")).await;
    skills["items"].as_array().expect("a list").first().and_then(|skill| skill["value"].as_f64())
}

/// Toloka's worked example of a skill from control tasks: a history of ten, a rule from three answers on.
async fn a_skill_follows_the_last_ten_gold_answers(site: &Site) {
    let rule = json!({
        "collector": "gold", "last": 10, "when": {"count": ">= 3"},
        "action": {"skill": "quality", "value": "rate"},
    });
    let settings =
        json!({"overlap": 1, "suite_size": 2, "gold": {"per_suite": 1}, "rules": [rule]});
    let batch = batch_with_gold(site, &settings, 12, 12).await;
    let ada = site.person("worker", "ada").await;
    let name = pseudonym(&ada).await;
    let mut series = Vec::new();
    for right in [1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1] {
        work_once(&ada, &batch, if right == 1 { "good" } else { "bad" }).await;
        series.push(skill(site, &name).await);
    }
    let expected = [66.0, 75.0, 60.0, 66.0, 71.0, 62.0, 55.0, 50.0, 50.0, 60.0].map(Some);
    assert_eq!(series, [&[None, None][..], &expected].concat());

    let firings = firings(site, &batch).await;
    assert_eq!(firings.len(), 9, "one for each change of the value");
    assert_eq!(firings[0]["why"], "gold: 6 of the last 10 right (60 %), rule: count >= 3");
    assert_eq!(firings[8]["why"], "gold: 2 of the last 3 right (66.7 %), rule: count >= 3");
    let newest = &firings[0];
    assert_eq!(
        (&newest["worker"], &newest["rule"], &newest["collector"], &newest["action"]),
        (&json!(name), &json!(0), &json!("gold"), &json!("skill quality = 60"))
    );
    let first = site.owner.get(&format!("batches/{batch}/firings?limit=4")).await;
    let next = first["next"].as_str().expect("more");
    let rest = site.owner.get(&format!("batches/{batch}/firings?limit=5&after={next}")).await;
    assert_eq!(rest["items"], json!(firings[4..]));
}

async fn a_rule_acts_once_until_its_conditions_were_false(site: &Site) {
    let rule = json!({
        "collector": "gold", "last": 2, "when": {"count": ">= 2", "rate": "< 60"},
        "action": {"restrict": "batch", "hours": 24},
    });
    let settings =
        json!({"overlap": 1, "suite_size": 2, "gold": {"per_suite": 1}, "rules": [rule]});
    let batch = batch_with_gold(site, &settings, 12, 12).await;
    let ada = site.person("worker", "ada").await;
    work_once(&ada, &batch, "bad").await;
    assert!(firings(site, &batch).await.is_empty(), "one answer is too few");
    work_once(&ada, &batch, "bad").await;
    let why = "gold: 0 of the last 2 right (0 %), rule: count >= 2 and rate < 60";
    assert_eq!(whys(site, &batch).await, [why]);
    assert_eq!(firings(site, &batch).await[0]["action"], "no more work in this batch for 24 hours");
    assert!(ada.claim(&batch).await.is_none(), "no more work");
    let standing = ada.get(&format!("work/batches/{batch}")).await["standing"].clone();
    assert_eq!(standing["state"], "restricted", "{standing}");

    let restrictions = site.owner.get("restrictions").await["items"].clone();
    assert_eq!(
        (&restrictions[0]["source"], &restrictions[0]["why"]),
        (&json!("rule"), &json!(why))
    );
    assert_eq!(restrictions[0]["batch"], json!(batch));
    let id = restrictions[0]["id"].as_str().expect("an id");
    site.owner.ok(Method::DELETE, &format!("restrictions/{id}"), &json!({})).await;
    work_once(&ada, &batch, "good").await;
    assert_eq!(
        firings(site, &batch).await.len(),
        1,
        "half right: still below 60, and told already"
    );
    work_once(&ada, &batch, "good").await;
    work_once(&ada, &batch, "bad").await;
    assert_eq!(firings(site, &batch).await.len(), 2, "good in between, now below again");
    assert!(ada.claim(&batch).await.is_none());
}

async fn fast_submissions_restrict_in_the_whole_workspace(site: &Site) {
    let rule = json!({
        "collector": "speed", "faster_than": 30, "last": 5, "when": {"fast": ">= 2"},
        "action": {"restrict": "workspace"},
    });
    let batch = site.batch(&json!({"overlap": 1, "suite_size": 2, "rules": [rule]}), 8).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    submit_all(&ada, &batch, "good").await;
    assert!(firings(site, &batch).await.is_empty());
    // As if this one had taken its time.
    let slow = ben.claim(&batch).await.expect("tasks");
    site.execute("UPDATE assignment SET claimed_at = claimed_at - 31000000 WHERE state = 'leased'")
        .await;
    ben.ok(Method::POST, &address(&slow, "submit"), &answers(&slow, "good")).await;
    submit_all(&ben, &batch, "good").await;
    assert!(firings(site, &batch).await.is_empty(), "each was fast once");
    submit_all(&ada, &batch, "good").await;
    let why = "speed: 2 of the last 2 submissions took less than 30 s (100 %), rule: fast >= 2";
    assert_eq!(whys(site, &batch).await, [why]);
    let other =
        site.owner.ok(Method::PUT, "projects/mood/batches/other", &json!({"overlap": 1})).await;
    let other = other["id"].as_str().expect("an id");
    let task = json!([{"task": "only", "text": "one"}]);
    site.owner.ok(Method::POST, &format!("batches/{other}/tasks"), &task).await;
    site.owner.ok(Method::POST, &format!("batches/{other}/open"), &json!({})).await;
    assert!(ada.claim(other).await.is_none(), "restricted in every batch");
    assert!(ben.claim(other).await.is_some());
}

async fn assignments_returned_or_expired_in_a_row_restrict(site: &Site) {
    let rule = |collector: &str| json!({"collector": collector, "when": {"in_a_row": ">= 2"}, "action": {"restrict": "project", "hours": 1}});
    let rules = json!([rule("returned"), rule("skipped")]);
    let batch = site.batch(&json!({"overlap": 3, "suite_size": 1, "rules": rules}), 9).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let give_back = async |worker: &Person| {
        let assignment = worker.claim(&batch).await.expect("a task");
        worker.ok(Method::POST, &address(&assignment, "return"), &json!({})).await;
    };
    let let_expire = async |worker: &Person| {
        worker.claim(&batch).await.expect("a task");
        site.execute("UPDATE assignment SET deadline = 1 WHERE state = 'leased'").await;
        crowdsmith_platform::assignment::expire(&site.platform).await.expect("expires");
        // The server may be at it as well.
        while site.number("SELECT COUNT(*) FROM assignment WHERE state = 'leased'").await > 0 {}
    };
    for _ in 0..2 {
        give_back(&ada).await;
        submit_all(&ada, &batch, "good").await;
        let_expire(&ben).await;
        give_back(&ben).await;
    }
    give_back(&ada).await;
    let_expire(&ben).await;
    assert!(firings(site, &batch).await.is_empty(), "never two in a row");
    give_back(&ada).await;
    let_expire(&ben).await;
    let expected = [
        "skipped: 2 tasks skipped or assignments expired in a row, rule: in_a_row >= 2",
        "returned: 2 assignments returned in a row, rule: in_a_row >= 2",
    ];
    assert_eq!(whys(site, &batch).await, expected);
    assert!(ada.claim(&batch).await.is_none() && ben.claim(&batch).await.is_none());
    let projects = site.owner.get("restrictions").await["items"].clone();
    assert_eq!(
        (&projects[0]["scope"], &projects[0]["project"]),
        (&json!("project"), &json!("mood"))
    );
}

async fn rejected_assignments_reopen_their_tasks_and_are_forgiven_with_wrong_gold(site: &Site) {
    let rule = json!({"collector": "gold", "when": {"missed": ">= 2"}, "action": {"assignments": "reject"}});
    let settings =
        json!({"overlap": 1, "suite_size": 2, "gold": {"per_suite": 1}, "rules": [rule]});
    let batch = batch_with_gold(site, &settings, 2, 4).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    work_once(&ada, &batch, "bad").await;
    let path = format!("batches/{batch}");
    assert_eq!(site.owner.get(&path).await["progress"]["done"], 1);
    work_once(&ada, &batch, "bad").await;
    let progress = site.owner.get(&path).await["progress"].clone();
    assert_eq!((&progress["done"], &progress["excluded"]), (&json!(0), &json!(1)), "{progress}");
    assert_eq!(firings(site, &batch).await[0]["action"], "assignments rejected");
    assert!(ada.claim(&batch).await.is_none());
    work_once(&ben, &batch, "good").await;
    assert_eq!(site.owner.get(&path).await["progress"]["done"], 1, "the tasks are open again");

    let golds = site.owner.get(&format!("{path}/gold?sort=missed")).await;
    let missed = golds["items"][0]["task_id"].as_str().expect("an id").to_owned();
    site.owner.ok(Method::POST, &format!("{path}/gold/{missed}/withdraw"), &json!({})).await;
    let progress = site.owner.get(&path).await["progress"].clone();
    assert_eq!((&progress["done"], &progress["excluded"]), (&json!(2), &json!(0)), "{progress}");
}

async fn an_accepted_worker_is_safe_from_trust(site: &Site) {
    let rule = json!({"collector": "answers", "when": {"count": ">= 2"}, "action": {"assignments": "accept"}});
    let settings = json!({
        "overlap": 1, "suite_size": 2, "gold": {"per_suite": 1}, "rules": [rule],
        "trust": {"minimum": 0.8, "from": "gold", "evidence": 2},
    });
    let batch = batch_with_gold(site, &settings, 8, 8).await;
    let ada = site.person("worker", "ada").await;
    for _ in 0..4 {
        work_once(&ada, &batch, "bad").await;
    }
    assert_eq!(whys(site, &batch).await, ["answers: 2 judgments, rule: count >= 2"]);
    assert_eq!(site.owner.get(&format!("batches/{batch}")).await["progress"]["excluded"], 0);
    // The same without the rule.
    let mut without = settings.clone();
    without["rules"] = json!([]);
    site.owner.ok(Method::PUT, "projects/mood/batches/main", &without).await;
    let ben = site.person("worker", "ben").await;
    let is_excluded =
        async || site.owner.get(&format!("batches/{batch}")).await["progress"]["excluded"] == 1;
    for _ in 0..4 {
        if !is_excluded().await {
            work_once(&ben, &batch, "bad").await;
        }
    }
    assert!(is_excluded().await);
}

async fn more_judgments_are_asked_for_as_far_as_the_budget_reaches(site: &Site) {
    let rule = json!({"collector": "answers", "when": {"count": "= 4"}, "action": {"overlap": 2}});
    let settings = json!({
        "overlap": 1, "suite_size": 2, "price": "0.10", "budget": "0.90", "rules": [rule],
    });
    let batch = site.batch(&settings, 4).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    submit_all(&ada, &batch, "good").await;
    submit_all(&ada, &batch, "good").await;
    let action = "2 more judgments for each of 2 tasks of 4; the budget does not cover the others";
    assert_eq!(firings(site, &batch).await[0]["action"], action);
    let progress = site.owner.get(&format!("batches/{batch}")).await["progress"].clone();
    assert_eq!((&progress["done"], &progress["wanted"]), (&json!(2), &json!(8)), "{progress}");
    // Deciding again on them, as after an exclusion, keeps what was asked for.
    let name = pseudonym(&ada).await;
    for verb in ["exclude", "reinstate"] {
        let path = format!("batches/{batch}/workers/{name}/{verb}");
        site.owner.ok(Method::POST, &path, &json!({"reason": "to see"})).await;
    }
    let progress = site.owner.get(&format!("batches/{batch}")).await["progress"].clone();
    assert_eq!((&progress["done"], &progress["wanted"]), (&json!(2), &json!(8)), "{progress}");
    submit_all(&ben, &batch, "good").await;
    assert!(ben.claim(&batch).await.is_none(), "no task twice");
    let carl = site.person("worker", "carl").await;
    submit_all(&carl, &batch, "good").await;
    let progress = site.owner.get(&format!("batches/{batch}")).await["progress"].clone();
    assert_eq!((&progress["done"], &progress["judgments"]), (&json!(4), &json!(8)), "{progress}");
}

async fn answers_income_and_acceptance_are_counted(site: &Site) {
    let flag = |collector: &str, when: Value| json!({"collector": collector, "when": when, "action": {"flag": "look"}});
    let mut workspace = flag("acceptance", json!({"count": "> 2", "rate": "= 100"}));
    workspace["scope"] = json!("workspace");
    let mut last = flag("acceptance", json!({"count": "= 3", "rate": "= 100"}));
    last["last"] = json!(3);
    let income = json!({
        "collector": "income", "when": {"amount": ">= 0.25"}, "action": {"restrict": "batch", "hours": 12},
    });
    let rules = json!([flag("answers", json!({"count": ">= 3"})), income, workspace, last]);
    let settings = json!({"overlap": 1, "suite_size": 2, "price": "0.10", "rules": rules});
    let batch = site.batch(&settings, 20).await;
    let ada = site.person("worker", "ada").await;
    submit_all(&ada, &batch, "good").await;
    assert!(firings(site, &batch).await.is_empty());
    submit_all(&ada, &batch, "good").await;
    let mut expected = vec![
        "acceptance: 3 of the last 3 judgments count (100 %), rule: count = 3 and rate = 100",
        "acceptance: 4 of 4 judgments count (100 %), rule: count > 2 and rate = 100",
        "income: 0.40 USD in the last 24 hours, rule: amount >= 0.25",
        "answers: 4 judgments, rule: count >= 3",
    ];
    assert_eq!(whys(site, &batch).await, expected);
    assert!(ada.claim(&batch).await.is_none());
    // The restriction has ended, and the limit is exceeded again.
    site.execute("UPDATE restriction SET until = 1").await;
    submit_all(&ada, &batch, "good").await;
    expected.insert(0, "income: 0.60 USD in the last 24 hours, rule: amount >= 0.25");
    assert_eq!(whys(site, &batch).await, expected);
    assert!(ada.claim(&batch).await.is_none());
}

async fn who_disagrees_with_the_results_is_flagged(site: &Site) {
    let rules = json!([
        {"collector": "agreement", "last": 6, "when": {"count": ">= 4", "rate": "< 50"}, "action": {"flag": "strange"}},
        {"collector": "agreement", "when": {"count": ">= 4"}, "action": {"skill": "agreement", "value": "rate"}},
    ]);
    let batch = site.batch(&json!({"overlap": 3, "suite_size": 6, "rules": rules}), 6).await;
    let mut names = Vec::new();
    for (name, mood) in [("ada", "good"), ("ben", "good"), ("carl", "bad")] {
        let worker = site.person("worker", name).await;
        submit_all(&worker, &batch, mood).await;
        names.push(pseudonym(&worker).await);
    }
    // Results are compared after the next refit.
    for _ in 0..100 {
        if skill(site, &names[2]).await.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let skills =
        [skill(site, &names[0]).await, skill(site, &names[1]).await, skill(site, &names[2]).await];
    assert_eq!(skills, [Some(100.0), Some(100.0), Some(0.0)]);
    let flagged: Vec<Value> = firings(site, &batch)
        .await
        .into_iter()
        .filter(|firing| firing["action"] == "flagged: strange")
        .collect();
    let why = "agreement: 0 of the last 6 judgments agree with the results (0 %), rule: count >= 4 and rate < 50";
    assert_eq!(flagged.len(), 1);
    assert_eq!((&flagged[0]["worker"], &flagged[0]["why"]), (&json!(names[2]), &json!(why)));
}

async fn skills_are_set_by_hand(site: &Site) {
    let ada = site.person("worker", "ada").await;
    let path = format!("workers/{}/skills", pseudonym(&ada).await);
    let owner = &site.owner;
    assert_eq!(owner.get(&path).await["items"], json!([]));
    let set = owner.ok(Method::PUT, &format!("{path}/french"), &json!({"value": 80})).await;
    assert_eq!(
        (&set["name"], &set["value"], &set["source"]),
        (&json!("french"), &json!(80.0), &json!("requester"))
    );
    owner.ok(Method::PUT, &format!("{path}/french"), &json!({"value": 62.5})).await;
    owner.ok(Method::PUT, &format!("{path}/art"), &json!({"value": 0})).await;
    let skills = owner.get(&path).await["items"].clone();
    assert_eq!((&skills[0]["name"], &skills[1]["value"]), (&json!("art"), &json!(62.5)));
    for (name, value) in [("french", json!(101)), ("French!", json!(1))] {
        let (status, _) =
            owner.refused(Method::PUT, &format!("{path}/{name}"), &json!({"value": value})).await;
        assert_eq!(status, 422, "{name}");
    }
    let response = owner.send(Method::DELETE, &format!("{path}/art"), None).await;
    assert_eq!(response.status(), 204);
    assert_eq!(owner.refused(Method::DELETE, &format!("{path}/art"), &json!({})).await.0, 404);
    assert_eq!(owner.refused(Method::GET, "workers/nobody/skills", &json!({})).await.0, 404);
    assert_eq!(
        ada.refused(Method::PUT, &format!("{path}/french"), &json!({"value": 100})).await.0,
        403
    );
}

async fn restrictions_are_made_and_lifted_by_hand(site: &Site) {
    let batch = site.batch(&json!({"overlap": 2, "suite_size": 1}), 4).await;
    let ada = site.person("worker", "ada").await;
    let name = pseudonym(&ada).await;
    let owner = &site.owner;
    let restrict = |scope: Value| {
        let mut body = json!({"worker": name, "why": "please read the instructions"});
        body.as_object_mut().expect("a table").extend(scope.as_object().expect("a table").clone());
        body
    };
    let scopes = [
        json!({"scope": "batch", "batch": batch}),
        json!({"scope": "project", "project": "mood", "hours": 0.5}),
        json!({"scope": "workspace"}),
    ];
    for scope in &scopes {
        let held = ada.claim(&batch).await.expect("a task");
        let made = owner.ok(Method::POST, "restrictions", &restrict(scope.clone())).await;
        ada.ok(Method::POST, &address(&held, "submit"), &answers(&held, "good")).await;
        assert!(ada.claim(&batch).await.is_none(), "{scope}");
        let path = format!("restrictions/{}", made["id"].as_str().expect("an id"));
        for _ in 0..2 {
            assert_eq!(owner.send(Method::DELETE, &path, None).await.status(), 204);
        }
    }
    assert!(ada.claim(&batch).await.is_some(), "all are lifted");
    let list = owner.get(&format!("restrictions?worker={name}")).await["items"].clone();
    let column = |key: &str| -> Vec<Value> {
        list.as_array().expect("a list").iter().map(|item| item[key].clone()).collect()
    };
    assert_eq!(column("scope"), ["workspace", "project", "batch"]);
    assert_eq!(column("batch"), [Value::Null, Value::Null, json!(batch)]);
    assert_eq!(column("project"), [Value::Null, json!("mood"), Value::Null]);
    assert!(column("lifted_at").iter().all(Value::is_string), "the records stay");
    assert!(list[1]["until"].is_string() && list[0]["until"].is_null());
    for (wrong, field) in [
        (json!({"scope": "batch"}), "batch"),
        (json!({"scope": "workspace", "project": "mood"}), "project"),
        (json!({"scope": "workspace", "hours": 0}), "hours"),
        (json!({"scope": "workspace", "why": " "}), "why"),
    ] {
        let (status, problem) = owner.refused(Method::POST, "restrictions", &restrict(wrong)).await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some(field)));
    }
    let stranger = json!({"worker": "nobody", "scope": "workspace", "why": "x"});
    assert_eq!(owner.refused(Method::POST, "restrictions", &stranger).await.0, 404);
}

async fn wrong_rules_are_refused_with_their_place(site: &Site) {
    site.batch(&json!({"overlap": 1}), 0).await;
    let rules = json!([
        {"collector": "gold", "when": {"rate": "< 60"}, "action": {"flag": "x"}},
        {"collector": "behaviour", "when": {"pastes": "> 3"}, "action": {"flag": "x"}},
        {"collector": "gold", "when": {"rate": "60"}, "action": {"restrict": "everywhere"}},
    ]);
    let (status, problem) = site
        .owner
        .refused(Method::PUT, "projects/mood/batches/main", &json!({"overlap": 1, "rules": rules}))
        .await;
    let errors = problem["errors"].as_array().expect("errors");
    let fields: Vec<&str> = errors.iter().filter_map(|error| error["field"].as_str()).collect();
    assert_eq!(status, 422);
    assert_eq!(fields, ["rules[1].collector", "rules[2].when.rate", "rules[2].action.restrict"]);
    assert!(
        errors[0]["message"].as_str().expect("text").contains("did you mean `behavior`"),
        "{errors:?}"
    );
}
