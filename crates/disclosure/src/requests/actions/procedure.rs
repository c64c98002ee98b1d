//! Between receipt and answer: supplement, extension, fee, withdrawal.

use gongkai_statute::deadlines::{FactError, dues};
use gongkai_statute::decisions::Decision;
use gongkai_statute::fees::{self, FeeBasis};
use gongkai_statute::parameters::Parameter;
use jiff::civil::Date;
use serde_json::json;

use super::super::machine::{Event, ExtensionStanding};
use super::super::{Answer, Approval, Dossier, Extension, Fee, RequestRefusal as R, Supplement, store};
use super::{Told, in_order, lawful, opened, outside_day, required, settle};
use crate::accounts::{Permission, Role, Staff};
use crate::db::Tx;
use crate::error::{Failure, Result};
use crate::letters::{self, LetterKind};

/// 补正告知 — tells the applicant once, within seven working days, what is missing and until when. 《条例》第三十条.
pub async fn notice_supplement(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    items: &str,
    working_days: Option<u32>,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let items = required(&mut faults, "items", items, 1000, "需要补正的事项");
    let days = working_days.filter(|days| (5..=30).contains(days));
    if days.is_none() {
        faults.push(R::field("working_days", "补正期限应当合理，请填写5至30个工作日。"));
    }
    let to = in_order(&dossier, Event::NoticeSupplement, today, faults)?;
    let supplement = Supplement {
        noticed_on: today,
        due_on: dossier.calendar().add_working_days(today, days.unwrap_or_default()),
        items,
        supplemented_on: None,
        answer: None,
    };
    let after = lawful(&dossier, |d| d.supplement = Some(supplement.clone()))?;
    store::put_supplement(tx.conn(), &after.request.id, &supplement).await?;
    let detail = json!({"due_on": supplement.due_on.to_string()});
    let after = settle(tx, after, to, Event::NoticeSupplement, today, detail).await?;
    letters::actions::send(tx, &after, LetterKind::SupplementNotice, None).await?;
    Ok(after)
}

/// 收到补正 — the reply period starts again. 《条例》第三十条.
pub async fn record_supplement(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    supplemented_on: Option<Date>,
    answer: &str,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    take_supplement(tx, dossier, supplemented_on, answer).await
}

/// The same, whoever brings it.
pub(in crate::requests) async fn take_supplement(
    tx: &mut Tx,
    dossier: Dossier,
    supplemented_on: Option<Date>,
    answer: &str,
) -> Result<Dossier, R> {
    let today = tx.today();
    let mut faults = Vec::new();
    let noticed_on = dossier.supplement.as_ref().map_or(today, |s| s.noticed_on);
    let earliest = (noticed_on, "补正告知之日");
    let day = outside_day(&mut faults, "supplemented_on", supplemented_on, earliest, today);
    let answer = required(&mut faults, "answer", answer, 2000, "补正后的申请内容");
    let to = in_order(&dossier, Event::RecordSupplement, today, faults)?;
    let after = lawful(&dossier, |d| {
        if let Some(supplement) = &mut d.supplement {
            supplement.supplemented_on = Some(day);
            supplement.answer = Some(answer);
        }
    })?;
    if let Some(supplement) = &after.supplement {
        store::put_supplement(tx.conn(), &after.request.id, supplement).await?;
    }
    settle(tx, after, to, Event::RecordSupplement, day, json!({})).await
}

/// 提请延长答复期限 — asked for by the officer; has no effect until someone else approves. 《条例》第三十三条第二款.
pub async fn propose_extension(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    ground: &str,
    working_days: Option<u32>,
) -> Result<Dossier, R> {
    let mut dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let ground = required(&mut faults, "ground", ground, 500, "需要延长的理由");
    let most = Parameter::ExtensionWorkingDaysMax.current().value;
    let days = working_days.filter(|days| (1..=most).contains(days));
    if days.is_none() {
        faults.push(R::field("working_days", format!("延长的期限为1至{most}个工作日，请修改。")));
    }
    let to = in_order(&dossier, Event::ProposeExtension, today, faults)?;
    let extension = Extension {
        ground,
        working_days: days.unwrap_or_default(),
        proposed_on: today,
        proposed_by: staff.user_id.clone(),
        approval: None,
    };
    // Too late today is too late tomorrow: the approval is tried before anyone is asked for it.
    let approved = Extension { approval: Some(approval(staff, today)), ..extension.clone() };
    lawful(&dossier, |d| d.extension = Some(approved))?;
    store::put_extension(tx.conn(), &dossier.request.id, &extension).await?;
    let told = Told {
        facts: json!({"working_days": extension.working_days}),
        words: json!({"ground": extension.ground}),
    };
    dossier.extension = Some(extension);
    settle(tx, dossier, to, Event::ProposeExtension, today, told).await
}

/// 同意延长并告知申请人 — by a section head or leader who did not ask for it; the notice leaves at once.
/// 《条例》第三十三条第二款.
pub async fn approve_extension(tx: &mut Tx, staff: &Staff, number: &str) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::ReadRequests).await?;
    let today = tx.today();
    let to = in_order(&dossier, Event::ApproveExtension, today, not_an_approver(&dossier, staff))?;
    let after = lawful(&dossier, |d| {
        if let Some(extension) = &mut d.extension {
            extension.approval = Some(approval(staff, today));
        }
    })?;
    if let Some(extension) = &after.extension {
        store::put_extension(tx.conn(), &after.request.id, extension).await?;
    }
    let due_on = after.request.reply_due_on.map(|day| day.to_string());
    let after = settle(tx, after, to, Event::ApproveExtension, today, json!({"due_on": due_on})).await?;
    letters::actions::send(tx, &after, LetterKind::ExtensionNotice, None).await?;
    Ok(after)
}

/// 不同意延长 — the proposal is taken off; another can be made.
pub async fn decline_extension(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    opinion: &str,
) -> Result<Dossier, R> {
    let mut dossier = opened(tx, staff, number, Permission::ReadRequests).await?;
    let today = tx.today();
    let mut faults = not_an_approver(&dossier, staff);
    let opinion = required(&mut faults, "opinion", opinion, 500, "不同意的意见");
    let to = in_order(&dossier, Event::DeclineExtension, today, faults)?;
    store::delete_proposed_extension(tx.conn(), &dossier.request.id).await?;
    dossier.extension = None;
    settle(tx, dossier, to, Event::DeclineExtension, today, Told::words(json!({"opinion": opinion}))).await
}

fn approval(by: &Staff, on: Date) -> Approval {
    Approval { approved_on: on, approved_by: by.user_id.clone(), noticed_on: on }
}

fn not_an_approver(dossier: &Dossier, staff: &Staff) -> Vec<R> {
    let at = &dossier.request.agency_id;
    let mut reasons = Vec::new();
    if !staff.holds(Role::SectionHead, at) && !staff.holds(Role::Leader, at) {
        reasons.push(R::NotAnApprover);
    }
    if dossier.extension.as_ref().is_some_and(|extension| extension.proposed_by == staff.user_id) {
        reasons.push(R::OwnProposal);
    }
    reasons
}

/// 收费通知 — the amount is the law's, not the officer's. 《信息处理费管理办法》.
///
/// `count` is pages for 按量计收. For 按件计收 it is the rank of this request among those of the applicant in the calendar
/// month, which the register knows and nobody types otherwise; what is charged is the step this request adds.
pub async fn notice_fee(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    basis: Option<FeeBasis>,
    count: Option<u64>,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    if basis.is_none() {
        faults.push(R::field("basis", "请选择计收标准；一件申请只适用其中一种。"));
    }
    let ranked = store::item_of_month(tx.conn(), &dossier.request).await?;
    let count = match basis {
        Some(FeeBasis::ByItem) => {
            if let (Some(typed), Some(rank)) = (count, ranked)
                && typed != rank
            {
                let words = format!(
                    "按收到之日，这是该申请人本自然月内的第{rank}件，不是第{typed}件；按件计收可以不填。"
                );
                faults.push(R::field("count", words));
            }
            ranked
        }
        _ => count.filter(|count| *count > 0),
    };
    if dossier.renewal.is_some() && basis == Some(FeeBasis::ByItem) {
        faults.push(R::field("basis", "重新办理的不是新的一件申请，不能按件计收；按量计收的，请选择按量。"));
    }
    if count.is_none() && basis != Some(FeeBasis::ByItem) {
        faults.push(R::field("count", "请填写页数，大于零的整数。"));
    }
    let mut fee = None;
    if let (Some(basis), Some(count)) = (basis, count) {
        match charge(basis, count, today) {
            Ok(0) => faults.push(R::field(
                "count",
                format!("{count}{}在免费范围内，不收费，请直接办理。", basis.unit()),
            )),
            Ok(amount_yuan) => {
                let due = dues::fee_payment_due(today, dossier.calendar());
                let due_on = due.map_or(today, |due| due.on);
                fee = Some(Fee { basis, count, amount_yuan, noticed_on: today, due_on, paid_on: None });
            }
            Err(error) => faults.push(R::field("count", format!("{}。", error.message))),
        }
    }
    let to = in_order(&dossier, Event::NoticeFee, today, faults)?;
    let after = lawful(&dossier, |d| d.fee = fee)?;
    let Some(fee) = &after.fee else { return Err(Failure::Refused(Vec::new())) };
    store::put_fee(tx.conn(), &after.request.id, fee).await?;
    let detail = json!({"amount_yuan": fee.amount_yuan, "due_on": fee.due_on.to_string()});
    let after = settle(tx, after, to, Event::NoticeFee, today, detail).await?;
    letters::actions::send(tx, &after, LetterKind::FeeNotice, None).await?;
    Ok(after)
}

/// 应收金额.
fn charge(basis: FeeBasis, count: u64, on: Date) -> std::result::Result<u64, FactError> {
    let all = fees::fee(basis, count, on)?.yuan;
    match basis {
        FeeBasis::ByPage => Ok(all),
        FeeBasis::ByItem => Ok(all - fees::fee(basis, count - 1, on)?.yuan),
    }
}

/// 收到缴费 — the handling period starts again the day after. 《信息处理费管理办法》第六条.
pub async fn record_payment(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    paid_on: Option<Date>,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let today = tx.today();
    let mut faults = Vec::new();
    let noticed_on = dossier.fee.as_ref().map_or(today, |fee| fee.noticed_on);
    let day = outside_day(&mut faults, "paid_on", paid_on, (noticed_on, "通知缴费之日"), today);
    let to = in_order(&dossier, Event::RecordPayment, today, faults)?;
    let after = lawful(&dossier, |d| {
        if let Some(fee) = &mut d.fee {
            fee.paid_on = Some(day);
        }
    })?;
    if let Some(fee) = &after.fee {
        store::put_fee(tx.conn(), &after.request.id, fee).await?;
    }
    settle(tx, after, to, Event::RecordPayment, day, json!({})).await
}

/// 申请人撤回 — recorded by the office when it came to the office.
pub async fn withdraw(tx: &mut Tx, staff: &Staff, number: &str, note: &str) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let mut faults = Vec::new();
    let note = required(&mut faults, "note", note, 500, "申请人撤回的方式和说明");
    close(tx, dossier, Event::Withdraw, Decision::Withdrawn, &note, faults).await
}

/// 逾期不补正 — no longer processed. 《条例》第三十条.
pub async fn close_not_supplemented(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    note: &str,
) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    let decision = Decision::NotSupplementedInTime;
    close(tx, dossier, Event::CloseNotSupplemented, decision, note, Vec::new()).await
}

/// 逾期未缴费 — no longer processed. 《信息处理费管理办法》第六条.
pub async fn close_fee_unpaid(tx: &mut Tx, staff: &Staff, number: &str, note: &str) -> Result<Dossier, R> {
    let dossier = opened(tx, staff, number, Permission::HandleRequests).await?;
    close(tx, dossier, Event::CloseFeeUnpaid, Decision::FeeNotPaidInTime, note, Vec::new()).await
}

/// Closes without a reply. What was never received is not counted, so it gets no decision.
pub(in crate::requests) async fn close(
    tx: &mut Tx,
    mut dossier: Dossier,
    event: Event,
    decision: Decision,
    note: &str,
    faults: Vec<R>,
) -> Result<Dossier, R> {
    let today = tx.today();
    let to = in_order(&dossier, event, today, faults)?;
    if dossier.standing(today).extension == ExtensionStanding::Proposed {
        store::delete_proposed_extension(tx.conn(), &dossier.request.id).await?;
        dossier.extension = None;
    }
    let note = note.trim().to_owned();
    let is_received = dossier.request.received_on.is_some();
    dossier.request.answer = is_received.then(|| Answer {
        decision,
        ground: None,
        reason: note.clone(),
        parts: Vec::new(),
        portions: Vec::new(),
        path: Vec::new(),
    });
    dossier.request.closed_on = Some(today);
    settle(tx, dossier, to, event, today, Told::words(json!({"note": note}))).await
}
