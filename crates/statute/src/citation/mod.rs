//! Citations: which provision a rule rests on, printed as the law prints it, and proved to exist.
//!
//! ```
//! use gongkai_statute::{cite, citation::resolve};
//! let reply_period = cite!(Ogi, 33, 2);
//! assert_eq!(reply_period.to_string(), "《中华人民共和国政府信息公开条例》第三十三条第二款");
//! assert!(resolve(&reply_period).is_some());
//! ```

mod numerals;
mod registry;

use std::fmt;

pub use numerals::chinese_numeral;
pub use registry::{Evidence, InstrumentRecord, Provision, all_instruments, resolve};

/// 法律文件 — an instrument of law this crate rests on. Each has a file under `law/`; the yearly holiday
/// notices stand with their calendars under `law/calendar/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Instrument {
    /// 政府信息公开条例 (2019).
    Ogi,
    /// 政府信息公开信息处理费管理办法, 国办函〔2020〕109号.
    FeeMeasure,
    /// 行政复议法 (2023).
    ReconsiderationLaw,
    /// 行政诉讼法 (2017).
    LitigationLaw,
    /// 最高人民法院关于审理政府信息公开行政案件适用法律若干问题的解释, 法释〔2025〕8号.
    LitigationInterpretation,
    /// 民法典 (2020), on counting periods.
    CivilCode,
    /// 立法法 (2023): who may make 规章.
    LegislationLaw,
    /// 政府信息公开工作年度报告格式（试行）, 国办公开办函〔2019〕60号.
    ReportForm2019,
    /// 政府信息公开工作年度报告格式, 国办公开办函〔2021〕30号.
    ReportForm2021,
    /// 全国年节及纪念日放假办法.
    HolidayMeasure,
    /// 国务院关于职工工作时间的规定: Saturday and Sunday are the weekly rest days of state organs.
    WorkingHours,
    /// 保守国家秘密法 (2024).
    SecretsLaw,
    /// 国务院办公厅关于某年部分节假日安排的通知 — the yearly holiday notice.
    HolidayNotice(i16),
    /// 自治区自行规定的放假 — days off declared by a region (first two digits of its code), e.g. 64 宁夏.
    RegionalNotice(u8),
}

impl Instrument {
    /// Every instrument with a file of its own under `law/`.
    pub const FILED: [Instrument; 12] = [
        Instrument::Ogi,
        Instrument::FeeMeasure,
        Instrument::ReconsiderationLaw,
        Instrument::LitigationLaw,
        Instrument::LitigationInterpretation,
        Instrument::CivilCode,
        Instrument::LegislationLaw,
        Instrument::ReportForm2019,
        Instrument::ReportForm2021,
        Instrument::HolidayMeasure,
        Instrument::WorkingHours,
        Instrument::SecretsLaw,
    ];

    /// The stable code: the name of its file, and the word used in `law/parameters.toml`.
    pub fn code(self) -> String {
        match self {
            Instrument::Ogi => "ogi".into(),
            Instrument::FeeMeasure => "fee_measure".into(),
            Instrument::ReconsiderationLaw => "reconsideration_law".into(),
            Instrument::LitigationLaw => "litigation_law".into(),
            Instrument::LitigationInterpretation => "litigation_interpretation".into(),
            Instrument::CivilCode => "civil_code".into(),
            Instrument::LegislationLaw => "legislation_law".into(),
            Instrument::ReportForm2019 => "report_form_2019".into(),
            Instrument::ReportForm2021 => "report_form_2021".into(),
            Instrument::HolidayMeasure => "holiday_measure".into(),
            Instrument::WorkingHours => "working_hours".into(),
            Instrument::SecretsLaw => "secrets_law".into(),
            Instrument::HolidayNotice(year) => format!("holiday_notice_{year}"),
            Instrument::RegionalNotice(region) => format!("regional_notice_{region}"),
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::FILED.into_iter().find(|instrument| instrument.code() == code)
    }
}

/// How an instrument is named in a citation: 《名称》 for law, the document number for the report forms.
impl fmt::Display for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Instrument::HolidayNotice(year) => write!(f, "《国务院办公厅关于{year}年部分节假日安排的通知》"),
            Instrument::RegionalNotice(_) => f.write_str(registry::title(*self).unwrap_or("自治区放假通知")),
            Instrument::ReportForm2019 => f.write_str("国办公开办函〔2019〕60号"),
            Instrument::ReportForm2021 => f.write_str("国办公开办函〔2021〕30号"),
            filed => write!(f, "《{}》", registry::title(*filed).unwrap_or("?")),
        }
    }
}

/// 引用的条文 — one provision: article, paragraph (款) and item (项), or an annex (附表).
/// Build it with [`cite!`](crate::cite); `None` means the part is not named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    pub instrument: Instrument,
    pub article: Option<u16>,
    pub paragraph: Option<u8>,
    pub item: Option<u8>,
    pub annex: Option<u8>,
}

impl Citation {
    /// The instrument as a whole.
    pub const fn whole(instrument: Instrument) -> Self {
        Citation { instrument, article: None, paragraph: None, item: None, annex: None }
    }

    /// The place within the instrument as `law/*.toml` writes it: `33.2`, `36(4)`, `23.1(4)`, `annex 3`, or empty.
    pub fn locator(&self) -> String {
        let mut text = String::new();
        if let Some(article) = self.article {
            text += &article.to_string();
        }
        if let Some(paragraph) = self.paragraph {
            text += &format!(".{paragraph}");
        }
        if let Some(item) = self.item {
            text += &format!("({item})");
        }
        if let Some(annex) = self.annex {
            text += &format!("annex {annex}");
        }
        text
    }

    /// Reads `ogi 33.2`: the code of the instrument, then the locator.
    pub fn parse(text: &str) -> Option<Self> {
        let (code, locator) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        Self::at(Instrument::from_code(code)?, locator)
    }

    /// Reads a locator within `instrument`.
    fn at(instrument: Instrument, locator: &str) -> Option<Self> {
        let mut citation = Citation::whole(instrument);
        if locator.is_empty() {
            return Some(citation);
        }
        if let Some(annex) = locator.strip_prefix("annex ") {
            citation.annex = Some(annex.parse().ok()?);
            return Some(citation);
        }
        let place = match locator.split_once('(') {
            Some((place, item)) => {
                citation.item = Some(item.strip_suffix(')')?.parse().ok()?);
                place
            }
            None => locator,
        };
        let article = match place.split_once('.') {
            Some((article, paragraph)) => {
                citation.paragraph = Some(paragraph.parse().ok()?);
                article
            }
            None => place,
        };
        citation.article = Some(article.parse().ok()?);
        Some(citation)
    }

    /// The citation without the name of its instrument: 第三十三条第二款.
    pub fn place(&self) -> String {
        let mut text = String::new();
        if let Some(article) = self.article {
            text += &format!("第{}条", chinese_numeral(article));
        }
        if let Some(paragraph) = self.paragraph {
            text += &format!("第{}款", chinese_numeral(paragraph.into()));
        }
        if let Some(item) = self.item {
            text += &format!("第{}项", chinese_numeral(item.into()));
        }
        text
    }
}

/// 《中华人民共和国政府信息公开条例》第三十三条第二款; 国办公开办函〔2021〕30号 附表三.
impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.instrument, self.place())?;
        match self.annex {
            Some(annex) => write!(f, " 附表{}", chinese_numeral(annex.into())),
            None => Ok(()),
        }
    }
}

/// Serialises as the printed citation.
impl serde::Serialize for Citation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Builds a [`Citation`](crate::citation::Citation): `cite!(Ogi, 33, 2)` is article 33 paragraph 2,
/// `cite!(Ogi, 36, (4))` item 4 of article 36, `cite!(ReconsiderationLaw, 23, 1, (4))` both,
/// `cite!(ReportForm2021, annex 3)` an annex, `cite!(FeeMeasure)` the whole instrument.
#[macro_export]
macro_rules! cite {
    ($instrument:ident) => {
        $crate::citation::Citation::whole($crate::citation::Instrument::$instrument)
    };
    ($instrument:ident, annex $annex:literal) => {
        $crate::citation::Citation { annex: Some($annex), ..$crate::cite!($instrument) }
    };
    ($instrument:ident, $article:literal) => {
        $crate::citation::Citation { article: Some($article), ..$crate::cite!($instrument) }
    };
    ($instrument:ident, $article:literal, ($item:literal)) => {
        $crate::citation::Citation { item: Some($item), ..$crate::cite!($instrument, $article) }
    };
    ($instrument:ident, $article:literal, $paragraph:literal) => {
        $crate::citation::Citation { paragraph: Some($paragraph), ..$crate::cite!($instrument, $article) }
    };
    ($instrument:ident, $article:literal, $paragraph:literal, ($item:literal)) => {
        $crate::citation::Citation { item: Some($item), ..$crate::cite!($instrument, $article, $paragraph) }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_the_law_does() {
        let printed = |citation: Citation| citation.to_string();
        assert_eq!(printed(cite!(Ogi, 33, 2)), "《中华人民共和国政府信息公开条例》第三十三条第二款");
        assert_eq!(printed(cite!(Ogi, 36, (4))), "《中华人民共和国政府信息公开条例》第三十六条第四项");
        assert_eq!(
            printed(cite!(ReconsiderationLaw, 23, 1, (4))),
            "《中华人民共和国行政复议法》第二十三条第一款第四项"
        );
        assert_eq!(printed(cite!(ReportForm2021, annex 3)), "国办公开办函〔2021〕30号 附表三");
        assert_eq!(
            printed(Citation::whole(Instrument::HolidayNotice(2024))),
            "《国务院办公厅关于2024年部分节假日安排的通知》"
        );
    }

    #[test]
    fn locators_are_read_back() {
        for citation in [
            cite!(Ogi),
            cite!(Ogi, 30),
            cite!(Ogi, 33, 2),
            cite!(Ogi, 36, (4)),
            cite!(ReconsiderationLaw, 23, 1, (4)),
            cite!(ReportForm2021, annex 3),
        ] {
            let text = format!("{} {}", citation.instrument.code(), citation.locator());
            assert_eq!(Citation::parse(&text), Some(citation), "{text}");
        }
        for wrong in ["", "nothing 3", "ogi x", "ogi 33.x", "ogi 36(4", "ogi 36(a)"] {
            assert_eq!(Citation::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_instrument_has_its_file_and_an_unknown_provision_does_not_resolve() {
        for instrument in Instrument::FILED {
            assert!(resolve(&Citation::whole(instrument)).is_some(), "{instrument:?}");
        }
        assert!(resolve(&cite!(Ogi, 99)).is_none());
        assert!(resolve(&cite!(Ogi, 33, 9)).is_none());
        assert!(resolve(&Citation::whole(Instrument::HolidayNotice(1999))).is_none());
    }
}
