//! Server-sent events: a batch's progress as it moves.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use crowdsmith_platform::batch::{self, Progress};
use crowdsmith_platform::{Error, Id};
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::watch;

use super::body::Path;
use crate::App;
use crate::caller::Reader;
use crate::problem::{Answer, Problem};

/// Tells the streams to end, so that the server can.
#[derive(Clone)]
pub(crate) struct Stop(pub(crate) watch::Receiver<bool>);

const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A batch's progress: at once, then when it changed, at most once a second
#[utoipa::path(get, path = "/api/v1/batches/{id}/events", tag = "batches", params(("id" = Id, Path)),
    responses((status = 200, content_type = "text/event-stream", body = Progress), (status = 404, body = Problem)))]
pub(super) async fn events(
    State(app): State<App>,
    Extension(Stop(stop)): Extension<Stop>,
    Reader(by): Reader,
    Path(id): Path<Id>,
) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    batch::get(&app.platform.db, by.workspace, id).await?;
    let watching = Watching { app, workspace: by.workspace, batch: id, stop, last: None };
    Ok(Sse::new(unfold(watching, next_change)).keep_alive(KeepAlive::default()))
}

struct Watching {
    app: App,
    workspace: Id,
    batch: Id,
    stop: watch::Receiver<bool>,
    last: Option<Progress>,
}

/// Waits until the progress differs from the last one; ends when the server stops.
async fn next_change(mut watching: Watching) -> Option<(Result<Event, Infallible>, Watching)> {
    loop {
        if watching.last.is_some() {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = watching.stop.wait_for(|stop| *stop) => return None,
            }
        }
        let progress = match current(&watching).await {
            Ok(progress) => progress,
            Err(error) => {
                tracing::warn!(%error, batch = %watching.batch, "a progress stream ends");
                return None;
            }
        };
        if watching.last.as_ref() != Some(&progress) {
            let event = Event::default().event("progress").json_data(&progress).ok()?;
            watching.last = Some(progress);
            return Some((Ok(event), watching));
        }
    }
}

async fn current(watching: &Watching) -> Result<Progress, Error> {
    let platform = &watching.app.platform;
    let batch = batch::get(&platform.db, watching.workspace, watching.batch).await?;
    batch::progress(platform, &batch).await
}
