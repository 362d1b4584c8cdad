//! Members: what their list shows, masked, or with identifiers in clear.

use serde_json::Value as Json;
use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_members::identity::{Gender, KeyKind};
use shuke_members::profile::card::{self, Card};
use shuke_members::profile::clear::{self, Clear};
use shuke_members::profile::{list, words};
use shuke_sheets::{Cell, Field, Kind, Sheet};
use shuke_store::Tx;

use super::{Page, place, told};
use crate::model::MemberFilter;

const PAGE: usize = 400;

const FIELDS: &[Field] = &[
    Field::new("id", "会员编号", Kind::Text),
    Field::new("name", "姓名", Kind::Text),
    Field::new("phone", "手机号", Kind::Text),
    Field::new("email", "邮箱", Kind::Text),
    Field::new("account", "平台账号", Kind::Text),
    Field::new("external_source", "外部系统", Kind::Word),
    Field::new("external_id", "外部编号", Kind::Text),
    Field::new("gender", "性别", Kind::Word),
    Field::new("birthday", "生日", Kind::Text),
    Field::new("age_band", "年龄段", Kind::Word),
    Field::new("province", "省份", Kind::Word),
    Field::new("city", "城市", Kind::Word),
    Field::new("joined_at", "入会时间", Kind::Time),
    Field::new("join_source", "入会来源", Kind::Word),
    Field::new("tier", "等级", Kind::Word),
    Field::new("points", "积分", Kind::Text),
    Field::new("tags", "标签", Kind::Text),
    Field::new("stated_tags", "来源标签", Kind::Text),
    Field::new("orders", "成交订单数", Kind::Int),
    Field::new("net_paid", "净实付", Kind::Money),
    Field::new("currency", "币种", Kind::Word),
    Field::new("last_order_at", "最近成交时间", Kind::Time),
    Field::new("first_seen_at", "首次出现时间", Kind::Time),
    Field::new("created_at", "建档时间", Kind::Time),
];

pub(super) fn sheet() -> Sheet {
    Sheet { name: "members".into(), zh: "会员".into(), fields: FIELDS.into() }
}

pub(super) fn total(tx: &mut Tx<'_>, cx: &Ctx) -> Result<i64> {
    Ok(list::count(tx, cx, Instant(i64::MAX))?.0)
}

pub(super) fn page(tx: &mut Tx<'_>, cx: &Ctx, asked: &MemberFilter, in_clear: bool, after: &Json) -> Result<Page> {
    let filter = list::Filter {
        query: told(asked.query.as_ref()).unwrap_or_default(),
        platform: words::platform(told(asked.platform.as_ref())),
        has_phone: asked.has_phone,
        gender: words::gender(told(asked.gender.as_ref()), "filter.gender")?,
        province: words::province(told(asked.province.as_ref())),
        tags: asked.tags.clone(),
    };
    let found = list::page(tx, cx, &filter, place(after)?, PAGE)?;
    let next = super::next(true, found.next)?;
    let ids: Vec<MemberId> = found.ids;
    let mut clear = if in_clear { clear::clear(tx, cx, &ids)? } else { Default::default() };
    let rows = card::cards(tx, cx, &ids)?.into_iter().map(|card| row(clear.remove(&card.id), card)).collect();
    Ok(Page { sheets: vec![rows], next })
}

fn row(clear: Option<Clear>, card: Card) -> Vec<Cell> {
    let account = card.keys.iter().find(|k| k.kind == KeyKind::AccountName).map(|k| k.value.clone());
    let shown = Some(card.display_name).filter(|n| !n.is_empty());
    let seen = clear.unwrap_or(Clear { name: shown, phone: card.phone, email: card.email, account });
    let (p, totals) = (card.profile, card.totals);
    let (province, city) = p.region.map_or((None, None), |r| (r.province, r.city));
    let gender = p.gender.map(|g| match g {
        Gender::Female => "female",
        Gender::Male => "male",
        Gender::Other => "other",
    });
    let (source, external) = card.external.map_or((None, None), |(s, i)| (Some(s), Some(i)));
    let money = (totals.orders > 0).then_some(totals.net_paid);
    vec![
        card.id.to_string().into(),
        seen.name.into(),
        seen.phone.into(),
        seen.email.into(),
        seen.account.into(),
        source.into(),
        external.into(),
        gender.into(),
        p.birthday.map(|b| b.to_text()).into(),
        p.age_band.into(),
        province.into(),
        city.into(),
        p.joined_at.into(),
        p.join_source.into(),
        p.tier.into(),
        p.points.into(),
        Some(card.tags.iter().map(|t| t.name.as_str()).collect::<Vec<_>>().join("、")).filter(|t| !t.is_empty()).into(),
        p.tags.filter(|t| !t.is_empty()).map(|t| t.join("、")).into(),
        totals.orders.into(),
        money.into(),
        Some(totals.currency).filter(|c| !c.is_empty()).into(),
        totals.last_order_at.into(),
        card.first_seen.into(),
        card.created_at.into(),
    ]
}
