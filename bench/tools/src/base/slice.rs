//! A drawn part as a slice.

use std::sync::Arc;

use shuke_columns::ids::{Ends, Ids};
use shuke_columns::registry::{Origin, ROW_ID, TAG};
use shuke_columns::slice::{self, Spells};
use shuke_columns::{Ints, Lexicon, Registry, Slice};

use super::{CATEGORIES, Held, Part, Rows, SKUS, TAGS};

/// What slices are laid out after.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Facts and tables.
    pub registry: Arc<Registry>,
    /// All words that are drawn.
    pub lexicon: Arc<Lexicon>,
    /// Whether orders are laid out beside their lines.
    pub orders: bool,
}

/// Stages, and kinds of behaviour, by their numbers.
const STAGES: [&str; 4] = ["join", "active", "declining", "lost"];
const KINDS: [&str; 7] = ["view", "search", "favourite", "cart", "login", "msg_sent", "msg_click"];

impl Default for Layout {
    fn default() -> Self {
        Self::of(Registry::standard(), false)
    }
}

impl Layout {
    /// As the store's are, with the orders that the lines are of.
    pub fn with_orders() -> Self {
        Self::of(Registry::of_store(), true)
    }

    fn of(registry: Registry, orders: bool) -> Self {
        let registry = Arc::new(registry);
        let mut lexicon = Lexicon::of(&registry);
        let mut words = |vocabulary: &str, words: &mut dyn Iterator<Item = String>| {
            let vocabulary = registry.vocabularies().iter().position(|v| &*v.name == vocabulary).unwrap_or(TAG);
            words.for_each(|word| {
                lexicon.words_mut(vocabulary).code(&word);
            });
        };
        words("gender", &mut ["female", "male"].map(String::from).into_iter());
        words("province", &mut (1..=31).map(|n| format!("p{n:02}")));
        words("stage", &mut STAGES.map(String::from).into_iter());
        words("tier", &mut (0..6).map(|n| format!("tier{n}")));
        words("tag", &mut (0..TAGS).map(|n| format!("t{n:02}")));
        words("sku", &mut (1..=SKUS).map(|n| format!("S{n:07}")));
        words("category", &mut (0..CATEGORIES).map(|n| format!("r{:02}/c{}", n / 10, n % 10)));
        words("shop", &mut (1..=4).map(|n| format!("shop{n}")));
        words("kind", &mut KINDS.map(String::from).into_iter());
        Self { registry, lexicon: Arc::new(lexicon), orders }
    }
}

/// By how much a drawn number is above the code of its word.
fn above(column: &str) -> i64 {
    i64::from(matches!(column, "gender" | "province" | "sku" | "shop"))
}

fn codes(name: &str, values: &[Option<i64>]) -> Ints {
    let above = above(name);
    if above == 0 { Ints::from_values(values) } else { Ints::from_values(&values.iter().map(|v| v.map(|v| v - above)).collect::<Vec<_>>()) }
}

impl Layout {
    /// The slice of a part; orders' ids are sixteen bytes, as ours are.
    pub fn slice(&self, part: &Part) -> Slice {
        let count = part.tags.len();
        let none = || Ints::from_values(&vec![None; count]);
        let fact = |name: &str| part.facts.iter().find(|(n, _)| *n == name).map_or_else(none, |(_, values)| codes(name, values));
        let histories = self.registry.histories().map(|f| match &*f.name {
            "tier" => spells(&part.tier),
            "consent_sms" => spells(&part.consent),
            _ => spells(&vec![Vec::new(); count]),
        });
        let mut ids = vec![Ids::default(); self.registry.vocabularies().len()];
        let empty = Rows { ends: vec![0; count], columns: Vec::new() };
        let orders = if self.orders { orders_of(&part.lines) } else { empty.clone() };
        let tables = self.registry.tables().iter().map(|table| {
            let rows = match &*table.name {
                "lines" => &part.lines,
                "events" => &part.events,
                "orders" => &orders,
                _ => &empty,
            };
            let number = rows.ends.last().map_or(0, |end| *end as usize);
            let column = |c: &shuke_columns::registry::Column| {
                let values = rows.columns.iter().find(|(n, _)| *n == &*c.name).map(|(_, v)| v);
                match (&*c.name, values, c.words) {
                    ("order_id", Some(values), Some(words)) => order_ids(values, &mut ids[words]),
                    (name, Some(values), _) => codes(name, values),
                    ("purchase" | "kept", ..) => Ints::from_values(&vec![Some(1); number]),
                    _ => Ints::from_values(&vec![None; number]),
                }
            };
            slice::Rows { of: Ends::new(rows.ends.clone().into()), columns: table.columns.iter().map(column).collect() }
        });
        let tables = tables.collect();
        debug_assert_eq!(ROW_ID, 0);
        Slice {
            first: part.first as u32,
            members: Ids::ascending(&(part.first..part.first + count).map(|n| format!("m{n:08}")).collect::<Vec<String>>()),
            facts: self.registry.facts().iter().filter(|f| matches!(f.origin, Origin::Current(_))).map(|f| fact(&f.name)).collect(),
            histories: histories.collect(),
            tags: spells(&part.tags),
            tables,
            ids,
            lexicon: self.lexicon.clone(),
        }
    }
}

/// The orders that lines are of: those of an order stand side by side.
fn orders_of(lines: &Rows) -> Rows {
    let column = |name: &str| lines.columns.iter().find(|(n, _)| *n == name).map(|(_, values)| values.as_slice()).unwrap_or_default();
    let (number, time, shop, amount) = (column("order_id"), column("time"), column("shop"), column("amount"));
    let (mut ends, mut columns, mut from) = (Vec::new(), vec![Vec::new(); 4], 0);
    for end in &lines.ends {
        let rows = from..*end as usize;
        for row in rows.clone() {
            if row > rows.start && number[row] == number[row - 1] {
                let paid: Option<&mut Option<i64>> = columns[3].last_mut();
                paid.into_iter().for_each(|paid| *paid = paid.zip(amount[row]).map(|(a, b)| a + b));
            } else {
                columns.iter_mut().zip([number[row], time[row], shop[row], amount[row]]).for_each(|(column, value)| column.push(value));
            }
        }
        ends.push(columns[0].len() as u32);
        from = rows.end;
    }
    let net = columns[3].clone();
    let columns = ["order_id", "time", "shop", "paid"].into_iter().zip(columns).chain([("net", net)]);
    Rows { ends, columns: columns.collect() }
}

/// Codes of orders' numbers, and their ids.
fn order_ids(numbers: &[Option<i64>], ids: &mut Ids) -> Ints {
    let mut all: Vec<i64> = numbers.iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    let keys: Vec<u8> = all.iter().flat_map(|n| (*n as u128).to_be_bytes()).collect();
    *ids = Ids::of_keys("ord", keys.into()).unwrap_or_default();
    let mut last = (None, None);
    let code = |n: &Option<i64>| {
        if last.0 != *n {
            last = (*n, n.and_then(|n| all.binary_search(&n).ok()).map(|code| code as i64));
        }
        last.1
    };
    Ints::from_values(&numbers.iter().map(code).collect::<Vec<_>>())
}

fn spells(of: &[Vec<Held>]) -> Spells {
    let ends: Vec<u32> =
        of.iter().scan(0, |end, mine| Some(std::mem::replace(end, *end + mine.len() as u32) + mine.len() as u32)).collect();
    let column = |value: fn(&Held) -> Option<i64>| Ints::from_values(&of.iter().flatten().map(value).collect::<Vec<_>>());
    Spells::new(Ends::new(ends.into()), column(|h| Some(h.value)), column(|h| Some(h.from)), column(|h| h.to))
}
