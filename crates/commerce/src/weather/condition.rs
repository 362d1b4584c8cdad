//! What a day's weather was like, in one word.

/// Groups of weather, the worse the later: of a day that had several (晴转小雨) the worst is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Condition {
    /// 晴, 少云.
    Clear,
    /// 多云, 阴.
    Cloudy,
    /// 雾, 霾, 浮尘, 扬沙.
    Fog,
    /// Rain below 50 mm, thunderstorms.
    Rain,
    /// 雪, 雨夹雪.
    Snow,
    /// What the weather service warns of: 50 mm of rain in a day (暴雨) or more, 暴雪, 台风, 大风, 冰雹, 沙尘暴, 冻雨.
    Extreme,
}

/// Words of each group, the worst first. What a longer word stands for comes before the shorter one in it.
const WORDS: [(Condition, &[&str]); 6] = [
    (
        Condition::Extreme,
        &[
            "暴雨",
            "暴雪",
            "台风",
            "飓风",
            "热带风暴",
            "冰雹",
            "雹",
            "沙尘暴",
            "沙暴",
            "龙卷",
            "大风",
            "狂风",
            "风暴",
            "冻雨",
            "强对流",
            "typhoon",
            "hurricane",
            "tropicalstorm",
            "rainstorm",
            "torrential",
            "blizzard",
            "snowstorm",
            "hail",
            "sandstorm",
            "duststorm",
            "tornado",
            "gale",
            "freezingrain",
            "storm",
        ],
    ),
    (Condition::Snow, &["雪", "snow", "sleet", "flurries"]),
    (Condition::Rain, &["雨", "雷", "rain", "shower", "drizzle", "thunder"]),
    (Condition::Fog, &["雾", "霾", "浮尘", "扬沙", "沙尘", "fog", "mist", "haze", "smog", "dust", "smoke"]),
    (Condition::Cloudy, &["云", "阴", "cloud", "overcast"]),
    (Condition::Clear, &["晴", "clear", "sunny", "fair", "fine"]),
];

/// Said otherwise, or of what there was none.
const OTHERWISE: [(&str, &str); 9] = [
    ("thunderstorm", "thunder"),
    ("cloudless", "clear"),
    ("fewclouds", "clear"),
    ("无云", "晴"),
    ("少云", "晴"),
    ("无雨雪", ""),
    ("无雨", ""),
    ("无雪", ""),
    ("norain", ""),
];

/// From so much rain in a day on it is 暴雨, tenths of a millimetre.
const STORM: i64 = 500;

impl Condition {
    /// All of them, the worst last.
    pub const ALL: [Self; 6] = [Self::Clear, Self::Cloudy, Self::Fog, Self::Rain, Self::Snow, Self::Extreme];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Cloudy => "cloudy",
            Self::Fog => "fog",
            Self::Rain => "rain",
            Self::Snow => "snow",
            Self::Extreme => "extreme",
        }
    }

    /// The one of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }

    /// The worst that words of a day name, in Chinese or English; none where they name no weather.
    pub fn of_words(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase).collect();
        let plain = OTHERWISE.iter().fold(plain, |text, (said, meant)| text.replace(said, meant));
        WORDS.iter().find(|(_, words)| words.iter().any(|w| plain.contains(w))).map(|(condition, _)| *condition)
    }

    /// What so much rain (tenths of a millimetre) makes of a day whose highest temperature was that (tenths of
    /// a degree); none where there was none: it may have been clear or cloudy.
    pub fn of_rain(rain: i64, high: Option<i64>) -> Option<Self> {
        match rain {
            ..1 => None,
            STORM.. => Some(Self::Extreme),
            _ if high.is_some_and(|t| t <= 0) => Some(Self::Snow),
            _ => Some(Self::Rain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Condition::{self, Clear, Cloudy, Extreme, Fog, Rain, Snow};

    #[test]
    fn a_day_is_as_bad_as_the_worst_word_for_it() {
        for (text, condition) in [
            ("晴", Some(Clear)),
            ("晴间多云", Some(Cloudy)),
            ("少云", Some(Clear)),
            ("阴", Some(Cloudy)),
            ("雾霾", Some(Fog)),
            ("晴转小雨", Some(Rain)),
            ("多云 /雷阵雨", Some(Rain)),
            ("雨夹雪", Some(Snow)),
            ("大雪", Some(Snow)),
            ("大到暴雨", Some(Extreme)),
            ("暴雪", Some(Extreme)),
            ("台风", Some(Extreme)),
            ("沙尘暴", Some(Extreme)),
            ("浮尘", Some(Fog)),
            ("无雨", None),
            ("Sunny", Some(Clear)),
            ("Partly Cloudy", Some(Cloudy)),
            ("Light rain showers", Some(Rain)),
            ("Thunderstorms", Some(Rain)),
            ("Heavy snow", Some(Snow)),
            ("Dust storm", Some(Extreme)),
            ("北风3级", None),
            ("61", None),
            ("", None),
        ] {
            assert_eq!(Condition::of_words(text), condition, "{text}");
        }
    }

    #[test]
    fn rain_tells_where_words_do_not() {
        assert_eq!([0, 1, 499, 500].map(|mm| Condition::of_rain(mm, None)), [None, Some(Rain), Some(Rain), Some(Extreme)]);
        assert_eq!(Condition::of_rain(20, Some(-10)), Some(Snow));
    }
}
