//! 公开审查 — who signed what, over which bytes. 《条例》第十七条.
//!
//! Every agency has a chain of stages for editions and one for letters; a case copies the chain when it
//! opens. Each stage belongs to a role, is signed in order, by one person who signs no other stage of the
//! case and wrote none of it. The database refuses the same things (migrations, "the gate").

pub mod actions;
pub mod chains;
pub mod deputies;
mod refusal;
pub mod rounds;
mod store;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod together_tests;

pub use chains::{Chain, ChainKey, Risk};
pub use deputies::Deputy;
pub use refusal::ReviewRefusal;
pub use store::{Content, Waiting, content, is_signed, of_subject, review, signed_review, waiting_for};

use gongkai_statute::calendar::Calendar;
use serde::{Deserialize, Serialize};

use crate::accounts::{Permission, Role, Staff};
use crate::publishing::Released;

/// What is under review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// 版本 — an edition of an entry.
    Edition(String),
    /// 告知书、答复书 — a letter to an applicant.
    Letter(String),
}

/// The kinds of subject; each has its own chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    Edition,
    Letter,
}

impl SubjectKind {
    pub const fn code(self) -> &'static str {
        match self {
            SubjectKind::Edition => "edition",
            SubjectKind::Letter => "letter",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            SubjectKind::Edition => "公开信息",
            SubjectKind::Letter => "文书",
        }
    }

    pub fn from_code(code: &str) -> Option<SubjectKind> {
        [SubjectKind::Edition, SubjectKind::Letter].into_iter().find(|kind| kind.code() == code)
    }

    /// What a person needs to read a subject of this kind.
    pub const fn readers(self) -> Permission {
        match self {
            SubjectKind::Edition => Permission::ReadDrafts,
            SubjectKind::Letter => Permission::ReadRequests,
        }
    }

    /// What a person needs to submit one, or to take it back.
    pub const fn submitters(self) -> Permission {
        match self {
            SubjectKind::Edition => Permission::DraftEntries,
            SubjectKind::Letter => Permission::HandleRequests,
        }
    }

    /// The chain of an agency that has not set its own.
    pub fn preset(self) -> Vec<Stage> {
        chains::presets()
            .iter()
            .find(|preset| preset.subject == self)
            .map_or_else(Vec::new, |p| p.stages.clone())
    }
}

impl Subject {
    pub fn kind(&self) -> SubjectKind {
        match self {
            Subject::Edition(_) => SubjectKind::Edition,
            Subject::Letter(_) => SubjectKind::Letter,
        }
    }

    pub fn id(&self) -> &str {
        match self {
            Subject::Edition(id) | Subject::Letter(id) => id,
        }
    }
}

/// 审查环节 — one step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub stage: i64,
    pub role: Role,
    pub title: String,
    /// How many working days it may take; `None`: no limit.
    pub working_days: Option<i64>,
    /// 审和校的要点 — each is ticked by whoever signs.
    pub checklist: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewState {
    /// 审查中.
    Open,
    /// 已签发 — every stage has signed.
    Signed,
    /// 已退回 — a stage sent it back.
    Returned,
    /// 已撤回送审 — its author took it back.
    Withdrawn,
}

impl ReviewState {
    pub const ALL: [ReviewState; 4] =
        [ReviewState::Open, ReviewState::Signed, ReviewState::Returned, ReviewState::Withdrawn];

    pub const fn code(self) -> &'static str {
        match self {
            ReviewState::Open => "open",
            ReviewState::Signed => "signed",
            ReviewState::Returned => "returned",
            ReviewState::Withdrawn => "withdrawn",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            ReviewState::Open => "审查中",
            ReviewState::Signed => "已签发",
            ReviewState::Returned => "已退回",
            ReviewState::Withdrawn => "已撤回送审",
        }
    }

    pub fn from_code(code: &str) -> Option<ReviewState> {
        ReviewState::ALL.into_iter().find(|state| state.code() == code)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Signed,
    Returned,
}

impl Verdict {
    pub const fn code(self) -> &'static str {
        match self {
            Verdict::Signed => "signed",
            Verdict::Returned => "returned",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Verdict::Signed => "同意",
            Verdict::Returned => "退回",
        }
    }
}

/// A stage of a running or closed case, with its signature when it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStage {
    pub stage: Stage,
    pub sign_off: Option<SignOff>,
}

/// 签署 — one person's word on one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOff {
    pub person_id: String,
    pub person_name: String,
    pub verdict: Verdict,
    pub checklist: Option<ConfidentialityChecklist>,
    /// What of the stage's checklist was ticked.
    pub ticked: Vec<String>,
    pub opinion: String,
    pub signed_at: String,
    /// Who was away, when a deputy signed.
    pub on_behalf_of: Option<String>,
}

/// What is signed with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signature<'a> {
    /// The confidentiality stage answers it; others have none.
    pub checklist: Option<&'a ConfidentialityChecklist>,
    pub ticked: &'a [String],
    pub opinion: &'a str,
    /// The fingerprint of what was on the page; it has to be the one under review.
    pub shown: Option<&'a str>,
}

/// 审查 — one case: a subject, its hash, its stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub id: String,
    pub agency_id: String,
    pub subject: Subject,
    pub content_hash: String,
    pub state: ReviewState,
    pub opened_at: String,
    pub closed_at: Option<String>,
    pub stages: Vec<CaseStage>,
    /// Everyone who wrote at the subject.
    pub author_ids: Vec<String>,
    /// 适用的审核程序, in words.
    pub chain: String,
    /// Who may sign the current stage for whom.
    pub deputies: Vec<Deputy>,
}

impl Review {
    /// The stage whose turn it is.
    pub fn current(&self) -> Option<&Stage> {
        if self.state != ReviewState::Open {
            return None;
        }
        self.stages.iter().find(|s| s.sign_off.is_none()).map(|s| &s.stage)
    }

    /// Since when the current stage waits.
    pub fn since(&self) -> &str {
        let signed = self.stages.iter().filter_map(|s| Some(s.sign_off.as_ref()?.signed_at.as_str()));
        signed.max().unwrap_or(&self.opened_at)
    }

    /// The day by which the current stage should be signed. 时限 of the chain.
    pub fn due_on(&self, calendar: &Calendar) -> Option<jiff::civil::Date> {
        due_on(self.since(), self.current()?.working_days?, calendar)
    }

    /// Whom this person signs the current stage for, when it is not their own.
    pub fn deputised(&self, staff: &Staff, now: jiff::Timestamp) -> Option<&Deputy> {
        let current = self.current()?;
        if staff.holds(current.role, &self.agency_id) {
            return None;
        }
        self.deputies.iter().find(|deputy| deputy.deputy_id == staff.user_id && deputy.is_at(now))
    }

    /// Why this person cannot act on the current stage at this moment; empty when it is their turn.
    pub fn why_not(&self, staff: &Staff, now: jiff::Timestamp) -> Vec<ReviewRefusal> {
        let Some(current) = self.current() else { return vec![ReviewRefusal::Closed(self.state)] };
        let mut reasons = Vec::new();
        if !staff.holds(current.role, &self.agency_id) && self.deputised(staff, now).is_none() {
            reasons.push(ReviewRefusal::NotYourStage { title: current.title.clone(), role: current.role });
        }
        if self.author_ids.contains(&staff.user_id) {
            reasons.push(ReviewRefusal::OwnDraft);
        }
        let signed_before = self
            .stages
            .iter()
            .find(|s| s.sign_off.as_ref().is_some_and(|signed| signed.person_id == staff.user_id));
        if let Some(earlier) = signed_before {
            reasons.push(ReviewRefusal::SecondStage(earlier.stage.title.clone()));
        }
        reasons
    }
}

/// The last day of a stage that waits since a moment.
pub fn due_on(since: &str, working_days: i64, calendar: &Calendar) -> Option<jiff::civil::Date> {
    let day = crate::time::day_in_china(since.parse().ok()?);
    let days = u32::try_from(working_days).ok()?;
    Some(calendar.add_working_days(day, days))
}

/// 保密审查表 — what the confidentiality stage answers, item by item. 《条例》第十四条、第十五条.
///
/// `None` is a question left unanswered; it is refused, not read as "no".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfidentialityChecklist {
    pub state_secrets: Option<bool>,
    pub work_secrets: Option<bool>,
    pub trade_secrets: Option<bool>,
    pub personal_privacy: Option<bool>,
    /// 审查依据 — on what the answers rest.
    pub ground: String,
}

impl ConfidentialityChecklist {
    /// The questions in the order of the form: field, wording, answer.
    pub fn questions(&self) -> [(&'static str, &'static str, Option<bool>); 4] {
        [
            ("state_secrets", "涉及国家秘密", self.state_secrets),
            ("work_secrets", "涉及工作秘密", self.work_secrets),
            ("trade_secrets", "涉及商业秘密", self.trade_secrets),
            ("personal_privacy", "涉及个人隐私", self.personal_privacy),
        ]
    }

    /// Why nothing may be signed with these answers.
    pub fn problems(&self) -> Vec<ReviewRefusal> {
        let mut problems = Vec::new();
        for (field, wording, answer) in self.questions() {
            match (field, answer) {
                (_, None) => problems.push(ReviewRefusal::ChecklistUnanswered { field, wording }),
                ("state_secrets" | "work_secrets", Some(true)) => {
                    problems.push(ReviewRefusal::InvolvesSecrets { field, wording });
                }
                _ => {}
            }
        }
        if self.ground.trim().is_empty() {
            problems.push(ReviewRefusal::GroundMissing);
        }
        problems
    }
}

/// What a signature brought about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// The next stage's turn.
    NextStage(Stage),
    /// The last stage signed; the case is closed and its subject may leave the house.
    Closed,
    /// The last stage signed; the edition waits for its moment.
    Scheduled { at: String },
    /// The last stage signed and the edition is public.
    Released(Released),
}
