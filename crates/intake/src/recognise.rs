//! Whose file it is. A platform is claimed only on what is that platform's alone: headers that no
//! other export has, the form of its order numbers, status words that nobody else uses. Everyday
//! words prove nothing. What is nobody's gets a proposal by the meaning of its columns.

use std::collections::HashSet;

use crate::assign::assign;
use crate::cell;
use crate::field::Field;
use crate::formats::{self, FORMATS, Format, Kind, Words};
use crate::layout::Columns;
use crate::record::Part;
use crate::vocab;

/// The format that the file proves to have, and what its columns mean.
pub(crate) fn claimed(headers: &[String], keys: &[String], sample: &[Vec<String>]) -> Option<(&'static Format, Columns)> {
    let mut best: Option<((u32, usize), &'static Format, Columns)> = None;
    for f in FORMATS {
        if keys.iter().all(|k| f.proof(k) == 0) {
            continue;
        }
        let columns = assign(f, headers, keys);
        let have: HashSet<Field> = columns.iter().filter_map(|c| c.0).collect();
        if !f.needs.iter().all(|n| have.contains(n)) || contradicts(f, &have, keys, &columns, sample) {
            continue;
        }
        let hits = columns.iter().filter(|c| c.1 == 100).count();
        if let Some(proof) = proof(f, keys, &columns, hits, sample)
            && best.as_ref().is_none_or(|b| (proof, hits) > b.0)
        {
            best = Some(((proof, hits), f, columns));
        }
    }
    best.map(|(_, f, columns)| (f, columns))
}

/// How much the file proves to be of this format; `None` where that is not enough.
fn proof(f: &Format, keys: &[String], columns: &Columns, hits: usize, sample: &[Vec<String>]) -> Option<u32> {
    let mut seen = HashSet::new();
    let marks: Vec<u32> = keys.iter().filter(|k| seen.insert(*k)).map(|k| u32::from(f.proof(k))).collect();
    let of_its_own = marks.contains(&2);
    let column = |want: Field| columns.iter().position(|c| c.0 == Some(want));
    let cells = |i: usize| sample.iter().filter_map(move |r| r.get(i)).map(|s| cell::clean(s)).filter(|s| !s.is_empty());
    let mut proof: u32 = marks.iter().sum();
    if let (Some(form), Some(i)) = (f.number_form, column(Field::OrderNo)) {
        let (all, of_form) = cells(i).fold((0, 0), |(all, of_form), c| (all + 1, of_form + usize::from(form(c))));
        if all > 0 && of_form * 10 >= all * 6 {
            proof += 4;
        } else if f.strict_number && all > 0 && of_form * 10 < all * 3 {
            return None;
        }
    }
    let own = |c: &str| f.own_words.iter().any(|w| *w == c || w.replace('，', ",") == c);
    if column(Field::Status).is_some_and(|i| cells(i).any(own)) {
        proof += 2;
    }
    let named = keys.iter().filter(|k| !k.is_empty()).count();
    let enough = match () {
        () if of_its_own => proof >= 6 || (proof >= 4 && hits * 10 >= named * 6),
        // A report of lines has few columns, none of them quite its own: all of them together are.
        () => f.kind == Kind::Item && proof >= 4 && hits == named,
    };
    enough.then_some(proof)
}

/// Whether the file says what a file of this format never says.
fn contradicts(f: &Format, have: &HashSet<Field>, keys: &[String], columns: &Columns, sample: &[Vec<String>]) -> bool {
    use Field as F;
    let says = |want: F| keys.iter().any(|k| vocab::exact(k, vocab::ORDER) == Some(want));
    // WooCommerce packs an order's lines into its one row.
    if f.words == Words::Woo && have.contains(&F::LineTitle) && !have.contains(&F::PackedLine) {
        return true;
    }
    // A report of an order's lines knows nothing of its payment, unless it numbers the lines.
    if f.id == "taobao_item_report"
        && !have.contains(&F::SubOrderNo)
        && [F::Paid, F::OrderTotal, F::CreatedAt, F::PaidAt].iter().any(|x| have.contains(x))
    {
        return true;
    }
    if f.kind != Kind::Order || f.part != Part::Whole || matches!(f.words, Words::Shopify | Words::Woo | Words::Sale) {
        return false;
    }
    // A row of it is an order: pieces and their price, or another thing on the next row, are lines.
    (says(F::UnitPrice) && says(F::Quantity) && !f.tells(F::Quantity)) || rows_are_lines(columns, sample)
}

/// Whether many rows are of the same order as the row before and tell of another thing.
fn rows_are_lines(columns: &Columns, sample: &[Vec<String>]) -> bool {
    let column = |want: Field| columns.iter().position(|c| c.0 == Some(want));
    let Some(no) = column(Field::OrderNo) else { return false };
    let things: Vec<usize> = [Field::LineTitle, Field::Titles, Field::LineCode].iter().filter_map(|f| column(*f)).collect();
    let text = |r: &Vec<String>, i: usize| r.get(i).map(|s| cell::clean(s).to_owned()).unwrap_or_default();
    let pair = |a: &Vec<String>, b: &Vec<String>| {
        let other = |i: &usize| !text(a, *i).is_empty() && !text(b, *i).is_empty() && text(a, *i) != text(b, *i);
        !text(a, no).is_empty() && text(a, no) == text(b, no) && things.iter().any(other)
    };
    let pairs = sample.iter().zip(sample.iter().skip(1)).filter(|(a, b)| pair(a, b)).count();
    pairs > 0 && pairs * 4 >= sample.len().saturating_sub(1)
}

/// What a table is that tells of orders but is none of them, in Chinese and English: a list of
/// refunds or a statement of payments would be read as sales.
pub(crate) fn other_papers(keys: &[String]) -> Option<(&'static str, &'static str)> {
    let count = |words: &[&str]| words.iter().filter(|w| keys.iter().any(|k| k == *w)).count();
    let states = keys.iter().any(|k| vocab::exact(k, vocab::ORDER) == Some(Field::Status) && vocab::vagueness(Field::Status, k) < 3);
    let refunds = count(&["退款编号", "退款单号", "退款id", "售后单号", "售后编号", "refundid", "refundno"]);
    let whys =
        count(&["售后类型", "退款类型", "售后原因", "退款原因", "买家退款原因", "退款说明", "申请原因", "申请退款时间", "退款的申请时间"]);
    if refunds > 0 && (!states || whys > 0) {
        return Some(("退款或售后单的明细，不是订单", "a list of refunds, not of orders"));
    }
    let bill = count(&["账务流水号", "业务流水号", "商户订单号", "收入金额", "支出金额", "账户余额", "对方账号", "收支类型", "业务类型"]);
    (bill >= 4).then_some(("收支账单，不是订单", "a statement of payments, not of orders"))
}

/// A proposal for a file that is none of the formats.
pub(crate) fn proposed(headers: &[String], keys: &[String], sample: &[Vec<String>]) -> (&'static Format, Columns) {
    let candidates = [
        &formats::PLAIN_ORDER,
        &formats::MEMBER_LIST,
        &formats::PRODUCT_FILE,
        &formats::SUPPRESSION_LIST,
        &formats::TAG_LIST,
        &formats::WEATHER_FILE,
    ];
    let of = |f: &'static Format| {
        let mut columns = assign(f, headers, keys);
        if f.kind == Kind::Order {
            crate::by_cells::complete(keys, sample, &mut columns);
        }
        let have: HashSet<Field> = columns.iter().filter_map(|c| c.0).collect();
        (f, columns, have)
    };
    let all = candidates.map(of);
    let mut best: Option<(usize, usize)> = None;
    for (i, (f, columns, have)) in all.iter().enumerate() {
        let fits = match f.kind {
            Kind::Order => tells_orders(have),
            Kind::Member => any(have, IDS) && have.len() >= 2,
            Kind::Product => {
                any(have, &[Field::Sku, Field::Title]) && any(have, &[Field::Price, Field::Cost, Field::Stock, Field::Category])
            }
            Kind::Weather => {
                have.contains(&Field::WeatherDay)
                    && any(have, &[Field::Province, Field::City])
                    && any(have, &[Field::WeatherWords, Field::WeatherHigh, Field::WeatherLow, Field::WeatherBoth])
                    && !tells_orders(&all[0].2)
            }
            Kind::Tag => have.contains(&Field::Tags) && any(have, TAGGED) && vocab::tells_only_tags(keys) && !tells_orders(&all[0].2),
            _ => have.contains(&Field::SuppressValue) && tells_suppressions(keys, have, &all[0].2, &all[1].2, sample),
        };
        if fits {
            let weight = weight(f, keys, columns);
            if best.is_none_or(|b| weight > b.0) {
                best = Some((weight, i));
            }
        }
    }
    let (format, mut columns, have) = all.into_iter().nth(best.map_or(0, |b| b.1)).unwrap_or_else(|| of(&formats::PLAIN_ORDER));
    // Of an order or of one line: pieces and their price beside it tell.
    if format.kind == Kind::Order && have.contains(&Field::UnitPrice) {
        let mut is_rather = |one: Field, other: Field| {
            if !have.contains(&other) {
                columns.iter_mut().filter(|c| c.0 == Some(one)).for_each(|c| c.0 = Some(other));
            }
        };
        if have.contains(&Field::Quantity) || have.contains(&Field::QtyTotal) {
            is_rather(Field::Titles, Field::LineTitle);
        }
        is_rather(Field::QtyTotal, Field::Quantity);
    }
    (format, columns)
}

const TAGGED: &[Field] = &[Field::Phone, Field::Email, Field::Nick, Field::OwnId, Field::OpenId];
const IDS: &[Field] = &[Field::Phone, Field::Email, Field::Nick, Field::OwnId, Field::OpenId, Field::CustomerId];
/// What only a list of members tells of a person.
const OF_MEMBERS: &[Field] = &[
    Field::Tier,
    Field::PaidTier,
    Field::Points,
    Field::Growth,
    Field::Birthday,
    Field::Gender,
    Field::Orders,
    Field::Spent,
    Field::Balance,
    Field::JoinedAt,
    Field::LastOrderAt,
    Field::ConsentEmail,
    Field::ConsentSms,
];

fn any(have: &HashSet<Field>, fields: &[Field]) -> bool {
    fields.iter().any(|f| have.contains(f))
}

/// Whether columns are those of orders: a number and anything of an order, or, where a sheet has no
/// numbers, who bought what for how much and when.
fn tells_orders(have: &HashSet<Field>) -> bool {
    use Field as F;
    let thing = any(have, &[F::LineTitle, F::LineCode, F::Titles]);
    let money = any(have, &[F::Paid, F::OrderTotal, F::UnitPrice]);
    let time = any(have, &[F::CreatedAt, F::PaidAt]);
    let person = any(have, &[F::ReceiverName, F::ReceiverPhone, F::Address, F::BuyerAccount, F::BuyerPhone, F::BuyerEmail]);
    if have.contains(&F::OrderNo) {
        return thing || money || time || have.contains(&F::Status);
    }
    thing && money && time && person
}

/// Whether columns are those of addresses not to be written to, and not of orders or members of whom
/// one column says that.
fn tells_suppressions(
    keys: &[String],
    have: &HashSet<Field>,
    as_orders: &HashSet<Field>,
    as_members: &HashSet<Field>,
    sample: &[Vec<String>],
) -> bool {
    if tells_orders(as_orders) {
        return false;
    }
    let of_members = OF_MEMBERS.iter().filter(|f| as_members.contains(f)).count();
    let is_flag = |i: usize| {
        let mut cells = sample.iter().filter_map(|r| r.get(i)).map(|s| cell::clean(s)).filter(|s| !s.is_empty()).peekable();
        keys[i].starts_with("是否") || (cells.peek().is_some() && cells.all(is_yes_or_no))
    };
    let marks: Vec<usize> = (0..keys.len()).filter(|i| vocab::marks_suppression(&keys[*i])).collect();
    let telling = marks.iter().filter(|i| !is_flag(**i)).count();
    telling > of_members || (of_members == 0 && (!marks.is_empty() || (keys.len() <= 4 && have.contains(&Field::SuppressReason))))
}

fn is_yes_or_no(word: &str) -> bool {
    ["是", "否", "yes", "no", "true", "false", "y", "n", "1", "0"].contains(&word.to_lowercase().as_str())
}

/// How much speaks for a kind of file: its words, those most that no other kind has.
fn weight(f: &Format, keys: &[String], columns: &Columns) -> usize {
    let kind = f.kind.vocabulary();
    let of = |(k, c): (&String, &(Option<Field>, u8))| match c {
        (Some(_), sure) if *sure >= 80 => 4 + if vocab::only(k, kind) { 3 } else { 0 },
        (Some(_), _) => 1,
        _ => 0,
    };
    let numbered = columns.iter().any(|c| c.0 == Some(Field::OrderNo) && c.1 >= 80);
    let more = match f.kind {
        Kind::Suppression | Kind::Tag | Kind::Weather => 100,
        // A file that numbers orders is a file of orders, whatever else it tells of their buyers.
        Kind::Order if numbered => 20,
        _ => 0,
    };
    keys.iter().zip(columns).map(of).sum::<usize>() + more
}
