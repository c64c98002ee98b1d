//! 规章和规范性文件 — their terms: in force until, amended, lapsed by itself, and the balance of every year.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use super::actions::{allowed, day, linked_entry};
use super::{EXPIRY_WARNING_DAYS, RegisterRefusal as R, Term, store};
use crate::accounts::Staff;
use crate::audit::Act;
use crate::db::{Conn, Tx};
use crate::error::{Failure, Result, refuse, unless_refused};

/// 有效期 — sets until when a document is in force, or that it has no fixed term (empty).
pub async fn set_term(
    tx: &mut Tx,
    staff: &Staff,
    id: &str,
    valid_until: &str,
    reason: &str,
) -> Result<(), R> {
    let term = in_force(tx, staff, id).await?;
    let mut reasons = Vec::new();
    let until = day(&mut reasons, None, valid_until, "valid_until", "有效期至", false);
    if until.is_some_and(|until| until < tx.today()) {
        reasons.push(R::TermOver { field: "valid_until" });
    }
    if term.valid_until.is_some() && reason.trim().is_empty() {
        reasons.push(R::Blank { field: "term_reason", label: "调整有效期的依据" });
    }
    unless_refused(reasons)?;
    let until = until.map(|until| until.to_string());
    store::set_term(tx.conn(), id, until.as_deref()).await?;
    tx.record(Act::new(
        "registers",
        "document_term_set",
        &term.agency_id,
        id,
        json!({"from": term.valid_until, "valid_until": until, "reason": reason.trim()}),
    ));
    Ok(())
}

/// 修改 — the document stays in force, and says that it was amended and how.
pub async fn amend(tx: &mut Tx, staff: &Staff, id: &str, amended_on: &str, note: &str) -> Result<(), R> {
    let term = in_force(tx, staff, id).await?;
    let mut reasons = Vec::new();
    let today = tx.today();
    let on = day(&mut reasons, Some(today), amended_on, "amended_on", "修改日期", true);
    if on.is_some_and(|on| on.to_string() < term.issued_on) {
        reasons.push(R::BeforeIssued { field: "amended_on", issued_on: term.issued_on.clone() });
    }
    let note = note.trim();
    if note.is_empty() {
        reasons.push(R::Blank { field: "amendment", label: "修改依据和内容" });
    } else if note.chars().count() > 300 {
        reasons.push(R::TooLong { field: "amendment", label: "修改依据和内容", most: 300 });
    }
    let (Some(on), true) = (on, reasons.is_empty()) else { return Err(Failure::Refused(reasons)) };
    store::set_amended(tx.conn(), id, &on.to_string(), note).await?;
    tx.record(Act::new(
        "registers",
        "document_amended",
        &term.agency_id,
        id,
        json!({"amended_on": on.to_string(), "amendment": note}),
    ));
    Ok(())
}

/// What an entry is to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// The published text.
    Text,
    /// 废止公告.
    EndNotice,
}

/// Links the published text, or the notice of repeal, by its index number.
pub async fn link(tx: &mut Tx, staff: &Staff, id: &str, linked: Linked, index_number: &str) -> Result<(), R> {
    let Some(term) = store::term(tx.conn(), id).await? else { return refuse(R::Missing) };
    allowed(staff, &term.agency_id)?;
    let field = match linked {
        Linked::Text => "index_number",
        Linked::EndNotice => "notice_number",
    };
    let mut reasons = Vec::new();
    let entry = linked_entry(tx, &mut reasons, &term.agency_id, index_number, field, true).await?;
    let (Some(entry), true) = (entry, reasons.is_empty()) else { return Err(Failure::Refused(reasons)) };
    store::set_link(tx.conn(), id, linked, &entry.id).await?;
    let what = match linked {
        Linked::Text => "text",
        Linked::EndNotice => "end_notice",
    };
    tx.record(Act::new(
        "registers",
        "document_linked",
        &term.agency_id,
        id,
        json!({"what": what, "entry": entry.id, "index_number": index_number.trim()}),
    ));
    Ok(())
}

/// 到期失效 — ends every document whose term is over, the day after it. Returns how many.
pub async fn lapse_expired(tx: &mut Tx) -> anyhow::Result<usize> {
    let today = tx.today();
    let expired = store::expired(tx.conn(), &today.to_string()).await?;
    for (id, agency_id, valid_until) in &expired {
        let ended_on = valid_until.parse::<Date>()?.checked_add(1.day())?.to_string();
        store::lapse(tx.conn(), id, &ended_on).await?;
        tx.record(Act::new(
            "registers",
            "document_lapsed",
            agency_id,
            id,
            json!({"valid_until": valid_until, "ended_on": ended_on}),
        ));
    }
    Ok(expired.len())
}

/// What is to be known about a document's term today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    InForce,
    /// In force, and amended on that day.
    Amended(String),
    /// Its term ends in so many days: keep, amend, or let it lapse.
    Expiring {
        until: String,
        days: i32,
    },
    Ended,
}

impl Term {
    pub fn standing(&self, today: Date) -> anyhow::Result<Standing> {
        if self.ended_on.is_some() {
            return Ok(Standing::Ended);
        }
        if let Some(until) = &self.valid_until {
            let days = today.until(until.parse::<Date>()?)?.get_days();
            if days <= EXPIRY_WARNING_DAYS {
                return Ok(Standing::Expiring { until: until.clone(), days });
            }
        }
        Ok(match &self.amended_on {
            Some(on) => Standing::Amended(on.clone()),
            None => Standing::InForce,
        })
    }
}

/// The terms of all documents of an agency.
pub async fn terms(conn: &mut Conn, agency_id: &str) -> sqlx::Result<Vec<Term>> {
    store::terms(conn, agency_id).await
}

/// One year of the register: what was carried on, what came and what went. 现行有效 = 上年末 + 制发 − 废止 − 失效.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub year: i16,
    pub before: i64,
    pub issued: i64,
    pub repealed: i64,
    pub lapsed: i64,
}

impl Balance {
    /// By construction, never counted a second time.
    pub const fn in_force(&self) -> i64 {
        self.before + self.issued - self.repealed - self.lapsed
    }
}

/// The balance of every year from the first record on, newest first.
pub async fn balances(conn: &mut Conn, agency_id: &str, today: Date) -> anyhow::Result<Vec<Balance>> {
    let mut years: Vec<Balance> = Vec::new();
    let moves = store::moves(conn, agency_id, &today.to_string()).await?;
    let Some((first, ..)) = moves.first() else { return Ok(years) };
    let mut before = 0;
    for year in first.parse::<i16>()?..=today.year() {
        let of = |what: &str| {
            moves.iter().filter(|(y, w, _)| *y == year.to_string() && w == what).map(|(.., n)| n).sum::<i64>()
        };
        let balance =
            Balance { year, before, issued: of("issued"), repealed: of("repealed"), lapsed: of("lapsed") };
        before = balance.in_force();
        years.push(balance);
    }
    years.reverse();
    Ok(years)
}

async fn in_force(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Term, R> {
    let Some(term) = store::term(tx.conn(), id).await? else { return refuse(R::Missing) };
    allowed(staff, &term.agency_id)?;
    match &term.ended_on {
        Some(ended_on) => refuse(R::AlreadyEnded { ended_on: ended_on.clone() }),
        None => Ok(term),
    }
}
