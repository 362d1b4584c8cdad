//! Marks on the store that outlive a restart, such as *outreach paused* after a restore.

use shuke_kernel::{Instant, MerchantNo, Result};

use crate::args;
use crate::tx::Tx;

/// Set on a restored or copied store: nothing is sent to anybody until a person lifts it, for what
/// the old store sent since is not known here. The value says why.
pub const OUTREACH_PAUSED: &str = "outreach_paused";

/// Set while a restore has not yet erased again whom its logs name; such a store does not open.
pub(crate) const RESTORE_UNFINISHED: &str = "restore_unfinished";

/// The module's statements.
pub mod sql {
    crate::statements! {
        /// Reads one.
        GET = "SELECT value FROM store_flag WHERE merchant = $1 AND name = $2";
        /// Sets one.
        SET = "INSERT INTO store_flag (merchant, name, value, set_at) VALUES ($1, $2, $3, $4) ON CONFLICT (merchant, name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at";
        /// Lifts one.
        LIFT = "DELETE FROM store_flag WHERE merchant = $1 AND name = $2";
    }
}

impl Tx<'_> {
    /// The value of a flag, if it is set.
    pub fn flag(&mut self, merchant: MerchantNo, name: &str) -> Result<Option<String>> {
        self.row(sql::GET, args![merchant, name])?.map(|mut r| r.get(0)).transpose()
    }

    /// Sets a flag.
    pub fn set_flag(&mut self, merchant: MerchantNo, name: &str, value: &str, now: Instant) -> Result<()> {
        self.exec(sql::SET, args![merchant, name, value, now]).map(|_| ())
    }

    /// Lifts a flag. Returns whether it was set.
    pub fn lift_flag(&mut self, merchant: MerchantNo, name: &str) -> Result<bool> {
        self.exec(sql::LIFT, args![merchant, name]).map(|n| n > 0)
    }
}
