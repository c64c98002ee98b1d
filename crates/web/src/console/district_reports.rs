//! 年度报告汇总 — the reports of the agencies below added up: who is missing, whose published figures differ from
//! the ledger, what cannot be known. 《条例》第四十九条第二款.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Agency, Staff};
use gongkai_disclosure::oversight::oversees;
use gongkai_disclosure::publishing::public::{self, Found};
use gongkai_disclosure::reporting;
use gongkai_report::aggregate::{self, Addition, Question, Source, Total, add_up};
use gongkai_report::compare::{Library, Prose, changes};
use gongkai_report::model::TableName;
use gongkai_report::{Report, read, write};

use crate::auth::Signed;
use crate::components::{Grid, GridCell, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::portal::annual_reports::{Published, agencies_in, published, years};
use crate::state::App;

const ADDRESS: &str = "/console/oversight/annual-reports";

/// Pairs of reports with the same words that are listed.
const PAIRS: usize = 10;
/// Cells named in one line.
const NAMED: usize = 4;

/// An agency of the district and its report.
#[derive(Debug, Clone)]
pub struct MemberRow {
    pub name: String,
    pub is_own: bool,
    /// Whether its report is part of the sum; of the others nothing is said.
    pub is_added: bool,
    pub state: Tag,
    /// The published report, or the ledger's where none is published.
    pub href: String,
    /// Cells in which the published report and the ledger differ, the first of them in words.
    pub differing: Vec<String>,
    pub differing_count: usize,
    /// Where the ledger can be looked at.
    pub ledger_href: String,
    /// Contradictions inside the published report.
    pub errors: usize,
    /// Cells whose number is not known.
    pub unknown: usize,
}

/// Two reports with the same words.
#[derive(Debug, Clone)]
pub struct CopiedRow {
    pub one: String,
    pub other: String,
    pub share: String,
    pub passage: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/oversight/annual_reports.html")]
pub struct DistrictReportsPage {
    pub chrome: Chrome,
    pub year: i16,
    pub years: Vec<Tab>,
    pub members: Vec<MemberRow>,
    pub missing: Vec<String>,
    pub added: usize,
    /// Sums that are not exact.
    pub inexact: usize,
    pub tables: Vec<Grid>,
    pub copied: Vec<CopiedRow>,
    pub download: String,
}

/// What is known of one agency's report of the year.
struct OfAgency {
    agency: Agency,
    published: Option<Published>,
    /// The published text, read; `None` when there is none or no report could be read in it.
    report: Option<Report>,
    /// The figures of the ledger, frozen or as they stand.
    compiled: Option<Report>,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let all = published(&mut *app.db.read().await?).await?;
    let chosen = Fields::parse(uri.query().unwrap_or_default().as_bytes()).number::<i16>("year");
    let last = app.today().year() - 1;
    let mut known = years(&all);
    if !known.contains(&last) {
        known.insert(0, last);
    }
    let year = chosen.filter(|year| known.contains(year)).unwrap_or(known[0]);
    let found = gather(&app, &staff, &all, year).await?;
    let chrome = page
        .chrome(Section::Oversight)
        .crumb("工作台", "/console")
        .crumb("监督", "/console/oversight")
        .here(format!("{year} 年度报告汇总"));
    let tabs = known
        .iter()
        .map(|&one| Tab {
            label: format!("{one} 年度"),
            href: format!("{ADDRESS}?year={one}"),
            is_current: one == year,
            count: Some(agencies_in(&all, one) as u64),
        })
        .collect();
    let page = tokio::task::spawn_blocking(move || DistrictReportsPage::of(chrome, year, tabs, &found))
        .await
        .map_err(|error| PageError::Unexpected(error.into()))?;
    html(&page)
}

/// The sum as a workbook: a row for each cell, a column for each agency.
pub(crate) async fn download(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(year): Path<i16>,
) -> Result<Response, PageError> {
    let all = published(&mut *app.db.read().await?).await?;
    let found = gather(&app, &staff, &all, year).await?;
    if found.is_empty() {
        return Err(PageError::NotFound);
    }
    let bytes =
        aggregate::sheet(&sum(year, &found), None).map_err(|error| PageError::Unexpected(error.into()))?;
    let name = format!("attachment; filename=\"annual-reports-{year}.xlsx\"");
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned();
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

/// The agencies this person oversees, each with its published report and its ledger.
async fn gather(app: &App, staff: &Staff, all: &[Published], year: i16) -> Result<Vec<OfAgency>, PageError> {
    let mut conn = app.db.read().await?;
    let mut agencies = accounts::agencies(&mut conn).await?;
    agencies.retain(|agency| oversees(staff, agency));
    let mut found = Vec::new();
    for agency in agencies {
        let published = all.iter().find(|one| one.year == year && one.agency_code == agency.code).cloned();
        let mut report = None;
        if let Some(published) = &published {
            let serial = published.index_number.split_once('/').map_or("", |(_, serial)| serial);
            if let Some(Found::Entry(entry)) = public::find(&mut conn, &agency.code, serial).await? {
                report = read_published(&entry.title, &entry.body_html);
            }
        }
        let compiled = reporting::compile(&mut conn, &agency, year, app.today()).await?;
        found.push(OfAgency { agency, published, report, compiled });
    }
    Ok(found)
}

/// The report as it stands on the portal, read like anybody else's.
fn read_published(title: &str, body_html: &str) -> Option<Report> {
    let mut page = String::from("<!doctype html><html><head><meta charset=\"utf-8\"></head><body><h1>");
    page.push_str(&title.replace('&', "&amp;").replace('<', "&lt;"));
    page.push_str("</h1>");
    page.push_str(body_html);
    page.push_str("</body></html>");
    Some(read(page.as_bytes(), title).ok()?.report)
}

/// The published reports added up; what is not published is missing, not taken from the ledger.
fn sum(year: i16, found: &[OfAgency]) -> Addition {
    let sources = found.iter().filter_map(|one| {
        let mut report = one.report.clone()?;
        // The agency and the year are known from the record, whatever the title says.
        report.agency = Some(one.agency.name.clone());
        report.year = Some(year);
        Some(Source {
            file: one.published.as_ref().map_or_else(String::new, |published| published.index_number.clone()),
            version: one
                .published
                .as_ref()
                .map_or_else(String::new, |published| published.published_on.clone()),
            own: one.agency.parent_id.is_none(),
            report,
        })
    });
    let expected = found
        .iter()
        .filter(|one| one.agency.parent_id.is_some())
        .map(|one| one.agency.name.clone())
        .collect();
    add_up(&Question { year: Some(year), expected, whole: None }, sources.collect())
}

impl DistrictReportsPage {
    fn of(chrome: Chrome, year: i16, years: Vec<Tab>, found: &[OfAgency]) -> Self {
        let addition = sum(year, found);
        let cells = addition.cells();
        DistrictReportsPage {
            chrome,
            year,
            years,
            members: found.iter().map(|one| member(one, year, &addition)).collect(),
            missing: found
                .iter()
                .filter(|one| one.published.is_none())
                .map(|one| one.agency.name.clone())
                .collect(),
            added: addition.members.len(),
            inexact: cells.iter().filter(|&&cell| addition.total(cell).exact().is_none()).count(),
            tables: if addition.members.is_empty() { Vec::new() } else { tables(&addition) },
            copied: copied(found),
            download: format!("{ADDRESS}/{year}/download"),
        }
    }

    pub fn sample() -> Self {
        let chrome =
            Chrome::console_sample(Section::Oversight).crumb("工作台", "/console").here("2025 年度报告汇总");
        let agency = |code: &str, name: &str, parent: Option<&str>| Agency {
            id: code.into(),
            code: code.into(),
            name: name.into(),
            kind: "town".into(),
            parent_id: parent.map(str::to_owned),
            region: "990101".into(),
            address: String::new(),
            office_hours: String::new(),
            phone: String::new(),
            email: String::new(),
            reconsideration_body: String::new(),
            court: String::new(),
            document_word: String::new(),
            position: 1,
        };
        let mut report = Report::new("青禾区云溪镇人民政府", 2025);
        for (address, count) in
            [("requests/received/natural_person", 9), ("requests/disclosed/natural_person", 9)]
        {
            if let Ok(address) = address.parse() {
                let _ = report.set_count(address, count);
            }
        }
        report.derive_totals();
        let mut compiled = report.clone();
        if let Ok(address) = "proactive/penalties/decisions".parse() {
            let _ = compiled.set_count(address, 3);
        }
        let published = |code: &str| Published {
            year: 2025,
            agency_code: code.into(),
            index_number: format!("{code}/2026-00011"),
            title: "2025 年政府信息公开工作年度报告".into(),
            published_on: "2026-01-22".into(),
        };
        let found = [
            OfAgency {
                agency: agency("office", "青禾区人民政府办公室", None),
                published: Some(published("office")),
                report: Some(report.clone()),
                compiled: Some(report.clone()),
            },
            OfAgency {
                agency: agency("yunxi", "青禾区云溪镇人民政府", Some("office")),
                published: Some(published("yunxi")),
                report: Some(report),
                compiled: Some(compiled.clone()),
            },
            OfAgency {
                agency: agency("liuwan", "青禾区柳湾镇人民政府", Some("office")),
                published: None,
                report: None,
                compiled: Some(compiled),
            },
        ];
        let tab = Tab {
            label: "2025 年度".into(),
            href: format!("{ADDRESS}?year=2025"),
            is_current: true,
            count: Some(2),
        };
        Self::of(chrome, 2025, vec![tab], &found)
    }
}

fn member(one: &OfAgency, year: i16, addition: &Addition) -> MemberRow {
    let code = &one.agency.code;
    let ledger_href = format!("/console/annual-reports/{code}/{year}");
    let added = addition.members.iter().find(|member| member.name == one.agency.name);
    let state = match (&one.published, added) {
        (Some(_), Some(_)) => Tag::new(Tone::Success, "已公布，已计入"),
        (Some(_), None) => Tag::new(Tone::Warning, "已公布，正文不是年度报告的格式，没有计入"),
        (None, _) => Tag::new(Tone::Warning, "尚未公布"),
    };
    let changed = match (&one.compiled, &one.report) {
        (Some(compiled), Some(report)) => changes(report, compiled).changed,
        _ => Vec::new(),
    };
    MemberRow {
        name: one.agency.name.clone(),
        is_own: one.agency.parent_id.is_none(),
        is_added: added.is_some(),
        state,
        href: match &one.published {
            Some(_) => format!("/annual-reports/{code}/{year}"),
            None => ledger_href.clone(),
        },
        differing: changed
            .iter()
            .take(NAMED)
            .map(|change| {
                let words = |number: i64| aggregate::figure_in_words(change.address, number.into());
                format!(
                    "{}：公布 {}，台账 {}",
                    aggregate::cell_in_words(change.address),
                    words(change.before),
                    words(change.after)
                )
            })
            .collect(),
        differing_count: changed.len(),
        ledger_href,
        errors: added.map_or(0, |member| member.errors),
        unknown: added.map_or(0, |member| member.unknown.len()),
    }
}

/// The three tables with the sums; one that is not exact says "at least" and how many reports it lacks.
fn tables(addition: &Addition) -> Vec<Grid> {
    let report = addition.report("");
    TableName::ALL
        .iter()
        .map(|&table| {
            let printed = write::grid(&report, table);
            let span = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
            let cell = |cell: &write::GridCell| {
                let view = match cell.address {
                    None => GridCell::heading(&cell.text),
                    Some(address) => match addition.total(address) {
                        Total::Exact(_) => GridCell::number(&cell.text),
                        Total::AtLeast(known) => {
                            let lacking = addition.unknown(address).count();
                            GridCell::number(format!("≥{}", aggregate::figure_in_words(address, known)))
                                .mark(format!("缺 {lacking} 份"))
                        }
                        Total::Unknown => GridCell::number("？").mark("各份都缺"),
                    },
                };
                view.columns(span(cell.colspan)).rows(span(cell.rowspan))
            };
            let rows: Vec<Vec<GridCell>> =
                printed.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
            let (head, body) = rows.split_at(printed.header_rows);
            Grid { caption: printed.caption.clone(), head: head.to_vec(), body: body.to_vec() }
        })
        .collect()
}

/// Which reports say the same in the same words.
fn copied(found: &[OfAgency]) -> Vec<CopiedRow> {
    let read: Vec<(&str, Prose)> = found
        .iter()
        .filter_map(|one| {
            // The name as the office knows it, so that it is left out of what is compared.
            let mut report = one.report.clone()?;
            report.agency = Some(one.agency.name.clone());
            Some((one.agency.name.as_str(), Prose::of(&report)))
        })
        .collect();
    let (names, proses): (Vec<&str>, Vec<Prose>) = read.into_iter().unzip();
    let library = Library::new(proses);
    library
        .pairs()
        .into_iter()
        .take(PAIRS)
        .map(|(one, other, copied)| {
            let share = copied.share().unwrap_or_default();
            CopiedRow {
                one: names[one].to_owned(),
                other: names[other].to_owned(),
                share: format!("{}.{}%", share / 10, share % 10),
                passage: copied.passages.first().map_or_else(String::new, |passage| {
                    passage.text.chars().filter(|c| *c != '\n').take(80).collect()
                }),
            }
        })
        .collect()
}
