//! WooCommerce's packed cells: `name:…|product_id:…|sku:…|quantity:1|total:14.90|sub_total:14.90`.
//! A pipe inside a name is told from a divider by what follows it.

use super::Cells;
use crate::amount;
use crate::cell;
use crate::field::Field as F;
use crate::reason::Reason;
use crate::record::{Line, LineRole, OrderRecord};

const KEYS: &[&str] = &[
    "name",
    "product_id",
    "variation_id",
    "sku",
    "quantity",
    "qty",
    "total",
    "sub_total",
    "subtotal",
    "tax",
    "total_tax",
    "subtotal_tax",
    "tax_data",
    "meta",
    "price",
    "refunded",
    "amount",
    "reason",
    "date",
    "_qty",
    "item_total",
    "attributes",
    "variation",
    "weight",
    "type",
    "backorders",
];

/// Key and value pairs, and whether a value had a pipe in it.
fn pairs(packed: &str) -> (Vec<(&str, String)>, bool) {
    let mut out: Vec<(&str, String)> = Vec::new();
    let mut pipe = false;
    for piece in packed.split('|') {
        match piece.split_once(':').filter(|(k, _)| KEYS.contains(&k.trim())) {
            Some((k, v)) => out.push((k.trim(), v.to_owned())),
            None => match out.last_mut() {
                Some((_, v)) => {
                    v.push('|');
                    v.push_str(piece);
                    pipe = true;
                }
                None => out.push(("name", piece.to_owned())),
            },
        }
    }
    (out, pipe)
}

fn get<'a>(p: &'a [(&str, String)], keys: &[&str]) -> Option<&'a str> {
    p.iter().find(|(k, _)| keys.contains(k)).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
}

/// The lines of the row.
pub(super) fn lines(c: &mut Cells<'_>, o: &mut OrderRecord) {
    let digits = c.currency.digits();
    let packed = c.layout.packed.clone();
    for i in packed {
        let text = c.decode(c.row.cell(i));
        let text = cell::clean(&text);
        if text.is_empty() {
            continue;
        }
        let (p, pipe) = pairs(text);
        if pipe {
            c.warnings.push(Reason::of("pipe_in_item_name"));
        }
        let qty = match get(&p, &["quantity", "qty", "_qty"]).map(amount::whole) {
            Some(Some(n)) if n > 0 => n,
            _ => {
                c.reasons.push(Reason::about("bad_quantity", c.layout.name(i)));
                continue;
            }
        };
        let mut money = |keys: &[&str]| match get(&p, keys).map(|v| amount::parse(v, digits)) {
            Some(Ok(a)) => Some(a.minor),
            Some(Err(_)) => {
                c.reasons.push(Reason::about("bad_amount", c.layout.name(i)));
                None
            }
            None => None,
        };
        let total = money(&["total", "item_total"]);
        let list = money(&["sub_total", "subtotal"]).or(total);
        let title = get(&p, &["name"]).map(str::to_owned);
        // A variation is named "Product - its attributes".
        let spec = get(&p, &["variation", "attributes"])
            .map(str::to_owned)
            .or_else(|| title.as_deref().and_then(|t| t.split_once(" - ")).map(|(_, s)| s.to_owned()));
        o.lines.push(Line {
            title,
            spec,
            code: get(&p, &["sku"]).map(str::to_owned),
            product_id: get(&p, &["product_id"]).map(str::to_owned),
            qty,
            unit_price: list.map(|v| (v + qty / 2) / qty),
            list,
            paid: total,
            role: if list == Some(0) { LineRole::Gift } else { LineRole::Goods },
            ..Line::default()
        });
    }
}

/// The refunds of the row, `;` between them.
pub(super) fn refunds(c: &mut Cells<'_>, o: &mut OrderRecord) {
    let text = c.raw(F::PackedRefunds);
    let mut sum = 0_i64;
    for one in cell::clean(&text).split(';').filter(|s| !s.trim().is_empty()) {
        let (p, _) = pairs(one.trim());
        match get(&p, &["amount"]).map(|v| amount::magnitude(v, c.currency.digits())) {
            Some(Ok(a)) => sum = sum.saturating_add(a.minor),
            Some(Err(_)) => c.blame("bad_amount", F::PackedRefunds),
            None => {}
        }
    }
    o.refund = Some(sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_inside_a_name() {
        let (p, pipe) = pairs("name:A|B Tee|product_id:5|sku:AB|quantity:1|total:10.00");
        assert!(pipe);
        assert_eq!(get(&p, &["name"]), Some("A|B Tee"));
        assert_eq!(get(&p, &["sku"]), Some("AB"));
        assert!(!pairs("name:Mug|product_id:5").1);
    }
}
