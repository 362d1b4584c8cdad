//! The truth beside the files: who people are, by which keys they can be known, which orders are
//! theirs, and what they will do after the files end. UTF-8, amounts in fen, times of the shop's zone.

use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::Sheet;
use super::Text::Utf8;
use crate::calendar::{DAY, show_day};
use crate::goods::{CATEGORIES, GOODS};
use crate::life::Life;
use crate::make::Plan;
use crate::order::{Goes, Order};
use crate::person::{Person, Platform};

/// The tables of the truth.
pub struct Truth {
    people: Sheet,
    keys: Sheet,
    orders: Sheet,
    lines: Sheet,
}

impl Truth {
    /// Begins them in that folder.
    pub fn begin(dir: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        Ok(Self {
            people: Sheet::begin(
                &dir.join("people.csv"),
                Utf8,
                "person,name,gender,born,province,city,case,accounts,main_category,mean_gap_days,evenness,dropout,first_at,last_at,purchases,paid_fen,refunded_fen,left_at,alive,next_at,purchases_next_90_days,purchases_next_365_days",
                "\n",
            )?,
            keys: Sheet::begin(&dir.join("keys.csv"), Utf8, "person,kind,platform,value", "\n")?,
            lines: Sheet::begin(
                &dir.join("lines.csv"),
                Utf8,
                "platform,order_no,line_no,sku,title,category,quantity,list_fen,paid_fen",
                "\n",
            )?,
            orders: Sheet::begin(
                &dir.join("orders.csv"),
                Utf8,
                "platform,order_no,person,account,placed_at,paid_at,state,list_fen,discount_fen,shipping_fen,paid_fen,refund,refunded_fen,refunded_at,received_fen,shown,goes_to",
                "\n",
            )?,
        })
    }

    /// A person, with what they did and will do.
    pub fn person(&mut self, plan: &Plan, p: &Person, life: &Life, orders: &[Order]) -> io::Result<()> {
        let index = p.index.to_string();
        let until = plan.end_second();
        let within = |days: i64| life.future.iter().filter(|t| **t < until + days * DAY).count() as i64;
        let (y, m, d) = p.born;
        self.people.row(|r| {
            r.cells(&[
                &index,
                &p.name,
                if p.female { "female" } else { "male" },
                &format!("{y:04}-{m:02}-{d:02}"),
                p.home.province,
                p.home.city,
                p.case.word(),
            ]);
            r.number(p.accounts.len() as i64).cell(CATEGORIES[p.tastes[0]].path);
            r.cells(&[&format!("{:.3}", p.gap), &format!("{:.1}", p.evenness), &format!("{:.4}", p.dropout)]);
            r.time(life.past.first().copied()).time(life.past.last().copied());
            r.number(orders.iter().filter(|o| o.was_paid()).count() as i64)
                .number(orders.iter().map(Order::paid).sum())
                .number(orders.iter().map(|o| o.refund.1).sum());
            // Who left after a purchase that still lies ahead has not left yet.
            let left = life.left.filter(|t| *t < until);
            r.time(left)
                .cell(if left.is_none() && !p.looks_only { "1" } else { "0" })
                .time(life.future.first().copied())
                .number(within(90))
                .number(within(365));
        })?;
        let mut key = |kind: &str, platform: &str, value: &str| {
            self.keys.row(|r| {
                r.cells(&[&index, kind, platform, value]);
            })
        };
        for a in &p.accounts {
            key("account", a.platform.word(), &a.name)?;
            if let Some((old, _)) = &a.before {
                key("old_account", a.platform.word(), old)?;
            }
        }
        key("phone", "", &p.phone)?;
        if let Some((old, _)) = &p.phone_before {
            key("old_phone", "", old)?;
        }
        if let Some(card) = &p.card {
            key("card", "", &card.no)?;
        }
        Ok(())
    }

    /// An order with its lines; its serial is set.
    pub fn order(&mut self, o: &Order) -> io::Result<()> {
        self.orders.row(|r| {
            r.cells(&[o.platform.word(), &o.number()]).number(o.person as i64).cell(if o.platform == Platform::Youzan {
                &o.phone
            } else {
                &o.name
            });
            r.time(Some(o.at))
                .time(o.paid_at)
                .cell(o.state.word())
                .number(o.list)
                .number(o.shop_off + o.platform_off)
                .number(o.shipping)
                .number(o.paid());
            r.cell(o.refund.0.word()).number(o.refund.1).time(o.refund_at).number(o.received).number(i64::from(o.shown)).cell(
                match o.goes {
                    Goes::Own => "own",
                    Goes::Family => "family",
                    Goes::Gift => "gift",
                },
            );
        })?;
        for (n, line) in o.lines.iter().enumerate() {
            let good = &GOODS[line.good];
            self.lines.row(|r| {
                r.cells(&[o.platform.word(), &o.number()]).number(n as i64 + 1).cells(&[
                    good.sku,
                    good.title,
                    CATEGORIES[good.category].path,
                ]);
                r.number(line.quantity).number(line.list).number(line.paid);
            })?;
        }
        Ok(())
    }

    /// Ends them.
    pub fn end(self) -> io::Result<()> {
        for sheet in [self.people, self.keys, self.orders, self.lines] {
            sheet.end()?;
        }
        Ok(())
    }
}

/// What the shop whose truth lies in that folder was drawn with.
pub fn drawn(dir: &Path) -> io::Result<Plan> {
    let text = std::fs::read_to_string(dir.join("plan.csv"))?;
    let value = |name: &str| text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(',')).unwrap_or_default();
    fn read<T: FromStr>(name: &str, value: &str) -> io::Result<T> {
        value.parse().map_err(|_| io::Error::new(io::ErrorKind::InvalidData, format!("plan.csv: {name} is `{value}`")))
    }
    Ok(Plan {
        members: read("members", value("members"))?,
        seed: read("seed", value("seed"))?,
        until: read("until", value("until"))?,
        identified: read("identified", value("identified"))?,
        flaws: true,
        days: 0,
    })
}

/// Begins the table of who was written to, and whether it moved them to buy.
pub fn reached(dir: &Path) -> io::Result<Sheet> {
    Sheet::begin(&dir.join("reached.csv"), Utf8, "person,moved", "\n")
}

/// Writes what was drawn with, and the rows that are bad on purpose.
pub fn plan(dir: &Path, plan: &Plan, flawed: &[(String, String, &'static str)]) -> io::Result<Vec<PathBuf>> {
    let mut sheet = Sheet::begin(&dir.join("plan.csv"), Utf8, "name,value", "\n")?;
    for (name, value) in [
        ("members", plan.members.to_string()),
        ("seed", plan.seed.to_string()),
        ("identified", format!("{:.4}", plan.identified)),
        ("until", show_day(plan.until_second().div_euclid(DAY))),
        ("days", plan.days.to_string()),
        ("zone", "Asia/Shanghai".to_owned()),
    ] {
        sheet.row(|r| {
            r.cells(&[name, &value]);
        })?;
    }
    let mut bad = Sheet::begin(&dir.join("bad_rows.csv"), Utf8, "file,order_no,reason", "\n")?;
    for (file, number, reason) in flawed {
        bad.row(|r| {
            r.cells(&[file, number, reason]);
        })?;
    }
    Ok(vec![sheet.end()?, bad.end()?])
}
