use jiff::civil::Date;

use super::TextPart;
use crate::error::Refusal;
use crate::records::Register;

/// Why a register, a text or the report was not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportingRefusal {
    Forbidden,
    Missing(Register),
    Blank {
        field: &'static str,
        label: &'static str,
    },
    NotADate {
        field: &'static str,
        label: &'static str,
    },
    InFuture {
        field: &'static str,
        label: &'static str,
        today: Date,
    },
    NotInList {
        field: &'static str,
        label: &'static str,
    },
    RulesBeyondPower,
    AmountUnreadable,
    EndedBeforeIssued {
        issued_on: String,
    },
    AlreadyEnded {
        ended_on: String,
    },
    TextTooLong {
        limit: usize,
    },
    TooLong {
        field: &'static str,
        label: &'static str,
        limit: usize,
    },
    NoSuchYear(i16),
    StillRunning(i16),
    /// 联动数字.
    UnknownFigure(String),
    NothingMoved,
    /// 本级政府的报告.
    NothingToSum(i16),
    /// 年终快照: a second one needs a reason.
    AlreadyFrozen,
    NothingChanged,
    NextYearFrozen(i16),
    /// 调整.
    NotFrozen(i16),
    NoSuchCell,
    TotalCell,
    ValueUnreadable {
        is_money: bool,
    },
    SameAsLedger,
    AlreadyAdjusted,
    NoSuchAdjustment,
    OwnAdjustment,
    AdjustmentDecided,
    NotApprover,
    /// 自查.
    NoSuchFinding,
    ErrorStays,
    OpenWarnings(usize),
    /// 报送.
    SubmissionOpen,
    AlreadyAccepted,
    NoSuchSubmission,
    SubmissionDecided,
    OwnSubmission,
    ChangedSincePrepared,
    NotAccepted,
    /// 更正: what is corrected goes to the district again first.
    NotSentAgain,
    ChangedSinceAccepted,
    NotOverseer,
    /// 更正.
    NotPublished,
    NothingToCorrect,
    Unwritten(TextPart),
    HasErrors(usize),
    AlreadyDrafted,
    NoCatalogueLine,
    /// What publishing says against the draft.
    Publishing(String),
}

impl std::fmt::Display for ReportingRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forbidden => f.write_str("您没有登记该机关台账、编制其年报的权限，请联系该机关的政务公开专干。"),
            Self::Missing(register) => {
                write!(f, "{}里没有这一条，可能已被移除，请返回台账重新选择。", register.label())
            }
            Self::Blank { label, .. } => write!(f, "请填写{label}。"),
            Self::NotADate { label, .. } => write!(f, "{label}不是日期，请写成 2026-03-01 的样子。"),
            Self::InFuture { label, today, .. } => write!(f, "{label}不能晚于今天（{today}），请核对。"),
            Self::NotInList { label, .. } => write!(f, "请从列表中选择{label}。"),
            Self::RulesBeyondPower => f.write_str(
                "规章由国务院部门和省、设区的市、自治州人民政府制定（《立法法》第九十一条、第九十三条），本机关无权制定，请改选“行政规范性文件”。",
            ),
            Self::AmountUnreadable => {
                f.write_str("金额应是大于零的数，以元为单位，最多两位小数，例如 1250 或 1250.50，请修改。")
            }
            Self::EndedBeforeIssued { issued_on } => {
                write!(f, "废止或者失效的日期不能早于制发日期（{issued_on}），请核对。")
            }
            Self::AlreadyEnded { ended_on } => write!(f, "该文件已于 {ended_on} 废止或者失效，不能重复登记。"),
            Self::TooLong { label, limit, .. } => write!(f, "{label}超过 {limit} 字，请精简。"),
            Self::TextTooLong { limit } => write!(f, "文字超过 {limit} 字，请精简。"),
            Self::UnknownFigure(name) => write!(
                f,
                "没有叫“{name}”的联动数字，请从“可以插入的数字”里照抄名称；要写花括号本身的，请改用其他括号。"
            ),
            Self::NothingMoved => f.write_str("文字里的数字与台账一致，不需要跟随。"),
            Self::NothingToSum(year) => {
                write!(f, "还没有机关的 {year} 年度报告通过，没有可以相加的，请先接收各机关报送的报告。")
            }
            Self::NoSuchYear(year) => {
                write!(f, "没有 {year} 年的年报：本系统编制 2021 年及以后、已经开始的年度的年报。")
            }
            Self::StillRunning(year) => {
                write!(f, "{year} 年还没有结束，年度报告在次年 1 月 1 日以后起草公开。")
            }
            Self::AlreadyFrozen => f.write_str("这一年度已经冻结。要按现在的台账重新冻结，请写明原因。"),
            Self::NothingChanged => f.write_str("冻结以后台账没有变动，不需要重新冻结。"),
            Self::NextYearFrozen(year) => write!(
                f,
                "{year} 年度已经以本年度的结转为起点冻结，本年度不能重新冻结。确需改动的数字，请用“调整”写明。"
            ),
            Self::NotFrozen(year) => write!(f, "{year} 年度还没有冻结，请先冻结年终数据。"),
            Self::NoSuchCell => f.write_str("年报表格里没有这一格，请从报告页面点数字进入。"),
            Self::TotalCell => {
                f.write_str("合计由各分项自动相加，不能直接调整。请调整分项，合计会随之改变。")
            }
            Self::ValueUnreadable { is_money: true } => {
                f.write_str("调整后的金额应是不小于零的数，单位万元，最多六位小数，请修改。")
            }
            Self::ValueUnreadable { is_money: false } => {
                f.write_str("调整后的数字应是不小于零的整数，请修改。")
            }
            Self::SameAsLedger => f.write_str("与台账的数字相同，不需要调整。"),
            Self::AlreadyAdjusted => {
                f.write_str("这一格已有一项调整。要改的，请先撤销原来的调整。")
            }
            Self::NoSuchAdjustment => f.write_str("没有这项调整，请返回报告重新选择。"),
            Self::OwnAdjustment => f.write_str("调整须由提出人以外的另一人确认，请交科室负责人或者分管领导。"),
            Self::AdjustmentDecided => f.write_str("这项调整已经确认或者撤销，请刷新页面查看。"),
            Self::NotApprover => f.write_str("确认由本机关的科室负责人或者分管领导办理。"),
            Self::NoSuchFinding => f.write_str("自查结果里没有这一条了，可能数字已经改变，请刷新页面查看。"),
            Self::ErrorStays => f.write_str("这是错误，不能说明后接受。请改正台账，或者提出调整。"),
            Self::OpenWarnings(count) => {
                write!(f, "还有 {count} 处警告没有说明后接受，请逐条改正或者写明原因。")
            }
            Self::SubmissionOpen => f.write_str("报告正在审核或者已经报送，请等待结果。"),
            Self::AlreadyAccepted => f.write_str("同样的报告已经通过审核，请起草公开。"),
            Self::NoSuchSubmission => f.write_str("没有这次报送，请返回报告重新选择。"),
            Self::SubmissionDecided => f.write_str("这次报送已经办理过，请刷新页面查看。"),
            Self::OwnSubmission => {
                f.write_str("送审、审核和接收须由不同的人办理，请交另一位有权限的人员。")
            }
            Self::ChangedSincePrepared => {
                f.write_str("送审以后报告又有变动，请退回，由专干重新送审。")
            }
            Self::NotAccepted => f.write_str("报告还没有报送上级主管部门并通过，请先报送。"),
            Self::NotSentAgain => f.write_str(
                "更正后的报告还没有报送上级主管部门并通过，请先点“送审报送”，通过以后再起草更正版本。",
            ),
            Self::ChangedSinceAccepted => f.write_str("报告通过以后又有变动，请重新报送。"),
            Self::NotOverseer => f.write_str("报送由上级政府信息公开工作主管部门的监督人员接收或者退回。"),
            Self::NotPublished => f.write_str("报告还没有公开，不需要更正，请直接修改。"),
            Self::NothingToCorrect => {
                f.write_str("现在的报告与已公开的相同，没有可更正的内容。请先提出调整或者修改文字。")
            }
            Self::Unwritten(part) => write!(f, "{}还没有写，请先写好。", part.label()),
            Self::HasErrors(count) => {
                write!(f, "校验发现 {count} 处错误，请先按提示更正台账里的记录。")
            }
            Self::AlreadyDrafted => {
                f.write_str("这一年度的报告已经起草，请在“信息”中继续办理；公开以后要改的，请修订该条信息。")
            }
            Self::NoCatalogueLine => f.write_str(
                "本机关的公开目录里没有“政府信息公开工作年度报告”这一事项，请先设置公开目录。",
            ),
            Self::Publishing(words) => f.write_str(words),
        }
    }
}

impl Refusal for ReportingRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Blank { field, .. }
            | Self::NotADate { field, .. }
            | Self::InFuture { field, .. }
            | Self::TooLong { field, .. }
            | Self::NotInList { field, .. } => Some(field),
            Self::RulesBeyondPower => Some("kind"),
            Self::AmountUnreadable => Some("amount"),
            Self::EndedBeforeIssued { .. } | Self::AlreadyEnded { .. } => Some("ended_on"),
            Self::TextTooLong { .. } | Self::UnknownFigure(_) => Some("body"),
            Self::AlreadyFrozen | Self::NothingChanged => Some("reason"),
            Self::TotalCell | Self::ValueUnreadable { .. } | Self::SameAsLedger | Self::AlreadyAdjusted => {
                Some("value")
            }
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::Missing(_)
                | Self::NoSuchYear(_)
                | Self::NoSuchCell
                | Self::NoSuchAdjustment
                | Self::NoSuchSubmission
        )
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden | Self::NotApprover | Self::NotOverseer)
    }
}
