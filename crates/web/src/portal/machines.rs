//! What other programs ask for: whether the site lives, what crawlers may read, where everything stands.

use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::audit;
use gongkai_disclosure::publishing::public;

use super::wording::entry_address;
use crate::errors::PageError;
use crate::state::App;

/// As many addresses as one site map may hold.
const MOST: i64 = 49_000;
/// As many entries stand in the feed.
const FEED: i64 = 50;

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

pub(crate) async fn robots(State(app): State<App>, asked: HeaderMap) -> String {
    let mut text = String::from(
        "User-agent: *\nDisallow: /console\nDisallow: /display\nDisallow: /search\nDisallow: /sign-in\n",
    );
    if let Some(origin) = origin(&app, &asked) {
        text.push_str(&format!("Sitemap: {origin}/sitemap.xml\n"));
    }
    text
}

pub(crate) async fn sitemap(State(app): State<App>, asked: HeaderMap) -> Result<Response, PageError> {
    let origin = origin(&app, &asked).ok_or(PageError::NotFound)?;
    let entries = public::addresses(&mut *app.db.read().await?, MOST).await?;
    let mut xml = String::with_capacity(entries.len() * 120 + 600);
    xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for path in ["/", "/catalogue", "/disclosure-log", "/guide", "/help", "/annual-reports"] {
        xml.push_str(&format!("<url><loc>{origin}{path}</loc></url>\n"));
    }
    for (index_number, last_released_at) in entries {
        let (path, day) = (entry_address(&index_number), last_released_at.get(..10).unwrap_or_default());
        xml.push_str(&format!("<url><loc>{origin}{path}</loc><lastmod>{day}</lastmod></url>\n"));
    }
    xml.push_str("</urlset>\n");
    Ok(([(CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}

/// The newest entries as an Atom feed; what is withdrawn is not in it.
pub(crate) async fn feed(State(app): State<App>, asked: HeaderMap) -> Result<Response, PageError> {
    let entries = public::newest(&mut *app.db.read().await?, FEED).await?;
    let lines = entries.into_iter().map(|entry| FeedLine {
        index_number: entry.index_number,
        title: entry.title,
        summary: entry.summary,
        agency_name: entry.agency_name,
        released_on: entry.first_released_on,
    });
    atom(&app, &asked, &app.site.name, "/feed.xml", lines.collect())
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
    app: &App,
    asked: &HeaderMap,
    title: &str,
    address: &str,
    lines: Vec<FeedLine>,
) -> Result<Response, PageError> {
    let origin = origin(app, asked).ok_or(PageError::NotFound)?;
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

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// How this site is called from outside, as far as the request tells.
pub(super) fn origin(app: &App, asked: &HeaderMap) -> Option<String> {
    let host = asked.get(HOST)?.to_str().ok()?;
    let is_host = host.chars().all(|c| c.is_ascii_alphanumeric() || ".:-[]".contains(c));
    let scheme = if app.site.secure_cookies { "https" } else { "http" };
    (is_host && !host.is_empty()).then(|| format!("{scheme}://{host}"))
}
