//! 到期提醒 — when the handler of a request is reminded, and who is told when that does not help.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::requests::escalation::{self, NewRule, Rule, USUAL_LEFT};
use gongkai_disclosure::time::shown_text;
use serde::Deserialize;

use super::records::{AgencyChoice, choose_agency};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

#[derive(Debug, Clone, Template)]
#[template(path = "console/escalation/show.html")]
pub struct EscalationPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_code: String,
    pub agency_field: Option<Field>,
    pub now: String,
    pub history: Vec<String>,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
}

async fn agency_of(conn: &mut Conn, staff: &Staff, code: &str) -> Result<AgencyChoice, PageError> {
    choose_agency(conn, staff, code, P::SetChains).await
}

fn in_words(rule: &Rule) -> String {
    let from = match rule.escalate_left {
        0 => "到期当天起".to_owned(),
        left => format!("剩{left}个工作日起"),
    };
    format!("剩{}个工作日起提醒经办人，{from}同时告诉{}", rule.remind_left, rule.deputy_name)
}

fn fields(people: Vec<(String, String)>, rule: Option<&Rule>) -> Vec<Field> {
    let remind = rule.map_or(USUAL_LEFT, |rule| rule.remind_left);
    let escalate = rule.map_or(0, |rule| rule.escalate_left);
    let none = std::iter::once((String::new(), "请选择".to_owned()));
    vec![
        Field::line_of("number", "remind_left", "剩几个工作日起提醒经办人")
            .required()
            .width("w-s")
            .value(remind.to_string()),
        Field::line_of("number", "escalate_left", "剩几个工作日起告诉指定的人")
            .required()
            .width("w-s")
            .hint("填0为到期当天和逾期以后。")
            .value(escalate.to_string()),
        Field::select("deputy", "指定的人", none.chain(people))
            .required()
            .width("w-m")
            .hint("经办人不在岗或者没有办结时，由他督促或者改派。")
            .value(rule.map_or("", |rule| rule.deputy_id.as_str())),
    ]
}

async fn shown(
    app: &App,
    page: &PageContext,
    choice: &AgencyChoice,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<EscalationPage, PageError> {
    let agency = &choice.chosen;
    let mut conn = app.db.read().await?;
    let rules = escalation::history(&mut conn, &agency.id).await?;
    let people = accounts::staff_list(&mut conn, Some(&agency.id)).await?;
    let people = people.into_iter().filter(escalation::may_watch).map(|person| (person.user_id, person.name));
    let mut fields = fields(people.collect(), rules.first());
    let mut errors = ErrorSummary::default();
    if let Some((form, wrong)) = typed {
        fields = form.typed_into(fields, wrong);
        errors = wrong.general.iter().fold(ErrorSummary::of(&fields), |all, words| all.and(words));
    }
    let usual = format!("没有设置：剩{USUAL_LEFT}个工作日起提醒经办人，不告诉其他人。");
    Ok(EscalationPage {
        chrome: page
            .chrome(Section::ConsoleRequests)
            .crumb("工作台", "/console")
            .crumb("申请", "/console/requests")
            .here("到期提醒"),
        agency: agency.name.clone(),
        agency_code: agency.code.clone(),
        agency_field: choice.field(),
        now: rules.first().map_or(usual, |rule| format!("{}。", in_words(rule))),
        history: rules
            .iter()
            .map(|rule| format!("{} {}设置：{}", shown_text(&rule.set_at), rule.set_by_name, in_words(rule)))
            .collect(),
        fields,
        errors,
    })
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let choice = agency_of(&mut *app.db.read().await?, &staff, &chosen.agency).await?;
    html(&shown(&app, &page, &choice, None).await?)
}

pub(crate) async fn save(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let choice = agency_of(&mut *app.db.read().await?, &staff, form.text("agency")).await?;
    let new = NewRule {
        agency_id: choice.chosen.id.clone(),
        remind_left: form.number("remind_left"),
        escalate_left: form.number("escalate_left"),
        deputy_id: form.text("deputy").to_owned(),
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let saved = escalation::set(&mut tx, &staff, &new).await;
    match settle(tx, saved).await? {
        Ok(()) => {
            let address = format!("/console/escalation?agency={}", choice.chosen.code);
            Ok(redirect_with(&address, "已保存，下一个工作日早上起按新的设置提醒。"))
        }
        Err(errors) => form_again(&shown(&app, &page, &choice, Some((&form, &errors))).await?),
    }
}

impl EscalationPage {
    pub fn sample() -> EscalationPage {
        EscalationPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("到期提醒"),
            agency: "松溪镇人民政府".into(),
            agency_code: "songxi".into(),
            agency_field: None,
            now: "剩3个工作日起提醒经办人，到期当天起同时告诉沈一帆。".into(),
            history: vec!["2026-03-02 09:00 沈一帆设置".into()],
            fields: fields(vec![("1".into(), "沈一帆".into())], None),
            errors: ErrorSummary::default(),
        }
    }
}
