//! 批量签署 — several cases that wait for the same person, on one page.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::Staff;
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::publishing::desk;
use gongkai_disclosure::review::actions::OneOfMany;
use gongkai_disclosure::review::{self, Signed as SignedStage, Subject, actions};

use super::{Decision, TypedSignature, judged, since_ended_round};
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::console::batch::{BatchItem, BatchPage, chosen};
use crate::console::entries::for_desk;
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors};
use crate::html::{PageContext, form_again, html, redirect_with};
use crate::page::Section;
use crate::state::App;

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, PageError> {
    let asked = Fields::parse(query.unwrap_or_default().as_bytes());
    let ids = chosen(asked.all("item"))?;
    html(&batch_page(&app, &page, &staff, &ids, &Fields::default()).await?)
}

pub(crate) async fn sign(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    form: Fields,
) -> Result<Response, PageError> {
    let ids = chosen(form.all("item"))?;
    let opinion = form.text("opinion");
    let typed: Vec<TypedSignature> = ids
        .iter()
        .map(|id| {
            let own = TypedSignature::read(&form.under(id));
            TypedSignature { opinion: opinion.to_owned(), shown: Some(own.shown.unwrap_or_default()), ..own }
        })
        .collect();
    let cases: Vec<OneOfMany<'_>> = ids
        .iter()
        .zip(&typed)
        .map(|(id, typed)| OneOfMany { review_id: id, signature: typed.signature() })
        .collect();
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    match actions::sign_together(&mut tx, &staff, &cases).await? {
        Ok(signed) if signed.is_empty() => {
            Ok(redirect_with("/console/reviews", "没有选中任何一件，没有签署。"))
        }
        Ok(signed) => {
            tx.commit().await?;
            let out = signed.iter().filter(|one| matches!(one, SignedStage::Released(_))).count();
            let words = match out {
                0 => format!("已签署 {} 件。", signed.len()),
                out => format!("已签署 {} 件，其中 {out} 件已公开。", signed.len()),
            };
            Ok(redirect_with("/console/reviews", &words))
        }
        Err(refused) => {
            drop(tx);
            let mut shown = batch_page(&app, &page, &staff, &ids, &form).await?;
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
    typed: &Fields,
) -> Result<BatchPage, PageError> {
    let mut conn = app.db.read().await?;
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        items.push(item(app, &mut conn, staff, id, &typed.under(id)).await?);
    }
    Ok(BatchPage {
        chrome: page
            .chrome(Section::Reviews)
            .crumb("工作台", "/console")
            .crumb("审核", "/console/reviews")
            .here("批量签署"),
        heading: "批量签署",
        lead: "逐件核对正文、附件、检查结果和各自的要点。要退回的，点标题到它自己的页面办理。",
        action: "/console/reviews/batch",
        verb: "签署",
        back: "/console/reviews",
        items,
        opinion: Some(
            Field::text("opinion", "意见", 2)
                .hint("可以不填；填写的记入每一件。")
                .value(typed.text("opinion")),
        ),
        errors: ErrorSummary::default(),
    })
}

async fn item(
    app: &App,
    conn: &mut Conn,
    staff: &Staff,
    id: &str,
    typed: &Fields,
) -> Result<BatchItem, PageError> {
    let case = review::review(conn, id).await?.ok_or(PageError::NotFound)?;
    if !staff.may(case.subject.kind().readers(), &case.agency_id) {
        return Err(PageError::NotFound);
    }
    let content = review::content(conn, app.db.keys(), &case.subject).await?.ok_or(PageError::NotFound)?;
    let href = format!("/console/reviews/{id}");
    let mut item = BatchItem::new(id, href.clone());
    if matches!(case.subject, Subject::Edition(_))
        && let Some(entry) = desk::entry(conn, staff, &content.parent_id).await?
        && let Some(shown) = judged(conn, &entry, &case).await?
    {
        item = BatchItem::of_edition(conn, id, href, &entry, &shown).await?;
        let since = since_ended_round(conn, &shown, &case.opened_at).await?;
        item.changes = since.or(item.changes);
    } else {
        item.title = content.title;
        item.body_html = for_desk(&content.body_html);
    }
    item.meta.insert(0, KeyValue::new("起草人", content.author_name));
    item.shown.clone_from(&case.content_hash);
    let why_not = case.why_not(staff, app.now());
    item.state = case
        .current()
        .map_or_else(|| super::state(case.state), |stage| Tag::new(Tone::Info, stage.title.clone()));
    match case.current() {
        Some(stage) if why_not.is_empty() => {
            let decision = Decision::new(id, stage, typed, &FormErrors::default());
            item.fields = decision.checklist;
            for field in &mut item.fields {
                field.name = format!("{id}-{}", field.name);
            }
        }
        _ => item.why_not = why_not.iter().map(ToString::to_string).collect(),
    }
    Ok(item)
}
