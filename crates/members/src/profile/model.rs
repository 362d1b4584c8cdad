//! What is known of a member beside keys, and how statements of different sources become one.
//!
//! Each source's record is kept as it was (an observation); a profile is folded from them, field
//! by field: the newest statement by source time holds, whatever came when. Only the day of
//! joining is the earliest that anybody states.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use shuke_kernel::{Instant, Result};

use crate::identity::{Birthday, Gender, ProfileHints, Region};

/// A member's facts.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Own name.
    pub name: Option<String>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Birthday.
    pub birthday: Option<Birthday>,
    /// An age band such as `25-29`.
    pub age_band: Option<String>,
    /// Region.
    pub region: Option<Region>,
    /// When they joined the programme.
    pub joined_at: Option<Instant>,
    /// Where.
    pub join_source: Option<String>,
    /// The tier's word in the newest list.
    pub tier: Option<String>,
    /// The points' word in the newest list.
    pub points: Option<String>,
    /// Tags in the newest list.
    pub tags: Option<Vec<String>>,
    /// Stated to be under fourteen.
    pub under_14: Option<bool>,
}

impl Profile {
    /// The names of the fields that differ.
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        let mut out = Vec::new();
        macro_rules! compare {
            ($($field:ident)*) => {$(if self.$field != other.$field { out.push(stringify!($field)); })*};
        }
        compare!(name gender birthday age_band region joined_at join_source tier points tags under_14);
        out
    }
}

impl Birthday {
    /// As the store keeps it: `1990-05-01`, `--05-01` without a year, `L` behind lunar ones.
    pub fn to_text(self) -> String {
        let year = self.year.map_or_else(|| "-".to_owned(), |y| format!("{y:04}"));
        format!("{year}-{:02}-{:02}{}", self.month, self.day, if self.lunar { "L" } else { "" })
    }

    /// Reads what [`Birthday::to_text`] wrote; `None` for what is no day.
    pub fn from_text(text: &str) -> Option<Self> {
        let (text, lunar) = text.strip_suffix('L').map_or((text, false), |t| (t, true));
        let (year, rest) = match text.strip_prefix("--") {
            Some(rest) => (None, rest),
            None => {
                let (y, rest) = text.split_once('-')?;
                (Some(y.parse::<i16>().ok().filter(|y| (1900..=2100).contains(y))?), rest)
            }
        };
        let (month, day) = rest.split_once('-')?;
        Self { year, month: month.parse().ok()?, day: day.parse().ok()?, lunar }.checked()
    }

    /// The birthday, if there is such a day: lunar months have thirty days at most.
    pub fn checked(self) -> Option<Self> {
        if self.lunar {
            return ((1..=12).contains(&self.month) && (1..=30).contains(&self.day)).then_some(self);
        }
        // A leap year stands for an unknown year.
        jiff::civil::Date::new(self.year.unwrap_or(2000), self.month, self.day).ok().map(|_| self)
    }
}

/// Fields that a record states; null takes a field back.
pub(crate) type Stated = Map<String, Json>;

/// The fields that hints state.
pub(crate) fn stated(hints: &ProfileHints) -> Result<Stated> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Json| {
        if !value.is_null() {
            out.insert(name.to_owned(), value);
        }
    };
    put("name", serde_json::to_value(hints.name.as_deref().map(str::trim).filter(|n| !n.is_empty()))?);
    put("gender", serde_json::to_value(hints.gender)?);
    put("birthday", serde_json::to_value(hints.birthday.and_then(Birthday::checked))?);
    put("age_band", serde_json::to_value(&hints.age_band)?);
    put("region", serde_json::to_value(hints.region.as_ref().filter(|r| r.province.is_some() || r.city.is_some()))?);
    put("joined_at", serde_json::to_value(hints.joined_at)?);
    put("join_source", serde_json::to_value(&hints.join_source)?);
    put("tier", serde_json::to_value(&hints.tier)?);
    put("points", serde_json::to_value(&hints.points)?);
    put("tags", serde_json::to_value(&hints.tags)?);
    put("under_14", serde_json::to_value(hints.under_14)?);
    Ok(out)
}

/// One statement with what orders it.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub time: i64,
    pub source: String,
    pub record: Vec<u8>,
    pub fields: Stated,
}

/// Folds statements into a profile; tells when its region was stated. The order of `statements`
/// does not matter.
pub(crate) fn fold(statements: &[Statement]) -> Result<(Profile, Option<i64>)> {
    let mut sorted: Vec<&Statement> = statements.iter().collect();
    sorted.sort_by(|a, b| (a.time, &a.source, &a.record).cmp(&(b.time, &b.source, &b.record)));
    let mut fields = Map::new();
    let mut region_at = None;
    let mut joined: Option<(Instant, Json)> = None;
    for statement in sorted {
        for (name, value) in &statement.fields {
            fields.insert(name.clone(), value.clone());
            if name == "region" {
                region_at = Some(statement.time);
            }
        }
        if let Some(at) = statement.fields.get("joined_at").and_then(Json::as_str).and_then(|t| t.parse().ok())
            && joined.as_ref().is_none_or(|j| at < j.0)
        {
            joined = Some((at, statement.fields.get("join_source").cloned().unwrap_or(Json::Null)));
        }
    }
    let mut profile: Profile = serde_json::from_value(Json::Object(fields))?;
    if let Some((at, source)) = joined
        && profile.joined_at.is_some()
    {
        profile.joined_at = Some(at);
        if let Json::String(source) = source {
            profile.join_source = Some(source);
        }
    }
    Ok((profile, region_at))
}

/// Whether somebody born then is under fourteen now. Without a year nothing can be said.
pub fn under_fourteen(birthday: Option<Birthday>, stated: Option<bool>, today: jiff::civil::Date) -> bool {
    let by_birthday = birthday.and_then(|b| {
        let day = b.day.min(jiff::civil::Date::new(b.year?, b.month, 1).ok()?.days_in_month());
        let born = jiff::civil::Date::new(b.year?, b.month, day).ok()?;
        Some(born.checked_add(jiff::Span::new().years(14)).ok()? > today)
    });
    // Either statement is enough: a child is protected where the sources disagree.
    by_birthday.unwrap_or(false) || stated.unwrap_or(false)
}
