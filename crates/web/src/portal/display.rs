//! 长辈模式、夜间模式 — how the pages look, kept in cookies.

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::html::{SIZE_COOKIE, THEME_COOKIE, set_cookie};
use crate::page::Theme;

#[derive(Deserialize)]
pub(crate) struct Choice {
    #[serde(default)]
    size: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

pub(crate) async fn switch(Query(choice): Query<Choice>) -> Response {
    let mut response = Redirect::to(own_path(&choice.back, "/")).into_response();
    let mut remember = |name: &str, value: &str| {
        let age = if value.is_empty() { 0 } else { 31_536_000 };
        set_cookie(&mut response, &format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax"));
    };
    // One switch at a time: the other choice stays.
    if choice.theme.is_empty() {
        remember(SIZE_COOKIE, if choice.size == "large" { "large" } else { "" });
    } else {
        remember(THEME_COOKIE, Theme::from_code(&choice.theme).code());
    }
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
