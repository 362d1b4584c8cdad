//! `promotions.json`.

use std::collections::{BTreeMap, HashMap, HashSet};

use shuke_kernel::{Currency, Zone};

use super::reason::{breaks, form, not_there, twice, unknown_kind};
use super::terms::{gifts, id_once, opt_rate, percent, rate, span, terms};
use super::tree::{Node, Object, Result, format_1, int, malformed, natural, tree};
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
            Some(code) => code.parse::<Currency>().or_else(|why| o.refuse("currency", form("不是已知的 ISO 4217 货币代码", why)))?,
            None => Currency::CNY,
        };
        let zone = match o.opt_text("zone")? {
            Some(name) => Zone::named(&name)
                .map_or_else(|| o.refuse("zone", not_there(format!("没有时区“{name}”"), format!("there is no zone `{name}`"))), Ok)?,
            None => Zone::shanghai(),
        };
        let settings = match o.get("settings") {
            Some(node) => settings(node, "settings")?,
            None => Settings::default(),
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
        offers.check_groups()?;
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
            let mut own = HashSet::new();
            for (i, c) in member.coupons.iter().enumerate() {
                if causes.contains(c.id.as_str()) || !own.insert(c.id.as_str()) {
                    return malformed(format!("members.{name}.coupons[{i}].id"), twice(&c.id));
                }
            }
        }
        Ok(())
    }

    /// Who excludes line by line must take off lines, and so must all of its group.
    ///
    /// # Errors
    /// The first promotion or template that does not, by its place in the list.
    pub fn check_groups(&self) -> Result<()> {
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
        let why = || {
            breaks(
                "组里有 exclusive: line 时，同组只能是 percent_off 和 amount_off 促销",
                "a group with `exclusive: line` has only promotions percent_off and amount_off",
            )
        };
        for (i, p) in self.promotions.iter().enumerate() {
            if in_search(&p.rule) && in_line_group(&p.terms) && !takes_lines(&p.rule) {
                return malformed(format!("promotions[{i}].group"), why());
            }
        }
        match self.templates.iter().position(|t| in_line_group(&t.terms)) {
            Some(i) => malformed(format!("coupon_templates[{i}].group"), why()),
            None => Ok(()),
        }
    }
}

impl Settings {
    /// Reads settings as they stand under `settings` of `promotions.json`; places are told from the settings' own top.
    ///
    /// # Errors
    /// The first place that breaks the format.
    pub fn read(json: &str) -> Result<Self> {
        settings(&tree(json)?, "")
    }
}

impl Default for Settings {
    /// What holds where a file has no settings.
    fn default() -> Self {
        Self { max_coupons: MaxCoupons { shop: 1, platform: 1, shipping: 1 }, points_cash: None, earn: None, floors: BTreeMap::new() }
    }
}

fn settings(node: &Node, path: &str) -> Result<Settings> {
    let o = Object::of(node, path.to_owned())?;
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
            f.entries().map(|(sku, node)| Ok((sku.to_owned(), natural(node, f.at(sku))?))).collect::<Result<_>>()?
        }
        None => BTreeMap::new(),
    };
    o.end()?;
    Ok(Settings { max_coupons, points_cash, earn, floors })
}

impl Promotion {
    /// Reads a promotion as it stands in the list of `promotions.json`, but for its id, which is given and must not
    /// stand there.
    ///
    /// # Errors
    /// The first place that breaks the format, told from the promotion's own top.
    pub fn read(json: &str, id: &str) -> Result<Self> {
        let root = tree(json)?;
        of_object(Object::of(&root, String::new())?, id.to_owned())
    }
}

fn promotion(node: &Node, path: String) -> Result<Promotion> {
    let o = Object::of(node, path)?;
    let id = o.text("id")?;
    of_object(o, id)
}

fn of_object(o: Object<'_>, id: String) -> Result<Promotion> {
    let (kind, terms) = (o.text("kind")?, terms(&o)?);
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
        other => return o.refuse("kind", unknown_kind(other)),
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
        return o.refuse("items", breaks("套餐里没有商品", "a set has goods"));
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
            _ => {
                let zh = "每档要写 amount_off 或 pay_rate 中的一个，且只写一个";
                return malformed(s.path.clone(), breaks(zh, "a step has either amount_off or pay_rate"));
            }
        };
        s.end()?;
        Ok(Step { from, off })
    })?;
    if steps.is_empty() {
        return o.refuse("steps", breaks("没有写档位", "there is no step"));
    }
    let (repeat, max_times) = (o.opt_bool("repeat")?.unwrap_or(false), o.opt_fen("max_times")?);
    if repeat && !matches!(steps[..], [Step { from: 1.., off: StepOff::Amount(_) }]) {
        let zh = "只有一档、门槛大于 0 且为 amount_off 时才能每满循环";
        return o.refuse("repeat", breaks(zh, "only one step with amount_off, from more than nothing, repeats"));
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
        other => return o.refuse("kind", unknown_kind(other)),
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
                u.entries().map(|(id, node)| Ok((id.to_owned(), natural(node, u.at(id))?))).collect::<Result<_>>()?
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
    let Some(template) = by_id.get(name.as_str()).copied() else {
        return o.refuse("template", not_there(format!("没有券模板“{name}”"), format!("there is no template `{name}`")));
    };
    let (state, available) = o.opt_word("state", &STATES)?.unwrap_or(("available", true));
    let (from, to) = span(&o)?;
    let coupon = Coupon { id: o.text("id")?, template, available, state, from, to, amount: o.opt_fen("amount")? };
    let template_has_none =
        matches!(templates[template].benefit, Benefit::AmountOff { amount: None } | Benefit::NoThreshold { amount: None });
    if template_has_none && coupon.amount.is_none() {
        let why = breaks("缺少面额，券模板里也没有", "is missing, and the template has none");
        return o.refuse("amount", why);
    }
    o.end()?;
    Ok(coupon)
}
