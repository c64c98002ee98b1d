//! Samples for the tests of templates.

use gongkai_report::Report;
use gongkai_report::model::ProactiveRow;

use super::*;

fn report() -> Report {
    let mut report = Report::new("云溪镇人民政府", 2025);
    let natural = |row| CellAddress::Requests(row, ApplicantColumn::NaturalPerson);
    for (cell, count) in [
        (natural(RequestRow::Received), 9),
        (natural(RequestRow::CarriedFromLastYear), 1),
        (natural(RequestRow::Disclosed), 6),
        (natural(RequestRow::NotHeld), 3),
        (natural(RequestRow::CarriedToNextYear), 1),
    ] {
        // None of these is a total, and all are in the form.
        let _ = report.set_count(cell, count);
    }
    let _ = report.set_count(
        CellAddress::Proactive(ProactiveRow::Penalties, gongkai_report::model::ProactiveColumn::Decisions),
        4,
    );
    report.derive_totals();
    report
}

fn chrome() -> Chrome {
    Chrome::console_sample(Section::Reporting).crumb("工作台", "/console").here("年度报告")
}

const BASE: &str = "/console/annual-reports/yx/2025";

impl ReportListPage {
    pub fn sample() -> ReportListPage {
        let line = |agency: &str, state, unwritten: &str| ReportLine {
            agency: agency.into(),
            href: BASE.into(),
            received: 9,
            decided: 9,
            carried: 1,
            state,
            unwritten: unwritten.into(),
            published: None,
        };
        ReportListPage {
            chrome: chrome(),
            year: 2025,
            is_running: true,
            years: vec![Tab {
                label: "2025 年度".into(),
                href: "/console/annual-reports?year=2025".into(),
                is_current: true,
                count: None,
            }],
            oversees: true,
            reports: vec![
                line("云溪镇人民政府", Tag::new(Tone::Success, "校验通过"), ""),
                line("柳湾镇人民政府", Tag::new(Tone::Warning, "1 处待核对"), "第五部分"),
            ],
        }
    }
}

impl ReportPage {
    pub fn sample() -> ReportPage {
        let report = report();
        let parts = Part::ALL.into_iter().map(|part| PartView {
            title: part.official(),
            paragraphs: match part {
                Part::Overview => vec!["2025年新收政府信息公开申请9件，上年结转1件。".into()],
                _ => Vec::new(),
            },
            table: table_of(part).map(|table| linked(&write::grid(&report, table), BASE, &|_| None)),
        });
        ReportPage {
            chrome: chrome(),
            title: write::title(&report),
            base: BASE.into(),
            period: "2025年1月1日至12月31日".into(),
            is_running: false,
            state: Tag::new(Tone::Warning, "1 处待核对"),
            findings: vec![FindingView {
                severity: Tag::new(Tone::Warning, "待撰写"),
                message: format!("{}还没有写。", TextPart::ProblemsAndImprovements.label()),
                basis: "《条例》第五十条第一款".into(),
                link: Some(Link::new("去写", "#problems_and_improvements")),
                verdict: "说明后接受：三月补登（林晓禾，2026-01-10 09:00）".into(),
                judge: Some("3f1c".into()),
            }],
            freezing: FreezeView::sample(),
            submitting: SubmissionsView::sample(),
            adjustments: vec![AdjustmentView::sample()],
            awaiting_receipt: 1,
            entry: Some(EntryView {
                state: entry_state(EditionState::InReview.code()),
                href: "/console/entries/1".into(),
            }),
            may_draft: true,
            figures: vec![StatTile {
                label: "主动公开信息".into(),
                value: "133".into(),
                unit: "条".into(),
                hint: String::new(),
                href: format!("{BASE}/cells/prose/releases/all"),
                tone: Tone::Neutral,
            }],
            more_figures: TextPage::sample().groups,
            lead: vec!["根据《中华人民共和国政府信息公开条例》要求，编制本报告。".into()],
            parts: parts.collect(),
            texts: TextLine::sample(),
            sum: Some(SumView {
                added: 1,
                missing: 1,
                members: vec![
                    MemberView {
                        name: "青禾区人民政府办公室".into(),
                        href: "/console/annual-reports/office/2025".into(),
                        is_own: true,
                        state: Tag::new(Tone::Success, "第 1 次报送，已计入"),
                        receipt: "NB-2026-0003".into(),
                        sha256: "3f1c".repeat(16),
                    },
                    MemberView {
                        name: "云溪镇人民政府".into(),
                        href: "/console/annual-reports/yx/2025".into(),
                        is_own: false,
                        state: Tag::new(Tone::Warning, "没有通过的报告，未计入"),
                        receipt: String::new(),
                        sha256: String::new(),
                    },
                ],
                compare: "/console/oversight/annual-reports?year=2025".into(),
            }),
            fields: written_parts().map(|part| Field::text(part.code(), part.label(), 6)).collect(),
            errors: ErrorSummary::default(),
            years: vec![Link::new("2024 年度", "/console/annual-reports/yx/2024")],
            downloads: downloads(BASE),
        }
    }
}

impl CellPage {
    pub fn sample() -> CellPage {
        CellPage {
            chrome: chrome(),
            heading: "（四）无法提供 1.本机关不掌握相关政府信息，自然人".into(),
            place: TableName::Requests.official().into(),
            question: "云溪镇人民政府2025年1月1日至12月31日办结、办理结果为“无法提供：本机关不掌握相关政府信息”的自然人提出的政府信息公开申请，以办结日期计。".into(),
            answer: "查了申请登记中与 2025 年度有关的记录 10 件，符合的有 1。".into(),
            value: "1".into(),
            rows: vec![RecordRow::sample(
                "青公开申〔2025〕0041 号 水库除险加固工程招标文件",
                "自然人，2025-08-21 收到，2025-09-10 办结，本机关不掌握相关政府信息",
                "2025-08-21",
            )],
            adjustments: vec![AdjustmentView::sample()],
            adjust: None,
            back: BASE.into(),
        }
    }

    pub fn sample_zero() -> CellPage {
        CellPage {
            value: "0".into(),
            rows: Vec::new(),
            adjustments: Vec::new(),
            adjust: Some(AdjustForm::sample()),
            ..CellPage::sample()
        }
    }
}

impl PrintPage {
    pub fn sample() -> PrintPage {
        let report = report();
        PrintPage { title: write::title(&report), body: write::html(&report) }
    }
}
