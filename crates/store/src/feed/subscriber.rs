//! Who follows the feed: what they are handed, what they step over, and what is set aside where they cannot take it.

use shuke_kernel::{Code, Ctx, Error, Instant, Kind, MerchantNo, Result};

use super::{FeedEvent, feed_event, sql};
use crate::args;
use crate::store::{Lane, Store};
use crate::tx::Tx;

/// Something that hears of every event once, in order.
pub trait Subscriber: Send + Sync {
    /// Its name: the key of its offset, never renamed.
    fn name(&self) -> &'static str;
    /// Whether a new subscriber begins with the oldest event (`true`) or with the next one.
    #[expect(clippy::wrong_self_convention, reason = "it asks where the subscriber begins, it converts nothing")]
    fn from_the_start(&self) -> bool {
        true
    }
    /// Whether no event after one position up to another concerns it, so that it need not be handed
    /// them. Asked of a reader, so that the writer is not held up by what nobody wants.
    fn passes(&self, tx: &mut Tx<'_>, merchant: MerchantNo, after: i64, upto: i64) -> Result<bool> {
        let _ = (tx, merchant, after, upto);
        Ok(false)
    }
    /// Takes events; what it writes commits together with its offset. `cx` acts for the merchant.
    fn handle(&self, tx: &mut Tx<'_>, cx: &Ctx, events: &[FeedEvent]) -> Result<()>;
}

/// No such dead letter.
pub static NO_DEAD_LETTER: Code = Code {
    code: "feed.no_dead_letter",
    kind: Kind::NotFound,
    zh: "找不到这条搁置的事件，可能已经处理过了。",
    en: "There is no such event set aside; it may have been handled already.",
};

/// An event that a subscriber could not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Who.
    pub subscriber: String,
    /// Which event.
    pub position: i64,
    /// Why, without personal data.
    pub error: String,
    /// When it was set aside.
    pub buried_at: Instant,
}

impl Tx<'_> {
    /// Events of a merchant that were set aside; `subscriber` may be empty for all.
    pub fn dead_letters(&mut self, merchant: MerchantNo, subscriber: &str, limit: i64) -> Result<Vec<DeadLetter>> {
        let rows = self.rows(sql::DEAD, args![merchant, subscriber, limit])?;
        rows.into_iter()
            .map(|mut r| Ok(DeadLetter { subscriber: r.get(0)?, position: r.get(1)?, error: r.get(2)?, buried_at: r.get(3)? }))
            .collect()
    }
}

impl Store {
    /// For each of these subscribers whether events wait that it is to be handed. Those whom nothing concerns of what
    /// lies before them step over it together: one commit, not one each.
    pub fn feed_ahead<S: Subscriber + ?Sized + 'static>(
        &self,
        merchant: MerchantNo,
        subscribers: &[std::sync::Arc<S>],
    ) -> Result<Vec<bool>> {
        let all = subscribers.to_vec();
        let ahead = self.read_now(move |tx| all.iter().map(|s| look(tx, merchant, &**s)).collect::<Result<Vec<Ahead>>>())?;
        let passed: Vec<(&'static str, i64, i64)> = subscribers
            .iter()
            .zip(&ahead)
            .filter_map(|(s, ahead)| match ahead {
                Ahead::Passed { after, upto } => Some((s.name(), *after, *upto)),
                Ahead::Nothing | Ahead::Events => None,
            })
            .collect();
        if !passed.is_empty() {
            let now = self.clock().now();
            self.write_now(Lane::Bulk, move |tx| {
                for (name, after, upto) in &passed {
                    tx.exec(sql::STEP_OVER, args![merchant, *name, *after, *upto, now])?;
                }
                Ok(())
            })?;
        }
        Ok(ahead.iter().map(|ahead| matches!(ahead, Ahead::Events)).collect())
    }

    /// Hands a subscriber up to `limit` of a merchant's events, or steps over all that it lets
    /// pass. Returns how many it was handed. An error of its handler leaves the offset where it was.
    pub fn feed_subscriber<S: Subscriber + ?Sized + 'static>(
        &self,
        merchant: MerchantNo,
        subscriber: &std::sync::Arc<S>,
        limit: i64,
    ) -> Result<usize> {
        let (s, clock) = (subscriber.clone(), self.clock().clone());
        // Looked at by a reader first: most of the time there is nothing, and nothing is no reason to write.
        let asked = s.clone();
        let ahead = self.read_now(move |tx| look(tx, merchant, &*asked))?;
        if matches!(ahead, Ahead::Nothing) {
            return Ok(0);
        }
        self.write_now(Lane::Bulk, move |tx| {
            let cx = Ctx::new(merchant, shuke_kernel::Actor::System(s.name()), clock.now());
            let position = offset(tx, &cx, &*s)?;
            match ahead {
                Ahead::Passed { after, upto } if after == position => {
                    tx.exec(sql::MOVE_OFFSET, args![merchant, s.name(), upto, cx.now])?;
                    return Ok(0);
                }
                _ => {}
            }
            let events = tx.events_after(merchant, position, limit)?;
            if let Some(last) = events.last() {
                s.handle(tx, &cx, &events)?;
                tx.exec(sql::MOVE_OFFSET, args![merchant, s.name(), last.position, cx.now])?;
            }
            Ok(events.len())
        })
    }

    /// Hands a subscriber its next event once more, alone, and if it fails again sets that event
    /// aside as a dead letter and steps over it. Returns whether one was set aside. An outage is no
    /// reason to set anything aside and comes back as the error that it is.
    pub fn bury_next<S: Subscriber + ?Sized + 'static>(
        &self,
        merchant: MerchantNo,
        subscriber: &std::sync::Arc<S>,
        error: &str,
    ) -> Result<bool> {
        let s = subscriber.clone();
        // Which event it is must be known before it is tried: another instance may go on meanwhile.
        let next = {
            let s = s.clone();
            self.read_now(move |tx| {
                let at = tx
                    .row(sql::OFFSET.trim_end_matches(" FOR UPDATE"), args![merchant, s.name()])?
                    .map_or(Ok(0), |mut r| r.get::<i64>(0))?;
                Ok(tx.events_after(merchant, at, 1)?.first().map(|e| (at, e.position)))
            })?
        };
        let Some((at, position)) = next else { return Ok(false) };
        match self.feed_subscriber(merchant, subscriber, 1) {
            Ok(_) => return Ok(false),
            Err(e) if crate::outage::is_outage(&e) => return Err(e),
            Err(_) => {}
        }
        let (clock, error) = (self.clock().clone(), error.to_owned());
        self.write_now(Lane::Bulk, move |tx| {
            let cx = Ctx::new(merchant, shuke_kernel::Actor::System(s.name()), clock.now());
            if offset(tx, &cx, &*s)? != at {
                return Ok(false);
            }
            tx.exec(sql::BURY, args![merchant, s.name(), position, &error, cx.now])?;
            tx.exec(sql::MOVE_OFFSET, args![merchant, s.name(), position, cx.now])?;
            Ok(true)
        })
    }

    /// Hands a subscriber an event that was set aside. If it takes it now, the dead letter is gone
    /// in the same transaction; an error of its handler leaves it.
    pub fn retry_dead_letter<S: Subscriber + ?Sized + 'static>(
        &self,
        merchant: MerchantNo,
        subscriber: &std::sync::Arc<S>,
        position: i64,
    ) -> Result<()> {
        let (s, clock) = (subscriber.clone(), self.clock().clone());
        self.write_now(Lane::Bulk, move |tx| {
            let cx = Ctx::new(merchant, shuke_kernel::Actor::System(s.name()), clock.now());
            tx.row(sql::LOCK_DEAD, args![merchant, s.name(), position])?.ok_or_else(|| NO_DEAD_LETTER.refuse())?;
            let event = tx.row(sql::ONE, args![merchant, position])?.ok_or_else(|| NO_DEAD_LETTER.refuse())?;
            s.handle(tx, &cx, &[feed_event(event)?])?;
            tx.exec(sql::UNBURY, args![merchant, s.name(), position]).map(|_| ())
        })
    }
}

/// Events that are looked over at once: a subscriber with millions before it must get on within a read's time.
const STRETCH: i64 = 8_192;

/// What lies before a subscriber.
#[derive(Clone, Copy)]
enum Ahead {
    /// It has heard everything.
    Nothing,
    /// Nothing that concerns it.
    Passed { after: i64, upto: i64 },
    /// Events that it is to be handed.
    Events,
}

fn look<S: Subscriber + ?Sized>(tx: &mut Tx<'_>, merchant: MerchantNo, s: &S) -> Result<Ahead> {
    let head = tx.feed_head(merchant)?;
    let row = tx.row(sql::OFFSET.trim_end_matches(" FOR UPDATE"), args![merchant, s.name()])?;
    let Some(after) = row.map(|mut r| r.get::<i64>(0)).transpose()? else { return Ok(Ahead::Events) };
    if after >= head {
        return Ok(Ahead::Nothing);
    }
    let upto = head.min(after + STRETCH);
    Ok(if s.passes(tx, merchant, after, upto)? { Ahead::Passed { after, upto } } else { Ahead::Events })
}

fn offset<S: Subscriber + ?Sized>(tx: &mut Tx<'_>, cx: &Ctx, s: &S) -> Result<i64> {
    if let Some(mut row) = tx.row(sql::OFFSET, args![cx.merchant, s.name()])? {
        return row.get(0);
    }
    let start = if s.from_the_start() { 0 } else { tx.feed_head(cx.merchant)? };
    tx.exec(sql::MAKE_OFFSET, args![cx.merchant, s.name(), start, cx.now])?;
    let mut row = tx.row(sql::OFFSET, args![cx.merchant, s.name()])?.ok_or_else(|| Error::fault("a subscriber's offset vanished"))?;
    row.get(0)
}
