//! `crowdsmith push DIR`: a project folder to a server. Pushing again changes only what has changed.

use anyhow::{Context as _, Result, bail};
use crowdsmith_platform::hex::hex;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Method;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::args::Push;
use crate::client::{Client, table_type};
use crate::folder::{Folder, FolderBatch};

pub(crate) async fn run(options: Push) -> Result<()> {
    let folder = Folder::read(&options.folder)?;
    for warning in &folder.warnings {
        eprintln!("warning: template.html: {warning}");
    }
    if options.dry_run {
        println!("{} is in order; nothing was sent", options.folder.display());
        return Ok(());
    }
    let client = Client::new(&options.server)?;
    let pushed = push(&client, &folder, options.open).await?;
    println!("{pushed}");
    Ok(())
}

/// Media sent at a time.
const AT_ONCE: usize = 8;

/// Sends a folder; answers what was done in words.
pub(crate) async fn push(client: &Client, folder: &Folder, open: bool) -> Result<String> {
    let path = format!("projects/{}", folder.name);
    let project: Value = client.send_json(Method::PUT, &path, &folder.question).await?;
    let mut done = format!("project {} (revision {})", folder.name, project["revision"]);
    stream::iter(&folder.media)
        .map(|media| send_media(client, folder, media))
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    if !folder.media.is_empty() {
        done += &format!("\n{} media files", folder.media.len());
    }
    let Some(batch) = &folder.batch else {
        if folder.tasks.is_some() || folder.gold.is_some() || open {
            bail!("project.toml has no [batch]; without one there is nothing to put tasks into");
        }
        return Ok(done);
    };
    let (id, told) = push_batch(client, folder, batch, open).await?;
    Ok(format!("{done}\nbatch {}/{}, {told}\nid {id}", folder.name, batch.name))
}

async fn push_batch(
    client: &Client,
    folder: &Folder,
    batch: &FolderBatch,
    open: bool,
) -> Result<(String, String)> {
    let path = format!("projects/{}/batches/{}", folder.name, batch.name);
    let pushed: Value = client.send_json(Method::PUT, &path, &batch.settings).await?;
    let id = pushed["id"].as_str().context("the server's answer has no batch id")?.to_owned();
    let mut told = String::new();
    if let Some(tasks) = &folder.tasks {
        let content =
            std::fs::read(tasks).with_context(|| format!("{} cannot be read", tasks.display()))?;
        let key = hex(&Sha256::digest(&content));
        let path = format!("batches/{id}/tasks");
        let headers = [("idempotency-key", key)];
        let added: Value = client
            .upload(Method::POST, &path, table_type(tasks)?, &headers, content)
            .await
            .with_context(|| format!("{}", tasks.display()))?;
        told = format!("{} tasks added, {} unchanged, ", added["added"], added["unchanged"]);
    }
    if let Some(gold) = &folder.gold {
        let content =
            std::fs::read(gold).with_context(|| format!("{} cannot be read", gold.display()))?;
        let path = format!("batches/{id}/gold");
        let added: Value = client
            .upload(Method::POST, &path, table_type(gold)?, &[], content)
            .await
            .with_context(|| format!("{}", gold.display()))?;
        told += &format!("{} gold tasks added, {} unchanged, ", added["added"], added["unchanged"]);
    }
    let state = if open {
        client.set_state(&id, "open").await?["state"].clone()
    } else {
        pushed["state"].clone()
    };
    Ok((id, told + state.as_str().unwrap_or_default()))
}

async fn send_media(client: &Client, folder: &Folder, media: &str) -> Result<()> {
    let content = tokio::fs::read(folder.path.join(media))
        .await
        .with_context(|| format!("{media} cannot be read"))?;
    let path = format!("projects/{}/media/{}", folder.name, media.replace(' ', "%20"));
    let _: Value =
        client.upload(Method::PUT, &path, "application/octet-stream", &[], content).await?;
    Ok(())
}
