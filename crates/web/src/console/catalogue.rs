//! 目录 — what the agency has to publish, line by line: how often, who answers for it, and what is overdue.

mod import;
mod line;
mod starting;

pub(crate) use import::{confirm, export, form as import_form, rehearsal};
pub use line::{LinePage, NewLinePage};
pub(crate) use line::{add, change, new, restore, retire, show as show_line};
pub use starting::{StartingLinesPage, StartingPage};
pub(crate) use starting::{adopt, show as show_starting, show_lines as starting_lines};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::{Agency, Permission as P};
use gongkai_disclosure::catalogue::{self, Gap, Line, category_provision, gaps};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::entries::samples;
use super::records::choose_agency;
use crate::auth::Signed;
use crate::components::{Field, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::portal::wording::short_category;
use crate::state::App;

/// A line of the catalogue.
#[derive(Debug, Clone)]
pub struct LineRow {
    pub code: String,
    pub title: String,
    /// Where the line itself is shown.
    pub href: String,
    pub elements: String,
    pub basis: String,
    pub time_limit: String,
    pub office: String,
    pub period: String,
    pub newest_on: String,
    /// How many are public now.
    pub entries: i64,
    pub entries_href: String,
    pub mark: Tag,
    pub draft_href: Option<String>,
}

/// The lines of one duty.
#[derive(Debug, Clone)]
pub struct LineGroup {
    pub title: String,
    pub provision: String,
    pub rows: Vec<LineRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/catalogue/list.html")]
pub struct LineListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_field: Option<Field>,
    pub tabs: Vec<Tab>,
    pub is_gaps: bool,
    pub overdue: usize,
    pub groups: Vec<LineGroup>,
    pub all_href: String,
    pub export_href: String,
    /// Addresses of adding, importing and the starting catalogues, for who keeps the catalogue.
    pub keep: Option<(String, String, String)>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    tab: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, &chosen.agency, P::ReadDrafts).await?;
    let lines = catalogue::all_lines(&mut conn, &choice.chosen.id).await?;
    let may_draft = staff.may(P::DraftEntries, &choice.chosen.id);
    let chrome = page.chrome(Section::Duties).crumb("工作台", "/console").here("目录");
    let mut shown = LineListPage::of(chrome, &choice.chosen, &lines, &chosen.tab, may_draft, app.today());
    shown.agency_field = choice.field();
    let code = encode(&choice.chosen.code);
    shown.keep = staff.may(P::KeepCatalogue, &choice.chosen.id).then(|| {
        (
            format!("/console/catalogue/lines/new?agency={code}"),
            format!("/console/catalogue/import?agency={code}"),
            format!("/console/catalogue/starting?agency={code}"),
        )
    });
    html(&shown)
}

impl LineListPage {
    fn of(
        chrome: Chrome,
        agency: &Agency,
        lines: &[Line],
        tab: &str,
        may_draft: bool,
        today: Date,
    ) -> LineListPage {
        let (lines, retired): (Vec<&Line>, Vec<&Line>) =
            lines.iter().partition(|line| line.retired_on.is_none());
        let in_use: Vec<Line> = lines.iter().map(|line| (*line).clone()).collect();
        let found = gaps(&in_use, today);
        let is_gaps = tab == "gaps";
        let is_retired = tab == "retired" && !retired.is_empty();
        let base = format!("/console/catalogue?agency={}", encode(&agency.code));
        let mut groups: Vec<LineGroup> = Vec::new();
        for line in if is_retired { &retired } else { &lines } {
            let gap = found.iter().find(|gap| gap.line_id == line.id);
            if is_gaps && gap.is_none() {
                continue;
            }
            let row = row(line, gap, may_draft && !is_retired, today);
            let title = short_category(&line.category);
            match groups.iter_mut().find(|group| group.title == title) {
                Some(group) => group.rows.push(row),
                None => groups.push(LineGroup {
                    title,
                    provision: category_provision(&line.category).unwrap_or_default(),
                    rows: vec![row],
                }),
            }
        }
        let of = |n: usize| u64::try_from(n).ok();
        let tab = |label: &str, slug: &str, is_current: bool, count: usize| Tab {
            label: label.into(),
            href: if slug.is_empty() { base.clone() } else { format!("{base}&tab={slug}") },
            is_current,
            count: of(count),
        };
        let mut tabs = vec![
            tab("全部事项", "", !is_gaps && !is_retired, lines.len()),
            tab("该更新未更新", "gaps", is_gaps, found.len()),
        ];
        if !retired.is_empty() {
            tabs.push(tab("已停用", "retired", is_retired, retired.len()));
        }
        LineListPage {
            chrome,
            agency: agency.name.clone(),
            agency_field: None,
            tabs,
            keep: None,
            export_href: format!("/console/catalogue/export?agency={}", encode(&agency.code)),
            is_gaps,
            overdue: found.iter().filter(|gap| gap.newest_on.is_some()).count(),
            groups,
            all_href: base,
        }
    }

    pub fn sample() -> LineListPage {
        let late = samples::line();
        let on_time = Line { newest_on: Some("2026-10-20".into()), title: "预算".into(), ..late.clone() };
        let never = Line { newest_on: None, entries: 0, title: "决算".into(), ..late.clone() };
        let on_occasion = Line {
            period_days: None,
            category: "emergencies".into(),
            title: "应急预案".into(),
            ..late.clone()
        };
        let lines: Vec<Line> = (1..)
            .zip([late, on_time, never, on_occasion])
            .map(|(n, line)| Line { id: format!("line-{n}"), code: format!("SX-{n:02}"), ..line })
            .collect();
        let chrome = Chrome::console_sample(Section::Duties).crumb("工作台", "/console").here("目录");
        let today = jiff::civil::date(2026, 11, 2);
        LineListPage::of(chrome, &samples::officer().agency, &lines, "", true, today)
    }

    pub fn sample_no_gaps() -> LineListPage {
        let chrome = Chrome::console_sample(Section::Duties).crumb("工作台", "/console").here("目录");
        let today = jiff::civil::date(2026, 8, 1);
        LineListPage::of(chrome, &samples::officer().agency, &[samples::line()], "gaps", true, today)
    }
}

fn row(line: &Line, gap: Option<&Gap>, may_draft: bool, today: Date) -> LineRow {
    LineRow {
        code: line.code.clone(),
        title: line.title.clone(),
        href: format!("/console/catalogue/lines/{}", line.id),
        elements: line.elements.clone(),
        basis: line.basis.clone(),
        time_limit: line.time_limit.clone(),
        office: line.responsible_office.clone(),
        period: line.period_days.map_or_else(|| "有则公开".into(), |days| format!("每 {days} 天")),
        newest_on: line.newest_on.clone().unwrap_or_default(),
        entries: line.entries,
        entries_href: format!("/console/entries?tab=public&line={}", encode(&line.id)),
        mark: mark(line, gap, today),
        draft_href: may_draft.then(|| format!("/console/entries/new?line={}", encode(&line.id))),
    }
}

fn mark(line: &Line, gap: Option<&Gap>, today: Date) -> Tag {
    let next = || {
        let newest: Date = line.newest_on.as_deref()?.parse().ok()?;
        newest.checked_add(line.period_days?.days()).ok()
    };
    if let Some(on) = &line.retired_on {
        return Tag::new(Tone::Neutral, format!("{on} 停用"));
    }
    match (gap, next()) {
        (Some(gap), _) if gap.newest_on.is_some() => {
            Tag::new(Tone::Overdue, format!("逾期 {} 天", gap.days_late))
        }
        (Some(_), _) => Tag::new(Tone::Warning, "尚未公开"),
        (None, Some(next)) if next == today => Tag::new(Tone::Warning, "今天应更新"),
        (None, Some(next)) => Tag::new(Tone::Success, format!("{next} 前")),
        (None, None) => Tag::new(Tone::Neutral, "不定期"),
    }
}
