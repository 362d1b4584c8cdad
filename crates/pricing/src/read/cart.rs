//! `cart.json`.

use std::collections::HashSet;

use shuke_kernel::Instant;

use super::reason::{form, out_of_range};
use super::terms::{id_once, instant};
use super::tree::{Node, Object, Result, format_1, malformed, text, tree};
use crate::cart::{Asked, Cart, CartLine, Payment};

/// Above this no sum of a cart could be relied on to fit 64 bits in every product that is made of it.
const MOST: i128 = 1 << 60;

impl Cart {
    /// Reads `cart.json`.
    ///
    /// # Errors
    /// The first place that breaks the format.
    pub fn read(json: &str) -> Result<Self> {
        Self::of(json, None)
    }

    /// Reads `cart.json` whose `format` and `time` may be left out: then it is to be priced at `now`.
    ///
    /// # Errors
    /// The first place that breaks the format.
    pub fn read_at(json: &str, now: Instant) -> Result<Self> {
        Self::of(json, Some(now))
    }

    fn of(json: &str, now: Option<Instant>) -> Result<Self> {
        let root = tree(json)?;
        let o = Object::of(&root, String::new())?;
        if now.is_none() || o.get("format").is_some() {
            format_1(&o)?;
        }
        let cart = Self {
            member: o.opt_text("member")?,
            time: match (now, o.get("time")) {
                (Some(now), None) => now,
                _ => instant(o.needed("time")?, o.at("time"))?,
            },
            shipping_fee: o.opt_fen("shipping_fee")?.unwrap_or(0),
            coupons: coupons(&o)?,
            points_to_use: match o.get("points_to_use") {
                Some(Node::Text(word)) if word == "max" => Asked::Max,
                Some(Node::Text(_)) => {
                    return o.refuse("points_to_use", form("应为整数或 \"max\"", "expected an integer or \"max\""));
                }
                _ => Asked::Points(o.opt_from("points_to_use", 0)?.unwrap_or(0)),
            },
            payments: o.opt_list("payments", payment)?,
            lines: o.list("lines", line)?,
        };
        let (mut lines, mut payments) = (HashSet::new(), HashSet::new());
        for (i, l) in cart.lines.iter().enumerate() {
            id_once(&mut lines, &l.line, || format!("lines[{i}].line"))?;
        }
        for (i, p) in cart.payments.iter().flatten().enumerate() {
            id_once(&mut payments, &p.id, || format!("payments[{i}].id"))?;
        }
        let worth: i128 = cart.lines.iter().map(|l| i128::from(l.unit_price) * i128::from(l.qty)).sum();
        let pieces: i128 = cart.lines.iter().map(|l| i128::from(l.qty)).sum();
        let weight: i128 = cart.lines.iter().map(|l| i128::from(l.weight_g) * i128::from(l.qty)).sum();
        if worth + i128::from(cart.shipping_fee) > MOST || pieces > MOST || weight > MOST {
            let en = "amounts, pieces or weights come to more than can be reckoned with";
            return malformed("lines", out_of_range("金额、件数或重量的合计过大，无法计算", en));
        }
        o.end()?;
        Ok(cart)
    }
}

fn coupons(o: &Object<'_>) -> Result<Option<Vec<String>>> {
    match o.get("coupons") {
        Some(Node::Text(word)) if word == "auto" => Ok(None),
        Some(Node::Text(_)) => o.refuse("coupons", form("应为 \"auto\" 或券号列表", "expected \"auto\" or a list of ids")),
        _ => o.opt_list("coupons", text),
    }
}

fn payment(node: &Node, path: String) -> Result<Payment> {
    let o = Object::of(node, path)?;
    o.needed("kind")?;
    o.opt_word("kind", &[("store_credit", ()), ("gift_card", ())])?;
    let payment = Payment { id: o.text("id")?, available: o.fen("available")? };
    o.end()?;
    Ok(payment)
}

fn line(node: &Node, path: String) -> Result<CartLine> {
    let o = Object::of(node, path)?;
    let line = CartLine {
        line: o.text("line")?,
        sku: o.text("sku")?,
        category: o.opt_text("category")?,
        unit_price: o.fen("unit_price")?,
        qty: o.from("qty", 1)?,
        weight_g: o.opt_fen("weight_g")?.unwrap_or(0),
    };
    o.end()?;
    Ok(line)
}
