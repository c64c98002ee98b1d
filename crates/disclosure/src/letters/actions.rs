//! Writing letters and letting them go. The rooms call these; no surface does.

use gongkai_statute::decisions::{Decision, Head};
use serde_json::json;

use super::template::Template;
use super::writing::{ArchiveContents, Matter, written};
use super::{Letter, LetterKind, content_hash, sealed, store, templates};
use crate::accounts::Staff;
use crate::audit::Act;
use crate::db::Tx;
use crate::mail;
use crate::requests::{Consultation, DeliveryWay, Dossier};

/// Writes a letter that leaves with the act that makes it; `asked` is the consultation it is about. The applicant is told
/// by mail that there is one.
pub(crate) async fn send(
    tx: &mut Tx,
    dossier: &Dossier,
    kind: LetterKind,
    asked: Option<&Consultation>,
) -> anyhow::Result<()> {
    let number = next_number(tx, dossier, kind).await?;
    let (template, body) = draft(tx, dossier, kind, (asked, None), &number).await?;
    let letter = put(tx, dossier, &template, number, body).await?;
    tell(tx, dossier, &letter).await
}

/// 案卷封面 — when the dossier is closed for good.
pub(crate) async fn cover(tx: &mut Tx, dossier: &Dossier, contents: &ArchiveContents) -> anyhow::Result<()> {
    let kind = LetterKind::ArchiveCover;
    let number = next_number(tx, dossier, kind).await?;
    let (template, body) = draft(tx, dossier, kind, (None, Some(contents)), &number).await?;
    put(tx, dossier, &template, number, body).await?;
    Ok(())
}

/// A line in the applicant's mailbox, where one was given: that there is a letter, and nothing of what it says.
async fn tell(tx: &mut Tx, dossier: &Dossier, letter: &Letter) -> anyhow::Result<()> {
    if !letter.kind.is_to_applicant() {
        return Ok(());
    }
    let body = format!(
        "您好：\n\n您的政府信息公开申请（编号 {}）有一份新的文书：《{}》（{}）。\n\n请在网站“依申请公开—查询申请进度”用编号和查询码查看全文。\n\n{}\n联系电话：{}\n{}",
        dossier.request.number,
        letter.kind.label(),
        letter.number,
        dossier.agency.name,
        dossier.agency.phone,
        tx.today()
    );
    let applicant = (dossier.request.id.as_str(), dossier.request.applicant.particulars.as_str());
    mail::actions::post_to_applicant(tx, applicant, "政府信息公开申请有新的文书", &body).await
}

/// 拟定答复书 — from the dossier. One that came back is written anew under its own number; where the answer counts under
/// another head, under a number of that series, and the earlier one never leaves.
pub(crate) async fn draft_reply(tx: &mut Tx, staff: &Staff, dossier: &Dossier) -> anyhow::Result<Letter> {
    let kind = dossier.request.answer.as_ref().map_or(LetterKind::Reply, LetterKind::of_answer);
    let series = format!("{}{}〔", dossier.agency.document_word, kind.series(head_of(dossier)));
    let is_same = |letter: &&Letter| letter.kind == kind && letter.number.starts_with(&series);
    let Some(earlier) = dossier.letters.iter().rfind(is_same) else {
        let number = next_number(tx, dossier, kind).await?;
        let (template, body) = draft(tx, dossier, kind, (None, None), &number).await?;
        return put(tx, dossier, &template, number, body).await;
    };
    let (template, body_html) = draft(tx, dossier, kind, (None, None), &earlier.number).await?;
    let content_hash = content_hash(&earlier.number, &body_html);
    let letter = Letter {
        sealed_text: sealed(tx.keys(), &dossier.request, (&earlier.id, &content_hash), &body_html)?,
        content_hash,
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
    (asked, archive): (Option<&Consultation>, Option<&ArchiveContents>),
    number: &str,
) -> anyhow::Result<(Template, String)> {
    let today = tx.today();
    let template = templates::in_force(tx.conn(), &dossier.request.agency_id, kind, today).await?;
    let applicant = &dossier.request.applicant_name(tx.keys())?;
    let body = written(&template, Matter { dossier, applicant, asked, archive, on: today }, number);
    let body = body.ok_or_else(|| anyhow::anyhow!("a letter about something the dossier does not have"))?;
    Ok((template, body))
}

/// 发出 — through the door that asks for the signature.
pub(crate) async fn issue(
    tx: &mut Tx,
    dossier: &Dossier,
    reply: &Letter,
    delivery: DeliveryWay,
) -> anyhow::Result<()> {
    let by = tx.by().user_id().unwrap_or_default().to_owned();
    let now = tx.now_text();
    store::issue(tx.conn(), reply, &by, &now, delivery).await?;
    tell(tx, dossier, reply).await
}

/// The head of table three the answer counts under; before there is one it says nothing.
fn head_of(dossier: &Dossier) -> Head {
    let decision = dossier.request.answer.as_ref().map_or(Decision::Other, |answer| answer.decision);
    decision.outcome().head()
}

/// 松溪政公复〔2026〕12号: one series per agency, kind and year, of replies one per head.
async fn next_number(tx: &mut Tx, dossier: &Dossier, kind: LetterKind) -> anyhow::Result<String> {
    let agency = &dossier.agency;
    let (series, year) = (kind.series(head_of(dossier)), tx.today().year());
    let serial = tx.next_number(&format!("letter {} {series} {year}", agency.code)).await?;
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
    let (id, content_hash) = (tx.new_id(), content_hash(&number, &body_html));
    let letter = Letter {
        sealed_text: sealed(tx.keys(), &dossier.request, (&id, &content_hash), &body_html)?,
        request_key: dossier.request.request_key.clone(),
        id,
        request_id: dossier.request.id.clone(),
        kind: template.kind,
        content_hash,
        number,
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
