//! Reads by one who has much to read: on the embedded store over a connection of their own, with few pages and on
//! the caller's thread, so that they push nobody else's pages out, keep nobody waiting, and give back all that they
//! took when they end. A database server keeps pages by itself: there they are read as everybody reads.

use std::sync::{Mutex, PoisonError};

use shuke_kernel::Result;
use tokio::sync::oneshot;

use crate::engine::{Alone, inside_a_transaction};
use crate::store::{Plain, Store, nested, stopped};
use crate::tx::Tx;

/// Reads a store apart from others.
pub struct Apart {
    store: Store,
    alone: Option<Mutex<Alone>>,
}

impl Apart {
    /// As everybody reads: for who has little to read.
    pub fn shared(store: &Store) -> Self {
        Self { store: store.clone(), alone: None }
    }

    /// On a connection of its own that keeps pages of so many bytes at most.
    ///
    /// # Errors
    /// A fault when the store cannot be opened once more.
    pub fn keeping(store: &Store, pages: usize) -> Result<Self> {
        let alone = Alone::open(store.config(), store.ring_shared(), pages)?;
        Ok(Self { store: store.clone(), alone: alone.map(Mutex::new) })
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// [`Store::read_now`], apart.
    ///
    /// # Errors
    /// What `f` fails with, and that it took too long.
    pub fn read_now<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let Some(alone) = &self.alone else { return self.store.read_now(f) };
        if inside_a_transaction() {
            return Err(nested());
        }
        let (send, receive) = oneshot::channel();
        alone.lock().unwrap_or_else(PoisonError::into_inner).serve(Box::new(Plain::new(f, send)));
        receive.blocking_recv().unwrap_or_else(|_| Err(stopped()))
    }
}
