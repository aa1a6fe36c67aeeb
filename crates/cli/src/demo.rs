//! `crowdsmith demo`: a server of its own with the examples in it, and a simulated crowd that works on them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use crowdsmith_platform::access::Newcomer;
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use crate::args::Demo;
use crate::client::Client;
use crate::folder::Folder;
use crate::push::push;
use crate::serve::{Started, stop_on_signal};
use crate::{admin, crowd, logging};

#[derive(RustEmbed)]
#[folder = "../../examples"]
#[exclude = "*.mjs"]
#[exclude = "*.sh"]
#[exclude = "README.md"]
struct Examples;

const OWNER: &str = "owner@demo.example";
const SEED: u64 = 1;

/// What a second start needs of the first; it lies in the data folder, readable by its owner only.
#[derive(Serialize, Deserialize)]
struct Memory {
    password: String,
    owner_token: String,
    worker_tokens: Vec<String>,
}

pub(crate) async fn run(options: Demo) -> Result<()> {
    if !(options.speed.is_finite() && options.speed > 0.0) {
        bail!("--speed must be above 0");
    }
    logging::start(options.listen.log_format);
    let server = Started::new(&options.data, None, &options.listen).await?;
    let memory = options.data.join("demo.json");
    let (url, local) = (server.public_url.clone(), format!("http://{}", server.listening.address));
    let known = recall(&memory)?;
    let (mut known, first) = match known {
        Some(known) => (known, false),
        None => (make_owner(&server, &memory).await?, true),
    };
    let stop = stop_on_signal()?;
    let serving = tokio::spawn(server.run(false, stop.clone()));
    let demo = furnish(&options, &local, &mut known, &memory, first, stop.clone());
    tokio::select! {
        furnished = demo => match furnished {
            Ok(crowd) => {
                welcome(&url, &known, &options);
                crowd.await?;
            }
            // Stopped while it was being furnished: the requests under way fail, and a second start goes on.
            Err(_) if *stop.borrow() => {}
            Err(error) => return Err(error),
        },
        () = stopped(stop.clone()) => {}
    }
    serving.await?
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone, which ends the demo as well.
    drop(stop.wait_for(|stop| *stop).await);
}

fn recall(memory: &Path) -> Result<Option<Memory>> {
    match std::fs::read(memory) {
        Ok(text) => {
            serde_json::from_slice(&text).map(Some).with_context(|| memory.display().to_string())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| memory.display().to_string()),
    }
}

fn remember(path: &Path, memory: &Memory) -> Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let partial = path.with_extension("partial");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&partial)?;
    file.write_all(&serde_json::to_vec_pretty(memory)?)?;
    file.sync_all()?;
    std::fs::rename(&partial, path).with_context(|| path.display().to_string())
}

async fn make_owner(server: &Started, memory: &Path) -> Result<Memory> {
    let password: String = std::iter::repeat_with(fastrand::alphanumeric).take(16).collect();
    let owner =
        Newcomer { email: OWNER.into(), name: "Demo owner".into(), password: password.clone() };
    let owner_token = admin::create_owner(&server.platform.db, "Demo workspace", owner).await?;
    let known = Memory { password, owner_token, worker_tokens: Vec::new() };
    remember(memory, &known)?;
    Ok(known)
}

/// Brings the examples in and the crowd to work; answers with the crowd, which works until there is nothing left.
async fn furnish(
    options: &Demo,
    server: &str,
    known: &mut Memory,
    memory: &Path,
    first: bool,
    stop: watch::Receiver<bool>,
) -> Result<impl Future<Output = Result<()>> + use<>> {
    let owner = Client::at(server, Some(known.owner_token.clone()))?;
    let folders = unpack(&options.data.join("examples"))?;
    let mut batches = Vec::new();
    for folder in folders {
        let read = Folder::read(&folder)?;
        if first || owner.batch_id(&batch_name(&read)).await.is_err() {
            push(&owner, &read, true).await?;
        }
        // The simulated crowd knows what to answer where the right answers lie beside the tasks.
        let truth = folder.join("truth.csv");
        if truth.exists() {
            batches.push((owner.batch_id(&batch_name(&read)).await?, truth));
        }
    }
    if !options.no_crowd && known.worker_tokens.len() < options.workers {
        let missing = options.workers - known.worker_tokens.len();
        known.worker_tokens.extend(crowd::hire(&owner, missing).await?);
        remember(memory, known)?;
    }
    let tokens =
        if options.no_crowd { Vec::new() } else { known.worker_tokens[..options.workers].to_vec() };
    let speed = options.speed;
    Ok(async move {
        let mut crowds = tokio::task::JoinSet::new();
        for (batch, truth) in batches {
            let state: Value = owner.get(&format!("batches/{batch}")).await?;
            if state["state"] != "open" || tokens.is_empty() {
                continue;
            }
            let job = Arc::new(crowd::Job::new(&owner, &batch, Some(&truth), speed).await?);
            let (owner, tokens, stop) = (owner.clone(), tokens.clone(), stop.clone());
            crowds.spawn(async move { crowd::work(&owner, job, &tokens, SEED, stop).await });
        }
        while let Some(ended) = crowds.join_next().await {
            if let Err(error) = ended? {
                tracing::warn!(%error, "a simulated crowd went home");
            }
        }
        stopped(stop).await;
        Ok(())
    })
}

fn batch_name(folder: &Folder) -> String {
    format!("{}/{}", folder.name, folder.batch.as_ref().map_or("main", |batch| &batch.name))
}

/// Writes the examples that this program carries into a folder; answers their project folders.
fn unpack(target: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for name in Examples::iter() {
        let Some(file) = Examples::get(&name) else { continue };
        let path = target.join(name.as_ref());
        let folder = path.parent().context("a file in a folder")?;
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        std::fs::write(&path, &file.data).with_context(|| path.display().to_string())?;
        if name.ends_with("/project.toml") {
            folders.push(folder.to_owned());
        }
    }
    folders.sort();
    Ok(folders)
}

fn welcome(url: &str, known: &Memory, options: &Demo) {
    println!("\nCrowdsmith's demo is ready:  {url}\n");
    println!("    sign in as   {OWNER}");
    println!("    password     {}\n", known.password);
    if options.no_crowd {
        println!("No crowd is at work. Answer tasks yourself under \"Work\" ({url}/work).");
    } else {
        println!(
            "{} simulated workers are labelling some of the examples. Open a batch to watch, or",
            options.workers
        );
        println!("answer tasks yourself under \"Work\" ({url}/work).");
    }
    println!(
        "Ctrl-C ends it; the next start goes on where it stopped ({}).\n",
        options.data.display()
    );
}
