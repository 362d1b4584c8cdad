//! What happens next: the shop goes on for some days, its people come as they were drawn to, and some of those
//! who were written to come for that. Written is what a merchant would export then: orders placed or
//! changed since, and the lists of members as they are.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use crate::calendar::DAY;
use crate::files::{lists, truth};
use crate::life::{self, Life};
use crate::make::{CHUNK, Made, Maker, Names, Plan, by_platform};
use crate::order::{self, Order, State};
use crate::person::Person;
use crate::rng::Rng;

/// Days within which who is moved to buy buys.
const MOVED_WITHIN: i64 = 14;
/// Numbers of orders that are placed later: apart from those drawn first, and a thousand days a person.
const LATER: u64 = 1_000_000_000;

/// Who was written to, and what it does to them.
#[derive(Clone, Debug)]
pub struct Reached {
    words: HashSet<Vec<u8>>,
    response: f64,
}

impl Reached {
    /// Nobody yet; `response` is the share of those who will be added that buys once more for it.
    pub fn answering(response: f64) -> Self {
        Self { words: HashSet::new(), response }
    }

    /// Takes in a file that was handed over: whoever has one of its words for a phone or an account was
    /// written to.
    pub fn read(&mut self, path: &Path) -> io::Result<()> {
        let bytes = std::fs::read(path)?;
        let words = bytes.split(|b| b.is_ascii() && !b.is_ascii_alphanumeric() && *b != b'_').filter(|w| w.len() > 3);
        self.words.extend(words.map(<[u8]>::to_vec));
        Ok(())
    }

    fn has(&self, person: &Person) -> bool {
        let mut names = person.accounts.iter().map(|a| &a.name).chain([&person.phone]);
        !self.words.is_empty() && names.any(|name| self.words.contains(name.as_bytes()))
    }
}

/// Writes what has happened in `plan.days` days since the shop was drawn. `truth/reached.csv` beside it says who was
/// written to and whom it moved.
pub fn go_on(plan: &Plan, reached: &Reached, dir: &Path, progress: &mut dyn FnMut(u64)) -> io::Result<Made> {
    std::fs::create_dir_all(dir)?;
    let plan = &Plan { flaws: false, ..*plan };
    let before = Plan { days: 0, ..*plan };
    let mut maker = Maker::begin(*plan, dir)?;
    let mut moved = truth::reached(&dir.join("truth"))?;
    let chunks = plan.members.div_ceil(CHUNK);
    for chunk in 0..chunks {
        let names = Names::of(plan, dir, chunk, chunks);
        let people = chunk * CHUNK..((chunk + 1) * CHUNK).min(plan.members);
        let done = people.end;
        let (mut then, mut now) = (Vec::new(), Vec::new());
        let (mut taobao, mut mini) = (lists::taobao(&names.path("taobao_members"))?, lists::youzan(&names.path("youzan_members"))?);
        for index in people {
            let person = Person::draw(plan, index);
            then.extend(order::orders(&before, &person, &life::live(&before, &maker.arrivals, &person)));
            let mut life = life::live(plan, &maker.arrivals, &person);
            if reached.has(&person) {
                let buys = is_moved(plan, reached, &person, &mut life);
                moved.row(|r| {
                    r.number(index as i64).number(i64::from(buys));
                })?;
            }
            let orders = order::orders(plan, &person, &life);
            lists::write_taobao(&mut taobao, plan, &person, &orders, plan.end_second())?;
            lists::write_youzan(&mut mini, plan, &person, &orders)?;
            maker.truth.person(plan, &person, &life, &orders)?;
            now.extend(orders);
        }
        for list in [taobao, mini] {
            maker.made.files.extend(list.end_unless_empty()?);
        }
        let then = maker.numbered(then);
        maker.write(&names, &by_platform(since(plan, then, now)))?;
        progress(done);
    }
    maker.truth.end()?;
    moved.end()?;
    truth::plan(&dir.join("truth"), plan, &[])?;
    Ok(maker.made)
}

/// Whether being written to brings this person to buy once more.
fn is_moved(plan: &Plan, reached: &Reached, person: &Person, life: &mut Life) -> bool {
    let rng = &mut Rng::of(&[plan.seed, 8, person.index]);
    let buys = rng.chance(reached.response);
    if buys {
        let day = plan.until_second().div_euclid(DAY) + rng.between(1, MOVED_WITHIN + 1);
        life.buys_at(life::time_on(rng, day), plan.end_second());
    }
    buys
}

/// Orders placed since, and those of before that stand otherwise now, under their old numbers.
fn since(plan: &Plan, then: [Vec<Order>; 5], now: Vec<Order>) -> Vec<Order> {
    let mut old: HashMap<(u64, i64), Order> = then.into_iter().flatten().map(|o| ((o.person, o.at), o)).collect();
    let mut all = Vec::new();
    for mut o in now {
        match old.remove(&(o.person, o.at)) {
            Some(before) => {
                o.serial = before.serial;
                if o.standing() != before.standing() {
                    all.push(o);
                }
            }
            None if o.at >= plan.until_second() => {
                let day = (o.at - plan.until_second()).div_euclid(DAY) as u64;
                o.serial = LATER + o.person * 2_000 + day * 2 + u64::from(!o.was_paid());
                all.push(o);
            }
            // Put into an order before the files ended and bought after: the first files did not have it.
            None => {}
        }
    }
    // Put into an order on the last day and never paid.
    let left = old.into_values().filter(|o| o.state == State::Created);
    all.extend(left.map(|o| Order { state: State::Unpaid, ..o }));
    all
}
