//! What SQLite's planner is told of the tables: made-up figures that do not follow what they hold.
//!
//! Left to itself the planner takes it that ten rows share their merchant, where all do, and reads a
//! whole table in the order of its ids rather than look up a few of them by another index; a shop that
//! fills grows slower by the square. Figures counted from the tables change with them, and with them
//! the plans. These say the same of an empty shop and of a large one: a merchant tells nothing, an id
//! or a blind token nearly everything, a word or a number something.

use rusqlite::Connection;
use shuke_kernel::Result;

use super::fault;

/// Rows of every table.
const ROWS: i64 = 1_000_000;

/// An index with what is told of it: the rows, then how many share its first column, its first two …
type Told = (String, String, String);

/// Tells the planner, where it was told otherwise. For the connection that writes, before others open.
pub(super) fn tell(conn: &Connection) -> Result<()> {
    // Makes the table of figures; there is nothing in it to look at.
    conn.execute_batch("ANALYZE sqlite_schema").map_err(fault)?;
    let told = rows(conn, "SELECT tbl, COALESCE(idx, ''), stat FROM sqlite_stat1 ORDER BY 1, 2")?;
    let mut wanted = wanted(conn)?;
    wanted.sort();
    if told == wanted {
        return Ok(());
    }
    let tx = conn.unchecked_transaction().map_err(fault)?;
    tx.execute("DELETE FROM sqlite_stat1", []).map_err(fault)?;
    if tx.query_row("SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4')", [], |r| r.get(0)).map_err(fault)? {
        // Samples that somebody's own ANALYZE took.
        tx.execute("DELETE FROM sqlite_stat4", []).map_err(fault)?;
    }
    for (table, index, figures) in wanted {
        tx.execute("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)", (table, index, figures)).map_err(fault)?;
    }
    tx.commit().map_err(fault)?;
    conn.execute_batch("ANALYZE sqlite_schema").map_err(fault)
}

fn rows(conn: &Connection, sql: &str) -> Result<Vec<Told>> {
    let mut statement = conn.prepare(sql).map_err(fault)?;
    let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).map_err(fault)?;
    rows.collect::<rusqlite::Result<_>>().map_err(fault)
}

fn wanted(conn: &Connection) -> Result<Vec<Told>> {
    let sql = "SELECT t.name, CASE WHEN i.origin = 'pk' AND t.wr THEN t.name ELSE i.name END, i.\"unique\", i.name \
               FROM pragma_table_list t, pragma_index_list(t.name) i WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let mut statement = conn.prepare(sql).map_err(fault)?;
    let found = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).map_err(fault)?;
    let indexes: Vec<(String, String, bool, String)> = found.collect::<rusqlite::Result<_>>().map_err(fault)?;
    let columns =
        "SELECT x.name, c.type FROM pragma_index_info(?1) x LEFT JOIN pragma_table_info(?2) c ON c.name = x.name ORDER BY x.seqno";
    let mut statement = conn.prepare(columns).map_err(fault)?;
    let mut told = Vec::with_capacity(indexes.len());
    for (table, index, unique, name) in indexes {
        let found = statement.query_map((&name, &table), |r| Ok((r.get(0)?, r.get(1)?))).map_err(fault)?;
        let columns: Vec<(Option<String>, Option<String>)> = found.collect::<rusqlite::Result<_>>().map_err(fault)?;
        told.push((table, index, figures(&columns, unique)));
    }
    Ok(told)
}

/// What is told of an index over these columns and their types.
fn figures(columns: &[(Option<String>, Option<String>)], unique: bool) -> String {
    let mut sharing = ROWS;
    let mut text = ROWS.to_string();
    for (at, (name, kind)) in columns.iter().enumerate() {
        sharing = match kind.as_deref() {
            _ if name.as_deref() == Some("merchant") => sharing,
            // Not ten: SQLite then takes it that a second column of ids is not worth looking up.
            Some("BLOB") => sharing.min(100),
            Some("BIGINT") => sharing / 100,
            _ => sharing / 20,
        };
        let whole = unique && at + 1 == columns.len();
        sharing = if whole { 1 } else { sharing.max(2) };
        text.push(' ');
        text.push_str(&sharing.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: &str) -> (Option<String>, Option<String>) {
        (Some(name.to_owned()), Some(kind.to_owned()))
    }

    #[test]
    fn a_merchant_tells_nothing_and_an_id_nearly_everything() {
        let (merchant, id, word) = (column("merchant", "BIGINT"), column("member", "BLOB"), column("source", "TEXT"));
        assert_eq!(figures(&[merchant.clone(), id.clone()], false), "1000000 1000000 100");
        assert_eq!(figures(&[merchant.clone(), id.clone()], true), "1000000 1000000 1");
        assert_eq!(figures(&[merchant.clone(), word, column("placed_at", "BIGINT"), id], true), "1000000 1000000 50000 500 1");
        assert_eq!(figures(&[merchant, (None, None)], false), "1000000 1000000 50000");
    }

    #[test]
    fn rows_of_a_few_are_looked_up_by_their_index_and_not_by_reading_all_in_order() {
        let conn = Connection::open_in_memory().unwrap();
        super::super::prepare(&conn).unwrap();
        let laid = "CREATE TABLE of_member (merchant BIGINT NOT NULL, id BLOB NOT NULL, member BLOB, PRIMARY KEY (merchant, id)); \
                    CREATE INDEX by_member ON of_member (merchant, member); \
                    CREATE TABLE whole (merchant BIGINT NOT NULL, id BLOB NOT NULL, PRIMARY KEY (merchant, id)) WITHOUT ROWID";
        conn.execute_batch(laid).unwrap();
        let plan = || -> String {
            let sql = "EXPLAIN QUERY PLAN SELECT id FROM of_member WHERE merchant = ?1 AND member IN rarray(?2) ORDER BY id";
            conn.prepare(sql)
                .unwrap()
                .query_map((1, rusqlite::types::Null), |r| r.get::<_, String>(3))
                .unwrap()
                .map(Result::unwrap)
                .collect()
        };
        assert!(!plan().contains("by_member"), "else nothing need be told");
        tell(&conn).unwrap();
        assert!(plan().contains("by_member"), "{}", plan());
        let told = |conn: &Connection| rows(conn, "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2").unwrap();
        let first = told(&conn);
        assert_eq!(first.len(), 3);
        assert!(first.iter().any(|(table, index, _)| table == "whole" && index == "whole"));
        tell(&conn).unwrap();
        assert_eq!(told(&conn), first);
    }
}
