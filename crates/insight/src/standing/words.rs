//! The reasons as a shopkeeper reads them, in Chinese and in English. Days to one decimal, money in
//! whole and minor units; the exact figures stand beside.

use jiff::civil::Date;
use shuke_kernel::Currency;

use super::{Reason, RfmPlace, StagePlace};
use crate::exact::{Ratio, decimal};

/// The stages' names, in the order of [`crate::lifecycle::STAGES`].
pub(super) const STAGE_NAMES: [(&str, &str); 7] = [
    ("未出现", "not seen yet"),
    ("加入", "join"),
    ("活跃", "active"),
    ("衰退", "declining"),
    ("流失", "lost"),
    ("未转化", "unconverted"),
    ("未知", "unknown"),
];

/// A ratio to one decimal, without a final zero.
fn short(ratio: &Ratio) -> String {
    let text = decimal(ratio.num.into(), ratio.den.into(), 1).unwrap_or_default();
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// What the words need beside the figures.
pub(super) struct Said<'a> {
    /// The day up to which days are counted.
    pub as_of: Date,
    /// The currency of all money.
    pub currency: Option<&'a str>,
    /// Whether there are orders in other currencies in the shop.
    pub one_of_several: bool,
    /// Whether the member has any order, of whatever state and currency, before the day of reckoning.
    pub orders: bool,
}

impl Said<'_> {
    /// The last day whose doings are known: people name it, not the midnight after it.
    fn last_day(&self) -> Date {
        self.as_of.yesterday().unwrap_or(self.as_of)
    }
}

fn reason(of: &str, zh: String, en: String) -> Reason {
    Reason { of: of.to_owned(), zh, en }
}

/// Minor units as people write money.
fn money(minor: &Ratio, currency: Option<&str>) -> (String, String) {
    let digits = currency.and_then(|c| c.parse::<Currency>().ok()).map_or(2, |c| c.digits());
    let den = i128::from(minor.den) * 10_i128.pow(digits);
    let plain = decimal(minor.num.into(), den, digits).unwrap_or_default();
    let plain = if digits == 0 { plain.split('.').next().unwrap_or_default().to_owned() } else { plain };
    let code = currency.unwrap_or("");
    let zh = if code == "CNY" { format!("{plain} 元") } else { format!("{code} {plain}") };
    (zh.trim().to_owned(), format!("{code} {plain}").trim().to_owned())
}

/// Why a member stands where they stand.
pub(super) fn reasons(rfm: Option<&RfmPlace>, stage: &StagePlace, said: &Said<'_>) -> Vec<Reason> {
    let mut all = vec![of_stage(stage, said)];
    all.extend(of_gap(stage));
    all.extend(stage.next.as_ref().map(|next| {
        reason(
            "next",
            format!("若此前没有新的购买，将于 {} 转为{}。", next.on, next.zh),
            format!("Without a purchase until then, they become {} on {}.", next.en, next.on),
        )
    }));
    all.push(rfm.map_or_else(no_rfm, |rfm| of_rfm(rfm, said)));
    all
}

/// That there is no purchase. Who has orders that do not count is not told that they never bought.
fn without_purchase(said: &Said<'_>) -> (String, String) {
    match said.orders {
        false => ("从未购买".to_owned(), "never bought".to_owned()),
        true => {
            let (zh, en) =
                said.currency.filter(|_| said.one_of_several).map_or_else(Default::default, |c| (format!(" {c} 的"), format!(" in {c}")));
            (
                format!("没有{zh}有效购买（订单未付、已关闭或已全额退款）"),
                format!("no purchase{en} that counts (orders unpaid, closed or wholly given back)"),
            )
        }
    }
}

fn of_stage(s: &StagePlace, said: &Said<'_>) -> Reason {
    let (zh_none, en_none) = without_purchase(said);
    let (Some(days), Some(day), Some(times), Some(gap)) = (s.since_days, s.since_day, &s.times, &s.expected_gap) else {
        return match s.stage.as_str() {
            "unknown" => reason(
                "stage",
                format!("{zh_none}，也没有入会时间，无法判断，故为未知。"),
                format!("{}, and nobody knows when they joined: unknown.", capital(&en_none)),
            ),
            _ => reason(
                "stage",
                "截至统计日，分析数据里还没有该会员。".to_owned(),
                "The figures do not know this member up to the day of reckoning.".to_owned(),
            ),
        };
    };
    let bought = s.since.as_deref() == Some("purchase");
    let (zh_since, en_since) = if bought {
        (
            format!("上次购买（{day}）到 {} 结束已 {days} 天", said.last_day()),
            format!("{days} days from the last purchase ({day}) to the end of {}", said.last_day()),
        )
    } else {
        (
            format!("{zh_none}，入会（{day}）到 {} 结束已 {days} 天", said.last_day()),
            format!("{en_none}; {days} days from their joining ({day}) to the end of {}", said.last_day()),
        )
    };
    let (times, gap) = (short(times), short(gap));
    let (zh_bound, en_bound) = match s.stage.as_str() {
        "declining" => ("超过 2 倍、不超过 4 倍", "more than 2 and no more than 4 times"),
        "lost" | "unconverted" => ("超过 4 倍", "more than 4 times"),
        _ => ("不超过 2 倍", "no more than 2 times"),
    };
    let (zh_count, en_count) = match s.stage.as_str() {
        "active" => (format!("，且已购买 {} 次", s.purchases), format!(", and {} purchases", s.purchases)),
        "join" if bought => ("，且只购买过 1 次".to_owned(), ", and a single purchase".to_owned()),
        _ => Default::default(),
    };
    reason(
        "stage",
        format!("{zh_since}，是其预期间隔 {gap} 天的 {times} 倍（{zh_bound}）{zh_count}，故为{}。", s.zh),
        format!("{}: {en_since}, {times} times the expected gap of {gap} days ({en_bound}){en_count}.", capital(&s.en)),
    )
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn of_gap(s: &StagePlace) -> Option<Reason> {
    let (gap, base, from) = (short(s.expected_gap.as_ref()?), short(s.base_gap.as_ref()?), s.gap_from.as_deref()?);
    let category = s.category.as_deref().unwrap_or("");
    let (zh_base, en_base) = match from {
        "category" => (
            format!("其消费最多的类目“{category}”的中位间隔 {base} 天"),
            format!("the median gap of {base} days in {category}, where they spent most"),
        ),
        "shop" => (format!("全店的中位间隔 {base} 天"), format!("the shop's median gap of {base} days")),
        _ => (format!("默认间隔 {base} 天（全店的购买间隔还太少）"), format!("{base} days, as the shop has too few gaps yet")),
    };
    Some(match s.own_gaps {
        0 => reason(
            "expected_gap",
            format!("预期间隔 {gap} 天：自己还没有购买间隔，取{zh_base}。"),
            format!("Expected gap {gap} days: no gaps of their own yet, so {en_base}."),
        ),
        n => reason(
            "expected_gap",
            format!("预期间隔 {gap} 天：自己的 {n} 个购买间隔共 {} 天，与{zh_base}（按 2 个间隔计）合起来取平均。", s.own_gap_days),
            format!(
                "Expected gap {gap} days: the average of {n} gaps of their own, {} days together, and {en_base}, counted as 2 gaps.",
                s.own_gap_days
            ),
        ),
    })
}

fn no_rfm() -> Reason {
    reason("rfm", "统计区间内没有有效购买，不参与 RFM。".to_owned(), "No purchase that counts in the window: no RFM.".to_owned())
}

fn of_rfm(x: &RfmPlace, said: &Said<'_>) -> Reason {
    let (last, currency) = (said.last_day(), said.currency);
    let (zh_m, en_m) = money(&Ratio::of(x.m, 1), currency);
    let Some(cut) = &x.cut_at else { return no_rfm() };
    let (zh_cut, en_cut) = money(&cut.m, currency);
    let (zh_centre, en_centre) = if x.centre == "median" { ("中位数", "median") } else { ("平均", "mean") };
    let high = |at: usize| x.group.as_bytes().get(at) == Some(&b'+');
    let side = |yes: bool, zh: [&'static str; 2], en: [&'static str; 2]| if yes { (zh[0], en[0]) } else { (zh[1], en[1]) };
    let r = side(high(1), ["比", "不比"], ["nearer than", "no nearer than"]);
    let f = side(high(3), ["高于", "不高于"], ["more than", "no more than"]);
    let m = side(high(5), ["高于", "不高于"], ["more than", "no more than"]);
    let (r_cut, f_cut) = (short(&cut.r_days), short(&cut.f));
    reason(
        "rfm",
        format!(
            "与区间内有购买的 {} 位会员比：最近购买到 {last} 结束已 {} 天（{}{zh_centre}的 {r_cut} 天近），购买 {} 次（{}{zh_centre} {f_cut} 次），净消费 {zh_m}（{}{zh_centre} {zh_cut}），故为{}。",
            x.members, x.r_days, r.0, x.f, f.0, m.0, x.zh
        ),
        format!(
            "{}, beside {} members who bought in the window: last bought {} days before the end of {last} ({} the {en_centre} of {r_cut}), {} purchases ({} the {en_centre} of {f_cut}), {en_m} net ({} the {en_centre} of {en_cut}).",
            capital(&x.en),
            x.members,
            x.r_days,
            r.1,
            x.f,
            f.1,
            m.1
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(short(&Ratio::of(82, 2)), "41");
        assert_eq!(short(&Ratio::of(132, 41)), "3.2");
        assert_eq!(money(&Ratio::of(128_500, 1), Some("CNY")).0, "1285.00 元");
        assert_eq!(money(&Ratio::of(-999, 2), Some("USD")).1, "USD -5.00");
        assert_eq!(money(&Ratio::of(1_200, 1), Some("JPY")).1, "JPY 1200");
        assert_eq!(money(&Ratio::of(5, 1), None).0, "0.05");
    }
}
