//! `crowdsmith serve`: the server, until Ctrl-C or SIGTERM.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use crowdsmith_platform::{Platform, access};
use crowdsmith_server::{Listening, Options, listen};
use tokio::sync::watch;

use crate::args::{Listen, Serve};
use crate::logging;

pub(crate) async fn run(options: Serve) -> Result<()> {
    logging::start(options.listen.log_format);
    let server =
        Started::new(&options.storage.data, options.storage.database.as_deref(), &options.listen)
            .await?;
    tracing::info!(address = %server.listening.address, "listening");
    match access::new_setup_secret(&server.platform.db).await? {
        Some(secret) => {
            eprintln!(
                "\nNobody owns this installation yet. Make its owner here (the link works once):\n"
            );
            eprintln!("    {}/setup#{}\n", server.public_url, secret.reveal());
        }
        None => eprintln!("crowdsmith is at {}", server.public_url),
    }
    server.run(options.open_signup, stop_on_signal()?).await
}

/// A server that has its folder, its port and its database.
pub(crate) struct Started {
    pub(crate) listening: Listening,
    pub(crate) platform: Platform,
    pub(crate) public_url: String,
    /// Held while the server runs: one embedded database has one server.
    _lock: File,
}

impl Started {
    pub(crate) async fn new(data: &Path, database: Option<&str>, options: &Listen) -> Result<Self> {
        let listening = listen(options.listen).await?;
        let lock = lock(data)?;
        let platform = Platform::open(data, database).await?;
        let public_url = match &options.public_url {
            Some(url) => checked_url(url)?,
            None => format!("http://{}", listening.address),
        };
        Ok(Self { listening, platform, public_url, _lock: lock })
    }

    pub(crate) async fn run(self, open_signup: bool, stop: watch::Receiver<bool>) -> Result<()> {
        let options = Options { public_url: self.public_url, open_signup };
        self.listening.serve(self.platform, options, stop).await?;
        tracing::info!("stopped");
        Ok(())
    }
}

fn lock(data: &Path) -> Result<File> {
    let failed = || format!("the folder {} cannot be created or written", data.display());
    std::fs::create_dir_all(data).with_context(failed)?;
    let file = File::create(data.join("lock")).with_context(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "another crowdsmith uses the folder {}; stop it, or choose another with --data",
                data.display()
            )
        }
        Err(TryLockError::Error(error)) => Err(error).with_context(failed),
    }
}

fn checked_url(url: &str) -> Result<String> {
    let plain = url.trim_end_matches('/');
    if !plain.starts_with("http://") && !plain.starts_with("https://") {
        bail!("--public-url must start with http:// or https://, not `{url}`");
    }
    Ok(plain.to_owned())
}

/// Turns true at the first Ctrl-C or SIGTERM; a second one ends the program at once.
pub(crate) fn stop_on_signal() -> Result<watch::Receiver<bool>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (stop, stopped) = watch::channel(false);
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
            }
            if stop.send_replace(true) {
                std::process::exit(130);
            }
            tracing::info!("stopping; once more to stop at once");
        }
    });
    Ok(stopped)
}
