//! What the HTTP modules of commerce share: external names, money with its currency, batches whose
//! items are answered each for itself.

use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shuke_http::{Call, MoneyDto, Problem, ProblemBody};
use shuke_kernel::{Code, Currency, Kind, Money, Refusal};
use utoipa::ToSchema;

/// Amounts of one record are in two currencies.
pub static MIXED: Code = Code {
    code: "commerce.mixed_currencies",
    kind: Kind::Invalid,
    zh: "一条记录里的金额必须是同一币种（{one}、{other}）。",
    en: "All amounts of a record are in one currency; here are {one} and {other}.",
};
/// The body names another record than the path.
pub static OTHER_NAME: Code = Code {
    code: "commerce.external_mismatch",
    kind: Kind::Invalid,
    zh: "请求体中的 external 与路径不一致。",
    en: "`external` in the body names another record than the path.",
};
/// A batch is empty or too long.
pub static BATCH: Code =
    Code { code: "commerce.batch_size", kind: Kind::Invalid, zh: "一批要有 1 到 1000 条。", en: "A batch has 1 to 1000 items." };
/// A word that is not one of the known ones.
pub static UNKNOWN_WORD: Code =
    Code {
        code: "commerce.unknown_word", kind: Kind::Invalid, zh: "未知的取值 {word}。", en: "`{word}` is not a value of this field."
    };

/// What another system calls a record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExternalName)]
pub struct External {
    /// Which system.
    #[schema(min_length = 1, max_length = 100)]
    pub source: String,
    /// Its id there.
    #[schema(min_length = 1, max_length = 200)]
    pub id: String,
}

impl External {
    /// The name in the path, which the body may repeat but not contradict.
    pub fn of_path(source: String, id: String, body: Option<&Self>) -> Result<Self, Problem> {
        let name = Self { source, id };
        match body {
            Some(said) if *said != name => Err(OTHER_NAME.at("external").into()),
            _ => Ok(name),
        }
    }

    /// The name in the body, which must be there.
    pub fn of_body(body: Option<Self>) -> Result<Self, Problem> {
        body.ok_or_else(|| crate::order::check::MISSING.at("external").into())
    }
}

/// Reads amounts that must all be in one currency.
#[derive(Default)]
pub struct Amounts {
    /// The currency so far.
    pub currency: Option<Currency>,
}

impl Amounts {
    /// A record that names its currency.
    pub fn of(currency: Option<&str>) -> Result<Self, Problem> {
        let read = |c: &str| c.parse().map_err(|e: String| Problem::invalid("body", "currency", e));
        Ok(Self { currency: currency.map(read).transpose()? })
    }

    /// The minor units of an amount.
    pub fn read(&mut self, field: &str, money: Option<&MoneyDto>) -> Result<Option<i64>, Problem> {
        let Some(money) = money else { return Ok(None) };
        let money = money.read(field)?;
        match self.currency {
            Some(one) if one != money.currency => {
                Err(MIXED.at(format!("{field}.currency")).with("one", one).with("other", money.currency).into())
            }
            _ => {
                self.currency = Some(money.currency);
                Ok(Some(money.amount))
            }
        }
    }
}

/// An amount for an answer.
pub fn money(amount: i64, currency: Currency) -> MoneyDto {
    Money { amount, currency }.into()
}

/// An amount for an answer, where there is one.
pub fn maybe(amount: Option<i64>, currency: Currency) -> Option<MoneyDto> {
    amount.map(|a| money(a, currency))
}

/// A word of an enumeration.
pub fn word<T: DeserializeOwned>(field: &str, word: &str) -> Result<T, Problem> {
    serde_json::from_value(serde_json::Value::from(word)).map_err(|_| UNKNOWN_WORD.at(field).with("word", word).into())
}

/// Names a refusal's field as the API names it.
pub fn renamed(mut refusal: Refusal, within: &str) -> Problem {
    if let Some(field) = &mut refusal.field {
        let path = match field.as_str() {
            "source" => "external.source",
            "source_id" | "refund.id" => "external.id",
            "refund.source" => "external.source",
            "buyer_nick" => "buyer.nick",
            "source_time" => "updated_at",
            other => other.strip_prefix(within).unwrap_or(other),
        };
        *field = path.to_owned();
    }
    refusal.into()
}

/// What came of an item.
#[derive(Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// `created`, `updated`, `unchanged`.
    pub status: String,
    /// The record.
    pub id: String,
}

/// The answer to an item.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchResult)]
pub struct Answer {
    /// Its place in the batch, from 0.
    pub index: usize,
    /// `created`, `updated`, `unchanged` or `refused`.
    #[schema(example = "created")]
    pub status: String,
    /// The record.
    pub id: Option<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<ProblemBody>,
}

/// The answers to a batch, one an item, in their order.
#[derive(Serialize, ToSchema)]
#[schema(as = BatchResults)]
pub struct Answers {
    /// One an item.
    pub results: Vec<Answer>,
}

/// What could be read of a batch, with its place, and the answers to what could not.
pub type Items<U> = (Vec<(usize, U)>, Vec<Answer>);

/// Reads each item for itself.
pub fn read_items<T: DeserializeOwned, U>(
    call: &Call,
    items: Vec<serde_json::Value>,
    make: impl Fn(T) -> Result<U, Problem>,
) -> Result<Items<U>, Problem> {
    if items.is_empty() || items.len() > 1000 {
        return Err(BATCH.at("items").into());
    }
    let (mut good, mut bad) = (Vec::with_capacity(items.len()), Vec::new());
    for (index, item) in items.into_iter().enumerate() {
        let read = serde_path_to_error::deserialize::<_, T>(item).map_err(|e| Problem::invalid("body", &e.path().to_string(), e.inner()));
        match read.and_then(&make) {
            Ok(made) => good.push((index, made)),
            Err(problem) => {
                let mut body = problem.body(call.lang, &call.request_id);
                body.field = Some(body.field.map_or_else(|| format!("items[{index}]"), |f| format!("items[{index}].{f}")));
                bad.push(Answer { index, status: "refused".to_owned(), id: None, problem: Some(body) });
            }
        }
    }
    Ok((good, bad))
}

/// Puts the answers together.
pub fn answers(places: Vec<usize>, outcomes: Vec<Outcome>, bad: Vec<Answer>) -> Answers {
    let good = places.into_iter().zip(outcomes).map(|(index, o)| Answer { index, status: o.status, id: Some(o.id), problem: None });
    let mut results: Vec<Answer> = good.chain(bad).collect();
    results.sort_by_key(|a| a.index);
    Answers { results }
}

/// 201 for what is new.
pub fn status(status: &str) -> StatusCode {
    if status == "created" { StatusCode::CREATED } else { StatusCode::OK }
}

/// What stands for what is hidden, as platforms write it.
const MASKS: [char; 3] = ['*', '＊', '●'];

/// A platform's ciphertext: nothing of it is shown.
fn cipher(text: &str) -> bool {
    text.starts_with("##") || text.starts_with('$') || text.starts_with('~') || text.chars().count() > 200
}

/// A name as `张*`, keeping its length. Of what a platform masked no more is shown either.
pub fn mask_name(name: &str) -> String {
    let name = name.trim();
    if cipher(name) {
        return "***".to_owned();
    }
    let shown = name.chars().filter(|c| !MASKS.contains(c)).count();
    if shown <= 1 && name.chars().count() > shown {
        return name.chars().take(8).collect();
    }
    let mut chars = name.chars().skip_while(|c| MASKS.contains(c));
    let first: String = chars.next().into_iter().collect();
    first + &"*".repeat(chars.count().clamp(1, 4))
}

/// A phone as `138****0000`, a short one as `****5678`. What a platform masked stays as it came only
/// where it shows no more digits than that.
pub fn mask_phone(phone: &str) -> String {
    let phone = phone.trim();
    if cipher(phone) {
        return "***".to_owned();
    }
    let chars: Vec<char> = phone.chars().collect();
    let masks = chars.iter().filter(|c| MASKS.contains(c)).count();
    let shown = chars.iter().filter(|c| c.is_alphanumeric()).count();
    if masks > 0 && chars.len() <= 20 && shown <= if masks >= 3 { 7 } else { 4 } {
        return phone.to_owned();
    }
    if chars.len() < 8 {
        return "*".repeat(chars.len().max(1));
    }
    // Of a number without an area's three digits before it, three more would leave next to nothing hidden.
    let head = if chars.len() < 11 { 0 } else { 3 };
    let (first, last): (String, String) = (chars[..head].iter().collect(), chars[chars.len() - 4..].iter().collect());
    format!("{first}{}{last}", "*".repeat((chars.len() - 4 - head).min(20)))
}

/// An address with its first characters: a third of them, six at most.
pub fn mask_address(address: &str) -> String {
    let address = address.trim();
    if cipher(address) {
        return "***".to_owned();
    }
    let shown: String = address.chars().take((address.chars().count() / 3).min(6)).collect();
    shown.trim_end_matches(MASKS).to_owned() + "***"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_enough_to_know_and_too_little_to_call() {
        let masked = |mask: fn(&str) -> String, cases: &[(&str, &str)]| {
            for (text, shown) in cases {
                assert_eq!(mask(text), *shown, "{text}");
            }
        };
        let names = [
            ("张三丰", "张**"),
            ("李", "李*"),
            ("张*", "张*"),
            ("*三", "*三"),
            ("李四光*先生", "李****"),
            ("**四光", "四*"),
            ("~密文~", "***"),
        ];
        masked(mask_name, &names);
        masked(
            mask_phone,
            &[
                ("13800001234", "138****1234"),
                ("0571", "****"),
                ("87654321", "****4321"),
                ("138****1234", "138****1234"),
                ("*******1234", "*******1234"),
                ("13812345678*1", "138******78*1"),
                ("1381234567*", "138****567*"),
                ("$MTM4$", "***"),
            ],
        );
        masked(
            mask_address,
            &[
                ("文三路478号华星时代广场A座1502室", "文三路478***"),
                ("文三路5号", "文***"),
                ("家", "***"),
                ("文三路478号华星时代广场1502室*放门口", "文三路478***"),
                ("浙江省杭州市***", "浙江省***"),
                ("***", "***"),
                ("##abc##", "***"),
            ],
        );
    }

    proptest::proptest! {
        /// Whatever a platform puts in: a name shows one character, a phone seven digits, an address a third.
        #[test]
        fn a_star_in_it_opens_nothing(name in "[张李王四光*＊]{1,12}", phone in "[0-9*]{1,16}", address in "[文三路0-9号*]{1,30}") {
            let shown = |text: &str| text.chars().filter(|c| !MASKS.contains(c)).count();
            proptest::prop_assert!(shown(&mask_name(&name)) <= 1);
            proptest::prop_assert!(shown(&mask_phone(&phone)) <= 7);
            proptest::prop_assert!(shown(&mask_address(&address)) <= (address.chars().count() / 3).min(6));
        }
    }
}
