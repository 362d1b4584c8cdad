//! Who a caller is, learnt from the store: a person by the token in their cookie, a key by its
//! secret. A key's rights are remembered for a second, so that a busy integration does not cost a
//! query a request; a person's are read each time.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant as Moment};

use shuke_http::{App, Authenticate, BoxFuture, Caller, Credential, Person, Presented, Problem, Role, codes};
use shuke_kernel::{Actor, Code, Kind, MerchantNo};
use shuke_store::Lane;

use crate::merchants::{self, Merchant, MerchantId};
use crate::staff::{self, StaffId};
use crate::{keys, secret, sessions};

/// A person who works for several merchants must say which.
pub static MERCHANT_NEEDED: Code = Code {
    code: "access.merchant_needed",
    kind: Kind::Invalid,
    zh: "请用请求头 Shuke-Merchant 指明商家（mer_…）。",
    en: "Name the merchant (mer_…) in the header Shuke-Merchant.",
};
/// The caller has nothing to do there.
pub static NOT_YOURS: Code = Code {
    code: "access.not_your_merchant",
    kind: Kind::Forbidden,
    zh: "您不属于这个商家，或它不存在。",
    en: "You do not belong to this merchant, or it does not exist.",
};

const REMEMBERED: Duration = Duration::from_secs(1);
const MOST: usize = 10_000;

/// Lets callers in. One for each process.
#[derive(Default)]
pub struct Gate {
    keys: Mutex<HashMap<[u8; 32], (Moment, Caller, MerchantId)>>,
}

impl Gate {
    /// A gate that remembers nobody.
    pub fn new() -> Self {
        Self::default()
    }

    fn remembered(&self, hash: &[u8; 32]) -> Option<(Caller, MerchantId)> {
        let keys = self.keys.lock().ok()?;
        let (since, caller, merchant) = keys.get(hash)?;
        (since.elapsed() < REMEMBERED).then(|| (caller.clone(), *merchant))
    }

    fn remember(&self, hash: [u8; 32], caller: &Caller, merchant: MerchantId) {
        if let Ok(mut keys) = self.keys.lock() {
            if keys.len() >= MOST {
                keys.clear();
            }
            keys.insert(hash, (Moment::now(), caller.clone(), merchant));
        }
    }

    async fn by_key(&self, app: &App, secret: &str, named: Option<&str>) -> Result<Caller, Problem> {
        let hash = secret::hash(secret);
        let (caller, merchant) = match self.remembered(&hash) {
            Some(found) => found,
            None => {
                let (caller, merchant) = key_caller(app, hash).await?;
                self.remember(hash, &caller, merchant);
                (caller, merchant)
            }
        };
        if named.is_some_and(|n| n.parse() != Ok(merchant)) {
            return Err(NOT_YOURS.refuse().into());
        }
        Ok(caller)
    }
}

async fn key_caller(app: &App, hash: [u8; 32]) -> Result<(Caller, MerchantId), Problem> {
    let now = app.clock.now();
    let found = app
        .store
        .read(move |tx| {
            let Some(key) = keys::by_secret(tx, hash)? else { return Ok(None) };
            let merchant = merchants::get(tx, key.merchant)?;
            Ok(Some((key, merchant)))
        })
        .await?;
    let Some((key, merchant)) = found else { return Err(codes::UNAUTHENTICATED.refuse().into()) };
    if key.use_is_due(now) {
        let (no, id) = (merchant.no, key.view.id);
        // Nobody waits for it, and a miss costs only a coarse date.
        drop(tokio::spawn(app.store.write(Lane::Bulk, move |tx| keys::note_use(tx, no, id, now))));
    }
    let caller = caller(Actor::Key(*key.view.id.bytes()), &merchant, None, key.view.permissions());
    Ok((caller, merchant.id))
}

fn caller(actor: Actor, merchant: &Merchant, role: Option<Role>, permissions: shuke_http::Permissions) -> Caller {
    Caller { actor, merchant: merchant.no, sandbox: merchant.sandbox, role, permissions, per_second: merchant.settings.requests_per_second }
}

async fn session(app: &App, token: &str) -> Result<Person, Problem> {
    let (session, now) = (secret::hash(token), app.clock.now());
    let found = app.store.read(move |tx| sessions::current(tx, session, now)).await?;
    let Some((staff, touch)) = found else { return Err(codes::UNAUTHENTICATED.refuse().into()) };
    if touch {
        app.store.write(Lane::Interactive, move |tx| sessions::touch(tx, session, now)).await?;
    }
    Ok(Person { staff: *staff.bytes(), session })
}

async fn by_session(app: &App, token: &str, named: Option<String>) -> Result<Caller, Problem> {
    let person = session(app, token).await?;
    let staff = StaffId::from_bytes(person.staff);
    let (merchant, role) = app
        .store
        .read(move |tx| {
            let Some(named) = &named else {
                let mut all = merchants::list_of(tx, staff)?;
                return match all.len() {
                    1 => all.pop().ok_or_else(|| NOT_YOURS.refuse().into()),
                    0 => Err(NOT_YOURS.refuse().into()),
                    _ => Err(MERCHANT_NEEDED.refuse().into()),
                };
            };
            let id: MerchantId = named.trim().parse().map_err(|_| NOT_YOURS.refuse())?;
            let merchant = merchants::find(tx, id)?.ok_or_else(|| NOT_YOURS.refuse())?;
            let role = staff::role_at(tx, merchant.no, staff)?.ok_or_else(|| NOT_YOURS.refuse())?;
            Ok((merchant, role))
        })
        .await?;
    debug_assert_ne!(merchant.no, MerchantNo::SYSTEM);
    Ok(caller(Actor::Staff(person.staff), &merchant, Some(role), role.permissions()))
}

impl Authenticate for Gate {
    fn caller<'a>(&'a self, app: &'a App, presented: Presented) -> BoxFuture<'a, Result<Caller, Problem>> {
        Box::pin(async move {
            match presented.credential {
                Credential::Key(secret) => self.by_key(app, &secret, presented.merchant.as_deref()).await,
                Credential::Session(token) => by_session(app, &token, presented.merchant).await,
            }
        })
    }

    fn person<'a>(&'a self, app: &'a App, presented: Presented) -> BoxFuture<'a, Result<Person, Problem>> {
        Box::pin(async move {
            match presented.credential {
                Credential::Key(secret) => {
                    self.by_key(app, &secret, None).await?;
                    Err(codes::PERSON.refuse().into())
                }
                Credential::Session(token) => session(app, &token).await,
            }
        })
    }

    fn forget(&self) {
        if let Ok(mut keys) = self.keys.lock() {
            keys.clear();
        }
    }
}
