//! 审核程序 — which stages a case goes through: by agency, by disclosure class, by how much is at stake. A case copies its
//! chain when it opens, so changing a chain touches no running case.

mod risk;
mod store;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::json;

pub use risk::Risk;
pub use store::{chains, important_genres};

use super::{ReviewRefusal as R, Stage, Subject, SubjectKind};
use crate::accounts::{Permission, Role, Staff};
use crate::audit::Act;
use crate::db::{Conn, Tx};
use crate::error::{Result, refuse, unless_refused};
use crate::publishing::{DisclosureClass, Genre};

/// What a chain is for. `None`: for every class, for every risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainKey {
    pub subject: SubjectKind,
    pub class: Option<DisclosureClass>,
    pub risk: Option<Risk>,
}

impl ChainKey {
    pub const fn all(subject: SubjectKind) -> ChainKey {
        ChainKey { subject, class: None, risk: None }
    }

    /// `edition:proactive:important`, for addresses.
    pub fn code(self) -> String {
        let class = self.class.map_or("", DisclosureClass::code);
        format!("{}:{class}:{}", self.subject.code(), self.risk.map_or("", Risk::code))
    }

    pub fn from_code(code: &str) -> Option<ChainKey> {
        let mut parts = code.split(':');
        let subject = SubjectKind::from_code(parts.next()?)?;
        let optional = |part: &str| (!part.is_empty()).then(|| part.to_owned());
        let class = match optional(parts.next()?) {
            Some(class) => Some(DisclosureClass::from_code(&class)?),
            None => None,
        };
        let risk = match optional(parts.next()?) {
            Some(risk) => Some(Risk::from_code(&risk)?),
            None => None,
        };
        let is_plain = subject == SubjectKind::Edition || (class.is_none() && risk.is_none());
        is_plain.then_some(ChainKey { subject, class, risk })
    }

    /// 主动公开的重要信息, 全部公开信息, 文书.
    pub fn label(self) -> String {
        if self.subject == SubjectKind::Letter {
            return "文书".into();
        }
        let risk = self.risk.map_or("信息", Risk::label);
        match (self.class, self.risk) {
            (None, None) => "全部信息".into(),
            (None, Some(_)) => risk.into(),
            (Some(class), _) => format!("{}的{risk}", class.label()),
        }
    }

    /// Whether a case of this class and risk goes through this chain, and how exactly it is meant.
    fn fits(self, class: &str, risk: Risk) -> Option<u8> {
        let class_fits = self.class.is_none_or(|own| own.code() == class);
        let risk_fits = self.risk.is_none_or(|own| own == risk);
        (class_fits && risk_fits).then(|| u8::from(self.class.is_some()) * 2 + u8::from(self.risk.is_some()))
    }
}

/// The chain of an agency for one kind of case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    pub key: ChainKey,
    pub stages: Vec<Stage>,
}

/// A chain to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    pub code: String,
    pub name: String,
    pub about: String,
    pub subject: SubjectKind,
    pub stages: Vec<Stage>,
}

#[derive(Deserialize)]
struct PresetFile {
    preset: Vec<PresetRow>,
}

#[derive(Deserialize)]
struct PresetRow {
    code: String,
    name: String,
    about: String,
    subject: String,
    stages: Vec<StageRow>,
}

#[derive(Deserialize)]
struct StageRow {
    role: String,
    title: String,
    working_days: Option<i64>,
    checklist: Vec<String>,
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let file: PresetFile =
        toml::from_str(include_str!("presets.toml")).unwrap_or(PresetFile { preset: Vec::new() });
    file.preset
        .into_iter()
        .filter_map(|row| {
            let stages = (1..)
                .zip(row.stages)
                .map(|(stage, of)| {
                    let role = Role::from_code(&of.role)?;
                    Some(Stage {
                        stage,
                        role,
                        title: of.title,
                        working_days: of.working_days,
                        checklist: of.checklist,
                    })
                })
                .collect::<Option<Vec<Stage>>>()?;
            let subject = SubjectKind::from_code(&row.subject)?;
            Some(Preset { code: row.code, name: row.name, about: row.about, subject, stages })
        })
        .collect()
});

/// The chains we ship. The first of each subject is what an agency without its own goes by.
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

pub fn preset(code: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.code == code)
}

/// What a case opens with: the stages, and in words which chain they are.
pub(super) async fn for_case(
    conn: &mut Conn,
    agency_id: &str,
    subject: &Subject,
) -> anyhow::Result<(Vec<Stage>, String)> {
    let kind = subject.kind();
    let (class, risk) = match subject {
        Subject::Edition(id) => store::class_and_risk(conn, agency_id, id).await?,
        Subject::Letter(_) => (String::new(), Risk::Ordinary),
    };
    let own = chains(conn, agency_id).await?;
    let best = own
        .into_iter()
        .filter(|chain| chain.key.subject == kind)
        .filter_map(|chain| Some((chain.key.fits(&class, risk)?, chain)))
        .max_by_key(|(exactness, _)| *exactness);
    Ok(match best {
        Some((_, chain)) => (chain.stages, chain.key.label()),
        None => (kind.preset(), ChainKey::all(kind).label()),
    })
}

/// Sets an agency's own chain; an empty one falls back to the wider chain. Running cases keep the one they opened with.
pub async fn set(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    key: ChainKey,
    stages: &[Stage],
) -> Result<(), R> {
    if !staff.may(Permission::SetChains, agency_id) {
        return refuse(R::Forbidden);
    }
    unless_refused(problems(key, stages))?;
    let numbered: Vec<Stage> = (1..).zip(stages).map(|(stage, of)| Stage { stage, ..of.clone() }).collect();
    store::replace(tx.conn(), agency_id, key, &numbered).await?;
    let told: Vec<_> = numbered
        .iter()
        .map(|s| {
            json!({"role": s.role.code(), "title": s.title, "working_days": s.working_days,
                   "checklist": s.checklist})
        })
        .collect();
    tx.record(Act::new(
        "review",
        "chain_set",
        agency_id,
        agency_id,
        json!({"chain": key.code(), "stages": told}),
    ));
    Ok(())
}

/// What is wrong with a chain. An empty one is none, and that is allowed.
fn problems(key: ChainKey, stages: &[Stage]) -> Vec<R> {
    let mut problems = Vec::new();
    if stages.is_empty() {
        return problems;
    }
    if key.subject == SubjectKind::Edition {
        if stages.len() < 2 {
            problems.push(R::ChainTooShort);
        }
        if !stages.iter().any(|stage| stage.role == Role::ConfidentialityOfficer) {
            problems.push(R::ChainWithoutConfidentiality);
        }
    }
    if stages.len() > 9 {
        problems.push(R::ChainTooLong);
    }
    for stage in stages {
        let length = stage.title.trim().chars().count();
        if length == 0 || length > 20 {
            problems.push(R::StageTitle);
        }
        if !stage.role.permissions().contains(&Permission::SignOff) {
            problems.push(R::StageRole { role: stage.role });
        }
        if stage.working_days.is_some_and(|days| !(1..=30).contains(&days)) {
            problems.push(R::StageDays);
        }
        if stage.checklist.len() > 12 || stage.checklist.iter().any(|item| item.chars().count() > 60) {
            problems.push(R::StageChecklist);
        }
    }
    problems.dedup();
    problems
}

/// 重要信息的体裁 — the kinds of document an agency counts as important.
pub async fn set_important_genres(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    genres: &[Genre],
) -> Result<(), R> {
    if !staff.may(Permission::SetChains, agency_id) {
        return refuse(R::Forbidden);
    }
    store::replace_important(tx.conn(), agency_id, genres).await?;
    let codes: Vec<_> = genres.iter().map(|genre| genre.code()).collect();
    tx.record(Act::new("review", "important_genres_set", agency_id, agency_id, json!({"genres": codes})));
    Ok(())
}

/// What counts as important where the agency has said nothing.
const IMPORTANT: [Genre; 5] =
    [Genre::NormativeDocument, Genre::Policy, Genre::Budget, Genre::Emergency, Genre::Expropriation];
