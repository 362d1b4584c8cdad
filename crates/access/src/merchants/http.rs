//! `/merchants` and `/merchants/current`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shuke_http::{App, Body, Call, Page, Permission, Problem, Reply, Role, Visitor};
use shuke_kernel::{Currency, Result};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{Merchant, MerchantId, NewMerchant, PayTimePolicy, Settings};
use super::service::{self, Change};
use crate::StaffId;

pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_merchants, create_merchant)).routes(routes!(get_current_merchant, change_current_merchant))
}

/// A merchant.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = Merchant)]
pub struct MerchantDto {
    #[schema(value_type = String, example = "mer_01hqzv…")]
    pub(crate) id: MerchantId,
    pub(crate) name: String,
    /// IANA name.
    #[schema(example = "Asia/Shanghai")]
    pub(crate) zone: String,
    #[schema(value_type = String, example = "CNY")]
    pub(crate) currency: Currency,
    pub(crate) sandbox: bool,
    #[schema(inline)]
    pub(crate) settings: Settings,
    /// The caller's role there; absent for a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<Role>,
}

impl MerchantDto {
    fn new(m: Merchant, role: Option<Role>) -> Self {
        Self { id: m.id, name: m.name, zone: m.zone, currency: m.currency, sandbox: m.sandbox, settings: m.settings, role }
    }
}

/// The merchants where the signed-in person has a role.
#[utoipa::path(get, path = "/merchants", operation_id = "list_merchants", tag = "merchants",
    responses((status = 200, body = Page<MerchantDto>)), security(("staff" = [])))]
async fn list_merchants(visitor: Visitor) -> Reply<Page<MerchantDto>> {
    let staff = StaffId::from_bytes(visitor.person.staff);
    let list = visitor.read(&visitor.cx(), move |tx, _| service::list_of(tx, staff)).await?;
    Ok(Json(Page::whole(list.into_iter().map(|(m, role)| MerchantDto::new(m, Some(role))).collect())))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MerchantCreate {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// For trying, with test keys.
    #[serde(default)]
    sandbox: bool,
    #[schema(example = "Asia/Shanghai")]
    zone: Option<String>,
    #[schema(example = "CNY")]
    currency: Option<String>,
}

fn currency(text: Option<&str>) -> Result<Option<Currency>, Problem> {
    text.map(|t| t.parse().map_err(|e| Problem::invalid("body", "currency", e))).transpose()
}

/// Makes a merchant; the signed-in person becomes its owner. Only who owns a merchant may.
#[utoipa::path(post, path = "/merchants", operation_id = "create_merchant", tag = "merchants", request_body = MerchantCreate,
    responses((status = 201, body = MerchantDto)), security(("staff" = [])))]
async fn create_merchant(visitor: Visitor, Body(body): Body<MerchantCreate>) -> Result<(StatusCode, Json<MerchantDto>), Problem> {
    let mut new = NewMerchant { sandbox: body.sandbox, ..NewMerchant::named(body.name) };
    new.currency = currency(body.currency.as_deref())?.unwrap_or(new.currency);
    new.zone = body.zone.unwrap_or(new.zone);
    let staff = StaffId::from_bytes(visitor.person.staff);
    let made = visitor
        .write(&visitor.cx(), move |tx, cx| {
            if !service::list_of(tx, staff)?.iter().any(|(_, role)| *role == Role::Owner) {
                return Err(shuke_http::codes::FORBIDDEN.with("permission", "settings:write").into());
            }
            let merchant = service::create(tx, cx, &new)?;
            crate::staff::grant(tx, &shuke_kernel::Ctx { merchant: merchant.no, ..cx.clone() }, staff, Role::Owner)?;
            Ok(MerchantDto::new(merchant, Some(Role::Owner)))
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// The merchant that the call is for.
#[utoipa::path(get, path = "/merchants/current", operation_id = "get_current_merchant", tag = "merchants",
    responses((status = 200, body = MerchantDto)), security(("staff" = []), ("key" = [])))]
async fn get_current_merchant(call: Call) -> Reply<MerchantDto> {
    let role = call.caller.role;
    let merchant = call.read(&call.cx(), |tx, cx| service::get(tx, cx.merchant)).await?;
    Ok(Json(MerchantDto::new(merchant, role)))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MerchantPatch {
    #[schema(min_length = 1, max_length = 100)]
    name: Option<String>,
    zone: Option<String>,
    /// Only while the merchant has no data.
    currency: Option<String>,
    settings: Option<SettingsPatch>,
}

#[derive(Deserialize, ToSchema, Clone)]
#[serde(deny_unknown_fields)]
struct SettingsPatch {
    #[schema(minimum = 0, maximum = 90)]
    settlement_delay_days: Option<u16>,
    merge_on_contact: Option<bool>,
    count_platform_discount: Option<bool>,
    pay_time_policy: Option<PayTimePolicy>,
    #[schema(minimum = 1, maximum = 100_000)]
    requests_per_second: Option<u32>,
    #[schema(minimum = 5, maximum = 1440)]
    segment_pass_minutes: Option<u16>,
}

impl SettingsPatch {
    fn onto(&self, old: &Settings) -> Settings {
        Settings {
            settlement_delay_days: self.settlement_delay_days.unwrap_or(old.settlement_delay_days),
            merge_on_contact: self.merge_on_contact.unwrap_or(old.merge_on_contact),
            count_platform_discount: self.count_platform_discount.unwrap_or(old.count_platform_discount),
            pay_time_policy: self.pay_time_policy.unwrap_or(old.pay_time_policy),
            requests_per_second: self.requests_per_second.or(old.requests_per_second),
            segment_pass_minutes: self.segment_pass_minutes.or(old.segment_pass_minutes),
        }
    }
}

/// Changes the merchant's name, zone or settings; what is absent stays.
#[utoipa::path(patch, path = "/merchants/current", operation_id = "change_current_merchant", tag = "merchants", request_body = MerchantPatch,
    responses((status = 200, body = MerchantDto)), security(("staff" = ["settings:write"]), ("key" = ["settings:write"])))]
async fn change_current_merchant(call: Call, Body(body): Body<MerchantPatch>) -> Reply<MerchantDto> {
    let cx = call.allow(Permission::SettingsWrite)?;
    let role = call.caller.role;
    let currency = currency(body.currency.as_deref())?;
    let changed = call
        .write(&cx, move |tx, cx| {
            let with = |old: &Merchant| {
                let settings = body.settings.as_ref().map(|s| s.onto(&old.settings));
                Ok(Change { name: body.name.clone(), zone: body.zone.clone(), currency, settings })
            };
            Ok(MerchantDto::new(service::change(tx, cx, with)?, role))
        })
        .await?;
    call.app.auth.forget();
    Ok(Json(changed))
}
