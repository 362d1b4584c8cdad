//! `/weather`: what files told of the weather, by region and day.

use axum::Json;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Call, Cursor, Page, Paging, Permission, Problem, Query, Reply};
use shuke_kernel::civil::{date_of, day_of};
use shuke_kernel::place::{self, Meant, Place};
use shuke_kernel::{Code, Kind};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Said, list};

/// There is no such region.
pub static UNKNOWN_REGION: Code = Code {
    code: "weather.unknown_region",
    kind: Kind::Invalid,
    zh: "没有叫“{region}”的省或市。请写省份、省份加城市（浙江杭州），或六位行政区划代码。",
    en: "There is no province or city {region}. Write a province, a province with its city (Hangzhou, Zhejiang), or a six-digit code.",
};
/// Several regions have this name.
pub static SEVERAL_REGIONS: Code = Code {
    code: "weather.several_regions",
    kind: Kind::Invalid,
    zh: "不止一个地方叫“{region}”。请加上省份，或改用六位行政区划代码。",
    en: "Several places are called {region}. Add the province, or use the six-digit code.",
};

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_weather))
}

/// Where and when.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WeatherQuery {
    /// A province with its cities, or one city: its Chinese or English name, or its code.
    region: Option<String>,
    /// That day or later.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Before that day.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The weather of a day in a province, or in a city of it.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Weather)]
struct WeatherOut {
    /// By the shop's clock.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// Its short name.
    #[schema(example = "浙江")]
    province: String,
    /// Its short name; `null`: the whole province.
    #[schema(example = "杭州")]
    city: Option<String>,
    /// `clear`, `cloudy`, `fog`, `rain`, `snow` or `extreme`: the worst that was told of the day.
    condition: Option<String>,
    /// The highest temperature, degrees Celsius.
    high: Option<f64>,
    /// The lowest.
    low: Option<f64>,
    /// Rain and melted snow, millimetres.
    rain: Option<f64>,
}

fn date(day: i64) -> Date {
    let (year, month, day) = date_of(day);
    let narrow = |n: i64| i8::try_from(n).unwrap_or(1);
    Date::new(i16::try_from(year).unwrap_or(i16::MAX), narrow(month), narrow(day)).unwrap_or(Date::MAX)
}

fn tenths(of: i64) -> f64 {
    of as f64 / 10.0
}

fn number(day: Date) -> i64 {
    day_of(day.year().into(), day.month().into(), day.day().into())
}

impl From<Said> for WeatherOut {
    fn from(said: Said) -> Self {
        Self {
            day: date(said.day),
            province: said.province,
            city: Some(said.city).filter(|c| !c.is_empty()),
            condition: said.condition.map(|c| c.word().to_owned()),
            high: said.high.map(tenths),
            low: said.low.map(tenths),
            rain: said.rain.map(tenths),
        }
    }
}

fn region(text: &str) -> Result<Place, Problem> {
    match place::find(text) {
        Meant::One(place) => Ok(place),
        Meant::Several => Err(SEVERAL_REGIONS.with("region", text).at("region").into()),
        Meant::None => Err(UNKNOWN_REGION.with("region", text).at("region").into()),
    }
}

/// The weather that imported files told, by day, province and city; where several told of one, what the last of them says.
#[utoipa::path(get, path = "/weather", operation_id = "list_weather", tag = "weather", params(WeatherQuery),
    responses((status = 200, body = Page<WeatherOut>)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn list_weather(call: Call, Query(q): Query<WeatherQuery>) -> Reply<Page<WeatherOut>> {
    let cx = call.allow(Permission::OrdersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let asked = Asked {
        place: q.region.as_deref().filter(|r| !r.trim().is_empty()).map(region).transpose()?,
        from: q.from.map_or(i64::MIN, number),
        to: q.to.map_or(i64::MAX, number),
        after: (paging.int(0, i64::MIN)?, paging.text(1, "")?, paging.text(2, "")?),
        limit: paging.fetch(),
    };
    let mut found = call.read(&cx, move |tx, cx| list(tx, cx, &asked)).await?;
    let limit = usize::try_from(paging.limit).unwrap_or_default();
    let more = found.len() > limit;
    found.truncate(limit);
    let next_cursor =
        found.last().filter(|_| more).map(|l| Cursor::encode(&[l.day.into(), l.province.as_str().into(), l.city.as_str().into()]));
    Ok(Json(Page { items: found.into_iter().map(WeatherOut::from).collect(), next_cursor }))
}
