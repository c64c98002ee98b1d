//! Counts the reply period of one request.
//!
//! The order of thought: when was it received; did the count start again (补正, 缴费); which days are left
//! out (征求意见); how far does the count go (20, or more with an extension). An act that the law does not
//! allow is reported as a refusal and then treated as if it had not happened. A request that is to be decided
//! afresh counts from the decision or judgment that says so, and where that names a day, the day stands.

use jiff::civil::Date;

use super::count::Count;
use super::dues::{self, Due};
use super::facts::{Consultation, Facts, FeeFacts, Order, Supplement};
use super::reading::FactError;
use super::ruling::DeadlineRuling;
use crate::calendar::Calendar;
use crate::citation::Citation;
use crate::cite;
use crate::parameters::Parameter;
use crate::receipt::{Receipt, deciding_field, received};

/// 答复期限 — rules on the facts of one request. `calendar` should be that of the facts' region; see
/// [`Facts::calendar`]. What the law does not allow stands as refusals in the ruling; facts that cannot be
/// true, and a request that does not count as received yet, are an error naming the field.
///
/// ```
/// use gongkai_statute::{calendar::Calendar, deadlines::{Facts, rule}};
/// let facts = Facts::from_json(r#"{"channel": "in_person", "submitted_on": "2024-09-27"}"#)?;
/// let ruling = rule(&facts, Calendar::national())?;
/// assert_eq!(ruling.supplement_notice_due_on.to_string(), "2024-10-12"); // a make-up Saturday
/// assert_eq!(ruling.reply_due_on.unwrap().to_string(), "2024-10-30");
/// # Ok::<(), gongkai_statute::deadlines::FactError>(())
/// ```
pub fn rule(facts: &Facts, calendar: &Calendar) -> Result<DeadlineRuling, FactError> {
    let (received_on, receipt_reason, receipt_citation) = match &facts.order {
        Some(Order { by, received_on, .. }) => {
            (*received_on, format!("收到责令重新答复的{}之日", by.label()), by.citation())
        }
        None => match received(facts.channel, &facts.evidence()) {
            Receipt::Received { on, why, citation } => (on, why, citation),
            Receipt::NotYet { field, needs, citation } => {
                return Err(FactError::new(field, format!("{needs}（{citation}）")));
            }
        },
    };
    check_order(facts, received_on)?;
    let Some(reply_days) = Parameter::ReplyWorkingDays.on(received_on) else {
        let message = format!("{received_on}在现行条例施行（2019-05-15）之前，不能按现行条例计算");
        return Err(FactError::new(deciding_field(facts.channel), message));
    };

    let supplement_notice_due_on = dues::supplement_notice_due(received_on, calendar).on;
    let mut walk = Walk {
        calendar,
        facts,
        count: Count::new(calendar, received_on, reply_days.value),
        waiting: None,
        refusals: Vec::new(),
        notes: Vec::new(),
    };
    if let Some(supplement) = &facts.supplement {
        walk.supplement(supplement, supplement_notice_due_on);
    }
    // Whether an act came in time depends on what was done before it, so acts are taken in their order.
    let mut acts: Vec<_> = facts.consultations.iter().map(Act::Consult).collect();
    acts.extend(facts.fee.as_ref().map(Act::Charge));
    acts.sort_by_key(Act::began_on);
    for act in acts {
        match act {
            Act::Consult(consultation) => walk.consult(consultation),
            Act::Charge(fee) => walk.charge(fee)?,
        }
    }
    Ok(match facts.order.as_ref().and_then(|order| Some((order, order.until?))) {
        Some((order, until)) => {
            walk.ordered(order, until, supplement_notice_due_on, (receipt_reason, receipt_citation))
        }
        None => walk.finish(supplement_notice_due_on, receipt_reason, receipt_citation),
    })
}

/// An act of the office that moves the clock after receipt.
enum Act<'a> {
    Consult(&'a Consultation),
    Charge(&'a FeeFacts),
}

impl Act<'_> {
    fn began_on(&self) -> Date {
        match self {
            Act::Consult(consultation) => consultation.sent_on,
            Act::Charge(fee) => fee.noticed_on,
        }
    }
}

/// The state of the ruling while the acts are gone through.
struct Walk<'a> {
    calendar: &'a Calendar,
    facts: &'a Facts,
    count: Count<'a>,
    /// Since when, and by which provision, the clock waits for the applicant.
    waiting: Option<(Date, Citation)>,
    refusals: Vec<String>,
    notes: Vec<String>,
}

impl Walk<'_> {
    /// 补正: the count starts again when the supplemented request is received. 《条例》第三十条.
    fn supplement(&mut self, supplement: &Supplement, notice_due_on: Date) {
        let law = cite!(Ogi, 30);
        let noticed_on = supplement.noticed_on;
        if noticed_on > notice_due_on {
            self.refusals.push(format!(
                "补正告知应当在{notice_due_on}前作出，{noticed_on}已经超过7个工作日，答复期限不重新计算（{law}）"
            ));
        } else if let Some(supplemented_on) = supplement.supplemented_on {
            self.count.restart(supplemented_on, "补正前，答复期限自收到补正的申请之日起重新计算", law);
        } else {
            self.waiting = Some((noticed_on, law));
            self.notes.push(format!(
                "已于{noticed_on}告知补正，答复期限自收到补正的申请之日起计算，现在不能确定（{law}）"
            ));
        }
    }

    /// 征求意见: the days of waiting are left out. 《条例》第三十三条第三款.
    fn consult(&mut self, consultation: &Consultation) {
        let Consultation { with, sent_on, answered_on } = *consultation;
        let party = with.label();
        if self.waiting.is_none() && sent_on > self.limit() {
            self.refusals.push(format!(
                "答复期限已于{}届满，{sent_on}才征求{party}意见，所需时间不能再扣除（{}）",
                self.limit(),
                cite!(Ogi, 33, 3)
            ));
            return;
        }
        let answer_due_on = dues::consultation_due(with, sent_on, self.calendar).on;
        let (until, result) = match answered_on {
            Some(answered_on) => (answered_on, format!("{answered_on}答复")),
            None => (answer_due_on, format!("未答复，15个工作日至{answer_due_on}届满")),
        };
        if until > answer_due_on {
            self.notes.push(format!(
                "{party}在征求意见书发出后第15个工作日（{answer_due_on}）之后答复，请核对其收到征求意见书的日期（{}）",
                with.citation()
            ));
        }
        self.count.exclude(sent_on, until, format!("征求{party}意见（{sent_on}发出，{result}）"));
    }

    /// 缴费: the period starts again the day after payment. 《信息处理费管理办法》第六条.
    fn charge(&mut self, fee: &FeeFacts) -> Result<(), FactError> {
        let law = cite!(FeeMeasure, 6);
        let Some(Due { on: pay_by, .. }) = dues::fee_payment_due(fee.noticed_on, self.calendar) else {
            let message = "信息处理费管理办法自2021-01-01起施行，此前不能收费";
            return Err(FactError::new("fee.noticed_on", message));
        };
        if self.waiting.is_some() {
            self.refusals.push(format!("申请尚待补正，不能通知缴费（{law}）"));
        } else if fee.noticed_on > self.limit() {
            self.refusals.push(format!(
                "收费通知应当在办理期限内发出，期限已于{}届满，办理期限不重新计算（{law}）",
                self.limit()
            ));
        } else {
            match fee.paid_on {
                Some(paid_on) if paid_on > pay_by => self.refusals.push(format!(
                    "应当在{pay_by}前缴费，{paid_on}已经逾期，视为放弃申请，办理期限不重新计算（{law}）"
                )),
                Some(paid_on) => {
                    self.count.restart(paid_on, "缴费前，办理期限自缴费次日起重新计算", law);
                }
                None => {
                    self.waiting = Some((fee.noticed_on, law));
                    self.notes.push(format!(
                        "已通知缴费，应当在{pay_by}前缴清；办理期限自缴费次日起重新计算，现在不能确定（{law}）"
                    ));
                }
            }
        }
        Ok(())
    }

    /// The day until which an act is still in time, as things stand.
    fn limit(&self) -> Date {
        self.extended().ok().flatten().unwrap_or_else(|| self.count.due())
    }

    /// 延长: approved and announced before the ordinary period ends, within the maximum; or every reason
    /// why not. 《条例》第三十三条第二款.
    fn extended(&self) -> Result<Option<Date>, Vec<String>> {
        let Some(extension) = &self.facts.extension else { return Ok(None) };
        let law = cite!(Ogi, 33, 2);
        let due = self.count.due();
        let mut refusals = Vec::new();
        let most = Parameter::ExtensionWorkingDaysMax.on(self.count.received_on).map_or(0, |max| max.value);
        if extension.working_days > most {
            refusals.push(format!(
                "延长{}个工作日超过最长{most}个工作日，延长不生效（{law}）",
                extension.working_days
            ));
        }
        if extension.approved_on > due {
            refusals.push(format!(
                "答复期限已于{due}届满，{}才同意延长，延长不生效（{law}）",
                extension.approved_on
            ));
        } else if extension.noticed_on > due {
            refusals.push(format!(
                "答复期限已于{due}届满，{}才告知申请人延长，延长不生效（{law}）",
                extension.noticed_on
            ));
        }
        if extension.noticed_on < extension.approved_on {
            refusals.push(format!(
                "应当先经工作机构负责人同意再告知申请人，{}告知时尚未同意（{law}）",
                extension.noticed_on
            ));
        }
        if refusals.is_empty() {
            Ok(Some(self.count.due_with(extension.working_days)))
        } else {
            Err(refusals)
        }
    }

    /// 延迟答复: the office tells the applicant in time that it answers by a later day. 《条例》第三十五条.
    fn delayed(&mut self) -> Option<Date> {
        let delay = self.facts.delay.as_ref()?;
        let (law, limit) = (cite!(Ogi, 35), self.limit());
        let refusals = self.refusals.len();
        if delay.noticed_on > limit {
            self.refusals.push(format!(
                "答复期限已于{limit}届满，{}才告知延迟答复，延迟不生效（{law}）",
                delay.noticed_on
            ));
        }
        if delay.until <= limit {
            self.refusals
                .push(format!("延迟答复的日期{}应当在答复期限届满（{limit}）以后（{law}）", delay.until));
        }
        if self.refusals.len() > refusals {
            return None;
        }
        self.notes.push(format!("申请理由合理，已告知延迟至{}前答复（{law}）", delay.until));
        Some(delay.until)
    }

    /// 责令的期限: the day of the decision or judgment stands, whatever was done on the way. Nothing is counted but the
    /// working days that are left.
    fn ordered(
        self,
        order: &Order,
        until: Date,
        supplement_notice_due_on: Date,
        (receipt_reason, receipt_citation): (String, Citation),
    ) -> DeadlineRuling {
        let (facts, what, law) = (self.facts, order.by.label(), order.by.binding());
        let mut refusals = Vec::new();
        let mut notes = vec![format!("{what}规定的期限至{until}届满（{law}）")];
        if facts.extension.is_some() || facts.delay.is_some() {
            refusals.push(format!("{what}规定了期限，不能自行延长（{law}）"));
        }
        if facts.supplement.is_some() || facts.fee.is_some() || !facts.consultations.is_empty() {
            notes.push(format!("{what}规定了期限，补正、征求意见和缴费都不改变它（{law}）"));
        }
        let count = Count::new(self.calendar, self.count.received_on, 0);
        DeadlineRuling {
            received_on: self.count.received_on,
            supplement_notice_due_on,
            reply_due_on: Some(until),
            extended_reply_due_on: None,
            provisional: false,
            refusals,
            days: count.days_until(until),
            notes,
            receipt_reason,
            receipt_citation,
        }
    }

    fn finish(
        mut self,
        supplement_notice_due_on: Date,
        receipt_reason: String,
        receipt_citation: Citation,
    ) -> DeadlineRuling {
        let received_on = self.count.received_on;
        let mut reply_due_on = None;
        let mut extended_reply_due_on = None;
        let last = match self.waiting {
            // Whatever was counted will be counted anew, so no day until the notice has a number.
            Some((since, law)) => {
                self.count.restart(since, "等待申请人，期限将重新计算", law);
                since
            }
            None => {
                reply_due_on = Some(self.count.due());
                match self.extended() {
                    Ok(due) => extended_reply_due_on = due,
                    Err(refusals) => self.refusals.extend(refusals),
                }
                extended_reply_due_on = self.delayed().or(extended_reply_due_on);
                extended_reply_due_on.unwrap_or(self.count.due())
            }
        };
        let end = last.max(supplement_notice_due_on);
        if let Some(year) = (received_on.year()..=end.year()).find(|y| self.calendar.lacks_regional_days(*y))
        {
            self.notes.push(format!("本地区{year}年自行规定的放假未收录，没有扣除，请自行核对"));
        }
        DeadlineRuling {
            received_on,
            supplement_notice_due_on,
            reply_due_on,
            extended_reply_due_on,
            provisional: self.calendar.is_provisional(received_on, end),
            refusals: self.refusals,
            days: self.count.days_until(last),
            notes: self.notes,
            receipt_reason,
            receipt_citation,
        }
    }
}

/// Refuses dates that cannot have happened in this order.
fn check_order(facts: &Facts, received_on: Date) -> Result<(), FactError> {
    let not_before =
        |field: &str, date: Option<Date>, earliest: Option<Date>, what: &str| match (date, earliest) {
            (Some(date), Some(earliest)) if date < earliest => {
                Err(FactError::new(field, format!("{date}早于{what}（{earliest}），请核对")))
            }
            _ => Ok(()),
        };
    let received = Some(received_on);
    if let Some(order) = &facts.order {
        not_before("order.until", order.until, received, "收到决定书、判决书之日")?;
    }
    not_before("signed_on", facts.signed_on, facts.submitted_on, "提交之日")?;
    not_before("confirmed_on", facts.confirmed_on, facts.submitted_on, "提交之日")?;
    if let Some(supplement) = &facts.supplement {
        let noticed = Some(supplement.noticed_on);
        not_before("supplement.noticed_on", noticed, received, "收到申请之日")?;
        not_before("supplement.supplemented_on", supplement.supplemented_on, noticed, "补正告知之日")?;
    }
    if let Some(extension) = &facts.extension {
        not_before("extension.approved_on", Some(extension.approved_on), received, "收到申请之日")?;
        not_before("extension.noticed_on", Some(extension.noticed_on), received, "收到申请之日")?;
    }
    for (i, consultation) in facts.consultations.iter().enumerate() {
        let sent = Some(consultation.sent_on);
        not_before(&format!("consultations[{i}].sent_on"), sent, received, "收到申请之日")?;
        let field = format!("consultations[{i}].answered_on");
        not_before(&field, consultation.answered_on, sent, "征求意见书发出之日")?;
    }
    if let Some(delay) = &facts.delay {
        not_before("delay.noticed_on", Some(delay.noticed_on), received, "收到申请之日")?;
    }
    if let Some(fee) = &facts.fee {
        let noticed = Some(fee.noticed_on);
        not_before("fee.noticed_on", noticed, received, "收到申请之日")?;
        not_before("fee.paid_on", fee.paid_on, noticed, "通知缴费之日")?;
    }
    Ok(())
}
