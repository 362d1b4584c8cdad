//! A row of a sheet, read: whose it is, what it says, and when.

use shuke_kernel::{Code, Instant, Kind, Refusal, Zone};
use shuke_members::MemberId;
use shuke_members::identity::model::normal_phone;

use super::words::{Columns, Said, When, ends_messages, status, time};

static BAD_WHO: Code = Code {
    code: "batch.result_who",
    kind: Kind::Invalid,
    zh: "这一行认不出是谁（手机号、短链码、会员编号都读不出）。",
    en: "Nothing in this row says whose it is: no phone, link code or member that can be read.",
};
static BAD_STATUS: Code = Code {
    code: "batch.result_status",
    kind: Kind::Invalid,
    zh: "不认识状态“{word}”。认得的有：成功、失败、已提交、退订、投诉、空号、停机、黑名单、拒收，以及 DELIVRD、UNDELIV、EXPIRED 等。请在表里改成其中一个。",
    en: "The status `{word}` is not known. Known are delivered, failed, sent, unsubscribed, complained, bounced, blocked, DELIVRD, UNDELIV, EXPIRED and the like: change it to one of them.",
};
static BAD_TIME: Code =
    Code {
        code: "batch.result_time", kind: Kind::Invalid, zh: "时间“{word}”读不出来。", en: "`{word}` is no time that can be read."
    };
static NOTHING_SAID: Code = Code {
    code: "batch.result_empty",
    kind: Kind::Invalid,
    zh: "这一行既没有状态也没有回复。",
    en: "This row has neither a status nor a reply.",
};

/// Whose a row is, by one of its cells.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Who {
    Link(String),
    Member(MemberId),
    Phone(String),
}

/// A row, read.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub row: u64,
    /// Whose it is, the surest first; a row may say it more than once.
    pub who: Vec<Who>,
    pub said: Option<Said>,
    pub reply: Option<String>,
    /// When the message arrived, or did not.
    pub received: Option<Instant>,
    /// When it was answered.
    pub answered: Option<When>,
}

impl Line {
    /// The phone that it names.
    pub fn phone(&self) -> Option<&str> {
        self.who.iter().find_map(|who| match who {
            Who::Phone(phone) => Some(phone.as_str()),
            _ => None,
        })
    }

    /// Whether it ends the messages.
    pub fn ends(&self) -> bool {
        matches!(self.said, Some(Said::Unsubscribed | Said::Complained)) || self.reply.as_deref().is_some_and(ends_messages)
    }

    /// Whether no message reaches that address any more, whoever it belongs to.
    pub fn is_dead(&self) -> bool {
        self.said == Some(Said::Bounced)
    }

    /// Why the address is suppressed, where it is.
    pub fn reason(&self) -> &'static str {
        match self.said {
            Some(Said::Complained) => "complained",
            _ if self.ends() => "unsubscribed",
            _ => "bounced",
        }
    }
}

/// Reads a row. Who ends the messages is heard though the status or the time beside it cannot be read.
pub(super) fn line(columns: &Columns, row: u64, cells: &[String], zone: &Zone) -> Result<Line, Refusal> {
    let cell = |at: Option<usize>| at.and_then(|i| cells.get(i)).map(|c| c.trim()).filter(|c| !c.is_empty());
    let code = |l: &str| l.split(['?', '#']).next().unwrap_or(l).trim_end_matches('/').rsplit('/').next().unwrap_or(l).to_owned();
    let link = cell(columns.link).map(code).filter(|l| crate::batch::draw::owner(l).is_some()).map(Who::Link);
    let member = cell(columns.member).and_then(|m| m.parse().ok()).map(Who::Member);
    let phone = cell(columns.phone).and_then(|p| normal_phone(p.trim_start_matches('\''))).map(Who::Phone);
    let who: Vec<Who> = [link, member, phone].into_iter().flatten().collect();
    if who.is_empty() {
        return Err(BAD_WHO.refuse());
    }
    let reply = cell(columns.reply).map(str::to_owned);
    let ends = reply.as_deref().is_some_and(ends_messages);
    let said = match cell(columns.status) {
        Some(word) => match status(word) {
            None if !ends => return Err(BAD_STATUS.with("word", word)),
            said => said,
        },
        None if reply.is_none() => return Err(NOTHING_SAID.refuse()),
        None => None,
    };
    let mut line = Line { row, who, said, reply, received: None, answered: None };
    let when = |column: Option<usize>| match cell(column).map(|text| (text, time(text, zone))) {
        Some((text, Err(()))) if !line.ends() => Err(BAD_TIME.with("word", text)),
        Some((_, read)) => Ok(read.unwrap_or_default()),
        None => Ok(None),
    };
    let (received, answered) = (when(columns.receipt_time)?, when(columns.reply_time)?);
    (line.received, line.answered) = (received.map(|w| w.at), answered);
    Ok(line)
}
