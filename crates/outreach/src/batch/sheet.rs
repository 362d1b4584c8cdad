//! The sheets of the destinations, written while they are sent: rows are stamped step by step as they
//! go out, and nothing of the file lies anywhere.

use std::io::Write;

use md5::Md5;
use sha2::{Digest, Sha256};
use shuke_kernel::{Ctx, Error, Result, Zone};
use shuke_members::identity::Gender;
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer, Written};
use shuke_store::{Lane, Store};

use super::hand::{self, Export, Given};
use super::model::{Destination, Spec};

const fn text(name: &'static str, zh: &'static str) -> Field {
    Field::new(name, zh, Kind::Text)
}

fn variable(name: &str) -> Field {
    match name {
        "gender" => Field::new("gender", "性别", Kind::Word),
        "province" => Field::new("province", "省份", Kind::Word),
        "city" => Field::new("city", "城市", Kind::Word),
        "tier" => Field::new("tier", "等级", Kind::Word),
        "points" => text("points", "积分"),
        _ => text("name", "姓名"),
    }
}

/// The columns of a destination that name whom.
fn whom(destination: Destination) -> Vec<Field> {
    match destination {
        Destination::Sms => vec![text("phone", "手机号"), text("name", "姓名")],
        Destination::Wecom => vec![text("member", "会员编号"), text("name", "姓名"), text("wechat", "微信标识")],
        Destination::Wangwang => vec![text("member", "会员编号"), text("account", "旺旺号"), text("name", "姓名")],
        Destination::Ads => vec![text("phone_md5", "手机号MD5"), text("phone_sha256", "手机号SHA256"), text("open_id", "OpenID")],
        Destination::Parcel => vec![text("member", "会员编号"), text("name", "姓名"), text("phone", "手机号")],
        Destination::Webhook => vec![text("member", "会员编号")],
    }
}

fn variables(destination: Destination, spec: &Spec) -> Vec<&str> {
    let named = |f: &Field, v: &str| f.name == v;
    let there = whom(destination);
    let wanted = spec.variables.iter().map(String::as_str).filter(|v| !there.iter().any(|f| named(f, v)));
    if destination == Destination::Ads { Vec::new() } else { wanted.collect() }
}

/// The sheet of a destination.
pub fn sheet(export: &Export) -> Sheet {
    let (destination, spec) = (export.batch.destination, &export.batch.spec);
    let mut fields = whom(destination);
    fields.extend(variables(destination, spec).into_iter().map(variable));
    if signature(export).is_some() {
        fields.push(text("signature", "短信签名"));
    }
    if export.link_base.is_some() {
        fields.push(text("link", "短链"));
    }
    if spec.with_codes {
        fields.push(text("code", "券码"));
    }
    if spec.coupon_link.is_some() && destination != Destination::Ads {
        fields.push(text("coupon_link", "领券链接"));
    }
    fields.push(text("batch", "批次"));
    fields.push(Field::new("repeat", "重复导出", Kind::Bool));
    if matches!(destination, Destination::Wecom | Destination::Wangwang) {
        fields.push(text("status", "状态"));
        fields.push(text("reply", "回复"));
    }
    Sheet { name: "batch".into(), zh: "批次".into(), fields: fields.into() }
}

/// The signature of a text message, without brackets as providers take it; other destinations have none.
fn signature(export: &Export) -> Option<&str> {
    export.batch.spec.signature.as_deref().filter(|_| export.batch.destination == Destination::Sms)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A row of the sheet.
pub fn row(export: &Export, g: Given) -> Vec<Cell> {
    let (destination, spec) = (export.batch.destination, &export.batch.spec);
    let mut cells: Vec<Cell> = Vec::new();
    let (reach, member) = (g.reach, g.member.to_string());
    let wanted = variables(destination, spec).into_iter().map(|v| match v {
        "gender" => reach
            .profile
            .gender
            .map(|g| match g {
                Gender::Female => "female",
                Gender::Male => "male",
                Gender::Other => "other",
            })
            .into(),
        "province" => reach.profile.region.as_ref().and_then(|r| r.province.clone()).into(),
        "city" => reach.profile.region.as_ref().and_then(|r| r.city.clone()).into(),
        "tier" => reach.profile.tier.clone().into(),
        "points" => reach.profile.points.clone().into(),
        _ => reach.name.clone().into(),
    });
    let wanted: Vec<Cell> = wanted.collect();
    match destination {
        Destination::Sms => cells.extend([Cell::from(reach.phone), reach.name.into()]),
        Destination::Wecom => cells.extend([Cell::from(member), reach.name.into(), reach.wechat.into()]),
        Destination::Wangwang => cells.extend([Cell::from(member), reach.taobao.into(), reach.name.into()]),
        Destination::Ads => {
            let phone = reach.phone.as_deref().map(str::as_bytes);
            let (md5, sha) = (phone.map(|p| hex(&Md5::digest(p))), phone.map(|p| hex(&Sha256::digest(p))));
            cells.extend([Cell::from(md5), sha.into(), reach.open_id.into()]);
        }
        Destination::Parcel => cells.extend([Cell::from(member), reach.name.into(), reach.phone.or(reach.receiver_phone).into()]),
        Destination::Webhook => cells.push(member.into()),
    }
    cells.extend(wanted);
    if let Some(signature) = signature(export) {
        cells.push(signature.into());
    }
    if let Some(base) = &export.link_base {
        cells.push(g.link.map(|code| format!("{base}/s/{code}")).into());
    }
    if spec.with_codes {
        cells.push(g.code.into());
    }
    if spec.coupon_link.is_some() && destination != Destination::Ads {
        cells.push(spec.coupon_link.clone().into());
    }
    cells.push(export.batch.id.to_string().into());
    cells.push(g.repeat.into());
    if matches!(destination, Destination::Wecom | Destination::Wangwang) {
        cells.extend([Cell::Null, Cell::Null]);
    }
    cells
}

fn io(e: std::io::Error) -> Error {
    Error::fault(format!("a batch's file could not be written: {e}"))
}

/// Writes a batch that was begun to be given out.
pub fn write<W: Write + Send>(
    store: &Store,
    cx: &Ctx,
    export: &Export,
    format: Format,
    zh: bool,
    zone: Zone,
    to: W,
) -> Result<(W, Written)> {
    let mut file = Writer::new(to, format, Style { zh, zone });
    file.begin(&sheet(export)).map_err(io)?;
    let mut after = -1_i64;
    loop {
        let (cx, step) = (Ctx { now: store.clock().now(), key: None, ..cx.clone() }, export.clone());
        let Some((last, given)) = store.write_now(Lane::Bulk, move |tx| hand::step(tx, &cx, &step, after))? else { break };
        after = last;
        for g in given {
            file.row(&row(export, g)).map_err(io)?;
        }
    }
    file.finish().map_err(io)
}
