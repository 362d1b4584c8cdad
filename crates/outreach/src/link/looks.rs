//! Whether a request looks like a person's: providers, mail filters and chat programs open every link
//! that they carry.

/// Words in the name that a program gives itself.
const PROGRAMS: &[&str] = &[
    "bot",
    "spider",
    "crawl",
    "slurp",
    "preview",
    "scan",
    "monitor",
    "check",
    "fetch",
    "headless",
    "phantom",
    "curl",
    "wget",
    "python",
    "java/",
    "okhttp",
    "go-http",
    "libwww",
    "httpclient",
    "facebookexternalhit",
    "whatsapp",
    "telegram",
    "skype",
    "link",
    "safebrowsing",
    "yisouspider",
    "urlgrabber",
];

/// What a request says of itself.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Looks<'a> {
    /// Its method is GET.
    pub get: bool,
    /// `User-Agent`.
    pub agent: &'a str,
    /// `Purpose`, `Sec-Purpose` or `X-Moz`, whichever there is.
    pub purpose: &'a str,
    /// `Accept`.
    pub accept: &'a str,
}

/// Whether a person's browser asks, as far as the request tells.
pub(super) fn human(looks: Looks<'_>) -> bool {
    let agent = looks.agent.to_ascii_lowercase();
    let page = looks.accept.is_empty() || looks.accept.contains("text/html") || looks.accept.contains("*/*");
    let ahead = looks.purpose.to_ascii_lowercase();
    let ahead = ahead.contains("prefetch") || ahead.contains("preview") || ahead.contains("prerender");
    looks.get && page && !ahead && agent.starts_with("mozilla/") && !PROGRAMS.iter().any(|p| agent.contains(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: &str =
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.49";

    #[test]
    fn people_and_programs_are_told_apart() {
        let looks = |agent| Looks { get: true, agent, purpose: "", accept: "text/html,*/*" };
        assert!(human(looks(PHONE)));
        assert!(human(looks("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1")));
        for program in [
            "",
            "curl/8.4.0",
            "python-requests/2.31",
            "Mozilla/5.0 (compatible; Baiduspider/2.0)",
            "Mozilla/5.0 (compatible; bingbot/2.0)",
            "Mozilla/5.0 HeadlessChrome/120.0",
            "Go-http-client/1.1",
        ] {
            assert!(!human(looks(program)), "{program}");
        }
        assert!(!human(Looks { get: false, ..looks(PHONE) }));
        assert!(!human(Looks { purpose: "prefetch;prerender", ..looks(PHONE) }));
        assert!(!human(Looks { accept: "image/webp", ..looks(PHONE) }));
    }
}
