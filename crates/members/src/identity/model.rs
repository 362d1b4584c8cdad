//! The words of identity: keys and their classes, what a record says of its buyer, and the answer.
//!
//! A value becomes a key only through [`KeyClaim::new`], which normalises it and refuses what is
//! masked, enciphered or empty: such values can never join two people.

use shuke_kernel::Instant;

use crate::MemberId;

/// What kind of key it is. The number is what the store keeps; never renumbered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum KeyKind {
    /// The merchant's own id of the person; the namespace names the system that gave it.
    OwnId = 1,
    /// A platform's open id; the namespace is `platform:app` (or `platform` where no app is known).
    OpenId = 2,
    /// WeChat's unionid; the namespace is the open platform's account, or empty.
    UnionId = 3,
    /// The phone of an account, proven by us or stated by the platform as the account's.
    Phone = 4,
    /// The e-mail of an account, likewise.
    Email = 5,
    /// An unmasked account name (淘宝会员名, 京东下单帐号); the namespace is the platform.
    AccountName = 6,
    /// A printed or virtual card number.
    Card = 7,
    /// The phone of a parcel's receiver.
    ReceiverPhone = 8,
    /// The name of a parcel's receiver: kept for search and display, proposes nothing alone.
    ReceiverName = 9,
    /// A receiver's name and full address together, as `name|address`.
    ReceiverAddress = 10,
}

/// What a key can do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum KeyClass {
    /// Identifies wherever it is seen within its namespace.
    Strong = 1,
    /// Identifies within merchant and platform, never across; can be renamed.
    Scoped = 2,
    /// Only proposes, unless the shop has set otherwise.
    Contact = 3,
}

impl KeyKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::OwnId,
        Self::OpenId,
        Self::UnionId,
        Self::Phone,
        Self::Email,
        Self::AccountName,
        Self::Card,
        Self::ReceiverPhone,
        Self::ReceiverName,
        Self::ReceiverAddress,
    ];

    /// The word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::OwnId => "own_id",
            Self::OpenId => "open_id",
            Self::UnionId => "union_id",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::AccountName => "account_name",
            Self::Card => "card",
            Self::ReceiverPhone => "receiver_phone",
            Self::ReceiverName => "receiver_name",
            Self::ReceiverAddress => "receiver_address",
        }
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }

    /// The kind of that number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|k| *k as u8 == code)
    }

    /// Whether a person has at most one value of it per namespace: two values under one member
    /// contradict each other.
    pub const fn single_valued(self) -> bool {
        matches!(self, Self::OwnId | Self::OpenId | Self::UnionId)
    }
}

/// One key that a record carries, normalised. The value is clear in memory only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyClaim {
    /// Its kind.
    pub kind: KeyKind,
    /// Where the value means something: platform, app or source; empty for phones and e-mails.
    pub namespace: String,
    /// The normalised value.
    pub value: String,
    /// What it can do.
    pub class: KeyClass,
    /// Whether it was proven or stated by the platform as the account's.
    pub verified: bool,
}

impl std::fmt::Debug for KeyClaim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}(…)", self.kind.word(), self.namespace)
    }
}

impl KeyClaim {
    /// A key, or `None` where the value is empty, masked, enciphered or no value of that kind. A
    /// phone or e-mail that nobody verified is a contact.
    pub fn new(kind: KeyKind, namespace: &str, value: &str, verified: bool) -> Option<Self> {
        let value = normal(kind, value)?;
        let namespace = match kind {
            KeyKind::OwnId | KeyKind::OpenId | KeyKind::UnionId | KeyKind::AccountName | KeyKind::Card => normal_namespace(namespace),
            _ => String::new(),
        };
        let class = match kind {
            KeyKind::OwnId | KeyKind::OpenId | KeyKind::UnionId | KeyKind::Card => KeyClass::Strong,
            KeyKind::Phone | KeyKind::Email if verified => KeyClass::Strong,
            KeyKind::AccountName => KeyClass::Scoped,
            _ => KeyClass::Contact,
        };
        Some(Self { kind, namespace, value, class, verified: verified || class == KeyClass::Strong })
    }
}

/// Tmall's buyers are Taobao's accounts.
pub(crate) fn normal_namespace(namespace: &str) -> String {
    let lower = namespace.trim().to_lowercase();
    match lower.split_once(':') {
        Some(("tmall", app)) => format!("taobao:{app}"),
        None if lower == "tmall" => "taobao".to_owned(),
        _ => lower,
    }
}

/// Full-width forms to ASCII, surrounding and inner runs of white space reduced.
pub(crate) fn fold_width(text: &str) -> String {
    let wide = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(wide).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_hidden(text: &str) -> bool {
    let cipher = |open: &str, close: &str| text.len() > 4 && text.starts_with(open) && text.ends_with(close);
    text.contains(['*', '＊', '●']) || text.starts_with("##") || cipher("$", "$") || cipher("~", "~") || cipher("#", "##")
}

/// A mainland mobile as eleven digits, another country's as `+` and digits; else `None`.
pub fn normal_phone(text: &str) -> Option<String> {
    let folded = fold_width(text);
    let compact: String = folded.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '\u{a0}' | '‐' | '–')).collect();
    let digits = compact.strip_prefix('+').unwrap_or(&compact);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let local = digits.strip_prefix("0086").or_else(|| digits.strip_prefix("86").filter(|r| r.len() == 11)).unwrap_or(digits);
    let mobile = local.len() == 11 && local.as_bytes()[0] == b'1' && (b'3'..=b'9').contains(&local.as_bytes()[1]);
    if mobile && !folded.contains('转') {
        return Some(local.to_owned());
    }
    let abroad = compact.starts_with('+') && (7..=15).contains(&digits.len()) && !digits.starts_with("86") && !digits.starts_with('0');
    abroad.then_some(compact)
}

fn normal(kind: KeyKind, value: &str) -> Option<String> {
    let text = fold_width(value);
    if text.is_empty() || text.chars().count() > 400 || is_hidden(&text) || text.chars().any(char::is_control) {
        return None;
    }
    match kind {
        KeyKind::Phone | KeyKind::ReceiverPhone => normal_phone(&text),
        KeyKind::Email => {
            let lower = text.to_lowercase();
            let (local, domain) = lower.split_once('@')?;
            let fits = !local.is_empty() && domain.contains('.') && !domain.contains('@') && !lower.contains(' ');
            fits.then_some(lower)
        }
        KeyKind::AccountName => Some(text.to_lowercase()),
        KeyKind::ReceiverAddress => Some(text.replace(' ', "")),
        _ => Some(text),
    }
}

/// Gender as far as a source states it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Stated as neither.
    Other,
}

/// A birthday; the year may be unknown, and it may be kept by the lunar calendar (农历).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct Birthday {
    /// Year, if known.
    pub year: Option<i16>,
    /// Month, 1–12.
    pub month: i8,
    /// Day of the month.
    pub day: i8,
    /// By the lunar calendar.
    pub lunar: bool,
}

/// Province and city.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct Region {
    /// Province, as the source writes it.
    pub province: Option<String>,
    /// City.
    pub city: Option<String>,
}

/// What a record says of the person beside keys. All of it is optional; an older record never
/// overwrites what a newer one said.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ProfileHints {
    /// The person's own name (never a receiver's).
    pub name: Option<String>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Birthday.
    pub birthday: Option<Birthday>,
    /// An age band such as `25-29`.
    pub age_band: Option<String>,
    /// Region; for an order, the receiver's.
    pub region: Option<Region>,
    /// When the person joined the programme.
    pub joined_at: Option<Instant>,
    /// Where they joined.
    pub join_source: Option<String>,
    /// The tier's word in the source's list.
    pub tier: Option<String>,
    /// The points' word in the source's list.
    pub points: Option<String>,
    /// Tags in the source's list.
    pub tags: Option<Vec<String>>,
    /// Stated to be under fourteen.
    pub under_14: Option<bool>,
    /// What the record says that the person agreed to or refused. It goes into the history of
    /// consents, as that record's: kept only where the evidence has a `source_id`.
    pub consents: Vec<crate::consent::Statement>,
}

impl ProfileHints {
    /// Whether nothing beside a region is said: then no observation is kept.
    pub fn only_region(&self) -> bool {
        Self { region: None, ..self.clone() } == Self::default()
    }
}

/// What one record says of its buyer.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The keys that it carries; none is a good answer.
    pub keys: Vec<KeyClaim>,
    /// The legal entity whose shop it is, where the merchant has several: no key joins across.
    /// `None` where there is only one.
    pub entity: Option<String>,
    /// When the source says it happened: what orders evidence, whatever the order of arrival.
    pub source_time: Instant,
    /// Where it comes from: `taobao:orders`, `api`, …
    pub source: String,
    /// The record's id in its source, where its profile is to be kept and undone as that record's.
    /// Orders leave it empty: their region is kept with the key set.
    pub source_id: Option<String>,
    /// What it says beside keys.
    pub profile: ProfileHints,
}

/// The answer to one piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Identified {
    /// The key set to keep with the record (and to give back by `release`); `None` without keys.
    pub key_set: Option<[u8; 16]>,
    /// The member; `None` where no key identifies anybody.
    pub member: Option<MemberId>,
    /// Whether this piece of evidence made the member.
    pub created: bool,
}
