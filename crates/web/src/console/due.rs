//! 公开期限 — everything that is meant for everyone and not out: days left, and who holds it. 《条例》第二十六条.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::Permission as P;
use gongkai_disclosure::calendars;
use gongkai_disclosure::publishing::EditionState;
use gongkai_disclosure::publishing::due::{Waiting, waiting};
use serde::Deserialize;

use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{Field, Pager, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;

const PER_PAGE: usize = 50;

/// The three lists of what has a day.
pub(crate) fn tabs(current: &str, agency: &str) -> Vec<Tab> {
    [("公开期限", "due"), ("公示期", "publicity"), ("定期评估", "reassessments")]
        .into_iter()
        .map(|(label, path)| Tab {
            label: label.into(),
            href: format!("/console/{path}?agency={}", encode(agency)),
            is_current: path == current,
            count: None,
        })
        .collect()
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    pub(crate) agency: String,
    pub(crate) page: i64,
}

/// An entry that waits.
#[derive(Debug, Clone)]
pub struct DueRow {
    pub title: String,
    pub href: String,
    pub state: String,
    pub holder: String,
    pub made_on: String,
    pub due: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/due.html")]
pub struct DuePage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_field: Option<Field>,
    pub tabs: Vec<Tab>,
    pub overdue: usize,
    pub rows: Vec<DueRow>,
    pub pager: Pager,
}

/// Days left in words; red when they are over.
pub(crate) fn left_tag(waiting: &Waiting) -> Tag {
    match waiting.left {
        left @ ..0 => Tag::new(Tone::Overdue, format!("逾期 {} 个工作日", -left)),
        0 => Tag::new(Tone::Warning, "今天到期"),
        left @ 1..=5 => Tag::new(Tone::Warning, format!("还有 {left} 个工作日")),
        left => Tag::new(Tone::Neutral, format!("还有 {left} 个工作日")),
    }
}

impl DueRow {
    fn of(waiting: &Waiting) -> DueRow {
        DueRow {
            href: format!("/console/entries/{}", waiting.entry_id),
            title: waiting.title.clone(),
            state: EditionState::from_code(&waiting.state).map_or("", EditionState::label).into(),
            holder: waiting.holder.clone(),
            made_on: format!("{}，{} 前公开", waiting.made_on, waiting.due_on),
            due: left_tag(waiting),
        }
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, &chosen.agency, P::ReadDrafts).await?;
    let calendar = calendars::of_region(&mut conn, &choice.chosen.region).await?;
    let all = waiting(&mut conn, &[&choice.chosen.id], app.today(), &calendar).await?;
    let number = usize::try_from(chosen.page).unwrap_or(1).max(1);
    let code = &choice.chosen.code;
    html(&DuePage {
        chrome: page.chrome(Section::Terms).crumb("工作台", "/console").here("公开期限"),
        agency: choice.chosen.name.clone(),
        agency_field: choice.field(),
        tabs: tabs("due", code),
        overdue: all.iter().filter(|one| one.left < 0).count(),
        rows: all.iter().skip((number - 1) * PER_PAGE).take(PER_PAGE).map(DueRow::of).collect(),
        pager: Pager {
            page: number as u64,
            per_page: PER_PAGE as u64,
            total: all.len() as u64,
            href: format!("/console/due?agency={}&page=", encode(code)),
        },
    })
}

impl DuePage {
    pub fn sample() -> DuePage {
        DuePage {
            chrome: Chrome::console_sample(Section::Terms).crumb("工作台", "/console").here("公开期限"),
            agency: "云溪镇人民政府".into(),
            agency_field: None,
            tabs: tabs("due", "yx"),
            overdue: 1,
            rows: vec![DueRow {
                title: "云溪镇2026年秋季造林补助方案".into(),
                href: "/console/entries/1".into(),
                state: "审查中".into(),
                holder: "初审环节".into(),
                made_on: "2026-09-28，2026-10-27 前公开".into(),
                due: Tag::new(Tone::Overdue, "逾期 4 个工作日"),
            }],
            pager: Pager { page: 1, per_page: 50, total: 1, href: "?page=".into() },
        }
    }

    pub fn sample_empty() -> DuePage {
        let mut page = DuePage::sample();
        page.rows.clear();
        (page.overdue, page.pager.total) = (0, 0);
        page
    }
}
