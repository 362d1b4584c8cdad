//! The short form in which states are written down: instants as microseconds, and what is empty or usual left out.
//! Most of a state is empty, and it is read and written with every event. The form before, with every field named and
//! instants as text, is still read.

/// Whether a value is what is read where none is written.
pub(crate) fn usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// An instant as a number.
pub(crate) mod instant {
    use std::fmt;

    use serde::de::{Error, Visitor};
    use serde::{Deserialize, Deserializer, Serializer};
    use shuke_kernel::Instant;

    pub fn serialize<S: Serializer>(at: &Instant, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_i64(at.micros())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Instant, D::Error> {
        d.deserialize_any(Either)
    }

    /// Either form.
    pub(super) struct At(pub(super) Instant);

    impl<'de> Deserialize<'de> for At {
        fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
            deserialize(d).map(Self)
        }
    }

    struct Either;

    impl Visitor<'_> for Either {
        type Value = Instant;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("microseconds, or a time as text")
        }

        fn visit_i64<E: Error>(self, micros: i64) -> Result<Instant, E> {
            Ok(Instant::from_micros(micros))
        }

        fn visit_u64<E: Error>(self, micros: u64) -> Result<Instant, E> {
            i64::try_from(micros).map(Instant::from_micros).map_err(E::custom)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Instant, E> {
            text.parse().map_err(|_| E::custom("this is no time"))
        }
    }
}

/// An instant, or none.
pub(crate) mod instant_if_any {
    use serde::{Deserialize, Deserializer, Serializer};
    use shuke_kernel::Instant;

    pub fn serialize<S: Serializer>(at: &Option<Instant>, s: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => s.serialize_some(&at.micros()),
            None => s.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Instant>, D::Error> {
        Ok(Option::<super::instant::At>::deserialize(d)?.map(|at| at.0))
    }
}

#[cfg(test)]
mod tests {
    use crate::State;

    const BEFORE: &str = r#"{"clock":"2026-11-27T08:00:00.123456Z","version":2,"origin":"2026-01-02T03:04:05Z",
        "member":{"birthday":"1990-05-06","joined":"2025-12-31T16:00:00Z"},"accounts":[128,100,0,-378,150,0,0,0],
        "lots":{"made":1,"here":{"0":{"id":"adjust:a","made":"2026-02-02T00:00:00Z","last_day":"2027-02-02","left":100,"ended":0}}},
        "owed":[{"by":{"Spend":"s"},"points":7}],
        "orders":{"o":{"net":12800,"paid":"2026-11-26T00:00:00Z","earned":128,"refunded":0,"returned":false,"closed":false,"reversed":0,
            "pending":128,"completed":true,"final_at":"2026-11-27T00:00:00Z","lot":null}},
        "waiting":{},"bought":true,"spends":{"s":{"from":[[0,150]],"unfunded":7,"over":false}},"holds":{},
        "caps":{"base":{"period":"2026-11-01","parts":128,"unit":1}},"check_in":null,"birthday_given":2026,"last_visit":null,
        "growth":{"0":["2026-03-03T00:00:00Z",5]},"grown":1,"far":{"orders":1,"net":5,"grown":0,"growth":0,"until":"2025-01-01T00:00:00Z"},
        "standing":{"tier":1,"last_day":"2027-11-27","grace":null,"entered":"2026-11-27T00:00:00Z",
            "before":[{"tier":0,"last_day":null,"grace":null,"entered":"2026-01-02T03:04:05Z"}],"rewards":{"gold":[1,"2027-11-28T00:00:00Z"]}},
        "coupons":{"all":{},"given":{}},"strain":0,
        "agenda":[{"due":"2027-02-02T16:00:00Z","what":{"LotEnd":0},"seq":0},{"due":"2027-11-27T16:00:00Z","what":"TierEnd","seq":1}],
        "jobs":2,"absorbed":false,"into":null}"#;

    #[test]
    fn the_form_before_is_read_and_the_short_one_says_the_same() {
        let state: State = serde_json::from_str(BEFORE).unwrap();
        assert_eq!(state.clock.micros(), 1_795_766_400_123_456);
        assert_eq!((state.orders["o"].final_at.is_some(), state.standing.tier, state.agenda.len()), (true, 1, 2));
        let text = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
        let packed: String = BEFORE.split_whitespace().collect();
        assert!(text.len() * 4 < packed.len() * 3, "{} of {}: {text}", text.len(), packed.len());
    }
}
