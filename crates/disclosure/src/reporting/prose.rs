//! The sentences of the report. Every number in them is a figure of the ledger, and stays linked to it.

use gongkai_report::CellAddress;
use gongkai_report::model::{ApplicantColumn, OfficialForm, ProactiveColumn, ProactiveRow, RequestRow};

use super::TextPart;
use super::activity::{ActivityForm, ActivityKind};
use super::figures::{Figure, FigureAddress, OutcomeHead, ProseFigure};
use super::ledger::YearLedger;
use super::linked::{Piece, pieces, spoken};
use crate::interaction::CaseKind;
use crate::publishing::Genre;

/// The words of a genre's code; what is not known is shown as it stands.
pub(super) fn genre_label(code: &str) -> &str {
    Genre::from_code(code).map_or(code, |genre| genre.label())
}

/// Basis, period and where to ask. 《条例》第四十九条、第五十条.
pub(super) fn lead(ledger: &YearLedger) -> Vec<String> {
    let (agency, period) = (&ledger.agency, &ledger.period);
    let form = OfficialForm::for_year(period.year).official();
    let mut words = vec![format!(
        "根据《中华人民共和国政府信息公开条例》和《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》（{form}）要求，编制本报告。本报告所列数据的统计期限自{}年1月1日起至{}止。",
        period.year,
        period.until_in_words(),
    )];
    words.push(format!(
        "对本报告有疑问，请与{}联系（地址：{}；电话：{}；电子邮箱：{}）。",
        agency.name, agency.address, agency.phone, agency.email
    ));
    words
}

/// 一、总体情况 — the five matters the form asks for.
pub(super) fn overview(ledger: &YearLedger) -> String {
    let matters = [
        (TextPart::ProactiveOverview, "（一）主动公开情况。"),
        (TextPart::RequestsOverview, "（二）依申请公开情况。"),
        (TextPart::Management, "（三）政府信息管理情况。"),
        (TextPart::Platform, "（四）政府信息公开平台建设情况。"),
        (TextPart::Supervision, "（五）监督保障情况。"),
    ];
    let said = matters.into_iter().filter_map(|(part, heading)| {
        let text = ledger.text(part)?;
        let first = if part == TextPart::Supervision { guarantees(ledger) } else { String::new() };
        Some(format!("{heading}{first}{text}"))
    });
    said.collect::<Vec<_>>().join("\n")
}

/// What a part says when nobody wrote it, its figures linked.
pub(super) fn compiled(ledger: &YearLedger, part: TextPart) -> String {
    match part {
        TextPart::ProactiveOverview => releases(ledger),
        TextPart::RequestsOverview => requests(ledger),
        TextPart::Management => {
            format!("公开前逐件进行公开审查，按程序分级审核签发；{}。", documents(ledger))
        }
        TextPart::Platform => letters(ledger),
        TextPart::Supervision | TextPart::ProblemsAndImprovements | TextPart::OtherMatters => String::new(),
    }
}

fn year(ledger: &YearLedger) -> String {
    let so_far = if ledger.period.is_running { "（截至今日）" } else { "" };
    format!("{}年{so_far}", ledger.period.year)
}

fn count(ledger: &YearLedger, figure: impl Into<FigureAddress>) -> i64 {
    ledger.count(&figure.into())
}

fn releases(ledger: &YearLedger) -> String {
    let year = year(ledger);
    let mut words = if count(ledger, ProseFigure::Releases) == 0 {
        format!("{year}未主动公开信息。")
    } else {
        let all = ledger.token(ProseFigure::Releases);
        let listed: Vec<(String, String)> = ledger
            .releases_by_genre()
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(genre, _)| {
                let number = ledger.token(ProseFigure::ReleasesOf(genre.clone()));
                (genre_label(&genre).to_owned(), number)
            })
            .collect();
        let by_genre = match listed.as_slice() {
            [(genre, _)] => format!("均为{genre}"),
            _ => format!("其中{}", listed_in(&listed, "条")),
        };
        format!("{year}通过政府网站主动公开信息{all}条，{by_genre}。")
    };
    words.push_str(&activities(ledger, ActivityKind::OutsidePublication, "同时通过其他渠道公开", "次"));
    words.push_str(&activities(ledger, ActivityKind::Interpretation, "发布政策解读", "件"));
    words
}

/// 图表图解3件、音频视频1件.
fn listed_in(listed: &[(String, String)], unit: &str) -> String {
    listed.iter().map(|(label, number)| format!("{label}{number}{unit}")).collect::<Vec<_>>().join("、")
}

/// The activities of a kind, form by form; nothing where there were none.
fn activities(ledger: &YearLedger, kind: ActivityKind, what: &str, unit: &str) -> String {
    let listed: Vec<(String, String)> = ActivityForm::of(kind)
        .filter(|form| count(ledger, ProseFigure::Activities(*form)) > 0)
        .map(|form| (form.label().replace('、', "和"), ledger.token(ProseFigure::Activities(form))))
        .collect();
    if listed.is_empty() { String::new() } else { format!("{what}：{}。", listed_in(&listed, unit)) }
}

fn total(ledger: &YearLedger, row: RequestRow) -> (i64, String) {
    let cell = CellAddress::Requests(row, ApplicantColumn::Total);
    (count(ledger, cell), ledger.token(cell))
}

fn requests(ledger: &YearLedger) -> String {
    let year = year(ledger);
    let (received, carried) =
        (total(ledger, RequestRow::Received), total(ledger, RequestRow::CarriedFromLastYear));
    let mut words = match (received, carried) {
        ((0, _), (0, _)) => return format!("{year}未收到政府信息公开申请，无上年结转申请。"),
        ((0, _), (_, carried)) => format!("{year}未收到政府信息公开申请，上年结转{carried}件"),
        ((_, received), (0, _)) => format!("{year}新收政府信息公开申请{received}件，无上年结转申请"),
        ((_, received), (_, carried)) => {
            format!("{year}新收政府信息公开申请{received}件，上年结转{carried}件")
        }
    };
    let (closed, closed_in_words) = total(ledger, RequestRow::Total);
    if closed > 0 {
        let listed: Vec<(String, String)> = OutcomeHead::ALL
            .iter()
            .filter(|head| count(ledger, ProseFigure::Outcomes(**head)) > 0)
            .map(|head| (head.label().to_owned(), ledger.token(ProseFigure::Outcomes(*head))))
            .collect();
        words.push_str(&format!("；办结{closed_in_words}件，其中{}", listed_in(&listed, "件")));
    }
    match total(ledger, RequestRow::CarriedToNextYear) {
        (0, _) => words.push_str("；无结转下年度继续办理的申请。"),
        (_, next) if ledger.period.is_running => words.push_str(&format!("；正在办理{next}件。")),
        (_, next) => words.push_str(&format!("；结转下年度继续办理{next}件。")),
    }
    words
}

fn documents(ledger: &YearLedger) -> String {
    let cell = CellAddress::Proactive(ProactiveRow::NormativeDocuments, ProactiveColumn::InForce);
    let until = ledger.period.until_in_words();
    match count(ledger, cell) {
        0 => format!("截至{until}，没有现行有效的行政规范性文件"),
        _ => format!("截至{until}，现行有效的行政规范性文件{}件", ledger.token(cell)),
    }
}

fn letters(ledger: &YearLedger) -> String {
    let year = year(ledger);
    if count(ledger, ProseFigure::Cases) == 0 {
        return format!("通过政府信息公开平台集中发布信息，提供检索和在线申请；{year}未收到公众来信。");
    }
    let listed: Vec<(String, String)> = CaseKind::ALL
        .into_iter()
        .filter(|kind| count(ledger, ProseFigure::CasesOf(*kind)) > 0)
        .map(|kind| (kind.label().to_owned(), ledger.token(ProseFigure::CasesOf(kind))))
        .collect();
    format!(
        "通过政府信息公开平台集中发布信息，提供检索和在线申请；{year}收到公众来信{}件，其中{}，已答复{}件。",
        ledger.token(ProseFigure::Cases),
        listed_in(&listed, "件"),
        ledger.token(ProseFigure::CasesAnswered),
    )
}

/// Trainings and meetings before what a person wrote, unless they are linked in it.
fn guarantees(ledger: &YearLedger) -> String {
    let written = ledger.texts.get(&TextPart::Supervision).map(|text| pieces(text)).unwrap_or_default();
    let forms = [(ActivityForm::Training, "组织业务培训"), (ActivityForm::Meeting, "召开工作会议")];
    let said: Vec<String> = forms
        .into_iter()
        .filter(|(form, _)| {
            let figure = FigureAddress::from(ProseFigure::Activities(*form));
            let is_said =
                written.iter().any(|piece| matches!(piece, Piece::Linked(linked) if linked.figure == figure));
            !is_said && ledger.count(&figure) > 0
        })
        .map(|(form, words)| format!("{words}{}次", ledger.said(&ProseFigure::Activities(form).into())))
        .collect();
    if said.is_empty() { String::new() } else { format!("{}。", said.join("，")) }
}

/// 五、存在的主要问题及改进情况 — only a person can write it.
pub(super) fn problems(ledger: &YearLedger) -> String {
    ledger.text(TextPart::ProblemsAndImprovements).unwrap_or_default()
}

/// 六、其他需要报告的事项 — the processing fee, stated also when it is nothing. 国办函〔2020〕109号.
pub(super) fn other_matters(ledger: &YearLedger) -> String {
    let year = year(ledger);
    let received = ledger.figure(&ProseFigure::FeesReceived.into());
    let token = |figure: ProseFigure| ledger.token(figure);
    let fees = match (count(ledger, ProseFigure::FeeNotices), received) {
        (0, Figure::Fen(0) | Figure::Count(_)) => {
            format!("收取信息处理费情况：{year}未发出收费通知，未收取信息处理费。")
        }
        (0, _) => format!(
            "收取信息处理费情况：{year}未发出收费通知，实际收取信息处理费{}元。",
            token(ProseFigure::FeesReceived)
        ),
        _ => format!(
            "收取信息处理费情况：{year}发出收费通知{}件，总金额{}元，实际收取信息处理费{}元。",
            token(ProseFigure::FeeNotices),
            token(ProseFigure::FeesDemanded),
            token(ProseFigure::FeesReceived)
        ),
    };
    let more = ledger.text(TextPart::OtherMatters);
    let more = more.unwrap_or_else(|| "除上述情况外，无其他需要报告的事项。".to_owned());
    format!("{}\n{more}", spoken(&fees))
}
