//! An event in JSON.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Error, Instant, Result};
use shuke_store::FeedEvent;
use shuke_store::feed::EventId;
use utoipa::ToSchema;

use crate::MerchantId;

/// The text of an id whose prefix is known only at run time.
pub fn prefixed(prefix: &str, id: [u8; 16]) -> String {
    let text = EventId::from_bytes(id).to_string();
    format!("{prefix}{}", text.strip_prefix("evt").unwrap_or(&text))
}

/// What an event happened to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ChangeSubject)]
pub struct Subject {
    /// The id's prefix.
    #[schema(example = "ord")]
    pub kind: String,
    /// The id.
    #[schema(example = "ord_01hqzv…")]
    pub id: String,
}

/// Something that happened: ids, amounts and words, never personal data.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// Gapless per merchant, from 1.
    pub position: i64,
    /// `evt_…`.
    pub id: String,
    /// In the past tense.
    #[serde(rename = "type")]
    #[schema(example = "order.paid")]
    pub kind: String,
    /// Of the form of `data`.
    pub version: i64,
    /// By the source's clock.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Instant,
    /// By ours.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// `mer_…`.
    pub merchant: String,
    /// What it happened to.
    pub subject: Subject,
    /// The member it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// By type and version.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

impl Change {
    /// The event in JSON.
    pub fn of(event: FeedEvent, merchant: MerchantId) -> Result<Self> {
        Ok(Self {
            position: event.position,
            id: EventId::from_bytes(event.id).to_string(),
            kind: event.kind,
            version: event.version,
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
            merchant: merchant.to_string(),
            subject: Subject { id: prefixed(&event.subject_kind, event.subject), kind: event.subject_kind },
            member: event.member.map(|m| prefixed("mem", m)),
            data: serde_json::from_str(&event.data).map_err(|_| Error::fault("an event's data is not JSON"))?,
        })
    }
}
