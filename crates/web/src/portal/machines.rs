//! What other programs ask for: whether the site lives, what crawlers may read, where everything stands, what is new.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::audit;
use gongkai_disclosure::open_data;
use gongkai_disclosure::publishing::public;

use super::wording::entry_address;
use crate::errors::PageError;
use crate::forms::encode;
use crate::html::Straight;
use crate::page_cache::{Page, Shows};
use crate::state::App;

/// As many addresses as one part of the site map holds; the rule is 50,000.
const PART: i64 = 45_000;
/// As many entries stand in a feed.
const FEED: i64 = 50;

const XML: &str = "application/xml; charset=utf-8";
const ATOM: &str = "application/atom+xml; charset=utf-8";

/// For load balancers and watchdogs: the program runs and its database answers.
pub(crate) async fn health(State(app): State<App>) -> Response {
    let answer = async { anyhow::Ok(audit::position(&mut *app.db.read().await?).await?) }.await;
    match answer {
        Ok(_) => "ok\n".into_response(),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

pub(crate) async fn robots(origin: Origin) -> String {
    let mut text = String::from(
        "User-agent: *\nDisallow: /console\nDisallow: /display\nDisallow: /search\nDisallow: /sign-in\n",
    );
    if let Ok(origin) = origin.known() {
        text.push_str(&format!("Sitemap: {origin}/sitemap.xml\n"));
    }
    text
}

/// One answer for everyone who asks under this name, kept until something public changes.
async fn kept(
    app: &App,
    asked: &HeaderMap,
    origin: &str,
    path: &str,
    media_type: &'static str,
    make: impl Future<Output = Result<String, PageError>>,
) -> Result<Response, PageError> {
    let key = format!("machine {origin}{path}");
    if let Some(page) = app.pages.get(&app.db, &key).await? {
        return Ok(page.answer(asked));
    }
    let position = app.pages.position();
    let page = Page::new(make.await?, media_type, Shows::Entries, position);
    app.pages.put(key, page.clone());
    Ok(page.answer(asked))
}

/// The pages that always stand, and every entry: in one file, or as the list of its parts.
pub(crate) async fn sitemap(
    State(app): State<App>,
    origin: Origin,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let origin = origin.known()?;
    kept(&app, &asked, &origin, "/sitemap.xml", XML, async {
        let mut conn = app.db.read().await?;
        let parts = open_data::public::sitemap_parts(&mut conn, PART).await?;
        if parts.len() <= 1 {
            let entries = open_data::public::addresses_after(&mut conn, "", PART).await?;
            return Ok(addresses(&origin, true, &entries));
        }
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.push_str("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
        for (number, (_, changed)) in (1..).zip(&parts) {
            xml.push_str(&format!(
                "<sitemap><loc>{origin}/sitemaps/{number}</loc><lastmod>{changed}</lastmod></sitemap>\n"
            ));
        }
        xml.push_str("</sitemapindex>\n");
        Ok(xml)
    })
    .await
}

pub(crate) async fn sitemap_part(
    State(app): State<App>,
    Path(number): Path<String>,
    origin: Origin,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let origin = origin.known()?;
    let number: usize =
        number.parse().ok().filter(|n| (1..=10_000).contains(n)).ok_or(PageError::NotFound)?;
    kept(&app, &asked, &origin, &format!("/sitemaps/{number}"), XML, async {
        let mut conn = app.db.read().await?;
        let parts = open_data::public::sitemap_parts(&mut conn, PART).await?;
        let (after, _) = parts.get(number - 1).ok_or(PageError::NotFound)?;
        let entries = open_data::public::addresses_after(&mut conn, after, PART).await?;
        Ok(addresses(&origin, number == 1, &entries))
    })
    .await
}

fn addresses(origin: &str, with_fixed: bool, entries: &[(String, String)]) -> String {
    let mut xml = String::with_capacity(entries.len() * 120 + 600);
    xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    let fixed = [
        "/",
        "/catalogue",
        "/disclosure-log",
        "/guide",
        "/rules",
        "/help",
        "/annual-reports",
        "/documents",
        "/gazette",
        "/api",
        "/site-map",
    ];
    for path in fixed.iter().filter(|_| with_fixed) {
        xml.push_str(&format!("<url><loc>{origin}{path}</loc></url>\n"));
    }
    for (index_number, changed) in entries {
        let path = entry_address(index_number);
        xml.push_str(&format!("<url><loc>{origin}{path}</loc><lastmod>{changed}</lastmod></url>\n"));
    }
    xml.push_str("</urlset>\n");
    xml
}

/// The newest entries of all agencies.
pub(crate) async fn feed(
    State(app): State<App>,
    origin: Origin,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let origin = origin.known()?;
    kept(&app, &asked, &origin, "/feed.xml", ATOM, async {
        atom_of_entries(&app, &origin, "/feed.xml", "/", &app.site.name.clone(), ("", "")).await
    })
    .await
}

/// The newest entries of one agency.
pub(crate) async fn agency_feed(
    State(app): State<App>,
    Path(code): Path<String>,
    origin: Origin,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let origin = origin.known()?;
    let page = format!("/agencies/{}", encode(&code));
    let path = format!("{page}/feed.xml");
    kept(&app, &asked, &origin, &path, ATOM, async {
        let agency = public::agency(&mut *app.db.read().await?, &code).await?.ok_or(PageError::NotFound)?;
        let title = format!("{} - {}", agency.name, app.site.name);
        atom_of_entries(&app, &origin, &path, &page, &title, (&agency.code, "")).await
    })
    .await
}

/// The newest entries under one line of an agency's catalogue.
pub(crate) async fn line_feed(
    State(app): State<App>,
    Path((code, line)): Path<(String, String)>,
    origin: Origin,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let origin = origin.known()?;
    let page = format!("/agencies/{}", encode(&code));
    let path = format!("{page}/lines/{}/feed.xml", encode(&line));
    kept(&app, &asked, &origin, &path, ATOM, async {
        let mut conn = app.db.read().await?;
        let agency = public::agency(&mut conn, &code).await?.ok_or(PageError::NotFound)?;
        let line = open_data::public::line(&mut conn, &code, &line).await?.ok_or(PageError::NotFound)?;
        drop(conn);
        let title = format!("{} - {} - {}", line.title, agency.name, app.site.name);
        atom_of_entries(&app, &origin, &path, &page, &title, (&agency.code, &line.code)).await
    })
    .await
}

/// An Atom feed; what is withdrawn is not in it. What was released anew is told as changed.
async fn atom_of_entries(
    app: &App,
    origin: &str,
    path: &str,
    page: &str,
    title: &str,
    (agency, line): (&str, &str),
) -> Result<String, PageError> {
    let entries = open_data::public::feed(&mut *app.db.read().await?, agency, line, FEED).await?;
    let updated = entries.iter().map(|entry| entry.last_released_at.as_str()).max();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str(&format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\"><title>{}</title><id>{origin}{path}</id>\
         <link href=\"{origin}{page}\"/><link rel=\"self\" href=\"{origin}{path}\"/><updated>{}</updated>\n",
        escaped(title),
        updated.unwrap_or("2019-05-15T00:00:00Z"),
    ));
    for entry in &entries {
        let address = format!("{origin}{}", entry_address(&entry.index_number));
        xml.push_str(&format!(
            "<entry><title>{}</title><id>{address}</id><link href=\"{address}\"/><published>{}</published>\
             <updated>{}</updated><author><name>{}</name></author><summary>{}</summary></entry>\n",
            escaped(&entry.title),
            entry.first_released_at,
            entry.last_released_at,
            escaped(&entry.agency_name),
            escaped(&entry.summary)
        ));
    }
    xml.push_str("</feed>\n");
    Ok(xml)
}

/// An entry in a feed.
pub(crate) struct FeedLine {
    pub(crate) index_number: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) agency_name: String,
    pub(crate) released_on: String,
}

/// Entries as an Atom feed, newest first.
pub(crate) fn atom(
    origin: &str,
    title: &str,
    address: &str,
    lines: Vec<FeedLine>,
) -> Result<Response, PageError> {
    let title = escaped(title);
    let id = address.trim_end_matches("feed.xml");
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let updated = lines.first().map_or("2019-05-15", |line| &line.released_on);
    xml.push_str(&format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh-CN\"><title>{title}</title><id>{origin}{id}</id>\
         <link href=\"{origin}{id}\"/><link rel=\"self\" href=\"{origin}{address}\"/>\
         <updated>{updated}T00:00:00+08:00</updated>\n"
    ));
    for line in &lines {
        let address = format!("{origin}{}", entry_address(&line.index_number));
        xml.push_str(&format!(
            "<entry><title>{}</title><id>{address}</id><link href=\"{address}\"/><updated>{}T00:00:00+08:00</updated>\
             <author><name>{}</name></author><summary>{}</summary></entry>\n",
            escaped(&line.title),
            line.released_on,
            escaped(&line.agency_name),
            escaped(&line.summary)
        ));
    }
    xml.push_str("</feed>\n");
    Ok(([(CONTENT_TYPE, "application/atom+xml; charset=utf-8")], xml).into_response())
}

/// Text in XML; characters that XML cannot hold are left out.
pub(super) fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// How this site is called from outside: as it is set, else as far as the request tells. The static copy, which the program
/// asks of itself, stands under a name of its own.
pub(crate) struct Origin(Option<String>);

impl Origin {
    pub(crate) fn known(&self) -> Result<String, PageError> {
        self.0.clone().ok_or(PageError::NotFound)
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let is_straight = parts.extensions.get::<Straight>().is_some();
        if let Some(origin) = app.site.origin().filter(|_| !is_straight) {
            return Ok(Origin(Some(origin)));
        }
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let is_host = (1..=255).contains(&host.len())
            && host.chars().all(|c| c.is_ascii_alphanumeric() || ".:-[]".contains(c));
        Ok(Origin(is_host.then(|| format!("{}://{host}", app.site.scheme()))))
    }
}
