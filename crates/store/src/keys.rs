//! Merchants' data keys in the store: made with the merchant, rotated by adding a new one,
//! re-wrapped when the master key changes.

use std::collections::HashMap;
use std::sync::Arc;

use rand::Rng;
use shuke_kernel::{Error, Instant, MerchantNo, Result};
use zeroize::Zeroizing;

use crate::args;
use crate::seal::{MasterKey, MerchantKeys};
use crate::store::Store;
use crate::tx::Tx;

/// The module's statements.
pub mod sql {
    crate::statements! {
        /// A merchant's wrapped keys.
        LIST = "SELECT purpose, number, wrapped FROM data_key WHERE merchant = $1 ORDER BY purpose, number";
        /// All wrapped keys, for a change of master key.
        LIST_ALL = "SELECT merchant, purpose, number, wrapped FROM data_key ORDER BY merchant, purpose, number";
        /// Adds one.
        ADD = "INSERT INTO data_key (merchant, purpose, number, wrapped, created_at) VALUES ($1, $2, $3, $4, $5)";
        /// Re-wraps one.
        REWRAP = "UPDATE data_key SET wrapped = $4 WHERE merchant = $1 AND purpose = $2 AND number = $3";
        /// Removes a key that nothing is sealed under any more.
        RETIRE = "DELETE FROM data_key WHERE merchant = $1 AND purpose = 'seal' AND number < $2";
    }
}

fn fresh() -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    rand::rng().fill_bytes(&mut *key);
    key
}

impl Tx<'_> {
    /// Makes the first keys of a merchant, in the transaction that makes the merchant.
    pub fn create_keys(&mut self, merchant: MerchantNo, now: Instant) -> Result<()> {
        for purpose in ["seal", "token"] {
            self.add_key(merchant, purpose, 1, now)?;
        }
        let keys = load(self, merchant)?;
        self.local_keys.insert(merchant.0, keys);
        Ok(())
    }

    /// Adds a new data key, under which everything is sealed from now on; returns its number.
    /// Re-seal what is old, then [`Tx::retire_keys`].
    pub fn rotate_seal_key(&mut self, merchant: MerchantNo, now: Instant) -> Result<u32> {
        let number = i64::from(load(self, merchant)?.current()) + 1;
        self.add_key(merchant, "seal", number, now)?;
        let keys = load(self, merchant)?;
        let current = keys.current();
        self.local_keys.insert(merchant.0, keys);
        self.rekeyed = true;
        Ok(current)
    }

    /// Removes the data keys before `number`. What is still sealed under them is lost: count first,
    /// and let a minute pass after the rotation, for another instance seals under the old key for
    /// up to a second and a transaction of then may still be open.
    pub fn retire_keys(&mut self, merchant: MerchantNo, number: u32) -> Result<u64> {
        self.rekeyed = true;
        self.exec(sql::RETIRE, args![merchant, number])
    }

    fn add_key(&mut self, merchant: MerchantNo, purpose: &str, number: i64, now: Instant) -> Result<()> {
        let wrapped = self.master()?.wrap(merchant, purpose, number, &fresh())?;
        self.exec(sql::ADD, args![merchant, purpose, number, wrapped, now]).map(|_| ())
    }

    fn master(&self) -> Result<MasterKey> {
        self.ring.master.read().map(|m| m.clone()).map_err(|_| Error::fault("a lock is poisoned"))
    }
}

pub(crate) fn load(tx: &mut Tx<'_>, merchant: MerchantNo) -> Result<Arc<MerchantKeys>> {
    let master = tx.master()?;
    let mut seal = HashMap::new();
    let mut token = None;
    for mut row in tx.rows(sql::LIST, args![merchant])? {
        let (purpose, number, wrapped): (String, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let key = master.unwrap(merchant, &purpose, number, &wrapped)?;
        match purpose.as_str() {
            "seal" => {
                let number = u32::try_from(number).map_err(|_| Error::fault("a data key has an impossible number"))?;
                seal.insert(number, key);
            }
            _ => token = Some(key),
        }
    }
    let token = token.ok_or_else(|| Error::fault(format!("merchant {} has no keys", merchant.0)))?;
    MerchantKeys::new(merchant, seal, token).map(Arc::new)
}

impl Store {
    /// Puts every data key under a new master key. The caller then keeps the new key; the old one
    /// opens nothing any more, and other instances must be started anew with the new one.
    pub fn change_master_key(&self, new: MasterKey) -> Result<u64> {
        let old = self.ring().master.read().map(|m| m.clone()).map_err(|_| Error::fault("a lock is poisoned"))?;
        let count = self.rewrap(&old, &new)?;
        if let Ok(mut master) = self.ring().master.write() {
            *master = new.clone();
        }
        self.ring().forget();
        // Keys that were made under the old one while the first pass ran.
        self.rewrap(&old, &new)?;
        Ok(count)
    }

    fn rewrap(&self, old: &MasterKey, new: &MasterKey) -> Result<u64> {
        let (old, new) = (old.clone(), new.clone());
        self.write_now(crate::Lane::Interactive, move |tx| {
            let mut count = 0;
            for mut row in tx.rows(sql::LIST_ALL, args![])? {
                let (merchant, purpose, number, wrapped): (MerchantNo, String, i64, Vec<u8>) =
                    (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                if new.unwrap(merchant, &purpose, number, &wrapped).is_ok() {
                    continue;
                }
                let key = old.unwrap(merchant, &purpose, number, &wrapped)?;
                let rewrapped = new.wrap(merchant, &purpose, number, &key)?;
                count += tx.exec(sql::REWRAP, args![merchant, &purpose, number, rewrapped])?;
            }
            Ok(count)
        })
    }

    /// Forgets opened keys, so that the next use reads them from the store: after a rotation.
    pub fn forget_keys(&self) {
        self.ring().forget();
    }
}
