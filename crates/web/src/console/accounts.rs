//! 账号 — the people of each agency and their roles, kept by the administrator.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::actions::{self, NewUser, keeps_accounts_of};
use gongkai_disclosure::accounts::{self, AccountRefusal, Role, Staff, StaffSummary};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use serde::Deserialize;

use super::records::choose_agency_where;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// A person on the list.
#[derive(Debug, Clone)]
pub struct PersonRow {
    pub name: String,
    pub username: String,
    pub title: String,
    pub roles: String,
    pub state: Tag,
    pub href: String,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/accounts/list.html")]
pub struct AccountsPage {
    pub chrome: Chrome,
    pub agency: String,
    pub agency_field: Option<Field>,
    pub rows: Vec<PersonRow>,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/accounts/person.html")]
pub struct PersonPage {
    pub chrome: Chrome,
    pub person: PersonRow,
    pub is_active: bool,
    pub is_self: bool,
    pub field: Field,
    pub errors: ErrorSummary,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    agency: String,
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&accounts_page(&mut conn, &page, &staff, &chosen.agency, None).await?)
}

pub(crate) async fn add(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let mut conn = app.db.read().await?;
    let code = form.text("agency");
    let choice =
        choose_agency_where(&mut conn, &staff, code, |agency| keeps_accounts_of(&staff, agency)).await?;
    let agency = choice.chosen;
    let roles = form.all("role").filter_map(Role::from_code);
    let new = NewUser {
        username: form.text("username").to_owned(),
        name: form.text("name").to_owned(),
        title: form.text("title").to_owned(),
        agency_id: agency.id.clone(),
        password: form.text("password").to_owned(),
        grants: roles.map(|role| (agency.id.clone(), role)).collect(),
    };
    let name = new.name.clone();
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::open_account(&mut tx, &staff, new).await {
        Ok(_) => {
            tx.commit().await?;
            let to = format!("/console/accounts?agency={}", agency.code);
            Ok(redirect_with(&to, &format!("已为{name}开设账号，请把初始密码当面告知本人。")))
        }
        Err(Failure::Refused(reasons)) if !reasons.contains(&AccountRefusal::Forbidden) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            let typed = Some((&form, &errors));
            form_again(&accounts_page(&mut conn, &page, &staff, code, typed).await?)
        }
        Err(other) => Err(other.into()),
    }
}

async fn accounts_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    code: &str,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<AccountsPage, PageError> {
    let choice = choose_agency_where(conn, staff, code, |agency| keeps_accounts_of(staff, agency)).await?;
    let people = accounts::staff_list(conn, Some(&choice.chosen.id)).await?;
    let mut fields = vec![
        Field::line("name", "姓名").required().width("w-m"),
        Field::line("title", "职务").width("w-m"),
        Field::line("username", "用户名").required().width("w-m").hint("小写字母、数字、点和短横线"),
        Field::line_of("password", "password", "初始密码")
            .required()
            .width("w-m")
            .autocomplete("new-password")
            .hint("至少 10 个字符"),
        Field::checkbox("role", "角色", Role::ALL.map(|role| (role.code(), role.label()))).required(),
    ];
    if let Some((form, errors)) = typed {
        let roles: Vec<&str> = form.all("role").collect();
        fields = fields
            .into_iter()
            .map(|field| {
                let error = errors.get(&field.name);
                let typed = match field.name.as_str() {
                    "role" => field.values(&roles),
                    // A password is not sent back.
                    "password" => field,
                    name => {
                        let value = form.text(name).to_owned();
                        field.value(value)
                    }
                };
                typed.error(error)
            })
            .collect();
    }
    Ok(AccountsPage {
        chrome: page.chrome(Section::Accounts).crumb("工作台", "/console").here("账号"),
        agency: choice.chosen.name.clone(),
        agency_field: choice.field(),
        rows: people.iter().map(row).collect(),
        errors: ErrorSummary::of(&fields),
        fields,
    })
}

fn row(person: &StaffSummary) -> PersonRow {
    PersonRow {
        name: person.name.clone(),
        username: person.username.clone(),
        title: person.title.clone(),
        roles: person.roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("、"),
        state: if person.is_active {
            Tag::new(Tone::Success, "在用")
        } else {
            Tag::new(Tone::Neutral, "已停用")
        },
        href: format!("/console/accounts/{}", encode(&person.username)),
    }
}

pub(crate) async fn person(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(username): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    html(&person_page(&mut conn, &page, &staff, &username, None).await?)
}

async fn person_page(
    conn: &mut Conn,
    page: &PageContext,
    staff: &Staff,
    username: &str,
    error: Option<String>,
) -> Result<PersonPage, PageError> {
    let agencies = accounts::agencies(conn).await?;
    let mut found = None;
    for agency in agencies.iter().filter(|agency| keeps_accounts_of(staff, agency)) {
        let people = accounts::staff_list(conn, Some(&agency.id)).await?;
        found = people.into_iter().find(|person| person.username == username);
        if found.is_some() {
            break;
        }
    }
    let person = found.ok_or(PageError::NotFound)?;
    let field = Field::line_of("password", "password", "新密码")
        .required()
        .width("w-m")
        .autocomplete("new-password")
        .hint("至少 10 个字符。重设后，此人已登录的页面全部退出。")
        .error(error);
    Ok(PersonPage {
        chrome: page
            .chrome(Section::Accounts)
            .crumb("工作台", "/console")
            .crumb("账号", "/console/accounts")
            .here(person.name.clone()),
        is_active: person.is_active,
        is_self: person.username == staff.username,
        person: row(&person),
        errors: ErrorSummary::of([&field]),
        field,
    })
}

pub(crate) async fn reset_password(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(username): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let password = form.text("password").to_owned();
    match actions::reset_password(&mut tx, &staff, &username, password).await {
        Ok(()) => {
            tx.commit().await?;
            let to = format!("/console/accounts/{}", encode(&username));
            Ok(redirect_with(&to, "密码已重设，请当面告知本人。"))
        }
        Err(Failure::Refused(reasons)) if reasons.contains(&AccountRefusal::PasswordTooShort) => {
            drop(tx);
            let error = FormErrors::of(&reasons).get("password");
            let mut conn = app.db.read().await?;
            form_again(&person_page(&mut conn, &page, &staff, &username, error).await?)
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn stop(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(username): Path<String>,
) -> Result<Response, PageError> {
    set_active(&app, &staff, &username, false, "账号已停用，此人已登录的页面全部退出。").await
}

pub(crate) async fn restore(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(username): Path<String>,
) -> Result<Response, PageError> {
    set_active(&app, &staff, &username, true, "账号已恢复。").await
}

async fn set_active(
    app: &App,
    staff: &Staff,
    username: &str,
    is_active: bool,
    done: &str,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    actions::set_account_active(&mut tx, staff, username, is_active).await?;
    tx.commit().await?;
    Ok(redirect_with(&format!("/console/accounts/{}", encode(username)), done))
}

fn sample_row() -> PersonRow {
    PersonRow {
        name: "周敏".into(),
        username: "yx.head".into(),
        title: "党政办主任".into(),
        roles: "科室负责人".into(),
        state: Tag::new(Tone::Success, "在用"),
        href: "/console/accounts/yx.head".into(),
    }
}

impl AccountsPage {
    pub fn sample() -> AccountsPage {
        AccountsPage {
            chrome: Chrome::console_sample(Section::Accounts).crumb("工作台", "/console").here("账号"),
            agency: "云溪镇人民政府".into(),
            agency_field: None,
            rows: vec![sample_row()],
            fields: vec![Field::line("name", "姓名").required()],
            errors: ErrorSummary::default(),
        }
    }
}

impl PersonPage {
    pub fn sample() -> PersonPage {
        PersonPage {
            chrome: Chrome::console_sample(Section::Accounts).crumb("工作台", "/console").here("周敏"),
            person: sample_row(),
            is_active: true,
            is_self: false,
            field: Field::line_of("password", "password", "新密码").required(),
            errors: ErrorSummary::default(),
        }
    }
}
