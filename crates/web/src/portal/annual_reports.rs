//! 政府信息公开工作年度报告 — every agency's report, by year. 《条例》第四十九条、第五十条.

use std::collections::HashSet;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::Genre;
use gongkai_disclosure::publishing::public::{self, Filter, Found, Page, PublicAgency};
use gongkai_disclosure::reporting::public::{PublishedReport, published_editions};
use gongkai_disclosure::reporting::year_in_title;
use gongkai_disclosure::time::day_in_china;
use gongkai_statute::parameters::Parameter as P;
use gongkai_typeset::FileFormat;
use jiff::Timestamp;
use jiff::civil::Date;

use super::entries::{article, record};
use super::wording::{day_of_year, file_row, file_size};
use crate::components::{FileRow, KeyValue, Link, Tab};
use crate::console::annual_reports::ErratumView;
use crate::console::annual_reports::submitting::errata_of;
use crate::errors::PageError;
use crate::forms::{Fields, encode};
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Section};
use crate::page_cache::Shows;
use crate::paper;
use crate::state::App;

/// A report that stands on the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    pub year: i16,
    pub agency_code: String,
    pub index_number: String,
    pub title: String,
    pub published_on: String,
}

/// One agency's report of the year on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLine {
    pub agency: String,
    pub title: String,
    /// `None`: not published yet.
    pub href: Option<String>,
    pub published_on: String,
    pub index_number: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/annual_reports.html")]
pub struct AnnualReportsPage {
    pub chrome: Chrome,
    pub year: String,
    /// When reports are due, from the Regulations.
    pub due: String,
    pub years: Vec<Tab>,
    pub reports: Vec<ReportLine>,
    /// How many of them are published.
    pub published: usize,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/annual_report.html")]
pub struct AnnualReportPage {
    pub chrome: Chrome,
    pub title: String,
    pub record: Vec<KeyValue>,
    /// Already cleaned HTML; the page puts it out as it is.
    pub body_html: String,
    pub attachments: Vec<FileRow>,
    /// The report itself in every format.
    pub files: Vec<FileRow>,
    /// Corrections after publication, the newest first: the old figure stays beside the new.
    pub errata: Vec<ErratumView>,
    pub other_years: Vec<Link>,
}

/// All reports on the portal, the newest year first.
pub(crate) async fn published(conn: &mut Conn) -> Result<Vec<Published>, PageError> {
    let filter = Filter { genre: Genre::AnnualReport.code().to_owned(), ..Filter::default() };
    let mut reports = Vec::new();
    for number in 1.. {
        let lines = public::lines(conn, &filter, Page::new(number, 200), None).await?;
        let is_last = lines.len() < 200;
        reports.extend(lines.into_iter().map(|line| Published {
            year: year_of(&line.title, &line.made_on),
            agency_code: line.agency_code,
            index_number: line.index_number,
            title: line.title,
            published_on: line.first_released_on,
        }));
        if is_last {
            break;
        }
    }
    // Where a year has two, the later one counts: the list is newest first and the sort keeps that order.
    reports.sort_by_key(|report| std::cmp::Reverse(report.year));
    Ok(reports)
}

/// The year a report is about: the one its title names, else the year before it was made.
fn year_of(title: &str, made_on: &str) -> i16 {
    let closed_up: String = title.chars().filter(|c| !c.is_whitespace()).collect();
    let before_made = || made_on.get(..4).and_then(|year| year.parse().ok()).map_or(0, |year: i16| year - 1);
    year_in_title(&closed_up).unwrap_or_else(before_made)
}

/// The years that have reports, newest first.
pub(crate) fn years(reports: &[Published]) -> Vec<i16> {
    let mut years: Vec<i16> = reports.iter().map(|report| report.year).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    years
}

/// How many agencies have published for that year.
pub(crate) fn agencies_in(reports: &[Published], year: i16) -> usize {
    let of_year = reports.iter().filter(|report| report.year == year);
    of_year.map(|report| &report.agency_code).collect::<HashSet<_>>().len()
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    uri: Uri,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let chosen = Fields::parse(uri.query().unwrap_or_default().as_bytes()).text("year").parse::<i16>().ok();
    let address = match chosen {
        Some(year) => format!("/annual-reports?year={year}"),
        None => "/annual-reports".to_owned(),
    };
    kept(&page, &asked, &address, async {
        let mut conn = app.db.read().await?;
        let reports = published(&mut conn).await?;
        let agencies = public::agencies(&mut conn).await?;
        drop(conn);
        let chrome = page.chrome_at(Section::AnnualReports, &address).crumb("首页", "/").here("年度报告");
        let page = AnnualReportsPage::of(chrome, &reports, &agencies, chosen, app.today());
        Ok((page.render()?, Shows::Entries))
    })
    .await
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Path((agency, year)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let year: i16 = year.parse().map_err(|_| PageError::NotFound)?;
    let address = report_address(&agency, year);
    kept(&page, &asked, &address, async {
        let mut conn = app.db.read().await?;
        let mut reports = published(&mut conn).await?;
        reports.retain(|report| report.agency_code == agency);
        reports.dedup_by_key(|report| report.year);
        let report = reports.iter().find(|report| report.year == year).ok_or(PageError::NotFound)?;
        let serial = report.index_number.split_once('/').map_or("", |(_, serial)| serial);
        let Some(Found::Entry(entry)) = public::find(&mut conn, &agency, serial).await? else {
            return Err(PageError::NotFound);
        };
        let attachments = public::attachments(&mut conn, &entry.id).await?;
        let editions = published_editions(&mut conn, &agency, year).await?;
        drop(conn);
        let chrome =
            Chrome { article: Some(article(&entry)), ..page.chrome_at(Section::AnnualReports, &address) };
        let page = AnnualReportPage {
            chrome: chrome
                .crumb("首页", "/")
                .crumb("年度报告", format!("/annual-reports?year={year}"))
                .here(format!("{} {year} 年度", entry.agency_name)),
            record: record(&entry, None),
            errata: errata_of(&editions)?,
            files: files(&app, &address, &editions).await?,
            attachments: attachments.iter().map(|file| file_row(&entry.index_number, file)).collect(),
            other_years: reports
                .iter()
                .filter(|report| report.year != year)
                .map(|report| {
                    Link::new(format!("{} 年度", report.year), report_address(&agency, report.year))
                })
                .collect(),
            title: entry.title.clone(),
            body_html: entry.body_html.clone(),
        };
        Ok((page.render()?, Shows::Entries))
    })
    .await
}

/// The newest edition in a format, to take away.
pub(crate) async fn download(
    State(app): State<App>,
    Path((agency, year, format)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let year: i16 = year.parse().map_err(|_| PageError::NotFound)?;
    let format = FileFormat::offered().find(|offered| offered.extension() == format);
    let format = format.ok_or(PageError::NotFound)?;
    let editions = published_editions(&mut *app.db.read().await?, &agency, year).await?;
    let edition = editions.last().ok_or(PageError::NotFound)?;
    paper::download(&app, &edition.report()?, format, released_on(edition)).await
}

/// Every format with its size. One that cannot be made, for a character that no typeface has, is left out.
async fn files(app: &App, address: &str, editions: &[PublishedReport]) -> Result<Vec<FileRow>, PageError> {
    let Some(edition) = editions.last() else { return Ok(Vec::new()) };
    let report = edition.report()?;
    let mut rows = Vec::new();
    for format in FileFormat::offered() {
        let file = match paper::file(app, &report, format, released_on(edition)).await {
            Ok(file) => file,
            Err(PageError::Refused(reasons)) => {
                tracing::warn!(address, format = format.extension(), ?reasons, "a format is not offered");
                continue;
            }
            Err(error) => return Err(error),
        };
        rows.push(FileRow {
            name: format.label().to_owned(),
            href: format!("{address}/download/{}", format.extension()),
            kind: format.extension().to_ascii_uppercase(),
            size: file_size(i64::try_from(file.len()).unwrap_or(i64::MAX)),
        });
    }
    Ok(rows)
}

/// The day that stands in the file.
fn released_on(edition: &PublishedReport) -> Option<Date> {
    edition.released_at.parse::<Timestamp>().ok().map(day_in_china)
}

fn report_address(agency_code: &str, year: i16) -> String {
    format!("/annual-reports/{}/{year}", encode(agency_code))
}

impl AnnualReportsPage {
    /// Every agency with its report of the chosen year, or the newest year there is.
    fn of(
        chrome: Chrome,
        reports: &[Published],
        agencies: &[PublicAgency],
        chosen: Option<i16>,
        today: Date,
    ) -> AnnualReportsPage {
        let years = years(reports);
        let year = chosen.or(years.first().copied()).unwrap_or(today.year() - 1);
        let lines: Vec<ReportLine> = agencies
            .iter()
            .map(|agency| {
                let report = reports.iter().find(|r| r.year == year && r.agency_code == agency.code);
                ReportLine {
                    agency: agency.name.clone(),
                    title: report.map_or_else(String::new, |r| r.title.clone()),
                    href: report.map(|_| report_address(&agency.code, year)),
                    published_on: report.map_or_else(String::new, |r| r.published_on.clone()),
                    index_number: report.map_or_else(String::new, |r| r.index_number.clone()),
                }
            })
            .collect();
        let published = lines.iter().filter(|line| line.href.is_some()).count();
        AnnualReportsPage {
            chrome,
            year: year.to_string(),
            due: due(today),
            years: years
                .into_iter()
                .map(|one| Tab {
                    label: format!("{one} 年度"),
                    href: format!("/annual-reports?year={one}"),
                    is_current: one == year,
                    count: Some(agencies_in(reports, one) as u64),
                })
                .collect(),
            // A year nobody has reported on is said in words, not by a list of blanks.
            reports: if published == 0 { Vec::new() } else { lines },
            published,
        }
    }
}

/// 《条例》第四十九条.
fn due(today: Date) -> String {
    format!(
        "县级以上人民政府部门每年 {}前、县级以上地方人民政府每年 {}前公布上一年度报告。《条例》第四十九条",
        day_of_year(P::DepartmentReportDay, today),
        day_of_year(P::GovernmentReportDay, today)
    )
}

impl AnnualReportsPage {
    pub fn sample() -> Self {
        let line = |agency: &str, serial: Option<u32>| ReportLine {
            agency: agency.into(),
            title: serial.map_or_else(String::new, |_| format!("{agency} 2025 年政府信息公开工作年度报告")),
            href: serial.map(|_| "/annual-reports/office/2025".to_owned()),
            published_on: serial.map_or_else(String::new, |_| "2026-01-22".into()),
            index_number: serial.map_or_else(String::new, |n| format!("office/2026-{n:05}")),
        };
        let tab = |label: &str, is_current| Tab {
            label: label.into(),
            href: "/annual-reports?year=2025".into(),
            is_current,
            count: Some(3),
        };
        AnnualReportsPage {
            chrome: Chrome::sample(Section::AnnualReports).crumb("首页", "/").here("年度报告"),
            year: "2025".into(),
            due: due(jiff::civil::date(2026, 2, 1)),
            years: vec![tab("2025 年度", true), tab("2024 年度", false)],
            reports: vec![
                line("青禾区人民政府办公室", Some(11)),
                line("青禾区财政局", Some(9)),
                line("云溪镇人民政府", Some(8)),
                line("柳湾镇人民政府", None),
            ],
            published: 3,
        }
    }
}

impl AnnualReportPage {
    pub fn sample() -> Self {
        let file = |name: &str, kind: &str, size: &str| FileRow {
            name: name.into(),
            href: format!("/annual-reports/yunxi/2025/download/{kind}"),
            kind: kind.to_ascii_uppercase(),
            size: size.into(),
        };
        AnnualReportPage {
            chrome: Chrome::sample(Section::AnnualReports)
                .crumb("首页", "/")
                .crumb("年度报告", "/annual-reports")
                .here("云溪镇人民政府 2025 年度"),
            title: "云溪镇人民政府 2025 年政府信息公开工作年度报告".into(),
            record: vec![
                KeyValue::new("索引号", "yunxi/2026-00011"),
                KeyValue::new("发布机关", "云溪镇人民政府"),
                KeyValue::new("生成日期", "2026-01-20"),
                KeyValue::new("公开日期", "2026-01-22"),
            ],
            body_html: "<h2>一、总体情况</h2><p>2025 年，本镇主动公开政府信息 133 条，收到政府信息公开申请 9 件，均依法办理。</p>\
                <h2>二、主动公开政府信息情况</h2><table><tbody><tr><th>信息内容</th><th>本年制发件数</th><th>本年废止件数</th><th>现行有效件数</th></tr>\
                <tr><td>行政规范性文件</td><td>2</td><td>1</td><td>14</td></tr></tbody></table>"
                .into(),
            attachments: vec![],
            files: vec![file("Word 文档", "docx", "16 KB"), file("PDF 文档", "pdf", "148 KB")],
            errata: vec![ErratumView::sample()],
            other_years: vec![Link::new("2024 年度", "/annual-reports/yunxi/2024")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::year_of;

    #[test]
    fn the_year_is_the_one_the_title_names() {
        assert_eq!(year_of("云溪镇 2025 年政府信息公开工作年度报告", "2026-01-20"), 2025);
        assert_eq!(year_of("青禾区财政局2024年度政府信息公开工作年度报告", "2026-01-20"), 2024);
        assert_eq!(year_of("政府信息公开工作年度报告", "2026-01-20"), 2025);
        assert_eq!(year_of("〔2026〕1 号　2025年报告", "2026-01-20"), 2025);
    }
}
