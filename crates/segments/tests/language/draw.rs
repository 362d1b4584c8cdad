//! Random worlds, drawn from a tape of numbers: a shorter tape draws a simpler
//! case, so that what fails shrinks.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use shuke_columns::registry::{FIRST_SEEN, Origin, TAG};
use shuke_columns::slice::{Draft, Spell};
use shuke_columns::{Lexicon, Registry, Type};

use crate::reference::{Fraction, Member, Row, V};

pub struct Tape<'a>(std::slice::Iter<'a, u16>);

pub const ZONES: [&str; 4] = ["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "UTC"];
pub const TAGS: [&str; 3] = ["运动", "母婴", "晒单"];

impl<'a> Tape<'a> {
    pub fn new(tape: &'a [u16]) -> Self {
        Self(tape.iter())
    }

    /// 0 to `n` − 1; 0 when the tape is at its end.
    pub fn pick(&mut self, n: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % n
    }

    pub fn chance(&mut self, of: usize) -> bool {
        self.pick(of) == of - 1
    }

    pub fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.pick(of.len())]
    }
}

fn midnight(zone: &jiff::tz::TimeZone, day: Date) -> i64 {
    zone.to_timestamp(day.at(0, 0, 0, 0)).unwrap().as_microsecond()
}

/// The question's time and zone, by which times are drawn.
pub struct Clock {
    pub at: i64,
    pub zone: jiff::tz::TimeZone,
    pub zone_name: &'static str,
}

impl Clock {
    pub fn draw(tape: &mut Tape<'_>) -> Self {
        let zone_name = tape.one(&ZONES);
        let zone = jiff::tz::TimeZone::get(zone_name).unwrap();
        let day =
            tape.one(&["2025-06-18", "2024-02-29", "2025-02-28", "2025-03-31", "2024-11-04", "2025-03-10", "2024-12-31", "2025-01-01"]);
        let midnight = midnight(&zone, day.parse().unwrap());
        let at = midnight + tape.one(&[43_200_000_000, 0, 1, -1, 86_399_999_999, 5_400_000_000]);
        Self { at, zone, zone_name }
    }

    /// A time near an edge: of the question, a midnight, a wait.
    pub fn time(&self, tape: &mut Tape<'_>) -> i64 {
        let day = self.zone.to_datetime(Timestamp::from_microsecond(self.at).unwrap()).date();
        let back = tape.one(&[1_i64, 0, 2, 3, 7, 8, 28, 29, 30, 31, 60, 90, 365, 366, -1]);
        let edge = if tape.chance(2) { self.at - back * 86_400_000_000 } else { midnight(&self.zone, day - back.days()) };
        edge + tape.one(&[-1_i64, 0, 1, 3_600_000_000, 40_000_000_000, -3_600_000_001])
    }

    pub fn date(&self, tape: &mut Tape<'_>) -> Date {
        let day = self.zone.to_datetime(Timestamp::from_microsecond(self.at).unwrap()).date();
        match tape.pick(4) {
            0 => tape.one(&["2000-02-29", "1999-02-28", "1996-03-01", "1980-12-31"]).parse().unwrap(),
            1 => day - tape.one(&[0_i64, 1, 7, 30, 365, 366, 7305]).days(),
            2 => day + tape.one(&[1_i64, 7, 400]).days(),
            _ => Date::new(1990, (tape.pick(12) + 1) as i8, (tape.pick(28) + 1) as i8).unwrap(),
        }
    }
}

pub fn text(name: &str, tape: &mut Tape<'_>) -> &'static str {
    match name {
        "category" => tape.one(&["home", "home/kitchen", "homeware", "baby/milk"]),
        "kind" => tape.one(&["cart", "view", "return"]),
        _ => tape.one(&["甲", "乙", "甲乙", "a \"b\"\\"]),
    }
}

/// A value for a field of that name and type.
fn value(kind: Type, name: &str, clock: &Clock, tape: &mut Tape<'_>) -> V {
    match kind {
        Type::Int => V::Number(Fraction::of(tape.one(&[1, 0, 2, 3, -1, 5, i64::MAX]), 1)),
        Type::Fen => V::Number(Fraction::of(tape.one(&[100, 0, 250, -100, 300, i64::MAX, i64::MIN]), 1)),
        Type::Dec => V::Number(Fraction::of(tape.one(&[500_000, 0, 333_333, 1_000_000, -250_000]), 1_000_000)),
        Type::Text => V::Text(text(name, tape).to_owned()),
        Type::Date => V::Date(clock.date(tape)),
        Type::Instant => V::Instant(clock.time(tape)),
        Type::Bool => V::Bool(tape.chance(2)),
        Type::Tags => panic!("tags are no value"),
    }
}

pub fn members(registry: &Registry, clock: &Clock, tape: &mut Tape<'_>) -> Vec<Member> {
    let count = 1 + tape.pick(7);
    (0..count).map(|i| member(registry, clock, tape, i)).collect()
}

fn member(registry: &Registry, clock: &Clock, tape: &mut Tape<'_>, i: usize) -> Member {
    let mut m = Member { id: format!("m{i}"), ..Member::default() };
    for fact in registry.current() {
        if !tape.chance(4) {
            m.facts.insert(fact.name.to_string(), value(fact.kind, &fact.name, clock, tape));
        }
    }
    let first = if tape.chance(6) { clock.at + tape.pick(2) as i64 } else { clock.at - 400 * 86_400_000_000 };
    m.facts.insert("first_seen_at".to_owned(), V::Instant(first));
    for _ in 0..tape.pick(4) {
        let from = clock.time(tape);
        m.tags.push((tape.one(&TAGS).to_owned(), from, tape.chance(2).then(|| clock.time(tape))));
    }
    for fact in registry.histories() {
        // Spells of one field follow each other.
        let mut from = clock.time(tape) - 86_400_000_000 * 100;
        for _ in 0..tape.pick(3) {
            let to = from.max(clock.time(tape));
            let open = tape.chance(2);
            m.history.push((fact.name.to_string(), value(fact.kind, &fact.name, clock, tape), from, (!open).then_some(to)));
            if open {
                break;
            }
            from = to;
        }
    }
    for table in registry.tables() {
        let mut rows: Vec<Row> = Vec::new();
        for n in 0..tape.pick(6) {
            let mut row = Row::new();
            for (c, column) in table.columns.iter().enumerate() {
                let v = match c {
                    0 => V::Text(format!("{}{i}{}", table.name, 9 - n)),
                    1 => V::Instant(clock.time(tape)),
                    _ if &*column.name == "purchase" => V::Bool(tape.chance(2)),
                    _ if tape.chance(4) => continue,
                    _ => value(column.kind, &column.name, clock, tape),
                };
                row.insert(column.name.to_string(), v);
            }
            rows.push(row);
        }
        m.rows.insert(table.name.to_string(), rows);
    }
    m
}

fn cell(v: &V, kind: Type, words: Option<usize>, lexicon: &mut Lexicon) -> i64 {
    match v {
        V::Number(f) if kind == Type::Dec => i64::try_from(&f.0 * 1_000_000 / &f.1).unwrap(),
        V::Number(f) => i64::try_from(f.0.clone()).unwrap(),
        V::Text(t) => i64::from(lexicon.words_mut(words.unwrap()).code(t).unwrap()),
        V::Date(d) => i64::from(Date::new(1970, 1, 1).unwrap().until((jiff::Unit::Day, *d)).unwrap().get_days()),
        V::Instant(t) => *t,
        V::Bool(b) => i64::from(*b),
    }
}

/// The member as a source tells of them.
pub fn draft(registry: &Registry, m: &Member, lexicon: &mut Lexicon) -> Draft {
    let mut draft = Draft::new(registry, &m.id);
    for fact in registry.facts() {
        match fact.origin {
            Origin::Current(i) => draft.facts[i] = m.facts.get(&*fact.name).map(|v| cell(v, fact.kind, fact.words, lexicon)),
            Origin::History(i) => {
                for (_, v, from, to) in m.history.iter().filter(|h| h.0 == *fact.name) {
                    draft.histories[i].push(Spell { value: cell(v, fact.kind, fact.words, lexicon), from: *from, to: *to });
                }
            }
            _ => {}
        }
    }
    assert!(draft.facts[FIRST_SEEN].is_some());
    for (tag, from, to) in &m.tags {
        let value = cell(&V::Text(tag.clone()), Type::Text, Some(TAG), lexicon);
        draft.tags.push(Spell { value, from: *from, to: *to });
    }
    for (t, table) in registry.tables().iter().enumerate() {
        for row in &m.rows[&*table.name] {
            let cells = table.columns.iter().map(|c| row.get(&*c.name).map(|v| cell(v, c.kind, c.words, lexicon)));
            draft.rows[t].push(cells.collect());
        }
    }
    draft
}

/// The names of row ids by table.
pub fn row_ids(registry: &Registry) -> BTreeMap<String, String> {
    registry.tables().iter().map(|t| (t.name.to_string(), t.columns[0].name.to_string())).collect()
}

/// A lexicon that is not shared.
pub fn lexicon(registry: &Registry) -> Lexicon {
    Lexicon::of(registry)
}

/// Lays drafts out.
pub fn slice(registry: &Registry, lexicon: Lexicon, drafts: Vec<Draft>) -> shuke_columns::Slice {
    shuke_columns::slice::lay_out(registry, &Arc::new(lexicon), 0, drafts)
}
