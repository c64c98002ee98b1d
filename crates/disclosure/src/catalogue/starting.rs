//! Catalogues to start from, one file per kind of agency and one for all fields of work.

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;

use super::LineContent;
use crate::accounts::AgencyKind;

/// A catalogue to start from.
#[derive(Clone, Debug)]
pub struct Starting {
    /// `town`, `bureau_finance` …
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
    /// 公开时限; the 20 working days of article 26 unless the law says otherwise.
    #[serde(default = "within_20_working_days")]
    pub time_limit: String,
    pub period_days: Option<i64>,
    #[serde(default)]
    pub channels: String,
    #[serde(default)]
    pub office: String,
    /// 一级事项.
    #[serde(default)]
    pub topic: String,
    /// 公开对象; empty: everyone.
    #[serde(default)]
    pub audience: String,
    /// 公开方式: `proactive` or `on_request`.
    #[serde(default = "proactive")]
    pub method: String,
    /// 公开层级.
    #[serde(default)]
    pub levels: String,
}

impl StartingLine {
    /// As it is stored.
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
            method: self.method.clone(),
            levels: self.levels.clone(),
        }
    }

    /// Whether agencies of this kind publish it: towns and subdistricts what is published at 乡级 and 村级, the others what
    /// is at 县级; a line without a level is everyone's.
    pub fn is_of(&self, kind: Option<AgencyKind>) -> bool {
        let own: &[&str] = match kind {
            Some(AgencyKind::Town | AgencyKind::Subdistrict) => &["乡级", "村级"],
            _ => &["县级"],
        };
        self.levels.is_empty() || own.iter().any(|level| self.levels.contains(level))
    }
}

fn within_20_working_days() -> String {
    "信息形成或者变更之日起20个工作日内".into()
}

fn proactive() -> String {
    "proactive".into()
}

/// A catalogue as it is written down: what its lines have in common stands once.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    name: String,
    title: String,
    #[serde(default)]
    office: String,
    #[serde(default)]
    levels: String,
    #[serde(default)]
    channels: String,
    lines: Vec<StartingLine>,
}

impl Written {
    fn read(self, usual_channels: &str) -> Starting {
        let channels = if self.channels.is_empty() { usual_channels } else { &self.channels };
        let mut lines = self.lines;
        for line in &mut lines {
            for (own, common) in [
                (&mut line.office, self.office.as_str()),
                (&mut line.levels, self.levels.as_str()),
                (&mut line.channels, channels),
            ] {
                if own.is_empty() {
                    common.clone_into(own);
                }
            }
        }
        Starting { name: self.name, title: self.title, lines }
    }
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

static FIELDS: LazyLock<Result<Vec<Starting>, String>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Fields {
        fields: Vec<Written>,
    }
    let mut all = Vec::new();
    for text in [include_str!("data/fields_01_13.toml"), include_str!("data/fields_14_26.toml")] {
        let read: Fields =
            toml::from_str(text).map_err(|error| format!("the catalogues of fields: {error}"))?;
        all.extend(read.fields.into_iter().map(|field| field.read("政府网站、政务新媒体、公开查阅点")));
    }
    Ok(all)
});

/// 试点领域标准目录 — the 26 fields of work whose matters counties and towns publish by a common table. 国办发〔2019〕54号.
pub fn field_catalogues() -> anyhow::Result<&'static [Starting]> {
    FIELDS.as_deref().map_err(|error| anyhow::anyhow!("{error}"))
}

/// A starting catalogue by name, of a kind of agency or of a field of work; `None` when there is no such.
pub fn find_starting(name: &str) -> anyhow::Result<Option<Starting>> {
    if let Some(field) = field_catalogues()?.iter().find(|field| field.name == name) {
        return Ok(Some(field.clone()));
    }
    let Some((_, text)) = FILES.iter().find(|(known, _)| *known == name) else { return Ok(None) };
    let written: Written =
        toml::from_str(text).map_err(|e| anyhow::anyhow!("starting catalogue {name}: {e}"))?;
    Ok(Some(Starting { name: name.to_owned(), ..written.read("政府网站") }))
}

/// A starting catalogue that is known to exist.
pub fn starting(name: &str) -> anyhow::Result<Starting> {
    find_starting(name)?.ok_or_else(|| anyhow::anyhow!("no starting catalogue {name:?}"))
}
