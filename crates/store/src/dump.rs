//! Every record on a line, so that two stores can be compared though they gave different ids, were
//! filled in another order, on another engine, under other keys.
//!
//! What a store made up (ids, blind tokens) is not printed but replaced by a name that follows from
//! what it stands in: rows and made-up values refine each other's names in turns, as two graphs are
//! compared by colours, so nothing has to be told which column refers to what. Where a plan gives a
//! table its natural key, that is the name: `orders(taobao,29341)`. Plans also say what to leave
//! out: tables that tell of the loading (jobs, events, imports), columns with ingest times.
//!
//! Sealed values are opened and shown as digests under a salt, independent of the merchant's keys,
//! or in clear when asked. A digest under a known salt can be guessed at (there are few telephone
//! numbers): treat a dump as personal data, or choose a salt of your own for both stores.

use std::collections::HashMap;
use std::io::Write;

use sha2::{Digest, Sha256};
use shuke_kernel::{Error, MerchantNo, Result};

use crate::audit::places;
use crate::engine;
use crate::register::{Table, row_name};
use crate::store::Store;
use crate::transfer;
use crate::tx::Tx;
use crate::value::Value;

/// How a table appears.
pub struct Rule {
    /// Which table.
    pub table: &'static str,
    /// Columns that name its rows to the world outside, such as source and source id; may be empty.
    pub name: &'static [&'static str],
    /// Columns that tell of the loading and not of the record.
    pub omit: &'static [&'static str],
    /// Whether equal lines are one: for what a second loading repeats.
    pub once: bool,
    /// A column that must be NULL for a row to appear; empty for all rows.
    pub unless_set: &'static str,
}

impl Rule {
    /// A table whose rows have no name of their own and appear whole.
    pub const fn of(table: &'static str) -> Self {
        Self { table, name: &[], omit: &[], once: false, unless_set: "" }
    }

    fn hides(&self, table: &Table, row: &[Value]) -> bool {
        let at = transfer::columns(table).iter().position(|c| *c == self.unless_set);
        at.and_then(|i| row.get(i)).is_some_and(|v| *v != Value::Null)
    }
}

/// What a dump shows.
pub struct Plan {
    /// Tables with rules; others appear whole.
    pub rules: &'static [&'static [Rule]],
    /// Tables that do not appear.
    pub without: &'static [&'static [&'static str]],
}

/// Tables of the ground: they tell how the store came to be, not what is in it.
pub const GROUND_WITHOUT: &[&str] =
    &["schema_version", "data_key", "idempotency", "event", "feed_head", "feed_offset", "dead_letter", "job", "store_flag"];

/// A plan for the ground alone.
pub const GROUND_PLAN: Plan = Plan { rules: &[], without: &[GROUND_WITHOUT] };

impl Plan {
    fn rule(&self, table: &str) -> Option<&'static Rule> {
        self.rules.iter().flat_map(|r| r.iter()).find(|r| r.table == table)
    }

    fn shows(&self, table: &str) -> bool {
        !self.without.iter().any(|w| w.contains(&table))
    }
}

/// How to dump.
pub struct Dump<'a> {
    /// What to show.
    pub plan: &'a Plan,
    /// The salt of digests; the same for stores that are to be compared.
    pub salt: &'a str,
    /// Sealed values in clear.
    pub clear: bool,
}

/// Turns of refinement: a row, its key set, the member, the member's other key sets, their rows.
const TURNS: usize = 5;

type Colour = [u8; 16];

/// A row as refinement sees it: what it says, and the made-up values in it, by column.
struct Node {
    colour: Colour,
    values: Vec<(u16, u32)>,
}

struct Graph<'a> {
    how: &'a Dump<'a>,
    numbers: HashMap<Vec<u8>, u32>,
    nodes: Vec<Node>,
    /// Each made-up value's colour.
    colours: Vec<Colour>,
    /// The natural name of a made-up value that is the id of a named row.
    named: HashMap<u32, String>,
}

impl Store {
    /// Writes every record of the register's tables to `out`, sorted. Returns how many lines.
    pub fn dump(&self, how: &Dump<'_>, out: &mut dyn Write) -> Result<u64> {
        engine::snapshot(self.config(), self.ring(), |tx| {
            let tables: Vec<&'static Table> = self.config().register.tables().filter(|t| how.plan.shows(t.name)).collect();
            let mut graph = Graph { how, numbers: HashMap::new(), nodes: Vec::new(), colours: Vec::new(), named: HashMap::new() };
            let mut begins = HashMap::new();
            for table in &tables {
                begins.insert(table.name, graph.nodes.len());
                graph.gather(tx, table)?;
            }
            graph.colours = vec![[0; 16]; graph.numbers.len()];
            for _ in 0..TURNS {
                graph.refine();
            }
            let mut lines = 0;
            let mut sorted: Vec<&'static Table> = tables.clone();
            sorted.sort_by_key(|t| t.name);
            for table in sorted {
                lines += graph.print(tx, table, begins[table.name], out)?;
            }
            Ok(lines)
        })
    }
}

/// A cell as it is shown: words, with made-up values standing in it by number.
struct Cell {
    column: &'static str,
    text: String,
    values: Vec<u32>,
}

/// Where a made-up value stands in a cell's text.
const HOLE: char = '\u{1}';

impl Graph<'_> {
    fn digest(&self) -> Sha256 {
        let mut hash = Sha256::new();
        hash.update(self.how.salt);
        hash.update([0]);
        hash
    }

    fn number(&mut self, value: &[u8]) -> u32 {
        if let Some(n) = self.numbers.get(value) {
            return *n;
        }
        let n = self.numbers.len() as u32;
        self.numbers.insert(value.to_vec(), n);
        n
    }

    /// The shown cells of a row.
    fn cells(&mut self, tx: &mut Tx<'_>, table: &'static Table, row: &[Value]) -> Result<Vec<Cell>> {
        let columns = transfer::columns(table);
        let (places, rule) = (places(table), self.how.plan.rule(table.name));
        let merchant = match row.get(places.merchant) {
            Some(Value::Int(m)) => MerchantNo(*m),
            _ => MerchantNo::SYSTEM,
        };
        let mut cells = Vec::with_capacity(columns.len());
        for (i, (column, value)) in columns.iter().zip(row).enumerate() {
            if rule.is_some_and(|r| r.omit.contains(column)) || *value == Value::Null {
                continue;
            }
            let mut values = Vec::new();
            let text = match (places.blobs.iter().find(|(blob, _)| *blob == i), value) {
                (Some((_, named)), Value::Bytes(sealed)) => {
                    let name = row_name(named.iter().filter_map(|n| row.get(*n)));
                    let clear = tx
                        .keys(merchant)?
                        .open(table.name, &name, sealed)
                        .map_err(|e| Error::fault(format!("{}.{column}: {e}", table.name)))?;
                    match String::from_utf8(clear) {
                        Ok(text) if self.how.clear => self.holes(&text, &mut values),
                        Ok(text) => {
                            let text = self.holes(&text, &mut values);
                            self.sealed(merchant, &text) + &HOLE.to_string().repeat(values.len())
                        }
                        Err(e) => self.sealed(merchant, &hex(e.as_bytes())),
                    }
                }
                (_, Value::Bytes(made_up)) => {
                    values.push(self.number(made_up));
                    HOLE.to_string()
                }
                (_, Value::Int(x)) => x.to_string(),
                (_, Value::Text(t)) => self.holes(t, &mut values),
                _ => String::new(),
            };
            cells.push(Cell { column, text, values });
        }
        Ok(cells)
    }

    fn sealed(&self, merchant: MerchantNo, clear: &str) -> String {
        let hash = self.digest().chain_update(merchant.0.to_be_bytes()).chain_update(clear).finalize();
        format!("#{}", hex(&hash[..8]))
    }

    /// `text` with the ids in it (`mem_…`) taken out.
    fn holes(&mut self, text: &str, values: &mut Vec<u32>) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('_') {
            let id = at.checked_sub(3).and_then(|from| Some((from, rest.get(at + 1..at + 27)?, rest.get(from..at)?)));
            match id.and_then(|(from, letters, prefix)| {
                Some((from, prefix.bytes().all(|b| b.is_ascii_lowercase()).then(|| id_bytes(letters)).flatten()?))
            }) {
                Some((from, bytes)) => {
                    out.push_str(&rest[..from]);
                    out.push(HOLE);
                    values.push(self.number(&bytes));
                    rest = &rest[at + 27..];
                }
                None => {
                    out.push_str(&rest[..=at]);
                    rest = &rest[at + 1..];
                }
            }
        }
        out + rest
    }

    fn gather(&mut self, tx: &mut Tx<'_>, table: &'static Table) -> Result<()> {
        let rule = self.how.plan.rule(table.name);
        transfer::each_page(tx, table, |tx, page| {
            for row in page.iter().filter(|r| !rule.is_some_and(|rule| rule.hides(table, r))) {
                let cells = self.cells(tx, table, row)?;
                let mut hash = self.digest().chain_update(table.name);
                let mut values = Vec::new();
                for (i, cell) in cells.iter().enumerate() {
                    hash = hash.chain_update([0]).chain_update(cell.column).chain_update([0]).chain_update(&cell.text);
                    values.extend(cell.values.iter().map(|v| (i as u16, *v)));
                }
                if let Some(rule) = rule.filter(|r| !r.name.is_empty())
                    && let Some(id) = cells.iter().find(|c| c.column == "id").and_then(|c| c.values.first())
                {
                    let named: Vec<&str> =
                        rule.name.iter().filter_map(|n| cells.iter().find(|c| c.column == *n)).map(|c| c.text.as_str()).collect();
                    // A name with something made up in it names nothing to the world outside.
                    if named.len() == rule.name.len() && !named.iter().any(|n| n.contains(HOLE)) {
                        self.named.insert(*id, format!("{}({})", table.name, named.join(",")));
                    }
                }
                let colour = short(hash);
                self.nodes.push(Node { colour, values });
            }
            Ok(())
        })?;
        Ok(())
    }

    /// One turn: values take their colour from the rows that they stand in, rows from their values.
    fn refine(&mut self) {
        let mut stands: Vec<Vec<Colour>> = vec![Vec::new(); self.colours.len()];
        for node in &self.nodes {
            for (column, value) in &node.values {
                let colour = short(Sha256::new().chain_update(node.colour).chain_update(column.to_be_bytes()));
                stands[*value as usize].push(colour);
            }
        }
        for (colour, mut rows) in self.colours.iter_mut().zip(stands) {
            rows.sort_unstable();
            *colour = short(rows.iter().fold(Sha256::new(), |hash, row| hash.chain_update(row)));
        }
        for node in &mut self.nodes {
            if !node.values.is_empty() {
                let hash = node.values.iter().fold(Sha256::new().chain_update(node.colour), |hash, (column, value)| {
                    hash.chain_update(column.to_be_bytes()).chain_update(self.colours[*value as usize])
                });
                node.colour = short(hash);
            }
        }
    }

    fn print(&mut self, tx: &mut Tx<'_>, table: &'static Table, begins: usize, out: &mut dyn Write) -> Result<u64> {
        let mut lines = Vec::new();
        let mut at = begins;
        let rule = self.how.plan.rule(table.name);
        transfer::each_page(tx, table, |tx, page| {
            for row in page.iter().filter(|r| !rule.is_some_and(|rule| rule.hides(table, r))) {
                let colour = self.nodes.get(at).map(|n| n.colour).unwrap_or_default();
                at += 1;
                let cells = self.cells(tx, table, row)?;
                let own = cells.iter().find(|c| c.column == "id").and_then(|c| c.values.first()).and_then(|v| self.named.get(v));
                let mut line = own.cloned().unwrap_or_else(|| format!("{}~{}", table.name, hex(&colour[..6])));
                for cell in cells.iter().filter(|c| c.column != "id") {
                    line.push('\t');
                    line.push_str(cell.column);
                    line.push('=');
                    let mut values = cell.values.iter();
                    for c in cell.text.chars() {
                        match c {
                            HOLE => {
                                if let Some(v) = values.next() {
                                    line.push_str(&self.name(*v));
                                }
                            }
                            '\n' => line.push_str("\\n"),
                            '\r' => line.push_str("\\r"),
                            '\t' => line.push_str("\\t"),
                            c => line.push(c),
                        }
                    }
                }
                lines.push(line);
            }
            Ok(())
        })?;
        lines.sort_unstable();
        if rule.is_some_and(|r| r.once) {
            lines.dedup();
        }
        for line in &lines {
            writeln!(out, "{line}").map_err(|e| Error::fault(format!("cannot write the dump: {e}")))?;
        }
        Ok(lines.len() as u64)
    }

    fn name(&self, value: u32) -> String {
        self.named.get(&value).cloned().unwrap_or_else(|| format!("~{}", hex(&self.colours[value as usize][..6])))
    }
}

fn short(hash: Sha256) -> Colour {
    let full = hash.finalize();
    let mut out = [0; 16];
    out.copy_from_slice(&full[..16]);
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn id_bytes(letters: &str) -> Option<[u8; 16]> {
    shuke_kernel::ids! {
        /// Any id, for its letters only.
        AnyId = AnyKind "any";
    }
    format!("any_{letters}").parse::<AnyId>().ok().map(|id| *id.bytes())
}
