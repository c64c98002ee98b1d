//! 年度报告数据 — the figures of all agencies and years, as tables and as charts drawn here; what is not known is blank,
//! never zero.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use gongkai_disclosure::open_data;
use gongkai_disclosure::reporting::public::report_of;
use gongkai_report::model::{
    ApplicantColumn, CellAddress, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, Report, RequestRow,
};

use crate::components::Tab;
use crate::errors::PageError;
use crate::forms::{Fields, encode};
use crate::html::{PageContext, kept};
use crate::page::{Chrome, Section};
use crate::page_cache::Shows;
use crate::state::App;

/// The figures shown, in the order of the form.
const FIGURES: [(&str, CellAddress); 8] = [
    ("新收申请", CellAddress::Requests(RequestRow::Received, ApplicantColumn::Total)),
    ("予以公开", CellAddress::Requests(RequestRow::Disclosed, ApplicantColumn::Total)),
    ("部分公开", CellAddress::Requests(RequestRow::PartlyDisclosed, ApplicantColumn::Total)),
    ("办结总计", CellAddress::Requests(RequestRow::Total, ApplicantColumn::Total)),
    ("行政复议", CellAddress::Remedies(RemedyRow::Reconsideration, RemedyColumn::Total)),
    ("复议纠正", CellAddress::Remedies(RemedyRow::Reconsideration, RemedyColumn::Corrected)),
    ("规范性文件制发", CellAddress::Proactive(ProactiveRow::NormativeDocuments, ProactiveColumn::Issued)),
    (
        "规范性文件现行有效",
        CellAddress::Proactive(ProactiveRow::NormativeDocuments, ProactiveColumn::InForce),
    ),
];

/// An agency's or a year's figures; `None`: not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureRow {
    pub name: String,
    pub href: String,
    pub values: Vec<Option<i64>>,
}

/// A bar with its words, placed; widths are worked out here, for the page has no script and no styles of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub name: String,
    pub value: i64,
    pub y: i64,
    pub width: i64,
}

/// 条形图. The table beside it says the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chart {
    pub title: String,
    pub height: i64,
    pub bars: Vec<Bar>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/report_figures.html")]
pub struct ReportFiguresPage {
    pub chrome: Chrome,
    pub year: String,
    pub years: Vec<Tab>,
    pub heads: Vec<&'static str>,
    pub agencies: Vec<FigureRow>,
    pub by_agency: Chart,
    pub trend: Vec<FigureRow>,
    pub by_year: Chart,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    uri: Uri,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let typed = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let chosen = typed.number::<i64>("year").filter(|year| (2000..3000).contains(year));
    let address = match chosen {
        Some(year) => format!("/annual-reports/figures?year={year}"),
        None => "/annual-reports/figures".to_owned(),
    };
    kept(&page, &asked, &address, async {
        let mut conn = app.db.read().await?;
        let rows = open_data::public::reports_with_text(&mut conn, "", 0).await?;
        drop(conn);
        let mut read = Vec::with_capacity(rows.len());
        for (code, name, year, body) in rows {
            read.push((code, name, year, values(&report_of(&body)?)));
        }
        let chrome = page.chrome_at(Section::AnnualReports, &address);
        Ok((ReportFiguresPage::of(chrome, &read, chosen).render()?, Shows::Entries))
    })
    .await
}

fn values(report: &Report) -> Vec<Option<i64>> {
    FIGURES.iter().map(|(_, address)| report.get(*address).and_then(|cell| cell.count())).collect()
}

/// Bars under each other, the longest as wide as there is room.
fn chart(title: String, rows: &[FigureRow]) -> Chart {
    const ROW: i64 = 46;
    const ROOM: i64 = 300;
    let known: Vec<(&FigureRow, i64)> =
        rows.iter().filter_map(|row| Some((row, row.values.first().copied()??))).collect();
    let most = known.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1);
    let bars: Vec<Bar> = (0..)
        .zip(known)
        .map(|(at, (row, value))| Bar {
            name: row.name.clone(),
            value,
            y: at * ROW,
            width: value.max(0) * ROOM / most,
        })
        .collect();
    Chart { title, height: bars.len() as i64 * ROW, bars }
}

type Read = (String, String, i64, Vec<Option<i64>>);

impl ReportFiguresPage {
    fn of(chrome: Chrome, read: &[Read], chosen: Option<i64>) -> ReportFiguresPage {
        let mut by_year: BTreeMap<i64, Vec<&Read>> = BTreeMap::new();
        for one in read {
            by_year.entry(one.2).or_default().push(one);
        }
        let year = chosen.or_else(|| by_year.keys().next_back().copied()).unwrap_or(0);
        let agencies: Vec<FigureRow> = by_year
            .get(&year)
            .into_iter()
            .flatten()
            .map(|(code, name, year, values)| FigureRow {
                name: name.clone(),
                href: format!("/annual-reports/{}/{year}", encode(code)),
                values: values.clone(),
            })
            .collect();
        let trend: Vec<FigureRow> = by_year
            .iter()
            .map(|(year, reports)| FigureRow {
                name: format!("{year} 年度（{} 份报告）", reports.len()),
                href: format!("/annual-reports/figures?year={year}"),
                // One figure that is not known makes the sum unknown: it is no zero.
                values: (0..FIGURES.len())
                    .map(|at| reports.iter().map(|(_, _, _, values)| values[at]).sum::<Option<i64>>())
                    .collect(),
            })
            .collect();
        ReportFiguresPage {
            by_agency: chart(format!("{year} 年度各机关新收政府信息公开申请（件）"), &agencies),
            by_year: chart("历年新收政府信息公开申请（件），已公布的报告合计".into(), &trend),
            chrome: chrome.crumb("首页", "/").crumb("年度报告", "/annual-reports").here("数据"),
            year: year.to_string(),
            years: by_year
                .iter()
                .rev()
                .map(|(one, reports)| Tab {
                    label: format!("{one} 年度"),
                    href: format!("/annual-reports/figures?year={one}"),
                    is_current: *one == year,
                    count: Some(reports.len() as u64),
                })
                .collect(),
            heads: FIGURES.iter().map(|(label, _)| *label).collect(),
            agencies,
            trend,
        }
    }

    pub fn sample() -> Self {
        let one = |code: &str, name: &str, year, first: Option<i64>| -> Read {
            let rest = [Some(3), Some(1), Some(9), Some(1), Some(0), Some(2), Some(14)];
            (code.into(), name.into(), year, std::iter::once(first).chain(rest).collect())
        };
        let read = [
            one("office", "青禾区人民政府办公室", 2025, Some(31)),
            one("finance", "青禾区财政局", 2025, Some(12)),
            one("yunxi", "云溪镇人民政府", 2025, None),
            one("office", "青禾区人民政府办公室", 2024, Some(27)),
        ];
        ReportFiguresPage::of(Chrome::sample(Section::AnnualReports), &read, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_no_zero() {
        let page = ReportFiguresPage::sample();
        assert_eq!(page.agencies[2].values[0], None);
        assert_eq!(page.by_agency.bars.len(), 2, "no bar for what is not known");
        assert_eq!(page.trend[0].values[0], Some(27));
        assert_eq!(page.trend[1].values[0], None, "a sum with an unknown part is not known");
        let body = page.render().unwrap();
        assert!(body.contains("<svg") && body.contains("未知"), "{body}");
    }

    #[test]
    fn the_longest_bar_fills_the_room() {
        let row = |value| FigureRow { name: "a".into(), href: "/".into(), values: vec![Some(value)] };
        let drawn = chart("t".into(), &[row(10), row(5), row(0)]);
        assert_eq!(drawn.bars.iter().map(|bar| bar.width).collect::<Vec<_>>(), [300, 150, 0]);
        assert_eq!(chart("t".into(), &[row(0)]).bars[0].width, 0, "all zero divides by nothing");
    }
}
