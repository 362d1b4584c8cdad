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
/// When a message arrived, or was found not to.
const RECEIPT_TIME: &[&str] = &["回执时间", "到达时间", "送达时间", "接收回执时间", "deliveredat", "reporttime"];
/// When it was answered.
const REPLY_TIME: &[&str] = &["回复时间", "上行时间", "replytime", "repliedat", "inboundtime"];
/// Either, by the sheet that it stands in.
const EITHER_TIME: &[&str] = &["时间", "接收时间", "time", "receivetime", "at"];
/// When it was sent: near its arrival, and no time of an answer.
const SENT_TIME: &[&str] = &["发送时间", "sendtime"];
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
    /// When it arrived; where no column says so, when it was sent.
    pub receipt_time: Option<usize>,
    /// When it was answered.
    pub reply_time: Option<usize>,
    /// What was answered.
    pub reply: Option<usize>,
}

impl Columns {
    /// Told by headings.
    pub fn of(header: &[String]) -> Self {
        let keys: Vec<String> = header.iter().map(|h| key(h)).collect();
        let find = |words: &[&str]| words.iter().find_map(|w| keys.iter().position(|k| k == w));
        let either = find(EITHER_TIME);
        Self {
            phone: find(PHONE),
            link: find(LINK),
            member: find(MEMBER),
            status: find(STATUS),
            receipt_time: find(RECEIPT_TIME).or(either).or_else(|| find(SENT_TIME)),
            reply_time: find(REPLY_TIME).or(either),
            reply: find(REPLY),
        }
    }

    /// Whether rows can be read by them: who, and what came.
    pub fn suffice(&self) -> bool {
        (self.phone.is_some() || self.link.is_some() || self.member.is_some()) && (self.status.is_some() || self.reply.is_some())
    }

    /// Their headings as the sheet has them, for a refusal; a dash where none was told.
    pub fn names(&self, header: &[String]) -> String {
        let all = [self.phone, self.link, self.member, self.status, self.receipt_time.or(self.reply_time), self.reply];
        let told: Vec<&str> = all.iter().flatten().filter_map(|at| header.get(*at)).map(|h| h.trim()).collect();
        if told.is_empty() { "–".to_owned() } else { told.join(", ") }
    }
}

/// What a status says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// It arrived.
    Delivered,
    /// It did not.
    Failed,
    /// It did not, and none will: nobody is at that address, or nothing is let through to them.
    Bounced,
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
    "softbounce",
    "失败",
    "发送失败",
    "接收失败",
    "未送达",
    "关机",
    "退回",
    "过期",
    "error",
];
const BOUNCED: &[&str] = &[
    "bounced",
    "bounce",
    "hardbounce",
    "空号",
    "停机",
    "销号",
    "退信",
    "号码无效",
    "无效号码",
    "blacklist",
    "blacklisted",
    "blocked",
    "黑名单",
    "拒收",
    "用户拒收",
];
const SENT: &[&str] =
    &["sent", "submitted", "accepted", "pending", "sending", "unknown", "已发送", "已提交", "发送中", "等待回执", "未知", "待发送"];
const UNSUBSCRIBED: &[&str] = &["unsubscribed", "unsubscribe", "optout", "退订", "已退订", "r", "td", "t", "n"];
const COMPLAINED: &[&str] = &["complained", "complaint", "spam", "投诉", "已投诉", "举报"];

/// What a status word says; `None` for a word that is not known.
pub fn status(word: &str) -> Option<Said> {
    let word = key(word);
    let among = |list: &[&str]| list.contains(&word.as_str());
    [
        (DELIVERED, Said::Delivered),
        (FAILED, Said::Failed),
        (BOUNCED, Said::Bounced),
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

/// When, by a sheet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct When {
    /// The instant; of a date alone, where the day begins.
    pub at: Instant,
    /// Whether the sheet says the date alone.
    pub date_only: bool,
}

/// A time of a sheet: RFC 3339, or civil time of the shop's zone. `Err` for what is none.
pub(super) fn time(text: &str, zone: &Zone) -> Result<Option<When>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(at) = text.parse::<Instant>() {
        return Ok(Some(When { at, date_only: false }));
    }
    let plain = text.replace(['/', '.'], "-").replace('T', " ");
    let civil: Option<DateTime> = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S"]
        .iter()
        .find_map(|format| DateTime::strptime(format, &plain).ok());
    let date = || jiff::civil::Date::strptime("%Y-%m-%d", &plain).ok().map(|d| d.at(0, 0, 0, 0));
    let at = civil.or_else(date).and_then(|c| zone.instant(c)).ok_or(())?;
    Ok(Some(When { at, date_only: civil.is_none() }))
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
        assert_eq!((aliyun.phone, aliyun.status, aliyun.receipt_time), (Some(0), Some(2), Some(3)));
        let replies = of(&["手机号码", "上行内容", "上行时间"]);
        assert_eq!((replies.phone, replies.reply, replies.reply_time), (Some(0), Some(1), Some(2)));
        let sent = of(&["手机号码", "发送时间", "回复内容"]);
        assert_eq!((sent.receipt_time, sent.reply_time), (Some(1), None), "a message is not answered when it is sent");
        let both = of(&["手机号码", "状态", "回执时间", "回复内容", "回复时间"]);
        assert_eq!((both.receipt_time, both.reply_time), (Some(2), Some(4)));
        assert!(aliyun.suffice() && replies.suffice() && !of(&["手机号", "姓名"]).suffice() && !of(&["状态"]).suffice());
    }

    #[test]
    fn statuses_and_times_of_providers() {
        for (word, said) in [
            ("DELIVRD", Said::Delivered),
            ("发送成功", Said::Delivered),
            ("UNDELIV", Said::Failed),
            ("空号", Said::Bounced),
            ("停机", Said::Bounced),
            ("Bounced", Said::Bounced),
            ("黑名单", Said::Bounced),
            ("拒收", Said::Bounced),
            ("已提交", Said::Sent),
            ("UNKNOWN", Said::Sent),
        ] {
            assert_eq!(status(word), Some(said), "{word}");
        }
        assert_eq!(status("月亮"), None);
        let zone = Zone::shanghai();
        for text in ["2026-11-26T12:00:00Z", "2026-11-26 20:00:00", "2026/11/26 20:00", "20261126200000"] {
            let read = time(text, &zone).expect("a time").expect("a time");
            assert_eq!((read.at.to_string().as_str(), read.date_only), ("2026-11-26T12:00:00Z", false), "{text}");
        }
        let day = time("2026-11-26", &zone).expect("a date").expect("a date");
        assert_eq!((day.at.to_string().as_str(), day.date_only), ("2026-11-25T16:00:00Z", true));
        assert_eq!((time("", &zone), time("昨天", &zone)), (Ok(None), Err(())));
    }
}
