//! Each figure as a question in words: what is counted, of whom, in which period.

use gongkai_report::CellAddress;
use gongkai_report::model::{
    ApplicantColumn, ProactiveColumn, ProactiveRow, RemedyColumn, RemedyRow, RequestRow,
};

use super::figures::{FigureAddress, Period, ProseFigure};
use crate::records::Register;

pub(super) fn is_money(figure: &FigureAddress) -> bool {
    matches!(
        figure,
        FigureAddress::Cell(CellAddress::Proactive(ProactiveRow::AdministrativeFees, _))
            | FigureAddress::Prose(ProseFigure::FeesDemanded | ProseFigure::FeesReceived)
    )
}

/// The registers a figure is drawn from.
pub(super) fn registers(figure: &FigureAddress) -> Vec<Register> {
    let one = match figure {
        FigureAddress::Cell(CellAddress::Proactive(row, _)) => match row {
            ProactiveRow::Rules | ProactiveRow::NormativeDocuments => Register::Documents,
            ProactiveRow::AdministrativeFees => {
                return vec![Register::FeeCollections, Register::FeeNotices];
            }
            _ => Register::EnforcementDecisions,
        },
        FigureAddress::Cell(CellAddress::Requests(..)) => Register::Requests,
        FigureAddress::Cell(CellAddress::Remedies(..)) => Register::Remedies,
        FigureAddress::Prose(figure) => match figure {
            ProseFigure::Releases | ProseFigure::ReleasesOf(_) | ProseFigure::ReleasesUnder(_) => {
                Register::Entries
            }
            ProseFigure::Activities(_) => Register::Activities,
            ProseFigure::Outcomes(_) => Register::Requests,
            ProseFigure::Cases | ProseFigure::CasesOf(_) | ProseFigure::CasesAnswered => {
                Register::InteractionCases
            }
            ProseFigure::FeeNotices | ProseFigure::FeesDemanded | ProseFigure::FeesReceived => {
                Register::FeeNotices
            }
        },
    };
    vec![one]
}

pub(super) fn question(figure: &FigureAddress, agency: &str, period: &Period) -> String {
    match figure {
        FigureAddress::Cell(CellAddress::Proactive(row, column)) => proactive(*row, *column, agency, period),
        FigureAddress::Cell(CellAddress::Requests(row, column)) => requests(*row, *column, agency, period),
        FigureAddress::Cell(CellAddress::Remedies(row, column)) => remedies(*row, *column, agency, period),
        FigureAddress::Prose(figure) => prose(figure, agency, period),
    }
}

fn proactive(row: ProactiveRow, column: ProactiveColumn, agency: &str, period: &Period) -> String {
    let (what, when) = (row.official(), period.in_words());
    match column {
        ProactiveColumn::Issued => format!("{agency}{when}制发的{what}，以制发日期计。"),
        ProactiveColumn::Repealed => {
            format!(
                "{agency}{when}废止的{what}，以废止日期计；自行失效的不计入本年废止，只从现行有效中减去。"
            )
        }
        ProactiveColumn::InForce => {
            format!("{agency}截至{}现行有效的{what}：已经制发、尚未废止或者失效。", period.until_in_words())
        }
        ProactiveColumn::Amount10kCny => {
            format!("{agency}{when}收取的{what}（含信息处理费），以收取日期计，单位万元。")
        }
        _ => format!("{agency}{when}作出的{what}决定，以决定日期计。"),
    }
}

fn requests(row: RequestRow, column: ApplicantColumn, agency: &str, period: &Period) -> String {
    let who = match column {
        ApplicantColumn::Total => String::new(),
        ApplicantColumn::NaturalPerson => "自然人提出的".to_owned(),
        ApplicantColumn::Other => "其他法人或者其他组织提出的".to_owned(),
        other => format!("{}提出的", other.official()),
    };
    let (year, when) = (period.year, period.in_words());
    match row {
        RequestRow::Received => format!("{agency}{when}收到的{who}政府信息公开申请，以收到申请之日计。"),
        RequestRow::CarriedFromLastYear => {
            format!("{agency}{year}年1月1日以前收到、到{year}年1月1日尚未办结的{who}政府信息公开申请。")
        }
        RequestRow::Total => {
            format!("{agency}{when}办结的{who}政府信息公开申请，不论办理结果，以办结日期计。")
        }
        RequestRow::CarriedToNextYear => {
            format!("{agency}截至{}已经收到、尚未办结的{who}政府信息公开申请。", period.until_in_words())
        }
        outcome => {
            let heading = outcome.group().map(|g| g.trim_start_matches(is_numbering)).unwrap_or_default();
            let result = outcome.official().trim_start_matches(is_numbering);
            let result = if heading.is_empty() { result.to_owned() } else { format!("{heading}：{result}") };
            format!("{agency}{when}办结、办理结果为“{result}”的{who}政府信息公开申请，以办结日期计。")
        }
    }
}

/// （三）, 3.
fn is_numbering(c: char) -> bool {
    c.is_ascii_digit() || "（）.一二三四五六七".contains(c)
}

fn remedies(row: RemedyRow, column: RemedyColumn, agency: &str, period: &Period) -> String {
    let kind = match row {
        RemedyRow::Reconsideration => "被申请行政复议的案件",
        RemedyRow::DirectLitigation => "未经复议直接被提起行政诉讼的案件",
        RemedyRow::LitigationAfterReconsideration => "复议后被提起行政诉讼的案件",
    };
    let until = period.until_in_words();
    let result = match column {
        RemedyColumn::Total => String::new(),
        RemedyColumn::Pending => format!("截至{until}尚未审结、"),
        result => format!("截至{until}审理结果为“{}”、", result.official()),
    };
    let year = period.year;
    format!(
        "{agency}因政府信息公开工作{kind}：{result}在{year}年受理，或者以前受理而到{year}年1月1日尚未审结。"
    )
}

fn prose(figure: &ProseFigure, agency: &str, period: &Period) -> String {
    let when = period.in_words();
    match figure {
        ProseFigure::Releases => format!("{agency}{when}首次公开的信息，以首次公开之日计，更新不重复计算。"),
        ProseFigure::ReleasesOf(genre) => format!(
            "{agency}{when}首次公开、体裁为“{}”的信息，以首次公开之日计，更新不重复计算。",
            super::prose::genre_label(genre)
        ),
        ProseFigure::ReleasesUnder(duty) => format!(
            "{agency}{when}首次公开、在公开目录中属于“{}”的信息，以首次公开之日计，更新不重复计算。",
            crate::catalogue::category_label(duty)
        ),
        ProseFigure::Activities(form) => {
            format!("{agency}{when}登记在工作记录里的“{}”，以发生之日计。", form.figure_name())
        }
        ProseFigure::Outcomes(head) => format!(
            "{agency}{when}办结、办理结果为“{}”（含其下各项）的政府信息公开申请，以办结日期计。",
            head.label()
        ),
        ProseFigure::Cases => format!("{agency}{when}收到的公众来信。"),
        ProseFigure::CasesOf(kind) => format!("{agency}{when}收到的公众来信，来信途径为“{}”。", kind.label()),
        ProseFigure::CasesAnswered => {
            format!("{agency}{when}收到的公众来信中，截至{}已经答复的。", period.until_in_words())
        }
        ProseFigure::FeeNotices => format!("{agency}{when}发出的信息处理费收费通知，以通知日期计。"),
        ProseFigure::FeesDemanded => {
            format!("{agency}{when}发出的收费通知要求缴纳的信息处理费，以通知日期计，单位元。")
        }
        ProseFigure::FeesReceived => format!("{agency}{when}实际收到的信息处理费，以缴费日期计，单位元。"),
    }
}
