//! Refusals in Chinese. The checker and the readers say what is wrong in English, once; here each of
//! their sentences stands beside the Chinese one, with `{}` for what is filled in. What is filled in may
//! be such a sentence itself.

/// English and Chinese. The more particular stands before the more general.
const PHRASES: &[(&str, &str)] = &[
    ("in the segment {}: {}", "在人群 {} 中：{}"),
    ("line {}, column {}: {}", "第 {} 行第 {} 列：{}"),
    ("byte {} is not UTF-8", "第 {} 个字节不是 UTF-8"),
    ("something follows the value", "值的后面还有多余的内容"),
    ("a value is expected", "这里应当是一个值"),
    ("a key in quotes is expected", "这里应当是带引号的键"),
    ("the key `{}` is there twice", "键“{}”出现了两次"),
    ("this is no number", "这不是数字"),
    ("the text does not end", "文字没有结束的引号"),
    ("a control character must be escaped", "控制字符必须转义"),
    ("no such escape", "没有这种转义写法"),
    ("four hexadecimal digits are expected", "这里应当是四位十六进制数"),
    ("half a surrogate pair is no character", "半个代理对不是字符"),
    ("a condition is an object with `op`", "条件是带有 op 的对象"),
    ("{} does not stand inside a row", "{} 不能用在明细的筛选条件里"),
    ("there is no condition `{}`", "没有“{}”这种条件"),
    ("a value of type {} is compared with one of type {}", "类型 {} 的值不能和类型 {} 的值比较"),
    ("a value of type {} does not suit here", "类型为 {} 的值不适用于这里"),
    ("the end of a band lies above its beginning", "区间的终点必须大于起点"),
    ("the segment {} leads back to itself", "人群 {} 绕回到了它自己"),
    ("there is no segment `{}`", "没有人群“{}”"),
    ("the segment {} is no object", "人群 {} 不是对象"),
    ("the segment {} has neither expr nor members", "人群 {} 既没有条件也没有名单"),
    ("the segment {} is archived", "人群 {} 已归档"),
    ("the members of the segment {} are no list", "人群 {} 的名单不是列表"),
    ("a member of the segment {} is no text", "人群 {} 的名单里有一项不是文字"),
    ("an expression has at most {} levels, referenced segments included", "条件最多 {} 层，引用的人群也计算在内"),
    ("an expression has at most {} nodes, referenced segments included", "条件最多 {} 个节点，引用的人群也计算在内"),
    ("this is no condition", "这不是条件"),
    ("there is no key `{}` here; there is {}", "这里没有键“{}”；可用的有：{}"),
    ("the key `{}` is missing", "缺少键“{}”"),
    ("a list of one or more is expected", "这里应当是至少有一项的列表"),
    ("there is no table `{}`", "没有名为“{}”的表"),
    ("a window is about an instant, `{}` is {}", "时间窗只能用于时间，“{}”的类型是 {}"),
    ("a window with {} has no key `{}`", "带 {} 的时间窗没有键“{}”"),
    ("{} is followed by day, week, month, quarter or year", "{} 后面是 day、week、month、quarter 或 year"),
    ("{} is neither a day nor an instant in UTC", "{} 既不是日期，也不是 UTC 时间"),
    ("a window needs from, to, last, current or previous", "时间窗需要 from、to、last、current 或 previous"),
    ("a window ends after it begins", "时间窗的终点必须晚于起点"),
    ("last is followed by a number from 1 to {}", "last 后面是 1 到 {} 的整数"),
    ("the unit is hours, days or months", "单位是 hours、days 或 months"),
    ("the unit is hours or days", "单位是 hours 或 days"),
    ("until is a number below that of last", "until 必须小于 last"),
    ("{} is true or false", "{} 只能是 true 或 false"),
    ("complete and rolling exclude each other", "complete 和 rolling 不能同时使用"),
    ("complete and until exclude each other", "complete 和 until 不能同时使用"),
    ("a window of hours has neither until nor complete nor rolling", "按小时的时间窗不能带 until、complete 或 rolling"),
    ("a window is an object", "时间窗是对象"),
    ("the steps are a list", "步骤是列表"),
    ("`same` names a column that every step's table has", "same 必须是每一步的表都有的列"),
    ("the table {} has no column `{}`", "表 {} 没有列“{}”"),
    ("a sequence has 2 to 10 steps", "先后行为有 2 到 10 步"),
    ("a sequence begins with a row that is there", "先后行为的第一步必须是“有”"),
    ("the first step waits for nothing: it has no within", "第一步没有等待时间，不能带 within"),
    ("an absent step between others has no within", "中间的“没有”步骤不能带 within"),
    ("an absent step at the end needs within", "最后的“没有”步骤必须带 within"),
    ("within has no key `{}`", "within 没有键“{}”"),
    ("within is an object", "within 是对象"),
    ("n is a number from 1 to 10000", "n 是 1 到 10000 的整数"),
    ("only days can be business days", "只有 days 可以按自然日（business）计算"),
    ("{} is expected: what it stands beside is {}", "这里应当是{}：与它比较的值类型是 {}"),
    ("a value such as {\"fact\": …} is expected, not a literal", "这里应当是 {\"fact\": …} 这样的值，不能是常量"),
    (
        "this is no value: it has no head of fact, col, agg, ratio, add, sub or a function of dates",
        "这不是值：缺少 fact、col、agg、ratio、add、sub 或日期函数",
    ),
    (
        "a value has one head, this has more of fact, col, agg, ratio, add, sub or a function of dates",
        "一个值只能有 fact、col、agg、ratio、add、sub 或日期函数中的一个",
    ),
    ("inside a row there is no fact of the member but `now`", "明细的筛选条件里，会员属性只能用 now"),
    ("there is no fact `{}`", "没有名为“{}”的会员属性"),
    ("a column stands only in the `where` of rows", "列只能用在明细的筛选条件（where）里"),
    ("inside a row there is no aggregate", "明细的筛选条件里不能用聚合"),
    ("there is no aggregate `{}`", "没有“{}”这种聚合"),
    ("{} takes no column of type {}", "{} 不能用于类型为 {} 的列"),
    ("{} takes two or more values", "{} 需要两个或更多的值"),
    ("{} takes exactly two values", "{} 需要正好两个值"),
    ("{} reads no {}", "{} 不能用于类型为 {} 的值"),
    ("{} does not suit here", "类型 {} 不适用于这里"),
    ("n and percent exclude each other", "n 和 percent 不能同时使用"),
    ("n or percent is needed", "需要 n 或 percent"),
    ("n is a whole number above 0, of at most 64 bits", "n 是大于 0 的 64 位整数"),
    ("percent is a decimal above 0 and at most 100, such as \"12.5\"", "percent 是大于 0、不超过 100 的小数，例如 \"12.5\""),
    (
        "as_of is an instant in UTC such as \"2024-02-29T16:00:00Z\", or day_start",
        "as_of 是 UTC 时间（例如 \"2024-02-29T16:00:00Z\"）或 day_start",
    ),
    ("as_of lies after the time of the question", "as_of 晚于提问时刻"),
    ("end is high or low", "end 只能是 high 或 low"),
    ("`same` or `starting` is expected", "这里应当是 same 或 starting"),
    ("`on` and a column are expected", "这里应当是 on 和一个列名"),
    ("`of` or `as of` is expected", "这里应当是 of 或 as of"),
    ("an instant or `day start` is expected", "这里应当是时间或 day start"),
    ("the expression ends here, yet something follows", "条件到这里已经结束，后面还有多余的内容"),
    ("there is no such function or aggregate", "没有这个函数或聚合"),
    ("this sign has no meaning here", "这个符号在这里没有意义"),
    ("an amount has at most two places behind the point", "金额最多两位小数"),
    ("a whole number of at most 64 bits, or a decimal such as \"0.25\", is expected", "这里应当是 64 位以内的整数，或 \"0.25\" 这样的小数"),
    ("{} is expected", "这里应当是{}"),
    ("{} are expected", "这里应当是{}"),
    ("a whole number of at most 64 bits", "64 位以内的整数"),
    ("a whole number of minor units", "以分为单位的整数"),
    ("an amount such as ¥128.50", "¥128.50 这样的金额"),
    ("a decimal such as {}, with at most 12 digits before and 6 after the point", "{} 这样的小数，小数点前最多 12 位、后最多 6 位"),
    ("a text that is not empty, in quotes", "带引号、不为空的文字"),
    ("a text in quotes", "带引号的文字"),
    ("a day such as {}", "{} 这样的日期"),
    ("an instant in UTC such as {}", "{} 这样的 UTC 时间"),
    ("true or false", "true 或 false"),
    ("no literal", "非常量"),
    ("a literal", "常量"),
    ("a condition", "条件"),
    ("a value", "值"),
    ("a column", "列名"),
    ("a table", "表名"),
    ("a number", "数字"),
    ("a whole number", "整数"),
    ("a day or an instant", "日期或时间"),
    ("how many, or a percentage,", "数量或百分比"),
    ("a window is expected: last, current, previous, from or to", "这里应当是时间窗：last、current、previous、from 或 to"),
    ("=, !=, <, <=, >, >=, in, is missing, under or contains", "=、!=、<、<=、>、>=、in、is missing、under 或 contains"),
    ("hours, days or months", "hours、days 或 months"),
    ("hours or days", "hours 或 days"),
    ("day, week, month, quarter or year", "day、week、month、quarter 或 year"),
    ("`{}`", "“{}”"),
];

/// A sentence of the checker in Chinese; one that has none stays as it is.
pub(crate) fn chinese(sentence: &str) -> String {
    for (english, chinese) in PHRASES {
        if let Some(filled) = filled(english, sentence) {
            let mut filled = filled.into_iter().map(|part| if part == sentence { part.to_owned() } else { self::chinese(part) });
            let mut parts = chinese.split("{}");
            let first = parts.next().unwrap_or_default().to_owned();
            return parts.fold(first, |told, part| told + &filled.next().unwrap_or_default() + part);
        }
    }
    sentence.to_owned()
}

/// What stands for each `{}` of a pattern in a sentence; none where the sentence is another one.
fn filled<'s>(pattern: &str, sentence: &'s str) -> Option<Vec<&'s str>> {
    let mut parts = pattern.split("{}");
    let mut rest = sentence.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let parts: Vec<&str> = parts.collect();
    for (i, part) in parts.iter().enumerate() {
        let end = if i + 1 == parts.len() {
            rest.len().checked_sub(part.len()).filter(|at| rest.is_char_boundary(*at) && &rest[*at..] == *part)?
        } else {
            rest.find(part)?
        };
        found.push(&rest[..end]);
        rest = &rest[end + part.len()..];
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_told_in_chinese_with_what_they_speak_of() {
        for (english, told) in [
            ("there is no fact `pionts`", "没有名为“pionts”的会员属性"),
            ("in the segment seg_1: there is no table `order`", "在人群 seg_1 中：没有名为“order”的表"),
            ("line 1, column 9: a condition is expected", "第 1 行第 9 列：这里应当是条件"),
            ("line 2, column 1: `)` is expected", "第 2 行第 1 列：这里应当是“)”"),
            (
                "a day such as \"2024-02-29\" is expected: what it stands beside is date",
                "这里应当是\"2024-02-29\" 这样的日期：与它比较的值类型是 date",
            ),
            ("there is no key `agrs` here; there is op, args", "这里没有键“agrs”；可用的有：op, args"),
            ("something nobody ever said", "something nobody ever said"),
        ] {
            assert_eq!(chinese(english), told);
        }
    }
}
