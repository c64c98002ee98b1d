//! Handing over, approving, destroying.

use jiff::civil::Date;
use serde_json::json;

use super::{Destruction, Matter, RetentionRefusal as R, Term, Transfer, erasure, store};
use crate::accounts::{Permission, Role, Staff};
use crate::audit::Act;
use crate::db::Tx;
use crate::error::{Result, refuse, unless_refused};
use crate::files::FileStore;
use crate::privacy::{self, Particulars, Purpose, Seen};
use crate::requests::evidence::{self, Opened};
use crate::requests::{self, Dossier};

/// What a request hands over besides its letters.
pub struct Papers {
    pub dossier: Dossier,
    pub applicant: String,
    pub agent: Option<String>,
    /// `None` when it was destroyed before.
    pub particulars: Option<Particulars>,
    pub files: Vec<(evidence::EvidenceKind, Opened)>,
}

fn may(staff: &Staff, permission: Permission, agency_id: &str) -> Result<(), R> {
    if staff.may(permission, agency_id) { Ok(()) } else { refuse(R::Forbidden) }
}

/// 归档案卷 of a year, opened for the package; each opening is on record.
pub async fn papers(
    tx: &mut Tx,
    files: &FileStore,
    staff: &Staff,
    agency_id: &str,
    year: i64,
) -> Result<Vec<Papers>, R> {
    may(staff, Permission::HandleRequests, agency_id)?;
    let numbers = store::transferable(tx.conn(), agency_id, year).await?;
    if numbers.is_empty() {
        return refuse(R::NothingToTransfer);
    }
    let (list_id, keys) = (tx.new_id(), tx.keys().clone());
    let reason = format!("{year}年案卷移交档案馆");
    let mut all = Vec::new();
    for (id, number) in numbers {
        let Some(dossier) = requests::by_number(tx.conn(), &number).await? else { continue };
        let sealed = privacy::store::Sealed {
            id: id.clone(),
            agency_id: agency_id.to_owned(),
            particulars: String::new(),
            applicant_name: String::new(),
            agent_name: None,
            request_key: String::new(),
        };
        let particulars = Particulars::opened(&keys, &id, &dossier.request.applicant.particulars)?;
        let mut opened = Vec::new();
        for file in evidence::within_reach(tx.conn(), &id).await? {
            if let Some(content) = evidence::read(&keys, files, &file).await? {
                let (label, list) = (file.kind.label(), Some(list_id.as_str()));
                privacy::actions::note(
                    tx,
                    staff,
                    &sealed,
                    Seen::File,
                    label,
                    Purpose::Archive,
                    &reason,
                    list,
                )
                .await?;
                opened.push((file.kind, content));
            }
        }
        let list = Some(list_id.as_str());
        privacy::actions::note(tx, staff, &sealed, Seen::Particulars, "", Purpose::Archive, &reason, list)
            .await?;
        let (applicant, agent) = (dossier.request.applicant_name(&keys)?, dossier.request.agent_name(&keys)?);
        all.push(Papers { dossier, applicant, agent, particulars, files: opened });
    }
    Ok(all)
}

/// 移交 — notes the package that was made of these.
pub async fn record_transfer(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    year: i64,
    papers: &[Papers],
    package_sha256: &str,
) -> Result<Transfer, R> {
    may(staff, Permission::HandleRequests, agency_id)?;
    let ids: Vec<String> = papers.iter().map(|one| one.dossier.request.id.clone()).collect();
    let transfer = Transfer {
        id: tx.new_id(),
        agency_id: agency_id.to_owned(),
        year,
        package_sha256: package_sha256.to_owned(),
        requests: i64::try_from(ids.len()).map_err(anyhow::Error::from)?,
        made_by: staff.name.clone(),
        made_at: tx.now_text(),
        accession: None,
    };
    store::insert_transfer(tx.conn(), &transfer, &staff.user_id, &ids).await?;
    let detail = json!({"year": year, "requests": ids.len(), "package_sha256": package_sha256});
    tx.record(Act::new("retention", "packed", agency_id, &transfer.id, detail));
    Ok(transfer)
}

/// 接收凭证 — the receipt of the archive.
pub async fn record_accession(
    tx: &mut Tx,
    staff: &Staff,
    transfer_id: &str,
    number: &str,
    accepted_on: Option<Date>,
    accepted_by: &str,
) -> Result<(), R> {
    let Some((agency_id, is_accepted)) = store::transfer_state(tx.conn(), transfer_id).await? else {
        return refuse(R::NotFound);
    };
    may(staff, Permission::HandleRequests, &agency_id)?;
    if is_accepted == 1 {
        return refuse(R::AcceptedBefore);
    }
    let mut faults = Vec::new();
    let mut fault = |field, words| faults.push(R::Field { field, words });
    let (number, accepted_by) = (number.trim(), accepted_by.trim());
    if number.is_empty() || number.chars().count() > 60 {
        fault("accession_number", "请填写档案馆的接收编号，不超过60字。");
    }
    if accepted_by.is_empty() || accepted_by.chars().count() > 60 {
        fault("accepted_by", "请填写接收单位和接收人，不超过60字。");
    }
    match accepted_on {
        None => fault("accepted_on", "请填写接收的日期。"),
        Some(day) if day > tx.today() => fault("accepted_on", "日期不能晚于今天，请核对。"),
        Some(_) => {}
    }
    unless_refused(faults)?;
    let Some(day) = accepted_on else { return refuse(R::NotFound) };
    store::accept(tx.conn(), transfer_id, number, day, accepted_by).await?;
    let detail = json!({"accession_number": number, "accepted_on": day.to_string()});
    tx.record(Act::new("retention", "accepted", &agency_id, transfer_id, detail));
    Ok(())
}

/// 设定保管期限 — by a leader, with its basis.
pub async fn set_term(
    tx: &mut Tx,
    staff: &Staff,
    agency_id: &str,
    years: Option<u32>,
    basis: &str,
) -> Result<(), R> {
    may(staff, Permission::SetChains, agency_id)?;
    let mut faults = Vec::new();
    let years = years.filter(|years| (1..=100).contains(years));
    if years.is_none() {
        faults.push(R::Field { field: "years", words: "保管期限为1至100年，请修改。" });
    }
    let basis = basis.trim();
    if basis.is_empty() || basis.chars().count() > 200 {
        let words = "请写明依据，例如本机关的归档范围和文书档案保管期限表，不超过200字。";
        faults.push(R::Field { field: "basis", words });
    }
    unless_refused(faults)?;
    let term = Term { years: years.unwrap_or_default(), basis: basis.to_owned() };
    store::put_term(tx.conn(), agency_id, &term).await?;
    let detail = json!({"years": term.years, "basis": term.basis});
    tx.record(Act::new("retention", "term_set", agency_id, agency_id, detail));
    Ok(())
}

/// 提出销毁清册 — everything that is due.
pub async fn propose(tx: &mut Tx, staff: &Staff, agency_id: &str, ground: &str) -> Result<Destruction, R> {
    may(staff, Permission::HandleRequests, agency_id)?;
    let ground = ground.trim();
    let today = tx.today();
    let items = store::due(tx.conn(), agency_id, today).await?;
    let mut faults = Vec::new();
    if items.is_empty() {
        faults.push(R::NothingDue);
    }
    if ground.is_empty() || ground.chars().count() > 300 {
        faults.push(R::Field {
            field: "ground", words: "请写明销毁的依据和鉴定的意见，不超过300字。"
        });
    }
    unless_refused(faults)?;
    let year = today.year();
    let code = crate::accounts::agency(tx.conn(), agency_id).await?.map(|a| a.code.to_ascii_uppercase());
    let code = code.unwrap_or_default();
    let serial = tx.next_number(&format!("destruction {code} {year}")).await?;
    let list = Destruction {
        id: tx.new_id(),
        agency_id: agency_id.to_owned(),
        number: format!("{code}-XH-{year}-{serial:02}"),
        ground: ground.to_owned(),
        proposed_by_id: staff.user_id.clone(),
        proposed_by: staff.name.clone(),
        proposed_at: tx.now_text(),
        approvals: Vec::new(),
        carried_out: None,
        items,
    };
    store::insert_destruction(tx.conn(), &list).await?;
    let detail = json!({"number": list.number, "requests": list.items.len(), "ground": list.ground});
    tx.record(Act::new("retention", "destruction_proposed", agency_id, &list.id, detail));
    Ok(list)
}

async fn opened(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Destruction, R> {
    match store::destruction(tx.conn(), id).await? {
        Some(list) if staff.may(Permission::ReadRequests, &list.agency_id) => Ok(list),
        _ => refuse(R::NotFound),
    }
}

/// 批准销毁 — a section head or leader; two of them, neither the proposer.
pub async fn approve(tx: &mut Tx, staff: &Staff, id: &str) -> Result<Destruction, R> {
    let list = opened(tx, staff, id).await?;
    let at = &list.agency_id;
    let mut faults = Vec::new();
    if ![Role::SectionHead, Role::Leader, Role::PrincipalLeader].iter().any(|role| staff.holds(*role, at)) {
        return refuse(R::Forbidden);
    }
    if list.proposed_by_id == staff.user_id {
        faults.push(R::OwnList);
    }
    if list.approvals.iter().any(|(by, ..)| *by == staff.user_id) {
        faults.push(R::ApprovedBefore);
    }
    if list.carried_out.is_some() || list.approvals.len() >= 2 {
        faults.push(R::CarriedOutBefore);
    }
    unless_refused(faults)?;
    let (is_second, now) = (list.approvals.len() == 1, tx.now_text());
    store::approve(tx.conn(), id, is_second, &staff.user_id, &now).await?;
    let detail = json!({"number": list.number, "approval": list.approvals.len() + 1});
    tx.record(Act::new("retention", "destruction_approved", at, id, detail));
    match store::destruction(tx.conn(), id).await? {
        Some(list) => Ok(list),
        None => refuse(R::NotFound),
    }
}

/// 执行销毁 — words and files are removed, files looked for again; the list stays.
pub async fn carry_out(tx: &mut Tx, files: &FileStore, staff: &Staff, id: &str) -> Result<usize, R> {
    let list = opened(tx, staff, id).await?;
    may(staff, Permission::HandleRequests, &list.agency_id)?;
    let mut faults = Vec::new();
    if list.carried_out.is_some() {
        faults.push(R::CarriedOutBefore);
    }
    if list.approvals.len() < 2 {
        faults.push(R::NotApproved);
    }
    let open = store::pending_cases(tx.conn(), id).await?;
    faults.extend(open.into_iter().map(|number| R::CaseOpen { number }));
    unless_refused(faults)?;
    let mut removed = 0;
    for item in &list.items {
        removed += match item.matter {
            Matter::Request => erasure::erase(tx, files, &item.id).await?,
            Matter::Grievance | Matter::Letter => erasure::erase_letter(tx, item).await?,
        };
    }
    let now = tx.now_text();
    store::carried_out(tx.conn(), id, &staff.user_id, &now).await?;
    let numbers: Vec<&str> = list.items.iter().map(|item| item.number.as_str()).collect();
    let detail = json!({"number": list.number, "requests": numbers, "files": removed});
    tx.record(Act::new("retention", "destroyed", &list.agency_id, id, detail));
    Ok(removed)
}
