use super::print::{Known, Print};
use super::receive::Place;
use crate::db::dialect::{id_list, spelt};
use crate::db::{Connection, on_either, sql};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::time::Time;

/// A live lease, as an upload needs it.
#[derive(sqlx::FromRow)]
pub(super) struct Slot {
    pub(super) batch_id: Id,
    pub(super) revision_id: Id,
    tasks: String,
}

impl Slot {
    pub(super) fn holds(&self, task: Id) -> bool {
        let tasks: Vec<i64> = serde_json::from_str(&self.tasks).unwrap_or_default();
        tasks.contains(&task.0)
    }
}

pub(super) async fn slot(
    tx: &mut Connection,
    assignment: Id,
    worker: Id,
    now: Time,
) -> Result<Option<Slot>> {
    sql!(
        tx,
        optional Slot,
        "SELECT batch_id, revision_id, tasks FROM assignment
         WHERE id = $1 AND worker_id = $2 AND state = 'leased' AND deadline > $3",
        assignment,
        worker,
        now
    )
}

pub(super) async fn count_for_task(tx: &mut Connection, assignment: Id, task: Id) -> Result<i64> {
    sql!(
        tx,
        scalar i64,
        "SELECT COUNT(*) FROM upload WHERE assignment_id = $1 AND task_id = $2",
        assignment,
        task
    )
}

pub(super) struct New {
    pub(super) id: Id,
    pub(super) workspace: Id,
    pub(super) batch: Id,
    pub(super) worker: Id,
    pub(super) place: Place,
    pub(super) object: String,
    pub(super) content_type: String,
    pub(super) bytes: i64,
    pub(super) hash: String,
    pub(super) print: Option<Print>,
}

pub(super) async fn insert(
    tx: &mut Connection,
    new: &New,
    duplicates: i64,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "INSERT INTO upload (id, workspace_id, batch_id, task_id, worker_id, assignment_id, field, object, content_type,
                             bytes, hash, print, duplicates, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        new.id,
        new.workspace,
        new.batch,
        new.place.task,
        new.worker,
        new.place.assignment,
        &new.place.field,
        &new.object,
        &new.content_type,
        new.bytes,
        &new.hash,
        new.print.as_ref().map(Print::to_text),
        duplicates,
        now
    )
    .map(drop)
}

pub(super) async fn insert_parts(
    tx: &mut Connection,
    batch: Id,
    upload: Id,
    parts: &[i64],
) -> Result<()> {
    on_either!(tx, c => {
        let mut query =
            sqlx::QueryBuilder::new("INSERT INTO upload_part (batch_id, part, upload_id) ");
        query.push_values(parts, |mut row, part| {
            row.push_bind(batch).push_bind(*part).push_bind(upload);
        });
        query.build().execute(c).await.map(drop)
    })
    .map_err(Error::from)
}

/// A submitted file that has a part in common with another.
#[derive(sqlx::FromRow)]
pub(super) struct Candidate {
    pub(super) hash: String,
    pub(super) print: Option<String>,
}

/// Submitted files of a batch, of other workers or for other tasks, that have most parts in common with the one given.
pub(super) async fn candidates(
    tx: &mut Connection,
    batch: Id,
    known: &Known<'_>,
    most: i64,
) -> Result<Vec<Candidate>> {
    let text = spelt(
        tx,
        "SELECT u.hash, u.print FROM upload u JOIN (
             SELECT p.upload_id, COUNT(*) AS shared FROM upload_part p
             WHERE p.batch_id = $1 AND p.part IN IDS($2) GROUP BY p.upload_id
         ) alike ON alike.upload_id = u.id
         WHERE u.used_at IS NOT NULL AND NOT (u.worker_id = $3 AND u.task_id = $4)
         ORDER BY alike.shared DESC, u.id LIMIT $5",
    );
    let parts = id_list(known.parts().into_iter().map(Id));
    sql!(tx, all Candidate, text, batch, parts, known.worker, known.task, most)
}

/// A file uploaded for a live assignment.
#[derive(sqlx::FromRow)]
pub(super) struct Stored {
    pub(super) id: Id,
    pub(super) task_id: Id,
    pub(super) worker_id: Id,
    pub(super) field: String,
    pub(super) hash: String,
    #[sqlx(try_from = "Option<String>")]
    pub(super) print: StoredPrint,
}

/// What a file looks or sounds like, if that is known.
pub(super) struct StoredPrint(pub(super) Option<Print>);

impl From<Option<String>> for StoredPrint {
    fn from(text: Option<String>) -> Self {
        Self(text.as_deref().and_then(Print::from_text))
    }
}

impl Stored {
    pub(super) fn known(&self) -> Known<'_> {
        let (worker, task) = (self.worker_id, self.task_id);
        Known { worker, task, hash: &self.hash, print: self.print.0.as_ref() }
    }
}

pub(super) async fn of_assignment(tx: &mut Connection, assignment: Id) -> Result<Vec<Stored>> {
    sql!(
        tx,
        all Stored,
        "SELECT id, task_id, worker_id, field, hash, print FROM upload WHERE assignment_id = $1",
        assignment
    )
}

pub(super) async fn set_used(
    tx: &mut Connection,
    upload: Id,
    duplicates: i64,
    now: Time,
) -> Result<()> {
    sql!(
        tx,
        execute,
        "UPDATE upload SET used_at = $3, duplicates = $2 WHERE id = $1",
        upload,
        duplicates,
        now
    )
    .map(drop)
}

#[derive(sqlx::FromRow)]
pub(super) struct Found {
    pub(super) workspace_id: Id,
    pub(super) object: String,
    pub(super) content_type: String,
    pub(super) bytes: i64,
}

pub(super) async fn get(tx: &mut Connection, upload: Id) -> Result<Option<Found>> {
    sql!(
        tx,
        optional Found,
        "SELECT workspace_id, object, content_type, bytes FROM upload WHERE id = $1",
        upload
    )
}

/// Uploads that no answer names and none will: their assignment has ended.
pub(super) async fn unused(tx: &mut Connection, limit: i64) -> Result<Vec<(Id, String)>> {
    sql!(
        tx,
        all(Id, String),
        "SELECT u.id, u.object FROM upload u JOIN assignment a ON a.id = u.assignment_id
         WHERE u.used_at IS NULL AND a.state <> 'leased' ORDER BY u.id LIMIT $1",
        limit
    )
}

pub(super) async fn remove(tx: &mut Connection, upload: Id) -> Result<()> {
    sql!(tx, execute, "DELETE FROM upload_part WHERE upload_id = $1", upload)?;
    sql!(tx, execute, "DELETE FROM upload WHERE id = $1 AND used_at IS NULL", upload).map(drop)
}
