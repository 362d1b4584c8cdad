//! The schemas of the two engines, as they are, side by side.

use std::collections::{BTreeMap, BTreeSet};

use shuke_store::register::Register;
use shuke_store::{Engine, args};

use crate::TestStore;

/// A column as an engine describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnIs {
    /// `int`, `text`, `bytes`, or what else it is.
    pub kind: String,
    /// Whether it may be missing.
    pub nullable: bool,
    /// Its place in the primary key, from 1; 0 outside it.
    pub key: i64,
}

/// A table: its columns in order, and the column lists of its indexes (unique ones marked).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableIs {
    /// In the order of their making.
    pub columns: Vec<(String, ColumnIs)>,
    /// `unique merchant,unique_key` and the like.
    pub indexes: BTreeSet<String>,
}

/// Every table of the store, by name.
pub fn describe(t: &TestStore) -> BTreeMap<String, TableIs> {
    match t.store.engine() {
        Engine::Sqlite => t.read(|tx| {
            let mut tables: BTreeMap<String, TableIs> = BTreeMap::new();
            for mut row in tx.rows("SELECT m.name, c.name, c.type, c.\"notnull\", c.pk FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid", args![])? {
                let (table, name, kind): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let column = ColumnIs { kind: kind_of(&kind), nullable: row.get::<i64>(3)? == 0, key: row.get(4)? };
                // SQLite lets a key column of a rowid table be NULL unless told otherwise.
                let column = ColumnIs { nullable: column.nullable && column.key == 0, ..column };
                tables.entry(table).or_default().columns.push((name, column));
            }
            for mut row in tx.rows(
                "SELECT m.name, i.\"unique\", (SELECT group_concat(name, ',') FROM (SELECT COALESCE(x.name, '(expression)') AS name FROM pragma_index_info(i.name) x ORDER BY x.seqno)) FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin <> 'pk'",
                args![],
            )? {
                let (table, unique, columns): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                tables.entry(table).or_default().indexes.insert(index(unique != 0, &columns));
            }
            Ok(tables)
        }),
        Engine::Postgres => t.read(|tx| {
            let mut tables: BTreeMap<String, TableIs> = BTreeMap::new();
            for mut row in tx.rows(
                "SELECT CAST(c.table_name AS TEXT), CAST(c.column_name AS TEXT), CAST(c.data_type AS TEXT), CASE WHEN c.is_nullable = 'YES' THEN 1::bigint ELSE 0::bigint END, \
                 COALESCE((SELECT CAST(array_position(i.indkey::int[], a.attnum::int) AS BIGINT) + 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid WHERE i.indisprimary AND i.indrelid = CAST(quote_ident(c.table_name) AS regclass) AND a.attname = c.column_name), 0::bigint), \
                 COALESCE(CAST(c.collation_name AS TEXT), '') \
                 FROM information_schema.columns c WHERE c.table_schema = 'public' ORDER BY c.table_name, c.ordinal_position",
                args![],
            )? {
                let (table, name, kind, collation): (String, String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(5)?);
                let kind = if kind == "text" && collation != "C" && table != "schema_version" { "text without COLLATE \"C\"".to_owned() } else { kind_of(&kind) };
                let column = ColumnIs { kind, nullable: row.get::<i64>(3)? == 1, key: row.get(4)? };
                tables.entry(table).or_default().columns.push((name, column));
            }
            for mut row in tx.rows(
                "SELECT CAST(t.relname AS TEXT), CASE WHEN i.indisunique THEN 1::bigint ELSE 0::bigint END, \
                 (SELECT string_agg(COALESCE(CAST(a.attname AS TEXT), '(expression)'), ',' ORDER BY k.place) FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k(attnum, place) LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) \
                 FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public' AND NOT i.indisprimary",
                args![],
            )? {
                let (table, unique, columns): (String, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
                tables.entry(table).or_default().indexes.insert(index(unique != 0, &columns));
            }
            Ok(tables)
        }),
    }
}

fn index(unique: bool, columns: &str) -> String {
    format!("{}{columns}", if unique { "unique " } else { "" })
}

fn kind_of(declared: &str) -> String {
    match declared.to_ascii_lowercase().as_str() {
        "bigint" | "integer" => "int".to_owned(),
        "text" => "text".to_owned(),
        "blob" | "bytea" => "bytes".to_owned(),
        other => other.to_owned(),
    }
}

/// What differs between the two schemas. The event table's sequence is PostgreSQL's alone, and so
/// are an event's missing position and an index marked in `except`.
pub fn differences(sqlite: &BTreeMap<String, TableIs>, postgres: &BTreeMap<String, TableIs>) -> Vec<String> {
    let mut out = Vec::new();
    let names: BTreeSet<_> = sqlite.keys().chain(postgres.keys()).collect();
    for name in names {
        let (Some(s), Some(p)) = (sqlite.get(name), postgres.get(name)) else {
            out.push(format!("table {name} is on one engine only"));
            continue;
        };
        if name == "event" {
            let without = |t: &TableIs| t.columns.iter().map(|(n, _)| n.clone()).filter(|n| n != "number").collect::<Vec<_>>();
            if without(s) != without(p) {
                out.push("the columns of event differ".to_owned());
            }
            continue;
        }
        let (sc, pc): (BTreeMap<_, _>, BTreeMap<_, _>) = (s.columns.iter().cloned().collect(), p.columns.iter().cloned().collect());
        for column in sc.keys().chain(pc.keys()).collect::<BTreeSet<_>>() {
            if sc.get(column) != pc.get(column) {
                out.push(format!("{name}.{column}: SQLite {:?}, PostgreSQL {:?}", sc.get(column), pc.get(column)));
            }
        }
        if s.indexes != p.indexes {
            out.push(format!("indexes of {name}: SQLite {:?}, PostgreSQL {:?}", s.indexes, p.indexes));
        }
    }
    out
}

/// What the register forgot or invented, compared with the tables as they are, and the tables
/// whose key or index does not begin with the merchant. `shared` names tables that belong to no
/// merchant.
pub fn register_faults(register: Register, tables: &BTreeMap<String, TableIs>, shared: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    let declared: BTreeMap<&str, &shuke_store::register::Table> = register.tables().map(|t| (t.name, t)).collect();
    for (name, is) in tables {
        let Some(table) = declared.get(name.as_str()) else {
            out.push(format!("table {name} is not in the register"));
            continue;
        };
        let listed: Vec<&str> = table.columns.iter().flat_map(|(_, columns)| columns.iter().copied()).collect();
        for (column, _) in &is.columns {
            match listed.iter().filter(|c| *c == column).count() {
                1 => {}
                0 => out.push(format!("{name}.{column} has no class in the register")),
                n => out.push(format!("{name}.{column} is {n} times in the register")),
            }
        }
        for column in listed {
            if !is.columns.iter().any(|(c, _)| c == column) && (name.as_str(), column) != ("event", "number") {
                out.push(format!("{name}.{column} is in the register but not in the table"));
            }
        }
        let mut key: Vec<(i64, &str)> = is.columns.iter().filter(|(_, c)| c.key > 0).map(|(n, c)| (c.key, n.as_str())).collect();
        key.sort_unstable();
        let key: Vec<&str> = key.into_iter().map(|(_, n)| n).collect();
        if key != table.key && name != "event" {
            out.push(format!("the key of {name} is {key:?}, the register says {:?}", table.key));
        }
        if !shared.contains(&name.as_str()) {
            if key.first() != Some(&"merchant") {
                out.push(format!("the key of {name} does not begin with the merchant"));
            }
            for index in is.indexes.iter().filter(|i| !i.trim_start_matches("unique ").starts_with("merchant")) {
                out.push(format!("the index ({index}) of {name} does not begin with the merchant"));
            }
        }
    }
    for name in declared.keys().filter(|n| !tables.contains_key(**n)) {
        out.push(format!("table {name} is in the register but not in the store"));
    }
    out
}
