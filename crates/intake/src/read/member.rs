//! Members and customers.

use super::Cells;
use super::order::yes_no;
use crate::amount;
use crate::cell;
use crate::contact::{self, Phone};
use crate::field::Field as F;
use crate::reason::Reason;
use crate::record::{Canonical, Consent, MemberRecord};
use crate::when::{self, WhenError};

pub(super) fn read(c: &mut Cells<'_>) -> Option<(String, Canonical)> {
    let l = c.layout;
    let format = l.format.id;
    let mut m = MemberRecord {
        platform: super::order::platform(c),
        own_id: c.id(F::OwnId),
        customer_id: c.id(F::CustomerId),
        open_id: c.id(F::OpenId).filter(|s| !contact::is_masked(s)),
        nick: if format == "taobao_member_list" { c.id(F::Nick) } else { c.text(F::Nick).filter(|n| !cell::names_nobody(n)) },
        account_is_key: format == "taobao_member_list",
        name: c.text(F::Name),
        first_name: c.text(F::FirstName),
        last_name: c.text(F::LastName),
        tier: c.text(F::Tier),
        paid_tier: c.text(F::PaidTier),
        is_member: c.text(F::IsMember).and_then(|w| yes_no(&w)),
        source: c.text(F::Source),
        note: c.text(F::SellerMemo),
        shop_name: c.text(F::ShopName),
        province: c.text(F::Province),
        city: c.text(F::City),
        district: c.text(F::District).and_then(contact::district),
        currency: Some(c.currency),
        ..MemberRecord::default()
    };
    let phone_is_key = super::key_field(l) == Some(F::Phone);
    let strong_elsewhere = m.own_id.is_some() || m.customer_id.is_some() || m.open_id.is_some();
    if let Some(text) = c.phone(F::Phone) {
        let p = match contact::first_of_several(&text) {
            Some(first) => {
                c.mention("several_phones", F::Phone);
                contact::phone(first)
            }
            None => contact::phone(&text),
        };
        match &p {
            Phone::Bad(_) => c.reasons.push(Reason::of("bad_phone")),
            Phone::Masked(_) if phone_is_key && m.email_like(c).is_none() => {
                c.warnings.push(Reason::about("masked_phone", "weak_key_only"))
            }
            _ => {}
        }
        m.phone = Some(p);
    }
    if let Some(e) = c.text(F::Email).filter(|e| !cell::names_nobody(e)) {
        if contact::is_email(&e) {
            m.email = Some(e);
        } else if !contact::is_masked(&e) {
            c.reasons.push(Reason::of("bad_email"));
        }
    }
    birthday(c, &mut m);
    m.gender = c.text(F::Gender).and_then(|g| gender(&g));
    m.points = points(c, F::Points);
    m.growth = points(c, F::Growth);
    m.orders = c.count(F::Orders, "bad_quantity");
    if m.points.is_some_and(|p| p < 0) {
        c.reasons.push(Reason::of("negative_points"));
    }
    m.spent = c.amount(F::Spent);
    m.refunded = c.amount(F::Refund);
    m.balance = c.amount(F::Balance);
    m.last_order_at = c.time(F::LastOrderAt).map(|w| w.at);
    m.joined_at = c.time(F::JoinedAt).map(|w| w.at);
    m.member_since = c.time(F::MemberSince).map(|w| w.at);
    m.tags = c
        .text(F::Tags)
        .map(|t| t.split([',', ';', '，', '；', '、', '|']).map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect())
        .unwrap_or_default();
    m.consent_email = consent(c, F::ConsentEmail);
    m.consent_sms = consent(c, F::ConsentSms);
    if m.orders == Some(0) && m.spent.is_some_and(|s| s > 0) {
        c.warnings.push(Reason::of("count_zero_amount_positive"));
    }
    keys(c, &m, strong_elsewhere);
    let key = match format {
        "taobao_member_list" => m.nick.clone(),
        "youzan_customer_export" => m.phone.as_ref().map(|p| p.text().to_owned()),
        "shopify_customers_export" => m.customer_id.clone().or_else(|| m.email.clone()),
        _ => m
            .own_id
            .clone()
            .or_else(|| m.open_id.clone())
            .or_else(|| m.customer_id.clone())
            .or_else(|| m.phone.as_ref().map(|p| p.text().to_owned()))
            .or_else(|| m.email.clone())
            .or_else(|| m.nick.clone()),
    };
    Some((key.unwrap_or_default(), Canonical::Member(Box::new(m))))
}

impl MemberRecord {
    fn email_like(&self, c: &Cells<'_>) -> Option<String> {
        c.text(F::Email).filter(|e| contact::is_email(e))
    }
}

/// Which keys there are, and what is said where none is strong.
fn keys(c: &mut Cells<'_>, m: &MemberRecord, strong: bool) {
    let whole = matches!(m.phone, Some(Phone::Whole(_)));
    match c.layout.format.id {
        "taobao_member_list" => {
            if m.nick.is_none() {
                c.reasons.push(Reason::of("missing_key"));
            }
        }
        "shopify_customers_export" => {
            if m.customer_id.is_none() && m.email.is_none() && !whole {
                c.reasons.push(Reason::of("missing_key"));
            } else if m.email.is_none() && !whole && c.reasons.is_empty() {
                c.warnings.push(Reason::of("no_strong_key_but_platform_id"));
            }
        }
        _ => {
            let anything = strong || m.email.is_some() || m.phone.is_some() || m.nick.is_some() || m.name.is_some();
            if !anything {
                c.reasons.push(Reason::of("missing_key"));
            } else if !strong && m.email.is_none() && m.phone.is_none() {
                c.warnings.push(Reason::of("no_strong_key"));
            }
        }
    }
}

fn birthday(c: &mut Cells<'_>, m: &mut MemberRecord) {
    let Some(text) = c.text(F::Birthday).filter(|t| !cell::names_nobody(t) && !t.starts_with("0000")) else { return };
    match when::born(&text, c.layout.order_of(F::Birthday)) {
        Ok((day, lunar)) => {
            m.birthday_lunar = lunar;
            let (ty, tm, td) = when::day_at(c.now, 8 * 3600);
            let (y, mo, d) = (i64::from(day.0), i64::from(day.1), i64::from(day.2));
            // A lunar day lies at most two months before the day that other calendars call it.
            let late = if lunar { 2 } else { 0 };
            if (y, mo, d) > (ty, tm, td) {
                c.reasons.push(Reason::of("birthday_in_future"));
            } else if y != 0 && (y + 14, mo + late, d) > (ty, tm, td) {
                c.warnings.push(Reason::of("minor_under_14"));
                m.minor = true;
            }
            m.birthday = Some(day);
        }
        Err(WhenError::Impossible) => c.blame("impossible_date", F::Birthday),
        // The person is known without it.
        Err(WhenError::Bad) => c.mention("bad_date", F::Birthday),
        Err(WhenError::Ambiguous) => c.blame("ambiguous_date", F::Birthday),
    }
}

/// Points, which are whole: a cell that is not is said and left out, the person stays.
fn points(c: &mut Cells<'_>, f: F) -> Option<i64> {
    let text = c.text(f)?;
    let n = amount::whole(&text);
    if n.is_none() {
        c.mention("bad_points", f);
    }
    n
}

fn gender(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "男" | "男性" | "先生" | "male" | "m" | "man" => Some("male"),
        "女" | "女性" | "女士" | "小姐" | "female" | "f" | "woman" => Some("female"),
        "其他" | "其它" | "other" => Some("other"),
        _ => None,
    }
}

fn consent(c: &mut Cells<'_>, f: F) -> Consent {
    match c.text(f) {
        None => Consent::NotTold,
        Some(w) => match yes_no(&w) {
            Some(true) => Consent::Yes,
            Some(false) => Consent::No,
            None => {
                c.warnings.push(Reason::of("consent_unknown"));
                Consent::Unclear
            }
        },
    }
}
