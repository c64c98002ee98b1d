//! The component page: every piece of the design on one page, for those who build pages and those who check them.

use askama::Template;
use axum::response::IntoResponse;

use crate::components::*;
use crate::errors::PageError;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Flash, Section};

/// 组件页 — one sample of every component.
#[derive(Debug, Clone, Template)]
#[template(path = "console/components.html")]
pub struct ComponentsPage {
    pub chrome: Chrome,
    pub tiles: Vec<StatTile>,
    pub tabs: Vec<Tab>,
    pub errors: ErrorSummary,
    pub fields: Vec<Field>,
    pub tags: Vec<Tag>,
    pub stages: Stepper,
    pub ledger: DayLedger,
    pub provisional: DayLedger,
    pub events: Timeline,
    pub rows: Vec<KeyValue>,
    pub files: Vec<FileRow>,
    pub extract: Vec<Segment>,
    pub facet: Facet,
    pub pager: Pager,
}

impl ComponentsPage {
    pub fn sample() -> Self {
        let mut chrome = Chrome::console_sample(Section::Tasks).crumb("工作台", "/console").here("组件");
        chrome.flash = Some(Flash {
            tone: Tone::Success,
            text: "已登记，补正告知书须在 10 月 14 日前发出。".into(),
        });
        let fields = fields();
        ComponentsPage {
            chrome,
            tiles: tiles(),
            tabs: tabs(),
            errors: ErrorSummary::of(&fields),
            fields,
            tags: vec![
                Tag::new(Tone::Neutral, "草稿"),
                Tag::new(Tone::Info, "待复审"),
                Tag::new(Tone::Success, "现行有效"),
                Tag::new(Tone::Warning, "剩 2 个工作日"),
                Tag::new(Tone::Overdue, "逾期 1 天"),
            ],
            stages: Stepper {
                steps: vec![
                    step("起草", StepState::Done, "林晓禾　9-24 15:20"),
                    step("初审", StepState::Done, "周敏　9-25 09:05"),
                    step("保密审查", StepState::Current, "等待 保密审查员"),
                    step("签发", StepState::Waiting, "分管负责人"),
                ],
            },
            ledger: ledger(),
            provisional: DayLedger {
                is_provisional: true,
                tone: Tone::Warning,
                days: Vec::new(),
                ..ledger()
            },
            events: events(),
            rows: vec![
                KeyValue::new("申请编号", "青公开申〔2025〕0041 号"),
                KeyValue::new("申请人", "何小舟（公民）"),
                KeyValue::new("收到申请之日", "2025-09-26（互联网渠道，双方确认之日）"),
                KeyValue::new("获取方式", "电子邮件，电子文本"),
            ],
            files: vec![
                file("青禾区 2025 年农村危房改造补助名单（第二批）.xlsx", "XLSX", "48 KB"),
                file("申请人身份证明.pdf", "PDF", "312 KB"),
            ],
            extract: segments("……本区[[农村危房改造]]补助资金按户核定，改造完成并验收合格后……"),
            facet: Facet {
                title: "发文机关".into(),
                shown: 3,
                options: [
                    ("区人民政府办公室", 1204),
                    ("区财政局", 611),
                    ("云溪镇人民政府", 388),
                    ("柳湾镇人民政府", 301),
                    ("石桥镇人民政府", 297),
                ]
                .into_iter()
                .map(|(label, count)| FacetOption {
                    label: label.into(),
                    count,
                    href: "?agency=1".into(),
                    is_chosen: label == "区财政局",
                })
                .collect(),
            },
            pager: Pager { page: 4, per_page: 20, total: 611, href: "?page=".into() },
        }
    }
}

fn step(label: &str, state: StepState, note: &str) -> Step {
    Step { label: label.into(), state, note: note.into() }
}

fn file(name: &str, kind: &str, size: &str) -> FileRow {
    FileRow { name: name.into(), href: "#".into(), kind: kind.into(), size: size.into() }
}

fn tiles() -> Vec<StatTile> {
    let tile = |label: &str, value: &str, unit: &str, hint: &str, tone| StatTile {
        label: label.into(),
        value: value.into(),
        unit: unit.into(),
        hint: hint.into(),
        href: "#".into(),
        tone,
    };
    vec![
        tile("逾期", "1", "件", "答复期限已过，今天处理", Tone::Overdue),
        tile("三个工作日内到期", "2", "件", "最早 9 月 30 日", Tone::Warning),
        tile("等我审核", "3", "件", "保密审查 1 件", Tone::Neutral),
        tile("本年新收申请", "41", "件", "上年结转 4 件", Tone::Neutral),
        tile("本年公开信息", "1,286", "条", "当月 97 条", Tone::Success),
    ]
}

fn tabs() -> Vec<Tab> {
    [("待登记", 2, false), ("办理中", 9, true), ("征求意见", 1, false), ("已答复", 33, false)]
        .into_iter()
        .map(|(label, count, is_current)| Tab {
            label: label.into(),
            href: "#".into(),
            is_current,
            count: Some(count),
        })
        .collect()
}

fn fields() -> Vec<Field> {
    vec![
        Field::line("subject", "申请内容")
            .required()
            .hint("写明文件名称、文号，或能够指向特定信息的其他特征。")
            .value("农村危房改造")
            .error(Some("申请内容不能指向特定信息：请补充文件名称、文号或时间范围".into())),
        Field::text("details", "补充说明", 3).value("2025 年第二批。"),
        Field::select("agency", "承办机构", [("office", "区人民政府办公室"), ("finance", "区财政局")])
            .value("finance")
            .width("w-m"),
        Field::date("received_on", "收到申请之日").required().value("2025-09-26"),
        Field::radio(
            "channel",
            "提交渠道",
            [("in_person", "当面"), ("by_post", "邮寄"), ("online", "互联网"), ("by_fax", "传真")],
        )
        .required()
        .value("online")
        .choice_hint("online", "以双方确认之日为收到申请之日。《条例》第三十一条第三项"),
        Field::checkbox(
            "form",
            "提供形式",
            [("paper", "纸质"), ("electronic", "电子文本"), ("inspect", "现场查阅")],
        )
        .values(&["electronic"])
        .inline(),
        Field::file("proof", "身份证明", ".pdf,.jpg,.png").hint("PDF 或图片，每个不超过 10 MB。"),
    ]
}

/// 2025-09-26 to 2025-10-30: twenty working days with the National Day holiday and its make-up days.
/// The due date is the vector of the calendar's worked examples.
fn ledger() -> DayLedger {
    let holiday = |d: u32| (1..=8).contains(&d);
    let mut days = Vec::new();
    let mut number = 0;
    for (month, day, weekday) in
        (26..=30).map(|d| (9, d, (d - 26 + 4) % 7 + 1)).chain((1..=30).map(|d| (10, d, (d + 1) % 7 + 1)))
    {
        let weekend = weekday >= 6;
        let (kind, word, why, citation) = match (month, day) {
            (9, 26) => (DayKind::Start, "", "收到申请之日，期限从次日起算", "《民法典》第二百零一条"),
            (9, 28) | (10, 11) => (DayKind::Counted, "调休上班", "周末调休为工作日", "国务院办公厅放假安排"),
            (10, d) if holiday(d) => (DayKind::Rest, "国庆中秋", "法定节假日", "国务院办公厅放假安排"),
            _ if weekend => (DayKind::Rest, "", "休息日", ""),
            (10, 30) => (DayKind::Due, "到期", "第二十个工作日，答复期限届满", "《条例》第三十三条第二款"),
            _ => (DayKind::Counted, "", "工作日", ""),
        };
        let is_counted = matches!(kind, DayKind::Counted | DayKind::Due);
        number += u32::from(is_counted);
        days.push(Day {
            date: format!("2025-{month:02}-{day:02}"),
            weekday: u8::try_from(weekday).unwrap_or(1),
            kind,
            number: is_counted.then_some(number),
            word: word.into(),
            why: why.into(),
            citation: citation.into(),
        });
    }
    DayLedger {
        title: "答复期限".into(),
        due: "2025-10-30（周四）".into(),
        summary: "收到申请之日 9 月 26 日不计，次日起算 20 个工作日。".into(),
        citation: "《条例》第三十三条第二款".into(),
        is_provisional: false,
        tone: Tone::Neutral,
        days,
    }
}

fn events() -> Timeline {
    let event = |at: &str, title: &str, by: &str, note: &str, tone| Event {
        at: at.into(),
        title: title.into(),
        by: by.into(),
        note: note.into(),
        tone,
        files: Vec::new(),
    };
    Timeline {
        events: vec![
            event(
                "2025-09-29 10:12",
                "征求第三方意见",
                "林晓禾",
                "征求意见书已寄出，答复前的时间不计入期限。《条例》第三十二条",
                Tone::Warning,
            ),
            event("2025-09-26 16:40", "登记", "林晓禾", "", Tone::Info),
            event("2025-09-26 16:05", "双方确认", "何小舟", "电话确认，收到申请之日为当天。", Tone::Success),
            event("2025-09-25 21:30", "网上提交", "何小舟", "", Tone::Neutral),
        ],
    }
}

/// Shows the page to whoever keeps the installation.
pub(crate) async fn show(page: PageContext) -> Result<impl IntoResponse, PageError> {
    let chrome = page.chrome(Section::Elsewhere);
    html(&ComponentsPage { chrome, ..ComponentsPage::sample() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_ledger_counts_twenty_days_and_ends_on_the_known_date() {
        let days = ledger().days;
        let last = days.last().expect("a day");
        assert_eq!((last.number, last.date.as_str(), last.weekday), (Some(20), "2025-10-30", 4));
    }
}
