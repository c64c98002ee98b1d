//! What a static copy of the portal says where only the site itself can go on.

use askama::Template;
use axum::Extension;
use axum::response::IntoResponse;

use crate::components::KeyValue;
use crate::errors::PageError;
use crate::html::{PageContext, Straight, html};
use crate::page::{Chrome, Section};

#[derive(Debug, Clone, Template)]
#[template(path = "portal/static_copy.html")]
pub struct StaticCopyPage {
    pub chrome: Chrome,
    pub office: Vec<KeyValue>,
}

/// Only in a copy: on the site itself there is no such page.
pub(crate) async fn show(
    page: PageContext,
    in_copy: Option<Extension<Straight>>,
) -> Result<impl IntoResponse, PageError> {
    if in_copy.is_none() {
        return Err(PageError::NotFound);
    }
    html(&StaticCopyPage::of(page.chrome_at(Section::Elsewhere, "/")))
}

impl StaticCopyPage {
    fn of(chrome: Chrome) -> StaticCopyPage {
        let contact = &chrome.contact;
        let office =
            [("电话", &contact.phone), ("地址", &contact.address), ("办公时间", &contact.office_hours)]
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(key, value)| KeyValue::new(key, value))
                .collect();
        StaticCopyPage { office, chrome: chrome.crumb("首页", "/").here("不能在这里办理") }
    }

    pub fn sample() -> StaticCopyPage {
        StaticCopyPage::of(Chrome::sample(Section::Elsewhere))
    }
}
