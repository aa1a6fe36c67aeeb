//! `crowdsmith crowd`: a crowd of made-up people who work on a batch over the public API, as people would: they join by
//! invitation, claim, take their time, answer well or carelessly, submit, and sometimes give work back.

mod character;
mod worker;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use crowdsmith_platform::project::OutputField;
use crowdsmith_platform::rows::{self, Cell, Format};
use fastrand::Rng;
use indexmap::IndexMap;
use reqwest::{Method, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::args::Crowd;
use crate::client::{Client, table_type};
use crate::serve::stop_on_signal;
use character::Character;

pub(crate) async fn run(options: Crowd) -> Result<()> {
    if !(options.speed.is_finite() && options.speed > 0.0) {
        bail!("--speed must be above 0");
    }
    let owner = Client::new(&options.server)?;
    let batch = owner.batch_id(&options.batch).await?;
    let job = Job::new(&owner, &batch, options.truth.as_deref(), options.speed).await?;
    let tokens = hire(&owner, options.workers).await?;
    eprintln!("{} simulated workers at work; Ctrl-C ends it", options.workers);
    work(&owner, Arc::new(job), &tokens, options.seed, stop_on_signal()?).await?;
    let batch: Value = owner.get(&format!("batches/{batch}")).await?;
    println!(
        "{} judgments, {} of {} tasks done",
        batch["progress"]["judgments"], batch["progress"]["done"], batch["progress"]["tasks"]
    );
    Ok(())
}

/// What a crowd works on.
#[derive(Debug)]
pub(crate) struct Job {
    batch: String,
    output: IndexMap<String, OutputField>,
    /// Right answers by task id.
    truth: HashMap<String, Map<String, Value>>,
    speed: f64,
}

#[derive(Deserialize)]
struct Offered {
    output: IndexMap<String, OutputField>,
}

impl Job {
    /// Reads the question and, from `truth`, the right answers; `owner` is asked which task is which.
    pub(crate) async fn new(
        owner: &Client,
        batch: &str,
        truth: Option<&Path>,
        speed: f64,
    ) -> Result<Self> {
        let offered: Offered = owner.get(&format!("work/batches/{batch}")).await?;
        let by_name =
            truth.map(|file| read_truth(file, &offered.output)).transpose()?.unwrap_or_default();
        let mut truth =
            if by_name.is_empty() { HashMap::new() } else { by_id(owner, batch, by_name).await? };
        truth.extend(of_gold(owner, batch).await?);
        Ok(Self { batch: batch.to_owned(), output: offered.output, truth, speed })
    }
}

fn read_truth(
    file: &Path,
    output: &IndexMap<String, OutputField>,
) -> Result<HashMap<String, Map<String, Value>>> {
    let name = file.display();
    let reader = std::fs::File::open(file).with_context(|| format!("{name} cannot be read"))?;
    let format = Format::of_content_type(table_type(file)?).context("a known format")?;
    let mut truth = HashMap::new();
    rows::read(format, reader, |row| {
        let task = row.name("task").map_err(|error| vec![error])?.unwrap_or_default();
        let mut answers = Map::new();
        for (field_name, field) in output {
            let answer = match row.get(field_name) {
                Some(Cell::Text(text)) => field.parse(text),
                Some(Cell::Json(value)) => field.check(value).map(|()| Some(value.clone())),
                None => Ok(None),
            };
            match answer {
                Ok(Some(answer)) => drop(answers.insert(field_name.clone(), answer)),
                Ok(None) => {}
                Err(message) => return Err(vec![row.error(field_name, message)]),
            }
        }
        truth.insert(task, answers);
        Ok(())
    })
    .with_context(|| name.to_string())?;
    Ok(truth)
}

/// The right answers by task id in place of task name.
async fn by_id(
    owner: &Client,
    batch: &str,
    mut by_name: HashMap<String, Map<String, Value>>,
) -> Result<HashMap<String, Map<String, Value>>> {
    let mut truth = HashMap::new();
    let mut after = String::new();
    loop {
        let page: Value = owner.get(&format!("batches/{batch}/tasks?limit=1000{after}")).await?;
        for task in page["items"].as_array().into_iter().flatten() {
            let (id, name) = (task["id"].as_str().unwrap_or_default(), task["name"].as_str());
            if let Some(answers) = by_name.remove(name.unwrap_or(id)) {
                truth.insert(id.to_owned(), answers);
            }
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(truth),
        }
    }
}

/// The first acceptable answers of gold, by task id.
async fn of_gold(owner: &Client, batch: &str) -> Result<HashMap<String, Map<String, Value>>> {
    let page: Value = owner.get(&format!("batches/{batch}/gold?limit=1000")).await?;
    let known = page["items"].as_array().into_iter().flatten().filter_map(|gold| {
        let first = |(field, answers): (&String, &Value)| {
            (field.clone(), answers.get(0).cloned().unwrap_or_default())
        };
        let answers = gold["answers"].as_object()?.iter().map(first).collect();
        Some((gold["task_id"].as_str()?.to_owned(), answers))
    });
    Ok(known.collect())
}

const FIRST_NAMES: [&str; 16] = [
    "Ada", "Ben", "Chidi", "Dana", "Emre", "Fatima", "Goran", "Hana", "Ines", "Jonas", "Kofi",
    "Lena", "Mateo", "Noor", "Oleg", "Priya",
];

/// Makes workers by one invitation; answers an API token of each.
pub(crate) async fn hire(owner: &Client, count: usize) -> Result<Vec<String>> {
    let invitation = json!({"role": "worker", "uses": count, "expires_in_hours": 1});
    let invitation: Value = owner.send_json(Method::POST, "invitations", &invitation).await?;
    let mut tokens = Vec::new();
    for number in 0..count {
        let name = FIRST_NAMES[number % FIRST_NAMES.len()];
        let unique: String = std::iter::repeat_with(fastrand::alphanumeric).take(24).collect();
        let newcomer = json!({
            "token": invitation["token"], "name": format!("{name} (simulated)"), "password": unique,
            "email": format!("{}.{}@crowd.example", name.to_lowercase(), &unique[..12]),
        });
        tokens.push(join(owner, &newcomer).await?);
    }
    Ok(tokens)
}

/// Joins in a session and makes a token by it.
async fn join(owner: &Client, newcomer: &Value) -> Result<String> {
    let joined = owner.send(owner.request(Method::POST, "join").json(newcomer)).await?;
    let cookie = joined.headers().get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
    let cookie = cookie
        .and_then(|cookie| cookie.split(';').next())
        .context("joining gives a session")?
        .to_owned();
    let me: Value = joined.json().await?;
    let request = owner
        .anonymous()
        .request(Method::POST, "tokens")
        .header(header::COOKIE, cookie)
        .header("x-csrf-token", me["csrf"].as_str().unwrap_or_default())
        .json(&json!({"name": "simulated worker", "scopes": ["work"], "expires_in_days": 30}));
    let token: Value = owner.send(request).await?.json().await?;
    token["token"].as_str().map(str::to_owned).context("a token")
}

/// Lets the workers work until the batch has no work left or `stop` turns true.
pub(crate) async fn work(
    client: &Client,
    job: Arc<Job>,
    tokens: &[String],
    seed: u64,
    stop: watch::Receiver<bool>,
) -> Result<()> {
    let mut workers = JoinSet::new();
    for (number, token) in tokens.iter().enumerate() {
        let character = Character::of_member(
            number,
            tokens.len(),
            Rng::with_seed(seed.wrapping_add(number as u64)),
        );
        let worker = worker::Worker {
            client: client.with_token(token.clone()),
            job: Arc::clone(&job),
            character,
        };
        workers.spawn(worker.work(stop.clone()));
    }
    while let Some(ended) = workers.join_next().await {
        ended??;
    }
    Ok(())
}
