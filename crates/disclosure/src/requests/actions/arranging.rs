//! 移交、拆分、并案 — who works on a request, and how many requests it is. 一事一申请 is offered by the page and decided by the
//! officer: the program never takes a request apart or puts two together by itself.

use gongkai_statute::decisions::Decision;
use serde_json::json;

use super::super::machine::Event;
use super::super::{Applicant, Dossier, Request, RequestRefusal as R, store};
use super::filing::next_number;
use super::{Told, close, in_order, note, opened, required, settle};
use crate::accounts::{Permission, Staff, staff_list};
use crate::db::Tx;
use crate::error::Result;
use crate::letters::{self, LetterKind};
use crate::mail;
use crate::privacy::{self, Name, Particulars, RequestKey};

/// The most requests one is taken apart into.
pub const MOST_PARTS: usize = 6;

/// 移交承办 — to a colleague of the same agency who handles requests; they are told by mail, without the person who asks.
pub async fn hand_over(tx: &mut Tx, staff: &Staff, number: &str, to: &str, why: &str) -> Result<Dossier, R> {
    let mut dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let why = required(&mut faults, "why", why, 200, "移交的原因");
    let people = staff_list(tx.conn(), Some(&dossier.request.agency_id)).await?;
    let handles = |roles: &[crate::accounts::Role]| {
        roles.iter().any(|role| role.permissions().contains(&Permission::HandleRequests))
    };
    let next = people.into_iter().find(|one| one.user_id == to && one.is_active && handles(&one.roles));
    match &next {
        None => faults.push(R::field("to", "请选择本机关能够办理申请的一位在职人员。")),
        Some(next) if dossier.request.handler_id.as_deref() == Some(next.user_id.as_str()) => {
            faults.push(R::field("to", "已经由这位同事承办，请选择其他人。"));
        }
        Some(_) => {}
    }
    let state = in_order(&dossier, Event::HandOver, today, faults)?;
    dossier.request.handler_id = Some(to.to_owned());
    let name = next.map(|next| next.name).unwrap_or_default();
    let told = Told { facts: json!({"to": name}), words: json!({"why": why}) };
    let dossier = settle(tx, dossier, state, Event::HandOver, today, told).await?;
    let own = store::handler_email(tx.conn(), to).await?.filter(|email| !email.is_empty());
    let address = own.unwrap_or_else(|| dossier.agency.email.clone());
    let due = dossier.request.reply_due_on.map_or_else(|| "待起算".to_owned(), |day| day.to_string());
    let body = format!(
        "{name}：\n\n申请 {} 已移交您承办，答复期限 {due}，请登录工作台办理。\n\n{today}",
        dossier.request.number
    );
    mail::actions::post(tx, &address, "政府信息公开申请移交承办", &body).await?;
    Ok(dossier)
}

/// 拆分 — one matter, one request: the first part stays, each further one becomes a request of its own, received on the same
/// day and opened by the same query code; the applicant gets a receipt for each.
///
/// # Errors
/// Something has happened on the way that would have to be taken apart too.
pub async fn split(tx: &mut Tx, staff: &Staff, number: &str, parts: &[String]) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    if !(2..=MOST_PARTS).contains(&parts.len()) {
        faults.push(R::field("parts", format!("请写成2至{MOST_PARTS}件，每行一件。")));
    }
    if parts.iter().any(|part| !(4..=2000).contains(&part.chars().count())) {
        faults.push(R::field("parts", "每一件的内容请写4至2000字。"));
    }
    let has_course = dossier.supplement.is_some()
        || dossier.reasons.is_some()
        || dossier.extension.is_some()
        || dossier.fee.is_some()
        || !dossier.consultations.is_empty();
    if has_course {
        faults
            .push(R::field("parts", "已经告知补正、征求意见、延长期限或者收费的，不能再拆分，请分项答复。"));
    }
    let to = in_order(&dossier, Event::Split, today, faults)?;
    let digest = store::query_code_digest(tx.conn(), &dossier.request.id).await?;
    let mut numbers = Vec::new();
    for part in parts.iter().skip(1) {
        let one = own_dossier(tx, &dossier, part).await?;
        store::insert(tx.conn(), &one.request, &digest).await?;
        let detail = json!({"split_from": dossier.request.number});
        note(tx, &one, Event::Register, dossier.request.submitted_on, detail.into()).await?;
        letters::actions::send(tx, &one, LetterKind::Receipt, None).await?;
        numbers.push(one.request.number);
    }
    let before = dossier.request.description.clone();
    let mut first = dossier;
    first.request.description = parts.first().copied().unwrap_or_default().to_owned();
    store::set_description(tx.conn(), &first.request).await?;
    let told = Told { facts: json!({"numbers": numbers}), words: json!({"before": before}) };
    settle(tx, first, to, Event::Split, today, told).await
}

/// A dossier made from another: the same applicant and the same arrival, nothing else yet.
pub(in crate::requests) async fn own_dossier(
    tx: &mut Tx,
    whole: &Dossier,
    asked: &str,
) -> Result<Dossier, R> {
    let (id, today, keys) = (tx.new_id(), tx.today(), tx.keys().clone());
    let number = next_number(tx, &whole.agency, today).await?;
    let known = Particulars::opened(&keys, &whole.request.id, &whole.request.applicant.particulars)?;
    let agent = whole.request.agent_name(&keys)?;
    let applicant = Applicant {
        name: Name::sealed(&keys, &id, privacy::APPLICANT, &whole.request.applicant_name(&keys)?)?,
        agent_name: agent.map(|name| Name::sealed(&keys, &id, privacy::AGENT, &name)).transpose()?,
        particulars: known.unwrap_or_default().sealed(&keys, &id)?,
        ..whole.request.applicant.clone()
    };
    let created_at = tx.now_text();
    let (description, request_key) = (asked.to_owned(), RequestKey::sealed(&keys, &id)?);
    let request =
        Request { id, number, applicant, request_key, description, created_at, ..whole.request.clone() };
    Ok(Dossier {
        request,
        events: Vec::new(),
        letters: Vec::new(),
        enclosures: Vec::new(),
        moved: Vec::new(),
        ..whole.clone()
    })
}

/// 并案 — the same applicant asks the same twice at once: the later one is answered with the earlier one, and counts as 其他处理.
pub async fn merge(tx: &mut Tx, staff: &Staff, number: &str, into: &str) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let into = into.trim().to_ascii_uppercase();
    let mut faults = Vec::new();
    match store::by_number(tx.conn(), &into).await? {
        Some(other)
            if other.request.agency_id == dossier.request.agency_id && into != dossier.request.number =>
        {
            let (one, same) = (&dossier.request, &other.request);
            if same.state.is_over() {
                faults.push(R::field("into", "那一件已经办结，不能并入；重复申请的，请答复“不予重复处理”。"));
            }
            if one.applicant.identity_match != same.applicant.identity_match
                || one.applicant.kind != same.applicant.kind
            {
                faults.push(R::field("into", "不是同一申请人，不能并案。"));
            }
            if same.received_on.is_none() || same.received_on > one.received_on {
                faults.push(R::field("into", "请并入先收到的一件，答复期限按先收到的计算。"));
            }
        }
        _ => faults.push(R::field("into", "本机关没有这个编号的另一件申请，请核对编号。")),
    }
    let note = format!("内容相同，并入{into}一并答复。");
    close(tx, dossier, Event::Merge, Decision::Other, &note, faults).await
}

/// What may be several subjects in one text: lines, numbered points, clauses ended by semicolons. Offered, never applied.
pub fn subjects(description: &str) -> Vec<String> {
    let numbered = |line: &str| {
        let rest =
            line.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十（(".contains(c));
        rest.trim_start_matches(['、', '.', '．', '）', ')', ' '])
            .trim_end_matches(['。', '；', ';'])
            .trim()
            .to_owned()
    };
    let parts: Vec<String> = description
        .split(['\n', '；', ';'])
        .map(str::trim)
        .map(numbered)
        .filter(|part| part.chars().count() >= 6)
        .collect();
    if (2..=MOST_PARTS).contains(&parts.len()) { parts } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::subjects;

    #[test]
    fn several_subjects_are_offered_and_one_is_left_alone() {
        let two = subjects("1、2025年危房改造补助名单；2、2025年危房改造验收结果。");
        assert_eq!(two, ["2025年危房改造补助名单", "2025年危房改造验收结果"]);
        assert_eq!(subjects("2025年农村危房改造补助名单（第二批）"), Vec::<String>::new());
    }
}
