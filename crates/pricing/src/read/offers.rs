//! `promotions.json`.

use std::collections::{BTreeMap, HashMap, HashSet};

use shuke_kernel::{Currency, Zone};

use super::terms::{gifts, id_once, opt_rate, percent, rate, span, terms};
use super::tree::{Node, Object, Result, format_1, int, tree};
use crate::coupons::*;
use crate::offers::*;
use crate::rate::Rate;

impl Offers {
    /// Reads `promotions.json`.
    pub fn read(json: &str) -> Result<Self> {
        let root = tree(json)?;
        let o = Object::of(&root, String::new())?;
        format_1(&o)?;
        let currency = match o.opt_text("currency")? {
            Some(code) => code.parse::<Currency>().or_else(|why| o.refuse("currency", why))?,
            None => Currency::CNY,
        };
        let zone = match o.opt_text("zone")? {
            Some(name) => Zone::named(&name).map_or_else(|| o.refuse("zone", format!("there is no zone `{name}`")), Ok)?,
            None => Zone::shanghai(),
        };
        let settings = match o.get("settings") {
            Some(node) => settings(node)?,
            None => Settings {
                max_coupons: MaxCoupons { shop: 1, platform: 1, shipping: 1 },
                points_cash: None,
                earn: None,
                floors: BTreeMap::new(),
            },
        };
        let promotions = o.opt_list("promotions", promotion)?.unwrap_or_default();
        let templates = o.opt_list("coupon_templates", template)?.unwrap_or_default();
        let by_id: HashMap<&str, usize> = templates.iter().enumerate().map(|(i, t)| (t.id.as_str(), i)).collect();
        let members = match o.get("members") {
            Some(node) => members(&Object::of(node, "members".to_owned())?, &by_id, &templates)?,
            None => BTreeMap::new(),
        };
        o.end()?;
        let offers = Self { currency, zone, settings, promotions, templates, members };
        offers.names_are_distinct()?;
        offers.line_groups_are_lines()?;
        Ok(offers)
    }

    /// Each reduction names its cause by id, and `usage` counts by id: no id may mean two things.
    fn names_are_distinct(&self) -> Result<()> {
        let mut seen = HashSet::from(["points_cash"]);
        for (i, p) in self.promotions.iter().enumerate() {
            id_once(&mut seen, &p.id, || format!("promotions[{i}].id"))?;
        }
        let causes = seen.clone();
        for (i, t) in self.templates.iter().enumerate() {
            id_once(&mut seen, &t.id, || format!("coupon_templates[{i}].id"))?;
        }
        for (name, member) in &self.members {
            let mut causes = causes.clone();
            for (i, c) in member.coupons.iter().enumerate() {
                id_once(&mut causes, &c.id, || format!("members.{name}.coupons[{i}].id"))?;
            }
        }
        Ok(())
    }

    /// Who excludes line by line must take off lines, and so must all of its group.
    fn line_groups_are_lines(&self) -> Result<()> {
        let takes_lines = |r: &Rule| matches!(r, Rule::PercentOff(_) | Rule::AmountOff { .. });
        let in_search = |r: &Rule| !matches!(r, Rule::MemberPrice(_) | Rule::FlashPrice(_));
        let by_line: HashSet<&str> = self
            .promotions
            .iter()
            .map(|p| &p.terms)
            .chain(self.templates.iter().map(|t| &t.terms))
            .filter(|t| t.exclusive == Exclusive::Line)
            .filter_map(|t| t.group.as_deref())
            .collect();
        let in_line_group = |t: &Terms| t.exclusive == Exclusive::Line || t.group.as_deref().is_some_and(|g| by_line.contains(g));
        const WHY: &str = "a group with `exclusive: line` has only promotions percent_off and amount_off";
        for (i, p) in self.promotions.iter().enumerate() {
            if in_search(&p.rule) && in_line_group(&p.terms) && !takes_lines(&p.rule) {
                return super::tree::malformed(format!("promotions[{i}].group"), WHY);
            }
        }
        match self.templates.iter().position(|t| in_line_group(&t.terms)) {
            Some(i) => super::tree::malformed(format!("coupon_templates[{i}].group"), WHY),
            None => Ok(()),
        }
    }
}

fn settings(node: &Node) -> Result<Settings> {
    let o = Object::of(node, "settings".to_owned())?;
    let max_coupons = match o.get("max_coupons") {
        Some(node) => {
            let m = Object::of(node, o.at("max_coupons"))?;
            let most = |key: &str| Ok(m.opt_fen(key)?.unwrap_or(1));
            let max = MaxCoupons { shop: most("shop")?, platform: most("platform")?, shipping: most("shipping")? };
            m.end()?;
            max
        }
        None => MaxCoupons { shop: 1, platform: 1, shipping: 1 },
    };
    let points_cash = match o.get("points_cash") {
        Some(node) => {
            let p = Object::of(node, o.at("points_cash"))?;
            let cash = PointsCash {
                points: p.from("points", 1)?,
                fen: p.from("fen", 1)?,
                max_share: opt_rate(&p, "max_share")?.unwrap_or(Rate::ONE),
                max_fen: p.opt_fen("max_fen")?,
                min_goods: p.opt_fen("min_goods")?.unwrap_or(0),
            };
            p.end()?;
            Some(cash)
        }
        None => None,
    };
    let earn = match o.get("earn") {
        Some(node) => {
            let e = Object::of(node, o.at("earn"))?;
            let earn = Earn { points: e.from("points", 0)?, per_fen: e.from("per_fen", 1)? };
            e.end()?;
            Some(earn)
        }
        None => None,
    };
    let floors = match o.get("floors") {
        Some(node) => {
            let f = Object::of(node, o.at("floors"))?;
            f.entries().map(|(sku, _)| Ok((sku.to_owned(), f.fen(sku)?))).collect::<Result<_>>()?
        }
        None => BTreeMap::new(),
    };
    o.end()?;
    Ok(Settings { max_coupons, points_cash, earn, floors })
}

fn promotion(node: &Node, path: String) -> Result<Promotion> {
    let o = Object::of(node, path)?;
    let (id, kind, terms) = (o.text("id")?, o.text("kind")?, terms(&o)?);
    let rule = match kind.as_str() {
        "member_price" => Rule::MemberPrice(prices(&o, false)?),
        "flash_price" => Rule::FlashPrice(prices(&o, true)?),
        "percent_off" => Rule::PercentOff(percent(&o)?),
        "amount_off" => Rule::AmountOff {
            amount: o.fen("amount")?,
            per: o.opt_word("per", &[("unit", Per::Unit), ("line", Per::Line)])?.unwrap_or(Per::Unit),
        },
        "nth_item" => Rule::NthItem(NthItem {
            n: o.from("n", 2)?,
            pay_rate: rate(&o, "pay_rate")?,
            by_sku: o.opt_word("across", &[("scope", false), ("sku", true)])?.unwrap_or(false),
            repeat: o.opt_bool("repeat")?.unwrap_or(true),
        }),
        "bundle_price" => Rule::BundlePrice(bundle(&o)?),
        "stepped_threshold" => Rule::Stepped(stepped(&o)?),
        "gift" => Rule::Gift(gifts(&o)?),
        "free_shipping" => Rule::FreeShipping { cap: o.opt_fen("cap")? },
        other => return o.refuse("kind", format!("unknown kind `{other}`")),
    };
    o.end()?;
    Ok(Promotion { id, terms, rule })
}

fn prices(o: &Object<'_>, flash: bool) -> Result<Vec<PriceItem>> {
    let items = o.list("items", |node, path| {
        let i = Object::of(node, path)?;
        let quota_left = if flash { i.opt_fen("quota_left")? } else { None };
        let item = PriceItem { sku: i.text("sku")?, price: i.fen("price")?, quota_left };
        i.end()?;
        Ok(item)
    })?;
    let mut skus = HashSet::new();
    for (i, item) in items.iter().enumerate() {
        id_once(&mut skus, &item.sku, || format!("{}[{i}].sku", o.at("items")))?;
    }
    Ok(items)
}

fn bundle(o: &Object<'_>) -> Result<Bundle> {
    let listed = o.list("items", |node, path| {
        let i = Object::of(node, path)?;
        let item = (i.text("sku")?, i.from("qty", 1)?);
        i.end()?;
        Ok(item)
    })?;
    if listed.is_empty() {
        return o.refuse("items", "a set has goods");
    }
    let mut items: Vec<(String, i64)> = Vec::new();
    for (sku, qty) in listed {
        match items.iter_mut().find(|(s, _)| *s == sku) {
            Some((_, have)) => *have = have.saturating_add(qty),
            None => items.push((sku, qty)),
        }
    }
    Ok(Bundle { items, price: o.fen("price")?, max_sets: o.opt_fen("max_sets")? })
}

fn stepped(o: &Object<'_>) -> Result<Stepped> {
    let by_qty = o.opt_word("by", &[("amount", false), ("qty", true)])?.unwrap_or(false);
    let mut steps = o.list("steps", |node, path| {
        let s = Object::of(node, path)?;
        let from = s.from(if by_qty { "min_qty" } else { "min_amount" }, 0)?;
        let off = match (s.opt_fen("amount_off")?, opt_rate(&s, "pay_rate")?) {
            (Some(amount), None) => StepOff::Amount(amount),
            (None, Some(pay_rate)) => StepOff::Percent(Percent { pay_rate, cap: s.opt_fen("cap")? }),
            _ => return super::tree::malformed(s.path.clone(), "a step has either amount_off or pay_rate"),
        };
        s.end()?;
        Ok(Step { from, off })
    })?;
    if steps.is_empty() {
        return o.refuse("steps", "there is no step");
    }
    let (repeat, max_times) = (o.opt_bool("repeat")?.unwrap_or(false), o.opt_fen("max_times")?);
    if repeat && !matches!(steps[..], [Step { from: 1.., off: StepOff::Amount(_) }]) {
        return o.refuse("repeat", "only one step with amount_off, from more than nothing, repeats");
    }
    steps.sort_by_key(|s| s.from);
    Ok(Stepped { by_qty, steps, repeat, max_times })
}

fn template(node: &Node, path: String) -> Result<Template> {
    let o = Object::of(node, path)?;
    let (id, kind, terms) = (o.text("id")?, o.text("kind")?, terms(&o)?);
    let issuer = o.opt_word("issuer", &[("shop", Issuer::Shop), ("platform", Issuer::Platform)])?.unwrap_or(Issuer::Shop);
    let benefit = match kind.as_str() {
        "amount_off" => Benefit::AmountOff { amount: o.opt_fen("amount")? },
        "percent_off" => Benefit::PercentOff(percent(&o)?),
        "no_threshold" => Benefit::NoThreshold { amount: o.opt_fen("amount")? },
        "gift" => Benefit::Gift(gifts(&o)?),
        "exchange" => Benefit::Exchange { sku: o.text("sku")?, pay: o.opt_fen("pay")?.unwrap_or(0) },
        "free_shipping" => Benefit::FreeShipping { cap: o.opt_fen("cap")? },
        other => return o.refuse("kind", format!("unknown kind `{other}`")),
    };
    o.end()?;
    Ok(Template { id, terms, issuer, benefit })
}

fn members(o: &Object<'_>, by_id: &HashMap<&str, usize>, templates: &[Template]) -> Result<BTreeMap<String, Member>> {
    let mut members = BTreeMap::new();
    for (name, node) in o.entries() {
        let m = Object::of(node, o.at(name))?;
        let usage = match m.get("usage") {
            Some(node) => {
                let u = Object::of(node, m.at("usage"))?;
                u.entries().map(|(id, _)| Ok((id.to_owned(), u.fen(id)?))).collect::<Result<_>>()?
            }
            None => BTreeMap::new(),
        };
        let member = Member {
            tier: m.opt_text("tier")?,
            segments: m.opt_list("segments", super::tree::text)?.unwrap_or_default(),
            points: m.get("points").map(|n| int(n, m.at("points"))).transpose()?.unwrap_or(0),
            usage,
            coupons: m.opt_list("coupons", |n, path| coupon(n, path, by_id, templates))?.unwrap_or_default(),
        };
        m.end()?;
        members.insert(name.to_owned(), member);
    }
    Ok(members)
}

const STATES: [(&str, (&str, bool)); 7] = [
    ("available", ("available", true)),
    ("restored", ("restored", true)),
    ("locked", ("locked", false)),
    ("used", ("used", false)),
    ("expired", ("expired", false)),
    ("revoked", ("revoked", false)),
    ("closed", ("closed", false)),
];

fn coupon(node: &Node, path: String, by_id: &HashMap<&str, usize>, templates: &[Template]) -> Result<Coupon> {
    let o = Object::of(node, path)?;
    let name = o.text("template")?;
    let Some(template) = by_id.get(name.as_str()).copied() else { return o.refuse("template", format!("there is no template `{name}`")) };
    let (state, available) = o.opt_word("state", &STATES)?.unwrap_or(("available", true));
    let (from, to) = span(&o)?;
    let coupon = Coupon { id: o.text("id")?, template, available, state, from, to, amount: o.opt_fen("amount")? };
    let template_has_none =
        matches!(templates[template].benefit, Benefit::AmountOff { amount: None } | Benefit::NoThreshold { amount: None });
    if template_has_none && coupon.amount.is_none() {
        return o.refuse("amount", "is missing, and the template has none");
    }
    o.end()?;
    Ok(coupon)
}
