//! Lowest prices per goods: after the platform coupons each reduction of a piece is cut, last applied
//! first, down to the floor.

use crate::share::Split;
use crate::state::{Cut, State};
use crate::table::Table;

/// The reductions that stand after the floors, in order of application.
pub(crate) fn cut(table: &Table<'_>, state: &State) -> Vec<Cut> {
    let mut log = state.log.clone();
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); table.lines.len()];
    log.iter().enumerate().for_each(|(i, c)| places[c.line].push(i));
    for (l, at) in table.lines.iter().zip(places) {
        let Some(floor) = l.floor else { continue };
        let mut off: Vec<i64> = at.iter().map(|i| log[*i].amount).collect();
        cut_line(l.base, l.qty, floor, &mut off);
        for (i, amount) in at.into_iter().zip(off) {
            log[i].amount = amount;
        }
    }
    log.retain(|c| c.amount > 0);
    log
}

/// Base and reductions are split among the pieces each by itself. Pieces between two edges of these
/// splits are alike, so that as many are reckoned at once.
fn cut_line(base: i64, qty: i64, floor: i64, off: &mut [i64]) {
    let base = Split::of(base, qty);
    let splits: Vec<Split> = off.iter().map(|o| Split::of(*o, qty)).collect();
    let mut edges: Vec<i64> = splits.iter().map(|s| s.ahead).chain([base.ahead, 0, qty]).collect();
    edges.sort_unstable();
    edges.dedup();
    for span in edges.windows(2) {
        let (piece, pieces) = (span[0], span[1] - span[0]);
        let payable = base.piece(piece) - splits.iter().map(|s| s.piece(piece)).sum::<i64>();
        let mut below = floor.saturating_sub(payable).max(0);
        for (split, off) in splits.iter().zip(off.iter_mut()).rev() {
            let cut = below.min(split.piece(piece));
            *off -= cut * pieces;
            below -= cut;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cut_line;

    fn cut(base: i64, qty: i64, floor: i64, off: &[i64]) -> Vec<i64> {
        let mut off = off.to_vec();
        cut_line(base, qty, floor, &mut off);
        off
    }

    #[test]
    fn the_last_applied_is_cut_first() {
        assert_eq!(cut(2000, 1, 1500, &[1600, 160]), [500, 0]);
        assert_eq!(cut(10000, 2, 4500, &[600, 5000]), [600, 400]);
        assert_eq!(cut(5000, 1, 6000, &[100]), [0], "a base below the floor is left as it is");
        assert_eq!(cut(5000, 1, 0, &[5000]), [5000]);
    }

    #[test]
    fn each_reduction_has_its_own_split() {
        // 1001 over 2 is 501, 500; 301 is 151, 150: both pieces come to 350 and stay there.
        assert_eq!(cut(1001, 2, 350, &[301]), [301]);
        // 1000 is 500, 500; 301 is 151, 150: 349 is one fen below, 350 is not.
        assert_eq!(cut(1000, 2, 350, &[301]), [300]);
        // Of two reductions 1 + 1 both fall on the first piece: 500 - 2 is below 499 by one.
        assert_eq!(cut(1000, 2, 499, &[1, 1]), [1, 0]);
    }
}
