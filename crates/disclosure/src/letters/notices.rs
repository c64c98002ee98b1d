//! Letters that leave with the act that makes them.

use gongkai_statute::cite;
use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::decisions::Decision;
use gongkai_statute::fees::{self, FeeBasis};
use gongkai_statute::remedies;
use jiff::civil::Date;

use super::LetterKind;
use super::paper::{Paper, day, you};
use crate::requests::{Consultation, Dossier};

fn to_applicant(dossier: &Dossier, kind: LetterKind, number: &str) -> Paper {
    Paper::new(&dossier.agency.name, kind.label(), number, &dossier.request.applicant.name)
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

/// 登记回执 — received when, counted how, due when.
pub(super) fn receipt(dossier: &Dossier, number: &str) -> String {
    let request = &dossier.request;
    let mut paper = to_applicant(dossier, LetterKind::Receipt, number);
    if let Ok(ruling) = dossier.ruling() {
        paper = paper.paragraph(&format!(
            "{}，本机关已经登记。{}，收到申请之日为{}（{}）。",
            the_request(dossier),
            ruling.receipt_reason,
            day(ruling.received_on),
            ruling.receipt_citation
        ));
        if let Some(due) = ruling.due_on() {
            let is_provisional = if ruling.provisional {
                "；其中涉及放假安排尚未公布的日期，期限暂定"
            } else {
                ""
            };
            paper = paper.paragraph(&format!(
                "自次日起计算20个工作日，答复期限至{}届满（{}）{is_provisional}。依法补正、征求意见、延长期限的，期限相应变化，本机关将另行告知。",
                day(due),
                cite!(Ogi, 33, 2)
            ));
        }
    }
    paper
        .paragraph(&format!("申请公开的内容：{}", request.description.replace('\n', " ")))
        .paragraph(&format!("获取信息的形式：{}。", request.delivery.label()))
        .paragraph_when(!request.help_wanted.is_empty(), || {
            format!("需要的帮助：{}。本机关将提供必要的帮助（{}）。", request.help_wanted, cite!(Ogi, 43))
        })
        .paragraph(&contact(dossier))
        .signed(&dossier.agency.name)
}

/// 补正告知书 — what is missing, until when, and what follows if nothing comes. 《条例》第三十条.
pub(super) fn supplement(dossier: &Dossier, number: &str) -> Option<String> {
    let supplement = dossier.supplement.as_ref()?;
    let received = dossier.request.received_on.map(day).unwrap_or_default();
    let paper = to_applicant(dossier, LetterKind::SupplementNotice, number)
        .paragraph(&format!("本机关于{received}收到{}。经审查，申请内容不明确或者材料不全，根据{}，请补正以下事项：", the_request(dossier), cite!(Ogi, 30)))
        .paragraph(&supplement.items)
        .paragraph(&format!(
            "请于{}前将补正的内容送交或者寄交本机关，也可以在网上答复。答复期限自本机关收到补正的申请之日起重新计算。无正当理由逾期不补正的，视为放弃申请，本机关不再处理该申请。",
            day(supplement.due_on)
        ))
        .paragraph("如需指导，可以与本机关联系。")
        .paragraph(&contact(dossier));
    Some(paper.signed(&dossier.agency.name))
}

/// 延长答复期限告知书. 《条例》第三十三条第二款.
pub(super) fn extension(dossier: &Dossier, number: &str) -> Option<String> {
    let extension = dossier.extension.as_ref()?;
    let (received, due) = (dossier.request.received_on?, dossier.request.reply_due_on);
    let due = match due {
        Some(due) => format!("延长后的答复期限至{}届满", day(due)),
        None => "延长后的答复期限待重新起算后确定".to_owned(),
    };
    let paper = to_applicant(dossier, LetterKind::ExtensionNotice, number)
        .paragraph(&format!("本机关于{}收到{}。", day(received), the_request(dossier)))
        .paragraph(&format!(
            "因{}，不能在答复期限内答复。",
            extension.ground.trim_start_matches('因').trim_end_matches(['。', '，'])
        ))
        .paragraph(&format!(
            "根据{}，经本机关政府信息公开工作机构负责人同意，答复期限延长{}个工作日，{due}。",
            cite!(Ogi, 33, 2),
            extension.working_days
        ))
        .paragraph("特此告知。")
        .paragraph(&contact(dossier));
    Some(paper.signed(&dossier.agency.name))
}

/// 征求意见书 — to a third party or another agency. 《条例》第三十二条、第三十四条.
pub(super) fn consultation(dossier: &Dossier, asked: &Consultation, number: &str) -> String {
    let law = asked.with.citation();
    let silence = match asked.with {
        ConsultedParty::ThirdParty => {
            "不同意公开的，请说明理由。逾期未提出意见的，由本机关依照条例的规定决定是否公开；本机关决定公开的，将书面告知你（单位）"
        }
        ConsultedParty::Agency => "逾期未提出意见的，视为同意公开",
    };
    Paper::new(&dossier.agency.name, LetterKind::Consultation.label(), number, &asked.party)
        .paragraph("本机关收到一件政府信息公开申请，所申请公开的信息与你（单位）有关：")
        .paragraph(&asked.subject)
        .paragraph(&format!(
            "根据{law}，请自收到本征求意见书之日起15个工作日内（{}前）提出意见。{silence}。",
            day(asked.due_on)
        ))
        .paragraph(&contact(dossier))
        .signed(&dossier.agency.name)
}

/// 依申请公开告知书 — to a third party that objects: what is disclosed all the same, why, and what it can do.
/// 《条例》第三十二条.
pub(super) fn overridden(dossier: &Dossier, asked: &Consultation, number: &str, on: Date) -> Option<String> {
    let told = asked.overridden.as_ref()?;
    let agency = &dossier.agency;
    let answered = asked.answered_on.map(|on| format!("于{}", day(on))).unwrap_or_default();
    let notice = remedies::notice(Decision::Provided, on, &agency.reconsideration_body, &agency.court);
    let paper = Paper::new(&agency.name, LetterKind::OverrideNotice.label(), number, &asked.party)
        .paragraph(&format!(
            "本机关于{}就一件政府信息公开申请征求你（单位）的意见，你（单位）{answered}表示不同意公开。",
            day(asked.sent_on)
        ))
        .paragraph(&format!(
            "经审查，本机关认为不公开可能对公共利益造成重大影响，根据{}，决定予以公开。",
            cite!(Ogi, 32)
        ))
        .part("决定公开的信息内容", &told.content)
        .part("理由", &told.reason)
        .part("救济途径", &notice.text)
        .paragraph(&contact(dossier));
    Some(paper.signed(&agency.name))
}

/// 说明理由告知书 — what is out of the ordinary, until when reasons can be stated, and what follows. 《条例》第三十五条.
pub(super) fn reasons(dossier: &Dossier, number: &str) -> Option<String> {
    let reasons = dossier.reasons.as_ref()?;
    let received = dossier.request.received_on.map(day).unwrap_or_default();
    let you = you(dossier.request.applicant.kind.is_organization());
    let paper = to_applicant(dossier, LetterKind::ReasonsNotice, number)
        .paragraph(&format!("本机关于{received}收到{}。", the_request(dossier)))
        .paragraph(&reasons.frequency)
        .paragraph(&format!(
            "{you}申请公开政府信息的数量、频次明显超过合理范围，根据{}，请{you}于{}前书面说明理由。",
            cite!(Ogi, 35),
            day(reasons.due_on)
        ))
        .paragraph("本机关认为申请理由不合理的，告知不予处理；认为申请理由合理，但是无法在法定期限内答复的，可以确定延迟答复的合理期限并告知。逾期不说明理由的，本机关根据现有情况处理。")
        .paragraph(&contact(dossier));
    Some(paper.signed(&dossier.agency.name))
}

/// 收费通知书 — the amount with every step of it. 《信息处理费管理办法》.
pub(super) fn fee(dossier: &Dossier, number: &str) -> Option<String> {
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
    let paper = to_applicant(dossier, LetterKind::FeeNotice, number)
        .paragraph(&format!("{}，根据{}和{}收取信息处理费。", the_request(dossier), cite!(Ogi, 42, 1), ruling.citation))
        .paragraph(&format!("计收标准：{}。{what}。", fee.basis.label()))
        .paragraph(&format!("{}。", tiers.join("；")))
        .paragraph(&format!("应缴金额：{}元。", fee.amount_yuan))
        .paragraph(&format!(
            "请自收到本通知次日起20个工作日内（{}前）缴纳。逾期未缴纳的，视为放弃申请，本机关不再处理该申请。办理期限自缴费完成次日起重新计算（{}）。",
            day(fee.due_on),
            cite!(FeeMeasure, 6)
        ))
        .paragraph(&contact(dossier));
    Some(paper.signed(&dossier.agency.name))
}
