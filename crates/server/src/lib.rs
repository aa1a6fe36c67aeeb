//! The HTTP server: the API under `/api/v1`, media, the web app, health and metrics.

mod api;
mod caller;
mod elements;
mod media;
mod metrics;
mod page;
mod pages;
mod preview;
mod problem;
mod serve;

use std::sync::Arc;

use crowdsmith_platform::Platform;

pub use api::document;
pub use preview::{Preview, PreviewMistake, Source};
pub use serve::{Listening, ServeError, listen};

/// What an operator chooses.
#[derive(Clone, Debug)]
pub struct Options {
    /// How browsers and programs reach this server, without a slash at the end; links start with it.
    pub public_url: String,
    /// Whether anybody may make an account as a worker.
    pub open_signup: bool,
}

/// What every handler works on.
#[derive(Clone, Debug)]
struct App {
    platform: Platform,
    options: Arc<Options>,
    metrics: Arc<metrics::Metrics>,
    templates: Arc<page::Templates>,
}
