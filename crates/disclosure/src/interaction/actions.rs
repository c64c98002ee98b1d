//! Taking letters in and answering them.

use serde_json::json;

use super::{CaseKind, InteractionRefusal as Refusal, reads_like_a_request, store};
use crate::accounts::{self, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};
use crate::secrets;

/// A letter as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewCase {
    pub agency_id: String,
    pub kind: String,
    pub person_name: String,
    pub contact: String,
    pub subject: String,
    pub body: String,
    /// 网站找错: the address on this site it is about.
    pub page: String,
    /// The writer has read that a request for documents has its own procedure, and means a letter.
    pub is_not_a_request: bool,
}

/// 回执 — what the writer keeps. The query code is known to them only; we store its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReceipt {
    pub id: String,
    pub number: String,
    pub query_code: String,
}

/// Takes a letter from the portal.
///
/// # Errors
/// All reasons at once; a letter that reads like a request for documents is pointed to that procedure.
pub async fn submit(tx: &mut Tx, new: NewCase) -> Result<CaseReceipt, Refusal> {
    let kind = CaseKind::from_code(&new.kind).filter(|kind| *kind != CaseKind::Hotline);
    let mut new = new;
    let mut reasons = match kind {
        Some(CaseKind::ErrorReport) => reasons_against_report(&mut new),
        _ => reasons_against(&new),
    };
    if kind.is_none() {
        reasons.push(Refusal::NotInList { field: "kind", label: "来信类别" });
    }
    if kind != Some(CaseKind::ErrorReport)
        && !new.is_not_a_request
        && reads_like_a_request(&format!("{}\n{}", new.subject, new.body))
    {
        reasons.push(Refusal::IsARequest);
    }
    if accounts::agency(tx.conn(), &new.agency_id).await?.is_none() {
        reasons.push(Refusal::NotInList { field: "agency_id", label: "受理机关" });
    }
    match kind.filter(|_| reasons.is_empty()) {
        Some(kind) => take(tx, new, kind).await,
        None => Err(Failure::Refused(reasons)),
    }
}

/// Takes down a call to the hotline.
pub async fn record_call(tx: &mut Tx, staff: &Staff, new: NewCase) -> Result<CaseReceipt, Refusal> {
    if !staff.may(Permission::AnswerCases, &new.agency_id) {
        return refuse(Refusal::Forbidden);
    }
    let reasons = reasons_against(&new);
    if reasons.is_empty() { take(tx, new, CaseKind::Hotline).await } else { Err(Failure::Refused(reasons)) }
}

/// Answers a letter; an answer is final.
pub async fn reply(tx: &mut Tx, staff: &Staff, id: &str, reply: &str) -> Result<(), Refusal> {
    let Some(case) = store::case(tx.conn(), id).await? else { return refuse(Refusal::Missing) };
    if !staff.may(Permission::AnswerCases, &case.agency_id) {
        return refuse(Refusal::Forbidden);
    }
    let mut reasons = Vec::new();
    if case.replied_at.is_some() {
        reasons.push(Refusal::AlreadyAnswered);
    }
    check_text(&mut reasons, reply, "reply", "答复内容", 5_000);
    if !reasons.is_empty() {
        return Err(Failure::Refused(reasons));
    }
    let now = tx.now_text();
    store::update_reply(tx.conn(), id, &tidy(reply), &now, &staff.user_id).await?;
    tx.record(Act::new("interaction", "replied", &case.agency_id, id, json!({"number": case.number})));
    Ok(())
}

async fn take(tx: &mut Tx, new: NewCase, kind: CaseKind) -> Result<CaseReceipt, Refusal> {
    let year = tx.today().year();
    let serial = tx.next_number(&format!("interaction/{year}")).await?;
    let receipt = CaseReceipt {
        id: tx.new_id(),
        number: format!("M{year}-{serial:05}"),
        query_code: secrets::query_code(),
    };
    let row = store::CaseRow {
        id: receipt.id.clone(),
        agency_id: new.agency_id,
        number: receipt.number.clone(),
        query_code_hash: secrets::digest(&receipt.query_code),
        kind: kind.code(),
        person_name: new.person_name.trim().into(),
        contact: new.contact.trim().into(),
        subject: new.subject.trim().into(),
        body: tidy(&new.body),
        page: new.page,
        received_at: tx.now_text(),
    };
    store::insert(tx.conn(), &row).await?;
    let act = if kind == CaseKind::Hotline { "call_recorded" } else { "submitted" };
    let detail = json!({"number": row.number, "kind": row.kind});
    tx.record(Act::new("interaction", act, &row.agency_id, &row.id, detail));
    Ok(receipt)
}

fn reasons_against(new: &NewCase) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    check_text(&mut reasons, &new.person_name, "person_name", "姓名", 50);
    let contact_before = reasons.len();
    check_text(&mut reasons, &new.contact, "contact", "联系方式", 100);
    if reasons.len() == contact_before && !is_contact(new.contact.trim()) {
        reasons.push(Refusal::ContactUnreadable);
    }
    check_text(&mut reasons, &new.subject, "subject", "标题", 100);
    check_text(&mut reasons, &new.body, "body", "正文", 5_000);
    reasons
}

/// 网站找错 — nobody needs to say who they are; the page stands for the title.
fn reasons_against_report(new: &mut NewCase) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    new.page = page_of(&new.page);
    if new.subject.trim().is_empty() {
        new.subject = match new.page.as_str() {
            "" => "网站找错".to_owned(),
            page => format!("网站找错：{}", page.chars().take(80).collect::<String>()),
        };
    }
    for (text, field, label, limit) in
        [(&new.person_name, "person_name", "姓名", 50), (&new.contact, "contact", "联系方式", 100)]
    {
        if !text.trim().is_empty() {
            check_text(&mut reasons, text, field, label, limit);
        }
    }
    if reasons.is_empty() && !new.contact.trim().is_empty() && !is_contact(new.contact.trim()) {
        reasons.push(Refusal::ContactUnreadable);
    }
    check_text(&mut reasons, &new.subject, "subject", "标题", 100);
    check_text(&mut reasons, &new.body, "body", "哪里有错", 2_000);
    reasons
}

/// The address on this site that was typed or pasted: its path, without the name of the site.
fn page_of(typed: &str) -> String {
    let typed = typed.trim();
    let path = match typed.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => typed,
    };
    path.chars().filter(|c| !c.is_control()).take(300).collect()
}

fn check_text(
    reasons: &mut Vec<Refusal>,
    text: &str,
    field: &'static str,
    label: &'static str,
    limit: usize,
) {
    if text.trim().is_empty() {
        reasons.push(Refusal::Blank { field, label });
    } else if text.trim().chars().count() > limit {
        reasons.push(Refusal::TooLong { field, label, limit });
    }
}

/// A telephone number with at least seven digits, or an address with one @ inside.
fn is_contact(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_phone = digits >= 7 && text.chars().all(|c| c.is_ascii_digit() || " -+()（）".contains(c));
    let is_mail = text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !text.contains(char::is_whitespace)
    });
    is_phone || is_mail
}

fn tidy(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}
