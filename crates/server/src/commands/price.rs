//! `shuke price`: what a cart costs and why, from files alone: no store, no clock.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use shuke_kernel::Currency;
use shuke_pricing::{Cart, Malformed, Offers, Priced, Refund, Refunded, amount, price, refund};

use crate::out::Out;
use crate::wrong::wrong;

/// `shuke price`
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Promotions, coupon templates, settings and members.
    #[arg(long, value_name = "FILE")]
    pub promotions: PathBuf,
    /// The cart.
    #[arg(long, value_name = "FILE")]
    pub cart: PathBuf,
    /// What came back of the order that the cart became.
    #[arg(long, value_name = "FILE")]
    pub refunds: Option<PathBuf>,
}

/// Reads the files and prints the answer. A file that breaks the format is refused in one line.
pub fn run(options: &Options, out: &mut Out<'_>) -> Result<u8> {
    let offers = read(&options.promotions, Offers::read)?;
    let cart = read(&options.cart, Cart::read)?;
    let refunds = options.refunds.as_deref().map(|file| read(file, |text| Refund::read(text, &cart))).transpose()?;
    let mut priced = price(&offers, &cart).map_err(|e| wrong("price.malformed", one_line(&format!("{}: {e}", options.cart.display()))))?;
    priced.refunds = refunds.map(|refunds| refund(&priced, &refunds));
    if out.json {
        out.object(&priced)?;
    } else {
        Told { out, currency: offers.currency }.all(&priced)?;
    }
    Ok(0)
}

fn read<T>(file: &Path, parse: impl Fn(&str) -> std::result::Result<T, Malformed>) -> Result<T> {
    let refused = |code, why: &dyn std::fmt::Display| wrong(code, one_line(&format!("{}: {why}", file.display())));
    let bytes = std::fs::read(file).map_err(|e| refused("price.unreadable", &e))?;
    let text = std::str::from_utf8(&bytes).map_err(|e| refused("price.malformed", &format!("no JSON: {e}")))?;
    parse(text).map_err(|e| refused("price.malformed", &e))
}

/// What a file says of itself in an error must not break the line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The answer for people, line by line.
struct Told<'o, 'w> {
    out: &'o mut Out<'w>,
    currency: Currency,
}

impl Told<'_, '_> {
    fn row(&mut self, what: impl AsRef<str>, fen: i64) -> Result<()> {
        let shown = if fen < 0 { format!("-{}", amount(-fen, self.currency)) } else { amount(fen, self.currency) };
        self.out.line(format!("{:<44}{shown:>14}", what.as_ref()))
    }

    fn all(&mut self, p: &Priced) -> Result<()> {
        for l in &p.lines {
            self.row(format!("{} × {}", l.line, l.qty), l.list)?;
            if let Some(by) = &l.price_by {
                self.row(format!("  price by {by}"), l.base - l.list)?;
            }
            for r in &l.reductions {
                self.row(format!("  {}", r.cause), -r.amount)?;
            }
            self.row("  to pay", l.payable)?;
        }
        for g in &p.gift_lines {
            self.out.line(format!("{} × {} as a gift of {}, worth {}", g.sku, g.qty, g.cause, amount(g.value, self.currency)))?;
        }
        self.order(p)?;
        for a in &p.applied {
            self.out.line(format!("applied      {} ({}, {}): saves {}", a.id, a.kind, a.step, amount(a.saving, self.currency)))?;
        }
        for n in &p.not_applied {
            let by = n.excluded_by.as_ref().map_or_else(String::new, |by| format!(" ({by})"));
            self.out.line(format!("not applied  {}: {}{by}", n.id, n.message.en))?;
        }
        if p.search_bounded {
            self.out.line("there were too many offers to try all combinations: a better one may exist")?;
        }
        self.refunds(p)
    }

    fn order(&mut self, p: &Priced) -> Result<()> {
        let o = &p.order;
        self.row("goods", o.goods_total)?;
        self.row("discounts", -o.discounts)?;
        if o.points_used > 0 {
            self.row(format!("{} points", o.points_used), -o.points_cash)?;
        }
        self.row("shipping", o.shipping_fee)?;
        for r in &o.shipping_reductions {
            self.row(format!("  {}", r.cause), -r.amount)?;
        }
        self.row("total", o.total)?;
        for m in p.payments.iter().flatten() {
            self.row(format!("  paid by {}", m.id), m.amount)?;
        }
        if let Some(due) = o.due {
            self.row("due", due)?;
        }
        if o.points_earned > 0 {
            self.out.line(format!("earns {} points", o.points_earned))?;
        }
        Ok(())
    }

    fn refunds(&mut self, p: &Priced) -> Result<()> {
        for r in p.refunds.iter().flatten() {
            match r {
                Refunded::Refused { id, error } => self.out.line(format!("refund {id}: nothing, {error}"))?,
                Refunded::Done(r) => {
                    self.row(format!("refund {}", r.id), r.amount)?;
                    for l in &r.lines {
                        self.row(format!("  {} × {}", l.line, l.qty), l.amount)?;
                    }
                    if r.shipping > 0 {
                        self.row("  shipping", r.shipping)?;
                    }
                    self.out.line(format!("  {} points come back, {} are taken back", r.points_back, r.points_reversed))?;
                }
            }
        }
        Ok(())
    }
}
