//! Keeping budgets, proposals and interpretations.

use jiff::civil::Date;
use serde_json::json;

use super::store::{LinkedEntry, NewBudgetRow, NewProposalRow};
use super::{
    BudgetKind, InterpretationForm, ProposalKind, ProposalResult, RegisterRefusal as R, budget_due_on, store,
};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse};

/// 预算、决算 as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewBudget {
    pub agency_id: String,
    /// Code of [`BudgetKind`].
    pub kind: String,
    pub year: String,
    pub title: String,
    /// 批准（批复）日期.
    pub approved_on: String,
    /// 索引号 of what published it; empty: not yet.
    pub index_number: String,
}

/// Adds a budget or final account; its last day is computed. Returns its id.
pub async fn add_budget(tx: &mut Tx, staff: &Staff, new: NewBudget) -> Result<String, R> {
    allowed(staff, &new.agency_id)?;
    let mut reasons = Vec::new();
    let kind = BudgetKind::from_code(&new.kind);
    if kind.is_none() {
        let list = words(BudgetKind::ALL.iter().map(|kind| kind.label()));
        reasons.push(R::NotInList { field: "kind", label: "类别", list });
    }
    let year = year(&mut reasons, &new.year);
    let title = text(&mut reasons, &new.title, "title", "名称", 100);
    let today = tx.today();
    let approved_on =
        day(&mut reasons, Some(today), &new.approved_on, "approved_on", "批准（批复）日期", true);
    let entry =
        linked_entry(tx, &mut reasons, &new.agency_id, &new.index_number, "index_number", false).await?;
    let (Some(kind), Some(year), Some(approved_on), true) = (kind, year, approved_on, reasons.is_empty())
    else {
        return Err(Failure::Refused(reasons));
    };
    let id = tx.new_id();
    let due_on = budget_due_on(approved_on)?.to_string();
    let row = NewBudgetRow {
        agency_id: &new.agency_id,
        kind: kind.code(),
        year,
        title: &title,
        approved_on: &approved_on.to_string(),
        due_on: &due_on,
        entry_id: entry.as_ref().map(|entry| entry.id.as_str()),
    };
    if store::has_budget(tx.conn(), &row).await? {
        return refuse(R::AlreadyThere { field: "title", what: format!("{year} 年的“{title}”") });
    }
    store::insert_budget(tx.conn(), &id, &row).await?;
    tx.record(Act::new(
        "registers",
        "budget_added",
        &new.agency_id,
        &id,
        json!({"kind": kind.code(), "year": year, "title": title, "approved_on": approved_on.to_string(),
               "due_on": due_on}),
    ));
    Ok(id)
}

/// Links what published a budget or the reply to a proposal.
pub async fn link_published(tx: &mut Tx, staff: &Staff, id: &str, index_number: &str) -> Result<(), R> {
    let owner = match store::budget_agency(tx.conn(), id).await? {
        Some(agency_id) => Some((agency_id, true)),
        None => store::proposal_agency(tx.conn(), id).await?.map(|agency_id| (agency_id, false)),
    };
    let Some((agency_id, is_budget)) = owner else { return refuse(R::Missing) };
    allowed(staff, &agency_id)?;
    let mut reasons = Vec::new();
    let entry = linked_entry(tx, &mut reasons, &agency_id, index_number, "index_number", true).await?;
    let (Some(entry), true) = (entry, reasons.is_empty()) else { return Err(Failure::Refused(reasons)) };
    if is_budget {
        store::link_budget(tx.conn(), id, &entry.id).await?;
        tx.record(Act::new("registers", "budget_linked", &agency_id, id, json!({"entry": entry.id})));
    } else {
        store::link_proposal(tx.conn(), id, &entry.id).await?;
        tx.record(Act::new("registers", "proposal_linked", &agency_id, id, json!({"entry": entry.id})));
    }
    Ok(())
}

/// 建议、提案 as it was typed.
#[derive(Clone, Debug, Default)]
pub struct NewProposal {
    pub agency_id: String,
    /// Code of [`ProposalKind`].
    pub kind: String,
    pub year: String,
    pub number: String,
    pub title: String,
    pub replied_on: String,
    /// Code of [`ProposalResult`].
    pub result: String,
    pub withheld_reason: String,
    pub index_number: String,
}

/// Adds a suggestion or proposal with its answer, as far as there is one. Returns its id.
pub async fn add_proposal(tx: &mut Tx, staff: &Staff, new: NewProposal) -> Result<String, R> {
    allowed(staff, &new.agency_id)?;
    let mut reasons = Vec::new();
    let kind = ProposalKind::from_code(&new.kind);
    if kind.is_none() {
        let list = words(ProposalKind::ALL.iter().map(|kind| kind.label()));
        reasons.push(R::NotInList { field: "kind", label: "类别", list });
    }
    let year = year(&mut reasons, &new.year);
    let number = text(&mut reasons, &new.number, "number", "编号", 40);
    let title = text(&mut reasons, &new.title, "title", "标题", 200);
    let today = tx.today();
    let replied_on = day(&mut reasons, Some(today), &new.replied_on, "replied_on", "答复日期", false);
    let result = ProposalResult::from_code(&new.result);
    if result.is_none() && !new.result.is_empty() {
        let list = words(ProposalResult::ALL.iter().map(|result| result.label()));
        reasons.push(R::NotInList { field: "result", label: "办理结果", list });
    }
    if replied_on.is_some() && result.is_none() && new.result.is_empty() {
        reasons.push(R::Blank { field: "result", label: "办理结果（已经答复的要写）" });
    }
    if new.withheld_reason.chars().count() > 300 {
        reasons.push(R::TooLong { field: "withheld_reason", label: "不公开的理由", most: 300 });
    }
    let entry =
        linked_entry(tx, &mut reasons, &new.agency_id, &new.index_number, "index_number", false).await?;
    let (Some(kind), Some(year), true) = (kind, year, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };
    let id = tx.new_id();
    let replied_on = replied_on.map(|on| on.to_string());
    let row = NewProposalRow {
        agency_id: &new.agency_id,
        kind: kind.code(),
        year,
        number: &number,
        title: &title,
        replied_on: replied_on.as_deref(),
        result: result.map(ProposalResult::code),
        withheld_reason: new.withheld_reason.trim(),
        entry_id: entry.as_ref().map(|entry| entry.id.as_str()),
    };
    if store::has_proposal(tx.conn(), &row).await? {
        return refuse(R::AlreadyThere {
            field: "number", what: format!("{year} 年编号 {number} 的记录")
        });
    }
    store::insert_proposal(tx.conn(), &id, &row).await?;
    tx.record(Act::new(
        "registers",
        "proposal_added",
        &new.agency_id,
        &id,
        json!({"kind": kind.code(), "year": year, "number": number, "replied_on": replied_on}),
    ));
    Ok(id)
}

/// 政策解读 — pairs a document with what explains it, both public, by their index numbers. Returns the pair.
pub async fn pair(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    document_number: &str,
    index_number: &str,
    form: &str,
) -> Result<String, R> {
    allowed(staff, agency_id)?;
    let mut reasons = Vec::new();
    let document = linked_entry(tx, &mut reasons, agency_id, document_number, "document_index", true).await?;
    // Another agency may explain our document: the one above it, a bureau for its government.
    let entry = any_entry(tx, &mut reasons, index_number, "index_number", true).await?;
    let form = InterpretationForm::from_code(form);
    if form.is_none() {
        let list = words(InterpretationForm::ALL.iter().map(|form| form.label()));
        reasons.push(R::NotInList { field: "form", label: "解读形式", list });
    }
    if document.is_some() && document.as_ref().map(|d| &d.id) == entry.as_ref().map(|e| &e.id) {
        reasons.push(R::ToItself);
    }
    let (Some(document), Some(entry), Some(form), true) = (document, entry, form, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };
    let id = tx.new_id();
    let now = tx.now_text();
    let row = (document.id.as_str(), entry.id.as_str(), form.code());
    if store::has_pair(tx.conn(), &document.id, &entry.id).await? {
        return refuse(R::AlreadyThere { field: "index_number", what: "这一对文件和解读".into() });
    }
    store::insert_pair(tx.conn(), &id, agency_id, row, &staff.user_id, &now).await?;
    // Both pages show the link: both are read anew.
    for subject in [&document.id, &entry.id] {
        tx.record(Act::new(
            "publishing",
            "paired",
            agency_id,
            subject,
            json!({"document": document.id, "interpretation": entry.id, "form": form.code()}),
        ));
    }
    Ok(id)
}

/// Takes a pair apart.
pub async fn unpair(tx: &mut Tx, staff: &Staff, id: &str) -> Result<(), R> {
    let Some((agency_id, document_id, entry_id)) = store::pair_of(tx.conn(), id).await? else {
        return refuse(R::Missing);
    };
    allowed(staff, &agency_id)?;
    store::delete_pair(tx.conn(), id).await?;
    for subject in [&document_id, &entry_id] {
        tx.record(Act::new(
            "publishing",
            "unpaired",
            &agency_id,
            subject,
            json!({"document": document_id, "interpretation": entry_id}),
        ));
    }
    Ok(())
}

pub(super) fn allowed(staff: &Staff, agency_id: &str) -> Result<(), R> {
    if staff.may(Permission::KeepRegisters, agency_id) { Ok(()) } else { refuse(R::Forbidden) }
}

fn words<'a>(labels: impl Iterator<Item = &'a str>) -> String {
    labels.map(|label| format!("“{label}”")).collect::<Vec<_>>().join("、")
}

fn text(reasons: &mut Vec<R>, typed: &str, field: &'static str, label: &'static str, most: usize) -> String {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        reasons.push(R::Blank { field, label });
    } else if text.chars().count() > most {
        reasons.push(R::TooLong { field, label, most });
    }
    text
}

fn year(reasons: &mut Vec<R>, typed: &str) -> Option<i64> {
    let year = typed.trim().trim_end_matches('年').parse().ok().filter(|year| (1990..2100).contains(year));
    if year.is_none() {
        reasons.push(R::YearUnreadable { field: "year" });
    }
    year
}

/// A day; not after `latest`. What is wrong with it goes to the reasons.
pub(super) fn day(
    reasons: &mut Vec<R>,
    latest: Option<Date>,
    typed: &str,
    field: &'static str,
    label: &'static str,
    is_required: bool,
) -> Option<Date> {
    let typed = typed.trim();
    if typed.is_empty() {
        if is_required {
            reasons.push(R::Blank { field, label });
        }
        return None;
    }
    match typed.parse::<Date>().ok().filter(|day| day.to_string() == typed) {
        None => reasons.push(R::NotADate { field, label }),
        Some(day) => match latest.filter(|latest| day > *latest) {
            Some(today) => reasons.push(R::InFuture { field, label, today }),
            None => return Some(day),
        },
    }
    None
}

/// A public entry of the agency by its index number.
pub(super) async fn linked_entry(
    tx: &mut Tx,
    reasons: &mut Vec<R>,
    agency_id: &str,
    index_number: &str,
    field: &'static str,
    is_required: bool,
) -> anyhow::Result<Option<LinkedEntry>> {
    let entry = any_entry(tx, reasons, index_number, field, is_required).await?;
    if entry.as_ref().is_some_and(|entry| entry.agency_id != agency_id) {
        reasons.push(R::EntryOfAnother { field });
        return Ok(None);
    }
    Ok(entry)
}

async fn any_entry(
    tx: &mut Tx,
    reasons: &mut Vec<R>,
    index_number: &str,
    field: &'static str,
    is_required: bool,
) -> anyhow::Result<Option<LinkedEntry>> {
    let index_number = index_number.trim();
    if index_number.is_empty() {
        if is_required {
            reasons.push(R::Blank { field, label: "索引号" });
        }
        return Ok(None);
    }
    let entry = store::public_entry(tx.conn(), index_number).await?;
    if entry.is_none() {
        reasons.push(R::NoSuchEntry { field, index_number: index_number.to_owned() });
    }
    Ok(entry)
}
