//! 审核程序 — the chains of an agency, one form for each, and who signs for whom.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{self, Permission as P, Role, Staff, StaffSummary};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::{Failure, Refusal};
use gongkai_disclosure::publishing::{DisclosureClass, Genre};
use gongkai_disclosure::review::chains::{self, Chain};
use gongkai_disclosure::review::deputies::{self, NewDeputy};
use gongkai_disclosure::review::{ChainKey, Deputy, Risk, Stage, SubjectKind};
use gongkai_disclosure::time::shown_text;
use serde::Deserialize;

use super::records::{AgencyChoice, choose_agency};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// Blank stages a form offers beyond those there are.
const SPARE: usize = 2;

/// One chain in the list.
#[derive(Debug, Clone)]
pub struct ChainRow {
    pub label: String,
    pub stages: String,
    pub is_own: bool,
    pub href: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/review_chains/list.html")]
pub struct ChainListPage {
    pub chrome: Chrome,
    pub agency_field: Option<Field>,
    pub agency: String,
    pub agency_code: String,
    pub rows: Vec<ChainRow>,
    pub important: Field,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/review_chains/form.html")]
pub struct ChainFormPage {
    pub chrome: Chrome,
    pub label: String,
    pub action: String,
    pub agency_code: String,
    /// Name, what it is, and where it is put into the form.
    pub presets: Vec<(String, String, String)>,
    pub stages: Vec<Vec<Field>>,
    pub errors: ErrorSummary,
    pub is_own: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    preset: String,
}

async fn agency_of(conn: &mut Conn, staff: &Staff, code: &str) -> Result<AgencyChoice, PageError> {
    choose_agency(conn, staff, code, P::SetChains).await
}

/// Everything a chain can be set for, the widest first.
fn keys() -> Vec<ChainKey> {
    let subject = SubjectKind::Edition;
    let mut keys = vec![ChainKey::all(subject)];
    for risk in Risk::ALL {
        keys.push(ChainKey { subject, class: None, risk: Some(*risk) });
    }
    for class in DisclosureClass::ALL {
        keys.push(ChainKey { subject, class: Some(*class), risk: None });
        for risk in Risk::ALL {
            keys.push(ChainKey { subject, class: Some(*class), risk: Some(*risk) });
        }
    }
    keys.push(ChainKey::all(SubjectKind::Letter));
    keys
}

fn in_words(stages: &[Stage]) -> String {
    let of = |stage: &Stage| match stage.working_days {
        Some(days) => format!("{}（{}，{days} 个工作日）", stage.title, stage.role.label()),
        None => format!("{}（{}）", stage.title, stage.role.label()),
    };
    stages.iter().map(of).collect::<Vec<_>>().join(" → ")
}

fn rows(own: &[Chain], agency_code: &str) -> Vec<ChainRow> {
    let find = |key: ChainKey| own.iter().find(|chain| chain.key == key);
    keys()
        .into_iter()
        .map(|key| {
            let chain = find(key);
            let is_widest = key == ChainKey::all(key.subject);
            ChainRow {
                label: key.label(),
                stages: match chain {
                    Some(chain) => in_words(&chain.stages),
                    None if is_widest => in_words(&key.subject.preset()),
                    None => "没有单独设置，按范围更宽的程序办理".to_owned(),
                },
                is_own: chain.is_some(),
                href: format!("/console/review-chains/{}?agency={agency_code}", key.code()),
            }
        })
        .collect()
}

fn important_field(genres: &[Genre]) -> Field {
    let all = Genre::ALL.iter().map(|genre| (genre.code(), genre.label()));
    let chosen: Vec<&str> = genres.iter().map(|genre| genre.code()).collect();
    Field::checkbox("genre", "按重要信息审核的体裁", all)
        .inline()
        .hint("发布前检查中有经同意的例外的，也按重要信息审核。")
        .values(&chosen)
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = agency_of(&mut conn, &staff, &chosen.agency).await?;
    let agency = &choice.chosen;
    let own = chains::chains(&mut conn, &agency.id).await?;
    html(&ChainListPage {
        chrome: chrome(&page).here("审核程序"),
        agency_field: choice.field(),
        agency: agency.name.clone(),
        agency_code: agency.code.clone(),
        rows: rows(&own, &agency.code),
        important: important_field(&chains::important_genres(&mut conn, &agency.id).await?),
    })
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Reviews).crumb("工作台", "/console").crumb("审核", "/console/reviews")
}

/// The fields of the stages: those there are, and some blank ones.
fn stage_fields(stages: &[Stage], typed: Option<&Fields>) -> Vec<Vec<Field>> {
    let roles: Vec<(&str, &str)> = std::iter::once(("", "不设"))
        .chain(
            Role::ALL
                .iter()
                .filter(|role| role.permissions().contains(&P::SignOff))
                .map(|role| (role.code(), role.label())),
        )
        .collect();
    (0..(stages.len() + SPARE).min(9))
        .map(|at| {
            let stage = stages.get(at);
            let n = at + 1;
            let days = stage.and_then(|s| s.working_days).map(|days| days.to_string()).unwrap_or_default();
            let points = stage.map(|s| s.checklist.join("\n")).unwrap_or_default();
            let fields = vec![
                Field::select(format!("role-{n}"), "由谁签署", roles.clone())
                    .width("w-m")
                    .value(stage.map_or("", |s| s.role.code())),
                Field::line(format!("title-{n}"), "环节名称")
                    .width("w-m")
                    .value(stage.map_or("", |s| s.title.as_str())),
                Field::line_of("number", format!("days-{n}"), "时限（工作日，可空）")
                    .width("w-s")
                    .value(days),
                Field::text(format!("points-{n}"), "审校要点（每行一条，签署时逐条勾选）", 3).value(points),
            ];
            match typed {
                Some(typed) => typed.typed_into(fields, &FormErrors::default()),
                None => fields,
            }
        })
        .collect()
}

/// The stages as typed; a stage without a role is none.
fn read(form: &Fields) -> Vec<Stage> {
    (1..=9)
        .filter_map(|n| {
            let role = Role::from_code(form.text(&format!("role-{n}")))?;
            let days = form.text(&format!("days-{n}"));
            Some(Stage {
                stage: n,
                role,
                title: form.text(&format!("title-{n}")).to_owned(),
                // What is no number is refused as one that is out of range.
                working_days: (!days.is_empty()).then(|| days.parse().unwrap_or(0)),
                checklist: form
                    .text(&format!("points-{n}"))
                    .lines()
                    .map(|line| line.trim().to_owned())
                    .filter(|line| !line.is_empty())
                    .collect(),
            })
        })
        .collect()
}

fn form_page(
    chrome: Chrome,
    agency_code: &str,
    key: ChainKey,
    stages: Vec<Vec<Field>>,
    errors: ErrorSummary,
    is_own: bool,
) -> ChainFormPage {
    let action = format!("/console/review-chains/{}", key.code());
    let presets = chains::presets()
        .iter()
        .filter(|preset| preset.subject == key.subject)
        .map(|preset| {
            let href = format!("{action}?agency={agency_code}&preset={}", preset.code);
            (preset.name.clone(), preset.about.clone(), href)
        })
        .collect();
    let label = key.label();
    ChainFormPage {
        chrome: chrome
            .crumb("审核程序", format!("/console/review-chains?agency={agency_code}"))
            .here(label.clone()),
        label,
        action,
        agency_code: agency_code.to_owned(),
        presets,
        stages,
        errors,
        is_own,
    }
}

pub(crate) async fn edit(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(key): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let key = ChainKey::from_code(&key).ok_or(PageError::NotFound)?;
    let mut conn = app.db.read().await?;
    let agency = agency_of(&mut conn, &staff, &chosen.agency).await?.chosen;
    let own = chains::chains(&mut conn, &agency.id).await?.into_iter().find(|chain| chain.key == key);
    let is_own = own.is_some();
    let stages = match chains::preset(&chosen.preset) {
        Some(preset) => preset.stages.clone(),
        None => own.map_or_else(Vec::new, |chain| chain.stages),
    };
    let fields = stage_fields(&stages, None);
    html(&form_page(chrome(&page), &agency.code, key, fields, ErrorSummary::default(), is_own))
}

pub(crate) async fn save(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(key): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let key = ChainKey::from_code(&key).ok_or(PageError::NotFound)?;
    let agency = agency_of(&mut *app.db.read().await?, &staff, form.text("agency")).await?.chosen;
    let stages = if form.text("then") == "remove" { Vec::new() } else { read(&form) };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match chains::set(&mut tx, &staff, &agency.id, key, &stages).await {
        Ok(()) => {
            tx.commit().await?;
            let words = "已保存。以后送审的按新程序办理，正在审核的不受影响。";
            Ok(redirect_with(&format!("/console/review-chains?agency={}", agency.code), words))
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(Refusal::is_forbidden) => {
            drop(tx);
            let errors = reasons.iter().fold(ErrorSummary::default(), |all, one| all.and(one.to_string()));
            let fields = stage_fields(&read(&form), Some(&form));
            form_again(&form_page(chrome(&page), &agency.code, key, fields, errors, false))
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn set_important(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let agency = agency_of(&mut *app.db.read().await?, &staff, form.text("agency")).await?.chosen;
    let genres: Vec<Genre> = form.all("genre").filter_map(Genre::from_code).collect();
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    chains::set_important_genres(&mut tx, &staff, &agency.id, &genres).await?;
    tx.commit().await?;
    Ok(redirect_with(&format!("/console/review-chains?agency={}", agency.code), "已保存。"))
}

/// 代理 — one row.
#[derive(Debug, Clone)]
pub struct DeputyRow {
    pub words: String,
    pub period: String,
    pub reason: String,
    pub state: Tag,
    pub end: Option<String>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/review_chains/deputies.html")]
pub struct DeputiesPage {
    pub chrome: Chrome,
    pub rows: Vec<DeputyRow>,
    /// Whose signatures this person may hand over; none: only the list.
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

pub(crate) async fn deputies(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    html(&deputies_page(&app, &page, &staff, &Fields::default(), &FormErrors::default()).await?)
}

fn signs(person: &StaffSummary) -> Vec<Role> {
    let mut roles = person.roles.clone();
    roles.retain(|role| person.is_active && role.permissions().contains(&P::SignOff));
    roles
}

async fn deputies_page(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    typed: &Fields,
    errors: &FormErrors,
) -> Result<DeputiesPage, PageError> {
    let agency = &staff.agency;
    let may_read = staff.may(P::SignOff, &agency.id) || staff.may(P::ManageAccounts, &agency.id);
    if !may_read {
        return Err(PageError::Forbidden);
    }
    let mut conn = app.db.read().await?;
    let now = app.now();
    let is_administrator = staff.may(P::ManageAccounts, &agency.id);
    let rows = deputies::list(&mut conn, &agency.id)
        .await?
        .iter()
        .map(|deputy| {
            let is_on = deputy.ended_at.is_none() && deputy.until_at > gongkai_disclosure::time::stored(now);
            let may_end = is_on && (is_administrator || deputy.principal_id == staff.user_id);
            DeputyRow::of(deputy, deputy.is_at(now), is_on, may_end)
        })
        .collect();
    let people = accounts::staff_list(&mut conn, Some(&agency.id)).await?;
    let signers: Vec<&StaffSummary> = people.iter().filter(|person| !signs(person).is_empty()).collect();
    let principals = signers.iter().filter(|p| is_administrator || p.user_id == staff.user_id);
    let principals: Vec<(String, String)> = principals.map(|p| (p.user_id.clone(), p.name.clone())).collect();
    let fields = if principals.is_empty() {
        Vec::new()
    } else {
        let none = || std::iter::once((String::new(), "请选择".to_owned()));
        let roles = Role::ALL.iter().filter(|role| role.permissions().contains(&P::SignOff));
        let only = if principals.len() == 1 { principals[0].0.clone() } else { String::new() };
        let others = signers.iter().filter(|p| p.user_id != only);
        let others: Vec<(String, String)> = others.map(|p| (p.user_id.clone(), p.name.clone())).collect();
        let mut role = String::new();
        if let Some(own) = signers.iter().find(|p| p.user_id == only) {
            role = signs(own).first().map(|role| role.code().to_owned()).unwrap_or_default();
        }
        let fields = vec![
            Field::select("principal", "被代理人", none().chain(principals))
                .required()
                .width("w-m")
                .value(only),
            Field::select(
                "role",
                "代理的审核角色",
                none().chain(roles.map(|r| (r.code().to_owned(), r.label().to_owned()))),
            )
            .required()
            .width("w-m")
            .value(role),
            Field::select("deputy", "代理人", none().chain(others)).required().width("w-m"),
            Field::date("since_on", "从").required().value(app.today().to_string()),
            Field::date("until_on", "到（含当日）").required(),
            Field::line("reason", "原因").required().hint("例如：出差、休假。"),
        ];
        if errors.is_empty() { fields } else { typed.typed_into(fields, errors) }
    };
    let summary = errors.above(&fields);
    Ok(DeputiesPage { chrome: chrome(page).here("代理审核"), rows, errors: summary, fields })
}

impl DeputyRow {
    fn of(deputy: &Deputy, is_now: bool, is_on: bool, may_end: bool) -> DeputyRow {
        let role = Role::from_code(&deputy.role).map_or("", Role::label);
        let state = match (is_now, is_on) {
            (true, _) => Tag::new(Tone::Success, "代理中"),
            (false, true) => Tag::new(Tone::Info, "未开始"),
            (false, false) => Tag::new(Tone::Neutral, "已结束"),
        };
        DeputyRow {
            words: format!("{}代{}（{role}）", deputy.deputy_name, deputy.principal_name),
            period: format!("{} 至 {}", shown_text(&deputy.since_at), shown_text(&deputy.until_at)),
            reason: deputy.reason.clone(),
            state,
            end: may_end.then(|| format!("/console/deputies/{}/end", deputy.id)),
        }
    }
}

pub(crate) async fn appoint(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let text = |name: &str| form.text(name).to_owned();
    let new = NewDeputy {
        agency_id: staff.agency.id.clone(),
        principal_id: text("principal"),
        deputy_id: text("deputy"),
        role: text("role"),
        since_on: text("since_on"),
        until_on: text("until_on"),
        reason: text("reason"),
    };
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match deputies::appoint(&mut tx, &staff, &new).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(redirect_with("/console/deputies", "已设置代理。代理人签署时会写明代谁签署。"))
        }
        Err(Failure::Refused(reasons)) if !reasons.iter().any(Refusal::is_forbidden) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            form_again(&deputies_page(&app, &page, &staff, &form, &errors).await?)
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn end_deputy(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    deputies::end(&mut tx, &staff, &id).await?;
    tx.commit().await?;
    Ok(redirect_with("/console/deputies", "已结束代理。"))
}

impl ChainListPage {
    pub fn sample() -> ChainListPage {
        let preset = chains::preset("three_reviews").map_or_else(Vec::new, |preset| preset.stages.clone());
        let own = [Chain { key: ChainKey::all(SubjectKind::Edition), stages: preset }];
        ChainListPage {
            chrome: Chrome::console_sample(Section::Reviews).here("审核程序"),
            agency_field: None,
            agency: "青禾区松溪镇人民政府".into(),
            agency_code: "songxi".into(),
            rows: rows(&own, "songxi"),
            important: important_field(&[Genre::NormativeDocument]),
        }
    }
}

impl ChainFormPage {
    pub fn sample() -> ChainFormPage {
        let stages = chains::preset("three_reviews").map_or_else(Vec::new, |preset| preset.stages.clone());
        let chrome = Chrome::console_sample(Section::Reviews).crumb("审核", "/console/reviews");
        let key = ChainKey::all(SubjectKind::Edition);
        form_page(chrome, "songxi", key, stage_fields(&stages, None), ErrorSummary::default(), true)
    }
}

impl DeputiesPage {
    pub fn sample() -> DeputiesPage {
        DeputiesPage {
            chrome: Chrome::console_sample(Section::Reviews).here("代理审核"),
            rows: vec![DeputyRow {
                words: "俞春山代祝南星（分管领导）".into(),
                period: "2026-11-02 00:00 至 2026-11-09 00:00".into(),
                reason: "出差".into(),
                state: Tag::new(Tone::Success, "代理中"),
                end: Some("/console/deputies/1/end".into()),
            }],
            fields: vec![Field::line("reason", "原因").required()],
            errors: ErrorSummary::default(),
        }
    }
}
