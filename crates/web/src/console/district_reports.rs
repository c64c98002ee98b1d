//! 年度报告汇总 — the reports of the agencies below added up: who is missing, whose published figures differ from
//! the ledger, what cannot be known. 《条例》第四十九条第二款.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Agency, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::oversight::oversees;
use gongkai_disclosure::publishing::public::{self, Found};
use gongkai_disclosure::reporting;
use gongkai_report::aggregate::{self, Addition, Question, Source, Total, add_up};
use gongkai_report::compare::{self, Library, Prose, RateName, changes, rank};
use gongkai_report::model::{ApplicantColumn, RequestRow, TableName};
use gongkai_report::{CellAddress, Report, write};

use crate::auth::Signed;
use crate::components::{Grid, GridCell, Link, Tab, Tag, Tone};
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

/// One rate over the agencies.
#[derive(Debug, Clone)]
pub struct RateTable {
    pub name: &'static str,
    pub rows: Vec<RateRow>,
}

#[derive(Debug, Clone)]
pub struct RateRow {
    pub agency: String,
    /// 6 / 9
    pub of: String,
    /// 66.7%
    pub share: String,
    /// 第 2 位, or why there is none.
    pub place: String,
}

/// An agency's report beside its last one.
#[derive(Debug, Clone)]
pub struct MoveRow {
    pub agency: String,
    /// 新收、办结、结转: 9 → 12（+3）
    pub figures: [String; 3],
    /// Cells that changed.
    pub changed: usize,
    /// Share of the prose taken from last year; empty where there is none.
    pub copied: String,
    pub is_much: bool,
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
    /// Agency against agency, one table a rate.
    pub rates: Vec<RateTable>,
    /// Below so many cases nobody is ranked.
    pub smallest_sample: i64,
    /// Year against year.
    pub moves: Vec<MoveRow>,
    /// The government's report, which is this sum on its way out.
    pub government: Option<Link>,
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
    /// The published report of the year before.
    before: Option<Report>,
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
    let mut page = tokio::task::spawn_blocking(move || DistrictReportsPage::of(chrome, year, tabs, &found))
        .await
        .map_err(|error| PageError::Unexpected(error.into()))?;
    let agencies = accounts::agencies(&mut *app.db.read().await?).await?;
    let government = agencies.iter().find(|agency| agency.is_government() && oversees(&staff, agency));
    page.government = government.map(|government| {
        let words = format!("{} {year} 年度报告", government.name);
        Link::new(words, format!("/console/annual-reports/{}/{year}", government.code))
    });
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
    // The government's own report is the sum, not a part of it.
    agencies.retain(|agency| oversees(staff, agency) && !agency.is_government());
    let mut found = Vec::new();
    for agency in agencies {
        let (published, report) = read_of(&mut conn, all, &agency.code, year).await?;
        let (_, before) = read_of(&mut conn, all, &agency.code, year - 1).await?;
        let compiled = reporting::compile(&mut conn, &agency, year, app.today()).await?;
        found.push(OfAgency { agency, published, report, compiled, before });
    }
    Ok(found)
}

/// The published report of an agency for a year, as it stands on the portal, read like anybody else's.
async fn read_of(
    conn: &mut Conn,
    all: &[Published],
    code: &str,
    year: i16,
) -> Result<(Option<Published>, Option<Report>), PageError> {
    let published = all.iter().find(|one| one.year == year && one.agency_code == code).cloned();
    let mut report = None;
    if let Some(published) = &published {
        let serial = published.index_number.split_once('/').map_or("", |(_, serial)| serial);
        if let Some(Found::Entry(entry)) = public::find(conn, code, serial).await? {
            report = reporting::typed::read_entry(&entry.title, &entry.body_html);
        }
    }
    Ok((published, report))
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
    add_up(&Question { year: Some(year), expected, ..Question::default() }, sources.collect())
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
            // Of nothing there is no table with sums to explain.
            inexact: match addition.members.len() {
                0 => 0,
                _ => cells.iter().filter(|&&cell| addition.total(cell).exact().is_none()).count(),
            },
            tables: if addition.members.is_empty() { Vec::new() } else { tables(&addition) },
            copied: copied(found),
            rates: rate_tables(found),
            smallest_sample: compare::SMALLEST_SAMPLE,
            moves: found.iter().filter_map(moved).collect(),
            government: None,
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
                before: Some(Report::new("青禾区人民政府办公室", 2024)),
                report: Some(report.clone()),
                compiled: Some(report.clone()),
            },
            OfAgency {
                agency: agency("yunxi", "青禾区云溪镇人民政府", Some("office")),
                published: Some(published("yunxi")),
                before: None,
                report: Some(report),
                compiled: Some(compiled.clone()),
            },
            OfAgency {
                agency: agency("liuwan", "青禾区柳湾镇人民政府", Some("office")),
                published: None,
                before: None,
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

/// From so many thousandths on, a report says too much of what it said last year.
const MUCH: usize = 600;

/// The rates, agency beside agency; nobody is ranked on a handful of cases.
fn rate_tables(found: &[OfAgency]) -> Vec<RateTable> {
    let read: Vec<(&str, &Report)> =
        found.iter().filter_map(|one| Some((one.agency.name.as_str(), one.report.as_ref()?))).collect();
    let reports: Vec<&Report> = read.iter().map(|(_, report)| *report).collect();
    let row = |(name, ranked): (&str, Option<compare::Rank>)| {
        let Some(ranked) = ranked else {
            return RateRow {
                agency: name.to_owned(),
                of: "缺数".into(),
                share: "—".into(),
                place: "数字不全，不比较".into(),
            };
        };
        let share = ranked.rate.thousandths();
        RateRow {
            agency: name.to_owned(),
            of: format!("{} / {}", ranked.rate.part, ranked.rate.whole),
            share: share.map_or_else(|| "—".to_owned(), |t| format!("{}.{}%", t / 10, t % 10)),
            place: match ranked.place {
                Some(place) => format!("第 {place} 位"),
                None if ranked.rate.may_be_ranked() => "没有可比的机关".into(),
                None => format!("不足 {} 件，不排名", compare::SMALLEST_SAMPLE),
            },
        }
    };
    let tables = RateName::ALL.into_iter().map(|name| RateTable {
        name: name.official(),
        rows: read.iter().map(|(agency, _)| *agency).zip(rank(name, &reports)).map(row).collect(),
    });
    tables.filter(|table| !table.rows.is_empty()).collect()
}

/// An agency's report beside the one of the year before.
fn moved(one: &OfAgency) -> Option<MoveRow> {
    let (report, before) = (one.report.as_ref()?, one.before.as_ref()?);
    let of = |report: &Report, row| report.requests.count(row, ApplicantColumn::Total);
    let all = changes(before, report);
    let figure = |row| match (of(before, row), of(report, row)) {
        (Some(was), Some(is)) => {
            let cell = CellAddress::Requests(row, ApplicantColumn::Total);
            let relative = all.changed.iter().find(|change| change.address == cell).and_then(|c| c.relative);
            let share = relative
                .map(|t| format!("，{}{}.{}%", if t < 0 { "−" } else { "+" }, t.abs() / 10, t.abs() % 10));
            format!("{was} → {is}（{:+}{}）", is - was, share.unwrap_or_default())
        }
        _ => "缺数".to_owned(),
    };
    let named = |report: &Report| {
        let mut report = report.clone();
        report.agency = Some(one.agency.name.clone());
        Prose::of(&report)
    };
    let share = compare::copied(&named(report), &named(before)).share();
    Some(MoveRow {
        agency: one.agency.name.clone(),
        figures: [RequestRow::Received, RequestRow::Total, RequestRow::CarriedToNextYear].map(figure),
        changed: all.changed.len(),
        copied: share.map_or_else(String::new, |share| format!("{}.{}%", share / 10, share % 10)),
        is_much: share.is_some_and(|share| share >= MUCH),
    })
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
