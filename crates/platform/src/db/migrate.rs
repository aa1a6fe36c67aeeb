//! Forward-only migrations: one text for both engines, whose few differing words come from [`dialect`](super::dialect).

use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::dialect::SCHEMA_WORDS;

/// Version, name and text of each migration, oldest first. A text that was released is never changed.
const MIGRATIONS: [(i64, &str, &str); 3] = [
    (1, "first", include_str!("migrations/0001_first.sql")),
    (2, "quality", include_str!("migrations/0002_quality.sql")),
    (3, "pages", include_str!("migrations/0003_pages.sql")),
];

/// The newest schema this program knows.
pub const LATEST: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

#[derive(Clone, Copy)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
}

pub(super) fn migrator(engine: Engine) -> Migrator {
    let migrations = MIGRATIONS.iter().map(|(version, name, text)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(sqlx::AssertSqlSafe(translate(text, engine)));
        Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// Replaces the schema words, where they stand alone, outside comments.
fn translate(text: &str, engine: Engine) -> String {
    let code = |line: &str| line.split("--").next().unwrap_or_default().to_owned();
    let mut sql: String = text.lines().map(code).collect::<Vec<_>>().join("\n");
    for (word, sqlite, postgres) in SCHEMA_WORDS {
        let replacement = match engine {
            Engine::Sqlite => sqlite,
            Engine::Postgres => postgres,
        };
        for end in [",", "\n", " "] {
            sql = sql.replace(&format!(" {word}{end}"), &format!(" {replacement}{end}"));
        }
    }
    sql
}
