//! The architecture's invariants that can be read off the sources and the schemas (`docs/ARCHITECTURE.md` numbers them).

#![expect(clippy::print_stderr, reason = "a test that is not run says so")]

use std::fs;
use std::path::{Path, PathBuf};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                sources(&path)
            } else {
                Vec::from_iter(
                    path.extension().is_some_and(|ending| ending == "rs").then_some(path),
                )
            }
        })
        .collect()
}

/// Invariant 1: the statistics depend on no runtime, database or web crate.
#[test]
fn truth_stays_pure() {
    let manifest = fs::read_to_string(crates().join("truth/Cargo.toml")).expect("a manifest");
    for banned in ["tokio", "sqlx", "axum", "reqwest", "hyper", "async"] {
        assert!(!manifest.contains(banned), "crates/truth depends on {banned}");
    }
}

/// Invariant 2: SQL stands in `sql.rs` files and in `db/` only.
#[test]
fn sql_stands_in_its_places() {
    let verbs = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE "];
    let mut strays = Vec::new();
    for folder in ["platform/src", "server/src", "cli/src"] {
        for path in sources(&crates().join(folder)) {
            let in_place =
                path.ends_with("sql.rs") || path.components().any(|part| part.as_os_str() == "db");
            let text = fs::read_to_string(&path).expect("a source");
            // In a statement a quotation mark or only white space stands before the verb.
            let holds = |line: &str| {
                verbs.iter().any(|verb| {
                    line.find(verb)
                        .is_some_and(|at| line[..at].ends_with('"') || line[..at].trim().is_empty())
                })
            };
            if !in_place && text.lines().any(holds) {
                strays.push(path);
            }
        }
    }
    assert!(strays.is_empty(), "SQL outside its places: {strays:?}");
}

/// Invariant 3 in its form of today: nothing but the API knows HTTP, and the domain knows nothing of it.
#[test]
fn the_domain_knows_no_http() {
    for path in sources(&crates().join("platform/src")) {
        let text = fs::read_to_string(&path).expect("a source");
        for banned in ["axum::", "tower_http::", "StatusCode", "reqwest::"] {
            assert!(!text.contains(banned), "{} uses {banned}", path.display());
        }
    }
}

/// Invariant 2, second half: both engines have the same tables, columns and types.
#[tokio::test]
async fn both_schemas_are_the_same() {
    use sqlx::Connection as _;
    let Ok(server) = std::env::var("CROWDSMITH_TEST_POSTGRES") else {
        eprintln!("not run: CROWDSMITH_TEST_POSTGRES names no server (see scripts/with-postgres)");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    crowdsmith_platform::Database::open(folder.path(), None).await.expect("SQLite").close().await;
    let file = format!("sqlite://{}", folder.path().join("crowdsmith.db").display());
    let mut sqlite = sqlx::SqliteConnection::connect(&file).await.expect("SQLite");
    let columns = "SELECT m.name || '.' || c.name || ' ' || LOWER(c.type) || ' ' || c.\"notnull\"
                   FROM sqlite_master m, pragma_table_info(m.name) c
                   WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '_sqlx%' ORDER BY 1";
    let here: Vec<String> =
        sqlx::query_scalar(columns).fetch_all(&mut sqlite).await.expect("columns");
    let indexes = "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%' ORDER BY 1";
    let here_indexes: Vec<String> =
        sqlx::query_scalar(indexes).fetch_all(&mut sqlite).await.expect("indexes");

    let mut admin = sqlx::PgConnection::connect(&server).await.expect("PostgreSQL");
    let name = format!("schema_{}", std::process::id());
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::Executor::execute(&mut admin, create).await.expect("a database");
    let (base, _) = server.rsplit_once('/').expect("a URL");
    let url = format!("{base}/{name}");
    let db =
        crowdsmith_platform::Database::open(folder.path(), Some(&url)).await.expect("PostgreSQL");
    let mut postgres = sqlx::PgConnection::connect(&url).await.expect("PostgreSQL");
    let columns = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' ||
                          CASE is_nullable WHEN 'NO' THEN '1' ELSE '0' END
                   FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'
                   ORDER BY 1";
    let there: Vec<String> =
        sqlx::query_scalar(columns).fetch_all(&mut postgres).await.expect("columns");
    let indexes = "SELECT i.relname::text FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
                   JOIN pg_namespace n ON n.oid = i.relnamespace
                   LEFT JOIN pg_constraint c ON c.conindid = x.indexrelid
                   WHERE n.nspname = 'public' AND c.oid IS NULL ORDER BY 1";
    let there_indexes: Vec<String> =
        sqlx::query_scalar(indexes).fetch_all(&mut postgres).await.expect("indexes");
    db.close().await;

    // SQLite's spelling of the 64-bit key.
    let same: Vec<String> =
        here.iter().map(|column| column.replace(" integer ", " bigint ")).collect();
    let (mut same, mut there) = (same, there);
    same.sort();
    there.sort();
    assert_eq!(same, there);
    assert_eq!(here_indexes, there_indexes);
}
