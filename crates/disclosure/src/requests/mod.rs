//! 依申请公开 — requests for information and their way through the procedure. 《条例》第四章.
//!
//! One request is a [`Dossier`]: the row, what happened to it, and what the law makes of that. Which act is
//! possible now is decided in one place, [`machine::next`]; which act the law allows on which day is decided
//! by `gongkai_statute::deadlines`, asked with the facts of the dossier. The day the reply is due is stored
//! with the request and computed anew at every event.

pub mod actions;
#[cfg(test)]
mod arranging_tests;
#[cfg(test)]
mod correcting_tests;
mod dossier;
pub mod enclosures;
pub mod escalation;
pub mod evidence;
mod filing;
pub mod machine;
pub mod offers;
pub mod public;
mod refusal;
pub mod renewals;
mod similar;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod tests;

pub use dossier::Dossier;
pub use evidence::EvidenceKind;
pub use filing::{Arrival, Filing};
pub use machine::{Event, RequestState};
pub use refusal::RequestRefusal;
pub use renewals::Renewal;
pub use similar::{Similar, similar};
pub use store::{
    Counts, Due, Listed, RequestFilter, SortBy, answer_of, by_number, counts, item_of_month, list,
    name_match, number_of,
};

use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::channels::Channel;
use gongkai_statute::closed_list;
use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::decisions::{Decision, Part};
use gongkai_statute::fees::FeeBasis;
use gongkai_statute::grounds::Ground;
use gongkai_statute::outcome_tree::{Scope, Walked, walk};
use gongkai_statute::remedies::{self, Notice};
use jiff::civil::Date;

use crate::accounts::Agency;
use crate::privacy::{self, Keyring, Name};

closed_list! {
    /// 形式要求 — in which form and by which way the applicant wants the information. 《条例》第二十九条第二款第三项.
    pub enum DeliveryForm {
        /// 电子文本，电子邮件.
        ElectronicByEmail = "electronic_by_email", "电子文本，发送到电子邮箱";
        /// 电子文本，网上查询.
        ElectronicOnline = "electronic_online", "电子文本，在本网站查询页查看";
        /// 纸质，邮寄.
        PaperByPost = "paper_by_post", "纸质文本，邮寄";
        /// 纸质，自行领取.
        PaperPickUp = "paper_pick_up", "纸质文本，自行领取";
        /// 查阅、抄录.
        OnSite = "on_site", "现场查阅、抄录";
    }
}

closed_list! {
    /// 被征求意见方的意见 — what a consulted party answered. 《条例》第三十二条、第三十四条.
    pub enum Opinion {
        /// 同意公开.
        Agrees = "agrees", "同意公开";
        /// 不同意公开.
        Objects = "objects", "不同意公开";
        /// 期限内未答复.
        NoAnswer = "no_answer", "期限内未答复";
    }
}

closed_list! {
    /// 送达方式 — how a reply left the house.
    pub enum DeliveryWay {
        /// 直接送达.
        InPerson = "in_person", "直接送达";
        /// 邮寄送达.
        ByPost = "by_post", "邮寄送达";
        /// 电子邮件.
        ByEmail = "by_email", "电子邮件送达";
        /// 网上查询页.
        Online = "online", "网上查询页送达";
    }
}

/// 政府信息公开申请 — one request as it was filed, with where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub id: String,
    pub agency_id: String,
    pub number: String,
    pub channel: Channel,
    pub applicant: Applicant,
    /// What its letters are sealed with, itself sealed; empty once destroyed.
    pub request_key: String,
    /// 所需政府信息的描述. 《条例》第二十九条第二款第二项.
    pub description: String,
    pub delivery: DeliveryForm,
    /// 需要的帮助; empty when none was asked for. 《条例》第四十三条.
    pub help_wanted: String,
    pub submitted_on: Date,
    pub signed_on: Option<Date>,
    pub confirmed_on: Option<Date>,
    /// 收到申请之日, by `gongkai_statute::receipt`.
    pub received_on: Option<Date>,
    /// 答复期限, extension included; `None` before receipt and while the clock waits for the applicant.
    pub reply_due_on: Option<Date>,
    pub is_due_provisional: bool,
    pub state: RequestState,
    pub answer: Option<Answer>,
    /// The day the reply left the house or the request was closed.
    pub closed_on: Option<Date>,
    pub handler_id: Option<String>,
    pub created_at: String,
}

impl Request {
    /// 申请人的姓名或者名称.
    pub fn applicant_name(&self, keys: &Keyring) -> anyhow::Result<String> {
        if self.applicant.name.is_empty() {
            return Ok("（姓名已按规定销毁）".to_owned());
        }
        Name::opened(keys, &self.id, privacy::APPLICANT, &self.applicant.name)
    }

    /// 代理人的姓名.
    pub fn agent_name(&self, keys: &Keyring) -> anyhow::Result<Option<String>> {
        let sealed = self.applicant.agent_name.as_deref();
        sealed.map(|sealed| Name::opened(keys, &self.id, privacy::AGENT, sealed)).transpose()
    }
}

/// What a request asks for, as it is shown: its words go when it is destroyed, the request stays.
fn asked(stored: String) -> String {
    if stored.is_empty() { "（申请内容已按规定销毁）".to_owned() } else { stored }
}

/// 申请人 — who asks. 《条例》第二十九条第二款第一项.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    pub kind: ApplicantColumn,
    /// 姓名或者名称, sealed; see [`Request::applicant_name`].
    pub name: String,
    /// What the name is found by.
    pub name_match: String,
    /// 代理人, sealed.
    pub agent_name: Option<String>,
    /// 证件号码和联系方式, sealed; see [`crate::privacy::Particulars`].
    pub particulars: String,
    /// The same for the same identity number, and of no other use.
    pub identity_match: String,
}

/// 处理决定 — what is decided and said; the letter is written from it and from nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub decision: Decision,
    /// 部分公开: the ground for what is withheld.
    pub ground: Option<Ground>,
    /// 理由; empty where none is needed.
    pub reason: String,
    /// What else the letter must say, in the order of the decision's required parts.
    pub parts: Vec<(Part, String)>,
    /// 分项答复: the parts of the request with an answer each, where they differ. `decision` is then what
    /// [`gongkai_statute::severance::whole`] makes of them.
    pub portions: Vec<Portion>,
    /// 判断过程: the answers that led to the decision, as `gongkai_statute::outcome_tree` codes them. Empty where the
    /// decision was chosen from the list, and where the portions have paths of their own.
    pub path: Vec<String>,
}

impl Answer {
    /// What was decided, part by part; one for a request that is answered as a whole.
    pub fn decisions(&self) -> Vec<Decision> {
        match self.portions.is_empty() {
            true => vec![self.decision],
            false => self.portions.iter().map(|portion| portion.decision).collect(),
        }
    }

    /// 判断过程 of the whole; `None` when it was not judged question by question.
    pub fn walked(&self) -> Option<Walked> {
        walked(Scope::Whole, &self.path, self.decision)
    }

    /// 救济途径告知 — from the same answers as the row.
    pub fn remedy(&self, on: Date, agency: &Agency) -> Notice {
        let (body, court) = (&agency.reconsideration_body, &agency.court);
        match self.portions.is_empty() {
            true => remedies::notice(self.decision, on, body, court),
            false => remedies::notice_of_parts(&self.decisions(), on, body, court),
        }
    }
}

/// 申请的一部分 — one part of what was asked for, with its own answer. 《条例》第三十七条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portion {
    /// Which part of the request.
    pub asked: String,
    pub decision: Decision,
    pub reason: String,
    pub parts: Vec<(Part, String)>,
    /// 判断过程 of this part.
    pub path: Vec<String>,
}

impl Portion {
    /// 判断过程; `None` when it was not judged question by question.
    pub fn walked(&self) -> Option<Walked> {
        walked(Scope::Part, &self.path, self.decision)
    }
}

/// A path that ends in the decision it is told of.
fn walked(scope: Scope, path: &[String], decision: Decision) -> Option<Walked> {
    let walked = walk(scope, path.iter().map(String::as_str))?;
    (walked.decision() == Some(decision)).then_some(walked)
}

/// 补正 — the one supplement notice and what came of it. 《条例》第三十条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplement {
    pub noticed_on: Date,
    pub due_on: Date,
    pub items: String,
    pub supplemented_on: Option<Date>,
    pub answer: Option<String>,
}

/// 说明理由 — asked of an applicant whose requests are out of the ordinary in number or frequency, and what came of it.
/// 《条例》第三十五条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reasons {
    pub noticed_on: Date,
    pub due_on: Date,
    /// What is out of the ordinary: how many requests, how often.
    pub frequency: String,
    pub stated_on: Option<Date>,
    pub statement: Option<String>,
    /// The reasons are sound, and the reply comes later all the same.
    pub delay: Option<Delay>,
}

/// 延迟答复 — the later day the applicant was told. 《条例》第三十五条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delay {
    pub noticed_on: Date,
    pub until: Date,
    /// Why it cannot be answered in the ordinary time.
    pub ground: String,
}

/// 延长答复期限 — proposed by one person, approved by another. 《条例》第三十三条第二款.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    pub ground: String,
    pub working_days: u32,
    pub proposed_on: Date,
    pub proposed_by: String,
    pub approval: Option<Approval>,
}

/// 同意延长 — who agreed when, and when the applicant was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub approved_on: Date,
    pub approved_by: String,
    pub noticed_on: Date,
}

/// 征求意见 — one letter to a third party or another agency. 《条例》第三十二条、第三十四条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consultation {
    pub id: String,
    pub with: ConsultedParty,
    pub party: String,
    /// 联系方式 of an agency, as the register had it; empty when it is not in there.
    pub contact: String,
    pub subject: String,
    pub sent_on: Date,
    pub due_on: Date,
    pub answered_on: Option<Date>,
    pub opinion: Option<Opinion>,
    pub answer: Option<String>,
    pub overridden: Option<Override>,
}

impl Consultation {
    /// Whether a third party objects and was not told yet that the information is disclosed all the same.
    pub fn is_objection_unanswered(&self) -> bool {
        self.with == ConsultedParty::ThirdParty
            && self.opinion == Some(Opinion::Objects)
            && self.overridden.is_none()
    }
}

/// 决定公开 — against a third party's objection, for the public interest; the party is told what and why.
/// 《条例》第三十二条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub noticed_on: Date,
    pub content: String,
    pub reason: String,
}

/// 信息处理费 — the one fee notice. 《信息处理费管理办法》.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fee {
    pub basis: FeeBasis,
    pub count: u64,
    pub amount_yuan: u64,
    pub noticed_on: Date,
    pub due_on: Date,
    pub paid_on: Option<Date>,
}

/// 办理记录 — one thing that happened. 《条例》第四十五条.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRecord {
    pub event: Event,
    pub happened_on: Date,
    pub recorded_at: String,
    /// The member of staff; `None` for the applicant and the program.
    pub by_name: Option<String>,
    pub detail: serde_json::Value,
}
