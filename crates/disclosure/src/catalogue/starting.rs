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
    /// 一级事项.
    #[serde(default)]
    pub topic: String,
    /// 公开对象; empty: everyone.
    #[serde(default)]
    pub audience: String,
    /// 公开层级.
    #[serde(default)]
    pub levels: String,
}

impl StartingLine {
    /// As it is stored: on the agency's own accord.
    pub(super) fn content(&self) -> LineContent {
        LineContent {
            code: self.code.clone(),
            category: self.category.clone(),
            topic: self.topic.clone(),
            title: self.title.clone(),
            elements: self.elements.clone(),
            basis: self.basis.clone(),
            time_limit: self.time_limit.clone(),
            period_days: self.period_days,
            channels: self.channels.clone(),
            office: self.office.clone(),
            audience: self.audience.clone(),
            method: "proactive".into(),
            levels: self.levels.clone(),
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

/// 试点领域标准目录 — the 26 fields of work whose matters counties and towns publish by a common table. 国办发〔2019〕54号.
pub fn field_catalogues() -> anyhow::Result<Vec<Starting>> {
    #[derive(Deserialize)]
    struct Field {
        name: String,
        title: String,
        lines: Vec<StartingLine>,
    }
    #[derive(Deserialize)]
    struct All {
        fields: Vec<Field>,
    }
    let all: All = toml::from_str(include_str!("data/fields.toml"))
        .map_err(|e| anyhow::anyhow!("the catalogues of fields: {e}"))?;
    let field = |field: Field| Starting { name: field.name, title: field.title, lines: field.lines };
    Ok(all.fields.into_iter().map(field).collect())
}

/// A starting catalogue by name, of a kind of agency or of a field of work.
pub fn starting(name: &str) -> anyhow::Result<Starting> {
    if name.starts_with("field_") {
        let found = field_catalogues()?.into_iter().find(|field| field.name == name);
        return found.ok_or_else(|| anyhow::anyhow!("no starting catalogue {name:?}"));
    }
    let (_, text) = FILES
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| anyhow::anyhow!("no starting catalogue {name:?}"))?;
    let mut catalogue: Starting =
        toml::from_str(text).map_err(|e| anyhow::anyhow!("starting catalogue {name}: {e}"))?;
    name.clone_into(&mut catalogue.name);
    Ok(catalogue)
}
