//! 批量送审 — several drafts on one page, submitted as they are shown there.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::actions::{self, ShownDraft};
use gongkai_disclosure::publishing::class_opinions;
use gongkai_disclosure::publishing::{before_submission, content_hash};
use gongkai_disclosure::reporting;
use gongkai_disclosure::time::stored;

use super::{address, chrome, readable, state_tag};
use crate::auth::Signed;
use crate::components::{ErrorSummary, KeyValue};
use crate::console::batch::{BatchItem, BatchPage, chosen};
use crate::console::reviews::since_ended_round;
use crate::errors::PageError;
use crate::forms::Fields;
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::state::App;

const LIST: &str = "/console/entries?tab=drafting";

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, PageError> {
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    html(&batch_page(&app, &page, &staff, &chosen(asked.all("item"))?).await?)
}

pub(crate) async fn submit(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let ids = chosen(form.all("item"))?;
    let mut editions = Vec::with_capacity(ids.len());
    {
        let mut conn = app.db.read().await?;
        for id in &ids {
            let entry = readable(&mut conn, &staff, id).await?;
            let newest = entry.newest().ok_or(PageError::NotFound)?;
            editions.push((newest.edition.id.clone(), form.under(id).text("shown").to_owned()));
        }
    }
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    for (edition, _) in &editions {
        reporting::typed::read_attached(&mut tx, &app.files, edition).await?;
    }
    let drafts: Vec<ShownDraft<'_>> =
        editions.iter().map(|(edition_id, shown)| ShownDraft { edition_id, shown }).collect();
    match actions::submit_together(&mut tx, &staff, &drafts).await? {
        Ok(opened) if opened.is_empty() => Ok(redirect_with(LIST, "没有选中任何一件，没有送审。")),
        Ok(opened) => {
            tx.commit().await?;
            Ok(redirect_with(LIST, &format!("已送审 {} 件，内容在审查期间不能修改。", opened.len())))
        }
        Err(mut refused) => {
            drop(tx);
            for (id, _) in &mut refused {
                // The page knows them by their entries.
                let at = editions.iter().position(|(edition, _)| edition == id);
                if let Some(entry) = at.and_then(|at| ids.get(at)) {
                    id.clone_from(entry);
                }
            }
            let mut shown = batch_page(&app, &page, &staff, &ids).await?;
            shown.refused(&refused);
            form_again(&shown)
        }
    }
}

async fn batch_page(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    ids: &[String],
) -> Result<BatchPage, PageError> {
    let mut conn = app.db.read().await?;
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        items.push(item(app, &mut conn, staff, id).await?);
    }
    Ok(BatchPage {
        chrome: chrome(page).here("批量送审"),
        heading: "批量送审",
        lead: "逐件核对后一起送审，每一件各走自己的审核程序。",
        action: "/console/entries/batch",
        verb: "送审",
        back: LIST,
        items,
        opinion: None,
        errors: ErrorSummary::default(),
    })
}

async fn item(app: &App, conn: &mut Conn, staff: &Staff, id: &str) -> Result<BatchItem, PageError> {
    let entry = readable(conn, staff, id).await?;
    let newest = entry.newest().ok_or(PageError::NotFound)?;
    let e = &newest.edition;
    let mut item = BatchItem::of_edition(conn, id, address(id), &entry, newest).await?;
    let since = since_ended_round(conn, newest, &stored(app.now())).await?;
    item.changes = since.or(item.changes);
    item.meta.insert(0, KeyValue::new("起草人", newest.author_name.clone()));
    item.shown = content_hash(e, &newest.attachments);
    let state = e.state()?;
    item.state = state_tag(state);
    if !staff.may(P::DraftEntries, &e.agency_id) {
        item.why_not.push("您没有在该机关起草信息的权限。".into());
    } else if !state.is_open() {
        item.why_not.push(format!("这一版{}，不能送审。", state.label()));
    } else {
        let lacking = before_submission(e, newest.attachments.len(), app.today());
        item.why_not.extend(lacking.iter().map(ToString::to_string));
        let opinion = class_opinions::actions::lacking(conn, e).await?;
        item.why_not.extend(opinion.map(|reason| reason.to_string()));
        if let Some(open) = item.check.as_ref().map(|card| card.open).filter(|open| *open > 0) {
            item.why_not.push(format!("请先处理“发布前检查”里的 {open} 处。"));
        }
    }
    Ok(item)
}
