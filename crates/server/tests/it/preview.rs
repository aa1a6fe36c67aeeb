//! A folder's page on this machine: shown anew after a change, under the policy of all task pages.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crowdsmith_platform::project::Question;
use crowdsmith_server::{Preview, PreviewMistake, Source, listen};
use serde_json::{Value, json};
use tokio::sync::watch;

fn preview(template: &str) -> Preview {
    let question = json!({
        "title": "T", "instructions": "**Look**.", "template": template,
        "input": {"text": {}, "picture": {"type": "image"}},
    });
    let task = json!({"text": "1 < 2", "picture": "a b.png"});
    Preview {
        name: "folder".into(),
        question: Some(Question::read_draft(&question).expect("a question")),
        tasks: vec![task.as_object().expect("a table").clone()],
        mistakes: vec![PreviewMistake {
            severity: "warning",
            file: "template.html".into(),
            message: "line 1, column 1: look".into(),
        }],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_is_shown_again_after_a_change() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a b.png"), "0123456789").expect("a file");
    std::fs::write(folder.path().join("secret.toml"), "x").expect("a file");
    let version = Arc::new(AtomicUsize::new(1));
    let (read, told) = (Arc::clone(&version), Arc::clone(&version));
    let source = Source {
        folder: folder.path().to_owned(),
        read: Box::new(move || {
            let number = read.load(Ordering::SeqCst);
            preview(&format!(
                "<crowd-form>v{number} {{{{ task.input.text }}}} <img src=\"{{{{ task.input.picture }}}}\"></crowd-form>"
            ))
        }),
        version: Box::new(move || told.load(Ordering::SeqCst).to_string()),
    };
    let listening = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port");
    let url = format!("http://{}", listening.address);
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(listening.preview(source, url.clone(), stopped));
    let get = async |path: &str| reqwest::get(format!("{url}{path}")).await.expect("an answer");

    let state: Value = get("/state").await.json().await.expect("JSON");
    assert_eq!(state["title"], "T");
    assert_eq!(state["instructions"], "<p><strong>Look</strong>.</p>\n");
    assert_eq!(state["tasks"], json!(["1 < 2 · a b.png"]));
    assert_eq!(state["mistakes"][0]["file"], "template.html");
    assert_eq!(get("/state?version=1").await.status(), 204, "nothing changed");

    let page = get("/task/0").await;
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(
        policy.starts_with("sandbox allow-scripts allow-forms; default-src 'none'"),
        "{policy}"
    );
    let page = page.text().await.expect("a page");
    assert!(page.contains("v1 1 &lt; 2 <img src=\"/media/a%20b.png\">"), "{page}");

    let whole = get("/media/a%20b.png").await;
    assert_eq!(whole.headers()["access-control-allow-origin"], "*");
    assert_eq!(whole.text().await.expect("a body"), "0123456789");
    for hidden in ["/media/secret.toml", "/media/..%2Fsecret.png", "/media/none.png"] {
        assert_eq!(get(hidden).await.status(), 404, "{hidden}");
    }
    for part in ["/", "/preview.js", "/preview.css", "/tokens.css"] {
        assert_eq!(get(part).await.status(), 200, "{part}");
    }

    version.store(2, Ordering::SeqCst);
    assert_eq!(get("/state?version=1").await.status(), 200);
    assert!(get("/task/0").await.text().await.expect("a page").contains("v2 "));
    stop.send_replace(true);
    serving.await.expect("no panic").expect("a clean stop");
}
