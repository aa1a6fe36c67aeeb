//! A server of its own for each test.

use std::net::SocketAddr;

use crowdsmith_platform::access::{self, NewToken, Newcomer, Scope};
use crowdsmith_platform::{Database, Platform};
use crowdsmith_server::{Options, listen};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// Makes a test of each engine from one async function of `&Site`.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                crate::site::run(crate::site::Engine::Sqlite, async |site| super::$name(site).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                crate::site::run(crate::site::Engine::Postgres, async |site| super::$name(site).await).await;
            }
        }
    )+};
}
pub(crate) use on_both_engines;

/// A running server with an owner.
pub(crate) struct Site {
    pub(crate) platform: Platform,
    pub(crate) owner: Person,
    pub(crate) url: String,
    /// The database's own address, to look behind the door.
    database: String,
}

/// Somebody with a token.
#[derive(Clone)]
pub(crate) struct Person {
    http: reqwest::Client,
    url: String,
    token: String,
}

pub(crate) async fn run(engine: Engine, test: impl AsyncFn(&Site)) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let folder = tempfile::tempdir().expect("a folder");
    let database = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => {
            let Ok(server) = std::env::var("CROWDSMITH_TEST_POSTGRES") else {
                eprintln!(
                    "not run: CROWDSMITH_TEST_POSTGRES names no server (see scripts/with-postgres)"
                );
                return;
            };
            Some(new_postgres_database(&server).await)
        }
    };
    let platform = Platform::open(folder.path(), database.as_deref()).await.expect("a platform");
    let listening = listen(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port");
    let url = format!("http://{}", listening.address);
    let (stop, stopped) = watch::channel(false);
    let options = Options { public_url: url.clone(), open_signup: false };
    let serving = tokio::spawn(listening.serve(platform.clone(), options, stopped));
    let owner =
        Person { http: reqwest::Client::new(), url: url.clone(), token: own(&platform.db).await };
    let embedded = || format!("sqlite://{}", folder.path().join("crowdsmith.db").display());
    let site = Site { platform, owner, url, database: database.unwrap_or_else(embedded) };
    test(&site).await;
    stop.send_replace(true);
    drop(site);
    serving.await.expect("no panic").expect("a clean stop");
}

async fn new_postgres_database(server: &str) -> String {
    use sqlx::{Connection as _, Executor as _};
    let name = format!("test_{}_{}", std::process::id(), crowdsmith_platform::Id::new().0);
    let mut connection = sqlx::PgConnection::connect(server).await.expect("a PostgreSQL server");
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    connection.execute(create).await.expect("a new database");
    let (base, _) = server.rsplit_once('/').expect("a URL with a database");
    format!("{base}/{name}")
}

async fn own(db: &Database) -> String {
    let link = access::new_setup_secret(db).await.expect("a link").expect("no owner yet");
    let owner = Newcomer {
        email: "owner@example.org".into(),
        name: "Olga".into(),
        password: "a long password".into(),
    };
    let member = access::set_up(db, link.reveal(), "Acme", owner).await.expect("an owner");
    let (_, identity) = access::start_session(db, member).await.expect("a session");
    let new = NewToken { name: "tests".into(), scopes: Scope::ALL.to_vec(), expires_in_days: 1 };
    access::create_token(db, &identity, new).await.expect("a token").0.reveal().to_owned()
}

impl Site {
    /// The number that a statement answers, asked behind the server's back.
    pub(crate) async fn number(&self, statement: &'static str) -> i64 {
        use sqlx::Connection as _;
        if self.database.starts_with("sqlite") {
            let mut connection =
                sqlx::SqliteConnection::connect(&self.database).await.expect("a connection");
            sqlx::query_scalar(statement).fetch_one(&mut connection).await.expect("a number")
        } else {
            let mut connection =
                sqlx::PgConnection::connect(&self.database).await.expect("a connection");
            sqlx::query_scalar(statement).fetch_one(&mut connection).await.expect("a number")
        }
    }

    /// Changes the database behind the server's back.
    pub(crate) async fn execute(&self, statement: &'static str) {
        use sqlx::{Connection as _, Executor as _};
        if self.database.starts_with("sqlite") {
            let mut connection =
                sqlx::SqliteConnection::connect(&self.database).await.expect("a connection");
            connection.execute(statement).await.expect("a change");
        } else {
            let mut connection =
                sqlx::PgConnection::connect(&self.database).await.expect("a connection");
            connection.execute(statement).await.expect("a change");
        }
    }

    /// Somebody without a token.
    pub(crate) fn stranger(&self) -> Person {
        self.bearer("")
    }

    pub(crate) fn bearer(&self, token: &str) -> Person {
        Person { http: reqwest::Client::new(), url: self.url.clone(), token: token.to_owned() }
    }

    /// Adds a member by invitation; answers them with a token of all their role allows.
    pub(crate) async fn person(&self, role: &str, name: &str) -> Person {
        let invitation = self.owner.ok(Method::POST, "invitations", &json!({"role": role})).await;
        let email = format!("{name}@example.org");
        let newcomer = json!({"token": invitation["token"], "email": email, "name": name, "password": "a long password"});
        let joined = self.stranger().send(Method::POST, "join", Some(&newcomer)).await;
        assert_eq!(joined.status(), StatusCode::CREATED);
        let cookie = joined.headers()["set-cookie"]
            .to_str()
            .expect("text")
            .split(';')
            .next()
            .expect("a pair")
            .to_owned();
        let me: Value = joined.json().await.expect("JSON");
        let scopes: &[&str] =
            if role == "worker" { &["work"] } else { &["work", "read", "review"] };
        let created = reqwest::Client::new()
            .post(format!("{}/api/v1/tokens", self.url))
            .header("cookie", cookie)
            .header("x-csrf-token", me["csrf"].as_str().expect("a session"))
            .json(&json!({"name": "tests", "scopes": scopes}))
            .send()
            .await
            .expect("an answer");
        assert_eq!(created.status(), StatusCode::CREATED);
        let created: Value = created.json().await.expect("JSON");
        self.bearer(created["token"].as_str().expect("a token"))
    }

    /// A project with one question and a batch of the given settings and tasks `t0, t1, ..`; answers the batch's id.
    pub(crate) async fn batch(&self, settings: &Value, tasks: usize) -> String {
        let question = json!({
            "title": "Mood", "description": "Choose the mood.", "instructions": "# Look",
            "input": {"text": {"type": "text"}},
            "output": {"mood": {"type": "choice", "options": ["good", "bad"]}},
        });
        self.owner.ok(Method::PUT, "projects/mood", &question).await;
        let batch = self.owner.ok(Method::PUT, "projects/mood/batches/main", settings).await;
        let id = batch["id"].as_str().expect("an id").to_owned();
        let rows: Vec<Value> = (0..tasks)
            .map(|n| json!({"task": format!("t{n}"), "text": format!("text {n}")}))
            .collect();
        if tasks > 0 {
            self.owner.ok(Method::POST, &format!("batches/{id}/tasks"), &Value::from(rows)).await;
            self.owner.ok(Method::POST, &format!("batches/{id}/open"), &json!({})).await;
        }
        id
    }
}

impl Person {
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Response {
        let mut request = self.http.request(method, format!("{}/api/v1/{path}", self.url));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request.send().await.expect("an answer")
    }

    /// Sends what must succeed.
    pub(crate) async fn ok(&self, method: Method, path: &str, body: &Value) -> Value {
        let response = self.send(method.clone(), path, Some(body)).await;
        let status = response.status();
        let text = response.text().await.expect("a body");
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.send(Method::GET, path, None).await;
        let status = response.status();
        let text = response.text().await.expect("a body");
        assert!(status.is_success(), "GET {path}: {status} {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// Sends what must be refused; answers status and problem.
    pub(crate) async fn refused(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let response = self.send(method.clone(), path, Some(body)).await;
        let status = response.status();
        let kind = response
            .headers()
            .get("content-type")
            .map(|kind| kind.to_str().expect("text").to_owned());
        let text = response.text().await.expect("a body");
        assert!(status.is_client_error(), "{method} {path}: {status} {text}");
        assert_eq!(kind.as_deref(), Some("application/problem+json"), "{text}");
        (status.as_u16(), serde_json::from_str(&text).expect("a problem"))
    }

    /// Uploads a table.
    pub(crate) async fn upload(
        &self,
        path: &str,
        content_type: &str,
        content: &str,
    ) -> (u16, Value) {
        let request =
            self.http.post(format!("{}/api/v1/{path}", self.url)).bearer_auth(&self.token);
        let response = request
            .header("content-type", content_type)
            .body(content.to_owned())
            .send()
            .await
            .expect("an answer");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    /// Downloads a table as text.
    pub(crate) async fn download(&self, path: &str) -> String {
        let response = self.send(Method::GET, path, None).await;
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.text().await.expect("a whole body")
    }

    /// Claims; `None` when there is nothing.
    pub(crate) async fn claim(&self, batch: &str) -> Option<Value> {
        let response = self.send(Method::POST, &format!("work/batches/{batch}/claim"), None).await;
        match response.status() {
            StatusCode::NO_CONTENT => None,
            StatusCode::OK => {
                Some(response.json::<Value>().await.expect("JSON")["assignment"].clone())
            }
            other => panic!("claim: {other} {}", response.text().await.expect("a body")),
        }
    }
}

/// A submission that answers all tasks of an assignment alike.
pub(crate) fn answers(assignment: &Value, mood: &str) -> Value {
    let tasks = assignment["tasks"].as_array().expect("tasks");
    let judgments: Vec<Value> =
        tasks.iter().map(|task| json!({"task": task["id"], "output": {"mood": mood}})).collect();
    json!({"judgments": judgments})
}

/// Where an assignment is submitted or returned.
pub(crate) fn address(assignment: &Value, verb: &str) -> String {
    format!("work/assignments/{}/{verb}", assignment["id"].as_str().expect("an id"))
}
