//! The same parts as the members of a report's buckets, in a shop as the console's reports see it: orders
//! with regions, platforms and states, refunds as rows of their own, and orders of nobody.

use shuke_columns::draft::{Line, Member, Order, Refund, State};
use shuke_columns::{Kind, Words};

pub use super::MEMBERS;
use super::chance::Chance;
use super::{CATEGORIES, DAY, Part, SECOND, SKUS, Shape};

/// An order in ten is nobody's: so many hours of orders lie in one bucket.
const HOURS: i64 = 2_048;
const HOUR: i64 = 3_600 * SECOND;
/// Of a thousand orders those never paid, and those paid and closed.
const CREATED: i64 = 30;
const CLOSED: i64 = 20;

/// All words that are drawn.
pub fn words() -> Words {
    let mut words = Words::default();
    let mut teach = |kind: Kind, all: &mut dyn Iterator<Item = String>| {
        all.for_each(|word| {
            words.of_mut(kind).code(&word);
        });
    };
    teach(Kind::Currency, &mut ["CNY".to_owned()].into_iter());
    teach(Kind::Sku, &mut (1..=SKUS).map(|n| format!("S{n:07}")));
    teach(Kind::Name, &mut (1..=SKUS).map(|n| format!("商品 {n:07}")));
    teach(Kind::Category, &mut (0..CATEGORIES).map(|n| format!("r{:02}/c{}", n / 10, n % 10)));
    teach(Kind::Region, &mut (1..=31).map(|n| format!("p{n:02}")));
    teach(Kind::Shop, &mut (1..=4).map(|n| format!("shop{n}")));
    teach(Kind::Platform, &mut ["taobao", "jd", "own"].map(str::to_owned).into_iter());
    words
}

/// The id of a member, as the store keeps one; numbers ascend as ids do.
fn id(number: u64) -> Vec<u8> {
    (u128::from(number) << 64 | u128::from(number)).to_be_bytes().to_vec()
}

fn code(of: Option<i64>) -> Option<u32> {
    of.and_then(|x| u32::try_from(x).ok())
}

/// A line as it was drawn, and how many pieces of it were given back.
struct Drawn {
    line: Line,
    refunded: i64,
}

/// An order of these lines, placed at `time`.
fn order(shape: &Shape, chance: &mut Chance, key: Vec<u8>, time: i64, region: Option<u32>, lines: Vec<Drawn>) -> Order {
    let state = match chance.below(1_000) {
        n if n < CREATED => State::Created,
        n if n < CREATED + CLOSED => State::Closed,
        n if n < 200 => State::Paid,
        _ => State::Completed,
    };
    let mut refunds = Vec::new();
    for drawn in lines.iter().filter(|d| d.refunded > 0 && state != State::Created) {
        let line = &drawn.line;
        let at = (time + (1 + chance.below(20 * 24)) * HOUR).min(shape.at - SECOND);
        let amount = line.paid * drawn.refunded / line.quantity.max(1);
        let key = [key.as_slice(), &[line.number as u8]].concat();
        refunds.push(Refund { key, at, line: Some(line.number), quantity: drawn.refunded, amount, received: amount });
    }
    Order {
        key,
        created_at: Some(time - chance.below(600) * SECOND),
        paid_at: (state != State::Created && !chance.thousandths(10)).then_some(time),
        state,
        region: if chance.thousandths(800) { region } else { code(Some(chance.below(31))) },
        currency: Some(0),
        shop: code(Some(chance.below(4))),
        platform: code(Some(chance.below(3))),
        lines: lines.into_iter().map(|d| d.line).collect(),
        refunds,
    }
}

fn line(number: i64, sku: i64, category: i64, quantity: i64, amount: i64) -> Line {
    let goods = code(Some(sku - 1));
    Line { number, sku: goods, name: goods, category: code(Some(category)), quantity, paid: amount, received: amount * 19 / 20 }
}

/// The members of a part with their orders.
pub fn members(shape: &Shape, part: &Part) -> Vec<Member> {
    let mut chance = Chance::new(shape.seed, u64::MAX / 4 + part.first as u64);
    let fact = |name: &str, at: usize| part.facts.iter().find(|(n, _)| *n == name).and_then(|(_, values)| values[at]);
    let column = |name: &str| part.lines.columns.iter().find(|(n, _)| *n == name).map_or(&[][..], |(_, values)| values.as_slice());
    let [time, orders, sku, category, quantity, amount, refunded] =
        ["time", "order_id", "sku", "category", "qty", "amount", "refunded_qty"].map(column);
    let value = |of: &[Option<i64>], row: usize| of.get(row).copied().flatten().unwrap_or(0);
    let mut row = 0;
    let mut all = Vec::with_capacity(part.lines.ends.len());
    for (at, end) in part.lines.ends.iter().enumerate() {
        let number = (part.first + at) as u64;
        let region = code(fact("province", at).map(|p| p - 1));
        let mut member =
            Member { key: id(number), registered_at: fact("registered_at", at), region, orders: Vec::new(), ..Member::default() };
        while row < *end as usize {
            let (first, of) = (row, orders.get(row));
            let mut lines = Vec::new();
            while row < *end as usize && orders.get(row) == of {
                let line = line((row - first) as i64 + 1, value(sku, row), value(category, row), value(quantity, row), value(amount, row));
                lines.push(Drawn { line, refunded: value(refunded, row) });
                row += 1;
            }
            let key = id(number << 20 | member.orders.len() as u64);
            member.orders.push(order(shape, &mut chance, key, value(time, first), region, lines));
        }
        all.push(member);
    }
    all
}

/// How many buckets of nobody's orders there are.
pub fn heaps() -> usize {
    (3 * 365 * 24_usize).div_ceil(HOURS as usize)
}

/// Nobody's orders of the hours of a bucket.
pub fn heap(shape: &Shape, number: usize) -> Vec<Member> {
    let mut chance = Chance::new(shape.seed, u64::MAX / 8 + number as u64);
    // As many over all hours as members have in a tenth of their orders.
    let each = (shape.members as f64 * 0.43 / (3.0 * 365.0 * 24.0)).ceil() as i64;
    let begin = (shape.at - 3 * 365 * DAY).div_euclid(HOUR) * HOUR + number as i64 * HOURS * HOUR;
    let hour = |n: i64, chance: &mut Chance| {
        let start = begin + n * HOUR;
        let orders = (0..chance.below(2 * each as u64 + 1)).map(|i| {
            let time = start + chance.below(3_600) * SECOND;
            let sku = shape.sku.draw(chance) + 1;
            let category = i64::from(shape.category[sku as usize - 1]);
            let lines = vec![Drawn { line: line(1, sku, category, 1, 1_000 + chance.below(20_000)), refunded: 0 }];
            let key = id((1 << 62) | ((start / HOUR) as u64 * 1_000_000 + i as u64));
            let region = code(Some(chance.below(31)));
            order(shape, chance, key, time, region, lines)
        });
        let orders: Vec<Order> = orders.collect();
        Member { key: (start / HOUR).to_be_bytes().to_vec(), orders, ..Member::default() }
    };
    (0..HOURS).filter(|n| begin + (n + 1) * HOUR <= shape.at).map(|n| hour(n, &mut chance)).collect()
}
