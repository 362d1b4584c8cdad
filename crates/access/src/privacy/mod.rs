//! The privacy register as people read it, and the rotation of a merchant's data keys.

pub mod http;
mod rotate;

pub use rotate::{ROTATE_KIND, RotateKeys, SETTLE_SECONDS, older_than, request};
