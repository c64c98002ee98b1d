//! 自查 — what stands against the report, with what was decided about each warning.

use axum::extract::{Path, State};
use axum::response::Response;
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::reporting::{CheckItem, OwnCheck, VerdictKind, YearLedger, actions, may_read};
use gongkai_disclosure::time::shown_text;
use gongkai_report::Severity;

use super::{FindingView, agency_by_code, base};
use crate::auth::Signed;
use crate::components::{Link, Tag, Tone};
use crate::console::records::RecordRow;
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::redirect_with;
use crate::state::App;

/// The tag of a report by its own check; parts still to be written are told beside it.
pub(super) fn state(check: &OwnCheck) -> Tag {
    let counted = |item: &&CheckItem| item.rule != "part-unwritten";
    let is_error = |item: &&CheckItem| item.severity == Severity::Error;
    let errors = check.items.iter().filter(counted).filter(is_error).count();
    match (errors, check.open_warnings()) {
        (0, 0) => Tag::new(Tone::Success, "校验通过"),
        (0, warnings) => Tag::new(Tone::Warning, format!("{warnings} 处待核对")),
        (errors, 0) => Tag::new(Tone::Warning, format!("{errors} 处错误")),
        (errors, warnings) => Tag::new(Tone::Warning, format!("{errors} 处错误，{warnings} 处待核对")),
    }
}

pub(super) fn view(item: &CheckItem, ledger: &YearLedger, staff: &Staff) -> FindingView {
    let base = base(&ledger.agency, ledger.period.year);
    let severity = match (item.rule.as_str(), item.severity) {
        ("part-unwritten", _) => Tag::new(Tone::Warning, "待撰写"),
        (_, Severity::Error) => Tag::new(Tone::Warning, "错误"),
        _ if !item.is_open() => Tag::new(Tone::Neutral, "已说明"),
        _ => Tag::new(Tone::Warning, "待核对"),
    };
    let link = match (item.part, item.cell, &item.record) {
        (Some(part), _, _) => Some(Link::new("去写", format!("#{}", part.code()))),
        (_, Some(cell), _) => Some(Link::new("查看记录", format!("{base}/cells/{cell}"))),
        (_, _, Some(record)) => {
            let row = RecordRow::of(record, staff, &ledger.agency.id);
            row.href.map(|href| Link::new("打开记录", href))
        }
        _ => None,
    };
    let verdict = item.verdict.as_ref().map(|verdict| {
        let kind = VerdictKind::from_code(&verdict.verdict).map_or("", VerdictKind::label);
        format!("{kind}：{}（{}，{}）", verdict.reason, verdict.decided_by, shown_text(&verdict.decided_at))
    });
    let may_judge = item.severity != Severity::Error && staff.may(P::CompileReport, &ledger.agency.id);
    FindingView {
        severity,
        message: item.message.clone(),
        basis: item.basis.clone(),
        link,
        verdict: verdict.unwrap_or_default(),
        judge: may_judge.then(|| item.fingerprint.clone()),
    }
}

pub(crate) async fn judge(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((code, year)): Path<(String, i16)>,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = agency_by_code(&mut *app.db.read().await?, &code, |agency| may_read(&staff, agency)).await?;
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (fingerprint, verdict) = (form.text("fingerprint"), form.text("verdict"));
    actions::judge(&mut tx, &staff, &agency, year, fingerprint, verdict, form.text("reason")).await?;
    tx.commit().await?;
    Ok(redirect_with(&base(&agency, year), "处理意见已记录；依据的数字改变时，意见随之失效。"))
}
