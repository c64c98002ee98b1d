//! 公开审查 — who signed what, over which bytes. 《条例》第十七条.
//!
//! Every agency has a chain of stages for editions and one for letters; a case copies the chain when it
//! opens. Each stage belongs to a role, is signed in order, by one person who signs no other stage of the
//! case and wrote none of it. The database refuses the same things (migrations, "the gate").

pub mod actions;
mod refusal;
mod store;
#[cfg(test)]
mod tests;

pub use refusal::ReviewRefusal;
pub use store::{
    Content, Waiting, chain, content, is_signed, of_subject, review, signed_review, waiting_for,
};

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

    /// The chain of an agency that has not set its own: 三审三校 for what is published, 签发 for letters.
    pub fn preset(self) -> Vec<Stage> {
        let stages: &[(Role, &str)] = match self {
            SubjectKind::Edition => &[
                (Role::SectionHead, "初审"),
                (Role::ConfidentialityOfficer, "保密审查"),
                (Role::Leader, "终审"),
            ],
            SubjectKind::Letter => &[(Role::Leader, "签发")],
        };
        (1..)
            .zip(stages)
            .map(|(stage, (role, title))| Stage { stage, role: *role, title: (*title).into() })
            .collect()
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
    pub opinion: String,
    pub signed_at: String,
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
}

impl Review {
    /// The stage whose turn it is.
    pub fn current(&self) -> Option<&Stage> {
        if self.state != ReviewState::Open {
            return None;
        }
        self.stages.iter().find(|s| s.sign_off.is_none()).map(|s| &s.stage)
    }

    /// Why this person cannot act on the current stage; empty when it is their turn.
    pub fn why_not(&self, staff: &Staff) -> Vec<ReviewRefusal> {
        let Some(current) = self.current() else { return vec![ReviewRefusal::Closed(self.state)] };
        let mut reasons = Vec::new();
        if !staff.holds(current.role, &self.agency_id) {
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
