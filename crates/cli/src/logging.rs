//! The log on standard error: for people on a terminal, as JSON lines elsewhere. `RUST_LOG` chooses what is told.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::args::LogFormat;

pub(crate) fn start(format: Option<LogFormat>) {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let terminal = std::io::stderr().is_terminal();
    let usual = if terminal { LogFormat::Human } else { LogFormat::Json };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false);
    match format.unwrap_or(usual) {
        LogFormat::Human => log.with_ansi(terminal).compact().init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
