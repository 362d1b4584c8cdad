//! Trials: what they tell of every member is what comes out when the rules are saved, on both engines; and through the API.

#[allow(dead_code, reason = "the model beside what is drawn")]
#[path = "../../loyalty/tests/model/mod.rs"]
mod model;

#[path = "trial/api.rs"]
mod api;
#[allow(dead_code, reason = "what campaigns of histories count")]
#[path = "histories/batch.rs"]
mod batch;
#[path = "trial/saved.rs"]
mod saved;

use shuke_store::register::{GROUND, Register};

const ALL: Register = Register(&[GROUND, shuke_access::TABLES, shuke_members::TABLES, shuke_commerce::TABLES, shuke_programme::TABLES]);
