//! Reasons and warnings: stable codes, and for each what it means and what to do, in Chinese and
//! in English.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A reason or warning: a code and, after a colon, the column or word it is about.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Reason {
    /// `snake_case`, never renamed.
    pub code: &'static str,
    /// The column at fault, or the word.
    pub about: Option<Box<str>>,
}

impl Reason {
    /// A reason about the whole record.
    pub const fn of(code: &'static str) -> Self {
        Self { code, about: None }
    }

    /// A reason about a column or a word.
    pub fn about(code: &'static str, about: &str) -> Self {
        Self { code, about: Some(about.into()) }
    }

    /// What is wrong, for people.
    pub fn text(&self, zh: bool) -> String {
        let (z, e, _, _) = words(self.code);
        let text = if zh { z } else { e };
        filled(text, self.about.as_deref(), "", zh)
    }

    /// What the reason is about, where its written form leaves that out.
    pub fn unwritten(&self) -> Option<&str> {
        self.about.as_deref().filter(|_| WRITTEN_BARE.contains(&self.code))
    }

    /// What to do about it.
    pub fn advice(&self, zh: bool) -> String {
        let (_, _, z, e) = words(self.code);
        self.fill(if zh { z } else { e })
    }

    fn fill(&self, text: &str) -> String {
        text.replace("{}", self.about.as_deref().unwrap_or(""))
    }
}

/// A text with what it is about; `otherwise` where that is not told and the text does not speak of a column.
pub fn filled(text: &str, about: Option<&str>, otherwise: &str, zh: bool) -> String {
    match about {
        // People read quotes; the marks of code are for whoever reads this file.
        Some(about) => text.replace("`{}`", "“{}”").replace("{}", &in_words(about, zh)),
        // Kept by an earlier version, which did not name the column of every code yet.
        None => text.replace("「{}」", "有一格").replace("`{}`", "a cell").replace("{}", &in_words(otherwise, zh)),
    }
}

/// What a reason is about as people read it: which of two times came first, else the column or word.
pub fn in_words(about: &str, zh: bool) -> String {
    match about.split_once("_before_") {
        Some((later, earlier)) if zh => format!("{}早于{}", step(later, true), step(earlier, true)),
        Some((later, earlier)) => format!("{} before {}", step(later, false), step(earlier, false)),
        None => about.to_owned(),
    }
}

/// Codes that previews write without their column: what reads them knows them so.
const WRITTEN_BARE: [&str; 1] = ["bad_quantity"];

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.about {
            Some(about) if self.unwritten().is_none() => write!(f, "{}:{about}", self.code),
            _ => f.write_str(self.code),
        }
    }
}

/// Good, bad, or skipped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Will be loaded.
    Good,
    /// Goes to quarantine until repaired.
    Bad,
    /// Has nothing new in it.
    Skipped,
}

impl Verdict {
    /// `good`, `bad`, `skipped`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Skipped => "skipped",
        }
    }
}

/// What people call a step of an order's life.
fn step(word: &str, zh: bool) -> &str {
    match (word, zh) {
        ("created", true) => "下单时间",
        ("paid", true) => "付款时间",
        ("shipped", true) => "发货时间",
        ("completed", true) => "完成时间",
        _ => word,
    }
}

/// Text and advice of a code: Chinese, English, advice in Chinese, advice in English. `{}` is the
/// column or word.
pub fn words(code: &str) -> (&'static str, &'static str, &'static str, &'static str) {
    match code {
        "member_not_found" => (
            "店里没有这位会员",
            "there is no such member",
            "核对会员编号、手机号或平台账号；先导入这位会员再修复这一行",
            "Check the number, phone or platform account; load the member first, then repair this row",
        ),
        "several_members" => (
            "这一行的信息对应多位会员",
            "the keys of this row are of several members",
            "只保留一种标识，或先在「身份核对」里合并",
            "Keep one key only, or settle the members in the review list first",
        ),
        "missing_weather_day" => ("没有写日期", "no day is given", "补上日期", "Give the day"),
        "future_weather" => (
            "这一天还没有到：预报不是实况",
            "the day is not here yet: a forecast is no record",
            "等到那天过后再导入，或删掉这一行",
            "Import it once the day is over, or take the row out",
        ),
        "missing_weather" => (
            "天气、气温和降水都没有写",
            "neither weather nor temperature nor rain is given",
            "至少写一项，或删掉这一行",
            "Give one of them at least, or take the row out",
        ),
        "bad_weather" => (
            "「{}」一列写的不是认得的天气",
            "column `{}` names no weather that is known",
            "写晴、多云、阴、雾、霾、小雨、雷阵雨、雪、暴雨、台风这样的词，或清空",
            "Write words such as clear, cloudy, overcast, fog, haze, rain, thunderstorm, snow, typhoon, or clear it",
        ),
        "missing_region" => ("没有写地区", "no region is given", "补上省份或城市", "Give the province or the city"),
        "bad_region" => (
            "「{}」一列写的不是认得的省或地级市",
            "column `{}` names no province and no prefecture-level city",
            "写省份（浙江）、城市（杭州市）、省份加城市（浙江杭州），或六位行政区划代码（330100）；区县请改写成所属的市",
            "Write a province (Zhejiang), a city (Hangzhou), both (Hangzhou, Zhejiang) or the six-digit code (330100); for a district or county its city",
        ),
        "ambiguous_region" => (
            "「{}」一列的地名不止一个地方在用",
            "several places have the name in column `{}`",
            "补上省份，或改用中文名、六位行政区划代码",
            "Add the province, or use the Chinese name or the six-digit code",
        ),
        "bad_temperature" => (
            "「{}」一列写的不是气温",
            "column `{}` has no temperature",
            "改成 35 或 -3.5 的写法（摄氏度，−70 至 60），或清空",
            "Write it as 35 or -3.5 (°C, −70 to 60), or clear it",
        ),
        "high_below_low" => (
            "最高气温低于最低气温",
            "the highest temperature is below the lowest",
            "核对两个温度，可能写反了",
            "Check the two: they may be the wrong way round",
        ),
        "duplicate_weather" => (
            "同一天同一地区写了两次，内容不同",
            "the day is told twice for this region, differently",
            "每个地区每天只留一行（小时数据请先汇总到天）",
            "Keep one row for each region and day (add hours up to days first)",
        ),
        "bad_rain" => (
            "「{}」一列写的不是降水量",
            "column `{}` has no amount of rain",
            "改成 12.5 的写法（毫米），或清空",
            "Write it as 12.5 (millimetres), or clear it",
        ),
        "missing_tag" => ("没有写标签", "no tag is named", "补上标签名称", "Name a tag"),
        "bad_tag" => (
            "「{}」超过 40 个字，或有换行等控制字符",
            "`{}` is longer than 40 characters or holds line breaks",
            "改短，或去掉换行",
            "Shorten it, or take the line breaks out",
        ),
        "bad_score" => ("「{}」不是数", "`{}` is not a number", "改成 0.87 或 87% 的写法，或清空", "Write it as 0.87 or 87%, or clear it"),
        "tag.too_many" => (
            "标签或分类已经满了",
            "there are as many tags or categories as there can be",
            "先删除不用的标签，再修复这一行",
            "Delete tags that are not used, then repair this row",
        ),
        "impossible_date" => (
            "「{}」是日历上没有的日期",
            "`{}` names a day that does not exist",
            "改成平台后台显示的日期：可以在待修数据里直接改，也可以改好文件再导入一次",
            "Put in the date that the platform's back office shows: among the rows to repair, or in the file and load it again",
        ),
        "bad_date" => (
            "「{}」看不懂是什么时间",
            "`{}` cannot be read as a time",
            "改成 2026-08-06 22:16:20 的写法：可以在待修数据里直接改，也可以改好文件再导入一次",
            "Write it as 2026-08-06 22:16:20: among the rows to repair, or in the file and load it again",
        ),
        "ambiguous_date" => (
            "「{}」分不清哪个是日、哪个是月，整列也看不出来",
            "`{}`: nothing in the column tells day from month",
            "在列映射里说明日在前还是月在前，或改成 2026-09-01 的写法",
            "Say in the mapping whether day or month comes first, or write it as 2026-09-01",
        ),
        "time_order" => (
            "时间先后颠倒：{}",
            "The times are out of order: {}",
            "核对各时间；通常是其中一个填错",
            "Check the times; usually one of them is wrong",
        ),
        "negative_amount" => (
            "「{}」是负数",
            "`{}` is below zero",
            "金额应为正数；退款请放在退款列",
            "Amounts are positive; put a refund into the refund column",
        ),
        "bad_amount" => (
            "「{}」不是金额",
            "`{}` is not an amount",
            "只用数字和一个小数点，如 1234.50；不要用字母、汉字，也不要用逗号当小数点",
            "Write it in digits with a point, as 1234.50: no letters, no words, no decimal comma",
        ),
        "unknown_status" => (
            "不认识的状态「{}」",
            "Unknown status word `{}`",
            "改成该平台的状态词：可以在待修数据里点选一个，也可以改好文件再导入一次",
            "Use one of the platform's status words: choose one among the rows to repair, or correct the file and load it again",
        ),
        "missing_status" => ("没有订单状态", "The status is empty", "补上订单状态", "Fill in the status"),
        "missing_order_no" => (
            "没有订单编号",
            "The order number is empty",
            "补上订单编号；没有编号的订单无法去重",
            "Fill in the order number; without it repeats cannot be recognised",
        ),
        "missing_key" => (
            "没有任何能认出这个人的信息",
            "Nothing here identifies the person",
            "补上会员名、手机号或编号之一",
            "Fill in account name, phone or id",
        ),
        "bad_order_no" => (
            "订单编号的格式不对",
            "The order number does not have the platform's form",
            "从平台后台复制原订单编号",
            "Copy the number from the platform's back office",
        ),
        "order_no_lost_precision" => (
            "订单编号被表格软件变成了科学计数法，后几位已丢失",
            "A spreadsheet turned the order number into scientific notation; its last digits are lost",
            "用文本格式重新导出，或从平台后台复制编号",
            "Export again with the column as text, or copy the number from the platform",
        ),
        "duplicate_order_no_conflict" => (
            "同一订单编号在文件里出现两次，内容不同",
            "The same order number appears twice with different content",
            "以平台后台为准，保留正确的一行",
            "Keep the row that agrees with the platform",
        ),
        "duplicate_key_conflict" => (
            "同一个人在文件里出现两次，内容不同",
            "The same person appears twice with different content",
            "保留正确的一行",
            "Keep the right row",
        ),
        "duplicate_same_content" => ("与前面一行完全相同，已跳过", "Identical to an earlier row; skipped", "无需处理", "Nothing to do"),
        "blank_row" => ("空行，已跳过", "A row of empty cells; skipped", "无需处理", "Nothing to do"),
        "placeholder_time" => (
            "「{}」是程序在没有时间时写的 1970 年，按没有时间处理",
            "`{}` is the 1970 that programs write where they have no time; read as none",
            "知道时间的话，在文件里补上后再导入一次",
            "If it is known, fill it in in the file and load it again",
        ),
        "several_order_numbers" => (
            "一个单元格里有几个订单编号（合并订单），看不出各付了多少",
            "Several order numbers in one cell (merged orders); nothing tells what was paid for each",
            "在 ERP 里导出合并前的订单，或导出带明细所属订单号和明细实付的明细；也可以拆成几行，每行一个编号和它的金额",
            "Export the orders before they were merged, or their lines with each line's order number and payment; or divide the row, a number and its amount on each",
        ),
        "another_parcel" => (
            "同一订单的另一个包裹，订单内容相同，金额只算一次",
            "Another parcel of the same order; its amounts are counted once",
            "如果每个包裹是分别付款的，请改用带明细的导出",
            "If parcels were paid for apart, export the lines",
        ),
        "several_phones" => ("有几个手机号，取第一个", "Several phone numbers; the first is taken", "核对是哪一个", "Check which it is"),
        "total_row" => ("合计行，已跳过", "A row of totals; skipped", "无需处理", "Nothing to do"),
        "header_again" => ("表头又出现了一次，已跳过", "The header once more; skipped", "无需处理", "Nothing to do"),
        "not_suppressed" => (
            "这一行写明没有退订、不在黑名单,已跳过",
            "The row says that this address is not on the list; skipped",
            "无需处理",
            "Nothing to do",
        ),
        "not_an_order" => ("不是订单的记录(调整、坏账),已跳过", "Not an order (an adjustment); skipped", "无需处理", "Nothing to do"),
        "truncated_row" => (
            "这一行不完整，文件可能被截断",
            "The row is cut off; the file may be incomplete",
            "重新导出完整的文件",
            "Export the whole file again",
        ),
        "too_many_cells" => (
            "这一行的单元格比表头多，内容错了位",
            "The row has more cells than the header; what it says has moved",
            "给含有分隔符的内容加上引号，或用 XLSX 重新导出",
            "Quote the cell that has the delimiter in it, or export XLSX",
        ),
        "bad_encoding" => (
            "这一行的文字编码与文件其余部分不同",
            "The row is in another encoding than the rest of the file",
            "用同一编码重新导出，或改正文字",
            "Export again in one encoding, or correct the text",
        ),
        "record_too_long" => (
            "这一条记录长得不正常，可能少了一个引号",
            "The record is implausibly long; a closing quote may be missing",
            "检查这一行的引号",
            "Check the quotes of this row",
        ),
        "bad_quantity" => (
            "「{}」不是正整数",
            "`{}` is not a positive whole number",
            "改成 1、2、3 这样的正整数",
            "Write a whole number such as 1, 2 or 3",
        ),
        "refund_exceeds_paid" => ("退款多于实付", "More was refunded than paid", "核对退款金额与实付金额", "Check refund and payment"),
        "unknown_currency" => ("不认识的币种", "Unknown currency", "用 ISO 4217 代码，如 CNY", "Use an ISO 4217 code such as CNY"),
        "bad_email" => ("邮箱格式不对", "Not an e-mail address", "改正或清空邮箱", "Correct or clear it"),
        "bad_phone" => ("手机号格式不对", "Not a phone number", "改正或清空手机号", "Correct or clear it"),
        "negative_points" => ("积分为负", "Points below zero", "核对积分", "Check the points"),
        "bad_points" => ("积分不是整数", "Points are not a whole number", "核对积分", "Check the points"),
        "birthday_in_future" => ("生日在将来", "The birthday lies in the future", "改正生日", "Correct it"),
        "missing_amount" => (
            "「{}」没有金额，这笔订单付了多少不知道，照常导入",
            "`{}` has no amount: what was paid for the order is not known; it is loaded as it is",
            "在文件里补上金额后再导入一次，订单会补全",
            "Fill the amount in in the file and load it again: the order is completed",
        ),
        "missing_item_name" => (
            "「{}」没有写商品，也没有商品编码，照常导入",
            "`{}` names no goods and there is no code either; the row is loaded as it is",
            "在文件里补上商品名称或编码后再导入一次，明细会补全",
            "Fill in the name or the code in the file and load it again: the line is completed",
        ),
        "formula_cell" => (
            "「{}」里的文字像公式，按文字保存",
            "`{}` looks like a formula; kept as text",
            "无需处理；导出时会保护",
            "Nothing to do; exports make it harmless",
        ),
        "newline_in_cell" => ("「{}」里有换行", "`{}` has a line break in it", "无需处理", "Nothing to do"),
        "test_order_suspect" => ("像是测试订单", "Looks like a test order", "确认后可以作废", "Check, and void it if it is one"),
        "status_word_partial_shipment" => ("部分发货，按已付款处理", "Partly dispatched; counts as paid", "无需处理", "Nothing to do"),
        "status_word_locked" | "status_word_paused" | "status_on_hold" => (
            "订单被锁定或暂停，保留原状态",
            "The order is on hold; its last state is kept",
            "等平台放行后再导入一次",
            "Import again when it is released",
        ),
        "masked_phone" => ("手机号被平台打码", "The phone is masked", "打码的号码不能用来认人", "A masked number identifies nobody"),
        "no_strong_key" | "no_strong_key_but_platform_id" => (
            "没有可靠的身份信息",
            "No strong key",
            "以后补上手机号或开放 ID 时会自动归属",
            "It finds its member when a phone or open id arrives",
        ),
        "minor_under_14" => ("未满 14 岁，不做营销", "Under 14: no marketing", "需要监护人同意", "Needs a guardian's consent"),
        "phone_in_memo" => ("备注里有手机号", "A phone number stands in a memo", "不会用它认人", "It is not used to identify anybody"),
        "currency_sign" => ("「{}」带货币符号，已去掉", "`{}` carried a currency sign; taken off", "无需处理", "Nothing to do"),
        "thousands_separator" => ("「{}」带千分位，已去掉", "`{}` carried thousands separators; taken off", "无需处理", "Nothing to do"),
        "date_reformatted_by_spreadsheet" => {
            ("「{}」被表格软件改写过，可能少了秒", "`{}` was rewritten by a spreadsheet; seconds may be lost", "无需处理", "Nothing to do")
        }
        "missing_time" => {
            ("没有成交时间，用订单编号里的日期", "No time; the date in the order number is used", "无需处理", "Nothing to do")
        }
        "amount_mismatch" => ("金额之间对不上", "The amounts do not add up", "核对实付、优惠与实收", "Check paid, discounts and received"),
        "consent_unknown" => ("看不懂是否同意接收", "Consent cannot be read", "按未同意处理", "Treated as no consent"),
        "repeated_line" => (
            "同一订单里两行完全相同，按两件处理",
            "Two equal lines of one order; both are kept",
            "核对是否多导了一行",
            "Check that it is not one line twice",
        ),
        "order_row_not_good" => {
            ("同一订单的第一行有问题", "The first row of this order is not good", "先修好第一行", "Repair the first row")
        }
        "stray_quote" => ("有一个引号没有成对", "A quote never closes", "检查这一行的引号", "Check the quotes of this row"),
        "refund_amount_unknown" => {
            ("有部分退款，但没有金额", "Partly refunded, but no amount is told", "补导退款明细", "Import the refund report as well")
        }
        "unknown_after_sale" => (
            "不认识的售后状态「{}」，是否退款没有计入",
            "Unknown after-sale word `{}`: whether money went back is not told",
            "补导退款明细，或改成该平台的售后词",
            "Import the refund report as well, or use the platform's word",
        ),
        "refund_not_given" => (
            "退款还没有成功或已关闭，「{}」里的金额不计",
            "The refund was not given (yet): the amount in `{}` does not count",
            "退款完成后再导入一次",
            "Import again when it is settled",
        ),
        "newer_state" => (
            "同一行在前面出现过，这里的状态更新，以这一行为准",
            "The same row came before with an earlier state; this one holds",
            "无需处理",
            "Nothing to do",
        ),
        "older_state" => (
            "同一行在前面出现过，那里的状态更新，已跳过",
            "The same row came before with a later state; skipped",
            "无需处理",
            "Nothing to do",
        ),
        "cost_above_price" => ("成本高于售价", "Cost above price", "核对成本", "Check the cost"),
        "negative_stock" => ("库存为负", "Stock below zero", "核对库存", "Check the stock"),
        "status_word_partial_refund" => {
            ("部分退款：状态按时间判断", "Partly refunded: its times tell the state", "补导退款金额", "Import the refunded amount as well")
        }
        "code_lost_precision" => (
            "「{}」被表格软件变成了科学计数法，不再可用，已略去",
            "A spreadsheet turned `{}` into scientific notation; it is left out",
            "用文本格式重新导出",
            "Export again with the column as text",
        ),
        "status_word_refund_in_progress" => {
            ("退款处理中", "A refund is under way", "处理完后再导入一次", "Import again when it is settled")
        }
        "status_word_deposit" => ("只付了定金", "Only the deposit is paid", "付完尾款后再导入一次", "Import again when the rest is paid"),
        "status_word_partially_paid" => ("只付了一部分", "Partly paid", "付清后再导入一次", "Import again when it is paid"),
        "gift_line" => ("赠品", "A gift", "无需处理", "Nothing to do"),
        "no_such_order_in_order_report" => (
            "订单报表里没有这个订单",
            "The order report has no such order",
            "补导对应时间的订单报表",
            "Import the order report of that time as well",
        ),
        "whitespace_only" => ("「{}」只有空白", "`{}` holds only white space", "无需处理", "Nothing to do"),
        "pipe_in_item_name" => ("商品名里有竖线", "An item name has a pipe in it", "核对商品名", "Check the item name"),
        "guest_checkout" => ("未登录下单", "Guest checkout", "无需处理", "Nothing to do"),
        "phone_shared_with_another_row" | "duplicate_email" => (
            "与另一行同号，需要人看一下",
            "Shared with another row",
            "在待核对列表里决定是否同一人",
            "Decide in the review list whether they are one person",
        ),
        "count_zero_amount_positive" => ("笔数为零而金额不为零", "No orders but an amount", "核对来源", "Check the source"),
        _ => ("需要留意：{}", "Worth a look: {}", "核对这一行", "Check this row"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_quotes() {
        for code in ["bad_date", "negative_amount", "unknown_status"] {
            let said = Reason::about(code, "总金额").text(false);
            assert!(said.contains("“总金额”") && !said.contains('`'), "{said}");
        }
    }
}
