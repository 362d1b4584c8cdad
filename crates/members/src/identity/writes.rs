//! What a batch of evidence writes: rows gathered so that each table is written once, and nothing
//! that is there already. Rows that are new for certain go in without a look for each.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Event, MerchantKeys, Tx, Value};

use super::fold::{Key, SetId, Token};
use super::model::KeyKind;
use super::rows::{Located, MemberRow, StoredSet};
use super::service::{Incoming, member_event};
use super::{keys, sql};
use crate::MemberId;
use crate::profile::index;

/// What identity writes on a member's row.
pub(super) struct Told {
    pub first_seen: i64,
    pub region: Option<Located>,
    pub created_at: i64,
    pub has_phone: bool,
}

/// What a member holds before a batch: of each key the class, and the receivers' names among them.
#[derive(Default)]
pub(super) struct Holds {
    classes: HashMap<Token, i64>,
    names: HashSet<Token>,
}

impl Holds {
    pub fn of<'k>(keys: impl Iterator<Item = &'k Key>) -> Self {
        let mut out = Self::default();
        for key in keys {
            let class = out.classes.entry(key.token).or_insert(key.class as i64);
            *class = (*class).min(key.class as i64);
            if key.kind == KeyKind::ReceiverName {
                out.names.insert(key.token);
            }
        }
        out
    }

    /// Whether holding this key anew would change nothing.
    fn has(&self, key: &Key) -> bool {
        self.classes.get(&key.token).is_some_and(|class| *class <= key.class as i64)
    }
}

/// Rows that a batch writes, gathered so that each table is written once; those that are new for
/// certain apart from those that may be there.
#[derive(Default)]
pub(super) struct Writes {
    pub new_sets: Vec<Vec<Value>>,
    pub sets: Vec<Vec<Value>>,
    pub members: BTreeMap<MemberId, Told>,
    pub held: BTreeMap<(Token, [u8; 16]), (bool, i64, i64)>,
    pub created: BTreeMap<MemberId, i64>,
    pub changed: BTreeSet<MemberId>,
    pub settle: Vec<SetId>,
    pub review: BTreeSet<Token>,
    pub names: index::Names,
}

impl Writes {
    fn hold(&mut self, key: &Key, holder: [u8; 16], held: bool) {
        let entry = self.held.entry((key.token, holder)).or_insert((held, key.kind as i64, key.class as i64));
        if (key.class as i64) < entry.2 {
            *entry = (held, key.kind as i64, key.class as i64);
        }
    }

    /// A set that is not there yet.
    pub fn set(&mut self, cx: &Ctx, store_keys: &MerchantKeys, set: &Incoming, member: Option<MemberId>, holds: &Holds) -> Result<()> {
        let (at, province, city) = split(set.region.clone());
        let sealed = if set.sealed.is_empty() { keys::seal(store_keys, &set.prepared)? } else { set.sealed.clone() };
        self.new_sets.push(vec![
            cx.merchant.into(),
            set.prepared.id.into(),
            member.into(),
            member.into(),
            set.first_seen.into(),
            set.refs.into(),
            (&set.entity).into(),
            (&set.platform).into(),
            keys::reach_of(&set.prepared.keys).into(),
            province.into(),
            city.into(),
            at.into(),
            keys::pack(&set.prepared.keys).into(),
            sealed.into(),
        ]);
        let (holder, held) = member.map_or((set.prepared.id, false), |m| (*m.bytes(), true));
        for key in set.prepared.keys.iter().filter(|k| !holds.has(k)) {
            self.hold(key, holder, held);
        }
        if let Some(member) = member {
            // Names of receivers that the member is found by already.
            let said = set.prepared.claims.iter().zip(&set.prepared.keys);
            let told: BTreeSet<&str> = said.filter(|(_, k)| holds.names.contains(&k.token)).map(|(c, _)| c.value.as_str()).collect();
            let tokens = index::receiver_tokens_but(store_keys, set.prepared.claims.iter(), &told);
            self.names.extend(tokens.into_iter().map(|t| (member, t)));
        }
        Ok(())
    }

    /// A known set is seen again: counted, and perhaps earlier or elsewhere than known.
    pub fn touch(&mut self, cx: &Ctx, set: &Incoming, known: &StoredSet) -> bool {
        let first_seen = set.first_seen.min(known.first_seen);
        let (at, province, city) = split(set.region.clone().max(known.region.clone()));
        self.sets.push(vec![
            cx.merchant.into(),
            known.id.into(),
            Value::Null,
            Value::Null,
            first_seen.into(),
            set.refs.into(),
            (&known.entity).into(),
            (&set.platform).into(),
            0_i64.into(),
            province.into(),
            city.into(),
            at.into(),
            Value::Bytes(Vec::new()),
            Value::Bytes(Vec::new()),
        ]);
        first_seen < known.first_seen
    }

    /// A living member gains a first time, a region or a phone.
    pub fn grow(&mut self, id: MemberId, row: &MemberRow, first_seen: i64, region: &Option<Located>, phone: bool) {
        let newer = region.is_some() && *region > row.region;
        if first_seen >= row.first_seen && !newer && (!phone || row.has_phone) && !self.members.contains_key(&id) {
            return;
        }
        // Since when they are known is told to whoever follows the feed.
        if first_seen < row.first_seen {
            self.changed.insert(id);
        }
        if newer && region.as_ref().map(|r| (&r.1, &r.2)) != row.region.as_ref().map(|r| (&r.1, &r.2)) {
            self.changed.insert(id);
        }
        let told = self.members.entry(id).or_insert_with(|| Told {
            first_seen: row.first_seen,
            region: row.region.clone(),
            created_at: 0,
            has_phone: row.has_phone,
        });
        told.first_seen = told.first_seen.min(first_seen);
        told.region = told.region.take().max(region.clone());
        told.has_phone |= phone;
    }

    /// Writes them, each table once. Answers the tokens whose reviews are to be looked at.
    pub fn flush(self, tx: &mut Tx<'_>, cx: &Ctx) -> Result<BTreeSet<Token>> {
        let m = cx.merchant;
        tx.insert_fresh(&sql::PUT_SETS, self.new_sets)?;
        tx.insert_many(&sql::PUT_SETS, self.sets)?;
        let (mut made, mut grown) = (Vec::new(), Vec::new());
        for (id, told) in self.members {
            let (at, province, city) = split(told.region);
            let (seen, created, contested) = (told.first_seen, told.created_at, 0_i64);
            let mut row = vec![m.into(), id.into(), "live".into(), seen.into(), created.into(), contested.into()];
            row.extend([province.into(), city.into(), at.into(), told.has_phone.into()]);
            if self.created.contains_key(&id) { made.push(row) } else { grown.push(row) }
        }
        tx.insert_fresh(&sql::PUT_MEMBERS, made)?;
        tx.insert_many(&sql::PUT_MEMBERS, grown)?;
        let (mut first, mut more) = (Vec::new(), Vec::new());
        for ((token, holder), (held, kind, class)) in self.held {
            let row: Vec<Value> = vec![m.into(), token.into(), holder.into(), held.into(), kind.into(), class.into()];
            // Nobody holds anything before they are made.
            if held && self.created.contains_key(&MemberId::from_bytes(holder)) { first.push(row) } else { more.push(row) }
        }
        tx.insert_fresh(&sql::HOLD, first)?;
        tx.insert_many(&sql::HOLD, more)?;
        let (names_of_new, names): (index::Names, index::Names) = self.names.into_iter().partition(|(id, _)| self.created.contains_key(id));
        index::put_first(tx, cx, names_of_new.iter())?;
        index::put(tx, cx, names.iter())?;
        let mut events: Vec<Event> =
            self.created.iter().map(|(id, seen)| member_event("member.created", *id, Instant(*seen), "{}".to_owned())).collect();
        events.extend(self.changed.iter().map(|id| member_event("member.changed", *id, cx.now, r#"{"what":"identity"}"#.to_owned())));
        tx.emit_many(cx, events)?;
        Ok(self.review)
    }
}

fn split(region: Option<Located>) -> (Option<i64>, Option<String>, Option<String>) {
    region.map_or((None, None, None), |(at, p, c)| (Some(at), p, c))
}
