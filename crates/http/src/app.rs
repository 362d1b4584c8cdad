//! What every handler reaches: the store, the clock, who authenticates, limits and metrics.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use shuke_kernel::Clock;
use shuke_store::Store;

use crate::{Caller, Limiter, Metrics, Person, Problem, Rate};

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The state of the router. Clones share everything: each request makes several.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What an [`App`] holds.
#[derive(Clone)]
pub struct Shared {
    /// Where truth lives.
    pub store: Store,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who the callers are.
    pub auth: Arc<dyn Authenticate>,
    /// Limits and switches.
    pub config: HttpConfig,
    /// Counters.
    pub metrics: Arc<Metrics>,
    /// Who asked how often.
    pub limiter: Arc<Limiter>,
    shelf: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl std::ops::Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// An app over that store, with its clock.
    pub fn new(store: Store, auth: Arc<dyn Authenticate>, config: HttpConfig) -> Self {
        let clock = store.clock().clone();
        Self(Arc::new(Shared { store, clock, auth, config, metrics: Arc::default(), limiter: Arc::default(), shelf: HashMap::new() }))
    }

    /// Puts a thing of a domain crate on the shelf (a staging directory, a client), one a type.
    pub fn with<T: Any + Send + Sync>(mut self, thing: T) -> Self {
        Arc::make_mut(&mut self.0).shelf.insert(TypeId::of::<T>(), Arc::new(thing));
        self
    }

    /// The thing of that type from the shelf.
    pub fn get<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.shelf.get(&TypeId::of::<T>()).cloned().and_then(|t| t.downcast().ok())
    }
}

/// Limits and switches of the HTTP side.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// The largest body that is not an upload, in bytes.
    pub body_limit: usize,
    /// How long a request may take.
    pub timeout: Duration,
    /// How long an upload may take.
    pub upload_timeout: Duration,
    /// Requests of one API key.
    pub key_rate: Rate,
    /// Requests of one signed-in person.
    pub staff_rate: Rate,
    /// Attempts of one address to sign in, to set up, to take an invitation.
    pub visitor_rate: Rate,
    /// Requests of one address that are refused because nobody is signed in or the key is wrong.
    pub stranger_rate: Rate,
    /// Links that one address follows: many people may stand behind one, and all behind a proxy.
    pub link_rate: Rate,
    /// Whether `X-Forwarded-For` is believed: only behind a proxy that sets it.
    pub trust_forwarded: bool,
    /// Whether cookies are marked `Secure`: behind TLS.
    pub secure_cookies: bool,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            body_limit: 8 << 20,
            timeout: Duration::from_secs(30),
            upload_timeout: Duration::from_secs(3600),
            key_rate: Rate { per_second: 500, burst: 2000 },
            staff_rate: Rate { per_second: 50, burst: 300 },
            visitor_rate: Rate { per_second: 5, burst: 60 },
            stranger_rate: Rate { per_second: 50, burst: 1000 },
            link_rate: Rate { per_second: 200, burst: 2000 },
            trust_forwarded: false,
            secure_cookies: false,
        }
    }
}

/// What a request shows to prove who sends it.
#[derive(Clone)]
pub enum Credential {
    /// The token in the session cookie.
    Session(String),
    /// The secret after `Authorization: Bearer`.
    Key(String),
}

/// What a request presents.
#[derive(Clone)]
pub struct Presented {
    /// The proof.
    pub credential: Credential,
    /// The merchant that a person names by `Shuke-Merchant`.
    pub merchant: Option<String>,
}

/// Finds out who a caller is. The access crate implements it.
pub trait Authenticate: Send + Sync + 'static {
    /// The caller, acting for one merchant.
    fn caller<'a>(&'a self, app: &'a App, presented: Presented) -> BoxFuture<'a, Result<Caller, Problem>>;
    /// The signed-in person, before any merchant is chosen. A key is no person.
    fn person<'a>(&'a self, app: &'a App, presented: Presented) -> BoxFuture<'a, Result<Person, Problem>>;
    /// Forgets what was remembered of callers: after a change of roles, keys or sessions.
    fn forget(&self) {}
}
