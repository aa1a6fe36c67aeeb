//! The two engines behind one door.
//!
//! - [`Database::open`] opens `SQLite` (a file in the data folder) or PostgreSQL (a URL) and brings the schema up to date.
//! - [`Database::read`] lends a connection for reading; what it sees is committed.
//! - [`Database::write`] runs one transaction. On `SQLite` all of them go through one writer ([`writer`]), which groups
//!   waiting transactions into one commit; on PostgreSQL each has its own, run again on a deadlock. Either way the answer
//!   comes after the commit is on disk.
//!
//! One SQL text serves both engines: the macros [`sql!`] and [`on_either!`] expand one body on either. What truly
//! differs is a named function in [`dialect`].

pub mod dialect;
mod migrate;
mod open;
mod together;
mod writer;

use futures_util::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

pub use migrate::LATEST as LATEST_MIGRATION;
pub use open::OpenError;
pub(crate) use together::{Argument, Together, arguments};
use writer::Writer;

use crate::error::{Error, Result};

/// Expands one body for either engine: `on_either!(connection, c => query.execute(c))`.
macro_rules! on_either {
    ($connection:expr, $c:ident => $body:expr) => {
        match $connection {
            $crate::db::Connection::Sqlite(connection) => {
                let $c = &mut **connection;
                $body
            }
            $crate::db::Connection::Postgres(connection) => {
                let $c = &mut **connection;
                $body
            }
        }
    };
}
pub(crate) use on_either;

/// Runs one statement with its arguments on either engine.
///
/// - `sql!(connection, execute, "...", a, b)` answers the number of rows touched;
/// - `sql!(connection, one Row, "...", a)`, `optional Row`, `all Row` answer rows of a type that is `FromRow`;
/// - `sql!(connection, scalar i64, "...", a)` answers the first column of the only row.
macro_rules! sql {
    ($connection:expr, execute, $text:expr $(, $argument:expr)* $(,)?) => {
        $crate::db::on_either!($connection, c =>
            sqlx::query($text)$(.bind($argument))*.execute(c).await.map(|done| done.rows_affected()))
            .map_err($crate::error::Error::from)
    };
    ($connection:expr, one $row:ty, $text:expr $(, $argument:expr)* $(,)?) => {
        $crate::db::on_either!($connection, c =>
            sqlx::query_as::<_, $row>($text)$(.bind($argument))*.fetch_one(c).await)
            .map_err($crate::error::Error::from)
    };
    ($connection:expr, optional $row:ty, $text:expr $(, $argument:expr)* $(,)?) => {
        $crate::db::on_either!($connection, c =>
            sqlx::query_as::<_, $row>($text)$(.bind($argument))*.fetch_optional(c).await)
            .map_err($crate::error::Error::from)
    };
    ($connection:expr, all $row:ty, $text:expr $(, $argument:expr)* $(,)?) => {
        $crate::db::on_either!($connection, c =>
            sqlx::query_as::<_, $row>($text)$(.bind($argument))*.fetch_all(c).await)
            .map_err($crate::error::Error::from)
    };
    ($connection:expr, scalar $value:ty, $text:expr $(, $argument:expr)* $(,)?) => {
        $crate::db::on_either!($connection, c =>
            sqlx::query_scalar::<_, $value>($text)$(.bind($argument))*.fetch_one(c).await)
            .map_err($crate::error::Error::from)
    };
}
pub(crate) use sql;

/// A connection of either engine.
#[derive(Debug)]
pub enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// Cheap to clone; all clones are the same database.
#[derive(Clone, Debug)]
pub enum Database {
    Sqlite {
        writer: Writer,
        readers: SqlitePool,
    },
    /// `node` holds the connection whose advisory lock reserves this process's part of the id space.
    Postgres {
        pool: PgPool,
        node: std::sync::Arc<Connection>,
    },
}

/// So many new rows change what a planner should know.
pub(crate) const MANY_ROWS: usize = 10_000;
/// How often a transaction that met a deadlock is tried.
const TRIES: u32 = 5;

impl Database {
    /// Lends a connection for reading.
    pub async fn read(&self) -> Result<Connection> {
        match self {
            Self::Sqlite { readers, .. } => Ok(Connection::Sqlite(readers.acquire().await?)),
            Self::Postgres { pool, .. } => Ok(Connection::Postgres(pool.acquire().await?)),
        }
    }

    /// Like [`Database::write`], for what may be forgotten if the machine fails within the next moments: PostgreSQL
    /// answers without waiting for its disk. What a later durable transaction builds on is on disk before it.
    pub async fn write_lightly<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        self.run("BEGIN; SET LOCAL synchronous_commit = off", work).await
    }

    /// Runs `work` as one transaction: all of its effects are on disk when this returns `Ok`, none when it returns
    /// `Err`. The transaction runs to its end even if the caller is dropped. `work` may run more than once, so it must
    /// have no effect outside the database.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        self.run("BEGIN", work).await
    }

    async fn run<T, F>(&self, begin: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        match self {
            Self::Sqlite { writer, .. } => writer.run(work).await,
            Self::Postgres { pool, .. } => {
                let pool = pool.clone();
                tokio::spawn(async move { write_postgres(&pool, begin, work).await })
                    .await
                    .unwrap_or_else(|panic| {
                        Err(Error::Internal(format!("a transaction panicked: {panic}")))
                    })
            }
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sql!(&mut self.read().await?, scalar i64, "SELECT CAST(1 AS BIGINT)").map(drop)
    }

    /// After many rows came at once: PostgreSQL's planner would know nothing of them until its own time.
    pub async fn refresh_statistics(&self) -> Result<()> {
        match self {
            Self::Sqlite { .. } => Ok(()),
            Self::Postgres { .. } => {
                execute(&mut self.read().await?, "ANALYZE task, judgment, participation").await
            }
        }
    }

    /// Waits for what is being written and closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                writer.close().await;
                readers.close().await;
            }
            // Not `pool.close()`: it would wait for the connection that `node` holds until the last clone is gone.
            Self::Postgres { .. } => {}
        }
    }
}

async fn write_postgres<T>(
    pool: &PgPool,
    begin: &'static str,
    work: impl for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, Result<T>>,
) -> Result<T> {
    let mut tries = 0;
    loop {
        tries += 1;
        match write_postgres_once(pool, begin, &work).await {
            Err(error) if error.is_transient() && tries < TRIES => {
                tracing::debug!(%error, tries, "transaction runs again");
            }
            done => return done,
        }
    }
}

async fn write_postgres_once<T>(
    pool: &PgPool,
    begin: &'static str,
    work: &impl for<'c> Fn(&'c mut Connection) -> BoxFuture<'c, Result<T>>,
) -> Result<T> {
    let mut connection = Connection::Postgres(pool.acquire().await?);
    execute(&mut connection, begin).await?;
    match work(&mut connection).await {
        Ok(value) => execute(&mut connection, "COMMIT").await.map(|()| value),
        Err(error) => {
            execute(&mut connection, "ROLLBACK").await?;
            Err(error)
        }
    }
}

/// Runs one statement without arguments, unprepared.
async fn execute(connection: &mut Connection, statement: &'static str) -> Result<()> {
    match connection {
        Connection::Sqlite(c) => sqlx::Executor::execute(&mut **c, statement).await.map(drop),
        Connection::Postgres(c) => sqlx::Executor::execute(&mut **c, statement).await.map(drop),
    }
    .map_err(Error::from)
}
