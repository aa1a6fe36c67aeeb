//! Putting the routes together, listening, and stopping cleanly.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use crowdsmith_platform::{Id, Platform, jobs};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{
    DefaultPredicate, NotForContentType, Predicate as _, SizeAbove,
};
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};

use crate::problem::Problem;
use crate::{App, Options, api, elements, media, metrics, page, pages};

/// Answers shorter than this are not worth compressing.
const COMPRESS_ABOVE: u64 = 1024;
const SLOW: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(
        "{0} is already in use; stop what listens there, or choose another address with --listen"
    )]
    InUse(SocketAddr),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    #[error("the server stopped: {0}")]
    Serve(std::io::Error),
}

/// A server that has its port and is ready to run.
#[derive(Debug)]
pub struct Listening {
    pub(crate) listener: TcpListener,
    pub address: SocketAddr,
}

/// Takes the port, so that a conflict is known before anything else happens.
pub async fn listen(address: SocketAddr) -> Result<Listening, ServeError> {
    let listener = TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::InUse(address),
        _ => ServeError::Listen(address, error),
    })?;
    let address = listener.local_addr().map_err(|error| ServeError::Listen(address, error))?;
    Ok(Listening { listener, address })
}

impl Listening {
    /// Serves until `stop` turns true; requests under way are answered first, what is written is on disk.
    pub async fn serve(
        self,
        platform: Platform,
        options: Options,
        stop: watch::Receiver<bool>,
    ) -> Result<(), ServeError> {
        let metrics = Arc::new(metrics::Metrics::new());
        let app = App {
            platform: platform.clone(),
            options: Arc::new(options),
            metrics: Arc::clone(&metrics),
            templates: Arc::default(),
        };
        let report = metrics::JobReport(metrics);
        let jobs = tokio::spawn(jobs::run(platform.clone(), stop.clone(), report));
        let mut stopping = stop.clone();
        let routes = routes(app, stop);
        let served = axum::serve(self.listener, routes)
            .with_graceful_shutdown(async move {
                // An error means that the sender is gone, which ends the server as well.
                drop(stopping.wait_for(|stop| *stop).await);
            })
            .await;
        drop(jobs.await);
        platform.db.close().await;
        served.map_err(ServeError::Serve)
    }
}

fn routes(app: App, stop: watch::Receiver<bool>) -> Router {
    let compression = CompressionLayer::new().gzip(true).compress_when(compressible());
    let id_header = HeaderName::from_static("x-request-id");
    let (api, document) = api::routes(stop);
    Router::new()
        .merge(api)
        .route(
            "/api/v1/openapi.json",
            get(move || async move { ([(header::CONTENT_TYPE, "application/json")], document) }),
        )
        .route("/api/docs", get(pages::api_docs))
        .route("/media/{id}", get(media::uploaded).options(media::preflight))
        .route("/media/{project}/{*path}", get(media::get).options(media::preflight))
        .route("/elements/{*path}", get(elements::get))
        .route("/page/{assignment}/{task}", get(page::get))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics::metrics))
        .fallback(pages::get)
        .method_not_allowed_fallback(wrong_method)
        .layer(compression)
        .layer(from_fn_with_state(app.clone(), metrics::measure))
        .layer(from_fn(log))
        .layer(PropagateRequestIdLayer::new(id_header.clone()))
        .layer(SetRequestIdLayer::new(id_header, NewRequestId))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app)
}

/// Sounds and films are compressed already, and players jump in them.
fn compressible() -> impl tower_http::compression::Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("audio/"))
        .and(NotForContentType::const_new("video/"))
        .and(SizeAbove::new(COMPRESS_ABOVE))
}

async fn wrong_method(request: Request) -> Problem {
    let detail = format!("{} is not possible here", request.method());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed", detail)
}

/// Healthy means that the database answers.
async fn health(State(app): State<App>) -> Response {
    match app.platform.db.ping().await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

#[derive(Clone)]
struct NewRequestId;

impl MakeRequestId for NewRequestId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        HeaderValue::from_str(&Id::new().to_string()).ok().map(RequestId::new)
    }
}

/// One line for each request, at a level that fits; and headers that every answer carries.
async fn log(request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = std::time::Instant::now();
    let span = tracing::info_span!("request", request_id = %id);
    let mut response = tracing::Instrument::instrument(next.run(request), span).await;
    let took = started.elapsed();
    let (status, milliseconds) = (response.status().as_u16(), took.as_millis());
    if response.status().is_server_error() {
        tracing::error!(request_id = %id, %method, %path, status, milliseconds, "answered");
    } else if took > SLOW {
        tracing::warn!(request_id = %id, %method, %path, status, milliseconds, "answered slowly");
    } else {
        tracing::debug!(request_id = %id, %method, %path, status, milliseconds, "answered");
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Problem::from(crowdsmith_platform::Error::Internal(format!("a handler panicked: {text}")))
        .into_response()
}
