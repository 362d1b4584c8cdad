//! What is asked of an export, and what is known of one.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shuke_http::Permission;
use shuke_kernel::{Code, Currency, Instant, Kind};
use shuke_members::MemberId;
use shuke_members::tag::TagId;
use shuke_sheets::Format;
use shuke_store::jobs::JobId;
use utoipa::ToSchema;

shuke_kernel::ids! {
    /// An export.
    ExportId = ExportKind "exp";
}

/// No such export.
pub static NOT_FOUND: Code =
    Code { code: "export.not_found", kind: Kind::NotFound, zh: "找不到这次导出。", en: "There is no such export." };
/// Its file is not whole yet.
pub static NOT_READY: Code = Code {
    code: "export.not_ready",
    kind: Kind::Conflict,
    zh: "文件还没有准备好（状态：{state}）。请等任务完成后再下载。",
    en: "The file is not ready (the export is {state}). Download it when the task is done.",
};
/// Its file is gone.
pub static GONE: Code = Code {
    code: "export.gone",
    kind: Kind::NotFound,
    zh: "文件已不再保留（状态：{state}）：过期、被删除，或其中有人行使了删除权。请重新导出。",
    en: "The file is not kept any more (the export is {state}): it expired, was deleted, or somebody in it was erased. Export again.",
};
/// Clear identifiers without a reason.
pub static REASON: Code = Code {
    code: "export.reason_needed",
    kind: Kind::Invalid,
    zh: "导出明文需要填写理由(1 到 500 字),会记入审计日志。",
    en: "Say why identifiers are needed in clear, in 1 to 500 characters: it goes into the audit.",
};
/// Nothing in that list is masked.
pub static NOTHING_MASKED: Code = Code {
    code: "export.nothing_masked",
    kind: Kind::Invalid,
    zh: "该列表没有脱敏的内容，不需要明文导出。",
    en: "Nothing in this list is masked: leave `clear` out.",
};
/// Two tables in a file that holds one.
pub static ONE_TABLE: Code = Code {
    code: "export.one_table",
    kind: Kind::Invalid,
    zh: "CSV 和 Parquet 文件只能放一张表：请选 orders 或 lines，或改用 XLSX。",
    en: "A CSV or Parquet file holds one table: choose `orders` or `lines`, or XLSX.",
};
/// A word that is none of those known.
pub static UNKNOWN_WORD: Code =
    Code {
        code: "export.unknown_word", kind: Kind::Invalid, zh: "未知的取值 {word}。", en: "`{word}` is not a value of this field."
    };

/// A filter's text is too long.
pub static TOO_LONG: Code = Code {
    code: "export.too_long",
    kind: Kind::Invalid,
    zh: "筛选文字最多 {most} 字。",
    en: "A filter's text has at most {most} characters.",
};
/// Too many exports are kept.
pub static TOO_MANY: Code = Code {
    code: "export.too_many",
    kind: Kind::Conflict,
    zh: "已有 {most} 个导出在保留中：请先删除不再需要的，或等它们过期。",
    en: "{most} exports are kept already: delete those that nobody needs, or wait until they expire.",
};

/// A table of the file would have no column.
pub static NO_COLUMN: Code = Code {
    code: "export.no_column",
    kind: Kind::Invalid,
    zh: "表“{table}”一列也没有选到：请至少选一列。",
    en: "No column of the table `{table}` is chosen: choose one at least.",
};

/// Characters of a filter's text.
const TEXT_AT_MOST: usize = 200;

/// Which members: the filter of their list.
#[derive(Clone, Default, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = MemberExportFilter)]
pub struct MemberFilter {
    /// A phone, its last four digits, an e-mail, an id, an account name, a card, a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub query: Option<String>,
    /// With keys of that platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// With, or without, a phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_phone: Option<bool>,
    /// `female`, `male` or `other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// A province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// Members who have all of these tags: `tag_…`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, max_items = 20)]
    pub tags: Vec<TagId>,
}

/// Which orders: the filter of their list.
#[derive(Clone, Default, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = OrderExportFilter)]
pub struct OrderFilter {
    /// `created`, `paid`, `shipped`, `completed` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The shop, as the orders tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// The platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// With a member, or without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identified: Option<bool>,
    /// Placed then or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Instant>,
    /// Placed before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub to: Option<Instant>,
    /// Of that member: `mem_…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub member: Option<MemberId>,
    /// The order's number; where no order has it, how the number begins, from six characters on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// Which refunds: the filter of their list.
#[derive(Clone, Default, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = RefundExportFilter)]
pub struct RefundFilter {
    /// `succeeded`, `open` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// Which products: the filter of their list.
#[derive(Clone, Default, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ProductExportFilter)]
pub struct ProductFilter {
    /// The beginning of a code, or part of a title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The beginning of a category path, levels joined by ` > `.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// Which orders whose settlement differs: the filter of their list.
#[derive(Clone, Default, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = SettlementExportFilter)]
pub struct SettlementFilter {
    /// Placed on that day or later. Default: twelve months before `to`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub from: Option<Date>,
    /// Placed before that day. Default: tomorrow.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    /// On that platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Of that shop, as the orders tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shop: Option<String>,
    /// Only those that differ for this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// `differs`: a file gives a figure that is not what was expected; `untold`: no file gives one. Default: both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The currency. Default: the merchant's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{3}$")]
    pub currency: Option<Currency>,
}

/// What a row of an orders' export is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrderExportRows)]
pub enum Rows {
    /// An order.
    #[default]
    Orders,
    /// A line of an order.
    Lines,
    /// Both, a sheet each.
    Both,
}

/// A list with its filter.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "subject", content = "filter", rename_all = "snake_case")]
pub enum Wanted {
    /// Members.
    Members(MemberFilter),
    /// Orders, their lines, or both.
    Orders(OrderFilter, Rows),
    /// Refunds.
    Refunds(RefundFilter),
    /// Products.
    Products(ProductFilter),
    /// Orders whose settlement differs.
    Settlement(SettlementFilter),
}

impl Wanted {
    /// Its word.
    pub const fn subject(&self) -> &'static str {
        match self {
            Self::Members(_) => "members",
            Self::Orders(..) => "orders",
            Self::Refunds(_) => "refunds",
            Self::Products(_) => "products",
            Self::Settlement(_) => "settlement",
        }
    }

    /// Whether identifiers of people stand in it.
    pub const fn has_masked(&self) -> bool {
        matches!(self, Self::Members(_) | Self::Orders(_, Rows::Orders | Rows::Both))
    }

    /// What a row is, where there is a choice.
    pub const fn rows(&self) -> &'static str {
        match self {
            Self::Orders(_, Rows::Orders) => "orders",
            Self::Orders(_, Rows::Lines) => "lines",
            Self::Orders(_, Rows::Both) => "both",
            _ => "",
        }
    }

    /// Refuses a filter that could find nothing because it is none.
    pub fn check(&self) -> shuke_kernel::Result<()> {
        let texts: Vec<(&str, &Option<String>)> = match self {
            Self::Members(f) => vec![("query", &f.query), ("platform", &f.platform), ("province", &f.province)],
            Self::Orders(f, _) => vec![("query", &f.query), ("platform", &f.platform), ("shop", &f.shop)],
            Self::Refunds(_) => Vec::new(),
            Self::Products(f) => vec![("query", &f.query), ("category", &f.category)],
            Self::Settlement(f) => vec![("platform", &f.platform), ("shop", &f.shop)],
        };
        for (name, text) in texts {
            if text.as_ref().is_some_and(|t| t.chars().count() > TEXT_AT_MOST) {
                return Err(TOO_LONG.at(format!("filter.{name}")).with("most", TEXT_AT_MOST).into());
            }
        }
        Ok(())
    }

    /// The names of the filters that are set: what may be shown and audited of them.
    pub fn filters(&self) -> Vec<String> {
        let value = match self {
            Self::Members(f) => serde_json::to_value(f),
            Self::Orders(f, _) => serde_json::to_value(f),
            Self::Refunds(f) => serde_json::to_value(f),
            Self::Products(f) => serde_json::to_value(f),
            Self::Settlement(f) => serde_json::to_value(f),
        };
        value.ok().and_then(|v| v.as_object().map(|o| o.keys().cloned().collect())).unwrap_or_default()
    }
}

/// The permission that reading a list needs.
pub fn permission(subject: &str) -> Permission {
    match subject {
        "members" => Permission::MembersRead,
        "products" => Permission::ProductsCost,
        _ => Permission::OrdersRead,
    }
}

/// The window of a settlement is none.
pub static WINDOW: Code = Code {
    code: "export.window",
    kind: Kind::Invalid,
    zh: "时间范围有误：from 要早于 to。",
    en: "The window is none: `from` is before `to`.",
};

/// All words of [`Wanted::subject`].
pub const SUBJECTS: [&str; 5] = ["members", "orders", "refunds", "products", "settlement"];

/// An export as asked for. Kept sealed: a filter may name a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Spec {
    /// Which list.
    pub wanted: Wanted,
    /// As which file.
    pub format: Format,
    /// Identifiers in clear.
    pub clear: bool,
    /// Why in clear.
    pub reason: String,
    /// Chinese headings.
    pub zh: bool,
    /// The zone in which times are shown.
    pub zone: String,
    /// Only these columns, by their names; empty for all.
    #[serde(default)]
    pub columns: Vec<String>,
}

/// An export as the store knows it.
#[derive(Clone, Debug)]
pub struct Run {
    /// Which.
    pub id: ExportId,
    /// Which list.
    pub subject: String,
    /// What a row is, where there is a choice.
    pub rows_of: String,
    /// As which file.
    pub format: String,
    /// Identifiers in clear.
    pub clear: bool,
    /// `gathering`, `ready`, `withdrawn`, `expired` or `deleted`.
    pub state: String,
    /// Which of the attempts counts: pieces of former ones are nobody's.
    pub epoch: i64,
    /// The job that gathers it.
    pub job: Option<JobId>,
    /// How many rows it has, once it is whole.
    pub rows: Option<i64>,
    /// What the file is called.
    pub file_name: String,
    /// Names of the filters that are set, by commas.
    pub filters: String,
    /// By whom.
    pub created_by: String,
    /// When.
    pub created_at: Instant,
    /// When it was whole.
    pub finished_at: Option<Instant>,
    /// Until when the file is kept.
    pub expires_at: Instant,
    /// What was asked.
    pub spec: Spec,
}
