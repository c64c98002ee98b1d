//! What an applicant can see and do with a number and a query code. Nothing here answers without both.

pub use super::offers::{Mark, Offered, leave};
pub use super::similar::{Offer, already_public};

use gongkai_statute::decisions::Decision;
use jiff::civil::Date;

use super::actions::{close, take_supplement};
use super::machine::Event;
use super::{Dossier, RequestRefusal as R, store};
use crate::db::{Conn, Tx};
use crate::error::{Result, refuse};
use crate::secrets;

/// Events that are the office's own business.
const INTERNAL: [Event; 6] = [
    Event::HandOver,
    Event::ProposeExtension,
    Event::DeclineExtension,
    Event::NoticeOverride,
    Event::Decide,
    Event::Archive,
];

/// The applicant's view of the dossier: what is internal is taken out.
#[derive(Clone, Debug)]
pub struct OwnRequest {
    /// Without internal events, without a decision that has not left the house, without who was consulted,
    /// without a proposed extension; with the letters to the applicant that have left the house.
    pub dossier: Dossier,
    pub can_withdraw: bool,
    /// 待补正: the supplement can be given here.
    pub can_supplement: bool,
}

/// 查询 — the request, when number and code belong together.
pub async fn track(
    conn: &mut Conn,
    number: &str,
    query_code: &str,
    today: Date,
) -> anyhow::Result<Option<OwnRequest>> {
    Ok(found(conn, number, query_code).await?.map(|dossier| own(dossier, today)))
}

/// The name of the agency that handles the request, when number and code belong together; for a portal on which the request
/// itself is not to be found.
pub async fn handled_by(conn: &mut Conn, number: &str, query_code: &str) -> anyhow::Result<Option<String>> {
    Ok(found(conn, number, query_code).await?.map(|dossier| dossier.agency.name))
}

/// 撤回申请 — by the applicant.
pub async fn withdraw(tx: &mut Tx, number: &str, query_code: &str) -> Result<(), R> {
    let Some(dossier) = found(tx.conn(), number, query_code).await? else {
        return refuse(R::WrongNumberOrCode);
    };
    close(tx, dossier, Event::Withdraw, Decision::Withdrawn, "申请人在网上撤回申请", Vec::new()).await?;
    Ok(())
}

/// 补正 — by the applicant, on the page where the notice stands. What is sent here has reached the agency the same day.
/// 《条例》第三十条.
pub async fn supplement(tx: &mut Tx, number: &str, query_code: &str, answer: &str) -> Result<(), R> {
    let Some(dossier) = found(tx.conn(), number, query_code).await? else {
        return refuse(R::WrongNumberOrCode);
    };
    take_supplement(tx, dossier, Some(tx.today()), answer).await?;
    Ok(())
}

async fn found(conn: &mut Conn, number: &str, query_code: &str) -> anyhow::Result<Option<Dossier>> {
    // Codes are read from paper and typed by hand: blanks, dashes and case do not count.
    let typed =
        |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let digest = secrets::digest(&typed(query_code).replace('-', ""));
    store::by_number_and_code(conn, &typed(number), &digest).await
}

fn own(mut dossier: Dossier, today: Date) -> OwnRequest {
    let can_withdraw = dossier.possible(today).contains(&Event::Withdraw);
    let can_supplement = dossier.possible(today).contains(&Event::RecordSupplement);
    dossier.events.retain(|event| !INTERNAL.contains(&event.event));
    for event in &mut dossier.events {
        if event.by_name.is_some() {
            event.by_name = Some("受理机关".to_owned());
        }
        // What the office makes of another's opinion is its own business.
        if let Some(detail) = event.detail.as_object_mut() {
            detail.remove("judgement");
        }
    }
    dossier.letters.retain(|letter| letter.issued_on().is_some() && letter.kind.is_to_applicant());
    for consultation in &mut dossier.consultations {
        consultation.party.clear();
        consultation.contact.clear();
        consultation.subject.clear();
        consultation.answer = None;
        consultation.overridden = None;
    }
    if dossier.reply().and_then(|reply| reply.issued_at.as_ref()).is_none() {
        dossier.enclosures.clear();
    }
    if dossier.request.closed_on.is_none() {
        dossier.request.answer = None;
    }
    if dossier.extension.as_ref().is_some_and(|extension| extension.approval.is_none()) {
        dossier.extension = None;
    }
    OwnRequest { dossier, can_withdraw, can_supplement }
}
