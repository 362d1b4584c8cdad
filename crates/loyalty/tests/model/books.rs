//! The books as an auditor adds them up.

use std::collections::BTreeMap;

use proptest::prelude::*;
use shuke_kernel::Instant;
use shuke_loyalty::ledger::{Account, Entry};
use shuke_loyalty::{Programme, State};

use super::World;

/// What is posted up to now, as an auditor would add it up.
#[derive(Default)]
pub struct Books {
    accounts: BTreeMap<Account, i64>,
    available_by_lot: BTreeMap<Option<(String, Instant)>, i64>,
}

impl Books {
    pub fn add(&mut self, entries: &[Entry]) {
        for e in entries {
            assert!(e.amount > 0 && e.from != e.to && e.lot.is_some() == e.lot_made.is_some(), "{e:?}");
            for (account, sign) in [(e.from, -1), (e.to, 1)] {
                *self.accounts.entry(account).or_default() += sign * e.amount;
                if account == Account::Available {
                    *self.available_by_lot.entry(e.lot.clone().zip(e.lot_made)).or_default() += sign * e.amount;
                }
            }
        }
    }

    pub fn agree(&self, state: &State) -> Result<(), TestCaseError> {
        for account in Account::ALL {
            prop_assert_eq!(self.accounts.get(&account).copied().unwrap_or(0), state.accounts.of(account), "{:?}", account);
        }
        prop_assert_eq!(self.accounts.values().sum::<i64>(), 0);
        let owed: i64 = state.owed.iter().map(|o| o.points).sum();
        prop_assert_eq!(state.lots.sum() - i128::from(owed), i128::from(state.available()));
        prop_assert_eq!(self.available_by_lot.get(&None).copied().unwrap_or(0), -owed);
        let mut left: BTreeMap<(&str, Instant), i64> = BTreeMap::new();
        state.lots.in_order().for_each(|lot| *left.entry((lot.id.as_str(), lot.made)).or_default() += lot.left);
        for ((lot, made), sum) in self.available_by_lot.iter().filter_map(|(lot, sum)| Some((lot.as_ref()?, sum))) {
            prop_assert_eq!(left.get(&(lot.as_str(), *made)).copied().unwrap_or(0), *sum, "{}", lot);
        }
        let frozen: i64 = state.holds.values().filter(|hold| !hold.over).map(|hold| hold.left()).sum();
        prop_assert_eq!(frozen, state.accounts.of(Account::Frozen));
        let pending: i64 = state.orders.values().map(|order| order.pending).sum();
        prop_assert_eq!(pending, state.accounts.of(Account::Pending));
        Ok(())
    }
}

/// The engine's state and the model's world are the same to whoever looks at them.
pub fn same(state: &State, programme: &Programme, model: &World) -> Result<(), TestCaseError> {
    let of = |account| state.accounts.of(account);
    let accounts = [
        of(Account::Pending),
        of(Account::Available),
        of(Account::Frozen),
        of(Account::Redeemed),
        of(Account::Expired),
        of(Account::Reversed),
        of(Account::Issued),
    ];
    let expected = [model.pending(), model.available(), model.frozen, model.redeemed, model.expired, model.reversed, -model.issued];
    prop_assert_eq!(accounts, expected);
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = |d: jiff::civil::Date| i64::from((d - epoch).get_days());
    let lots: Vec<_> = state.lots.in_order().map(|l| (l.id.clone(), l.left, days(l.last_day))).collect();
    prop_assert_eq!(lots, model.lots());
    let standing = &state.standing;
    let until = standing.until(&programme.zone).map(Instant::micros);
    prop_assert_eq!((standing.tier, until, standing.grace.is_some()), model.tier());
    let word = |c: &shuke_loyalty::coupons::Coupon| serde_json::to_value(c.state).unwrap().as_str().unwrap().to_owned();
    let coupons: Vec<_> = state.coupons.all.iter().map(|(g, c)| (g.clone(), word(c), c.expires.micros())).collect();
    let expected: Vec<_> = model.coupons().into_iter().map(|(g, s, e)| (g, s.to_owned(), e)).collect();
    prop_assert_eq!(coupons, expected);
    Ok(())
}
