//! Member lists: Taobao's (one exported a year and more ago, one on the last day), Youzan's, and
//! that of the shop's own cards.

use std::io;
use std::path::Path;

use super::{Sheet, Text};
use crate::calendar::{self, DAY};
use crate::make::Plan;
use crate::order::{Order, State};
use crate::person::{Account, Case, Person, Platform};
use crate::rng::Rng;
use crate::words::masked_phone;

const TAOBAO: &str = "会员昵称,会员等级,交易总额(元),交易笔数,平均客单价(元),最近交易时间,关闭交易笔数,关闭交易金额(元),宝贝件数,分组,省份,城市,性别,生日,手机号,入会时间,会员来源,积分,备注,";
const YOUZAN: &str = "客户姓名,客户昵称,客户手机号,客户生日,客户性别,标签,是否会员,成长值,免费等级,付费等级,权益卡,客户积分,客户储值余额,消费次数,消费金额,累计退款金额,累计退款订单数,笔单价,上次消费时间,分销员,导购员,企微好友,来源渠道,来源方式,成为客户时间,成为会员时间,成为会员店铺,公众号,公众号关注时间,最近浏览时间,微信地域,所属区域,指定时间消费次数,指定时间消费金额,";
const CARDS: &str = "会员编号,姓名,手机号,性别,生日,省份,城市,办卡时间,会员来源,积分";

/// What people said when they were asked at the till or on the parcel card whether they would be written to.
const CONSENTS: &str = "姓名,手机号,接受短信营销,会员来源";

/// How long before the last day the earlier list was exported, in days.
pub const EARLIER: i64 = 430;

/// Begins a Taobao list.
pub fn taobao(path: &Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Gb, TAOBAO, "\r\n")
}

/// Begins a Youzan list.
pub fn youzan(path: &Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Utf8, YOUZAN, "\n")
}

/// Begins the list of own cards.
pub fn cards(path: &Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Marked, CARDS, "\r\n")
}

/// Begins the list of who may be written to.
pub fn consents(path: &Path) -> io::Result<Sheet> {
    Sheet::begin(path, Text::Marked, CONSENTS, "\r\n")
}

/// What an account had done by some day.
#[derive(Default)]
struct Sum {
    orders: i64,
    spent: i64,
    refunded: i64,
    refunds: i64,
    closed: i64,
    closed_fen: i64,
    pieces: i64,
    first: Option<i64>,
    last: Option<i64>,
}

fn sum(orders: &[Order], account: usize, by: i64) -> Sum {
    let mut s = Sum::default();
    for o in orders.iter().filter(|o| o.account == account && o.at < by) {
        if let Some(paid_at) = o.paid_at.filter(|t| *t < by) {
            s.first = s.first.or(Some(paid_at));
            s.last = Some(paid_at);
        }
        match o.state {
            State::Completed => {
                s.orders += 1;
                s.spent += o.due - o.refund.1;
                s.pieces += o.lines.iter().map(|l| l.quantity).sum::<i64>();
            }
            State::Unpaid | State::Returned => {
                s.closed += 1;
                s.closed_fen += o.due;
            }
            _ => {}
        }
        s.refunded += o.refund.1;
        s.refunds += i64::from(o.refund.1 > 0);
    }
    s
}

fn day((y, m, d): (i64, u8, u8)) -> String {
    format!("{y:04}-{m:02}-{d:02}")
}

fn place(person: &Person) -> (&'static str, &'static str) {
    let h = &person.home;
    (h.province.trim_end_matches('省'), h.city.trim_end_matches('市'))
}

/// Writes a person's Taobao accounts that had joined by then. `now` is when the list is exported.
pub fn write_taobao(sheet: &mut Sheet, plan: &Plan, person: &Person, orders: &[Order], now: i64) -> io::Result<()> {
    for (n, account) in person.accounts.iter().enumerate() {
        if account.platform == Platform::Taobao && account.listed && !account.hidden(plan) {
            taobao_row(sheet, plan, person, account, &sum(orders, n, now), now)?;
        }
    }
    Ok(())
}

fn taobao_row(sheet: &mut Sheet, plan: &Plan, person: &Person, account: &Account, s: &Sum, now: i64) -> io::Result<()> {
    let Some(first) = s.first else { return Ok(()) };
    let rng = &mut Rng::of(&[plan.seed, 6, person.index]);
    let joined = (first + rng.between(60, 5 * DAY)).min(now - 1);
    let phone = person.phone_at(now - 1);
    let phone = if account.phone_shown { phone.to_owned() } else { masked_phone(phone) };
    let (tells_gender, tells_birthday) = (rng.chance(0.7), rng.chance(0.5));
    let tier = match s.spent {
        0..20_000 => "店铺客户",
        20_000..80_000 => "普通会员",
        80_000..200_000 => "高级会员",
        200_000..500_000 => "VIP会员",
        _ => "至尊VIP会员",
    };
    let (province, city) = place(person);
    sheet.row(|r| {
        r.cells(&[account.name_at(now - 1), tier]).yuan(s.spent).number(s.orders).yuan(if s.orders > 0 { s.spent / s.orders } else { 0 });
        r.time_or(s.last, "null", "").number(s.closed).yuan(s.closed_fen).number(s.pieces).cell(if s.orders > 4 {
            "老客户"
        } else {
            ""
        });
        r.cells(&[
            province,
            city,
            if !tells_gender {
                "未知"
            } else if person.female {
                "女"
            } else {
                "男"
            },
        ]);
        r.cell(&if tells_birthday { day(person.born) } else { "null".to_owned() }).parts(&["'", &phone]).time(Some(joined));
        r.cell("交易成功").number(s.spent / 100).cells(&["", ""]);
    })
}

/// Writes a person's Youzan account.
pub fn write_youzan(sheet: &mut Sheet, plan: &Plan, person: &Person, orders: &[Order]) -> io::Result<()> {
    let Some(n) = person.accounts.iter().position(|a| a.platform == Platform::Youzan) else { return Ok(()) };
    let account = &person.accounts[n];
    let (s, rng, until) = (sum(orders, n, plan.end_second()), &mut Rng::of(&[plan.seed, 7, person.index]), plan.until_second());
    if account.hidden(plan) || (s.first.is_none() && !person.looks_only) {
        return Ok(());
    }
    let since = match s.first {
        Some(first) => first - rng.between(300, 3 * DAY),
        None => until - rng.between(DAY, 700 * DAY),
    };
    let member = rng.chance(0.8);
    let (tells_birthday, (province, city)) = (rng.chance(0.4), place(person));
    sheet.row(|r| {
        r.cells(&[if member { &person.name } else { "" }, &account.name, &person.phone]);
        r.cell(&if tells_birthday { day(person.born) } else { " ".to_owned() }).cell(if person.female { "女" } else { "男" });
        r.cells(&[if s.orders > 3 { "老客户" } else { "" }, if member { "是" } else { "否" }]).number(s.orders * 10).cells(&[
            if member { "VIP1" } else { "" },
            "",
            " ",
        ]);
        r.number(s.spent / 100).cell("0.00").number(s.orders).yuan(s.spent).yuan(s.refunded).number(s.refunds).yuan(if s.orders > 0 {
            s.spent / s.orders
        } else {
            0
        });
        r.time(s.last).cells(&["", "", "否", "微信小程序", "登录创建客户"]).time(Some(since)).time(member.then_some(since)).empty(4);
        r.cells(&[province, city]).empty(3);
    })
}

/// Writes a person's own card.
pub fn write_card(sheet: &mut Sheet, plan: &Plan, person: &Person) -> io::Result<()> {
    let Some(card) = person.card.as_ref().filter(|c| c.since < plan.end_second()) else { return Ok(()) };
    let phone = person.phone_at(card.since);
    let (province, city) = place(person);
    sheet.row(|r| {
        r.cells(&[&card.no, &person.name, phone, if person.female { "女" } else { "男" }, &day(person.born), province, city]);
        r.time(Some(card.since)).cell("门店").number(card.since / DAY % 400);
    })
}

/// Writes what a person said of marketing by SMS, if the shop has their phone and they were asked.
pub fn write_consent(sheet: &mut Sheet, plan: &Plan, person: &Person) -> io::Result<()> {
    let told = |a: &Account| a.phone_shown || a.platform == Platform::Youzan && !a.hidden(plan);
    let rng = &mut Rng::of(&[plan.seed, 9, person.index]);
    let agrees = match rng.unit() {
        u if u < 0.7 => "是",
        u if u < 0.82 => "否",
        _ => return Ok(()),
    };
    // The list bears no date, so whose number changed hands is not in it: it would name the wrong one.
    let is_known = person.card.is_some() || person.accounts.iter().any(told);
    if person.case != Case::Plain || !is_known {
        return Ok(());
    }
    sheet.row(|r| {
        r.cells(&[&person.name, person.phone_at(plan.end_second() - 1), agrees, "包裹卡"]);
    })
}

/// The day on which the earlier list was exported.
pub fn earlier(plan: &Plan) -> i64 {
    plan.until_second() - EARLIER * DAY
}

/// `20261124` of that time.
pub fn stamp(at: i64) -> String {
    calendar::show_day(at.div_euclid(DAY)).replace('-', "")
}
