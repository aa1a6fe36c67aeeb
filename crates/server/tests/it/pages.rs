//! Task pages from templates: links, policy, rendering, preview.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::site::{Person, Site, on_both_engines};

on_both_engines!(
    a_template_is_served_task_by_task,
    links_open_one_page_until_the_deadline,
    broken_templates_are_refused_with_their_places,
    templates_of_mechanical_turk_work,
    media_are_read_in_parts_by_pages_without_an_origin,
    a_draft_is_looked_at_without_being_stored,
    a_page_is_made_where_there_is_no_template,
    a_template_alone_says_what_is_asked,
);

const TEMPLATE: &str = "<script src=\"https://assets.crowd.aws/crowd-html-elements.js\"></script>
<crowd-form>
  <crowd-classifier name=\"mood\" categories=\"['good', 'bad']\" header=\"{{ task.input.text }}\">
    <classification-target><img src=\"{{ task.input.picture }}\">{{ task.input.text }}</classification-target>
  </crowd-classifier>
</crowd-form>";

fn question(template: &str) -> Value {
    json!({
        "title": "Mood",
        "input": {"text": {}, "picture": {"type": "image", "required": false}},
        "output": {"mood": {"type": "choice", "options": ["good", "bad"]}},
        "template": template,
        "page": {"allow": ["https://code.jquery.com/"], "submit_on_choice": false},
    })
}

/// A batch with one task; answers its id.
async fn open(site: &Site, question: &Value, task: &Value) -> String {
    site.owner.ok(Method::PUT, "projects/p", question).await;
    let batch = site.owner.ok(Method::PUT, "projects/p/batches/main", &json!({"overlap": 2})).await;
    let id = batch["id"].as_str().expect("an id").to_owned();
    site.owner.ok(Method::POST, &format!("batches/{id}/tasks"), &json!([task])).await;
    site.owner.ok(Method::POST, &format!("batches/{id}/open"), &json!({})).await;
    id
}

/// What a browser gets without a cookie.
async fn fetch(site: &Site, path: &str) -> reqwest::Response {
    reqwest::Client::new().get(format!("{}{path}", site.url)).send().await.expect("an answer")
}

fn header<'r>(response: &'r reqwest::Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

async fn page_of(worker: &Person, batch: &str) -> String {
    let assignment = worker.claim(batch).await.expect("work");
    assignment["tasks"][0]["page"].as_str().expect("a page").to_owned()
}

/// Whether this part of a page begins with the loader, on one line: its text, or its address where the program was built
/// without it.
fn brings_elements(part: &str) -> bool {
    let line = part.lines().next().unwrap_or_default();
    let text = line.starts_with("<script data-elements=\"/elements/\">(function(){");
    let address = line.starts_with("<script src=\"/elements/crowd-html-elements.js\">");
    (text || address) && line.contains("</script>")
}

async fn a_template_is_served_task_by_task(site: &Site) {
    let hostile = "\"><script>alert(1)</script>{{ task.input.picture }}";
    let elsewhere = "https://pictures.example.org/a;b.png?x=1";
    let task = json!({"text": hostile, "picture": elsewhere});
    let batch = open(site, &question(TEMPLATE), &task).await;
    let worker = site.person("worker", "wanda").await;

    let offered = worker.get(&format!("work/batches/{batch}")).await;
    let page = json!({
        "frame": true, "behavior": true, "shuffle": false, "skip": true, "submit_on_choice": false,
        "links": false, "geolocation": false,
    });
    assert_eq!(offered["page"], page);

    let address = page_of(&worker, &batch).await;
    let live = worker.get("work/assignments").await;
    assert_eq!(live["items"][0]["tasks"][0]["page"], address.as_str(), "the same after a reload");
    let response = fetch(site, &address).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(header(&response, "content-type").starts_with("text/html"));
    assert!(header(&response, "cache-control").starts_with("private, max-age="));
    let policy = header(&response, "content-security-policy").to_owned();
    let own = &site.url;
    for part in [
        "sandbox allow-scripts allow-forms; ".to_owned(),
        "default-src 'none'".to_owned(),
        format!(
            "script-src {own}/elements/ https://code.jquery.com 'unsafe-inline' 'unsafe-eval' blob:"
        ),
        "frame-src https://code.jquery.com; ".to_owned(),
        format!(
            "img-src {own}/elements/ {own}/media/ https://code.jquery.com https://pictures.example.org/a%3Bb.png data: blob:"
        ),
        format!(
            "connect-src {own}/elements/ {own}/media/ https://pictures.example.org/a%3Bb.png; worker-src"
        ),
        "form-action 'none'".to_owned(),
        format!("frame-ancestors {own}"),
    ] {
        assert!(policy.contains(&part), "{part} in {policy}");
    }
    let page = response.text().await.expect("a page");
    assert!(brings_elements(page.strip_prefix("<!doctype html>").unwrap_or_default()), "{page}");
    assert!(page.contains("<img src=\"https://pictures.example.org/a;b.png?x=1\">"), "{page}");
    let escaped = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{ task.input.picture }}";
    assert_eq!(page.matches(escaped).count(), 2, "{page}");
    assert!(!page.contains("<script>alert"), "{page}");

    // A question without a template is shown by the app.
    let plain = json!({"title": "T", "input": {"text": {}}, "output": {"mood": {"type": "text"}}});
    site.owner.ok(Method::PUT, "projects/q", &plain).await;
    let batch = site.owner.ok(Method::PUT, "projects/q/batches/main", &json!({})).await;
    let id = batch["id"].as_str().expect("an id");
    site.owner.ok(Method::POST, &format!("batches/{id}/tasks"), &json!([{"text": "x"}])).await;
    site.owner.ok(Method::POST, &format!("batches/{id}/open"), &json!({})).await;
    let assignment = worker.claim(id).await.expect("work");
    assert!(assignment["tasks"][0].get("page").is_none());
    assert_eq!(worker.get(&format!("work/batches/{id}")).await["page"]["frame"], false);
}

async fn links_open_one_page_until_the_deadline(site: &Site) {
    let batch = open(site, &question(TEMPLATE), &json!({"text": "x"})).await;
    let worker = site.person("worker", "wanda").await;
    let address = page_of(&worker, &batch).await;
    let (path, query) = address.split_once('?').expect("a query");
    let (expires, signature) = query.split_once('&').expect("two parts");
    let later = expires.trim_start_matches("expires=").parse::<i64>().expect("a number") + 60;
    let other = site.owner.get(&format!("batches/{batch}/tasks")).await;
    let task = other["items"][0]["id"].as_str().expect("an id");
    let elsewhere = path.replace(task, "0000000000007");
    for wrong in [
        path.to_owned(),
        format!("{path}?{expires}&signature=00"),
        format!("{path}?expires={later}&{signature}"),
        format!("{elsewhere}?{query}"),
        format!("{path}?expires=1&{signature}"),
    ] {
        let response = fetch(site, &wrong).await;
        assert!(response.status().is_client_error(), "{wrong}: {}", response.status());
        assert!(!response.text().await.expect("a body").contains("crowd-form"));
    }
    assert_eq!(fetch(site, &address).await.status(), StatusCode::OK);
    let expired = crowdsmith_platform::Time::from_micros(1_000_000);
    let ids = path
        .trim_start_matches("/page/")
        .split('/')
        .map(|id| serde_json::from_value(id.into()).expect("an id"));
    let ids: Vec<crowdsmith_platform::Id> = ids.collect();
    let expired = site.platform.links.page_link(ids[0], ids[1], expired);
    assert_eq!(fetch(site, &expired).await.status(), StatusCode::FORBIDDEN);
}

async fn broken_templates_are_refused_with_their_places(site: &Site) {
    let told = async |template: &str| {
        let (status, problem) =
            site.owner.refused(Method::PUT, "projects/p", &question(template)).await;
        assert_eq!(status, 422);
        let errors = problem["errors"].as_array().expect("errors").clone();
        errors
            .iter()
            .map(|error| format!("{}: {}", error["field"], error["message"]))
            .collect::<Vec<_>>()
    };
    let liquid = told("<crowd-form>\n  {% if task.input.text %}<crowd-classifier name=mood>").await;
    assert_eq!(
        liquid,
        ["\"template\": \"line 2, column 3: `{% if %}` is never closed with `{% endif %}`\""]
    );
    let element =
        told("<crowd-form><crowd-clasifier name=mood></crowd-clasifier></crowd-form>").await;
    assert_eq!(
        element,
        [
            "\"template\": \"line 1, column 13: <crowd-clasifier>: there is no such element; did you mean <crowd-classifier>?\""
        ]
    );
    let unasked = told("<crowd-form><crowd-input name=other></crowd-input></crowd-form>").await;
    assert_eq!(
        unasked,
        [
            r#""template": "line 1, column 1: no element has name=\"mood\", which `[output.mood]` requires""#
        ]
    );
    let large = told(&"x".repeat(600 << 10)).await;
    assert_eq!(large, ["\"template\": \"is larger than 512 KiB\""]);
    let mut wrong = question(TEMPLATE);
    wrong["page"] = json!({"allow": ["jquery.com", "https://ok.org;"], "skipp": true});
    let (_, problem) = site.owner.refused(Method::PUT, "projects/p", &wrong).await;
    let fields: Vec<&Value> =
        problem["errors"].as_array().expect("errors").iter().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["page.allow", "page.allow", "page.skipp"]);
    assert_eq!(
        site.owner.send(Method::GET, "projects/p", None).await.status(),
        StatusCode::NOT_FOUND
    );
}

async fn templates_of_mechanical_turk_work(site: &Site) {
    let template = "<!DOCTYPE html><html><head><script src='https://assets.crowd.aws/crowd-html-elements.js'></script></head>
<body><form action=\"https://www.mturk.com/mturk/externalSubmit\"><h1>{{ not liquid }}</h1><a href=\"${url}\">${name}</a>
<input name=\"phone\" required><input type=\"submit\"></form><script>var name = \"${name}\"; var x = `${other}`;</script></body></html>";
    let question = json!({
        "title": "Find it", "input": {"name": {}, "url": {"type": "url"}}, "template": template,
    });
    let task = json!({"name": "</script>\"'\\ ${url} {{ task.input.url }}", "url": "https://example.org/?a=1&b=2"});
    let batch = open(site, &question, &task).await;
    let worker = site.person("worker", "wanda").await;
    let page = fetch(site, &page_of(&worker, &batch).await).await.text().await.expect("a page");
    let head = page.strip_prefix("<!DOCTYPE html><html><head>").unwrap_or_default();
    assert!(brings_elements(head), "{page}");
    assert!(page.contains("<h1>{{ not liquid }}</h1>"), "{page}");
    assert!(page.contains("<a href=\"https://example.org/?a=1&amp;b=2\">&lt;/script&gt;&quot;&#39;\\ ${url} {{ task.input.url }}</a>"), "{page}");
    assert!(page.contains(r#"var name = "\u003c/script\u003e\u0022\u0027\\ \u0024{url} {{ task.input.url }}"; var x = `${other}`;"#), "{page}");
}

async fn media_are_read_in_parts_by_pages_without_an_origin(site: &Site) {
    site.owner.ok(Method::PUT, "projects/p", &question(TEMPLATE)).await;
    let uploaded = reqwest::Client::new()
        .put(format!("{}/api/v1/projects/p/media/a.png", site.url))
        .bearer_auth(site.owner.token())
        .body("0123456789")
        .send()
        .await
        .expect("an answer");
    assert_eq!(uploaded.status(), StatusCode::CREATED);
    let batch = open(site, &question(TEMPLATE), &json!({"text": "x", "picture": "a.png"})).await;
    let worker = site.person("worker", "wanda").await;
    let assignment = worker.claim(&batch).await.expect("work");
    let link = assignment["tasks"][0]["input"]["picture"].as_str().expect("a link").to_owned();
    let page = assignment["tasks"][0]["page"].as_str().expect("a page");
    let page = fetch(site, page).await.text().await.expect("a page");
    assert!(page.contains(&format!("<img src=\"{}\">", link.replace('&', "&amp;"))), "{page}");

    let get = async |range: Option<&str>| {
        let mut request = reqwest::Client::new().get(format!("{}{link}", site.url));
        if let Some(range) = range {
            request = request.header("range", range);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        let (status, range) =
            (response.status().as_u16(), header(&response, "content-range").to_owned());
        (status, range, response.text().await.expect("a body"))
    };
    assert_eq!(get(None).await, (200, String::new(), "0123456789".into()));
    assert_eq!(get(Some("bytes=2-4")).await, (206, "bytes 2-4/10".into(), "234".into()));
    assert_eq!(get(Some("bytes=8-")).await, (206, "bytes 8-9/10".into(), "89".into()));
    assert_eq!(get(Some("bytes=-1")).await, (206, "bytes 9-9/10".into(), "9".into()));
    assert_eq!(get(Some("bytes=10-")).await, (416, "bytes */10".into(), String::new()));
}

async fn a_draft_is_looked_at_without_being_stored(site: &Site) {
    let draft = json!({"question": question("<crowd-form>{{ task.input.txt }}<crowd-input name=mood></crowd-input></crowd-form>")});
    let looked = site.owner.ok(Method::POST, "preview", &draft).await;
    assert_eq!(
        looked["mistakes"],
        json!([{"severity": "error", "line": 1, "column": 16,
                "message": "no input field is called `txt`; did you mean `task.input.text`?"}])
    );
    assert_eq!(looked["fields"]["mood"]["type"], "choice");
    let looked = site.owner.ok(Method::POST, "preview", &json!({"question": {"titel": "x"}})).await;
    let fields: Vec<&Value> = looked["mistakes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|mistake| &mistake["field"])
        .collect();
    assert_eq!(fields, ["title", "input", "output", "titel"]);

    let show = async |person: &Person, draft: &Value| {
        let encoded: Vec<String> =
            draft.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
        let response = reqwest::Client::new()
            .post(format!("{}/preview", site.url))
            .bearer_auth(person.token())
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("document={}", encoded.concat()))
            .send()
            .await
            .expect("an answer");
        let policy = header(&response, "content-security-policy").to_owned();
        (response.status().as_u16(), policy, response.text().await.expect("a body"))
    };
    let draft = json!({"question": question(TEMPLATE), "input": {"text": "<b>hello</b>"}});
    let (status, policy, page) = show(&site.owner, &draft).await;
    assert_eq!(status, 200, "{page}");
    assert!(
        policy.starts_with("sandbox allow-scripts allow-forms; default-src 'none'"),
        "{policy}"
    );
    assert!(page.contains("&lt;b&gt;hello&lt;/b&gt;"), "{page}");
    let broken = json!({"question": question("{% if <b>"), "input": {}});
    let (status, policy, page) = show(&site.owner, &broken).await;
    assert_eq!(status, 200);
    assert!(policy.starts_with("sandbox "), "{policy}");
    assert!(page.contains("`{%` is never closed") && !page.contains("<b>"), "{page}");

    let worker = site.person("worker", "wanda").await;
    assert_eq!(show(&worker, &draft).await.0, 403);
    assert_eq!(show(&site.stranger(), &draft).await.0, 401);
    assert_eq!(
        worker.send(Method::POST, "preview", Some(&draft)).await.status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        site.owner.send(Method::GET, "projects/p", None).await.status(),
        StatusCode::NOT_FOUND
    );
}

async fn a_page_is_made_where_there_is_no_template(site: &Site) {
    let question = json!({
        "title": "Cats", "input": {"picture": {"type": "image"}, "text": {}},
        "output": {
            "cats": {"type": "boxes", "labels": ["cat"], "label": "Every <cat>"}, "sure": {"type": "rating"},
            "where": {"type": "place", "required": false, "tiles": "https://{s}.tiles.example.org/{z}/{x}/{y}.png"},
        },
    });
    let task = json!({"picture": "https://pictures.example.org/a.png", "text": "{{ 1 < 2 }}"});
    let batch = open(site, &question, &task).await;
    let worker = site.person("worker", "wanda").await;
    let assignment = worker.claim(&batch).await.expect("work");
    let page = assignment["tasks"][0]["page"].as_str().expect("a page");
    let page = fetch(site, page).await;
    assert!(
        header(&page, "content-security-policy")
            .contains(" https://*.tiles.example.org data: blob:; media-src")
    );
    let page = page.text().await.expect("a page");
    assert!(brings_elements(page.strip_prefix("<!doctype html>").unwrap_or_default()), "{page}");
    for part in [
        "<crowd-bounding-box name=\"cats\" header=\"Every &lt;cat&gt;\" required src=\"https://pictures.example.org/a.png\" \
         labels=\"[&quot;cat&quot;]\">",
        "<figcaption>text</figcaption><p>{{ 1 &lt; 2 }}</p>",
        "<crowd-rating name=\"sure\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(!page.contains("<img"), "the tool shows the picture: {page}");
    let boxes = json!({
        "boundingBoxes": [{"label": "cat", "left": 1, "top": 2, "width": 3, "height": 4}],
        "inputImageProperties": {"width": 10, "height": 10},
    });
    let answer = |boxes: &Value| json!({"judgments": [{"task": assignment["tasks"][0]["id"], "output": {"cats": boxes, "sure": 4}}]});
    let submit = crate::site::address(&assignment, "submit");
    let (status, problem) =
        worker.refused(Method::POST, &submit, &answer(&json!({"boundingBoxes": []}))).await;
    assert_eq!(status, 422, "{problem}");
    worker.ok(Method::POST, &submit, &answer(&boxes)).await;
    let judgments = site.owner.download(&format!("batches/{batch}/judgments?format=ndjson")).await;
    assert!(judgments.contains(&boxes["boundingBoxes"].to_string()), "{judgments}");
}

async fn a_template_alone_says_what_is_asked(site: &Site) {
    let mut question = question(TEMPLATE);
    question.as_object_mut().expect("a table").remove("output");
    let project = site.owner.ok(Method::PUT, "projects/p", &question).await;
    assert_eq!(project["output"]["mood"]["type"], "choice");
    assert_eq!(project["output"]["mood"]["options"][1]["value"], "bad");
    let batch = open(site, &question, &json!({"text": "x"})).await;
    let worker = site.person("worker", "wanda").await;
    let assignment = worker.claim(&batch).await.expect("work");
    let output = json!({"mood": {"label": "good"}, "beside": [1]});
    let answer = json!({"judgments": [{"task": assignment["tasks"][0]["id"], "output": output}]});
    worker.ok(Method::POST, &crate::site::address(&assignment, "submit"), &answer).await;
    let judgments = site.owner.download(&format!("batches/{batch}/judgments?format=ndjson")).await;
    let row: Value = serde_json::from_str(judgments.trim()).expect("a row");
    assert_eq!(row["mood"], json!({"label": "good"}), "as the page gave it");
    assert_eq!(row["other_answers"], json!({"beside": [1]}));
    let results = site.owner.download(&format!("batches/{batch}/results?format=csv")).await;
    assert!(results.contains("good"), "{results}");
}
