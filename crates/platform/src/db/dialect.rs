//! The true differences between the two engines, each under a name.

use sqlx::AssertSqlSafe;

use super::Connection;

/// The words of a schema that differ: `(placeholder, SQLite, PostgreSQL)`.
pub(super) const SCHEMA_WORDS: [(&str, &str, &str); 1] =
    // SQLite's alias of the row id is spelt INTEGER; it holds 64 bits.
    [("ID", "INTEGER NOT NULL PRIMARY KEY", "BIGINT NOT NULL PRIMARY KEY")];

/// What stands before and after the argument of a named difference, in `SQLite` and in PostgreSQL.
struct Difference {
    name: &'static str,
    sqlite: [&'static str; 2],
    postgres: [&'static str; 2],
}

const DIFFERENCES: [Difference; 6] = [
    // `id IN IDS($1)`: the integers of a JSON array, of which PostgreSQL makes an array of its own: its planner knows how
    // many there are, where it would take any function's rows for a hundred and rather read a whole table.
    Difference {
        name: "NOT IN IDS(",
        sqlite: ["NOT IN (SELECT value FROM json_each(", "))"],
        postgres: ["<> ALL(CAST(TRANSLATE(", ", '[]', '{}') AS BIGINT[]))"],
    },
    Difference {
        name: "IN IDS(",
        sqlite: ["IN (SELECT value FROM json_each(", "))"],
        postgres: ["= ANY(CAST(TRANSLATE(", ", '[]', '{}') AS BIGINT[]))"],
    },
    // `name IN NAMES($1)`: the strings of a JSON array.
    Difference {
        name: "NAMES(",
        sqlite: ["(SELECT value FROM json_each(", "))"],
        postgres: ["(SELECT value FROM json_array_elements_text(CAST(", " AS JSON)))"],
    },
    // `FROM OBJECTS($1) o`: the objects of a JSON array, each as `value`.
    Difference {
        name: "OBJECTS(",
        sqlite: ["json_each(", ")"],
        postgres: ["(SELECT value FROM json_array_elements(CAST(", " AS JSON)))"],
    },
    // `ORDER BY id LOCKED(t)`: locks the rows of `t` in that order, so that two transactions never wait for each other.
    Difference { name: " LOCKED(", sqlite: [" /* ", " */"], postgres: [" FOR UPDATE OF ", ""] },
    // `SKIP_LOCKED(t)`: locks the rows of `t` and passes over those locked by others. SQLite has one writer, no locks.
    Difference {
        name: "SKIP_LOCKED(",
        sqlite: ["/* ", " */"],
        postgres: ["FOR UPDATE OF ", " SKIP LOCKED"],
    },
];

/// A statement with its named differences spelt for the connection's engine.
pub(crate) fn spelt(connection: &Connection, template: &'static str) -> AssertSqlSafe<String> {
    let sqlite = matches!(connection, Connection::Sqlite(_));
    let mut text = String::with_capacity(template.len() + 100);
    let mut rest = template;
    while let Some((start, difference)) = next_difference(rest) {
        let argument = start + difference.name.len();
        let end = argument + rest[argument..].find(')').expect("templates are static and tested");
        let [before, after] = if sqlite { difference.sqlite } else { difference.postgres };
        text.extend([&rest[..start], before, &rest[argument..end], after]);
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    AssertSqlSafe(text)
}

fn next_difference(text: &str) -> Option<(usize, &'static Difference)> {
    let found =
        DIFFERENCES.iter().filter_map(|difference| Some((text.find(difference.name)?, difference)));
    found.min_by_key(|(start, _)| *start)
}

/// The argument of `IN IDS(..)`.
pub(crate) fn id_list(ids: impl IntoIterator<Item = crate::Id>) -> String {
    let ids: Vec<i64> = ids.into_iter().map(|id| id.0).collect();
    serde_json::Value::from(ids).to_string()
}

/// The argument of `NAMES(..)`.
pub(crate) fn name_list<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().collect::<serde_json::Value>().to_string()
}
