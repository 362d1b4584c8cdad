//! What `shuke audit --dump` shows of each table, so that two stores which hold the same records
//! dump alike though they were loaded in another order, twice, on another engine or after a crash.
//!
//! Left out is what tells of the loading: jobs, events, imports, what each document said, ids that
//! a merge retired. Tables without a rule appear whole.

use shuke_store::dump::{GROUND_WITHOUT, Plan, Rule};

/// The plan of this installation's tables.
pub const PLAN: Plan = Plan {
    rules: &[ACCESS, MEMBERS, COMMERCE, INTAKE, INSIGHT, SEGMENTS, OUTREACH, PROGRAMME, BENEFITS, CARDS, COUPONS, PROMOTIONS],
    without: &[GROUND_WITHOUT, LOADING],
};

const LOADING: &[&str] = &[
    // Who came when: not the shop's records.
    "installation",
    "staff_session",
    "staff_invite",
    "api_key",
    "audit_entry",
    "audit_head",
    "webhook",
    "webhook_delivery",
    // How an identity came together differs with the order of arrival; what it is does not.
    "key_space",
    "member_merge",
    // What each document said, and by which import.
    "observed",
    "observed_import",
    "member_record",
    "import_run",
    "import_file",
    "import_chunk",
    // Files made of what is here.
    "export_run",
    "export_chunk",
    // Whom a batch is to be about, until it is frozen.
    "batch_list",
    // Sums of the orders and of tags, kept in shards: checked by the audit.
    "order_counter",
    "tag_count",
    // What files say in tags, and by which import; what comes of it are the members' tags.
    "tag_source",
    "tag_source_tag",
    "tag_said",
    // When segments were reckoned, and who came and went then.
    "segment_change",
    "segment_day",
    "segment_watch",
    // How a balance came together differs with the order of arrival; what it is does not.
    "points_event",
    "points_entry",
    "points_part",
    "points_sum",
    "points_order",
    "programme_size",
    // Who holds a card follows from what was bought; beside it stands what was told of it.
    "card_holder",
    // Which orders become final by the clock: the orders say so themselves.
    "growth_look",
    // When somebody tried, on which day.
    "shopper_try",
    // How far wished-for portraits were on the days that this installation ran.
    "portrait_target_day",
    // Another with every change of promotions.
    "price_catalogue",
];

const ACCESS: &[Rule] = &[
    Rule { name: &["name"], omit: &["created_at", "updated_at"], ..Rule::of("merchant") },
    Rule { name: &["name"], omit: &["created_at", "updated_at"], ..Rule::of("shop") },
    Rule {
        omit: &["password", "totp", "totp_pending", "totp_step", "failed", "locked_until", "created_at", "updated_at"],
        ..Rule::of("staff")
    },
    Rule { omit: &["created_at"], ..Rule::of("staff_role") },
    Rule { omit: &["created_at", "updated_at", "created_by"], ..Rule::of("saved_view") },
];

const MEMBERS: &[Rule] = &[
    Rule { omit: &["created_at", "alias_of"], unless_set: "alias_of", ..Rule::of("member") },
    // The member for which a set was first taken: an id that a merge may have retired.
    Rule { omit: &["home"], ..Rule::of("key_set") },
    Rule { omit: &["created_at", "decided_at", "decided_by", "left_member", "right_member"], ..Rule::of("review") },
    Rule { omit: &["decided_at", "decided_by"], ..Rule::of("identity_decision") },
    Rule { omit: &["recorded_at", "recorded_by", "merge_id", "record_source", "record"], ..Rule::of("consent") },
    Rule { omit: &["recorded_by"], ..Rule::of("suppression") },
    Rule { name: &["name"], omit: &["created_at", "created_by"], ..Rule::of("tag_category") },
    Rule { name: &["name"], omit: &["archived_at", "created_at", "created_by"], ..Rule::of("tag") },
    // Two givings of one tag that a merge put together are one.
    Rule { omit: &["id", "since", "given_by"], once: true, ..Rule::of("member_tag") },
    Rule { omit: &["id", "since", "given_by", "taken_at", "taken_by"], once: true, ..Rule::of("past_tag") },
    Rule { omit: &["version", "applied", "applied_at", "set_at", "set_by"], ..Rule::of("tag_rule") },
];

const COMMERCE: &[Rule] = &[
    Rule { name: &["source", "source_id"], omit: &["recorded_at", "updated_at"], ..Rule::of("orders") },
    Rule { name: &["source", "source_id"], omit: &["recorded_at", "updated_at"], ..Rule::of("refund") },
    Rule { name: &["source", "source_id"], omit: &["recorded_at", "updated_at"], ..Rule::of("product") },
    Rule { name: &["source", "source_id"], omit: &["recorded_at"], ..Rule::of("behaviour_event") },
    Rule { omit: &["import"], once: true, ..Rule::of("weather_day") },
];

const INTAKE: &[Rule] = &[
    Rule {
        omit: &[
            "import",
            "file",
            "record",
            "row_number",
            "place",
            "created_at",
            "key",
            "resolved_at",
            "resolved_by",
            "resolved_how",
            "resolved_import",
            "digest",
            "same_as",
            "first_told",
        ],
        // A row that came again is the earlier one.
        unless_set: "same_as",
        once: true,
        ..Rule::of("quarantine")
    },
    Rule { name: &["name"], omit: &["created_at", "updated_at"], ..Rule::of("mapping") },
];

const INSIGHT: &[Rule] = &[Rule { omit: &["created_at", "updated_at"], ..Rule::of("occasion") }];

const OUTREACH: &[Rule] = &[
    Rule { name: &["name", "created_at"], omit: &["job", "created_by"], ..Rule::of("batch") },
    // A link is made of the merchant's keys, which another store has of its own.
    Rule { omit: &["link"], ..Rule::of("batch_member") },
];

const PROGRAMME: &[Rule] = &[
    Rule {
        name: &["name"],
        omit: &["version", "stamp", "job", "summed_at", "created_at", "created_by", "updated_at"],
        ..Rule::of("programme")
    },
    Rule { omit: &["made_at", "made_by"], ..Rule::of("programme_version") },
    Rule { omit: &["origin", "clock", "due", "events", "entries", "parts", "format", "heart", "updated_at"], ..Rule::of("points_book") },
    Rule { omit: &["generation", "updated_at", "updated_by"], ..Rule::of("shopper_page") },
];

const CARDS: &[Rule] = &[
    Rule { name: &["name"], omit: &["job", "version", "counts_from", "created_at", "created_by", "updated_at"], ..Rule::of("card") },
    // What an order sold is called after the order's id, which another store draws anew.
    Rule { omit: &["source_id", "made_at", "made_by"], ..Rule::of("card_purchase") },
];

const BENEFITS: &[Rule] = &[
    Rule { name: &["name", "created_at"], omit: &["version", "created_by", "updated_at"], ..Rule::of("benefit") },
    Rule {
        name: &["name", "created_at"],
        omit: &["walked", "walk_to", "walk_after", "version", "created_by", "updated_at"],
        ..Rule::of("benefit_pack")
    },
    Rule { name: &["name", "created_at"], omit: &["version", "created_by", "updated_at"], ..Rule::of("growth_task") },
    Rule { omit: &["made_at", "made_by"], ..Rule::of("growth_task_version") },
    Rule { name: &["name", "created_at"], omit: &["version", "created_by", "updated_at"], ..Rule::of("reward") },
];

const COUPONS: &[Rule] = &[
    Rule { name: &["name", "created_at"], omit: &["created_by", "updated_at"], ..Rule::of("coupon_template") },
    Rule { omit: &["made_at", "made_by"], ..Rule::of("coupon_template_version") },
    Rule { name: &["name", "created_at"], omit: &["version", "created_by", "updated_at"], ..Rule::of("coupon_batch") },
    // A code is made of the merchant's keys, which another store has of its own: its place in its batch names it.
    Rule { omit: &["token"], ..Rule::of("coupon_code") },
    Rule { omit: &["changed_at", "made_by"], ..Rule::of("coupon") },
    Rule { omit: &["settled_by"], ..Rule::of("coupon_use") },
];

const PROMOTIONS: &[Rule] = &[
    Rule { name: &["name", "created_at"], omit: &["version", "created_by", "updated_at"], ..Rule::of("promotion") },
    Rule { omit: &["made_at", "made_by"], ..Rule::of("promotion_version") },
    Rule { omit: &["made_at", "made_by"], ..Rule::of("price_settings") },
];

const SEGMENTS: &[Rule] = &[
    Rule {
        name: &["name"],
        omit: &["version", "built", "sized_at", "thresholds", "created_at", "created_by", "updated_at", "updated_by"],
        ..Rule::of("segment")
    },
    Rule { omit: &["entered_at"], ..Rule::of("segment_member") },
    Rule {
        name: &["name"],
        omit: &["version", "recorded_day", "created_at", "created_by", "updated_at", "updated_by"],
        ..Rule::of("portrait_target")
    },
];
