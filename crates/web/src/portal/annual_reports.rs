//! 政府信息公开工作年度报告 — every agency's report, by year. 《条例》第四十九条、第五十条.

use askama::Template;

use crate::components::{FileRow, Grid, KeyValue, Link, Tab};
use crate::page::{Chrome, Section};

/// One agency's report of the year on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportLine {
    pub agency: String,
    pub title: String,
    /// `None`: not published yet.
    pub href: Option<String>,
    pub published_on: String,
    /// 本年新收 and 办理结果, as printed; a dash where the report does not say.
    pub received: String,
    pub decided: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/annual_reports.html")]
pub struct AnnualReportsPage {
    pub chrome: Chrome,
    pub year: String,
    pub years: Vec<Tab>,
    pub reports: Vec<ReportLine>,
}

/// A part of the report: a heading, text, and the form's table where it has one.
#[derive(Debug, Clone)]
pub struct ReportPart {
    /// 一、总体情况
    pub title: String,
    /// Already cleaned HTML; may be empty.
    pub text_html: String,
    pub table: Option<Grid>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/annual_report.html")]
pub struct AnnualReportPage {
    pub chrome: Chrome,
    pub title: String,
    pub record: Vec<KeyValue>,
    pub parts: Vec<ReportPart>,
    pub attachments: Vec<FileRow>,
    pub other_years: Vec<Link>,
}

impl AnnualReportsPage {
    pub fn sample() -> Self {
        let line = |agency: &str, published: bool, received: &str, decided: &str| ReportLine {
            agency: agency.into(),
            title: format!("{agency} 2025 年政府信息公开工作年度报告"),
            href: published.then(|| "/annual-reports/2025/1".to_owned()),
            published_on: if published { "2026-01-22".into() } else { String::new() },
            received: received.into(),
            decided: decided.into(),
        };
        AnnualReportsPage {
            chrome: Chrome::sample(Section::AnnualReports).crumb("首页", "/").here("年度报告"),
            year: "2025".into(),
            years: vec![
                Tab {
                    label: "2025 年度".into(),
                    href: "/annual-reports?year=2025".into(),
                    is_current: true,
                    count: Some(3),
                },
                Tab {
                    label: "2024 年度".into(),
                    href: "/annual-reports?year=2024".into(),
                    is_current: false,
                    count: Some(7),
                },
            ],
            reports: vec![
                line("青禾区人民政府办公室", true, "41", "42"),
                line("青禾区财政局", true, "12", "12"),
                line("云溪镇人民政府", true, "9", "8"),
                line("柳湾镇人民政府", false, "—", "—"),
            ],
        }
    }
}

impl AnnualReportPage {
    pub fn sample() -> Self {
        AnnualReportPage {
            chrome: Chrome::sample(Section::AnnualReports)
                .crumb("首页", "/")
                .crumb("年度报告", "/annual-reports")
                .here("云溪镇人民政府 2025 年度"),
            title: "云溪镇人民政府 2025 年政府信息公开工作年度报告".into(),
            record: vec![
                KeyValue::new("报告机关", "云溪镇人民政府"),
                KeyValue::new("公开日期", "2026-01-22"),
                KeyValue::new("统计期限", "2025-01-01 至 2025-12-31"),
                KeyValue::new("索引号", "QH004-2026-000011"),
            ],
            parts: vec![
                ReportPart {
                    title: "一、总体情况".into(),
                    text_html:
                        "<p>2025 年，本镇主动公开政府信息 133 条，收到政府信息公开申请 9 件，均依法办理。</p>"
                            .into(),
                    table: None,
                },
                ReportPart {
                    title: "三、收到和处理政府信息公开申请情况".into(),
                    text_html: String::new(),
                    table: Some(Grid::sample()),
                },
            ],
            attachments: vec![],
            other_years: vec![Link::new("2024 年度", "/annual-reports/2024/4")],
        }
    }
}
