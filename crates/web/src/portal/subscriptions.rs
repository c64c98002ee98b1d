//! 订阅检索 — what comes new under a search, by mail or as a feed, without an account.

use std::fmt::Write;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::audit::Actor;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::search::{Order, Query};
use gongkai_disclosure::subscriptions::actions::{self, Wish};
use gongkai_disclosure::subscriptions::{SubscriptionRefusal, by_token};

use super::catalogue::words;
use super::machines::{Origin, escaped};
use super::narrowing::Narrowing;
use super::search::asked;
use super::wording::entry_address;
use crate::components::{ErrorSummary, Field};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::{Chrome, Section};
use crate::state::App;

/// As many entries stand in the feed of a search.
const FEED: u64 = 50;

#[derive(Debug, Clone, Template)]
#[template(path = "portal/subscriptions/form.html")]
pub struct SubscribePage {
    pub chrome: Chrome,
    /// What is searched for, in words.
    pub words: String,
    /// The search itself, sent again with the form.
    pub search: String,
    /// The search on the portal, and its feed.
    pub address: String,
    pub feed: String,
    pub fields: Vec<Field>,
    pub errors: ErrorSummary,
    /// The letter is on its way.
    pub is_asked: bool,
    /// Letters can link here; a site that does not know its own name sends none.
    pub has_name: bool,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/subscriptions/one.html")]
pub struct SubscriptionPage {
    pub chrome: Chrome,
    pub words: String,
    pub address: String,
    pub action: String,
    pub is_confirmed: bool,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome_at(Section::Elsewhere, "/search").crumb("首页", "/").crumb("搜索", "/search")
}

/// What is searched for, in words: “养老”，区民政局，2026 年.
async fn in_words(app: &App, narrowing: &Narrowing) -> Result<String, PageError> {
    let agencies = public::agencies(&mut *app.db.read().await?).await?;
    let text = narrowing.text.trim();
    let typed = (!text.is_empty()).then(|| text.to_owned());
    let chosen = narrowing.chosen(|by, value| words(&agencies, by, value));
    Ok(typed.into_iter().chain(chosen.into_iter().map(|link| link.label)).collect::<Vec<_>>().join("，"))
}

async fn subscribe_page(
    app: &App,
    page: &PageContext,
    narrowing: &Narrowing,
    typed: Option<(&Fields, &FormErrors)>,
) -> Result<SubscribePage, PageError> {
    let address = narrowing.address();
    let search = address.split_once('?').map_or("", |(_, query)| query).to_owned();
    let field = Field::line_of("email", "email", "电子邮箱")
        .required()
        .width("w-m")
        .autocomplete("email")
        .hint("只用来发这项订阅；退订后即删除。");
    let (fields, errors) = match typed {
        Some((form, errors)) => (form.typed_into(vec![field], errors), errors.summary()),
        None => (vec![field], ErrorSummary::default()),
    };
    Ok(SubscribePage {
        chrome: chrome(page).here("订阅"),
        words: in_words(app, narrowing).await?,
        feed: format!("/search.atom?{search}"),
        search,
        address,
        fields,
        errors,
        is_asked: false,
        has_name: app.site.origin().is_some(),
    })
}

pub(crate) async fn form(
    State(app): State<App>,
    page: PageContext,
    uri: Uri,
) -> Result<impl IntoResponse, PageError> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let (narrowing, _) = Narrowing::read("/search", &query);
    html(&subscribe_page(&app, &page, &narrowing, None).await?)
}

pub(crate) async fn ask(
    State(app): State<App>,
    page: PageContext,
    form: Fields,
) -> Result<Response, PageError> {
    let (narrowing, _) = Narrowing::read("/search", &Fields::parse(form.text("search").as_bytes()));
    let wish = Wish {
        email: form.text("email").to_owned(),
        query: Query { within: app.db.agency().map(ToOwned::to_owned), ..asked(&narrowing.sorted(""), 1, 1) },
        address: narrowing.address(),
        words: in_words(&app, &narrowing).await?,
        // Letters link to the name that is set, never to what a request calls this site.
        site: app.site.origin().ok_or(PageError::NotFound)?,
    };
    let mut tx = app.db.begin(&Actor::Public, app.now()).await?;
    match actions::ask(&mut tx, &wish).await {
        Ok(()) => {
            if tx.has_recorded() {
                tx.commit().await?;
            }
            let shown = subscribe_page(&app, &page, &narrowing, None).await?;
            Ok(html(&SubscribePage { is_asked: true, ..shown })?.into_response())
        }
        Err(Failure::Refused(reasons)) => {
            drop(tx);
            let errors = FormErrors::of(&reasons);
            form_again(&subscribe_page(&app, &page, &narrowing, Some((&form, &errors))).await?)
        }
        Err(other) => Err(other.into()),
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Path(token): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    let Some(one) = by_token(&mut *app.db.read().await?, &token).await? else {
        return Err(PageError::NotFound);
    };
    html(&SubscriptionPage {
        chrome: chrome(&page).here("订阅"),
        words: one.words,
        address: one.address,
        action: format!("/subscriptions/{token}"),
        is_confirmed: one.confirmed_at.is_some(),
    })
}

pub(crate) async fn confirm(
    State(app): State<App>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&Actor::Public, app.now()).await?;
    actions::confirm(&mut tx, &token).await.map_err(gone)?;
    tx.commit().await?;
    Ok(redirect_with(&format!("/subscriptions/{token}"), "订阅已确认"))
}

/// From the page, or by a mail program with one click (RFC 8058), which follows no redirect.
pub(crate) async fn end(
    State(app): State<App>,
    Path(token): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&Actor::Public, app.now()).await?;
    actions::end(&mut tx, &token).await.map_err(gone)?;
    tx.commit().await?;
    if form.text("List-Unsubscribe") == "One-Click" {
        return Ok("已退订。".into_response());
    }
    Ok(redirect_with("/search", "已退订，您的邮箱已从这项订阅中删除"))
}

fn gone(failure: Failure<SubscriptionRefusal>) -> PageError {
    match failure {
        Failure::Refused(_) => PageError::NotFound,
        other => other.into(),
    }
}

/// A search as an Atom feed, the newest first.
pub(crate) async fn feed(State(app): State<App>, uri: Uri, origin: Origin) -> Result<Response, PageError> {
    let site = origin.known()?;
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let (narrowing, _) = Narrowing::read("/search", &query);
    let narrowing = narrowing.sorted("");
    let mut wanted = asked(&narrowing, 1, FEED);
    wanted.order = Order::Newest;
    let found = app.search.find(&app.db, &wanted).await?;
    let page = narrowing.address();
    let own = page.replacen("/search", "/search.atom", 1);
    let title = format!("{}：{}", app.site.name, in_words(&app, &narrowing).await?);
    let newest = found
        .hits
        .iter()
        .map(|hit| hit.row.first_released_at.as_str())
        .max()
        .unwrap_or("2019-05-15T00:00:00Z");
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\">\
         <title>{}</title><id>{2}{1}</id><link href=\"{2}{3}\"/><link rel=\"self\" href=\"{2}{1}\"/><updated>{newest}</updated>\n",
        escaped(&title),
        escaped(&own),
        site,
        escaped(&page),
    );
    for hit in &found.hits {
        let row = &hit.row;
        let address = escaped(&format!("{site}{}", entry_address(&row.index_number)));
        let summary: String = hit.extract.iter().map(|piece| piece.text.as_str()).collect();
        let _ = writeln!(
            xml,
            "<entry><title>{}</title><id>{address}</id><link href=\"{address}\"/><updated>{}</updated><author><name>{}</name>\
             </author><summary>{}</summary></entry>",
            escaped(&row.title),
            row.first_released_at,
            escaped(&row.agency_name),
            escaped(&summary)
        );
    }
    xml.push_str("</feed>\n");
    Ok(([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], xml).into_response())
}

impl SubscribePage {
    pub fn sample() -> Self {
        SubscribePage {
            chrome: Chrome::sample(Section::Elsewhere)
                .crumb("首页", "/")
                .crumb("搜索", "/search")
                .here("订阅"),
            words: "养老服务，区民政局".into(),
            search: "q=养老服务&agency=minzheng".into(),
            address: "/search?q=养老服务&agency=minzheng".into(),
            feed: "/search.atom?q=养老服务&agency=minzheng".into(),
            fields: vec![Field::line_of("email", "email", "电子邮箱").required().width("w-m")],
            errors: ErrorSummary::default(),
            is_asked: false,
            has_name: true,
        }
    }

    pub fn sample_without_mail() -> Self {
        SubscribePage { has_name: false, ..Self::sample() }
    }

    pub fn sample_asked() -> Self {
        SubscribePage { is_asked: true, ..Self::sample() }
    }
}

impl SubscriptionPage {
    pub fn sample() -> Self {
        SubscriptionPage {
            chrome: Chrome::sample(Section::Elsewhere)
                .crumb("首页", "/")
                .crumb("搜索", "/search")
                .here("订阅"),
            words: "养老服务，区民政局".into(),
            address: "/search?q=养老服务&agency=minzheng".into(),
            action: "/subscriptions/abc".into(),
            is_confirmed: false,
        }
    }

    pub fn sample_confirmed() -> Self {
        SubscriptionPage { is_confirmed: true, ..Self::sample() }
    }
}
