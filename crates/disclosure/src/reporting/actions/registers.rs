//! Keeping the registers behind table two.

use jiff::civil::Date;
use serde_json::json;

use super::super::{
    Activity, ActivityForm, DocumentKind, EndKind, EnforcementDecision, EnforcementKind, FeeCollection,
    NormativeDocument, ReportingRefusal as Refusal, store,
};
use crate::accounts::{self, AgencyKind, Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};
use crate::records::Register;

/// A document as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewDocument {
    pub agency_id: String,
    pub kind: String,
    pub title: String,
    pub document_number: String,
    pub issued_on: String,
    /// The entry that published it, when there is one.
    pub entry_id: Option<String>,
}

/// A decision as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewDecision {
    pub agency_id: String,
    pub kind: String,
    pub reference: String,
    pub subject: String,
    pub decided_on: String,
}

/// A collection as it was typed; the amount in 元.
#[derive(Clone, Debug, Default)]
pub struct NewFee {
    pub agency_id: String,
    pub item: String,
    pub amount: String,
    pub collected_on: String,
}

/// Adds a document to the register; returns its id.
pub async fn add_document(tx: &mut Tx, staff: &Staff, new: NewDocument) -> Result<String, Refusal> {
    allowed(staff, &new.agency_id)?;
    let mut reasons = Vec::new();
    let kind = DocumentKind::from_code(&new.kind);
    if kind.is_none() {
        reasons.push(Refusal::NotInList { field: "kind", label: "类别" });
    }
    let agency = accounts::agency(tx.conn(), &new.agency_id).await?;
    let agency_kind = agency.and_then(|agency| AgencyKind::from_code(&agency.kind));
    if let (Some(kind), Some(agency)) = (kind, agency_kind)
        && !kind.is_within_power_of(agency)
    {
        reasons.push(Refusal::RulesBeyondPower);
    }
    blank(&mut reasons, &new.title, "title", "文件名称");
    blank(&mut reasons, &new.document_number, "document_number", "文号");
    let issued_on = past_day(&mut reasons, tx.today(), &new.issued_on, "issued_on", "制发日期");
    let (Some(kind), Some(issued_on), true) = (kind, issued_on, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };

    let document = NormativeDocument {
        id: tx.new_id(),
        agency_id: new.agency_id,
        kind: kind.code().into(),
        title: new.title.trim().into(),
        document_number: new.document_number.trim().into(),
        issued_on: issued_on.to_string(),
        ended_on: None,
        end_kind: None,
        entry_id: new.entry_id,
    };
    store::insert_document(tx.conn(), &document).await?;
    tx.record(Act::new(
        "reporting",
        "document_added",
        &document.agency_id,
        &document.id,
        json!({"kind": document.kind, "title": document.title, "document_number": document.document_number,
               "issued_on": document.issued_on}),
    ));
    Ok(document.id)
}

/// Marks a document as repealed or lapsed.
pub async fn end_document(
    tx: &mut Tx,
    staff: &Staff,
    id: &str,
    end_kind: &str,
    ended_on: &str,
) -> Result<(), Refusal> {
    let Some(document) = store::document(tx.conn(), id).await? else {
        return refuse(Refusal::Missing(Register::Documents));
    };
    allowed(staff, &document.agency_id)?;
    let mut reasons = Vec::new();
    let end_kind = EndKind::from_code(end_kind);
    if end_kind.is_none() {
        reasons.push(Refusal::NotInList { field: "end_kind", label: "废止还是失效" });
    }
    if let Some(ended_on) = document.ended_on {
        reasons.push(Refusal::AlreadyEnded { ended_on });
    }
    let ended_on = past_day(&mut reasons, tx.today(), ended_on, "ended_on", "废止或者失效日期");
    if ended_on.is_some_and(|on| on.to_string() < document.issued_on) {
        reasons.push(Refusal::EndedBeforeIssued { issued_on: document.issued_on });
    }
    let (Some(end_kind), Some(ended_on), true) = (end_kind, ended_on, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };

    store::update_document_end(tx.conn(), id, end_kind.code(), &ended_on.to_string()).await?;
    tx.record(Act::new(
        "reporting",
        "document_ended",
        &document.agency_id,
        id,
        json!({"end_kind": end_kind.code(), "ended_on": ended_on.to_string()}),
    ));
    Ok(())
}

/// Adds a license, penalty or compulsion to the register; returns its id.
pub async fn add_decision(tx: &mut Tx, staff: &Staff, new: NewDecision) -> Result<String, Refusal> {
    allowed(staff, &new.agency_id)?;
    let mut reasons = Vec::new();
    let kind = EnforcementKind::from_code(&new.kind);
    if kind.is_none() {
        reasons.push(Refusal::NotInList { field: "kind", label: "类别" });
    }
    blank(&mut reasons, &new.reference, "reference", "决定文书号");
    blank(&mut reasons, &new.subject, "subject", "事项");
    let decided_on = past_day(&mut reasons, tx.today(), &new.decided_on, "decided_on", "决定日期");
    let (Some(kind), Some(decided_on), true) = (kind, decided_on, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };

    let decision = EnforcementDecision {
        id: tx.new_id(),
        agency_id: new.agency_id,
        kind: kind.code().into(),
        reference: new.reference.trim().into(),
        subject: new.subject.trim().into(),
        decided_on: decided_on.to_string(),
    };
    store::insert_decision(tx.conn(), &decision).await?;
    tx.record(Act::new(
        "reporting",
        "decision_added",
        &decision.agency_id,
        &decision.id,
        json!({"kind": decision.kind, "reference": decision.reference, "decided_on": decision.decided_on}),
    ));
    Ok(decision.id)
}

/// Adds a fee collected to the register; returns its id.
pub async fn add_fee(tx: &mut Tx, staff: &Staff, new: NewFee) -> Result<String, Refusal> {
    allowed(staff, &new.agency_id)?;
    let mut reasons = Vec::new();
    blank(&mut reasons, &new.item, "item", "收费项目");
    let amount_fen = fen(&new.amount).filter(|fen| *fen > 0);
    if amount_fen.is_none() {
        reasons.push(Refusal::AmountUnreadable);
    }
    let collected_on = past_day(&mut reasons, tx.today(), &new.collected_on, "collected_on", "收取日期");
    let (Some(amount_fen), Some(collected_on), true) = (amount_fen, collected_on, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };

    let fee = FeeCollection {
        id: tx.new_id(),
        agency_id: new.agency_id,
        item: new.item.trim().into(),
        amount_fen,
        collected_on: collected_on.to_string(),
    };
    store::insert_fee(tx.conn(), &fee).await?;
    tx.record(Act::new(
        "reporting",
        "fee_added",
        &fee.agency_id,
        &fee.id,
        json!({"item": fee.item, "amount_fen": fee.amount_fen, "collected_on": fee.collected_on}),
    ));
    Ok(fee.id)
}

/// 工作记录 as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewActivity {
    pub agency_id: String,
    /// Code of [`ActivityForm`].
    pub form: String,
    pub title: String,
    pub note: String,
    pub done_on: String,
}

/// Adds to the register what the office did beside entries, requests and letters; returns its id.
pub async fn add_activity(tx: &mut Tx, staff: &Staff, new: NewActivity) -> Result<String, Refusal> {
    allowed(staff, &new.agency_id)?;
    let mut reasons = Vec::new();
    if ActivityForm::from_code(&new.form).is_none() {
        reasons.push(Refusal::NotInList { field: "form", label: "种类" });
    }
    blank(&mut reasons, &new.title, "title", "事项");
    let done_on = past_day(&mut reasons, tx.today(), &new.done_on, "done_on", "日期");
    let (Some(done_on), true) = (done_on, reasons.is_empty()) else { return Err(Failure::Refused(reasons)) };
    let activity = Activity {
        id: tx.new_id(),
        agency_id: new.agency_id,
        form: new.form,
        title: new.title.trim().into(),
        note: new.note.trim().into(),
        done_on: done_on.to_string(),
    };
    store::insert_activity(tx.conn(), &activity).await?;
    tx.record(Act::new(
        "reporting",
        "activity_added",
        &activity.agency_id,
        &activity.id,
        json!({"form": activity.form, "title": activity.title, "done_on": activity.done_on}),
    ));
    Ok(activity.id)
}

fn allowed(staff: &Staff, agency_id: &str) -> Result<(), Refusal> {
    if staff.may(Permission::KeepRegisters, agency_id) { Ok(()) } else { refuse(Refusal::Forbidden) }
}

fn blank(reasons: &mut Vec<Refusal>, text: &str, field: &'static str, label: &'static str) {
    if text.trim().is_empty() {
        reasons.push(Refusal::Blank { field, label });
    }
}

/// A day that has come; what is wrong with it goes to the reasons.
fn past_day(
    reasons: &mut Vec<Refusal>,
    today: Date,
    text: &str,
    field: &'static str,
    label: &'static str,
) -> Option<Date> {
    let text = text.trim();
    if text.is_empty() {
        reasons.push(Refusal::Blank { field, label });
        return None;
    }
    // `2026-03-01` only: the calendar also reads forms that would not sort as text.
    match text.parse::<Date>().ok().filter(|day| day.to_string() == text) {
        None => reasons.push(Refusal::NotADate { field, label }),
        Some(day) if day > today => reasons.push(Refusal::InFuture { field, label, today }),
        Some(day) => return Some(day),
    }
    None
}

/// 元 with at most two decimals, as 分.
fn fen(text: &str) -> Option<i64> {
    let text: String = text.trim().chars().filter(|c| *c != ',' && *c != '，').collect();
    let (yuan, cents) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(yuan) || (!cents.is_empty() && !digits(cents)) || cents.len() > 2 {
        return None;
    }
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn amounts_are_read_exactly() {
        for (text, expected) in [
            ("1250", Some(125_000)),
            ("1250.5", Some(125_050)),
            ("1,250.05", Some(125_005)),
            ("0.01", Some(1)),
            ("", None),
            ("-3", None),
            ("12.345", None),
            (".5", None),
            ("1e3", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(fen(text), expected, "{text:?}");
        }
    }
}
