//! 门户的颜色 — the colours a portal can have. Each is a set of our design tokens that a test holds to WCAG contrast, by
//! day and by night, so no portal can be set to colours that cannot be read. Red is not among them: it says 逾期.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Palette {
    /// 黛青, the house's own.
    #[default]
    Teal,
    /// 松绿
    Pine,
    /// 靛蓝
    Indigo,
    /// 紫棠
    Violet,
    /// 赭石
    Umber,
    /// 石青
    Slate,
}

impl Palette {
    pub const ALL: [Palette; 6] =
        [Palette::Teal, Palette::Pine, Palette::Indigo, Palette::Violet, Palette::Umber, Palette::Slate];

    /// As it is set, and as the style sheet calls it; the house's own needs no name there.
    pub fn code(self) -> &'static str {
        match self {
            Palette::Teal => "teal",
            Palette::Pine => "pine",
            Palette::Indigo => "indigo",
            Palette::Violet => "violet",
            Palette::Umber => "umber",
            Palette::Slate => "slate",
        }
    }

    /// Whether a style sheet of its own is needed.
    pub fn is_own(self) -> bool {
        self != Palette::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const HOUSE: &str = include_str!("../assets/gongkai.css");
    const PALETTES: &str = include_str!("../assets/palettes.css");

    /// The tokens of the rule that begins with this selector.
    fn tokens<'a>(css: &'a str, selector: &str) -> HashMap<&'a str, &'a str> {
        let at = css.find(&format!("{selector} {{")).unwrap_or_else(|| panic!("no {selector}"));
        let rule = &css[at..];
        let rule = &rule[rule.find('{').unwrap() + 1..];
        rule[..rule.find('}').unwrap()]
            .split(';')
            .filter_map(|line| line.rsplit_once("--")?.1.split_once(':'))
            .map(|(name, value)| (name.trim(), value.trim()))
            .collect()
    }

    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        assert!(colour.len() == 7 && colour.starts_with('#'), "{colour}");
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    /// Words and what they stand on.
    const READ: [(&str, &[&str]); 6] = [
        ("accent", &["paper", "surface", "accent-soft", "wash", "wash-2"]),
        ("accent-ink", &["paper", "surface", "accent-soft", "wash", "wash-2"]),
        ("ink", &["accent-soft", "wash", "wash-2"]),
        ("ink-2", &["accent-soft", "wash", "wash-2"]),
        ("on-deep", &["accent-deep"]),
        ("on-deep-2", &["accent-deep"]),
    ];

    #[test]
    fn every_palette_can_be_read_by_day_and_by_night() {
        let day = tokens(HOUSE, ":root");
        let night = tokens(HOUSE, ":root[data-theme=\"dark\"]");
        for palette in Palette::ALL {
            let selector = format!(":root[data-palette=\"{}\"]", palette.code());
            for (is_dark, name) in [(false, "day"), (true, "night")] {
                let mut all = day.clone();
                if is_dark {
                    all.extend(night.clone());
                }
                if palette.is_own() {
                    all.extend(tokens(PALETTES, &selector));
                }
                if palette.is_own() && is_dark {
                    let chosen = tokens(PALETTES, &format!("{selector}[data-theme=\"dark\"]"));
                    let by_system = tokens(PALETTES, &format!("{selector}:not([data-theme])"));
                    assert_eq!(chosen, by_system, "{palette:?}");
                    all.extend(chosen);
                }
                let check = |words: &str, under: &str, least: f64| {
                    let reached = contrast(words, under);
                    assert!(reached >= least, "{palette:?} by {name}: {words} on {under} is {reached:.2}:1");
                };
                for (words, unders) in READ {
                    unders.iter().for_each(|under| check(all[words], all[under], 4.5));
                }
                ["accent-fill", "accent-fill-2", "accent-deep"]
                    .iter()
                    .for_each(|under| check("#ffffff", all[under], 4.5));
                // The mark of the part one is in.
                check(all["deep-mark"], all["accent-deep"], 3.0);
            }
        }
    }

    #[test]
    fn a_palette_is_called_the_same_everywhere() {
        for palette in Palette::ALL {
            assert_eq!(serde_json::to_value(palette).unwrap(), palette.code());
        }
    }
}
