//! `/reports/settlement`: the sums, the differing orders, the tables as files.

use axum::Json;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_http::{App, Call, Cursor, MoneyDto, Page, Paging, Permission, Problem, Query, Reply};
use shuke_kernel::{Code, Ctx, Currency, Error, Instant, Kind};
use shuke_members::MemberId;
use shuke_sheets::{Format, Style, Writer};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::judge::Reason;
use super::service::{self, Asked, Part, Place, Row, Window};
use super::sums::{Adder, Settlement};
use super::tables;
use crate::order::OrderId;
use crate::wire::{UNKNOWN_WORD, maybe, money};

/// The window is none.
pub static WINDOW: Code = Code {
    code: "settlement.window",
    kind: Kind::Invalid,
    zh: "时间范围有误：from 要早于 to，时区要是 IANA 名称（例如 Asia/Shanghai）。",
    en: "The window is none: `from` is before `to`, and the zone an IANA name such as Asia/Shanghai.",
};
/// There is no such table.
pub static UNKNOWN_TABLE: Code = Code {
    code: "settlement.unknown_table",
    kind: Kind::Invalid,
    zh: "收款对账没有名为 {table} 的表。可用：{known}。",
    en: "The settlement report has no table `{table}`: it has {known}.",
};

/// Pages of orders looked at for one page of differing ones.
const LOOKS: usize = 20;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(settlement_report)).routes(routes!(list_settlement_orders)).routes(routes!(export_settlement_table))
}

/// What is reconciled.
#[derive(Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SettlementQuery {
    /// Orders placed on that day or later. Default: twelve months before `to`.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Orders placed before that day. Default: tomorrow.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// On that platform.
    platform: Option<String>,
    /// Of that shop, as the orders tell it.
    shop: Option<String>,
    /// The currency. Default: the merchant's.
    #[param(pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// An IANA zone. Default: the merchant's.
    zone: Option<String>,
}

/// Which of the differing orders.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SettlementOrderQuery {
    /// At most so many items: 1 to 200, 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
    /// Only those that differ for this reason.
    reason: Option<String>,
    /// `differs`: a file gives a figure that is not what was expected. `untold`: no file gives one. Both unless given.
    part: Option<String>,
    /// Orders placed on that day or later. Default: twelve months before `to`.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Orders placed before that day. Default: tomorrow.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// On that platform.
    platform: Option<String>,
    /// Of that shop, as the orders tell it.
    shop: Option<String>,
    /// The currency. Default: the merchant's.
    #[param(pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// An IANA zone. Default: the merchant's.
    zone: Option<String>,
}

/// A table of it.
#[derive(Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SettlementTableQuery {
    /// `by_platform_month` (default), `platforms`, `by_platform` (and shop), `by_month`, `reasons` or `total`.
    table: Option<String>,
    /// `csv` (default), `xlsx` or `parquet`.
    format: Option<String>,
    /// Orders placed on that day or later. Default: twelve months before `to`.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Orders placed before that day. Default: tomorrow.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// On that platform.
    platform: Option<String>,
    /// Of that shop, as the orders tell it.
    shop: Option<String>,
    /// The currency. Default: the merchant's.
    #[param(pattern = "^[A-Z]{3}$")]
    currency: Option<String>,
    /// An IANA zone. Default: the merchant's.
    zone: Option<String>,
}

/// Why an order differs, and by how much.
#[derive(Serialize, Deserialize, ToSchema)]
struct SettlementReason {
    /// Its word.
    #[schema(example = "refund_after_payout")]
    reason: String,
    /// In words.
    text: String,
    /// Its part of the difference.
    amount: MoneyDto,
}

/// An order whose settlement is not what was expected.
#[derive(Serialize, Deserialize, ToSchema)]
struct SettlementOrder {
    #[schema(value_type = String, example = "ord_01kc…")]
    order: OrderId,
    order_no: String,
    platform: String,
    shop: Option<String>,
    state: String,
    #[schema(value_type = Option<String>)]
    member: Option<MemberId>,
    #[schema(value_type = String, format = DateTime)]
    placed_at: Instant,
    #[schema(value_type = Option<String>, format = DateTime)]
    completed_at: Option<Instant>,
    /// What was to be received.
    expected: MoneyDto,
    /// What the file says was; `null` where none does.
    settled: Option<MoneyDto>,
    /// Settled less expected; the reasons' amounts add up to it.
    difference: MoneyDto,
    /// `differs`: a file gives a figure that is not what was expected; `untold`: no file gives one.
    part: String,
    reasons: Vec<SettlementReason>,
}

impl SettlementOrder {
    fn of(row: Row, currency: Currency, zh: bool) -> Self {
        let (difference, part) = (row.judged.difference(), row.part().word().to_owned());
        let reason = |(r, amount): (Reason, i64)| SettlementReason {
            reason: r.word().to_owned(),
            text: r.text(zh).to_owned(),
            amount: money(amount, currency),
        };
        Self {
            order: row.order,
            order_no: row.order_no,
            platform: row.platform,
            shop: row.shop,
            state: row.state,
            member: row.member,
            placed_at: row.placed_at,
            completed_at: row.completed_at,
            expected: money(row.judged.expected, currency),
            settled: maybe(row.judged.settled, currency),
            difference: money(difference, currency),
            part,
            reasons: row.judged.reasons.into_iter().map(reason).collect(),
        }
    }
}

/// The window that is asked for, with what is left open taken from the merchant.
async fn window(call: &Call, cx: &Ctx, q: &SettlementQuery) -> Result<Window, Problem> {
    let merchant = call.read(cx, |tx, cx| merchants::get(tx, cx.merchant)).await?;
    let zone = q.zone.clone().unwrap_or(merchant.zone);
    let days = shuke_kernel::Zone::named(&zone).ok_or_else(|| Problem::from(WINDOW.at("zone")))?;
    let (from, to) = Window::year_to(days.day(cx.now));
    let to = q.to.unwrap_or(to);
    let from = q.from.unwrap_or_else(|| if q.to.is_some() { Window::year_to(to.yesterday().unwrap_or(to)).0 } else { from });
    let currency = match &q.currency {
        Some(code) => code.parse().map_err(|e: String| Problem::invalid("query", "currency", e))?,
        None => merchant.currency,
    };
    if from >= to {
        return Err(WINDOW.at("from").into());
    }
    Ok(Window { from, to, zone, currency })
}

fn asked(window: &Window, q: &SettlementQuery) -> Result<(shuke_kernel::Zone, Asked), Problem> {
    let found = window.asked(q.platform.as_deref().unwrap_or_default(), q.shop.as_deref().unwrap_or_default());
    found.ok_or_else(|| Problem::from(WINDOW.at("from")))
}

/// The sums, page by page: no transaction is long, and memory holds one page.
async fn sums(call: &Call, cx: &Ctx, q: &SettlementQuery) -> Result<Settlement, Problem> {
    let window = window(call, cx, q).await?;
    let (zone, asked) = asked(&window, q)?;
    let mut adder = Adder::default();
    let mut after: Option<Place> = None;
    loop {
        let (inner, from) = (asked.clone(), after);
        let page = call.read(cx, move |tx, cx| service::page(tx, cx, &inner, from)).await?;
        after = page.next;
        adder.take(&zone, page);
        if after.is_none() {
            return Ok(adder.done(window, cx.now, call.lang.is_zh()));
        }
    }
}

/// What the platforms settled, beside what the orders say that was to be received: sums by platform, shop and month, and what explains the differences.
#[utoipa::path(get, path = "/reports/settlement", operation_id = "settlement_report", tag = "reports", params(SettlementQuery),
    responses((status = 200, body = Settlement)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn settlement_report(call: Call, Query(q): Query<SettlementQuery>) -> Reply<Settlement> {
    let cx = call.allow(Permission::OrdersRead)?;
    Ok(Json(sums(&call, &cx, &q).await?))
}

fn after(paging: &Paging) -> Result<Option<Place>, Problem> {
    if paging.after.is_empty() {
        return Ok(None);
    }
    Ok(Some((Instant(paging.int(0, 0)?), paging.id(1, [0; 16])?)))
}

/// Orders whose settlement differs, newest first, with the reasons in words. A page that had to look at many orders may hold fewer than `limit`, while `next_cursor` tells that there is more to look through.
#[utoipa::path(get, path = "/reports/settlement/orders", operation_id = "list_settlement_orders", tag = "reports", params(SettlementOrderQuery),
    responses((status = 200, body = Page<SettlementOrder>)), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn list_settlement_orders(call: Call, Query(q): Query<SettlementOrderQuery>) -> Reply<Page<SettlementOrder>> {
    let cx = call.allow(Permission::OrdersRead)?;
    let paging = Paging::new(q.limit, q.cursor.as_deref())?;
    let reason = match q.reason.as_deref().filter(|r| !r.is_empty()) {
        None => None,
        Some(word) => Some(Reason::from_word(word).ok_or_else(|| Problem::from(UNKNOWN_WORD.at("reason").with("word", word)))?),
    };
    let part = match q.part.as_deref().filter(|p| !p.is_empty()) {
        None => None,
        Some(word) => Some(Part::from_word(word).ok_or_else(|| Problem::from(UNKNOWN_WORD.at("part").with("word", word)))?),
    };
    let of = SettlementQuery { from: q.from, to: q.to, platform: q.platform, shop: q.shop, currency: q.currency, zone: q.zone };
    let window = window(&call, &cx, &of).await?;
    let (_, asked) = asked(&window, &of)?;
    let limit = usize::try_from(paging.limit).unwrap_or_default();
    let mut place = after(&paging)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut next = None;
    for look in 0..LOOKS {
        let (inner, from) = (asked.clone(), place);
        let page = call.read(&cx, move |tx, cx| service::page(tx, cx, &inner, from)).await?;
        rows.extend(page.rows.into_iter().filter(|row| row.is_in(part, reason)));
        (place, next) = (page.next, page.next);
        if rows.len() > limit {
            rows.truncate(limit);
            next = rows.last().map(|r| (r.placed_at, *r.order.bytes()));
            break;
        }
        if place.is_none() || look + 1 == LOOKS || rows.len() == limit {
            break;
        }
    }
    let zh = call.lang.is_zh();
    let next_cursor = next.map(|(at, id)| Cursor::encode(&[at.into(), id.into()]));
    Ok(Json(Page { items: rows.into_iter().map(|r| SettlementOrder::of(r, window.currency, zh)).collect(), next_cursor }))
}

/// A table of the settlement report as CSV, XLSX or Parquet, whole.
#[utoipa::path(get, path = "/reports/settlement/export", operation_id = "export_settlement_table", tag = "reports", params(SettlementTableQuery),
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet")))), security(("staff" = ["orders:read"]), ("key" = ["orders:read"])))]
async fn export_settlement_table(call: Call, Query(q): Query<SettlementTableQuery>) -> Result<impl IntoResponse, Problem> {
    let cx = call.allow(Permission::OrdersRead)?;
    let format = match q.format.as_deref() {
        None | Some("") => Format::Csv,
        Some(word) => Format::named(word).ok_or_else(|| Problem::invalid("query", "format", "format is csv, xlsx or parquet"))?,
    };
    let name = q.table.unwrap_or_else(|| tables::TABLES[0].to_owned());
    if !tables::TABLES.contains(&name.as_str()) {
        return Err(UNKNOWN_TABLE.with("table", name).with("known", tables::TABLES.join(", ")).at("table").into());
    }
    let of = SettlementQuery { from: q.from, to: q.to, platform: q.platform, shop: q.shop, currency: q.currency, zone: q.zone };
    let answer = sums(&call, &cx, &of).await?;
    let style = Style { zh: call.lang.is_zh(), zone: shuke_kernel::Zone::named(&answer.zone).unwrap_or_else(shuke_kernel::Zone::shanghai) };
    let body = write(&answer, &name, format, style).map_err(|e| Problem::from(Error::fault(e)))?;
    let last = answer.to.yesterday().unwrap_or(answer.to);
    let file = format!("attachment; filename=\"settlement-{name}-{}-{last}.{}\"", answer.from, format.word());
    Ok(([(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, file)], body))
}

fn write(answer: &Settlement, name: &str, format: Format, style: Style) -> std::io::Result<Vec<u8>> {
    let (sheet, rows) = tables::table(answer, name, style.zh).ok_or_else(|| std::io::Error::other("no such table"))?;
    let mut file = Writer::new(Vec::new(), format, style);
    file.begin(&sheet)?;
    rows.iter().try_for_each(|row| file.row(row))?;
    Ok(file.finish()?.0)
}
