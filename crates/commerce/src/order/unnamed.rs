//! Why an order names nobody, told from what was said of it and from nothing else.
//!
//! What identifies is for the members' crate to decide ([`KeyClass`]); here its absence gets its word, so
//! that whoever sees the order knows what would help: another column, another document, a claim.

use shuke_members::identity::{KeyClass, KeyKind};

use super::fold::{hidden, settles};
use super::observation::Observation;
use super::state::OrderState;

/// Why an order has no member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unnamed {
    /// Its person asked to be forgotten.
    Erased,
    /// A key of the buyer is told that no member carries: records from before somebody was erased make
    /// nobody again.
    NoMember,
    /// The buyer's phone or e-mail is told, and nobody said that it is the account's.
    NotProven,
    /// Nothing but the receiver's phone can be read: it may be anybody's who takes the parcel in.
    ReceiverPhone,
    /// What was told of the buyer or the receiver is masked or enciphered.
    Masked,
    /// Nothing but the buyer's nickname, or the receiver's name or address, can be read.
    ReceiverOnly,
    /// What a platform told of it has neither buyer nor receiver.
    PlatformToldNobody,
    /// What was told of it has neither buyer nor receiver.
    NobodyTold,
}

impl Unnamed {
    /// The word of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Erased => "erased",
            Self::NoMember => "key_without_member",
            Self::NotProven => "account_not_proven",
            Self::ReceiverPhone => "receiver_phone_only",
            Self::Masked => "masked",
            Self::ReceiverOnly => "receiver_only",
            Self::PlatformToldNobody => "platform_told_nobody",
            Self::NobodyTold => "nobody_told",
        }
    }

    /// Why an order that has no member has none. Of several reasons the one that is nearest to a member.
    pub fn of<'a>(order: &OrderState, said: impl IntoIterator<Item = &'a Observation>) -> Self {
        if order.erased {
            return Self::Erased;
        }
        let told = |kinds: &[KeyKind]| order.keys.iter().any(|k| kinds.contains(&k.kind));
        if order.keys.iter().any(|k| k.class != KeyClass::Contact) {
            return Self::NoMember;
        }
        if told(&[KeyKind::Phone, KeyKind::Email]) {
            return Self::NotProven;
        }
        if told(&[KeyKind::ReceiverPhone]) {
            return Self::ReceiverPhone;
        }
        let r = &order.receiver;
        let masked = |text: &Option<String>| text.as_deref().is_some_and(hidden);
        let key_masked = said.into_iter().flat_map(|o| &o.buyer).any(|key| hidden(&key.value));
        if key_masked || [&order.buyer_nick, &r.phone, &r.tel, &r.name, &r.address].into_iter().any(masked) {
            return Self::Masked;
        }
        let told = |text: &Option<String>| text.as_deref().is_some_and(|t| !t.trim().is_empty());
        if [&order.buyer_nick, &r.phone, &r.tel, &r.name, &r.address].into_iter().any(told) {
            return Self::ReceiverOnly;
        }
        if settles(&order.platform) { Self::PlatformToldNobody } else { Self::NobodyTold }
    }
}

#[cfg(test)]
mod tests {
    use super::super::observation::{BuyerKey, Doc, Receiver};
    use super::super::tests::{order, said};
    use super::*;

    fn why(said: Observation) -> Unnamed {
        Unnamed::of(&order(std::slice::from_ref(&said)), [&said])
    }

    fn to(receiver: Receiver) -> Observation {
        Observation { receiver: Some(receiver), ..said(Doc::OrderReport) }
    }

    fn by(kind: KeyKind, value: &str, verified: bool) -> Observation {
        Observation { buyer: vec![BuyerKey::new(kind, "taobao", value, verified)], ..said(Doc::OrderReport) }
    }

    #[test]
    fn each_reason_has_its_word_and_the_nearest_is_told() {
        let (name, phone) = (|n: &str| Some(n.to_owned()), |p: &str| Some(p.to_owned()));
        let own = |o: Observation| Observation { platform: Some("erp".into()), ..o };
        for (reason, said) in [
            (Unnamed::PlatformToldNobody, said(Doc::OrderReport)),
            (Unnamed::NobodyTold, own(said(Doc::OrderReport))),
            // Where to is not who.
            (Unnamed::NobodyTold, own(to(Receiver { province: Some("浙江省".into()), ..Receiver::default() }))),
            (Unnamed::ReceiverPhone, own(to(Receiver { phone: phone("13800001234"), ..Receiver::default() }))),
            (Unnamed::ReceiverPhone, to(Receiver { name: name("张*"), phone: phone("13800001234"), ..Receiver::default() })),
            (Unnamed::Masked, own(to(Receiver { phone: phone("138****1234"), ..Receiver::default() }))),
            (Unnamed::Masked, to(Receiver { name: name("张三丰"), phone: phone("138****1234"), ..Receiver::default() })),
            (Unnamed::Masked, to(Receiver { name: name("~AbCdEf~"), ..Receiver::default() })),
            (Unnamed::Masked, Observation { buyer_nick: Some("t**8".into()), ..said(Doc::OrderReport) }),
            (Unnamed::Masked, by(KeyKind::AccountName, "t**8", true)),
            (Unnamed::ReceiverOnly, to(Receiver { name: name("张三丰"), ..Receiver::default() })),
            (Unnamed::NotProven, by(KeyKind::Phone, "13800001234", false)),
            (Unnamed::NoMember, by(KeyKind::Phone, "13800001234", true)),
            (Unnamed::NoMember, by(KeyKind::AccountName, "tb8", false)),
            (Unnamed::Erased, Observation { erased: true, ..said(Doc::OrderReport) }),
        ] {
            assert_eq!(why(said.clone()), reason, "{:?}", said.receiver.as_ref().map(|r| (&r.name, &r.phone)));
        }
    }
}
