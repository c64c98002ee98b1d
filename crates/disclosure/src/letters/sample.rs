//! An invented case in which everything has happened, for looking at a letter before anyone gets one.

use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::calendar::Calendar;
use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::decisions::{Decision, Head, Part};
use gongkai_statute::fees::FeeBasis;
use jiff::civil::{Date, date};

use super::template::Template;
use super::writing::{ArchiveContents, Matter, written};
use super::{Letter, LetterKind};
use crate::accounts::Agency;
use crate::requests::enclosures::Enclosure;
use crate::requests::{
    Answer, Applicant, Approval, Consultation, Delay, DeliveryForm, Dossier, Extension, Fee, Opinion,
    Override, Portion, Reasons, Request, RequestState, Supplement,
};

const DAY: Date = date(2026, 3, 20);

/// The letter of this template in the invented case: its number, its text and the day it bears.
pub fn preview(template: &Template, agency: &Agency) -> Option<(String, String, Date)> {
    let mut dossier = dossier(agency);
    if template.kind == LetterKind::TransferAdvice {
        dossier.request.answer = Some(advice());
        dossier.enclosures.clear();
    }
    let series = template.kind.series(Head::PartlyDisclosed);
    let number = format!("{}{series}〔{}〕0号", agency.document_word, DAY.year());
    let asked = dossier.consultations.iter().find(|asked| match template.kind {
        LetterKind::AgencyConsultation => asked.with == ConsultedParty::Agency,
        LetterKind::Consultation | LetterKind::ConsultationNotice | LetterKind::OverrideNotice => {
            asked.with == ConsultedParty::ThirdParty
        }
        _ => false,
    });
    let contents = ArchiveContents {
        pieces: ["申请书", "办理记录", "政府信息公开申请登记回执", "政府信息公开申请答复书"]
            .map(str::to_owned)
            .into(),
        years: 10,
    };
    let archive = Some(&contents);
    let matter = Matter { dossier: &dossier, applicant: "申请人甲", asked, archive, on: DAY };
    let html = written(template, matter, &number)?;
    Some((number, html, DAY))
}

/// Everything has happened to it at once, which no real case could see.
pub(super) fn dossier(agency: &Agency) -> Dossier {
    Dossier {
        request: request(agency),
        agency: agency.clone(),
        supplement: Some(Supplement {
            noticed_on: date(2026, 3, 4),
            due_on: date(2026, 3, 25),
            items: "请写明所需名单的年度和批次。".into(),
            supplemented_on: Some(date(2026, 3, 9)),
            answer: Some("2025年第二批".into()),
        }),
        reasons: Some(Reasons {
            noticed_on: date(2026, 3, 10),
            due_on: date(2026, 3, 24),
            frequency: "2026年3月以来，申请人就相近内容向本机关提出政府信息公开申请46件。".into(),
            stated_on: Some(date(2026, 3, 16)),
            statement: Some("为编写村史".into()),
            delay: Some(Delay {
                noticed_on: date(2026, 3, 18),
                until: date(2026, 5, 29),
                ground: "需要逐册核对".into(),
            }),
        }),
        extension: Some(Extension {
            ground: "所申请的信息需要向多个机关核对".into(),
            working_days: 20,
            proposed_on: date(2026, 3, 18),
            proposed_by: String::new(),
            approval: Some(Approval {
                approved_on: date(2026, 3, 19),
                approved_by: String::new(),
                noticed_on: date(2026, 3, 19),
            }),
        }),
        consultations: vec![
            consultation(ConsultedParty::ThirdParty, "青禾区示例建材有限公司"),
            consultation(ConsultedParty::Agency, "青禾区示例局"),
        ],
        fee: Some(Fee {
            basis: FeeBasis::ByPage,
            count: 101,
            amount_yuan: 720,
            noticed_on: date(2026, 3, 10),
            due_on: date(2026, 4, 8),
            paid_on: Some(date(2026, 3, 12)),
        }),
        events: Vec::new(),
        letters: Vec::<Letter>::new(),
        enclosures: vec![Enclosure {
            id: String::new(),
            request_id: String::new(),
            name: "审批名单（已遮盖）.pdf".into(),
            sha256: "9f2c71ae03bd44109f2c71ae03bd44109f2c71ae03bd44109f2c71ae03bd4410".into(),
            size: 240_000,
            media_type: "application/pdf".into(),
        }],
        moved: Vec::new(),
        renewal: None,
        renewed_as: Vec::new(),
        calendar: Calendar::national().clone(),
    }
}

fn request(agency: &Agency) -> Request {
    let day = date(2026, 3, 2);
    Request {
        request_key: String::new(),
        id: String::new(),
        agency_id: agency.id.clone(),
        number: format!("{}-SQ-2026-0000", agency.code.to_ascii_uppercase()),
        channel: Channel::Online,
        applicant: Applicant {
            kind: ApplicantColumn::NaturalPerson,
            name: String::new(),
            name_match: String::new(),
            agent_name: None,
            particulars: String::new(),
            identity_match: String::new(),
        },
        description: "2025年农村危房改造补助对象审批名单".into(),
        delivery: DeliveryForm::ElectronicOnline,
        help_wanted: String::new(),
        submitted_on: day,
        signed_on: None,
        confirmed_on: Some(day),
        received_on: Some(day),
        reply_due_on: Some(date(2026, 5, 7)),
        is_due_provisional: false,
        state: RequestState::Decided,
        answer: Some(answer()),
        closed_on: None,
        handler_id: None,
        created_at: String::new(),
    }
}

fn consultation(with: ConsultedParty, party: &str) -> Consultation {
    let objects = with == ConsultedParty::ThirdParty;
    Consultation {
        id: String::new(),
        with,
        party: party.into(),
        contact: String::new(),
        subject: "审批名单所附的施工报价".into(),
        sent_on: date(2026, 3, 10),
        due_on: date(2026, 3, 31),
        answered_on: objects.then_some(date(2026, 3, 17)),
        opinion: objects.then_some(Opinion::Objects),
        answer: objects.then(|| "报价属于商业秘密".into()),
        overridden: objects.then(|| Override {
            noticed_on: DAY,
            content: "各户补助金额".into(),
            reason: "补助金额关系群众监督，不公开可能对公共利益造成重大影响".into(),
        }),
    }
}

/// Two parts: one given, one kept back.
fn answer() -> Answer {
    let portion = |asked: &str, decision: Decision| Portion {
        asked: asked.into(),
        decision,
        reason: "经审查，情况如上".into(),
        parts: decision
            .required_parts()
            .iter()
            .filter(|part| **part != Part::Reasons)
            .map(|part| (*part, format!("（{}）", part.label())))
            .collect(),
        path: Vec::new(),
    };
    Answer {
        decision: Decision::PartlyWithheld,
        ground: None,
        reason: String::new(),
        parts: Vec::new(),
        portions: vec![
            portion("审批名单", Decision::Provided),
            portion("各施工单位报价", Decision::TradeSecret),
        ],
        path: Vec::new(),
    }
}

/// 不属于本机关负责公开, with the agency that is.
fn advice() -> Answer {
    Answer {
        decision: Decision::NotResponsible,
        ground: None,
        reason: "审批名单由青禾区示例局制作，本机关没有参与制作。".into(),
        parts: vec![(Part::ResponsibleAgency, "青禾区示例局，联系电话：0000-6600200。".into())],
        portions: Vec::new(),
        path: Vec::new(),
    }
}
