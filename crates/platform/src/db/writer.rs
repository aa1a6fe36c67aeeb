//! `SQLite`'s one writer: a task that owns the write connection and groups waiting transactions into one commit.
//!
//! Each transaction of a group runs in a savepoint, so that one that fails takes nothing of the others with it; all of
//! them are answered after the group's commit is on disk. A group costs one `fsync` instead of one a transaction.

use std::panic::AssertUnwindSafe;

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
type Answer = Box<dyn FnOnce(Result<(), &Error>) + Send>;
type Job = Box<dyn for<'c> FnOnce(&'c mut Connection) -> BoxFuture<'c, (bool, Answer)> + Send>;

#[derive(Clone, Debug)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
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
        let job: Job = Box::new(move |connection| {
            Box::pin(async move {
                let outcome = AssertUnwindSafe(work(connection))
                    .catch_unwind()
                    .await
                    .unwrap_or_else(|_| Err(Error::Internal("a transaction panicked".into())));
                let keep = outcome.is_ok();
                let answer: Answer = Box::new(move |committed| {
                    let outcome = match committed {
                        Err(error) if keep => Err(Error::Internal(format!("the commit failed: {error}"))),
                        _ => outcome,
                    };
                    // The caller may be gone; its transaction is committed all the same.
                    drop(reply.send(outcome));
                });
                (keep, answer)
            })
        });
        let closed = || Error::Internal("the database is closed".into());
        self.jobs.send(job).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Waits until what was handed over before is committed.
    pub(super) async fn close(&self) {
        drop(self.run(|_| Box::pin(async { Ok(()) })).await);
    }
}

async fn write_groups(pool: SqlitePool, mut waiting: mpsc::Receiver<Job>) {
    while let Some(first) = waiting.recv().await {
        let answers = match pool.acquire().await {
            Ok(connection) => write_group(&mut Connection::Sqlite(connection), first, &mut waiting).await,
            Err(error) => {
                tracing::error!(%error, "the write connection cannot be opened");
                continue;
            }
        };
        if let Err(error) = answers {
            tracing::error!(%error, "a group of transactions failed");
        }
    }
}

async fn write_group(connection: &mut Connection, first: Job, waiting: &mut mpsc::Receiver<Job>) -> Result<()> {
    execute(connection, "BEGIN IMMEDIATE").await?;
    let mut answers = Vec::new();
    let mut next = Some(first);
    while let Some(job) = next {
        match write_one(connection, job).await {
            Ok(answer) => answers.push(answer),
            Err(error) => {
                finish(answers, &Err(error));
                return execute(connection, "ROLLBACK").await;
            }
        }
        next = if answers.len() < GROUP { waiting.try_recv().ok() } else { None };
    }
    let committed = execute(connection, "COMMIT").await;
    let failed = committed.is_err();
    finish(answers, &committed);
    if failed { execute(connection, "ROLLBACK").await } else { Ok(()) }
}

fn finish(answers: Vec<Answer>, committed: &Result<()>) {
    for answer in answers {
        answer(committed.as_ref().map(|()| ()));
    }
}

async fn write_one(connection: &mut Connection, job: Job) -> Result<Answer> {
    execute(connection, "SAVEPOINT one").await?;
    let (keep, answer) = job(connection).await;
    if !keep {
        execute(connection, "ROLLBACK TO one").await?;
    }
    execute(connection, "RELEASE one").await?;
    Ok(answer)
}
