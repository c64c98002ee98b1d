//! The answer: the dates and every day that led to them.

use std::fmt::Write;

use jiff::civil::Date;
use serde::Serialize;

use crate::citation::Citation;

/// 期限的裁定 — serialises as the contract prints it.
///
/// `reply_due_on` is null while the clock waits for the applicant (补正 or 缴费 pending); `days` then ends
/// on the day of the notice. `notes` says so in words and is left out of the JSON when empty. An act the
/// law does not allow stands in `refusals` and has no effect on the dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadlineRuling {
    /// 收到申请之日.
    pub received_on: Date,
    /// 补正告知截止.
    pub supplement_notice_due_on: Date,
    /// 答复截止, without extension.
    pub reply_due_on: Option<Date>,
    /// 延长后的答复截止.
    pub extended_reply_due_on: Option<Date>,
    /// 暂定: a day of the count lies in a year whose arrangement is not yet announced.
    pub provisional: bool,
    pub refusals: Vec<String>,
    pub days: Vec<CountedDay>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Why the day of receipt is the day of receipt.
    #[serde(skip)]
    pub receipt_reason: String,
    #[serde(skip)]
    pub receipt_citation: Citation,
}

/// 逐日说明 — one calendar day of the count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountedDay {
    pub date: Date,
    /// 是否计入期限.
    pub counts: bool,
    /// 第几个工作日.
    pub number: Option<u32>,
    pub why: String,
    pub citation: Citation,
}

impl DeadlineRuling {
    /// The day by which the reply must be given, extension included.
    pub fn due_on(&self) -> Option<Date> {
        self.extended_reply_due_on.or(self.reply_due_on)
    }

    /// The ruling in Chinese, for a terminal or a file note.
    pub fn human(&self) -> String {
        let mut text = String::new();
        let mut line = |label: &str, value: String| {
            let _ = writeln!(text, "{label}：{value}");
        };
        line(
            "收到申请之日",
            format!("{}（{}，{}）", self.received_on, self.receipt_reason, self.receipt_citation),
        );
        line("补正告知截止", self.supplement_notice_due_on.to_string());
        match self.reply_due_on {
            Some(due) => line("答复截止", due.to_string()),
            None => line("答复截止", "尚不能确定".into()),
        }
        if let Some(due) = self.extended_reply_due_on {
            line("延长后的答复截止", due.to_string());
        }
        if self.provisional {
            line("注意", "期限进入尚未公布放假安排的年份，日期暂定，安排公布后须重新计算".into());
        }
        for note in &self.notes {
            line("说明", note.clone());
        }
        for refusal in &self.refusals {
            line("不合规定", refusal.clone());
        }
        text.push_str("\n逐日计算：\n");
        for day in &self.days {
            let number = day.number.map_or_else(|| "—".to_owned(), |n| format!("第{n}个工作日"));
            let _ = writeln!(text, "{}  {number}  {}（{}）", day.date, day.why, day.citation);
        }
        text
    }
}
