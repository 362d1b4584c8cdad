//! How fast evidence becomes members.
use shuke_kernel::{Actor, Ctx, Instant, MerchantNo};
use shuke_members::identity::{Evidence, KeyClaim, KeyKind, ProfileHints, Region, identify_many};
use shuke_store::register::{GROUND, Register};
use shuke_store::{Lane, MasterKey, Store, StoreConfig};

fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}

fn main() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = StoreConfig::new(dir.path().join("s.db").to_string_lossy().into_owned(), MasterKey::new([1; 32]));
    config.register = Register(&[GROUND, shuke_members::TABLES]);
    let store = Store::open(config).unwrap();
    let m = MerchantNo(7);
    store.write_now(Lane::Bulk, move |tx| tx.create_keys(m, Instant(1))).unwrap();
    let n: usize = std::env::args().nth(1).and_then(|x| x.parse().ok()).unwrap_or(200_000);
    let buyers: usize = std::env::args().nth(2).and_then(|x| x.parse().ok()).unwrap_or(n);
    for (what, shift) in [("new", 0), ("again", 0)] {
        let (t, c) = (std::time::SystemTime::now(), cpu());
        for batch in 0..n / 1000 {
            let all: Vec<Evidence> = (0..1000)
                .map(|i| {
                    let o = batch * 1000 + i;
                    let b = (o * 7919 + shift) % buyers;
                    Evidence {
                        keys: vec![
                            KeyClaim::new(KeyKind::AccountName, "taobao", &format!("tb{b}"), true).unwrap(),
                            KeyClaim::new(KeyKind::ReceiverPhone, "", &format!("138{b:08}"), false).unwrap(),
                        ],
                        entity: None,
                        source_time: Instant(1_700_000_000_000_000 + o as i64),
                        source: "taobao:orders".into(),
                        source_id: None,
                        profile: ProfileHints { region: Some(Region { province: Some("浙江省".into()), city: Some("杭州市".into()) }), ..Default::default() },
                    }
                })
                .collect();
            store
                .write_now(Lane::Bulk, move |tx| {
                    let cx = Ctx::new(m, Actor::Cli, Instant(1_800_000_000_000_000));
                    identify_many(tx, &cx, &all).map(|_| ())
                })
                .unwrap();
        }
        let (e, c) = (t.elapsed().unwrap().as_secs_f64(), cpu() - c);
        println!("{what}: {n} in {e:.2} s, cpu {c:.2} s, {:.1} us cpu each", c * 1e6 / n as f64);
    }
}
