//! 长辈模式 — large print on and off, kept in a cookie.

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::html::{SIZE_COOKIE, set_cookie};

#[derive(Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    size: String,
    #[serde(default)]
    back: String,
}

pub(crate) async fn switch(Query(choice): Query<Choice>) -> Response {
    let mut response = Redirect::to(own_path(&choice.back, "/")).into_response();
    let (value, age) = if choice.size == "large" { ("large", 31_536_000) } else { ("", 0) };
    set_cookie(&mut response, &format!("{SIZE_COOKIE}={value}; Path=/; Max-Age={age}; SameSite=Lax"));
    response
}

/// A path of this site; anything that could lead elsewhere becomes the fallback.
pub(crate) fn own_path<'a>(asked: &'a str, fallback: &'a str) -> &'a str {
    let stays = asked.starts_with('/')
        && !asked.starts_with("//")
        && asked.chars().all(|c| !c.is_control() && c != '\\');
    if stays { asked } else { fallback }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn no_address_leads_away() {
        for hostile in ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\x", "/a\nb", ""] {
            assert_eq!(own_path(hostile, "/"), "/", "{hostile:?}");
        }
        assert_eq!(own_path("/catalogue?year=2026", "/"), "/catalogue?year=2026");
    }
}
