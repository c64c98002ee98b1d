//! 已公开信息的提示 — what was shown to people before they sent a request, and whether it was what they sought. Counted per
//! thing and month; nothing of the person is kept, not even that it was one.

use jiff::Timestamp;

use super::store::offers as store;
pub use super::store::offers::{OfferCount, counts};
use crate::accounts;
use crate::audit::Actor;
use crate::db::{Conn, Db};

/// What a person made of an offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    None,
    /// 正是所要的.
    Helped,
    /// 不是所要的.
    Missed,
}

/// Something public that was shown before sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    pub index_number: String,
    pub mark: Mark,
}

/// 不再申请 — someone found what they sought among what was offered.
pub async fn leave(db: &Db, now: Timestamp, agency_code: &str, offered: &[Offered]) -> anyhow::Result<()> {
    let mut tx = db.begin(&Actor::Program("offers"), now).await?;
    if let Some(agency) = accounts::agency_by_code(tx.conn(), agency_code).await? {
        let day = tx.today();
        count(tx.conn(), &agency.id, &day.strftime("%Y-%m").to_string(), offered, true).await?;
    }
    tx.commit_bookkeeping().await
}

/// Counts what was shown; `has_left`: no request came of it, thanks to what helped.
pub(super) async fn count(
    conn: &mut Conn,
    agency_id: &str,
    month: &str,
    offered: &[Offered],
    has_left: bool,
) -> sqlx::Result<()> {
    // One request is spared, not one per offer.
    let mut spared = has_left;
    for one in offered {
        let helped = one.mark == Mark::Helped;
        let counted = store::Counted {
            helped,
            missed: one.mark == Mark::Missed,
            spared: helped && std::mem::take(&mut spared),
        };
        store::add(conn, agency_id, &one.index_number, month, counted).await?;
    }
    Ok(())
}
