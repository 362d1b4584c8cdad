//! `GET /sql/tables`: what can be asked: tables, columns, and what they mean.

use axum::Json;
use serde::Serialize;
use shuke_columns::flat::{self, Column, Table};
use shuke_columns::{Registry, Type};
use shuke_http::{App, Call, Permission, Reply};
use shuke_segments::labels::{self, Label, Words};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A column.
#[derive(Serialize, ToSchema)]
struct SqlTableColumn {
    /// Its name.
    name: String,
    /// `int`, `money` (a whole number of the currency's minor unit), `dec`, `text`, `date`, `instant` or `bool`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// What it means.
    label: String,
    /// Whether it is told coarsely unless asked for in clear.
    masked: bool,
    /// The words it may be, where they are few and fixed.
    values: Vec<String>,
}

/// A table.
#[derive(Serialize, ToSchema)]
struct SqlTable {
    /// Its name.
    name: String,
    /// What its rows are.
    label: String,
    /// Its columns.
    columns: Vec<SqlTableColumn>,
}

/// What can be asked.
#[derive(Serialize, ToSchema)]
struct SqlTables {
    /// The tables.
    tables: Vec<SqlTable>,
    /// Whether the program that answers is installed.
    installed: bool,
}

const OTHERS: &[(&str, &str, &str)] = &[
    (
        "members",
        "会员，一行一人：资料、阶段、RFM、授权（当前值）",
        "Members, a row each: who they are, stage, RFM, consents, as they are now",
    ),
    ("tags", "会员的标签，何时打上、何时取下", "Tags of members, when added and removed"),
    ("history", "等级与授权的历史：何时起、何时止", "Tier and consents over time: from when until when"),
    ("member_id", "会员编号", "member"),
    ("tag", "标签", "tag"),
    ("added_at", "打上时间", "added"),
    ("removed_at", "取下时间，空为仍在", "removed; missing: still there"),
    ("field", "字段：tier、consent_sms、consent_email、consent_ads", "field: tier, consent_sms, consent_email, consent_ads"),
    ("value", "当时的值", "what it was"),
    ("began_at", "开始时间", "from when"),
    ("ended_at", "结束时间，空为仍是", "until when; missing: still"),
];

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_sql_tables))
}

/// The tables that a question in SQL may name, their columns, and what they mean.
#[utoipa::path(get, path = "/sql/tables", operation_id = "list_sql_tables", tag = "sql",
    responses((status = 200, body = SqlTables)), security(("staff" = ["sql:run"]), ("key" = ["sql:run"])))]
async fn list_sql_tables(call: Call) -> Reply<SqlTables> {
    call.allow(Permission::SqlRun)?;
    let zh = call.lang.is_zh();
    let named = super::Desk::of(&call.app)?.named.clone();
    let tables = flat::tables(&Registry::standard()).iter().map(|t| told(t, zh)).collect();
    Ok(Json(SqlTables { tables, installed: super::program(named.as_deref()).is_some() }))
}

fn label(found: Option<Label>, name: &str, zh: bool) -> String {
    let other = || OTHERS.iter().find(|(n, ..)| *n == name).map(|&(_, zh, en)| Label { zh, en });
    found.or_else(other).map_or_else(|| name.to_owned(), |l| l.text(zh).to_owned())
}

fn told(table: &Table, zh: bool) -> SqlTable {
    let columns = table.columns.iter().map(|c| column(&table.name, c, zh)).collect();
    SqlTable { name: table.name.to_string(), label: label(labels::table(&table.name), &table.name, zh), columns }
}

fn column(table: &str, of: &Column, zh: bool) -> SqlTableColumn {
    let (found, words): (Option<Label>, Words) = match table {
        "members" => (labels::fact(&of.name).map(|(_, l)| l), labels::fact_words(&of.name)),
        "tags" | "history" => (None, &[]),
        _ => (labels::column(table, &of.name), labels::column_words(table, &of.name)),
    };
    let kind = if of.kind == Type::Fen { "money" } else { of.kind.name() };
    let values = words.iter().map(|(word, _)| (*word).to_owned()).collect();
    SqlTableColumn { name: of.name.to_string(), kind, label: label(found, &of.name, zh), masked: of.is_personal, values }
}

#[cfg(test)]
mod tests {
    use shuke_store::register::Class;

    use super::*;

    #[test]
    fn every_table_and_column_is_called_something_in_both_languages() {
        for table in flat::tables(&Registry::standard()) {
            for zh in [true, false] {
                let told = told(&table, zh);
                assert_ne!(told.label, "", "{}", told.name);
                for (column, of) in told.columns.iter().zip(&table.columns) {
                    let known = label(None, "", zh);
                    assert!(!column.label.is_empty() && column.label != known, "{}.{}", told.name, of.name);
                }
                let bare: Vec<_> = told.columns.iter().filter(|c| zh && c.label == c.name).map(|c| c.name.clone()).collect();
                assert!(bare.is_empty(), "{}: {bare:?} have no label", told.name);
            }
        }
    }

    #[test]
    fn what_the_register_calls_personal_is_coarse_or_shown_on_purpose() {
        // Whoever may ask who is in a segment sees these of everybody.
        let shown = ["gender", "province", "city"];
        let all = flat::tables(&Registry::standard());
        let register = crate::place::REGISTER.0.iter().flat_map(|tables| tables.iter()).find(|t| t.name == "member").unwrap();
        for column in &all[0].columns {
            match register.class_of(&column.name) {
                None | Some(Class::Public) => {}
                Some(Class::Attribute) => assert!(column.is_personal != shown.contains(&&*column.name), "{}", column.name),
                Some(other) => panic!("{} is {other:?}", column.name),
            }
        }
    }
}
