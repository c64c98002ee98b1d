//! Opening what is sealed. Every opening for a person's eyes goes through here and leaves its row.

use serde_json::json;

use super::{
    AGENT, APPLICANT, MANY, Name, Particulars, PrivacyRefusal as R, Purpose, RequestKey, Seen, store,
};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse, unless_refused};
use crate::requests::{self, Listed, RequestFilter};

/// As many as one list may hold.
const LONGEST_LIST: u64 = 2_000;

/// 查看申请人信息 — by someone who handles requests at its agency, for a purpose that stays on record.
pub async fn view(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    purpose: Option<Purpose>,
    reason: &str,
) -> Result<Particulars, R> {
    let sealed = readable(tx, staff, number).await?;
    let purpose = why(tx, staff, &sealed.id, purpose, reason).await?;
    let keys = tx.keys().clone();
    let Some(particulars) = Particulars::opened(&keys, &sealed.id, &sealed.particulars)? else {
        return refuse(R::Destroyed);
    };
    note(tx, staff, &sealed, Seen::Particulars, "", purpose, reason, None).await?;
    let detail = json!({"number": number, "purpose": purpose.code()});
    tx.record(Act::new("privacy", "viewed", &sealed.agency_id, &sealed.id, detail));
    Ok(particulars)
}

/// One line of a list of applicants.
pub struct Contact {
    pub listed: Listed,
    pub particulars: Particulars,
}

/// 导出联系方式 — many at once: always with a reason, each of them on record. What was destroyed is left out.
pub async fn list(
    tx: &mut Tx,
    staff: &Staff,
    filter: &RequestFilter,
    purpose: Option<Purpose>,
    reason: &str,
) -> Result<Vec<Contact>, R> {
    let mut faults = Vec::new();
    if purpose.is_none() {
        faults.push(R::PurposeMissing);
    }
    match reason.trim().chars().count() {
        0..6 => faults.push(R::ReasonMissing { why: "一次查看多人的信息" }),
        n if n > 200 => faults.push(R::ReasonTooLong),
        _ => {}
    }
    let mut filter = filter.clone();
    filter.agencies.retain(|agency| staff.may(Permission::HandleRequests, agency));
    let today = tx.today();
    let (listed, total) = requests::list(tx.conn(), &filter, today, 1, LONGEST_LIST).await?;
    if total == 0 {
        faults.push(R::NothingMatches);
    } else if total > LONGEST_LIST {
        faults.push(R::TooMany { most: LONGEST_LIST });
    }
    unless_refused(faults)?;
    let Some(purpose) = purpose else { return refuse(R::PurposeMissing) };

    let (list_id, keys) = (tx.new_id(), tx.keys().clone());
    let mut contacts = Vec::new();
    let mut numbers: Vec<(String, Vec<String>)> = Vec::new();
    for listed in listed {
        let sealed = readable(tx, staff, &listed.number).await?;
        let Some(particulars) = Particulars::opened(&keys, &sealed.id, &sealed.particulars)? else {
            continue;
        };
        note(tx, staff, &sealed, Seen::Particulars, "", purpose, reason, Some(&list_id)).await?;
        match numbers.iter_mut().find(|(agency, _)| *agency == sealed.agency_id) {
            Some((_, of_agency)) => of_agency.push(listed.number.clone()),
            None => numbers.push((sealed.agency_id.clone(), vec![listed.number.clone()])),
        }
        let applicant_name = listed.applicant(&keys)?;
        contacts.push(Contact { listed: Listed { applicant_name, ..listed }, particulars });
    }
    if contacts.is_empty() {
        return refuse(R::Destroyed);
    }
    for (agency_id, numbers) in numbers {
        let detail = json!({"count": numbers.len(), "numbers": numbers, "purpose": purpose.code()});
        tx.record(Act::new("privacy", "listed", &agency_id, &list_id, detail));
    }
    Ok(contacts)
}

/// The request, for someone who handles requests at its agency.
pub(crate) async fn readable(tx: &mut Tx, staff: &Staff, number: &str) -> Result<store::Sealed, R> {
    let Some(sealed) = store::sealed(tx.conn(), number).await? else { return refuse(R::NotFound) };
    if !staff.may(Permission::ReadRequests, &sealed.agency_id) {
        return refuse(R::NotFound);
    }
    if !staff.may(Permission::HandleRequests, &sealed.agency_id) {
        return refuse(R::Forbidden);
    }
    Ok(sealed)
}

/// The purpose, and a reason in words where one is needed.
pub(crate) async fn why(
    tx: &mut Tx,
    staff: &Staff,
    request_id: &str,
    purpose: Option<Purpose>,
    reason: &str,
) -> Result<Purpose, R> {
    let Some(purpose) = purpose else { return refuse(R::PurposeMissing) };
    let since = crate::time::stored(crate::time::start_of_day(tx.today()));
    let others = store::requests_opened_since(tx.conn(), &staff.user_id, request_id, &since).await?;
    let length = reason.trim().chars().count();
    if length > 200 {
        return refuse(R::ReasonTooLong);
    }
    if length < 6 {
        if purpose == Purpose::Other {
            return refuse(R::ReasonMissing { why: "目的为“其他”" });
        }
        if others >= MANY {
            return refuse(R::ReasonMissing { why: "今天查看的申请人已经较多" });
        }
    }
    Ok(purpose)
}

#[expect(clippy::too_many_arguments, reason = "one row")]
pub(crate) async fn note(
    tx: &mut Tx,
    staff: &Staff,
    of: &store::Sealed,
    seen: Seen,
    file_kind: &str,
    purpose: Purpose,
    reason: &str,
    list_id: Option<&str>,
) -> sqlx::Result<()> {
    let row = store::NewViewing {
        id: tx.new_id(),
        agency_id: &of.agency_id,
        request_id: &of.id,
        by_id: &staff.user_id,
        seen: seen.code(),
        file_kind,
        purpose: purpose.code(),
        reason: reason.trim(),
        list_id,
        viewed_at: tx.now_text(),
    };
    store::insert_viewing(tx.conn(), &row).await
}

/// 更换密钥 — seals again, with the key in use, what older keys hold. As many as `most` at a time; returns how many.
pub async fn seal_again(tx: &mut Tx, most: i64) -> anyhow::Result<usize> {
    let keys = tx.keys().clone();
    let (active, _) = keys.ids()?;
    let old = store::sealed_otherwise(tx.conn(), &active, most).await?;
    for row in &old {
        let mut again = row.clone();
        if let Some(particulars) = Particulars::opened(&keys, &row.id, &row.particulars)? {
            again.particulars = particulars.sealed(&keys, &row.id)?;
        }
        let name = Name::opened(&keys, &row.id, APPLICANT, &row.applicant_name)?;
        again.applicant_name = Name::sealed(&keys, &row.id, APPLICANT, &name)?;
        if let Some(agent) = &row.agent_name {
            let agent = Name::opened(&keys, &row.id, AGENT, agent)?;
            again.agent_name = Some(Name::sealed(&keys, &row.id, AGENT, &agent)?);
        }
        if !row.request_key.is_empty() {
            again.request_key = RequestKey::sealed_again(&keys, &row.id, &row.request_key)?;
        }
        store::put_sealed(tx.conn(), &again).await?;
    }
    if !old.is_empty() {
        let detail = json!({"key": active, "values": old.len()});
        tx.record(Act::new("privacy", "sealed_again", "", "", detail));
    }
    Ok(old.len())
}

/// The failure of another room, in this one's words.
impl From<super::KeyError> for Failure<R> {
    fn from(error: super::KeyError) -> Self {
        Failure::Unexpected(error.into())
    }
}
