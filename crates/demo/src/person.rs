//! A person: who they are, where they live, which accounts they have, what they come for and how
//! often, and in which way they are hard to recognise.

use crate::calendar::DAY;
use crate::goods::CATEGORIES;
use crate::make::Plan;
use crate::rng::{Rng, scatter};
use crate::words::{self, Home};

/// Where one buys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Platform {
    /// Taobao and Tmall.
    Taobao,
    /// JD.
    Jd,
    /// Douyin.
    Douyin,
    /// Pinduoduo.
    Pdd,
    /// Youzan.
    Youzan,
}

impl Platform {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Taobao => "taobao",
            Self::Jd => "jd",
            Self::Douyin => "douyin",
            Self::Pdd => "pdd",
            Self::Youzan => "youzan",
        }
    }
}

/// What makes a person hard to recognise. At most one of these a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Case {
    /// Nothing.
    Plain,
    /// Another of the family: parcels go to the neighbour in number's phone and address.
    Family,
    /// The one whose phone and address the family uses.
    FamilyHead,
    /// Had a phone number that later became somebody else's.
    NumberGiven,
    /// Has a phone number that was somebody else's.
    NumberTaken,
    /// Renamed the Taobao account; the earlier list still has the old name with the phone.
    Renamed,
    /// Renamed the Taobao account, and nothing but the parcels tells.
    RenamedUnseen,
    /// Changed the phone of the Taobao account between two lists.
    PhoneChanged,
    /// Two Taobao accounts with one phone.
    TwoAccounts,
}

impl Case {
    /// Its word in the truth.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Family => "family",
            Self::FamilyHead => "family_head",
            Self::NumberGiven => "number_given",
            Self::NumberTaken => "number_taken",
            Self::Renamed => "renamed",
            Self::RenamedUnseen => "renamed_unseen",
            Self::PhoneChanged => "phone_changed",
            Self::TwoAccounts => "two_accounts",
        }
    }
}

/// An account with a platform.
#[derive(Clone, Debug)]
pub struct Account {
    /// Where.
    pub platform: Platform,
    /// Its name; on Youzan the phone is the account and this its nick.
    pub name: String,
    /// Its earlier name, and when that ended.
    pub before: Option<(String, i64)>,
    /// In the Taobao member list.
    pub listed: bool,
    /// The list shows the whole phone: the buyer agreed to that.
    pub phone_shown: bool,
    /// Decides alone whether the account is hidden for good …
    pub fixed: bool,
    /// … by this draw against the identified share.
    pub draw: f64,
}

impl Account {
    /// Its name at that time.
    pub fn name_at(&self, at: i64) -> &str {
        match &self.before {
            Some((old, until)) if at < *until => old,
            _ => &self.name,
        }
    }

    /// Whether the platform hides it always.
    pub fn hidden(&self, plan: &Plan) -> bool {
        self.fixed && self.draw >= plan.identified
    }
}

/// A card of the shop's own, with a number of its own.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its number.
    pub no: String,
    /// When it was given out.
    pub since: i64,
}

/// A person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Number in the plan, from 0.
    pub index: u64,
    /// Name.
    pub name: String,
    /// Gender.
    pub female: bool,
    /// Year, month, day.
    pub born: (i64, u8, u8),
    /// Phone.
    pub phone: String,
    /// The phone before, and when it changed.
    pub phone_before: Option<(String, i64)>,
    /// Where parcels go.
    pub home: Home,
    /// Accounts; the first is where they mostly buy.
    pub accounts: Vec<Account>,
    /// The own card.
    pub card: Option<Card>,
    /// Hard to recognise.
    pub case: Case,
    /// Never buys.
    pub looks_only: bool,
    /// Categories, the main one first.
    pub tastes: Vec<usize>,
    /// Mean days between purchases while active.
    pub gap: f64,
    /// How even the gaps are: shape of their gamma distribution (1: by whim).
    pub evenness: f64,
    /// Chance to leave for good after each purchase.
    pub dropout: f64,
}

/// What a person's stream is for.
const WHO: u64 = 1;
const PAIR: u64 = 2;

/// No range of mainland mobile numbers is kept for fiction. 154 has been given to no operator, so
/// nobody can be called by these.
fn phone(n: u64) -> String {
    format!("154{:08}", scatter(n))
}

/// The case of the pair to which the person belongs, if any.
fn pair_case(plan: &Plan, index: u64) -> Option<Case> {
    let second = index % 2 == 1;
    if !second && index + 1 >= plan.members {
        return None;
    }
    match Rng::of(&[plan.seed, PAIR, index / 2]).unit() {
        u if u < 0.03 => Some(if second { Case::Family } else { Case::FamilyHead }),
        u if u < 0.036 => Some(if second { Case::NumberTaken } else { Case::NumberGiven }),
        _ => None,
    }
}

/// When a number went from one to the other.
fn handed_on(plan: &Plan, index: u64) -> i64 {
    plan.until_second() - DAY * Rng::of(&[plan.seed, PAIR, index / 2, 1]).between(200, 400)
}

fn platforms(rng: &mut Rng) -> Vec<Platform> {
    const MAIN: [(Platform, f64); 5] =
        [(Platform::Taobao, 58.0), (Platform::Youzan, 14.0), (Platform::Jd, 12.0), (Platform::Douyin, 9.0), (Platform::Pdd, 7.0)];
    let mut chosen = vec![MAIN[rng.weighted(MAIN.iter().map(|m| m.1))].0];
    if rng.chance(0.2) {
        let main = chosen[0];
        let rest = MAIN.map(|(p, w)| match p {
            _ if p == main => (p, 0.0),
            Platform::Youzan => (p, w * 3.0),
            _ => (p, w),
        });
        chosen.push(rest[rng.weighted(rest.iter().map(|m| m.1))].0);
    }
    chosen
}

impl Person {
    /// The person with this number.
    pub fn draw(plan: &Plan, index: u64) -> Self {
        let mut rng = Rng::of(&[plan.seed, WHO, index]);
        let r = &mut rng;
        let female = r.chance(0.81);
        let name = words::name(r, female);
        let born = (r.between(1972, 2004), r.between(1, 13) as u8, r.between(1, 29) as u8);
        let home = words::home(r);
        let mut case = pair_case(plan, index).unwrap_or(Case::Plain);
        let mut on = platforms(r);
        let single = r.unit();
        if case == Case::Plain {
            case = match single {
                u if u < 0.015 => Case::Renamed,
                u if u < 0.022 => Case::RenamedUnseen,
                u if u < 0.032 => Case::PhoneChanged,
                u if u < 0.06 => Case::TwoAccounts,
                _ => Case::Plain,
            };
        }
        if case != Case::Plain {
            // The hard cases are Taobao's; what else they have stays simple.
            on = vec![Platform::Taobao];
        }
        let until = plan.until_second();
        let own_phone = phone(index * 2);
        let turn = until - DAY * r.between(150, 420);
        let (phone, phone_before) = match case {
            Case::NumberGiven => (phone(index * 2 + 1), Some((own_phone, handed_on(plan, index)))),
            Case::NumberTaken => (phone((index - 1) * 2), Some((own_phone, handed_on(plan, index)))),
            Case::PhoneChanged => (phone(index * 2 + 1), Some((own_phone, turn))),
            _ => (own_phone, None),
        };
        let accounts = accounts(r, &on, case, index, turn);
        let wants_card = r.chance(0.06);
        let card_day = r.between(30, 700);
        let card = match case {
            Case::NumberGiven => Some(handed_on(plan, index) - DAY * (card_day % 150 + 1)),
            Case::NumberTaken => Some(handed_on(plan, index) + DAY * (card_day % 150 + 1)),
            Case::Plain | Case::Family | Case::FamilyHead if wants_card => Some(until - DAY * card_day),
            _ => None,
        }
        .map(|day| Card { no: format!("QT{:08}", scatter(index)), since: day + 10 * 3_600 + r.between(0, 36_000) });
        let looks_only =
            case == Case::Plain && r.chance(0.04) && (card.is_some() || accounts.iter().any(|a| a.platform == Platform::Youzan));
        let main = r.weighted(CATEGORIES.iter().map(|c| c.share));
        let mut tastes = vec![main];
        for _ in 0..r.below(3) {
            let more = r.weighted(CATEGORIES.iter().map(|c| c.share));
            if !tastes.contains(&more) {
                tastes.push(more);
            }
        }
        let category = &CATEGORIES[main];
        Self {
            index,
            name,
            female,
            born,
            phone,
            phone_before,
            home,
            accounts,
            card,
            case,
            looks_only,
            gap: (category.days * r.gamma(4.0) / 4.0).clamp(6.0, 400.0),
            evenness: if category.even { 3.0 } else { 1.0 },
            dropout: r.beta(1.0, 1.35),
            tastes,
        }
    }

    /// The phone at that time.
    pub fn phone_at(&self, at: i64) -> &str {
        match &self.phone_before {
            Some((old, until)) if at < *until => old,
            _ => &self.phone,
        }
    }
}

fn accounts(r: &mut Rng, on: &[Platform], case: Case, index: u64, turn: i64) -> Vec<Account> {
    let mut all = Vec::with_capacity(2);
    for (k, platform) in on.iter().enumerate() {
        all.push(account(r, *platform, index * 2 + k as u64));
    }
    let first = &mut all[0];
    match case {
        Case::Renamed | Case::RenamedUnseen => {
            first.before = Some((words::nick(r, 100_000_000 + scatter(index)), turn));
            first.listed = case == Case::Renamed;
            first.phone_shown = first.listed;
        }
        Case::PhoneChanged => (first.listed, first.phone_shown) = (true, true),
        Case::NumberGiven | Case::NumberTaken => first.phone_shown = false,
        Case::TwoAccounts => {
            (first.listed, first.phone_shown) = (true, true);
            let second = account(r, Platform::Taobao, index * 2 + 1);
            all.push(Account { listed: true, phone_shown: true, ..second });
        }
        _ => {}
    }
    all
}

fn account(r: &mut Rng, platform: Platform, number: u64) -> Account {
    let n = scatter(99_999_999 - number);
    let name = match platform {
        Platform::Taobao | Platform::Youzan => words::nick(r, n),
        Platform::Jd => format!("jd_{:04x}{n:08x}", r.below(0x1_0000)),
        Platform::Douyin => format!("dy{n:08}"),
        Platform::Pdd => format!("pdd{:03}{n:08}", r.below(1000)),
    };
    let listed = platform == Platform::Taobao && r.chance(0.7);
    Account { platform, name, before: None, listed, phone_shown: listed && r.chance(0.6), fixed: r.chance(0.5), draw: r.unit() }
}
