//! What the program writes into the blocks of a letter: from the dossier and the law, and from nothing else.

use gongkai_statute::cite;
use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::decisions::Decision;
use gongkai_statute::fees::{self, FeeBasis};
use gongkai_statute::remedies;
use jiff::civil::Date;

use super::paper::{Paper, day, you};
use super::template::{Block, Filling, Template};
use super::{LetterKind, reply};
use crate::requests::{Consultation, Dossier};

/// 卷内目录 — what lies in a dossier when it is archived.
#[derive(Clone, Debug)]
pub(crate) struct ArchiveContents {
    /// In their order; each is one piece.
    pub pieces: Vec<String>,
    /// 保管期限.
    pub years: u32,
}

/// One letter to be written.
#[derive(Clone, Copy)]
pub(super) struct Matter<'a> {
    pub dossier: &'a Dossier,
    /// 申请人的姓名或者名称, opened.
    pub applicant: &'a str,
    /// The consultation a letter is about.
    pub asked: Option<&'a Consultation>,
    /// Of the cover.
    pub archive: Option<&'a ArchiveContents>,
    /// The day whose law it tells.
    pub on: Date,
}

/// The text of a letter; `None` when it is about something the dossier does not have.
pub(super) fn written(template: &Template, matter: Matter<'_>, number: &str) -> Option<String> {
    let dossier = matter.dossier;
    let addressee = match template.kind {
        LetterKind::ArchiveCover => "",
        kind if kind.is_to_consulted() => &matter.asked?.party,
        _ => matter.applicant,
    };
    template.filled(&dossier.agency.name, number, addressee, |block| filling(template.kind, block, matter))
}

fn filling(kind: LetterKind, block: Block, matter: Matter<'_>) -> Option<Filling> {
    let Matter { dossier, asked, on, .. } = matter;
    let words = |text: String| Some(Filling::Words(text));
    let paragraphs = |paper: Option<Paper>| paper.map(Filling::Paragraphs);
    match block {
        Block::Received if kind.is_reply() => paragraphs(reply::received(dossier)),
        Block::Received => words(received(dossier)?),
        Block::Basis => words(cite!(Ogi, 30).to_string()),
        Block::Registered => paragraphs(registered(dossier)),
        Block::Asked => paragraphs(Some(asked_for(dossier))),
        Block::SupplementItems => {
            paragraphs(Some(Paper::blank().paragraph(&dossier.supplement.as_ref()?.items)))
        }
        Block::SupplementTerm => paragraphs(supplement_term(dossier)),
        Block::ExtensionGround => {
            let ground = &dossier.extension.as_ref()?.ground;
            words(ground.trim().trim_start_matches('因').trim_end_matches(['。', '，']).to_owned())
        }
        Block::ExtensionTerm => paragraphs(extension_term(dossier)),
        Block::ConsultationSubject => paragraphs(Some(Paper::blank().paragraph(&asked?.subject))),
        Block::ConsultationTerm => paragraphs(Some(consultation_term(asked?))),
        Block::ConsultationHeld => paragraphs(Some(consultation_held(asked?))),
        Block::ConsultationPause => paragraphs(Some(consultation_pause(dossier, asked?))),
        Block::OverrideDecision => paragraphs(override_decision(asked?)),
        Block::ReasonsFrequency => {
            paragraphs(Some(Paper::blank().paragraph(&dossier.reasons.as_ref()?.frequency)))
        }
        Block::ReasonsTerm => paragraphs(reasons_term(dossier)),
        Block::ReasonsEffect => paragraphs(Some(Paper::blank().paragraph(
            "本机关认为申请理由不合理的，告知不予处理；认为申请理由合理，但是无法在法定期限内答复的，可以确定延迟答复的合理期限并告知。逾期不说明理由的，本机关根据现有情况处理。",
        ))),
        Block::DelayTerm => paragraphs(delay_term(dossier)),
        Block::FeeBasis => paragraphs(fee_basis(dossier)),
        Block::FeeAmount => {
            let yuan = dossier.fee.as_ref()?.amount_yuan;
            paragraphs(Some(Paper::blank().paragraph(&format!("应缴金额：{yuan}元。"))))
        }
        Block::FeeTerm => paragraphs(fee_term(dossier)),
        Block::Course => paragraphs(Some(reply::course(dossier))),
        Block::Outcome => paragraphs(reply::outcome(dossier)),
        Block::Enclosures => paragraphs(reply::enclosures(dossier)),
        Block::Remedy => paragraphs(match asked {
            Some(_) => Some(third_party_remedy(dossier, on)),
            None => reply::remedy(dossier, on),
        }),
        Block::Contact => words(contact(dossier)),
        Block::ArchiveFile => paragraphs(Some(archive_file(matter))),
        Block::ArchiveContents => paragraphs(Some(archive_contents(matter.archive?))),
    }
}

fn contact(dossier: &Dossier) -> String {
    let agency = &dossier.agency;
    format!("联系电话：{}；地址：{}；办公时间：{}。", agency.phone, agency.address, agency.office_hours)
}

/// 您通过互联网渠道提交的政府信息公开申请（编号…）.
fn the_request(dossier: &Dossier) -> String {
    let request = &dossier.request;
    let you = you(request.applicant.kind.is_organization());
    let by = match request.channel.label().split('（').next() {
        Some(way) if request.channel.code() == "online" => format!("通过{way}提交的"),
        Some(way) => format!("以{way}方式提出的"),
        None => String::new(),
    };
    format!("{you}{by}政府信息公开申请（编号{}）", request.number)
}

fn received(dossier: &Dossier) -> Option<String> {
    if let Some(renewal) = &dossier.renewal {
        let (by, case) = (renewal.by.label(), &renewal.case_number);
        let (body, on) = (&renewal.body, day(renewal.received_on));
        return Some(format!("本机关于{on}收到{body}的{by}（{case}），重新办理{}", the_request(dossier)));
    }
    Some(format!("本机关于{}收到{}", day(dossier.request.received_on?), the_request(dossier)))
}

/// Received when, counted how, due when.
fn registered(dossier: &Dossier) -> Option<Paper> {
    let ruling = dossier.ruling().ok()?;
    let paper = Paper::blank().paragraph(&format!(
        "{}，本机关已经登记。{}，收到申请之日为{}（{}）。",
        the_request(dossier),
        ruling.receipt_reason,
        day(ruling.received_on),
        ruling.receipt_citation
    ));
    let Some(due) = ruling.due_on() else { return Some(paper) };
    let is_provisional = if ruling.provisional {
        "；其中涉及放假安排尚未公布的日期，期限暂定"
    } else {
        ""
    };
    Some(paper.paragraph(&format!(
        "自次日起计算20个工作日，答复期限至{}届满（{}）{is_provisional}。依法补正、征求意见、延长期限的，期限相应变化，本机关将另行告知。",
        day(due),
        cite!(Ogi, 33, 2)
    )))
}

fn asked_for(dossier: &Dossier) -> Paper {
    let request = &dossier.request;
    Paper::blank()
        .paragraph(&format!("申请公开的内容：{}", request.description.replace('\n', " ")))
        .paragraph(&format!("获取信息的形式：{}。", request.delivery.label()))
        .paragraph_when(!request.help_wanted.is_empty(), || {
            format!("需要的帮助：{}。本机关将提供必要的帮助（{}）。", request.help_wanted, cite!(Ogi, 43))
        })
}

/// Until when, and what follows if nothing comes. 《条例》第三十条.
fn supplement_term(dossier: &Dossier) -> Option<Paper> {
    let supplement = dossier.supplement.as_ref()?;
    Some(Paper::blank().paragraph(&format!(
        "请于{}前将补正的内容送交或者寄交本机关，也可以在网上答复。答复期限自本机关收到补正的申请之日起重新计算。无正当理由逾期不补正的，视为放弃申请，本机关不再处理该申请。",
        day(supplement.due_on)
    )))
}

/// 《条例》第三十三条第二款.
fn extension_term(dossier: &Dossier) -> Option<Paper> {
    let extension = dossier.extension.as_ref()?;
    let due = match dossier.request.reply_due_on {
        Some(due) => format!("延长后的答复期限至{}届满", day(due)),
        None => "延长后的答复期限待重新起算后确定".to_owned(),
    };
    Some(Paper::blank().paragraph(&format!(
        "根据{}，经本机关政府信息公开工作机构负责人同意，答复期限延长{}个工作日，{due}。",
        cite!(Ogi, 33, 2),
        extension.working_days
    )))
}

/// 《条例》第三十二条、第三十四条.
fn consultation_term(asked: &Consultation) -> Paper {
    let silence = match asked.with {
        ConsultedParty::ThirdParty => {
            "不同意公开的，请说明理由。逾期未提出意见的，由本机关依照条例的规定决定是否公开；本机关决定公开的，将书面告知你（单位）"
        }
        ConsultedParty::Agency => "逾期未提出意见的，视为同意公开",
    };
    Paper::blank().paragraph(&format!(
        "根据{}，请自收到本征求意见书之日起15个工作日内（{}前）提出意见。{silence}。",
        asked.with.citation(),
        day(asked.due_on)
    ))
}

fn consultation_held(asked: &Consultation) -> Paper {
    let answered = asked.answered_on.map(|on| format!("于{}", day(on))).unwrap_or_default();
    Paper::blank().paragraph(&format!(
        "本机关于{}就一件政府信息公开申请征求你（单位）的意见，你（单位）{answered}表示不同意公开。",
        day(asked.sent_on)
    ))
}

/// That others are asked and the time for it does not count; who they are is not told. 《条例》第三十三条第三款.
fn consultation_pause(dossier: &Dossier, asked: &Consultation) -> Paper {
    let you = you(dossier.request.applicant.kind.is_organization());
    let whom = match asked.with {
        ConsultedParty::ThirdParty => {
            "所申请公开的信息公开后可能损害第三方合法权益，本机关已书面征求第三方的意见"
        }
        ConsultedParty::Agency => "所申请公开的信息由本机关和其他机关共同制作，本机关已征求该机关的意见",
    };
    let due = match dossier.request.reply_due_on {
        Some(due) => format!("意见最迟在{}前提出，按此计算，答复期限至{}届满", day(asked.due_on), day(due)),
        None => format!("意见最迟在{}前提出", day(asked.due_on)),
    };
    Paper::blank().paragraph(&format!(
        "{whom}（{}）。征求意见所需时间不计算在答复{you}的期限内（{}）。{due}；提前收到意见的，期限相应提前。",
        asked.with.citation(),
        cite!(Ogi, 33, 3)
    ))
}

/// 案卷号、题名、起止、结果、件数、保管期限.
fn archive_file(matter: Matter<'_>) -> Paper {
    let Matter { dossier, applicant, archive, .. } = matter;
    let request = &dossier.request;
    let on = |date: Option<Date>| date.map_or_else(|| "没有收到之日".to_owned(), day);
    let decision = request.answer.as_ref().map_or("没有处理决定", |answer| answer.decision.label());
    let description = request.description.replace('\n', " ");
    let mut lines = vec![
        format!("立档单位：{}", dossier.agency.name),
        format!("申请编号：{}", request.number),
        format!("题名：{applicant}关于“{}”的政府信息公开申请", description.trim()),
        format!(
            "起止日期：{}至{}",
            on(request.received_on),
            request.closed_on.map_or_else(|| "办结".into(), day)
        ),
        format!("处理决定：{decision}"),
    ];
    if let Some(contents) = archive {
        lines.push(format!("卷内件数：{}件", contents.pieces.len()));
        lines.push(format!("保管期限：{}年", contents.years));
    }
    lines.push(format!("归档依据：{}", cite!(Ogi, 45)));
    Paper::blank().paragraph(&lines.join("\n"))
}

fn archive_contents(contents: &ArchiveContents) -> Paper {
    let lines: Vec<String> =
        (1..).zip(&contents.pieces).map(|(at, piece)| format!("{at}．{piece}")).collect();
    Paper::blank().part("卷内目录", &lines.join("\n"))
}

/// What is disclosed all the same, and why. 《条例》第三十二条.
fn override_decision(asked: &Consultation) -> Option<Paper> {
    let told = asked.overridden.as_ref()?;
    let decided =
        format!("经审查，本机关认为不公开可能对公共利益造成重大影响，根据{}，决定予以公开。", cite!(Ogi, 32));
    let paper = Paper::blank().paragraph(&decided);
    Some(paper.part("决定公开的信息内容", &told.content).part("理由", &told.reason))
}

fn third_party_remedy(dossier: &Dossier, on: Date) -> Paper {
    let agency = &dossier.agency;
    let notice = remedies::notice(Decision::Provided, on, &agency.reconsideration_body, &agency.court);
    Paper::blank().part("救济途径", &notice.text)
}

/// 《条例》第三十五条.
fn reasons_term(dossier: &Dossier) -> Option<Paper> {
    let reasons = dossier.reasons.as_ref()?;
    let you = you(dossier.request.applicant.kind.is_organization());
    Some(Paper::blank().paragraph(&format!(
        "{you}申请公开政府信息的数量、频次明显超过合理范围，根据{}，请{you}于{}前书面说明理由。",
        cite!(Ogi, 35),
        day(reasons.due_on)
    )))
}

/// 《条例》第三十五条.
fn delay_term(dossier: &Dossier) -> Option<Paper> {
    let reasons = dossier.reasons.as_ref()?;
    let delay = reasons.delay.as_ref()?;
    let you = you(dossier.request.applicant.kind.is_organization());
    let stated = reasons.stated_on.map(|on| format!("于{}", day(on))).unwrap_or_default();
    Some(Paper::blank().paragraph(&format!(
        "{you}{stated}说明了理由，本机关认为理由合理。因{}，无法在规定的期限内答复，根据{}，确定延迟至{}前答复。",
        delay.ground.trim().trim_start_matches('因').trim_end_matches(['。', '，']),
        cite!(Ogi, 35),
        day(delay.until)
    )))
}

/// Every step of the amount. 《信息处理费管理办法》.
fn fee_basis(dossier: &Dossier) -> Option<Paper> {
    let fee = dossier.fee.as_ref()?;
    let ruling = fees::fee(fee.basis, fee.count, fee.noticed_on).ok()?;
    let what = match fee.basis {
        FeeBasis::ByItem => format!(
            "{}在本自然月内向本机关提出的第{}件申请",
            you(dossier.request.applicant.kind.is_organization()),
            fee.count
        ),
        FeeBasis::ByPage => format!("本件申请所提供的信息共{}页", fee.count),
    };
    let tiers: Vec<String> = ruling
        .tiers
        .iter()
        .map(|tier| {
            let to = tier.to.map_or_else(|| "以上".to_owned(), |to| format!("至{to}"));
            format!("第{}{to}{}：每{}{}元", tier.from, fee.basis.unit(), fee.basis.unit(), tier.yuan_each)
        })
        .collect();
    let law =
        format!("{}，根据{}和{}收取信息处理费。", the_request(dossier), cite!(Ogi, 42, 1), ruling.citation);
    Some(
        Paper::blank()
            .paragraph(&law)
            .paragraph(&format!("计收标准：{}。{what}。", fee.basis.label()))
            .paragraph(&format!("{}。", tiers.join("；"))),
    )
}

/// 《信息处理费管理办法》第六条.
fn fee_term(dossier: &Dossier) -> Option<Paper> {
    let fee = dossier.fee.as_ref()?;
    Some(Paper::blank().paragraph(&format!(
        "请自收到本通知次日起20个工作日内（{}前）缴纳。逾期未缴纳的，视为放弃申请，本机关不再处理该申请。办理期限自缴费完成次日起重新计算（{}）。",
        day(fee.due_on),
        cite!(FeeMeasure, 6)
    )))
}
