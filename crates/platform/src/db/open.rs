//! Opening a database: pools, durability settings, migrations, and one clear sentence when it cannot be.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _};

use super::migrate::{Engine, LATEST, migrator};
use super::writer::Writer;
use super::{Connection, Database};
use crate::id;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the folder {0} cannot be created or written: {1}")]
    Folder(PathBuf, std::io::Error),
    #[error("the database {0} cannot be opened: {1}")]
    Open(String, sqlx::Error),
    #[error(
        "the database {0} comes from a newer version of crowdsmith (schema {1}, this program knows up to {LATEST}); \
         start the newer version"
    )]
    Newer(String, i64),
    #[error(
        "schema {1} of the database {0} is not the one this program knows: it was made by another build; restore a \
         backup or start that build"
    )]
    Changed(String, i64),
    #[error("the database {0} could not be brought up to date, and was left as it was: {1}")]
    Migration(String, MigrateError),
    #[error("more than {} servers share this database", id::NODES)]
    TooManyServers,
}

/// Readers of the embedded database: as many as can use two cores with waits in between.
const SQLITE_READERS: u32 = 4;
const WAIT_FOR_SERVER: Duration = Duration::from_secs(5);
/// A connection idle for longer is tried before it is used: the server may have been restarted.
const IDLE_IS_DOUBTFUL: Duration = Duration::from_secs(5);
const POSTGRES_CONNECTIONS: u32 = 24;
/// How PostgreSQL plans: once for each statement, and by its indexes, which every frequent statement has. Left to itself it
/// plans for the tables as they were when they were nearly empty, and reads them from end to end until its statistics come.
const PLANNING: &str =
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off";
const WAIT_FOR_CONNECTION: Duration = Duration::from_secs(30);
/// First number of the advisory locks that give each server its node; any fixed number that nobody else uses.
const NODE_LOCKS: i64 = 0x0063_7273_6d69_7468;

impl Database {
    /// Opens `postgres://...` if given, else `crowdsmith.db` in the data folder, and applies missing migrations.
    pub async fn open(data: &Path, url: Option<&str>) -> Result<Self, OpenError> {
        match url {
            Some(url) => open_postgres(url).await,
            None => open_sqlite(data).await,
        }
    }
}

async fn open_sqlite(data: &Path) -> Result<Database, OpenError> {
    std::fs::create_dir_all(data).map_err(|error| OpenError::Folder(data.to_owned(), error))?;
    let probe = data.join(".writable");
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|error| OpenError::Folder(data.to_owned(), error))?;

    let path = data.join("crowdsmith.db");
    let name = path.display().to_string();
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(500)
        .pragma("cache_size", "-65536")
        .pragma("temp_store", "memory");
    let write_pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(WAIT_FOR_CONNECTION)
        .test_before_acquire(false)
        .connect_with(options.clone().create_if_missing(true))
        .await
        .map_err(|error| OpenError::Open(name.clone(), error))?;
    migrator(Engine::Sqlite)
        .run(&write_pool)
        .await
        .map_err(|error| migration_error(name.clone(), error))?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(WAIT_FOR_CONNECTION)
        .test_before_acquire(false)
        .connect_with(options.read_only(true))
        .await
        .map_err(|error| OpenError::Open(name, error))?;
    Ok(Database::Sqlite { writer: Writer::start(write_pool), readers })
}

async fn open_postgres(url: &str) -> Result<Database, OpenError> {
    let options: PgConnectOptions =
        url.parse().map_err(|error| OpenError::Open("at the given URL".into(), error))?;
    let name =
        format!("{} on {}", options.get_database().unwrap_or("postgres"), options.get_host());
    let options = options.application_name("crowdsmith").statement_cache_capacity(500);
    // The pool would try a server that refuses until it has waited its longest.
    let reached = tokio::time::timeout(WAIT_FOR_SERVER, options.connect()).await;
    let reached =
        reached.unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())));
    drop(reached.map_err(|error| OpenError::Open(name.clone(), error))?);
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(WAIT_FOR_CONNECTION)
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(PLANNING).await.map(drop) })
        })
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > IDLE_IS_DOUBTFUL {
                    sqlx::Connection::ping(connection).await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| OpenError::Open(name.clone(), error))?;
    migrator(Engine::Postgres)
        .run(&pool)
        .await
        .map_err(|error| migration_error(name.clone(), error))?;
    let node = take_node(&pool)
        .await
        .map_err(|error| OpenError::Open(name, error))?
        .ok_or(OpenError::TooManyServers)?;
    Ok(Database::Postgres { pool, node: Arc::new(node) })
}

/// Reserves a free node of the id space for as long as the answered connection lives.
async fn take_node(pool: &sqlx::PgPool) -> Result<Option<Connection>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    for node in 0..id::NODES {
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(NODE_LOCKS + i64::from(node))
            .fetch_one(&mut *connection)
            .await?;
        if taken {
            id::set_node(node as u8);
            return Ok(Some(Connection::Postgres(connection)));
        }
    }
    Ok(None)
}

fn migration_error(name: String, error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(version) if version > LATEST => {
            OpenError::Newer(name, version)
        }
        MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => {
            OpenError::Changed(name, version)
        }
        error => OpenError::Migration(name, error),
    }
}
