//! Puts the fold's answer into the store for all that hangs together with some key sets.
//!
//! The closure is everything that the fold must see to give the answer of the whole merchant:
//! the sets, all sets of their members, all that share a key that counts, all that people decided
//! about. Then each group gets its member: the one that owns it. A member *owns* the group in
//! which its earliest own key set lies (a set's home is the member for which it was first taken);
//! where a group has several, the older living one stays and the others become aliases. So a
//! split gives each side the id that it had.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use shuke_kernel::{Ctx, Instant, Result};
use shuke_store::{Tx, Value, args};

use super::fold::{self, Decision, Folded, Rules, SetId, Token};
use super::moves;
use super::rows::{self, MemberRow, StoredSet};
use super::service::member_event;
use super::{merge, review, sql};
use crate::MemberId;
use crate::hooks::{self, Moved};
use crate::profile::{self, index};

/// Why the fold runs, for the record of a merge.
#[derive(Clone, Debug)]
pub(crate) struct Cause {
    /// `keys`, `review`, `manual`, `unmerge`, `release`.
    pub word: &'static str,
    /// In words.
    pub reason: String,
    /// The decision that asked for it.
    pub decision: Option<[u8; 16]>,
    /// Decisions that it overrode: an unmerge puts them back.
    pub overrode: Vec<Decision>,
    /// Tokens that lost a set and may have to be taken from a holder.
    pub stale: Vec<Token>,
    /// Those of them that are worth a look by a person.
    pub proposing: BTreeSet<Token>,
}

impl Cause {
    /// Keys that arrived.
    pub(crate) fn keys() -> Self {
        Self::of("keys")
    }

    pub(crate) fn of(word: &'static str) -> Self {
        Self { word, reason: String::new(), decision: None, overrode: Vec::new(), stale: Vec::new(), proposing: BTreeSet::new() }
    }
}

/// What changed.
#[derive(Clone, Default, Debug)]
pub(crate) struct Settled {
    /// Members that were made.
    pub created: Vec<MemberId>,
    /// Merges that were recorded.
    pub merges: Vec<[u8; 16]>,
}

struct Component {
    sets: Vec<StoredSet>,
    decisions: Vec<Decision>,
}

fn closure(tx: &mut Tx<'_>, cx: &Ctx, rules: Rules, seeds: &[SetId]) -> Result<Component> {
    let mut sets: BTreeMap<SetId, StoredSet> = BTreeMap::new();
    let mut decisions = BTreeSet::new();
    let mut tokens: HashSet<Token> = HashSet::new();
    let mut members: HashSet<MemberId> = HashSet::new();
    let mut ids: BTreeSet<SetId> = seeds.iter().copied().collect();
    let mut ask: BTreeSet<MemberId> = BTreeSet::new();
    while !ids.is_empty() || !ask.is_empty() {
        let mut fresh = rows::sets_by_id(tx, cx, std::mem::take(&mut ids))?;
        ask.extend(fresh.iter().filter_map(|s| s.member).filter(|m| !members.contains(m)));
        members.extend(ask.iter().copied());
        fresh.extend(rows::sets_of(tx, cx, std::mem::take(&mut ask))?);
        fresh.retain(|s| !sets.contains_key(&s.id));
        let counting = |k: &&fold::Key| k.identifies() || (rules.merge_on_contact && k.proposes());
        let news: BTreeSet<Token> =
            fresh.iter().flat_map(|s| s.keys.iter().filter(counting).map(|k| k.token)).filter(|t| !tokens.contains(t)).collect();
        tokens.extend(news.iter().copied());
        let fresh_ids: Vec<SetId> = fresh.iter().map(|s| s.id).collect();
        for set in fresh {
            sets.insert(set.id, set);
        }
        for holder in rows::holders(tx, cx, news)?.into_values().flatten() {
            match holder.member() {
                Some(m) if !members.contains(&m) && (holder.class <= 2 || rules.merge_on_contact) => {
                    ask.insert(m);
                }
                None if !sets.contains_key(&holder.holder) => {
                    ids.insert(holder.holder);
                }
                _ => {}
            }
        }
        for d in rows::decisions(tx, cx, &fresh_ids)? {
            ids.extend([d.left, d.right].into_iter().filter(|id| !sets.contains_key(id)));
            decisions.insert(d);
        }
        // A decision may name a set that no record carries now.
        if ask.is_empty() && !ids.is_empty() {
            let there: HashSet<SetId> = rows::sets_by_id(tx, cx, ids.iter().copied())?.into_iter().map(|s| s.id).collect();
            ids.retain(|id| there.contains(id));
        }
    }
    Ok(Component { sets: sets.into_values().collect(), decisions: decisions.into_iter().collect() })
}

impl Component {
    fn members(&self) -> BTreeSet<MemberId> {
        self.sets.iter().flat_map(|s| [s.member, s.home]).flatten().collect()
    }
}

/// The closure with its keys and members locked. While somebody else was waited for they may have given
/// one of these members another set: then it is looked at again, until nothing came meanwhile.
fn held_still(tx: &mut Tx<'_>, cx: &Ctx, rules: Rules, seeds: &[SetId]) -> Result<(Component, HashMap<MemberId, MemberRow>)> {
    let mut component = closure(tx, cx, rules, seeds)?;
    loop {
        rows::lock_keys(tx, cx, component.sets.iter().flat_map(|s| &s.keys))?;
        let rows = rows::lock_members(tx, cx, component.members())?;
        if tx.alone() {
            return Ok((component, rows));
        }
        let now = closure(tx, cx, rules, seeds)?;
        let same = |a: &StoredSet, b: &StoredSet| a.id == b.id && a.member == b.member;
        let still = now.sets.len() == component.sets.len() && now.sets.iter().zip(&component.sets).all(|(a, b)| same(a, b));
        component = now;
        if still {
            return Ok((component, rows));
        }
    }
}

/// Who is whose, decided but not yet written.
struct Plan {
    /// Each group's member; `None` for nobody.
    owner: Vec<Option<MemberId>>,
    created: Vec<MemberId>,
    revived: Vec<MemberId>,
    /// Living members that are taken in, and by whom.
    dissolved: Vec<(MemberId, MemberId)>,
}

fn plan(cx: &Ctx, sets: &[StoredSet], folded: &Folded, members: &HashMap<MemberId, MemberRow>) -> Plan {
    let mut anchors: HashMap<MemberId, (i64, SetId, usize)> = HashMap::new();
    for (i, set) in sets.iter().enumerate() {
        if let Some(home) = set.home {
            let here = (set.first_seen, set.id, folded.group_of[i]);
            let anchor = anchors.entry(home).or_insert(here);
            if (here.0, here.1) < (anchor.0, anchor.1) {
                *anchor = here;
            }
        }
    }
    let alive = |m: &MemberId| members.get(m).is_some_and(|r| r.state == "live");
    let mut out = Plan { owner: vec![None; folded.groups.len()], created: Vec::new(), revived: Vec::new(), dissolved: Vec::new() };
    for (g, group) in folded.groups.iter().enumerate().filter(|(_, g)| g.identified) {
        debug_assert!(!group.sets.is_empty());
        let owned = anchors.iter().filter(|(_, a)| a.2 == g).map(|(m, a)| (*m, a.0));
        // Living before alias, then the older, then the smaller id.
        let best = owned.min_by_key(|(m, seen)| (!alive(m), members.get(m).filter(|_| alive(m)).map_or(*seen, |r| r.first_seen), *m));
        let id = match best {
            Some((m, _)) if alive(&m) => m,
            Some((m, _)) => {
                out.revived.push(m);
                m
            }
            None => {
                let m: MemberId = cx.new_id();
                out.created.push(m);
                m
            }
        };
        out.owner[g] = Some(id);
    }
    let kept: HashSet<MemberId> = out.owner.iter().flatten().copied().collect();
    let mut living: Vec<MemberId> = members.keys().filter(|m| alive(m) && !kept.contains(m)).copied().collect();
    living.sort();
    for m in living {
        let by_anchor = anchors.get(&m).and_then(|a| out.owner[a.2]);
        let by_set = sets.iter().position(|s| s.member == Some(m)).and_then(|i| out.owner[folded.group_of[i]]);
        if let Some(into) = by_anchor.or(by_set) {
            out.dissolved.push((m, into));
        }
    }
    out
}

/// Folds what hangs together with these sets and writes what follows.
pub(crate) fn settle(tx: &mut Tx<'_>, cx: &Ctx, rules: Rules, seeds: &[SetId], cause: &Cause) -> Result<Settled> {
    let (component, member_rows) = held_still(tx, cx, rules, seeds)?;
    let sets = &component.sets;
    let concerned = component.members();
    let ranks = rows::ranks(tx, cx, sets)?;
    let for_fold: Vec<fold::Set> = sets.iter().map(|s| s.for_fold(ranks.get(&s.id).copied().unwrap_or_default())).collect();
    let folded = fold::assign(&for_fold, &component.decisions, rules);
    let plan = plan(cx, sets, &folded, &member_rows);
    make_members(tx, cx, sets, &folded, &plan)?;

    let mut snapshots = Vec::new();
    for (absorbed, survivor) in &plan.dissolved {
        snapshots.push(merge::Snapshot::take(tx, cx, sets, *survivor, *absorbed)?);
    }
    let moves = move_sets(tx, cx, sets, &folded, &plan)?;
    move_names(tx, cx, sets, &folded, &plan, &moves)?;
    let all = concerned.iter().chain(&plan.created).copied();
    tx.exec(sql::RECKON_PHONES, &[cx.merchant.into(), rows::members(all)])?;
    let mut out = Settled { created: plan.created.clone(), merges: Vec::new() };
    for ((absorbed, survivor), snapshot) in plan.dissolved.iter().zip(snapshots) {
        tx.exec(sql::MAKE_ALIAS, args![cx.merchant, *absorbed, *survivor])?;
        profile::index::forget(tx, cx, *absorbed)?;
        out.merges.push(merge::record(tx, cx, *survivor, *absorbed, snapshot, cause)?);
    }
    let mut revived_from = Vec::new();
    for id in &plan.revived {
        revived_from.push(merge::take_back(tx, cx, *id)?);
    }
    hold_anew(tx, cx, sets, &folded, &plan, &concerned, &cause.stale)?;
    let mut settled = settle_members(tx, cx, sets, &folded, &plan)?;
    let touched: BTreeSet<MemberId> = plan.owner.iter().flatten().copied().collect();
    settled.extend(profile::refold(tx, cx, touched.iter().copied())?);
    let tokens: BTreeSet<Token> =
        sets.iter().flat_map(|s| s.keys.iter().filter(|k| k.proposes()).map(|k| k.token)).chain(cause.proposing.iter().copied()).collect();
    review::refresh(tx, cx, tokens)?;
    hooks::moved(tx, cx, &moves)?;
    emit(tx, cx, sets, &folded, &plan, (&moves, settled), &out.merges, &revived_from)?;
    Ok(out)
}

fn first_seen(sets: &[StoredSet], folded: &Folded, g: usize) -> i64 {
    folded.groups[g].sets.iter().map(|i| sets[*i].first_seen).min().unwrap_or_default()
}

fn make_members(tx: &mut Tx<'_>, cx: &Ctx, sets: &[StoredSet], folded: &Folded, plan: &Plan) -> Result<()> {
    let made: HashSet<MemberId> = plan.created.iter().chain(&plan.revived).copied().collect();
    let mut out = Vec::new();
    for (g, owner) in plan.owner.iter().enumerate() {
        if let Some(id) = owner.filter(|m| made.contains(m)) {
            let seen = first_seen(sets, folded, g);
            out.push(vec![
                cx.merchant.into(),
                id.into(),
                "live".into(),
                seen.into(),
                cx.now.into(),
                0_i64.into(),
                Value::Null,
                Value::Null,
                Value::Null,
                0_i64.into(),
            ]);
        }
    }
    tx.insert_many(&sql::PUT_MEMBERS, out).map(|_| ())
}

fn move_sets(tx: &mut Tx<'_>, cx: &Ctx, sets: &[StoredSet], folded: &Folded, plan: &Plan) -> Result<Vec<Moved>> {
    let mut moves = Vec::new();
    let mut to: BTreeMap<Option<MemberId>, Vec<SetId>> = BTreeMap::new();
    for (i, set) in sets.iter().enumerate() {
        let owner = plan.owner[folded.group_of[i]];
        if owner != set.member {
            moves.push(Moved { key_set: set.id, from: set.member, to: owner });
            to.entry(owner).or_default().push(set.id);
        }
    }
    for (owner, ids) in to {
        match owner {
            Some(m) => tx.exec(sql::GIVE_SETS, &[cx.merchant.into(), rows::blobs(ids.iter().copied()), m.into()])?,
            None => tx.exec(sql::TAKE_SETS, &[cx.merchant.into(), rows::blobs(ids.iter().copied())])?,
        };
        moves::follow_sets(tx, cx, &ids, owner)?;
    }
    Ok(moves)
}

/// Receivers' names go with their sets: told anew for all who lost or gained one.
fn move_names(tx: &mut Tx<'_>, cx: &Ctx, sets: &[StoredSet], folded: &Folded, plan: &Plan, moves: &[Moved]) -> Result<()> {
    let touched: HashSet<MemberId> = moves.iter().flat_map(|m| [m.from, m.to]).flatten().collect();
    let owner = |i: usize| plan.owner[folded.group_of[i]];
    let theirs = (0..sets.len()).filter(|i| [sets[*i].member, owner(*i)].iter().flatten().any(|m| touched.contains(m)));
    let theirs: Vec<usize> = theirs.collect();
    let names = index::of_sets(tx, cx, theirs.iter().map(|i| &sets[*i]))?;
    let (mut before, mut now) = (index::Names::new(), index::Names::new());
    for i in theirs {
        let tokens = names.get(&sets[i].id).into_iter().flatten();
        for token in tokens {
            before.extend(sets[i].member.map(|m| (m, *token)));
            now.extend(owner(i).map(|m| (m, *token)));
        }
    }
    index::turn(tx, cx, &before, &now)
}

/// Writes anew who holds which key, for every key of the component.
fn hold_anew(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    sets: &[StoredSet],
    folded: &Folded,
    plan: &Plan,
    concerned: &BTreeSet<MemberId>,
    stale: &[Token],
) -> Result<()> {
    let tokens: BTreeSet<Token> = sets.iter().flat_map(|s| s.keys.iter().map(|k| k.token)).chain(stale.iter().copied()).collect();
    let holders = concerned.iter().map(|m| *m.bytes()).chain(sets.iter().map(|s| s.id));
    tx.exec(sql::UNHOLD, &[cx.merchant.into(), rows::blobs(tokens), rows::blobs(holders)])?;
    let mut held: BTreeMap<(Token, [u8; 16]), (bool, i64, i64)> = BTreeMap::new();
    for (i, set) in sets.iter().enumerate() {
        let (holder, is_member) = plan.owner[folded.group_of[i]].map_or((set.id, false), |m| (*m.bytes(), true));
        for key in &set.keys {
            let entry = held.entry((key.token, holder)).or_insert((is_member, key.kind as i64, key.class as i64));
            if (key.class as i64, key.kind as i64) < (entry.2, entry.1) {
                *entry = (is_member, key.kind as i64, key.class as i64);
            }
        }
    }
    let out = held.into_iter().map(|((token, holder), (is_member, kind, class))| {
        vec![cx.merchant.into(), token.into(), holder.into(), is_member.into(), kind.into(), class.into()]
    });
    tx.insert_many(&sql::HOLD, out.collect()).map(|_| ())
}

/// Writes what became of members. Returns those of whom anything is otherwise now.
fn settle_members(tx: &mut Tx<'_>, cx: &Ctx, sets: &[StoredSet], folded: &Folded, plan: &Plan) -> Result<BTreeSet<MemberId>> {
    let mut changed = BTreeSet::new();
    for (g, owner) in plan.owner.iter().enumerate() {
        if let Some(id) = owner
            && tx.exec(sql::SETTLE_MEMBER, args![cx.merchant, *id, first_seen(sets, folded, g), folded.groups[g].contested])? > 0
        {
            changed.insert(*id);
        }
    }
    Ok(changed)
}

#[expect(clippy::too_many_arguments, reason = "one step of one function")]
fn emit(
    tx: &mut Tx<'_>,
    cx: &Ctx,
    sets: &[StoredSet],
    folded: &Folded,
    plan: &Plan,
    (moves, settled): (&[Moved], BTreeSet<MemberId>),
    merges: &[[u8; 16]],
    revived_from: &[Option<MemberId>],
) -> Result<()> {
    let mut events = Vec::new();
    for (g, owner) in plan.owner.iter().enumerate() {
        if let Some(id) = owner.filter(|m| plan.created.contains(m)) {
            events.push(member_event("member.created", id, Instant(first_seen(sets, folded, g)), "{}".to_owned()));
        }
    }
    for ((absorbed, survivor), id) in plan.dissolved.iter().zip(merges) {
        let data = serde_json::json!({ "merge": merge::MergeId::from_bytes(*id), "absorbed": absorbed }).to_string();
        events.push(member_event("member.merged", *survivor, cx.now, data));
    }
    for (id, from) in plan.revived.iter().zip(revived_from) {
        events.push(member_event("member.unmerged", *id, cx.now, serde_json::json!({ "from": from }).to_string()));
    }
    let changed: BTreeSet<MemberId> = moves
        .iter()
        .flat_map(|m| [m.from, m.to])
        .flatten()
        .chain(settled)
        .filter(|m| plan.owner.contains(&Some(*m)) && !plan.created.contains(m))
        .collect();
    events.extend(changed.into_iter().map(|id| member_event("member.changed", id, cx.now, r#"{"what":"identity"}"#.to_owned())));
    tx.emit_many(cx, events)
}
