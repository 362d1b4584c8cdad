//! What a merchant is.

use serde::{Deserialize, Serialize};
use shuke_kernel::{Currency, MerchantNo};
use utoipa::ToSchema;

shuke_kernel::ids! {
    /// A merchant's public id.
    MerchantId = MerchantKind "mer";
}

/// A merchant.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// Its number in this store.
    pub no: MerchantNo,
    /// Its public id.
    pub id: MerchantId,
    /// Its name.
    pub name: String,
    /// Whether it is for trying.
    pub sandbox: bool,
    /// The IANA name of the zone in which it reckons days.
    pub zone: String,
    /// Its currency.
    pub currency: Currency,
    /// Its choices.
    pub settings: Settings,
}

/// What windows and points do with an order whose source gives no pay time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PayTimePolicy {
    /// Take the time of creation, and say so.
    #[default]
    CreatedAt,
    /// Leave it unknown: the order is in no window by pay time.
    Unknown,
}

/// A merchant's choices where the rules leave one.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Days after completion until an order is final: 0 to 90.
    #[schema(minimum = 0, maximum = 90)]
    pub settlement_delay_days: u16,
    /// Whether two members who share a contact (a receiver's phone) merge by themselves.
    pub merge_on_contact: bool,
    /// Whether what a platform paid counts in net paid.
    pub count_platform_discount: bool,
    /// See [`PayTimePolicy`].
    pub pay_time_policy: PayTimePolicy,
    /// Requests a second for each key and person of this merchant; absent: the server's own limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100_000)]
    pub requests_per_second: Option<u32>,
    /// Every so many minutes all living segments are reckoned because time passes, and after midnight;
    /// absent: every hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 5, maximum = 1440)]
    pub segment_pass_minutes: Option<u16>,
}

/// A merchant to be made.
#[derive(Clone, Debug)]
pub struct NewMerchant {
    /// Its name.
    pub name: String,
    /// Whether it is for trying.
    pub sandbox: bool,
    /// IANA zone.
    pub zone: String,
    /// Its currency.
    pub currency: Currency,
}

impl NewMerchant {
    /// In Shanghai, in renminbi.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), sandbox: false, zone: "Asia/Shanghai".to_owned(), currency: Currency::CNY }
    }
}
