//! Writing letters and letting them go. The rooms call these; no surface does.

use serde_json::json;

use super::{Letter, LetterKind, content_hash, notices, reply, store};
use crate::accounts::Staff;
use crate::audit::Act;
use crate::db::Tx;
use crate::requests::{Consultation, DeliveryWay, Dossier};

pub(crate) async fn send_receipt(tx: &mut Tx, dossier: &Dossier) -> anyhow::Result<()> {
    let number = next_number(tx, dossier, LetterKind::Receipt).await?;
    let body = notices::receipt(dossier, &number);
    put(tx, dossier, LetterKind::Receipt, number, body).await?;
    Ok(())
}

pub(crate) async fn send_supplement_notice(tx: &mut Tx, dossier: &Dossier) -> anyhow::Result<()> {
    let number = next_number(tx, dossier, LetterKind::SupplementNotice).await?;
    let body = notices::supplement(dossier, &number);
    put(tx, dossier, LetterKind::SupplementNotice, number, written(body)?).await?;
    Ok(())
}

pub(crate) async fn send_extension_notice(tx: &mut Tx, dossier: &Dossier) -> anyhow::Result<()> {
    let number = next_number(tx, dossier, LetterKind::ExtensionNotice).await?;
    let body = notices::extension(dossier, &number);
    put(tx, dossier, LetterKind::ExtensionNotice, number, written(body)?).await?;
    Ok(())
}

pub(crate) async fn send_consultation(
    tx: &mut Tx,
    dossier: &Dossier,
    asked: &Consultation,
) -> anyhow::Result<()> {
    let number = next_number(tx, dossier, LetterKind::Consultation).await?;
    let body = notices::consultation(dossier, asked, &number);
    put(tx, dossier, LetterKind::Consultation, number, body).await?;
    Ok(())
}

pub(crate) async fn send_override_notice(
    tx: &mut Tx,
    dossier: &Dossier,
    asked: &Consultation,
) -> anyhow::Result<()> {
    let number = next_number(tx, dossier, LetterKind::OverrideNotice).await?;
    let body = notices::overridden(dossier, asked, &number, tx.today());
    put(tx, dossier, LetterKind::OverrideNotice, number, written(body)?).await?;
    Ok(())
}

pub(crate) async fn send_reasons_notice(tx: &mut Tx, dossier: &Dossier) -> anyhow::Result<()> {
    let number = next_number(tx, dossier, LetterKind::ReasonsNotice).await?;
    let body = notices::reasons(dossier, &number);
    put(tx, dossier, LetterKind::ReasonsNotice, number, written(body)?).await?;
    Ok(())
}

pub(crate) async fn send_fee_notice(tx: &mut Tx, dossier: &Dossier) -> anyhow::Result<()> {
    let number = next_number(tx, dossier, LetterKind::FeeNotice).await?;
    let body = notices::fee(dossier, &number);
    put(tx, dossier, LetterKind::FeeNotice, number, written(body)?).await?;
    Ok(())
}

/// 拟定答复书 — from the dossier. One that came back is written anew under its own number.
pub(crate) async fn draft_reply(tx: &mut Tx, staff: &Staff, dossier: &Dossier) -> anyhow::Result<Letter> {
    let Some(earlier) = dossier.reply() else {
        let number = next_number(tx, dossier, LetterKind::Reply).await?;
        let body = reply::written(dossier, &number, tx.today());
        return put(tx, dossier, LetterKind::Reply, number, written(body)?).await;
    };
    let body_html = written(reply::written(dossier, &earlier.number, tx.today()))?;
    let letter = Letter {
        content_hash: content_hash(&earlier.number, &body_html),
        body_html,
        drafted_by: staff.user_id.clone(),
        drafted_at: tx.now_text(),
        ..earlier.clone()
    };
    store::rewrite(tx.conn(), &letter).await?;
    tx.record(act(dossier, "redrafted", &letter));
    Ok(letter)
}

/// 发出 — through the door that asks for the signature.
pub(crate) async fn issue(tx: &mut Tx, reply: &Letter, delivery: DeliveryWay) -> anyhow::Result<()> {
    let by = tx.by().user_id().unwrap_or_default().to_owned();
    let now = tx.now_text();
    store::issue(tx.conn(), reply, &by, &now, delivery).await?;
    Ok(())
}

/// 松溪政公复〔2026〕12号: one series per agency, kind and year.
async fn next_number(tx: &mut Tx, dossier: &Dossier, kind: LetterKind) -> anyhow::Result<String> {
    let agency = &dossier.agency;
    let (series, year) = (kind.series(), tx.today().year());
    let serial = tx.next_number(&format!("letter {} {} {year}", agency.code, kind.code())).await?;
    Ok(format!("{}{series}〔{year}〕{serial}号", agency.document_word))
}

fn written(body: Option<String>) -> anyhow::Result<String> {
    body.ok_or_else(|| anyhow::anyhow!("a letter about something the dossier does not have"))
}

async fn put(
    tx: &mut Tx,
    dossier: &Dossier,
    kind: LetterKind,
    number: String,
    body_html: String,
) -> anyhow::Result<Letter> {
    let Some(drafted_by) = tx.by().user_id().map(str::to_owned) else {
        anyhow::bail!("a letter is drafted by a member of staff")
    };
    let letter = Letter {
        id: tx.new_id(),
        request_id: dossier.request.id.clone(),
        kind,
        content_hash: content_hash(&number, &body_html),
        number,
        body_html,
        drafted_by,
        drafted_at: tx.now_text(),
        review_id: None,
        review: None,
        issued_at: None,
        delivery: None,
    };
    store::insert(tx.conn(), &letter).await?;
    tx.record(act(dossier, "drafted", &letter));
    Ok(letter)
}

fn act(dossier: &Dossier, what: &'static str, letter: &Letter) -> Act {
    let detail =
        json!({"kind": letter.kind.code(), "number": letter.number, "content_hash": letter.content_hash});
    Act::new("letters", what, &dossier.request.agency_id, &letter.id, detail)
}
