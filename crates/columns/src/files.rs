//! Columns from the CSV files of a folder: `members.csv`, `orders.csv`, `lines.csv`, `refunds.csv`
//! (docs/reports.md has their columns). Empty is missing, times are RFC 3339, money is in minor
//! units. What cannot be read is refused with file, line and column; nothing is half read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use shuke_kernel::{Code, Currency, Instant, Kind as Sort, Refusal};

use crate::Columns;
use crate::bucket::MEMBERS;
use crate::draft::{self, Line, Loose, Member, Order, Refund, State};
use crate::words::{Kind, Words};

/// A file of the folder cannot be read as what it should be.
pub static UNREADABLE: Code = Code {
    code: "columns.file_unreadable",
    kind: Sort::Invalid,
    zh: "{file}:{problem}。请按 docs/reports.md 的格式修正后重试。",
    en: "{file}: {problem}. Correct it after docs/reports.md and try again.",
};

type Read<T> = shuke_kernel::Result<T>;

fn problem(file: &Path, problem: impl std::fmt::Display) -> Refusal {
    UNREADABLE.with("file", file.display()).with("problem", problem)
}

/// Reads the files of `folder`. Orders and refunds may name members that `members.csv` lacks.
pub fn read(folder: &Path) -> Read<Columns> {
    let mut words = Words::default();
    let mut members = Members::default();
    members.at(b"");
    let file = folder.join("members.csv");
    each(&file, &["member_id", "registered_at", "region"], |row| {
        let at = members.at(row.required(0)?.as_bytes());
        members.list[at].registered_at = row.time(1)?;
        members.list[at].region = words.code(Kind::Region, row.text(2));
        Ok(())
    })?;
    let mut orders = Orders::default();
    read_orders(folder, &mut words, &mut members, &mut orders)?;
    let file = folder.join("lines.csv");
    each(&file, &["order_id", "line_no", "sku", "name", "category", "quantity", "paid", "received"], |row| {
        let Some(&(member, at)) = orders.by_id.get(row.required(0)?) else { return Err(row.wrong(0, "is no order of orders.csv")) };
        let paid = row.number(6)?.unwrap_or(0);
        let line = Line {
            number: row.number(1)?.ok_or_else(|| row.wrong(1, "is missing"))?,
            sku: words.code(Kind::Sku, row.text(2)),
            name: words.code(Kind::Name, row.text(3)),
            category: words.code(Kind::Category, row.text(4)),
            quantity: row.number(5)?.unwrap_or(0),
            paid,
            received: row.number(7)?.unwrap_or(paid),
        };
        if line.quantity < 0 || line.paid < 0 || line.received < 0 {
            return Err(row.wrong(
                if line.quantity < 0 {
                    5
                } else if line.paid < 0 {
                    6
                } else {
                    7
                },
                "must not be negative",
            ));
        }
        members.list[member].orders[at].lines.push(line);
        Ok(())
    })?;
    read_refunds(folder, &mut words, &mut members, &orders)?;
    let mut list = members.list;
    list.sort_by(|a, b| a.key.cmp(&b.key));
    let mut buckets = Vec::new();
    // Nobody has the empty key and so comes first; their rows get a bucket of their own.
    let rest = list.split_off(1);
    buckets.push(Arc::new(draft::bucket(0, true, list)?));
    let mut rest = rest.into_iter().peekable();
    while rest.peek().is_some() {
        let first = (buckets.len() - 1) * MEMBERS;
        buckets.push(Arc::new(draft::bucket(first as u32, false, rest.by_ref().take(MEMBERS).collect())?));
    }
    Ok(Columns { words: Arc::new(words), buckets, ..Columns::default() })
}

#[derive(Default)]
struct Members {
    list: Vec<Member>,
    by_id: HashMap<Vec<u8>, usize>,
}

impl Members {
    fn at(&mut self, key: &[u8]) -> usize {
        if let Some(at) = self.by_id.get(key) {
            return *at;
        }
        self.list.push(Member { key: key.to_vec(), ..Member::default() });
        self.by_id.insert(key.to_vec(), self.list.len() - 1);
        self.list.len() - 1
    }
}

#[derive(Default)]
struct Orders {
    by_id: HashMap<String, (usize, usize)>,
    currency: Option<u32>,
}

fn read_orders(folder: &Path, words: &mut Words, members: &mut Members, orders: &mut Orders) -> Read<()> {
    let file = folder.join("orders.csv");
    each(&file, &["order_id", "member_id", "created_at", "paid_at", "state", "region", "currency"], |row| {
        let id = row.required(0)?;
        let word = row.required(6)?;
        word.parse::<Currency>().map_err(|e| row.wrong(6, &e))?;
        let currency = words.code(Kind::Currency, Some(word));
        if *orders.currency.get_or_insert(currency.unwrap_or(0)) != currency.unwrap_or(0) {
            return Err(row.wrong(6, "is another currency than that of the orders before it: a report adds up one currency"));
        }
        let member = members.at(row.text(1).unwrap_or("").as_bytes());
        let order = Order {
            key: id.as_bytes().to_vec(),
            created_at: row.time(2)?,
            paid_at: row.time(3)?,
            state: State::named(row.required(4)?).ok_or_else(|| row.wrong(4, "is none of created, paid, shipped, completed, closed"))?,
            region: words.code(Kind::Region, row.text(5)),
            currency,
            ..Order::default()
        };
        if order.time().is_none() {
            return Err(row.wrong(2, "is missing, and so is paid_at: an order needs a time"));
        }
        members.list[member].orders.push(order);
        let at = members.list[member].orders.len() - 1;
        if orders.by_id.insert(id.to_owned(), (member, at)).is_some() {
            return Err(row.wrong(0, "is there twice"));
        }
        Ok(())
    })
}

fn read_refunds(folder: &Path, words: &mut Words, members: &mut Members, orders: &Orders) -> Read<()> {
    let file = folder.join("refunds.csv");
    each(&file, &["refund_id", "order_id", "line_no", "member_id", "sku", "refunded_at", "quantity", "amount", "received"], |row| {
        let key = row.required(0)?.as_bytes().to_vec();
        let at = row.time(5)?.ok_or_else(|| row.wrong(5, "is missing"))?;
        let quantity = row.number(6)?.unwrap_or(0);
        let amount = row.number(7)?.unwrap_or(0);
        let received = row.number(8)?.unwrap_or(amount);
        if quantity < 0 || amount < 0 || received < 0 {
            return Err(row.wrong(
                if quantity < 0 {
                    6
                } else if amount < 0 {
                    7
                } else {
                    8
                },
                "must not be negative",
            ));
        }
        if let Some(&(member, order)) = row.text(1).and_then(|id| orders.by_id.get(id)) {
            members.list[member].orders[order].refunds.push(Refund { key, at, line: row.number(2)?, quantity, amount, received });
        } else {
            let member = members.at(row.text(3).unwrap_or("").as_bytes());
            let sku = words.code(Kind::Sku, row.text(4));
            members.list[member].loose.push(Loose { key, at, sku, currency: orders.currency, quantity, amount, received });
        }
        Ok(())
    })
}

struct Row<'a> {
    file: &'a Path,
    line: u64,
    names: &'a [&'static str],
    columns: &'a [Option<usize>],
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    fn text(&self, column: usize) -> Option<&str> {
        self.columns[column].and_then(|i| self.cells.get(i)).filter(|t| !t.is_empty())
    }

    fn required(&self, column: usize) -> Read<&str> {
        self.text(column).ok_or_else(|| self.wrong(column, "is missing"))
    }

    fn number(&self, column: usize) -> Read<Option<i64>> {
        self.text(column).map(|t| t.parse::<i64>().map_err(|_| self.wrong(column, "is no whole number"))).transpose()
    }

    fn time(&self, column: usize) -> Read<Option<i64>> {
        self.text(column)
            .map(|t| t.parse::<Instant>().map(Instant::micros).map_err(|_| self.wrong(column, "is no RFC 3339 time with an offset")))
            .transpose()
    }

    fn wrong(&self, column: usize, what: &str) -> shuke_kernel::Error {
        let value = self.text(column).unwrap_or("");
        problem(self.file, format!("line {}: {} `{value}` {what}", self.line, self.names[column])).into()
    }
}

fn each(file: &PathBuf, names: &'static [&'static str], mut take: impl FnMut(Row<'_>) -> Read<()>) -> Read<()> {
    let mut reader = csv::ReaderBuilder::new().from_path(file).map_err(|e| problem(file, e))?;
    let mut header = reader.headers().map_err(|e| problem(file, e))?.clone();
    header.trim();
    let columns: Vec<Option<usize>> =
        names.iter().map(|name| header.iter().position(|h| h.trim_start_matches('\u{feff}') == *name)).collect();
    // The last columns of a table may be left out; the first names the row.
    if columns[0].is_none() {
        return Err(problem(file, format!("the header lacks the column {}", names[0])).into());
    }
    let mut cells = csv::StringRecord::new();
    loop {
        let more = reader.read_record(&mut cells).map_err(|e| problem(file, e))?;
        if !more {
            return Ok(());
        }
        let line = cells.position().map_or(0, csv::Position::line);
        take(Row { file, line, names, columns: &columns, cells: &cells })?;
    }
}
