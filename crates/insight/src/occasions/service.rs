//! The merchant's own occasions, and all that touch some days.

use jiff::civil::Date;
use shuke_access::audit;
use shuke_kernel::{Code, Ctx, Error, Kind, Result};
use shuke_store::{Row, Tx, args};

use super::{Name, Occasion, OccasionId, Sort, built_in, sort, sql};

/// No such occasion.
pub static NOT_FOUND: Code =
    Code { code: "occasion.not_found", kind: Kind::NotFound, zh: "找不到这个活动。", en: "There is no such occasion." };
/// A name is missing or too long.
pub static NAME: Code =
    Code {
        code: "occasion.invalid_name", kind: Kind::Invalid, zh: "名称为 1 到 {max} 个字。", en: "A name has 1 to {max} characters."
    };
/// The days do not fit each other.
pub static DAYS: Code = Code {
    code: "occasion.invalid_days",
    kind: Kind::Invalid,
    zh: "结束日须晚于开始日，主要日须在其间，最长 {max} 天，年份为 1900 到 2100。",
    en: "It ends after it begins, its main day lies between, it has {max} days at most, in the years 1900 to 2100.",
};
/// There are too many.
pub static TOO_MANY: Code = Code {
    code: "occasion.too_many",
    kind: Kind::Invalid,
    zh: "自有活动最多 {max} 个。请先删除不再需要的。",
    en: "There can be {max} occasions of your own. Remove some first.",
};

/// Characters of a name.
const NAME_MAX: usize = 60;
/// Days of an occasion.
const DAYS_MAX: i32 = 366;
/// Occasions of a merchant: a report with all of them must stay light.
const MOST: i64 = 1_000;

/// What is said of an occasion.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its name.
    pub name: String,
    /// In English, where it has one.
    pub name_en: Option<String>,
    /// Its first day.
    pub from: Date,
    /// The day before which it ends.
    pub to: Date,
    /// Its main day; the first if absent.
    pub day: Option<Date>,
}

fn check(said: &Said) -> Result<()> {
    let fits = |text: &str| (1..=NAME_MAX).contains(&text.trim().chars().count());
    if !fits(&said.name) {
        return Err(NAME.with("max", NAME_MAX).at("name").into());
    }
    if said.name_en.as_deref().is_some_and(|n| !fits(n)) {
        return Err(NAME.with("max", NAME_MAX).at("name_en").into());
    }
    let years = [said.from, said.to].iter().all(|d| (1900..=2101).contains(&d.year()));
    let within = said.day.is_none_or(|d| d >= said.from && d < said.to);
    if !years || said.to <= said.from || !within || (said.to - said.from).get_days() > DAYS_MAX {
        return Err(DAYS.with("max", DAYS_MAX).at(if within { "to" } else { "day" }).into());
    }
    Ok(())
}

fn own(mut row: Row) -> Result<Occasion> {
    let (zh, en): (String, Option<String>) = (row.get(1)?, row.get(2)?);
    let day = |text: String| text.parse::<Date>().map_err(Error::fault);
    Ok(Occasion {
        id: Some(row.get(0)?),
        code: None,
        kind: Sort::Own,
        name: Name { en: en.unwrap_or_else(|| zh.clone()), zh },
        from: day(row.get(3)?)?,
        to: day(row.get(4)?)?,
        day: day(row.get(5)?)?,
    })
}

/// Makes an occasion.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, said: &Said) -> Result<Occasion> {
    check(said)?;
    let count: i64 = tx.row(sql::COUNT, args![cx.merchant])?.map_or(Ok(0), |mut r| r.get(0))?;
    if count >= MOST {
        return Err(TOO_MANY.with("max", MOST).into());
    }
    let id: OccasionId = cx.new_id();
    let (name, name_en) = (said.name.trim(), said.name_en.as_deref().map(str::trim));
    let [from, to, main] = [said.from, said.to, said.day.unwrap_or(said.from)].map(|d| d.to_string());
    tx.exec(sql::ADD, args![cx.merchant, id, name, name_en, from, to, main, cx.now])?;
    audit::record(tx, cx, "occasion.created", &id.to_string(), name)?;
    get(tx, cx, id)
}

/// An occasion of the merchant's own.
pub fn get(tx: &mut Tx<'_>, cx: &Ctx, id: OccasionId) -> Result<Occasion> {
    tx.row(sql::GET, args![cx.merchant, id])?.map_or_else(|| Err(NOT_FOUND.refuse().into()), own)
}

/// Puts other words and days in an occasion's place.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: OccasionId, said: &Said) -> Result<Occasion> {
    check(said)?;
    let (name, name_en) = (said.name.trim(), said.name_en.as_deref().map(str::trim));
    let [from, to, main] = [said.from, said.to, said.day.unwrap_or(said.from)].map(|d| d.to_string());
    if tx.exec(sql::CHANGE, args![cx.merchant, id, name, name_en, from, to, main, cx.now])? == 0 {
        return Err(NOT_FOUND.refuse().into());
    }
    audit::record(tx, cx, "occasion.changed", &id.to_string(), name)?;
    get(tx, cx, id)
}

/// Removes an occasion.
pub fn remove(tx: &mut Tx<'_>, cx: &Ctx, id: OccasionId) -> Result<()> {
    if tx.exec(sql::DROP, args![cx.merchant, id])? == 0 {
        return Err(NOT_FOUND.refuse().into());
    }
    audit::record(tx, cx, "occasion.removed", &id.to_string(), "")?;
    Ok(())
}

/// All occasions that touch the days from `from` until before `to`, the merchant's own among them.
pub fn touching(tx: &mut Tx<'_>, cx: &Ctx, from: Date, to: Date) -> Result<Vec<Occasion>> {
    let mut all = built_in(from, to);
    let own = tx.rows(sql::TOUCHING, args![cx.merchant, from.to_string(), to.to_string()])?.into_iter().map(own);
    all.extend(own.collect::<Result<Vec<_>>>()?);
    sort(&mut all);
    Ok(all)
}
