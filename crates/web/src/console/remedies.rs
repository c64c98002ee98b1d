//! 复议诉讼 — the register of cases against replies.

mod case;

pub use case::RemedyFormPage;
pub(crate) use case::{carry_out, conclude, form, register, renew, show};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::{Permission, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::remedies::{RemedyCase, RemedyFilter, RemedyKind, RemedyResult, list as listed};
use gongkai_disclosure::reporting::{self, Figure};
use gongkai_report::model::{CellAddress, RemedyColumn, RemedyRow};
use jiff::civil::Date;
use serde::Deserialize;

use crate::auth::Signed;
use crate::components::{Tab, Tag, Tone};
use crate::errors::PageError;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;

/// A case on the list.
#[derive(Debug, Clone)]
pub struct CaseRow {
    pub case_number: String,
    pub href: String,
    pub kind: &'static str,
    pub agency: String,
    pub body: String,
    pub request: Option<String>,
    pub accepted: String,
    pub result: Tag,
    /// 待履行.
    pub demand: Option<Tag>,
}

/// A row of table four, each cell with the list behind it.
#[derive(Debug, Clone)]
pub struct CellRow {
    pub label: &'static str,
    /// Column, count, address.
    pub cells: Vec<(&'static str, String, String)>,
}

/// 年度报告附表三 of one agency and year: fifteen cells.
#[derive(Debug, Clone)]
pub struct CellTable {
    pub caption: String,
    pub rows: Vec<CellRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/remedies/list.html")]
pub struct RemedyListPage {
    pub chrome: Chrome,
    pub table: Option<CellTable>,
    pub tabs: Vec<Tab>,
    pub rows: Vec<CaseRow>,
    pub many_agencies: bool,
    pub can_register: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    kind: String,
    result: String,
    request: String,
    accepted_from: String,
    accepted_to: String,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Remedies).crumb("工作台", "/console").crumb("复议诉讼", "/console/remedies")
}

fn result_tag(result: RemedyResult) -> Tag {
    let tone = match result {
        RemedyResult::Upheld => Tone::Success,
        RemedyResult::Corrected => Tone::Warning,
        RemedyResult::OtherResult => Tone::Neutral,
        RemedyResult::Pending => Tone::Info,
    };
    Tag::new(tone, result.label())
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let agencies: Vec<String> =
        staff.agencies_with(Permission::ReadRequests).into_iter().map(str::to_owned).collect();
    let many_agencies = agencies.len() > 1;
    let filter = RemedyFilter {
        agencies,
        kind: None,
        result: RemedyResult::from_code(&chosen.result),
        accepted_from: chosen.accepted_from.parse().ok(),
        accepted_to: chosen.accepted_to.parse().ok(),
    };
    let all = listed(&mut conn, &filter).await?;
    let kind = RemedyKind::from_code(&chosen.kind);
    let today = app.today();
    let rows = all.iter().filter(|case| kind.is_none_or(|kind| case.kind == kind));
    let rows = rows.map(|case| row(case, today)).collect();
    html(&RemedyListPage {
        table: cell_table(&mut conn, &staff, today).await?,
        chrome: page.chrome(Section::Remedies).crumb("工作台", "/console").here("复议诉讼"),
        tabs: tabs(&all, kind),
        rows,
        many_agencies,
        can_register: staff.may_anywhere(Permission::KeepRegisters),
    })
}

fn tabs(all: &[RemedyCase], current: Option<RemedyKind>) -> Vec<Tab> {
    let tab = |label: &str, kind: Option<RemedyKind>| Tab {
        label: label.into(),
        href: kind.map_or_else(
            || "/console/remedies".into(),
            |kind| format!("/console/remedies?kind={}", kind.code()),
        ),
        is_current: current == kind,
        count: u64::try_from(all.iter().filter(|case| kind.is_none_or(|kind| case.kind == kind)).count())
            .ok(),
    };
    let mut tabs = vec![tab("全部", None)];
    tabs.extend(RemedyKind::ALL.iter().map(|kind| tab(kind.label(), Some(*kind))));
    tabs
}

/// The figures as the report takes them, so that they cannot say something else.
async fn cell_table(conn: &mut Conn, staff: &Staff, today: Date) -> Result<Option<CellTable>, PageError> {
    let (agency, year) = (&staff.agency, today.year());
    if !reporting::may_read(staff, agency) {
        return Ok(None);
    }
    let Some(ledger) = reporting::gather(conn, agency, year, today).await? else { return Ok(None) };
    let cell = |row: RemedyRow, column: RemedyColumn| {
        let address = CellAddress::Remedies(row, column);
        let count = match ledger.figure(&address.into()) {
            Figure::Count(count) | Figure::Fen(count) => count.to_string(),
        };
        (column.official(), count, format!("/console/annual-reports/{}/{year}/cells/{address}", agency.code))
    };
    let rows = RemedyRow::ALL.iter().map(|row| CellRow {
        label: row.official(),
        cells: RemedyColumn::ALL.iter().map(|column| cell(*row, *column)).collect(),
    });
    let caption = format!("{}　{year}年度报告附表三", agency.name);
    Ok(Some(CellTable { caption, rows: rows.collect() }))
}

/// 待履行 — until when, and whether that is over.
pub(super) fn demand_tag(case: &RemedyCase, today: Date) -> Option<Tag> {
    let demand = case.open_demand()?;
    Some(match demand.until {
        Some(until) if until < today => Tag::new(Tone::Overdue, format!("未履行，{until} 已到期")),
        Some(until) => Tag::new(Tone::Warning, format!("待履行，至 {until}")),
        None => Tag::new(Tone::Warning, "待履行"),
    })
}

fn row(case: &RemedyCase, today: Date) -> CaseRow {
    CaseRow {
        demand: demand_tag(case, today),
        case_number: case.case_number.clone(),
        href: format!("/console/remedies/{}", case.id),
        kind: case.kind.label(),
        agency: case.agency_name.clone(),
        body: case.body.clone(),
        request: case.request_number.clone(),
        accepted: case.accepted_on.to_string(),
        result: result_tag(case.result),
    }
}

impl RemedyListPage {
    pub fn sample() -> RemedyListPage {
        RemedyListPage {
            chrome: Chrome::console_sample(Section::Remedies).here("复议诉讼"),
            table: Some(CellTable {
                caption: "松溪镇人民政府　2026年度报告附表三".into(),
                rows: RemedyRow::ALL
                    .iter()
                    .map(|row| CellRow {
                        label: row.official(),
                        cells: RemedyColumn::ALL
                            .iter()
                            .map(|column| {
                                (column.official(), "1".into(), "/console/annual-reports/songxi/2026".into())
                            })
                            .collect(),
                    })
                    .collect(),
            }),
            tabs: tabs(&[], None),
            rows: vec![CaseRow {
                case_number: "青禾复〔2026〕3号".into(),
                href: "/console/remedies/1".into(),
                kind: RemedyKind::Reconsideration.label(),
                agency: "松溪镇人民政府".into(),
                body: "青禾区人民政府".into(),
                request: Some("SONGXI-SQ-2026-0012".into()),
                accepted: "2026-03-20".into(),
                result: result_tag(RemedyResult::Corrected),
                demand: Some(Tag::new(Tone::Warning, "待履行，至 2026-05-06")),
            }],
            many_agencies: false,
            can_register: true,
        }
    }
}
