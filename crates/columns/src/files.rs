//! Columns from the CSV files of a folder: `members.csv`, `orders.csv`, `lines.csv`, `refunds.csv`
//! (docs/reports.md has their columns). Empty is missing, times are RFC 3339, money is in minor
//! units. What cannot be read is refused with file, line and column; nothing is half read.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use shuke_kernel::Currency;

use crate::Columns;
use crate::bucket::MEMBERS;
use crate::cells::each;
use crate::draft::{self, Line, Loose, Member, Order, Refund, State};
use crate::words::{Kind, Words};

type Read<T> = shuke_kernel::Result<T>;

/// Reads the files of `folder`. Orders and refunds may name members that `members.csv` lacks.
pub fn read(folder: &Path) -> Read<Columns> {
    let mut words = Words::default();
    let mut members = Members::default();
    members.at(b"");
    let file = folder.join("members.csv");
    each(&file, &["member_id", "registered_at", "region"], &[], |row| {
        let at = members.at(row.required(0)?.as_bytes());
        members.list[at].registered_at = row.time(1)?;
        members.list[at].region = words.code(Kind::Region, row.text(2));
        Ok(())
    })?;
    let mut orders = Orders::default();
    read_orders(folder, &mut words, &mut members, &mut orders)?;
    let file = folder.join("lines.csv");
    each(&file, &["order_id", "line_no", "sku", "name", "category", "quantity", "paid", "received"], &[], |row| {
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
    each(&file, &["order_id", "member_id", "created_at", "paid_at", "state", "region", "currency"], &[], |row| {
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
    each(&file, &["refund_id", "order_id", "line_no", "member_id", "sku", "refunded_at", "quantity", "amount", "received"], &[], |row| {
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
