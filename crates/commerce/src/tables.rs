//! The tables of commerce for the privacy register.

use shuke_store::register::Class::{Attribute, Identifier, Public};
use shuke_store::register::{MemberLink, Table};

const BY_KEY_SET: Option<MemberLink> = Some(MemberLink { column: "member", key_set: Some("key_set") });

/// Every table of this crate. The order's number is the platform's name of a deal, not of a person;
/// what names people in an order lies sealed in `observed`.
pub const TABLES: &[Table] = &[
    Table {
        name: "orders",
        columns: &[
            (
                Public,
                &[
                    "merchant", "id", "source", "source_id", "platform", "shop", "state", "status", "currency", "goods_list", "goods_after_discount", "shipping", "tax", "paid", "points_cash",
                    "bonus_credit", "deposit", "goods_paid", "refunded", "net_paid", "merchant_received", "discounts", "placed_at", "created_at", "paid_at", "shipped_at", "delivered_at",
                    "completed_at", "closed_at", "final_at", "member", "key_set", "payment_method", "channel", "quantity", "purchase", "estimated", "flags", "claim_failures", "recorded_at",
                    "updated_at",
                ],
            ),
            (Attribute, &["country", "province", "city", "district"]),
        ],
        key: &["merchant", "id"],
        sealed: &[],
        member: BY_KEY_SET,
    },
    Table {
        name: "order_line",
        columns: &[(
            Public,
            &[
                "merchant", "order_id", "line_no", "source_line", "sku", "outer_code", "product_id", "title", "spec", "category", "quantity", "unit_price", "list", "discount", "paid", "refunded",
                "state", "role", "estimated",
            ],
        )],
        key: &["merchant", "order_id", "line_no"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "refund",
        columns: &[
            (
                Public,
                &[
                    "merchant", "id", "source", "source_id", "order_id", "member", "key_set", "kind", "state", "amount", "goods", "currency", "refunded_at", "lines", "estimated", "recorded_at",
                    "updated_at",
                ],
            ),
            (Attribute, &["reason"]),
        ],
        key: &["merchant", "id"],
        sealed: &[],
        member: BY_KEY_SET,
    },
    Table {
        name: "observed",
        columns: &[(Public, &["merchant", "subject", "kind", "revision"]), (Identifier, &["body"])],
        key: &["merchant", "subject"],
        sealed: &[("body", &["subject"])],
        member: None,
    },
    Table { name: "observed_import", columns: &[(Public, &["merchant", "import", "subject"])], key: &["merchant", "import", "subject"], sealed: &[], member: None },
    Table {
        name: "order_counter",
        columns: &[(
            Public,
            &["merchant", "source", "currency", "shard", "orders", "purchases", "net_paid", "received", "unnamed_orders", "unnamed_purchases", "unnamed_net_paid"],
        )],
        key: &["merchant", "source", "currency", "shard"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "product",
        columns: &[(
            Public,
            &[
                "merchant", "id", "source", "source_id", "sku", "product_id", "title", "spec", "category", "brand", "barcode", "price", "cost", "currency", "stock", "recorded_at", "updated_at",
            ],
        )],
        key: &["merchant", "id"],
        sealed: &[],
        member: None,
    },
    Table {
        name: "behaviour_event",
        columns: &[
            (Public, &["merchant", "id", "source", "source_id", "kind", "at", "member", "key_set", "sku", "quantity", "amount", "rating", "recorded_at"]),
            (Attribute, &["words", "data"]),
            (Identifier, &["sealed"]),
        ],
        key: &["merchant", "id"],
        sealed: &[("sealed", &["id"])],
        member: BY_KEY_SET,
    },
];
