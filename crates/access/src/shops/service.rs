//! Making, finding and changing shops.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Code, Ctx, Kind, MerchantNo, Result};
use shuke_store::{Row, Tx, args};
use utoipa::ToSchema;

use super::sql;
use crate::audit;
use crate::merchants::name;

shuke_kernel::ids! {
    /// A shop.
    ShopId = ShopKind "shp";
}

/// No such shop.
pub static NOT_FOUND: Code =
    Code { code: "access.shop_not_found", kind: Kind::NotFound, zh: "找不到这个店铺。", en: "There is no such shop." };
/// The platform is not a word.
pub static PLATFORM: Code = Code {
    code: "access.invalid_platform",
    kind: Kind::Invalid,
    zh: "平台名称只能用小写字母、数字和下划线，例如 taobao、jd、own。",
    en: "A platform is a word of lower-case letters, digits and underscores, such as taobao, jd, own.",
};
/// The merchant's number for it is taken.
pub static TAKEN: Code = Code {
    code: "access.shop_exists",
    kind: Kind::Conflict,
    zh: "这个外部编号已属于另一个店铺。",
    en: "Another shop has this external id.",
};

/// What another system calls a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = External)]
pub struct External {
    /// Which system.
    #[schema(min_length = 1, max_length = 100)]
    pub source: String,
    /// Its id there.
    #[schema(min_length = 1, max_length = 200)]
    pub id: String,
}

/// A shop.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
pub struct Shop {
    /// `shp_…`.
    #[schema(value_type = String, example = "shp_01hqzv…")]
    pub id: ShopId,
    /// Its name.
    pub name: String,
    /// `taobao`, `tmall`, `jd`, `pdd`, `douyin`, `wechat`, `youzan`, `shopify`, `woocommerce`, `own` …
    pub platform: String,
    /// Who answers for its customers' data.
    pub legal_entity: Option<String>,
    /// What the merchant's own system calls it.
    pub external: Option<External>,
}

/// A shop to be made.
#[derive(Clone, Debug)]
pub struct NewShop {
    /// Its name.
    pub name: String,
    /// The word of its platform.
    pub platform: String,
    /// Who answers for its customers' data; empty if not said.
    pub legal_entity: String,
    /// What the merchant's own system calls it.
    pub external: Option<External>,
}

fn platform(text: &str) -> Result<String> {
    let word = (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if word { Ok(text.to_owned()) } else { Err(PLATFORM.at("platform").into()) }
}

fn entity(text: &str) -> Result<String> {
    if text.trim().is_empty() { Ok(String::new()) } else { name(text, "legal_entity") }
}

fn shop(mut row: Row) -> Result<Shop> {
    let (source, id): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
    Ok(Shop {
        id: row.get(0)?,
        name: row.get(1)?,
        platform: row.get(2)?,
        legal_entity: Some(row.get::<String>(3)?).filter(|e| !e.is_empty()),
        external: source.zip(id).map(|(source, id)| External { source, id }),
    })
}

/// Makes a shop.
pub fn create(tx: &mut Tx<'_>, cx: &Ctx, new: &NewShop) -> Result<Shop> {
    let (name, platform, entity) = (name(&new.name, "name")?, platform(&new.platform)?, entity(&new.legal_entity)?);
    let external = new.external.as_ref();
    let (source, external_id) = (external.map(|e| e.source.as_str()), external.map(|e| e.id.as_str()));
    let id: ShopId = cx.new_id();
    if tx.exec(sql::ADD, args![cx.merchant, id, &name, &platform, &entity, source, external_id, cx.now])? == 0 {
        return Err(TAKEN.at("external").into());
    }
    audit::record(tx, cx, "shop.created", &id.to_string(), &format!("{name} ({platform})"))?;
    Ok(Shop { id, name, platform, legal_entity: Some(entity).filter(|e| !e.is_empty()), external: new.external.clone() })
}

/// The shop of that id.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, id: ShopId) -> Result<Shop> {
    shop(tx.row(sql::GET.trim_end_matches(" FOR UPDATE"), args![merchant, id])?.ok_or_else(|| NOT_FOUND.refuse())?)
}

/// The shop that the merchant's own system calls so.
pub fn by_external(tx: &mut Tx<'_>, merchant: MerchantNo, source: &str, id: &str) -> Result<Option<Shop>> {
    tx.row(sql::BY_EXTERNAL, args![merchant, source, id])?.map(shop).transpose()
}

/// Shops in the order of their making, those after `after`.
pub fn list(tx: &mut Tx<'_>, merchant: MerchantNo, after: ShopId, limit: i64) -> Result<Vec<Shop>> {
    tx.rows(sql::LIST, args![merchant, after, limit])?.into_iter().map(shop).collect()
}

/// The legal entity that answers for the customers of a shop, as identity keeps them apart; `None`
/// for the merchant's first, which is what the oldest shop with a legal entity names: it also answers
/// for what names no shop, so that a second entity changes nothing of what is there.
pub fn entity_of(tx: &mut Tx<'_>, merchant: MerchantNo, id: ShopId) -> Result<Option<String>> {
    let Some(entity) = get(tx, merchant, id)?.legal_entity else { return Ok(None) };
    let home: Option<String> = tx.row(sql::HOME, args![merchant])?.map(|mut r| r.get(0)).transpose()?;
    Ok(Some(entity).filter(|e| home.as_ref() != Some(e)))
}

/// Whether the merchant had another shop on the platform of this one before it: where a platform
/// numbers orders shop by shop, those of the later shops need a name of their own.
pub fn is_a_further_one(tx: &mut Tx<'_>, merchant: MerchantNo, id: ShopId) -> Result<bool> {
    let platform = get(tx, merchant, id)?.platform;
    let first: Option<ShopId> = tx.row(sql::FIRST_OF, args![merchant, &platform])?.map(|mut r| r.get(0)).transpose()?;
    Ok(first != Some(id))
}

/// What is to change; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ShopPatch)]
pub struct ShopChange {
    /// Its name.
    pub name: Option<String>,
    /// Its platform.
    pub platform: Option<String>,
    /// Who answers for its customers' data; empty: nobody said.
    pub legal_entity: Option<String>,
}

/// Changes a shop.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: ShopId, change: &ShopChange) -> Result<Shop> {
    let mut s = shop(tx.row(sql::GET, args![cx.merchant, id])?.ok_or_else(|| NOT_FOUND.refuse())?)?;
    if let Some(text) = &change.name {
        s.name = name(text, "name")?;
    }
    if let Some(text) = &change.platform {
        s.platform = platform(text)?;
    }
    if let Some(text) = &change.legal_entity {
        s.legal_entity = Some(entity(text)?).filter(|e| !e.is_empty());
    }
    tx.exec(sql::CHANGE, args![cx.merchant, id, &s.name, &s.platform, s.legal_entity.as_deref().unwrap_or_default(), cx.now])?;
    audit::record(tx, cx, "shop.changed", &id.to_string(), &format!("{} ({})", s.name, s.platform))?;
    Ok(s)
}
