//! Statements about codes.

use shuke_store::{Column, InsertMany};

shuke_store::statements! {
    /// The code of a token, held.
    HOLD = "SELECT batch, no, coupon FROM coupon_code WHERE merchant = $1 AND token = $2 FOR UPDATE";
    /// The code of a token, looked at.
    FIND = "SELECT batch, no, coupon FROM coupon_code WHERE merchant = $1 AND token = $2";
    /// It is a coupon from now on.
    TAKE = "UPDATE coupon_code SET coupon = $3 WHERE merchant = $1 AND token = $2";
}

/// Codes, by their tokens.
pub const PUT: InsertMany = InsertMany {
    table: "coupon_code",
    columns: &[Column::Int("merchant"), Column::Bytes("token"), Column::Bytes("batch"), Column::Int("no"), Column::Bytes("coupon")],
    then: "ON CONFLICT (merchant, token) DO NOTHING",
};
