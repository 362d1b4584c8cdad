//! `refunds.json`: read beside the cart whose lines it names.

use std::collections::{HashMap, HashSet};

use super::reason::not_there;
use super::terms::id_once;
use super::tree::{Node, Object, Result, format_1, tree};
use crate::cart::{Cart, Refund};

impl Refund {
    /// Reads `refunds.json`, in order of time, of the order that `cart` became.
    pub fn read(json: &str, cart: &Cart) -> Result<Vec<Self>> {
        let root = tree(json)?;
        let o = Object::of(&root, String::new())?;
        format_1(&o)?;
        let places: HashMap<&str, usize> = cart.lines.iter().enumerate().map(|(i, l)| (l.line.as_str(), i)).collect();
        let refunds = o.list("refunds", |n, path| refund(n, path, &places))?;
        let mut ids = HashSet::new();
        for (i, r) in refunds.iter().enumerate() {
            id_once(&mut ids, &r.id, || format!("refunds[{i}].id"))?;
        }
        o.end()?;
        Ok(refunds)
    }
}

fn refund(node: &Node, path: String, places: &HashMap<&str, usize>) -> Result<Refund> {
    let o = Object::of(node, path)?;
    let refund = Refund {
        id: o.text("id")?,
        lines: o.list("lines", |n, path| line(n, path, places))?,
        shipping: o.opt_bool("shipping")?.unwrap_or(false),
    };
    o.end()?;
    Ok(refund)
}

fn line(node: &Node, path: String, places: &HashMap<&str, usize>) -> Result<(usize, i64)> {
    let o = Object::of(node, path)?;
    let name = o.text("line")?;
    let Some(at) = places.get(name.as_str()).copied() else {
        return o.refuse("line", not_there(format!("购物车里没有行“{name}”"), format!("the cart has no line `{name}`")));
    };
    let qty = o.from("qty", 0)?;
    o.end()?;
    Ok((at, qty))
}
