//! One request as a story: who asks whom for what, and what happens on which day.

use gongkai_disclosure::requests::{Arrival, DeliveryForm, DeliveryWay, Filing, Opinion};
use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::calendar::Calendar;
use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::decisions::Decision;
use gongkai_statute::fees::FeeBasis;
use jiff::ToSpan;
use jiff::civil::Date;

use super::texts;
use crate::demo::Dice;

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Submit,
    Register(Arrival),
    Confirm,
    TakeUp,
    NoticeSupplement,
    RecordSupplement,
    NoticeReasons,
    RecordReasons,
    ProposeExtension,
    ApproveExtension,
    DeclineExtension,
    Consult(ConsultedParty),
    RecordOpinion(Opinion),
    NoticeFee(FeeBasis, u64),
    RecordPayment,
    Decide(Decision),
    Return,
    Sign,
    Issue,
    Withdraw,
    CloseNotSupplemented,
    CloseFeeUnpaid,
    Deliver,
    Archive,
}

/// A request with its days in order.
pub(super) struct Plan {
    pub(super) office: usize,
    pub(super) filing: Filing,
    pub(super) delivery: DeliveryWay,
    pub(super) steps: Vec<(Date, Step)>,
}

/// How a request is dealt with between receipt and end.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Course {
    pub(super) supplemented: bool,
    pub(super) consulted: Option<(ConsultedParty, Opinion)>,
    pub(super) extended: bool,
    pub(super) paid: Option<(FeeBasis, u64)>,
    pub(super) returned: bool,
    /// Answered so many working days after the period ended.
    pub(super) late_by: u32,
}

/// The working days of the country.
fn after(day: Date, working_days: u32) -> Date {
    Calendar::national().add_working_days(day, working_days)
}

/// The first working day from this one on.
pub(super) fn working_day(day: Date) -> Date {
    if Calendar::national().is_working_day(day) { day } else { after(day, 1) }
}

/// The working day so many working days before.
pub(super) fn before(day: Date, working_days: u32) -> Date {
    let calendar = Calendar::national();
    let mut day = day;
    let mut left = working_days;
    while left > 0 {
        day = day.yesterday().unwrap_or(day);
        left -= u32::from(calendar.is_working_day(day));
    }
    day
}

/// The steps by which a request is received on `day`, a working day.
pub(super) fn received(channel: Channel, day: Date) -> Vec<(Date, Step)> {
    let arrival = Arrival { channel: Some(channel), submitted_on: Some(day), ..Arrival::default() };
    match channel {
        Channel::Online => {
            // Filed in the evening of the day before, confirmed by telephone on the day itself.
            vec![(day.yesterday().unwrap_or(day), Step::Submit), (day, Step::Confirm)]
        }
        Channel::Fax => vec![(day, Step::Register(arrival)), (day, Step::Confirm)],
        Channel::InPerson | Channel::Oral => vec![(day, Step::Register(arrival))],
        Channel::OrdinaryPost => {
            vec![(day, Step::Register(Arrival { confirmed_on: Some(day), ..arrival }))]
        }
        Channel::RegisteredPost => {
            let posted = day.saturating_sub(2.days());
            let arrival = Arrival { submitted_on: Some(posted), signed_on: Some(day), ..arrival };
            vec![(day, Step::Register(arrival))]
        }
    }
}

/// The way from receipt to this decision.
pub(super) fn course(day: Date, decision: Decision, course: Course, dice: &mut Dice) -> Vec<(Date, Step)> {
    let mut steps = vec![(after(day, 1), Step::TakeUp)];
    // The clock starts at `start`; `spent` working days of it have gone.
    let (mut start, mut spent) = (day, 2);
    if course.supplemented || decision == Decision::NotSupplementedInTime {
        let noticed = after(day, dice.between(2, 5) as u32);
        steps.push((noticed, Step::NoticeSupplement));
        if decision == Decision::NotSupplementedInTime {
            steps.push((after(noticed, 12), Step::CloseNotSupplemented));
            steps.push((after(noticed, 20), Step::Archive));
            return steps;
        }
        start = after(noticed, dice.between(3, 8) as u32);
        spent = 1;
        steps.push((start, Step::RecordSupplement));
    }
    if course.paid.is_some() || decision == Decision::FeeNotPaidInTime {
        let (basis, count) = course.paid.unwrap_or((FeeBasis::ByPage, 84));
        let noticed = after(start, spent + 2);
        steps.push((noticed, Step::NoticeFee(basis, count)));
        if decision == Decision::FeeNotPaidInTime {
            steps.push((after(noticed, 22), Step::CloseFeeUnpaid));
            steps.push((after(noticed, 30), Step::Archive));
            return steps;
        }
        start = after(noticed, dice.between(3, 9) as u32);
        spent = 1;
        steps.push((start, Step::RecordPayment));
    }
    let mut today = after(start, spent);
    if let Some((with, opinion)) = course.consulted {
        steps.push((after(today, 1), Step::Consult(with)));
        let wait = if opinion == Opinion::NoAnswer { 17 } else { dice.between(4, 13) as u32 };
        today = after(today, 1 + wait);
        steps.push((today, Step::RecordOpinion(opinion)));
        spent += 2;
    }
    if decision == Decision::Excessive {
        steps.push((after(today, 1), Step::NoticeReasons));
        today = after(today, 5);
        steps.push((today, Step::RecordReasons));
        spent += 5;
    }
    if decision == Decision::Withdrawn {
        steps.push((after(today, dice.between(1, 4) as u32), Step::Withdraw));
        return steps;
    }
    let mut left = 20 - spent;
    if course.extended {
        let asked = after(today, 3);
        steps.push((asked, Step::ProposeExtension));
        steps.push((after(asked, 1), Step::ApproveExtension));
        today = after(asked, 1);
        left = left.saturating_sub(4) + 20;
    }
    let wait = if course.late_by > 0 {
        left + course.late_by
    } else {
        // Most answers come in the second half of the time that is left.
        dice.between(i64::from(left / 3), i64::from(left.saturating_sub(5))) as u32
    };
    let mut decided = after(today, wait.max(1));
    steps.push((decided, Step::Decide(decision)));
    if course.returned {
        steps.push((after(decided, 1), Step::Return));
        decided = after(decided, 1);
        steps.push((decided, Step::Decide(decision)));
    }
    let signed = after(decided, 1);
    steps.push((signed, Step::Sign));
    steps.push((signed, Step::Issue));
    steps.push((after(signed, 3), Step::Deliver));
    steps.push((after(signed, dice.between(5, 15) as u32), Step::Archive));
    steps
}

/// The applicant and what is asked; `serial` makes every person another one.
pub(super) fn filing(
    kind: ApplicantColumn,
    channel: Channel,
    decision: Decision,
    (place, year): (&str, i16),
    serial: u32,
    dice: &mut Dice,
) -> Filing {
    let description = dice.pick(texts::descriptions(decision));
    let description = description.replace("{place}", place).replace("{year}", &(year - 1).to_string());
    let organizations = texts::organizations(kind);
    let (name, identity_number) = if organizations.is_empty() {
        let name = format!("{}{}", dice.pick(&texts::SURNAMES), dice.pick(&texts::GIVEN));
        (name, identity_number(serial, dice))
    } else {
        (dice.pick(organizations).to_string(), format!("91990102MA{:08X}", 0x1A2B_0000 + serial))
    };
    let delivery = match channel {
        Channel::Online => *dice.pick(&[
            DeliveryForm::ElectronicOnline,
            DeliveryForm::ElectronicByEmail,
            DeliveryForm::PaperPickUp,
        ]),
        Channel::RegisteredPost | Channel::OrdinaryPost | Channel::Fax => DeliveryForm::PaperByPost,
        Channel::InPerson => *dice.pick(&[DeliveryForm::PaperPickUp, DeliveryForm::OnSite]),
        Channel::Oral => DeliveryForm::PaperPickUp,
    };
    Filing {
        applicant_kind: Some(kind),
        applicant_name: name,
        identity_number,
        agent_name: String::new(),
        phone: format!("0000-66{:05}", 20_000 + serial * 7 % 70_000),
        // Most leave a telephone number only.
        email: match delivery {
            DeliveryForm::ElectronicByEmail => format!("applicant{serial}@mail.example"),
            _ => String::new(),
        },
        address: format!("青禾区禾苗路{}号", 1 + serial % 180),
        description,
        delivery: Some(delivery),
        help_wanted: match channel {
            Channel::Oral => "阅读困难，请工作人员代为填写并当面宣读答复。".into(),
            _ => String::new(),
        },
        offered: Vec::new(),
        stage: String::new(),
    }
}

/// 18 characters with a good check digit, in a division that no one lives in.
fn identity_number(serial: u32, dice: &mut Dice) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (year, month, day) = (dice.between(1955, 2003), dice.between(1, 12), dice.between(1, 28));
    let digits = format!("990102{year}{month:02}{day:02}{:03}", serial % 1000);
    let sum: u32 = digits.chars().filter_map(|c| c.to_digit(10)).zip(WEIGHTS).map(|(d, w)| d * w).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('X');
    format!("{digits}{check}")
}

pub(super) fn delivery_way(delivery: Option<DeliveryForm>) -> DeliveryWay {
    match delivery {
        Some(DeliveryForm::ElectronicByEmail) => DeliveryWay::ByEmail,
        Some(DeliveryForm::PaperByPost) => DeliveryWay::ByPost,
        Some(DeliveryForm::PaperPickUp | DeliveryForm::OnSite) => DeliveryWay::InPerson,
        Some(DeliveryForm::ElectronicOnline) | None => DeliveryWay::Online,
    }
}
