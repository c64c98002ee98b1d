use askama::Template;
use gongkai_report::lint::{self, Rule};
use gongkai_report::{At, Finding, Severity, read};

use super::{Checked, RULES, XLSX, marks, rule_address, rule_page};
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::page::{Chrome, Section};

/// The form: a file or a text.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/report_check/form.html")]
pub struct FormPage {
    pub chrome: Chrome,
    pub errors: ErrorSummary,
    pub report: Field,
    pub pasted: Field,
    pub previous: Field,
    pub answer: Field,
    pub rules: usize,
}

impl FormPage {
    pub(super) fn new(chrome: Chrome, reasons: Vec<String>) -> FormPage {
        FormPage {
            chrome,
            errors: reasons.into_iter().fold(ErrorSummary::default(), ErrorSummary::and),
            report: Field::file("report", "年度报告文件", ACCEPTED)
                .single()
                .hint("可以直接拖进来。能读 docx、pdf（有文字层的）、html、xlsx、txt、md，不超过 10 MB。"),
            pasted: Field::text("pasted", "或者粘贴全文", 8)
                .hint("在网页或者 Word 里全选、复制、粘贴到这里，表格也一并粘贴。选了文件时不看这里。"),
            previous: Field::file("previous", "上一年度的报告（可以不选）", ACCEPTED)
                .single()
                .hint("同一机关的，用来核对结转数、现行有效件数等跨年的数字。"),
            answer: Field::radio(
                "answer",
                "怎样看结果",
                [("page", "在网页上看"), ("xlsx", "下载表格"), ("json", "下载 JSON")],
            )
            .value("page")
            .inline(),
            rules: lint::rules().len(),
        }
    }

    pub fn sample() -> Self {
        Self::new(Chrome::sample(Section::AnnualReports).crumb("首页", "/").here("年报检查"), Vec::new())
    }

    pub fn sample_refused() -> Self {
        let chrome = Chrome::sample(Section::AnnualReports).crumb("首页", "/").here("年报检查");
        Self::new(chrome, vec![super::TOO_LARGE.to_owned()])
    }
}

const ACCEPTED: &str = ".docx,.doc,.pdf,.html,.htm,.xlsx,.txt,.md,.json,.wps";

/// One finding beside the report.
#[derive(Debug, Clone)]
pub struct FindingRow {
    pub number: usize,
    pub level: Tag,
    /// `error`, `warning` or `info`, for the colour of the number.
    pub class: &'static str,
    pub place: String,
    pub line: Option<usize>,
    pub page: Option<usize>,
    pub quote: Option<String>,
    pub message: String,
    pub basis: String,
    pub rule: &'static str,
    pub rule_title: &'static str,
    pub rule_href: String,
}

/// The report with its findings.
#[derive(Debug, Clone, Template)]
#[template(path = "portal/report_check/result.html")]
pub struct ResultPage {
    pub chrome: Chrome,
    pub facts: Vec<KeyValue>,
    pub counts: Vec<Tag>,
    pub findings: Vec<FindingRow>,
    /// Made here from the typed model; every text in it is escaped.
    pub body_html: String,
    pub xlsx_href: String,
    pub json_href: String,
}

impl ResultPage {
    pub(super) fn of(chrome: Chrome, checked: &Checked, xlsx: &[u8], json: &[u8]) -> ResultPage {
        let Checked { name, report, findings } = checked;
        let unknown = || "没有找到".to_owned();
        let form = report.requests.form.or(report.proactive.form);
        ResultPage {
            chrome,
            facts: vec![
                KeyValue::new("文件", name),
                KeyValue::new("机关", report.agency.clone().unwrap_or_else(unknown)),
                KeyValue::new("年度", report.year.map_or_else(unknown, |year| year.to_string())),
                KeyValue::new("表格格式", form.map_or_else(unknown, |form| form.official().to_owned())),
            ],
            counts: counts(findings),
            findings: findings.iter().enumerate().map(|(index, finding)| row(index + 1, finding)).collect(),
            body_html: marks::laid_out(report, findings),
            xlsx_href: data_address(XLSX, xlsx),
            json_href: data_address("application/json", json),
        }
    }

    pub fn sample() -> Self {
        let text = "青禾区白露镇2031年政府信息公开工作年度报告\n一、总体情况\n\
            2031年公开信息64条，其中文件12条、动态50条、公告3条。\n二、主动公开政府信息情况\n\
            三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n五、存在的主要问题及改进情况\n无\n";
        let chrome = Chrome::sample(Section::AnnualReports).crumb("首页", "/").here("检查结果");
        let (report, findings) = read(text.as_bytes(), "白露镇.txt")
            .map(|reading| (reading.report.clone(), reading.check(None)))
            .unwrap_or_else(|_| (gongkai_report::Report::new("青禾区白露镇", 2031), Vec::new()));
        let checked = Checked { name: "白露镇.txt".to_owned(), report, findings };
        Self::of(chrome, &checked, b"PK", b"{}")
    }

    pub fn sample_clean() -> Self {
        let chrome = Chrome::sample(Section::AnnualReports).crumb("首页", "/").here("检查结果");
        let report = gongkai_report::Report::new("青禾区白露镇", 2031);
        Self::of(
            chrome,
            &Checked { name: "白露镇.docx".to_owned(), report, findings: Vec::new() },
            b"PK",
            b"{}",
        )
    }
}

fn tone(level: Severity) -> Tone {
    // Red is for what is overdue; an error is told by its word and its number.
    match level {
        Severity::Error => Tone::Warning,
        Severity::Warning => Tone::Info,
        Severity::Info => Tone::Neutral,
    }
}

fn counts(findings: &[Finding]) -> Vec<Tag> {
    [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .filter_map(|level| {
            let count = findings.iter().filter(|finding| finding.severity == level).count();
            (count > 0).then(|| Tag::new(tone(level), format!("{} {count} 处", level.official())))
        })
        .collect()
}

fn row(number: usize, finding: &Finding) -> FindingRow {
    let quote = match &finding.at {
        At::Text { quote, .. } => quote.clone(),
        At::Table { .. } => None,
    };
    FindingRow {
        number,
        level: Tag::new(tone(finding.severity), finding.severity.official()),
        class: finding.severity.code(),
        place: lint::place_in_words(&finding.at).unwrap_or_else(|| "全文".to_owned()),
        line: finding.at.in_lines().map(|position| position.line),
        page: finding.at.page(),
        quote,
        message: finding.message.clone(),
        basis: finding.basis.clone(),
        rule: finding.rule,
        rule_title: Rule::by_id(finding.rule).map_or("", Rule::title),
        rule_href: rule_address(finding.rule),
    }
}

/// The bytes inside the address itself: a download of what is not kept anywhere.
fn data_address(kind: &str, bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut address = format!("data:{kind},");
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            address.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

/// A rule on the list.
#[derive(Debug, Clone)]
pub struct RuleLine {
    pub id: &'static str,
    pub title: &'static str,
    pub href: String,
    pub level: Tag,
    /// The first sentence of its page.
    pub what: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/report_check/rules.html")]
pub struct RulesPage {
    pub chrome: Chrome,
    pub rules: Vec<RuleLine>,
}

impl RulesPage {
    pub(super) fn new(chrome: Chrome) -> RulesPage {
        let line = |rule: &'static Rule| RuleLine {
            id: rule.id,
            title: rule.title(),
            href: rule_address(rule.id),
            level: Tag::new(tone(rule.severity), rule.severity.official()),
            what: first_sentence(rule.page),
        };
        RulesPage { chrome, rules: lint::rules().iter().map(line).collect() }
    }

    pub fn sample() -> Self {
        Self::new(Chrome::sample(Section::AnnualReports).crumb("首页", "/").here("检查规则"))
    }
}

fn first_sentence(page: &str) -> String {
    let text = page.lines().skip(1).find(|line| !line.is_empty()).unwrap_or_default();
    text.split_inclusive('。').next().unwrap_or_default().replace(['`', '*'], "")
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/report_check/rule.html")]
pub struct RulePage {
    pub chrome: Chrome,
    pub id: &'static str,
    pub title: &'static str,
    pub level: Tag,
    /// Made here from the page of the rule.
    pub body_html: String,
    pub all: &'static str,
}

impl RulePage {
    pub(super) fn new(chrome: Chrome, rule: &'static Rule) -> RulePage {
        RulePage {
            chrome,
            id: rule.id,
            title: rule.title(),
            level: Tag::new(tone(rule.severity), rule.severity.official()),
            body_html: rule_page::html(rule.page),
            all: RULES,
        }
    }

    pub fn sample() -> Self {
        let chrome = Chrome::sample(Section::AnnualReports).crumb("首页", "/").here("规则");
        Self::new(chrome, &lint::rules()[0])
    }
}
