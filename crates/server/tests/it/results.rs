//! Tables out: results, judgments and workers in every format.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Site, on_both_engines};

on_both_engines!(
    results_come_in_every_format,
    a_compressed_download_is_whole,
    methods_differ_where_workers_do,
    media_is_reached_by_signed_links
);

async fn results_come_in_every_format(site: &Site) {
    let batch = site.batch(&json!({"overlap": 2}), 3).await;
    let csv = "task,worker,label\nt0,w1,good\nt0,w2,good\nt1,w1,bad\n";
    site.owner.upload(&format!("batches/{batch}/judgments"), "text/csv", csv).await;

    let results = site
        .owner
        .download(&format!("batches/{batch}/results?format=csv&method=majority-vote"))
        .await;
    let lines: Vec<&str> = results.lines().collect();
    assert_eq!(lines[0], "task,task_id,mood,mood_confidence,judgments,workers,method,version");
    assert!(
        lines[1].starts_with("t0,")
            && lines[1].contains(",good,1,2,\"[\"\"w1\"\",\"\"w2\"\"]\",majority-vote,"),
        "{}",
        lines[1]
    );
    assert!(
        lines[3].starts_with("t2,") && lines[3].contains(",,,0,[],"),
        "a task without judgments: {}",
        lines[3]
    );

    let ndjson = site.owner.download(&format!("batches/{batch}/results?format=ndjson")).await;
    let rows: Vec<Value> =
        ndjson.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(
        (rows.len(), &rows[0]["mood"], &rows[0]["workers"]),
        (3, &json!("good"), &json!(["w1", "w2"]))
    );

    let workers = site.owner.download(&format!("batches/{batch}/workers?format=ndjson")).await;
    let first: Value = serde_json::from_str(workers.lines().next().expect("a line")).expect("JSON");
    assert_eq!(
        (&first["worker"], &first["judgments"], &first["source"]),
        (&json!("w1"), &json!(2), &json!("import"))
    );
    assert!(first["accuracy"].as_f64().expect("a number") > 0.5);

    let response = site
        .owner
        .send(Method::GET, &format!("batches/{batch}/judgments?format=parquet"), None)
        .await;
    let named = response.headers()["content-disposition"].to_str().expect("text").to_owned();
    assert_eq!(named, "attachment; filename=\"mood-main-judgments.parquet\"");
    let bytes = response.bytes().await.expect("a whole body");
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));

    for (query, field) in
        [("format=xml", "format"), ("method=magic", "method"), ("limit=x", "query")]
    {
        let (status, problem) = site
            .owner
            .refused(Method::GET, &format!("batches/{batch}/results?{query}"), &json!({}))
            .await;
        assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some(field)));
    }
}

async fn a_compressed_download_is_whole(site: &Site) {
    let batch = site.batch(&json!({"overlap": 1}), 300).await;
    let request = reqwest::Client::new()
        .get(format!("{}/api/v1/batches/{batch}/results?format=csv", site.url));
    let request = request.bearer_auth(site.owner.token()).header("accept-encoding", "gzip");
    let response = request.send().await.expect("an answer");
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let bytes = response.bytes().await.expect("a body that ends");
    assert!(bytes.starts_with(&[0x1f, 0x8b]) && bytes.len() > 1000);
}

async fn methods_differ_where_workers_do(site: &Site) {
    let batch = site.batch(&json!({"overlap": 5}), 31).await;
    let mut csv = String::from("task,worker,label\n");
    for task in 0..30 {
        let truth = if task % 2 == 0 { "good" } else { "bad" };
        csv += &format!(
            "t{task},w1,{truth}\nt{task},w2,{truth}\nt{task},w3,{truth}\nt{task},w4,good\nt{task},w5,good\n"
        );
    }
    csv += "t30,w1,bad\nt30,w2,bad\nt30,w4,good\nt30,w5,good\n";
    site.owner.upload(&format!("batches/{batch}/judgments"), "text/csv", &csv).await;
    let result = async |method: &str| {
        let page =
            site.owner.get(&format!("batches/{batch}/results?limit=50&method={method}")).await;
        page["items"][30]["fields"]["mood"].clone()
    };
    let vote = result("majority-vote").await;
    assert_eq!((&vote["confidence"], &vote["probabilities"]["bad"]), (&json!(0.5), &json!(0.5)));
    let skilled = result("dawid-skene").await;
    assert_eq!(
        skilled["value"], "bad",
        "two who are right elsewhere outweigh two who always say good"
    );
}

async fn media_is_reached_by_signed_links(site: &Site) {
    let question = json!({"title": "P", "input": {"picture": {"type": "image"}}, "output": {"f": {"type": "text"}}});
    site.owner.ok(Method::PUT, "projects/pictures", &question).await;
    let batch =
        site.owner.ok(Method::PUT, "projects/pictures/batches/main", &json!({"overlap": 1})).await;
    let path = format!("batches/{}/tasks", batch["id"].as_str().expect("an id"));
    let (status, problem) = site.owner.upload(&path, "text/csv", "picture\na b/1.png\n").await;
    assert_eq!(status, 422);
    assert_eq!(problem["errors"][0]["field"], "line 2, column picture");

    let content = b"\x89PNG not really".to_vec();
    let put = async |path: &str| {
        let request = reqwest::Client::new()
            .put(format!("{}/api/v1/projects/pictures/media/{path}", site.url));
        request
            .bearer_auth(site.owner.token())
            .body(content.clone())
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(put("a%20b/1.png").await, 201);
    assert_eq!(put("page.html").await, 422);
    assert_eq!(site.owner.upload(&path, "text/csv", "picture\na b/1.png\n").await.0, 201);
    let tasks = site.owner.get(&path).await;
    let link = tasks["items"][0]["input"]["picture"].as_str().expect("a link").to_owned();
    let get =
        async |link: &str| reqwest::get(format!("{}{link}", site.url)).await.expect("an answer");
    let picture = get(&link).await;
    assert_eq!(picture.headers()["content-type"], "image/png");
    assert!(
        picture.headers()["content-security-policy"].to_str().expect("text").contains("sandbox")
    );
    assert_eq!(picture.bytes().await.expect("bytes"), content);
    let forged = link.replace("signature=", "signature=0");
    assert_eq!(get(&forged).await.status().as_u16(), 403);
    assert!(!get(link.split('?').next().expect("a path")).await.status().is_success());
}
