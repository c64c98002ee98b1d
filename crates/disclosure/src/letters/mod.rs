//! 文书 — letters of the disclosure office: numbered, written from the dossier, kept as they left.
//!
//! Notices leave with the act that makes them. A reply is drafted, signed by review, and leaves through
//! `letter_issues`, where the database asks for the signature once more. The text of a letter is fixed when
//! it is drafted; the day it bears is the day it leaves and is added when it is shown.

pub mod actions;
#[cfg(test)]
mod every_letter_tests;
mod paper;
#[cfg(test)]
mod portions_tests;
mod reply;
mod sample;
pub mod seals;
mod store;
mod template;
pub mod templates;
#[cfg(test)]
mod tests;
mod writing;

pub use sample::preview;
pub use store::of_request;
pub use template::{Block, Template, TemplateRefusal};

use gongkai_statute::closed_list;
use gongkai_statute::decisions::{Decision, Head};
use jiff::civil::Date;

use crate::db::Tx;
use crate::privacy::{Keyring, RequestKey};
use crate::requests::{Answer, DeliveryWay, Dossier, Request};
use crate::review::ReviewState;
use crate::{secrets, time};
use writing::{Matter, written};

pub(crate) use writing::ArchiveContents;

closed_list! {
    /// 文书种类.
    pub enum LetterKind {
        /// 登记回执.
        Receipt = "receipt", "政府信息公开申请登记回执";
        /// 补正告知书. 《条例》第三十条.
        SupplementNotice = "supplement_notice", "政府信息公开申请补正告知书";
        /// 延长答复期限告知书. 《条例》第三十三条第二款.
        ExtensionNotice = "extension_notice", "延长答复期限告知书";
        /// 征求意见书. 《条例》第三十二条、第三十四条.
        Consultation = "consultation", "政府信息公开征求意见书";
        /// 征求意见书（共同制作机关）. 《条例》第三十四条.
        AgencyConsultation = "agency_consultation", "政府信息公开征求意见书（共同制作机关）";
        /// 征求意见告知书（申请人） — others are asked, and the time for it does not count. 《条例》第三十三条第三款.
        ConsultationNotice = "consultation_notice", "政府信息公开申请征求意见告知书";
        /// 告知第三方的依申请公开告知书. 《条例》第三十二条.
        OverrideNotice = "override_notice", "政府信息依申请公开告知书";
        /// 说明理由告知书. 《条例》第三十五条.
        ReasonsNotice = "reasons_notice", "政府信息公开申请说明理由告知书";
        /// 延迟答复告知书. 《条例》第三十五条.
        DelayNotice = "delay_notice", "政府信息公开申请延迟答复告知书";
        /// 收费通知书. 《信息处理费管理办法》第六条.
        FeeNotice = "fee_notice", "政府信息公开信息处理费收费通知书";
        /// 答复书.
        Reply = "reply", "政府信息公开申请答复书";
        /// 不属于本机关负责公开告知书 — the reply that names the agency to ask. 《条例》第三十六条第五项.
        TransferAdvice = "transfer_advice", "政府信息不属于本机关负责公开告知书";
        /// 案卷封面. 《条例》第四十五条.
        ArchiveCover = "archive_cover", "政府信息公开申请案卷封面";
    }
}

impl LetterKind {
    /// Whether it goes to the applicant; the others go to those who are consulted.
    pub fn is_to_applicant(self) -> bool {
        !self.is_to_consulted() && self != LetterKind::ArchiveCover
    }

    /// Whether it goes to a third party or another agency.
    pub fn is_to_consulted(self) -> bool {
        use LetterKind::{AgencyConsultation, Consultation, OverrideNotice};
        matches!(self, Consultation | AgencyConsultation | OverrideNotice)
    }

    /// Whether it answers the request: signed before it leaves.
    pub fn is_reply(self) -> bool {
        matches!(self, LetterKind::Reply | LetterKind::TransferAdvice)
    }

    /// The letter an answer is written into.
    pub fn of_answer(answer: &Answer) -> LetterKind {
        match answer.decisions().iter().all(|decision| *decision == Decision::NotResponsible) {
            true => LetterKind::TransferAdvice,
            false => LetterKind::Reply,
        }
    }

    /// What stands between the agency's word and the year in the number: 松溪政公复〔2026〕12号. The replies have a series
    /// for each head of table three, so a number says where the request counts.
    const fn series(self, head: Head) -> &'static str {
        match self {
            LetterKind::Receipt => "公受",
            LetterKind::SupplementNotice => "公补",
            LetterKind::ExtensionNotice => "公延",
            LetterKind::Consultation => "公询",
            LetterKind::AgencyConsultation => "公商",
            LetterKind::ConsultationNotice => "公征",
            LetterKind::OverrideNotice => "公告",
            LetterKind::ReasonsNotice => "公由",
            LetterKind::DelayNotice => "公迟",
            LetterKind::FeeNotice => "公费",
            LetterKind::Reply => match head {
                Head::Disclosed => "公复",
                Head::PartlyDisclosed => "公部",
                Head::NotDisclosed => "公否",
                Head::UnableToProvide => "公无",
                Head::NotProcessed => "公免",
                Head::OtherHandling => "公终",
            },
            LetterKind::TransferAdvice => "公转",
            LetterKind::ArchiveCover => "公档",
        }
    }
}

/// 文书 — one letter. Its text bears no day; see [`Letter::issued_on`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: String,
    pub request_id: String,
    pub kind: LetterKind,
    pub number: String,
    /// See [`Letter::body_html`].
    pub sealed_text: String,
    /// What it is sealed with, itself sealed; empty once destroyed.
    pub request_key: String,
    /// Over number and text.
    pub content_hash: String,
    pub drafted_by: String,
    pub drafted_at: String,
    /// The wording it was written with; blank for the program's.
    pub template_id: String,
    /// The newest review of it, and how it ended.
    pub review_id: Option<String>,
    pub review: Option<ReviewState>,
    pub issued_at: Option<String>,
    pub delivery: Option<DeliveryWay>,
    /// 盖章件 — what goes out, once there is one.
    pub sealed: Option<SealedCopy>,
}

/// 盖章件.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedCopy {
    pub name: String,
    pub sha256: String,
    pub size: i64,
    pub media_type: String,
    pub added_at: String,
}

impl Letter {
    /// The text: our own markup, every typed text escaped, shown as it is.
    pub fn body_html(&self, keys: &Keyring) -> anyhow::Result<String> {
        opened(keys, &self.request_id, &self.request_key, (&self.id, &self.content_hash), &self.sealed_text)
    }

    /// 成文日期 — the day it left the house; `None` for a reply that has not.
    pub fn issued_on(&self) -> Option<Date> {
        let at = match self.kind {
            kind if kind.is_reply() => self.issued_at.as_deref()?,
            _ => &self.drafted_at,
        };
        at.parse().ok().map(time::day_in_china)
    }

    /// 2026年3月9日, or what stands in its place before the signature.
    pub fn shown_day(&self) -> String {
        self.issued_on().map_or_else(|| "（签发后填写日期）".to_owned(), paper::day)
    }
}

/// Bound to the hash that is signed: what was sealed for another text does not open here.
fn place(letter_id: &str, content_hash: &str) -> String {
    format!("letters.body_html/{letter_id}/{content_hash}")
}

fn sealed(
    keys: &Keyring,
    request: &Request,
    (letter_id, content_hash): (&str, &str),
    body_html: &str,
) -> anyhow::Result<String> {
    let key = RequestKey::opened(keys, &request.id, &request.request_key)?;
    let key = key.ok_or_else(|| anyhow::anyhow!("a letter about a request that was destroyed"))?;
    Ok(key.seal(&place(letter_id, content_hash), body_html)?)
}

/// The text of a letter as it stands in the database; of a destroyed one, that it was destroyed.
pub(crate) fn opened(
    keys: &Keyring,
    request_id: &str,
    request_key: &str,
    (letter_id, content_hash): (&str, &str),
    sealed_text: &str,
) -> anyhow::Result<String> {
    match RequestKey::opened(keys, request_id, request_key)? {
        Some(key) => Ok(key.open(&place(letter_id, content_hash), sealed_text)?),
        None => Ok("<p>文书正文已按销毁清册销毁，文号、日期和内容的校验值保留。</p>".to_owned()),
    }
}

/// What is signed: number and text.
fn content_hash(number: &str, body_html: &str) -> String {
    secrets::digest(&format!("{number}\n{body_html}"))
}

/// Whether the reply still is what the dossier and the law of `today` would write, in the wording it was written with. A
/// signed letter that is not must be written anew.
pub async fn says_what_the_dossier_says(
    tx: &mut Tx,
    reply: &Letter,
    dossier: &Dossier,
    today: Date,
) -> anyhow::Result<bool> {
    let agency_id = &dossier.request.agency_id;
    let template = templates::of_letter(tx.conn(), agency_id, reply.kind, &reply.template_id).await?;
    let applicant = &dossier.request.applicant_name(tx.keys())?;
    let matter = Matter { dossier, applicant, asked: None, archive: None, on: today };
    let body = template.and_then(|template| written(&template, matter, &reply.number));
    Ok(body.is_some_and(|body| content_hash(&reply.number, &body) == reply.content_hash))
}
