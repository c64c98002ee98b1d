//! 系统对接 — tokens with which other systems send drafts, and the addresses that are told what was published.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::connections::{self, Delivery, Scope, Token, Webhook, actions, webhooks};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::time::{shown_text, stored};
use serde::Deserialize;

use super::records::{AgencyChoice, choose_agency};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

/// So many deliveries are shown.
const DELIVERIES: i64 = 100;

#[derive(Debug, Clone)]
pub struct TokenRow {
    pub name: String,
    pub hint: String,
    pub scopes: String,
    pub owner: String,
    pub expires_on: String,
    pub last_used: String,
    pub state: Tag,
    /// Where it is revoked, while it is in force.
    pub revoke: Option<String>,
}

#[derive(Debug, Clone)]
pub struct WebhookRow {
    pub name: String,
    pub href: String,
    pub url: String,
    pub state: Tag,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/connections/list.html")]
pub struct ConnectionsPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_code: String,
    pub agency_field: Option<Field>,
    /// What was just made and is shown this once: its name in words, and the secret.
    pub secret: Option<(&'static str, String)>,
    pub tokens: Vec<TokenRow>,
    pub token_fields: Vec<Field>,
    pub token_errors: ErrorSummary,
    pub webhooks: Vec<WebhookRow>,
    pub webhook_fields: Vec<Field>,
    pub webhook_errors: ErrorSummary,
}

#[derive(Debug, Clone)]
pub struct DeliveryRow {
    pub id: String,
    pub event: &'static str,
    pub subject: String,
    pub at: String,
    pub attempts: i64,
    pub state: Tag,
    pub error: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/connections/webhook.html")]
pub struct WebhookPage {
    pub chrome: Chrome,
    pub name: String,
    pub url: String,
    pub state: Tag,
    /// Where it is changed, while it runs.
    pub action: Option<String>,
    pub deliveries: Vec<DeliveryRow>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
}

/// What was typed into one of the two forms.
#[derive(Default)]
struct Typed {
    token: Option<(Fields, FormErrors)>,
    webhook: Option<(Fields, FormErrors)>,
}

async fn choice(conn: &mut Conn, staff: &Staff, code: &str) -> Result<AgencyChoice, PageError> {
    choose_agency(conn, staff, code, P::DraftEntries).await
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    html(&ConnectionsPage::read(&app, &page, &staff, &chosen.agency, None, Typed::default()).await?)
}

/// The page with a secret on it: the only time that anyone sees it.
async fn shown_once(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    code: &str,
    secret: (&'static str, String),
) -> Result<Response, PageError> {
    let page = ConnectionsPage::read(app, page, staff, code, Some(secret), Typed::default()).await?;
    Ok(([(CACHE_CONTROL, "no-store")], html(&page)?).into_response())
}

pub(crate) async fn make_token(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let code = form.text("agency").to_owned();
    let agency = choice(&mut *app.db.read().await?, &staff, &code).await?.chosen;
    let new = actions::NewToken {
        agency_id: agency.id,
        name: form.text("name").to_owned(),
        scopes: form.all("scope").map(str::to_owned).collect(),
        days: form.number("days"),
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let made = actions::make_token(&mut tx, &staff, new).await;
    match settle(tx, made).await? {
        Ok(token) => shown_once(&app, &page, &staff, &code, ("令牌", token)).await,
        Err(errors) => {
            let typed = Typed { token: Some((form, errors)), ..Typed::default() };
            form_again(&ConnectionsPage::read(&app, &page, &staff, &code, None, typed).await?)
        }
    }
}

pub(crate) async fn revoke_token(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::revoke_token(&mut tx, &staff, &id).await?;
    tx.commit().await?;
    Ok(redirect_with(&address(form.text("agency")), "令牌已撤销，立即失效。"))
}

fn address(agency_code: &str) -> String {
    format!("/console/connections?agency={}", encode(agency_code))
}

pub(crate) async fn add_webhook(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let code = form.text("agency").to_owned();
    let agency = choice(&mut *app.db.read().await?, &staff, &code).await?.chosen;
    let form = form.under("webhook");
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let (name, url) = (form.text("name"), form.text("url"));
    let added = webhooks::add(&mut tx, &staff, app.outgoing, &agency.id, name, url).await;
    match settle(tx, added).await? {
        Ok(hook) => shown_once(&app, &page, &staff, &code, ("签名密钥", hook.secret)).await,
        Err(errors) => {
            let typed = Typed { webhook: Some((form, errors)), ..Typed::default() };
            form_again(&ConnectionsPage::read(&app, &page, &staff, &code, None, typed).await?)
        }
    }
}

/// A webhook for someone who drafts at its agency.
async fn own(conn: &mut Conn, staff: &Staff, id: &str) -> Result<Webhook, PageError> {
    let hook = connections::webhook(conn, id).await?.ok_or(PageError::NotFound)?;
    if staff.may(P::DraftEntries, &hook.agency_id) { Ok(hook) } else { Err(PageError::Forbidden) }
}

pub(crate) async fn show_webhook(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let hook = own(&mut conn, &staff, &id).await?;
    let deliveries = connections::deliveries(&mut conn, &id, DELIVERIES).await?;
    html(&WebhookPage {
        chrome: page
            .chrome(Section::Connections)
            .crumb("工作台", "/console")
            .crumb("系统对接", "/console/connections")
            .here(hook.name.clone()),
        state: webhook_state(&hook),
        action: hook.stopped_at.is_none().then(|| format!("/console/connections/webhooks/{id}")),
        name: hook.name,
        url: hook.url,
        deliveries: deliveries.iter().map(DeliveryRow::of).collect(),
    })
}

pub(crate) async fn stop_webhook(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    webhooks::stop(&mut tx, &staff, &id).await?;
    tx.commit().await?;
    Ok(redirect_with(&format!("/console/connections/webhooks/{id}"), "已停用，不再发送。"))
}

pub(crate) async fn replay(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    webhooks::replay(&mut tx, &staff, form.text("delivery")).await?;
    tx.commit().await?;
    Ok(redirect_with(
        &format!("/console/connections/webhooks/{id}"),
        "已安排重新发送，几秒后刷新本页查看结果。",
    ))
}

fn webhook_state(hook: &Webhook) -> Tag {
    match hook.stopped_at {
        Some(_) => Tag::new(Tone::Neutral, "已停用"),
        None => Tag::new(Tone::Success, "使用中"),
    }
}

fn token_fields() -> Vec<Field> {
    vec![
        Field::line("name", "哪个系统使用").required().hint("例如：办公系统、行政审批系统。"),
        Field::checkbox("scope", "权限", Scope::ALL.iter().map(|scope| (scope.code(), scope.label())))
            .required()
            .hint("报送的草稿记在您名下，由您核对、送审；不能直接公开。"),
        Field::line_of("number", "days", "有效期（天）")
            .required()
            .value("180")
            .width("w-s")
            .hint("最长 366 天。"),
    ]
}

fn webhook_fields() -> Vec<Field> {
    vec![
        Field::line("name", "哪个系统接收").required(),
        Field::line_of("url", "url", "接收地址")
            .required()
            .hint("以 https:// 开头。本机关的信息公开或者撤回时，本站向它发送 JSON。"),
    ]
}

/// The fields of the second form on the page, under names of their own.
fn of_webhook(fields: Vec<Field>) -> Vec<Field> {
    let rename = |field: Field| Field { name: format!("webhook-{}", field.name), ..field };
    fields.into_iter().map(rename).collect()
}

impl TokenRow {
    fn of(token: &Token, now: &str, agency_code: &str) -> TokenRow {
        let is_over = token.expires_at.as_str() <= now;
        let state = match (&token.revoked_at, is_over) {
            (Some(_), _) => Tag::new(Tone::Neutral, "已撤销"),
            (None, true) => Tag::new(Tone::Neutral, "已过期"),
            (None, false) => Tag::new(Tone::Success, "有效"),
        };
        let held = Scope::ALL.iter().filter(|scope| token.allows(**scope));
        TokenRow {
            name: token.name.clone(),
            hint: format!("{}…", token.hint),
            scopes: held.map(|scope| scope.label()).collect::<Vec<_>>().join("、"),
            owner: token.user_name.clone(),
            expires_on: shown_text(&token.expires_at),
            last_used: token.last_used_at.as_deref().map_or_else(|| "还没有用过".into(), shown_text),
            revoke: (token.revoked_at.is_none() && !is_over).then(|| {
                format!("/console/connections/tokens/{}/revocation?agency={}", token.id, encode(agency_code))
            }),
            state,
        }
    }
}

impl DeliveryRow {
    fn of(delivery: &Delivery) -> DeliveryRow {
        let payload: serde_json::Value = serde_json::from_str(&delivery.payload).unwrap_or_default();
        let state = match (&delivery.delivered_at, &delivery.last_error) {
            (_, Some(_)) => Tag::new(Tone::Warning, "没有送达，会再试"),
            (Some(_), None) => Tag::new(Tone::Success, "已送达"),
            (None, None) => Tag::new(Tone::Neutral, "等待发送"),
        };
        DeliveryRow {
            id: delivery.id.clone(),
            event: if delivery.event == "entry.withdrawn" { "撤回" } else { "公开" },
            subject: payload["entry"]["index_number"].as_str().unwrap_or_default().to_owned(),
            at: delivery.delivered_at.as_deref().map_or_else(|| shown_text(&delivery.created_at), shown_text),
            attempts: delivery.attempts,
            state,
            error: delivery.last_error.clone().unwrap_or_default(),
        }
    }
}

impl ConnectionsPage {
    async fn read(
        app: &App,
        page: &PageContext,
        staff: &Staff,
        code: &str,
        secret: Option<(&'static str, String)>,
        typed: Typed,
    ) -> Result<ConnectionsPage, PageError> {
        let mut conn = app.db.read().await?;
        let choice = choice(&mut conn, staff, code).await?;
        let tokens = connections::tokens(&mut conn, &choice.chosen.id).await?;
        let hooks = connections::hooks(&mut conn, &choice.chosen.id).await?;
        let now = stored(app.now());
        let filled = |fields: Vec<Field>, typed: &Option<(Fields, FormErrors)>| match typed {
            Some((form, errors)) => (form.typed_into(fields, errors), errors.summary()),
            None => (fields, ErrorSummary::default()),
        };
        let (token_fields, token_errors) = filled(token_fields(), &typed.token);
        let (webhook_fields, webhook_errors) = filled(webhook_fields(), &typed.webhook);
        Ok(ConnectionsPage {
            chrome: page.chrome(Section::Connections).crumb("工作台", "/console").here("系统对接"),
            agency: choice.chosen.name.clone(),
            agency_code: choice.chosen.code.clone(),
            agency_field: choice.field(),
            secret,
            tokens: tokens.iter().map(|token| TokenRow::of(token, &now, &choice.chosen.code)).collect(),
            token_fields,
            token_errors,
            webhooks: hooks
                .iter()
                .map(|hook| WebhookRow {
                    name: hook.name.clone(),
                    href: format!("/console/connections/webhooks/{}", hook.id),
                    url: hook.url.clone(),
                    state: webhook_state(hook),
                })
                .collect(),
            // The two forms stand on one page: their fields must not share ids.
            webhook_fields: of_webhook(webhook_fields),
            webhook_errors,
        })
    }

    pub fn sample() -> Self {
        ConnectionsPage {
            chrome: Chrome::console_sample(Section::Connections).crumb("工作台", "/console").here("系统对接"),
            agency: "青禾区财政局".into(),
            agency_code: "QHCZ".into(),
            agency_field: None,
            secret: Some(("令牌", format!("gk_{}", "0f".repeat(32)))),
            tokens: vec![TokenRow {
                name: "办公系统".into(),
                hint: "gk_0f0f0f…".into(),
                scopes: "报送草稿、查询草稿状态".into(),
                owner: "林晓禾".into(),
                expires_on: "2027-05-01 09:00".into(),
                last_used: "还没有用过".into(),
                state: Tag::new(Tone::Success, "有效"),
                revoke: Some("/console/connections/tokens/1/revocation?agency=QHCZ".into()),
            }],
            token_fields: token_fields(),
            token_errors: ErrorSummary::default(),
            webhooks: vec![WebhookRow {
                name: "区政务数据平台".into(),
                href: "/console/connections/webhooks/1".into(),
                url: "https://data.qinghe.example/hooks/gongkai".into(),
                state: Tag::new(Tone::Success, "使用中"),
            }],
            webhook_fields: of_webhook(webhook_fields()),
            webhook_errors: ErrorSummary::default(),
        }
    }
}

impl WebhookPage {
    pub fn sample() -> Self {
        let row = |event, tone, state: &str, error: &str| DeliveryRow {
            id: "1".into(),
            event,
            subject: "QHCZ/2026-00017".into(),
            at: "2026-11-02 09:00".into(),
            attempts: 1,
            state: Tag::new(tone, state),
            error: error.into(),
        };
        WebhookPage {
            chrome: Chrome::console_sample(Section::Connections)
                .crumb("工作台", "/console")
                .crumb("系统对接", "/console/connections")
                .here("区政务数据平台"),
            name: "区政务数据平台".into(),
            url: "https://data.qinghe.example/hooks/gongkai".into(),
            state: Tag::new(Tone::Success, "使用中"),
            action: Some("/console/connections/webhooks/1".into()),
            deliveries: vec![
                row("公开", Tone::Success, "已送达", ""),
                row("撤回", Tone::Warning, "没有送达，会再试", "对方答复 503"),
            ],
        }
    }
}
