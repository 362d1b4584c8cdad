//! Members as the API speaks of them.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use shuke_access::ShopId;
use shuke_http::MoneyDto;
use shuke_kernel::{Code, Instant, Kind, Result};
use utoipa::ToSchema;

use super::card::Card;
use super::matched::Match;
use super::model::Stated;
use super::service;
use crate::MemberId;
use crate::consent;
use crate::consent::http::ConsentInput;
use crate::identity::{Birthday, Gender, KeyClaim, KeyClass, ProfileHints, Region};
use crate::tag::http::LabelDto;

/// The birthday cannot be read.
pub static BAD_BIRTHDAY: Code = Code {
    code: "member.bad_birthday",
    kind: Kind::Invalid,
    zh: "生日请写成 1990-05-01；不知道年份写 --05-01；农历在末尾加 L。",
    en: "Write a birthday as 1990-05-01, as --05-01 where the year is unknown, with an L behind it if it is lunar.",
};

/// A key, masked.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
pub struct MemberKey {
    /// `own_id`, `open_id`, `union_id`, `phone`, `email`, `account_name`, `card`, `receiver_phone`, `receiver_name`, `receiver_address`.
    pub kind: String,
    /// Where the value means something.
    pub namespace: String,
    #[schema(example = "138****0000")]
    pub value_masked: String,
    /// `strong`, `platform` or `contact`.
    pub class: String,
    pub verified: bool,
}

impl MemberKey {
    /// Of a claim whose value is masked already.
    pub fn of(k: &KeyClaim) -> Self {
        let class = match k.class {
            KeyClass::Strong => "strong",
            KeyClass::Scoped => "platform",
            KeyClass::Contact => "contact",
        };
        Self {
            kind: k.kind.word().to_owned(),
            namespace: k.namespace.clone(),
            value_masked: k.value.clone(),
            class: class.to_owned(),
            verified: k.verified,
        }
    }
}

/// The id of something in the system that it comes from.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
#[serde(deny_unknown_fields)]
#[schema(as = MemberExternal)]
pub struct External {
    #[schema(example = "erp", min_length = 1, max_length = 64)]
    pub source: String,
    #[schema(example = "C-1001", min_length = 1, max_length = 200)]
    pub id: String,
}

/// Province and city.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
#[serde(deny_unknown_fields)]
pub struct RegionDto {
    #[serde(default)]
    pub province: Option<String>,
    #[serde(default)]
    pub city: Option<String>,
}

/// A member, identifiers masked.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
pub struct Member {
    /// Which.
    #[schema(value_type = String, example = "mem_01hqzv…")]
    pub id: MemberId,
    /// What the member is called, masked.
    #[schema(example = "张*")]
    pub display_name: String,
    /// A phone, masked.
    pub phone_masked: Option<String>,
    /// An e-mail address, masked.
    pub email_masked: Option<String>,
    /// `female`, `male` or `other`.
    pub gender: Option<String>,
    /// `1990-05-01`; `--05-01` without a year; `L` behind lunar ones.
    pub birthday: Option<String>,
    /// Of whoever tells no birthday.
    pub age_band: Option<String>,
    /// Where they live.
    pub region: Option<RegionDto>,
    /// When they joined.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub joined_at: Option<Instant>,
    /// Where they joined.
    pub join_source: Option<String>,
    /// Of the newest list that tells it.
    pub tier: Option<String>,
    /// Of the newest list that tells it.
    pub points: Option<String>,
    /// Words of the newest list that tells them.
    pub tags: Vec<String>,
    /// Tags that were given here, the longest held first.
    pub assigned_tags: Vec<LabelDto>,
    /// The earliest that anything tells of them.
    #[schema(value_type = String, format = DateTime)]
    pub first_seen_at: Instant,
    /// What identifies them, masked.
    pub keys: Vec<MemberKey>,
    /// Orders that count as purchases.
    pub orders_count: i64,
    /// What these come to, less refunds.
    pub net_paid: MoneyDto,
    /// The last purchase.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_order_at: Option<Instant>,
    /// When the member was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
    /// The id in your own system.
    pub external: Option<External>,
    /// Of a search of the list, why it found the member: one for the whole query, or one for each of its words. Else empty.
    #[serde(default)]
    pub matched: Vec<MemberMatch>,
}

/// What of a member answers a search.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
pub struct MemberMatch {
    /// A key's kind (see `MemberKey.kind`), or `id`, `name`, `tag`.
    #[schema(example = "phone")]
    pub kind: String,
    /// The phone, name or other value that answers, masked; a tag's name.
    #[schema(example = "138****0000")]
    pub value_masked: String,
    /// A phone, and another one than `phone_masked` shows, also where the two look the same.
    #[serde(default)]
    pub other: bool,
}

impl From<Match> for MemberMatch {
    fn from(m: Match) -> Self {
        Self { kind: m.kind.to_owned(), value_masked: m.value_masked, other: m.other }
    }
}

fn word(g: Gender) -> String {
    super::gender_word(g).to_owned()
}

impl From<Card> for Member {
    fn from(c: Card) -> Self {
        let p = c.profile;
        let currency = if c.totals.currency.is_empty() { "CNY".to_owned() } else { c.totals.currency };
        Self {
            id: c.id,
            display_name: c.display_name,
            phone_masked: c.phone,
            email_masked: c.email,
            gender: p.gender.map(word),
            birthday: p.birthday.map(Birthday::to_text),
            age_band: p.age_band,
            region: p.region.map(|r| RegionDto { province: r.province, city: r.city }),
            joined_at: p.joined_at,
            join_source: p.join_source,
            tier: p.tier,
            points: p.points,
            tags: p.tags.unwrap_or_default(),
            assigned_tags: c.tags.into_iter().map(LabelDto::from).collect(),
            first_seen_at: c.first_seen,
            keys: c.keys.iter().map(MemberKey::of).collect(),
            orders_count: c.totals.orders,
            net_paid: MoneyDto { amount: c.totals.net_paid, currency },
            last_order_at: c.totals.last_order_at,
            created_at: c.created_at,
            external: c.external.map(|(source, id)| External { source, id }),
            matched: c.matched.into_iter().map(MemberMatch::from).collect(),
        }
    }
}

/// A key as an integrator sends it, clear.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
#[serde(deny_unknown_fields)]
pub struct KeyInput {
    /// See `MemberKey.kind`.
    pub kind: String,
    /// The platform, `platform:app` or system; not needed for phones, e-mails and cards.
    #[serde(default)]
    pub namespace: String,
    /// The whole value, never masked.
    #[schema(min_length = 1, max_length = 400)]
    pub value: String,
    /// Whether it was proven, or stated by the platform as the account's. An unproven phone or e-mail only proposes.
    #[serde(default)]
    pub verified: bool,
}

/// A member to be made or changed.
#[derive(Serialize, Deserialize, ToSchema, Clone, Default)]
#[serde(deny_unknown_fields, default)]
pub struct MemberInput {
    /// The id in your own system.
    pub external: Option<External>,
    #[schema(max_items = 50)]
    pub keys: Vec<KeyInput>,
    #[schema(max_length = 100)]
    pub name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub gender: Option<Gender>,
    pub birthday: Option<String>,
    pub age_band: Option<String>,
    pub region: Option<RegionDto>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub joined_at: Option<Instant>,
    pub join_source: Option<String>,
    #[schema(max_items = 100)]
    pub tags: Option<Vec<String>>,
    pub under_14: Option<bool>,
    /// When your system says this held: an older statement never overwrites a newer one.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub source_time: Option<Instant>,
    #[schema(max_items = 50)]
    pub consents: Vec<ConsentInput>,
    /// The shop that the member is of: customers of shops of different legal entities are kept apart.
    #[schema(value_type = Option<String>, example = "shp_01hqzv…")]
    pub shop: Option<ShopId>,
}

pub(crate) fn birthday(text: &str, field: &str) -> Result<Birthday> {
    Birthday::from_text(text.trim()).ok_or_else(|| BAD_BIRTHDAY.at(field).into())
}

impl MemberInput {
    pub(crate) fn read(self, at: &str) -> Result<service::Upsert> {
        let keys = self
            .keys
            .iter()
            .enumerate()
            .map(|(i, k)| service::read_key(&k.kind, &k.namespace, &k.value, k.verified, &format!("{at}keys[{i}]")))
            .collect::<Result<Vec<_>>>()?;
        let profile = ProfileHints {
            name: self.name,
            gender: self.gender,
            birthday: self.birthday.map(|b| birthday(&b, &format!("{at}birthday"))).transpose()?,
            age_band: self.age_band,
            region: self.region.map(|r| Region { province: r.province, city: r.city }),
            joined_at: self.joined_at,
            join_source: self.join_source,
            tags: self.tags,
            under_14: self.under_14,
            tier: None,
            points: None,
            consents: Vec::new(),
        };
        let consents = self.consents.into_iter().enumerate().map(|(i, c)| c.read(&format!("{at}consents[{i}].")));
        let consents = consents.collect::<Result<Vec<consent::Statement>>>()?;
        let external = self.external.map(|e| (e.source, e.id));
        Ok(service::Upsert { external, keys, profile, source_time: self.source_time, shop: self.shop, consents })
    }
}

/// Changes of a member: what is absent stays, null takes a fact back.
#[derive(Serialize, Deserialize, ToSchema, Clone)]
#[schema(as = MemberPatch)]
pub struct Patch {
    #[schema(max_length = 100)]
    pub name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub gender: Option<Gender>,
    pub birthday: Option<String>,
    pub age_band: Option<String>,
    pub region: Option<RegionDto>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub joined_at: Option<Instant>,
    pub join_source: Option<String>,
    pub tags: Option<Vec<String>>,
    pub under_14: Option<bool>,
    /// Keys to bind beside those that it has.
    pub keys: Option<Vec<KeyInput>>,
    /// Why; it goes into the audit.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

const FIELDS: [&str; 10] = ["name", "gender", "birthday", "age_band", "region", "joined_at", "join_source", "tags", "under_14", "keys"];

/// A field that cannot be changed, or a value of another form.
pub static BAD_FIELD: Code = Code {
    code: "member.bad_field",
    kind: Kind::Invalid,
    zh: "“{field}”不能修改或格式不对。可修改：{known}。",
    en: "`{field}` cannot be changed or has the wrong form. What can be changed: {known}.",
};

/// Reads a patch: the fields that it states, nulls included, and the keys that it adds.
pub(crate) fn read_patch(body: serde_json::Map<String, Json>) -> Result<(Stated, Vec<KeyClaim>)> {
    let wrong = |field: &str| BAD_FIELD.with("field", field).with("known", FIELDS.join(", ")).at(field);
    for field in body.keys() {
        if !FIELDS.contains(&field.as_str()) {
            return Err(wrong(field).into());
        }
    }
    // Each field by itself, so that a refusal names it.
    for (field, value) in &body {
        let one: serde_json::Map<String, Json> = [(field.clone(), value.clone())].into_iter().collect();
        serde_json::from_value::<Patch>(Json::Object(one)).map_err(|_| shuke_kernel::Error::from(wrong(field)))?;
    }
    let mut fields = Stated::new();
    let mut keys = Vec::new();
    for (field, value) in body {
        match (field.as_str(), &value) {
            ("keys", _) => {
                let given: Vec<KeyInput> = serde_json::from_value(value).unwrap_or_default();
                for (i, k) in given.iter().enumerate() {
                    keys.push(service::read_key(&k.kind, &k.namespace, &k.value, k.verified, &format!("keys[{i}]"))?);
                }
            }
            ("birthday", Json::String(text)) => {
                fields.insert(field.clone(), serde_json::to_value(birthday(text, "birthday")?)?);
            }
            ("name", Json::String(text)) if text.trim().is_empty() => {
                fields.insert(field, Json::Null);
            }
            _ => {
                fields.insert(field, value);
            }
        }
    }
    Ok((fields, keys))
}
