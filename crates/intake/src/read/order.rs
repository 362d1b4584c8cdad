//! Orders: numbers, states, times, amounts and lines, and what follows from them together.

use shuke_kernel::Currency;

use super::merged::{self, Merged};
use super::{Cells, lost_number, lost_precision, without_point};
use super::{packed, preset};
use crate::amount;
use crate::cell;
use crate::contact::{self, Phone};
use crate::field::Field as F;
use crate::formats::Words;
use crate::habits;
use crate::reason::Reason;
use crate::record::{Buyer, Canonical, Discount, Line, LineFacts, LineRole, OrderRecord, Part, Payer, Receiver, lines_list};
use crate::status::{self, AfterSale, Meaning, State};
use crate::when::{self, When};

/// Reads the order number; `None` leaves its reason behind.
pub(super) fn number(c: &mut Cells<'_>) -> Option<String> {
    let Some(no) = c.text(F::OrderNo).filter(|n| cell::is_error(n) || !cell::names_nobody(n)) else {
        // An ERP's own order without a platform: its own number serves.
        if c.layout.platform == "erp"
            && let Some(own) = c.id(F::InternalNo)
        {
            return Some(own);
        }
        c.reasons.push(Reason::of("missing_order_no"));
        return None;
    };
    let no = tidy(c, no);
    if lost_number(&no) || (c.layout.habits.rounded_numbers && habits::is_rounded(&no)) {
        c.reasons.push(Reason::of("order_no_lost_precision"));
        return None;
    }
    if cell::is_formula(&no) || cell::is_error(&no) {
        c.reasons.push(Reason::of("bad_order_no"));
        return None;
    }
    let no = match merged::of(c, &no) {
        Merged::No => no,
        Merged::Line(own) => own,
        Merged::Unknown => {
            c.reasons.push(Reason::of("several_order_numbers"));
            return None;
        }
    };
    let strict = c.layout.format.strict_number && !c.layout.format.number_form.is_some_and(|f| f(&no));
    if strict || no.len() > 64 || no.chars().any(char::is_control) {
        c.reasons.push(Reason::of("bad_order_no"));
        return None;
    }
    Some(no)
}

/// An order number without what a spreadsheet or an input method added to it: full-width digits, `.0`,
/// separators of thousands.
fn tidy(c: &mut Cells<'_>, no: String) -> String {
    let no = match cell::fold_width(&no) {
        folded if folded.is_ascii() => folded.into_owned(),
        _ => no,
    };
    if no.contains(',') {
        let mut groups = no.split(',');
        let digits = |g: &str| g.bytes().all(|b| b.is_ascii_digit());
        let first = groups.next().is_some_and(|g| (1..=3).contains(&g.len()) && digits(g));
        // One comma alone may stand between two numbers.
        if first && no.matches(',').count() >= 2 && groups.all(|g| g.len() == 3 && digits(g)) {
            c.mention("thousands_separator", F::OrderNo);
            return no.replace(',', "");
        }
    }
    without_point(&no).to_owned()
}

struct Times {
    created: Option<When>,
    paid: Option<When>,
    shipped: Option<When>,
    completed: Option<When>,
}

pub(super) fn read(c: &mut Cells<'_>) -> Option<(String, Canonical)> {
    let l = c.layout;
    if l.format.id == "cdnow_master" {
        return preset::derived(c);
    }
    let no = number(c);
    let continuation = l.words == Words::Shopify
        && no.is_some()
        && ["", "-"].contains(&cell::clean(&c.raw(F::FinancialStatus)))
        && cell::clean(&c.raw(F::Paid)).is_empty();
    if let Some(word) = c.text(F::Currency) {
        match word.to_uppercase().parse::<Currency>() {
            Ok(cur) => c.currency = cur,
            _ if matches!(word.as_str(), "人民币" | "RMB" | "元") => c.currency = Currency::CNY,
            _ => c.reasons.push(Reason::about("unknown_currency", &word)),
        }
    }
    let mut o = OrderRecord {
        order_no: no.clone().unwrap_or_default(),
        internal_no: c.text(F::InternalNo),
        platform: platform(c),
        part: if continuation { Part::Continuation } else { l.part },
        parcel: if l.tells_parcels() { c.text(F::InternalNo) } else { None },
        currency: Some(c.currency),
        ..OrderRecord::default()
    };
    if continuation {
        if let Some(line) = line(c, None) {
            o.lines.push(line);
        }
        return Some((no.unwrap_or_default(), Canonical::Order(Box::new(o))));
    }
    if l.words == Words::Sale && l.format.id == "online_retail_invoices" {
        return preset::invoice(c, no?);
    }
    let meaning = state_words(c, &mut o);
    let times =
        Times { created: c.time(F::CreatedAt), paid: c.time(F::PaidAt), shipped: c.time(F::ShippedAt), completed: c.time(F::CompletedAt) };
    o.closed_at = c.time(F::ClosedAt).map(|w| w.at);
    order_of_times(c, &times);
    o.created_at = times.created.map(|w| w.at);
    o.paid_at = times.paid.map(|w| w.at);
    o.shipped_at = times.shipped.map(|w| w.at);
    o.completed_at = times.completed.map(|w| w.at);
    amounts(c, &mut o);
    if no.is_some() && c.text(F::OrderNo).is_some_and(|n| merged::is_several(c, &n)) {
        merged::share(c, &mut o);
    }
    if let Some(line) = line(c, Some(&o)) {
        if o.part != Part::Whole || o.goods_list.is_none() {
            o.goods_list = lines_list(std::slice::from_ref(&line)).or(o.goods_list);
        }
        o.lines.push(line);
    }
    if !l.packed.is_empty() {
        packed::lines(c, &mut o);
    }
    people(c, &mut o);
    texts(c, &mut o);
    if let Some(m) = meaning {
        decide(c, &mut o, m, &times);
    }
    checks(c, &mut o);
    Some((no.unwrap_or_default(), Canonical::Order(Box::new(o))))
}

pub(super) fn platform(c: &Cells<'_>) -> String {
    match c.text(F::Platform) {
        Some(word) => platform_word(&word).map_or(word, str::to_owned),
        None => c.layout.platform.clone(),
    }
}

/// The platform that an ERP's word means.
fn platform_word(word: &str) -> Option<&'static str> {
    let w = word.to_lowercase();
    [
        ("淘宝", "taobao"),
        ("天猫", "taobao"),
        ("taobao", "taobao"),
        ("tmall", "taobao"),
        ("京东", "jd"),
        ("jd", "jd"),
        ("拼多多", "pdd"),
        ("pdd", "pdd"),
        ("抖音", "douyin"),
        ("抖店", "douyin"),
        ("放心购", "douyin"),
        ("douyin", "douyin"),
        ("有赞", "youzan"),
        ("youzan", "youzan"),
        ("微信", "wechat"),
        ("视频号", "wechat"),
        ("快手", "kuaishou"),
        ("小红书", "xiaohongshu"),
        ("shopify", "shopify"),
        ("woocommerce", "woocommerce"),
    ]
    .iter()
    .find(|(k, _)| w.contains(k))
    .map(|(_, p)| *p)
}

/// Reads the status word or words.
fn state_words(c: &mut Cells<'_>, o: &mut OrderRecord) -> Option<Meaning> {
    o.after_sale = c.text(F::AfterSale);
    o.close_reason = c.text(F::CloseReason).filter(|word| !status::not_closed(word));
    let (word, meaning) = match c.layout.words {
        Words::Sale => return Some(Meaning { state: Some(State::Completed), refunded: false, unpaid: false, warn: None }),
        Words::Shopify => {
            let (f, d) = (c.text(F::FinancialStatus), c.text(F::FulfilmentStatus));
            let Some(f) = f else {
                c.reasons.push(Reason::of("missing_status"));
                return None;
            };
            let d = d.unwrap_or_else(|| "unfulfilled".to_owned());
            let m = status::shopify(&f, &d);
            if m.is_none() {
                let financial_known = status::shopify(&f, "").is_some();
                c.reasons.push(Reason::about("unknown_status", if financial_known { &d } else { &f }));
            }
            o.platform_status = Some(format!("{f}/{d}"));
            return m;
        }
        Words::Woo => (c.text(F::Status), status::woo as fn(&str) -> Option<Meaning>),
        Words::Common if c.layout.recognised() => (c.text(F::Status), status::meaning as fn(&str) -> Option<Meaning>),
        // A shop's own sheet may be in the words of the shop system behind it.
        Words::Common => (c.text(F::Status), (|w| status::meaning(w).or_else(|| status::woo(w))) as fn(&str) -> Option<Meaning>),
    };
    let Some(word) = word else {
        if c.layout.has(F::Status) || c.layout.recognised() {
            c.reasons.push(Reason::of("missing_status"));
            return None;
        }
        return Some(Meaning { state: Some(State::Completed), refunded: false, unpaid: false, warn: None });
    };
    let m = meaning(&word);
    match m {
        None => c.reasons.push(Reason::about("unknown_status", &word)),
        Some(m) => {
            if let Some(w) = m.warn {
                c.warnings.push(Reason::of(w));
                o.flags.push(w);
            }
        }
    }
    o.platform_status = Some(word);
    m
}

/// A later step must not lie before an earlier one. Times without seconds compare by the minute,
/// bare days by the day.
fn order_of_times(c: &mut Cells<'_>, t: &Times) {
    let unit = |a: &When, b: &When| {
        if a.day_only || b.day_only {
            86_400_000_000
        } else if a.reformatted || b.reformatted {
            60_000_000
        } else {
            1
        }
    };
    let steps = [("created", t.created), ("paid", t.paid), ("shipped", t.shipped), ("completed", t.completed)];
    for (j, (later, b)) in steps.iter().enumerate() {
        let Some(b) = b else { continue };
        for (earlier, a) in &steps[..j] {
            let Some(a) = a else { continue };
            let u = unit(a, b);
            let shift = 8 * 3_600_000_000;
            if (b.at.0 + shift).div_euclid(u) < (a.at.0 + shift).div_euclid(u) {
                c.reasons.push(Reason::about("time_order", &format!("{later}_before_{earlier}")));
                return;
            }
        }
    }
}

fn amounts(c: &mut Cells<'_>, o: &mut OrderRecord) {
    o.goods_list = c.amount(F::GoodsList);
    o.goods_after_discount = c.amount(F::GoodsPayable);
    o.order_total = c.amount(F::OrderTotal);
    o.shipping = c.amount(F::Shipping);
    o.tax = c.amount(F::Tax);
    o.paid_stated = c.amount(F::Paid);
    o.refund = c.amount(F::Refund);
    o.merchant_received = c.amount(F::MerchantReceived);
    for (f, payer) in [
        (F::DiscountShop, Payer::Shop),
        (F::DiscountPlatform, Payer::Platform),
        (F::DiscountInfluencer, Payer::Influencer),
        (F::Discount, Payer::Unknown),
    ] {
        if let Some(amount) = c.discount(f).filter(|a| *a != 0) {
            o.discounts.push(Discount { payer, amount, name: c.layout.name_of(f).to_owned() });
        }
    }
    if c.layout.has(F::PackedRefunds) {
        packed::refunds(c, o);
    } else if o.refund.is_none() && c.layout.has(F::Refund) && cell::clean(&c.raw(F::Refund)).is_empty() {
        o.refund = Some(0);
    }
    // The total is goods and postage: one that is left out is told by the two others.
    if let ("taobao_order_report", false, Some(goods), Some(total)) =
        (c.layout.format.id, c.layout.has(F::Shipping), o.goods_after_discount, o.order_total)
    {
        o.shipping = Some(total - goods).filter(|s| *s >= 0);
    }
    o.qty_total = c.count(F::QtyTotal, "bad_quantity");
    if o.paid_stated.is_none() && c.reasons.is_empty() && !c.layout.has(F::Paid) {
        o.paid_stated = o.order_total;
    }
}

/// The line in this row, if rows have lines. `order` is given on rows that also have the order's own columns.
pub(super) fn line(c: &mut Cells<'_>, order: Option<&OrderRecord>) -> Option<Line> {
    let l = c.layout;
    if !l.has(F::LineTitle) && !l.has(F::LineCode) {
        return None;
    }
    let title = c.text(F::LineTitle);
    let code = c.text(F::LineCode);
    let quantity = c.text(F::Quantity);
    if title.is_none() && code.is_none() && quantity.is_none() {
        return None;
    }
    let qty = match quantity.map(|q| amount::whole(&q)) {
        Some(Some(n)) if n > 0 => n,
        None if !l.has(F::Quantity) => 1,
        _ => {
            c.blame("bad_quantity", F::Quantity);
            return None;
        }
    };
    let sub_order_no = c.text(F::SubOrderNo);
    if sub_order_no.as_deref().is_some_and(lost_precision) {
        let lost = Reason::of("order_no_lost_precision");
        if !c.reasons.contains(&lost) {
            c.reasons.push(lost);
        }
        return None;
    }
    // A code that a spreadsheet has rounded would be another product's.
    let mut whole = |f: F| {
        let code = c.text(f)?;
        if lost_precision(&code) {
            c.warnings.push(Reason::about("code_lost_precision", c.layout.name_of(f)));
            return None;
        }
        Some(code)
    };
    let (code, outer_code, product_id) = (whole(F::LineCode), whole(F::LineOuterCode), whole(F::ProductId));
    let (unit_price, exact, worth) = price(c, qty);
    let mut line = Line {
        unit_price_exact: exact,
        sub_order_no,
        title,
        spec: c.text(F::LineSpec),
        code,
        outer_code,
        product_id,
        qty,
        unit_price,
        paid: share(c),
        refund: c.amount(F::LineRefund),
        after_sale: c.text(F::AfterSale),
        ..Line::default()
    };
    // Shopify names a variant "Product - its options".
    if l.words == Words::Shopify && line.spec.is_none() {
        line.spec = line.title.as_deref().and_then(|t| t.split_once(" - ")).map(|(_, spec)| spec.to_owned());
    }
    line.list = worth;
    if let (None, Some(o)) = (line.unit_price, order) {
        line.list = match o.part {
            // One row, one line: the goods value is the line's.
            Part::Whole => o.goods_list,
            // A share: what was paid for it, and every discount on it.
            Part::LineSummed => o.paid_stated.map(|p| o.discounts.iter().fold(p, |s, d| s.saturating_add(d.amount))),
            _ => line.paid,
        };
        line.unit_price = line.list.map(|v| (v + qty / 2) / qty);
    }
    if line.unit_price == Some(0) {
        line.role = LineRole::Gift;
    }
    let is_named = [&line.title, &line.code, &line.outer_code, &line.product_id].iter().any(|n| n.is_some());
    // A code that a spreadsheet rounded was there: that is told already.
    let had_code = c.warnings.iter().any(|w| w.code == "code_lost_precision");
    if !is_named && !had_code && !l.has(F::Titles) {
        c.mention("missing_item_name", if l.has(F::LineTitle) { F::LineTitle } else { F::LineCode });
    }
    Some(line)
}

/// The price of a piece: in minor units, as it stands where it has more places, and times its pieces.
fn price(c: &mut Cells<'_>, qty: i64) -> (Option<i64>, Option<String>, Option<i64>) {
    if let Some((minor, units, text)) = finer(c, F::UnitPrice) {
        return (Some(minor), Some(text), units.checked_mul(qty).and_then(|v| v.checked_add(5_000)).map(|v| v / 10_000));
    }
    let price = c.amount(F::UnitPrice);
    (price, None, price.and_then(|p| p.checked_mul(qty)))
}

/// A line's share of the payment.
pub(super) fn share(c: &mut Cells<'_>) -> Option<i64> {
    finer(c, F::LinePaid).map(|(minor, _, _)| minor).or_else(|| c.amount(F::LinePaid))
}

/// What stands in a cell that has more places than the currency.
fn finer(c: &Cells<'_>, f: F) -> Option<(i64, i64, String)> {
    let raw = c.raw(f);
    let text = cell::clean(&raw);
    if c.layout.unit(f) != (0, None) || text.is_empty() || amount::signed(text, c.currency.digits()).is_ok() {
        return None;
    }
    let (a, units) = amount::fine(text, c.currency.digits())?;
    a.allows(c.currency.code()).then(|| (a.minor, units, text.to_owned()))
}

fn people(c: &mut Cells<'_>, o: &mut OrderRecord) {
    o.buyer = buyer(c);
    o.receiver = receiver(c);
    o.shop_id = c.text(F::ShopId);
    o.shop_name = c.text(F::ShopName);
}

pub(super) fn buyer(c: &mut Cells<'_>) -> Buyer {
    let mut b = Buyer { nick: c.text(F::BuyerNick), open_id: c.id(F::OpenId).filter(|s| !contact::is_masked(s)), ..Buyer::default() };
    if let Some(name) = c.id(F::BuyerAccount) {
        if contact::is_masked(&name) || contact::is_cipher(&name) {
            b.account_masked = Some(name);
        } else {
            b.account = Some(name);
        }
    }
    b.pay_account = c.id(F::BuyerPayAccount).filter(|s| !contact::is_masked(s));
    if let Some(p) = c.phone(F::BuyerPhone) {
        let p = contact::phone(&p);
        match &p {
            Phone::Masked(_) => c.warnings.push(Reason::of("masked_phone")),
            Phone::Bad(_) => c.warnings.push(Reason::of("bad_phone")),
            _ => {}
        }
        b.phone = Some(p);
    }
    if let Some(e) = c.text(F::BuyerEmail).filter(|e| !cell::names_nobody(e)) {
        if contact::is_email(&e) {
            b.email = Some(e);
        } else if !contact::is_masked(&e) {
            c.warnings.push(Reason::of("bad_email"));
        }
    }
    match c.text(F::CustomerId) {
        Some(id) if id == "0" || id.eq_ignore_ascii_case("guest") => c.warnings.push(Reason::of("guest_checkout")),
        Some(_) => b.customer_id = c.id(F::CustomerId),
        None => {}
    }
    b.is_member = c.text(F::IsMember).and_then(|w| yes_no(&w));
    b
}

/// `是`/`否` and their like.
pub(super) fn yes_no(w: &str) -> Option<bool> {
    match w.to_lowercase().as_str() {
        "是" | "yes" | "true" | "1" | "y" | "会员" | "已同意" | "同意" | "subscribed" => Some(true),
        "否" | "no" | "false" | "0" | "n" | "非会员" | "未同意" | "不同意" | "unsubscribed" | "not_subscribed" | "not subscribed" => {
            Some(false)
        }
        _ => None,
    }
}

fn receiver(c: &mut Cells<'_>) -> Receiver {
    let raw_phone = c.raw(F::ReceiverPhone);
    if !raw_phone.is_empty() && raw_phone.chars().all(cell::is_blank) {
        c.warnings.push(Reason::about("whitespace_only", c.layout.name_of(F::ReceiverPhone)));
    }
    let mut r = Receiver {
        name: c.text(F::ReceiverName),
        phone: c.phone(F::ReceiverPhone).map(|p| contact::phone(&p)),
        tel: c.id(F::ReceiverTel),
        province: c.text(F::Province),
        city: c.text(F::City),
        district: c.text(F::District).and_then(contact::district),
        address: c.text(F::Address),
        zip: c.text(F::Zip),
        country: c.text(F::Country),
        ..Receiver::default()
    };
    let texts = [r.name.as_deref(), r.phone.as_ref().map(Phone::text), r.address.as_deref()];
    r.masked = texts.iter().flatten().any(|t| contact::is_masked(t));
    r.cipher = texts.iter().flatten().any(|t| contact::is_cipher(t));
    if r.province.is_none()
        && !r.cipher
        && let Some(a) = &r.address
    {
        let parts = contact::address(a);
        r.province = parts.province;
        r.city = r.city.or(parts.city);
        r.district = r.district.or(parts.district);
    }
    r
}

fn texts(c: &mut Cells<'_>, o: &mut OrderRecord) {
    o.payment_method = c.text(F::PaymentMethod);
    o.buyer_memo = c.text(F::BuyerMemo);
    o.seller_memo = c.text(F::SellerMemo);
    o.channel = c.text(F::Channel);
    o.tracking_no = c.text(F::TrackingNo).map(|t| t.strip_prefix("No:").map_or(t.clone(), str::to_owned));
    o.carrier = c.text(F::Carrier);
    o.discount_code = c.text(F::DiscountCode);
    o.titles = c.text(F::Titles);
}

fn says_refund(reason: &str) -> bool {
    (reason.contains("退款") || reason.contains("退货")) && !reason.contains(['未', '无'])
}

/// State, paid, refunded and net, from words, times and amounts together.
fn decide(c: &mut Cells<'_>, o: &mut OrderRecord, m: Meaning, times: &Times) {
    let l = c.layout;
    let mut state = m.state;
    if o.closed_at.is_some() && l.words == Words::Shopify {
        state = Some(State::Closed);
    }
    if m.warn == Some("status_on_hold") && times.paid.is_some() {
        state = Some(State::Paid);
    }
    let part_refunded = m.warn == Some(status::PARTIAL_REFUND);
    if part_refunded && o.refund.is_none_or(|r| r == 0) && cell::clean(&c.raw(F::Refund)).is_empty() {
        o.refund = None;
    }
    if state.is_none() {
        // On hold: the last state that its times prove.
        o.keeps_last_state = true;
        state = Some(if times.completed.is_some() {
            State::Completed
        } else if times.shipped.is_some() {
            State::Shipped
        } else if times.paid.is_some() || part_refunded {
            State::Paid
        } else if l.has(F::PaidAt) {
            State::Created
        } else {
            State::Paid
        });
    }
    let state = state.unwrap_or(State::Created);
    o.state = Some(state);
    let after = status::after_sale(o.after_sale.as_deref().unwrap_or(""));
    // On a row of a line the word of the after-sale column is the line's.
    let line_word = o.part == Part::LineRepeated && !o.lines.is_empty() && after == AfterSale::Refunded && !m.refunded;
    let refunded = m.refunded || (after == AfterSale::Refunded && !line_word);
    if after == AfterSale::Unknown {
        c.warnings.push(Reason::about("unknown_after_sale", o.after_sale.as_deref().unwrap_or("")));
        o.flags.push("unknown_after_sale");
    }
    // In a file of shares the row's payment is without shipping.
    let stated = match (o.part, l.format.id) {
        (Part::LineSummed, "douyin_order_export") => o.paid_stated.map(|p| p.saturating_add(o.shipping.unwrap_or(0))),
        _ => o.paid_stated,
    };
    let was_paid = match state {
        State::Created => false,
        State::Closed if refunded || line_word || o.refund.is_some_and(|r| r > 0) => true,
        State::Closed if m.unpaid && !l.has(F::PaidAt) => false,
        State::Closed if l.has(F::PaidAt) => times.paid.is_some(),
        State::Closed if o.close_reason.as_deref().is_some_and(status::reason_unpaid) => false,
        State::Closed => !(l.has(F::AfterSale) && after == AfterSale::None),
        _ => true,
    };
    o.paid = if was_paid { stated } else { Some(0) };
    // Closed after it was paid, and the reason says that the money went back: so it did, whatever stands in
    // a refund column that the export leaves at nought.
    let by_reason = state == State::Closed && !m.unpaid && o.close_reason.as_deref().is_some_and(says_refund);
    if by_reason && was_paid && o.paid.is_some_and(|p| p > 0) && o.refund.unwrap_or(0) == 0 {
        o.refund = o.paid;
        o.estimated = true;
    } else if refunded && was_paid && o.refund.is_none_or(|r| r == 0 && cell::clean(&c.raw(F::Refund)).is_empty()) {
        o.refund = o.paid;
        o.estimated = true;
        if let Some(line) = o.lines.first_mut().filter(|_| o.part == Part::LineSummed) {
            line.refund = line.paid.or(o.paid_stated);
            line.estimated = true;
        }
    } else if o.refund.is_none() && (after == AfterSale::Partial || part_refunded) {
        c.warnings.push(Reason::of("refund_amount_unknown"));
    } else if o.refund.is_none() && !l.format.net_without_refund && l.has(F::AfterSale) && after != AfterSale::Unknown {
        o.refund = Some(0);
    }
    if o.part == Part::LineRepeated
        && let Some(line) = o.lines.first_mut()
    {
        line.state = Some(state);
        o.line_facts.push(LineFacts { refunded_in_words: line_word && was_paid, refund: o.refund });
    }
    if o.part == Part::LineSummed
        && let Some(line) = o.lines.first_mut()
    {
        line.state = Some(state);
        line.paid = line.paid.or(if was_paid { o.paid_stated } else { Some(0) });
    }
    // Nothing else in the row tells it: lines that all say what was paid for them do, and gifts cost nothing.
    let by_lines = !o.lines.is_empty() && o.lines.iter().all(|line| line.paid.is_some() || line.role == LineRole::Gift);
    if o.paid.is_none() && l.has(F::Paid) && !by_lines && state != State::Closed {
        c.mention("missing_amount", F::Paid);
    }
    if l.format.tells_net {
        o.net_paid = match (o.paid, o.refund) {
            (Some(0), _) => Some(0),
            (Some(p), None) if l.format.net_without_refund => Some((p - o.shipping.unwrap_or(0)).max(0)),
            _ => o.net(),
        };
    }
    o.settle_lines();
    // Taobao writes 0.00 until the money is released.
    if o.merchant_received == Some(0) && !matches!(state, State::Completed | State::Closed) {
        o.merchant_received = None;
    }
    if let (Some(r), Some(p)) = (o.refund, o.paid)
        && r > p.max(stated.unwrap_or(0))
    {
        c.reasons.push(Reason::of("refund_exceeds_paid"));
    }
}

fn checks(c: &mut Cells<'_>, o: &mut OrderRecord) {
    let l = c.layout;
    let memos = [o.buyer_memo.as_deref(), o.seller_memo.as_deref()];
    if memos.iter().flatten().any(|m| contact::has_mobile(m)) {
        c.warnings.push(Reason::of("phone_in_memo"));
    }
    let test = |t: &str| ["测试订单", "测试单", "测试勿发", "test order", "Test order"].iter().any(|w| t.contains(w));
    if memos.iter().flatten().any(|m| test(m))
        || o.titles.as_deref().is_some_and(test)
        || o.lines.iter().any(|x| x.title.as_deref().is_some_and(test))
    {
        c.warnings.push(Reason::of("test_order_suspect"));
        o.flags.push("test_order_suspect");
    }
    if l.platform == "pdd" {
        pdd(c, o);
    }
    if overpaid(c, o) && !o.flags.contains(&"amount_mismatch") {
        c.warnings.push(Reason::of("amount_mismatch"));
        o.flags.push("amount_mismatch");
    }
    if matches!(l.format.id, "shopify_orders_export")
        && o.buyer.email.is_none()
        && !matches!(o.buyer.phone, Some(Phone::Whole(_)))
        && o.buyer.customer_id.is_none()
    {
        c.warnings.push(Reason::of("no_strong_key"));
    }
}

/// Whether more was paid than the order comes to: than its total, or than its goods with all that may be
/// added to them.
fn overpaid(c: &Cells<'_>, o: &OrderRecord) -> bool {
    let (Some(paid), Part::Whole) = (o.paid_stated, o.part) else { return false };
    let added = o.shipping.unwrap_or(0).saturating_add(o.tax.unwrap_or(0));
    let fees = c.layout.headers.iter().any(|h| h.to_lowercase().contains("fee_total"))
        && c.layout.headers.iter().enumerate().any(|(i, h)| {
            h.to_lowercase().starts_with("fee_total") && amount::parse(cell::clean(&c.decode(c.row.cell(i))), 2).is_ok_and(|a| a.minor != 0)
        });
    let above = |base: Option<i64>| base.is_some_and(|b| b > 0 && paid > b.saturating_add(added).saturating_add(1));
    match c.layout.format.id {
        "woocommerce_order_export" => !fees && above(o.goods_list.or_else(|| lines_list(&o.lines))),
        "pdd_order_export" | "pdd_order_export_2026" => {
            let off = o.discounts.iter().fold(0_i64, |s, d| s.saturating_add(d.amount));
            above(o.goods_list.map(|g| g.saturating_sub(off)))
        }
        "taobao_order_report" | "youzan_order_export" => o.order_total.is_some_and(|t| t > 0 && paid > t.saturating_add(1)),
        _ => false,
    }
}

/// Pinduoduo's own checks: the date in the number, and what the platform adds.
fn pdd(c: &mut Cells<'_>, o: &mut OrderRecord) {
    if let Ok(w) =
        o.order_no.get(..6).map_or(Err(when::WhenError::Bad), |d| when::parse(&format!("20{d}"), &c.layout.zone, when::DayOrder::Refuse))
    {
        o.day_in_order_no = Some(w.at);
    }
    if o.paid_at.is_none() && c.layout.has(F::PaidAt) && o.paid.is_some_and(|p| p > 0) && c.reasons.is_empty() {
        c.warnings.push(Reason::about("missing_time", "use_date_in_order_no"));
    }
    if let (Some(received), Some(paid)) = (o.merchant_received, o.paid_stated) {
        let sum = |p: Payer| o.discounts.iter().filter(|d| d.payer == p).fold(0_i64, |s, d| s.saturating_add(d.amount));
        let platform = sum(Payer::Platform);
        let expected = paid.saturating_add(platform);
        if c.layout.has(F::DiscountPlatform) && (received - expected).abs() > 1 && (received - expected - sum(Payer::Unknown)).abs() > 1 {
            c.warnings.push(Reason::of("amount_mismatch"));
            o.flags.push("amount_mismatch");
        }
    }
}
