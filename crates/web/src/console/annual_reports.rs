//! 年度报告 — every agency's report as the ledger gives it: each number opens the records it counts.

pub(crate) mod adjustments;
pub(crate) mod checking;
pub(crate) mod freezing;
mod samples;
pub(crate) mod submitting;
pub(crate) mod texts;
mod views;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Agency, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::publishing::EditionState;
use gongkai_disclosure::reporting::{
    self, Figure, FigureAddress, ProseFigure, ReportingRefusal, TextPart, YearLedger, actions, gather,
    may_read,
};
use gongkai_report::model::{ApplicantColumn, RequestRow, TableName};
use gongkai_report::{CellAddress, Section as Part, write};
use gongkai_typeset::FileFormat;
use serde::Deserialize;

use super::records::{RecordRow, agency as agency_by_code};
pub use adjustments::{AdjustForm, AdjustmentView};
pub use freezing::FreezeView;
pub use submitting::{ClocksPage, ErratumView, SubmissionPage, SubmissionsView};
pub use texts::{Insertable, InsertableGroup, TextLine, TextPage};
pub use views::{
    CellPage, EntryView, FindingView, MemberView, PartView, PrintPage, ReportLine, ReportListPage,
    ReportPage, SumView,
};

use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Grid, GridCell, Link, StatTile, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::paper;
use crate::state::App;

#[derive(Deserialize)]
pub(crate) struct Chosen {
    year: Option<i16>,
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let today = app.today();
    let mut agencies = accounts::agencies(&mut conn).await?;
    agencies.retain(|agency| may_read(&staff, agency));
    let mut years = Vec::new();
    for agency in &agencies {
        years.extend(reporting::years(&mut conn, &agency.id, today).await?);
    }
    years.sort_unstable();
    years.dedup();
    years.reverse();
    // The year that is due is the last one.
    let year = chosen.year.unwrap_or(today.year() - 1);
    let mut reports = Vec::new();
    let mut is_running = false;
    for agency in &agencies {
        let Some(ledger) = gather(&mut conn, agency, year, today).await? else {
            return Err(PageError::NotFound);
        };
        is_running = ledger.period.is_running;
        let check = reporting::own_check(&mut conn, &ledger, today).await?;
        let entry = entry_of(&mut conn, agency, year).await?;
        reports.push(line(&ledger, &check, entry.map(|entry| entry.state)));
    }
    let years = years
        .into_iter()
        .map(|y| Tab {
            label: format!("{y} 年度"),
            href: format!("/console/annual-reports?year={y}"),
            is_current: y == year,
            count: None,
        })
        .collect();
    let chrome = page.chrome(Section::Reporting).crumb("工作台", "/console").here("年度报告");
    let oversees = staff.may_anywhere(P::Oversee);
    html(&ReportListPage { chrome, year, is_running, years, oversees, reports })
}

fn line(ledger: &YearLedger, check: &reporting::OwnCheck, published: Option<Tag>) -> ReportLine {
    let total = |row| match ledger.figure(&CellAddress::Requests(row, ApplicantColumn::Total).into()) {
        Figure::Count(count) | Figure::Fen(count) => count,
    };
    let unwritten: Vec<&str> = ledger.unwritten().iter().map(|part| short_label(*part)).collect();
    ReportLine {
        agency: ledger.agency.name.clone(),
        href: base(&ledger.agency, ledger.period.year),
        received: total(RequestRow::Received),
        decided: total(RequestRow::Total),
        carried: total(RequestRow::CarriedToNextYear),
        state: checking::state(check),
        unwritten: unwritten.join("、"),
        published,
    }
}

fn short_label(part: TextPart) -> &'static str {
    match part {
        TextPart::Supervision => "监督保障",
        TextPart::ProblemsAndImprovements => "第五部分",
        TextPart::OtherMatters => "第六部分",
        other => other.label(),
    }
}

fn base(agency: &Agency, year: i16) -> String {
    format!("/console/annual-reports/{}/{year}", agency.code)
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let ledger = ledger(&app, &mut conn, &staff, &code, year).await?;
    html(&report_page(&app, &mut conn, &page, &staff, &ledger, None).await?)
}

async fn ledger(
    app: &App,
    conn: &mut Conn,
    staff: &Staff,
    code: &str,
    year: i16,
) -> Result<YearLedger, PageError> {
    let agency = agency_by_code(conn, code, |agency| may_read(staff, agency)).await?;
    gather(conn, &agency, year, app.today()).await?.ok_or(PageError::NotFound)
}

/// `typed`: the texts as they were sent and why they were not kept.
async fn report_page(
    app: &App,
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    ledger: &YearLedger,
    typed: Option<(&Fields, Vec<String>)>,
) -> Result<ReportPage, PageError> {
    let (agency, year) = (&ledger.agency, ledger.period.year);
    let base = base(agency, year);
    let report = ledger.report();
    let check = reporting::own_check(conn, ledger, app.today()).await?;
    let views = check.items.iter().map(|item| checking::view(item, ledger, staff)).collect();
    let submitting = submitting::view(conn, staff, ledger, &check, app.today()).await?;
    let freezing = freezing::view(app, conn, staff, ledger, None).await?;
    let now = match ledger.frozen {
        Some(_) => reporting::gather_now(conn, agency, year, app.today()).await?,
        None => None,
    };
    let differences = now.map_or_else(Vec::new, |now| reporting::differences(ledger, &now));
    let mark = |cell: CellAddress| {
        let corrected = submitting::mark(&submitting.errata, &cell.to_string());
        let adjusted = corrected.or_else(|| adjustments::mark(ledger, &cell.into()));
        adjusted.or_else(|| freezing::mark(&differences, &cell.into()))
    };
    let parts = Part::ALL
        .into_iter()
        .map(|part| PartView {
            title: part.official(),
            paragraphs: report
                .sections
                .paragraphs(part)
                .unwrap_or_default()
                .iter()
                .map(|paragraph| paragraph.text.clone())
                .collect(),
            table: table_of(part).map(|table| linked(&write::grid(&report, table), &base, &mark)),
        })
        .collect();
    let mut errors = ErrorSummary::default();
    if let Some((_, reasons)) = &typed {
        errors = reasons.iter().fold(errors, |errors, reason| errors.and(reason.clone()));
    }
    let fields = if staff.may(P::CompileReport, &agency.id) {
        written_parts().map(|part| text_field(part, ledger, typed.as_ref().map(|t| t.0))).collect()
    } else {
        Vec::new()
    };
    let years = reporting::years(conn, &agency.id, app.today()).await?;
    let entry = entry_of(conn, agency, year).await?;
    let newest = reporting::submissions(conn, &agency.id, year).await?.into_iter().next();
    let is_accepted = newest.is_some_and(|s| s.state() == reporting::SubmissionState::Accepted);
    Ok(ReportPage {
        may_draft: entry.is_none() && is_accepted && staff.may(P::CompileReport, &agency.id),
        entry,
        chrome: page
            .chrome(Section::Reporting)
            .crumb("工作台", "/console")
            .crumb("年度报告", format!("/console/annual-reports?year={year}"))
            .here(format!("{} {year} 年度", agency.name)),
        title: write::title(&report),
        period: ledger.period.in_words(),
        is_running: ledger.period.is_running,
        freezing,
        submitting,
        adjustments: adjustments::views(ledger, staff),
        state: checking::state(&check),
        findings: views,
        awaiting_receipt: ledger.awaiting_receipt,
        figures: prose_figures(ledger, &base),
        more_figures: texts::more(ledger),
        lead: report.lead.iter().map(|paragraph| paragraph.text.clone()).collect(),
        parts,
        texts: texts::lines(ledger, staff),
        sum: sum_of(conn, agency, year).await?,
        fields,
        errors,
        years: years
            .into_iter()
            .filter(|other| *other != year)
            .map(|other| {
                Link::new(format!("{other} 年度"), format!("/console/annual-reports/{}/{other}", agency.code))
            })
            .collect(),
        downloads: downloads(&base),
        base,
    })
}

/// The parts that a person writes; the others have their editors.
fn written_parts() -> impl Iterator<Item = TextPart> {
    TextPart::ALL.iter().copied().filter(|part| !part.is_compiled())
}

async fn sum_of(conn: &mut Conn, agency: &Agency, year: i16) -> Result<Option<SumView>, PageError> {
    if !agency.is_government() {
        return Ok(None);
    }
    let members = reporting::government::members(conn, agency, year).await?;
    let view = |member: &reporting::government::Member| {
        let accepted = member.accepted.as_ref();
        MemberView {
            name: member.agency.name.clone(),
            href: base(&member.agency, year),
            is_own: member.is_own,
            state: match accepted {
                Some(accepted) => Tag::new(Tone::Success, format!("第 {} 次报送，已计入", accepted.ordinal)),
                None => Tag::new(Tone::Warning, "没有通过的报告，未计入"),
            },
            receipt: accepted.and_then(|a| a.receipt_number.clone()).unwrap_or_default(),
            sha256: accepted.map(|a| a.sha256.clone()).unwrap_or_default(),
        }
    };
    let added = members.iter().filter(|member| member.accepted.is_some()).count();
    Ok(Some(SumView {
        added,
        missing: members.len() - added,
        members: members.iter().map(view).collect(),
        compare: format!("/console/oversight/annual-reports?year={year}"),
    }))
}

fn downloads(base: &str) -> Vec<Link> {
    let link =
        |format: FileFormat| Link::new(format.label(), format!("{base}/download/{}", format.extension()));
    FileFormat::offered().map(link).collect()
}

/// The report of that year among the agency's entries.
async fn entry_of(conn: &mut Conn, agency: &Agency, year: i16) -> Result<Option<EntryView>, PageError> {
    let entries = reporting::report_entries(conn, &agency.id).await?;
    let entry = entries.into_iter().find(|entry| reporting::year_in_title(&entry.title) == Some(year));
    Ok(entry.map(|entry| EntryView {
        state: entry_state(&entry.state),
        href: format!("/console/entries/{}", entry.entry_id),
    }))
}

fn entry_state(code: &str) -> Tag {
    let state = EditionState::from_code(code);
    let tone = if state == Some(EditionState::Released) { Tone::Success } else { Tone::Info };
    Tag::new(tone, state.map_or("", EditionState::label))
}

/// Puts the compiled report into the normal review as a draft entry.
pub(crate) async fn draft(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
) -> Result<Response, PageError> {
    let agency = agency_by_code(&mut *app.db.read().await?, &code, |agency| may_read(&staff, agency)).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let drafted = actions::draft_report(&mut tx, &staff, &agency, year).await?;
    tx.commit().await?;
    let to = format!("/console/entries/{}", drafted.entry_id);
    Ok(redirect_with(&to, "年度报告已起草，请核对后提交审核。"))
}

fn text_field(part: TextPart, ledger: &YearLedger, typed: Option<&Fields>) -> Field {
    let stored = ledger.texts.get(&part).map_or("", String::as_str);
    let value = typed.map_or(stored, |fields| fields.text(part.code()));
    let hint = match part {
        TextPart::Supervision => "各级人民政府应当报告工作考核、社会评议和责任追究结果；没有的写明没有。",
        TextPart::ProblemsAndImprovements => "写本年度的实际问题和具体措施，不与上年雷同。",
        TextPart::OtherMatters => "信息处理费情况由台账生成，写在前面；这里只写其他事项。可以不填。",
        _ => "由台账生成，另写的以另写的为准。",
    };
    Field::text(part.code(), part.label(), 6).value(value).hint(hint)
}

fn table_of(part: Part) -> Option<TableName> {
    match part {
        Part::Proactive => Some(TableName::Proactive),
        Part::Requests => Some(TableName::Requests),
        Part::Remedies => Some(TableName::Remedies),
        Part::Overview | Part::ProblemsAndImprovements | Part::OtherMatters => None,
    }
}

/// The official table with every number leading to its records.
fn linked(printed: &write::Grid, base: &str, mark: &dyn Fn(CellAddress) -> Option<String>) -> Grid {
    let span = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    let cell = |cell: &write::GridCell| {
        let view = match cell.address {
            Some(address) => {
                let number = GridCell::number(&cell.text).link(
                    format!("{base}/cells/{address}"),
                    format!("{}，{}", address.row_label(), address.column_label()),
                );
                GridCell { mark: mark(address), ..number }
            }
            None => GridCell::heading(&cell.text),
        };
        view.columns(span(cell.colspan)).rows(span(cell.rowspan))
    };
    let mut rows = printed.rows.iter().map(|row| row.iter().map(cell).collect());
    Grid {
        caption: printed.caption.clone(),
        head: rows.by_ref().take(printed.header_rows).collect(),
        body: rows.collect(),
    }
}

fn prose_figures(ledger: &YearLedger, base: &str) -> Vec<StatTile> {
    let figures = [
        (ProseFigure::Releases, "主动公开信息", "条"),
        (ProseFigure::Cases, "公众来信", "件"),
        (ProseFigure::CasesAnswered, "已答复来信", "件"),
        (ProseFigure::FeeNotices, "收费通知", "份"),
        (ProseFigure::FeesReceived, "实收信息处理费", "元"),
    ];
    figures
        .into_iter()
        .map(|(figure, label, unit)| {
            let address = FigureAddress::Prose(figure);
            StatTile {
                label: label.into(),
                value: shown(ledger, &address),
                unit: unit.into(),
                hint: String::new(),
                href: format!("{base}/cells/{address}"),
                tone: Tone::Neutral,
            }
        })
        .collect()
}

/// The figure as it is printed.
fn shown(ledger: &YearLedger, address: &FigureAddress) -> String {
    printed(ledger.figure(address), address)
}

fn printed(figure: Figure, address: &FigureAddress) -> String {
    match (figure, address) {
        (Figure::Count(count), _) => count.to_string(),
        (Figure::Fen(fen), FigureAddress::Cell(_)) => Figure::in_10k_yuan(fen),
        (Figure::Fen(fen), FigureAddress::Prose(_)) => Figure::in_yuan(fen),
    }
}

/// 行政处罚，本年处理决定数量 — the figure in a few words.
fn name_of(address: &FigureAddress) -> String {
    match address {
        FigureAddress::Cell(cell) => {
            let group = cell.group_label().unwrap_or_default();
            format!("{group} {}，{}", cell.row_label(), cell.column_label()).trim().to_owned()
        }
        FigureAddress::Prose(figure) => figure.label(),
    }
}

pub(crate) async fn cell(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, year, address)): Path<(String, i16, String)>,
) -> Result<impl IntoResponse, PageError> {
    let address: FigureAddress = address.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.db.read().await?;
    let ledger = ledger(&app, &mut conn, &staff, &code, year).await?;
    html(&cell_page(&page, &staff, &ledger, &address, None))
}

/// `typed`: an adjustment that was refused, with why.
fn cell_page(
    page: &PageContext,
    staff: &Staff,
    ledger: &YearLedger,
    address: &FigureAddress,
    typed: Option<(&Fields, &FormErrors)>,
) -> CellPage {
    let year = ledger.period.year;
    let base = base(&ledger.agency, year);
    let records = ledger.records(address);
    let looked_at = ledger.looked_at(address);
    let searched: Vec<String> = looked_at
        .iter()
        .map(|(register, count)| {
            format!("{}中与 {year} 年度有关的记录 {count} {}", register.label(), register.classifier())
        })
        .collect();
    let place = match address {
        FigureAddress::Cell(cell) => cell.table().official(),
        FigureAddress::Prose(_) => "正文中的数字",
    };
    CellPage {
        chrome: page
            .chrome(Section::Reporting)
            .crumb("工作台", "/console")
            .crumb("年度报告", format!("/console/annual-reports?year={year}"))
            .crumb(format!("{} {year} 年度", ledger.agency.name), &base)
            .here("数字背后的记录"),
        heading: name_of(address),
        place: place.to_owned(),
        question: ledger.question(address),
        answer: format!(
            "查了{}，符合的有 {}。{}",
            searched.join("、"),
            records.len(),
            adjusted_in_words(ledger, address)
        ),
        value: shown(ledger, address),
        rows: records.iter().map(|record| RecordRow::of(record, staff, &ledger.agency.id)).collect(),
        adjustments: ledger
            .adjustment(address)
            .and_then(|adjustment| adjustments::view(ledger, adjustment, staff))
            .into_iter()
            .collect(),
        adjust: adjustments::form(ledger, address, staff, typed),
        back: base,
    }
}

/// 台账为 1，报告写 2：见调整。 — for a figure, or a total, that is not what its records give.
fn adjusted_in_words(ledger: &YearLedger, address: &FigureAddress) -> String {
    let (reported, counted) = (ledger.figure(address), ledger.counted(address));
    if reported == counted {
        return String::new();
    }
    let (reported, counted) = (printed(reported, address), printed(counted, address));
    format!("台账为 {counted}，经调整报告写 {reported}。")
}

pub(crate) async fn save_texts(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let ledger = ledger(&app, &mut conn, &staff, &code, year).await?;
    let back = base(&ledger.agency, year);
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (mut refused, mut saved) = (Vec::new(), 0);
    for part in written_parts() {
        let (typed, stored) = (form.text(part.code()), ledger.texts.get(&part).map_or("", String::as_str));
        if typed == stored {
            continue;
        }
        match actions::save_text(&mut tx, &staff, &ledger.agency, year, part, typed).await {
            Ok(()) => saved += 1,
            Err(Failure::Refused(reasons)) if reasons.iter().all(is_about_the_text) => {
                refused.extend(reasons.iter().map(|reason| format!("{}：{reason}", part.label())));
            }
            Err(other) => return Err(other.into()),
        }
    }
    if !refused.is_empty() {
        drop(tx);
        let again = report_page(&app, &mut conn, &page, &staff, &ledger, Some((&form, refused))).await?;
        return form_again(&again);
    }
    if saved == 0 {
        return Ok(redirect_with(&back, "文字没有改动。"));
    }
    tx.commit().await?;
    Ok(redirect_with(&back, "已保存，报告已按新的文字重新编制。"))
}

fn is_about_the_text(reason: &ReportingRefusal) -> bool {
    matches!(reason, ReportingRefusal::TextTooLong { .. } | ReportingRefusal::UnknownFigure(_))
}

pub(crate) async fn print(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let report = ledger(&app, &mut conn, &staff, &code, year).await?.report();
    html(&PrintPage { title: write::title(&report), body: write::html(&report) })
}

pub(crate) async fn download(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year, format)): Path<(String, i16, String)>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let ledger = ledger(&app, &mut conn, &staff, &code, year).await?;
    let report = ledger.report();
    let format = FileFormat::from_extension(&format).ok_or(PageError::NotFound)?;
    drop(conn);
    paper::download(&app, &report, format, None).await
}
