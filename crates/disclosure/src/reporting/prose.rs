//! The sentences of the report. Every number in them is a figure of the ledger.

use gongkai_report::CellAddress;
use gongkai_report::model::{ApplicantColumn, OfficialForm, RequestRow};

use super::TextPart;
use super::figures::{Figure, FigureAddress, ProseFigure};
use super::ledger::YearLedger;
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
    let mut parts = vec![
        format!("（一）主动公开情况。{}", releases(ledger)),
        format!("（二）依申请公开情况。{}", requests(ledger)),
        format!(
            "（三）政府信息管理情况。公开前逐件进行公开审查，按程序分级审核签发；{}。",
            documents(ledger)
        ),
        format!("（四）政府信息公开平台建设情况。{}", letters(ledger)),
    ];
    let supervision = ledger.texts.get(&TextPart::Supervision);
    parts.extend(supervision.map(|text| format!("（五）监督保障情况。{}", text.trim())));
    parts.join("\n")
}

fn year(ledger: &YearLedger) -> String {
    let so_far = if ledger.period.is_running { "（截至今日）" } else { "" };
    format!("{}年{so_far}", ledger.period.year)
}

fn prose_count(ledger: &YearLedger, figure: ProseFigure) -> i64 {
    ledger.count(&FigureAddress::Prose(figure))
}

fn prose_yuan(ledger: &YearLedger, figure: ProseFigure) -> String {
    match ledger.figure(&FigureAddress::Prose(figure)) {
        Figure::Fen(fen) => Figure::in_yuan(fen),
        Figure::Count(count) => count.to_string(),
    }
}

fn releases(ledger: &YearLedger) -> String {
    let (year, all) = (year(ledger), prose_count(ledger, ProseFigure::Releases));
    if all == 0 {
        return format!("{year}未主动公开信息。");
    }
    let genres = ledger.releases_by_genre();
    let listed: Vec<String> =
        genres.iter().map(|(genre, count)| format!("{}{count}条", genre_label(genre))).collect();
    match listed.as_slice() {
        [_] => format!("{year}主动公开信息{all}条，均为{}。", genre_label(&genres[0].0)),
        _ => format!("{year}主动公开信息{all}条，其中{}。", listed.join("、")),
    }
}

fn total(ledger: &YearLedger, row: RequestRow) -> i64 {
    ledger.count(&CellAddress::Requests(row, ApplicantColumn::Total).into())
}

fn requests(ledger: &YearLedger) -> String {
    let year = year(ledger);
    let (received, carried) =
        (total(ledger, RequestRow::Received), total(ledger, RequestRow::CarriedFromLastYear));
    if received + carried == 0 {
        return format!("{year}未收到政府信息公开申请，无上年结转申请。");
    }
    let mut words = match (received, carried) {
        (0, carried) => format!("{year}未收到政府信息公开申请，上年结转{carried}件"),
        (received, 0) => format!("{year}新收政府信息公开申请{received}件，无上年结转申请"),
        (received, carried) => format!("{year}新收政府信息公开申请{received}件，上年结转{carried}件"),
    };
    let closed = total(ledger, RequestRow::Total);
    if closed > 0 {
        let listed: Vec<String> = outcome_heads(ledger)
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(head, count)| format!("{head}{count}件"))
            .collect();
        words.push_str(&format!("；办结{closed}件，其中{}", listed.join("、")));
    }
    match total(ledger, RequestRow::CarriedToNextYear) {
        0 => words.push_str("；无结转下年度继续办理的申请。"),
        next if ledger.period.is_running => words.push_str(&format!("；正在办理{next}件。")),
        next => words.push_str(&format!("；结转下年度继续办理{next}件。")),
    }
    words
}

/// The six heads of the outcomes with their sums.
fn outcome_heads(ledger: &YearLedger) -> [(&'static str, i64); 6] {
    let heads = [
        ("予以公开", "disclosed"),
        ("部分公开", "partly_disclosed"),
        ("不予公开", "not_disclosed"),
        ("无法提供", "unable_to_provide"),
        ("不予处理", "not_processed"),
        ("其他处理", "other_handling"),
    ];
    heads.map(|(words, code)| {
        let rows = RequestRow::ALL.iter().filter(|row| row.is_outcome() && head_code(**row) == code);
        (words, rows.map(|row| total(ledger, *row)).sum())
    })
}

fn head_code(row: RequestRow) -> &'static str {
    let code = row.code();
    code.split_once('.').map_or(code, |(head, _)| head)
}

fn documents(ledger: &YearLedger) -> String {
    use gongkai_report::model::{ProactiveColumn as C, ProactiveRow as R};
    let count = |column| ledger.count(&CellAddress::Proactive(R::NormativeDocuments, column).into());
    match count(C::InForce) {
        0 => format!("截至{}，没有现行有效的行政规范性文件", ledger.period.until_in_words()),
        in_force => {
            format!("截至{}，现行有效的行政规范性文件{in_force}件", ledger.period.until_in_words())
        }
    }
}

fn letters(ledger: &YearLedger) -> String {
    let year = year(ledger);
    let all = prose_count(ledger, ProseFigure::Cases);
    if all == 0 {
        return format!("通过政府信息公开平台集中发布信息，提供检索和在线申请；{year}未收到公众来信。");
    }
    let listed: Vec<String> = CaseKind::ALL
        .into_iter()
        .map(|kind| (kind, prose_count(ledger, ProseFigure::CasesOf(kind))))
        .filter(|(_, count)| *count > 0)
        .map(|(kind, count)| format!("{}{count}件", kind.label()))
        .collect();
    let answered = prose_count(ledger, ProseFigure::CasesAnswered);
    format!(
        "通过政府信息公开平台集中发布信息，提供检索和在线申请；{year}收到公众来信{all}件，其中{}，已答复{answered}件。",
        listed.join("、")
    )
}

/// 五、存在的主要问题及改进情况 — only a person can write it.
pub(super) fn problems(ledger: &YearLedger) -> String {
    ledger.texts.get(&TextPart::ProblemsAndImprovements).cloned().unwrap_or_default()
}

/// 六、其他需要报告的事项 — the processing fee, stated also when it is nothing. 国办函〔2020〕109号.
pub(super) fn other_matters(ledger: &YearLedger) -> String {
    let (year, notices) = (year(ledger), prose_count(ledger, ProseFigure::FeeNotices));
    let received = prose_yuan(ledger, ProseFigure::FeesReceived);
    let mut words = match notices {
        0 if received == "0" => {
            format!("收取信息处理费情况：{year}未发出收费通知，未收取信息处理费。")
        }
        0 => format!("收取信息处理费情况：{year}未发出收费通知，实际收取信息处理费{received}元。"),
        notices => format!(
            "收取信息处理费情况：{year}发出收费通知{notices}件，总金额{}元，实际收取信息处理费{received}元。",
            prose_yuan(ledger, ProseFigure::FeesDemanded)
        ),
    };
    words.push('\n');
    match ledger.texts.get(&TextPart::OtherMatters) {
        Some(more) => words.push_str(more),
        None => words.push_str("除上述情况外，无其他需要报告的事项。"),
    }
    words
}
