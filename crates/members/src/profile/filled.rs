//! Which facts of members are known: for whoever asks them to complete their profile.

use std::collections::HashMap;

use shuke_kernel::{Ctx, Result};
use shuke_store::Tx;

use super::sql;
use crate::MemberId;
use crate::identity::rows;

/// Which of a member's facts are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Filled {
    /// The name.
    pub name: bool,
    /// The gender.
    pub gender: bool,
    /// The birthday.
    pub birthday: bool,
    /// The province or city.
    pub region: bool,
}

/// Which facts of these members are known now; of whom does not live nothing is told.
pub fn filled(tx: &mut Tx<'_>, cx: &Ctx, members: &[MemberId]) -> Result<HashMap<MemberId, Filled>> {
    let found = tx.rows(sql::FILLED, &[cx.merchant.into(), rows::members(members.iter().copied())])?;
    found
        .into_iter()
        .map(|mut r| {
            let known = Filled { name: r.get(1)?, gender: r.get(2)?, birthday: r.get(3)?, region: r.get(4)? };
            Ok((r.get(0)?, known))
        })
        .collect()
}
