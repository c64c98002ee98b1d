//! Who is asking, and whether they may: decided once, by the route's own line in the table.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use gongkai_disclosure::accounts::{self, Permission, Staff};
use gongkai_disclosure::secrets;

use crate::errors::PageError;
use crate::forms;
use crate::state::App;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    /// A system with a token; its handler asks for it.
    Token,
    /// Anyone who is signed in.
    AnyStaff,
    /// Anyone who holds this permission at some agency; the action checks at which.
    Staff(Permission),
}

/// The largest form without files; what a route takes may be less.
pub(crate) const LARGEST_FORM: usize = 2 * 1024 * 1024;

/// Stands before every handler: session, permission, and that a form comes from our own page.
pub(crate) async fn guard(
    State((app, access)): State<(App, Access)>,
    mut request: Request,
    next: Next,
) -> Result<Response, PageError> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && is_from_elsewhere(request.headers()) {
        return Err(PageError::FormFromElsewhere);
    }
    if matches!(access, Access::Public | Access::Token) {
        return Ok(next.run(request).await);
    }

    let token = cookie(request.headers(), app.session_cookie());
    let staff = match &token {
        Some(token) => {
            accounts::actions::staff_of_session(&mut *app.db.read().await?, token, app.now()).await?
        }
        None => None,
    };
    let (Some(staff), Some(token)) = (staff, token) else {
        if changes {
            return Err(PageError::SignInNeeded);
        }
        let back = request.uri().path_and_query().map_or("/console", |p| p.as_str());
        return Ok(Redirect::to(&format!("/sign-in?next={}", forms::encode(back))).into_response());
    };
    if let Access::Staff(permission) = access
        && !staff.may_anywhere(permission)
    {
        return Err(PageError::Forbidden);
    }
    let signed = Signed { csrf: csrf_of(&token), token, staff };
    if changes {
        request = with_checked_csrf(request, &signed.csrf).await?;
    }
    request.extensions_mut().insert(signed.clone());
    let response = next.run(request).await;
    if changes && let Err(error) = app.acknowledge().await {
        // The change is made; this process will see it a little later.
        tracing::warn!(error = format!("{error:#}"), "could not follow a change at once");
    }
    Ok(response)
}

/// The person behind the request; handlers of staff routes take it as an argument.
#[derive(Clone, Debug)]
pub struct Signed {
    pub staff: Staff,
    pub csrf: String,
    pub(crate) token: String,
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        parts.extensions.get::<Signed>().cloned().ok_or(PageError::SignInNeeded)
    }
}

fn csrf_of(token: &str) -> String {
    secrets::digest(&format!("csrf {token}"))
}

/// A browser says where a form comes from; another site's form is refused.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (text(ORIGIN.as_str()), text(HOST.as_str())) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
        _ => false,
    }
}

/// The token stands in the form, or for forms with files in the address.
async fn with_checked_csrf(request: Request, expected: &str) -> Result<Request, PageError> {
    let in_query = request.uri().query().and_then(|q| forms::value(q.as_bytes(), "csrf"));
    if in_query.as_deref() == Some(expected) {
        return Ok(request);
    }
    let is_form = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(PageError::FormExpired);
    }
    let (parts, body) = request.into_parts();
    let bytes: Bytes = to_bytes(body, LARGEST_FORM).await.map_err(|_| PageError::TooLarge)?;
    if forms::value(&bytes, "csrf").as_deref() != Some(expected) {
        return Err(PageError::FormExpired);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// The value of a cookie.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}
