//! Two years of requests: every state, every decision, every channel and kind of applicant, told day by day
//! through the actions officers use.

mod arranged;
mod cases;
mod plan;
mod texts;

use anyhow::Context;
use gongkai_disclosure::accounts::Staff;
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::db::Db;
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::letters::templates::{self, NewTemplate};
use gongkai_disclosure::letters::{LetterKind, Template};
use gongkai_disclosure::privacy::{self, Purpose};
use gongkai_disclosure::requests::actions::{self, OpinionForm};
use gongkai_disclosure::requests::escalation::{self, NewRule};
use gongkai_disclosure::requests::evidence::{self, EvidenceKind};
use gongkai_disclosure::requests::{self, Answer, Opinion, Portion};
use gongkai_disclosure::review;
use gongkai_disclosure::secrets;
use gongkai_disclosure::time::{day_in_china, start_of_day};
use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::decisions::{Decision, Part};
use gongkai_statute::fees::FeeBasis;
use gongkai_statute::grounds::Ground;
use gongkai_statute::outcome_tree::{Scope, path_to};
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};

use super::{Dice, District};
use plan::{Course, Plan, Step, before, working_day};

/// Requests answered in the two years, besides those that stand open today.
const ANSWERED: u32 = 124;

/// Fills requests, letters and remedies up to the district's moment.
pub(crate) async fn fill(
    db: &Db,
    files: &FileStore,
    district: &District,
    progress: &dyn Fn(u64),
) -> anyhow::Result<()> {
    set_up(db, district).await?;
    let mut dice = Dice::new(20_240_901);
    let mut plans = answered(district, &mut dice);
    plans.extend(open(district, &mut dice));
    hand_in(db, files, district, &mut plans).await?;
    tell(db, district, &plans, progress).await?;
    arranged::fill(db, files, district).await?;
    cases::fill(db, district, progress).await
}

/// 文书模板、到期提醒 — of one office, set before anything comes in.
async fn set_up(db: &Db, district: &District) -> anyhow::Result<()> {
    let Some(office) = district.offices.first() else { return Ok(()) };
    let (leader, agency_id) = (&office.leader, office.agency.id.clone());
    let mut tx = db.begin(&leader.actor(), district.beginning()).await?;
    let usual = Template::usual(LetterKind::SupplementNotice);
    let own = "不清楚怎样补正的，可以带着这份告知书到政务服务中心公开窗口，由工作人员当面指导。";
    let template =
        Template { text: usual.text.replace("如需指导，可以与本机关联系。", own), ..usual };
    let since = Some(tx.today());
    templates::set(&mut tx, leader, &NewTemplate { agency_id: agency_id.clone(), template, since }).await?;
    let deputy_id = leader.user_id.clone();
    let rule = NewRule { agency_id, remind_left: Some(5), escalate_left: Some(1), deputy_id };
    escalation::set(&mut tx, leader, &rule).await?;
    tx.commit().await?;
    Ok(())
}

/// A grey square: no one's card is invented here.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00\x3a\x7e\x9b\x55\
\x00\x00\x00\x0aIDAT\x78\x9c\x63\x68\x00\x00\x00\x82\x00\x81\x77\xcd\x72\xb6\x00\x00\x00\x00IEND\xaeB\x60\x82";

/// Every third request comes with an identity proof; it waits until the request is filed.
async fn hand_in(db: &Db, files: &FileStore, district: &District, plans: &mut [Plan]) -> anyhow::Result<()> {
    for plan in plans.iter_mut().step_by(3) {
        let token = secrets::token();
        let kind = EvidenceKind::Identity;
        let at = plan.steps.first().map_or(district.now, |(day, _)| start_of_day(*day));
        evidence::stage(db, files, at, &token, kind, "身份证明.png", PICTURE).await?;
        plan.filing.stage = token;
    }
    Ok(())
}

/// Day after day, as it happened.
async fn tell(db: &Db, district: &District, plans: &[Plan], progress: &dyn Fn(u64)) -> anyhow::Result<()> {
    let mut story: Vec<(jiff::Timestamp, usize, Step)> = Vec::new();
    for (which, plan) in plans.iter().enumerate() {
        for (order, (day, step)) in plan.steps.iter().enumerate() {
            let minutes = 9 * 60 + order as i64 * 13 + (which % 11) as i64;
            let at = start_of_day(*day) + SignedDuration::from_mins(minutes);
            if at <= district.now {
                story.push((at, which, *step));
            }
        }
    }
    story.sort_by_key(|(at, which, _)| (*at, *which));
    let mut numbers: Vec<String> = vec![String::new(); plans.len()];
    for (at, which, step) in story {
        let plan = &plans[which];
        let told = act(db, district, plan, step, at, &mut numbers[which]).await;
        told.with_context(|| format!("{step:?} on {at} of {}", plan.filing.description))?;
        if matches!(step, Step::Submit | Step::Register(_)) {
            progress(1);
        }
    }
    Ok(())
}

async fn act(
    db: &Db,
    district: &District,
    plan: &Plan,
    step: Step,
    at: jiff::Timestamp,
    number: &mut String,
) -> anyhow::Result<()> {
    let office = &district.offices[plan.office];
    let officer = &office.disclosure_officer;
    let staff: &Staff = match step {
        Step::ApproveExtension | Step::DeclineExtension => &office.section_head,
        Step::Sign | Step::Return => &office.leader,
        _ => officer,
    };
    let actor = if matches!(step, Step::Submit) { Actor::Public } else { staff.actor() };
    let mut tx = db.begin(&actor, at).await?;
    let today = tx.today();
    let id = number.clone();
    match step {
        Step::Submit => *number = actions::submit(&mut tx, &office.agency.code, &plan.filing).await?.number,
        Step::Register(arrival) => {
            let filed =
                actions::register(&mut tx, officer, &office.agency.id, &plan.filing, &arrival).await?;
            *number = filed.number;
        }
        Step::Confirm => {
            // To call someone is to open their number.
            privacy::actions::view(&mut tx, officer, &id, Some(Purpose::Contact), "").await?;
            actions::confirm_receipt(&mut tx, officer, &id, Some(today), "电话确认").await?;
        }
        Step::TakeUp => {
            actions::take_up(&mut tx, officer, &id).await?;
        }
        Step::NoticeSupplement => {
            actions::notice_supplement(&mut tx, officer, &id, texts::SUPPLEMENT_ITEMS, Some(10)).await?;
        }
        Step::RecordSupplement => {
            let text = format!("所指的是：{}", plan.filing.description);
            actions::record_supplement(&mut tx, officer, &id, Some(today), &text).await?;
        }
        Step::NoticeReasons => {
            actions::notice_reasons(&mut tx, officer, &id, texts::FREQUENCY, Some(10)).await?;
        }
        Step::RecordReasons => {
            actions::record_reasons(&mut tx, officer, &id, Some(today), texts::STATED_REASONS).await?;
        }
        Step::ProposeExtension => {
            let ground = texts::EXTENSION_GROUNDS[plan.office % texts::EXTENSION_GROUNDS.len()];
            actions::propose_extension(&mut tx, officer, &id, ground, Some(20)).await?;
        }
        Step::ApproveExtension => {
            actions::approve_extension(&mut tx, staff, &id).await?;
        }
        Step::DeclineExtension => {
            actions::decline_extension(&mut tx, staff, &id, "材料已经齐备，请按期答复。").await?;
        }
        Step::Consult(with) => {
            let party = match with {
                ConsultedParty::ThirdParty => texts::THIRD_PARTIES[plan.office % 3],
                // Another of the register, so that its contact is taken from there.
                ConsultedParty::Agency => {
                    district.offices[(plan.office + 1) % district.offices.len()].agency.name.as_str()
                }
            };
            actions::consult(&mut tx, officer, &id, Some(with), party, &plan.filing.description).await?;
        }
        Step::RecordOpinion(opinion) => record_opinion(&mut tx, officer, &id, opinion).await?,
        Step::NoticeFee(basis, count) => {
            actions::notice_fee(&mut tx, officer, &id, Some(basis), Some(count)).await?;
        }
        Step::RecordPayment => {
            actions::record_payment(&mut tx, officer, &id, Some(today)).await?;
        }
        Step::Decide(decision) => {
            actions::decide(&mut tx, officer, &id, &answer(decision)).await?;
        }
        Step::Return => {
            let review_id = review_of(&mut tx, &id).await?;
            let why = "请核对检索范围，并写明联系方式后再送。";
            review::actions::return_for_revision(&mut tx, staff, &review_id, why).await?;
        }
        Step::Sign => {
            let review_id = review_of(&mut tx, &id).await?;
            review::actions::sign(&mut tx, staff, &review_id, None, "同意发出。").await?;
        }
        Step::Issue => {
            actions::issue_reply(&mut tx, officer, &id, Some(plan.delivery)).await?;
        }
        Step::Withdraw => {
            actions::withdraw(&mut tx, officer, &id, texts::reason(Decision::Withdrawn)).await?;
        }
        Step::CloseNotSupplemented => {
            let note = texts::reason(Decision::NotSupplementedInTime);
            actions::close_not_supplemented(&mut tx, officer, &id, note).await?;
        }
        Step::CloseFeeUnpaid => {
            let note = texts::reason(Decision::FeeNotPaidInTime);
            actions::close_fee_unpaid(&mut tx, officer, &id, note).await?;
        }
        Step::Deliver => {
            actions::record_delivery(&mut tx, officer, &id, Some(today), texts::proof(plan.delivery)).await?;
        }
        Step::Archive => {
            actions::archive(&mut tx, officer, &id).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn record_opinion(
    tx: &mut gongkai_disclosure::db::Tx,
    officer: &Staff,
    number: &str,
    opinion: Opinion,
) -> anyhow::Result<()> {
    let dossier = requests::by_number(tx.conn(), number).await?.context("the request")?;
    let asked = dossier.consultations.iter().find(|c| c.opinion.is_none()).context("an open consultation")?;
    let form = OpinionForm {
        consultation_id: asked.id.clone(),
        opinion: Some(opinion),
        answered_on: Some(tx.today()).filter(|_| opinion != Opinion::NoAnswer),
        answer: match opinion {
            Opinion::Agrees => "同意公开。".into(),
            Opinion::Objects => "不同意公开：内容涉及本单位（本人）未对外公开的事项，公开将造成损失。".into(),
            Opinion::NoAnswer => String::new(),
        },
        judgement: match opinion {
            Opinion::Agrees => String::new(),
            Opinion::Objects => "所称的损失有具体依据，公开会损害其合法权益，且不涉及重大公共利益。".into(),
            Opinion::NoAnswer => "内容不涉及其商业秘密、个人隐私，公开不会损害其合法权益。".into(),
        },
    };
    actions::record_opinion(tx, officer, number, &form).await?;
    Ok(())
}

async fn review_of(tx: &mut gongkai_disclosure::db::Tx, number: &str) -> anyhow::Result<String> {
    let dossier = requests::by_number(tx.conn(), number).await?.context("the request")?;
    dossier.reply().and_then(|letter| letter.review_id.clone()).context("a letter under review")
}

fn answer(decision: Decision) -> Answer {
    if decision == Decision::PartlyUnavailable {
        return part_by_part();
    }
    let needed = decision.required_parts().iter().filter(|part| **part != Part::Reasons);
    Answer {
        decision,
        ground: (decision == Decision::PartlyWithheld).then_some(Ground::TradeSecret),
        reason: texts::reason(decision).into(),
        parts: needed.map(|part| (*part, texts::part(decision, *part).to_owned())).collect(),
        portions: Vec::new(),
        path: path(decision, Scope::Whole),
    }
}

/// 判断过程, as an officer would have answered.
fn path(decision: Decision, scope: Scope) -> Vec<String> {
    path_to(decision, scope).into_iter().map(|choice| choice.code.to_owned()).collect()
}

/// 分项答复: given, not there, and never compiled.
fn part_by_part() -> Answer {
    let parts = [
        ("签订的合同和发放、考核的记录", Decision::Provided),
        ("每日作业照片等过程影像", Decision::NotHeld),
        ("各户或者各路段的情况分析", Decision::NeedsCreation),
    ];
    let portions = parts.map(|(asked, decision)| {
        let Answer { reason, parts, .. } = answer(decision);
        Portion { asked: asked.into(), decision, reason, parts, path: path(decision, Scope::Part) }
    });
    Answer {
        decision: Decision::PartlyUnavailable,
        ground: None,
        reason: String::new(),
        parts: Vec::new(),
        portions: portions.into(),
        path: Vec::new(),
    }
}

/// How often an answer is given in a hundred; every decision is given at least once besides.
const USUAL: [(Decision, i64); 12] = [
    (Decision::Provided, 34),
    (Decision::AlreadyPublic, 15),
    (Decision::NotHeld, 15),
    (Decision::NotResponsible, 9),
    (Decision::PartlyWithheld, 6),
    (Decision::PartlyUnavailable, 4),
    (Decision::NeedsCreation, 4),
    (Decision::PetitionOrComplaint, 4),
    (Decision::ProcessInformation, 3),
    (Decision::EnforcementFile, 3),
    (Decision::Withdrawn, 2),
    (Decision::NotSupplementedInTime, 1),
];

fn usual(dice: &mut Dice) -> Decision {
    let mut throw = dice.between(1, 100);
    for (decision, percent) in USUAL {
        if throw <= percent {
            return decision;
        }
        throw -= percent;
    }
    Decision::Provided
}

fn channel(dice: &mut Dice) -> Channel {
    match dice.between(1, 100) {
        1..=55 => Channel::Online,
        56..=75 => Channel::RegisteredPost,
        76..=86 => Channel::InPerson,
        87..=93 => Channel::OrdinaryPost,
        94..=97 => Channel::Fax,
        _ => Channel::Oral,
    }
}

fn applicant_kind(serial: u32, dice: &mut Dice) -> ApplicantColumn {
    // Every column at least once, and natural persons most of the time.
    match ApplicantColumn::ALL.get(serial as usize) {
        Some(kind) => *kind,
        None if dice.percent(72) => ApplicantColumn::NaturalPerson,
        None => *dice.pick(&ApplicantColumn::ALL[1..]),
    }
}

/// What is done on the way to a decision.
fn course_of(decision: Decision, serial: u32, dice: &mut Dice) -> Course {
    use Decision as D;
    let objects = Some((ConsultedParty::ThirdParty, Opinion::Objects));
    Course {
        supplemented: decision == D::StillUnclear || (decision == D::Provided && dice.percent(20)),
        consulted: match decision {
            D::TradeSecret | D::PersonalPrivacy | D::OtherThirdPartyInterest | D::PartlyWithheld => objects,
            D::Provided if dice.percent(15) => Some((ConsultedParty::Agency, Opinion::NoAnswer)),
            D::Provided if dice.percent(15) => Some((ConsultedParty::ThirdParty, Opinion::Agrees)),
            _ => None,
        },
        extended: decision == D::Excessive || dice.percent(12),
        paid: (decision == D::Provided && serial.is_multiple_of(17))
            .then_some((FeeBasis::ByPage, 45 + u64::from(serial))),
        returned: dice.percent(6),
        late_by: if serial % 41 == 7 { 3 } else { 0 },
    }
}

/// Two years of requests that have come to their end, as far as today has come.
fn answered(district: &District, dice: &mut Dice) -> Vec<Plan> {
    let first = day_in_china(district.beginning());
    let last = day_in_china(district.now);
    let days = i64::from((last - first).get_days());
    let all = u32::try_from(Decision::ALL.len()).unwrap_or_default();
    (0..ANSWERED)
        .map(|serial| {
            let decision = Decision::ALL.get(serial as usize).copied().unwrap_or_else(|| usual(dice));
            // Those given once each end well before today; the others reach up to it.
            let span = if serial < all { days - 110 } else { days - 2 };
            let day = working_day(
                first.saturating_add((1 + (i64::from(serial) * 89 + dice.between(0, 40)) % span).days()),
            );
            let mut course = course_of(decision, serial, dice);
            if serial < all {
                course.late_by = 0;
            }
            let channel = if serial < 6 { Channel::ALL[serial as usize] } else { channel(dice) };
            plan(district, (decision, channel), day, serial, course, dice)
        })
        .collect()
}

fn plan(
    district: &District,
    (decision, channel): (Decision, Channel),
    day: Date,
    serial: u32,
    course: Course,
    dice: &mut Dice,
) -> Plan {
    // The district office is asked most.
    let office =
        if dice.percent(25) { 0 } else { dice.between(0, district.offices.len() as i64 - 1) as usize };
    let kind = applicant_kind(serial, dice);
    let place = place(district, office);
    let filing = plan::filing(kind, channel, decision, (&place, day.year()), serial, dice);
    let delivery = plan::delivery_way(filing.delivery);
    let mut steps = plan::received(channel, day);
    steps.extend(plan::course(day, decision, course, dice));
    Plan { office, filing, delivery, steps }
}

/// 松溪镇 of 青禾区松溪镇人民政府; 青禾区 for the district's own offices.
fn place(district: &District, office: usize) -> String {
    let name = district.offices[office].agency.name.trim_start_matches("青禾区");
    match name.find(['镇', '街']) {
        Some(_) => {
            name.trim_start_matches("人民政府").split("人民政府").next().unwrap_or(name).replace("办事处", "")
        }
        None => "青禾区".into(),
    }
}

/// What stands open today: one or more in every state, some near their day, some past it.
fn open(district: &District, dice: &mut Dice) -> Vec<Plan> {
    let today = working_day_before(day_in_china(district.now));
    let ago = |working_days| before(today, working_days);
    let (third, agency) = (ConsultedParty::ThirdParty, ConsultedParty::Agency);
    let online = |day: Date| plan::received(Channel::Online, day);
    let with = |mut steps: Vec<(Date, Step)>, more: &[(Date, Step)]| {
        steps.extend_from_slice(more);
        steps
    };
    let waiting_letter = plan::received(Channel::OrdinaryPost, ago(1));
    let unconfirmed = |steps: Vec<(Date, Step)>| -> Vec<(Date, Step)> {
        let first = steps.into_iter().next().map(|(day, step)| match step {
            Step::Register(arrival) => {
                (day, Step::Register(gongkai_disclosure::requests::Arrival { confirmed_on: None, ..arrival }))
            }
            other => (day, other),
        });
        first.into_iter().collect()
    };
    let provided = Decision::Provided;
    let stories: Vec<Vec<(Date, Step)>> = vec![
        // 待确认
        unconfirmed(online(ago(0))),
        unconfirmed(online(ago(1))),
        unconfirmed(waiting_letter),
        // 已登记
        online(ago(1)),
        plan::received(Channel::RegisteredPost, ago(2)),
        plan::received(Channel::InPerson, ago(4)),
        // 待补正
        with(online(ago(9)), &[(ago(6), Step::NoticeSupplement)]),
        with(plan::received(Channel::RegisteredPost, ago(16)), &[(ago(12), Step::NoticeSupplement)]),
        // 办理中: far, near, today, past
        with(online(ago(6)), &[(ago(5), Step::TakeUp)]),
        with(plan::received(Channel::Oral, ago(11)), &[(ago(10), Step::TakeUp)]),
        with(online(ago(18)), &[(ago(17), Step::TakeUp)]),
        with(online(ago(19)), &[(ago(17), Step::TakeUp)]),
        with(plan::received(Channel::InPerson, ago(20)), &[(ago(19), Step::TakeUp)]),
        with(online(ago(23)), &[(ago(21), Step::TakeUp)]),
        with(plan::received(Channel::Fax, ago(26)), &[(ago(25), Step::TakeUp)]),
        // 补正后办理中
        with(
            online(ago(21)),
            &[(ago(19), Step::TakeUp), (ago(17), Step::NoticeSupplement), (ago(12), Step::RecordSupplement)],
        ),
        // 征求意见中
        with(online(ago(12)), &[(ago(11), Step::TakeUp), (ago(8), Step::Consult(third))]),
        with(
            plan::received(Channel::RegisteredPost, ago(22)),
            &[(ago(21), Step::TakeUp), (ago(17), Step::Consult(agency))],
        ),
        // 待缴费
        with(online(ago(10)), &[(ago(9), Step::TakeUp), (ago(7), Step::NoticeFee(FeeBasis::ByPage, 96))]),
        // 提请延长；已延长，临近到期
        with(online(ago(17)), &[(ago(16), Step::TakeUp), (ago(1), Step::ProposeExtension)]),
        with(
            online(ago(38)),
            &[(ago(36), Step::TakeUp), (ago(24), Step::ProposeExtension), (ago(23), Step::ApproveExtension)],
        ),
        with(
            online(ago(15)),
            &[(ago(14), Step::TakeUp), (ago(6), Step::ProposeExtension), (ago(5), Step::DeclineExtension)],
        ),
        // 答复审签中: waiting, signed, returned
        with(online(ago(16)), &[(ago(15), Step::TakeUp), (ago(1), Step::Decide(provided))]),
        with(online(ago(14)), &[(ago(13), Step::TakeUp), (ago(2), Step::Decide(Decision::NotHeld))]),
        with(
            online(ago(15)),
            &[(ago(14), Step::TakeUp), (ago(3), Step::Decide(Decision::AlreadyPublic)), (ago(1), Step::Sign)],
        ),
        with(
            online(ago(17)),
            &[
                (ago(16), Step::TakeUp),
                (ago(4), Step::Decide(Decision::NotResponsible)),
                (ago(2), Step::Return),
            ],
        ),
        // 已答复、已终止，尚未归档
        with(
            online(ago(14)),
            &[
                (ago(13), Step::TakeUp),
                (ago(5), Step::Decide(provided)),
                (ago(3), Step::Sign),
                (ago(3), Step::Issue),
            ],
        ),
        with(online(ago(9)), &[(ago(8), Step::TakeUp), (ago(4), Step::Withdraw)]),
    ];
    let mut plans = Vec::new();
    for (index, steps) in stories.into_iter().enumerate() {
        let serial = ANSWERED + index as u32;
        let decision = steps.iter().rev().find_map(|(_, step)| match step {
            Step::Decide(decision) => Some(*decision),
            _ => None,
        });
        // Spread over the agencies, so that every officer has something to do.
        let office = index % district.offices.len();
        let place = place(district, office);
        let kind = applicant_kind(serial, dice);
        let decision = decision.unwrap_or(provided);
        let filing = plan::filing(kind, Channel::Online, decision, (&place, today.year()), serial, dice);
        let delivery = plan::delivery_way(filing.delivery);
        plans.push(Plan { office, filing, delivery, steps });
    }
    plans
}

/// Today, or the last working day before it.
fn working_day_before(day: Date) -> Date {
    if working_day(day) == day { day } else { before(day, 1) }
}

#[cfg(test)]
mod tests;
