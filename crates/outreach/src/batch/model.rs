//! What a batch is: its spec, states, verdicts and counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shuke_kernel::{Currency, Instant, Result};
use shuke_store::jobs::JobId;

use super::{BAD_NAME, BAD_URL, BatchId, NOT_THIS_CHANNEL, OUT_OF_RANGE, TWICE, UNKNOWN_WORD};
use crate::audience::Question;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum $name { $($(#[$each])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its word.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The one of that word; refused at `field`.
            pub fn read(word: &str, field: &str) -> Result<Self> {
                Self::ALL.iter().copied().find(|x| x.word() == word).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|x| x.word()).collect();
                    UNKNOWN_WORD.with("word", word).with("known", known.join(", ")).at(field).into()
                })
            }
        }
    };
}

words! {
    /// Where a batch goes to be written to.
    Destination {
        /// A provider of text messages: phones in clear.
        Sms "sms",
        /// A list of people to be written to in 企微.
        Wecom "wecom",
        /// A list of accounts to be written to in 旺旺.
        Wangwang "wangwang",
        /// An audience of an ad platform: hashed phones, open ids.
        Ads "ads",
        /// Cards for parcels.
        Parcel "parcel",
        /// The merchant's own webhook.
        Webhook "webhook",
    }
}

words! {
    /// Where a batch stands.
    State {
        /// A job puts it together.
        Draft "draft",
        /// Its members are fixed; nothing has left.
        Frozen "frozen",
        /// Rows have left.
        HandedOver "handed_over",
        /// No row leaves any more.
        Closed "closed",
    }
}

words! {
    /// What became of a matched member.
    Verdict {
        /// Not judged yet.
        Pending "pending",
        /// In a segment that is left out.
        Excluded "excluded",
        /// No member any more: merged away or erased.
        Gone "gone",
        /// Never agreed to this purpose on this channel.
        NoConsent "no_consent",
        /// Refused, or withdrew.
        Refused "refused",
        /// Under fourteen.
        UnderFourteen "under_14",
        /// Has no address that the destination needs.
        NoAddress "no_address",
        /// The address is suppressed.
        Suppressed "suppressed",
        /// Another member of the batch has the same address: one person, one message.
        SameAddress "same_address",
        /// Reached often enough lately.
        Fatigued "fatigued",
        /// Held out by another batch whose comparison still runs: reaching them would spoil it.
        HeldByOther "held_by_other",
        /// Held out, to measure by.
        HeldOut "held_out",
        /// To be handed over.
        Treated "treated",
    }
}

/// How often a member may be reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fatigue {
    /// In so many days before …
    pub days: i64,
    /// … who was reached so many times is left out.
    pub max: i64,
}

/// What a batch was asked to be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Spec {
    /// Whom; a list of members lies beside ([`super::list`]).
    pub whom: Question,
    /// How many members the list has that it was asked for by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<i64>,
    /// The channel whose consent counts.
    pub channel: String,
    /// Percent held out.
    pub holdout_percent: i64,
    /// How often a member may be reached; `None` for no limit.
    pub fatigue: Option<Fatigue>,
    /// Whether those whom another batch holds out are handed over all the same.
    #[serde(default)]
    pub ignore_holdouts: bool,
    /// Where short links lead; no links without it.
    pub target_url: Option<String>,
    /// The address of this server that links begin with.
    pub link_base: Option<String>,
    /// A platform coupon's link, the same for all.
    pub coupon_link: Option<String>,
    /// Whether each member gets a code of an uploaded list.
    pub with_codes: bool,
    /// Facts that stand in the sheet: `name`, `province`, `city`, `tier`, `points`, `gender`.
    pub variables: Vec<String>,
    /// The messages' signature.
    pub signature: Option<String>,
    /// Days after a click within which an order is laid to it.
    pub click_days: i64,
    /// Days after delivery.
    pub delivery_days: i64,
    /// Days over which treated and held out are compared.
    pub window_days: i64,
}

/// How many have which verdict.
pub type Counts = BTreeMap<Verdict, i64>;

/// A batch.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Which.
    pub id: BatchId,
    /// As people call it.
    pub name: String,
    /// Where it stands.
    pub state: State,
    /// Where it goes.
    pub destination: Destination,
    /// `marketing`, `service` or `ads`.
    pub purpose: String,
    /// What was asked.
    pub spec: Spec,
    /// How many have which verdict, now.
    pub counts: Counts,
    /// The job that puts it together, or sends it.
    pub job: Option<JobId>,
    /// The time of the question.
    pub asked_at: Option<Instant>,
    /// Up to when its answer knew.
    pub known_at: Option<Instant>,
    /// Codes that were uploaded …
    pub codes: i64,
    /// … and given to members.
    pub codes_used: i64,
    /// How often it was given out.
    pub exports: i64,
    /// The currency of costs.
    pub currency: Currency,
    /// What it costs whatever its size, minor units.
    pub cost_fixed: i64,
    /// What a thousand rows cost, minor units.
    pub cost_per_thousand: i64,
    /// When it was made.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
    /// When its members were fixed.
    pub frozen_at: Option<Instant>,
    /// When the first row left.
    pub handed_at: Option<Instant>,
    /// When it was closed.
    pub closed_at: Option<Instant>,
}

impl Batch {
    /// How many have a verdict.
    pub fn count(&self, verdict: Verdict) -> i64 {
        self.counts.get(&verdict).copied().unwrap_or(0)
    }

    /// What it cost for so many rows: half a unit rounds up.
    pub fn cost(&self, rows: i64) -> i64 {
        let by_row = (i128::from(self.cost_per_thousand) * i128::from(rows) * 2 + 1000).div_euclid(2000);
        i64::try_from(by_row).unwrap_or(i64::MAX).saturating_add(self.cost_fixed)
    }
}

/// Facts that a sheet can have.
pub const VARIABLES: [&str; 6] = ["name", "gender", "province", "city", "tier", "points"];
/// Purposes that a batch can have.
pub const PURPOSES: [&str; 3] = ["marketing", "service", "ads"];

const LONGEST: usize = 80;
const LONGEST_URL: usize = 2_000;

/// The channels whose consent a destination may go by, its usual one first. What a webhook is for only
/// whoever asks knows, and has to say: it has no usual one.
pub const fn channels_of(destination: Destination) -> &'static [&'static str] {
    match destination {
        Destination::Sms => &["sms"],
        Destination::Wecom => &["wechat"],
        Destination::Wangwang | Destination::Ads | Destination::Parcel => &["any"],
        Destination::Webhook => &["sms", "email", "wechat", "push", "phone"],
    }
}

/// The channel where none is said; empty for a webhook, which no channel is.
pub fn channel_of(destination: Destination) -> &'static str {
    if destination == Destination::Webhook { "" } else { channels_of(destination).first().copied().unwrap_or_default() }
}

/// A name as it is kept.
pub fn name(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        return Err(BAD_NAME.with("limit", LONGEST).at("name").into());
    }
    Ok(text.to_owned())
}

fn within(value: i64, from: i64, to: i64, field: &str) -> Result<()> {
    if (from..=to).contains(&value) { Ok(()) } else { Err(OUT_OF_RANGE.with("from", from).with("to", to).at(field).into()) }
}

fn url(text: Option<&String>, field: &str) -> Result<()> {
    let Some(text) = text else { return Ok(()) };
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let plain = text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'));
    if rest.is_empty() || rest.starts_with(['/', '?', '#']) || text.len() > LONGEST_URL || !plain {
        return Err(BAD_URL.with("limit", LONGEST_URL).at(field).into());
    }
    Ok(())
}

impl Spec {
    /// Refuses what no batch can be, and purposes that a destination does not serve.
    pub fn check(&self, destination: Destination, purpose: &str) -> Result<()> {
        self.whom.check()?;
        let known: &[&str] = if destination == Destination::Ads { &["ads"] } else { &["marketing", "service"] };
        one_of(purpose, known, "purpose")?;
        let channels = channels_of(destination);
        if !channels.contains(&self.channel.as_str()) {
            let refusal = NOT_THIS_CHANNEL.with("destination", destination.word()).with("channel", &self.channel);
            return Err(refusal.with("known", channels.join(", ")).at("channel").into());
        }
        within(self.holdout_percent, 0, 50, "holdout_percent")?;
        if let Some(f) = self.fatigue {
            within(f.days, 1, 365, "fatigue.days")?;
            within(f.max, 1, 100, "fatigue.max")?;
        }
        within(self.click_days, 1, 90, "click_days")?;
        within(self.delivery_days, 1, 90, "delivery_days")?;
        within(self.window_days, 1, 365, "window_days")?;
        url(self.target_url.as_ref(), "target_url")?;
        url(self.link_base.as_ref(), "link_base")?;
        url(self.coupon_link.as_ref(), "coupon_link")?;
        within(self.variables.len() as i64, 0, VARIABLES.len() as i64, "variables")?;
        for (at, v) in self.variables.iter().enumerate() {
            one_of(v, &VARIABLES, "variables")?;
            if self.variables[..at].contains(v) {
                return Err(TWICE.with("word", v).at(format!("variables[{at}]")).into());
            }
        }
        if let Some(s) = &self.signature {
            within(s.chars().count() as i64, 1, 20, "signature")?;
        }
        Ok(())
    }
}

fn one_of(word: &str, known: &[&str], field: &str) -> Result<()> {
    if known.contains(&word) {
        return Ok(());
    }
    Err(UNKNOWN_WORD.with("word", word).with("known", known.join(", ")).at(field).into())
}

/// What a cost may be.
pub fn cost(fixed: i64, per_thousand: i64) -> Result<()> {
    within(fixed, 0, 1_000_000_000_000, "cost_fixed")?;
    within(per_thousand, 0, 1_000_000_000_000, "cost_per_thousand")
}
