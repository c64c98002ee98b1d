//! 登录 — staff sign in and out.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{AccountRefusal, actions};
use gongkai_disclosure::error::Failure;
use serde::Deserialize;

use super::display::own_path;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field};
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, form_again, html, redirect_with, set_cookie};
use crate::page::{Chrome, Section};
use crate::state::App;

#[derive(Template)]
#[template(path = "portal/sign_in.html")]
pub struct SignInPage {
    pub chrome: Chrome,
    pub username: Field,
    pub password: Field,
    pub errors: ErrorSummary,
    /// Where to go afterwards.
    pub next: String,
}

impl SignInPage {
    fn new(chrome: Chrome, username: &str, next: &str, error: Option<String>) -> SignInPage {
        SignInPage {
            chrome: chrome.here("工作人员登录"),
            username: Field::line("username", "用户名").required().value(username).autocomplete("username"),
            password: Field::line_of("password", "password", "密码")
                .required()
                .autocomplete("current-password"),
            errors: error.into_iter().fold(ErrorSummary { errors: Vec::new() }, ErrorSummary::and),
            next: next.to_owned(),
        }
    }

    pub fn sample() -> SignInPage {
        let error = Some(AccountRefusal::WrongNameOrPassword.to_string());
        SignInPage::new(Chrome::sample(Section::Elsewhere), "songxi.officer", "/console", error)
    }
}

#[derive(Deserialize)]
pub(crate) struct Wish {
    #[serde(default)]
    next: String,
}

pub(crate) async fn show(
    page: PageContext,
    Query(wish): Query<Wish>,
) -> Result<impl IntoResponse, PageError> {
    html(&SignInPage::new(page.chrome(Section::Elsewhere), "", own_path(&wish.next, "/console"), None))
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: PageContext,
    form: Fields,
) -> Result<Response, PageError> {
    let (username, next) = (form.text("username"), own_path(form.text("next"), "/console"));
    let session = actions::log_in(&app.db, username, form.text("password").to_owned(), app.now()).await;
    match session {
        Ok(session) => {
            let mut response = Redirect::to(next).into_response();
            let secure = if app.site.secure_cookies { "; Secure" } else { "" };
            let name = app.session_cookie();
            let cookie =
                format!("{name}={}; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax{secure}", session.token);
            set_cookie(&mut response, &cookie);
            Ok(response)
        }
        Err(Failure::Refused(reasons)) => {
            let error = reasons.first().map(ToString::to_string);
            form_again(&SignInPage::new(page.chrome(Section::Elsewhere), username, next, error))
        }
        Err(unexpected) => Err(unexpected.into()),
    }
}

pub(crate) async fn sign_out(State(app): State<App>, signed: Signed) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&signed.staff.actor(), app.now()).await?;
    actions::log_out(&mut tx, &signed.staff, &signed.token).await?;
    tx.commit().await?;
    let mut response = redirect_with("/", "您已退出登录。");
    let name = app.session_cookie();
    set_cookie(&mut response, &format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    Ok(response)
}
