//! The parts of the report that are words, and what each begins with.

use gongkai_statute::closed_list;

use super::ledger::YearLedger;
use super::prose;

closed_list! {
    /// 文字部分 — the parts of the report that are words. 国办公开办函〔2021〕30号.
    pub enum TextPart {
        /// 主动公开情况.
        ProactiveOverview = "proactive_overview", "第一部分（一）：主动公开情况";
        /// 依申请公开情况.
        RequestsOverview = "requests_overview", "第一部分（二）：依申请公开情况";
        /// 政府信息管理情况.
        Management = "management", "第一部分（三）：政府信息管理情况";
        /// 政府信息公开平台建设情况.
        Platform = "platform", "第一部分（四）：政府信息公开平台建设情况";
        /// 监督保障：工作考核、社会评议、责任追究. 《条例》第五十条第一款第四项.
        Supervision = "supervision", "第一部分：监督保障（工作考核、社会评议、责任追究结果）";
        /// 五、存在的主要问题及改进情况.
        ProblemsAndImprovements = "problems_and_improvements", "第五部分：存在的主要问题及改进情况";
        /// 六、其他需要报告的事项, beside the statement of fees.
        OtherMatters = "other_matters", "第六部分：信息处理费以外需要报告的事项";
    }
}

/// What stands in a template where a person has to write: a report with it does not leave the house.
pub(super) const TO_FILL: &str = "（请填写";

/// What a part begins with where no ledger can say it. Dated like a number of law: the newest that has begun holds.
struct Beginning {
    since_year: i16,
    part: TextPart,
    /// 国办公开办函〔2021〕30号 and 《条例》第五十条第一款 say what each part is about.
    body: &'static str,
}

const BEGINNINGS: &[Beginning] = &[
    Beginning {
        since_year: 2021,
        part: TextPart::Supervision,
        body: "组织业务培训{业务培训}次，召开工作会议{工作会议}次。工作考核：（请填写考核结果）。社会评议：（请填写评议结果）。责任追究：（请填写，没有的写明没有）。",
    },
    Beginning {
        since_year: 2021,
        part: TextPart::ProblemsAndImprovements,
        body: "本年度新收政府信息公开申请{新收申请}件，结转下年度继续办理{结转下年申请}件。\n存在的主要问题：（请填写本年度的实际问题）。\n改进情况：（请填写措施、责任人和完成时间）。",
    },
    Beginning {
        since_year: 2021,
        part: TextPart::OtherMatters,
        body: "落实上级年度政务公开工作要点情况：（请填写）。",
    },
];

impl TextPart {
    /// Only a person can write it, and the report is not whole without it.
    pub const fn is_needed(self) -> bool {
        matches!(self, TextPart::Supervision | TextPart::ProblemsAndImprovements)
    }

    /// Written from the ledger alone while nobody writes it otherwise.
    pub const fn is_compiled(self) -> bool {
        matches!(
            self,
            TextPart::ProactiveOverview
                | TextPart::RequestsOverview
                | TextPart::Management
                | TextPart::Platform
        )
    }
}

impl YearLedger {
    /// What a part says: as it was written, else by the agency's template, else as the ledger gives it. The
    /// figures of what nobody wrote follow the ledger by themselves.
    pub(super) fn text(&self, part: TextPart) -> Option<String> {
        match self.texts.get(&part) {
            Some(text) => Some(linked_text(text)),
            None if part.is_compiled() => Some(linked_text(&self.beginning(part))),
            None => None,
        }
    }

    /// What a part begins with, figures linked and filled in: the template of the agency or of the one above it,
    /// else the common one.
    pub fn beginning(&self, part: TextPart) -> String {
        if let Some(template) = self.templates.get(&part) {
            return self.filled(template);
        }
        if part.is_compiled() {
            return prose::compiled(self, part);
        }
        let holds =
            |beginning: &&Beginning| beginning.part == part && beginning.since_year <= self.period.year;
        let newest = BEGINNINGS.iter().filter(holds).max_by_key(|beginning| beginning.since_year);
        newest.map_or_else(String::new, |beginning| self.filled(beginning.body))
    }
}

fn linked_text(text: &str) -> String {
    super::linked::spoken(text).trim().to_owned()
}
