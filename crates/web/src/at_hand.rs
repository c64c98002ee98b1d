//! Pages that are kept for everyone, answered before a request goes its way through the site.
//!
//! Most of what is asked for is one of a few pages, and asked for by somebody who brings nothing that could change it.
//! The answer is the one that the handler would give, with the same headers.

use axum::body::HttpBody;
use axum::http::header::COOKIE;
use axum::http::{Method, Request};
use axum::response::Response;

use crate::state::App;
use crate::{give_fixed, host};

/// The answer to a request, if a page that holds is kept under exactly its address.
pub(crate) fn answer<B: HttpBody>(app: &App, request: &Request<B>) -> Option<Response> {
    let (uri, headers) = (request.uri(), request.headers());
    // The size of the print and the colours travel as cookies, as does who is signed in.
    if request.method() != Method::GET
        || uri.query().is_some()
        || headers.contains_key(COOKIE)
        || !request.body().is_end_stream()
    {
        return None;
    }
    let portal = host(request).and_then(|host| app.portal(host)).unwrap_or(app);
    let mut response = portal.pages.at_hand(uri.path())?.answer(headers);
    give_fixed(response.headers_mut());
    Some(response)
}
