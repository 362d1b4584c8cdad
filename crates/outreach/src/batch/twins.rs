//! One person, one row: a merge or a changed phone after the freezing can make one of two rows. Whoever
//! was given out or is held out already is not given out by another row, in whichever step or file.

use std::collections::HashMap;

use shuke_kernel::{Ctx, Result};
use shuke_members::MemberId;
use shuke_store::{Tx, args};

use super::{BatchId, sql};

/// A blind token of an address.
pub(super) type Token = [u8; 16];

#[derive(Clone, Copy)]
struct Place {
    place: i64,
    handed: bool,
}

/// Rows of a batch that were given out or are held out, by the member and by the address.
#[derive(Default)]
pub(super) struct Taken {
    members: HashMap<MemberId, Vec<Place>>,
    addresses: HashMap<Token, Vec<Place>>,
}

impl Taken {
    /// Those that share a member or an address with these.
    pub(super) fn find(tx: &mut Tx<'_>, cx: &Ctx, batch: BatchId, of: &[(MemberId, Option<Token>)]) -> Result<Self> {
        let members: Vec<Vec<u8>> = of.iter().map(|(member, _)| member.bytes().to_vec()).collect();
        let addresses: Vec<Vec<u8>> = of.iter().filter_map(|(_, token)| token.map(|t| t.to_vec())).collect();
        let mut out = Self::default();
        for mut r in tx.rows(sql::TAKEN_MEMBERS, args![cx.merchant, batch, members])? {
            let place = Place { place: r.get(1)?, handed: r.get::<Option<i64>>(2)?.is_some() };
            out.members.entry(r.get(0)?).or_default().push(place);
        }
        if !addresses.is_empty() {
            for mut r in tx.rows(sql::TAKEN_ADDRESSES, args![cx.merchant, batch, addresses])? {
                let place = Place { place: r.get(1)?, handed: r.get::<Option<i64>>(2)?.is_some() };
                out.addresses.entry(r.get(0)?).or_default().push(place);
            }
        }
        Ok(out)
    }

    /// Counts a row in.
    pub(super) fn add(&mut self, place: i64, handed: bool, member: MemberId, token: Option<Token>) {
        let row = Place { place, handed };
        self.members.entry(member).or_default().push(row);
        if let Some(token) = token {
            self.addresses.entry(token).or_default().push(row);
        }
    }

    fn others(&self, place: i64, member: MemberId, token: Option<Token>) -> impl Iterator<Item = Place> + '_ {
        let by_address = token.and_then(|t| self.addresses.get(&t)).into_iter().flatten();
        self.members.get(&member).into_iter().flatten().chain(by_address).copied().filter(move |o| o.place != place)
    }

    /// Whether another row speaks against giving this one out, or against holding it out.
    pub(super) fn forbids(&self, place: i64, held_out: bool, member: MemberId, token: Option<Token>) -> bool {
        self.others(place, member, token).any(|o| o.handed || !held_out || o.place < place)
    }

    /// Whether an earlier row stands for this one wherever it is repeated.
    pub(super) fn repeats(&self, place: i64, member: MemberId, token: Option<Token>) -> bool {
        self.others(place, member, token).any(|o| o.handed && o.place < place)
    }
}
