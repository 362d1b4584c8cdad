//! The line step, whose start is the same for every set: who may apply there in which turn, and who
//! gets which line.
//!
//! `exclusive: line`: among those of a group that would each reduce a line at the start of the step,
//! the one with the largest reduction takes the line alone if it is exclusive; otherwise the
//! exclusive ones leave it.

use crate::state::{Opened, State, open};
use crate::table::{Stage, Table};

/// What holds at the start of the step.
#[derive(Clone, Debug)]
pub(crate) struct LineStep<'a> {
    /// Those whose thresholds are met, by turn.
    pub opened: Vec<Opened<'a>>,
    /// What each member of a line-exclusive group would take off each line, by group; empty for
    /// groups that exclude nothing line by line.
    members: Vec<Vec<Bid>>,
}

#[derive(Clone, Debug)]
struct Bid {
    index: usize,
    exclusive: bool,
    /// By line of the cart.
    off: Vec<i64>,
}

impl<'a> LineStep<'a> {
    pub fn of(table: &Table<'a>) -> Self {
        let mut state = State::new(table);
        let opened = open(table, &mut state, Stage::Line, |_| true);
        let mut members = vec![Vec::new(); table.groups];
        let by_line = |number: usize| table.candidates.iter().any(|c| c.group.is_some_and(|g| g.number == number && g.alone_on_line));
        let excluding: Vec<bool> = (0..table.groups).map(by_line).collect();
        for o in &opened {
            let candidate = &table.candidates[o.index];
            let Some(group) = candidate.group.filter(|g| excluding[g.number]) else { continue };
            let (_, mark) = state.apply(o.index, &o.act, &candidate.lines, &table.lines);
            let mut off = vec![0; table.lines.len()];
            state.log.iter().filter(|c| c.by == o.index).for_each(|c| off[c.line] += c.amount);
            state.undo(mark);
            members[group.number].push(Bid { index: o.index, exclusive: group.alone_on_line, off });
        }
        Self { opened, members }
    }

    /// Whether the candidate's lines depend on which others of its group are there.
    pub fn has(&self, table: &Table<'_>, index: usize) -> bool {
        table.candidates[index].group.is_some_and(|g| !self.members[g.number].is_empty())
    }

    /// The lines that are the candidate's among those of its group that are `there`.
    pub fn lines(&self, table: &Table<'_>, index: usize, there: impl Fn(usize) -> bool) -> Vec<usize> {
        let candidate = &table.candidates[index];
        let Some(group) = candidate.group.filter(|g| !self.members[g.number].is_empty()) else { return candidate.lines.clone() };
        let bids: Vec<&Bid> = self.members[group.number].iter().filter(|b| there(b.index)).collect();
        let won = |line: usize| {
            // Those of a group stand by priority and older id, so the first of the largest wins.
            let mut all: Vec<&&Bid> = bids.iter().filter(|b| b.off[line] > 0).collect();
            all.sort_by_key(|b| (std::cmp::Reverse(b.off[line]), b.index));
            match all.first() {
                Some(best) if best.exclusive => best.index == index,
                _ => !group.alone_on_line,
            }
        };
        candidate.lines.iter().copied().filter(|l| won(*l)).collect()
    }

    /// Who keeps the candidate from every line that it would reduce, were it added to those there.
    pub fn kept_out_by(&self, table: &Table<'_>, index: usize, there: impl Fn(usize) -> bool) -> Option<usize> {
        let group = table.candidates[index].group?;
        let bids = &self.members[group.number];
        let own = bids.iter().find(|b| b.index == index)?;
        let rival = |line: usize| {
            bids.iter().find(|b| b.index != index && there(b.index) && b.off[line] > 0 && (b.exclusive || own.exclusive)).map(|b| b.index)
        };
        let mut first = None;
        for line in (0..own.off.len()).filter(|l| own.off[*l] > 0) {
            let by = rival(line)?;
            first.get_or_insert(by);
        }
        first
    }
}
