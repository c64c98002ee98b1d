//! The answer: decided by the closed list, written into a letter, signed, sent, filed.

use gongkai_statute::decisions::{Decision, Part};
use gongkai_statute::outcome_tree::Walked;
use gongkai_statute::severance;
use jiff::civil::Date;
use serde_json::json;

use super::super::machine::Event;
use super::super::refusal::of_review;
use super::super::{Answer, DeliveryWay, Dossier, Portion, RequestRefusal as R};
use super::super::{enclosures, evidence};
use super::{Told, in_order, opened, outside_day, required, settle};
use crate::accounts::{Permission, Staff};
use crate::db::Tx;
use crate::error::{Result, refuse};
use crate::letters::{self, ArchiveContents, Letter};
use crate::remedies;
use crate::retention;
use crate::review::{self, Subject};

/// Whether an officer chooses this decision. 逾期不补正, 逾期未缴费 and 撤回 come about by their own acts.
pub fn is_chosen(decision: Decision) -> bool {
    !matches!(decision, Decision::NotSupplementedInTime | Decision::FeeNotPaidInTime | Decision::Withdrawn)
}

/// 拟定答复送审 — decides, writes the letter from the decision, and opens its review.
///
/// # Errors
/// Everything the letter would lack, at once.
pub async fn decide(tx: &mut Tx, staff: &Staff, number: &str, answer: &Answer) -> Result<Dossier, R> {
    let mut dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let answer = checked(&dossier, answer, today, &mut faults);
    let to = in_order(&dossier, Event::Decide, today, faults)?;
    let decisions: Vec<&str> = answer.decisions().into_iter().map(Decision::code).collect();
    let paths: Vec<&[String]> = answer.portions.iter().map(|portion| portion.path.as_slice()).collect();
    let detail = json!({
        "decision": answer.decision.code(), "parts": decisions, "path": answer.path, "paths_of_parts": paths,
    });
    dossier.request.answer = Some(answer);
    let mut dossier = settle(tx, dossier, to, Event::Decide, today, detail).await?;
    let letter = letters::actions::draft_reply(tx, staff, &dossier).await?;
    let subject = Subject::Letter(letter.id);
    let opened = review::actions::open(tx, &dossier.request.agency_id, &subject, &letter.content_hash).await;
    opened.map_err(of_review)?;
    dossier.letters = letters::of_request(tx.conn(), &dossier.request.id).await?;
    Ok(dossier)
}

/// The most parts one request is answered in.
pub const MOST_PORTIONS: usize = 6;

/// The answer with its texts trimmed and in the order of the form.
fn checked(dossier: &Dossier, answer: &Answer, today: Date, faults: &mut Vec<R>) -> Answer {
    let answer = match answer.portions.is_empty() {
        true => checked_whole(dossier, answer, today, faults),
        false => checked_portions(dossier, answer, today, faults),
    };
    if let Some(renewal) = dossier.renewal.as_ref().filter(|renewal| renewal.is_the_same(&answer)) {
        faults.push(R::Law(format!(
            "{}责令重新答复，不能以同一事实和理由作出与原答复相同的答复（{}），请重新审查后写明新的事实和理由。",
            renewal.by.label(),
            renewal.by.no_same_reply()
        )));
    }
    if !dossier.enclosures.is_empty() && !enclosures::gives_information(answer.decision) {
        faults.push(R::field(
            "decision",
            "这种处理决定不提供信息，请先移除“随答复提供的文件”，或者改选处理决定。",
        ));
    }
    answer
}

fn checked_whole(dossier: &Dossier, answer: &Answer, today: Date, faults: &mut Vec<R>) -> Answer {
    let decision = answer.decision;
    may_be_decided(dossier, decision, today, faults);
    let ground = answer.ground.filter(|_| decision == Decision::PartlyWithheld);
    if decision == Decision::PartlyWithheld && ground.is_none() {
        faults.push(R::field("ground", "请选择其余内容不予公开的理由。"));
    }
    let (reason, parts) = checked_texts(decision, &answer.reason, &answer.parts, faults);
    let path = checked_path(&answer.path, answer.walked(), "decision", faults);
    Answer { decision, ground, reason, parts, portions: Vec::new(), path }
}

/// 分项答复: every part is complete, and the whole is what the parts make it. What was typed as the decision of the whole
/// names the main part where one has to be named, and nothing else.
fn checked_portions(dossier: &Dossier, answer: &Answer, today: Date, faults: &mut Vec<R>) -> Answer {
    let mut portions = Vec::new();
    for (at, portion) in answer.portions.iter().enumerate() {
        let mut own = Vec::new();
        let asked = required(&mut own, "asked", &portion.asked, 500, "这一部分申请公开的内容");
        if !severance::can_answer_a_part(portion.decision) {
            let words =
                "这种处理决定是对整件申请的，不能只用于其中一部分；一部分公开、一部分不公开的，请再分开写。";
            own.push(R::field("asked", words));
        }
        may_be_decided(dossier, portion.decision, today, &mut own);
        let (reason, parts) = checked_texts(portion.decision, &portion.reason, &portion.parts, &mut own);
        let path = checked_path(&portion.path, portion.walked(), "asked", &mut own);
        portions.push(Portion { asked, decision: portion.decision, reason, parts, path });
        faults.extend(own.into_iter().map(|fault| match fault {
            R::Field { field: "decision", words } => R::Portion { at, field: "asked", words },
            R::Field { field, words } => R::Portion { at, field, words },
            other => other,
        }));
    }
    if !(2..=MOST_PORTIONS).contains(&portions.len()) {
        faults.push(R::field("decision", format!("分项答复的，请分为2至{MOST_PORTIONS}个部分。")));
    }
    let decisions: Vec<Decision> = portions.iter().map(|portion| portion.decision).collect();
    let main = decisions.iter().position(|decision| *decision == answer.decision);
    if severance::needs_main_part(&decisions) && main.is_none() {
        let words = "各部分都不提供信息而理由不同的，请选择主要的一项，年度报告按这一项计入一行。";
        faults.push(R::field("main", words));
    }
    let decision = severance::whole(&decisions, main.unwrap_or_default()).unwrap_or(answer.decision);
    let mut reason = Vec::new();
    let note = match answer.reason.trim() {
        "" => String::new(),
        text => required(&mut reason, "reason", text, 2000, "补充说明"),
    };
    faults.extend(reason);
    Answer { decision, ground: None, reason: note, parts: Vec::new(), portions, path: Vec::new() }
}

/// 判断过程 leads to the decision it is recorded with, or there is none.
fn checked_path(
    typed: &[String],
    walked: Option<Walked>,
    field: &'static str,
    faults: &mut Vec<R>,
) -> Vec<String> {
    if !typed.is_empty() && walked.is_none() {
        faults.push(R::field(field, "所答的问题不通向这项处理决定，请重新逐题判断，或者直接选择。"));
    }
    walked.map_or_else(Vec::new, |walked| walked.codes().into_iter().map(str::to_owned).collect())
}

/// Whether the dossier lets this be decided.
fn may_be_decided(dossier: &Dossier, decision: Decision, today: Date, faults: &mut Vec<R>) {
    if !is_chosen(decision) {
        faults.push(R::field("decision", "这种情形由终止办理的环节登记，请选择其他处理决定。"));
    }
    let is_supplemented = dossier.supplement.as_ref().is_some_and(|s| s.supplemented_on.is_some());
    if decision == Decision::StillUnclear && !is_supplemented {
        faults.push(R::field(
            "decision",
            "没有告知补正并收到补正，不能以“补正后仍不明确”答复（《条例》第三十条），请先告知补正。",
        ));
    }
    if decision == Decision::Excessive {
        match &dossier.reasons {
            None => faults.push(R::NoReasonsProcedure),
            Some(reasons) if reasons.stated_on.is_none() && today <= reasons.due_on => {
                faults.push(R::ReasonsAwaited { due_on: reasons.due_on });
            }
            Some(_) => {}
        }
    }
}

/// Reason and required parts of one decision, trimmed.
fn checked_texts(
    decision: Decision,
    reason: &str,
    typed: &[(Part, String)],
    faults: &mut Vec<R>,
) -> (String, Vec<(Part, String)>) {
    let needed = decision.required_parts();
    let reason = if needed.contains(&Part::Reasons) {
        required(faults, "reason", reason, 2000, "理由")
    } else {
        reason.trim().to_owned()
    };
    let of = |part: Part| typed.iter().find(|(of, _)| *of == part).map_or("", |(_, text)| text.as_str());
    let parts = needed
        .iter()
        .filter(|part| **part != Part::Reasons)
        .map(|part| (*part, required(faults, part.code(), of(*part), 2000, part.label())))
        .collect();
    (reason, parts)
}

/// 发出答复 — the signed letter leaves, and the request is answered that day.
pub async fn issue_reply(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    delivery: Option<DeliveryWay>,
) -> Result<Dossier, R> {
    let mut dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    if delivery.is_none() {
        faults.push(R::field("delivery", "请选择送达方式。"));
    }
    let to = in_order(&dossier, Event::IssueReply, today, faults)?;
    let (Some(delivery), Some(reply)) = (delivery, dossier.reply()) else {
        return refuse(R::LetterNotSigned);
    };
    // The whole is disclosed: whoever objected knows before it is out.
    if dossier.request.answer.as_ref().is_some_and(|answer| answer.decision == Decision::Provided)
        && let Some(asked) = dossier.consultations.iter().find(|c| c.is_objection_unanswered())
    {
        return refuse(R::ObjectionUnanswered { party: asked.party.clone() });
    }
    if !letters::says_what_the_dossier_says(tx, reply, &dossier, today).await? {
        return refuse(R::LetterOutdated);
    }
    let letter_number = reply.number.clone();
    letters::actions::issue(tx, &dossier, reply, delivery).await?;
    dossier.request.closed_on = Some(today);
    if let Some(renewal) = &dossier.renewal {
        let how = format!("重新答复，文号{letter_number}，申请编号{number}。");
        remedies::actions::fulfil(tx, &renewal.case_id, &how).await?;
    }
    let detail = json!({"letter": letter_number, "delivery": delivery.code()});
    settle(tx, dossier, to, Event::IssueReply, today, detail).await
}

/// 登记送达 — when the reply reached the applicant, and what shows it. A paper copy of the proof is added to the papers.
pub async fn record_delivery(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    delivered_on: Option<Date>,
    proof: &str,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let issued_on = dossier.reply().and_then(Letter::issued_on).unwrap_or(today);
    let earliest = (issued_on, "答复书发出之日");
    let day = outside_day(&mut faults, "delivered_on", delivered_on, earliest, today);
    let proof = required(&mut faults, "proof", proof, 300, "送达的凭据");
    let to = in_order(&dossier, Event::RecordDelivery, today, faults)?;
    settle(tx, dossier, to, Event::RecordDelivery, day, Told::words(json!({"proof": proof}))).await
}

/// 归档. 《条例》第四十五条.
pub async fn archive(tx: &mut Tx, staff: &Staff, number: &str) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let to = in_order(&dossier, Event::Archive, today, Vec::new())?;
    let contents = contents(tx, &dossier).await?;
    letters::actions::cover(tx, &dossier, &contents).await?;
    settle(tx, dossier, to, Event::Archive, today, json!({"pieces": contents.pieces.len()})).await
}

/// 卷内目录 — in the order in which the package for the archive holds them; what the applicant handed in by kind only.
async fn contents(tx: &mut Tx, dossier: &Dossier) -> Result<ArchiveContents, R> {
    let mut pieces = vec!["申请书".to_owned(), "办理记录".to_owned()];
    pieces.extend(dossier.letters.iter().map(|one| format!("{}（{}）", one.kind.label(), one.number)));
    let files = evidence::within_reach(tx.conn(), &dossier.request.id).await?;
    pieces.extend(files.iter().map(|file| file.kind.label().to_owned()));
    let years = retention::term(tx.conn(), &dossier.request.agency_id).await?.years;
    Ok(ArchiveContents { pieces, years })
}
