//! Statements that go to the database together.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};

use super::{Connection, on_either};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::money::Money;
use crate::time::Time;

/// Statements of one transaction that are sent in one round trip; the last may answer a row.
///
/// `SQLite` runs them in their order. To PostgreSQL all but the last are common table expressions of the last: none sees
/// what another changes, and no two may change the same row.
#[derive(Debug, Default)]
pub(crate) struct Together {
    statements: Vec<String>,
    arguments: Vec<Argument>,
}

/// What a statement is given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    Integer(i64),
    Real(Option<f64>),
    Text(String),
}

impl Together {
    /// Adds a statement, whose arguments are `$1`, `$2`, ..
    pub(crate) fn add(
        &mut self,
        text: impl Into<String>,
        arguments: impl IntoIterator<Item = Argument>,
    ) {
        self.statements.push(renumbered(&text.into(), self.arguments.len()));
        self.arguments.extend(arguments);
    }

    pub(crate) async fn execute(self, connection: &mut Connection) -> Result<()> {
        if self.statements.is_empty() {
            return Ok(());
        }
        let text = self.text(connection);
        let arguments = self.arguments;
        on_either!(connection, c => {
            let mut query = sqlx::query(AssertSqlSafe(text));
            for argument in arguments {
                query = match argument {
                    Argument::Integer(value) => query.bind(value),
                    Argument::Real(value) => query.bind(value),
                    Argument::Text(value) => query.bind(value),
                };
            }
            query.execute(c).await.map(drop)
        })
        .map_err(Error::from)
    }

    /// The only row that the last statement answers.
    pub(crate) async fn one<R>(self, connection: &mut Connection) -> Result<R>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let text = self.text(connection);
        let arguments = self.arguments;
        on_either!(connection, c => {
            let mut query = sqlx::query_as::<_, R>(AssertSqlSafe(text));
            for argument in arguments {
                query = match argument {
                    Argument::Integer(value) => query.bind(value),
                    Argument::Real(value) => query.bind(value),
                    Argument::Text(value) => query.bind(value),
                };
            }
            query.fetch_one(c).await
        })
        .map_err(Error::from)
    }

    fn text(&self, connection: &Connection) -> String {
        match (connection, self.statements.as_slice()) {
            (Connection::Postgres(_), [first @ .., last]) if !first.is_empty() => {
                let named = (0..).zip(first).map(|(number, text)| format!("s{number} AS ({text})"));
                format!("WITH {} {last}", named.collect::<Vec<_>>().join(", "))
            }
            (_, statements) => statements.join("; "),
        }
    }
}

/// The text with every `$n` moved up by `by`. In our statements `$` stands for nothing else.
fn renumbered(text: &str, by: usize) -> String {
    let mut parts = text.split('$');
    let mut moved = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = part[..digits].parse().unwrap_or_default();
        moved += &format!("${}{}", number + by, &part[digits..]);
    }
    moved
}

impl From<i64> for Argument {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<Id> for Argument {
    fn from(id: Id) -> Self {
        Self::Integer(id.0)
    }
}

impl From<Time> for Argument {
    fn from(time: Time) -> Self {
        Self::Integer(time.micros())
    }
}

impl From<Money> for Argument {
    fn from(money: Money) -> Self {
        Self::Integer(money.0)
    }
}

impl From<f64> for Argument {
    fn from(value: f64) -> Self {
        Self::Real(Some(value))
    }
}

impl From<Option<f64>> for Argument {
    fn from(value: Option<f64>) -> Self {
        Self::Real(value)
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The arguments of one statement: `arguments![a, b]`.
macro_rules! arguments {
    ($($value:expr),* $(,)?) => { [$($crate::db::Argument::from($value)),*] };
}
pub(crate) use arguments;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_keep_their_numbers_apart() {
        let mut together = Together::default();
        together.add("INSERT INTO a VALUES ($1, $2)", arguments![1, "x"]);
        together.add("UPDATE b SET c = $2 WHERE d = $1 OR e = $10", arguments![Some(0.5)]);
        assert_eq!(together.statements[0], "INSERT INTO a VALUES ($1, $2)");
        assert_eq!(together.statements[1], "UPDATE b SET c = $4 WHERE d = $3 OR e = $12");
        let expected =
            [Argument::Integer(1), Argument::Text("x".into()), Argument::Real(Some(0.5))];
        assert_eq!(together.arguments, expected);
    }
}
