//! A record as a list shows it: which register it stands in, what it is, and its day. Figures of the report
//! and of oversight open lists of these.

/// The registers of the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Register {
    /// 规章和行政规范性文件.
    Documents,
    /// 行政许可、行政处罚、行政强制决定.
    EnforcementDecisions,
    /// 行政事业性收费.
    FeeCollections,
    /// 政府信息公开申请.
    Requests,
    /// 收费通知 — a request's notice of the processing fee.
    FeeNotices,
    /// 行政复议、行政诉讼案件.
    Remedies,
    /// 公开信息.
    Entries,
    /// 公开审查 — an entry or a letter under review.
    Reviews,
    /// 公开目录.
    CatalogueLines,
    /// 公众来信.
    InteractionCases,
    /// 督促整改.
    Rectifications,
    /// 工作记录: interpretations, outside channels, trainings, meetings.
    Activities,
    /// 预算、决算.
    Budgets,
    /// 渠道发布 — where something was shown besides the portal.
    Postings,
    /// 各机关年度报告 — the accepted reports that a government's report sums.
    Reports,
}

impl Register {
    pub const ALL: [Register; 15] = [
        Register::Documents,
        Register::EnforcementDecisions,
        Register::FeeCollections,
        Register::Requests,
        Register::FeeNotices,
        Register::Remedies,
        Register::Entries,
        Register::Reviews,
        Register::CatalogueLines,
        Register::InteractionCases,
        Register::Rectifications,
        Register::Activities,
        Register::Budgets,
        Register::Postings,
        Register::Reports,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Register::Documents => "documents",
            Register::EnforcementDecisions => "enforcement_decisions",
            Register::FeeCollections => "fee_collections",
            Register::Requests => "requests",
            Register::FeeNotices => "fee_notices",
            Register::Remedies => "remedies",
            Register::Entries => "entries",
            Register::Reviews => "reviews",
            Register::CatalogueLines => "catalogue_lines",
            Register::InteractionCases => "interaction_cases",
            Register::Rectifications => "rectifications",
            Register::Activities => "activities",
            Register::Budgets => "budgets",
            Register::Postings => "postings",
            Register::Reports => "reports",
        }
    }

    pub fn from_code(code: &str) -> Option<Register> {
        Register::ALL.into_iter().find(|register| register.code() == code)
    }

    pub const fn label(self) -> &'static str {
        match self {
            Register::Documents => "规章和规范性文件台账",
            Register::EnforcementDecisions => "许可、处罚、强制决定台账",
            Register::FeeCollections => "行政事业性收费台账",
            Register::Requests => "申请登记",
            Register::FeeNotices => "收费通知登记",
            Register::Remedies => "复议诉讼台账",
            Register::Entries => "公开信息",
            Register::Reviews => "审核记录",
            Register::CatalogueLines => "公开目录",
            Register::InteractionCases => "来信登记",
            Register::Rectifications => "整改台账",
            Register::Activities => "工作记录",
            Register::Budgets => "预算决算台账",
            Register::Postings => "渠道发布",
            Register::Reports => "各机关年度报告",
        }
    }

    /// The classifier for one of its records: 12 件, 3 笔.
    pub const fn classifier(self) -> &'static str {
        match self {
            Register::FeeCollections => "笔",
            Register::Entries => "条",
            Register::CatalogueLines
            | Register::Rectifications
            | Register::Activities
            | Register::Postings => "项",
            Register::FeeNotices | Register::Reports => "份",
            _ => "件",
        }
    }
}

/// One record behind a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub register: Register,
    /// What it is opened by: its id, or the number of the request it belongs to.
    pub id: String,
    pub title: String,
    pub detail: String,
    /// The day that made it count here, as stored.
    pub date: String,
}
