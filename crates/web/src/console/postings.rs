//! 渠道发布 — where things were shown besides the portal. The form is made for a telephone at a notice board: choose,
//! photograph, send; it can be sent again on a bad line without being recorded twice.

use askama::Template;
use axum::Json;
use axum::body::Body;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gongkai_disclosure::accounts::{Permission as P, Staff};
use gongkai_disclosure::db::Conn;
use gongkai_disclosure::error::Failure;
use gongkai_disclosure::files::Prepared;
use gongkai_disclosure::publishing::desk::{self, DeskFilter, DeskPage, Tab};
use gongkai_disclosure::publishing::postings::{
    self, NewPosting, Posting, PostingChannel, PostingRefusal, actions,
};
use gongkai_disclosure::publishing::removals;
use gongkai_disclosure::time::shown_text;
use serde::Deserialize;
use serde_json::json;

use super::entries::{Received, received_with, wants_data};
use super::records::choose_agency;
use super::removals::RemovalRow;
use crate::auth::Signed;
use crate::components::{ErrorSummary, Field, KeyValue, Tag, Tone};
use crate::errors::PageError;
use crate::forms::{Fields, FormErrors, encode};
use crate::html::{PageContext, form_again, html, redirect_with, settle};
use crate::page::{Chrome, Section};
use crate::state::App;

/// Entries offered for choosing; what is older is posted from its own page.
const OFFERED: i64 = 60;

/// A posting in a list.
#[derive(Debug, Clone)]
pub struct PostingRow {
    pub href: String,
    pub title: String,
    pub channel: &'static str,
    pub posted_on: String,
    pub place: String,
    pub owner: String,
    /// 照片、链接.
    pub proof: String,
    pub is_void: bool,
}

impl PostingRow {
    pub(super) fn of(posting: &Posting) -> PostingRow {
        let proof = match (posting.photo_sha256.is_some(), posting.link.is_empty()) {
            (true, true) => "照片",
            (true, false) => "照片、链接",
            (false, _) => "链接",
        };
        let until = posting.until_on.as_ref().map(|on| format!(" 至 {on}")).unwrap_or_default();
        PostingRow {
            href: format!("/console/postings/{}", posting.id),
            title: posting.title.clone(),
            channel: label(&posting.channel),
            posted_on: format!("{}{until}", posting.posted_on),
            place: posting.place.clone(),
            owner: posting.owner.clone(),
            proof: proof.into(),
            is_void: posting.voided_at.is_some(),
        }
    }

    pub(super) fn sample() -> PostingRow {
        PostingRow {
            href: "/console/postings/1".into(),
            title: "松溪镇2026年农村危房改造补助名单".into(),
            channel: "公告栏",
            posted_on: "2026-11-02 至 2026-11-09".into(),
            place: "松溪村村委会公告栏".into(),
            owner: "田小满".into(),
            proof: "照片".into(),
            is_void: false,
        }
    }
}

fn label(code: &str) -> &'static str {
    PostingChannel::from_code(code).map_or("", PostingChannel::label)
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/postings/list.html")]
pub struct PostingListPage {
    pub chrome: Chrome,
    pub agency: String,
    pub fields: Vec<Field>,
    pub words: String,
    pub rows: Vec<PostingRow>,
    pub new_href: Option<String>,
    /// How many copies of withdrawn entries must be taken down.
    pub open_removals: usize,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/postings/form.html")]
pub struct PostingFormPage {
    pub chrome: Chrome,
    pub action: String,
    pub hidden: Vec<(&'static str, String)>,
    /// What is posted, when that is settled.
    pub entry_title: Option<String>,
    pub fields: Vec<Field>,
    /// Day, person, period, remark: right already in most cases.
    pub more: Vec<Field>,
    pub errors: ErrorSummary,
}

#[derive(Debug, Clone, Template)]
#[template(path = "console/postings/posting.html")]
pub struct PostingPage {
    pub chrome: Chrome,
    pub title: String,
    pub states: Vec<Tag>,
    pub facts: Vec<KeyValue>,
    pub link: String,
    pub photo: Option<String>,
    pub entry: Option<String>,
    /// 作废.
    pub voiding: Option<(String, Field, ErrorSummary)>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    agency: String,
    year: String,
    channel: String,
    entry: String,
}

fn chrome(page: &PageContext) -> Chrome {
    page.chrome(Section::Entries).crumb("工作台", "/console").crumb("信息", "/console/entries")
}

pub(crate) async fn list(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let mut conn = app.db.read().await?;
    let choice = choose_agency(&mut conn, &staff, &chosen.agency, P::ReadDrafts).await?;
    let this_year = app.today().year();
    let year = if chosen.year.is_empty() { this_year.to_string() } else { chosen.year.clone() };
    let agency = &choice.chosen;
    let rows = postings::list(&mut conn, &staff, &agency.id, &year, &chosen.channel).await?;
    let (items, all) = postings::counts(&mut conn, &agency.id, &year).await?;
    let open = removals::open(&mut conn, &staff).await?;
    let mut fields: Vec<Field> = choice.field().into_iter().collect();
    let years =
        (0..5).map(|back| (this_year - back).to_string()).map(|year| (year.clone(), format!("{year} 年")));
    fields.push(Field::select("year", "年份", years).value(year.clone()).width("w-s"));
    let channels = PostingChannel::ALL.iter().map(|channel| (channel.code(), channel.label()));
    fields.push(
        Field::select("channel", "渠道", std::iter::once(("", "全部渠道")).chain(channels))
            .value(chosen.channel)
            .width("w-m"),
    );
    html(&PostingListPage {
        chrome: chrome(&page).here("渠道发布"),
        agency: agency.name.clone(),
        words: format!("{year} 年在各渠道发布 {items} 项内容、{all} 次；同一内容在多处发布算一项。"),
        fields,
        rows: rows.iter().map(PostingRow::of).collect(),
        open_removals: open.len(),
        new_href: staff
            .may(P::DraftEntries, &agency.id)
            .then(|| format!("/console/postings/new?agency={}", agency.code)),
    })
}

pub(crate) async fn new(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    Query(chosen): Query<Chosen>,
) -> Result<impl IntoResponse, PageError> {
    let typed: Fields = vec![
        ("agency".to_owned(), chosen.agency),
        ("entry".to_owned(), chosen.entry),
        ("channel".to_owned(), chosen.channel),
        ("posted_on".to_owned(), app.today().to_string()),
        ("owner".to_owned(), signed.staff.name.clone()),
    ]
    .into();
    html(&form_page(&app, &page, &signed, &typed, &FormErrors::default()).await?)
}

async fn form_page(
    app: &App,
    page: &PageContext,
    signed: &Signed,
    typed: &Fields,
    errors: &FormErrors,
) -> Result<PostingFormPage, PageError> {
    let staff = &signed.staff;
    let mut conn = app.db.read().await?;
    let mut choice = choose_agency(&mut conn, staff, typed.text("agency"), P::DraftEntries).await?;
    let entry = match typed.text("entry") {
        "" => None,
        id => desk::entry(&mut conn, staff, id).await?,
    };
    if let Some(of_entry) =
        entry.as_ref().and_then(|entry| choice.all.iter().find(|agency| agency.id == entry.head.agency_id))
    {
        choice.chosen = of_entry.clone();
    }
    let agency = choice.chosen;
    let offered = offered(&mut conn, staff, &agency.id).await?;
    let entry_title = entry.as_ref().and_then(|entry| Some(entry.live()?.edition.title.clone()));
    let mut hidden = vec![("agency", agency.code.clone())];
    if entry_title.is_some() {
        hidden.push(("entry", typed.text("entry").to_owned()));
    }
    let action = format!("/console/postings?csrf={}", encode(&signed.csrf));
    let chrome = chrome(page).crumb("渠道发布", "/console/postings").here("登记发布");
    Ok(PostingFormPage::of(chrome, action, hidden, entry_title, offered, typed, errors))
}

/// What is public and recent enough to be posted now: id and title.
async fn offered(
    conn: &mut Conn,
    staff: &Staff,
    agency_id: &str,
) -> Result<Vec<(String, String)>, PageError> {
    let filter = DeskFilter { agency_id: agency_id.into(), tab: Tab::Public, ..DeskFilter::default() };
    let list = desk::list(conn, staff, &filter, DeskPage::new(1, OFFERED)).await?;
    Ok(list.lines.into_iter().map(|line| (line.entry_id, line.title)).collect())
}

impl PostingFormPage {
    fn of(
        chrome: Chrome,
        action: String,
        hidden: Vec<(&'static str, String)>,
        entry_title: Option<String>,
        offered: Vec<(String, String)>,
        typed: &Fields,
        errors: &FormErrors,
    ) -> PostingFormPage {
        let mut fields = Vec::new();
        if entry_title.is_none() {
            let other = std::iter::once((String::new(), "不在列表里，自己填写".to_owned()));
            fields.push(Field::select("entry", "发布的信息", other.chain(offered)));
            fields.push(
                Field::line("title", "发布的内容").hint("没有在门户公开过的，写明内容，例如：森林防火宣讲。"),
            );
        }
        let channels = PostingChannel::ALL.iter().map(|channel| (channel.code(), channel.label()));
        fields.push(Field::radio("channel", "渠道", channels).required().inline());
        fields.push(
            Field::line("place", "地点")
                .hint("公告栏、电子屏在哪里，广播到哪些村，会议在哪里开。网上发布的不填。"),
        );
        fields.push(
            Field::file("photo", "现场照片", ".jpg,.jpeg,.png")
                .single()
                .hint("手机可以直接拍照；拍摄地点等信息会自动去除。"),
        );
        fields.push(Field::line_of("url", "link", "链接").hint("网上发布的填写网址；有照片的可以不填。"));
        let more = vec![
            Field::date("posted_on", "发布日期").required(),
            Field::date("until_on", "截止日期").hint("张贴、播放到哪一天；长期的不填。"),
            Field::line("owner", "责任人").required().width("w-m"),
            Field::text("note", "备注", 2),
        ];
        let fields = typed.typed_into(fields, errors);
        let more = typed.typed_into(more, errors);
        let summary = errors.above(fields.iter().chain(&more));
        PostingFormPage { chrome, action, hidden, entry_title, errors: summary, fields, more }
    }

    /// Whether something is wrong in the fields that are folded away.
    fn is_more_wrong(&self) -> bool {
        self.more.iter().any(|field| field.error.is_some())
    }

    pub fn sample() -> PostingFormPage {
        let chrome =
            Chrome::console_sample(Section::Entries).crumb("渠道发布", "/console/postings").here("登记发布");
        let offered = vec![("entry-1".to_owned(), "松溪镇2026年农村危房改造补助名单".to_owned())];
        let action = "/console/postings?csrf=sample".to_owned();
        PostingFormPage::of(
            chrome,
            action,
            Vec::new(),
            None,
            offered,
            &Fields::default(),
            &FormErrors::default(),
        )
    }

    pub fn sample_with_errors() -> PostingFormPage {
        let chrome = Chrome::console_sample(Section::Entries).here("登记发布");
        let errors = FormErrors::of(&[
            PostingRefusal::ChannelMissing,
            PostingRefusal::ProofMissing { is_online: false },
            PostingRefusal::InFuture,
        ]);
        let title = Some("松溪镇2026年农村危房改造补助名单".to_owned());
        let action = "/console/postings?csrf=sample".to_owned();
        PostingFormPage::of(chrome, action, Vec::new(), title, Vec::new(), &Fields::default(), &errors)
    }
}

pub(crate) async fn record(
    State(app): State<App>,
    page: PageContext,
    signed: Signed,
    asked: HeaderMap,
    form: Multipart,
) -> Result<Response, PageError> {
    let staff = &signed.staff;
    let Received { files, refusals, fields } = received_with(&app, form).await?;
    let photo: Option<&Prepared> = files.first();
    let mut conn = app.db.read().await?;
    let agency = choose_agency(&mut conn, staff, fields.text("agency"), P::DraftEntries).await?.chosen;
    drop(conn);
    let text = |name: &str| fields.text(name).to_owned();
    let new = NewPosting {
        agency_id: agency.id,
        entry_id: text("entry"),
        title: text("title"),
        channel: text("channel"),
        posted_on: text("posted_on"),
        until_on: text("until_on"),
        place: text("place"),
        owner: text("owner"),
        link: text("link"),
        note: text("note"),
    };
    let mut errors = FormErrors::about_all(refusals);
    if errors.is_empty() {
        let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
        match actions::record(&mut tx, staff, &new, photo).await {
            Ok(id) => {
                tx.commit().await?;
                return Ok(recorded(&asked, &format!("/console/postings/{id}")));
            }
            // It arrived the first time; only the answer was lost on the way.
            Err(Failure::Refused(reasons)) if wants_data(&asked) && reasons == [PostingRefusal::Twice] => {
                return Ok(recorded(&asked, "/console/postings"));
            }
            Err(Failure::Refused(reasons)) if !reasons.contains(&PostingRefusal::Forbidden) => {
                errors = FormErrors::of(&reasons);
            }
            Err(other) => return Err(other.into()),
        }
    }
    if wants_data(&asked) {
        let words: Vec<String> =
            errors.iter().map(|(_, words)| words.to_owned()).chain(errors.general.clone()).collect();
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": words.join("")}))).into_response());
    }
    form_again(&form_page(&app, &page, &signed, &fields, &errors).await?)
}

fn recorded(asked: &HeaderMap, to: &str) -> Response {
    if wants_data(asked) {
        return Json(json!({"to": to})).into_response();
    }
    redirect_with(to, "已登记。")
}

pub(crate) async fn show(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, PageError> {
    html(&posting_page(&app, &page, &staff, &id, &Fields::default(), &FormErrors::default()).await?)
}

async fn posting_page(
    app: &App,
    page: &PageContext,
    staff: &Staff,
    id: &str,
    typed: &Fields,
    errors: &FormErrors,
) -> Result<PostingPage, PageError> {
    let posting = postings::posting(&mut *app.db.read().await?, id).await?.ok_or(PageError::NotFound)?;
    if !staff.may(P::ReadDrafts, &posting.agency_id) {
        return Err(PageError::NotFound);
    }
    let may_void = staff.may(P::DraftEntries, &posting.agency_id) && posting.voided_at.is_none();
    let chrome = chrome(page).crumb("渠道发布", "/console/postings").here(posting.title.clone());
    let mut shown = PostingPage::of(chrome, &posting);
    if let Some(removal) = removals::of_posting(&mut *app.db.read().await?, id).await? {
        let row = RemovalRow::of(&removal)?;
        shown.states.push(row.state);
        if !row.words.is_empty() {
            shown.facts.push(KeyValue::new("信息撤回后", row.words));
        }
    }
    if may_void {
        let field = Field::line("void_reason", "作废的原因").required();
        let fields = typed.typed_into(vec![field], errors);
        let summary = ErrorSummary::of(&fields);
        let action = format!("/console/postings/{id}/voiding");
        shown.voiding = fields.into_iter().next().map(|field| (action, field, summary));
    }
    Ok(shown)
}

impl PostingPage {
    fn of(chrome: Chrome, posting: &Posting) -> PostingPage {
        let mut facts = vec![
            KeyValue::new("渠道", label(&posting.channel)),
            KeyValue::new("发布日期", posting.posted_on.clone()),
        ];
        if let Some(until) = &posting.until_on {
            facts.push(KeyValue::new("截止日期", until.clone()));
        }
        if !posting.place.is_empty() {
            facts.push(KeyValue::new("地点", posting.place.clone()));
        }
        facts.push(KeyValue::new("责任人", posting.owner.clone()));
        facts.push(KeyValue::new("机关", posting.agency_name.clone()));
        facts.push(KeyValue::new(
            "登记",
            format!("{}　{}", posting.recorded_by_name, shown_text(&posting.recorded_at)),
        ));
        if !posting.note.is_empty() {
            facts.push(KeyValue::new("备注", posting.note.clone()));
        }
        let mut states = Vec::new();
        if let (Some(at), Some(why)) = (&posting.voided_at, &posting.void_reason) {
            states.push(Tag::new(Tone::Neutral, "已作废"));
            facts.push(KeyValue::new("作废", format!("{}　{why}", shown_text(at))));
        }
        PostingPage {
            chrome,
            title: posting.title.clone(),
            states,
            facts,
            link: posting.link.clone(),
            photo: posting.photo_sha256.as_ref().map(|_| format!("/console/postings/{}/photo", posting.id)),
            entry: posting.entry_id.as_ref().map(|id| format!("/console/entries/{id}")),
            voiding: None,
        }
    }

    pub fn sample() -> PostingPage {
        let posting = Posting {
            id: "1".into(),
            agency_id: "agency-1".into(),
            agency_name: "青禾区松溪镇人民政府".into(),
            entry_id: Some("entry-1".into()),
            title: "松溪镇2026年农村危房改造补助名单".into(),
            channel: "notice_board".into(),
            posted_on: "2026-11-02".into(),
            until_on: Some("2026-11-09".into()),
            place: "松溪村村委会公告栏".into(),
            owner: "田小满".into(),
            link: String::new(),
            photo_sha256: Some("9b".repeat(32)),
            note: String::new(),
            recorded_by_name: "田小满".into(),
            recorded_at: "2026-11-02T01:00:00.000Z".into(),
            voided_at: None,
            void_reason: None,
        };
        let chrome =
            Chrome::console_sample(Section::Entries).crumb("渠道发布", "/console/postings").here("登记");
        let field = Field::line("void_reason", "作废的原因").required();
        PostingPage {
            voiding: Some(("/console/postings/1/voiding".into(), field, ErrorSummary::default())),
            ..PostingPage::of(chrome, &posting)
        }
    }
}

impl PostingListPage {
    pub fn sample() -> PostingListPage {
        PostingListPage {
            chrome: Chrome::console_sample(Section::Entries).here("渠道发布"),
            agency: "青禾区松溪镇人民政府".into(),
            fields: vec![Field::select("year", "年份", [("2026", "2026 年")])],
            words: "2026 年在各渠道发布 1 项内容、1 次；同一内容在多处发布算一项。".into(),
            rows: vec![PostingRow::sample(), PostingRow { is_void: true, ..PostingRow::sample() }],
            new_href: Some("/console/postings/new".into()),
            open_removals: 2,
        }
    }

    pub fn sample_empty() -> PostingListPage {
        PostingListPage { rows: Vec::new(), open_removals: 0, ..PostingListPage::sample() }
    }
}

pub(crate) async fn void(
    State(app): State<App>,
    page: PageContext,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, PageError> {
    let mut tx = app.db.begin(&staff.actor(), app.now()).await?;
    let answer = actions::void(&mut tx, &staff, &id, form.text("void_reason")).await;
    match settle(tx, answer).await? {
        Ok(()) => Ok(redirect_with(&format!("/console/postings/{id}"), "已作废，不再计数。")),
        Err(errors) => form_again(&posting_page(&app, &page, &staff, &id, &form, &errors).await?),
    }
}

pub(crate) async fn photo(
    State(app): State<App>,
    Signed { staff, .. }: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let found = postings::photo_for(&mut *app.db.read().await?, &staff, &id).await?;
    let (hash, kind) = found.ok_or(PageError::NotFound)?;
    let bytes = app.files.stream(&hash).await?;
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_DISPOSITION, "inline".to_owned()),
        (CACHE_CONTROL, "private, max-age=600".to_owned()),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}
