//! 年度报告数据合计 — the figures of published reports summed over any agencies and years, as they were kept when each
//! report went out. 《条例》第四十九条第二款.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Html;
use gongkai_disclosure::accounts;
use gongkai_disclosure::oversight::oversees;
use gongkai_disclosure::reporting;
use gongkai_report::aggregate::{Total, Totals, figure_in_words as in_words};
use gongkai_report::model::{ProactiveColumn, RemedyColumn, RequestRow, TableName};
use gongkai_report::{CellAddress, OfficialForm};

use crate::auth::Signed;
use crate::components::Field;
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;

/// 2019 is the first year of the form.
const FIRST_YEAR: i16 = 2019;
/// Years beside each other on one page.
const MOST_YEARS: usize = 10;

/// A cell over the years.
#[derive(Debug, Clone)]
pub struct SumRow {
    pub row: &'static str,
    pub column: &'static str,
    /// One for each year, then all years together.
    pub sums: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct SumTable {
    pub name: &'static str,
    pub rows: Vec<SumRow>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/oversight/report_sums.html")]
pub struct ReportSumsPage {
    pub chrome: Chrome,
    pub fields: Vec<Field>,
    pub problem: String,
    /// The years, each with how many reports are counted.
    pub years: Vec<(i16, u32)>,
    pub tables: Vec<SumTable>,
}

/// What was asked for.
struct Chosen {
    from: i16,
    to: i16,
    agencies: Vec<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    uri: Uri,
) -> Result<Html<String>, PageError> {
    let mut conn = app.db.read().await?;
    let mut agencies = accounts::agencies(&mut conn).await?;
    // The government's own report is the sum, not a part of it.
    agencies.retain(|agency| oversees(&staff, agency) && !agency.is_government());
    let sent = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let last = app.today().year() - 1;
    let chosen = Chosen {
        from: sent.number("from").unwrap_or(last - 2),
        to: sent.number("to").unwrap_or(last),
        agencies: sent.all("agency").map(str::to_owned).collect(),
    };
    let known: Vec<(String, String)> =
        agencies.iter().map(|agency| (agency.code.clone(), agency.name.clone())).collect();
    let is_chosen = |code: &str| chosen.agencies.is_empty() || chosen.agencies.iter().any(|one| one == code);
    let problem = problem(&chosen, last);
    let mut sums = BTreeMap::new();
    if problem.is_empty() {
        let wanted: Vec<&str> =
            agencies.iter().filter(|one| is_chosen(&one.code)).map(|one| one.id.as_str()).collect();
        sums = reporting::totals(&mut conn, |id| wanted.contains(&id), chosen.from..=chosen.to).await?;
    }
    let chrome = page
        .chrome(Section::Oversight)
        .crumb("工作台", "/console")
        .crumb("监督", "/console/oversight")
        .crumb("年度报告汇总", "/console/oversight/annual-reports")
        .here("各年合计");
    html(&ReportSumsPage::of(chrome, fields(&chosen, last, known), problem, &sums))
}

fn problem(chosen: &Chosen, last: i16) -> String {
    let span = usize::try_from(i32::from(chosen.to) - i32::from(chosen.from) + 1).unwrap_or_default();
    if chosen.from > chosen.to {
        "起始年份在截止年份之后，请对调后再试".to_owned()
    } else if chosen.from < FIRST_YEAR || chosen.to > last + 1 || span > MOST_YEARS {
        format!("请在 {FIRST_YEAR} 年到 {} 年之间选择，一次不超过 {MOST_YEARS} 年", last + 1)
    } else {
        String::new()
    }
}

fn fields(chosen: &Chosen, last: i16, agencies: Vec<(String, String)>) -> Vec<Field> {
    let years = || (FIRST_YEAR..=last + 1).rev().map(|year| (year.to_string(), format!("{year} 年")));
    vec![
        Field::select("from", "从", years()).value(chosen.from.to_string()),
        Field::select("to", "到", years()).value(chosen.to.to_string()),
        Field::checkbox("agency", "机关", agencies)
            .hint("一个也不选就是全部")
            .values(&chosen.agencies)
            .inline(),
    ]
}

impl ReportSumsPage {
    fn of(chrome: Chrome, fields: Vec<Field>, problem: String, sums: &BTreeMap<i16, Totals>) -> Self {
        let years: Vec<(i16, u32)> = sums.iter().map(|(year, totals)| (*year, totals.reports())).collect();
        let mut tables = Vec::new();
        for &table in TableName::ALL.iter().filter(|_| !sums.is_empty()) {
            let addresses = cells().into_iter().filter(|cell| cell.table() == table);
            let rows = addresses.filter_map(|address| row(address, sums)).collect();
            tables.push(SumTable { name: table.official(), rows });
        }
        Self { chrome, fields, problem, years, tables }
    }

    pub fn sample() -> Self {
        let chrome = Chrome::console_sample(Section::Oversight).crumb("工作台", "/console").here("各年合计");
        let chosen = Chosen { from: 2024, to: 2025, agencies: Vec::new() };
        let agencies = vec![("yunxi".to_owned(), "青禾区云溪镇人民政府".to_owned())];
        let mut report = gongkai_report::Report::new("青禾区云溪镇人民政府", 2025);
        if let Ok(address) = "requests/received/natural_person".parse() {
            let _ = report.set_count(address, 9);
        }
        report.derive_totals();
        let totals: Totals = [gongkai_report::aggregate::Figures::of(&report)].into_iter().collect();
        let sums = [(2024, totals.clone()), (2025, totals)].into();
        Self::of(chrome, fields(&chosen, 2025, agencies), String::new(), &sums)
    }
}

/// The cells of both forms, each once, in the order of the newer.
fn cells() -> Vec<CellAddress> {
    let mut cells = CellAddress::all(OfficialForm::F2021);
    let older = CellAddress::all(OfficialForm::F2019);
    let newer = cells.clone();
    cells.extend(older.into_iter().filter(|cell| !newer.contains(cell)));
    cells
}

/// None where no report has the cell.
fn row(address: CellAddress, sums: &BTreeMap<i16, Totals>) -> Option<SumRow> {
    let has = |totals: &&Totals| {
        let sum = totals.sum(address);
        sum.reports + sum.blank > 0
    };
    sums.values().find(has)?;
    let mut said: Vec<String> = sums.values().map(|totals| in_cell(address, totals)).collect();
    let mut all = Totals::default();
    sums.values().for_each(|totals| all.merge(totals));
    said.push(if is_flow(address) { in_cell(address, &all) } else { String::new() });
    Some(SumRow { row: address.row_label(), column: address.column_label(), sums: said })
}

/// A number that is not known is never taken for nothing.
fn in_cell(address: CellAddress, totals: &Totals) -> String {
    match totals.total(address) {
        Total::Exact(number) => in_words(address, number),
        Total::AtLeast(number) => format!("≥{}", in_words(address, number)),
        Total::Unknown => "—".to_owned(),
    }
}

/// Whether the years may be added: what is in force or carried over stands in several years.
fn is_flow(address: CellAddress) -> bool {
    use ProactiveColumn as C;
    match address {
        CellAddress::Proactive(_, column) => {
            !matches!(column, C::InForce | C::TotalDisclosed | C::ItemsLastYear)
        }
        CellAddress::Requests(row, _) => {
            !matches!(row, RequestRow::CarriedFromLastYear | RequestRow::CarriedToNextYear)
        }
        CellAddress::Remedies(_, column) => !matches!(column, RemedyColumn::Pending | RemedyColumn::Total),
    }
}
