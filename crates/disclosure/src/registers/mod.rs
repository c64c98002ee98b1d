//! 台账 — registers that are data: normative documents with their terms, budgets with their 20 days, suggestions and
//! proposals, interpretations paired with what they explain; and the import of registers from spreadsheets.
//!
//! What table two of the annual report counts is kept by [`crate::reporting`]; this room keeps what is around it.

pub mod actions;
pub mod documents;
pub mod import;
pub mod public;
mod refusal;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use refusal::RegisterRefusal;
pub use store::{
    Budget, Interpreted, Pair, Proposal, Term, budgets, interpreted_between, pairs, proposals, term, unpaired,
};

use gongkai_statute::closed_list;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::reporting::ActivityForm;

closed_list! {
    /// 预算、决算 — what is approved and must be published. 《预算法》第十四条.
    pub enum BudgetKind {
        /// 预算.
        Budget = "budget", "预算";
        /// 决算.
        FinalAccount = "final_account", "决算";
        /// 预算调整.
        Adjustment = "adjustment", "预算调整";
    }
}

closed_list! {
    /// 建议、提案.
    pub enum ProposalKind {
        /// 人大代表建议.
        Suggestion = "suggestion", "人大代表建议";
        /// 政协提案.
        Proposal = "proposal", "政协提案";
    }
}

closed_list! {
    /// 办理结果.
    pub enum ProposalResult {
        /// A 类.
        Solved = "solved", "已经解决或者采纳";
        /// B 类.
        Planned = "planned", "列入计划逐步解决";
        /// C 类.
        Noted = "noted", "留作参考";
    }
}

closed_list! {
    /// 解读形式 — how a document is explained.
    pub enum InterpretationForm {
        /// 文字解读.
        Text = "text", "文字解读";
        /// 图解.
        Picture = "picture", "图片图解";
        /// 动漫.
        Animation = "animation", "动漫";
        /// 视频.
        Video = "video", "音频视频";
        /// 政策问答.
        Questions = "questions", "政策问答";
        /// 新闻发布会、媒体专访.
        Press = "press", "新闻发布会、媒体专访";
        /// 专家解读.
        Expert = "expert", "专家解读";
    }
}

impl InterpretationForm {
    /// What section one of the annual report counts it as.
    pub const fn counted_as(self) -> ActivityForm {
        use InterpretationForm as F;
        match self {
            F::Text | F::Questions => ActivityForm::InterpretedInText,
            F::Picture => ActivityForm::InterpretedInCharts,
            F::Animation | F::Video => ActivityForm::InterpretedOnVideo,
            F::Press => ActivityForm::InterpretedToThePress,
            F::Expert => ActivityForm::InterpretedOtherwise,
        }
    }
}

/// 预算、决算 are published within so many days of the approval, calendar days. 《预算法》第十四条.
pub const BUDGET_DAYS: i32 = 20;

/// An interpretation is published together with its document, at the latest so many working days after.
pub const INTERPRETATION_WORKING_DAYS: u32 = 3;

/// So many days before its term ends a document is to be looked at: keep, amend, or let it lapse.
pub const EXPIRY_WARNING_DAYS: i32 = 90;

/// The last day for publishing what was approved on this day.
pub fn budget_due_on(approved_on: Date) -> anyhow::Result<Date> {
    Ok(approved_on.checked_add(BUDGET_DAYS.days())?)
}

/// Whether an interpretation kept the same-time rule; the working days between the two.
pub fn interpretation_delay(
    calendar: &gongkai_statute::calendar::Calendar,
    document_on: Date,
    interpreted_on: Date,
) -> u32 {
    if interpreted_on <= document_on { 0 } else { calendar.working_days_between(document_on, interpreted_on) }
}
