//! One dialect: SQL text with `$1` binds and `= ANY($n)` for lists, as PostgreSQL reads it,
//! translated for SQLite. The few statements that must differ stand side by side in an [`Each`].

use std::borrow::Cow;

/// Which engine a transaction runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Engine {
    /// The embedded store.
    Sqlite,
    /// PostgreSQL or what speaks its protocol.
    Postgres,
}

/// A statement that differs between the engines. Use it where one text cannot serve.
#[derive(Clone, Copy, Debug)]
pub struct Each {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

/// Anything that can be given to a transaction as a statement.
pub trait Statement {
    /// The text for that engine, `$1` binds.
    fn text(&self, engine: Engine) -> &str;
}

impl Statement for str {
    fn text(&self, _: Engine) -> &str {
        self
    }
}

impl Statement for String {
    fn text(&self, _: Engine) -> &str {
        self
    }
}

impl Statement for Each {
    fn text(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

impl<S: Statement + ?Sized> Statement for &S {
    fn text(&self, engine: Engine) -> &str {
        (**self).text(engine)
    }
}

/// Declares a crate's statements and lists them, so that one test can prepare them all on both
/// engines: `statements! { /// doc. FIND = "SELECT …"; each UPSERT = { sqlite: "…", postgres: "…" }; }`
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*
        /// Every statement of this module, by name.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}

/// `$1` → `?1`; `= ANY($2)` → `IN rarray(?2)`; `<> ALL($2)` → `NOT IN rarray(?2)`; `FOR UPDATE`, `FOR SHARE` and `SKIP LOCKED` go, since SQLite has
/// one writer; `COLLATE "C"` goes, since SQLite compares bytes anyway.
pub fn for_sqlite(sql: &str) -> Cow<'_, str> {
    if !sql.contains('$') && !sql.contains("FOR UPDATE") && !sql.contains("FOR SHARE") && !sql.contains("COLLATE \"C\"") {
        return Cow::Borrowed(sql);
    }
    let sql = sql.replace("FOR UPDATE SKIP LOCKED", "").replace("FOR UPDATE", "").replace("FOR SHARE", "").replace(" COLLATE \"C\"", "");
    let sql = sql.trim_end();
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find('$') {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        let number = &rest[at + 1..at + 1 + digits];
        if digits > 0 && rest[..at].ends_with("= ANY(") {
            out.push_str(&rest[..at - "= ANY(".len()]);
            out.push_str("IN rarray(?");
        } else if digits > 0 && rest[..at].ends_with("<> ALL(") {
            out.push_str(&rest[..at - "<> ALL(".len()]);
            out.push_str("NOT IN rarray(?");
        } else {
            out.push_str(&rest[..at]);
            out.push(if digits > 0 { '?' } else { '$' });
        }
        out.push_str(number);
        rest = &rest[at + 1 + digits..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The kind of a column in a set-based insert.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// BIGINT.
    Int(&'static str),
    /// TEXT.
    Text(&'static str),
    /// BLOB or BYTEA.
    Bytes(&'static str),
}

impl Column {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Int(n) | Self::Text(n) | Self::Bytes(n) => n,
        }
    }
}

/// Many rows into one table in one go: a prepared statement run per row on SQLite, one
/// `INSERT … SELECT FROM unnest(…)` on PostgreSQL.
#[derive(Clone, Copy, Debug)]
pub struct InsertMany {
    /// The table.
    pub table: &'static str,
    /// Its columns, in the order of each row's values.
    pub columns: &'static [Column],
    /// What follows, such as `ON CONFLICT (merchant, id) DO NOTHING`; may be empty. With
    /// `DO UPDATE` no two rows of one call may have the same key.
    pub then: &'static str,
}

impl InsertMany {
    /// The statement for one row, `$1` binds; what SQLite runs.
    pub fn single(&self) -> String {
        insert_one(self.table, self.columns, self.then)
    }

    /// The statement for a set of rows; what PostgreSQL runs.
    pub fn set(&self) -> String {
        insert_set(self.table, self.columns, self.then)
    }
}

pub(crate) fn insert_one(table: &str, columns: &[Column], then: &str) -> String {
    let names: Vec<_> = columns.iter().map(|c| c.name()).collect();
    let binds: Vec<_> = (1..=names.len()).map(|i| format!("${i}")).collect();
    format!("INSERT INTO {table} ({}) VALUES ({}) {then}", names.join(", "), binds.join(", "))
}

pub(crate) fn insert_set(table: &str, columns: &[Column], then: &str) -> String {
    let names: Vec<_> = columns.iter().map(|c| c.name()).collect();
    let arrays: Vec<_> = columns
        .iter()
        .enumerate()
        .map(|(i, c)| {
            let kind = match c {
                Column::Int(_) => "bigint",
                Column::Text(_) => "text",
                Column::Bytes(_) => "bytea",
            };
            format!("${}::{kind}[]", i + 1)
        })
        .collect();
    format!("INSERT INTO {table} ({}) SELECT * FROM unnest({}) {then}", names.join(", "), arrays.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_and_lists_become_sqlites() {
        assert_eq!(
            for_sqlite("SELECT a FROM t WHERE m = $1 AND k = ANY($12) FOR UPDATE"),
            "SELECT a FROM t WHERE m = ?1 AND k IN rarray(?12)"
        );
        assert_eq!(for_sqlite("SELECT a FROM t WHERE k <> ALL($1)\n FOR UPDATE SKIP LOCKED"), "SELECT a FROM t WHERE k NOT IN rarray(?1)");
        assert_eq!(for_sqlite("SELECT 1"), "SELECT 1");
    }
}
