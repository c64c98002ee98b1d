//! 拟定答复 — by the questions of the outcome tree or from the list of the official form; then what the letter of the
//! chosen decision must say.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{self, Agency, Permission, Staff};
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::requests::actions::{self, is_chosen};
use gongkai_disclosure::requests::{Answer, Dossier, Opinion, RequestRefusal, Similar, similar};
use gongkai_statute::decisions::{Decision, Head, Part};
use gongkai_statute::grounds::Ground;
use gongkai_statute::outcome_tree::{Scope, walk};
use gongkai_statute::remedies::{self, Route};
use jiff::civil::Date;

use super::acts::PREVIEW;
use super::outcome::{self, AnsweredLine, Way, answered, row_of};
use super::{chrome, readable};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, query};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::requests::view::LetterView;
use crate::state::App;

/// One answer an officer can choose.
#[derive(Debug, Clone)]
pub struct DecisionLine {
    pub label: &'static str,
    pub citation: String,
    pub remedy: &'static str,
    pub is_reconsideration_first: bool,
    pub href: String,
}

/// One of the six heads with its answers.
#[derive(Debug, Clone)]
pub struct DecisionGroup {
    pub head: &'static str,
    pub decisions: Vec<DecisionLine>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/requests/decision_list.html")]
pub struct DecisionListPage {
    pub chrome: Chrome,
    pub number: String,
    pub description: String,
    pub groups: Vec<DecisionGroup>,
    /// 分项答复: one choice for each part.
    pub portions: Vec<Field>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/requests/decision_form.html")]
pub struct DecisionFormPage {
    pub chrome: Chrome,
    pub number: String,
    pub description: String,
    pub label: &'static str,
    pub action: String,
    pub back: String,
    /// 判断过程: the answers that led here, and their codes; empty when it was chosen from the list.
    pub answered: Vec<AnsweredLine>,
    pub path: String,
    /// 预览: the letter as it would be.
    pub preview: Vec<LetterView>,
    pub facts: Vec<KeyValue>,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    /// The paragraph that the letter will end with.
    pub remedy: String,
}

pub(crate) async fn choose(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let dossier = readable(&mut conn, &staff, &number).await?;
    if !staff.may(Permission::HandleRequests, &dossier.request.agency_id) {
        return Err(PageError::Forbidden);
    }
    let sent = Fields::parse(query.unwrap_or_default().as_bytes());
    let back = format!("/console/requests/{number}");
    if sent.is_ticked("list") {
        let chrome = chrome(&page).crumb(&number, &back).here("拟定答复");
        let list = DecisionListPage::of(chrome, &number, &dossier.request.description, app.today());
        return Ok(html(&list)?.into_response());
    }
    let Some(way) = Way::read(&sent) else {
        return Ok(Redirect::to(&format!("{back}/decision")).into_response());
    };
    let listed = Decision::from_code(sent.text("decision")).filter(|decision| is_chosen(*decision));
    match listed.or(way.to_form()) {
        Some(decision) => {
            // Written before and sent back: what it said is where the new one starts.
            let earlier = dossier.request.answer.clone().filter(|answer| answer.decision == decision);
            let on_record = on_record(&dossier, &similar(&mut conn, &dossier.request).await?, app.today());
            let earlier = Known { earlier: earlier.as_ref(), on_record: &on_record };
            let chrome = chrome(&page).crumb(&number, &back);
            let path = if listed.is_some() { "" } else { sent.text("path") };
            let mut form = DecisionFormPage::of(chrome, &dossier, decision, app.today(), earlier, path);
            form.offer_register(&accounts::agencies(&mut conn).await?, decision);
            Ok(html(&form)?.into_response())
        }
        None => outcome::page(&mut conn, chrome(&page), &dossier, &way, app.today()).await,
    }
}

/// What came of writing an answer down.
pub(super) enum Written {
    Sent(Response),
    /// 预览: nothing is kept.
    Previewed(LetterView),
    /// Reasons that a form can show.
    Refused(Vec<RequestRefusal>),
}

/// Writes an answer down and sends it to review, or only shows what would be written.
pub(super) async fn write_down(
    app: &App,
    staff: &Staff,
    number: &str,
    answer: &Answer,
    is_preview: bool,
) -> Result<Written, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::decide(&mut tx, staff, number, answer).await {
        Ok(decided) if is_preview => {
            let letter = decided.reply().map(|reply| LetterView::read(reply, tx.keys())).transpose()?;
            drop(tx);
            Ok(Written::Previewed(letter.ok_or(PageError::NotFound)?))
        }
        Ok(decided) => {
            tx.commit().await?;
            let letter = decided.reply().map(|reply| reply.number.clone()).unwrap_or_default();
            let done = format!("答复书{letter}已拟定并送审，签发后才能发出。");
            Ok(Written::Sent(redirect_with(&format!("/console/requests/{number}"), &done)))
        }
        Err(Failure::Refused(reasons))
            if !reasons.iter().any(|r| matches!(r, RequestRefusal::NotFound | RequestRefusal::Forbidden)) =>
        {
            Ok(Written::Refused(reasons))
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn decide(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(number): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let dossier = readable(&mut *app.db.read().await?, &staff, &number).await?;
    let Some(decision) = Decision::from_code(form.text("decision")) else {
        return Err(PageError::Refused(vec!["请先从办理结果中选择一项。".into()]));
    };
    let mut form = form;
    if let Some(agency) =
        accounts::agency_by_code(&mut *app.db.read().await?, form.text("agency_code")).await?
    {
        form = form.with_blank_filled(Part::ResponsibleAgency.code(), &in_register(&agency));
    }
    let answer = Answer {
        decision,
        ground: Ground::from_code(form.text("ground")),
        reason: form.text("reason").into(),
        parts: decision
            .required_parts()
            .iter()
            .map(|part| (*part, form.text(part.code()).to_owned()))
            .collect(),
        portions: Vec::new(),
        path: form.text("path").split_whitespace().map(str::to_owned).collect(),
    };
    let is_preview = form.is_ticked(PREVIEW);
    let (reasons, preview) = match write_down(&app, &staff, &number, &answer, is_preview).await? {
        Written::Sent(done) => return Ok(done),
        Written::Previewed(letter) => (Vec::new(), vec![letter]),
        Written::Refused(reasons) => (reasons, Vec::new()),
    };
    let errors = FormErrors::of(&reasons);
    let chrome = chrome(&page).crumb(&number, format!("/console/requests/{number}"));
    let path = form.text("path");
    let mut again = DecisionFormPage::of(chrome, &dossier, decision, app.today(), Known::default(), path);
    again.offer_register(&accounts::agencies(&mut *app.db.read().await?).await?, decision);
    again.fields = form.typed_into(again.fields, &errors);
    again.preview = preview;
    let mut general = errors.general.clone();
    general.extend(errors.get("decision"));
    again.errors = general.iter().fold(ErrorSummary::of(&again.fields), |summary, words| summary.and(words));
    if reasons.is_empty() { Ok(html(&again)?.into_response()) } else { form_again(&again) }
}

impl DecisionListPage {
    fn of(chrome: Chrome, number: &str, description: &str, today: Date) -> DecisionListPage {
        let line = |decision: &Decision| {
            let route = decision.remedy(today);
            DecisionLine {
                label: decision.label(),
                citation: decision.citation().to_string(),
                remedy: route.label(),
                is_reconsideration_first: route == Route::ReconsiderationFirst,
                href: format!("/console/requests/{number}/decision?decision={}", decision.code()),
            }
        };
        let groups = Head::ALL.iter().map(|head| DecisionGroup {
            head: head.label(),
            decisions: Decision::ALL
                .iter()
                .filter(|decision| decision.outcome().head() == *head && is_chosen(**decision))
                .map(line)
                .collect(),
        });
        DecisionListPage {
            chrome,
            number: number.into(),
            description: description.into(),
            groups: groups.collect(),
            portions: super::portions::choices(),
        }
    }

    pub fn sample() -> DecisionListPage {
        let chrome = Chrome::console_sample(Section::ConsoleRequests).here("拟定答复");
        DecisionListPage::of(chrome, "SONGXI-SQ-2026-0012", "危房改造名单", jiff::civil::date(2026, 3, 2))
    }
}

/// 机关名称和联系方式, as the register of agencies has them. 《条例》第三十六条第五项.
fn in_register(agency: &Agency) -> String {
    format!("{}，联系电话：{}，地址：{}。", agency.name, agency.phone, agency.address)
}

impl DecisionFormPage {
    /// 不属于本机关负责公开: the agency that is, out of the register instead of by hand.
    fn offer_register(&mut self, agencies: &[Agency], decision: Decision) {
        if decision != Decision::NotResponsible {
            return;
        }
        let all = agencies.iter().map(|agency| (agency.code.as_str(), agency.name.as_str()));
        let choices = std::iter::once(("", "不在名录中，在下面填写")).chain(all);
        let field = Field::select("agency_code", "负责公开的机关（名录）", choices)
            .hint("选定后，名称和联系方式按名录写入答复书；下面填写了的，以填写的为准。");
        let place = self.fields.iter().position(|field| field.name == Part::ResponsibleAgency.code());
        self.fields.insert(place.unwrap_or(self.fields.len()), field);
    }

    fn of(
        chrome: Chrome,
        dossier: &Dossier,
        decision: Decision,
        today: Date,
        known: Known<'_>,
        path: &str,
    ) -> DecisionFormPage {
        let agency = &dossier.agency;
        let notice = remedies::notice(decision, today, &agency.reconsideration_body, &agency.court);
        let request = &dossier.request;
        let back = format!("/console/requests/{}/decision", request.number);
        let walked = walk(Scope::Whole, path.split_whitespace()).filter(|_| !path.is_empty());
        let href = |codes: &[&str]| format!("{back}?{}", query([("path", codes.join(" ").as_str())]));
        let answered = walked.map(|walked| answered(&walked, href)).unwrap_or_default();
        let mut facts = vec![
            KeyValue::new("依据", decision.citation().to_string()),
            KeyValue::new("年报计入", row_of(decision)),
            KeyValue::new("救济途径", notice.route.label()),
        ];
        for asked in &dossier.consultations {
            let opinion = asked.opinion.map_or("尚未答复", |opinion| opinion.label());
            facts.push(KeyValue::new(format!("{}意见", asked.party), opinion));
        }
        DecisionFormPage {
            chrome: chrome.crumb("拟定答复", &back).here(decision.outcome().head().label()),
            number: request.number.clone(),
            description: request.description.clone(),
            label: decision.label(),
            action: back.clone(),
            // The last question again, or the list.
            back: answered.last().map_or_else(|| format!("{back}?list=1"), |line| line.href.clone()),
            answered,
            path: path.to_owned(),
            preview: Vec::new(),
            facts,
            fields: fields(decision, known),
            errors: ErrorSummary::default(),
            remedy: notice.text,
        }
    }

    pub fn sample() -> DecisionFormPage {
        DecisionFormPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("部分公开"),
            number: "SONGXI-SQ-2026-0012".into(),
            description: "危房改造名单".into(),
            label: Decision::PartlyWithheld.label(),
            action: "/console/requests/SONGXI-SQ-2026-0012/decision".into(),
            back: "/console/requests/SONGXI-SQ-2026-0012/decision".into(),
            answered: walk(Scope::Whole, ["goes_on.yes"])
                .map(|walked| answered(&walked, |_| "/console".into()))
                .unwrap_or_default(),
            path: "goes_on.yes".into(),
            preview: Vec::new(),
            facts: vec![KeyValue::new("依据", "《条例》第三十七条")],
            fields: fields(Decision::PartlyWithheld, Known::default()),
            errors: ErrorSummary::default(),
            remedy: "如不服本决定中不予公开的内容，应当先申请行政复议。".into(),
        }
    }
}

/// Where a form starts: what was written before and sent back, or else what is on record.
#[derive(Clone, Copy, Default)]
struct Known<'a> {
    earlier: Option<&'a Answer>,
    on_record: &'a [(Part, String)],
}

/// What the dossier and the earlier requests already say about a part of the letter; the officer may change the words.
pub(super) fn on_record(dossier: &Dossier, similar: &[Similar], today: Date) -> Vec<(Part, String)> {
    let mut parts = Vec::new();
    let replies = similar.iter().filter(|one| one.is_same_applicant).filter_map(|one| one.reply.as_ref());
    if let Some((letter, day)) = replies.max_by_key(|(_, day)| *day) {
        parts.push((Part::EarlierReply, format!("本机关已于{day}以{letter}答复。")));
    }
    if let Some(reasons) = &dossier.reasons {
        let statement = match (&reasons.stated_on, &reasons.statement) {
            (Some(day), Some(statement)) => format!("；{day}收到申请人的说明：{statement}"),
            _ if today > reasons.due_on => "；申请人没有在期限内说明理由".to_owned(),
            _ => String::new(),
        };
        let words =
            format!("本机关于{}要求申请人在{}前说明理由{statement}。", reasons.noticed_on, reasons.due_on);
        parts.push((Part::StatementOfReasonsNotice, words));
    }
    let objections = dossier.consultations.iter().filter_map(|c| Some((c, c.answer.as_ref()?)));
    let objections: Vec<String> = objections
        .filter(|(c, _)| c.opinion == Some(Opinion::Objects))
        .map(|(c, answer)| {
            let day = c.answered_on.map(|day| day.to_string()).unwrap_or_default();
            format!("本机关于{}征求第三方意见，第三方于{day}答复不同意公开，理由：{answer}", c.sent_on)
        })
        .collect();
    if !objections.is_empty() {
        parts.push((Part::ThirdPartyOpinion, objections.join("\n")));
    }
    parts
}

/// The ground where one is named, the reasons, and every part the letter must contain.
fn fields(decision: Decision, known: Known<'_>) -> Vec<Field> {
    let Known { earlier, on_record } = known;
    let mut fields = Vec::new();
    let hidden = vec![(decision.code(), decision.label())];
    fields.push(Field::radio("decision", "处理决定", hidden).value(decision.code()));
    if decision == Decision::PartlyWithheld {
        let grounds = Ground::ALL
            .iter()
            .map(|ground| (ground.code(), format!("{}（{}）", ground.label(), ground.citation().place())));
        let ground = earlier.and_then(|answer| answer.ground).map_or("", Ground::code);
        fields.push(Field::radio("ground", "其余内容不予公开的理由", grounds).required().value(ground));
    }
    for part in decision.required_parts().iter().filter(|part| **part != Part::Reasons) {
        let parts = earlier.map_or(on_record, |answer| &answer.parts);
        let text = parts.iter().find(|(of, _)| of == part);
        let text = text.map_or("", |(_, text)| text.as_str());
        fields.push(Field::text(part.code(), part.label(), 3).required().value(text));
    }
    let reason = earlier.map_or("", |answer| answer.reason.as_str());
    let reasons = if decision.required_parts().contains(&Part::Reasons) {
        Field::text("reason", "理由", 4)
            .required()
            .hint("写明事实和为什么适用这一条；不写出不予公开的内容本身。")
    } else {
        Field::text("reason", "补充说明", 3).hint("没有可以不填。")
    };
    fields.push(reasons.value(reason));
    fields
}
