//! The imports that brought what is known of a member.

use shuke_kernel::{Ctx, Instant, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::model::ImportId;
use super::sql;

/// An import that brought records of a member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Brought {
    /// Which.
    pub id: ImportId,
    /// As it is listed.
    pub title: String,
    /// When it was loaded to its end; when it began, while it has not.
    pub at: Instant,
    /// Who loaded it.
    pub by: String,
}

/// Imports that brought a row of a list about the member, or an order of theirs, and were not
/// undone; newest first.
pub fn of_member(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Vec<Brought>> {
    tx.rows(sql::BROUGHT, args![cx.merchant, member])?
        .into_iter()
        .map(|mut r| Ok(Brought { id: r.get(0)?, title: r.get(1)?, at: r.get(2)?, by: r.get(3)? }))
        .collect()
}
