//! The two faces of the office: the portal citizens read and the console officers work in.
//!
//! What is kept for everyone is answered first ([`at_hand`]). Any other request meets, in this order: the headers every answer carries, the page for what goes wrong
//! ([`errors`]), the guard of its route ([`auth`], set by its line in [`routes`]), its handler in
//! `portal/`, `console/` or `api/`.

mod admission;
pub mod api;
mod assets;
mod at_hand;
pub mod auth;
pub mod components;
pub mod console;
pub mod errors;
pub mod forms;
pub mod html;
pub mod page;
mod page_cache;
pub mod palette;
mod paper;
pub mod portal;
pub mod requests;
pub mod routes;
mod serving;
pub mod state;
pub mod static_site;
mod throttle;
mod visitor;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, HOST, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use page_cache::{gzipped, takes};
pub use state::{App, Clock, House, Portal, Site, Stores};

/// Scripts, styles and pictures come from this site alone; nothing inline; no one frames a page.
const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                   script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How long search waits before it looks for changes again.
const FOLLOWING_PAUSE: Duration = Duration::from_millis(300);

/// The whole site, with the portals of single agencies under their own names.
pub fn site(app: App) -> Router {
    let main = face(app.clone());
    if app.portals().is_empty() {
        return main;
    }
    let portals = app.portals().iter().map(|portal| face(portal.clone())).collect();
    Router::new().fallback(by_name).with_state(Arc::new(Doors { app, main, portals }))
}

struct Doors {
    app: App,
    main: Router,
    /// In the order of [`App::portals`].
    portals: Vec<Router>,
}

/// Gives the request to the portal it is addressed to. The name must be one that is set; whatever else is sent as the
/// name of this site asks the main portal. The console is one for all, whichever name it is opened under.
async fn by_name(State(doors): State<Arc<Doors>>, request: Request) -> Response {
    let is_for_staff = routes::is_for_staff(request.uri().path());
    let at = host(&request).filter(|_| !is_for_staff).and_then(|host| doors.app.portal_at(host));
    let portal = at.and_then(|at| doors.portals.get(at)).unwrap_or(&doors.main);
    match portal.clone().oneshot(request).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    }
}

/// The name a request is addressed to.
fn host<B>(request: &axum::http::Request<B>) -> Option<&str> {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    host.or_else(|| request.uri().authority().map(|authority| authority.as_str()))
}

/// One portal, or the main one with the console.
fn face(app: App) -> Router {
    routes::router(&app)
        .fallback(|| async { errors::PageError::NotFound })
        .method_not_allowed_fallback(errors::other_method)
        .layer(from_fn_with_state(app.clone(), errors::show))
        .layer(from_fn_with_state(app.clone(), html::forget_flash))
        .layer(from_fn(compressed))
        .layer(from_fn(headers))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

/// Serves the site until `shutdown` resolves; answers in progress are finished.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    without_huge_pages();
    let follower = tokio::spawn(follow_changes(app.clone()));
    let served = serving::serve(app.clone(), site(app), listener, shutdown).await;
    // It only reads, and what it keeps it can make again: nothing is lost by ending it anywhere.
    follower.abort();
    served
}

/// Memory in small pages only, for the whole process. What the allocator gives back splits huge pages; the system puts them
/// together again in its spare time, of which a busy machine has little, and whoever needs memory meanwhile waits: a tenth of
/// a second now and then.
fn without_huge_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::thread::disable_transparent_huge_pages(true) {
        tracing::debug!(%error, "huge pages stay");
    }
}

/// Keeps the search of this process up with what any process publishes, without end. The kept pages look for
/// themselves when they are asked for.
pub async fn follow_changes(app: App) {
    tokio::task::spawn_blocking(gongkai_disclosure::search::make_ready);
    let mut is_failing = false;
    loop {
        match app.search.follow(&app.db).await {
            Ok(_) => {
                is_failing = false;
                if app.search.is_rebuild_asked() {
                    rebuild_search(&app).await;
                }
            }
            Err(error) if is_failing => {
                tracing::debug!(error = format!("{error:#}"), "search still cannot follow")
            }
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "search cannot follow the change log; trying on"
                );
                is_failing = true;
            }
        }
        tokio::time::sleep(FOLLOWING_PAUSE).await;
    }
}

/// Builds the search index of this process anew; the old one answers until then, and goes on when it fails.
async fn rebuild_search(app: &App) {
    let done = async {
        let rebuilt = app.search.rebuild(&app.db).await?;
        gongkai_disclosure::search::note_rebuilt(&app.db, rebuilt, app.now()).await
    };
    if let Err(error) = done.await {
        tracing::error!(
            error = format!("{error:#}"),
            "the search index could not be built anew; the old one stays"
        );
    }
}

/// Pages that are made anew for each answer are compressed on their way out. What carries a tag is sent byte for byte (kept
/// pages have their compressed twin already), and a secret beside what others may have typed is not compressed: its length
/// would tell it.
async fn compressed(request: Request, next: Next) -> Response {
    let is_wanted = takes(request.headers(), "gzip") && !request.uri().path().starts_with("/console");
    let response = next.run(request).await;
    let length = response.body().size_hint().exact().unwrap_or_default();
    if !is_wanted || !COMPRESSED.contains(&length) || !is_loose_text(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(plain) = to_bytes(body, 8_000_000).await else {
        return errors::PageError::from(anyhow::anyhow!("a page broke off")).into_response();
    };
    let packed = gzipped(&plain);
    if packed.is_empty() {
        return Response::from_parts(parts, Body::from(plain));
    }
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(packed))
}

/// So many bytes are worth it, and still held in memory.
const COMPRESSED: std::ops::Range<u64> = 700..8_000_000;

fn is_loose_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_text =
        ["text/", "application/json", "application/atom+xml"].iter().any(|start| kind.starts_with(start));
    is_text && [ETAG, CONTENT_RANGE, CONTENT_ENCODING].iter().all(|name| !headers.contains_key(name))
}

/// Headers of every answer, and one line in the log.
async fn headers(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let is_console = path.starts_with("/console");
    let mut response = next.run(request).await;
    tracing::debug!(%method, path, status = response.status().as_u16(), "answered");
    let headers = response.headers_mut();
    give_fixed(headers);
    if is_console {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Those that are the same for every answer.
fn give_fixed(headers: &mut HeaderMap) {
    const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
    let fixed = [
        (CONTENT_SECURITY_POLICY, CSP),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (PERMISSIONS_POLICY, "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
