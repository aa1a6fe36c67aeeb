//! `SQLite`'s one writer: a task that owns the write connection and groups waiting transactions into one commit.
//!
//! All of a group are answered after its commit is on disk: one `fsync` instead of one a transaction. One that fails takes
//! nothing of the others with it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};

use super::{Connection, execute};
use crate::error::{Error, Result};

/// Transactions in one commit at most: bounds how long the first of a group waits for the last.
const GROUP: usize = 64;
/// Transactions waiting at most; beyond it callers wait to hand theirs over.
const WAITING: usize = 4096;

/// Told whether the group's commit succeeded.
type Answer = Box<dyn FnOnce(Result<(), &Error>) + Send + Sync>;
/// One transaction; it may run more than once. `Err` if its effects must not stay.
type Job = Box<dyn for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, Result<(), ()>> + Send + Sync>;

/// A transaction that waits for the writer, and who waits for it.
struct Waiting {
    job: Job,
    answer: Answer,
}

#[derive(Clone, Debug)]
pub struct Writer {
    jobs: mpsc::Sender<Waiting>,
}

impl Writer {
    /// Starts the writer on the only connection of `pool`.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write_groups(pool, waiting));
        Self { jobs }
    }

    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let outcome: Arc<Mutex<Option<Result<T>>>> = Arc::default();
        let ran = Arc::clone(&outcome);
        let work = Arc::new(work);
        let job: Job = Box::new(move |connection| {
            let (work, ran) = (Arc::clone(&work), Arc::clone(&ran));
            Box::pin(async move {
                let outcome = AssertUnwindSafe(work(connection))
                    .catch_unwind()
                    .await
                    .unwrap_or_else(|_| Err(Error::Internal("a transaction panicked".into())));
                let keep = outcome.as_ref().map(|_| ()).map_err(|_| ());
                *ran.lock().expect("no panic holds this lock") = Some(outcome);
                keep
            })
        });
        let answer_job: Answer = Box::new(move |committed| {
            let outcome = outcome.lock().expect("no panic holds this lock").take();
            let outcome = match (committed, outcome) {
                (_, Some(Err(error))) => Err(error),
                (Ok(()), Some(outcome)) => outcome,
                (Err(error), _) => Err(Error::Internal(format!("the commit failed: {error}"))),
                (Ok(()), None) => Err(Error::Internal("a transaction did not run".into())),
            };
            // The caller may be gone; its transaction is committed all the same.
            drop(reply.send(outcome));
        });
        let closed = || Error::Internal("the database is closed".into());
        self.jobs.send(Waiting { job, answer: answer_job }).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Waits until what was handed over before is committed.
    pub(super) async fn close(&self) {
        drop(self.run(|_| Box::pin(async { Ok(()) })).await);
    }
}

async fn write_groups(pool: SqlitePool, mut waiting: mpsc::Receiver<Waiting>) {
    while let Some(first) = waiting.recv().await {
        let mut group = vec![first];
        while group.len() < GROUP
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let written = match pool.acquire().await {
            Ok(connection) => write_group(&mut Connection::Sqlite(connection), &group).await,
            Err(error) => Err(error.into()),
        };
        if let Err(error) = &written {
            tracing::error!(%error, "a group of transactions failed");
        }
        for Waiting { answer, .. } in group {
            answer(written.as_ref().copied());
        }
    }
}

/// Commits the group. Few transactions fail, so they first run without savepoints between them; if one fails, all are
/// undone and run again, each in a savepoint.
async fn write_group(connection: &mut Connection, group: &[Waiting]) -> Result<()> {
    execute(connection, "BEGIN IMMEDIATE").await?;
    let written = match run_plainly(connection, group).await {
        true => execute(connection, "COMMIT").await,
        false if group.len() == 1 => return execute(connection, "ROLLBACK").await,
        false => {
            execute(connection, "ROLLBACK").await?;
            write_apart(connection, group).await
        }
    };
    if written.is_err() {
        // Fails where the engine itself has rolled back already.
        drop(execute(connection, "ROLLBACK").await);
    }
    written
}

/// Whether all of the group succeeded; ends at the first that does not.
async fn run_plainly(connection: &mut Connection, group: &[Waiting]) -> bool {
    for Waiting { job, .. } in group {
        if job(connection).await.is_err() {
            return false;
        }
    }
    true
}

async fn write_apart(connection: &mut Connection, group: &[Waiting]) -> Result<()> {
    execute(connection, "BEGIN IMMEDIATE").await?;
    for Waiting { job, .. } in group {
        execute(connection, "SAVEPOINT one").await?;
        if job(connection).await.is_err() {
            execute(connection, "ROLLBACK TO one").await?;
        }
        execute(connection, "RELEASE one").await?;
    }
    execute(connection, "COMMIT").await
}
