use std::collections::HashSet;

use super::Media;
use crate::db::{Connection, sql};
use crate::error::Result;
use crate::id::Id;
use crate::time::Time;

pub(super) async fn put(
    tx: &mut Connection,
    project: Id,
    media: &Media,
    object: &str,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO media (id, project_id, path, object, bytes, content_type, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (project_id, path) DO UPDATE
         SET object = excluded.object, bytes = excluded.bytes, content_type = excluded.content_type",
        Id::new(),
        project,
        &media.path,
        object,
        media.bytes,
        &media.content_type,
        Time::now()
    )
    .map(drop)
}

pub(super) async fn get(
    tx: &mut Connection,
    project: Id,
    path: &str,
) -> Result<Option<(String, String, i64)>> {
    sql!(
        tx,
        optional(String, String, i64),
        "SELECT object, content_type, bytes FROM media WHERE project_id = $1 AND path = $2",
        project,
        path
    )
}

pub(super) async fn paths(tx: &mut Connection, project: Id) -> Result<HashSet<String>> {
    let rows = sql!(tx, all(String,), "SELECT path FROM media WHERE project_id = $1", project)?;
    Ok(rows.into_iter().map(|(path,)| path).collect())
}

/// The installation's key for links; `fresh` becomes it if there is none.
pub(super) async fn signing_key(tx: &mut Connection, fresh: &str) -> Result<String> {
    sql!(
        tx,
        scalar String,
        "INSERT INTO setting (name, value) VALUES ('link_key', $1)
         ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value",
        fresh
    )
}
