//! 提交前的提示 — what of the public information spares people a request, and what is shown in vain.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use gongkai_disclosure::accounts::Permission;
use gongkai_disclosure::requests::offers::{OfferCount, counts};
use jiff::ToSpan;

use super::chrome;
use crate::auth::Signed;
use crate::components::Link;
use crate::errors::PageError;
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::portal::wording::entry_address;
use crate::state::App;

/// How far back is counted, the current month included.
const MONTHS: i64 = 12;

/// One thing that was shown.
#[derive(Debug, Clone)]
pub struct OfferRow {
    pub entry: Link,
    pub is_public: bool,
    pub agency: String,
    pub shown: i64,
    pub helped: i64,
    pub missed: i64,
    pub spared: i64,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/requests/offers.html")]
pub struct OffersPage {
    pub chrome: Chrome,
    pub since: String,
    pub spared: i64,
    pub rows: Vec<OfferRow>,
}

pub(crate) async fn offers(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
) -> Result<impl IntoResponse, PageError> {
    let since = app.today().saturating_sub((MONTHS - 1).months()).strftime("%Y-%m").to_string();
    let mut rows = counts(&mut *app.db.read().await?, &since).await?;
    rows.retain(|one| staff.may(Permission::ReadRequests, &one.agency_id));
    html(&OffersPage {
        chrome: chrome(&page).here("提交前的提示"),
        since,
        spared: rows.iter().map(|one| one.spared).sum(),
        rows: rows.into_iter().map(OfferRow::of).collect(),
    })
}

impl OfferRow {
    fn of(one: OfferCount) -> OfferRow {
        OfferRow {
            is_public: one.title.is_some(),
            entry: Link::new(
                one.title.unwrap_or_else(|| one.index_number.clone()),
                entry_address(&one.index_number),
            ),
            agency: one.agency_name,
            shown: one.shown,
            helped: one.helped,
            missed: one.missed,
            spared: one.spared,
        }
    }
}

impl OffersPage {
    pub fn sample() -> OffersPage {
        let row = OfferRow {
            entry: Link::new("松溪镇2025年部门预算", "/entries/SONGXI-2025-00001"),
            is_public: true,
            agency: "松溪镇人民政府".into(),
            shown: 12,
            helped: 7,
            missed: 3,
            spared: 6,
        };
        OffersPage {
            chrome: Chrome::console_sample(Section::ConsoleRequests).here("提交前的提示"),
            since: "2025-12".into(),
            spared: 6,
            rows: vec![row],
        }
    }
}
