//! What is answered where something cannot be priced, kept or changed: each with a code and a sentence in both languages.

use shuke_kernel::{Code, Kind};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $kind:ident $zh:literal $en:literal;)*) => {
        $($(#[$doc])* pub static $name: Code = Code { code: $code, kind: Kind::$kind, zh: $zh, en: $en };)*
    };
}

codes! {
    /// Offers, cart or refunds break the format.
    MALFORMED = "price.malformed" Invalid "{path}：{why_zh}。" "{path}: {why}";
    /// More than can be priced at once.
    TOO_LARGE = "price.too_large" Unprocessable
        "一次计价太多：最多 {limit} {what_zh}，现在是 {found}。请拆单，或少带一些优惠。"
        "Too much to price at once: at most {limit} {what}, there are {found}. Split the cart, or send fewer offers.";
}
