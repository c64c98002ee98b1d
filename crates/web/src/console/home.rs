//! 待办 — what waits for this person.

use askama::Template;
use axum::response::IntoResponse;

use crate::auth::Signed;
use crate::errors::PageError;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};

#[derive(Template)]
#[template(path = "console/home.html")]
pub struct HomePage {
    pub chrome: Chrome,
    pub name: String,
}

pub(crate) async fn show(page: PageContext, signed: Signed) -> Result<impl IntoResponse, PageError> {
    html(&HomePage { chrome: page.chrome(Section::Tasks), name: signed.staff.name })
}
