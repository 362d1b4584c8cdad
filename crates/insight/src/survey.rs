//! The one loop of all reports: every member of every bucket, reckoned once, with what the figures
//! rest on counted on the way.

use shuke_columns::{Bucket, Columns};

use crate::question::{Coverage, Frame};
use crate::replay::Replay;

/// Hands every member's reckoned orders to `each` and joins what the threads gathered.
pub fn survey<T: Send>(
    columns: &Columns,
    frame: &Frame,
    make: impl Fn() -> T + Sync,
    each: impl Fn(&mut T, &Bucket, usize, &Replay) + Sync,
    join: impl Fn(&mut T, T),
) -> (T, Coverage) {
    columns.fold(
        || (make(), Coverage::default()),
        |(mine, coverage), bucket| {
            let mut replay = Replay::default();
            for member in bucket.members() {
                replay.run(frame, bucket, member, frame.as_of, frame.to);
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
