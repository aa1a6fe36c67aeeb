//! `crowdsmith export BATCH`: results, judgments or workers as a file.

use std::path::Path;

use anyhow::{Context as _, Result};
use reqwest::{Method, Response};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use crate::args::{self, Export, Format, What};
use crate::client::Client;

pub(crate) async fn run(options: Export) -> Result<()> {
    let client = Client::new(&options.server)?;
    let batch = client.batch_id(&options.batch).await?;
    let table = match options.what {
        What::Results => "results",
        What::Judgments => "judgments",
        What::Workers => "workers",
    };
    let format = match options.format {
        Format::Csv => "csv",
        Format::Ndjson => "ndjson",
        Format::Parquet => "parquet",
    };
    let method = match options.method {
        args::Method::Auto => "auto",
        args::Method::DawidSkene => "dawid-skene",
        args::Method::MajorityVote => "majority-vote",
    };
    let path = format!("batches/{batch}/{table}?format={format}&method={method}");
    let response = client.send(client.request(Method::GET, &path)).await?;
    match &options.output {
        Some(file) => to_file(response, file).await,
        None => copy(response, &mut tokio::io::stdout()).await.map(drop),
    }
}

/// Writes beside the file and puts it in place when it is whole: an export that breaks off leaves nothing.
async fn to_file(response: Response, file: &Path) -> Result<()> {
    let name = file.display();
    let mut partial = file.as_os_str().to_owned();
    partial.push(".partial");
    let failed = || format!("{name} cannot be written");
    let mut writer = tokio::fs::File::create(&partial).await.with_context(failed)?;
    let written = match copy(response, &mut writer).await {
        Ok(bytes) => writer.sync_all().await.map(|()| bytes).with_context(failed),
        Err(error) => Err(error),
    };
    match written {
        Ok(bytes) => {
            tokio::fs::rename(&partial, file).await.with_context(failed)?;
            eprintln!("{name}: {bytes} bytes");
            Ok(())
        }
        Err(error) => {
            drop(tokio::fs::remove_file(&partial).await);
            Err(error)
        }
    }
}

async fn copy(mut response: Response, writer: &mut (impl AsyncWrite + Unpin)) -> Result<usize> {
    let mut bytes = 0;
    while let Some(piece) = response.chunk().await.context("the download broke off")? {
        writer.write_all(&piece).await?;
        bytes += piece.len();
    }
    writer.flush().await?;
    Ok(bytes)
}
