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
    for path in ["/", "/catalogue", "/guide", "/help", "/annual-reports"] {
        xml.push_str(&format!("<url><loc>{origin}{path}</loc></url>\n"));
    }
    for (index_number, last_released_at) in entries {
        let (path, day) = (entry_address(&index_number), last_released_at.get(..10).unwrap_or_default());
        xml.push_str(&format!("<url><loc>{origin}{path}</loc><lastmod>{day}</lastmod></url>\n"));
    }
    xml.push_str("</urlset>\n");
    Ok(([(CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}

/// How this site is called from outside, as far as the request tells.
fn origin(app: &App, asked: &HeaderMap) -> Option<String> {
    let host = asked.get(HOST)?.to_str().ok()?;
    let is_host = host.chars().all(|c| c.is_ascii_alphanumeric() || ".:-[]".contains(c));
    let scheme = if app.site.secure_cookies { "https" } else { "http" };
    (is_host && !host.is_empty()).then(|| format!("{scheme}://{host}"))
}
