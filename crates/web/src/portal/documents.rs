//! 规范性文件库 — what is in force, what has ended and why, with the texts. 《条例》第二十条第一项.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use gongkai_disclosure::publishing::public;
use gongkai_disclosure::registers::public::{DocumentFilter, PublicDocument, document_counts, documents};
use gongkai_disclosure::reporting::EndKind;

use super::wording::entry_address;
use crate::components::{Field, Link, Pager, Tab, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, encode};
use crate::html::{PageContext, html};
use crate::page::{Chrome, Section};
use crate::state::App;
use axum::response::IntoResponse;

const PER_PAGE: i64 = 30;

/// A document of the register.
#[derive(Debug, Clone)]
pub struct DocumentRow {
    pub title: String,
    pub href: Option<String>,
    pub document_number: String,
    pub agency: String,
    pub issued_on: String,
    pub state: Tag,
    /// What else to know: until when, how it was amended.
    pub note: String,
    /// 废止公告.
    pub notice: Option<Link>,
}

#[derive(Debug, Clone, Template)]
#[template(path = "portal/documents.html")]
pub struct DocumentsPage {
    pub chrome: Chrome,
    pub agency_field: Field,
    pub standing: String,
    pub tabs: Vec<Tab>,
    pub rows: Vec<DocumentRow>,
    pub pager: Pager,
}

impl DocumentRow {
    fn of(document: PublicDocument) -> DocumentRow {
        let end = document.end_kind.as_deref().and_then(EndKind::from_code);
        let state = match (&document.ended_on, end) {
            (Some(on), Some(EndKind::Repealed)) => Tag::new(Tone::Neutral, format!("{on} 废止")),
            (Some(on), _) => Tag::new(Tone::Neutral, format!("{on} 失效")),
            (None, _) => Tag::new(Tone::Success, "现行有效"),
        };
        let mut notes = Vec::new();
        if let (None, Some(until)) = (&document.ended_on, &document.valid_until) {
            notes.push(format!("有效期至 {until}"));
        }
        if let Some(on) = &document.amended_on {
            notes.push(format!("{on} 修改：{}", document.amendment));
        }
        DocumentRow {
            href: document.index_number.as_deref().map(entry_address),
            notice: document
                .notice_index_number
                .as_deref()
                .map(|number| Link::new("废止公告", entry_address(number))),
            title: document.title,
            document_number: document.document_number,
            agency: document.agency_name,
            issued_on: document.issued_on,
            state,
            note: notes.join("；"),
        }
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    uri: Uri,
    _asked: HeaderMap,
) -> Result<Response, PageError> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let standing = match query.text("standing") {
        "ended" => "ended",
        "all" => "",
        _ => "in_force",
    };
    let mut conn = app.db.read().await?;
    let agencies = public::agencies(&mut conn).await?;
    let agency = query.text("agency").to_owned();
    let filter = DocumentFilter { agency_code: agency.clone(), standing: standing.into() };
    let number: i64 = query.text("page").parse().unwrap_or(1).clamp(1, 10_000);
    let rows = documents(&mut conn, &filter, PER_PAGE, (number - 1) * PER_PAGE).await?;
    let (in_force, ended) = document_counts(&mut conn, &agency).await?;
    drop(conn);
    let total = match standing {
        "in_force" => in_force,
        "ended" => ended,
        _ => in_force + ended,
    };
    let address = |standing: &str| format!("/documents?agency={}&standing={standing}", encode(&agency));
    let tab = |label: &str, code: &str, is_current: bool, count: i64| Tab {
        label: label.into(),
        href: address(code),
        is_current,
        count: Some(count.unsigned_abs()),
    };
    let choices = std::iter::once((String::new(), "全部机关".to_owned()))
        .chain(agencies.into_iter().map(|agency| (agency.code, agency.name)));
    let chrome = page.chrome(Section::Catalogue).crumb("首页", "/").here("规范性文件库");
    Ok(html(&DocumentsPage {
        chrome,
        agency_field: Field::select("agency", "制发机关", choices).value(&agency),
        standing: standing.to_owned(),
        tabs: vec![
            tab("现行有效", "in_force", standing == "in_force", in_force),
            tab("已废止、失效", "ended", standing == "ended", ended),
            tab("全部", "all", standing.is_empty(), in_force + ended),
        ],
        rows: rows.into_iter().map(DocumentRow::of).collect(),
        pager: Pager {
            page: number.unsigned_abs(),
            per_page: PER_PAGE.unsigned_abs(),
            total: total.unsigned_abs(),
            href: format!("{}&page=", address(if standing.is_empty() { "all" } else { standing })),
        },
    })?
    .into_response())
}

impl DocumentsPage {
    pub fn sample() -> DocumentsPage {
        DocumentsPage {
            chrome: Chrome::sample(Section::Catalogue).crumb("首页", "/").here("规范性文件库"),
            agency_field: Field::select("agency", "制发机关", [("", "全部机关")]).value(""),
            standing: "in_force".into(),
            tabs: vec![Tab {
                label: "现行有效".into(),
                href: "/documents".into(),
                is_current: true,
                count: Some(1),
            }],
            rows: vec![DocumentRow {
                title: "青禾区农村危房改造补助资金管理办法".into(),
                href: Some("/entries/QH/2026-00001".into()),
                document_number: "青禾政规〔2026〕1号".into(),
                agency: "青禾区人民政府办公室".into(),
                issued_on: "2026-03-01".into(),
                state: Tag::new(Tone::Success, "现行有效"),
                note: "有效期至 2031-02-28".into(),
                notice: None,
            }],
            pager: Pager { page: 1, per_page: 30, total: 1, href: "?page=".into() },
        }
    }

    pub fn sample_empty() -> DocumentsPage {
        let mut page = DocumentsPage::sample();
        page.rows.clear();
        page.pager.total = 0;
        page
    }
}
