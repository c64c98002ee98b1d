//! 年终快照 — what was frozen, where the records have moved on since, and freezing again.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::reporting::{
    self, Difference, Figure, FigureAddress, ReportingRefusal, SnapshotHead, YearLedger, actions, may_read,
};
use gongkai_disclosure::time::shown_text;

use super::{agency_by_code, base, ledger, name_of, printed, report_page};
use crate::auth::Signed;
use crate::components::Field;
use crate::console::records::RecordRow;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, redirect_with};
use crate::state::App;

/// The freezing of a year on its report's page.
#[derive(Debug, Clone, Default)]
pub struct FreezeView {
    /// All snapshots, the newest first.
    pub snapshots: Vec<SnapshotView>,
    pub differences: Vec<DifferenceView>,
    /// Whether this person freezes the year for the first time now.
    pub may_freeze: bool,
    /// The reason for freezing it again, when this person may.
    pub again: Option<Field>,
}

#[derive(Debug, Clone)]
pub struct SnapshotView {
    pub ordinal: i64,
    /// 2026-01-01 00:10 系统自动冻结
    pub made: String,
    pub reason: String,
    pub sha256: String,
}

/// A figure whose records say something else now.
#[derive(Debug, Clone)]
pub struct DifferenceView {
    pub figure: String,
    pub href: String,
    pub frozen: String,
    pub now: String,
    pub come: Vec<RecordRow>,
    pub gone: Vec<RecordRow>,
}

impl SnapshotView {
    fn of(head: &SnapshotHead) -> SnapshotView {
        let by =
            head.frozen_by.as_deref().map_or_else(|| "系统年终自动冻结".to_owned(), |n| format!("{n}冻结"));
        SnapshotView {
            ordinal: head.ordinal,
            made: format!("{} {by}", shown_text(&head.frozen_at)),
            reason: head.reason.clone(),
            sha256: head.sha256.clone(),
        }
    }
}

/// `typed`: a reason that was refused, with why.
pub(super) async fn view(
    app: &App,
    conn: &mut Conn,
    staff: &Staff,
    ledger: &YearLedger,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<FreezeView, PageError> {
    let (agency, year, today) = (&ledger.agency, ledger.period.year, app.today());
    let may_compile = staff.may(P::CompileReport, &agency.id);
    let snapshots = reporting::snapshots(conn, &agency.id, year).await?;
    if snapshots.is_empty() {
        let may_freeze = may_compile && ledger.period.is_over(today);
        return Ok(FreezeView { may_freeze, ..FreezeView::default() });
    }
    let now = reporting::gather_now(conn, agency, year, today).await?.ok_or(PageError::NotFound)?;
    let differences = reporting::differences(ledger, &now);
    let next_is_open = reporting::snapshots(conn, &agency.id, year + 1).await?.is_empty();
    let again = (may_compile && next_is_open && !differences.is_empty()).then(|| {
        let field = Field::line("reason", "按现在的台账重新冻结的原因")
            .required()
            .hint("例如：某月的处罚决定补登。原来的快照保留，两次冻结都可查。");
        match typed {
            Some((form, errors)) => field.value(form.text("reason")).error(errors.get("reason")),
            None => field,
        }
    });
    Ok(FreezeView {
        snapshots: snapshots.iter().map(SnapshotView::of).collect(),
        differences: differences
            .iter()
            .map(|difference| difference_view(difference, ledger, staff))
            .collect(),
        may_freeze: false,
        again,
    })
}

fn difference_view(difference: &Difference, ledger: &YearLedger, staff: &Staff) -> DifferenceView {
    let shown = |figure: Figure| printed(figure, &difference.figure);
    let rows = |records: &[gongkai_disclosure::records::Record]| -> Vec<RecordRow> {
        let row = |record| {
            let row = RecordRow::of(record, staff, &ledger.agency.id);
            // The hash of a report stands in the list of what was summed.
            RecordRow { detail: row.detail.split("，SHA-256").next().unwrap_or_default().to_owned(), ..row }
        };
        records.iter().map(row).collect()
    };
    DifferenceView {
        figure: name_of(&difference.figure),
        href: format!("{}/cells/{}", base(&ledger.agency, ledger.period.year), difference.figure),
        frozen: shown(difference.frozen),
        now: shown(difference.now),
        come: rows(&difference.come),
        gone: rows(&difference.gone),
    }
}

/// What stands beside a cell whose records have moved on.
pub(super) fn mark(differences: &[Difference], address: &FigureAddress) -> Option<String> {
    let difference = differences.iter().find(|difference| difference.figure == *address)?;
    Some(format!("台账 {}", printed(difference.now, address)))
}

pub(crate) async fn freeze(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let agency = agency_by_code(&mut conn, &code, |agency| may_read(&staff, agency)).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::freeze(&mut tx, &staff, &agency, year, form.text("reason")).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(redirect_with(&base(&agency, year), "年终数据已冻结，以后台账的变动会列为差异。"))
        }
        Err(Failure::Refused(reasons)) if reasons.iter().all(is_about_the_reason) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let ledger = ledger(&app, &mut conn, &staff, &code, year).await?;
            let mut again = report_page(&app, &mut conn, &page, &staff, &ledger, None).await?;
            again.freezing = view(&app, &mut conn, &staff, &ledger, Some((&form, &errors))).await?;
            form_again(&again)
        }
        Err(other) => Err(other.into()),
    }
}

fn is_about_the_reason(reason: &ReportingRefusal) -> bool {
    matches!(reason, ReportingRefusal::AlreadyFrozen)
}

/// The snapshot itself, byte for byte as it was hashed.
pub(crate) async fn snapshot(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let agency = agency_by_code(&mut conn, &code, |agency| may_read(&staff, agency)).await?;
    let snapshot = reporting::snapshot(&mut conn, &agency.id, year).await?.ok_or(PageError::NotFound)?;
    let name = format!("attachment; filename=\"snapshot-{code}-{year}-{}.json\"", snapshot.head.ordinal);
    let head = [(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((head, snapshot.body).into_response())
}

impl FreezeView {
    pub fn sample() -> FreezeView {
        FreezeView {
            snapshots: vec![SnapshotView {
                ordinal: 1,
                made: "2026-01-01 00:10 系统年终自动冻结".into(),
                reason: String::new(),
                sha256: "3f1c".repeat(16),
            }],
            differences: vec![DifferenceView {
                figure: "行政处罚，本年处理决定数量".into(),
                href: "/console/annual-reports/yx/2025/cells/proactive/penalties/decisions".into(),
                frozen: "4".into(),
                now: "5".into(),
                come: vec![RecordRow::sample("占道经营", "行政处罚，云罚〔2025〕31号", "2025-12-30")],
                gone: Vec::new(),
            }],
            may_freeze: false,
            again: Some(Field::line("reason", "按现在的台账重新冻结的原因").required()),
        }
    }
}
