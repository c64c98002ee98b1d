//! Telling an answered request.

use serde_json::json;

use super::{LogRefusal as R, Person, Telling, names_of, store};
use crate::accounts::{Permission, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Failure, Result, refuse, unless_refused};
use crate::files::Prepared;
use crate::privacy::Particulars;
use crate::publishing::actions::{Drafted, attach, draft_entry};
use crate::publishing::{DisclosureClass, Draft, Genre};
use crate::requests::{self, RequestState};

/// 转为主动公开 — drafts an entry under a line of the catalogue; the files that went out with the reply go with it. It is
/// published when it has been reviewed and signed, not before.
///
/// # Errors
/// Whatever still says who asked; everything at once.
pub async fn propose(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    line_id: &str,
    telling: &Telling,
    files: &[Prepared],
) -> Result<Drafted, R> {
    let Some(dossier) = requests::by_number(tx.conn(), number).await? else { return refuse(R::NotFound) };
    let request = &dossier.request;
    if !staff.may(Permission::ReadRequests, &request.agency_id) {
        return refuse(R::NotFound);
    }
    if !staff.may(Permission::HandleRequests, &request.agency_id) {
        return refuse(R::Forbidden);
    }
    let is_answered = matches!(request.state, RequestState::Replied | RequestState::Archived);
    let (Some(answer), Some(answered_on), true) = (&request.answer, request.closed_on, is_answered) else {
        return refuse(R::NotAnswered);
    };
    if store::entry_of(tx.conn(), &request.id).await?.is_some() {
        return refuse(R::ToldBefore);
    }
    let known = Particulars::opened(tx.keys(), &request.id, &request.applicant.particulars)?;
    let names = names_of(&dossier, tx.keys())?;
    let person = Person::of(&dossier, &known.unwrap_or_default(), &names);
    let mut faults = Vec::new();
    for (field, what, text) in [
        ("title", "标题", &telling.title),
        ("asked", "申请公开的内容", &telling.asked),
        ("answered", "答复的内容", &telling.answered),
    ] {
        if text.trim().is_empty() {
            faults.push(R::Field { field, words: format!("请填写{what}。") });
        } else if let Some(word) = person.found_in(text) {
            let words = format!("{what}里还有申请人的信息“{word}”，公开前请去掉。");
            faults.push(R::Field { field, words });
        }
    }
    if line_id.is_empty() {
        faults.push(R::Field { field: "line", words: "请选择公开目录的事项。".into() });
    }
    for file in files {
        if let Some(word) = person.found_in(&file.file.name) {
            let words = format!("文件名“{}”里还有申请人的信息“{word}”，请改名后再转。", file.file.name);
            faults.push(R::Entry(words));
        }
    }
    unless_refused(faults)?;
    let draft = Draft {
        title: telling.title.trim().to_owned(),
        summary: telling.asked.trim().chars().take(200).collect(),
        body: format!("申请公开的内容\n{}\n答复的内容\n{}", telling.asked.trim(), telling.answered.trim()),
        genre: Genre::Notice.code().into(),
        keywords: "依申请公开".into(),
        source: dossier.agency.name.clone(),
        made_on: answered_on.to_string(),
        disclosure_class: DisclosureClass::Proactive.code().into(),
        ..Draft::default()
    };
    let drafted = draft_entry(tx, staff, line_id, &draft).await.map_err(of_publishing)?;
    for file in files {
        attach(tx, staff, &drafted.edition_id, file).await.map_err(of_publishing)?;
    }
    let now = tx.now_text();
    let of = (answer.decision.code(), answered_on.to_string());
    store::insert(tx.conn(), &request.id, &drafted.entry_id, (of.0, &of.1), (&staff.user_id, &now)).await?;
    let detail = json!({"number": request.number, "entry": drafted.entry_id});
    tx.record(Act::new("disclosure_log", "proposed", &request.agency_id, &request.id, detail));
    Ok(drafted)
}

fn of_publishing(failure: Failure<crate::publishing::PublishingRefusal>) -> Failure<R> {
    match failure {
        Failure::Refused(reasons) => {
            Failure::Refused(reasons.iter().map(|reason| R::Entry(reason.to_string())).collect())
        }
        Failure::Unexpected(error) => Failure::Unexpected(error),
    }
}
