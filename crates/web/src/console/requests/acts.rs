//! One form per act, all on the page of the request; a refused one comes back with what was typed.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission, Role, Staff};
use gongkai_disclosure::db::Tx;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::requests::actions::{self, OpinionForm};
use gongkai_disclosure::requests::{
    Arrival, DeliveryForm, DeliveryWay, Dossier, Event, Opinion, RequestRefusal, by_number,
};
use gongkai_statute::channels::Channel;
use gongkai_statute::deadlines::ConsultedParty;
use gongkai_statute::fees::FeeBasis;
use jiff::civil::Date;

use super::show;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::requests::view::LetterView;
use crate::state::App;

/// A form on the page of a request.
#[derive(Debug, Clone)]
pub struct ActForm {
    pub heading: String,
    pub hint: String,
    pub action: String,
    pub fields: Vec<Field>,
    /// What is hidden in the form: which consultation.
    pub hidden: Vec<(String, String)>,
    pub button: &'static str,
    pub errors: ErrorSummary,
    pub is_open: bool,
    /// Hard to undo.
    pub is_serious: bool,
    /// The name of the button that shows the letter first, where the act writes one.
    pub preview: Option<String>,
}

/// What the forms choose from.
#[derive(Debug, Default)]
pub(super) struct Choices {
    /// Whom a request can be handed over to: id and name.
    pub(super) people: Vec<(String, String)>,
    /// The names of the agencies of the register besides the own.
    pub(super) agencies: Vec<String>,
}

/// What was sent and refused.
pub(crate) struct Refused {
    pub(super) event: Event,
    pub(super) form: Fields,
    pub(super) errors: FormErrors,
}

/// The address of an act, below that of its request.
const fn slug(event: Event) -> Option<&'static str> {
    Some(match event {
        Event::Confirm => "confirmation",
        Event::CorrectReceipt => "receipt-correction",
        Event::TakeUp => "taking-up",
        Event::HandOver => "hand-over",
        Event::Split => "split",
        Event::Merge => "merge",
        Event::NoticeSupplement => "supplement",
        Event::RecordSupplement => "supplemented",
        Event::NoticeReasons => "reasons",
        Event::RecordReasons => "reasons-stated",
        Event::NoticeDelay => "delay",
        Event::ProposeExtension => "extension",
        Event::ApproveExtension => "extension-approval",
        Event::DeclineExtension => "extension-refusal",
        Event::Consult => "consultation",
        Event::RecordOpinion => "opinion",
        Event::NoticeOverride => "override",
        Event::NoticeFee => "fee",
        Event::RecordPayment => "payment",
        Event::IssueReply => "issue",
        Event::Withdraw => "withdrawal",
        Event::CloseNotSupplemented => "not-supplemented",
        Event::CloseFeeUnpaid => "fee-unpaid",
        Event::RecordDelivery => "delivery",
        Event::Archive => "archive",
        // Filing has pages of its own, and so has the decision.
        Event::Submit | Event::Register | Event::Renew | Event::Decide => return None,
    })
}

/// The forms of everything this person can do now, in the order of the procedure.
pub(super) fn forms(
    dossier: &Dossier,
    staff: &Staff,
    today: Date,
    refused: Option<&Refused>,
    choices: &Choices,
) -> Vec<ActForm> {
    let at = &dossier.request.agency_id;
    let handles = staff.may(Permission::HandleRequests, at);
    let approves = staff.holds(Role::SectionHead, at) || staff.holds(Role::Leader, at);
    let mut forms: Vec<(Event, ActForm)> = Vec::new();
    for event in dossier.possible(today) {
        let may = match event {
            Event::ApproveExtension | Event::DeclineExtension => approves,
            _ => handles,
        };
        let Some(slug) = slug(event).filter(|_| may) else { continue };
        let mine = refused.filter(|refused| refused.event == event);
        if is_about_a_consultation(event) {
            for asked in dossier.consultations.iter().filter(|c| match event {
                Event::NoticeOverride => c.is_objection_unanswered(),
                _ => c.opinion.is_none(),
            }) {
                let mine = mine.filter(|refused| refused.form.text("consultation_id") == asked.id);
                let mut form = form(dossier, event, slug, today, mine, choices);
                if event == Event::RecordOpinion {
                    form.heading = format!("登记{}的意见（{}）", asked.party, asked.with.label());
                    form.hint = format!("{} 发出，{} 届满。", asked.sent_on, asked.due_on);
                } else {
                    form.heading = format!("告知{}决定公开", asked.party);
                }
                form.hidden = vec![(format!("{slug}-consultation_id"), asked.id.clone())];
                for field in &mut form.fields {
                    // Several of these stand on one page.
                    field.name = format!("{}-{}", field.name, &asked.id[asked.id.len().saturating_sub(6)..]);
                }
                forms.push((event, form));
            }
        } else {
            forms.push((event, form(dossier, event, slug, today, mine, choices)));
        }
    }
    // What was refused stands open; otherwise what the request waits for does, if it waits for anything.
    if !forms.iter().any(|(_, form)| form.is_open) {
        let next = AWAITED.iter().find_map(|event| forms.iter().position(|(of, _)| of == event));
        if let Some((_, next)) = next.and_then(|at| forms.get_mut(at)) {
            next.is_open = true;
        }
    }
    forms.into_iter().map(|(_, form)| form).collect()
}

/// What a request can wait for. Everything else is done when the case calls for it, and stands closed until then.
const AWAITED: [Event; 10] = [
    Event::IssueReply,
    Event::ApproveExtension,
    Event::Confirm,
    Event::TakeUp,
    Event::RecordSupplement,
    Event::RecordOpinion,
    Event::RecordPayment,
    Event::RecordReasons,
    Event::RecordDelivery,
    Event::Archive,
];

/// Acts that have a form for each consultation they can be about.
fn is_about_a_consultation(event: Event) -> bool {
    matches!(event, Event::RecordOpinion | Event::NoticeOverride)
}

fn form(
    dossier: &Dossier,
    event: Event,
    slug: &str,
    today: Date,
    refused: Option<&Refused>,
    choices: &Choices,
) -> ActForm {
    let (button, hint) = words(event);
    let fields = fields(dossier, event, today, choices);
    let (mut fields, errors) = match refused {
        Some(refused) => {
            let fields = refused.form.typed_into(fields, &refused.errors);
            let summary = refused.errors.above(&fields);
            (fields, summary)
        }
        None => (fields, ErrorSummary::default()),
    };
    for field in &mut fields {
        field.name = format!("{slug}-{}", field.name);
    }
    let errors = ErrorSummary {
        errors: errors
            .errors
            .into_iter()
            .map(|(name, words)| (if name.is_empty() { name } else { format!("{slug}-{name}") }, words))
            .collect(),
    };
    ActForm {
        heading: event.label().into(),
        hint: hint.into(),
        action: format!("/console/requests/{}/{slug}", dossier.request.number),
        fields,
        hidden: Vec::new(),
        button,
        is_open: refused.is_some(),
        errors,
        is_serious: matches!(
            event,
            Event::Withdraw | Event::Merge | Event::CloseNotSupplemented | Event::CloseFeeUnpaid
        ),
        preview: writes_a_letter(event).then(|| format!("{slug}-{PREVIEW}")),
    }
}

/// 预览 — sent by the second button of a form: the letter is shown and nothing is done.
pub(super) const PREVIEW: &str = "preview";

/// Whether a letter leaves with the act.
fn writes_a_letter(event: Event) -> bool {
    matches!(
        event,
        Event::Confirm
            | Event::CorrectReceipt
            | Event::NoticeSupplement
            | Event::NoticeReasons
            | Event::NoticeDelay
            | Event::ApproveExtension
            | Event::Consult
            | Event::NoticeOverride
            | Event::NoticeFee
    )
}

/// The button, and what the act does.
fn words(event: Event) -> (&'static str, &'static str) {
    match event {
        Event::Confirm => {
            ("确认收到", "确认之日为收到申请之日，答复期限从次日起算，并发出登记回执。《条例》第三十一条")
        }
        Event::CorrectReceipt => (
            "更正",
            "渠道、签收或者确认的日期登记错了的，在这里更正：收到申请之日按规定重新确定，期限随之变化，办理记录写明原因，并重新发出登记回执。《条例》第三十一条",
        ),
        Event::TakeUp => ("进入办理", "申请内容明确、材料齐备，由您承办。"),
        Event::NoticeSupplement => (
            "发出补正告知书",
            "收到申请之日起7个工作日内一次性告知；答复期限自收到补正之日起重新计算。《条例》第三十条",
        ),
        Event::HandOver => ("移交", "由本机关另一位同事承办，并邮件告知；办理记录写明原因。"),
        Event::Split => (
            "拆分",
            "一件申请写了几件互不相干的事时使用：第一行留在本件，其余各立一件，收到之日和查询码不变，各发回执。已经开始补正、征求意见等的请分项答复。",
        ),
        Event::Merge => {
            ("并案", "同一申请人同时提出内容相同的申请时使用：并入先收到的一件答复，本件计入“其他处理”。")
        }
        Event::RecordSupplement => ("登记补正", "答复期限从次日起重新计算。《条例》第三十条"),
        Event::NoticeReasons => (
            "发出说明理由告知书",
            "申请数量、频次明显超过合理范围时使用；理由不合理的，才能不予处理。答复期限照常计算。《条例》第三十五条",
        ),
        Event::RecordReasons => {
            ("登记理由", "理由合理的，照常办理；不合理的，可以答复不予处理。《条例》第三十五条")
        }
        Event::NoticeDelay => (
            "发出延迟答复告知书",
            "理由合理，但是无法在规定的期限内答复时使用：确定延迟答复的合理期限并告知申请人。《条例》第三十五条",
        ),
        Event::NoticeOverride => (
            "发出告知书",
            "第三方不同意公开，但不公开可能对公共利益造成重大影响时使用：把决定公开的内容和理由书面告知，然后才能公开。《条例》第三十二条",
        ),
        Event::ProposeExtension => (
            "提请延长",
            "由科室负责人或者分管领导同意后生效，最多20个工作日，只能延长一次。《条例》第三十三条第二款",
        ),
        Event::ApproveExtension => {
            ("同意延长并告知申请人", "同意后立即发出延长答复期限告知书。《条例》第三十三条第二款")
        }
        Event::DeclineExtension => ("不同意", "退回经办人，按原期限答复。"),
        Event::Consult => {
            ("发出征求意见书", "对方有15个工作日，所需时间不计算在答复期限内。《条例》第三十二条至第三十四条")
        }
        Event::NoticeFee => {
            ("发出收费通知书", "数额由规定算出；缴费次日起重新计算期限。《信息处理费管理办法》")
        }
        Event::RecordPayment => ("登记缴费", "期限从缴费次日起重新计算。"),
        Event::IssueReply => ("发出答复", "答复书已经签发。发出之日即为答复之日，申请人在查询页可以看到。"),
        Event::Withdraw => ("登记撤回", "终止办理，计入“其他处理”。"),
        Event::CloseNotSupplemented => ("终止办理", "补正期限已过，视为放弃申请。《条例》第三十条"),
        Event::CloseFeeUnpaid => ("终止办理", "缴费期限已过，视为放弃申请。《信息处理费管理办法》第六条"),
        Event::RecordDelivery => (
            "登记送达",
            "写明申请人收到答复的日期和凭据；回执、签收单的扫描件可以在“申请材料”里补充。登记以后才能归档。",
        ),
        Event::Archive => ("归档", "案卷不再改动。《条例》第四十五条"),
        Event::RecordOpinion => ("登记意见", ""),
        Event::Submit | Event::Register | Event::Renew | Event::Decide => ("", ""),
    }
}

fn fields(dossier: &Dossier, event: Event, today: Date, choices: &Choices) -> Vec<Field> {
    let now = today.to_string();
    match event {
        Event::Confirm => vec![
            Field::date("confirmed_on", "双方确认之日").required().value(now),
            Field::line("how", "怎样确认的").hint("例如：3月9日10时电话确认，由本人接听。"),
        ],
        Event::CorrectReceipt => {
            let request = &dossier.request;
            let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            let channels = Channel::ALL.iter().map(|channel| (channel.code(), channel.label()));
            vec![
                Field::select("channel", "渠道", channels)
                    .required()
                    .width("w-m")
                    .value(request.channel.code()),
                Field::date("submitted_on", "提交或者寄到")
                    .required()
                    .value(request.submitted_on.to_string()),
                Field::date("signed_on", "签收").hint("邮寄需签收的填写。").value(day(request.signed_on)),
                Field::date("confirmed_on", "双方确认")
                    .hint("互联网、传真和平常信函填写。")
                    .value(day(request.confirmed_on)),
                Field::line("why", "更正的原因和凭据")
                    .required()
                    .hint("例如：核对挂号信回执，实际签收日为3月6日。"),
            ]
        }
        Event::HandOver => {
            let none = std::iter::once((String::new(), "请选择".to_owned()));
            vec![
                Field::select("to", "移交给", none.chain(choices.people.iter().cloned()))
                    .required()
                    .width("w-m"),
                Field::line("why", "原因").required().hint("例如：承办人休假；属于另一业务科室。"),
            ]
        }
        Event::Split => vec![
            Field::text("parts", "各件的内容，每行一件", 4)
                .required()
                .value(actions::subjects(&dossier.request.description).join("\n")),
        ],
        Event::Merge => vec![
            Field::line("into", "并入哪一件")
                .required()
                .width("w-m")
                .hint("填写先收到的那一件的编号，见“相近的申请”。"),
        ],
        Event::NoticeSupplement => vec![
            Field::text("items", "需要补正的事项", 4).required().hint("一次性写全；给出指导和例子。"),
            Field::line_of("number", "working_days", "补正期限（工作日）")
                .required()
                .width("w-s")
                .value("15"),
        ],
        Event::RecordSupplement => vec![
            Field::date("supplemented_on", "收到补正之日").required().value(now),
            Field::text("answer", "补正后的申请内容", 4).required(),
        ],
        Event::NoticeReasons => vec![
            Field::text("frequency", "申请数量、频次的情况", 3)
                .required()
                .hint("写入告知书，例如：2026年1月至3月，你向本机关提出政府信息公开申请46件，内容相近。"),
            Field::line_of("number", "working_days", "说明理由的期限（工作日）")
                .required()
                .width("w-s")
                .value("10"),
        ],
        Event::RecordReasons => vec![
            Field::date("stated_on", "收到说明之日").required().value(now),
            Field::text("statement", "申请人说明的理由", 3).required(),
        ],
        Event::NoticeDelay => vec![
            Field::text("ground", "不能按期答复的原因", 2)
                .required()
                .hint("写入告知书：因……，无法在规定的期限内答复。"),
            Field::date("until", "延迟到哪一天答复").required().hint("在答复期限届满以后，按实际需要确定。"),
        ],
        Event::NoticeOverride => vec![
            Field::text("content", "决定公开的信息内容", 3).required(),
            Field::text("reason", "理由", 3).required().hint("不公开为什么可能对公共利益造成重大影响。"),
        ],
        Event::ProposeExtension => vec![
            Field::text("ground", "需要延长的理由", 3)
                .required()
                .hint("写入告知书：因……，不能在答复期限内答复。"),
            Field::line_of("number", "working_days", "延长（工作日）").required().width("w-s").value("20"),
        ],
        Event::DeclineExtension => vec![Field::text("opinion", "不同意的意见", 2).required()],
        Event::Consult => vec![
            Field::radio(
                "with",
                "征求谁的意见",
                ConsultedParty::ALL.iter().map(|party| (party.code(), party.label())),
            )
            .required()
            .inline(),
            Field::select("agency", "共同制作的机关（名录）", {
                let none = std::iter::once((String::new(), "不在名录中，或者是第三方".to_owned()));
                none.chain(choices.agencies.iter().map(|name| (name.clone(), name.clone())))
            })
            .width("w-m")
            .hint("从名录中选的，联系方式取自名录；有邮箱的同时邮件告知。"),
            Field::line("party", "名称或者姓名").width("w-m").hint("没有从名录中选的，在这里填写。"),
            Field::text("subject", "征求意见的内容", 3).required().value(&dossier.request.description),
        ],
        Event::RecordOpinion => vec![
            Field::radio("opinion", "意见", Opinion::ALL.iter().map(|o| (o.code(), o.label())))
                .required()
                .inline(),
            Field::date("answered_on", "答复之日").hint("期限内未答复的不填。").value(now),
            Field::text("answer", "答复的内容", 2).hint("不同意公开的，写明理由。"),
            Field::text("judgement", "本机关的判断", 2).hint(
                "第三方不同意公开或者逾期未答复的填写：公开会不会损害其合法权益，是否关系重大公共利益。《条例》第十五条、第三十二条",
            ),
        ],
        Event::NoticeFee => vec![
            Field::radio("basis", "计收标准", FeeBasis::ALL.iter().map(|b| (b.code(), b.label())))
                .required()
                .choice_hint("by_item", "同一申请人一个自然月内的第几件由系统数出（见“申请人”栏）；10件以内不收。")
                .choice_hint("by_page", "本件提供的页数；30页以内不收。"),
            Field::line_of("number", "count", "页数").width("w-s").hint("按量计收的必填。"),
        ],
        Event::RecordPayment => vec![Field::date("paid_on", "缴清之日").required().value(now)],
        Event::IssueReply => vec![
            Field::radio(
                "delivery",
                "送达方式",
                DeliveryWay::ALL.iter().map(|way| (way.code(), way.label())),
            )
            .required()
            .value(usual_way(dossier).code())
            .hint(format!("申请人要求：{}", dossier.request.delivery.label())),
        ],
        Event::RecordDelivery => vec![
            Field::date("delivered_on", "送达之日").required().value(now),
            Field::line("proof", "送达的凭据")
                .required()
                .hint("例如：挂号信XA12345号，4月8日本人签收；当面领取，本人签名；查询页查看，电话确认。"),
        ],
        Event::Withdraw => vec![Field::text("note", "撤回的方式和说明", 2).required()],
        Event::CloseNotSupplemented | Event::CloseFeeUnpaid => {
            vec![Field::text("note", "说明", 2).hint("例如：期限届满前电话提醒的情况。")]
        }
        _ => Vec::new(),
    }
}

/// The way that fits what the applicant asked for.
fn usual_way(dossier: &Dossier) -> DeliveryWay {
    match (dossier.request.delivery, dossier.request.channel) {
        (DeliveryForm::ElectronicByEmail, _) => DeliveryWay::ByEmail,
        (DeliveryForm::PaperByPost, _) => DeliveryWay::ByPost,
        (DeliveryForm::PaperPickUp | DeliveryForm::OnSite, _) => DeliveryWay::InPerson,
        (DeliveryForm::ElectronicOnline, Channel::Online) => DeliveryWay::Online,
        (DeliveryForm::ElectronicOnline, _) => DeliveryWay::Online,
    }
}

/// Does it, or shows the page of the request again with the form as it was sent.
async fn perform(
    app: App,
    page: PageContext,
    staff: Staff,
    number: String,
    form: Fields,
    event: Event,
) -> Result<Response, PageError> {
    let mut form = form.under(slug(event).unwrap_or_default());
    if is_about_a_consultation(event) {
        form = without_suffix(&form);
    }
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match act(&mut tx, &staff, &number, &form, event).await {
        Ok(_) if form.is_ticked(PREVIEW) => {
            let preview = written(&mut tx, &number).await?;
            drop(tx);
            let shown = Refused { event, form, errors: FormErrors::default() };
            let mut page = show::page(&app, &page, &staff, &number, Some(&shown)).await?;
            page.preview.extend(
                preview.into_iter().filter(|one| !page.letters.iter().any(|l| l.letter.id == one.id)),
            );
            Ok(html(&page)?.into_response())
        }
        Ok(done) => {
            tx.commit().await?;
            Ok(redirect_with(&format!("/console/requests/{number}"), &done))
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(is_about_the_person) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let refused = Refused { event, form, errors };
            form_again(&show::page(&app, &page, &staff, &number, Some(&refused)).await?)
        }
        Err(other) => Err(other.into()),
    }
}

/// Every letter there is within a change that is not kept.
async fn written(tx: &mut Tx, number: &str) -> Result<Vec<LetterView>, PageError> {
    let dossier = by_number(tx.conn(), number).await?.ok_or(PageError::NotFound)?;
    let read = dossier.letters.iter().map(|letter| LetterView::read(letter, tx.keys()));
    Ok(read.collect::<anyhow::Result<_>>()?)
}

fn is_about_the_person(reason: &RequestRefusal) -> bool {
    matches!(reason, RequestRefusal::NotFound | RequestRefusal::Forbidden)
}

/// `opinion-a1b2c3` is `opinion`: the suffix only keeps the forms on one page apart.
fn without_suffix(form: &Fields) -> Fields {
    let id = form.text("consultation_id");
    let suffix = format!("-{}", &id[id.len().saturating_sub(6)..]);
    form.renamed(|name| name.strip_suffix(&suffix).unwrap_or(name).to_owned())
}

/// The act itself, and what to say when it is done.
async fn act(
    tx: &mut Tx,
    staff: &Staff,
    number: &str,
    form: &Fields,
    event: Event,
) -> Result<String, Failure<RequestRefusal>> {
    let due = |dossier: &Dossier| {
        dossier.request.reply_due_on.map_or_else(|| "待起算".to_owned(), |day| day.to_string())
    };
    Ok(match event {
        Event::Confirm => {
            let day = form.date("confirmed_on");
            let after = actions::confirm_receipt(tx, staff, number, day, form.text("how")).await?;
            format!("已确认收到，答复期限至 {}。", due(&after))
        }
        Event::CorrectReceipt => {
            let arrival = Arrival {
                channel: Channel::from_code(form.text("channel")),
                submitted_on: form.date("submitted_on"),
                signed_on: form.date("signed_on"),
                confirmed_on: form.date("confirmed_on"),
            };
            let after = actions::correct_receipt(tx, staff, number, &arrival, form.text("why")).await?;
            format!("已更正，答复期限至 {}。", due(&after))
        }
        Event::TakeUp => {
            actions::take_up(tx, staff, number).await?;
            "已进入办理。".into()
        }
        Event::HandOver => {
            actions::hand_over(tx, staff, number, form.text("to"), form.text("why")).await?;
            "已移交承办。".into()
        }
        Event::Split => {
            let parts: Vec<String> = form.text("parts").lines().map(str::to_owned).collect();
            actions::split(tx, staff, number, &parts).await?;
            "已拆分，新立的申请见办理记录，请把编号告诉申请人。".into()
        }
        Event::Merge => {
            actions::merge(tx, staff, number, form.text("into")).await?;
            "已并入，本件办结。".into()
        }
        Event::NoticeSupplement => {
            let days = form.number("working_days");
            let after = actions::notice_supplement(tx, staff, number, form.text("items"), days).await?;
            let until = after.supplement.map(|s| s.due_on.to_string()).unwrap_or_default();
            format!("补正告知书已发出，请申请人在 {until} 前补正。")
        }
        Event::RecordSupplement => {
            let day = form.date("supplemented_on");
            let after = actions::record_supplement(tx, staff, number, day, form.text("answer")).await?;
            format!("已登记补正，答复期限重新计算，至 {}。", due(&after))
        }
        Event::NoticeReasons => {
            let days = form.number("working_days");
            let after = actions::notice_reasons(tx, staff, number, form.text("frequency"), days).await?;
            let until = after.reasons.map(|r| r.due_on.to_string()).unwrap_or_default();
            format!("说明理由告知书已发出，请申请人在 {until} 前说明。")
        }
        Event::NoticeDelay => {
            let until = form.date("until");
            let after = actions::notice_delay(tx, staff, number, form.text("ground"), until).await?;
            format!("延迟答复告知书已发出，答复期限至 {}。", due(&after))
        }
        Event::RecordReasons => {
            let day = form.date("stated_on");
            actions::record_reasons(tx, staff, number, day, form.text("statement")).await?;
            "已登记申请人说明的理由。".into()
        }
        Event::NoticeOverride => {
            let (id, content) = (form.text("consultation_id"), form.text("content"));
            actions::notice_override(tx, staff, number, id, content, form.text("reason")).await?;
            "告知书已发出，可以发出公开的答复。".into()
        }
        Event::ProposeExtension => {
            let days = form.number("working_days");
            actions::propose_extension(tx, staff, number, form.text("ground"), days).await?;
            "已提请延长，等待负责人同意；同意之前期限不变。".into()
        }
        Event::ApproveExtension => {
            let after = actions::approve_extension(tx, staff, number).await?;
            format!("已同意延长并发出告知书，答复期限至 {}。", due(&after))
        }
        Event::DeclineExtension => {
            actions::decline_extension(tx, staff, number, form.text("opinion")).await?;
            "已退回，按原期限答复。".into()
        }
        Event::Consult => {
            let with = ConsultedParty::from_code(form.text("with"));
            let listed = form.text("agency");
            let is_listed = with == Some(ConsultedParty::Agency) && !listed.is_empty();
            let party = if is_listed { listed } else { form.text("party") };
            let subject = form.text("subject");
            let after = actions::consult(tx, staff, number, with, party, subject).await?;
            let until = after.consultations.last().map(|c| c.due_on.to_string()).unwrap_or_default();
            format!("征求意见书已发出，{until} 前答复；其间不计算答复期限。")
        }
        Event::RecordOpinion => {
            let opinion = OpinionForm {
                consultation_id: form.text("consultation_id").into(),
                opinion: Opinion::from_code(form.text("opinion")),
                answered_on: form.date("answered_on"),
                answer: form.text("answer").into(),
                judgement: form.text("judgement").into(),
            };
            let after = actions::record_opinion(tx, staff, number, &opinion).await?;
            format!("已登记意见，答复期限至 {}。", due(&after))
        }
        Event::NoticeFee => {
            let (basis, count) = (FeeBasis::from_code(form.text("basis")), form.number("count"));
            let after = actions::notice_fee(tx, staff, number, basis, count).await?;
            let yuan = after.fee.map(|fee| fee.amount_yuan).unwrap_or_default();
            format!("收费通知书已发出，应缴 {yuan} 元。")
        }
        Event::RecordPayment => {
            let after = actions::record_payment(tx, staff, number, form.date("paid_on")).await?;
            format!("已登记缴费，期限重新计算，至 {}。", due(&after))
        }
        Event::IssueReply => {
            let way = DeliveryWay::from_code(form.text("delivery"));
            actions::issue_reply(tx, staff, number, way).await?;
            "答复已发出。".into()
        }
        Event::Withdraw => {
            actions::withdraw(tx, staff, number, form.text("note")).await?;
            "已登记撤回，终止办理。".into()
        }
        Event::CloseNotSupplemented => {
            actions::close_not_supplemented(tx, staff, number, form.text("note")).await?;
            "已终止办理：逾期不补正。".into()
        }
        Event::CloseFeeUnpaid => {
            actions::close_fee_unpaid(tx, staff, number, form.text("note")).await?;
            "已终止办理：逾期未缴费。".into()
        }
        Event::RecordDelivery => {
            let (day, proof) = (form.date("delivered_on"), form.text("proof"));
            actions::record_delivery(tx, staff, number, day, proof).await?;
            "已登记送达，可以归档。".into()
        }
        Event::Archive => {
            actions::archive(tx, staff, number).await?;
            "已归档。".into()
        }
        Event::Submit | Event::Register | Event::Renew | Event::Decide => {
            return Err(Failure::Refused(vec![RequestRefusal::NotFound]));
        }
    })
}

/// One handler per line of the table of routes.
macro_rules! handlers {
    ($($name:ident => $event:ident),+ $(,)?) => {
        $(
            pub(crate) async fn $name(
                State(app): State<App>,
                page: PageContext,
                Signed { staff, .. }: Signed,
                Path(number): Path<String>,
                form: Fields,
            ) -> Result<Response, PageError> {
                perform(app, page, staff, number, form, Event::$event).await
            }
        )+
    };
}

handlers! {
    confirm => Confirm,
    correct_receipt => CorrectReceipt,
    take_up => TakeUp,
    hand_over => HandOver,
    split => Split,
    merge => Merge,
    notice_supplement => NoticeSupplement,
    record_supplement => RecordSupplement,
    notice_reasons => NoticeReasons,
    record_reasons => RecordReasons,
    notice_delay => NoticeDelay,
    propose_extension => ProposeExtension,
    approve_extension => ApproveExtension,
    decline_extension => DeclineExtension,
    consult => Consult,
    record_opinion => RecordOpinion,
    notice_override => NoticeOverride,
    notice_fee => NoticeFee,
    record_payment => RecordPayment,
    issue => IssueReply,
    withdraw => Withdraw,
    close_not_supplemented => CloseNotSupplemented,
    close_fee_unpaid => CloseFeeUnpaid,
    record_delivery => RecordDelivery,
    archive => Archive,
}
