//! The drawn base as a store takes it in: members with what they agreed to, orders with what came back of them,
//! acts and tags, by the services that the API's batches call.
//!
//! Stages, tiers and points are not taken in: a store reckons stages from orders by itself, and has no others'
//! tiers or points. Tags are given shortly before the question instead of each at its time: who has which then
//! is the same, and none of the bench's questions asks since when.

use anyhow::{Context, Result, bail};
use shuke_commerce::behaviour::{self, Act};
use shuke_commerce::order::{BuyerKey, Doc, LineSaid, Noted, Observation, RefundLine, RefundSaid, State, observe_many};
use shuke_kernel::{Actor, Ctx, Currency, Instant, MerchantNo, Zone};
use shuke_members::MemberId;
use shuke_members::consent::Statement;
use shuke_members::identity::{Birthday, Gender, KeyKind, ProfileHints, Region};
use shuke_members::profile::service::{Done, Upsert, upsert_many};
use shuke_members::tag::{TagId, give, model::Change, service as vocabulary};
use shuke_store::{Lane, Store};

use super::{DAY, Held, Part, Rows, SECOND, TAGS, held_at};

/// Where everything comes from.
const SOURCE: &str = "bench";
/// Members and acts of a batch: the most that the API takes.
const TOGETHER: usize = 1_000;
/// Orders written together, as the API does.
const ORDERS: usize = 500;
/// Kinds of behaviour by their numbers, as the API calls them.
const KINDS: [&str; 7] = ["browse", "search", "favourite", "cart", "login", "message_sent", "message_clicked"];

/// What was taken in.
#[derive(Clone, Copy, Default, Debug)]
pub struct Taken {
    /// Orders.
    pub orders: usize,
    /// Their lines.
    pub lines: usize,
    /// Refunds.
    pub refunds: usize,
    /// Acts.
    pub acts: usize,
    /// Givings of tags.
    pub tags: usize,
}

/// Takes parts of a base into a store.
pub struct Taking {
    store: Store,
    merchant: MerchantNo,
    tags: Vec<TagId>,
    /// The time of the question, microseconds.
    at: i64,
    utc: Zone,
}

fn name(number: usize) -> String {
    format!("m{number:08}")
}

fn key(number: usize) -> BuyerKey {
    BuyerKey::new(KeyKind::OwnId, SOURCE, name(number), true)
}

fn column<'a>(rows: &'a Rows, name: &str) -> &'a [Option<i64>] {
    rows.columns.iter().find(|(n, _)| *n == name).map_or(&[][..], |(_, values)| values.as_slice())
}

fn number(of: &[Option<i64>], row: usize) -> i64 {
    of.get(row).copied().flatten().unwrap_or(0)
}

fn sku(number: i64) -> String {
    format!("S{number:07}")
}

impl Taking {
    /// Into the store of a merchant who has no tags yet; the question is asked at `at` (microseconds).
    ///
    /// # Errors
    /// When the tags cannot be made.
    pub fn new(store: Store, merchant: MerchantNo, at: i64) -> Result<Self> {
        let cx = Ctx::new(merchant, Actor::System(SOURCE), store.clock().now());
        let tags = store.write_now(Lane::Interactive, move |tx| {
            (0..TAGS).map(|n| Ok(vocabulary::add(tx, &cx, &format!("t{n:02}"), None, None)?.id)).collect::<shuke_kernel::Result<Vec<_>>>()
        })?;
        Ok(Self { store, merchant, tags, at, utc: Zone::named("UTC").context("there is no UTC")? })
    }

    fn now(&self) -> Ctx {
        Ctx::new(self.merchant, Actor::System(SOURCE), self.store.clock().now())
    }

    /// Takes in a part; its members' ids in their order.
    ///
    /// # Errors
    /// When something is refused, or is taken for somebody else's.
    pub fn take(&self, part: &Part) -> Result<(Vec<MemberId>, Taken)> {
        let people = self.members(part)?;
        let mut taken = Taken::default();
        self.orders(part, &people, &mut taken)?;
        self.acts(part, &people, &mut taken)?;
        self.tags(part, &people, &mut taken)?;
        Ok((people, taken))
    }

    fn members(&self, part: &Part) -> Result<Vec<MemberId>> {
        let all: Vec<Upsert> = (0..part.tags.len()).map(|place| self.member(part, place)).collect();
        let mut people = Vec::with_capacity(all.len());
        for some in all.chunks(TOGETHER) {
            let (cx, some) = (self.now(), some.to_vec());
            let made = self.store.write_now(Lane::Interactive, move |tx| {
                upsert_many(tx, &cx, &some)?.into_iter().collect::<shuke_kernel::Result<Vec<_>>>()
            })?;
            for (id, done) in made {
                if done != Done::Created {
                    bail!("a member was there before");
                }
                people.push(id);
            }
        }
        Ok(people)
    }

    fn member(&self, part: &Part, place: usize) -> Upsert {
        let fact = |name: &str| part.facts.iter().find(|(n, _)| *n == name).and_then(|(_, values)| values[place]);
        let birthday = |days: i64| {
            let day = self.utc.day(Instant(days * DAY));
            Birthday { year: Some(day.year()), month: day.month(), day: day.day(), lunar: false }
        };
        let said = |held: &Held| Statement {
            purpose: "marketing".to_owned(),
            channel: "sms".to_owned(),
            granted: held.value != 0,
            source: SOURCE.to_owned(),
            proof: None,
            basis: String::new(),
            at: Instant(held.from),
        };
        let profile = ProfileHints {
            gender: fact("gender").map(|g| if g == 1 { Gender::Female } else { Gender::Male }),
            birthday: fact("birthday").map(birthday),
            region: fact("province").map(|p| Region { province: Some(format!("p{p:02}")), city: None }),
            joined_at: fact("registered_at").map(Instant),
            ..ProfileHints::default()
        };
        Upsert {
            external: Some((SOURCE.to_owned(), name(part.first + place))),
            profile,
            source_time: fact("first_seen_at").map(Instant),
            consents: part.consent[place].iter().map(said).collect(),
            ..Upsert::default()
        }
    }

    fn orders(&self, part: &Part, people: &[MemberId], taken: &mut Taken) -> Result<()> {
        let order = column(&part.lines, "order_id");
        let (mut row, mut batch) = (0, Vec::with_capacity(ORDERS + 2));
        for (place, end) in part.lines.ends.iter().enumerate() {
            while row < *end as usize {
                let first = row;
                while row < *end as usize && order[row] == order[first] {
                    row += 1;
                }
                taken.orders += 1;
                taken.lines += row - first;
                let (said, back) = self.order(part, place, first..row);
                batch.push((place, said.note().map_err(shuke_kernel::Error::from)?));
                if let Some(back) = back {
                    taken.refunds += 1;
                    batch.push((place, back.note().map_err(shuke_kernel::Error::from)?));
                }
                if batch.len() >= ORDERS {
                    self.observe(people, std::mem::take(&mut batch))?;
                }
            }
        }
        if batch.is_empty() { Ok(()) } else { self.observe(people, batch) }
    }

    /// An order of these rows, and what came back of it.
    fn order(&self, part: &Part, place: usize, rows: std::ops::Range<usize>) -> (Observation, Option<Observation>) {
        let [time, order, goods, category, quantity, amount, shop, refunded] =
            ["time", "order_id", "sku", "category", "qty", "amount", "shop", "refunded_qty"].map(|name| column(&part.lines, name));
        let (first, source_id) = (rows.start, number(order, rows.start).to_string());
        let at = Some(Instant(number(time, first)));
        let (mut lines, mut back, mut paid) = (Vec::with_capacity(rows.len()), Vec::new(), 0);
        for row in rows {
            let (ordinal, category, amount) = ((row - first) as u32, number(category, row), number(amount, row));
            let id = Some((ordinal + 1).to_string());
            let (pieces, returned) = (number(quantity, row), number(refunded, row));
            if returned > 0 {
                let amount = Some(amount * returned / pieces.max(1));
                back.push(RefundLine { line: id.clone(), quantity: returned, amount, ..RefundLine::default() });
            }
            paid += amount;
            lines.push(LineSaid {
                id,
                ordinal,
                sku: Some(sku(number(goods, row))),
                category: Some(format!("r{:02}/c{}", category / 10, category % 10)),
                quantity: pieces,
                paid: Some(amount),
                ..LineSaid::default()
            });
        }
        let bare = Observation { source: SOURCE.to_owned(), source_id, currency: Some(Currency::CNY), ..Observation::default() };
        let refund = (!back.is_empty()).then(|| RefundSaid {
            source_id: format!("r{}", bare.source_id),
            amount: Some(back.iter().filter_map(|l| l.amount).sum()),
            at: Some(Instant((number(time, first) + DAY).min(self.at - SECOND))),
            lines: back,
            ..RefundSaid::default()
        });
        let refund = refund.map(|refund| Observation { doc: Doc::Refund, refund: Some(Box::new(refund)), ..bare.clone() });
        let said = Observation {
            doc: Doc::Api,
            source_time: at,
            platform: Some("own".to_owned()),
            shop: Some(format!("shop{}", number(shop, first))),
            state: Some(State::Completed),
            goods_after_discount: Some(paid),
            paid: Some(paid),
            created_at: at,
            paid_at: at,
            completed_at: at,
            buyer: vec![key(part.first + place)],
            lines,
            lines_whole: true,
            ..bare
        };
        (said, refund)
    }

    fn observe(&self, people: &[MemberId], batch: Vec<(usize, Noted)>) -> Result<()> {
        let (places, notes): (Vec<usize>, Vec<Noted>) = batch.into_iter().unzip();
        let cx = self.now();
        let told = self.store.write_now(Lane::Interactive, move |tx| observe_many(tx, &cx, &notes))?;
        for (place, told) in places.into_iter().zip(told) {
            if told.member != Some(people[place]) {
                bail!("an order is not its buyer's");
            }
        }
        Ok(())
    }

    fn acts(&self, part: &Part, people: &[MemberId], taken: &mut Taken) -> Result<()> {
        let [time, kind, goods] = ["time", "kind", "sku"].map(|name| column(&part.events, name));
        let (mut row, mut batch) = (0, Vec::with_capacity(TOGETHER));
        for (place, end) in part.events.ends.iter().enumerate() {
            let who = part.first + place;
            for nth in 0..*end as usize - row {
                let act = Act {
                    source: SOURCE.to_owned(),
                    source_id: format!("{who}-{nth}"),
                    kind: KINDS[number(kind, row) as usize].to_owned(),
                    at: Instant(number(time, row)),
                    keys: vec![key(who)],
                    sku: goods.get(row).copied().flatten().map(sku),
                    ..Act::default()
                };
                behaviour::check(&act).map_err(shuke_kernel::Error::from)?;
                batch.push((people[place], act));
                row += 1;
                if batch.len() == TOGETHER {
                    self.record(std::mem::take(&mut batch), taken)?;
                }
            }
        }
        self.record(batch, taken)
    }

    fn record(&self, batch: Vec<(MemberId, Act)>, taken: &mut Taken) -> Result<()> {
        if batch.is_empty() {
            return Ok(());
        }
        let (who, acts): (Vec<MemberId>, Vec<Act>) = batch.into_iter().unzip();
        let cx = self.now();
        taken.acts += acts.len();
        let told = self.store.write_now(Lane::Interactive, move |tx| behaviour::record_many(tx, &cx, &acts))?;
        for (who, told) in who.into_iter().zip(told) {
            if told.member != Some(who) || !told.created {
                bail!("an act is not whose it should be");
            }
        }
        Ok(())
    }

    /// Tags that are over by the time of the question are given and taken off before those that are held then.
    fn tags(&self, part: &Part, people: &[MemberId], taken: &mut Taken) -> Result<()> {
        for (tag, id) in self.tags.iter().enumerate() {
            let is_it = |value: i64| value == tag as i64;
            let whose = |is_held: bool| -> Vec<MemberId> {
                let had = |all: &Vec<Held>| all.iter().any(|h| is_it(h.value)) && held_at(all, self.at).any(is_it) == is_held;
                part.tags.iter().zip(people).filter(|(all, _)| had(all)).map(|(_, id)| *id).collect()
            };
            let (held, over) = (whose(true), whose(false));
            taken.tags += held.len() + over.len();
            self.change(&over, Change { add: vec![*id], remove: Vec::new() }, 3)?;
            self.change(&over, Change { add: Vec::new(), remove: vec![*id] }, 2)?;
            self.change(&held, Change { add: vec![*id], remove: Vec::new() }, 1)?;
        }
        Ok(())
    }

    /// So many hours before the question.
    fn change(&self, people: &[MemberId], change: Change, hours: i64) -> Result<()> {
        for some in people.chunks(TOGETHER) {
            let cx = Ctx { now: Instant(self.at - hours * 3_600 * SECOND), ..self.now() };
            let (some, change) = (some.to_vec(), change.clone());
            let done = self.store.write_now(Lane::Interactive, move |tx| {
                give::check(tx, &cx, &change)?;
                give::change(tx, &cx, &some, &change, &cx.actor.label())
            })?;
            if !done.iter().all(give::Outcome::changed) {
                bail!("a tag changed nothing");
            }
        }
        Ok(())
    }
}
