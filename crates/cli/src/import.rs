//! `crowdsmith import BATCH FILE`: judgments collected elsewhere.

use anyhow::{Context as _, Result};
use reqwest::Method;
use serde_json::Value;

use crate::args::Import;
use crate::client::{Client, table_type};

pub(crate) async fn run(options: Import) -> Result<()> {
    let client = Client::new(&options.server)?;
    let content_type = table_type(&options.file)?;
    let name = options.file.display();
    let file = tokio::fs::File::open(&options.file)
        .await
        .with_context(|| format!("{name} cannot be read"))?;
    let batch = client.batch_id(&options.batch).await?;
    let path = format!("batches/{batch}/judgments");
    let imported: Value = client
        .upload(Method::POST, &path, content_type, &[], file)
        .await
        .with_context(|| name.to_string())?;
    println!(
        "{} judgments added, {} unchanged, {} new workers",
        imported["added"], imported["unchanged"], imported["workers"]
    );
    Ok(())
}
