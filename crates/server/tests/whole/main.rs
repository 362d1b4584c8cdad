//! What the program promises as a whole, kept over HTTP and by the shell on both engines: one binary, since
//! each test binary links the whole product, and so that tests which wait for turns to end wait side by side.

mod authorisation;
mod batches;
mod columns_killed;
mod coupons_cli;
mod coupons_killed;
mod erasures;
mod exporting;
mod gathered;
mod held_coupons;
mod hostile;
mod house_rules;
mod imported_tags;
mod importing;
mod ledger_killed;
mod living_killed;
mod outages;
mod points_cli;
mod portrait;
mod pricing;
mod redeeming_killed;
mod reports;
mod same_rows;
mod schema;
mod schema_names;
mod segments;
mod simulate;
mod sql;
mod tag_rules;
mod tagging;
mod timeline;
mod weather;
mod wrong_use;
