//! The whole schema: one on both engines, every column classed, merchant first in every key, and a
//! dump plan that names what is there.

use shuke_server::dump_plan::PLAN;
use shuke_server::place::REGISTER;
use shuke_testkit::schema::{describe, differences, register_faults};
use shuke_testkit::{postgres_with, sqlite_with};

/// Tables that are looked into across merchants, by a secret or for what is due.
const ACROSS: &[&str] = &["schema_version", "job", "merchant", "staff_role", "api_key", "webhook_delivery"];

#[test]
fn the_two_engines_have_one_schema() {
    let found = differences(&describe(&sqlite_with(REGISTER)), &describe(&postgres_with(REGISTER)));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_column_is_in_the_privacy_register_and_every_key_begins_with_the_merchant() {
    for t in [sqlite_with(REGISTER), postgres_with(REGISTER)] {
        let found = register_faults(REGISTER, &describe(&t), ACROSS);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn sealed_values_and_members_are_where_the_register_says() {
    let mut wrong = Vec::new();
    for table in REGISTER.tables() {
        let columns: Vec<_> = table.column_names().collect();
        for (blob, named) in table.sealed {
            wrong.extend([blob].into_iter().chain(*named).filter(|c| !columns.contains(c)).map(|c| format!("{}.{c}", table.name)));
        }
        wrong.extend(
            table
                .member
                .iter()
                .flat_map(|m| [Some(m.column), m.key_set])
                .flatten()
                .filter(|c| !columns.contains(c))
                .map(|c| format!("{}.{c}", table.name)),
        );
        wrong.extend(table.key.iter().filter(|c| !columns.contains(c)).map(|c| format!("{}.{c}", table.name)));
    }
    assert!(wrong.is_empty(), "the register names columns that it does not list: {wrong:?}");
}

#[test]
fn the_dump_plan_names_what_is_there() {
    let tables: Vec<_> = REGISTER.tables().collect();
    let mut wrong = Vec::new();
    for rule in PLAN.rules.iter().flat_map(|r| r.iter()) {
        match tables.iter().find(|t| t.name == rule.table) {
            None => wrong.push(rule.table.to_owned()),
            Some(table) => {
                let named = rule.name.iter().chain(rule.omit).chain([&rule.unless_set]).filter(|c| !c.is_empty());
                wrong.extend(named.filter(|c| !table.column_names().any(|n| n == **c)).map(|c| format!("{}.{c}", rule.table)));
            }
        }
    }
    wrong.extend(PLAN.without.iter().flat_map(|w| w.iter()).filter(|w| !tables.iter().any(|t| t.name == **w)).map(|w| (*w).to_owned()));
    assert!(wrong.is_empty(), "{wrong:?}");
}
