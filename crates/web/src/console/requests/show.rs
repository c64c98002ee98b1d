//! One request on one screen: what is asked, by whom, until when, what can be done now, what was done.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{Permission, Staff, StaffSummary, agencies, staff_list};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::disclosure_log;
use gongkai_disclosure::remedies;
use gongkai_disclosure::requests::actions::is_chosen;
use gongkai_disclosure::requests::evidence;
use gongkai_disclosure::requests::{
    Dossier, Event, RequestState, Similar, item_of_month, number_of, similar,
};
use gongkai_disclosure::review::ReviewState;
use jiff::civil::Date;

use super::acts::{ActForm, Choices, Refused, forms};
use super::outcome::{Judged, judged};
use super::{SOON, chrome, place, readable};
use crate::auth::Signed;
use crate::components::{DayLedger, KeyValue, Stepper, Tag, Timeline};
use crate::console::privacy::PersonView;
use crate::console::redactions::EnclosureBox;
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::requests::view::{LetterView, due_tag, ledger, state_tag, timeline};
use crate::state::App;

/// A letter on the list beside the request.
#[derive(Debug, Clone)]
pub struct LetterLine {
    pub letter: LetterView,
    pub href: String,
}

/// A case of 复议 or 诉讼 about the request.
#[derive(Debug, Clone)]
pub struct CaseLine {
    pub label: String,
    pub href: String,
    pub result: &'static str,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/requests/show.html")]
pub struct RequestPage {
    pub chrome: Chrome,
    pub number: String,
    pub state: Tag,
    pub due: Option<Tag>,
    /// 办到哪一步.
    pub steps: Stepper,
    pub description: Vec<String>,
    pub wishes: Vec<KeyValue>,
    pub applicant: Vec<KeyValue>,
    pub person: PersonView,
    pub record: Vec<KeyValue>,
    /// What happened in the procedure besides: 补正, 延长, 征求意见, 收费, 处理决定.
    pub procedure: Vec<KeyValue>,
    /// 判断过程, once it is decided.
    pub judged: Vec<Judged>,
    pub ledger: Option<DayLedger>,
    /// What is missing before the clock can start.
    pub not_received: String,
    /// 拟定答复, when that is possible.
    pub decide_href: Option<String>,
    /// Why a reply that stands in review does not leave yet, and where it is.
    pub review: Option<(String, String)>,
    /// 预览: what an act would write.
    pub preview: Vec<LetterView>,
    pub acts: Vec<ActForm>,
    pub timeline: Timeline,
    pub letters: Vec<LetterLine>,
    pub cases: Vec<CaseLine>,
    pub new_case_href: Option<String>,
    /// The same request decided before or afresh: words and number.
    pub related: Vec<(&'static str, String)>,
    pub similar: Vec<SimilarLine>,
    pub enclosures: EnclosureBox,
    /// 转为主动公开, once it is answered: words and address.
    pub tell: Option<(&'static str, String)>,
    /// What the similar requests may mean, each with its provision.
    pub similar_advice: Vec<&'static str>,
}

/// Another request for the same.
#[derive(Debug, Clone)]
pub struct SimilarLine {
    pub number: String,
    pub href: String,
    pub description: String,
    pub note: String,
    pub is_same_applicant: bool,
}

impl SimilarLine {
    fn of(one: &Similar) -> SimilarLine {
        let result = match (&one.decision, &one.reply) {
            (Some(decision), Some((letter, day))) => format!("{day} {letter}：{}", decision.label()),
            (Some(decision), None) if one.state.is_over() => decision.label().to_owned(),
            _ => one.state.label().to_owned(),
        };
        SimilarLine {
            href: format!("/console/requests/{}", one.number),
            number: one.number.clone(),
            description: one.description.clone(),
            note: format!("{} 提交，{result}", one.submitted_on),
            is_same_applicant: one.is_same_applicant,
        }
    }
}

/// What the officer may make of them.
fn similar_advice(similar: &[Similar]) -> Vec<&'static str> {
    let mut advice = Vec::new();
    if similar.iter().any(|one| one.is_same_applicant && one.reply.is_some()) {
        advice.push("同一申请人的相近申请已经答复过。确属重复申请的，可以告知不予重复处理（《条例》第三十六条第六项）。");
    }
    if similar.iter().any(|one| !one.is_same_applicant) {
        advice.push("不止一人申请公开相近的信息。可以公开的，可以纳入主动公开的范围（《条例》第四十四条）。");
    }
    advice
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/requests/letter.html")]
pub struct LetterPage {
    pub chrome: Chrome,
    pub letter: LetterView,
    pub back: String,
    /// Where a sealed copy is sent, while one is wanted.
    pub upload: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    // Registers know a request by its id; its address is its number.
    if let Some(number) = number_of(&mut *app.db.read().await?, &number).await? {
        return Ok(Redirect::to(&format!("/console/requests/{number}")).into_response());
    }
    Ok(html(&self::page(&app, &page, &staff, &number, None).await?)?.into_response())
}

pub(crate) async fn page(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    number: &str,
    refused: Option<&Refused>,
) -> Result<RequestPage, PageError> {
    let mut conn = app.db.read().await?;
    let dossier = readable(&mut conn, staff, number).await?;
    let cases = remedies::of_request(&mut conn, &dossier.request.id).await?;
    let similar = similar(&mut conn, &dossier.request).await?;
    let item = item_of_month(&mut conn, &dossier.request).await?;
    let files = evidence::within_reach(&mut conn, &dossier.request.id).await?;
    let person = PersonView::masked(app, page, staff, &dossier, &files);
    let chrome = chrome(page).here(number);
    let csrf = chrome.viewer.as_ref().map(|viewer| viewer.csrf.clone()).unwrap_or_default();
    let keys = app.db.keys();
    let names = (dossier.request.applicant_name(keys)?, dossier.request.agent_name(keys)?);
    let mut page = RequestPage::of(chrome, &dossier, &names, person, app.today());
    page.similar_advice = similar_advice(&similar);
    page.similar = similar.iter().map(SimilarLine::of).collect();
    if let Some(item) = item {
        page.applicant.push(KeyValue::new("本自然月", format!("向本机关提出的第 {item} 件")));
    }
    page.enclosures = EnclosureBox::of(&mut conn, &dossier, staff, &csrf).await?;
    let is_answered = matches!(dossier.request.state, RequestState::Replied | RequestState::Archived);
    if is_answered && staff.may(Permission::HandleRequests, &dossier.request.agency_id) {
        let told = disclosure_log::entry_of(&mut conn, &dossier.request.id).await?;
        page.tell = Some(match told {
            Some(entry) => ("查看由此公开的信息", format!("/console/entries/{entry}")),
            None => ("转为主动公开", format!("/console/requests/{number}/disclosure-log")),
        });
    }
    let choices = Choices {
        people: colleagues(&mut conn, &dossier).await?,
        agencies: agencies(&mut conn)
            .await?
            .into_iter()
            .filter(|agency| agency.id != dossier.agency.id)
            .map(|agency| agency.name)
            .collect(),
    };
    page.acts = forms(&dossier, staff, app.today(), refused, &choices);
    if !staff.may(Permission::HandleRequests, &dossier.request.agency_id) {
        page.decide_href = None;
    }
    page.new_case_href = (dossier.request.closed_on.is_some()
        && dossier.request.answer.is_some()
        && staff.may(Permission::KeepRegisters, &dossier.request.agency_id))
    .then(|| format!("/console/remedies/new?request={number}"));
    page.cases = cases
        .iter()
        .map(|case| CaseLine {
            label: format!("{}　{}", case.kind.label(), case.case_number),
            href: format!("/console/remedies/{}", case.id),
            result: case.result.label(),
        })
        .collect();
    Ok(page)
}

/// Whom a request can be handed over to.
async fn colleagues(conn: &mut Conn, dossier: &Dossier) -> anyhow::Result<Vec<(String, String)>> {
    let people = staff_list(conn, Some(&dossier.request.agency_id)).await?;
    let handles = |one: &StaffSummary| {
        one.is_active
            && dossier.request.handler_id.as_deref() != Some(one.user_id.as_str())
            && one.roles.iter().any(|role| role.permissions().contains(&Permission::HandleRequests))
    };
    Ok(people.into_iter().filter(handles).map(|one| (one.user_id, one.name)).collect())
}

impl RequestPage {
    fn of(
        chrome: Chrome,
        dossier: &Dossier,
        names: &(String, Option<String>),
        person: PersonView,
        today: Date,
    ) -> RequestPage {
        let request = &dossier.request;
        let ruling = dossier.ruling();
        let decides = dossier.possible(today).contains(&Event::Decide);
        RequestPage {
            chrome,
            number: request.number.clone(),
            state: state_tag(request.state),
            due: due_tag(request.reply_due_on, request.closed_on, today, SOON, dossier.calendar()),
            steps: place::steps(dossier),
            description: request.description.lines().map(str::to_owned).collect(),
            wishes: wishes(dossier),
            applicant: applicant(dossier, names),
            person,
            record: record(dossier),
            procedure: procedure(dossier),
            judged: judged_answer(dossier),
            not_received: match &ruling {
                Ok(_) => String::new(),
                Err(error) => error.message.clone(),
            },
            ledger: ruling.ok().map(|ruling| ledger(dossier, &ruling, "答复期限", today)),
            decide_href: decides.then(|| format!("/console/requests/{}/decision", request.number)),
            review: dossier.reply().filter(|_| request.state == RequestState::Decided).and_then(|reply| {
                let words = format!("{}　{}", reply.number, LetterView::of(reply).state.label);
                Some((words, format!("/console/reviews/{}", reply.review_id.as_ref()?)))
            }),
            preview: Vec::new(),
            acts: Vec::new(),
            timeline: timeline(dossier, true),
            letters: dossier
                .letters
                .iter()
                .map(|letter| LetterLine {
                    letter: LetterView::within(letter, dossier),
                    href: format!("/console/requests/{}/letters/{}", request.number, letter.id),
                })
                .collect(),
            cases: Vec::new(),
            new_case_href: None,
            related: related(dossier),
            similar: Vec::new(),
            enclosures: EnclosureBox::default(),
            tell: None,
            similar_advice: Vec::new(),
        }
    }

    pub fn sample() -> RequestPage {
        RequestPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests)
                .crumb("申请", "/console/requests")
                .here("SONGXI-SQ-2026-0012"),
            number: "SONGXI-SQ-2026-0012".into(),
            state: state_tag(RequestState::InProgress),
            due: Some(Tag::new(crate::components::Tone::Warning, "剩 2 个工作日")),
            steps: Stepper::default(),
            description: vec!["2025年农村危房改造对象审批名单（第二批）".into()],
            wishes: vec![KeyValue::new("获取形式", "电子文本，在本网站查询页查看")],
            applicant: vec![KeyValue::new("姓名", "何小舟（自然人）")],
            person: PersonView::sample(),
            record: vec![KeyValue::new("受理机关", "松溪镇人民政府")],
            procedure: vec![KeyValue::new("补正", "2026-03-09 告知")],
            judged: Judged::samples(),
            ledger: None,
            not_received: String::new(),
            decide_href: Some("/console/requests/SONGXI-SQ-2026-0012/decision".into()),
            review: Some(("松溪政公复〔2026〕12号　审签中".into(), "/console/reviews/1".into())),
            preview: vec![LetterView::sample()],
            acts: vec![ActForm {
                heading: "提请延长答复期限".into(),
                hint: "由科室负责人或者分管领导同意后生效。".into(),
                action: "/console/requests/SONGXI-SQ-2026-0012/extension".into(),
                fields: vec![crate::components::Field::text("extension-ground", "需要延长的理由", 3)],
                hidden: Vec::new(),
                button: "提请延长",
                errors: crate::components::ErrorSummary::default(),
                is_open: true,
                is_serious: false,
                preview: None,
            }],
            timeline: Timeline::default(),
            letters: vec![LetterLine {
                letter: LetterView::sample(),
                href: "/console/requests/x/letters/1".into(),
            }],
            cases: vec![CaseLine {
                label: "行政复议　青禾复〔2026〕3号".into(),
                href: "/console/remedies/1".into(),
                result: "尚未审结",
            }],
            new_case_href: Some("/console/remedies/new".into()),
            related: vec![("重新办理", "SONGXI-SQ-2026-0031".into())],
            similar: vec![SimilarLine {
                number: "SONGXI-SQ-2026-0003".into(),
                href: "/console/requests/SONGXI-SQ-2026-0003".into(),
                description: "2025年农村危房改造名单（第二批）".into(),
                note: "2026-02-02 提交，2026-02-20 松溪政公复〔2026〕3号：信息可以公开，予以提供".into(),
                is_same_applicant: true,
            }],
            enclosures: EnclosureBox::sample(),
            tell: Some(("转为主动公开", "/console/requests/SONGXI-SQ-2026-0012/disclosure-log".into())),
            similar_advice: vec!["同一申请人的相近申请已经答复过。"],
        }
    }
}

/// What was decided by the officer; what ended by an act of its own was not judged.
fn judged_answer(dossier: &Dossier) -> Vec<Judged> {
    let answer = dossier.request.answer.as_ref().filter(|answer| is_chosen(answer.decision));
    answer.map(judged).unwrap_or_default()
}

fn wishes(dossier: &Dossier) -> Vec<KeyValue> {
    let mut rows = vec![KeyValue::new("获取形式", dossier.request.delivery.label())];
    if !dossier.request.help_wanted.is_empty() {
        rows.push(KeyValue::new(
            "需要的帮助",
            format!("{}（《条例》第四十三条）", dossier.request.help_wanted),
        ));
    }
    if let Some(answer) = dossier.supplement.as_ref().and_then(|s| s.answer.as_ref()) {
        rows.push(KeyValue::new("补正内容", answer));
    }
    rows
}

fn applicant(dossier: &Dossier, names: &(String, Option<String>)) -> Vec<KeyValue> {
    let applicant = &dossier.request.applicant;
    let mut rows = vec![KeyValue::new("申请人", format!("{}（{}）", names.0, applicant.kind.label()))];
    if let Some(agent) = &names.1 {
        rows.push(KeyValue::new("代理人", agent));
    }
    rows
}

fn record(dossier: &Dossier) -> Vec<KeyValue> {
    let request = &dossier.request;
    let mut rows = vec![
        KeyValue::new("受理机关", &dossier.agency.name),
        KeyValue::new("渠道", request.channel.label()),
        KeyValue::new("提交或寄到", request.submitted_on.to_string()),
    ];
    if let Some(day) = request.signed_on {
        rows.push(KeyValue::new("签收", day.to_string()));
    }
    if let Some(day) = request.confirmed_on {
        rows.push(KeyValue::new("双方确认", day.to_string()));
    }
    if let Some(renewal) = &dossier.renewal {
        let words = format!("{}{}（{}）", renewal.body, renewal.by.label(), renewal.case_number);
        rows.push(KeyValue::new("重新办理的依据", words));
        rows.push(KeyValue::new("收到决定、判决", renewal.received_on.to_string()));
    }
    if let Some(day) = request.closed_on {
        rows.push(KeyValue::new("办结", day.to_string()));
    }
    rows
}

fn related(dossier: &Dossier) -> Vec<(&'static str, String)> {
    let before = dossier.renewal.iter().map(|renewal| ("原申请", renewal.of_number.clone()));
    before.chain(dossier.renewed_as.iter().map(|number| ("重新办理", number.clone()))).collect()
}

fn procedure(dossier: &Dossier) -> Vec<KeyValue> {
    let mut rows = Vec::new();
    if let Some(s) = &dossier.supplement {
        let after = match s.supplemented_on {
            Some(day) => format!("{day} 收到"),
            None => format!("期限至 {}", s.due_on),
        };
        rows.push(KeyValue::new("补正", format!("{} 告知，{after}：{}", s.noticed_on, s.items)));
    }
    if let Some(r) = &dossier.reasons {
        let after = match (&r.stated_on, &r.statement) {
            (Some(day), Some(statement)) => format!("{day} 收到：{statement}"),
            _ => format!("期限至 {}", r.due_on),
        };
        if let Some(delay) = &r.delay {
            let words = format!("{} 告知，延迟至 {}：{}", delay.noticed_on, delay.until, delay.ground);
            rows.push(KeyValue::new("延迟答复", words));
        }
        rows.push(KeyValue::new("说明理由", format!("{} 告知（{}），{after}", r.noticed_on, r.frequency)));
    }
    for c in &dossier.consultations {
        let after = match (c.opinion, c.answered_on) {
            (Some(opinion), Some(day)) => format!("{day} {}", opinion.label()),
            (Some(opinion), None) => opinion.label().to_owned(),
            (None, _) => format!("期限至 {}", c.due_on),
        };
        let words = c.answer.as_ref().map(|answer| format!("：{answer}")).unwrap_or_default();
        rows.push(KeyValue::new(
            format!("征求{}意见", c.with.label()),
            format!("{}，{} 发出，{after}{words}", c.party, c.sent_on),
        ));
        if !c.contact.is_empty() {
            rows.push(KeyValue::new(format!("{}联系方式", c.party), &c.contact));
        }
        if let Some(told) = &c.overridden {
            let words = format!("{} 告知{}：{}", told.noticed_on, c.party, told.reason);
            rows.push(KeyValue::new("决定公开", words));
        }
    }
    if let Some(e) = &dossier.extension {
        let after = match &e.approval {
            Some(approval) => format!("{} 同意并告知", approval.approved_on),
            None => "待同意".to_owned(),
        };
        rows.push(KeyValue::new("延长", format!("{} 个工作日，{after}：{}", e.working_days, e.ground)));
    }
    if let Some(fee) = &dossier.fee {
        let after = match fee.paid_on {
            Some(day) => format!("{day} 缴清"),
            None => format!("期限至 {}", fee.due_on),
        };
        rows.push(KeyValue::new(
            "信息处理费",
            format!(
                "{} {} {}，{} 元，{after}",
                fee.basis.label(),
                fee.count,
                fee.basis.unit(),
                fee.amount_yuan
            ),
        ));
    }
    if let Some(answer) = &dossier.request.answer {
        let decision = answer.decision;
        rows.push(KeyValue::new("处理决定", format!("{}（{}）", decision.label(), decision.citation())));
        rows.push(KeyValue::new(
            "年报计入",
            format!("{}：{}", decision.outcome().head().label(), decision.outcome().label()),
        ));
        for (at, portion) in (1..).zip(&answer.portions) {
            let words =
                format!("{}：{}（{}）", portion.asked, portion.decision.label(), portion.decision.citation());
            rows.push(KeyValue::new(format!("第{at}部分"), words));
        }
        if !answer.reason.is_empty() {
            rows.push(KeyValue::new("理由", &answer.reason));
        }
    }
    rows
}

pub(crate) async fn letter(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path((number, id)): Path<(String, String)>,
) -> Result<impl IntoResponse, PageError> {
    let dossier = readable(&mut *app.db.read().await?, &staff, &number).await?;
    let letter = dossier.letters.iter().find(|letter| letter.id == id).ok_or(PageError::NotFound)?;
    let back = format!("/console/requests/{number}");
    let chrome = chrome(&page).crumb(&number, &back).here(&letter.number);
    let csrf = chrome.viewer.as_ref().map(|viewer| viewer.csrf.clone()).unwrap_or_default();
    let is_signed = !letter.kind.is_reply() || letter.review == Some(ReviewState::Signed);
    let is_wanted = is_signed
        && (letter.issued_on().is_none() || letter.sealed.is_none())
        && staff.may(Permission::HandleRequests, &dossier.request.agency_id);
    let upload = is_wanted.then(|| format!("{back}/letters/{id}/sealed?csrf={}", encode(&csrf)));
    html(&LetterPage { chrome, upload, letter: LetterView::read(letter, app.db.keys())?, back })
}

pub(crate) async fn letter_file(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path((number, id, extension)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let dossier = readable(&mut *app.db.read().await?, &staff, &number).await?;
    let letter = dossier.letters.iter().find(|letter| letter.id == id).ok_or(PageError::NotFound)?;
    crate::requests::view::letter_file(&app, &dossier, letter, &extension).await
}

impl LetterPage {
    pub fn sample() -> LetterPage {
        LetterPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("松溪政公复〔2026〕12号"),
            letter: LetterView::sample(),
            upload: Some("/console/requests/x/letters/1/sealed?csrf=x".into()),
            back: "/console/requests/SONGXI-SQ-2026-0012".into(),
        }
    }
}
