//! What columns mean: `/imports/fields`, `/imports/{id}/mapping`, `/mappings`.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shuke_access::ShopId;
use shuke_http::{App, Body, Call, Lang, Page, Path, Permission, Problem, Reply};
use shuke_kernel::Error;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::imports::{ImportOut, shown};
use crate::load::model::{BAD_MAPPING, ImportId, MAPPING_NOT_FOUND, MappingId};
use crate::load::{service, sql};
use crate::{Field, Mapping};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_fields))
        .routes(routes!(set_mapping))
        .routes(routes!(list_mappings, save_mapping))
        .routes(routes!(change_mapping, remove_mapping))
}

/// A column and what it means.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct ColumnOut {
    pub(super) column: String,
    pub(super) field: Option<String>,
    pub(super) confidence: u8,
}

/// A field that a column can mean.
#[derive(Serialize, ToSchema)]
pub struct FieldOut {
    field: String,
    label: String,
}

/// List the fields that a column can mean
#[utoipa::path(get, path = "/imports/fields", operation_id = "list_fields", tag = "imports",
    responses((status = 200, body = Page<FieldOut>)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn list_fields(call: Call) -> Reply<Page<FieldOut>> {
    call.allow(Permission::ImportsRead)?;
    let zh = call.lang == Lang::Zh;
    let items =
        Field::ALL.iter().map(|f| FieldOut { field: f.word().to_owned(), label: crate::labels::label(*f, zh).to_owned() }).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

/// How a staged file's columns are to be read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingChoice {
    /// The file's name.
    file: String,
    /// A saved mapping.
    #[schema(value_type = Option<String>)]
    mapping_id: Option<MappingId>,
    /// Or the columns themselves.
    columns: Option<Vec<ColumnIn>>,
    /// `orders`, `order_lines`, `order_shares`, `sales`, `items`, `members`, `products`, `suppressions`, `tags`, `weather`: what rows are, with `columns`.
    shape: Option<String>,
    /// Platform, with `columns`.
    platform: Option<String>,
    /// Currency where no column tells it.
    currency: Option<String>,
    /// `day_first` or `month_first` where the year comes last; `auto`: told by the file itself.
    day_order: Option<String>,
    /// The shop that the files are of.
    #[schema(value_type = Option<String>)]
    shop: Option<ShopId>,
}

/// A column and what it means.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnIn {
    column: String,
    /// A field of `GET /imports/fields`; none: kept aside.
    field: Option<String>,
}

fn bad(why: impl std::fmt::Display) -> Problem {
    Problem::from(BAD_MAPPING.with("why", why))
}

/// Which of day and month comes first, where a choice says it.
fn say_day_order(mapping: &mut Mapping, word: Option<&str>) -> Result<(), Problem> {
    match word {
        None => {}
        Some("auto") => mapping.day_order = None,
        Some(word @ ("day_first" | "month_first")) => mapping.day_order = Some(word.to_owned()),
        Some(_) => return Err(bad("day_order")),
    }
    Ok(())
}

/// A mapping from columns as they come, on the ground of the present one.
fn from_columns(present: Option<Mapping>, choice: &MappingChoice, columns: &[ColumnIn]) -> Result<Mapping, Problem> {
    let columns = columns
        .iter()
        .map(|c| {
            let field = c.field.as_deref().filter(|f| !f.is_empty());
            let field = field.map(|word| Field::ALL.iter().copied().find(|f| f.word() == word).ok_or_else(|| bad(word))).transpose()?;
            Ok(crate::ColumnMapping { column: c.column.clone(), field, confidence: 100 })
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    let shape = match &choice.shape {
        Some(word) => serde_json::from_value(Value::String(word.clone())).map_err(|_| bad(word))?,
        None => present.as_ref().map_or(crate::Shape::Orders, |m| m.shape),
    };
    let mut mapping = present.unwrap_or(Mapping {
        name: String::new(),
        format: None,
        shape,
        platform: "plain".to_owned(),
        currency: "CNY".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        day_order: None,
        columns: Vec::new(),
    });
    mapping.shape = shape;
    mapping.columns = columns;
    if let Some(platform) = &choice.platform {
        mapping.platform.clone_from(platform);
    }
    if let Some(currency) = &choice.currency {
        currency.parse::<shuke_kernel::Currency>().map_err(bad)?;
        mapping.currency.clone_from(currency);
    }
    say_day_order(&mut mapping, choice.day_order.as_deref())?;
    Ok(mapping)
}

/// Say how a staged file is read
#[utoipa::path(put, path = "/imports/{id}/mapping", operation_id = "set_mapping", tag = "imports", params(("id" = String, Path)),
    request_body = MappingChoice, responses((status = 200, body = ImportOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn set_mapping(call: Call, Path(id): Path<ImportId>, Body(choice): Body<MappingChoice>) -> Reply<ImportOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let (mapping_id, file) = (choice.mapping_id, choice.file.clone());
    let (saved, present) = call
        .read(&cx, move |tx, cx| {
            let saved = mapping_id.map(|id| mapping_row(tx, cx, id)).transpose()?;
            let run = service::get(tx, cx.merchant, id)?;
            let number = run.files.iter().find(|f| f.name == file).map(|f| f.file);
            let present = number.map(|n| service::preview(tx, cx.merchant, id, n)).transpose()?;
            Ok((saved, present.and_then(|p| serde_json::from_value::<Mapping>(p["mapping"].clone()).ok())))
        })
        .await?;
    let mapping = match (&choice.columns, saved) {
        (Some(columns), _) => Some(from_columns(present, &choice, columns)?),
        (None, Some(saved)) => Some(saved.1),
        (None, None) if choice.day_order.is_some() => present,
        (None, None) => None,
    };
    let mapping = match mapping {
        Some(mut m) => {
            say_day_order(&mut m, choice.day_order.as_deref())?;
            Some(m)
        }
        None => None,
    };
    let (store, inner, file, shop) = (call.app.store.clone(), cx.clone(), choice.file.clone(), choice.shop.map(|s| *s.bytes()));
    let run = tokio::task::spawn_blocking(move || service::remap(&store, &inner, id, &file, mapping, shop))
        .await
        .map_err(|_| Problem::from(Error::fault("reading panicked")))??;
    call.read(&cx, move |tx, cx| shown(tx, cx, run.clone())).await.map(Json)
}

/// A saved mapping.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct MappingOut {
    /// `map_…`
    #[schema(value_type = String)]
    id: MappingId,
    name: String,
    /// What rows are.
    format_kind: String,
    columns: Vec<ColumnOut>,
}

fn mapping_out(id: MappingId, name: String, m: Mapping) -> MappingOut {
    let kind = serde_json::to_value(m.shape).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    let columns = m
        .columns
        .into_iter()
        .map(|c| ColumnOut { column: c.column, field: c.field.map(|f| f.word().to_owned()), confidence: c.confidence })
        .collect();
    MappingOut { id, name, format_kind: kind, columns }
}

fn read_mapping(mut row: shuke_store::Row) -> shuke_kernel::Result<(MappingId, String, Mapping)> {
    Ok((row.get(0)?, row.get(1)?, serde_json::from_str(&row.get::<String>(2)?)?))
}

fn mapping_row(tx: &mut shuke_store::Tx<'_>, cx: &shuke_kernel::Ctx, id: MappingId) -> shuke_kernel::Result<(String, Mapping)> {
    let row = tx.row(sql::MAPPING, shuke_store::args![cx.merchant, id])?.ok_or_else(|| MAPPING_NOT_FOUND.refuse())?;
    read_mapping(row).map(|(_, name, mapping)| (name, mapping))
}

/// A mapping to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingIn {
    name: String,
    /// `orders`, `order_lines`, `order_shares`, `sales`, `items`, `members`, `products`, `suppressions`, `tags` or `weather`.
    format_kind: String,
    columns: Vec<ColumnIn>,
    platform: Option<String>,
    currency: Option<String>,
    /// IANA zone of bare times.
    zone: Option<String>,
    /// `day_first` or `month_first` where the year comes last; `auto` or absent: told by the file itself.
    day_order: Option<String>,
}

fn as_mapping(input: MappingIn) -> Result<Mapping, Problem> {
    let name = input.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(bad("name"));
    }
    if input.zone.as_deref().is_some_and(|z| shuke_kernel::Zone::named(z).is_none()) {
        return Err(bad("zone"));
    }
    let choice = MappingChoice {
        file: String::new(),
        mapping_id: None,
        columns: None,
        shape: Some(input.format_kind),
        platform: input.platform,
        currency: input.currency,
        day_order: input.day_order,
        shop: None,
    };
    let mut mapping = from_columns(None, &choice, &input.columns)?;
    mapping.name = name;
    if let Some(zone) = input.zone {
        mapping.zone = zone;
    }
    Ok(mapping)
}

/// List saved mappings
#[utoipa::path(get, path = "/mappings", operation_id = "list_mappings", tag = "imports",
    responses((status = 200, body = Page<MappingOut>)),
    security(("staff" = ["imports:read"]), ("key" = ["imports:read"])))]
async fn list_mappings(call: Call) -> Reply<Page<MappingOut>> {
    let cx = call.allow(Permission::ImportsRead)?;
    let items = call
        .read(&cx, |tx, cx| {
            tx.rows(sql::MAPPINGS, shuke_store::args![cx.merchant])?.into_iter().map(read_mapping).collect::<shuke_kernel::Result<Vec<_>>>()
        })
        .await?;
    Ok(Json(Page { items: items.into_iter().map(|(id, name, m)| mapping_out(id, name, m)).collect(), next_cursor: None }))
}

/// Save a mapping
///
/// Under its name; a mapping of the same name is replaced.
#[utoipa::path(post, path = "/mappings", operation_id = "save_mapping", tag = "imports", request_body = MappingIn,
    responses((status = 200, body = MappingOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn save_mapping(call: Call, Body(input): Body<MappingIn>) -> Reply<MappingOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let mapping = as_mapping(input)?;
    call.write(&cx, move |tx, cx| {
        let id: MappingId = cx.new_id();
        tx.exec(sql::SAVE_MAPPING, shuke_store::args![cx.merchant, id, &mapping.name, serde_json::to_string(&mapping)?, cx.now])?;
        let row = tx.row(sql::MAPPING_NAMED, shuke_store::args![cx.merchant, &mapping.name])?.ok_or_else(|| MAPPING_NOT_FOUND.refuse())?;
        read_mapping(row).map(|(id, name, m)| mapping_out(id, name, m))
    })
    .await
    .map(Json)
}

/// Change a mapping
#[utoipa::path(put, path = "/mappings/{id}", operation_id = "change_mapping", tag = "imports", params(("id" = String, Path)),
    request_body = MappingIn, responses((status = 200, body = MappingOut)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn change_mapping(call: Call, Path(id): Path<MappingId>, Body(input): Body<MappingIn>) -> Reply<MappingOut> {
    let cx = call.allow(Permission::ImportsWrite)?;
    let mapping = as_mapping(input)?;
    call.write(&cx, move |tx, cx| {
        mapping_row(tx, cx, id)?;
        let taken = tx.row(sql::MAPPING_NAMED, shuke_store::args![cx.merchant, &mapping.name])?.map(read_mapping).transpose()?;
        if taken.is_some_and(|(other, _, _)| other != id) {
            return Err(BAD_MAPPING.with("why", &mapping.name).into());
        }
        tx.exec(sql::CHANGE_MAPPING, shuke_store::args![cx.merchant, id, &mapping.name, serde_json::to_string(&mapping)?, cx.now])?;
        mapping_row(tx, cx, id).map(|(name, m)| mapping_out(id, name, m))
    })
    .await
    .map(Json)
}

/// Remove a mapping
#[utoipa::path(delete, path = "/mappings/{id}", operation_id = "remove_mapping", tag = "imports", params(("id" = String, Path)),
    responses((status = 204)),
    security(("staff" = ["imports:write"]), ("key" = ["imports:write"])))]
async fn remove_mapping(call: Call, Path(id): Path<MappingId>) -> Result<StatusCode, Problem> {
    let cx = call.allow(Permission::ImportsWrite)?;
    call.write(&cx, move |tx, cx| {
        mapping_row(tx, cx, id)?;
        tx.exec(sql::DROP_MAPPING, shuke_store::args![cx.merchant, id])
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
