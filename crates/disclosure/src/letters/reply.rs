//! 答复书 — written from the dossier alone, so that it cannot say anything but the row.

use gongkai_statute::cite;
use gongkai_statute::decisions::{Decision, Part};
use jiff::civil::Date;

use super::paper::{Paper, day, you};
use crate::requests::{Answer, Dossier, Renewal, enclosures};

/// What was received and asked for.
pub(super) fn received(dossier: &Dossier) -> Option<Paper> {
    let request = &dossier.request;
    if let Some(renewal) = &dossier.renewal {
        return Some(received_again(dossier, renewal));
    }
    Some(Paper::blank().paragraph(&format!(
        "本机关于{}收到{}的政府信息公开申请（编号{}），申请公开：{}",
        day(request.received_on?),
        you(request.applicant.kind.is_organization()),
        request.number,
        ended(&request.description.replace('\n', " "))
    )))
}

/// 重新答复: what was replied before, what says that it is to be replied afresh, and that this reply takes its place.
fn received_again(dossier: &Dossier, renewal: &Renewal) -> Paper {
    let request = &dossier.request;
    let you = you(request.applicant.kind.is_organization());
    let earlier = match &renewal.earlier_reply {
        Some((number, on)) => format!("本机关于{}以{number}作出答复。", day(*on)),
        None => String::new(),
    };
    let replaces = match &renewal.earlier_reply {
        Some((number, _)) => format!("本答复代替{number}答复。"),
        None => String::new(),
    };
    Paper::blank()
        .paragraph(&format!(
            "{you}向本机关提出的政府信息公开申请（编号{}），申请公开：{}{earlier}",
            renewal.of_number,
            ended(&request.description.replace('\n', " "))
        ))
        .paragraph(&format!(
            "{}于{}作出{}（{}），责令本机关重新答复（{}）。本机关于{}收到，重新办理（编号{}）。{replaces}",
            renewal.body,
            day(renewal.decided_on),
            renewal.by.label(),
            renewal.case_number,
            renewal.by.citation(),
            day(renewal.received_on),
            request.number
        ))
}

/// What happened on the way, as far as the applicant was told.
pub(super) fn course(dossier: &Dossier) -> Paper {
    let you = you(dossier.request.applicant.kind.is_organization());
    let mut paper = Paper::blank();
    if let Some(supplement) = &dossier.supplement
        && let (Some(on), Some(text)) = (supplement.supplemented_on, &supplement.answer)
    {
        paper = paper.paragraph(&format!("{you}于{}补正：{}", day(on), ended(&text.replace('\n', " "))));
    }
    if let Some(delay) = dossier.reasons.as_ref().and_then(|reasons| reasons.delay.as_ref()) {
        paper = paper.paragraph(&format!("本机关于{}告知{you}延迟答复。", day(delay.noticed_on)));
    }
    let approval = dossier.extension.as_ref().and_then(|extension| extension.approval.as_ref());
    match approval {
        Some(approval) => {
            paper.paragraph(&format!("本机关于{}告知{you}延长答复期限。", day(approval.noticed_on)))
        }
        None => paper,
    }
}

/// 办理结果; `None` while nothing is decided.
pub(super) fn outcome(dossier: &Dossier) -> Option<Paper> {
    let answer = dossier.request.answer.as_ref()?;
    let you = you(dossier.request.applicant.kind.is_organization());
    Some(match answer.portions.is_empty() {
        true => as_a_whole(Paper::blank(), answer),
        false => part_by_part(Paper::blank(), answer, you),
    })
}

/// 随附文件 — by name and hash: the signature over the letter is over these files too.
pub(super) fn enclosures(dossier: &Dossier) -> Option<Paper> {
    let answer = dossier.request.answer.as_ref()?;
    if dossier.enclosures.is_empty() || !enclosures::gives_information(answer.decision) {
        return Some(Paper::blank());
    }
    let lines: Vec<String> = (1..)
        .zip(&dossier.enclosures)
        .map(|(at, file)| format!("{at}.{}（校验值 {}）", file.name, &file.sha256[..16]))
        .collect();
    Some(Paper::blank().part("随本答复提供的文件", &lines.join("\n")))
}

/// 救济途径 under the law of `on`.
pub(super) fn remedy(dossier: &Dossier, on: Date) -> Option<Paper> {
    let notice = dossier.request.answer.as_ref()?.remedy(on, &dossier.agency);
    if notice.text.is_empty() {
        return Some(Paper::blank());
    }
    let law: Vec<String> = notice.citations.iter().map(ToString::to_string).collect();
    let paper = Paper::blank().part("救济途径", &notice.text);
    Some(paper.paragraph(&format!("（依据：{}）", law.join("、"))))
}

fn as_a_whole(mut paper: Paper, answer: &Answer) -> Paper {
    paper = paper.paragraph(&result(answer));
    for (part, text) in &answer.parts {
        paper = paper.part(heading(*part), text);
    }
    match answer.reason.is_empty() {
        true => paper,
        false => paper.part(reason_heading(answer.decision), &answer.reason),
    }
}

/// 分项答复: each part with its result, its provision and all that an answer of its kind must say.
fn part_by_part(mut paper: Paper, answer: &Answer, you: &str) -> Paper {
    paper = paper.paragraph(&format!(
        "经审查，{you}申请公开的内容分为{}部分，根据{}，分别答复如下：",
        answer.portions.len(),
        cite!(Ogi, 37)
    ));
    for (at, portion) in (1..).zip(&answer.portions) {
        let result = format!("{}{}。", basis(portion.decision), portion.decision.label());
        paper = paper.part(&format!("第{at}部分：{}", portion.asked), &result);
        for (part, text) in &portion.parts {
            paper = paper.paragraph(&format!("{}：{text}", heading(*part)));
        }
        if !portion.reason.is_empty() {
            paper = paper.paragraph(&format!("{}：{}", reason_heading(portion.decision), portion.reason));
        }
    }
    match answer.reason.is_empty() {
        true => paper,
        false => paper.part("说明", &answer.reason),
    }
}

fn reason_heading(decision: Decision) -> &'static str {
    if decision.required_parts().contains(&Part::Reasons) { "理由" } else { "说明" }
}

/// 根据……, where the decision has an article of its own.
fn basis(decision: Decision) -> String {
    match decision {
        Decision::ConfirmOrReissue | Decision::Withdrawn | Decision::Other => String::new(),
        _ => format!("根据{}，", decision.citation()),
    }
}

/// 办理结果和依据.
fn result(answer: &Answer) -> String {
    let decision = answer.decision;
    let basis = match (decision, answer.ground) {
        // These have no article of their own; the official form alone knows them.
        (Decision::ConfirmOrReissue | Decision::Withdrawn | Decision::Other, _) => "经办理，".to_owned(),
        (Decision::PartlyWithheld, Some(ground)) => {
            format!("经审查，根据{}和{}，", decision.citation(), ground.citation())
        }
        _ => format!("经审查，根据{}，", decision.citation()),
    };
    let withheld = match answer.ground {
        Some(ground) => format!("（其余内容涉及{}）", ground.label()),
        None => String::new(),
    };
    format!("{basis}答复如下：{}{withheld}。", decision.label())
}

/// How a part is headed in the letter; what the form asks for is longer.
const fn heading(part: Part) -> &'static str {
    match part {
        Part::AccessPath => "获取信息的方式、途径",
        Part::InformationOrAccess | Part::InformationGiven => "提供的信息",
        Part::FormOfProvision => "提供的形式",
        Part::WithheldContent => "未予公开的内容",
        Part::Reasons => "理由",
        Part::ClassificationBasis => "定密依据",
        Part::ProhibitingProvision => "禁止公开的规定",
        Part::ThirdPartyOpinion => "第三方意见",
        Part::ClassOfInformation => "信息的类别",
        Part::SpecialRule => "有关规定",
        Part::SearchMade => "检索情况",
        Part::ResponsibleAgency => "负责公开的机关",
        Part::NoReadyInformation => "没有现成信息的说明",
        Part::UnclearPoints => "仍不明确之处",
        Part::ProperChannel => "相应渠道",
        Part::EarlierReply => "此前的答复",
        Part::StatementOfReasonsNotice => "说明理由的情况",
        Part::SupplementNotice => "补正告知",
        Part::FeeNotice => "收费通知",
        Part::Addressee => "申请人",
        Part::RequestReceived => "收到申请",
        Part::ResultAndBasis => "办理结果",
        Part::RemedyNotice => "救济途径",
        Part::SignatureBlock => "落款",
    }
}

/// A sentence with its full stop.
fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['。', '？', '！', '；']) { text.to_owned() } else { format!("{text}。") }
}
