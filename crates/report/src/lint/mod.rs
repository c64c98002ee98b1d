//! What the rules say about a report: findings, each with a place and a basis.
//!
//! One folder per rule: the code, and the page that explains it. The examples on the page are its test.

mod agency;
mod balance;
mod dates;
mod finding;
mod fold;
mod numerals;
mod prose;
mod render;
mod sarif;
mod sheet;
mod words;

mod agency_mismatch;
mod cell_invalid;
mod cell_missing;
mod citation_outdated;
mod date_impossible;
mod fee_statement_missing;
mod form_year;
mod overview_incomplete;
mod previous_report;
mod proactive_items_carried;
mod proactive_new_exceeds_total;
mod proactive_stock_balance;
mod proactive_stock_carried;
mod prose_change;
mod prose_channels;
mod prose_count;
mod prose_exclusion;
mod prose_fee;
mod prose_outcomes;
mod prose_percentage;
mod prose_proactive;
mod prose_rate;
mod prose_remedies;
mod prose_requests;
mod prose_sum;
mod prose_twice;
mod remedies_block_total;
mod remedies_pending_carried;
mod report_date;
mod report_period;
mod requests_carried_over;
mod requests_column_total;
mod requests_cross_foot;
mod requests_row_total;
mod row_missing;
mod rules_without_power;
mod section_missing;
mod supervision_results_missing;
mod table_missing;

#[cfg(test)]
mod pages;

use std::cell::OnceCell;

use gongkai_statute::cite;

pub(crate) use finding::form_basis;
pub use finding::{At, Finding, Scalar, Severity};
pub use render::{findings_json, human, place_in_words};
pub use sarif::SarifLog;
pub use sheet::FindingsSheet;

use crate::model::Report;
use balance::Contradiction;
use prose::{Prose, TableFigures};

/// One rule, with the page that explains it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Stable kebab-case id.
    pub id: &'static str,
    /// The gravest severity it reports.
    pub severity: Severity,
    /// The page: what it checks, why, an example that passes and one that fails.
    pub page: &'static str,
    check: fn(&Context) -> Vec<Finding>,
}

impl Rule {
    pub fn by_id(id: &str) -> Option<&'static Rule> {
        rules().iter().find(|rule| rule.id == id)
    }

    /// The heading of its page.
    pub fn title(&self) -> &'static str {
        self.page.lines().next().unwrap_or_default().trim_start_matches("# ")
    }
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    report: &'a Report,
    previous: Option<&'a Report>,
    /// What several rules need.
    shared: &'a Shared,
}

/// What several rules need, found out once, when the first of them asks.
#[derive(Debug, Default)]
struct Shared {
    prose: OnceCell<Prose>,
    prose_findings: OnceCell<Vec<Finding>>,
    contradictions: OnceCell<Vec<Contradiction>>,
}

impl<'a> Context<'a> {
    fn prose(&self) -> &'a Prose {
        self.shared.prose.get_or_init(|| Prose::of(self.report))
    }

    /// The contradictions of part 三.
    fn contradictions(&self) -> &'a [Contradiction] {
        self.shared.contradictions.get_or_init(|| balance::contradictions(self.report))
    }

    fn table_figures(&self) -> TableFigures<'a> {
        TableFigures::without(self.report, self.contradictions())
    }

    /// Contradictions are found together, since one wrong number may break several rules.
    fn prose_findings(&self, rule: &str) -> Vec<Finding> {
        let find = || prose::contradictions(self.prose(), &self.table_figures());
        let all = self.shared.prose_findings.get_or_init(find);
        all.iter().filter(|finding| finding.rule == rule).cloned().collect()
    }
}

macro_rules! rules {
    ($($id:literal $severity:ident $folder:literal $check:expr;)+) => {
        &[$(Rule {
            id: $id,
            severity: Severity::$severity,
            page: include_str!(concat!($folder, "/page.md")),
            check: $check,
        }),+]
    };
}

/// Reported while reading, since the model no longer shows it.
fn told_by_reading(_: &Context) -> Vec<Finding> {
    Vec::new()
}

/// Every rule, in the order of the report.
pub fn rules() -> &'static [Rule] {
    rules! {
        "title-incomplete" Warning "title_incomplete" told_by_reading;
        "section-missing" Warning "section_missing" told_by_reading;
        "table-missing" Warning "table_missing" table_missing::check;
        "row-missing" Warning "row_missing" row_missing::check;
        "row-shape" Warning "row_shape" told_by_reading;
        "row-jammed" Warning "row_jammed" told_by_reading;
        "values-reconstructed" Info "values_reconstructed" told_by_reading;
        "table-values-lost" Warning "table_values_lost" told_by_reading;
        "reading-order-lost" Warning "reading_order_lost" told_by_reading;
        "body-missing" Warning "body_missing" told_by_reading;
        "text-damaged" Warning "text_damaged" told_by_reading;
        "text-truncated" Warning "text_truncated" told_by_reading;
        "second-report" Warning "second_report" told_by_reading;
        "text-layer-missing" Warning "text_layer_missing" told_by_reading;
        "cell-missing" Warning "cell_missing" cell_missing::check;
        "cell-invalid" Error "cell_invalid" cell_invalid::check;
        "report-period" Error "report_period" report_period::check;
        "report-date" Warning "report_date" report_date::check;
        "agency-mismatch" Warning "agency_mismatch" agency_mismatch::check;
        "date-impossible" Error "date_impossible" date_impossible::check;
        "citation-outdated" Warning "citation_outdated" citation_outdated::check;
        "overview-incomplete" Warning "overview_incomplete" overview_incomplete::check;
        "supervision-results-missing" Warning "supervision_results_missing" supervision_results_missing::check;
        "fee-statement-missing" Warning "fee_statement_missing" fee_statement_missing::check;
        "form-year" Warning "form_year" form_year::check;
        "rules-without-power" Error "rules_without_power" rules_without_power::check;
        "proactive-stock-balance" Warning "proactive_stock_balance" proactive_stock_balance::check;
        "proactive-new-exceeds-total" Warning "proactive_new_exceeds_total" proactive_new_exceeds_total::check;
        "requests-row-total" Error "requests_row_total" requests_row_total::check;
        "requests-column-total" Error "requests_column_total" requests_column_total::check;
        "requests-cross-foot" Error "requests_cross_foot" requests_cross_foot::check;
        "remedies-block-total" Error "remedies_block_total" remedies_block_total::check;
        "prose-sum" Error "prose_sum" prose_sum::check;
        "prose-percentage" Error "prose_percentage" prose_percentage::check;
        "prose-rate" Error "prose_rate" prose_rate::check;
        "prose-channels" Error "prose_channels" prose_channels::check;
        "prose-requests" Error "prose_requests" prose_requests::check;
        "prose-outcomes" Error "prose_outcomes" prose_outcomes::check;
        "prose-remedies" Error "prose_remedies" prose_remedies::check;
        "prose-proactive" Warning "prose_proactive" prose_proactive::check;
        "prose-fee" Warning "prose_fee" prose_fee::check;
        "prose-count" Warning "prose_count" prose_count::check;
        "prose-twice" Warning "prose_twice" prose_twice::check;
        "prose-exclusion" Warning "prose_exclusion" prose_exclusion::check;
        "previous-report" Info "previous_report" previous_report::check;
        "prose-change" Warning "prose_change" prose_change::check;
        "requests-carried-over" Error "requests_carried_over" requests_carried_over::check;
        "remedies-pending-carried" Warning "remedies_pending_carried" remedies_pending_carried::check;
        "proactive-stock-carried" Warning "proactive_stock_carried" proactive_stock_carried::check;
        "proactive-items-carried" Warning "proactive_items_carried" proactive_items_carried::check;
    }
}

/// Holds a report against every rule. `previous` is last year's report of the same agency, for the rules that
/// lead from year to year. A report that is right gives no error and no warning.
pub fn check(report: &Report, previous: Option<&Report>) -> Vec<Finding> {
    let mut findings = each(report, previous);
    fold(report, &mut findings);
    findings
}

/// Every finding of every rule, cell by cell.
pub(crate) fn each(report: &Report, previous: Option<&Report>) -> Vec<Finding> {
    let shared = Shared::default();
    let context = Context { report, previous, shared: &shared };
    rules().iter().flat_map(|rule| (rule.check)(&context)).collect()
}

/// What is missing cell by cell told row by row, or once for rows that lack the same; all in the order of the source.
pub(crate) fn fold(report: &Report, findings: &mut Vec<Finding>) {
    fold::fold(report, findings);
    sort(findings);
}

/// What the report lacks: the part of the rules that belongs to reading.
pub(crate) fn missing(report: &Report) -> Vec<Finding> {
    let shared = Shared::default();
    let context = Context { report, previous: None, shared: &shared };
    let rules = [
        section_missing::check,
        table_missing::check,
        row_missing::check,
        cell_missing::check,
        cell_invalid::check,
    ];
    rules.iter().flat_map(|check| check(&context)).collect()
}

/// In the order of the source; findings without a line first, since they concern the whole.
fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| finding.at.position());
}

/// 《条例》第五十条第一款 — what a report must contain.
pub(crate) fn contents_basis() -> String {
    cite!(Ogi, 50, 1).to_string()
}

/// The pages of all rules as one document, for `docs/lints.md`.
pub fn docs_markdown() -> String {
    let mut out = String::from("# 年度报告检查规则\n");
    for rule in rules() {
        out.push_str(&format!("\n## `{}`\n\n级别：{}\n\n", rule.id, rule.severity.official()));
        // The page's own first heading is its title; below the id it needs none.
        out.push_str(rule.page.split_once('\n').map_or(rule.page, |(_, body)| body).trim());
        out.push('\n');
    }
    out
}
