//! Entries of the timeline as the API speaks of them.

use serde::Serialize;
use shuke_commerce::behaviour::ActId;
use shuke_commerce::order::OrderId;
use shuke_commerce::refund::RefundId;
use shuke_http::MoneyDto;
use shuke_intake::load::model::ImportId;
use shuke_kernel::Instant;
use shuke_members::MemberId;
use shuke_members::identity::MergeId;
use shuke_members::tag::TagId;
use utoipa::ToSchema;

/// What an entry is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    FirstSeen,
    Joined,
    Profile,
    Import,
    Consent,
    Tag,
    Untag,
    Merge,
    Unmerge,
    Behaviour,
    Order,
    Refund,
}

/// Every kind, the one that comes first of one instant first.
pub(super) const KINDS: [Kind; 12] = [
    Kind::FirstSeen,
    Kind::Joined,
    Kind::Profile,
    Kind::Import,
    Kind::Consent,
    Kind::Tag,
    Kind::Untag,
    Kind::Merge,
    Kind::Unmerge,
    Kind::Behaviour,
    Kind::Order,
    Kind::Refund,
];

impl Kind {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::FirstSeen => "first_seen",
            Self::Joined => "joined",
            Self::Profile => "profile",
            Self::Import => "import",
            Self::Consent => "consent",
            Self::Tag => "tag",
            Self::Untag => "untag",
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
            Self::Behaviour => "behaviour",
            Self::Order => "order",
            Self::Refund => "refund",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        KINDS.into_iter().find(|k| k.word() == word)
    }

    /// Its place among entries of one instant.
    pub(super) const fn rank(self) -> i64 {
        self as i64
    }
}

/// One thing that happened to a member. `kind` says which of the others is there.
#[derive(Serialize, ToSchema, Default, Clone, Debug)]
pub struct TimelineEntry {
    /// `order`, `refund`, `behaviour`, `consent`, `merge`, `unmerge`, `tag`, `untag`, `import`, `profile`, `joined`, `first_seen`.
    pub kind: String,
    /// When it happened, by whoever told it.
    #[schema(value_type = String, format = DateTime)]
    pub at: Instant,
    /// Who did it, where somebody here did: `stf_…`, `key_…`, `cli`, `system:…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// An order, at the time that it was placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<TimelineOrder>,
    /// Money that went back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund: Option<TimelineRefund>,
    /// Something done beside buying.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behaviour: Option<TimelineAct>,
    /// Consent given or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<TimelineConsent>,
    /// A merge, or its taking back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge: Option<TimelineMerge>,
    /// A tag given, or taken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<TimelineTag>,
    /// An import that brought records of the member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<TimelineImport>,
    /// What a record told of the member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<TimelineProfile>,
    /// Where the member joined, of `joined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join_source: Option<String>,
}

/// An order in a timeline.
#[derive(Serialize, ToSchema, Clone, Debug)]
pub struct TimelineOrder {
    #[schema(value_type = String, example = "ord_01hqzv…")]
    pub id: OrderId,
    /// Its number at its source.
    pub number: String,
    pub platform: String,
    pub shop: Option<String>,
    /// `created`, `paid`, `shipped`, `completed` or `closed`.
    pub state: String,
    /// The platform's word.
    pub status: Option<String>,
    /// Paid, shipping included.
    pub paid: Option<MoneyDto>,
    /// Goods paid less what was given back.
    pub net_paid: Option<MoneyDto>,
    pub refunded: MoneyDto,
    /// Whether it counts as a purchase.
    pub purchase: bool,
    pub quantity: Option<i64>,
    /// Titles of its lines.
    pub titles: Vec<String>,
}

/// A refund in a timeline.
#[derive(Serialize, ToSchema, Clone, Debug)]
pub struct TimelineRefund {
    #[schema(value_type = String, example = "ref_01hqzv…")]
    pub id: RefundId,
    /// The order; absent where the refund names none.
    #[schema(value_type = Option<String>)]
    pub order: Option<OrderId>,
    pub state: String,
    /// Why: the word of its kind.
    pub reason_kind: String,
    pub amount: MoneyDto,
    /// When it went back, as the source tells; where it does not, the entry stands at when it became known.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub refunded_at: Option<Instant>,
}

/// Something that the member did beside buying.
#[derive(Serialize, ToSchema, Clone, Debug)]
pub struct TimelineAct {
    #[schema(value_type = String, example = "act_01hqzv…")]
    pub id: ActId,
    /// `browse`, `search`, `cart`, `favourite`, `review` …
    #[serde(rename = "type")]
    pub act: String,
    pub source: String,
    pub sku: Option<String>,
    /// Search words.
    pub words: Option<String>,
    pub quantity: Option<i64>,
    /// Minor units.
    pub amount: Option<i64>,
    /// Stars, 1 to 5.
    pub rating: Option<i64>,
}

/// A statement of consent.
#[derive(Serialize, ToSchema, Clone, Debug)]
pub struct TimelineConsent {
    pub purpose: String,
    pub channel: String,
    pub granted: bool,
    pub source: String,
    /// Added by a merge, so that the stricter of two statements holds.
    pub by_merge: bool,
}

/// A merge.
#[derive(Serialize, ToSchema, Clone, Debug)]
pub struct TimelineMerge {
    #[schema(value_type = String, example = "mrg_01hqzv…")]
    pub id: MergeId,
    #[schema(value_type = String)]
    pub survivor: MemberId,
    #[schema(value_type = String)]
    pub absorbed: MemberId,
    /// `keys`, `review`, `manual`.
    pub cause: String,
    pub reason: String,
}

/// A tag.
#[derive(Serialize, ToSchema, Clone, Debug)]
pub struct TimelineTag {
    #[schema(value_type = String, example = "tag_01hqzv…")]
    pub id: TagId,
    pub name: String,
}

/// An import.
#[derive(Serialize, ToSchema, Clone, Debug)]
pub struct TimelineImport {
    #[schema(value_type = String, example = "imp_01hqzv…")]
    pub id: ImportId,
    pub title: String,
}

/// What a record told.
#[derive(Serialize, ToSchema, Clone, Debug)]
pub struct TimelineProfile {
    /// `staff`, `member`, `api`, or the source of a list.
    pub source: String,
    /// The facts that it tells, by name.
    pub fields: Vec<String>,
}
