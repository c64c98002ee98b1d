//! From a typed page to an answer.

use std::convert::Infallible;
use std::future::Future;

use askama::Template;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::{CACHE_CONTROL, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};

use gongkai_disclosure::db::Tx;
use gongkai_disclosure::error::{Failure, Refusal};

use crate::auth::{Signed, cookie};
use crate::components::Tone;
use crate::errors::PageError;
use crate::forms::FormErrors;
use crate::page::{Chrome, Flash, Section, Theme, ViewerBadge};
use crate::page_cache::{Page, Shows};
use crate::state::App;

const FLASH_COOKIE: &str = "gongkai_flash";
pub(crate) const SIZE_COOKIE: &str = "gongkai_size";
pub(crate) const THEME_COOKIE: &str = "gongkai_theme";

/// Renders a page.
pub fn html(page: &impl Template) -> Result<Html<String>, PageError> {
    Ok(Html(page.render()?))
}

/// Renders a form again, with what was typed and what is wrong with it.
pub fn form_again(page: &impl Template) -> Result<Response, PageError> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page)?).into_response())
}

/// What was refused for reasons a form can show comes back with them; every other failure is a page of its own.
pub fn refused<T, R: Refusal>(
    answer: gongkai_disclosure::error::Result<T, R>,
) -> Result<Result<T, FormErrors>, PageError> {
    match answer {
        Ok(done) => Ok(Ok(done)),
        Err(Failure::Refused(reasons)) if !reasons.iter().any(|r| r.is_missing() || r.is_forbidden()) => {
            Ok(Err(FormErrors::of(&reasons)))
        }
        Err(other) => Err(other.into()),
    }
}

/// The end of a change: what was done is committed. Of what was [`refused`] nothing is kept.
pub async fn settle<T, R: Refusal>(
    tx: Tx,
    answer: gongkai_disclosure::error::Result<T, R>,
) -> Result<Result<T, FormErrors>, PageError> {
    close(tx, refused(answer)?).await
}

/// Commits what was done; nothing is kept of what was refused.
pub async fn close<T>(tx: Tx, answer: Result<T, FormErrors>) -> Result<Result<T, FormErrors>, PageError> {
    if answer.is_ok() {
        tx.commit().await?;
    }
    Ok(answer)
}

/// A mark on a request of the program itself: the page is rendered for it and kept nowhere.
#[derive(Clone, Copy)]
pub(crate) struct Straight;

/// What a page needs to know about the request it answers.
#[derive(Clone)]
pub struct PageContext {
    is_straight: bool,
    app: App,
    path: String,
    large_print: bool,
    theme: Theme,
    flash: Option<String>,
    signed: Option<Signed>,
}

impl<S> FromRequestParts<S> for PageContext
where
    S: Sync,
    App: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let flash = cookie(&parts.headers, FLASH_COOKIE)
            .and_then(|text| hex::decode(text).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(PageContext {
            is_straight: parts.extensions.get::<Straight>().is_some(),
            app: App::from_ref(state),
            path: parts.uri.path_and_query().map_or_else(|| "/".into(), ToString::to_string),
            large_print: cookie(&parts.headers, SIZE_COOKIE).as_deref() == Some("large"),
            theme: Theme::from_code(&cookie(&parts.headers, THEME_COOKIE).unwrap_or_default()),
            flash,
            signed: parts.extensions.get::<Signed>().cloned(),
        })
    }
}

impl PageContext {
    /// The frame of a page in this part of the site.
    pub fn chrome(&self, section: Section) -> Chrome {
        let site = &self.app.site;
        let mut chrome = Chrome::new(&site.name, &site.organisation, section);
        chrome.contact = site.contact.clone();
        chrome.path = self.path.clone();
        chrome.large_print = self.large_print;
        chrome.theme = self.theme;
        chrome.palette = self.app.palette;
        chrome.main = self.app.main.clone();
        chrome.scheme = site.scheme();
        chrome.flash = self.flash.clone().map(|text| Flash { tone: Tone::Success, text });
        chrome.viewer = self.signed.as_ref().map(badge);
        chrome
    }

    /// The token of forms on this page; empty on the public's pages.
    pub(crate) fn csrf(&self) -> &str {
        self.signed.as_ref().map_or("", |signed| &signed.csrf)
    }

    /// The frame of a page that everyone gets alike: it comes back to this address, not to what was asked.
    pub(crate) fn chrome_at(&self, section: Section, address: &str) -> Chrome {
        let mut chrome = self.chrome(section);
        address.clone_into(&mut chrome.path);
        chrome
    }

    /// What a page at this address is kept under; `None` when it says something to this visitor alone.
    fn key(&self, address: &str) -> Option<String> {
        let is_for_everyone = !self.is_straight && self.flash.is_none() && self.signed.is_none();
        is_for_everyone.then(|| match (self.large_print, self.theme) {
            (false, Theme::System) => address.to_owned(),
            (large, theme) => format!("{} {} {address}", if large { "large" } else { "" }, theme.code()),
        })
    }
}

/// Answers with the page kept for this address; when there is none that still holds, `make` renders it.
pub(crate) async fn kept(
    page: &PageContext,
    asked: &HeaderMap,
    address: &str,
    make: impl Future<Output = Result<(String, Shows), PageError>>,
) -> Result<Response, PageError> {
    let Some(key) = page.key(address) else {
        let (body, _) = make.await?;
        return Ok(([(CACHE_CONTROL, "no-store")], Html(body)).into_response());
    };
    let (pages, db) = (&page.app.pages, &page.app.db);
    if let Some(kept) = pages.get(db, &key).await? {
        return Ok(kept.answer(asked));
    }
    let position = pages.position();
    let (body, shows) = make.await?;
    let made = Page::html(body, shows, position);
    pages.put(key, made.clone());
    Ok(made.answer(asked))
}

fn badge(signed: &Signed) -> ViewerBadge {
    let staff = &signed.staff;
    let mut roles: Vec<_> = staff.grants.iter().map(|(_, role)| *role).collect();
    roles.sort_unstable();
    roles.dedup();
    ViewerBadge {
        name: staff.name.clone(),
        agency: staff.agency.name.clone(),
        roles: roles.into_iter().map(|role| role.label().to_owned()).collect(),
        csrf: signed.csrf.clone(),
        sections: crate::routes::sections_of(staff),
        badges: Vec::new(),
    }
}

/// Sends the browser on after a change, with a word about what was done.
pub fn redirect_with(to: &str, done: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    let value = format!("{FLASH_COOKIE}={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax", hex::encode(done));
    set_cookie(&mut response, &value);
    response
}

pub(crate) fn set_cookie(response: &mut Response, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// A word is said once: the answer that shows it also takes it away.
pub(crate) async fn forget_flash(
    page: PageContext,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> Response {
    let shows = page.flash.is_some() && request.method() == axum::http::Method::GET;
    let mut response = next.run(request).await;
    if shows && !response.status().is_redirection() {
        set_cookie(&mut response, &format!("{FLASH_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    }
    response
}
