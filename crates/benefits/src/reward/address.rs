//! Where goods that were redeemed are sent: said with the redemption or later, changed until they are on their way.
//!
//! An address is kept sealed with its redemption, shown masked, and erased with the member. Where something of the
//! member's went before is used again by naming that redemption or order: nobody has to see it in clear to send there.

use serde::{Deserialize, Serialize};
use shuke_access::audit;
use shuke_commerce::OrderId;
use shuke_commerce::order::Receiver;
use shuke_commerce::order::read::{self as orders, Filter};
use shuke_kernel::{Ctx, Error, Instant, Refusal, Result, region};
use shuke_members::profile::mask;
use shuke_members::{MEMBER_NOT_FOUND, MemberId};
use shuke_store::register::row_name;
use shuke_store::{Tx, args};
use utoipa::ToSchema;

use super::delivery::among;
use super::model::{Kind, Reward};
use super::redeem::{self, Redemption, get, hold, tell};
use super::{service, sql};
use crate::RedemptionId;
use crate::who::Person;
use crate::words::{ADDRESS_MISSING, NO_EARLIER_ADDRESS, NOT_SENT, invalid};

/// A member's newest orders that are looked through for an address.
const ORDERS: i64 = 20;
/// Figures of a telephone at least.
const FIGURES: usize = 5;

/// Where something is sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeliveryAddress)]
pub struct Address {
    /// Who receives it.
    #[schema(min_length = 1, max_length = 60)]
    pub receiver: String,
    /// Their telephone: figures, and what is written between them.
    #[schema(min_length = 5, max_length = 30)]
    pub phone: String,
    /// Province, or municipality.
    #[schema(min_length = 1, max_length = 30)]
    pub province: String,
    /// City.
    #[schema(min_length = 1, max_length = 30)]
    pub city: String,
    /// District or county; left out where the city has none.
    #[serde(default)]
    #[schema(max_length = 30)]
    pub district: String,
    /// The rest of it: street, number, door.
    #[schema(min_length = 1, max_length = 200)]
    pub street: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}

/// Figures and signs of full width as plain ones, as a telephone may be typed.
fn dialled(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.trim().chars().map(plain).collect()
}

/// What follows on a region's name where an address begins with it, however the name ends there (广东 and 广东省 are one);
/// `next` is the region within it.
fn after_name<'a>(address: &'a str, name: &str, next: &str) -> &'a str {
    let short = region::short(name);
    let Some(left) = address.strip_prefix(short).filter(|_| !short.is_empty()) else { return address };
    if short == name && name.ends_with(['区', '县', '州', '盟', '旗']) {
        return left.trim_start();
    }
    let ended = region::SUFFIXES.iter().filter(|s| !s.is_empty()).filter_map(|s| left.strip_prefix(s)).min_by_key(|left| left.len());
    match ended {
        Some(left) => left.trim_start(),
        None if left.starts_with(char::is_whitespace) || (!next.is_empty() && left.starts_with(region::short(next))) => left.trim_start(),
        // 上海路 begins with no region.
        None => address,
    }
}

impl Address {
    /// The address as it is kept: trimmed, each part within its length and on one line.
    ///
    /// # Errors
    /// The first part that cannot be.
    pub fn checked(self) -> Result<Self, Refusal> {
        let part = |text: &str, field: &str, most: usize, zh: &str, en: &str| {
            let text = text.trim();
            if !(1..=most).contains(&text.chars().count()) || text.chars().any(char::is_control) {
                let said =
                    (format!("请填写{zh}，最多 {most} 个字，不能换行。"), format!("State {en}: {most} characters at most, on one line."));
                return Err(invalid(format!("address.{field}"), &said.0, &said.1));
            }
            Ok(text.to_owned())
        };
        let phone = part(&dialled(&self.phone), "phone", 30, "收货人电话", "the receiver's phone")?;
        let fits = |c: char| c.is_ascii_digit() || " +-()#,转".contains(c);
        if !phone.chars().all(fits) || phone.chars().filter(char::is_ascii_digit).count() < FIGURES {
            return Err(invalid(
                "address.phone",
                "电话只能写数字、空格和 + - ( ) # , 转，至少 5 位数字。",
                "A phone is figures, five at least, with spaces and + - ( ) # , between them.",
            ));
        }
        let district = match self.district.trim() {
            "" => String::new(),
            district => part(district, "district", 30, "区县", "the district")?,
        };
        Ok(Self {
            receiver: part(&self.receiver, "receiver", 60, "收货人", "who receives it")?,
            phone,
            province: part(&self.province, "province", 30, "省份", "the province")?,
            city: part(&self.city, "city", 30, "城市", "the city")?,
            district,
            street: part(&self.street, "street", 200, "街道门牌", "street and number")?,
        })
    }

    /// What an order told of its receiver, where that is a whole address in clear.
    fn of_receiver(told: Receiver) -> Option<Self> {
        let (province, city, district) = (told.province?, told.city?, told.district.unwrap_or_default());
        let within = [(&province, city.as_str()), (&city, district.as_str()), (&district, "")];
        let street = within.into_iter().fold(told.address.as_deref()?.trim(), |rest, (name, next)| after_name(rest, name, next));
        let street = street.to_owned();
        let found = Self { receiver: told.name?, phone: told.phone.or(told.tel)?, province, city, district, street };
        let masked = [&found.receiver, &found.phone, &found.street].into_iter().any(|part| part.contains('*'));
        found.checked().ok().filter(|_| !masked)
    }

    /// What people see of it by default.
    pub fn masked(&self) -> Masked {
        let whole = format!("{}{}{}{}", self.province, self.city, self.district, self.street);
        Masked { receiver: mask::name(&self.receiver), phone: mask::phone(&self.phone), address: mask::address(&whole) }
    }
}

/// What people see of an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Masked {
    /// The receiver's first character.
    pub receiver: String,
    /// The ends of the phone.
    pub phone: String,
    /// Province and city.
    pub address: String,
}

/// Where something is to go.
#[derive(Clone, Debug)]
pub enum To {
    /// There.
    Here(Box<Address>),
    /// Where the redemption or order of the same member went that has this id.
    AsBefore(String),
}

/// The address that something of a member's went to last.
#[derive(Clone, Debug)]
pub struct Last {
    /// The id of that redemption or order.
    pub of: String,
    /// When it was redeemed or placed.
    pub at: Instant,
    /// The address.
    pub address: Address,
}

/// An address as its redemption keeps it.
pub(super) fn seal(tx: &mut Tx<'_>, cx: &Ctx, id: RedemptionId, address: &Address) -> Result<Vec<u8>> {
    tx.keys(cx.merchant)?.seal("redemption", &row_name(&[id.into()]), &serde_json::to_vec(address)?)
}

/// Where a reward goes that a member asks for; `along` where it goes in the parcel of an order.
///
/// # Errors
/// Refuses an address of what is not sent, one that cannot be, an earlier one that is not the member's, and that there
/// is none where the reward needs it.
pub(super) fn asked(tx: &mut Tx<'_>, cx: &Ctx, reward: &Reward, member: MemberId, to: Option<&To>, along: bool) -> Result<Option<Address>> {
    let definition = &reward.definition;
    let Some(to) = to else {
        if definition.needs_address && !along {
            return Err(ADDRESS_MISSING.with("name", &definition.name).at("address").into());
        }
        return Ok(None);
    };
    if definition.kind != Kind::Goods {
        return Err(NOT_SENT.with("name", &definition.name).at("address").into());
    }
    match to {
        To::Here(address) => Ok(Some(Address::clone(address).checked()?)),
        To::AsBefore(of) => earlier(tx, cx, member, of).map(Some),
    }
}

fn earlier(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId, of: &str) -> Result<Address> {
    let none = || Error::from(NO_EARLIER_ADDRESS.at("address_of"));
    if let Ok(id) = of.parse::<RedemptionId>() {
        let found = tx.row(sql::GET_REDEMPTION, args![cx.merchant, id])?.map(|r| redeem::read(tx, cx, r)).transpose()?;
        return found.filter(|r| r.member == member).and_then(|r| r.address).ok_or_else(none);
    }
    let Ok(id) = of.parse::<OrderId>() else { return Err(none()) };
    let order = match orders::get(tx, cx, id) {
        Ok(order) if order.member == Some(member) => order,
        Ok(_) | Err(Error::Refused(_)) => return Err(none()),
        Err(fault) => return Err(fault),
    };
    let told = orders::private(tx, cx, std::slice::from_ref(&order))?.remove(&id);
    told.and_then(|private| Address::of_receiver(private.receiver)).ok_or_else(none)
}

/// The address that a redemption or an order of a member's went to last; none where no newer order tells a whole one.
pub fn last(tx: &mut Tx<'_>, cx: &Ctx, member: MemberId) -> Result<Option<Last>> {
    let row = tx.row(sql::LAST_ADDRESS, args![cx.merchant, member])?;
    let redeemed = row.map(|r| redeem::read(tx, cx, r)).transpose()?;
    let redeemed = redeemed.and_then(|r| Some(Last { of: r.id.to_string(), at: r.redeemed_at, address: r.address? }));
    let filter = Filter { member: Some(member), ..Filter::default() };
    let placed = orders::list(tx, cx, &filter, None, ORDERS)?;
    let mut told = orders::private(tx, cx, &placed)?;
    let ordered = placed.into_iter().find_map(|order| {
        let address = Address::of_receiver(told.remove(&order.id)?.receiver)?;
        Some(Last { of: order.id.to_string(), at: order.placed_at, address })
    });
    Ok(redeemed.into_iter().chain(ordered).max_by_key(|last| last.at))
}

/// Says where a redemption goes, until it is on its way.
///
/// # Errors
/// Refuses what is sent, delivered or cancelled, what is not goods, and an address that cannot be. Of who was erased
/// nothing is kept: for them there is no such member.
pub fn change(tx: &mut Tx<'_>, cx: &Ctx, id: RedemptionId, to: &To) -> Result<Redemption> {
    let whose = get(tx, cx, id)?.member;
    let Some(person) = Person::staying(tx, cx, whose)? else { return Err(MEMBER_NOT_FOUND.refuse().into()) };
    let found = hold(tx, cx, id)?;
    // A merge that is taken back between the two gives it to another: that one must stay as well.
    let person = if found.member == person.member { Some(person) } else { Person::staying(tx, cx, found.member)? };
    let Some(person) = person else { return Err(MEMBER_NOT_FOUND.refuse().into()) };
    among(&found, &["requested"])?;
    let reward = service::get(tx, cx.merchant, found.reward)?;
    let sealed = match asked(tx, cx, &reward, person.member, Some(to), true)? {
        Some(address) => Some(seal(tx, cx, id, &address)?),
        None => None,
    };
    tx.exec(sql::SET_ADDRESS, args![cx.merchant, id, sealed])?;
    let now = get(tx, cx, id)?;
    tell(tx, cx, "reward.address_changed", &now)?;
    audit::record(tx, cx, "redemption.address_changed", &person.member.to_string(), &id.to_string())?;
    Ok(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is changed of a good one, and the place that is refused.
    type Spoilt = (fn(&mut Address), &'static str);

    fn address() -> Address {
        let said = ["王小明", "13700137000", "广东省", "深圳市", "南山区", "桃源路 8 号 3 栋"].map(str::to_owned);
        let [receiver, phone, province, city, district, street] = said;
        Address { receiver, phone, province, city, district, street }
    }

    #[test]
    fn what_is_seen_is_masked_and_nothing_prints_it() {
        let Masked { receiver, phone, address: shown } = address().masked();
        assert_eq!((receiver.as_str(), phone.as_str(), shown.as_str()), ("王**", "137****7000", "广东省深圳市****"));
        assert_eq!(format!("{:?}", To::Here(Box::new(address()))), "Here(Address(…))");
    }

    #[test]
    fn what_cannot_be_sent_to_is_refused_with_its_place() {
        let spoilt: [Spoilt; 9] = [
            (|a| a.receiver = " ".to_owned(), "address.receiver"),
            (|a| a.receiver = "王".repeat(61), "address.receiver"),
            (|a| a.phone = String::new(), "address.phone"),
            (|a| a.phone = "见备注 12345".to_owned(), "address.phone"),
            (|a| a.phone = "1234".to_owned(), "address.phone"),
            (|a| a.province = String::new(), "address.province"),
            (|a| a.city = "深圳\n市".to_owned(), "address.city"),
            (|a| a.district = "区".repeat(31), "address.district"),
            (|a| a.street = "路".repeat(201), "address.street"),
        ];
        for (spoil, field) in spoilt {
            let mut one = address();
            spoil(&mut one);
            let refusal = one.checked().expect_err(field);
            assert_eq!(refusal.field.as_deref(), Some(field));
            assert!(!refusal.text(true).contains('{') && !refusal.text(true).contains("王王"), "{}", refusal.text(true));
        }
        let kept =
            Address { phone: " １３７－００１３７０００ ".to_owned(), district: "  ".to_owned(), ..address() }.checked().expect("one");
        assert_eq!((kept.phone.as_str(), kept.district.as_str()), ("137-00137000", ""));
    }

    #[test]
    fn of_an_order_only_a_whole_address_in_clear_is_offered() {
        let told = |name: &str, address: &str| Receiver {
            name: Some(name.to_owned()),
            phone: Some("13700137000".to_owned()),
            province: Some("广东省".to_owned()),
            city: Some("深圳市".to_owned()),
            district: Some("南山区".to_owned()),
            address: Some(address.to_owned()),
            ..Receiver::default()
        };
        let street = |address: &str| Address::of_receiver(told("王小明", address)).map(|a| a.street);
        assert_eq!(street("广东省 深圳市 南山区 桃源路 8 号").as_deref(), Some("桃源路 8 号"));
        assert_eq!(street("桃源路 8 号").as_deref(), Some("桃源路 8 号"));
        assert_eq!(street("广东深圳市南山区市场路 8 号").as_deref(), Some("市场路 8 号"));
        assert_eq!(street("广东路 8 号").as_deref(), Some("广东路 8 号"));
        assert_eq!(street("广东省深圳市南山区"), None, "the region alone");
        assert_eq!(street("桃源路***"), None);
        assert!(Address::of_receiver(told("王**", "桃源路 8 号")).is_none());
        assert!(Address::of_receiver(Receiver { phone: None, ..told("王小明", "桃源路 8 号") }).is_none());
    }
}
