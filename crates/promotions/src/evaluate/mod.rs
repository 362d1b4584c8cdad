//! Carts priced by offers that come with them: what `shuke price` does with files, for who asks over the network. Nothing is
//! read from the store and nothing is written.

pub mod limits;

use shuke_kernel::Refusal;
use shuke_pricing::{Cart, Effort, Malformed, Offers, Priced, Refund, price_within, refund};

use crate::words::{MALFORMED, TOO_LARGE};

/// The three texts of a question, each as the format has its file.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Offers, coupons and members: `promotions.json`.
    pub promotions: &'a str,
    /// `cart.json`
    pub cart: &'a str,
    /// `refunds.json`, where refunds are asked for.
    pub refunds: Option<&'a str>,
}

impl Question<'_> {
    /// How long the texts are together, in bytes.
    pub fn length(&self) -> usize {
        self.promotions.len() + self.cart.len() + self.refunds.map_or(0, str::len)
    }
}

/// The price of a cart, as `shuke price` prints it with `--json`.
///
/// # Errors
/// A refusal that names the place which breaks the format, or what there is too much of.
pub fn evaluate(question: &Question<'_>) -> Result<Priced, Refusal> {
    let found = question.length();
    if found > limits::BYTES {
        return Err(TOO_LARGE.with("what_zh", "字节").with("what", "bytes").with("limit", limits::BYTES).with("found", found));
    }
    let offers = Offers::read(question.promotions).map_err(|e| malformed("promotions", &e))?;
    let cart = Cart::read(question.cart).map_err(|e| malformed("cart", &e))?;
    let refunds = question.refunds.map(|text| Refund::read(text, &cart)).transpose().map_err(|e| malformed("refunds", &e))?;
    limits::check(&offers, &cart, refunds.as_deref().unwrap_or(&[]))?;
    let mut priced = price_within(&offers, &cart, Effort::SERVED).map_err(|shuke_pricing::Refusal::NoMember(id)| {
        let (zh, en) = (format!("promotions 的 members 里没有会员“{id}”"), format!("the promotions file has no member `{id}`"));
        MALFORMED.with("path", "cart.member").with("reason", "not_there").with("why_zh", zh).with("why", en).at("cart.member")
    })?;
    priced.refunds = refunds.map(|refunds| refund(&priced, &refunds));
    Ok(priced)
}

/// What breaks the format, told from the top of the request: `cart.lines[0].qty`.
pub(crate) fn malformed(file: &str, e: &Malformed) -> Refusal {
    let path = match (file.is_empty(), e.path.is_empty()) {
        (true, _) => e.path.clone(),
        (false, true) => file.to_owned(),
        (false, false) => format!("{file}.{}", e.path),
    };
    // Of the whole body there is no place to name.
    let shown = if path.is_empty() { "body" } else { &path };
    let refusal = MALFORMED.with("path", shown).with("reason", e.why.word).with("why_zh", &e.why.zh).with("why", &e.why.en);
    if path.is_empty() { refusal } else { refusal.at(path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERS: &str = r#"{"format":1,"promotions":[{"id":"p","kind":"percent_off","pay_rate":"0.9"}]}"#;
    const CART: &str = r#"{"format":1,"time":"2026-06-18T12:00:00Z","lines":[{"line":"1","sku":"A","unit_price":1000,"qty":1}]}"#;

    fn asked(promotions: &str, cart: &str) -> Result<Priced, Refusal> {
        evaluate(&Question { promotions, cart, refunds: None })
    }

    #[test]
    fn what_breaks_the_format_is_told_with_its_place_in_both_languages() {
        assert_eq!(asked(OFFERS, CART).expect("a price").order.total, 900);
        let said = asked(&OFFERS.replace("0.9", "9"), CART).expect_err("a rate above one");
        assert_eq!((said.code.code, said.field.as_deref()), ("price.malformed", Some("promotions.promotions[0].pay_rate")));
        assert!(said.text(true).contains("promotions.promotions[0].pay_rate") && said.text(true).contains("最多 18 位小数"));
        assert!(said.text(false).contains("expected an exact decimal"), "{}", said.text(false));
        let said = asked(OFFERS, &CART.replace(r#""qty":1"#, r#""qty":0"#)).expect_err("no pieces");
        assert_eq!(
            (said.field.as_deref(), said.text(false)),
            (Some("cart.lines[0].qty"), "cart.lines[0].qty: must be at least 1, is 0".to_owned())
        );
        let said = asked(OFFERS, &CART.replace(r#""format":1,"#, r#""format":1,"member":"m","#)).expect_err("nobody");
        assert_eq!(said.field.as_deref(), Some("cart.member"));
        assert_eq!(asked("{", CART).expect_err("no JSON").field.as_deref(), Some("promotions"));
    }

    #[test]
    fn more_than_can_be_priced_at_once_is_refused() {
        let line = |i: usize| format!(r#"{{"line":"{i}","sku":"A","unit_price":1,"qty":1}}"#);
        let cart = |n: usize| {
            let lines: Vec<String> = (0..n).map(line).collect();
            format!(r#"{{"format":1,"time":"2026-06-18T12:00:00Z","lines":[{}]}}"#, lines.join(","))
        };
        let said = asked(OFFERS, &cart(limits::LINES + 1)).expect_err("too many lines");
        assert_eq!((said.code.code, said.field.as_deref()), ("price.too_large", Some("cart.lines")));
        assert!(asked(OFFERS, &cart(limits::LINES)).is_ok());
        let offer = |i: usize| format!(r#"{{"id":"p{i}","kind":"amount_off","amount":1}}"#);
        let offers: Vec<String> = (0..200).map(offer).collect();
        let offers = format!(r#"{{"format":1,"promotions":[{}]}}"#, offers.join(","));
        let said = asked(&offers, &cart(limits::LINES)).expect_err("too many offers for so many lines");
        assert_eq!((said.code.code, said.field.as_deref()), ("price.too_large", Some("promotions.promotions")));
        let long = format!(r#"{{"format":1,"x":"{}"}}"#, "x".repeat(limits::BYTES));
        assert_eq!(asked(&long, CART).expect_err("too long").code.code, "price.too_large");
    }
}
