//! The one loop of all reports: every member of every bucket, read once, with what the figures
//! rest on counted on the way.

use shuke_columns::{Bucket, Columns};

use crate::brief::{self, Brief, Reader, Rows, Wants};
use crate::question::{Coverage, Frame};

/// A member of a bucket.
#[derive(Clone, Copy)]
pub(crate) struct Member<'b> {
    /// The bucket.
    pub bucket: &'b Bucket,
    /// Its place among all.
    pub place: usize,
    /// The member's row.
    pub row: usize,
}

/// Hands every member's orders to `each` and joins what the threads gathered.
pub(crate) fn survey<T: Send>(
    columns: &Columns,
    frame: &Frame,
    wants: Wants,
    make: impl Fn() -> T + Sync,
    each: impl Fn(&mut T, Member<'_>, &Rows<'_>) + Sync,
    join: impl Fn(&mut T, T),
) -> (T, Coverage) {
    columns.fold_at(
        || (make(), Coverage::default()),
        |(mine, coverage), place, bucket| {
            let brief = brief::of(columns, place, frame);
            members(frame, wants, (place, bucket), brief.as_ref(), coverage, |of, rows| each(mine, of, rows));
        },
        |(mine, coverage), (other, more)| {
            join(mine, other);
            coverage.join(&more);
        },
    )
}

/// Hands the orders of every member of a bucket on.
#[inline]
pub(crate) fn members(
    frame: &Frame,
    wants: Wants,
    (place, bucket): (usize, &Bucket),
    brief: Option<&Brief>,
    coverage: &mut Coverage,
    mut each: impl FnMut(Member<'_>, &Rows<'_>),
) {
    let mut reader = Reader::of(frame, wants, bucket, brief);
    for row in bucket.members() {
        let rows = reader.member(row);
        coverage.rows(frame, bucket.nobody, &rows);
        each(Member { bucket, place, row }, &rows);
    }
}
