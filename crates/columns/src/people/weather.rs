//! The weather of orders: that of the place to which an order went (where it tells none, where the member
//! lives) on the day on which it was placed, by the merchant's clock. A city's own weather goes before its
//! province's. Where no file told it, it is missing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use shuke_kernel::{Error, Instant, MerchantNo, Result, Zone, region};
use shuke_store::{Row, Tx, args};

use super::fetch::text;
use super::{rows, sql};
use crate::registry::TIME;
use crate::slice::Slice;

/// Tenths of a degree in the millionths of a decimal.
const TENTH: i64 = crate::registry::MILLION / 10;
/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;

/// What is known of a day in a place.
#[derive(Clone, Copy, Debug)]
struct Told {
    day: i32,
    /// Tenths of a degree Celsius, [`NONE`] where nobody told.
    high: i16,
    /// The place of its word among those of [`Sky`], and one more; 0: nobody told.
    condition: u8,
}

const NONE: i16 = i16::MIN;

/// The days of a province, and of its cities.
type Places = HashMap<Box<str>, Vec<Told>>;

/// Weather by place and day.
#[derive(Clone, Debug)]
pub(crate) struct Sky {
    zone: Zone,
    words: Vec<Box<str>>,
    provinces: HashMap<Box<str>, Places>,
}

/// What an order's weather was: its word, and the highest temperature as a decimal.
pub(super) type Weather<'a> = (Option<&'a str>, Option<i64>);

fn zone_of(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Zone> {
    let name: Option<String> = tx.row(sql::ZONE, args![merchant])?.map(|mut r| r.get(0)).transpose()?;
    let Some(name) = name else { return Ok(Zone::shanghai()) };
    Zone::named(&name).ok_or_else(|| Error::fault(format!("there is no zone {name}")))
}

/// The day of an instant, since 1970-01-01.
fn day_of(zone: &Zone, at: i64) -> i64 {
    (at.div_euclid(1_000_000) + zone.offset_seconds(Instant(at))).div_euclid(86_400)
}

/// Whether any weather is known.
pub(crate) fn is_known(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<bool> {
    Ok(tx.row(sql::ANY_WEATHER, args![merchant])?.is_some())
}

impl Sky {
    /// All that is known; none where nothing is.
    pub(crate) fn whole(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Option<Arc<Self>>> {
        if !is_known(tx, merchant)? {
            return Ok(None);
        }
        let found = tx.rows(sql::WEATHER, args![merchant])?;
        Self::of(zone_of(tx, merchant)?, found).map(|sky| Some(Arc::new(sky)))
    }

    /// What is known of the days and places of these orders of these members (rows of [`sql::ORDERS`] and
    /// [`sql::FACTS`]).
    pub(super) fn over(tx: &mut Tx<'_>, merchant: MerchantNo, orders: &[Row], facts: &[Row]) -> Result<Option<Arc<Self>>> {
        if orders.is_empty() || !is_known(tx, merchant)? {
            return Ok(None);
        }
        let zone = zone_of(tx, merchant)?;
        let days = orders.iter().filter_map(rows::placed).map(|at| day_of(&zone, at));
        let (first, last) = days.fold((i64::MAX, i64::MIN), |(first, last), day| (first.min(day), last.max(day)));
        // Where the orders went, and where the members live.
        let cells = |at: [usize; 2]| {
            let of_orders = orders.iter().filter_map(move |row| text(row, at[0]));
            of_orders.chain(facts.iter().filter_map(move |row| text(row, at[1])))
        };
        let owned = |names: BTreeSet<&str>| names.into_iter().map(str::to_owned).collect::<Vec<String>>();
        let provinces = owned(cells([rows::PROVINCE, rows::HOME]).map(region::short).collect());
        let cities = owned(cells([rows::CITY, rows::HOME + 1]).map(region::short_city).chain([""]).collect());
        let found = tx.rows(sql::WEATHER_OF, args![merchant, provinces, cities, first, last])?;
        Self::of(zone, found).map(|sky| Some(Arc::new(sky)))
    }

    /// Bytes that it takes in memory, about.
    pub(super) fn bytes(&self) -> usize {
        let days = self.provinces.values().flat_map(HashMap::values).map(|days| days.capacity() * size_of::<Told>() + 96);
        days.sum()
    }

    /// Rows by place and day; of one day what the last of them says.
    fn of(zone: Zone, found: Vec<Row>) -> Result<Self> {
        let mut sky = Self { zone, words: Vec::new(), provinces: HashMap::new() };
        for mut row in found {
            let (province, city, day): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (condition, high): (Option<String>, Option<i64>) = (row.get(3)?, row.get(4)?);
            let told = Told {
                day: i32::try_from(day).map_err(Error::fault)?,
                high: high.and_then(|t| i16::try_from(t).ok()).unwrap_or(NONE),
                condition: condition.map_or(0, |word| sky.word(&word)),
            };
            let days = sky.provinces.entry(province.into()).or_default().entry(city.into()).or_default();
            match days.last_mut().filter(|last| last.day == told.day) {
                Some(last) => *last = told,
                None => days.push(told),
            }
        }
        Ok(sky)
    }

    fn word(&mut self, word: &str) -> u8 {
        let at = self.words.iter().position(|w| **w == *word).unwrap_or_else(|| {
            self.words.push(word.into());
            self.words.len() - 1
        });
        u8::try_from(at + 1).unwrap_or(0)
    }

    /// The weather at an instant in a place, both by their short names.
    pub(super) fn at(&self, (province, city): (&str, Option<&str>), at: i64) -> Weather<'_> {
        let Some(places) = self.provinces.get(province) else { return (None, None) };
        let Ok(day) = i32::try_from(day_of(&self.zone, at)) else { return (None, None) };
        let of = |name: &str| {
            let days = places.get(name)?;
            days.binary_search_by_key(&day, |told| told.day).ok().map(|at| days[at])
        };
        let Some(told) = city.and_then(of).or_else(|| of("")) else { return (None, None) };
        let word = usize::from(told.condition).checked_sub(1).and_then(|at| self.words.get(at));
        (word.map(|w| &**w), (told.high != NONE).then(|| i64::from(told.high) * TENTH))
    }
}

/// Members of whom any order may have been placed in `[from, to)`, days since 1970 by a clock that nobody
/// knows here: a day more on either side.
pub(crate) fn bought_in(orders: usize, slices: &[Arc<Slice>], (from, to): (i64, i64)) -> BTreeSet<Vec<u8>> {
    let (from, to) = (from.saturating_sub(1).saturating_mul(DAY), to.saturating_add(1).saturating_mul(DAY));
    let found = super::each(slices, |slice| {
        let rows = &slice.tables[orders];
        let time = &rows.columns[TIME];
        let is_in = |row: usize| time.get(row).is_some_and(|t| t >= from && t < to);
        let members = (0..slice.len()).filter(|member| rows.of.of(*member).any(is_in));
        members.filter_map(|m| slice.members.keys().get(m)).map(|key| key.to_vec()).collect::<Vec<_>>()
    });
    found.into_iter().flatten().collect()
}
