//! Catalogues to start from, one file per kind of agency or field of work.

use serde::Deserialize;

use super::LineContent;

/// A catalogue to start from.
#[derive(Clone, Debug, Deserialize)]
pub struct Starting {
    /// `town`, `bureau_finance` …
    #[serde(skip)]
    pub name: String,
    /// For whom it is meant.
    pub title: String,
    pub lines: Vec<StartingLine>,
}

/// 公开事项, as the official standard catalogues lay it out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartingLine {
    pub code: String,
    pub category: String,
    pub title: String,
    pub elements: String,
    pub basis: String,
    pub time_limit: String,
    pub period_days: Option<i64>,
    #[serde(default = "site_only")]
    pub channels: String,
    pub office: String,
}

impl StartingLine {
    /// As it is stored: for everyone, on the agency's own accord.
    pub(super) fn content(&self) -> LineContent {
        LineContent {
            code: self.code.clone(),
            category: self.category.clone(),
            topic: String::new(),
            title: self.title.clone(),
            elements: self.elements.clone(),
            basis: self.basis.clone(),
            time_limit: self.time_limit.clone(),
            period_days: self.period_days,
            channels: self.channels.clone(),
            office: self.office.clone(),
            audience: String::new(),
            method: "proactive".into(),
            levels: String::new(),
        }
    }
}

fn site_only() -> String {
    "政府网站".into()
}

const FILES: &[(&str, &str)] = &[
    ("common", include_str!("data/common.toml")),
    ("district_office", include_str!("data/district_office.toml")),
    ("government", include_str!("data/government.toml")),
    ("bureau_finance", include_str!("data/bureau_finance.toml")),
    ("bureau_civil_affairs", include_str!("data/bureau_civil_affairs.toml")),
    ("town", include_str!("data/town.toml")),
    ("subdistrict", include_str!("data/subdistrict.toml")),
];

/// The names of all starting catalogues. `common` is for every agency; the others add to it.
pub fn starting_names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}

/// A starting catalogue by name.
pub fn starting(name: &str) -> anyhow::Result<Starting> {
    let (_, text) = FILES
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| anyhow::anyhow!("no starting catalogue {name:?}"))?;
    let mut catalogue: Starting =
        toml::from_str(text).map_err(|e| anyhow::anyhow!("starting catalogue {name}: {e}"))?;
    name.clone_into(&mut catalogue.name);
    Ok(catalogue)
}
