//! Setting periods, ending them, and making drafts of lists.

use serde_json::json;

use super::lists::MaskedList;
use super::{PeriodUnit, PublicityRefusal as R, last_day, store};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::calendars;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse, unless_refused};
use crate::files::Prepared;
use crate::publishing::actions::{Drafted, attach, draft_entry, take_down};
use crate::publishing::{DisclosureClass, Draft, Genre, WithdrawalClass};

/// 公示期 — so many days, counted from the day after the release; then the program takes the entry down. May be set
/// before the release and changed until the period is over.
pub async fn set_period(
    tx: &mut Tx,
    staff: &Staff,
    entry_id: &str,
    days: &str,
    unit: &str,
    reason: &str,
) -> Result<(), R> {
    let Some(candidate) = store::candidate(tx.conn(), entry_id).await? else { return refuse(R::Missing) };
    if !staff.may(Permission::DraftEntries, &candidate.agency_id) {
        return refuse(R::Forbidden);
    }
    let before = store::period(tx.conn(), entry_id).await?;
    let mut reasons = Vec::new();
    let days = days.trim().parse().ok().filter(|days| (1..=3660).contains(days));
    if days.is_none() {
        reasons.push(R::DaysUnreadable);
    }
    let unit = PeriodUnit::from_code(unit);
    if unit.is_none() {
        reasons.push(R::NotInList { field: "unit", label: "日还是工作日" });
    }
    if before.is_some() && reason.trim().is_empty() {
        reasons.push(R::Blank { field: "period_reason", label: "改变公示期的理由" });
    }
    if candidate.withdrawn_at.is_some() {
        reasons.push(R::Over);
    }
    let (Some(days), Some(unit), true) = (days, unit, reasons.is_empty()) else {
        return Err(Failure::Refused(reasons));
    };
    if let Some(released_on) = &candidate.first_released_on {
        let calendar = calendars::national(tx.conn()).await?;
        let last = last_day(released_on.parse().map_err(anyhow::Error::from)?, days, unit, &calendar)?;
        if last < tx.today() {
            return refuse(R::EndsInPast { last_day: last.to_string() });
        }
    }
    let now = tx.now_text();
    let reason = reason.trim();
    store::put_period(tx.conn(), &candidate, days, unit.code(), reason, (&staff.user_id, &now)).await?;
    tx.record(Act::new(
        "publishing",
        "period_set",
        &candidate.agency_id,
        entry_id,
        json!({"days": days, "unit": unit.code(), "reason": reason,
               "before": before.map(|period| period.length())}),
    ));
    Ok(())
}

/// 公示期满 — takes down every entry whose period is over, the day after its last day. Returns how many.
pub async fn end_expired(tx: &mut Tx) -> anyhow::Result<usize> {
    let today = tx.today();
    let mut ended = 0;
    let national = calendars::national(tx.conn()).await?;
    for period in store::running(tx.conn()).await? {
        let Some(last) = period.last_day(&national)?.filter(|last| *last < today) else { continue };
        let reason = format!(
            "公示期为{}，自{}起至{last}止，现已期满，按规定撤下。",
            period.length(),
            period.first_released_on.as_deref().unwrap_or_default()
        );
        take_down(tx, &period.entry_id, WithdrawalClass::PublicityEnded, &reason).await?;
        let now = tx.now_text();
        store::note_ended(tx.conn(), &period.entry_id, &now).await?;
        ended += 1;
    }
    Ok(ended)
}

/// What an officer says about a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListDraft {
    pub line_id: String,
    pub title: String,
    /// Code of [`super::lists::ListKind`].
    pub kind: String,
    pub days: String,
    pub unit: String,
    pub source: String,
}

/// 名单 — a draft with the masked table as text and file, and its publicity period. From here it goes the way of every
/// draft: checked, reviewed, released.
pub async fn draft_list(
    tx: &mut Tx,
    staff: &Staff,
    typed: &ListDraft,
    list: &MaskedList,
    file: &Prepared,
) -> Result<Drafted, R> {
    if !list.wrong.is_empty() {
        let reasons =
            list.wrong.iter().map(|wrong| R::Row(format!("{}：{}", wrong.place, wrong.reason))).collect();
        return Err(Failure::Refused(reasons));
    }
    let mut reasons = Vec::new();
    if typed.title.trim().is_empty() {
        reasons.push(R::Blank { field: "title", label: "名单标题" });
    }
    if typed.line_id.is_empty() {
        reasons.push(R::LineMissing);
    }
    unless_refused(reasons)?;
    let draft = Draft {
        title: typed.title.trim().into(),
        summary: list.summary(),
        body: list.html(),
        genre: Genre::Assistance.code().into(),
        source: typed.source.clone(),
        made_on: tx.today().to_string(),
        disclosure_class: DisclosureClass::Proactive.code().into(),
        ..Draft::default()
    };
    let words = |failure| match failure {
        Failure::Refused(reasons) => Failure::Refused(
            reasons
                .iter()
                .map(|reason: &crate::publishing::PublishingRefusal| R::Draft(reason.to_string()))
                .collect(),
        ),
        Failure::Unexpected(error) => Failure::Unexpected(error),
    };
    let drafted = draft_entry(tx, staff, &typed.line_id, &draft).await.map_err(words)?;
    attach(tx, staff, &drafted.edition_id, file).await.map_err(words)?;
    set_period(tx, staff, &drafted.entry_id, &typed.days, &typed.unit, "").await?;
    let now = tx.now_text();
    let agency_id = store::candidate(tx.conn(), &drafted.entry_id).await?.map(|c| c.agency_id);
    let agency_id = agency_id.unwrap_or_default();
    store::insert_list(tx.conn(), &drafted.entry_id, &agency_id, &typed.kind, list, (&staff.user_id, &now))
        .await?;
    tx.record(Act::new(
        "publicity",
        "list_imported",
        &agency_id,
        &drafted.entry_id,
        json!({"rows": list.rows.len(), "columns": list.columns, "kind": typed.kind}),
    ));
    Ok(drafted)
}
