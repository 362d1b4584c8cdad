//! What is taken: one statement that reads. Everything else is refused by its kind before anything is
//! planned, and once more by the plan, for what hides a change inside a question.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, Spans};
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};
use datafusion::prelude::SQLOptions;
use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::sqlparser::ast::Statement as Sql;
use shuke_columns::ask::{DATES, Fault, READ_ONLY, SYNTAX};

use crate::fault::of;

/// Bytes of a statement at most: what is longer was written by a program, and parsing it takes a deep stack.
pub const LONGEST: usize = 100_000;

/// The one statement of a text.
///
/// # Errors
/// What is wrong with it, and where.
pub fn statement(text: &str) -> Result<Statement, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::new(&SYNTAX, format!("the statement is longer than {LONGEST} bytes")));
    }
    let mut all = DFParser::parse_sql(text).map_err(|e| ended(of(&e), text))?;
    match (all.pop_front(), all.is_empty()) {
        (None, _) => Err(Fault::new(&READ_ONLY, "nothing is asked")),
        (Some(_), false) => Err(Fault::new(&READ_ONLY, "these are several statements")),
        (Some(one), true) if reads(&one) => Ok(one),
        (Some(one), true) => Err(Fault::new(&READ_ONLY, word(&one))),
    }
}

/// What breaks off is wrong where it ends: the parser names no place for that.
fn ended(fault: Fault, text: &str) -> Fault {
    if fault.line.is_some() || !fault.reason.ends_with("found: EOF") {
        return fault;
    }
    let text = text.trim_end();
    let last = text.lines().last().unwrap_or_default();
    fault.at(Some((text.lines().count().max(1) as u64, last.chars().count() as u64 + 1)))
}

/// Refuses a plan that would do anything but read.
///
/// # Errors
/// That it is not only a question.
pub fn plan(plan: &LogicalPlan) -> Result<(), Fault> {
    let reading = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    reading.verify_plan(plan).map_err(|e| Fault::new(&READ_ONLY, e.strip_backtrace()))
}

/// Refuses to set a time of the shop's zone beside a day: the engine takes such a day's midnight in no
/// zone, eight hours off in Shanghai, and says nothing.
///
/// # Errors
/// Which two, and where the first stands.
pub fn days(plan: &LogicalPlan) -> Result<(), Fault> {
    let mut found = None;
    // Nothing in it fails: an expression without a type is told by the engine itself.
    let _ = plan.apply_with_subqueries(|node| {
        let inputs = node.inputs();
        let schema = if inputs.is_empty() { node.schema().as_ref().clone() } else { merge_schema(&inputs) };
        node.apply_expressions(|of| {
            of.apply(|expr| {
                found = found.take().or_else(|| beside(expr, &schema));
                Ok(if found.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
            })
        })
    });
    found.map_or(Ok(()), Err)
}

/// A time and a day that an expression sets side by side.
fn beside(expr: &Expr, schema: &DFSchema) -> Option<Fault> {
    let pairs: Vec<(&Expr, &Expr)> = match expr {
        Expr::BinaryExpr(of) => vec![(&of.left, &of.right)],
        Expr::Between(of) => vec![(&of.expr, &of.low), (&of.expr, &of.high)],
        Expr::InList(of) => of.list.iter().map(|other| (of.expr.as_ref(), other)).collect(),
        _ => Vec::new(),
    };
    let kind = |e: &Expr| e.get_type(schema).ok();
    let time = |e: &Expr| matches!(kind(e), Some(DataType::Timestamp(_, Some(_))));
    let day = |e: &Expr| matches!(kind(e), Some(DataType::Date32 | DataType::Date64));
    let (a, b) = pairs.into_iter().find(|(a, b)| (time(a) && day(b)) || (day(a) && time(b)))?;
    let place = [a, b].into_iter().find_map(|e| e.spans().and_then(Spans::first)).map(|s| (s.start.line, s.start.column));
    Some(Fault::new(&DATES, format!("{a} / {b}")).at(place))
}

fn reads(statement: &Statement) -> bool {
    match statement {
        Statement::Explain(of) => reads(&of.statement),
        Statement::Statement(of) => match &**of {
            Sql::Query(_) | Sql::ShowTables { .. } | Sql::ShowColumns { .. } | Sql::ExplainTable { .. } => true,
            Sql::Explain { statement, .. } => matches!(&**statement, Sql::Query(_)),
            _ => false,
        },
        _ => false,
    }
}

/// The word that a statement begins with.
fn word(statement: &Statement) -> String {
    statement.to_string().split_whitespace().next().unwrap_or_default().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_statement_that_reads_is_taken() {
        for good in [
            "SELECT 1",
            "select count(*) from members;",
            "WITH a AS (SELECT 1 AS x) SELECT * FROM a",
            "SELECT 1 UNION ALL SELECT 2",
            "VALUES (1), (2)",
            "EXPLAIN SELECT 1",
            "EXPLAIN ANALYZE SELECT 1",
            "SHOW TABLES",
            "SHOW COLUMNS FROM members",
            "DESCRIBE members",
        ] {
            assert!(statement(good).is_ok(), "{good}");
        }
        for (bad, code) in [
            ("", "sql.read_only"),
            ("SELECT 1; SELECT 2", "sql.read_only"),
            ("CREATE TABLE x (a INT)", "sql.read_only"),
            ("CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'", "sql.read_only"),
            ("CREATE VIEW v AS SELECT 1", "sql.read_only"),
            ("COPY members TO '/tmp/x.csv'", "sql.read_only"),
            ("INSERT INTO members SELECT * FROM members", "sql.read_only"),
            ("UPDATE members SET gender = 'x'", "sql.read_only"),
            ("DELETE FROM members", "sql.read_only"),
            ("DROP TABLE members", "sql.read_only"),
            ("SET datafusion.execution.batch_size = 1", "sql.read_only"),
            ("SHOW ALL", "sql.read_only"),
            ("EXPLAIN COPY members TO '/tmp/x.csv'", "sql.read_only"),
            ("PREPARE p AS SELECT 1", "sql.read_only"),
            ("SELECT (", "sql.syntax"),
            ("SELEC 1", "sql.syntax"),
        ] {
            let fault = statement(bad).expect_err(bad);
            assert_eq!(fault.code, code, "{bad}: {}", fault.en);
        }
        assert_eq!(statement(&"x".repeat(LONGEST + 1)).expect_err("too long").code, "sql.syntax");
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        let fault = statement("SELECT a\nFROM members\nWHERE (a = 1").expect_err("a bracket is open");
        assert_eq!(fault.line, Some(3), "{fault:?}");
        assert!(fault.column.is_some_and(|c| c > 0));
        assert!(!fault.reason.contains("Line:"), "the place stands beside the reason: {}", fault.reason);
        let fault = statement("SELECT a,\n  b +").expect_err("it breaks off");
        assert_eq!((fault.line, fault.column), (Some(2), Some(6)), "{fault:?}");
    }
}
