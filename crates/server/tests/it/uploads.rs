//! Files that workers upload as part of an answer.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Person, Site, address, on_both_engines};

on_both_engines!(
    a_photo_is_uploaded_named_and_read,
    where_a_photo_was_taken_is_removed,
    what_looks_or_sounds_the_same_is_counted,
    wrong_files_are_refused,
    an_answer_names_its_own_uploads_only,
    unused_uploads_are_removed,
    copies_are_watched_by_rules,
);

const PHOTO: &[u8] = include_bytes!("../../../platform/tests/files/photo.jpg");
const SMALLER: &[u8] = include_bytes!("../../../platform/tests/files/photo.webp");
const OTHER: &[u8] = include_bytes!("../../../platform/tests/files/other.jpg");
const RECORDED: &[u8] = include_bytes!("../../../platform/tests/files/one.webm");
const AGAIN: &[u8] = include_bytes!("../../../platform/tests/files/one-again.opus");
const SPOKEN: &[u8] = include_bytes!("../../../platform/tests/files/two.opus");
const FILM: &[u8] = include_bytes!("../../../platform/tests/files/film.webm");

/// A batch that asks for these fields; opened.
async fn batch(site: &Site, settings: &Value, output: &Value, tasks: usize) -> String {
    let question = json!({"title": "Shops", "input": {"shop": {"type": "text"}}, "output": output});
    site.owner.ok(Method::PUT, "projects/shops", &question).await;
    let batch = site.owner.ok(Method::PUT, "projects/shops/batches/town", settings).await;
    let id = batch["id"].as_str().expect("an id").to_owned();
    let rows: Vec<Value> =
        (0..tasks).map(|n| json!({"task": format!("t{n}"), "shop": format!("shop {n}")})).collect();
    site.owner.ok(Method::POST, &format!("batches/{id}/tasks"), &rows.into()).await;
    site.owner.ok(Method::POST, &format!("batches/{id}/open"), &json!({})).await;
    id
}

fn photo() -> Value {
    json!({"photo": {"type": "photo", "max_size": 1}})
}

fn one_each() -> Value {
    json!({"overlap": 3, "suite_size": 1})
}

/// Sends a file for a field of the assignment's first task; answers status and body.
async fn send(
    site: &Site,
    worker: &Person,
    assignment: &Value,
    field: &str,
    file: Vec<u8>,
) -> (u16, Value) {
    let task = assignment["tasks"][0]["id"].as_str().expect("an id");
    let path = address(assignment, &format!("media?task={task}&field={field}"));
    let request = reqwest::Client::new().post(format!("{}/api/v1/{path}", site.url));
    let request = request.bearer_auth(worker.token()).header("content-type", "image/gif");
    let answer = request.body(file).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn upload(
    site: &Site,
    worker: &Person,
    assignment: &Value,
    field: &str,
    file: &[u8],
) -> Value {
    let (status, uploaded) = send(site, worker, assignment, field, file.to_vec()).await;
    assert_eq!(status, 201, "{uploaded}");
    uploaded
}

/// The answer that names an upload.
fn naming(assignment: &Value, field: &str, uploaded: &Value) -> Value {
    let named = json!({
        "media": uploaded["media"], "type": uploaded["type"], "size": uploaded["size"],
    });
    json!({"judgments": [{"task": assignment["tasks"][0]["id"], "output": {field: named}}]})
}

async fn submit(worker: &Person, assignment: &Value, body: &Value) -> Value {
    worker.ok(Method::POST, &address(assignment, "submit"), body).await
}

async fn read(site: &Site, url: &Value) -> reqwest::Response {
    let url = format!("{}{}", site.url, url.as_str().expect("an address"));
    reqwest::get(url).await.expect("an answer")
}

async fn a_photo_is_uploaded_named_and_read(site: &Site) {
    let batch = batch(site, &one_each(), &photo(), 1).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("a task");
    let uploaded = upload(site, &ada, &assignment, "photo", PHOTO).await;
    assert_eq!((&uploaded["type"], &uploaded["duplicates"]), (&json!("image/jpeg"), &json!(0)));
    let shown = read(site, &uploaded["url"]).await;
    assert_eq!(shown.headers()["content-type"], "image/jpeg");
    assert_eq!(shown.headers()["access-control-allow-origin"], "*");
    let size = shown.bytes().await.expect("a body").len();
    assert_eq!(uploaded["size"], size);
    let bare = uploaded["url"].as_str().expect("an address").split('?').next().expect("a path");
    assert_eq!(read(site, &json!(bare)).await.status(), 422, "by its link only");
    assert_eq!(
        read(site, &json!(format!("{bare}?expires=9999999999&signature=00"))).await.status(),
        403
    );

    let body = naming(&assignment, "photo", &uploaded);
    let first = submit(&ada, &assignment, &body).await;
    assert_eq!(submit(&ada, &assignment, &body).await, first, "the same again");
    let csv = site.owner.download(&format!("batches/{batch}/judgments?format=csv")).await;
    let media = uploaded["media"].as_str().expect("an id");
    assert!(csv.contains(media), "{csv}");
    let linked = site.owner.send(Method::GET, &format!("media/{media}"), None).await;
    assert_eq!(linked.status().as_u16(), 200);
    assert_eq!(linked.headers()["content-type"], "image/jpeg");
    assert_eq!(ada.refused(Method::GET, &format!("media/{media}"), &json!({})).await.0, 403);
    assert_eq!(site.owner.refused(Method::GET, &format!("media/{batch}"), &json!({})).await.0, 404);
}

/// A JPEG with EXIF that says how it is turned and where it was taken, and a further picture behind it.
fn taken_somewhere() -> Vec<u8> {
    let mut exif =
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend(b"52.5219N 13.4132E");
    let mut file = PHOTO[..2].to_vec();
    file.extend([0xFF, 0xE1]);
    file.extend((exif.len() as u16 + 2).to_be_bytes());
    file.extend(exif);
    file.extend(&PHOTO[2..]);
    file.extend(b"\xff\xd8 a second picture, 52.5219N \xff\xd9");
    file
}

async fn where_a_photo_was_taken_is_removed(site: &Site) {
    let output = json!({
        "photo": {"type": "photo"},
        "kept": {"type": "photo", "keep_location": true, "required": false},
    });
    let batch = batch(site, &one_each(), &output, 1).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("a task");
    let has = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|part| part == what);
    for (field, kept) in [("photo", false), ("kept", true)] {
        let uploaded = upload(site, &ada, &assignment, field, &taken_somewhere()).await;
        let stored = read(site, &uploaded["url"]).await.bytes().await.expect("a body");
        assert_eq!(has(&stored, b"52.5219N"), kept, "{field}");
        assert!(
            has(&stored, b"\x01\x12\0\x03") || has(&stored, b"\x12\x01\x03\0"),
            "how it is turned stays"
        );
    }
}

async fn what_looks_or_sounds_the_same_is_counted(site: &Site) {
    let output = json!({
        "photo": {"type": "photo", "required": false}, "sound": {"type": "audio", "required": false},
        "any": {"type": "file", "required": false},
    });
    let batch = batch(site, &one_each(), &output, 3).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let first = ada.claim(&batch).await.expect("a task");
    let photo = upload(site, &ada, &first, "photo", PHOTO).await;
    let again = upload(site, &ada, &first, "photo", SMALLER).await;
    assert_eq!(
        (&photo["duplicates"], &again["duplicates"]),
        (&json!(0), &json!(0)),
        "the same task"
    );
    let sound = upload(site, &ada, &first, "sound", RECORDED).await;
    assert_eq!((&sound["type"], &sound["duplicates"]), (&json!("audio/webm"), &json!(0)));
    let note = upload(site, &ada, &first, "any", b"just a note").await;
    assert_eq!(note["type"], "text/plain; charset=utf-8");
    let mut body = naming(&first, "photo", &photo);
    for (field, uploaded) in [("sound", &sound), ("any", &note)] {
        body["judgments"][0]["output"][field] =
            naming(&first, field, uploaded)["judgments"][0]["output"][field].clone();
    }
    submit(&ada, &first, &body).await;

    let second = ben.claim(&batch).await.expect("a task");
    for (field, file, duplicates) in [
        ("photo", PHOTO, 1),
        ("photo", SMALLER, 1),
        ("photo", OTHER, 0),
        ("sound", RECORDED, 1),
        ("sound", AGAIN, 1),
        ("sound", SPOKEN, 0),
        ("any", b"just a note", 1),
        ("any", b"just another", 0),
    ] {
        let uploaded = upload(site, &ben, &second, field, file).await;
        assert_eq!(uploaded["duplicates"], duplicates, "{field} of {} bytes", file.len());
    }
}

async fn wrong_files_are_refused(site: &Site) {
    let output = json!({
        "photo": {"type": "photo", "max_size": 1}, "sound": {"type": "audio", "required": false},
        "film": {"type": "video", "required": false},
        "paper": {"type": "file", "types": ["application/pdf"], "required": false},
        "note": {"type": "text", "required": false},
    });
    let batch = batch(site, &one_each(), &output, 1).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let assignment = ada.claim(&batch).await.expect("a task");
    let broken = [&PHOTO[..20], &[0; 3000]].concat();
    let large = vec![0xFF; 1_000_001];
    for (field, file, status, told) in [
        ("photo", b"<svg onload=alert(1)>".to_vec(), 415, "does not take"),
        ("photo", RECORDED.to_vec(), 415, "audio/webm"),
        ("photo", broken, 415, "cannot be read as that"),
        ("photo", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), 415, "cannot be removed"),
        ("photo", large, 413, "larger than the 1 MB"),
        ("photo", Vec::new(), 422, "is empty"),
        ("sound", FILM.to_vec(), 201, "video/webm"),
        ("film", RECORDED.to_vec(), 415, "audio/webm"),
        ("film", FILM.to_vec(), 201, "video/webm"),
        ("paper", PHOTO.to_vec(), 415, "image/jpeg"),
        ("paper", b"%PDF-1.7\n".to_vec(), 201, "application/pdf"),
        ("note", PHOTO.to_vec(), 422, "photo, audio, video or file"),
        ("nothing", PHOTO.to_vec(), 422, "photo, audio, video or file"),
    ] {
        let (found, answer) = send(site, &ada, &assignment, field, file).await;
        assert_eq!(found, status, "{field}: {answer}");
        assert!(answer.to_string().contains(told), "{field}: {answer}");
    }
    let (status, problem) = send(site, &ben, &assignment, "photo", PHOTO.to_vec()).await;
    assert_eq!(status, 409, "somebody else's assignment: {problem}");
    let mut strange = assignment.clone();
    strange["tasks"][0]["id"] = json!(batch);
    let (status, problem) = send(site, &ada, &strange, "photo", PHOTO.to_vec()).await;
    assert_eq!((status, &problem["errors"][0]["field"]), (422, &json!("task")));
    for _ in 0..17 {
        upload(site, &ada, &assignment, "photo", PHOTO).await;
    }
    let (status, problem) = send(site, &ada, &assignment, "photo", PHOTO.to_vec()).await;
    assert!(status == 409 && problem.to_string().contains("20 files"), "{status} {problem}");
}

async fn an_answer_names_its_own_uploads_only(site: &Site) {
    let output = json!({"photo": {"type": "photo"}, "back": {"type": "photo", "required": false}});
    let batch = batch(site, &one_each(), &output, 2).await;
    let (ada, ben) = (site.person("worker", "ada").await, site.person("worker", "ben").await);
    let assignment = ada.claim(&batch).await.expect("a task");
    let next = ada.claim(&batch).await.expect("a task");
    let own = upload(site, &ada, &assignment, "photo", PHOTO).await;
    let back = upload(site, &ada, &assignment, "back", PHOTO).await;
    let of_next = upload(site, &ada, &next, "photo", PHOTO).await;
    let bens = ben.claim(&batch).await.expect("a task");
    let of_ben = upload(site, &ben, &bens, "photo", PHOTO).await;
    let invented = json!({"media": batch, "type": "image/jpeg", "size": 1});
    let no_id = json!({"media": "photo.jpg", "type": "image/jpeg", "size": 1});
    for wrong in [&back, &of_next, &of_ben, &invented, &no_id] {
        let body = naming(&assignment, "photo", wrong);
        let (status, problem) =
            ada.refused(Method::POST, &address(&assignment, "submit"), &body).await;
        let error = &problem["errors"][0];
        assert_eq!(
            (status, &error["field"]),
            (422, &json!("judgments[0].output.photo")),
            "{problem}"
        );
        assert!(error["message"].as_str().expect("a text").contains("did not upload"), "{problem}");
    }
    assert_eq!(site.number("SELECT COUNT(*) FROM upload WHERE used_at IS NOT NULL").await, 0);
    submit(&ada, &assignment, &naming(&assignment, "photo", &own)).await;
    assert_eq!(site.number("SELECT COUNT(*) FROM upload WHERE used_at IS NOT NULL").await, 1);
}

async fn unused_uploads_are_removed(site: &Site) {
    let batch = batch(site, &one_each(), &photo(), 2).await;
    let ada = site.person("worker", "ada").await;
    let assignment = ada.claim(&batch).await.expect("a task");
    let unused = upload(site, &ada, &assignment, "photo", OTHER).await;
    let used = upload(site, &ada, &assignment, "photo", PHOTO).await;
    let sweep = async || crowdsmith_platform::upload::sweep(&site.platform).await.expect("sweeps");
    assert_eq!(sweep().await, 0, "the assignment is still under way");
    submit(&ada, &assignment, &naming(&assignment, "photo", &used)).await;
    let returned = ada.claim(&batch).await.expect("a task");
    let gone = upload(site, &ada, &returned, "photo", PHOTO).await;
    ada.ok(Method::POST, &address(&returned, "return"), &json!({})).await;
    assert_eq!(sweep().await, 2);
    assert_eq!(sweep().await, 0);
    for (uploaded, status) in [(&unused, 404), (&gone, 404), (&used, 200)] {
        assert_eq!(read(site, &uploaded["url"]).await.status(), status);
    }
    assert_eq!(
        site.number(
            "SELECT COUNT(*) FROM upload_part WHERE upload_id NOT IN (SELECT id FROM upload)"
        )
        .await,
        0
    );
}

async fn copies_are_watched_by_rules(site: &Site) {
    let rule = json!({
        "collector": "duplicates", "when": {"duplicates": ">= 2", "rate": "> 50"}, "action": {"restrict": "batch"},
    });
    let settings = json!({"overlap": 1, "suite_size": 1, "rules": [rule]});
    let batch = batch(site, &settings, &photo(), 5).await;
    let ada = site.person("worker", "ada").await;
    for (file, allowed) in [(PHOTO, true), (SMALLER, true), (PHOTO, false)] {
        let assignment = ada.claim(&batch).await.expect("a task");
        let uploaded = upload(site, &ada, &assignment, "photo", file).await;
        submit(&ada, &assignment, &naming(&assignment, "photo", &uploaded)).await;
        let stands = ada.get(&format!("work/batches/{batch}")).await["standing"]["state"].clone();
        assert_eq!(stands != "restricted", allowed, "{stands}");
    }
    let firings = site.owner.get(&format!("batches/{batch}/firings")).await;
    let why = "duplicates: 2 of 3 uploads look or sound like earlier ones (66.7 %), rule: duplicates >= 2 and rate > 50";
    assert_eq!(firings["items"][0]["why"], why);
}
