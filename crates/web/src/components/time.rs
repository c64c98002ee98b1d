use askama::Template;

use super::{FileRow, Tone};

/// Something that happened, with who and when.
#[derive(Debug, Clone, Default)]
pub struct Event {
    /// Formatted: 2025-09-26 10:14
    pub at: String,
    pub title: String,
    pub by: String,
    pub note: String,
    pub tone: Tone,
    pub files: Vec<FileRow>,
}

/// What happened, newest or oldest first as the page needs it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "shared/parts/timeline.html")]
pub struct Timeline {
    pub events: Vec<Event>,
}

/// Why a day is counted or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// 收到申请之日: day 0.
    Start,
    /// A working day that counts.
    Counted,
    /// A Saturday, Sunday or statutory holiday.
    Rest,
    /// A working day not counted: consultation, supplement, payment.
    Excluded,
    /// The last day.
    Due,
}

impl DayKind {
    fn class(self) -> &'static str {
        match self {
            DayKind::Start => "start",
            DayKind::Counted => "counted",
            DayKind::Rest => "rest",
            DayKind::Excluded => "excluded",
            DayKind::Due => "due",
        }
    }
}

/// One day of a ledger.
#[derive(Debug, Clone)]
pub struct Day {
    /// 2025-09-26
    pub date: String,
    /// Monday is 1.
    pub weekday: u8,
    pub kind: DayKind,
    /// Its number, if it is counted.
    pub number: Option<u32>,
    /// A word or two for the calendar: 国庆节, 调休上班.
    pub word: String,
    /// The reason in full.
    pub why: String,
    pub citation: String,
}

impl Day {
    /// 9/26
    fn short(&self) -> String {
        let mut parts = self.date.split('-').skip(1).map(|part| part.trim_start_matches('0'));
        let month = parts.next().unwrap_or_default();
        let day = parts.next().unwrap_or_default();
        format!("{month}/{day}")
    }
    fn weekday_name(&self) -> &'static str {
        ["", "周一", "周二", "周三", "周四", "周五", "周六", "周日"]
            .get(usize::from(self.weekday))
            .copied()
            .unwrap_or("")
    }
}

/// A period shown day by day: a calendar of what counted, and the full list with reasons behind a fold.
#[derive(Debug, Clone, Template)]
#[template(path = "shared/parts/day_ledger.html")]
pub struct DayLedger {
    /// What the period is: 答复期限
    pub title: String,
    /// 2025-10-30（周四）
    pub due: String,
    /// In one line: how the date was reached.
    pub summary: String,
    pub citation: String,
    /// The calendar of a year is not announced yet, so the date may still move.
    pub is_provisional: bool,
    pub tone: Tone,
    pub days: Vec<Day>,
}

impl DayLedger {
    fn counted(&self) -> usize {
        self.days.iter().filter(|d| d.number.is_some()).count()
    }
    fn not_counted(&self) -> usize {
        self.days.iter().filter(|d| d.number.is_none() && d.kind != DayKind::Start).count()
    }
}

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    Done,
    Current,
    Waiting,
    /// Sent back to the drafter.
    Returned,
}

impl StepState {
    fn class(self) -> &'static str {
        match self {
            StepState::Done => "done",
            StepState::Current => "current",
            StepState::Waiting => "waiting",
            StepState::Returned => "returned",
        }
    }
    fn word(self) -> &'static str {
        match self {
            StepState::Done => "已完成",
            StepState::Current => "进行中",
            StepState::Waiting => "未开始",
            StepState::Returned => "已退回",
        }
    }
}

/// A stage with who did it and when.
#[derive(Debug, Clone)]
pub struct Step {
    pub label: String,
    pub state: StepState,
    /// 周敏　2025-09-26 10:14, or who is awaited.
    pub note: String,
}

/// Stages in order: 起草 → 初审 → 复审 → 签发.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "shared/parts/stepper.html")]
pub struct Stepper {
    pub steps: Vec<Step>,
}
