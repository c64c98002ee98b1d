//! 征求意见 — asking those whom the information concerns, and telling them what was decided. 《条例》第三十二条、第三十四条.

use gongkai_statute::deadlines::{ConsultedParty, dues};
use jiff::civil::Date;
use serde_json::json;

use super::super::machine::Event;
use super::super::{Consultation, Dossier, Opinion, Override, RequestRefusal as R, store};
use super::{Told, in_order, lawful, opened, outside_day, required, settle};
use crate::accounts::{Agency, Permission, Staff, agencies};
use crate::db::Tx;
use crate::error::{Result, refuse};
use crate::letters::{self, LetterKind};
use crate::mail;

/// 征求意见 — the clock stops until the answer or the end of the party's time. 《条例》第三十二条、第三十四条.
///
/// How to reach an agency stands in the register; one that has a mailbox there is told that a letter comes.
pub async fn consult(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    with: Option<ConsultedParty>,
    party: &str,
    subject: &str,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    if with.is_none() {
        faults.push(R::field("with", "请选择征求谁的意见。"));
    }
    let party = required(&mut faults, "party", party, 100, "被征求意见方的姓名或者名称");
    let subject = required(&mut faults, "subject", subject, 500, "征求意见的内容");
    let to = in_order(&dossier, Event::Consult, today, faults)?;
    let with = with.unwrap_or(ConsultedParty::ThirdParty);
    let known = match with {
        ConsultedParty::Agency => agencies(tx.conn()).await?.into_iter().find(|one| one.name == party),
        ConsultedParty::ThirdParty => None,
    };
    let consultation = Consultation {
        id: tx.new_id(),
        with,
        party,
        contact: known.as_ref().map(contact).unwrap_or_default(),
        subject,
        sent_on: today,
        due_on: dues::consultation_due(with, today, dossier.calendar()).on,
        answered_on: None,
        opinion: None,
        answer: None,
        overridden: None,
    };
    let after = lawful(&dossier, |d| d.consultations.push(consultation.clone()))?;
    store::put_consultation(tx.conn(), &after.request.id, &consultation).await?;
    let detail = json!({"with": with.code(), "due_on": consultation.due_on.to_string()});
    let after = settle(tx, after, to, Event::Consult, today, detail).await?;
    let kind = match with {
        ConsultedParty::ThirdParty => LetterKind::Consultation,
        ConsultedParty::Agency => LetterKind::AgencyConsultation,
    };
    letters::actions::send(tx, &after, kind, Some(&consultation)).await?;
    if let Some(agency) = known.filter(|agency| !agency.email.is_empty()) {
        let body = format!(
            "{}：\n\n{}就一件政府信息公开申请（{}）征求贵单位的意见，请在 {} 前提出；逾期未提出的，视为同意公开（《条例》第三十四条）。征求意见书另行送达。\n\n联系电话：{}\n{today}",
            agency.name, after.agency.name, after.request.number, consultation.due_on, after.agency.phone
        );
        mail::actions::post(tx, &agency.email, "政府信息公开征求意见", &body).await?;
    }
    // The clock stops for the applicant too.
    letters::actions::send(tx, &after, LetterKind::ConsultationNotice, Some(&consultation)).await?;
    Ok(after)
}

/// 联系方式, as the register has it.
fn contact(agency: &Agency) -> String {
    [("联系电话", &agency.phone), ("电子邮箱", &agency.email), ("地址", &agency.address)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(what, value)| format!("{what}：{value}"))
        .collect::<Vec<_>>()
        .join("；")
}

/// What came back from a consulted party.
#[derive(Clone, Debug, Default)]
pub struct OpinionForm {
    pub consultation_id: String,
    pub opinion: Option<Opinion>,
    pub answered_on: Option<Date>,
    pub answer: String,
    /// 损害判断: what the office makes of it. 《条例》第十五条、第三十二条.
    pub judgement: String,
}

/// 登记意见答复. 期限内未答复 can be recorded only when the time is over.
pub async fn record_opinion(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    form: &OpinionForm,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let Some(asked) = dossier.consultations.iter().find(|c| c.id == form.consultation_id) else {
        return refuse(R::NoSuchConsultation);
    };
    let mut faults = Vec::new();
    if asked.opinion.is_some() {
        faults.push(R::ConsultationAnswered);
    }
    let mut day = None;
    match form.opinion {
        None => faults.push(R::field("opinion", "请选择答复的意见。")),
        Some(Opinion::NoAnswer) if today <= asked.due_on => {
            faults.push(R::ConsultationRunning { due_on: asked.due_on });
        }
        Some(Opinion::NoAnswer) => {}
        Some(Opinion::Agrees | Opinion::Objects) => {
            let earliest = (asked.sent_on, "征求意见书发出之日");
            day = Some(outside_day(&mut faults, "answered_on", form.answered_on, earliest, today));
        }
    }
    let answer = match form.opinion {
        Some(Opinion::Objects) => required(&mut faults, "answer", &form.answer, 1000, "不同意公开的理由"),
        _ => form.answer.trim().to_owned(),
    };
    // Silence and objection leave the decision with the office: it says why disclosure would harm the party or not.
    let leaves_it_open = matches!(form.opinion, Some(Opinion::Objects | Opinion::NoAnswer));
    let judgement = match asked.with == ConsultedParty::ThirdParty && leaves_it_open {
        true => required(&mut faults, "judgement", &form.judgement, 1000, "本机关的判断"),
        false => form.judgement.trim().to_owned(),
    };
    let to = in_order(&dossier, Event::RecordOpinion, today, faults)?;
    let after = lawful(&dossier, |d| {
        if let Some(c) = d.consultations.iter_mut().find(|c| c.id == form.consultation_id) {
            c.opinion = form.opinion;
            c.answered_on = day;
            c.answer = Some(answer).filter(|text| !text.is_empty());
        }
    })?;
    if let Some(consultation) = after.consultations.iter().find(|c| c.id == form.consultation_id) {
        store::put_consultation(tx.conn(), &after.request.id, consultation).await?;
    }
    let facts = json!({"opinion": form.opinion.map(Opinion::code)});
    let told = Told { facts, words: json!({"judgement": judgement}) };
    settle(tx, after, to, Event::RecordOpinion, day.unwrap_or(today), told).await
}

/// 告知第三方决定公开 — the party objects, but keeping the information back would weigh on the public interest: it is told in
/// writing what is disclosed and why, before the reply leaves. 《条例》第三十二条.
pub async fn notice_override(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    consultation_id: &str,
    content: &str,
    reason: &str,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let Some(asked) = dossier.consultations.iter().find(|c| c.id == consultation_id) else {
        return refuse(R::NoSuchConsultation);
    };
    let mut faults = Vec::new();
    if !asked.is_objection_unanswered() {
        faults.push(R::NoObjection);
    }
    let content = required(&mut faults, "content", content, 1000, "决定公开的信息内容");
    let reason = required(&mut faults, "reason", reason, 1000, "决定公开的理由");
    let to = in_order(&dossier, Event::NoticeOverride, today, faults)?;
    let asked =
        Consultation { overridden: Some(Override { noticed_on: today, content, reason }), ..asked.clone() };
    let after = lawful(&dossier, |d| {
        if let Some(c) = d.consultations.iter_mut().find(|c| c.id == consultation_id) {
            *c = asked.clone();
        }
    })?;
    store::put_consultation(tx.conn(), &after.request.id, &asked).await?;
    let told = Told::words(json!({"party": asked.party}));
    let after = settle(tx, after, to, Event::NoticeOverride, today, told).await?;
    letters::actions::send(tx, &after, LetterKind::OverrideNotice, Some(&asked)).await?;
    Ok(after)
}
