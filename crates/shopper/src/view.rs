//! What the shopper's page shows: card, tier with progress and the sentence of what is missing, growth tasks, coupons, points
//! with their ends.

use serde::Serialize;
use shuke_benefits::growth::shown::{self, Shown};
use shuke_coupons::coupon::wallet;
use shuke_kernel::{Ctx, Currency, Instant, Result};
use shuke_loyalty::event::{Act, Event};
use shuke_loyalty::missing::Missing;
use shuke_loyalty::programme::{Ladder, Metric, Tier};
use shuke_members::profile::service as members;
use shuke_programme::ProgrammeId;
use shuke_programme::book::Standing;
use shuke_programme::book::post::{self, Request};
use shuke_programme::book::show::{self, BookView};
use shuke_programme::definition::{State, service};
use shuke_store::Tx;

use crate::pass::Guest;
use crate::settings::{self, ProofKind};
use crate::{claim, history};

/// Lines of history that come with the card.
const LINES: usize = 10;

/// All that a page needs at first.
#[derive(Clone, Debug, Serialize)]
pub struct Me {
    /// The shop's name.
    pub shop: String,
    /// The member's name, masked; empty where none is known.
    pub name: String,
    /// The IANA zone in which days are the shop's.
    pub zone: String,
    /// The shop's currency: of what amounts and proofs are.
    pub currency: Currency,
    /// Decimal digits of its minor unit: 2 for yuan, 0 for yen.
    pub digits: u32,
    /// Programmes with this member's book, active ones first.
    pub books: Vec<Book>,
    /// Growth tasks that bring the member something, or did in the period in which now lies; what is to be done first.
    pub tasks: Vec<Shown>,
    /// Coupons that the member can use or has in an order, the first to end first.
    pub coupons: Vec<wallet::Held>,
    /// What a claim asks for.
    pub claim: Claim,
    /// When the link ends.
    pub until: Instant,
}

/// How an order is claimed here.
#[derive(Clone, Debug, Serialize)]
pub struct Claim {
    /// What the shop takes as proof; nothing where orders cannot be claimed.
    pub proofs: Vec<ProofKind>,
    /// Tries left today.
    pub left: i64,
}

/// A member's book for the member.
#[derive(Clone, Debug, Serialize)]
pub struct Book {
    /// Which programme.
    pub programme: ProgrammeId,
    /// What people call it.
    pub name: String,
    /// The tiers' names, the lowest first; empty without a ladder.
    pub ladder: Vec<String>,
    /// The tier held.
    pub tier: Option<Held>,
    /// What is missing to the next.
    pub next: Option<Next>,
    /// Points.
    pub points: Points,
    /// Lots, the first to be spent first.
    pub lots: Vec<Lot>,
    /// The newest of what happened.
    pub history: Vec<history::Line>,
    /// Where to go on in it.
    pub history_next: Option<i64>,
}

/// The tier held.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    /// Its place in the ladder, from 0.
    pub place: usize,
    /// What people call it.
    pub name: String,
    /// When it ends; the lowest does not.
    pub until: Option<Instant>,
    /// Whether it is only kept by grace.
    pub in_grace: bool,
}

/// What is missing to the next tier.
#[derive(Clone, Debug, Serialize)]
pub struct Next {
    /// What people call it.
    pub name: String,
    /// In words.
    pub sentence: String,
    /// Whether one of these is enough.
    pub any: bool,
    /// What is open.
    pub of: Vec<Part>,
}

/// One condition.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// `net_spend` in minor units of the shop's currency, `orders` or `growth`.
    pub metric: Metric,
    /// So much is there.
    pub have: i64,
    /// So much is needed.
    pub need: i64,
}

/// Points.
#[derive(Clone, Debug, Serialize)]
pub struct Points {
    /// Free to spend.
    pub available: i64,
    /// On their way: of orders that are not complete.
    pub pending: i64,
    /// Set aside at a checkout.
    pub frozen: i64,
    /// Owed by the member.
    pub debt: i64,
}

/// Points that end together.
#[derive(Clone, Debug, Serialize)]
pub struct Lot {
    /// How many.
    pub left: i64,
    /// The last day on which they can be used.
    pub last_day: String,
    /// Days from today to it; 0 is today.
    pub days: i64,
}

/// What the page shows of a guest.
///
/// # Errors
/// Where the store fails.
pub fn me(tx: &mut Tx<'_>, cx: &Ctx, guest: &Guest, zh: bool) -> Result<Me> {
    let card = members::get_card(tx, cx, guest.member)?;
    let mut books = Vec::new();
    let mut views = show::books_of(tx, cx, guest.member)?;
    views.retain(|view| view.programme.state != State::Archived);
    views.sort_by_key(|view| view.programme.state != State::Active);
    for view in views {
        books.push(book(tx, cx, guest, view, zh)?);
    }
    let tasks = shown::of(tx, cx, guest.member, zh)?;
    let coupons = wallet::of(tx, cx, guest.member, zh)?;
    let zone = shuke_kernel::Zone::named(&guest.merchant.zone).unwrap_or_else(shuke_kernel::Zone::shanghai);
    let proofs = settings::get(tx, cx.merchant)?.proofs;
    let left = claim::left(tx, cx, &zone, guest.member)?;
    Ok(Me {
        shop: guest.merchant.name.clone(),
        name: card.display_name,
        zone: guest.merchant.zone.clone(),
        currency: guest.merchant.currency,
        digits: guest.merchant.currency.digits(),
        books,
        tasks,
        coupons,
        claim: Claim { proofs, left },
        until: guest.until,
    })
}

/// Tells the running programmes that the member was here today.
///
/// # Errors
/// Where the store fails.
pub fn visited(tx: &mut Tx<'_>, cx: &Ctx, guest: &Guest) -> Result<()> {
    for id in show::programmes_of(tx, cx, guest.member)? {
        let programme = service::get(tx, cx.merchant, id)?;
        let open = show::find(tx, cx, id, guest.member)?.is_some_and(|book| book.standing == Standing::Open);
        if !open || programme.word(cx.now) != "active" {
            continue;
        }
        let day = service::rules(tx, cx.merchant, &programme)?.first().zone.day(cx.now);
        let event = Event { time: cx.now, id: format!("page:{day}"), act: Act::Visit };
        post::post(tx, cx, &programme, Request::of(guest.member, vec![event]))?;
    }
    Ok(())
}

fn book(tx: &mut Tx<'_>, cx: &Ctx, guest: &Guest, view: BookView, zh: bool) -> Result<Book> {
    let rules = service::rules(tx, cx.merchant, &view.programme)?;
    let in_force = rules.held(&view.heart);
    let today = in_force.zone.day(cx.now);
    let days = |day: jiff::civil::Date| i64::from(today.until(day).map_or(0, |span| span.get_days()));
    let ladder = in_force.ladder.as_ref();
    let held = view.tier.as_ref().and_then(|held| {
        let place = ladder?.place(&held.id)?;
        let name = ladder?.tiers.get(place)?.shown().to_owned();
        Some(Held { place, name, until: held.until, in_grace: held.in_grace })
    });
    let account = |name: &str| view.accounts.iter().find(|(account, _)| *account == name).map_or(0, |(_, n)| *n);
    let points = Points { available: account("available"), pending: account("pending"), frozen: account("frozen"), debt: view.debt };
    let lines = history::page(tx, cx, view.programme.id, guest.member, i64::MAX, LINES, zh)?;
    Ok(Book {
        programme: view.programme.id,
        ladder: ladder.map(|l| l.tiers.iter().map(|tier| tier.shown().to_owned()).collect()).unwrap_or_default(),
        tier: held,
        next: view.missing.as_ref().zip(ladder).map(|(missing, ladder)| next(missing, ladder, guest.merchant.currency, zh)),
        points,
        lots: view.lots.iter().map(|l| Lot { left: l.left, last_day: l.last_day.to_string(), days: days(l.last_day) }).collect(),
        history: lines.lines,
        history_next: lines.next,
        name: view.programme.name,
    })
}

fn next(missing: &Missing, ladder: &Ladder, currency: Currency, zh: bool) -> Next {
    let tier = ladder.tiers.iter().find(|tier| tier.id == missing.tier);
    let part = |(metric, open): &(Metric, i64)| {
        let need = tier.map_or(*open, |tier| need(tier, *metric, *open));
        Part { metric: *metric, have: (need - open).max(0), need }
    };
    let sentence = missing.sentence(currency, zh);
    Next { name: missing.name.clone(), sentence, any: missing.any, of: missing.of.iter().map(part).collect() }
}

/// The threshold of a tier that leaves so much open: of two of one kind the one that was meant.
fn need(tier: &Tier, metric: Metric, open: i64) -> i64 {
    let Some(entry) = &tier.entry else { return open };
    let of = entry.of.iter().filter(|(m, _)| *m == metric).map(|(_, min)| *min);
    (if entry.all { of.max() } else { of.min() }).unwrap_or(open)
}
