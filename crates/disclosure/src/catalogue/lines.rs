//! A line of the catalogue as it is typed, and what it becomes.

use serde::{Deserialize, Serialize};

use super::{CatalogueRefusal as R, Line, category_label, category_provision};

/// What an officer types of a line, kept as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedLine {
    /// Empty: the next free one is given.
    pub code: String,
    /// Code of a duty in article 20 or 21, or its words.
    pub category: String,
    /// 一级事项.
    pub topic: String,
    /// 二级事项.
    pub title: String,
    pub elements: String,
    pub basis: String,
    pub time_limit: String,
    /// Days, or empty: on occasion.
    pub period: String,
    pub channels: String,
    pub office: String,
    /// 特定群体; empty: 全社会.
    pub audience: String,
    /// `proactive` or `on_request`.
    pub method: String,
    /// 公开层级.
    pub levels: String,
}

/// A line that can be stored. Its earlier states are kept in this form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineContent {
    pub code: String,
    pub category: String,
    pub topic: String,
    pub title: String,
    pub elements: String,
    pub basis: String,
    pub time_limit: String,
    pub period_days: Option<i64>,
    pub channels: String,
    pub office: String,
    pub audience: String,
    pub method: String,
    pub levels: String,
}

impl TypedLine {
    /// Everything that is wrong with it at once.
    pub fn read(&self) -> Result<LineContent, Vec<R>> {
        let mut reasons = Vec::new();
        let text = |value: &str| value.split_whitespace().collect::<Vec<_>>().join(" ");
        for (field, label, value, most) in [
            ("code", "编号", &self.code, 20),
            ("topic", "一级事项", &self.topic, 60),
            ("title", "公开事项", &self.title, 100),
            ("elements", "公开内容", &self.elements, 1000),
            ("basis", "公开依据", &self.basis, 1000),
            ("time_limit", "公开时限", &self.time_limit, 300),
            ("channels", "公开渠道和载体", &self.channels, 300),
            ("office", "责任部门", &self.office, 60),
            ("audience", "公开对象", &self.audience, 100),
            ("levels", "公开层级", &self.levels, 40),
        ] {
            if value.chars().count() > most {
                reasons.push(R::TooLong { field, label, most });
            }
        }
        for (field, label, value) in [
            ("title", "公开事项", &self.title),
            ("elements", "公开内容", &self.elements),
            ("basis", "公开依据", &self.basis),
            ("time_limit", "公开时限", &self.time_limit),
            ("office", "责任部门", &self.office),
        ] {
            if value.trim().is_empty() {
                reasons.push(R::Blank { field, label });
            }
        }
        let category = category_code(&self.category);
        if category.is_none() {
            reasons.push(R::CategoryUnknown(self.category.trim().to_owned()));
        }
        let period = self.period.trim();
        let period_days = match period {
            "" => None,
            days => match days.parse::<i64>() {
                Ok(days @ 1..=3660) => Some(days),
                _ => {
                    reasons.push(R::PeriodUnreadable);
                    None
                }
            },
        };
        if !matches!(self.method.as_str(), "" | "proactive" | "on_request") {
            reasons.push(R::MethodUnknown);
        }
        match category {
            Some(category) if reasons.is_empty() => Ok(LineContent {
                code: text(&self.code),
                category,
                topic: text(&self.topic),
                title: text(&self.title),
                elements: self.elements.trim().to_owned(),
                basis: self.basis.trim().to_owned(),
                time_limit: text(&self.time_limit),
                period_days,
                channels: text(&self.channels),
                office: text(&self.office),
                audience: text(&self.audience),
                method: if self.method.is_empty() { "proactive".into() } else { self.method.clone() },
                levels: text(&self.levels),
            }),
            _ => Err(reasons),
        }
    }
}

/// The code of a duty by its code or its words.
fn category_code(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if category_provision(typed).is_some() {
        return Some(typed.to_owned());
    }
    super::category_codes().find(|code| category_label(code) == typed).map(str::to_owned)
}

impl LineContent {
    pub fn typed(&self) -> TypedLine {
        let content = self.clone();
        TypedLine {
            code: content.code,
            category: content.category,
            topic: content.topic,
            title: content.title,
            elements: content.elements,
            basis: content.basis,
            time_limit: content.time_limit,
            period: content.period_days.map(|days| days.to_string()).unwrap_or_default(),
            channels: content.channels,
            office: content.office,
            audience: content.audience,
            method: content.method,
            levels: content.levels,
        }
    }

    /// Every field by its name, in the order of the customary table.
    pub fn fields(&self) -> [(&'static str, String); 13] {
        [
            ("编号", self.code.clone()),
            ("条例规定的类别", category_label(&self.category)),
            ("一级事项", self.topic.clone()),
            ("公开事项", self.title.clone()),
            ("公开内容（要素）", self.elements.clone()),
            ("公开依据", self.basis.clone()),
            ("公开时限", self.time_limit.clone()),
            ("更新周期（天）", self.period_days.map(|days| days.to_string()).unwrap_or_default()),
            ("责任部门", self.office.clone()),
            ("公开渠道和载体", self.channels.clone()),
            ("公开对象", if self.audience.is_empty() { "全社会".into() } else { self.audience.clone() }),
            ("公开方式", method_label(&self.method).to_owned()),
            ("公开层级", self.levels.clone()),
        ]
    }

    /// What differs: field, before, after.
    pub fn changes(&self, after: &LineContent) -> Vec<(&'static str, String, String)> {
        self.fields()
            .into_iter()
            .zip(after.fields())
            .filter(|((_, before), (_, after))| before != after)
            .map(|((label, before), (_, after))| (label, before, after))
            .collect()
    }
}

/// 公开方式.
pub fn method_label(code: &str) -> &'static str {
    if code == "on_request" { "依申请公开" } else { "主动公开" }
}

impl Line {
    pub fn content(&self) -> LineContent {
        let line = self.clone();
        LineContent {
            code: line.code,
            category: line.category,
            topic: line.topic,
            title: line.title,
            elements: line.elements,
            basis: line.basis,
            time_limit: line.time_limit,
            period_days: line.period_days,
            channels: line.channels,
            office: line.responsible_office,
            audience: line.audience,
            method: line.method,
            levels: line.levels,
        }
    }
}
