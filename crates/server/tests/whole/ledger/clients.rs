//! Who asks: each client sends one request after the other, asks again after a silence as a shop's program would, and
//! keeps a record of what it was told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use shuke_kernel::{Clock, SystemClock};
use shuke_testkit::process::{Answer, Server};
use shuke_testkit::soak::Dice;

/// How long something may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(600);
/// Members who have a quarter of all requests.
const HOT: u64 = 40;

/// What the clients know of the shop.
pub struct Shop {
    pub key: String,
    pub programme: String,
    pub members: Vec<String>,
    /// So many of the members are there by now; the last that came are [`Shop::newest`] and on.
    pub open: AtomicUsize,
    pub newest: AtomicUsize,
    /// Requests that were answered.
    pub answered: AtomicU64,
}

/// What a client was told of a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Done,
    Refused,
    /// The program died over it and it was not asked again.
    Unknown,
}

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    Spend(i64),
    Adjust(i64),
    /// Points that are given back after some seconds.
    Hold(i64, i64),
    Capture(String),
    Release(String),
    Reverse(String, i64),
    /// An order of so many yuan, paid so many hours ago; completed, or not yet.
    Order(i64, i64, bool),
    /// So many yuan of an order go back.
    Refund(String, i64),
}

impl What {
    /// The kind of event that the book keeps of it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Spend(_) => "spend",
            Self::Adjust(_) => "adjust",
            Self::Hold(..) => "hold",
            Self::Capture(_) => "hold_capture",
            Self::Release(_) => "hold_release",
            Self::Reverse(..) => "spend_reverse",
            Self::Order(..) => "order_paid",
            Self::Refund(..) => "refund",
        }
    }
}

/// A request, and what came of it.
#[derive(Clone, Debug)]
pub struct Sent {
    pub member: usize,
    /// The caller's id; of orders and refunds ours, once it is told.
    pub id: String,
    pub what: What,
    /// When it was first sent, as its body says it.
    pub at: shuke_kernel::Instant,
    pub fate: Fate,
}

/// One of those who ask.
pub struct Client {
    shop: Arc<Shop>,
    dice: Dice,
    name: u64,
    count: u64,
    /// Not answered yet: asked again before anything else.
    open: Option<Sent>,
    pub log: Vec<Sent>,
}

impl Client {
    pub fn new(shop: Arc<Shop>, name: u64, seed: u64) -> Self {
        Self { shop, dice: Dice(seed), name, count: 0, open: None, log: Vec::new() }
    }

    /// Asks until it is told that it is over, or until nobody answers.
    pub fn work(&mut self, bases: &[String], over: &AtomicBool) {
        while !over.load(Ordering::Relaxed) {
            let sent = self.open.take().unwrap_or_else(|| self.next());
            if !self.ask(bases, sent) {
                return;
            }
            self.shop.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Asks again what was not answered; nobody is killed any more.
    pub fn finish(&mut self, bases: &[String]) {
        if let Some(sent) = self.open.take() {
            assert!(self.ask(bases, sent), "nobody answers");
        }
    }

    /// Of what was done, somewhere in the last hundred.
    fn earlier(&mut self, fits: impl Fn(&What) -> bool) -> Option<Sent> {
        let some: Vec<&Sent> = self.log.iter().rev().take(100).filter(|s| s.fate == Fate::Done && fits(&s.what)).collect();
        let place = self.dice.below(some.len() as u64) as usize;
        some.get(place).map(|sent| (*sent).clone())
    }

    /// Whether something like it was asked about that earlier one.
    fn again(&self, fits: impl Fn(&What) -> bool) -> bool {
        self.log.iter().any(|sent| fits(&sent.what))
    }

    fn next(&mut self) -> Sent {
        self.count += 1;
        let open = self.shop.open.load(Ordering::Relaxed) as u64;
        let newest = self.shop.newest.load(Ordering::Relaxed) as u64;
        // Often those whose points are just ending, or the few whom everybody asks for.
        let member = match self.dice.below(4) {
            0 => newest + self.dice.below(open - newest),
            1 => self.dice.below(HOT.min(open)),
            _ => self.dice.below(open),
        } as usize;
        let id = format!("c{}-{}", self.name, self.count);
        let fresh = |what| Sent { member, id: id.clone(), what, at: SystemClock.now(), fate: Fate::Unknown };
        let points = 1 + self.dice.below(80) as i64;
        match self.dice.below(20) {
            0..=5 => fresh(What::Spend(points)),
            6 => fresh(What::Adjust(points)),
            7..=9 => fresh(What::Hold(points, 1 + self.dice.below(3) as i64)),
            10..=12 => {
                let ends = self.dice.below(2) == 0;
                match self.earlier(|what| matches!(what, What::Hold(..))) {
                    Some(hold) => Sent { member: hold.member, ..fresh(if ends { What::Capture(hold.id) } else { What::Release(hold.id) }) },
                    None => fresh(What::Hold(points, 2)),
                }
            }
            13 | 14 => match self.earlier(|what| matches!(what, What::Spend(_))) {
                Some(spend) => Sent { member: spend.member, ..fresh(What::Reverse(spend.id, points)) },
                None => fresh(What::Spend(points)),
            },
            15..=17 => {
                // Every third arrives late, behind what the book knows already.
                let hours = if self.dice.below(3) == 0 { 1 + self.dice.below(72) as i64 } else { 0 };
                fresh(What::Order(80 + points, hours, self.dice.below(4) > 0))
            }
            _ => match self.earlier(|what| matches!(what, What::Order(..))) {
                // Once an order, so that it never is more than was paid.
                Some(order) if !self.again(|what| matches!(what, What::Refund(of, _) if *of == order.id)) => {
                    let What::Order(yuan, ..) = order.what else { return fresh(What::Spend(points)) };
                    Sent { member: order.member, ..fresh(What::Refund(order.id, 1 + self.dice.below(yuan as u64) as i64)) }
                }
                _ => fresh(What::Spend(points)),
            },
        }
    }

    /// Sends it until somebody answers. False where all are gone: then it is asked again later, or, of some, never.
    fn ask(&mut self, bases: &[String], mut sent: Sent) -> bool {
        let until = Instant::now() + PATIENCE;
        let first = self.dice.below(bases.len() as u64) as usize;
        let mut silent = 0;
        while silent < bases.len() {
            match self.send(&bases[(first + silent) % bases.len()], &sent) {
                Err(_) => silent += 1,
                Ok(answer) => match (answer.status, answer.json["code"].as_str().unwrap_or_default()) {
                    (200 | 201, _) => {
                        if matches!(sent.what, What::Order(..) | What::Refund(..)) {
                            sent.id = answer.json["id"].as_str().unwrap_or_default().to_owned();
                        }
                        sent.fate = Fate::Done;
                        self.log.push(sent);
                        return true;
                    }
                    // Too many at once, or the hold was over before it came to be looked at: nothing was written of it.
                    (429 | 503, _) | (409, "idempotency.in_flight") | (400, "request.invalid")
                        if Instant::now() < until && (answer.status != 400 || matches!(sent.what, What::Hold(..))) =>
                    {
                        std::thread::sleep(Duration::from_millis(20));
                    }
                    (409, code) if code.starts_with("points.") => {
                        sent.fate = Fate::Refused;
                        self.log.push(sent);
                        return true;
                    }
                    _ => panic!("{sent:?}: {} {}", answer.status, answer.json),
                },
            }
        }
        let names_itself = !matches!(sent.what, What::Order(..) | What::Refund(..));
        if names_itself && self.dice.below(4) == 0 {
            self.log.push(sent);
        } else {
            self.open = Some(sent);
        }
        false
    }

    fn send(&self, base: &str, sent: &Sent) -> Result<Answer, String> {
        let member = &self.shop.members[sent.member];
        let mut headers = vec![("authorization", self.shop.key.as_str())];
        let points = |tail: &str| format!("/api/v1/members/{member}/points/{}/{tail}", self.shop.programme);
        let (path, mut body) = match &sent.what {
            What::Spend(points_) => (points("spend"), json!({ "points": points_ })),
            What::Adjust(points_) => (points("adjust"), json!({ "points": points_, "reason": "x" })),
            What::Hold(points_, seconds) => {
                (points("hold"), json!({ "points": points_, "until": SystemClock.now().plus_seconds(*seconds) }))
            }
            What::Capture(hold) => (points(&format!("holds/{hold}/capture")), json!({})),
            What::Release(hold) => (points(&format!("holds/{hold}/release")), json!({})),
            What::Reverse(spend, points_) => (points(&format!("spends/{spend}/reverse")), json!({ "points": points_ })),
            What::Order(yuan, hours, is_completed) => ("/api/v1/orders".to_owned(), order(sent, *yuan, *hours, *is_completed)),
            What::Refund(of, yuan) => (
                format!("/api/v1/orders/{of}/refund"),
                json!({ "external": { "source": "taobao", "id": sent.id }, "amount": money(*yuan), "at": sent.at }),
            ),
        };
        // Half of them name a request in its body, half by the header, where its body is the same each time.
        if !matches!(sent.what, What::Order(..) | What::Refund(..)) {
            if self.name.is_multiple_of(2) || matches!(sent.what, What::Hold(..)) {
                body["id"] = json!(sent.id);
            } else {
                headers.push(("idempotency-key", &sent.id));
            }
        }
        Server::try_call(base, "POST", &path, &headers, Some(&body))
    }
}

fn money(yuan: i64) -> Value {
    json!({ "amount": yuan * 100, "currency": "CNY" })
}

/// The member's key at the shop.
pub fn keys(member: usize) -> Value {
    json!([{ "kind": "own_id", "namespace": "shop", "value": format!("p{member}") }])
}

fn order(sent: &Sent, yuan: i64, hours: i64, is_completed: bool) -> Value {
    let at = sent.at.plus_seconds(-3_600 * hours);
    json!({
        "external": { "source": "taobao", "id": sent.id }, "platform": "taobao", "state": if is_completed { "completed" } else { "paid" },
        "currency": "CNY", "paid": money(yuan), "created_at": at, "paid_at": at, "updated_at": at,
        "completed_at": is_completed.then_some(at), "buyer": { "keys": keys(sent.member) },
    })
}
