//! What the rules of a batch did.

use axum::Json as Answered;
use axum::extract::State;
use crowdsmith_platform::rule::{self, Firing};
use crowdsmith_platform::{Id, batch};

use super::body::{Path, Query};
use super::page::{Page, Paging};
use crate::App;
use crate::caller::Reader;
use crate::problem::{Answer, Problem};

/// What the rules of a batch did to whom, and why; newest first
#[utoipa::path(get, path = "/api/v1/batches/{id}/firings", tag = "workers", params(("id" = Id, Path), Paging),
    responses((status = 200, body = Page<Firing>), (status = 404, body = Problem)))]
pub(super) async fn firings(
    State(app): State<App>,
    Reader(by): Reader,
    Path(id): Path<Id>,
    Query(paging): Query<Paging>,
) -> Answer<Answered<Page<Firing>>> {
    let db = &app.platform.db;
    let batch = batch::get(db, by.workspace, id).await?;
    let firings = rule::firings(db, batch.id, paging.after, paging.limit()).await?;
    Ok(Answered(Page::new(firings, paging, |firing| firing.id, |firing| firing)))
}
