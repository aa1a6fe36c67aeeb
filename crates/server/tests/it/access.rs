//! Who gets in, and how far.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::site::{Site, on_both_engines};

on_both_engines!(
    strangers_and_workers_are_kept_out,
    tokens_have_scopes_and_end,
    sessions_need_their_csrf_token,
    invitations_are_used_up,
    the_last_owner_stays,
    guessing_passwords_gets_slow,
);

async fn strangers_and_workers_are_kept_out(site: &Site) {
    let batch = site.batch(&json!({}), 1).await;
    let worker = site.person("worker", "ada").await;
    let paths =
        ["projects", "batches", "members", "tokens", "me", "work/batches"].map(str::to_owned);
    for path in paths
        .iter()
        .chain([&format!("batches/{batch}/results"), &format!("batches/{batch}/events")])
    {
        assert_eq!(site.stranger().refused(Method::GET, path, &json!({})).await.0, 401, "{path}");
    }
    for path in ["projects", "batches", "members", &format!("batches/{batch}/judgments")] {
        assert_eq!(worker.refused(Method::GET, path, &json!({})).await.0, 403, "{path}");
    }
    let reviewer = site.person("reviewer", "rosa").await;
    assert_eq!(reviewer.get(&format!("batches/{batch}")).await["state"], "open");
    assert_eq!(
        reviewer.refused(Method::POST, &format!("batches/{batch}/close"), &json!({})).await.0,
        403
    );
    let site_shown = site.stranger().get("site").await;
    assert_eq!(
        (&site_shown["setup_required"], &site_shown["open_signup"]),
        (&json!(false), &json!(false))
    );
    let newcomer = json!({"email": "x@example.org", "name": "X", "password": "a long password"});
    assert_eq!(
        site.stranger().refused(Method::POST, "join", &newcomer).await.0,
        403,
        "sign-up is closed"
    );
    let setup = json!({"token": "x", "workspace": "W", "email": "x@example.org", "name": "X", "password": "a long password"});
    assert_eq!(
        site.stranger().refused(Method::POST, "setup", &setup).await.0,
        403,
        "the set-up link is used up"
    );
}

async fn tokens_have_scopes_and_end(site: &Site) {
    let new = json!({"name": "reader", "scopes": ["read"], "expires_in_days": 1});
    let created = site.owner.ok(Method::POST, "tokens", &new).await;
    let secret = created["token"].as_str().expect("a token");
    let reader = site.bearer(secret);
    reader.get("projects").await;
    assert_eq!(
        reader.refused(Method::POST, "invitations", &json!({"role": "worker"})).await.0,
        403
    );
    let wider = json!({"name": "wider", "scopes": ["read", "write"]});
    assert_eq!(
        reader.refused(Method::POST, "tokens", &wider).await.0,
        403,
        "a token makes no wider one"
    );
    let listed = site.owner.get("tokens").await;
    assert!(!listed.to_string().contains(secret), "a secret is shown once");
    let id = created["id"].as_str().expect("an id");
    site.owner.ok(Method::DELETE, &format!("tokens/{id}"), &json!({})).await;
    assert_eq!(reader.refused(Method::GET, "projects", &json!({})).await.0, 401, "revoked at once");
}

async fn sessions_need_their_csrf_token(site: &Site) {
    let http = reqwest::Client::new();
    let who = json!({"email": "OWNER@example.org ", "password": "a long password"});
    let signed_in = http
        .post(format!("{}/api/v1/session", site.url))
        .json(&who)
        .send()
        .await
        .expect("an answer");
    let cookie = signed_in.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let me: Value = signed_in.json().await.expect("JSON");
    let post = |csrf: Option<String>| {
        let mut request =
            http.post(format!("{}/api/v1/invitations", site.url)).header("cookie", &cookie);
        if let Some(csrf) = csrf {
            request = request.header("x-csrf-token", csrf);
        }
        request.json(&json!({"role": "worker"})).send()
    };
    assert_eq!(post(None).await.expect("an answer").status(), StatusCode::FORBIDDEN);
    assert_eq!(
        post(Some("wrong".into())).await.expect("an answer").status(),
        StatusCode::FORBIDDEN
    );
    let csrf = me["csrf"].as_str().expect("a token").to_owned();
    assert_eq!(post(Some(csrf.clone())).await.expect("an answer").status(), StatusCode::CREATED);
    let out = http
        .delete(format!("{}/api/v1/session", site.url))
        .header("cookie", &cookie)
        .header("x-csrf-token", &csrf);
    assert_eq!(out.send().await.expect("an answer").status(), StatusCode::NO_CONTENT);
    assert_eq!(
        post(Some(csrf)).await.expect("an answer").status(),
        StatusCode::UNAUTHORIZED,
        "signed out"
    );
}

async fn invitations_are_used_up(site: &Site) {
    let invitation =
        site.owner.ok(Method::POST, "invitations", &json!({"role": "worker", "uses": 1})).await;
    assert_eq!(
        invitation["link"],
        format!("{}/join#{}", site.url, invitation["token"].as_str().expect("a token"))
    );
    let token = json!({"token": invitation["token"]});
    let preview = site.stranger().ok(Method::POST, "invitations/preview", &token).await;
    assert_eq!((&preview["workspace"], &preview["role"]), (&json!("Acme"), &json!("worker")));
    let newcomer = |email: &str| json!({"token": invitation["token"], "email": email, "name": "N", "password": "a long password"});
    let (status, problem) =
        site.stranger().refused(Method::POST, "join", &newcomer("nonsense")).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("email")));
    site.stranger().ok(Method::POST, "join", &newcomer("n@example.org")).await;
    assert_eq!(
        site.stranger().refused(Method::POST, "join", &newcomer("m@example.org")).await.0,
        404,
        "used up"
    );
    let second = site.owner.ok(Method::POST, "invitations", &json!({"role": "worker"})).await;
    let taken = json!({"token": second["token"], "email": "N@example.org", "name": "N", "password": "a long password"});
    assert_eq!(
        site.stranger().refused(Method::POST, "join", &taken).await.0,
        409,
        "an account exists"
    );
    let id = second["id"].as_str().expect("an id");
    site.owner.ok(Method::DELETE, &format!("invitations/{id}"), &json!({})).await;
    assert_eq!(
        site.stranger()
            .refused(Method::POST, "invitations/preview", &json!({"token": second["token"]}))
            .await
            .0,
        404
    );
}

async fn the_last_owner_stays(site: &Site) {
    let me = site.owner.get("me").await;
    let path = format!("members/{}", me["id"].as_str().expect("an id"));
    for change in [json!({"role": "worker"}), json!({"disabled": true})] {
        assert_eq!(site.owner.refused(Method::PATCH, &path, &change).await.0, 409);
    }
    let worker = site.person("worker", "ada").await;
    let ada = worker.get("me").await;
    site.owner
        .ok(
            Method::PATCH,
            &format!("members/{}", ada["id"].as_str().expect("an id")),
            &json!({"disabled": true}),
        )
        .await;
    assert_eq!(worker.refused(Method::GET, "me", &json!({})).await.0, 401, "shut out at once");
    let members = site.owner.get("members").await;
    assert_eq!(members["items"][1]["disabled"], true);
}

async fn guessing_passwords_gets_slow(site: &Site) {
    let guess = json!({"email": "owner@example.org", "password": "wrong password"});
    for _ in 0..5 {
        assert_eq!(site.stranger().refused(Method::POST, "session", &guess).await.0, 401);
    }
    let (status, problem) = site.stranger().refused(Method::POST, "session", &guess).await;
    assert_eq!((status, problem["type"].as_str()), (429, Some("too-many-attempts")));
    let right = json!({"email": "owner@example.org", "password": "a long password"});
    assert_eq!(
        site.stranger().refused(Method::POST, "session", &right).await.0,
        429,
        "also for the right password"
    );
}
