//! Counters that answer the overview at any size: orders, purchases and money per source and
//! currency, with the part that nobody can be named for. They move in the transaction that moves
//! an order, in one of sixteen rows, so that writers do not wait for each other; [`audit`] proves
//! them equal to the orders.

use std::collections::BTreeMap;

use shuke_kernel::{Ctx, Result};
use shuke_members::hooks::Moved;
use shuke_store::{Column, InsertMany, Tx, Value, args};

const SHARDS: u8 = 16;

/// The module's statements.
pub mod sql {
    shuke_store::statements! {
        /// The sums.
        READ = "SELECT source, currency, CAST(SUM(orders) AS BIGINT), CAST(SUM(purchases) AS BIGINT), CAST(SUM(net_paid) AS BIGINT), CAST(SUM(received) AS BIGINT), CAST(SUM(unnamed_orders) AS BIGINT), CAST(SUM(unnamed_purchases) AS BIGINT), CAST(SUM(unnamed_net_paid) AS BIGINT) FROM order_counter WHERE merchant = $1 GROUP BY source, currency ORDER BY source, currency";
        /// What they must be.
        COUNT = "SELECT source, currency, COUNT(*), CAST(SUM(purchase) AS BIGINT), CAST(SUM(COALESCE(net_paid, 0)) AS BIGINT), CAST(SUM(COALESCE(merchant_received, 0)) AS BIGINT), CAST(SUM(CASE WHEN member IS NULL THEN 1 ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN member IS NULL THEN purchase ELSE 0 END) AS BIGINT), CAST(SUM(CASE WHEN member IS NULL THEN COALESCE(net_paid, 0) ELSE 0 END) AS BIGINT) FROM orders WHERE merchant = $1 GROUP BY source, currency ORDER BY source, currency";
        /// The rows, held.
        HOLD = "SELECT source FROM order_counter WHERE merchant = $1 ORDER BY source, currency, shard FOR UPDATE";
        /// What the orders come to beyond what is kept, in one statement: one view of both.
        AMISS = "SELECT source, currency, CAST(SUM(a) AS BIGINT), CAST(SUM(b) AS BIGINT), CAST(SUM(c) AS BIGINT), CAST(SUM(d) AS BIGINT), CAST(SUM(e) AS BIGINT), CAST(SUM(f) AS BIGINT), CAST(SUM(g) AS BIGINT) FROM (\
            SELECT source, currency, 1 AS a, purchase AS b, COALESCE(net_paid, 0) AS c, COALESCE(merchant_received, 0) AS d, CASE WHEN member IS NULL THEN 1 ELSE 0 END AS e, CASE WHEN member IS NULL THEN purchase ELSE 0 END AS f, CASE WHEN member IS NULL THEN COALESCE(net_paid, 0) ELSE 0 END AS g FROM orders WHERE merchant = $1 \
            UNION ALL SELECT source, currency, -orders, -purchases, -net_paid, -received, -unnamed_orders, -unnamed_purchases, -unnamed_net_paid FROM order_counter WHERE merchant = $1) x GROUP BY source, currency ORDER BY source, currency";
        /// Sources with orders.
        SOURCES = "SELECT DISTINCT source FROM order_counter WHERE merchant = $1 ORDER BY source";
    }
}

const ADD: InsertMany = InsertMany {
    table: "order_counter",
    columns: &[
        Column::Int("merchant"),
        Column::Text("source"),
        Column::Text("currency"),
        Column::Int("shard"),
        Column::Int("orders"),
        Column::Int("purchases"),
        Column::Int("net_paid"),
        Column::Int("received"),
        Column::Int("unnamed_orders"),
        Column::Int("unnamed_purchases"),
        Column::Int("unnamed_net_paid"),
    ],
    then: "ON CONFLICT (merchant, source, currency, shard) DO UPDATE SET orders = order_counter.orders + excluded.orders, purchases = order_counter.purchases + excluded.purchases, \
        net_paid = order_counter.net_paid + excluded.net_paid, received = order_counter.received + excluded.received, unnamed_orders = order_counter.unnamed_orders + excluded.unnamed_orders, \
        unnamed_purchases = order_counter.unnamed_purchases + excluded.unnamed_purchases, unnamed_net_paid = order_counter.unnamed_net_paid + excluded.unnamed_net_paid",
};

/// What one order counts for.
#[derive(Clone, Copy, Debug)]
pub struct Weight {
    /// It is paid.
    pub purchase: bool,
    /// Its net paid.
    pub net_paid: i64,
    /// What the merchant received.
    pub received: i64,
    /// It has a member.
    pub named: bool,
}

/// Sums of one source and currency.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Sums {
    /// Orders.
    pub orders: i64,
    /// Of them purchases.
    pub purchases: i64,
    /// Net paid.
    pub net_paid: i64,
    /// What the merchant received.
    pub received: i64,
    /// Orders of nobody.
    pub unnamed_orders: i64,
    /// Purchases of nobody.
    pub unnamed_purchases: i64,
    /// Net paid of nobody.
    pub unnamed_net_paid: i64,
}

impl Sums {
    fn add(&mut self, w: &Weight, sign: i64) {
        let purchase = i64::from(w.purchase) * sign;
        self.orders += sign;
        self.purchases += purchase;
        self.net_paid = self.net_paid.saturating_add(w.net_paid * sign);
        self.received = self.received.saturating_add(w.received * sign);
        if !w.named {
            self.unnamed_orders += sign;
            self.unnamed_purchases += purchase;
            self.unnamed_net_paid = self.unnamed_net_paid.saturating_add(w.net_paid * sign);
        }
    }
}

/// Changes of a transaction, gathered and written once.
#[derive(Default)]
pub struct Delta(BTreeMap<(String, String), Sums>);

impl Delta {
    /// An order of that source and currency now counts for that.
    pub fn plus(&mut self, source: &str, currency: &str, w: &Weight) {
        self.0.entry((source.to_owned(), currency.to_owned())).or_default().add(w, 1);
    }

    /// It did before.
    pub fn minus(&mut self, source: &str, currency: &str, w: &Weight) {
        self.0.entry((source.to_owned(), currency.to_owned())).or_default().add(w, -1);
    }

    /// Writes them; `spread` picks the row.
    pub fn write(self, tx: &mut Tx<'_>, cx: &Ctx, spread: u8) -> Result<()> {
        let shard = i64::from(spread % SHARDS);
        let rows = self.0.into_iter().filter(|(_, s)| *s != Sums::default()).map(|((source, currency), s)| {
            let numbers = [s.orders, s.purchases, s.net_paid, s.received, s.unnamed_orders, s.unnamed_purchases, s.unnamed_net_paid];
            let mut row: Vec<Value> = vec![cx.merchant.into(), source.into(), currency.into(), shard.into()];
            row.extend(numbers.map(Value::Int));
            row
        });
        tx.insert_many(&ADD, rows.collect()).map(|_| ())
    }
}

fn read(tx: &mut Tx<'_>, cx: &Ctx, sql: &str) -> Result<BTreeMap<(String, String), Sums>> {
    let mut out = BTreeMap::new();
    for mut r in tx.rows(sql, args![cx.merchant])? {
        let sums = Sums {
            orders: r.get(2)?,
            purchases: r.get(3)?,
            net_paid: r.get(4)?,
            received: r.get(5)?,
            unnamed_orders: r.get(6)?,
            unnamed_purchases: r.get(7)?,
            unnamed_net_paid: r.get(8)?,
        };
        if sums != Sums::default() {
            out.insert((r.get(0)?, r.get(1)?), sums);
        }
    }
    Ok(out)
}

/// The sums by source and currency.
pub fn sums(tx: &mut Tx<'_>, cx: &Ctx) -> Result<BTreeMap<(String, String), Sums>> {
    read(tx, cx, sql::READ)
}

/// Sources that have orders.
pub fn sources(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<String>> {
    tx.rows(sql::SOURCES, args![cx.merchant])?.into_iter().map(|mut r| r.get(0)).collect()
}

/// Makes the counters what the orders come to. Who moves an order meanwhile waits for the rows or was
/// waited for, so nothing is counted twice.
pub fn square(tx: &mut Tx<'_>, cx: &Ctx) -> Result<()> {
    tx.rows(sql::HOLD, args![cx.merchant])?;
    Delta(read(tx, cx, sql::AMISS)?).write(tx, cx, 0)
}

/// Compares the counters with the orders themselves; each difference in words. Reads every order.
pub fn audit(tx: &mut Tx<'_>, cx: &Ctx) -> Result<Vec<String>> {
    let (kept, counted) = (read(tx, cx, sql::READ)?, read(tx, cx, sql::COUNT)?);
    let names: std::collections::BTreeSet<_> = kept.keys().chain(counted.keys()).cloned().collect();
    let differing = names.into_iter().filter(|n| kept.get(n) != counted.get(n));
    Ok(differing.map(|n| format!("counters of {} in {}: kept {:?}, counted {:?}", n.0, n.1, kept.get(&n), counted.get(&n))).collect())
}

/// Key sets changed hands and their orders' rows with them: moves what is counted, and says of
/// each order that was nobody's that it found its member.
pub fn moved(tx: &mut Tx<'_>, cx: &Ctx, moves: &[Moved]) -> Result<()> {
    let turned: BTreeMap<[u8; 16], bool> =
        moves.iter().filter(|m| m.from.is_some() != m.to.is_some()).map(|m| (m.key_set, m.to.is_some())).collect();
    if turned.is_empty() {
        return Ok(());
    }
    let sets: Vec<Vec<u8>> = turned.keys().map(|k| k.to_vec()).collect();
    let mut delta = Delta::default();
    let mut events = Vec::new();
    for mut r in tx.rows(crate::order::sql::OF_KEY_SETS, args![cx.merchant, sets])? {
        let (id, source, currency, key_set): ([u8; 16], String, String, [u8; 16]) = (r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?);
        let (member, state, purchase, net_paid, refunded): (Option<[u8; 16]>, String, bool, Option<i64>, i64) =
            (r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?);
        let Some(named) = turned.get(&key_set) else { continue };
        let weight = Weight { purchase, net_paid: net_paid.unwrap_or(0), received: 0, named: !*named };
        delta.minus(&source, &currency, &weight);
        delta.plus(&source, &currency, &Weight { named: *named, ..weight });
        if *named {
            events.push(crate::order::events::identified(cx, id, member, &source, &state, &currency, net_paid, refunded));
        }
    }
    delta.write(tx, cx, 0)?;
    tx.emit_many(cx, events)
}
