//! Words for entries: themes from `themes.toml`, filled with places, numbers and dates.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::super::Dice;
use super::super::district::Office;

/// What an agency writes about, and how often.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Theme {
    /// Code of the catalogue line.
    pub(super) line: String,
    pub(super) genre: String,
    pub(super) when: String,
    /// The kinds of agency that write it; all that have the line when it is empty.
    #[serde(default)]
    pub(super) kinds: Vec<String>,
    pub(super) titles: Vec<String>,
    pub(super) summary: String,
    pub(super) body: Vec<String>,
    /// For `{t}`.
    #[serde(default)]
    pub(super) words: Vec<String>,
    /// Whether it has a document number.
    #[serde(default)]
    pub(super) number: bool,
    /// The file that comes with every entry of this theme.
    pub(super) attachment: Option<String>,
    pub(super) class: Option<String>,
    pub(super) reason: Option<String>,
}

pub(super) fn themes() -> anyhow::Result<Vec<Theme>> {
    #[derive(Deserialize)]
    struct File {
        theme: Vec<Theme>,
    }
    Ok(toml::from_str::<File>(include_str!("themes.toml"))?.theme)
}

/// Villages and neighbourhoods, by agency code; all invented.
fn places(code: &str) -> (&'static str, &'static [&'static str]) {
    match code {
        "songxi" => {
            ("松溪镇", &["溪口村", "松林村", "古渡村", "石桥村", "梅坞村", "上塘村", "竹园村", "松溪社区"])
        }
        "bailu" => ("白鹭镇", &["湖滨村", "芦荡村", "渔港村", "新圩村", "荷花村", "北湖村", "鹭鸣社区"]),
        "yunqi" => ("云栖镇", &["云栖村", "岭脚村", "茶场村", "望岭村", "石屏村", "山前社区"]),
        "liuan" => ("柳岸街道", &["柳堤社区", "槐荫社区", "和畅社区", "文昌社区", "南苑社区", "锦绣社区"]),
        _ => (
            "青禾区",
            &[
                "松溪镇溪口村",
                "白鹭镇湖滨村",
                "云栖镇山前社区",
                "柳岸街道槐荫社区",
                "柳岸街道南苑社区",
                "白鹭镇新圩村",
            ],
        ),
    }
}

const ROADS: &[&str] = &[
    "禾丰大道",
    "青云路",
    "溪口街",
    "湖滨路",
    "山前路",
    "柳堤路",
    "文昌路",
    "稻香路",
    "新河路",
    "望岭路",
    "和畅街",
    "学府路",
];
const FIRMS: &[&str] = &[
    "青禾禾丰建设有限公司",
    "青禾云溪工程有限公司",
    "松溪绿野农业有限公司",
    "白鹭湖环境服务有限公司",
    "柳岸安居物业有限公司",
    "云栖山水规划设计有限公司",
    "青禾众诚评估有限公司",
    "禾润粮油专业合作社",
    "青禾智联信息技术有限公司",
    "溪畔餐饮管理有限公司",
];

/// The values of one entry; a named value says the same each time.
pub(super) struct Filler<'a> {
    values: HashMap<String, String>,
    dice: &'a mut Dice,
}

impl<'a> Filler<'a> {
    /// `about` is a day of the period the entry is about; `made_on` the day it was made.
    pub(super) fn new(
        dice: &'a mut Dice,
        office: &Office,
        theme: &Theme,
        made_on: Date,
        about: Date,
        document_number: &str,
    ) -> Filler<'a> {
        let (place, villages) = places(&office.agency.code);
        let first = dice.between(0, villages.len() as i64 - 1) as usize;
        let step = dice.between(1, villages.len() as i64 - 1) as usize;
        let firm = dice.between(0, FIRMS.len() as i64 - 1) as usize;
        let mut values = HashMap::new();
        let mut put = |name: &str, value: String| values.insert(name.to_owned(), value);
        put("y", about.year().to_string());
        put("py", (about.year() - 1).to_string());
        put("ny", (about.year() + 1).to_string());
        put("m", made_on.month().to_string());
        put("d", made_on.day().to_string());
        put("pm", about.month().to_string());
        put("q", ["一", "二", "三", "四"][usize::from(about.month().unsigned_abs() - 1) / 3].to_owned());
        put("a", office.agency.name.clone());
        put("p", place.to_owned());
        put("phone", office.agency.phone.clone());
        put("addr", office.agency.address.clone());
        put("v", villages[first].to_owned());
        put("v2", villages[(first + step) % villages.len()].to_owned());
        put("co", FIRMS[firm].to_owned());
        put("co2", FIRMS[(firm + 3) % FIRMS.len()].to_owned());
        put("no", document_number.to_owned());
        put("road", (*dice.pick(ROADS)).to_owned());
        if !theme.words.is_empty() {
            put("t", dice.pick(&theme.words).clone());
        }
        Filler { values, dice }
    }

    /// The text with every `{name}` and `{name:low-high}` filled.
    pub(super) fn fill(&mut self, text: &str) -> anyhow::Result<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) =
                after.split_once('}').ok_or_else(|| anyhow::anyhow!("an open brace in {text:?}"))?;
            out.push_str(before);
            out.push_str(&self.value(name)?);
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn value(&mut self, name: &str) -> anyhow::Result<String> {
        let (name, range) = name.split_once(':').unwrap_or((name, ""));
        if let Some(value) = self.values.get(name) {
            return Ok(value.clone());
        }
        let (low, high) = range.split_once('-').ok_or_else(|| anyhow::anyhow!("nothing called {name:?}"))?;
        let (low, high): (i64, i64) = (low.parse()?, high.parse()?);
        let value = if name.starts_with('w') {
            format!("{}.{:02}", self.dice.between(low, high - 1), self.dice.between(0, 99))
        } else {
            self.dice.between(low, high).to_string()
        };
        self.values.insert(name.to_owned(), value.clone());
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_can_be_read_and_stand_under_lines_that_exist() {
        let lines: Vec<_> = gongkai_disclosure::catalogue::starting_names()
            .flat_map(|name| gongkai_disclosure::catalogue::starting(name).unwrap().lines)
            .map(|line| line.code)
            .collect();
        for theme in themes().unwrap() {
            assert!(lines.contains(&theme.line), "{}", theme.line);
            assert!(
                gongkai_disclosure::publishing::Genre::from_code(&theme.genre).is_some(),
                "{}",
                theme.genre
            );
            assert!(!theme.titles.is_empty() && theme.body.len() >= 2, "{}", theme.line);
            let says_t = format!("{:?}{}{:?}", theme.titles, theme.summary, theme.body).contains("{t}");
            assert_eq!(says_t, !theme.words.is_empty(), "{} {:?}", theme.line, theme.titles);
        }
    }
}
