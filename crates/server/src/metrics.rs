//! What `/metrics` tells Prometheus.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use crowdsmith_platform::{Error, jobs};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::App;
use crate::problem::Answer;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
#[expect(clippy::struct_field_names, reason = "the names of the labels")]
struct Route {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Route, Histogram>,
    pub(crate) claims: Counter,
    pub(crate) judgments: Counter,
    pub(crate) skipped: Counter,
    pub(crate) problems: Counter,
    pub(crate) expired: Counter,
    pub(crate) refit_lag: Gauge<f64, AtomicU64>,
}

/// What the background jobs tell.
#[derive(Clone)]
pub(crate) struct JobReport(pub(crate) Arc<Metrics>);

impl jobs::Report for JobReport {
    fn expired(&self, leases: usize) {
        self.0.expired.inc_by(leases as u64);
    }

    fn refitted(&self, lag: f64) {
        self.0.refit_lag.set(lag);
    }
}

/// Seconds; the upper bounds of the histogram's buckets.
const BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("crowdsmith");
        let requests = Family::<Route, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        let [claims, judgments, skipped, problems, expired] = <[Counter; 5]>::default();
        registry.register_with_unit(
            "http_request",
            "Time to answer a request",
            Unit::Seconds,
            requests.clone(),
        );
        registry.register("claims", "Assignments handed out by this server", claims.clone());
        registry.register("judgments", "Judgments submitted to this server", judgments.clone());
        registry.register(
            "skipped",
            "Tasks skipped in submissions to this server",
            skipped.clone(),
        );
        registry.register(
            "problems",
            "Problems with tasks reported to this server",
            problems.clone(),
        );
        registry.register(
            "leases_expired",
            "Leases that this server ended after their deadline",
            expired.clone(),
        );
        let refit_lag = Gauge::default();
        registry.register_with_unit(
            "refit_lag",
            "Age of the oldest judgment that the worker models of its batch do not know",
            Unit::Seconds,
            refit_lag.clone(),
        );
        Self { registry, requests, claims, judgments, skipped, problems, expired, refit_lag }
    }

    fn request(&self, route: &Route, took: Duration) {
        self.requests.get_or_create(route).observe(took.as_secs_f64());
    }
}

/// Measures every request under its route's pattern.
pub(crate) async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = std::time::Instant::now();
    let method = request.method().to_string();
    let route =
        request.extensions().get::<MatchedPath>().map_or("other", |path| path.as_str()).to_owned();
    let response = next.run(request).await;
    let labels = Route { method, route, status: response.status().as_u16() };
    app.metrics.request(&labels, started.elapsed());
    response
}

pub(crate) async fn metrics(State(app): State<App>) -> Answer<impl IntoResponse> {
    let mut text = String::new();
    encode(&mut text, &app.metrics.registry).map_err(|error| Error::Internal(error.to_string()))?;
    Ok((
        [(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")],
        text,
    ))
}
