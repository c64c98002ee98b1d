//! 调整 — a figure reported otherwise than counted: shown on its cell, confirmed by a second person.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::reporting::actions::{self, NewAdjustment};
use gongkai_disclosure::reporting::{
    Adjustment, AdjustmentState, Figure, FigureAddress, ReportingRefusal, YearLedger, may_read,
};
use gongkai_disclosure::time::shown_text;

use super::{agency_by_code, base, cell_page, ledger, name_of};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, redirect_with};
use crate::state::App;

/// An adjustment on the report's page and on its cell.
#[derive(Debug, Clone)]
pub struct AdjustmentView {
    pub figure: String,
    /// The cell it is about.
    pub href: String,
    pub from: String,
    pub to: String,
    pub reason: String,
    /// 林晓禾 2026-01-08 10:00 提出，何小舟 2026-01-09 10:00 确认
    pub people: String,
    pub state: Tag,
    /// Where this person confirms it, when they are its second person.
    pub confirm: Option<String>,
    /// Where this person ends it, with a reason.
    pub end: Option<String>,
}

/// The proposal of an adjustment on the page of a cell.
#[derive(Debug, Clone, Default)]
pub struct AdjustForm {
    pub action: String,
    pub cell: String,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

pub(super) fn views(ledger: &YearLedger, staff: &Staff) -> Vec<AdjustmentView> {
    ledger.adjustments.iter().filter_map(|adjustment| view(ledger, adjustment, staff)).collect()
}

pub(super) fn view(ledger: &YearLedger, adjustment: &Adjustment, staff: &Staff) -> Option<AdjustmentView> {
    let cell = adjustment.address()?;
    let state = ledger.state_of(adjustment);
    let tone = match state {
        AdjustmentState::InForce => Tone::Success,
        AdjustmentState::Proposed | AdjustmentState::Lapsed => Tone::Warning,
        AdjustmentState::Ended => Tone::Neutral,
    };
    let base = base(&ledger.agency, ledger.period.year);
    let mut people = format!("{} {} 提出", adjustment.proposer, shown_text(&adjustment.proposed_at));
    if let (Some(name), Some(at)) = (&adjustment.confirmer, &adjustment.confirmed_at) {
        people.push_str(&format!("，{name} {} 确认", shown_text(at)));
    }
    let approves = staff.may(P::ApproveReport, &ledger.agency.id);
    let may_confirm =
        approves && state == AdjustmentState::Proposed && staff.user_id != adjustment.proposed_by;
    let may_end = approves || staff.may(P::CompileReport, &ledger.agency.id);
    let to = |what: &str| format!("{base}/adjustments/{}/{what}", adjustment.id);
    Some(AdjustmentView {
        figure: name_of(&cell.into()),
        href: format!("{base}/cells/{cell}"),
        from: adjustment.ledger_value.clone(),
        to: adjustment.value.clone(),
        reason: adjustment.reason.clone(),
        people,
        state: Tag::new(tone, state.label()),
        confirm: may_confirm.then(|| to("confirm")),
        end: may_end.then(|| to("end")),
    })
}

/// What stands beside a cell that is not what its records give.
pub(super) fn mark(ledger: &YearLedger, address: &FigureAddress) -> Option<String> {
    let (reported, counted) = (ledger.figure(address), ledger.counted(address));
    (reported != counted).then(|| format!("台账 {}，已调整", counted.in_cell()))
}

/// The form on the page of a cell; `None` where this person or this cell is not for it.
pub(super) fn form(
    ledger: &YearLedger,
    address: &FigureAddress,
    staff: &Staff,
    typed: Option<(&Fields, &FormErrors)>,
) -> Option<AdjustForm> {
    let FigureAddress::Cell(cell) = address else { return None };
    let is_free = ledger.adjustment(address).is_none() && ledger.frozen.is_some() && !cell.is_derived();
    if !is_free || !staff.may(P::CompileReport, &ledger.agency.id) {
        return None;
    }
    let unit = if matches!(ledger.counted(address), Figure::Fen(_)) { "（万元）" } else { "" };
    let fields = vec![
        Field::line("value", format!("报告中应写的数字{unit}")).required().width("w-s"),
        Field::text("reason", "与台账不同的原因", 3).required().hint("写明依据，公开后仍可查。"),
    ];
    let mut form = AdjustForm {
        action: format!("{}/adjustments", base(&ledger.agency, ledger.period.year)),
        cell: cell.to_string(),
        fields,
        errors: ErrorSummary::default(),
    };
    if let Some((typed, errors)) = typed {
        form.fields = typed.typed_into(form.fields, errors);
        form.errors = errors.above(&form.fields);
    }
    Some(form)
}

pub(crate) async fn propose(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
    typed: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let agency = agency_by_code(&mut conn, &code, |agency| may_read(&staff, agency)).await?;
    let new = NewAdjustment {
        cell: typed.text("cell").to_owned(),
        value: typed.text("value").to_owned(),
        reason: typed.text("reason").to_owned(),
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::propose_adjustment(&mut tx, &staff, &agency, year, &new).await {
        Ok(_) => {
            tx.commit().await?;
            let to = format!("{}/cells/{}", base(&agency, year), new.cell);
            Ok(redirect_with(&to, "调整已提出，由科室负责人或者分管领导确认后生效。"))
        }
        Err(Failure::Refused(reasons)) if reasons.iter().all(is_about_the_form) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let ledger = ledger(&app, &mut conn, &staff, &code, year).await?;
            let address = new.cell.parse().map_err(|_| PageError::NotFound)?;
            form_again(&cell_page(&page, &staff, &ledger, &address, Some((&typed, &errors))))
        }
        Err(other) => Err(other.into()),
    }
}

fn is_about_the_form(reason: &ReportingRefusal) -> bool {
    use ReportingRefusal as R;
    matches!(reason, R::Blank { .. } | R::TooLong { .. } | R::ValueUnreadable { .. } | R::SameAsLedger)
}

pub(crate) async fn confirm(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year, id)): Path<(String, i16, String)>,
) -> Result<Response, PageError> {
    let agency = agency_by_code(&mut *app.db.read().await?, &code, |agency| may_read(&staff, agency)).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::confirm_adjustment(&mut tx, &staff, &id).await?;
    tx.commit().await?;
    Ok(redirect_with(&base(&agency, year), "调整已确认，报告和合计已随之改变。"))
}

pub(crate) async fn end(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year, id)): Path<(String, i16, String)>,
    typed: Fields,
) -> Result<Response, PageError> {
    let agency = agency_by_code(&mut *app.db.read().await?, &code, |agency| may_read(&staff, agency)).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::end_adjustment(&mut tx, &staff, &id, typed.text("reason")).await?;
    tx.commit().await?;
    Ok(redirect_with(&base(&agency, year), "调整已撤销，报告恢复台账的数字。"))
}

impl AdjustmentView {
    pub fn sample() -> AdjustmentView {
        AdjustmentView {
            figure: "一、本年新收政府信息公开申请数量，自然人".into(),
            href: "/console/annual-reports/yx/2025/cells/requests/received/natural_person".into(),
            from: "9".into(),
            to: "10".into(),
            reason: "机构改革划入的一件申请登记在原机关。".into(),
            people: "林晓禾 2026-01-08 10:00 提出".into(),
            state: Tag::new(Tone::Warning, AdjustmentState::Proposed.label()),
            confirm: Some("/console/annual-reports/yx/2025/adjustments/1/confirm".into()),
            end: Some("/console/annual-reports/yx/2025/adjustments/1/end".into()),
        }
    }
}

impl AdjustForm {
    pub fn sample() -> AdjustForm {
        AdjustForm {
            action: "/console/annual-reports/yx/2025/adjustments".into(),
            cell: "requests/received/natural_person".into(),
            fields: vec![Field::line("value", "报告中应写的数字").required()],
            errors: ErrorSummary::default(),
        }
    }
}
