//! Where redeemed goods go: the address that is offered, a change of it, one in clear with a reason, and the list in
//! clear for whoever packs them.

use axum::Json;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shuke_access::{audit, merchants};
use shuke_http::{App, Body, Call, Path, Permission, Problem, Reply, streamed};
use shuke_kernel::{Ctx, Error, Instant};
use shuke_members::MemberId;
use shuke_sheets::{Cell, Field, Format, Kind, Sheet, Style, Writer};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::dto::{AddressDto, RedemptionDto};
use super::redemptions::{STEP, filter, write};
use super::{reward_names, text};
use crate::reward::address::{self, Address, To};
use crate::reward::{self, redeem};
use crate::usage::reason_of;
use crate::who::Person;
use crate::words::NO_ADDRESS;
use crate::{RedemptionId, RewardId};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_delivery_address))
        .routes(routes!(change_redemption_address))
        .routes(routes!(unmask_redemption))
        .routes(routes!(export_redemption_addresses))
}

/// Where something is to go, where that is said.
pub(super) fn to(address: Option<Address>, of: Option<String>) -> Result<Option<To>, Problem> {
    match (address, text(of, "address_of")?) {
        (Some(_), Some(_)) => Err(Problem::invalid("body", "address_of", "address or address_of, one of the two")),
        (Some(address), None) => Ok(Some(To::Here(Box::new(address)))),
        (None, of) => Ok(of.map(To::AsBefore)),
    }
}

/// The address that a redemption or an order of the member's went to last.
#[derive(Serialize, ToSchema)]
struct LastAddress {
    /// The `rdm_…` or `ord_…` that went there: what `address_of` names.
    of: String,
    /// When it was redeemed or placed.
    #[schema(value_type = String, format = DateTime)]
    at: Instant,
    address: AddressDto,
}

/// What can be offered to send something to.
#[derive(Serialize, ToSchema)]
struct OfferedAddress {
    /// Null where neither a redemption nor one of the newest orders tells a whole address.
    last: Option<LastAddress>,
}

/// The member's last address, masked, to be offered where goods are redeemed. It is used without being seen: by `address_of`.
#[utoipa::path(get, path = "/members/{id}/delivery-address", operation_id = "get_delivery_address", tag = "benefits", params(("id" = String, Path)),
    responses((status = 200, body = OfferedAddress)), security(("staff" = ["benefits:use"]), ("key" = ["benefits:use"])))]
async fn get_delivery_address(call: Call, Path(id): Path<MemberId>) -> Reply<OfferedAddress> {
    let cx = call.allow(Permission::BenefitsUse)?;
    let last = call.read(&cx, move |tx, cx| {
        let member = Person::living(tx, cx, id)?.member;
        address::last(tx, cx, member)
    });
    let last = last.await?.map(|last| LastAddress { of: last.of, at: last.at, address: AddressDto::of(&last.address) });
    Ok(Json(OfferedAddress { last }))
}

/// Where it is to go: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RedemptionAddressInput {
    /// There.
    #[serde(default)]
    address: Option<Address>,
    /// Where this redemption or order of the same member went, `rdm_…` or `ord_…`.
    #[serde(default)]
    #[schema(max_length = 120)]
    address_of: Option<String>,
}

/// Says where goods that were redeemed go, or that they go elsewhere, until they are sent.
#[utoipa::path(put, path = "/redemptions/{id}/address", operation_id = "change_redemption_address", tag = "benefits", params(("id" = String, Path)),
    request_body = RedemptionAddressInput, responses((status = 200, body = RedemptionDto)),
    security(("staff" = ["benefits:use"]), ("key" = ["benefits:use"])))]
async fn change_redemption_address(
    call: Call,
    Path(id): Path<RedemptionId>,
    Body(body): Body<RedemptionAddressInput>,
) -> Reply<RedemptionDto> {
    call.allow(Permission::BenefitsUse)?;
    let nowhere = || Problem::invalid("body", "address", "address or address_of, one of the two");
    let to = to(body.address, body.address_of)?.ok_or_else(nowhere)?;
    write(call, move |tx, cx| address::change(tx, cx, id, &to)).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RedemptionUnmask {
    /// Why; it goes into the audit.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Shows where a redemption is sent in clear. Who saw it and why is audited.
#[utoipa::path(post, path = "/redemptions/{id}/unmask", operation_id = "unmask_redemption", tag = "benefits", params(("id" = String, Path)),
    request_body = RedemptionUnmask, responses((status = 200, body = Address)),
    security(("staff" = ["benefits:read", "members:unmask"]), ("key" = ["benefits:read", "members:unmask"])))]
async fn unmask_redemption(call: Call, Path(id): Path<RedemptionId>, Body(body): Body<RedemptionUnmask>) -> Reply<Address> {
    call.allow(Permission::BenefitsRead)?;
    let cx = unrepeated(call.allow(Permission::MembersUnmask)?);
    let reason = reason_of(&body.reason)?;
    let shown = call.write(&cx, move |tx, cx| {
        let found = redeem::get(tx, cx, id)?;
        let address = found.address.ok_or_else(|| Error::from(NO_ADDRESS.refuse()))?;
        audit::record(tx, cx, "redemption.unmasked", &found.member.to_string(), &format!("{id}: {reason}"))?;
        Ok(address)
    });
    Ok(Json(shown.await?))
}

/// Without a key: what is shown in clear is kept as no answer, and shown again it is logged again.
fn unrepeated(cx: Ctx) -> Ctx {
    Ctx { key: None, ..cx }
}

/// Which redemptions, and why in clear.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RedemptionAddressesInput {
    /// `requested` (default), `sent`, `delivered` or `cancelled`.
    #[serde(default)]
    state: Option<String>,
    /// Only of this reward.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    reward: Option<RewardId>,
    /// `csv` (default), `xlsx` or `parquet`.
    #[serde(default)]
    format: Option<String>,
    /// Why in clear; it goes into the audit.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

const FIELDS: &[Field] = &[
    Field::new("redemption", "兑换", Kind::Text),
    Field::new("redeemed_at", "兑换时间", Kind::Time),
    Field::new("reward", "奖品", Kind::Word),
    Field::new("pieces", "件数", Kind::Int),
    Field::new("receiver", "收货人", Kind::Text),
    Field::new("phone", "电话", Kind::Text),
    Field::new("province", "省份", Kind::Word),
    Field::new("city", "城市", Kind::Word),
    Field::new("district", "区县", Kind::Word),
    Field::new("street", "街道门牌", Kind::Text),
    Field::new("order", "随单", Kind::Text),
    Field::new("member", "会员", Kind::Text),
    Field::new("state", "状态", Kind::Word),
];

/// Goods that were redeemed, newest first, with receivers and addresses in clear, for whoever packs them. Written while it is
/// sent and kept nowhere; who took it and why is audited each time.
#[utoipa::path(post, path = "/redemptions/addresses", operation_id = "export_redemption_addresses", tag = "benefits", request_body = RedemptionAddressesInput,
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (String = "application/vnd.apache.parquet")))),
    security(("staff" = ["benefits:read", "export:clear"]), ("key" = ["benefits:read", "export:clear"])))]
async fn export_redemption_addresses(call: Call, Body(body): Body<RedemptionAddressesInput>) -> Result<Response, Problem> {
    call.allow(Permission::BenefitsRead)?;
    let cx = unrepeated(call.allow(Permission::ExportClear)?);
    let reason = reason_of(&body.reason)?;
    let state = body.state.filter(|s| !s.is_empty()).unwrap_or_else(|| "requested".to_owned());
    let asked = filter(Some(state), body.reward, None)?;
    let named = |word: &str| Format::named(word).ok_or_else(|| Problem::invalid("body", "format", "one of csv, xlsx, parquet"));
    let format = body.format.as_deref().filter(|f| !f.is_empty()).map_or(Ok(Format::Csv), named)?;
    let said = format!("{}: {reason}", format.word());
    call.write(&cx, move |tx, cx| audit::record(tx, cx, "redemptions.addresses_exported", "", &said).map(|_| ())).await?;
    let (names, zone) = call.read(&cx, |tx, cx| Ok((reward_names(tx, cx)?, merchants::zone_of(tx, cx.merchant)?))).await?;
    let (zh, store) = (call.lang.is_zh(), call.app.store.clone());
    let body = streamed("redemptions with addresses".to_owned(), move |to| {
        let mut file = Writer::new(to, format, Style { zh, zone });
        file.begin(&Sheet { name: "parcels".into(), zh: "待发奖品".into(), fields: FIELDS.into() }).map_err(Error::fault)?;
        let mut place = (i64::MAX, [255; 16]);
        loop {
            let (cx, asked, from) = (cx.clone(), asked.clone(), place);
            let page = store.read_now(move |tx| redeem::list(tx, &cx, &asked, from, STEP))?;
            let Some(last) = page.last() else { break };
            place = (last.redeemed_at.micros(), *last.id.bytes());
            for r in page {
                let Some(reward) = names.get(&r.reward).filter(|n| n.kind == reward::Kind::Goods.word()) else { continue };
                let to = |part: fn(&Address) -> &String| Cell::from(r.address.as_ref().map(|a| part(a).clone()));
                let row: [Cell; 13] = [
                    r.id.to_string().into(),
                    r.redeemed_at.into(),
                    reward.name.clone().into(),
                    1_i64.into(),
                    to(|a| &a.receiver),
                    to(|a| &a.phone),
                    to(|a| &a.province),
                    to(|a| &a.city),
                    to(|a| &a.district),
                    to(|a| &a.street),
                    r.order.clone().into(),
                    r.member.to_string().into(),
                    r.state.clone().into(),
                ];
                file.row(&row).map_err(Error::fault)?;
            }
        }
        Ok(file.finish().map_err(Error::fault)?.0)
    });
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"parcels.{}\"", format.word())),
    ];
    Ok((headers, body).into_response())
}
