//! Writing the parts of the report that only a person can write.

use serde_json::json;

use super::super::{Period, ReportingRefusal as Refusal, TextPart, store};
use super::subject_of;
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Result, refuse};

const LONGEST_TEXT: usize = 20_000;

/// Keeps what a person wrote for a part of a year's report.
pub async fn save_text(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    year: i16,
    part: TextPart,
    body: &str,
) -> Result<(), Refusal> {
    if !staff.may(Permission::CompileReport, agency_id) {
        return refuse(Refusal::Forbidden);
    }
    if Period::of(year, tx.today()).is_none() {
        return refuse(Refusal::NoSuchYear(year));
    }
    if body.chars().count() > LONGEST_TEXT {
        return refuse(Refusal::TextTooLong { limit: LONGEST_TEXT });
    }
    let body = body.replace("\r\n", "\n");
    let now = tx.now_text();
    store::upsert_text(tx.conn(), agency_id, year, part, body.trim(), &staff.user_id, &now).await?;
    tx.record(Act::new(
        "reporting",
        "text_saved",
        agency_id,
        &subject_of(agency_id, year),
        json!({"part": part.code(), "characters": body.trim().chars().count()}),
    ));
    Ok(())
}
