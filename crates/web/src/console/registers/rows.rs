//! The rows of every register, and what can be done in a row.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::registers::{
    self, BudgetKind, INTERPRETATION_WORKING_DAYS, InterpretationForm, ProposalKind, ProposalResult,
    documents, interpretation_delay,
};
use gongkai_disclosure::reporting::{self, ActivityForm, EnforcementKind, Figure};
use gongkai_statute::calendar::Calendar;
use jiff::civil::Date;

use super::{PER_PAGE, Register, Row, RowAct, document};
use crate::auth::Signed;
use crate::components::{Tag, Tone};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::redirect_with;
use crate::state::App;

/// A page of a register, and how many there are in all.
pub(super) async fn rows(
    conn: &mut Conn,
    register: Register,
    agency_id: &str,
    page: i64,
    today: Date,
    may_keep: bool,
) -> Result<(Vec<Row>, i64), PageError> {
    let offset = (page - 1) * PER_PAGE;
    let linking = |id: &str| RowAct {
        action: format!("/console/registers/links/{id}"),
        label: "关联",
        field: Some(format!("link-{id}")),
    };
    Ok(match register {
        Register::Documents => {
            let (rows, total) = reporting::documents(conn, agency_id, PER_PAGE, offset).await?;
            let terms = documents::terms(conn, agency_id).await?;
            let row = |row: reporting::NormativeDocument| Row {
                state: Some(document::state(&row, terms.iter().find(|term| term.id == row.id), today)),
                href: Some(format!("/console/registers/documents/{}", row.id)),
                title: row.title,
                reference: row.document_number,
                date: row.issued_on,
                act: None,
            };
            (rows.into_iter().map(row).collect(), total)
        }
        Register::Decisions => {
            let (rows, total) = reporting::decisions(conn, agency_id, "", PER_PAGE, offset).await?;
            let row = |decision: reporting::EnforcementDecision| Row {
                title: decision.subject,
                reference: decision.reference,
                date: decision.decided_on,
                state: EnforcementKind::from_code(&decision.kind)
                    .map(|kind| Tag::new(Tone::Neutral, kind.label())),
                ..Row::default()
            };
            (rows.into_iter().map(row).collect(), total)
        }
        Register::Fees => {
            let (rows, total) = reporting::fees(conn, agency_id, PER_PAGE, offset).await?;
            let row = |fee: reporting::FeeCollection| Row {
                title: fee.item,
                reference: Figure::in_yuan(fee.amount_fen),
                date: fee.collected_on,
                ..Row::default()
            };
            (rows.into_iter().map(row).collect(), total)
        }
        Register::Activities => {
            let (rows, total) = reporting::activities(conn, agency_id, PER_PAGE, offset).await?;
            let row = |activity: reporting::Activity| Row {
                title: activity.title,
                reference: activity.note,
                date: activity.done_on,
                state: ActivityForm::from_code(&activity.form)
                    .map(|form| Tag::new(Tone::Neutral, form.figure_name())),
                ..Row::default()
            };
            (rows.into_iter().map(row).collect(), total)
        }
        Register::Budgets => {
            let (rows, total) = registers::budgets(conn, agency_id, PER_PAGE, offset).await?;
            let row = |budget: registers::Budget| Row {
                state: Some(budget_state(&budget, today)),
                act: (may_keep && budget.index_number.is_none()).then(|| linking(&budget.id)),
                href: budget.index_number.as_deref().map(crate::portal::wording::entry_address),
                reference: format!(
                    "{} 年{}",
                    budget.year,
                    BudgetKind::from_code(&budget.kind).map_or("", BudgetKind::label)
                ),
                title: budget.title,
                date: budget.approved_on,
            };
            (rows.into_iter().map(row).collect(), total)
        }
        Register::Proposals => {
            let (rows, total) = registers::proposals(conn, agency_id, PER_PAGE, offset).await?;
            let row = |proposal: registers::Proposal| {
                let is_open = proposal.replied_on.is_some()
                    && proposal.index_number.is_none()
                    && proposal.withheld_reason.is_empty();
                Row {
                    state: Some(proposal_state(&proposal, is_open)),
                    act: (may_keep && is_open).then(|| linking(&proposal.id)),
                    href: proposal.index_number.as_deref().map(crate::portal::wording::entry_address),
                    reference: format!(
                        "{} 年{} {} 号",
                        proposal.year,
                        ProposalKind::from_code(&proposal.kind).map_or("", ProposalKind::label),
                        proposal.number
                    ),
                    title: proposal.title,
                    date: proposal.replied_on.unwrap_or_else(|| "还没有答复".into()),
                }
            };
            (rows.into_iter().map(row).collect(), total)
        }
        Register::Interpretations => {
            let (rows, total) = registers::pairs(conn, agency_id, PER_PAGE, offset).await?;
            let calendar = gongkai_disclosure::calendars::national(conn).await?;
            let row = |pair: registers::Pair| Row {
                state: Some(pair_state(&pair, &calendar)),
                act: may_keep.then(|| RowAct {
                    action: format!("/console/registers/pairs/{}/removal", pair.id),
                    label: "取消配对",
                    field: None,
                }),
                href: Some(crate::portal::wording::entry_address(&pair.document_number)),
                title: pair.document_title,
                reference: format!(
                    "{}（{}）",
                    pair.title,
                    InterpretationForm::from_code(&pair.form).map_or("", InterpretationForm::label)
                ),
                date: pair.interpreted_on,
            };
            (rows.into_iter().map(row).collect(), total)
        }
    })
}

fn budget_state(budget: &registers::Budget, today: Date) -> Tag {
    let due: Option<Date> = budget.due_on.parse().ok();
    match (&budget.published_on, due) {
        (Some(on), _) if *on > budget.due_on => {
            Tag::new(Tone::Warning, format!("{on} 公开，晚于 {}", budget.due_on))
        }
        (Some(on), _) => Tag::new(Tone::Success, format!("{on} 按期公开")),
        (None, Some(due)) => {
            let left = today.until(due).map(|span| span.get_days()).unwrap_or_default();
            match left {
                ..0 => Tag::new(Tone::Overdue, format!("应在 {due} 前公开，已逾期 {} 天", -left)),
                0 => Tag::new(Tone::Warning, "今天是公开期限的最后一天"),
                1..=5 => Tag::new(Tone::Warning, format!("{due} 前公开，还有 {left} 天")),
                _ => Tag::new(Tone::Neutral, format!("{due} 前公开，还有 {left} 天")),
            }
        }
        (None, None) => Tag::new(Tone::Neutral, "没有期限"),
    }
}

fn proposal_state(proposal: &registers::Proposal, is_open: bool) -> Tag {
    let result = proposal.result.as_deref().and_then(ProposalResult::from_code);
    match result.map(ProposalResult::label) {
        None => Tag::new(Tone::Neutral, "办理中"),
        Some(label) if is_open => Tag::new(Tone::Warning, format!("{label}，答复还没有公开")),
        Some(label) if !proposal.withheld_reason.is_empty() => {
            Tag::new(Tone::Neutral, format!("{label}，不公开：{}", proposal.withheld_reason))
        }
        Some(label) => Tag::new(Tone::Success, format!("{label}，答复已公开")),
    }
}

fn pair_state(pair: &registers::Pair, calendar: &Calendar) -> Tag {
    let days: Option<(Date, Date)> = pair.document_on.parse().ok().zip(pair.interpreted_on.parse().ok());
    let delay = days.map_or(0, |(document, text)| interpretation_delay(calendar, document, text));
    match delay {
        0 => Tag::new(Tone::Success, "与文件同步"),
        1..=INTERPRETATION_WORKING_DAYS => Tag::new(Tone::Success, format!("文件公开后 {delay} 个工作日")),
        _ => Tag::new(
            Tone::Warning,
            format!("文件公开后 {delay} 个工作日，超过 {INTERPRETATION_WORKING_DAYS} 个"),
        ),
    }
}

/// Links what published a budget or the reply to a proposal.
pub(crate) async fn link(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    registers::actions::link_published(&mut tx, &staff, &id, form.text("index_number")).await?;
    tx.commit().await?;
    let to = match form.text("register") {
        "proposals" => "/console/registers/proposals",
        _ => "/console/registers/budgets",
    };
    Ok(redirect_with(
        &format!("{to}?agency={}", crate::forms::encode(form.text("agency"))),
        "已关联公开的信息。",
    ))
}

pub(crate) async fn unpair(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    registers::actions::unpair(&mut tx, &staff, &id).await?;
    tx.commit().await?;
    let agency = crate::forms::encode(form.text("agency"));
    Ok(redirect_with(&format!("/console/registers/interpretations?agency={agency}"), "已取消配对。"))
}
