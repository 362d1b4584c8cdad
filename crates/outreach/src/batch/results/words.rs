//! The words of providers' sheets: headings, statuses, and what ends all messages.

use jiff::civil::DateTime;
use shuke_kernel::{Instant, Zone};
use unicode_normalization::UnicodeNormalization;

/// A text as words are compared: compatibility forms, lower case, letters and digits alone.
fn key(text: &str) -> String {
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

const PHONE: &[&str] = &[
    "手机号",
    "手机号码",
    "手机",
    "号码",
    "接收号码",
    "接收手机号",
    "收信号码",
    "phone",
    "phonenumber",
    "phonenumbers",
    "mobile",
    "mobilephone",
    "tel",
    "dest",
];
const LINK: &[&str] = &["短链", "短链接", "短链码", "链接", "link", "shortlink", "url"];
const MEMBER: &[&str] = &["会员编号", "会员id", "member", "memberid"];
const STATUS: &[&str] = &[
    "状态",
    "回执",
    "回执状态",
    "发送状态",
    "发送结果",
    "接收状态",
    "短信状态",
    "结果",
    "状态码",
    "status",
    "result",
    "state",
    "report",
    "sendstatus",
    "deliverystatus",
    "errcode",
];
const TIME: &[&str] = &[
    "时间",
    "回执时间",
    "接收时间",
    "到达时间",
    "送达时间",
    "回复时间",
    "上行时间",
    "接收回执时间",
    "time",
    "receivetime",
    "deliveredat",
    "reporttime",
    "sendtime",
    "发送时间",
    "at",
];
const REPLY: &[&str] =
    &["回复", "回复内容", "上行内容", "上行短信", "短信回复", "reply", "replytext", "inbound", "message", "content", "内容"];

/// Which column is what.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Columns {
    /// The phone.
    pub phone: Option<usize>,
    /// The short link, or its code.
    pub link: Option<usize>,
    /// The member.
    pub member: Option<usize>,
    /// The status.
    pub status: Option<usize>,
    /// When.
    pub time: Option<usize>,
    /// What was answered.
    pub reply: Option<usize>,
}

impl Columns {
    /// Told by headings.
    pub fn of(header: &[String]) -> Self {
        let keys: Vec<String> = header.iter().map(|h| key(h)).collect();
        let find = |words: &[&str]| words.iter().find_map(|w| keys.iter().position(|k| k == w));
        Self { phone: find(PHONE), link: find(LINK), member: find(MEMBER), status: find(STATUS), time: find(TIME), reply: find(REPLY) }
    }

    /// Whether rows can be read by them: who, and what came.
    pub fn suffice(&self) -> bool {
        (self.phone.is_some() || self.link.is_some() || self.member.is_some()) && (self.status.is_some() || self.reply.is_some())
    }

    /// Their names, for a refusal.
    pub fn names(&self) -> String {
        let all = [
            ("phone", self.phone),
            ("link", self.link),
            ("member", self.member),
            ("status", self.status),
            ("time", self.time),
            ("reply", self.reply),
        ];
        all.iter().filter(|(_, at)| at.is_some()).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

/// What a status says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// It arrived.
    Delivered,
    /// It did not.
    Failed,
    /// It was sent; whether it arrived is not known.
    Sent,
    /// The person ends the messages.
    Unsubscribed,
    /// The person complained, which ends them too.
    Complained,
}

const DELIVERED: &[&str] = &[
    "delivrd",
    "delivered",
    "delivery",
    "success",
    "successful",
    "ok",
    "成功",
    "已送达",
    "送达",
    "已到达",
    "到达",
    "发送成功",
    "接收成功",
    "已接收",
    "已读",
    "read",
];
const FAILED: &[&str] = &[
    "failed",
    "fail",
    "failure",
    "undeliv",
    "undelivered",
    "rejectd",
    "rejected",
    "expired",
    "bounced",
    "失败",
    "发送失败",
    "接收失败",
    "未送达",
    "空号",
    "停机",
    "关机",
    "黑名单",
    "拒收",
    "退回",
    "过期",
    "error",
    "unknown",
];
const SENT: &[&str] =
    &["sent", "submitted", "accepted", "accepted", "pending", "sending", "已发送", "已提交", "发送中", "等待回执", "未知", "待发送"];
const UNSUBSCRIBED: &[&str] = &["unsubscribed", "unsubscribe", "optout", "退订", "已退订", "r", "td", "t", "n"];
const COMPLAINED: &[&str] = &["complained", "complaint", "spam", "投诉", "已投诉", "举报"];

/// What a status word says; `None` for a word that is not known.
pub fn status(word: &str) -> Option<Said> {
    let word = key(word);
    let among = |list: &[&str]| list.contains(&word.as_str());
    [
        (DELIVERED, Said::Delivered),
        (FAILED, Said::Failed),
        (SENT, Said::Sent),
        (UNSUBSCRIBED, Said::Unsubscribed),
        (COMPLAINED, Said::Complained),
    ]
    .into_iter()
    .find(|(list, _)| among(list))
    .map(|(_, said)| said)
}

/// Whether a reply ends all messages: R, TD, T, N or 退订, in any width and case.
pub fn ends_messages(reply: &str) -> bool {
    ["r", "td", "t", "n", "退订", "退訂"].contains(&key(reply).as_str())
}

/// A time of a sheet: RFC 3339, or civil time of the shop's zone. `Err` for what is none.
pub(super) fn time(text: &str, zone: &Zone) -> Result<Option<Instant>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(at) = text.parse::<Instant>() {
        return Ok(Some(at));
    }
    let plain = text.replace(['/', '.'], "-").replace('T', " ");
    let civil: Option<DateTime> = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S"]
        .iter()
        .find_map(|format| DateTime::strptime(format, &plain).ok())
        .or_else(|| jiff::civil::Date::strptime("%Y-%m-%d", &plain).ok().map(|d| d.at(0, 0, 0, 0)));
    civil.and_then(|c| zone.instant(c)).map(Some).ok_or(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_messages_does_so_in_any_width_and_case() {
        for yes in ["R", "r", "Ｒ", "ｒ", "TD", "td", "Ｔｄ", "T", "n", "Ｎ", "退订", " 退订 ", "【退订】", "R。", "退 订"]
        {
            assert!(ends_messages(yes), "{yes}");
        }
        for no in ["", "好的", "RR", "不退订", "什么时候退订", "NO", "tt"] {
            assert!(!ends_messages(no), "{no}");
        }
    }

    #[test]
    fn columns_are_told_by_what_they_mean() {
        let of = |names: &[&str]| Columns::of(&names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        let aliyun = of(&["PhoneNumber", "发送时间", "回执状态", "接收时间"]);
        assert_eq!((aliyun.phone, aliyun.status, aliyun.time), (Some(0), Some(2), Some(3)));
        let replies = of(&["手机号码", "上行内容", "上行时间"]);
        assert_eq!((replies.phone, replies.reply, replies.time), (Some(0), Some(1), Some(2)));
        assert!(aliyun.suffice() && replies.suffice() && !of(&["手机号", "姓名"]).suffice() && !of(&["状态"]).suffice());
    }

    #[test]
    fn statuses_and_times_of_providers() {
        for (word, said) in [
            ("DELIVRD", Said::Delivered),
            ("发送成功", Said::Delivered),
            ("UNDELIV", Said::Failed),
            ("空号", Said::Failed),
            ("已提交", Said::Sent),
        ] {
            assert_eq!(status(word), Some(said), "{word}");
        }
        assert_eq!(status("月亮"), None);
        let zone = Zone::shanghai();
        for text in ["2026-11-26T12:00:00Z", "2026-11-26 20:00:00", "2026/11/26 20:00", "20261126200000"] {
            assert_eq!(time(text, &zone).map(|t| t.map(|t| t.to_string())), Ok(Some("2026-11-26T12:00:00Z".to_owned())), "{text}");
        }
        assert_eq!((time("", &zone), time("昨天", &zone)), (Ok(None), Err(())));
    }
}
