//! What a caller may do: permission words, which are also the scopes of API keys, and the roles
//! of staff, each of which is a fixed set of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident $word:literal;)*) => {
        /// One thing that a caller may be allowed to do.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize, ToSchema)]
        #[repr(u8)]
        pub enum Permission {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl Permission {
            /// All of them, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word, as in a key's scopes: `members:read`.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

permissions! {
    /// See members, masked.
    MembersRead "members:read";
    /// Add and change members, their consents, reviews and merges.
    MembersWrite "members:write";
    /// See identifiers in clear, with a reason, logged.
    MembersUnmask "members:unmask";
    /// See orders and refunds.
    OrdersRead "orders:read";
    /// Add and change orders, refunds and behaviour.
    OrdersWrite "orders:write";
    /// See imports, quarantine and mappings.
    ImportsRead "imports:read";
    /// Load files, repair, undo.
    ImportsWrite "imports:write";
    /// See products.
    ProductsRead "products:read";
    /// Add and change products.
    ProductsWrite "products:write";
    /// See what goods cost the merchant, and take lists of goods as files.
    ProductsCost "products:cost";
    /// Invite staff and give them roles.
    StaffManage "staff:manage";
    /// Make and revoke API keys.
    KeysManage "keys:manage";
    /// Set up webhooks.
    WebhooksManage "webhooks:manage";
    /// Read and verify the audit.
    AuditRead "audit:read";
    /// Answer requests for copy and erasure, read the register, rotate keys.
    PrivacyManage "privacy:manage";
    /// Change the merchant's and shops' settings.
    SettingsWrite "settings:write";
    /// Read the change feed.
    EventsRead "events:read";
    /// Export identifiers in clear.
    ExportClear "export:clear";
    /// See segments and who is in them; ask who an expression is true of.
    SegmentsRead "segments:read";
    /// Make and change segments.
    SegmentsWrite "segments:write";
    /// See batches, their funnels and reports.
    BatchesRead "batches:read";
    /// Preview, freeze, change and close batches, load their results.
    BatchesWrite "batches:write";
    /// Hand batches over: their files have addresses in clear, each taking is logged.
    BatchesExport "batches:export";
    /// Ask questions in SQL over members, orders and events, personal columns masked; each is logged.
    SqlRun "sql:run";
    /// See programmes, members' points and tiers, entries, what is owed in points.
    PointsRead "points:read";
    /// Spend, hold, give and take back points of members.
    PointsWrite "points:write";
    /// Make and change programmes and their rules.
    ProgrammesWrite "programmes:write";
    /// Make links with which a member opens their own page.
    ShopperLink "shopper:link";
    /// See benefits, packs and the catalogue, who used and redeemed what, what it costs; check whether a member may.
    BenefitsRead "benefits:read";
    /// Make and change benefits, packs and rewards.
    BenefitsWrite "benefits:write";
    /// Use benefits and redeem rewards for members, take that back, deliver, tick off what was done.
    BenefitsUse "benefits:use";
    /// See coupons: templates, batches, who has which, what orders did with them, exceptions.
    CouponsRead "coupons:read";
    /// Make and change templates and batches; take their codes as a sheet.
    CouponsWrite "coupons:write";
    /// Claim and grant coupons, lock, use and return them for orders, take them away, settle exceptions.
    CouponsUse "coupons:use";
    /// Price carts: by offers in the request, or by the shop's own promotions.
    CartsPrice "carts:price";
    /// See promotions and what holds for every order.
    PromotionsRead "promotions:read";
    /// Make, change, publish and end promotions.
    PromotionsWrite "promotions:write";
}

impl Permission {
    /// The permission of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|p| p.word() == word)
    }
}

/// A set of permissions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Permissions(u64);

impl Permissions {
    /// The set of these.
    pub const fn of(list: &[Permission]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < list.len() {
            bits |= 1 << list[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// Whether `p` is in it.
    pub const fn has(self, p: Permission) -> bool {
        self.0 & (1 << p as u8) != 0
    }

    /// Whether every one of `other` is in it: nobody hands out what they do not have.
    pub const fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// The words, in the order of [`Permission::ALL`].
    pub fn words(self) -> Vec<&'static str> {
        Permission::ALL.iter().filter(|p| self.has(**p)).map(|p| p.word()).collect()
    }
}

/// What a member of the staff is at one merchant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// Runs the programme: members, orders, imports, campaigns.
    Operator,
    /// Serves members.
    Agent,
    /// Reads money, audit and exports.
    Finance,
    /// Connects systems: writes data, keys, webhooks.
    Integrator,
    /// Looks.
    Readonly,
}

impl Role {
    /// All roles.
    pub const ALL: &[Self] = &[Self::Owner, Self::Operator, Self::Agent, Self::Finance, Self::Integrator, Self::Readonly];

    /// The word kept in the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Operator => "operator",
            Self::Agent => "agent",
            Self::Finance => "finance",
            Self::Integrator => "integrator",
            Self::Readonly => "readonly",
        }
    }

    /// The role of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.word() == word)
    }

    /// What the role may do. The console's menus repeat this table; a change goes to both.
    pub const fn permissions(self) -> Permissions {
        use Permission::*;
        match self {
            Self::Owner => Permissions::of(Permission::ALL),
            Self::Operator => Permissions::of(&[
                MembersRead,
                MembersWrite,
                MembersUnmask,
                OrdersRead,
                OrdersWrite,
                ImportsRead,
                ImportsWrite,
                ProductsRead,
                ProductsWrite,
                ProductsCost,
                PrivacyManage,
                EventsRead,
                SegmentsRead,
                SegmentsWrite,
                BatchesRead,
                BatchesWrite,
                BatchesExport,
                SqlRun,
                PointsRead,
                PointsWrite,
                ProgrammesWrite,
                ShopperLink,
                BenefitsRead,
                BenefitsWrite,
                BenefitsUse,
                CouponsRead,
                CouponsWrite,
                CouponsUse,
                CartsPrice,
                PromotionsRead,
                PromotionsWrite,
            ]),
            Self::Agent => Permissions::of(&[
                MembersRead,
                MembersWrite,
                MembersUnmask,
                OrdersRead,
                ProductsRead,
                SegmentsRead,
                PointsRead,
                PointsWrite,
                ShopperLink,
                BenefitsRead,
                BenefitsUse,
                CouponsRead,
                CouponsUse,
                CartsPrice,
                PromotionsRead,
            ]),
            Self::Finance => Permissions::of(&[
                MembersRead,
                OrdersRead,
                ProductsRead,
                ProductsCost,
                ImportsRead,
                EventsRead,
                AuditRead,
                ExportClear,
                SegmentsRead,
                BatchesRead,
                SqlRun,
                PointsRead,
                BenefitsRead,
                CouponsRead,
                CartsPrice,
                PromotionsRead,
            ]),
            Self::Integrator => Permissions::of(&[
                MembersRead,
                MembersWrite,
                OrdersRead,
                OrdersWrite,
                ImportsRead,
                ImportsWrite,
                ProductsRead,
                ProductsWrite,
                ProductsCost,
                KeysManage,
                WebhooksManage,
                EventsRead,
                SegmentsRead,
                SegmentsWrite,
                PointsRead,
                PointsWrite,
                ShopperLink,
                BenefitsRead,
                BenefitsUse,
                CouponsRead,
                CouponsUse,
                CartsPrice,
                PromotionsRead,
            ]),
            Self::Readonly => Permissions::of(&[
                MembersRead,
                OrdersRead,
                ProductsRead,
                ProductsCost,
                ImportsRead,
                EventsRead,
                SegmentsRead,
                BatchesRead,
                PointsRead,
                BenefitsRead,
                CouponsRead,
                PromotionsRead,
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_no_role_exceeds_the_owner() {
        for p in Permission::ALL {
            assert_eq!(Permission::parse(p.word()), Some(*p));
        }
        for r in Role::ALL {
            assert_eq!(Role::parse(r.word()), Some(*r));
            assert!(Role::Owner.permissions().covers(r.permissions()));
        }
        assert!(!Role::Readonly.permissions().has(Permission::MembersUnmask));
        assert!(!Role::Agent.permissions().has(Permission::ProductsCost));
    }
}
