//! Weather by region and day, as files tell it. It is kept file by file, so that taking one back leaves what
//! others said; of two that speak of the same day and region the import that came last holds.
//!
//! Orders get their weather where members are laid out for questions (`shuke-columns`): by the place to which
//! the order went, else the member's, and the day on which it was placed.

mod condition;
pub mod http;
pub(crate) mod sql;

use std::collections::BTreeMap;

pub use condition::Condition;
use shuke_kernel::place::Place;
use shuke_kernel::{Ctx, Error, Result};
use shuke_store::{Event, Row, Tx, Value, args};

/// Days of an import that are taken back in one step.
const DAYS: i64 = 7;

/// The weather of a day in a region.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Said {
    /// The day by the shop's clock, since 1970-01-01.
    pub day: i64,
    /// The province by its short name (浙江).
    pub province: String,
    /// The city by its short name; empty: the whole province.
    pub city: String,
    /// What it was like.
    pub condition: Option<Condition>,
    /// The highest temperature, tenths of a degree Celsius.
    pub high: Option<i64>,
    /// The lowest.
    pub low: Option<i64>,
    /// Rain and melted snow, tenths of a millimetre.
    pub rain: Option<i64>,
}

impl Said {
    fn at(&self) -> (i64, &str, &str) {
        (self.day, &self.province, &self.city)
    }
}

/// What an import's rows came to.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Took {
    /// Days and regions of which something else is known now.
    pub changed: i64,
    /// Those of which it was known already.
    pub unchanged: i64,
}

/// Takes in what an import says; of a day and region that is named twice the last counts.
pub fn observe_many(tx: &mut Tx<'_>, cx: &Ctx, (import, id): (i64, [u8; 16]), said: &[Said]) -> Result<Took> {
    let by_place: BTreeMap<_, &Said> = said.iter().map(|s| (s.at(), s)).collect();
    let (Some(first), Some(last)) = (by_place.first_key_value().map(|f| f.0.0), by_place.last_key_value().map(|l| l.0.0)) else {
        return Ok(Took::default());
    };
    let mut provinces: Vec<String> = by_place.keys().map(|(_, province, _)| (*province).to_owned()).collect();
    provinces.sort_unstable();
    provinces.dedup();
    let mut held: BTreeMap<(i64, String, String), (i64, Said)> = BTreeMap::new();
    for mut row in tx.rows(sql::OF_REGIONS, args![cx.merchant, provinces, first, last])? {
        let said = read(&mut row)?;
        held.insert((said.day, said.province.clone(), said.city.clone()), (row.get(7)?, said));
    }
    let is_new = |said: &Said| {
        let there = held.get(&(said.day, said.province.clone(), said.city.clone()));
        there.is_none_or(|(by, there)| *by <= import && there != said)
    };
    let new: Vec<&Said> = by_place.values().copied().filter(|s| is_new(s)).collect();
    let row = |s: &&Said| {
        let condition = s.condition.map(Condition::word);
        let at = [cx.merchant.into(), s.province.as_str().into(), s.city.as_str().into(), s.day.into(), import.into()];
        at.into_iter().chain([condition.into(), s.high.into(), s.low.into(), s.rain.into()]).collect::<Vec<Value>>()
    };
    tx.insert_many(&sql::PUT, by_place.values().map(row).collect())?;
    let took = Took { changed: new.len() as i64, unchanged: (said.len() - new.len()) as i64 };
    if let (Some(from), Some(to)) = (new.iter().map(|s| s.day).min(), new.iter().map(|s| s.day).max()) {
        let data = serde_json::json!({ "from": day_text(from), "to": day_text(to + 1), "days": new.len() }).to_string();
        tx.emit(
            cx,
            Event { kind: "weather.changed", version: 1, occurred_at: cx.now, subject_kind: "imp", subject: id, member: None, data },
        )?;
    }
    Ok(took)
}

/// Takes back some days of what an import said; how many rows that were, 0 when nothing is left.
pub fn retract(tx: &mut Tx<'_>, cx: &Ctx, import: i64) -> Result<i64> {
    let first: Option<i64> = tx.one(sql::FIRST_DAY, args![cx.merchant, import])?.get(0)?;
    let Some(day) = first else { return Ok(0) };
    Ok(tx.exec(sql::DROP_DAYS, args![cx.merchant, import, day + DAYS])? as i64)
}

/// Which days and regions are asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// A province with its cities, or one city; without it everywhere.
    pub place: Option<Place>,
    /// From this day on, since 1970.
    pub from: i64,
    /// To before this day.
    pub to: i64,
    /// Behind this day, province and city.
    pub after: (i64, String, String),
    /// At most so many.
    pub limit: i64,
}

/// What holds, by day, province and city.
pub fn list(tx: &mut Tx<'_>, cx: &Ctx, asked: &Asked) -> Result<Vec<Said>> {
    let (province, city) = asked.place.map_or(("", ""), |p| (p.province, p.city));
    let (day, after, behind) = &asked.after;
    let rows = tx.rows(sql::LIST, args![cx.merchant, asked.from, asked.to, province, city, *day, after, behind, asked.limit])?;
    rows.into_iter().map(|mut row| read(&mut row)).collect()
}

fn read(row: &mut Row) -> Result<Said> {
    let condition: Option<String> = row.get(3)?;
    let named = |word: String| Condition::named(&word).ok_or_else(|| Error::fault(format!("there is no weather {word}")));
    Ok(Said {
        day: row.get(0)?,
        province: row.get(1)?,
        city: row.get(2)?,
        condition: condition.map(named).transpose()?,
        high: row.get(4)?,
        low: row.get(5)?,
        rain: row.get(6)?,
    })
}

fn day_text(day: i64) -> String {
    let (year, month, day) = shuke_kernel::civil::date_of(day);
    format!("{year:04}-{month:02}-{day:02}")
}
