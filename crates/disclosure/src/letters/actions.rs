//! Writing letters and letting them go. The rooms call these; no surface does.

use serde_json::json;

use super::template::Template;
use super::writing::{Matter, written};
use super::{Letter, LetterKind, content_hash, store, templates};
use crate::accounts::Staff;
use crate::audit::Act;
use crate::db::Tx;
use crate::requests::{Consultation, DeliveryWay, Dossier};

/// Writes a letter that leaves with the act that makes it; `asked` is whom it goes to, when not to the applicant.
pub(crate) async fn send(
    tx: &mut Tx,
    dossier: &Dossier,
    kind: LetterKind,
    asked: Option<&Consultation>,
) -> anyhow::Result<()> {
    let number = next_number(tx, dossier, kind).await?;
    let (template, body) = draft(tx, dossier, kind, asked, &number).await?;
    put(tx, dossier, &template, number, body).await?;
    Ok(())
}

/// 拟定答复书 — from the dossier. One that came back is written anew under its own number.
pub(crate) async fn draft_reply(tx: &mut Tx, staff: &Staff, dossier: &Dossier) -> anyhow::Result<Letter> {
    let kind = LetterKind::Reply;
    let Some(earlier) = dossier.reply() else {
        let number = next_number(tx, dossier, kind).await?;
        let (template, body) = draft(tx, dossier, kind, None, &number).await?;
        return put(tx, dossier, &template, number, body).await;
    };
    let (template, body_html) = draft(tx, dossier, kind, None, &earlier.number).await?;
    let letter = Letter {
        content_hash: content_hash(&earlier.number, &body_html),
        body_html,
        drafted_by: staff.user_id.clone(),
        drafted_at: tx.now_text(),
        template_id: template.id,
        ..earlier.clone()
    };
    store::rewrite(tx.conn(), &letter).await?;
    tx.record(act(dossier, "redrafted", &letter));
    Ok(letter)
}

/// The text in the wording that holds today.
async fn draft(
    tx: &mut Tx,
    dossier: &Dossier,
    kind: LetterKind,
    asked: Option<&Consultation>,
    number: &str,
) -> anyhow::Result<(Template, String)> {
    let today = tx.today();
    let template = templates::in_force(tx.conn(), &dossier.request.agency_id, kind, today).await?;
    let applicant = &dossier.request.applicant_name(tx.keys())?;
    let body = written(&template, Matter { dossier, applicant, asked, on: today }, number);
    let body = body.ok_or_else(|| anyhow::anyhow!("a letter about something the dossier does not have"))?;
    Ok((template, body))
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

async fn put(
    tx: &mut Tx,
    dossier: &Dossier,
    template: &Template,
    number: String,
    body_html: String,
) -> anyhow::Result<Letter> {
    let Some(drafted_by) = tx.by().user_id().map(str::to_owned) else {
        anyhow::bail!("a letter is drafted by a member of staff")
    };
    let letter = Letter {
        id: tx.new_id(),
        request_id: dossier.request.id.clone(),
        kind: template.kind,
        content_hash: content_hash(&number, &body_html),
        number,
        body_html,
        drafted_by,
        drafted_at: tx.now_text(),
        template_id: template.id.clone(),
        review_id: None,
        review: None,
        issued_at: None,
        delivery: None,
        sealed: None,
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
