//! Staff: people who work at merchants. A person has one account in the installation and a role
//! at each merchant they work for. Accounts are made by invitation; the invited person chooses
//! the password.

pub mod http;
mod model;
mod service;
pub mod sql;

pub use model::{NewStaff, Person, StaffId, StaffKind, StaffView, mask_email};
pub(crate) use service::{NOT_FOUND, person};
pub use service::{
    StaffChange, accept, add, by_email, change, find, get, grant, invite, list, names, remove, reset_password, reset_totp, role_at,
    set_password,
};
