//! The true differences between the two engines, each under a name.

use super::Connection;

/// The words of a schema that differ: `(placeholder, SQLite, PostgreSQL)`.
pub(super) const SCHEMA_WORDS: [(&str, &str, &str); 2] = [
    // SQLite's alias of the row id is spelt INTEGER; it holds 64 bits.
    ("ID", "INTEGER NOT NULL PRIMARY KEY", "BIGINT NOT NULL PRIMARY KEY"),
    ("FLOAT", "DOUBLE PRECISION", "DOUBLE PRECISION"),
];

/// Chooses the text for the connection's engine, for statements that lock rows: `SQLite` has one writer and no row locks.
pub(crate) fn choose(connection: &Connection, sqlite: &'static str, postgres: &'static str) -> &'static str {
    match connection {
        Connection::Sqlite(_) => sqlite,
        Connection::Postgres(_) => postgres,
    }
}
