//! Where a webhook may go: to public addresses over TLS, unless the configuration says otherwise.
//!
//! The address is judged twice: its text when it is set, and every address that its name resolves
//! to when a connection is made, so that a name that changes its mind in between reaches nothing.
//! The connection goes to the very addresses that were judged. Redirects are not followed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::Uri;
use shuke_kernel::{Code, Kind, Result};
use ureq::config::Config;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// The address is none that we send to.
pub static URL: Code = Code {
    code: "access.invalid_webhook_url",
    kind: Kind::Invalid,
    zh: "回调地址无效：{reason}。请填写 https:// 开头的公网地址。",
    en: "The webhook's address cannot be used: {reason}. Give a public address that begins with https://.",
};

/// What the configuration allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Addresses inside the own network, and plain http: for receivers on the same machine.
    pub allow_private: bool,
}

fn private_v4(a: Ipv4Addr) -> bool {
    let [x, y, z, _] = a.octets();
    a.is_private()
        || a.is_loopback()
        || a.is_link_local()
        || a.is_multicast()
        || a.is_documentation()
        || x == 0
        || x >= 240
        || (x == 100 && (64..128).contains(&y))
        || (x == 192 && y == 0 && z == 0)
        || (x == 198 && (y == 18 || y == 19))
        || (x == 192 && y == 88 && z == 99)
}

fn private_v6(a: Ipv6Addr) -> bool {
    let s = a.segments();
    let v4 = |hi: u16, lo: u16| Ipv4Addr::from((u32::from(hi) << 16) | u32::from(lo));
    if let Some(mapped) = a.to_ipv4_mapped() {
        return private_v4(mapped);
    }
    // NAT64, 6to4 and IPv4-translated addresses carry an IPv4 address that the packet ends up at.
    let carried = match s {
        [0x64, 0xff9b, 0, 0, 0, 0, hi, lo] => Some(v4(hi, lo)),
        [0x2002, hi, lo, ..] => Some(v4(hi, lo)),
        [0, 0, 0, 0, 0xffff, 0, hi, lo] => Some(v4(hi, lo)),
        _ => None,
    };
    carried.is_some_and(private_v4)
        || a.is_multicast()
        || s[..6].iter().all(|x| *x == 0)
        || s[0] & 0xfe00 == 0xfc00
        || s[0] & 0xffc0 == 0xfe80
        || s[0] & 0xffc0 == 0xfec0
        || (s[0] == 0x2001 && (s[1] == 0xdb8 || s[1] < 0x200))
        || (s[0] == 0x64 && s[1] == 0xff9b && s[2] == 1)
        || s[0] == 0x100
        || s[0] == 0x5f00
        || (s[0] == 0x3fff && s[1] < 0x1000)
}

/// Whether an address lies inside the own network or nowhere.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(a) => private_v4(a),
        IpAddr::V6(a) => private_v6(a),
    }
}

/// Judges the text of an address.
pub fn check_url(text: &str, policy: Policy) -> Result<()> {
    let no = |reason: &str| Err(URL.with("reason", reason).at("url").into());
    if text.len() > 2000 {
        return no("longer than 2000 characters");
    }
    let Ok(uri) = text.parse::<Uri>() else { return no("not a URL") };
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if policy.allow_private => {}
        _ => return no("not https"),
    }
    let Some(authority) = uri.authority() else { return no("no host") };
    if authority.as_str().contains('@') {
        return no("a user name in it");
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return no("no host");
    }
    if policy.allow_private {
        return Ok(());
    }
    // Some resolvers read 2130706433 or 0x7f.1 as an IPv4 address: a public name has a letter in its last label.
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    match host.parse::<IpAddr>() {
        Ok(a) if is_private(a) => no("a private address"),
        Ok(_) => Ok(()),
        Err(_) if !host.contains('.') || !last.chars().any(|c| c.is_ascii_alphabetic()) || last.starts_with("0x") => {
            no("not a public name")
        }
        Err(_) => Ok(()),
    }
}

/// Resolves names and hands on only the addresses that the policy allows.
#[derive(Debug)]
pub struct Guarded {
    inner: DefaultResolver,
    policy: Policy,
}

impl Guarded {
    /// A resolver under that policy.
    pub fn new(policy: Policy) -> Self {
        Self { inner: DefaultResolver::default(), policy }
    }
}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        if self.policy.allow_private {
            return Ok(found);
        }
        // One private address among public ones is a trap, not a choice.
        if found.iter().any(|a| is_private(a.ip())) {
            return Err(ureq::Error::BadUri("private address".to_owned()));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_disguise() {
        for a in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "198.18.0.1",
            "224.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "::127.0.0.1",
            "ff02::1",
            "::ffff:0:127.0.0.1",
            "192.88.99.1",
            "5f00::1",
            "3fff::1",
        ] {
            assert!(is_private(a.parse().expect("an address")), "{a}");
        }
        for a in ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "172.32.0.1"] {
            assert!(!is_private(a.parse().expect("an address")), "{a}");
        }
    }

    #[test]
    fn the_text_of_an_address_is_judged() {
        let strict = Policy::default();
        for fine in ["https://example.com/hook?x=1", "https://hooks.example.com:8443/", "https://1.1.1.1/"] {
            assert!(check_url(fine, strict).is_ok(), "{fine}");
        }
        for wrong in [
            "http://example.com/",
            "ftp://example.com/",
            "https://",
            "example.com",
            "https://user@example.com/",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://127.1/",
            "https://db/",
            "https://a.0x7f/",
        ] {
            assert!(check_url(wrong, strict).is_err(), "{wrong}");
        }
        assert!(check_url("http://127.0.0.1:9000/hook", Policy { allow_private: true }).is_ok());
    }
}
