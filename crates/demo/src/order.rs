//! What was ordered, paid, sent, received and given back, as far as it has come when the files end.

use crate::calendar::{self, DAY};
use crate::goods::{self, GOODS};
use crate::life::Life;
use crate::make::Plan;
use crate::person::{Case, Person, Platform};
use crate::rng::Rng;
use crate::words::Home;

/// How far an order has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Placed.
    Created,
    /// Closed without payment.
    Unpaid,
    /// Paid.
    Paid,
    /// Sent.
    Shipped,
    /// Received.
    Completed,
    /// Closed: all the money went back.
    Returned,
}

impl State {
    /// The canonical state.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Unpaid | Self::Returned => "closed",
            Self::Paid => "paid",
            Self::Shipped => "shipped",
            Self::Completed => "completed",
        }
    }
}

/// Money given back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refund {
    /// None.
    None,
    /// All, before it was sent.
    BeforeDispatch,
    /// All, against the goods.
    Return,
    /// One line, against the goods.
    Partial(usize),
    /// All, without the goods (仅退款).
    MoneyOnly,
    /// Part of it, without goods (补差).
    Compensation,
}

impl Refund {
    /// Its word in the truth.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::BeforeDispatch => "before_dispatch",
            Self::Return => "return",
            Self::Partial(_) => "partial",
            Self::MoneyOnly => "money_only",
            Self::Compensation => "compensation",
        }
    }
}

/// To whom the parcel goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Goes {
    /// The buyer.
    Own,
    /// The family's phone and address.
    Family,
    /// Somebody else: a gift.
    Gift,
}

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Index into [`GOODS`].
    pub good: usize,
    /// Pieces.
    pub quantity: i64,
    /// List value, fen.
    pub list: i64,
    /// What was paid for it, fen.
    pub paid: i64,
    /// The shop's discount on it, fen.
    pub shop_off: i64,
    /// The platform's.
    pub platform_off: i64,
}

/// An order.
#[derive(Clone, Debug)]
pub struct Order {
    /// The buyer.
    pub person: u64,
    /// The buyer's account.
    pub account: usize,
    /// Where.
    pub platform: Platform,
    /// The account's name then.
    pub name: String,
    /// The account's phone then.
    pub phone: String,
    /// The source shows who bought.
    pub shown: bool,
    /// Placed, in seconds of the shop's clock.
    pub at: i64,
    /// Paid.
    pub paid_at: Option<i64>,
    /// Sent.
    pub shipped_at: Option<i64>,
    /// Received.
    pub completed_at: Option<i64>,
    /// How far.
    pub state: State,
    /// Lines.
    pub lines: Vec<Line>,
    /// List value.
    pub list: i64,
    /// The shop's discount.
    pub shop_off: i64,
    /// The platform's discount.
    pub platform_off: i64,
    /// Shipping.
    pub shipping: i64,
    /// Payable; paid if the state says so.
    pub due: i64,
    /// What went back, and how.
    pub refund: (Refund, i64),
    /// When it went back.
    pub refund_at: Option<i64>,
    /// What the platform paid the shop, where it has.
    pub received: i64,
    /// Who gets it.
    pub goes: Goes,
    /// Receiver.
    pub receiver: String,
    /// Receiver's phone.
    pub receiver_phone: String,
    /// Where to.
    pub home: Home,
    /// A number for what needs one: tracking and memos.
    pub noise: u64,
    /// Place among all orders of the platform; numbers follow from it.
    pub serial: u64,
}

impl Order {
    /// Whether it was paid, whatever came of it.
    pub fn was_paid(&self) -> bool {
        self.paid_at.is_some()
    }

    /// Paid, fen.
    pub fn paid(&self) -> i64 {
        if self.was_paid() { self.due } else { 0 }
    }

    /// Goods after all discounts.
    pub fn goods(&self) -> i64 {
        self.list - self.shop_off - self.platform_off
    }

    /// How it stands: what a later export tells otherwise.
    pub fn standing(&self) -> (State, [Option<i64>; 4], (Refund, i64), i64) {
        (self.state, [self.paid_at, self.shipped_at, self.completed_at, self.refund_at], self.refund, self.received)
    }

    /// The order number, as the platform writes them.
    pub fn number(&self) -> String {
        let n = u128::from(self.serial);
        match self.platform {
            Platform::Taobao => (3_100_000_000_000_000_000 + n * 104_729_011).to_string(),
            Platform::Jd => (288_000_000_000 + n * 7).to_string(),
            Platform::Douyin => (6_917_000_000_000_000_000 + n * 10_000_019).to_string(),
            Platform::Pdd => {
                let (y, m, d) = shuke_kernel::civil::date_of(self.at.div_euclid(DAY));
                format!("{:02}{m:02}{d:02}-{:015}", y % 100, (n * 314_159_265_359 + 577_215_664) % 1_000_000_000_000_000)
            }
            Platform::Youzan => {
                let time: String = calendar::show_time(self.at).chars().filter(char::is_ascii_digit).collect();
                format!("E{time}{:09}", (n * 618_033_989 + 141_421_356) % 1_000_000_000)
            }
        }
    }
}

/// Divides an amount among lines by largest remainder, ties to the earlier line.
pub fn divide(amount: i64, by: &[i64]) -> Vec<i64> {
    let total: i64 = by.iter().sum::<i64>().max(1);
    let mut parts: Vec<i64> = by.iter().map(|b| amount * b / total).collect();
    let mut order: Vec<usize> = (0..by.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(amount * by[*i] % total));
    let missing = amount - parts.iter().sum::<i64>();
    for i in order.into_iter().cycle().take(missing.max(0) as usize) {
        parts[i] += 1;
    }
    parts
}

/// All orders of a person, in the order of their times.
pub fn orders(plan: &Plan, person: &Person, life: &Life) -> Vec<Order> {
    let rng = &mut Rng::of(&[plan.seed, 4, person.index]);
    let mut all = Vec::with_capacity(life.past.len());
    for at in &life.past {
        if rng.chance(0.05) {
            // Put into an order, thought better of, done later.
            let earlier = at - rng.between(1_800, 40 * 3_600);
            all.push(order(plan, rng, person, earlier, true));
        }
        all.push(order(plan, rng, person, *at, false));
    }
    if let Some(last) = life.future.first().filter(|_| rng.chance(0.03)) {
        let at = plan.end_second() - rng.between(600, 20 * 3_600);
        if *last > at {
            all.push(order(plan, rng, person, at, true));
        }
    }
    all
}

fn account_of(rng: &mut Rng, person: &Person) -> usize {
    match person.accounts.len() {
        0 | 1 => 0,
        _ => usize::from(rng.chance(0.38)),
    }
}

fn lines(rng: &mut Rng, person: &Person, day: i64, single: bool) -> Vec<Line> {
    let (_, month, _) = shuke_kernel::civil::date_of(day);
    let count = if single { 1 } else { 1 + rng.weighted([0.62, 0.26, 0.12].into_iter()) };
    let mut lines: Vec<Line> = Vec::with_capacity(count);
    for n in 0..count {
        let category =
            if n == 0 && rng.chance(0.8) { person.tastes[0] } else { person.tastes[rng.below(person.tastes.len() as u64) as usize] };
        let good = rng.weighted(GOODS.iter().map(|g| if g.category == category { goods::demand(g, month) } else { 0.0 }));
        let quantity = 1 + rng.weighted([0.74, 0.2, 0.06].into_iter()) as i64;
        if lines.iter().any(|l| l.good == good) {
            continue;
        }
        lines.push(Line { good, quantity, list: GOODS[good].price * quantity, paid: 0, shop_off: 0, platform_off: 0 });
    }
    lines
}

/// What is taken off: deeper in a sale; the platform shares on some.
fn discounts(rng: &mut Rng, platform: Platform, day: i64, list: i64) -> (i64, i64) {
    let percent = match (calendar::on_sale(day), rng.unit()) {
        (true, u) if u < 0.85 => rng.between(8, 25),
        (false, u) if u < 0.3 => rng.between(3, 11),
        _ => return (0, 0),
    };
    let off = list * percent / 100;
    match platform {
        Platform::Pdd | Platform::Douyin if rng.chance(0.5) => (off - off / 3, off / 3),
        _ => (off, 0),
    }
}

fn order(plan: &Plan, rng: &mut Rng, person: &Person, at: i64, abandoned: bool) -> Order {
    let day = at.div_euclid(DAY);
    let account = account_of(rng, person);
    let platform = person.accounts[account].platform;
    let mut lines = lines(rng, person, day, platform == Platform::Pdd);
    let list: i64 = lines.iter().map(|l| l.list).sum();
    let (shop_off, platform_off) = discounts(rng, platform, day, list);
    let by: Vec<i64> = lines.iter().map(|l| l.list).collect();
    for (line, (s, p)) in lines.iter_mut().zip(divide(shop_off, &by).into_iter().zip(divide(platform_off, &by))) {
        (line.shop_off, line.platform_off) = (s, p);
        line.paid = line.list - s - p;
    }
    let goods = list - shop_off - platform_off;
    let shipping = if goods >= 9_900 || rng.chance(0.4) { 0 } else { 600 };
    let account_now = &person.accounts[account];
    let shown = if account_now.fixed { account_now.draw } else { rng.unit() } < plan.identified;
    let mut o = Order {
        person: person.index,
        account,
        platform,
        name: account_now.name_at(at).to_owned(),
        phone: person.phone_at(at).to_owned(),
        shown,
        at,
        paid_at: None,
        shipped_at: None,
        completed_at: None,
        state: State::Unpaid,
        lines,
        list,
        shop_off,
        platform_off,
        shipping,
        due: goods + shipping,
        refund: (Refund::None, 0),
        refund_at: None,
        received: 0,
        goes: Goes::Own,
        receiver: person.name.clone(),
        receiver_phone: person.phone_at(at).to_owned(),
        home: person.home.clone(),
        noise: rng.word(),
        serial: 0,
    };
    receive(plan, rng, person, &mut o);
    if abandoned {
        if plan.end_second() - at < DAY {
            o.state = State::Created;
        }
    } else {
        run(plan, rng, &mut o);
    }
    o
}

/// Who gets the parcel: now and then it is a gift to a neighbour in number.
fn receive(plan: &Plan, rng: &mut Rng, person: &Person, o: &mut Order) {
    let other = match person.case {
        Case::Family => Some((person.index - 1, Goes::Family)),
        Case::Plain if rng.chance(0.02) && plan.members > 4 => Some(((person.index + 2) % plan.members, Goes::Gift)),
        _ => None,
    };
    let Some((whose, goes)) = other else { return };
    let them = Person::draw(plan, whose);
    o.goes = goes;
    o.receiver_phone = them.phone_at(o.at).to_owned();
    if goes == Goes::Gift || rng.chance(0.5) {
        o.receiver = them.name;
    }
    o.home = them.home;
}

/// Payment, dispatch, receipt and refund, as far as they lie before the end of the files. What is drawn does
/// not depend on that end: a later one tells the same order's further course.
fn run(plan: &Plan, rng: &mut Rng, o: &mut Order) {
    let end = plan.end_second();
    let paid_at = o.at + rng.between(8, 1_500);
    let shipped_at = paid_at + rng.between(3 * 3_600, 42 * 3_600);
    let completed_at = shipped_at + rng.between(3 * DAY, 12 * DAY);
    let sale = calendar::on_sale(o.at.div_euclid(DAY));
    let refund = draw_refund(rng, o, sale);
    let refund_at = match refund {
        Refund::BeforeDispatch => paid_at + rng.between(600, 3 * 3_600),
        Refund::MoneyOnly => shipped_at + rng.between(DAY, 3 * DAY),
        _ => completed_at - rng.between(3_600, 2 * DAY),
    };
    let whole = matches!(refund, Refund::BeforeDispatch | Refund::Return | Refund::MoneyOnly);
    let back = match refund {
        Refund::None => 0,
        Refund::Partial(line) => o.lines[line].paid,
        Refund::Compensation => (o.goods() * rng.between(5, 30) / 100).max(1),
        _ => o.due,
    };
    // A fee that the settlement has and the order has not: what reconciling is for.
    let fee = if !whole && rng.chance(0.006) && o.platform == Platform::Taobao { rng.between(2, 6) } else { 0 };
    if paid_at >= end {
        o.state = State::Created;
        return;
    }
    (o.state, o.paid_at) = (State::Paid, Some(paid_at));
    let refunded = refund != Refund::None && refund_at < end;
    if shipped_at < end && !(refunded && refund == Refund::BeforeDispatch) {
        (o.state, o.shipped_at) = (State::Shipped, Some(shipped_at));
    }
    if refunded && whole {
        o.state = State::Returned;
        (o.refund, o.refund_at) = ((refund, back), Some(refund_at));
        return;
    }
    if completed_at < end {
        (o.state, o.completed_at) = (State::Completed, Some(completed_at));
        if refunded {
            (o.refund, o.refund_at) = ((refund, back), Some(refund_at));
        }
        o.received = o.due - o.refund.1 + if matches!(o.platform, Platform::Pdd) { o.platform_off } else { 0 };
        o.received -= o.received * fee / 100;
    }
}

/// Which refund, of those that the platform's file can tell.
fn draw_refund(rng: &mut Rng, o: &Order, sale: bool) -> Refund {
    let more = if sale { 1.6 } else { 1.0 };
    let u = rng.unit() / more;
    let several = o.lines.len() > 1;
    match o.platform {
        _ if u < 0.022 => Refund::BeforeDispatch,
        Platform::Jd => Refund::None,
        _ if u < 0.040 => Refund::Return,
        _ if u < 0.052 => Refund::MoneyOnly,
        Platform::Taobao | Platform::Youzan if u < 0.070 => Refund::Compensation,
        Platform::Taobao | Platform::Youzan | Platform::Douyin if several && u < 0.10 => Refund::Partial(1),
        _ => Refund::None,
    }
}
