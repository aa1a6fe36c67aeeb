//! Field work: tasks with places, seen by distance, reserved one by one.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Person, Site, address, on_both_engines};

on_both_engines!(
    the_nearest_open_tasks_come_first,
    one_task_is_reserved,
    wrong_places_are_refused,
    an_answer_comes_from_its_place,
);

/// A batch of shops at these places, named after their label; opened.
pub(crate) async fn batch_of_places(
    site: &Site,
    settings: &Value,
    output: &Value,
    places: &[(&str, f64, f64)],
) -> String {
    let question = json!({
        "title": "Shops", "input": {"shop": {"type": "place"}}, "output": output,
    });
    site.owner.ok(Method::PUT, "projects/shops", &question).await;
    let batch = site.owner.ok(Method::PUT, "projects/shops/batches/town", settings).await;
    let id = batch["id"].as_str().expect("an id").to_owned();
    let rows: Vec<Value> = places
        .iter()
        .map(|(name, latitude, longitude)| {
            json!({"task": name, "shop": {"latitude": latitude, "longitude": longitude, "label": name}})
        })
        .collect();
    site.owner.ok(Method::POST, &format!("batches/{id}/tasks"), &rows.into()).await;
    site.owner.ok(Method::POST, &format!("batches/{id}/open"), &json!({})).await;
    id
}

fn is_open() -> Value {
    json!({"open": {"type": "choice", "options": ["yes", "no"]}})
}

/// Labels and rounded metres of the tasks around.
async fn around(worker: &Person, batch: &str, query: &str) -> Vec<(String, i64)> {
    let near = worker.get(&format!("work/batches/{batch}/places?{query}")).await;
    let near = near["items"].as_array().expect("a list").iter().map(|task| {
        let label = task["label"].as_str().expect("a label").to_owned();
        (label, task["distance"].as_f64().expect("a number").round() as i64)
    });
    near.collect()
}

async fn reserve(worker: &Person, batch: &str, label: &str) -> Value {
    let near = worker.get(&format!("work/batches/{batch}/places?latitude=0&longitude=0")).await;
    let task = near["items"].as_array().expect("a list").iter().find(|task| task["label"] == label);
    let task = &task.expect("a task")["task"];
    let path = format!("work/batches/{batch}/claim");
    worker.ok(Method::POST, &path, &json!({"task": task})).await["assignment"].clone()
}

async fn the_nearest_open_tasks_come_first(site: &Site) {
    let places = [
        ("Fiji", -17.8, 179.9),
        ("Alexanderplatz", 52.5219, 13.4132),
        ("Brandenburger Tor", 52.5163, 13.3777),
        ("Paris", 48.8566, 2.3522),
    ];
    let settings = json!({"overlap": 1, "suite_size": 1});
    let batch = batch_of_places(site, &settings, &is_open(), &places).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let berlin = "latitude=52.5200&longitude=13.4050";
    let near = around(&ada, &batch, berlin).await;
    let names: Vec<&str> = near.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Alexanderplatz", "Brandenburger Tor", "Paris", "Fiji"]);
    assert!((590..600).contains(&near[0].1) && (1880..1910).contains(&near[1].1), "{near:?}");
    assert!((876_000..879_000).contains(&near[2].1), "{near:?}");
    assert_eq!(around(&ada, &batch, &format!("{berlin}&limit=1")).await.len(), 1);
    // Across the date line it is 21 km, not around the world.
    let over = around(&ada, &batch, "latitude=-17.8&longitude=-179.9&limit=1").await;
    assert!(over[0].0 == "Fiji" && (21_000..22_000).contains(&over[0].1), "{over:?}");

    let held = reserve(&ben, &batch, "Alexanderplatz").await;
    let names = async |worker: &Person| -> Vec<String> {
        around(worker, &batch, berlin).await.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names(&ada).await, ["Brandenburger Tor", "Paris", "Fiji"], "taken by somebody else");
    let skipped = json!({"judgments": [{
        "task": held["tasks"][0]["id"], "skip": {"kind": "skip", "reason": "not_able"},
    }]});
    ben.ok(Method::POST, &address(&held, "submit"), &skipped).await;
    assert_eq!(names(&ada).await.len(), 4, "free again");
    assert_eq!(
        names(&ben).await,
        ["Brandenburger Tor", "Paris", "Fiji"],
        "but not for who skipped it"
    );
    let name = ben.get("me").await["pseudonym"].as_str().expect("a name").to_owned();
    let path = format!("batches/{batch}/workers/{name}/exclude");
    site.owner.ok(Method::POST, &path, &json!({"reason": "to see"})).await;
    assert!(names(&ben).await.is_empty(), "excluded");
    site.owner.ok(Method::POST, &format!("batches/{batch}/pause"), &json!({})).await;
    assert!(names(&ada).await.is_empty(), "the batch pauses");
}

async fn one_task_is_reserved(site: &Site) {
    let places = [("a", 1.0, 1.0), ("b", 2.0, 2.0), ("c", 3.0, 3.0), ("d", 4.0, 4.0)];
    let settings = json!({"overlap": 1, "suite_size": 3, "price": "0.50", "budget": "2.00"});
    let batch = batch_of_places(site, &settings, &is_open(), &places).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let first = reserve(&ada, &batch, "c").await;
    let tasks = first["tasks"].as_array().expect("tasks");
    assert_eq!((tasks.len(), &tasks[0]["input"]["shop"]["label"]), (1, &json!("c")));
    let path = format!("work/batches/{batch}/claim");
    let asked = json!({"task": tasks[0]["id"]});
    let again = ada.ok(Method::POST, &path, &asked).await;
    assert_eq!(again["assignment"], first, "the same lease again");
    let (status, problem) = ben.refused(Method::POST, &path, &asked).await;
    assert_eq!(status, 409, "{problem}");
    assert!(
        problem["detail"].as_str().expect("a text").contains("is not open to you"),
        "{problem}"
    );
    let strange = json!({"task": batch});
    assert_eq!(ben.refused(Method::POST, &path, &strange).await.0, 409);
    let (status, _) = ben.refused(Method::POST, &path, &json!({"tasks": []})).await;
    assert_eq!(status, 422);

    reserve(&ada, &batch, "a").await;
    let third = ada.get(&format!("work/batches/{batch}/places?latitude=0&longitude=0")).await;
    let third = json!({"task": third["items"][0]["task"]});
    let (status, problem) = ada.refused(Method::POST, &path, &third).await;
    assert!(status == 409 && problem["detail"].as_str().expect("a text").contains("you hold 2"));
    let answer = json!({"judgments": [{"task": tasks[0]["id"], "output": {"open": "yes"}}]});
    let paid = ada.ok(Method::POST, &address(&first, "submit"), &answer).await;
    assert_eq!(paid["earned"], "0.50");
    assert_eq!(ada.refused(Method::POST, &path, &asked).await.0, 409, "judged already");
    ada.ok(Method::POST, &path, &third).await;
    let suite = ben.claim(&batch).await.expect("what is left");
    assert_eq!(suite["tasks"].as_array().expect("tasks").len(), 1);
    assert_eq!(site.number("SELECT committed FROM batch").await, 2_000_000);
}

async fn wrong_places_are_refused(site: &Site) {
    let batch = batch_of_places(site, &json!({"overlap": 1}), &is_open(), &[("a", 1.0, 1.0)]).await;
    let path = format!("batches/{batch}/tasks");
    let csv = "task,shop\nb,\"52.52, 13.40\"\n";
    assert_eq!(site.owner.upload(&path, "text/csv", csv).await.0, 201);
    let (status, problem) =
        site.owner.upload(&path, "text/csv", "task,shop\nc,\"95, 13.40\"\n").await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("line 2, column shop")),
        "{problem}"
    );
    let ada = site.person("worker", "ada").await;
    for query in ["latitude=91&longitude=0", "latitude=1", "latitude=x&longitude=0"] {
        let path = format!("work/batches/{batch}/places?{query}");
        assert_eq!(ada.refused(Method::GET, &path, &json!({})).await.0, 422, "{query}");
    }
    let settings = json!({"place": {"max_distance": 50}});
    let mood = site.batch(&json!({}), 0).await;
    let (status, problem) =
        site.owner.refused(Method::PUT, "projects/mood/batches/main", &settings).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("place")),
        "{mood} {problem}"
    );
    let settings = json!({"place": {"max_distance": -1}});
    let (status, problem) =
        site.owner.refused(Method::PUT, "projects/shops/batches/town", &settings).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("place.max_distance")));
}

/// Now, and so many seconds later, as a browser writes it.
fn at(seconds: i64) -> String {
    crowdsmith_platform::Time::now().plus(seconds * 1_000_000).to_string()
}

async fn an_answer_comes_from_its_place(site: &Site) {
    let output = json!({"here": {"type": "location"}});
    let settings = json!({"overlap": 1, "suite_size": 1, "place": {"max_distance": 50}});
    let batch =
        batch_of_places(site, &settings, &output, &[("a", 52.5, 13.4), ("b", 52.6, 13.4)]).await;
    let shown = site.owner.get(&format!("batches/{batch}")).await;
    assert_eq!(shown["place"], json!({"max_distance": 50}));
    let ada = site.person("worker", "ada").await;
    let held = reserve(&ada, &batch, "a").await;
    let path = address(&held, "submit");
    let answer = |latitude: f64, accuracy: f64, at: String| {
        let here = json!({"latitude": latitude, "longitude": 13.4, "accuracy": accuracy, "at": at});
        json!({"judgments": [{"task": held["tasks"][0]["id"], "output": {"here": here}}]})
    };
    // A thousandth of a degree of latitude is 111 m.
    for (body, told) in [
        (answer(52.501, 10.0, at(0)), "is 111 m from the task's place"),
        (answer(52.6, 5.0, at(0)), "is 11120 m from the task's place"),
        (answer(52.5, 5.0, at(-300)), "before you took this task"),
        (answer(52.5, 5.0, at(300)), "later than now"),
    ] {
        let (status, problem) = ada.refused(Method::POST, &path, &body).await;
        let error = &problem["errors"][0];
        assert_eq!(
            (status, &error["field"]),
            (422, &json!("judgments[0].output.here")),
            "{problem}"
        );
        assert!(error["message"].as_str().expect("a text").contains(told), "{problem}");
    }
    ada.ok(Method::POST, &path, &answer(52.501, 70.0, at(0))).await;
}
