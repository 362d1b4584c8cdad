//! A book as a row: read, locked, written.

use shuke_kernel::{Ctx, Error, Instant, MerchantNo, Result};
use shuke_loyalty::event::Member;
use shuke_loyalty::{Account, Accounts, Rules, State};
use shuke_members::MemberId;
use shuke_store::{Row, Tx, Value, args};

use super::{fold, sql};
use crate::definition::ProgrammeId;

/// The form in which hearts are written: short since 2. The form before is read as well.
pub const FORMAT: i64 = 2;

/// Whether a book is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is.
    Open,
    /// A merge gave its contents to another member's; an unmerge gives them back.
    Moved,
    /// Its person was erased. Entries stay, nothing is added.
    Erased,
}

impl Standing {
    fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Moved => "moved",
            Self::Erased => "erased",
        }
    }

    pub(super) fn of(word: &str) -> Result<Self> {
        [Self::Open, Self::Moved, Self::Erased]
            .into_iter()
            .find(|s| s.word() == word)
            .ok_or_else(|| Error::fault(format!("a book of points is {word}")))
    }
}

/// A member's book in hand.
#[derive(Clone, Debug)]
pub struct Book {
    /// Whose.
    pub member: MemberId,
    /// Whether it is kept.
    pub standing: Standing,
    /// Whose book has its contents, where a merge moved them.
    pub moved_to: Option<MemberId>,
    /// What was known of the member when the book began; what became known since is among the events.
    pub facts: Member,
    /// When the first event happened.
    pub origin: Instant,
    /// Numbers given to events so far.
    pub events: i64,
    /// Numbers given to entries so far.
    pub entries: i64,
    /// How many parts lie apart from the heart.
    pub parts: i64,
    /// When something is due in it, as its row says.
    pub due: Option<Instant>,
    /// Everything that later events can depend on, but for the parts.
    pub heart: State,
    /// Whether it has no row yet.
    pub fresh: bool,
    /// Whose books, that went into this one, led here from whom was asked for.
    pub via: Vec<MemberId>,
}

impl Book {
    /// Of a member of whom nothing is booked, beginning at `origin`.
    pub fn new(member: MemberId, facts: Member, origin: Instant, rules: &Rules) -> Self {
        Self {
            member,
            standing: Standing::Open,
            moved_to: None,
            facts: facts.clone(),
            origin,
            events: 0,
            entries: 0,
            parts: 0,
            due: None,
            heart: State::new(rules, facts, origin),
            fresh: true,
            via: Vec::new(),
        }
    }

    fn read(mut r: Row) -> Result<Self> {
        let (format, heart): (i64, String) = (r.get(8)?, r.get(9)?);
        let standing = Standing::of(&r.get::<String>(1)?)?;
        if !(1..=FORMAT).contains(&format) {
            return Err(Error::fault(format!("a book of points is written in form {format}, which this program does not know")));
        }
        Ok(Self {
            member: r.get(0)?,
            standing,
            moved_to: r.get(2)?,
            facts: serde_json::from_str(&r.get::<String>(4)?)?,
            origin: r.get(3)?,
            events: r.get(5)?,
            entries: r.get(6)?,
            parts: r.get(7)?,
            due: r.get(10)?,
            heart: serde_json::from_str(&heart)?,
            fresh: false,
            via: Vec::new(),
        })
    }

    /// When something is due in it next; nothing is in one that is not kept.
    pub fn next_due(&self, rules: &Rules) -> Option<Instant> {
        if self.standing == Standing::Open { fold::next_due(rules, &self.heart) } else { None }
    }

    /// Its row.
    pub fn row(&self, cx: &Ctx, programme: ProgrammeId, rules: &Rules) -> Result<Vec<Value>> {
        let in_force = rules.held(&self.heart);
        let of = |account| Value::from(self.heart.accounts.of(account));
        let tier = in_force.ladder.as_ref().and_then(|ladder| ladder.tiers.get(self.heart.standing.tier)).map(|tier| tier.id.clone());
        let mut row = vec![
            cx.merchant.into(),
            programme.into(),
            self.member.into(),
            self.standing.word().into(),
            self.moved_to.into(),
            serde_json::to_string(&self.facts)?.into(),
            self.origin.into(),
            self.heart.clock.into(),
            self.next_due(rules).into(),
            self.events.into(),
            self.entries.into(),
            self.parts.into(),
        ];
        row.extend(Account::ALL.map(of));
        row.extend([
            tier.into(),
            self.heart.standing.until(&in_force.zone).into(),
            FORMAT.into(),
            serde_json::to_string(&self.heart)?.into(),
            cx.now.into(),
        ]);
        Ok(row)
    }
}

/// The balances of a heart, in the order of accounts.
pub fn balances(kept: &Accounts) -> [i64; 8] {
    Account::ALL.map(|account| kept.of(account))
}

/// A member's book as it stands; none where nothing is booked.
pub fn get(tx: &mut Tx<'_>, merchant: MerchantNo, programme: ProgrammeId, member: MemberId) -> Result<Option<Book>> {
    tx.row(sql::GET, args![merchant, programme, member])?.map(Book::read).transpose()
}

/// Books after a member, in order, for walks over all.
pub fn page(tx: &mut Tx<'_>, merchant: MerchantNo, programme: ProgrammeId, after: MemberId, limit: i64) -> Result<Vec<Book>> {
    tx.rows(sql::PAGE, args![merchant, programme, after, limit])?.into_iter().map(Book::read).collect()
}

/// Books in which something is due by an instant, after a place, in order of when and whose; by a statement that reads what
/// [`sql::PAGE`] does.
pub(crate) fn due_by(
    tx: &mut Tx<'_>,
    statement: &'static str,
    (merchant, programme, by): (MerchantNo, ProgrammeId, Instant),
    after: (Instant, MemberId),
    limit: i64,
) -> Result<Vec<Book>> {
    tx.rows(statement, args![merchant, programme, by, after.0, after.1, limit])?.into_iter().map(Book::read).collect()
}

/// The books of these members that are there, held until the transaction ends. Of whom there is none, nobody
/// else can make one meanwhile.
pub fn hold(tx: &mut Tx<'_>, merchant: MerchantNo, programme: ProgrammeId, members: &[MemberId]) -> Result<Vec<Book>> {
    let found = look(tx, merchant, programme, members)?;
    let missing: Vec<MemberId> = members.iter().filter(|m| !found.iter().any(|b| b.member == **m)).copied().collect();
    if missing.is_empty() || tx.alone() {
        return Ok(found);
    }
    tx.lock_names(merchant, missing.iter().map(|member| lock_name(programme, *member)))?;
    let mut found = found;
    found.extend(look(tx, merchant, programme, &missing)?);
    Ok(found)
}

fn look(tx: &mut Tx<'_>, merchant: MerchantNo, programme: ProgrammeId, members: &[MemberId]) -> Result<Vec<Book>> {
    let rows = match members {
        [] => Vec::new(),
        [one] => tx.rows(sql::HOLD_ONE, args![merchant, programme, *one])?,
        many => tx.rows(sql::HOLD, args![merchant, programme, ids(many)])?,
    };
    rows.into_iter().map(Book::read).collect()
}

/// Members as a list for `= ANY`.
pub(crate) fn ids(members: &[MemberId]) -> Value {
    Value::Blobs(members.iter().map(|m| m.bytes().to_vec()).collect())
}

/// What stands for a book that is not there yet. Both ids end in what was drawn by chance.
fn lock_name(programme: ProgrammeId, member: MemberId) -> [u8; 16] {
    let mut name = *member.bytes();
    name.iter_mut().zip(programme.bytes()).for_each(|(a, b)| *a ^= b);
    name
}
