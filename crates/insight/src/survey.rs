//! The one loop of all reports: every member of every bucket, reckoned once, with what the figures
//! rest on counted on the way.

use shuke_columns::{Bucket, Columns};

use crate::question::{Coverage, Frame};
use crate::replay::{Reach, Replay};

/// Hands every member's reckoned orders, as far as `reach` says, to `each` and joins what the threads
/// gathered.
pub fn survey<T: Send>(
    columns: &Columns,
    frame: &Frame,
    reach: Reach,
    make: impl Fn() -> T + Sync,
    each: impl Fn(&mut T, &Bucket, usize, &Replay<'_>) + Sync,
    join: impl Fn(&mut T, T),
) -> (T, Coverage) {
    columns.fold_at(
        || (make(), Coverage::default()),
        |(mine, coverage), place, bucket| {
            let mut replay = Replay::through(bucket, place);
            for member in bucket.members() {
                replay.reach(frame, member, reach);
                coverage.take(frame, bucket.nobody, &replay);
                each(mine, bucket, member, &replay);
            }
        },
        |(mine, coverage), (other, more)| {
            join(mine, other);
            coverage.join(&more);
        },
    )
}
